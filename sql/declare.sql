-- What people declare and how they rename: it is a relationship like any
-- other, belongs to who owns the table, and is never in the way.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
\set VERBOSITY default
CREATE SCHEMA regress_relnav_declare;
SET search_path = regress_relnav_declare;

-- Tables as they came from somewhere else: without any key.
CREATE TABLE customer (no int, name text, boss_no int);
CREATE TABLE orders (no bigint, customer_no numeric, placed date);
CREATE TABLE item (order_no int, pos int, article varchar);
CREATE TABLE article (code text UNIQUE, title text);
CREATE TABLE likes (customer int, article text);
CREATE TABLE note (order_no int, pos int, remark text);
INSERT INTO customer VALUES (1, 'Ann', NULL), (2, 'Ben', 1), (3, 'Cy', 1), (4, 'Di', 3);
INSERT INTO orders VALUES (10, 1, '2026-01-01'), (11, 1, '2026-01-02'), (12, 2, '2026-01-03'), (13, 9, '2026-01-04');
INSERT INTO item VALUES (10, 1, 'a'), (10, 2, 'b'), (11, 1, 'a'), (12, 1, 'c'), (99, 1, 'a');
INSERT INTO article VALUES ('a', 'Apple'), ('b', 'Bread'), ('c', 'Cake');
INSERT INTO likes VALUES (1, 'a'), (1, 'a'), (2, 'a'), (2, 'b');
INSERT INTO note VALUES (10, 1, 'ripe'), (10, 2, 'dark'), (10, 2, 'sliced');

-- Nothing is there to begin with.  right: 0
SELECT count(*) FROM relnav.relationships() WHERE source::text ~ '^(customer|orders|item|article|likes|note)$';

-- Plain, composite, through a table, with itself.
SELECT relnav.declare('orders', 'buyer', '{customer_no}', 'customer', '{no}', inverse => 'orders', to_one => true);
SELECT relnav.declare('item', 'order', '{order_no}', 'orders', '{no}', inverse => 'items', to_one => true);
SELECT relnav.declare('item', 'article', '{article}', 'article', '{code}', inverse => 'items');
SELECT relnav.declare('item', 'notes', '{order_no,pos}', 'note', '{order_no,pos}');
SELECT relnav.declare('customer', 'liked', '{no}', 'article', '{code}', 'likes', '{customer}', '{article}', inverse => 'fans');
SELECT relnav.declare('customer', 'boss', '{boss_no}', 'customer', '{no}', inverse => 'staff', to_one => true);
SELECT * FROM relnav.describe('customer');
SELECT * FROM relnav.describe('orders');
SELECT * FROM relnav.describe('item');
SELECT * FROM relnav.describe('article');
SELECT name, full_name, kind, target, condition, source_columns, target_columns, inverse
  FROM relnav.relationships('orders');
SELECT name, association, association_source_columns, association_target_columns, constraints, constraint_oids,
       required, repeats, validated, indexed, on_delete, origin
  FROM relnav.relationships('customer');
SELECT t ->> 'table' AS table_name, r ->> 'name' AS name, r ->> 'origin' AS origin
  FROM json_array_elements(relnav.model('regress_relnav_declare') -> 'tables') t,
       json_array_elements(t -> 'relationships') r
 WHERE t ->> 'table' = 'item' ORDER BY 2;

-- The same again is no error, and another one by a taken name is.
SELECT relnav.declare('orders', 'buyer', '{customer_no}', 'customer', '{no}', inverse => 'orders', to_one => true);
SELECT relnav.declare('orders', 'buyer', '{no}', 'customer', '{no}');
SELECT relnav.declare('customer', 'orders', '{no}', 'item', '{order_no}');
SELECT relnav.declare('item', 'x', '{order_no}', 'orders', '{no}', inverse => 'buyer');

