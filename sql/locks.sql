-- What is locked, and how: what a navigation's query reads, by ACCESS SHARE, as
-- by the join written by hand; and nothing where only catalogs are read.
LOAD 'relnav';
SET client_min_messages = warning;
CREATE SCHEMA regress_relnav_locks;
SET search_path = regress_relnav_locks;

CREATE TABLE customer (id int PRIMARY KEY, name text);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customer);
CREATE INDEX orders_of ON orders (customer_id);
CREATE TABLE product (id int PRIMARY KEY, name text);
CREATE TABLE items (order_id int REFERENCES orders, product_id int REFERENCES product,
                    PRIMARY KEY (order_id, product_id));
CREATE TABLE tag (id int PRIMARY KEY, name text);
CREATE TABLE tagged (customer_id int REFERENCES customer, tag_id int REFERENCES tag,
                     PRIMARY KEY (customer_id, tag_id));
CREATE TABLE seen (customer_id int REFERENCES customer, tag_id int REFERENCES tag, at date);
CREATE TABLE employee (id int PRIMARY KEY, manager_id int REFERENCES employee);
CREATE VIEW buyer AS SELECT id, name FROM customer;
INSERT INTO customer VALUES (1, 'Ann');
INSERT INTO orders VALUES (10, 1);
INSERT INTO product VALUES (1, 'tea');
INSERT INTO items VALUES (10, 1);

-- The locks on tables and views that are not the server's, with the modes that
-- are not ACCESS SHARE.  Which indexes are locked depends on how old a plan is.
CREATE FUNCTION locks() RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(pg_catalog.string_agg(c.relname ||
			CASE l.mode WHEN 'AccessShareLock' THEN '' ELSE ' ' || l.mode END, ', ' ORDER BY c.relname COLLATE "C", l.mode), 'none')
	  FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation
	 WHERE l.locktype = 'relation' AND l.pid = pg_catalog.pg_backend_pid()
	   AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
	   AND c.relkind <> 'i' AND c.relnamespace <> 'pg_catalog'::pg_catalog.regnamespace AND c.relname <> 'statements'
