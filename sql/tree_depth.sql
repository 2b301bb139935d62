-- A node with "depth" stands in itself, down, up, or through an association;
-- cycles end it.
LOAD 'relnav';
-- Compiling the queries of the comparisons would take most of the time.
SET jit = off;
SET client_min_messages = warning;
CREATE SCHEMA regress_relnav_tree_depth;
SET search_path = regress_relnav_tree_depth;

CREATE TABLE emp (gone int, id int PRIMARY KEY, name text, manager_id int REFERENCES emp);
ALTER TABLE emp DROP COLUMN gone;
-- 1 - (2 - 4 - 5, 3); 10 and 11 are each other's manager, with 12 below 11; 20 is its own
INSERT INTO emp VALUES (1, 'Ann', NULL), (2, 'Bo', 1), (3, 'Cy', 1), (4, 'Di', 2), (5, 'Ed', 4),
    (10, 'Kit', NULL), (11, 'Lou', 10), (12, 'Max', 11), (20, 'Self', 20);
UPDATE emp SET manager_id = 11 WHERE id = 10;

-- Down.  depth 1 is the node without itself in it: the key is absent at the last level.
-- right: [2, 3]; [2 [4], 3 []]; [2 [4 [5]], 3 []]; all, and [] where there are levels left
SELECT relnav.tree('emp', 1, 's: emp_by_manager(id order by id depth 1)');
SELECT relnav.tree('emp', 1, 's: emp_by_manager(id order by id depth 2)');
SELECT relnav.tree('emp', 1, 's: emp_by_manager(id order by id depth 3)');
SELECT relnav.tree('emp', 1, 's: emp_by_manager(id order by id depth 4)');
SELECT relnav.tree('emp', 1, 's: emp_by_manager(id order by id depth 32)');
-- the same with other items in it, with the node's own columns after, and as "*".
-- right: count, name and boss of each
SELECT relnav.tree('emp', 1, 'id, s: emp_by_manager(name, boss: manager.name, count(emp_by_manager) where id <> 3 depth 3)');
SELECT relnav.tree('emp', 2, 's: emp_by_manager(* depth 2)');
SELECT relnav.tree('emp', 2, 's: emp_by_manager(depth 2)');
-- with "*(...)" in it.  right: [] of 5's, 5, and [] as 5 has none
SELECT relnav.tree('emp', 4, 's: emp_by_manager(*(* limit 0), manager: id depth 2)');
-- Up: an object in an object.  right: 5 4 2 1 null; 5 4 2
SELECT relnav.tree('emp', 5, 'id, manager(id depth 9)');
SELECT relnav.tree('emp', 5, 'id, manager(id depth 2)');
SELECT relnav.tree(e, 'manager(id depth 32)') FROM emp e WHERE id < 10 ORDER BY id;

-- A row that is above itself ends the branch, the root too.
-- right: 10 [11 [12 []]]; 11 [10 [], 12 []]: 10's only child 11 is the root; 12 []
SELECT relnav.tree('emp', 10, 'id, s: emp_by_manager(id order by id depth 5)');
SELECT relnav.tree('emp', 11, 'id, s: emp_by_manager(id order by id depth 5)');
SELECT relnav.tree('emp', 12, 'id, s: emp_by_manager(id depth 5)');
-- right: 10 11 null; 12 11 10 null; 20 null; 20 []
SELECT relnav.tree('emp', 10, 'id, manager(id depth 5)');
SELECT relnav.tree('emp', 12, 'id, manager(id depth 5)');
SELECT relnav.tree('emp', 20, 'id, manager(id depth 5), s: emp_by_manager(id depth 5)');
-- without depth nothing is above: the row itself is shown.  right: 20 20
SELECT relnav.tree('emp', 20, 'manager(id), s: emp_by_manager(id)');

-- The clauses are those of each level.
-- right: 1: [3, 2 [4 [5]]]; of each level one: 2 [4 [5 []]]; 1 row each beginning with the last but one
SELECT relnav.tree('emp', 1, 's: emp_by_manager(id order by id desc depth 4)');
SELECT relnav.tree('emp', 1, 's: emp_by_manager(id order by id limit 1 depth 4)');
SELECT relnav.tree('emp', 1, 's: emp_by_manager(id order by id desc limit 1 offset 1 depth 4)');
SELECT relnav.tree('emp', 1, 's: emp_by_manager(id where name < ''E'' order by id depth 4)');
-- up to where the condition is not true.  right: 4, 2, null
SELECT relnav.tree('emp', 5, 'manager(id where id > 1 depth 4)');

-- All at once is the same as each by itself, and as the recursion by hand.
-- right: t t t
SELECT relnav.tree_agg(e, s ORDER BY id)::text = '[' || string_agg(relnav.tree(e, s)::text, ',' ORDER BY id) || ']' AS same
  FROM emp e, (VALUES ('id, s: emp_by_manager(id, name order by id depth 3), manager(id depth 3)'),
                      ('s: emp_by_manager(id, m: manager(name depth 2) order by id depth 2)'),
                      ('m: manager(id, s: emp_by_manager(id order by id depth 2) depth 2)')) v (s) GROUP BY s ORDER BY s;