-- Navigation, planned and not.  right: the same rows twice
SET relnav.inline = on;
SELECT c.name, o.no FROM customer c, relnav.children(c, NULL::orders) o ORDER BY 1, 2;
SELECT o.no, c.name FROM orders o, relnav.parent(o, NULL::customer) c ORDER BY 1;
SELECT c.name, a.title FROM customer c, relnav.associated(c, NULL::article) a ORDER BY 1, 2;
SELECT l.order_no, l.pos, n.remark FROM item l, relnav.related(l, NULL::note, 'notes') n ORDER BY 1, 2, 3;
SELECT c.name, a.title FROM customer c, relnav.related(c, NULL::article, 'orders.items.article') a ORDER BY 1, 2;
SELECT c.name, b.name FROM customer c, relnav.related(c, NULL::customer, 'boss.boss') b ORDER BY 1, 2;
SELECT c.name FROM customer c WHERE NOT EXISTS (SELECT FROM relnav.children(c, NULL::orders)) ORDER BY 1;
SELECT (d.node).name, d.depth FROM customer c, relnav.descendants(c) d WHERE c.no = 1 ORDER BY 2, 1;
SELECT (d.node).name, d.depth FROM customer c, relnav.ancestors(c) d WHERE c.no = 4 ORDER BY 2, 1;
SET relnav.inline = off;
SELECT c.name, o.no FROM customer c, relnav.children(c, NULL::orders) o ORDER BY 1, 2;
SELECT o.no, c.name FROM orders o, relnav.parent(o, NULL::customer) c ORDER BY 1;
SELECT c.name, a.title FROM customer c, relnav.associated(c, NULL::article) a ORDER BY 1, 2;
SELECT l.order_no, l.pos, n.remark FROM item l, relnav.related(l, NULL::note, 'notes') n ORDER BY 1, 2, 3;
SELECT c.name, a.title FROM customer c, relnav.related(c, NULL::article, 'orders.items.article') a ORDER BY 1, 2;
SELECT c.name, b.name FROM customer c, relnav.related(c, NULL::customer, 'boss.boss') b ORDER BY 1, 2;
SELECT c.name FROM customer c WHERE NOT EXISTS (SELECT FROM relnav.children(c, NULL::orders)) ORDER BY 1;
SELECT (d.node).name, d.depth FROM customer c, relnav.descendants(c) d WHERE c.no = 1 ORDER BY 2, 1;
SELECT (d.node).name, d.depth FROM customer c, relnav.ancestors(c) d WHERE c.no = 4 ORDER BY 2, 1;
SET relnav.inline = on;

-- Without the rows that a to-one promises, all come; and each once, wherever
-- the route goes on to.  right: Ann and Ann2 for each of orders 10 and 11; 10 and 11 once
INSERT INTO customer VALUES (1, 'Ann2', NULL);
SELECT o.no, c.name FROM orders o, relnav.parent(o, NULL::customer) c WHERE o.no < 12 ORDER BY 1, 2;
SELECT o.no, s.no FROM orders o, relnav.related(o, NULL::orders, 'buyer.orders') s WHERE o.no = 10 ORDER BY 1, 2;
SELECT (d.node).name, d.depth FROM orders o, relnav.parent(o, NULL::customer) c, relnav.descendants(c) d
 WHERE o.no = 10 AND c.name = 'Ann' ORDER BY 2, 1;
-- A cycle, with two rows for each key, ends.
UPDATE customer SET boss_no = 4 WHERE no = 1;
SELECT (d.node).name, d.depth FROM customer c, relnav.descendants(c) d WHERE c.name = 'Ann' ORDER BY 2, 1;
SELECT (d.node).name, d.depth FROM customer c, relnav.ancestors(c) d WHERE c.name = 'Cy' ORDER BY 2, 1;
UPDATE customer SET boss_no = NULL WHERE no = 1;
DELETE FROM customer WHERE name = 'Ann2';

-- It plans as the join that one would write.
CREATE UNIQUE INDEX ON customer (no);
SELECT name, kind FROM relnav.relationships('orders') WHERE name = 'buyer';
SELECT name, kind FROM relnav.relationships('customer') WHERE name IN ('orders', 'boss', 'staff');
EXPLAIN (COSTS OFF) SELECT * FROM orders o, relnav.parent(o, NULL::customer) c WHERE o.placed < '2026-01-03';
EXPLAIN (COSTS OFF) SELECT * FROM orders o, customer c WHERE c.no::numeric = o.customer_no AND o.placed < '2026-01-03';
EXPLAIN (COSTS OFF) SELECT c.name FROM customer c WHERE EXISTS (SELECT FROM relnav.children(c, NULL::customer));
SELECT relnav.query('customer', 'liked');
SELECT relnav.query('item', 'notes');
-- The source is only unique: the key is read from the other side.
SELECT relnav.declare('article', 'sold', '{code}', 'item', '{article}');
SELECT name, kind, origin FROM relnav.relationships('article') WHERE name = 'sold';
SELECT a.title, l.order_no FROM article a, relnav.children(a, NULL::item, 'sold') l ORDER BY 1, 2;
SELECT relnav.undeclare('article', 'sold');