$$;
-- Those that a statement leaves.  The subtransaction that takes them is undone.
CREATE FUNCTION locks_of(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	BEGIN
		EXECUTE statement;
		result := locks();
		RAISE EXCEPTION 'undone' USING ERRCODE = 'P0099';
	EXCEPTION WHEN SQLSTATE 'P0099' THEN
		RETURN result;
	END;
END $$;
SELECT locks_of('SELECT FROM product');

CREATE TABLE statements (number int, statement text, by_hand text);
INSERT INTO statements VALUES
(1, 'SELECT FROM customer c, relnav.children(c, NULL::orders)', 'SELECT FROM customer c JOIN orders o ON o.customer_id = c.id'),
(2, 'SELECT FROM relnav.children(''customer'', 1, NULL::orders)', 'SELECT FROM orders WHERE customer_id = 1'),
(3, 'SELECT FROM relnav.children(ROW(1, '''')::customer, NULL::orders)', 'SELECT FROM orders WHERE customer_id = (ROW(1, '''')::customer).id'),
(4, 'SELECT FROM orders o, relnav.parent(o, NULL::customer)', 'SELECT FROM orders o JOIN customer c ON c.id = o.customer_id'),
(5, 'SELECT FROM relnav.parent(''orders'', 10, NULL::customer)', 'SELECT FROM orders o JOIN customer c ON c.id = o.customer_id WHERE o.id = 10'),
(6, 'SELECT FROM customer c, relnav.associated(c, NULL::tag, ''tagged'')',
 'SELECT FROM customer c JOIN tagged a ON a.customer_id = c.id JOIN tag t ON t.id = a.tag_id'),
(7, 'SELECT FROM relnav.associated(''customer'', 1, NULL::tag, ''tagged'')',
 'SELECT FROM tagged a JOIN tag t ON t.id = a.tag_id WHERE a.customer_id = 1'),
(8, 'SELECT FROM relnav.related(''customer'', 1, NULL::product, ''orders.items.product'')',
 'SELECT FROM product p WHERE EXISTS (SELECT FROM orders o JOIN items i ON i.order_id = o.id WHERE o.customer_id = 1 AND i.product_id = p.id)'),
(9, 'SELECT FROM customer c WHERE EXISTS (SELECT FROM relnav.children(c, NULL::orders))',
 'SELECT FROM customer c WHERE EXISTS (SELECT FROM orders o WHERE o.customer_id = c.id)'),
(10, 'SELECT FROM relnav.descendants(''employee'', 1, NULL::employee)', 'SELECT FROM employee'),
(11, 'SELECT FROM buyer b, relnav.children(b, NULL::orders)', 'SELECT FROM buyer b JOIN orders o ON o.customer_id = b.id'),
(12, 'SELECT relnav.tree(''customer'', 1, ''orders(id, items(product_id))'')',
 'SELECT FROM customer c JOIN orders o ON o.customer_id = c.id JOIN items i ON i.order_id = o.id'),
(13, 'SELECT relnav.trees(''customer'', ARRAY[1], ''orders(id)'')', 'SELECT FROM customer c JOIN orders o ON o.customer_id = c.id'),
(14, 'SELECT relnav.tree_agg(c, ''orders(id)'') FROM customer c', 'SELECT FROM customer c JOIN orders o ON o.customer_id = c.id'),
(15, 'SELECT FROM relnav.neighbors(''product'', 1)', 'SELECT FROM items WHERE product_id = 1 UNION ALL SELECT FROM items JOIN orders o ON o.id = order_id WHERE product_id = 1'),
(16, 'SELECT FROM relnav.delete_impact(''product'', 1)', 'SELECT FROM product p JOIN items i ON i.product_id = p.id');

-- Rewritten.  right: never a mode; t everywhere
SET relnav.inline = on;
SELECT number, locks_of(statement) AS locks, locks_of(statement) = locks_of(by_hand) AS as_by_hand
  FROM statements ORDER BY number;
-- Executed, at first and then from kept plans.  right: nothing
SET relnav.inline = off;
SELECT number, locks_of(statement), locks_of(by_hand)
  FROM statements WHERE locks_of(statement) <> locks_of(by_hand) ORDER BY number;
SELECT number, locks_of(statement), locks_of(by_hand)
  FROM statements WHERE locks_of(statement) <> locks_of(by_hand) ORDER BY number;
RESET relnav.inline;

-- What only reads catalogs leaves no lock on any table, of hundreds neither.
-- right: none
DO $$ BEGIN FOR i IN 1..300 LOOP EXECUTE format('CREATE TABLE many_%s (id int REFERENCES customer)', i); END LOOP; END $$;
SELECT call, locks_of(format('SELECT * FROM relnav.%s', call))
  FROM unnest(ARRAY['relationships()', 'relationships(''customer'')', 'describe(''customer'')', 'model(''regress_relnav_locks'')',
                    'paths(''customer'', ''product'')', 'query(''customer'', ''orders.items.product'')',
                    'query(''customer'', 1, ''orders.items.product'')', 'diagram(''regress_relnav_locks'')',
                    'diagram_around(''customer'')', 'accessors(''regress_relnav_locks'')']) AS call;
-- lint reads what was declared.  right: declared
SELECT locks_of('SELECT * FROM relnav.lint(''regress_relnav_locks'')');

-- Where something was declared, that is read, and not left locked.
SELECT relnav.declare('items', 'sold', ARRAY['product_id'], 'product', ARRAY['id']);
-- right: none; then as by hand
SELECT locks_of('SELECT * FROM relnav.relationships(''product'')');
SELECT locks_of('SELECT FROM items i, relnav.parent(i, NULL::product, ''sold'')') =
       locks_of('SELECT FROM items i JOIN product p ON p.id = i.product_id') AS as_by_hand;

CREATE TABLE source (id int PRIMARY KEY);
CREATE TABLE target (id int PRIMARY KEY, source_id int REFERENCES source);
-- A path that means nothing leaves nothing locked either.
SELECT locks_of('EXPLAIN SELECT FROM relnav.children(''source'', 1, NULL::target, ''nowhere'')');

DO $$ BEGIN FOR i IN 1..300 LOOP EXECUTE format('DROP TABLE many_%s', i); END LOOP; END $$;
DROP SCHEMA regress_relnav_locks CASCADE;
