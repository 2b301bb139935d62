-- descendants and ancestors: each row once at its least depth, the root never,
-- and cycles end.
LOAD 'relnav';
CREATE SCHEMA regress_relnav_recursion;
SET search_path = regress_relnav_recursion;

-- A dropped column shifts the others.
CREATE TABLE emp (gone int, id int PRIMARY KEY, name text, manager_id int CONSTRAINT reports_to REFERENCES emp);
ALTER TABLE emp DROP COLUMN gone;
-- 1 - (2 - 4 - 5, 3), and a cycle of 10 and 11 with 12 below it
INSERT INTO emp VALUES (1, 'Ann', NULL), (2, 'Bo', 1), (3, 'Cy', 1), (4, 'Di', 2), (5, 'Ed', 4),
    (10, 'Kit', NULL), (11, 'Lou', 10), (12, 'Max', 11);
UPDATE emp SET manager_id = 11 WHERE id = 10;

-- down.  right: 2 1, 3 1, 4 2, 5 3
SELECT (d.node).id, (d.node).name, d.depth FROM emp e, relnav.descendants(e) d WHERE e.id = 1 ORDER BY 1;
-- to some depth.  right: 2 1, 3 1, 4 2; then none
SELECT (d.node).id, d.depth FROM emp e, relnav.descendants(e, max_depth => 2) d WHERE e.id = 1 ORDER BY 1;
SELECT (d.node).id, d.depth FROM emp e, relnav.descendants(e, NULL, 0) d WHERE e.id = 1;
-- up.  right: 4 1, 2 2, 1 3
SELECT (a.node).id, a.depth FROM emp e, relnav.ancestors(e) a WHERE e.id = 5 ORDER BY 2;
-- over a cycle through the root.  right: 11 1, 12 2; and up 11 1
SELECT (d.node).id, d.depth FROM emp e, relnav.descendants(e) d WHERE e.id = 10 ORDER BY 1;
SELECT (d.node).id, d.depth FROM emp e, relnav.ancestors(e) d WHERE e.id = 10 ORDER BY 1;
-- up into a cycle that the root is not in.  right: 11 1, 10 2
SELECT (a.node).id, a.depth FROM emp e, relnav.ancestors(e) a WHERE e.id = 12 ORDER BY 2;
-- a row that references itself.  right: none, none
INSERT INTO emp VALUES (20, 'Self', 20);
SELECT d.* FROM emp e, relnav.descendants(e) d WHERE e.id = 20;
SELECT d.* FROM emp e, relnav.ancestors(e) d WHERE e.id = 20;

-- Either name of the key will do, its column and its constraint, too.
-- right: 5 5 5 5
SELECT count(*) FILTER (WHERE d.id IS NOT NULL) AS listed, count(*) FILTER (WHERE d.id = b.id) AS backwards,
       count(*) FILTER (WHERE d.id = c.id) AS by_column, count(*) FILTER (WHERE d.id = k.id) AS by_constraint
  FROM (SELECT (x.node).id FROM emp e, relnav.descendants(e, 'manager') x WHERE e.id IN (1, 2)) d
  JOIN (SELECT DISTINCT (x.node).id FROM emp e, relnav.descendants(e, 'emp_by_manager') x WHERE e.id IN (1, 2)) b USING (id)
  JOIN (SELECT DISTINCT (x.node).id FROM emp e, relnav.descendants(e, 'manager_id') x WHERE e.id IN (1, 2)) c USING (id)
  JOIN (SELECT DISTINCT (x.node).id FROM emp e, relnav.descendants(e, 'reports_to') x WHERE e.id IN (1, 2)) k USING (id)
 WHERE d.id <> 3;

-- From a key.  right: 2 1, 3 1; 11 1, 10 2; none
SELECT (d.node).id, d.depth FROM relnav.descendants('emp', '1', NULL::emp, 'manager', 1) d ORDER BY 1;
SELECT (d.node).id, d.depth FROM relnav.ancestors('emp', 12, NULL::emp) d ORDER BY 2;
SELECT (d.node).id, d.depth FROM relnav.ancestors('emp', 99, NULL::emp) d;