-- A tree of 3 children each, 5 levels: 364 rows.
CREATE TABLE big (id int PRIMARY KEY, up int REFERENCES big);
INSERT INTO big SELECT i, CASE WHEN i > 1 THEN (i + 1) / 3 END FROM generate_series(1, 364) i;
CREATE FUNCTION by_hand(root int, depth int) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
    RETURN CASE WHEN depth = 0 THEN jsonb_build_object('id', root)
        ELSE jsonb_build_object('id', root, 'c', COALESCE((SELECT jsonb_agg(by_hand(id, depth - 1) ORDER BY id) FROM big WHERE up = root), '[]')) END;
END $$;
-- right: t for all, twice, with and without an index and statistics
SELECT d, relnav.tree('big', 1, format('id, c: big_by_up(id order by id depth %s)', d))::jsonb = by_hand(1, d) AS down,
       relnav.tree_agg(b, format('id, c: big_by_up(id order by id depth %s)', d) ORDER BY id)::jsonb = jsonb_agg(by_hand(id, d) ORDER BY id) AS agg
  FROM generate_series(1, 7) d, big b GROUP BY d ORDER BY d;
CREATE INDEX ON big (up);
ANALYZE big;
SELECT d, relnav.tree('big', 1, format('id, c: big_by_up(id order by id depth %s)', d))::jsonb = by_hand(1, d) AS down,
       relnav.tree_agg(b, format('id, c: big_by_up(id order by id depth %s)', d) ORDER BY id)::jsonb = jsonb_agg(by_hand(id, d) ORDER BY id) AS agg
  FROM generate_series(1, 7, 3) d, big b GROUP BY d ORDER BY d;
-- all levels of all rows, up.  right: 364 rows, each with as many levels as it has ancestors
SELECT count(*), count(*) FILTER (WHERE n = levels) AS same
  FROM (SELECT (SELECT count(*) FROM relnav.ancestors(b)) AS n,
               (length(relnav.tree(b, 'up: up(id depth 9)')::text) - length(replace(relnav.tree(b, 'up: up(id depth 9)')::text, '"id"', ''))) / 4 AS levels FROM big b) x;

-- Through an association: from 1 to 2 and 3, from 3 to 4; cycles; oneself.
CREATE TABLE person (id int PRIMARY KEY, name text);
CREATE TABLE follows (follower_id int REFERENCES person, followee_id int REFERENCES person, PRIMARY KEY (follower_id, followee_id));
INSERT INTO person SELECT i, 'p' || i FROM generate_series(1, 6) i;
INSERT INTO follows VALUES (1, 2), (2, 3), (3, 1), (1, 3), (3, 4), (4, 4), (4, 5);
-- right: 1 [2 [3 [4]], 3 [4 [5]]]: 3 follows 1, which is above; 4 follows itself
SELECT relnav.tree('person', 1, 'id, followee(id order by id depth 3)');
-- right: 4 [5]
SELECT relnav.tree('person', 4, 'id, followee(id order by id depth 3)');
-- the other way round.  right: 5 [4 [3 [1, 2]]]
SELECT relnav.tree('person', 5, 'follower(id order by id depth 3)');
-- right: 1 [3 [4 [5]]], the last of each
SELECT relnav.tree('person', 1, 'followee(id order by id desc limit 1 depth 3)');
-- names in the order of the levels' rows, not of their arrival.  right: [3 [4], 2 [3]]
SELECT relnav.tree('person', 1, 'followee(name order by name desc depth 2)');
-- without an order: as a set.  right: [2, 3]
SELECT jsonb_path_query_array(relnav.tree('person', 1, 'followee(id depth 2)')::jsonb, '$.followee[*].id') @> '[2, 3]' AS both;