-- A declared name beats the inferred one, and another target's name is not changed by it.
CREATE TABLE land (id int PRIMARY KEY);
CREATE TABLE town (id int PRIMARY KEY, land_id int REFERENCES land, old_land_id int);
SELECT name, full_name, origin FROM relnav.relationships('town');
SELECT relnav.declare('town', 'land', '{old_land_id}', 'land', '{id}', inverse => 'town');
SELECT name, full_name, inverse, origin FROM relnav.relationships('town');
SELECT name, full_name, inverse, origin FROM relnav.relationships('land');
SELECT relnav.query('town', 'land'), relnav.query('town', 'land_id');
-- Even where it is the full name of another.
SELECT relnav.undeclare('town', 'land');
SELECT relnav.declare('town', 'land_id', '{old_land_id}', 'land', '{id}', inverse => 'town_by_land');
SELECT name, full_name, origin FROM relnav.relationships('town');
SELECT name, full_name, origin FROM relnav.relationships('land');
SELECT relnav.undeclare('town', 'land_id');

-- Another name for an inferred one; the old one is still understood.
SELECT relnav.rename('town', 'land', 'country');
SELECT name, full_name, inverse FROM relnav.relationships('town');
SELECT relnav.query('town', 'country') = relnav.query('town', 'land') AS same;
SELECT relnav.rename('town', 'country', 'nation');
SELECT relnav.rename('town', 'nation', 'nation');
SELECT name FROM relnav.relationships('town');
SELECT relnav.rename('town', 'nation', NULL);
SELECT name FROM relnav.relationships('town');
SELECT relnav.rename('town', 'land', NULL);
-- Backwards, of a table with itself, and of an association.
CREATE TABLE part (id int PRIMARY KEY, whole_id int REFERENCES part);
SELECT relnav.rename('part', 'part_by_whole', 'parts');
SELECT name FROM relnav.relationships('part');
CREATE TABLE tagged (town_id int REFERENCES town, land_id int REFERENCES land, PRIMARY KEY (town_id, land_id));
SELECT relnav.rename('land', 'town_via_tagged', 'tagged towns');
SELECT name, full_name, kind FROM relnav.relationships('land');
SELECT relnav.query('land', '"tagged towns"') = relnav.query('land', 'town_via_tagged') AS same;
SELECT source, name, constraint_table, constraints, backwards FROM relnav.declared
 WHERE constraints IS NOT NULL ORDER BY name COLLATE "C";
-- A constraint that has another name now: the relationship has its old one again.
ALTER TABLE part RENAME CONSTRAINT part_whole_id_fkey TO part_fk;
SELECT name FROM relnav.relationships('part');
SELECT name, relnav.declaration_problem(d) FROM relnav.declared d WHERE source = 'part'::regclass;
ALTER TABLE part RENAME CONSTRAINT part_fk TO part_whole_id_fkey;

-- What has become invalid is skipped, said to be, and spoils nothing.
ALTER TABLE orders RENAME customer_no TO customer_number;
SELECT name FROM relnav.relationships('orders');
SELECT name FROM relnav.relationships('customer');
SELECT relnav.query('orders', 'buyer');
SELECT name, relnav.declaration_problem(d) FROM relnav.declared d WHERE source = 'orders'::regclass;
ALTER TABLE orders RENAME customer_number TO customer_no;
SELECT name FROM relnav.relationships('orders');
ALTER TABLE item ALTER article TYPE point USING NULL;
SELECT name FROM relnav.relationships('item');
SELECT name, relnav.declaration_problem(d) FROM relnav.declared d WHERE source = 'item'::regclass ORDER BY 1;
ALTER TABLE item ALTER article TYPE varchar USING NULL;
DROP TABLE likes;
SELECT name FROM relnav.relationships('customer');
-- Of a table that is gone there is nothing to say.
DROP TABLE note;
SELECT name FROM relnav.relationships('item') ORDER BY 1;