-- A made-up row counts by its key columns; a null row has nothing.
-- right: 4 1, 5 2; 1 1; none
SELECT (d.node).id, d.depth FROM relnav.descendants(ROW(2, NULL, NULL)::emp) d ORDER BY 1;
SELECT (d.node).id, d.depth FROM relnav.ancestors(ROW(NULL, NULL, 1)::emp) d;
SELECT (d.node).id, d.depth FROM relnav.descendants(NULL::emp) d;

-- Rows are whole.  right: t for all of 2 3 4 5
SELECT (d.node).id, d.node IS DISTINCT FROM NULL AS there, d.node = e2 AS same
  FROM emp e, relnav.descendants(e) d JOIN emp e2 ON e2.id = (d.node).id WHERE e.id = 1 ORDER BY 1;
-- in the select list, and kept by an outer join.  right: 1 2; 11 twice,
-- 12 and 20 with none
SELECT (relnav.descendants(e)).depth FROM emp e WHERE id = 2 ORDER BY 1;
SELECT e.id, d.depth FROM emp e LEFT JOIN LATERAL relnav.descendants(e) d ON true WHERE e.id > 10 ORDER BY 1, 2;

-- The row is formed where the planner can take it apart: a field of it is the
-- column, and no row is made.  right: f f t
CREATE FUNCTION makes_rows(query text) RETURNS boolean LANGUAGE plpgsql SET relnav.inline = on AS $$
DECLARE
    line text;
    result boolean := false;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (VERBOSE, COSTS OFF) ' || query LOOP
        result := result OR line LIKE '%ROW(%';
    END LOOP;
    RETURN result;
END $$;
CREATE TABLE whole (id int PRIMARY KEY, name text, whole_id int REFERENCES whole);
INSERT INTO whole VALUES (1, 'a', NULL), (2, 'b', 1), (3, NULL, 2), (4, 'd', 3);
SELECT makes_rows('SELECT (d.node).name, d.depth FROM whole e, relnav.descendants(e) d WHERE e.id = 1') AS field,
       makes_rows('SELECT (a.node).* FROM whole e, relnav.descendants(e) a WHERE (a.node).name > ''A''') AS fields,
       makes_rows('SELECT d.node FROM whole e, relnav.descendants(e) d') AS node;
