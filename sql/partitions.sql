-- A partitioned table is one table: its keys are listed once, at the root, and
-- can be navigated from and to the root and every partition.
SET client_min_messages = warning;
CREATE SCHEMA regress_relnav_partitions;
SET search_path = regress_relnav_partitions;

-- A partitioned child; one partition has other column numbers than the root.
CREATE TABLE customer (id int PRIMARY KEY, name text);
CREATE TABLE orders (id int, region text, customer_id int REFERENCES customer, total int,
                     PRIMARY KEY (region, id)) PARTITION BY LIST (region);
CREATE TABLE orders_eu PARTITION OF orders FOR VALUES IN ('eu');
CREATE TABLE orders_us (junk text, total int, customer_id int, region text NOT NULL, more text, id int NOT NULL);
ALTER TABLE orders_us DROP junk, DROP more;
ALTER TABLE orders ATTACH PARTITION orders_us FOR VALUES IN ('us');
INSERT INTO customer VALUES (1, 'Ann'), (2, 'Bob');
INSERT INTO orders VALUES (10, 'eu', 1, 5), (11, 'us', 1, 7), (12, 'us', 2, 9), (13, 'eu', NULL, 0);

-- right: customer | orders | one-to-many, one row
SELECT name, kind, target FROM relnav.relationships('customer');
-- right: orders | customer | many-to-one, one row; the same from each partition,
-- with the partition as the source
SELECT source, name, kind, target, source_columns, constraints
  FROM (VALUES ('orders'::regclass), ('orders_eu'), ('orders_us')) AS s(t), relnav.relationships(s.t)
 ORDER BY source::text COLLATE "C";
-- in the list of all tables partitions do not come up.  right: customer, orders
SELECT source, name FROM relnav.relationships()
 WHERE source::text NOT LIKE '%.%' ORDER BY source::text COLLATE "C";
SELECT name, kind, target, through, notes FROM relnav.describe('orders_us');

-- From the root, and from a partition's own row type.
-- right: 10 Ann, 11 Ann, 12 Bob; then 10 Ann; then 11 Ann, 12 Bob
SELECT o.id, c.name FROM orders o, relnav.parent(o, NULL::customer) c ORDER BY 1;
SELECT o.id, c.name FROM orders_eu o, relnav.parent(o, NULL::customer) c ORDER BY 1;
SELECT o.id, c.name FROM orders_us o, relnav.parent(o, NULL::customer) c ORDER BY 1;
-- To the root, and to a partition: only its rows, in its row type.
-- right: Ann 10, Ann 11, Bob 12; then Ann 10; then (7,1,us,11), (9,2,us,12)
SELECT c.name, o.id, o.region FROM customer c, relnav.children(c, NULL::orders) o ORDER BY 2;
SELECT c.name, o.id, o.region FROM customer c, relnav.children(c, NULL::orders_eu) o ORDER BY 2;
SELECT c.name, o FROM customer c, relnav.children(c, NULL::orders_us) o ORDER BY o.id;
-- by path through a partition's row: siblings of any region.
-- right: 11 {10, 11}, 12 {12}
SELECT o.id, s.id FROM orders_us o, relnav.related(o, NULL::orders, 'customer.orders') s ORDER BY 1, 2;
SELECT o.id, s.id FROM orders_us o, relnav.related(o, NULL::orders_eu, 'customer.orders') s ORDER BY 1, 2;
-- the keyed form.  right: Ann; Bob; 10 11; 11
SELECT c.name FROM relnav.parent('orders', ROW('us'::text, 11), NULL::customer) c;
SELECT c.name FROM relnav.parent('orders_us', '(us,12)', NULL::customer) c;
SELECT o.id FROM relnav.children('customer', 1, NULL::orders) o ORDER BY 1;
SELECT o.id FROM relnav.children('customer', 1, NULL::orders_us) o ORDER BY 1;
-- a key of another partition is no row of this one.  right: no rows
SELECT c.name FROM relnav.parent('orders_us', '(eu,10)', NULL::customer) c;
SELECT relnav.query('customer', 1, 'orders');

-- One more partition: found at once, with partitions of its own.
CREATE TABLE orders_as PARTITION OF orders FOR VALUES IN ('jp', 'kr') PARTITION BY LIST (region);
CREATE TABLE orders_jp PARTITION OF orders_as FOR VALUES IN ('jp');
INSERT INTO orders VALUES (14, 'jp', 2, 1);
-- right: 14 Bob, from any level; Bob 14 to any level
SELECT o.id, c.name FROM orders_jp o, relnav.parent(o, NULL::customer) c;
SELECT o.id, c.name FROM orders_as o, relnav.parent(o, NULL::customer) c;
SELECT c.name, o.id FROM customer c, relnav.children(c, NULL::orders_jp) o;
SELECT c.name, o.id FROM customer c, relnav.children(c, NULL::orders_as) o;
SELECT source, name, target FROM relnav.relationships('orders_jp');
SELECT count(*) FROM relnav.relationships('customer');

