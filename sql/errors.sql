-- Every refusal says what was found and names a call that works, with the
-- SQLSTATE that core uses for the like.
SET client_min_messages = warning;
CREATE SCHEMA regress_relnav_errors;
SET search_path = regress_relnav_errors;
\set SHOW_CONTEXT never

CREATE TABLE address (id int PRIMARY KEY, city text);
CREATE TABLE customer (id int PRIMARY KEY, name text);
CREATE TABLE product (id int PRIMARY KEY);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customer,
                     billing_id int REFERENCES address, shipping_id int REFERENCES address);
CREATE TABLE items (order_id int REFERENCES orders, product_id int REFERENCES product, PRIMARY KEY (order_id, product_id));
CREATE TABLE alone (id int PRIMARY KEY, v text);
INSERT INTO customer VALUES (1, 'Ann');
INSERT INTO address VALUES (1, 'Rome');
INSERT INTO orders VALUES (1, 1, 1, NULL);
INSERT INTO alone VALUES (1, NULL);


-- Ambiguous.  right: 42P09 (ambiguous_alias), with the candidates' names,
-- constraints and columns, and a call that works

-- no via, two relationships
SELECT * FROM orders o, relnav.parent(o, NULL::address);
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM relnav.children('address', 1, NULL::orders);
\echo :LAST_ERROR_SQLSTATE
-- a name that means two
SELECT * FROM address a, relnav.children(a, NULL::orders, 'orders');
\echo :LAST_ERROR_SQLSTATE
-- in the middle of a path
SELECT * FROM address a, relnav.related(a, NULL::customer, 'orders.customer');
\echo :LAST_ERROR_SQLSTATE
-- the hints work.  right: 1; 1
SELECT count(*) FROM orders, relnav.parent(orders, NULL::address, 'billing');
SELECT count(*) FROM relnav.children('address', 1, NULL::orders, 'orders_by_billing');
-- more than ten candidates: ten are told, and how many more there are
CREATE TABLE many (id int PRIMARY KEY, c01 int REFERENCES customer, c02 int REFERENCES customer, c03 int REFERENCES customer,
                   c04 int REFERENCES customer, c05 int REFERENCES customer, c06 int REFERENCES customer,
                   c07 int REFERENCES customer, c08 int REFERENCES customer, c09 int REFERENCES customer,
                   c10 int REFERENCES customer, c11 int REFERENCES customer, c12 int REFERENCES customer);
INSERT INTO many VALUES (1);
SELECT * FROM many m, relnav.parent(m, NULL::customer);
\echo :LAST_ERROR_SQLSTATE
ALTER TABLE many DROP c12;
SELECT * FROM many m, relnav.parent(m, NULL::customer);
ALTER TABLE many DROP c11;
SELECT * FROM many m, relnav.parent(m, NULL::customer);
DROP TABLE many;


-- No relationship.  right: 42704 (undefined_object)

-- a slip of the pen: the nearest name
SELECT * FROM orders o, relnav.parent(o, NULL::customer, 'custmer');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM orders o, relnav.related(o, NULL::product, 'itmes.product');
\echo :LAST_ERROR_SQLSTATE
-- nothing like it
SELECT * FROM orders o, relnav.parent(o, NULL::customer, 'zzzzzzzz');
\echo :LAST_ERROR_SQLSTATE
-- no way in one hop: the shortest path is told
SELECT * FROM customer c, relnav.related(c, NULL::product);
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM customer c, relnav.children(c, NULL::items);
\echo :LAST_ERROR_SQLSTATE
-- and works.  right: 0 rows, no error
SELECT count(*) FROM customer, relnav.related(customer, NULL::items, 'orders.items');
-- the other direction: a parent is not a child
SELECT * FROM orders o, relnav.children(o, NULL::customer);
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM customer c, relnav.parent(c, NULL::orders);
\echo :LAST_ERROR_SQLSTATE
-- not an association: a plain key
SELECT * FROM orders o, relnav.associated(o, NULL::customer);
\echo :LAST_ERROR_SQLSTATE
-- no keys at all
SELECT * FROM alone a, relnav.parent(a, NULL::customer);
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM customer c, relnav.related(c, NULL::alone);
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM relnav.children('alone', 1, NULL::orders);
\echo :LAST_ERROR_SQLSTATE
SELECT relnav.query('alone', 'orders');
\echo :LAST_ERROR_SQLSTATE
-- to itself
SELECT * FROM customer c, relnav.parent(c, NULL::customer);
\echo :LAST_ERROR_SQLSTATE
-- a name with capitals is not the one without
SELECT * FROM orders o, relnav.parent(o, NULL::customer, 'Customer');
\echo :LAST_ERROR_SQLSTATE


