-- What relnav.query shows is a statement that runs, and gives the rows that the
-- navigation gives.
SET client_min_messages = warning;
CREATE SCHEMA regress_relnav_query;
SET search_path = regress_relnav_query;
\set SHOW_CONTEXT never

CREATE TABLE customer (id int PRIMARY KEY, name text);
CREATE TABLE product (id int PRIMARY KEY, name text);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customer);
CREATE TABLE items (order_id int REFERENCES orders, product_id int REFERENCES product, quantity int,
                    PRIMARY KEY (order_id, product_id));
CREATE TABLE payment (id int PRIMARY KEY, order_id int, product_id int, amount int,
                      FOREIGN KEY (order_id, product_id) REFERENCES items);
CREATE TABLE employee (id bigint PRIMARY KEY, manager_id bigint REFERENCES employee);
INSERT INTO customer VALUES (1, 'Ann'), (2, 'Bob'), (42, 'Cy');
INSERT INTO product VALUES (1, 'tea'), (2, 'cup');
INSERT INTO orders VALUES (10, 1), (11, 1), (12, 42);
INSERT INTO items VALUES (10, 1, 5), (10, 2, 6), (11, 1, 7), (12, 2, 8);
INSERT INTO payment VALUES (1, 10, 1, 50), (2, 10, 1, 51), (3, 12, 2, 52);
INSERT INTO employee VALUES (1, NULL), (2, 1), (3, 2);

-- One hop each way; $1 is the source row.
SELECT relnav.query('orders', 'customer');
SELECT relnav.query('customer', 'orders');
SELECT relnav.query('orders', 'product');
-- Several hops: plain ones are joins, others are read through EXISTS.
SELECT relnav.query('orders', 'items.payment');
SELECT relnav.query('customer', 'orders.items.product');
SELECT relnav.query('payment', 'items.order.customer');
-- A composite key and a self-reference.
SELECT relnav.query('payment', 'items');
SELECT relnav.query('employee', 'manager.manager');
SELECT relnav.query('employee', 'employee_by_manager.employee_by_manager');

-- It is prepared with the table's row type, and run with a row.
-- right: (10,1) (11,1); tea, cup
SELECT relnav.query('customer', 'orders') AS q \gset
PREPARE nav (customer) AS :q ORDER BY 1;
EXECUTE nav (ROW(1, NULL));
EXECUTE nav (NULL);
DEALLOCATE nav;
SELECT relnav.query('customer', 'orders.items.product') AS q \gset
PREPARE nav (customer) AS SELECT * FROM (:q) q ORDER BY 1;
EXECUTE nav (ROW(1, 'whoever'));
DEALLOCATE nav;

-- With a key it has literals of the key's type, and runs as it is.
-- right: 10 11, cup tea, cup
SELECT relnav.query('customer', 42, 'orders');
SELECT relnav.query('customer', 1, 'orders') || ' ORDER BY 1' \gexec
SELECT 'SELECT name FROM (' || relnav.query('customer', '1', 'orders.product') || ') q ORDER BY 1' \gexec
SELECT relnav.query('customer', 42, 'orders.items.product') \gexec
SELECT relnav.query('payment', 3, 'items.order.customer') \gexec
-- composite: right: 3 52
SELECT relnav.query('items', ROW(12, 2), 'payment') \gexec
SELECT relnav.query('items', '(12,2)', 'payment') \gexec
-- bigint: right: 1
SELECT relnav.query('employee', 3, 'manager.manager') \gexec
-- EXPLAIN takes it, and an index is used
SET enable_seqscan = off;
SET enable_bitmapscan = off;
SELECT 'EXPLAIN (COSTS OFF) ' || relnav.query('orders', 10, 'customer') \gexec
RESET enable_seqscan;
RESET enable_bitmapscan;

-- Nothing of it depends on the search_path.  right: t, and the same rows: 10 11
SELECT relnav.query('customer', 1, 'orders') AS q1 \gset
SET search_path = pg_catalog;
SELECT relnav.query('regress_relnav_query.customer', 1, 'orders') = :'q1' AS same_text;
SELECT relnav.query('regress_relnav_query.customer', 1, 'orders') || ' ORDER BY 1' \gexec
SET search_path = regress_relnav_query;

-- The condition that relationships() tells is the join: put together with the
-- tables' names, it gives what related gives.  right: no rows
CREATE FUNCTION differs(r record) RETURNS bool LANGUAGE plpgsql AS $$
DECLARE
    by_condition text := format('SELECT source.ctid, target FROM %s source, %s%s target WHERE %s',
                                r.source, r.association || ' association, ', r.target, r.condition);
    by_related text := format('SELECT source.ctid, target FROM %s source, relnav.related(source, NULL::%s, %L) target',
                              r.source, r.target, r.name);
    result bool;
BEGIN
    EXECUTE format('SELECT EXISTS ((%s EXCEPT ALL %s) UNION ALL (%2$s EXCEPT ALL %1$s))', by_condition, by_related)
       INTO result;
    RETURN result;
END $$;
SELECT r.source, r.name FROM relnav.relationships() r WHERE r.source::text NOT LIKE '%.%' AND differs(r);
DROP FUNCTION differs;
SELECT name, condition FROM relnav.relationships('orders') ORDER BY name COLLATE "C";
SELECT name, condition FROM relnav.relationships('payment') ORDER BY name COLLATE "C";

-- The statement names all columns: one that is added later is not in it, and
-- one that is dropped is gone at the next call.
ALTER TABLE orders ADD note text;
SELECT relnav.query('customer', 1, 'orders');
ALTER TABLE orders DROP note;
SELECT relnav.query('customer', 1, 'orders');

-- A table without columns of its own, and a target with none to show.
CREATE TABLE nothing (customer_id int REFERENCES customer);
ALTER TABLE nothing DROP customer_id;
SELECT relnav.query('customer', 'nothing');
DROP TABLE nothing;

-- NULLs, and faults, are those of the functions.
SELECT relnav.query('customer', NULL) IS NULL AS no_path;
SELECT relnav.query('customer', '');
SELECT relnav.query('customer', 'order');
SELECT relnav.query('customer', 'x', 'orders');
SELECT count(*) FROM (SELECT relnav.query('customer', NULL::int, 'orders') AS q) q WHERE q LIKE '%42%';

DROP SCHEMA regress_relnav_query CASCADE;