-- Uniqueness must hold for the whole: one in a single partition proves nothing
-- for the root, the primary key of all proves one-to-one.
CREATE UNIQUE INDEX ON orders_eu (customer_id);
-- right: one-to-many
SELECT name, kind FROM relnav.relationships('customer');
CREATE TABLE score (customer_id int PRIMARY KEY REFERENCES customer, points int) PARTITION BY HASH (customer_id);
CREATE TABLE score0 PARTITION OF score FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE score1 PARTITION OF score FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO score VALUES (1, 100), (2, 50);
-- right: orders | one-to-many, score | one-to-one
SELECT name, kind, target FROM relnav.relationships('customer') ORDER BY name COLLATE "C";
-- right: Ann 100, Bob 50
SELECT c.name, s.points FROM customer c, relnav.children(c, NULL::score) s ORDER BY 1;
DROP TABLE score;

-- Detached, the table is on its own and keeps its own key; the root has lost
-- its rows.
ALTER TABLE orders DETACH PARTITION orders_us;
-- right: orders_us is a second child of customer
SELECT name, kind, target FROM relnav.relationships('customer') ORDER BY name COLLATE "C";
-- right: Ann 10, Bob 14; then Ann 11, Bob 12
SELECT c.name, o.id FROM customer c, relnav.children(c, NULL::orders) o ORDER BY 2;
SELECT c.name, o.id FROM customer c, relnav.children(c, NULL::orders_us) o ORDER BY 2;
-- and attached again it is one with the root.  right: orders only
ALTER TABLE orders ATTACH PARTITION orders_us FOR VALUES IN ('us');
SELECT name, kind, target FROM relnav.relationships('customer') ORDER BY name COLLATE "C";
SELECT c.name, count(*) FROM customer c, relnav.children(c, NULL::orders) o GROUP BY 1 ORDER BY 1;
DROP TABLE orders;


-- A partitioned parent.  The catalogs hold one foreign key for each partition;
-- it is one relationship.
CREATE TABLE depot (id int, area text, name text, PRIMARY KEY (area, id)) PARTITION BY LIST (area);
CREATE TABLE depot_n PARTITION OF depot FOR VALUES IN ('n');
CREATE TABLE depot_s (name text, x int, area text NOT NULL, id int NOT NULL);
ALTER TABLE depot_s DROP x;
ALTER TABLE depot ATTACH PARTITION depot_s FOR VALUES IN ('s');
CREATE TABLE van (id int PRIMARY KEY, depot_area text, depot_id int,
                  FOREIGN KEY (depot_area, depot_id) REFERENCES depot (area, id));
INSERT INTO depot VALUES (1, 'n', 'N1'), (1, 's', 'S1'), (2, 's', 'S2');
INSERT INTO van VALUES (1, 'n', 1), (2, 's', 1), (3, 's', 2), (4, 's', NULL);
-- right: one row each: depot | van | one-to-many; van | depot | many-to-one
SELECT source, name, kind, target, constraints
  FROM (VALUES ('depot'::regclass), ('van'), ('depot_s')) AS s(t), relnav.relationships(s.t)
 ORDER BY source::text COLLATE "C";
-- right: 1 N1, 2 S1, 3 S2
SELECT v.id, d.name FROM van v, relnav.parent(v, NULL::depot) d ORDER BY 1;
-- a partition as the target: only its rows.  right: 2 (S1,s,1), 3 (S2,s,2)
SELECT v.id, d FROM van v, relnav.parent(v, NULL::depot_s) d ORDER BY 1;
-- right: N1 1, S1 2, S2 3; then S1 2, S2 3
SELECT d.name, v.id FROM depot d, relnav.children(d, NULL::van) v ORDER BY 2;
SELECT d.name, v.id FROM depot_s d, relnav.children(d, NULL::van) v ORDER BY 2;
DROP TABLE van;

-- A link between partitioned tables, partitioned itself.
CREATE TABLE good (id int PRIMARY KEY, name text) PARTITION BY RANGE (id);
CREATE TABLE good0 PARTITION OF good FOR VALUES FROM (0) TO (2);
CREATE TABLE good1 PARTITION OF good FOR VALUES FROM (2) TO (9);
CREATE TABLE stock (area text, depot_id int, good_id int REFERENCES good, quantity int,
                    FOREIGN KEY (area, depot_id) REFERENCES depot (area, id),
                    PRIMARY KEY (area, depot_id, good_id)) PARTITION BY LIST (area);
