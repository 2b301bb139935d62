-- Looking around where there are views, and relationships that were declared.
-- What was declared is followed like a key; a view is a source, and followed
-- by nothing but a declaration.
\pset format unaligned
SET client_min_messages = warning;
CREATE SCHEMA regress_relnav_explore;
SET search_path = regress_relnav_explore;
CREATE TABLE customer (id int PRIMARY KEY, name text);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customer ON DELETE CASCADE);
CREATE TABLE tag (id int PRIMARY KEY);
CREATE TABLE orders_tag (order_id int, tag_id int, PRIMARY KEY (order_id, tag_id));
CREATE TABLE log (id int PRIMARY KEY, customer_no int);
CREATE VIEW customer_view AS SELECT id, name FROM customer;
CREATE VIEW orders_view AS SELECT id, customer_id FROM orders;
INSERT INTO customer VALUES (1, 'a'), (2, 'b');
INSERT INTO orders VALUES (10, 1), (11, 1), (12, 2);
INSERT INTO tag VALUES (5), (6);
INSERT INTO orders_tag VALUES (10, 5), (10, 6), (11, 5);
INSERT INTO log VALUES (100, 1), (101, 1), (102, 2);
CREATE MATERIALIZED VIEW orders_mat AS SELECT id, customer_id FROM orders;
CREATE FOREIGN DATA WRAPPER regress_relnav_wrapper;
CREATE SERVER regress_relnav_server FOREIGN DATA WRAPPER regress_relnav_wrapper;
CREATE FOREIGN TABLE remote (id int, customer_no int) SERVER regress_relnav_server;
SELECT relnav.declare('log', 'subject', '{customer_no}', 'customer', '{id}', inverse => 'entries');
SELECT relnav.declare('orders', 'labels', '{id}', 'tag', '{id}', 'orders_tag', '{order_id}', '{tag_id}', inverse => 'labelled');
SELECT relnav.declare('remote', 'client', '{customer_no}', 'customer', '{id}');
SELECT relnav.declare('customer', 'mat_orders', '{id}', 'orders_mat', '{customer_id}', inverse => 'mat_customer');
-- followed from one side only
SELECT relnav.declare('customer', 'twin', '{id}', 'tag', '{id}');
SELECT relnav.declare('tag', 'logged', '{id}', 'log', '{customer_no}');
SELECT relnav.declare('log', 'alike', '{customer_no}', 'remote', '{customer_no}');

-- right: entries 2, mat_orders 2, orders 2, twin 0; no views of orders
SELECT name, kind, target, rows FROM relnav.neighbors('customer', 1);
-- right: customer 1, labels 2
SELECT name, kind, target, rows FROM relnav.neighbors('orders', 10);
-- right: the customer's own, and twin
SELECT n.name, n.kind, n.target, n.rows FROM customer_view c, relnav.neighbors(c) n WHERE c.id = 1;
-- right: customer 1, labels 2, mat_customer 1
SELECT n.name, n.kind, n.target, n.rows FROM orders_mat o, relnav.neighbors(o) n WHERE o.id = 10;
-- right: client 1
SELECT n.name, n.kind, n.target, n.rows FROM relnav.neighbors(ROW(7, 2)::remote) n;

-- right: subject.twin, which tag knows nothing of; alike.client.twin, subject.orders.labels
SELECT * FROM relnav.paths('log', 'tag', 3);
-- right: logged is the only one of one hop; labelled.customer.entries
SELECT * FROM relnav.paths('tag', 'log', 3);
-- right: client.twin, client.orders.labels
SELECT * FROM relnav.paths('remote', 'tag', 3);
-- right: none, none, and the declared one
SELECT * FROM relnav.paths('customer', 'orders_view');
SELECT * FROM relnav.paths('customer_view', 'orders_view');
SELECT * FROM relnav.paths('customer', 'orders_mat', 1);
-- from a view.  right: labels; customer.twin
SELECT * FROM relnav.paths('orders_view', 'tag', 2);

-- Only foreign keys act.  right: customer 1, orders 2; log 1; three errors
SELECT target, action, rows FROM relnav.delete_impact('customer', 1);
SELECT target, action, rows FROM relnav.delete_impact('log', 100);
SELECT d.target FROM orders_view o, relnav.delete_impact(o) d;
SELECT d.target FROM orders_mat o, relnav.delete_impact(o) d;
SELECT d.target FROM relnav.delete_impact(ROW(7, 2)::remote) d;

-- right: no views but orders_mat; 9 lines: alike, client, customer, labels and
-- labelled at orders_tag, logged, mat_customer, subject, twin
SELECT relnav.diagram('regress_relnav_explore');
-- right: 8, orders_tag as a line
SELECT relnav.diagram('regress_relnav_explore', folded => true);
SELECT relnav.diagram('regress_relnav_explore', 'dot', true);
-- right: the view's own, customer and labels, and those between the others
SELECT relnav.diagram_around('orders_view');
-- right: client, the view as nobody's neighbour
SELECT relnav.diagram_around('remote');
-- right: entries, mat_orders, orders from the view, twin to it
SELECT relnav.diagram_around('customer_view');

