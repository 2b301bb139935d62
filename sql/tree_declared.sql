-- Trees follow what was declared, and what views have from their tables, as they follow foreign keys.
LOAD 'relnav';
CREATE SCHEMA regress_relnav_tree_declared;
SET search_path = regress_relnav_tree_declared;
CREATE TABLE a (id int PRIMARY KEY, code text);
CREATE TABLE b (id int PRIMARY KEY, code text);
CREATE TABLE c (id int PRIMARY KEY, a_id int REFERENCES a);
INSERT INTO a VALUES (1, 'x'), (2, 'y'), (3, 'z');
INSERT INTO b VALUES (1, 'x'), (2, 'x'), (3, 'y');
INSERT INTO c VALUES (10, 1), (20, 2), (21, 2);
SELECT relnav.declare('a', 'the b', '{code}', 'b', '{code}', to_one => true, inverse => 'all a'),
       relnav.declare('a', 'bs', '{code}', 'b', '{code}'),
       relnav.declare('a', 'linked', '{id}', 'b', '{id}', 'c', '{a_id}', '{id}');

-- right: y and 3; null, null; 1 and 2; none, as no b has the number of a c
SELECT relnav.tree('a', 2, '*, "the b"(id)');
SELECT relnav.tree('a', 3, '"the b"(id), x: "the b".id');
SELECT relnav.tree('a', 1, 'bs(id order by id)');
SELECT relnav.tree('a', 2, 'linked(id), count(linked)');
-- The declaration says one, the data two.  right: an error
SELECT relnav.tree('a', 1, '*, "the b"(id)');
SELECT relnav.tree('a', 1, 'x: "the b".code');
-- right: 1 and 2 lead to the same a, and that to both
SELECT relnav.tree_agg(b, 'id, "all a"(id, bs(id order by id))' ORDER BY id) FROM b;
-- right: an undeclared one is none
SELECT relnav.undeclare('a', 'bs');
SELECT relnav.tree('a', 1, 'bs(id)');

-- A view's rows, by row and by its table's key.
CREATE VIEW va AS SELECT id AS aid, code FROM a WHERE id > 1;
-- right: 2 with the b 3 and the cs 20 and 21; 3 with null and none
SELECT relnav.tree_agg(v, '*, "the b"(id), c(id order by id)' ORDER BY aid) FROM va v;
SELECT relnav.tree('va', 2, 'aid, count(c)');
-- right: no such row in the view
SELECT relnav.tree('va', 1, 'aid') IS NULL AS absent;
-- A view as a node, where it is written.  right: 20, 21
CREATE VIEW vc AS SELECT id AS number, a_id FROM c;
SELECT relnav.tree('a', 2, 'vc(number order by number)');
-- The view is replaced.  right: with the new column
CREATE OR REPLACE VIEW va AS SELECT id AS aid, code, upper(code) AS big FROM a WHERE id > 1;
SELECT relnav.tree('va', 2, '*');
-- A materialized view has the rows of its last refresh.  right: 3, then none
CREATE MATERIALIZED VIEW ma AS SELECT * FROM a;
SELECT relnav.declare('ma', 'b', '{code}', 'b', '{code}');
SELECT relnav.tree(m, 'id, b(id)') FROM ma m WHERE id = 2;
UPDATE a SET code = 'none' WHERE id = 2;
REFRESH MATERIALIZED VIEW ma;
SELECT relnav.tree(m, 'id, b(id)') FROM ma m WHERE id = 2;

SELECT relnav.undeclare('a', 'the b'), relnav.undeclare('a', 'linked'), relnav.undeclare('ma', 'b');
SET client_min_messages = warning;
DROP SCHEMA regress_relnav_tree_declared CASCADE;