-- What cannot be declared, and why.
SELECT relnav.declare('item', 'bad', '{order_no}', 'orders', '{number}');
SELECT relnav.declare('item', 'bad', '{order_no,pos}', 'orders', '{no}');
SELECT relnav.declare('item', 'bad', '{}', 'orders', '{}');
SELECT relnav.declare('orders', 'bad', '{placed}', 'article', '{code}');
SELECT relnav.declare('item', '', '{order_no}', 'orders', '{no}');
SELECT relnav.declare('item', repeat('x', 64), '{order_no}', 'orders', '{no}');
SELECT relnav.declare('item', NULL, '{order_no}', 'orders', '{no}');
SELECT relnav.declare(NULL, 'bad', '{order_no}', 'orders', '{no}');
SELECT relnav.declare('item', 'bad', '{order_no}', NULL, '{no}');
SELECT relnav.declare('customer', 'bad', '{no}', 'article', '{code}', 'item');
SELECT relnav.declare('customer', 'bad', '{no}', 'article', '{code}', 'item', '{order_no}', '{article}', to_one => true);
SELECT relnav.declare('customer', 'bad', '{no}', 'customer', '{boss_no}', inverse => 'bad');
SELECT relnav.declare('item', 'bad', '{order_no}', 'pg_catalog.pg_class', '{relpages}');
SELECT relnav.declare('item', 'bad', '{order_no}', 'relnav.declared', '{name}');
CREATE TEMP TABLE passing (no int);
SELECT relnav.declare('passing', 'bad', '{no}', 'orders', '{no}');
CREATE SEQUENCE counter;
SELECT relnav.declare('counter', 'bad', '{last_value}', 'orders', '{no}');
SELECT relnav.undeclare('orders', 'nothing');
SELECT relnav.undeclare('customer', 'orders');
SELECT relnav.undeclare(NULL, 'orders');
SELECT relnav.rename('orders', 'buyer', 'purchaser');
SELECT relnav.rename('orders', 'nothing', 'something');
SELECT relnav.rename('town', 'land', '');
SELECT relnav.rename('counter', 'nothing', 'something');
-- The trigger's function is of use for no other table.
CREATE TRIGGER stolen BEFORE INSERT ON land FOR EACH ROW EXECUTE FUNCTION relnav.declared_trigger();
INSERT INTO land VALUES (1);
DROP TRIGGER stolen ON land;

-- A partitioned table's is its partitions', too.
CREATE TABLE event (id int, customer int, year int) PARTITION BY LIST (year);
CREATE TABLE event_25 PARTITION OF event FOR VALUES IN (2025);
CREATE TABLE event_26 (year int, customer int, id int);
ALTER TABLE event ATTACH PARTITION event_26 FOR VALUES IN (2026);
INSERT INTO event VALUES (1, 1, 2025), (2, 2, 2026), (3, 1, 2026);
SELECT relnav.declare('event', 'who', '{customer}', 'customer', '{no}', inverse => 'events');
SELECT name, kind, inverse FROM relnav.relationships('event_26');
SELECT e.id, c.name FROM event_26 e, relnav.parent(e, NULL::customer) c ORDER BY 1;
SELECT c.name, e.id FROM customer c, relnav.children(c, NULL::event) e ORDER BY 1, 2;
SELECT c.name, e.id FROM customer c, relnav.children(c, NULL::event_26) e ORDER BY 1, 2;

-- Only the table that was named, not what inherits from it.
CREATE TABLE staff (no int, customer int);
CREATE TABLE former_staff () INHERITS (staff);
INSERT INTO staff VALUES (1, 1);
INSERT INTO former_staff VALUES (2, 1);
SELECT relnav.declare('staff', 'client', '{customer}', 'customer', '{no}', inverse => 'clerks');
SELECT s.no FROM customer c, relnav.related(c, NULL::staff, 'clerks') s;

-- Names of every kind.
CREATE TABLE "S 1" ("C ""1" int, "select" text);
INSERT INTO "S 1" VALUES (1, 'x');
SELECT relnav.declare('"S 1"', 'who, "then".', '{"C \"1"}', 'customer', '{no}', inverse => 'так');
SELECT relnav.query('customer', 'так."who, ""then""."');
SELECT c.name FROM "S 1" s, relnav.related(s, NULL::customer, '"who, ""then""."') c;