-- The path leads elsewhere.  right: 42804 (datatype_mismatch)
SELECT * FROM orders o, relnav.related(o, NULL::product, 'customer');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM customer c, relnav.related(c, NULL::customer, 'orders.items');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM relnav.related('customer', 1, NULL::address, 'orders');
\echo :LAST_ERROR_SQLSTATE

-- An untyped target.  right: an error that says how to write it
SELECT * FROM orders o, relnav.parent(o, NULL);
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM orders o, relnav.parent(o, 'customer');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM orders o, relnav.parent(o, 'customer'::regclass);
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM orders o, relnav.parent(o, 1);
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM relnav.children('customer', 1, 'orders'::regclass);
\echo :LAST_ERROR_SQLSTATE
-- the server's own: no such call
SELECT * FROM relnav.children('customer', 1, NULL);
\echo :LAST_ERROR_SQLSTATE

-- A source that is no row of a table.  right: 42809 (wrong_object_type)
SELECT * FROM (SELECT * FROM customer) s, relnav.children(s, NULL::orders);
\echo :LAST_ERROR_SQLSTATE
WITH s AS (SELECT * FROM customer) SELECT * FROM s, relnav.children(s, NULL::orders);
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM (customer c JOIN alone a USING (id)) AS j, relnav.children(j, NULL::orders);
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM relnav.children(ROW(1, 'Ann'), NULL::orders);
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM relnav.children(1, NULL::orders);
\echo :LAST_ERROR_SQLSTATE
-- the hint works.  right: 1
SELECT count(*) FROM (SELECT * FROM customer) s, relnav.children(s::customer, NULL::orders);
-- an alias that is also a column's name is the column
SELECT * FROM customer name, relnav.children(name, NULL::orders);
\echo :LAST_ERROR_SQLSTATE
-- and here, too, the hint works.  right: 1
SELECT count(*) FROM customer name, relnav.children(name.*, NULL::orders);
-- a type that is no table's; a domain over one
CREATE TYPE pair AS (id int, customer_id int);
CREATE DOMAIN named_customer AS customer CHECK ((VALUE).name IS NOT NULL);
SELECT * FROM relnav.parent(ROW(1, 1)::pair, NULL::customer);
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM orders o, relnav.parent(o, NULL::pair);
\echo :LAST_ERROR_SQLSTATE
-- a domain is refused or taken for its table, never misread
DO $$
DECLARE
    n int;
BEGIN
    SELECT count(*) INTO n FROM relnav.children(ROW(1, 'Ann')::named_customer, NULL::orders);
    RAISE WARNING 'domain as source: %', CASE n WHEN 1 THEN 'right' ELSE 'wrong' END;
EXCEPTION WHEN wrong_object_type THEN
    RAISE WARNING 'domain as source: right';
END $$;
-- a recursion would have to return rows of the domain
SELECT * FROM relnav.descendants(ROW(1, 'Ann')::named_customer);
DROP DOMAIN named_customer;
DROP TYPE pair;
-- a relation that is no table: by key
CREATE SEQUENCE seq;
SELECT * FROM relnav.children('seq', 1, NULL::orders);
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM relnav.children('customer_pkey', 1, NULL::orders);
\echo :LAST_ERROR_SQLSTATE
SELECT relnav.query('seq', 'orders');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM relnav.describe('seq');
\echo :LAST_ERROR_SQLSTATE
DROP SEQUENCE seq;
-- a table that is none: the server's own
SELECT * FROM relnav.children('nosuch', 1, NULL::orders);
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM relnav.describe('nosuch');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM relnav.relationships(0);
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM relnav.relationships(4000000000);
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM relnav.children(4000000000::oid::regclass, 1, NULL::orders);
\echo :LAST_ERROR_SQLSTATE
SELECT relnav.model('nosuch');
\echo :LAST_ERROR_SQLSTATE


-- Keys on partitions only.  right: 42704, and the partitions that have one
CREATE TABLE log (id int, customer_id int) PARTITION BY RANGE (id);
CREATE TABLE log1 PARTITION OF log FOR VALUES FROM (0) TO (10);
CREATE TABLE "Log 2" PARTITION OF log FOR VALUES FROM (10) TO (20);
CREATE TABLE log3 PARTITION OF log FOR VALUES FROM (20) TO (30);
ALTER TABLE log1 ADD FOREIGN KEY (customer_id) REFERENCES customer;
ALTER TABLE "Log 2" ADD FOREIGN KEY (customer_id) REFERENCES customer;
INSERT INTO log VALUES (1, 1);
SELECT * FROM log l, relnav.parent(l, NULL::customer);
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM customer c, relnav.children(c, NULL::log);
\echo :LAST_ERROR_SQLSTATE
DROP TABLE log;