CREATE TABLE stock_n PARTITION OF stock FOR VALUES IN ('n');
CREATE TABLE stock_s PARTITION OF stock FOR VALUES IN ('s');
INSERT INTO good VALUES (1, 'tea'), (2, 'cup'), (3, 'pot');
INSERT INTO stock VALUES ('n', 1, 1, 5), ('n', 1, 2, 5), ('s', 1, 1, 5), ('s', 2, 3, 5);
-- right: depot | good (m:n), stock (1:n); good | depot (m:n), stock (1:n)
SELECT source, name, kind, target, association, repeats
  FROM (VALUES ('depot'::regclass), ('good')) AS s(t), relnav.relationships(s.t)
 ORDER BY source::text COLLATE "C", name COLLATE "C";
-- right: N1 cup tea, S1 tea, S2 pot
SELECT d.name, g.name FROM depot d, relnav.associated(d, NULL::good) g ORDER BY 1, 2;
-- right: S1 tea, S2 pot; then from a partition to a partition: S2 (3,pot); S1 (1,tea)
SELECT d.name, g.name FROM depot_s d, relnav.associated(d, NULL::good) g ORDER BY 1, 2;
SELECT d.name, g FROM depot_s d, relnav.associated(d, NULL::good1) g ORDER BY 1, 2;
SELECT d.name, g FROM depot_s d, relnav.associated(d, NULL::good0) g ORDER BY 1, 2;
-- right: tea {N1, S1}
SELECT g.name, d.name FROM good0 g, relnav.associated(g, NULL::depot) d ORDER BY 1, 2;
DROP TABLE stock, good, depot;

-- A self-reference of a partitioned table.
CREATE TABLE node (id int PRIMARY KEY, parent_id int REFERENCES node) PARTITION BY RANGE (id);
CREATE TABLE node0 PARTITION OF node FOR VALUES FROM (0) TO (10);
CREATE TABLE node1 (parent_id int, id int NOT NULL);
ALTER TABLE node ATTACH PARTITION node1 FOR VALUES FROM (10) TO (20);
INSERT INTO node VALUES (1, NULL), (2, 1), (11, 1), (12, 11);
-- right: node_by_parent, parent
SELECT name, kind, target FROM relnav.relationships('node') ORDER BY name COLLATE "C";
-- right: 2 1, 11 1, 12 11; then 11 1, 12 11; then 1 11
SELECT n.id, p.id FROM node n, relnav.parent(n, NULL::node) p ORDER BY 1;
SELECT n.id, p.id FROM node1 n, relnav.parent(n, NULL::node) p ORDER BY 1;
SELECT n.id, c.id FROM node0 n, relnav.children(n, NULL::node1) c ORDER BY 1;
DROP TABLE node;


-- A key that every partition has alike is the root's, even if their columns
-- are in another order; it is validated if all are.
CREATE TABLE log (id int, customer_id int, at date) PARTITION BY RANGE (at);
CREATE TABLE log1 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE log2 (at date, customer_id int, id int);
ALTER TABLE log ATTACH PARTITION log2 FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
INSERT INTO log VALUES (1, 1, '2026-01-05'), (2, 1, '2026-02-05'), (3, 2, '2026-02-06');
ALTER TABLE log1 ADD CONSTRAINT k1 FOREIGN KEY (customer_id) REFERENCES customer;
-- only one has it: it is that partition's own.
-- right: log1 | customer, and nothing for log; customer | log1
SELECT source, name, kind, target, validated
  FROM (VALUES ('log'::regclass), ('log1'), ('log2'), ('customer')) AS s(t), relnav.relationships(s.t)
 ORDER BY source::text COLLATE "C";
-- in the list of all tables too.  right: customer log1, log1 customer
SELECT source, name FROM relnav.relationships()
 WHERE source::text NOT LIKE '%.%' ORDER BY source::text COLLATE "C";
-- right: 1 Ann; Ann 1
SELECT l.id, c.name FROM log1 l, relnav.parent(l, NULL::customer) c;
SELECT c.name, l.id FROM customer c, relnav.children(c, NULL::log1) l;
-- from the root there is no way, and the error says why
SELECT l.id FROM log l, relnav.parent(l, NULL::customer) c;
SELECT c.name FROM customer c, relnav.children(c, NULL::log) l;
-- both have it, one not valid.
-- right: log | customer | not validated; log1, log2 the same; customer | log
ALTER TABLE log2 ADD CONSTRAINT k2 FOREIGN KEY (customer_id) REFERENCES customer NOT VALID;
SELECT source, name, kind, target, validated
  FROM (VALUES ('log'::regclass), ('log1'), ('log2'), ('customer')) AS s(t), relnav.relationships(s.t)
 ORDER BY source::text COLLATE "C";