-- Keys of two columns; text; a key that is not the primary one; a domain.
CREATE TABLE node (tree text, no int, up int, PRIMARY KEY (tree, no), FOREIGN KEY (tree, up) REFERENCES node);
INSERT INTO node VALUES ('a', 1, NULL), ('a', 2, 1), ('a', 3, 2), ('b', 1, NULL), ('b', 2, 1), ('a', 4, 1);
-- right: a1 [a2 [a3], a4]; b1 [b2]; up a3 a2 a1; and the cycle 1 2
SELECT relnav.tree(n, 'tree, no, below: node_by_node(no order by no depth 5), above: node(no depth 5)') FROM node n ORDER BY n.tree, no;
UPDATE node SET up = 3 WHERE (tree, no) = ('a', 1);
SELECT relnav.tree('node', ROW('a', 1), 'below: node_by_node(no order by no depth 5), above: node(no depth 5)');
CREATE DOMAIN word AS text COLLATE "C";
CREATE TABLE folder (id int PRIMARY KEY, path word UNIQUE, parent varchar REFERENCES folder (path));
INSERT INTO folder VALUES (1, '/', NULL), (2, '/a', '/'), (3, '/a/b', '/a'), (4, NULL, '/'), (5, '/c', '/c');
-- right: / [/a [/a/b []], null []]; /a/b /a /; nothing below a key that is null; /c is above itself
SELECT relnav.tree('folder', 1, 'path, sub: folder_by_parent(id, path order by id depth 4)');
SELECT relnav.tree(f, 'path, in: parent(path depth 4)') FROM folder f WHERE id IN (3, 4, 5) ORDER BY id;
SELECT relnav.tree('folder', 4, 'sub: folder_by_parent(id depth 4)'), relnav.tree('folder', 5, 'sub: folder_by_parent(id depth 4)');
-- Keys of arrays, which only we can compare.  right: 1 [2 [3]]
CREATE TABLE arr (k int[] PRIMARY KEY, up int[] REFERENCES arr);
INSERT INTO arr VALUES ('{1}', NULL), ('{2}', '{1}'), ('{3}', '{2}');
SELECT relnav.tree(a, 'k, below: arr_by_up(k depth 5)') FROM arr a WHERE up IS NULL;
-- Types without a hash function cannot tell what is above.  right: error
CREATE TABLE cash (k money PRIMARY KEY, up money REFERENCES cash);
INSERT INTO cash VALUES (1, NULL), (2, 1);
SELECT relnav.tree('cash', 2::money, 'up(k depth 2)');
SELECT relnav.tree('cash', 2::money, 'above: up(k)'), relnav.tree('cash', 1::money, 'below: cash_by_up(k)');

-- One-to-one with itself.  right: 1 2 3 null, and back
CREATE TABLE chain (id int PRIMARY KEY, next int UNIQUE REFERENCES chain);
INSERT INTO chain VALUES (3, NULL), (2, 3), (1, 2);
SELECT relnav.tree('chain', 1, 'id, link: next(id depth 9)');
SELECT relnav.tree('chain', 3, 'id, link: chain_by_next(id depth 9)');
-- A closed ring.  right: 3 1 2 null: ends before 3
UPDATE chain SET next = 1 WHERE id = 3;
SELECT relnav.tree('chain', 3, 'id, link: next(id depth 32)');

-- A repeated node in a repeated node: each has its own path.
-- right: t
SELECT relnav.tree('emp', 1, 's: emp_by_manager(id, up: manager(id depth 3) order by id depth 2)')::text =
       '{"s":[{"id":2,"up":{"id":1,"up":null},"s":[{"id":4,"up":{"id":2,"up":{"id":1,"up":null}}}]},{"id":3,"up":{"id":1,"up":null},"s":[]}]}' AS same;
-- A node below a repeated one, and a repeated one below many.
CREATE TABLE badge (id int PRIMARY KEY, emp_id int REFERENCES emp);
INSERT INTO badge VALUES (1, 1), (2, 4), (3, 4), (4, 5);
-- right: badges of 2 [], 4 [2 3], 5 [4], 3 []; and of badge 4: 5 under 4 under 2 under 1
SELECT relnav.tree('emp', 1, 's: emp_by_manager(id, badge(id order by id) order by id depth 4)');
SELECT relnav.tree('badge', 4, 'emp(id, manager(id, badge(id order by id) depth 4))');

-- Where it makes no sense.  right: an error each
SELECT relnav.tree('emp', 1, 'badge(id depth 2)');
SELECT relnav.tree('emp', 1, 'emp_by_manager.emp_by_manager(id depth 2)');
SELECT relnav.tree('emp', 1, '*(* depth 2)');
SELECT relnav.tree('emp', 1, 's: emp_by_manager(s: id depth 2)');
-- right: "*" yields to the node itself: the column manager_id is an object
SELECT relnav.tree('emp', 5, 'manager_id(* depth 2)');
-- 32 levels, and one too many.  right: fine; errors
SELECT length(relnav.tree('emp', 1, 's: emp_by_manager(id depth 32)')::text) > 0 AS fine;
SELECT relnav.tree('emp', 1, 's: emp_by_manager(id depth 33)');
SELECT relnav.tree('emp', 1, 's: emp_by_manager(id depth 0)');
SELECT relnav.tree('emp', 1, 'a: emp_by_manager(b: manager(c: emp_by_manager(id depth 20) depth 12))');
SELECT relnav.tree('emp', 1, 'a: emp_by_manager(b: manager(c: emp_by_manager(id depth 20) depth 11))')::text IS NOT NULL AS fine;
-- A chain that is as long, whole, and by depth.  right: 32 levels of 40
CREATE TABLE line (id int PRIMARY KEY, up int REFERENCES line);
INSERT INTO line SELECT i, NULLIF(i - 1, 0) FROM generate_series(1, 40) i;
SELECT (length(t) - length(replace(t, '"id"', ''))) / 4 AS levels FROM (SELECT relnav.tree('line', 1, 'c: line_by_up(id depth 32)')::text) x (t);
SELECT (length(t) - length(replace(t, '"id"', ''))) / 4 AS levels FROM (SELECT relnav.tree('line', 40, 'c: up(id depth 32)')::text) x (t);

DROP SCHEMA regress_relnav_tree_depth CASCADE;