-- right: no index for the foreign key; then the declaration without its column besides
SELECT target, finding FROM relnav.lint('regress_relnav_explore');
ALTER TABLE log RENAME customer_no TO no;
SELECT target, finding, detail FROM relnav.lint('regress_relnav_explore') WHERE finding ~ 'declared';
ALTER TABLE log RENAME no TO customer_no;

-- Each is a statement that runs; views are sources of theirs, and a target where
-- it was declared.  right: 20 relationships, 20 functions, no comment
SELECT count(*) AS relationships FROM relnav.relationships() WHERE source IN
    (SELECT oid FROM pg_class WHERE relnamespace = 'regress_relnav_explore'::regnamespace);
SELECT a FROM relnav.accessors('regress_relnav_explore') a WHERE a LIKE '--%';
\set ECHO none
\o /dev/null
SELECT relnav.accessors('regress_relnav_explore') \gexec
\o
\set ECHO all
SELECT count(*) FROM pg_proc WHERE pronamespace = 'regress_relnav_explore'::regnamespace;
SELECT c.id, (SELECT count(*) FROM mat_orders(c)) AS mat, (SELECT count(*) FROM entries(c)) AS entries FROM customer_view c ORDER BY 1;
SELECT o.id, (SELECT array_agg(l.id ORDER BY l.id) FROM labels(o) l) AS labels FROM orders_view o ORDER BY 1;

-- A view that was declared is counted where a query of it would not fail for
-- want of privileges: the caller's on what a security_invoker view reads, and
-- the owner's on what another one does.  The other counts stay.
CREATE ROLE regress_relnav_looker;
CREATE TABLE hidden (id int PRIMARY KEY, customer_id int);
INSERT INTO hidden VALUES (1, 1), (2, 1), (3, 2);
CREATE VIEW asked WITH (security_invoker) AS SELECT id, customer_id FROM hidden;
CREATE VIEW shown AS SELECT id, customer_id FROM hidden;
SELECT relnav.declare('tag', 'asked', '{id}', 'asked', '{customer_id}', inverse => 'tag');
SELECT relnav.declare('tag', 'shown', '{id}', 'shown', '{customer_id}', inverse => 'tag');
GRANT USAGE ON SCHEMA regress_relnav_explore TO regress_relnav_looker;
GRANT SELECT ON tag, log, asked, shown TO regress_relnav_looker;
SET ROLE regress_relnav_looker;
-- right: asked is not counted, shown 2; logged 2
SELECT name, rows FROM relnav.neighbors(ROW(1)::tag) WHERE name IN ('asked', 'shown', 'logged');
RESET ROLE;
-- policies that would be applied with the caller's rights, or the owner's
GRANT SELECT ON hidden TO regress_relnav_looker;
ALTER TABLE hidden ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON hidden USING (id <> 2);
SET ROLE regress_relnav_looker;
-- right: asked 1, shown 2: the view's owner is not bound by policies
SELECT name, rows FROM relnav.neighbors(ROW(1)::tag) WHERE name IN ('asked', 'shown', 'logged');
-- right: asked is not counted, by hand it is an error; shown 2
SET row_security = off;
SELECT name, rows FROM relnav.neighbors(ROW(1)::tag) WHERE name IN ('asked', 'shown', 'logged');
SHOW row_security;
SELECT count(*) FROM asked;
SELECT count(*) FROM shown WHERE customer_id = 1;
RESET row_security;
RESET ROLE;
-- the owner has lost what the view reads.  right: asked 1, shown is not counted
ALTER VIEW shown OWNER TO regress_relnav_looker;
REVOKE SELECT ON hidden FROM regress_relnav_looker;
CREATE ROLE regress_relnav_other_looker;
GRANT USAGE ON SCHEMA regress_relnav_explore TO regress_relnav_other_looker;
GRANT SELECT ON tag, log, hidden, asked, shown TO regress_relnav_other_looker;
SET ROLE regress_relnav_other_looker;
SELECT name, rows FROM relnav.neighbors(ROW(1)::tag) WHERE name IN ('asked', 'shown', 'logged');
RESET ROLE;

-- Down by one and up by another that was declared is a path; down and up by the
-- same is none.  right: bs.c and back; nothing
CREATE TABLE left_end (id int PRIMARY KEY);
CREATE TABLE right_end (id int PRIMARY KEY);
CREATE TABLE middle (a_id int, c_id int);
SELECT relnav.declare('middle', 'a', '{a_id}', 'left_end', '{id}', inverse => 'bs'),
       relnav.declare('middle', 'c', '{c_id}', 'right_end', '{id}', inverse => 'bs');
SELECT path FROM relnav.paths('left_end', 'right_end');
SELECT path FROM relnav.paths('right_end', 'left_end');
SELECT path FROM relnav.paths('left_end', 'left_end');
-- from a view, too
CREATE VIEW left_view AS SELECT id FROM left_end;
SELECT path FROM relnav.paths('left_view', 'right_end');
SELECT path FROM relnav.paths('left_view', 'left_end');

DELETE FROM relnav.declared WHERE source IN
    (SELECT oid FROM pg_class WHERE relnamespace = 'regress_relnav_explore'::regnamespace);
RESET search_path;
DROP SCHEMA regress_relnav_explore CASCADE;
DROP FOREIGN DATA WRAPPER regress_relnav_wrapper CASCADE;
DROP ROLE regress_relnav_looker, regress_relnav_other_looker;