-- right: 1 Ann, 2 Ann, 3 Bob; Ann 1 2, Bob 3; of log2: 2 Ann, 3 Bob
SELECT l.id, c.name FROM log l, relnav.parent(l, NULL::customer) c ORDER BY 1;
SELECT c.name, l.id FROM customer c, relnav.children(c, NULL::log) l ORDER BY 2;
SELECT l.id, c.name FROM log2 l, relnav.parent(l, NULL::customer) c ORDER BY 1;
ALTER TABLE log2 VALIDATE CONSTRAINT k2;
-- right: validated
SELECT source, name, kind, target, validated FROM relnav.relationships('log');
-- a third partition without it: the keys are the partitions' own again
CREATE TABLE log3 PARTITION OF log FOR VALUES FROM ('2026-03-01') TO ('2026-04-01');
-- right: customer log1, customer log2, log1 customer, log2 customer
SELECT source, name FROM relnav.relationships()
 WHERE source::text NOT LIKE '%.%' ORDER BY source::text COLLATE "C", name COLLATE "C";
DROP TABLE log3;
-- to another table is not alike.  right: log1 customer, log2 log3
ALTER TABLE log2 DROP CONSTRAINT k2;
CREATE TABLE log3 (id int PRIMARY KEY);
ALTER TABLE log2 ADD FOREIGN KEY (customer_id) REFERENCES log3 NOT VALID;
SELECT source, name, target
  FROM (VALUES ('log'::regclass), ('log1'), ('log2')) AS s(t), relnav.relationships(s.t)
 ORDER BY source::text COLLATE "C";
DROP TABLE log, log3;

-- The root's key and a partition's further key to the same table.
CREATE TABLE bill (id int, customer_id int REFERENCES customer, payer_id int) PARTITION BY RANGE (id);
CREATE TABLE bill0 PARTITION OF bill FOR VALUES FROM (0) TO (10);
CREATE TABLE bill1 PARTITION OF bill FOR VALUES FROM (10) TO (20);
ALTER TABLE bill0 ADD FOREIGN KEY (payer_id) REFERENCES customer;
INSERT INTO bill VALUES (1, 1, 2), (11, 2, 1);
-- right: bill | customer; bill0 | customer, payer; bill1 | customer
SELECT source, name, kind, target
  FROM (VALUES ('bill'::regclass), ('bill0'), ('bill1')) AS s(t), relnav.relationships(s.t)
 ORDER BY source::text COLLATE "C", name COLLATE "C";
-- right: customer | bill (the root's), bill0 (the partition's own)
SELECT name, full_name, target FROM relnav.relationships('customer') ORDER BY name COLLATE "C";
-- right: 1 Bob; 1 Ann
SELECT b.id, c.name FROM bill0 b, relnav.parent(b, NULL::customer, 'payer') c;
SELECT b.id, c.name FROM bill0 b, relnav.parent(b, NULL::customer, 'customer') c;
-- right: Ann 1, Bob 11; of bill0 by its own key Bob 1, by the root's Ann 1
SELECT c.name, b.id FROM customer c, relnav.children(c, NULL::bill) b ORDER BY 2;
SELECT c.name, b.id FROM customer c, relnav.children(c, NULL::bill0, 'bill0') b ORDER BY 2;
SELECT c.name, b.id FROM customer c, relnav.children(c, NULL::bill0, 'bill') b ORDER BY 2;
-- both lead to rows of bill0, so one must be named
SELECT c.name, b.id FROM customer c, relnav.children(c, NULL::bill0) b ORDER BY 2;
DROP TABLE bill;

-- A key that references one partition of a table is that partition's.
CREATE TABLE doc (id int PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE doc0 PARTITION OF doc FOR VALUES FROM (0) TO (10);
CREATE TABLE doc1 PARTITION OF doc FOR VALUES FROM (10) TO (20);
CREATE TABLE page (id int PRIMARY KEY, doc_id int REFERENCES doc0);
INSERT INTO doc VALUES (1), (11);
INSERT INTO page VALUES (1, 1);
-- right: doc0 | page; page | doc; nothing for doc and doc1
SELECT source, name, kind, target
  FROM (VALUES ('doc'::regclass), ('doc0'), ('doc1'), ('page')) AS s(t), relnav.relationships(s.t)
 ORDER BY source::text COLLATE "C", name COLLATE "C";
-- right: 1 1; 1 1
SELECT p.id, d.id FROM page p, relnav.parent(p, NULL::doc0) d;
SELECT d.id, p.id FROM doc0 d, relnav.children(d, NULL::page) p;
DROP TABLE page, doc;

DROP SCHEMA regress_relnav_partitions CASCADE;
