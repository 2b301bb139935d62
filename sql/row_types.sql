-- Navigations that are called by a statement which began before the target's
-- row type changed.  Nothing has locked the target then: in the select list
-- only its type is mentioned.  So a cursor that is open is where it can be seen
-- without a second session.
LOAD 'relnav';
SET client_min_messages = warning;
\set SHOW_CONTEXT never
CREATE SCHEMA regress_relnav_row_types;
SET search_path = regress_relnav_row_types;

CREATE TABLE customer (id int PRIMARY KEY, name text);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customer, note text);
CREATE TABLE tag (id int PRIMARY KEY, name text);
CREATE TABLE tagged (customer_id int REFERENCES customer, tag_id int REFERENCES tag, PRIMARY KEY (customer_id, tag_id));
CREATE TABLE employee (id int PRIMARY KEY, boss_id int REFERENCES employee);
INSERT INTO customer VALUES (1, 'Ann'), (2, 'Bob');
INSERT INTO orders VALUES (10, 1, 'a'), (11, 1, 'b'), (12, 2, 'c');
INSERT INTO tag VALUES (1, 'old'), (2, 'new');
INSERT INTO tagged VALUES (1, 1), (1, 2);
INSERT INTO employee VALUES (1, NULL), (2, 1), (3, 2);

-- The same by hand: a function of the server's own language.
CREATE FUNCTION orders_of(customer) RETURNS SETOF orders STABLE LANGUAGE sql AS
	'SELECT * FROM regress_relnav_row_types.orders WHERE customer_id = $1.id';

-- A cursor on a statement, a change of tables, and all rows.
CREATE PROCEDURE open_cursor(statement text) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE 'DECLARE c CURSOR FOR ' || statement;
END $$;

-- A column comes: the rows that were expected are given, with its default where
-- they are shown whole.
BEGIN;
CALL open_cursor('SELECT orders_of(c) FROM customer c ORDER BY 1');
ALTER TABLE orders ADD more text DEFAULT 'm';
FETCH ALL FROM c;
ROLLBACK;
BEGIN;
CALL open_cursor('SELECT relnav.children(c, NULL::orders) FROM customer c ORDER BY 1');
ALTER TABLE orders ADD more text DEFAULT 'm';
FETCH ALL FROM c;
ROLLBACK;
BEGIN;
CALL open_cursor('SELECT (relnav.children(''customer'', 1, NULL::orders)).* ORDER BY 1');
ALTER TABLE orders ADD more text DEFAULT 'm', ADD still_more int;
FETCH ALL FROM c;
ROLLBACK;
BEGIN;
CALL open_cursor('SELECT c.name, relnav.associated(c, NULL::tag) FROM customer c ORDER BY 2');
ALTER TABLE tag ADD more text DEFAULT 'm';
FETCH ALL FROM c;
ROLLBACK;
BEGIN;
CALL open_cursor('SELECT relnav.related(c, NULL::orders, ''orders'') FROM customer c ORDER BY 1');
ALTER TABLE orders ADD more text DEFAULT 'm';
FETCH ALL FROM c;
ROLLBACK;
BEGIN;
CALL open_cursor('SELECT o.id, (relnav.parent(o, NULL::customer)).* FROM orders o ORDER BY 1');
ALTER TABLE customer ADD more text DEFAULT 'm';
FETCH ALL FROM c;
ROLLBACK;

-- Between two rows of it: each call has its rows.
BEGIN;
CALL open_cursor('SELECT relnav.children(c, NULL::orders) FROM customer c');
FETCH 1 FROM c;
ALTER TABLE orders ADD more text DEFAULT 'm';
FETCH ALL FROM c;
ROLLBACK;

-- In FROM as a function scan.  There the server itself checks whole rows; a
-- function in PL/pgSQL does not even come so far.
CREATE FUNCTION orders_one_by_one(customer) RETURNS SETOF orders STABLE LANGUAGE plpgsql AS
	'BEGIN RETURN QUERY SELECT * FROM regress_relnav_row_types.orders WHERE customer_id = $1.id; END';
BEGIN;
CALL open_cursor('SELECT o FROM customer c, orders_one_by_one(c) o ORDER BY 1');
ALTER TABLE orders ADD more text DEFAULT 'm';
FETCH ALL FROM c;
ROLLBACK;
SET relnav.inline = off;
BEGIN;
CALL open_cursor('SELECT o.* FROM customer c, relnav.children(c, NULL::orders) o ORDER BY 1');
ALTER TABLE orders ADD more text DEFAULT 'm';
FETCH ALL FROM c;
ROLLBACK;
BEGIN;
CALL open_cursor('SELECT o FROM customer c, relnav.children(c, NULL::orders) o ORDER BY 1');
ALTER TABLE orders ADD more text DEFAULT 'm';
FETCH ALL FROM c;
ROLLBACK;
RESET relnav.inline;

-- Recursion: the rows are columns of its rows.
BEGIN;
CALL open_cursor('SELECT relnav.descendants(''employee'', 1, NULL::employee)');
ALTER TABLE employee ADD more text DEFAULT 'm';
FETCH ALL FROM c;
ROLLBACK;