-- Privileges: who owns the table says what it is related to, and who owns the
-- target whether that shows there.
CREATE ROLE regress_relnav_owner;
CREATE ROLE regress_relnav_stranger;
GRANT USAGE, CREATE ON SCHEMA regress_relnav_declare TO regress_relnav_owner, regress_relnav_stranger;
SET ROLE regress_relnav_owner;
CREATE TABLE mine (id int PRIMARY KEY, customer int);
SELECT relnav.declare('mine', 'customer', '{customer}', 'customer', '{no}');
SELECT relnav.declare('mine', 'customer2', '{customer}', 'customer', '{no}', inverse => 'mine');
SET ROLE regress_relnav_stranger;
SELECT relnav.declare('mine', 'trap', '{id}', 'customer', '{no}');
SELECT relnav.undeclare('mine', 'customer');
SELECT relnav.rename('town', 'land', 'trap');
INSERT INTO relnav.declared (source, name, source_columns, target, target_columns)
VALUES ('mine', 'trap', '{id}', 'customer', '{no}');
UPDATE relnav.declared SET source_columns = '{id}' WHERE name = 'customer';
DELETE FROM relnav.declared WHERE name = 'customer';
TRUNCATE relnav.declared;
-- Declared by a stranger of his own table with somebody else's target: it shows with him only.
CREATE TABLE his (id int);
SELECT relnav.declare('his', 'customer', '{id}', 'customer', '{no}');
SELECT count(*) FROM relnav.relationships('customer') WHERE target = 'his'::regclass;
-- And it reads nothing that he may not read.
SELECT c.* FROM his h, relnav.parent(h, NULL::customer) c;
RESET ROLE;
SELECT name FROM relnav.relationships('mine');
SET ROLE regress_relnav_owner;
SELECT relnav.undeclare('mine', 'customer');
RESET ROLE;
SELECT name FROM relnav.relationships('mine');
-- The owner's, whom the table was given to.
ALTER TABLE mine OWNER TO regress_relnav_stranger;
SET ROLE regress_relnav_stranger;
SELECT relnav.declare('mine', 'customer', '{customer}', 'customer', '{no}');
RESET ROLE;

-- At once, and not before it is committed, nor after it was taken back.
BEGIN;
SELECT relnav.declare('land', 'towns', '{id}', 'town', '{old_land_id}');
SELECT name FROM relnav.relationships('land') WHERE origin = 'declared';
SAVEPOINT s;
SELECT relnav.undeclare('land', 'towns');
SELECT name FROM relnav.relationships('land') WHERE origin = 'declared';
ROLLBACK TO s;
SELECT name FROM relnav.relationships('land') WHERE origin = 'declared';
ROLLBACK;
SELECT name FROM relnav.relationships('land') WHERE origin = 'declared';
-- A prepared statement follows.
PREPARE towns AS SELECT t.id FROM land l, relnav.related(l, NULL::town, 'towns') t WHERE l.id = 1 ORDER BY 1;
INSERT INTO land VALUES (1);
INSERT INTO town VALUES (1, 1, NULL), (2, NULL, 1);
SET plan_cache_mode = force_generic_plan;
EXECUTE towns;
SELECT relnav.declare('land', 'towns', '{id}', 'town', '{old_land_id}');
EXECUTE towns;
EXECUTE towns;
SELECT relnav.undeclare('land', 'towns');
SELECT relnav.declare('land', 'towns', '{id}', 'town', '{land_id}');
EXECUTE towns;
UPDATE relnav.declared SET name = 'cities' WHERE name = 'towns';
EXECUTE towns;
RESET plan_cache_mode;
DEALLOCATE towns;
-- All of it thrown away at once.
BEGIN;
TRUNCATE relnav.declared;
SELECT count(*) FROM relnav.relationships('customer') WHERE origin = 'declared';
ROLLBACK;
SELECT count(*) > 0 AS back FROM relnav.relationships('customer') WHERE origin = 'declared';

DROP SCHEMA regress_relnav_declare CASCADE;
-- Rows about what is gone: everybody may clear them away.
SET ROLE regress_relnav_stranger;
DELETE FROM relnav.declared;
RESET ROLE;
SELECT count(*) FROM relnav.declared;
-- A domain over an enum, as a key and as what is declared.  right: 1; 1; 1
CREATE SCHEMA regress_relnav_enum;
SET search_path = regress_relnav_enum;
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE DOMAIN good_mood AS mood CHECK (VALUE <> 'sad');
CREATE TABLE day (id int PRIMARY KEY);
CREATE TABLE felt (mood good_mood PRIMARY KEY, day_id int REFERENCES day);
CREATE TABLE note (id int PRIMARY KEY, mood mood);
INSERT INTO day VALUES (1);
INSERT INTO felt VALUES ('glad', 1);
INSERT INTO note VALUES (1, 'glad'), (2, 'sad');
SELECT d.id FROM relnav.parent('felt', 'glad', NULL::day) d;
SELECT relnav.declare('note', 'felt', '{mood}', 'felt', '{mood}', inverse => 'notes');
SELECT n.id FROM felt f, relnav.children(f, NULL::note) n;
SELECT relnav.tree('felt', 'glad', 'notes(id)');
SELECT target, rows FROM relnav.delete_impact('felt', 'glad');
SELECT relnav.undeclare('note', 'felt');
DROP SCHEMA regress_relnav_enum CASCADE;
DROP ROLE regress_relnav_owner, regress_relnav_stranger;