-- But where a column was dropped, and somebody wants the row, it must not be
-- taken apart: the planner would find one with a null for that column to be
-- neither null nor not null.
CREATE FUNCTION both_ways(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    statement text := format('SELECT string_agg(q::text, '' '' ORDER BY q::text) FROM (%s) q', query);
    inlined text;
    called text;
BEGIN
    EXECUTE statement INTO inlined;
    SET relnav.inline = off;
    EXECUTE statement INTO called;
    RESET relnav.inline;
    RETURN inlined || CASE WHEN inlined IS DISTINCT FROM called THEN concat(' BUT ', called) ELSE '' END;
END $$;
SELECT what, both_ways(query) FROM (VALUES
('not null', 'SELECT (d.node).id FROM emp e, relnav.descendants(e) d WHERE e.id = 1 AND d.node IS NOT NULL'),
('null', 'SELECT count(*) FROM emp e, relnav.descendants(e) d WHERE d.node IS NULL'),
('some null', 'SELECT (a.node).id FROM emp e, relnav.ancestors(e) a WHERE e.id = 5 AND NOT a.node IS NOT NULL'),
('node and depth', 'SELECT count(*) FROM emp e, relnav.descendants(e) d WHERE d IS NOT NULL'),
('whole', 'SELECT d FROM emp e, relnav.descendants(e) d WHERE e.id = 1'),
('LEFT JOIN', 'SELECT e.id, (d.node).id AS node, d.node IS NOT NULL AS whole, d.node FROM emp e LEFT JOIN LATERAL relnav.descendants(e) d ON d.depth < 2'),
('LEFT JOIN, fields', 'SELECT e.id, (d.node).id AS node FROM emp e LEFT JOIN LATERAL relnav.descendants(e) d ON d.depth < 2'),
('named join', 'SELECT j.node IS NOT NULL AS whole, (j.node).id AS node FROM (emp e CROSS JOIN LATERAL relnav.descendants(e) d) j WHERE j.id = 1'),
('sub-select', 'SELECT (SELECT d.node IS NOT NULL) AS whole FROM emp e, relnav.descendants(e) d WHERE e.id = 1'),
('subquery', 'SELECT x.node IS NOT NULL AS whole, (x.node).name FROM (SELECT d.node FROM emp e, relnav.descendants(e) d WHERE e.id = 1 OFFSET 0) x'),
('compared', 'SELECT (d.node).id FROM emp e, relnav.descendants(e) d, emp o WHERE d.node = o AND e.id = 1'),
('grouped', 'SELECT d.node, count(*) FROM emp e, relnav.descendants(e) d GROUP BY d.node'),
('grouping sets', 'SELECT d.node, count(*), d.node IS NULL AS none FROM emp e, relnav.descendants(e) d GROUP BY ROLLUP (d.node)'),
('chained', 'SELECT (a.node).id FROM emp e, relnav.descendants(e) d, relnav.ancestors(d.node) a WHERE e.id = 1 AND d.depth = 3'),
('parent of a node', 'SELECT p.id FROM emp e, relnav.descendants(e) d, relnav.parent(d.node, NULL::emp) p WHERE e.id = 1'),
('other names', 'SELECT x, y FROM emp e, relnav.descendants(e) d (x, y) WHERE e.id = 1 AND x IS NOT NULL')
) AS form (what, query);
-- without a dropped column the same
SELECT what, both_ways(query) FROM (VALUES
('not null', 'SELECT (d.node).id FROM whole e, relnav.descendants(e) d WHERE e.id = 1 AND d.node IS NOT NULL'),
('LEFT JOIN', 'SELECT e.id, (d.node).id AS node, d.node IS NOT NULL AS whole, d.node FROM whole e LEFT JOIN LATERAL relnav.descendants(e) d ON true'),
('grouping sets', 'SELECT d.node, (d.node).name, count(*), d.node IS NULL AS none FROM whole e, relnav.descendants(e) d GROUP BY ROLLUP (d.node)'),
('chained', 'SELECT p.id FROM whole e, relnav.descendants(e) d, relnav.parent(d.node, NULL::whole) p WHERE e.id = 1')
) AS form (what, query);
-- and in statements that change rows, or lock them
SELECT (d.node).id FROM emp e, relnav.descendants(e) d WHERE e.id = 1 AND d.node IS NOT NULL ORDER BY 1 FOR UPDATE;
UPDATE whole w SET name = d.depth FROM whole e, relnav.descendants(e) d
 WHERE e.id = 2 AND (d.node).id = w.id RETURNING w.*, d.*;
-- A kept plan, and a column that changes its type, or goes: what the server
-- says without us, it says with us.
SET plan_cache_mode = force_generic_plan;
PREPARE names AS SELECT (d.node).name || '!' AS name FROM whole e, relnav.descendants(e) d WHERE e.id = 1 ORDER BY 1;
PREPARE nodes AS SELECT d.node FROM whole e, relnav.descendants(e) d WHERE e.id = 1 ORDER BY 1;
EXECUTE names;
ALTER TABLE whole ADD more int DEFAULT 7;
EXECUTE names;
EXECUTE nodes;
ALTER TABLE whole ALTER name TYPE int USING ascii(name);
EXECUTE names;
EXECUTE nodes;
ALTER TABLE whole DROP name;
EXECUTE names;
EXECUTE nodes;
DEALLOCATE ALL;
RESET plan_cache_mode;
DROP TABLE whole;

-- Through an association, which must be named.  From 1: 2 and 3, from 3: 4.
CREATE TABLE follows (follower_id int REFERENCES emp, followee_id int REFERENCES emp, PRIMARY KEY (follower_id, followee_id));
INSERT INTO follows VALUES (1, 2), (2, 3), (3, 1), (1, 3), (3, 4), (4, 4), (4, 5);
-- right: 2 1, 3 1, 4 2, 5 3
SELECT (d.node).id, d.depth FROM emp e, relnav.descendants(e, 'followee') d WHERE e.id = 1 ORDER BY 1;
-- who comes to 1?  right: 3 1, 2 2
SELECT (d.node).id, d.depth FROM emp e, relnav.ancestors(e, 'followee') d WHERE e.id = 1 ORDER BY 2;
-- the other way round by the other name.  right: the same
SELECT (d.node).id, d.depth FROM emp e, relnav.descendants(e, 'follower') d WHERE e.id = 1 ORDER BY 2;
-- right: 5 1; 3 1, 2 1 and no more
SELECT (d.node).id, d.depth FROM relnav.descendants('emp', 4, NULL::emp, 'followee') d ORDER BY 1;
SELECT (d.node).id, d.depth FROM emp e, relnav.descendants(e, 'followee', 1) d WHERE e.id = 1 ORDER BY 1;
-- without a name the foreign key is followed.  right: 4
SELECT count(*) FROM emp e, relnav.descendants(e) d WHERE e.id = 1;

-- Keys of two columns, one of them with another name; and text.
CREATE TABLE node (tree text, no int, up int, PRIMARY KEY (tree, no), FOREIGN KEY (tree, up) REFERENCES node);
INSERT INTO node VALUES ('a', 1, NULL), ('a', 2, 1), ('a', 3, 2), ('b', 1, NULL), ('b', 2, 1);
CREATE TABLE edge (tree text, x int, y int, PRIMARY KEY (tree, x, y),
    FOREIGN KEY (tree, x) REFERENCES node, FOREIGN KEY (tree, y) REFERENCES node);
INSERT INTO edge VALUES ('a', 3, 1), ('a', 1, 2);
-- right: a 2 1, a 3 2; a 2 1, a 1 2; a 1 1, a 2 2
SELECT (d.node).tree, (d.node).no, d.depth FROM node n, relnav.descendants(n) d WHERE (n.tree, n.no) = ('a', 1) ORDER BY 3;
SELECT (d.node).tree, (d.node).no, d.depth FROM node n, relnav.ancestors(n) d WHERE (n.tree, n.no) = ('a', 3) ORDER BY 3;
SELECT (d.node).tree, (d.node).no, d.depth
  FROM relnav.descendants('node', ROW('a', 3), NULL::node, 'edge_tree_y_fkey_via_edge_by_edge_tree_x_fkey') d ORDER BY 3;

-- What cannot be followed says so.
SELECT * FROM follows f, relnav.descendants(f) d;
SELECT * FROM emp e, relnav.descendants(e, 'boss') d;
SELECT * FROM relnav.descendants('emp', 1, NULL::follows) d;
CREATE TABLE person (id int PRIMARY KEY, mother_id int REFERENCES person, father_id int REFERENCES person);
INSERT INTO person VALUES (1, NULL, NULL);
SELECT * FROM person p, relnav.ancestors(p) a;
CREATE TABLE town (id int PRIMARY KEY);
INSERT INTO town VALUES (1);
CREATE TABLE road (from_id int REFERENCES town, to_id int REFERENCES town, PRIMARY KEY (from_id, to_id));
SELECT * FROM town t, relnav.descendants(t) d;
CREATE TABLE part (id int PRIMARY KEY, up int REFERENCES part) PARTITION BY RANGE (id);
CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (0) TO (10);
CREATE TABLE part_2 PARTITION OF part FOR VALUES FROM (10) TO (20);
INSERT INTO part VALUES (1, NULL), (11, 1), (2, 11);
SELECT * FROM part_1 p, relnav.descendants(p) d WHERE p.id = 1;
-- right: 11 1, 2 2
SELECT (d.node).id, d.depth FROM part_1 p, relnav.descendants(p::part) d WHERE p.id = 1 ORDER BY 2;

-- A declaration may name a column twice.  right: 1 for 2, 2 for 3, in both ways
CREATE TABLE twice (id int PRIMARY KEY, a int, b int);
INSERT INTO twice VALUES (1, NULL, NULL), (2, 1, 1), (3, 2, 2), (4, 1, 2);
SELECT relnav.declare('twice', 'boss', '{a,b}', 'twice', '{id,id}');
SELECT t.id, (a.node).id AS above, a.depth FROM twice t, relnav.ancestors(t, 'boss') a ORDER BY 1, 3;
SELECT t.id, (d.node).id AS below, d.depth FROM twice t, relnav.descendants(t, 'boss') d ORDER BY 1, 3, 2;
SET relnav.inline = off;
SELECT t.id, (a.node).id AS above, a.depth FROM twice t, relnav.ancestors(t, 'boss') a ORDER BY 1, 3;
RESET relnav.inline;

SET client_min_messages = warning;
DROP SCHEMA regress_relnav_recursion CASCADE;
