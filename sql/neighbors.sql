-- neighbors counts what each relationship leads to, and leaves out what it cannot count.
-- The calls of README.md, in the sample database.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
\getenv abs_srcdir PG_ABS_SRCDIR
\set shop :abs_srcdir /demo/shop.sql
\set ECHO none
\i :shop
\set ECHO all
\set ON_ERROR_STOP off
SET search_path = shop;
-- right: items 1, offer 1, product_tag 3, supplier 1, tag 3
SELECT * FROM relnav.neighbors('product', 1);
-- of a row, and the same by key
-- right: address, customer 1, items 3, payment 1, salesperson 1
SELECT n.* FROM orders o, relnav.neighbors(o) n WHERE o.id = 1;
SELECT count(*) FROM (SELECT o.id, n.* FROM orders o, relnav.neighbors(o) n
                      EXCEPT SELECT o.id, n.* FROM orders o, relnav.neighbors('orders', o.id) n) d;
-- as many rows as related returns.  right: t
SELECT bool_and(n.rows = (SELECT count(*) FROM relnav.related('product', p.id, NULL::tag, 'tag')))
  FROM product p, relnav.neighbors(p) n WHERE n.name = 'tag';

-- The cap.  right: 2 and more; 3 and no more; 0 and more; 3
SELECT rows, more FROM relnav.neighbors('orders', 1, 2) WHERE name = 'items';
SELECT rows, more FROM relnav.neighbors('orders', 1, 3) WHERE name = 'items';
SELECT rows, more FROM relnav.neighbors('orders', 1, 0) WHERE name = 'items';
SELECT rows, more FROM relnav.neighbors('orders', 1, NULL) WHERE name = 'items';
-- No such row, a null key, a key of no row, a null row: nothing is related.
SELECT sum(rows), count(*) FROM relnav.neighbors('orders', 99);
SELECT sum(rows), count(*) FROM relnav.neighbors('orders', NULL);
SELECT sum(rows), count(*) FROM relnav.neighbors('orders', 1.5);
SELECT sum(rows), count(*) FROM relnav.neighbors(NULL::orders);
-- Keys of two columns, as text, as a parameter without a type.
SELECT name, rows FROM relnav.neighbors('items', ROW(1, 2));
SELECT name, rows FROM relnav.neighbors('items', '(1,2)');
PREPARE n AS SELECT name, rows FROM relnav.neighbors('customer', $1);
EXECUTE n('1');
-- a table that nothing references, and that references nothing
CREATE TABLE alone (id int PRIMARY KEY);
SELECT * FROM relnav.neighbors('alone', 1);
-- Errors
SELECT * FROM relnav.neighbors('customer', 1, -1);
SELECT * FROM relnav.neighbors(1);
SELECT * FROM relnav.neighbors(0::regclass, 1);
SELECT * FROM relnav.neighbors('customer', 'x');

-- Without an index large tables are not searched, but for no cap at all.
CREATE TABLE large (id int, tag_id int REFERENCES tag, indexed_id int REFERENCES tag);
CREATE INDEX ON large (indexed_id);
INSERT INTO large SELECT i, i % 2 + 1, i % 2 + 1 FROM generate_series(1, 100002) AS i;
ANALYZE large;
-- right: by indexed_id 1000 and more; by tag_id null
SELECT name, rows, more FROM relnav.neighbors('tag', 1) WHERE target = 'large'::regclass;
SELECT name, rows, more FROM relnav.neighbors('tag', 1, NULL) WHERE target = 'large'::regclass;
DROP TABLE large;