-- A column goes, or gets another type: the statement must be run again.
BEGIN;
CALL open_cursor('SELECT relnav.children(c, NULL::orders) FROM customer c');
ALTER TABLE orders DROP note;
FETCH ALL FROM c;
ROLLBACK;
BEGIN;
CALL open_cursor('SELECT relnav.children(c, NULL::orders) FROM customer c');
ALTER TABLE orders ALTER note TYPE varchar;
FETCH ALL FROM c;
ROLLBACK;
BEGIN;
CALL open_cursor('SELECT relnav.children(c, NULL::orders) FROM customer c');
ALTER TABLE orders DROP note, ADD note text;
FETCH ALL FROM c;
ROLLBACK;
-- ... one that came after the transaction began, and goes with a part of it.
BEGIN;
SAVEPOINT s;
ALTER TABLE orders ADD more text DEFAULT 'm';
CALL open_cursor('SELECT relnav.children(c, NULL::orders) FROM customer c ORDER BY 1');
FETCH ALL FROM c;
ROLLBACK TO s;
SELECT relnav.children(c, NULL::orders) FROM customer c ORDER BY 1;
ROLLBACK;
-- The target has gone, or the source, or both.  The messages say OIDs.
-- right: 42704 (undefined object) or 42P01 (undefined table), never XX000
\set VERBOSITY sqlstate
BEGIN;
CALL open_cursor('SELECT relnav.children(c, NULL::orders) FROM customer c');
DROP TABLE orders CASCADE;
FETCH ALL FROM c;
ROLLBACK;
BEGIN;
CALL open_cursor('SELECT relnav.children(''customer'', 1, NULL::orders)');
DROP TABLE orders CASCADE;
FETCH ALL FROM c;
ROLLBACK;
BEGIN;
CALL open_cursor('SELECT relnav.parent(ROW(10, 1, '''')::orders, NULL::customer)');
DROP TABLE orders CASCADE;
FETCH ALL FROM c;
ROLLBACK;
BEGIN;
CALL open_cursor('SELECT relnav.tree(ROW(10, 1, '''')::orders, ''*'')');
DROP TABLE orders CASCADE;
FETCH ALL FROM c;
ROLLBACK;
BEGIN;
CALL open_cursor('SELECT relnav.tree(''orders'', 10, ''*'')');
DROP TABLE orders CASCADE;
FETCH ALL FROM c;
ROLLBACK;
BEGIN;
CALL open_cursor('SELECT relnav.delete_impact(''orders'', 10), relnav.neighbors(''orders'', 10)');
DROP TABLE orders CASCADE;
FETCH ALL FROM c;
ROLLBACK;
BEGIN;
CALL open_cursor('SELECT relnav.descendants(''employee'', 1, NULL::employee)');
DROP TABLE employee;
FETCH ALL FROM c;
ROLLBACK;
BEGIN;
CALL open_cursor('SELECT relnav.ancestors(ROW(1, 2)::employee)');
DROP TABLE employee;
FETCH ALL FROM c;
ROLLBACK;
\set VERBOSITY default

-- Run again, a prepared statement gives what is true now.
PREPARE list AS SELECT relnav.children(c, NULL::orders) FROM customer c ORDER BY 1;
SET plan_cache_mode = force_generic_plan;
EXECUTE list;
ALTER TABLE orders ADD more text DEFAULT 'm';
EXECUTE list;
ALTER TABLE orders DROP note;
EXECUTE list;
ALTER TABLE orders ALTER id TYPE bigint;
EXECUTE list;
RESET plan_cache_mode;

-- A source that a function returns gets a column, by which it is related now;
-- nothing parses the statement again.  right: 10 and 11, each time
CREATE TABLE buyer (id int PRIMARY KEY, name text);
CREATE TABLE sale (id int PRIMARY KEY, buyer_id int, buyer_code int);
INSERT INTO buyer VALUES (1, 'a'), (2, 'b');
INSERT INTO sale VALUES (10, 1, 7), (11, 2, 8);
CREATE FUNCTION buyers() RETURNS SETOF buyer LANGUAGE plpgsql AS 'BEGIN RETURN QUERY SELECT * FROM buyer; END';
PREPARE of_function AS SELECT s.id FROM buyers() b, relnav.children(b, NULL::sale) s ORDER BY 1;
ALTER TABLE buyer ADD code int UNIQUE, ADD self_id int REFERENCES buyer;
UPDATE buyer SET code = id + 6, self_id = id;
ALTER TABLE sale ADD FOREIGN KEY (buyer_code) REFERENCES buyer (code);
EXECUTE of_function;
PREPARE of_navigation AS
  SELECT s.id FROM buyers() x, relnav.related(x, NULL::buyer, 'self') b, relnav.children(b, NULL::sale) s ORDER BY 1;
EXECUTE of_navigation;
ALTER TABLE buyer ADD last int;
EXECUTE of_function;
EXECUTE of_navigation;
DEALLOCATE of_function;
PREPARE of_function AS SELECT s.id FROM buyers() b, relnav.children(b, NULL::sale) s ORDER BY 1;
EXECUTE of_function;

DROP SCHEMA regress_relnav_row_types CASCADE;