-- An unreadable path.  right: 42601 (syntax_error), with the fault in the detail
SELECT relnav.query('customer', 'orders..items');
\echo :LAST_ERROR_SQLSTATE
SELECT relnav.query('customer', '.orders');
\echo :LAST_ERROR_SQLSTATE
SELECT relnav.query('customer', 'orders.');
\echo :LAST_ERROR_SQLSTATE
SELECT relnav.query('customer', '');
\echo :LAST_ERROR_SQLSTATE
SELECT relnav.query('customer', 'orders items');
\echo :LAST_ERROR_SQLSTATE
SELECT relnav.query('customer', 'orders,items');
\echo :LAST_ERROR_SQLSTATE
SELECT relnav.query('customer', 'orders->items');
\echo :LAST_ERROR_SQLSTATE
SELECT relnav.query('customer', '"orders');
\echo :LAST_ERROR_SQLSTATE
SELECT relnav.query('customer', '""');
\echo :LAST_ERROR_SQLSTATE
SELECT relnav.query('customer', '"orders"items');
\echo :LAST_ERROR_SQLSTATE
SELECT relnav.query('customer', 'orders(id)');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM customer c, relnav.children(c, NULL::orders, 'a b');
\echo :LAST_ERROR_SQLSTATE
-- via is one hop, not a path
SELECT * FROM customer c, relnav.children(c, NULL::items, 'orders.items');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM orders o, relnav.parent(o, NULL::customer, 'customer.x');
\echo :LAST_ERROR_SQLSTATE
-- a path may be long.  right: 10000 hops, so a statement of some length
SELECT length(relnav.query('customer', string_agg('orders.customer', '.'))) > 100000 AS long
  FROM generate_series(1, 5000);


-- Names are quoted as they must be typed.
CREATE SCHEMA "Odd.Schema";
CREATE TABLE "Odd.Schema"."My Table" (id int PRIMARY KEY, "Customer Id" int REFERENCES customer, "Payer" int REFERENCES customer);
INSERT INTO "Odd.Schema"."My Table" VALUES (1, 1, 1);
SELECT * FROM "Odd.Schema"."My Table" t, relnav.parent(t, NULL::customer);
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM customer c, relnav.children(c, NULL::"Odd.Schema"."My Table");
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM "Odd.Schema"."My Table" t, relnav.parent(t, NULL::customer, '"Customer id"');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM address a, relnav.related(a, NULL::"Odd.Schema"."My Table");
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM "Odd.Schema"."My Table" t, relnav.related(t, NULL::orders, '"Customer Id"');
\echo :LAST_ERROR_SQLSTATE
CREATE TABLE "Odd.Schema"."No Key" ("Customer Id" int REFERENCES customer);
SELECT * FROM relnav.parent('"Odd.Schema"."No Key"', 1, NULL::customer);
\echo :LAST_ERROR_SQLSTATE


-- Nothing is raised that execution would not raise: what is never called never
-- fails, and planning alone raises nothing.
DO $$
BEGIN
    EXECUTE 'EXPLAIN SELECT FROM customer c, relnav.children(c, NULL::product)';
END $$;
-- right: 0, as there is no customer 0
SELECT count(*) FROM customer c, relnav.children(c, NULL::product) WHERE c.id = 0;
-- right: a prepared statement is an error only when it runs
PREPARE wrong AS SELECT count(*) FROM customer c, relnav.children(c, NULL::orders, 'nosuch');
EXECUTE wrong;
-- and is right as soon as the schema is
ALTER TABLE orders RENAME CONSTRAINT orders_customer_id_fkey TO nosuch;
EXECUTE wrong;
DEALLOCATE wrong;
-- A caught error leaves nothing behind.
DO $$
BEGIN
    FOR i IN 1 .. 3 LOOP
        BEGIN
            PERFORM * FROM orders o, relnav.parent(o, NULL::address);
        EXCEPTION WHEN ambiguous_alias THEN
            RAISE WARNING 'caught %', SQLSTATE;
        END;
        PERFORM * FROM orders o, relnav.parent(o, NULL::customer);
    END LOOP;
END $$;

-- What the functions that take a format or a style ask is anybody's to call.
SELECT relnav.check_choice(NULL, 'dot', '{mermaid,dot}');
\echo :LAST_ERROR_SQLSTATE
SELECT relnav.check_choice('format', 'dot', NULL);
\echo :LAST_ERROR_SQLSTATE
SELECT relnav.check_choice('format', 'dot', '{mermaid,NULL}');
\echo :LAST_ERROR_SQLSTATE
SELECT relnav.check_choice('format', NULL, '{mermaid,dot}');
\echo :LAST_ERROR_SQLSTATE
SELECT relnav.check_choice('format', 'dot', '{}');
\echo :LAST_ERROR_SQLSTATE

DROP SCHEMA regress_relnav_errors CASCADE;
DROP SCHEMA "Odd.Schema" CASCADE;