-- Privileges: what may not be read is null, the rest is there.
CREATE ROLE regress_relnav_neighbor;
GRANT USAGE ON SCHEMA shop TO regress_relnav_neighbor;
GRANT SELECT ON orders, customer, items TO regress_relnav_neighbor;
GRANT SELECT (id) ON employee TO regress_relnav_neighbor;
SET ROLE regress_relnav_neighbor;
-- right: addresses and payment null, salesperson by the privilege on its column
SELECT name, rows FROM relnav.neighbors('orders', 1);
SELECT name, rows FROM orders o, relnav.neighbors(o) WHERE o.id = 1;
RESET ROLE;
-- Row security: what policies leave; nothing where they may not.
ALTER TABLE items ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON items USING (line_no = 1);
SET ROLE regress_relnav_neighbor;
SELECT name, rows FROM relnav.neighbors('orders', 1) WHERE name = 'items';
SET row_security = off;
SELECT name, rows FROM relnav.neighbors('orders', 1) WHERE name IN ('items', 'customer');
RESET row_security;
RESET ROLE;
-- A policy that reads what he may not makes every query fail, but not the others' counts.
CREATE TABLE secret (id int);
CREATE POLICY q ON items USING (EXISTS (SELECT FROM secret));
SET ROLE regress_relnav_neighbor;
SELECT count(*) FROM items;
SELECT name, rows FROM relnav.neighbors('orders', 1) WHERE name IN ('items', 'customer');
RESET ROLE;
GRANT SELECT ON secret TO regress_relnav_neighbor;
SET ROLE regress_relnav_neighbor;
SELECT name, rows FROM relnav.neighbors('orders', 1) WHERE name IN ('items', 'customer');
RESET ROLE;
SELECT name, rows FROM relnav.neighbors('orders', 1) WHERE name = 'items';

-- A plan that is kept follows changes of the tables.
CREATE TABLE note (id int, order_id int REFERENCES orders);
INSERT INTO note VALUES (1, 1);
SELECT name, rows FROM relnav.neighbors('orders', 1) WHERE name = 'note';
ALTER TABLE note RENAME TO remark;
SELECT name, rows FROM relnav.neighbors('orders', 1) WHERE target = 'remark'::regclass;
-- Sees what the statement's snapshot sees, and its own transaction's rows.
BEGIN;
INSERT INTO remark VALUES (2, 1);
SELECT rows FROM relnav.neighbors('orders', 1) WHERE name = 'remark';
ROLLBACK;

-- Inheritance, partitions, repeating associations, self-references
CREATE TABLE remark_child () INHERITS (remark);
INSERT INTO remark_child VALUES (3, 1);
CREATE TABLE part (id int PRIMARY KEY, order_id int REFERENCES orders) PARTITION BY HASH (id);
CREATE TABLE part_1 PARTITION OF part FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE part_2 PARTITION OF part FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO part SELECT i, i % 2 + 1 FROM generate_series(1, 9) AS i;
CREATE TABLE visit (order_id int REFERENCES orders, tag_id int REFERENCES tag, at int, PRIMARY KEY (order_id, tag_id, at));
INSERT INTO visit VALUES (1, 1, 1), (1, 1, 2), (1, 2, 1);
-- right: remark 1 (not the child's), part 4, tag 2 (each once), visit 3
SELECT name, rows FROM relnav.neighbors('orders', 1) WHERE target IN ('remark', 'part', 'tag', 'visit');
SELECT n.name, n.rows FROM part_1 p, relnav.neighbors(p) n ORDER BY p.id LIMIT 1;
-- right: employee_by_manager 2, manager 1
SELECT name, rows FROM relnav.neighbors('employee', 2) WHERE target = 'employee'::regclass;
-- Names that must be quoted.
CREATE TABLE "T.1" ("C ""1" int PRIMARY KEY, "o%" int REFERENCES orders, junk int);
ALTER TABLE "T.1" DROP junk;
INSERT INTO "T.1" VALUES (1, 1);
SELECT name, rows FROM relnav.neighbors('orders', 1) WHERE target = '"T.1"'::regclass;
SELECT * FROM relnav.neighbors('"T.1"', 1);

RESET search_path;
DROP SCHEMA shop CASCADE;
DROP ROLE regress_relnav_neighbor;
