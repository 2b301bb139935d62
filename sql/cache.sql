-- What a backend keeps in memory never answers for a schema that has changed:
-- the same call, after every kind of change, in the same session.
SET client_min_messages = warning;
CREATE SCHEMA regress_relnav_cache;
SET search_path = regress_relnav_cache;
\set SHOW_CONTEXT never

CREATE TABLE customer (id int PRIMARY KEY, name text);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customer);
INSERT INTO customer VALUES (1, 'Ann'), (2, 'Bob');
INSERT INTO orders VALUES (10, 1), (11, 1), (12, 2);

-- One relationship seen from both sides, and one navigation each way.
CREATE FUNCTION known() RETURNS TABLE (source text, name text, kind text, flags text) LANGUAGE sql AS $$
    SELECT r.source::text, r.name, r.kind,
           concat_ws(', ', CASE WHEN r.required THEN 'required' END,
                           CASE WHEN NOT r.validated THEN 'not valid' END,
                           CASE WHEN r.indexed THEN 'indexed' END)
      FROM relnav.relationships() r
     WHERE r.source::text !~ '[.]'
     ORDER BY r.source::text COLLATE "C", r.name COLLATE "C";
$$;
PREPARE down AS SELECT c.name, o.id FROM customer c, relnav.children(c, NULL::orders) o ORDER BY o.id;
PREPARE up AS SELECT o.id, c.name FROM orders o, relnav.parent(o, NULL::customer) c ORDER BY o.id;
PREPARE by_key AS SELECT o.id FROM relnav.children('customer', 1, NULL::orders) o ORDER BY 1;
SET plan_cache_mode = force_generic_plan;
-- right: orders | customer ...; Ann 10, Ann 11, Bob 12; 10 11
SELECT * FROM known();
EXECUTE down;
EXECUTE up;
EXECUTE by_key;


-- Renamed columns.  The relationship is called after the new one.
-- right: orders | buyer
ALTER TABLE orders RENAME customer_id TO buyer_id;
SELECT * FROM known();
EXECUTE down;
EXECUTE up;
EXECUTE by_key;
-- right: the condition names customer.no
ALTER TABLE customer RENAME id TO no;
SELECT condition FROM relnav.relationships('orders');
EXECUTE down;
EXECUTE by_key;
ALTER TABLE customer RENAME no TO id;
ALTER TABLE orders RENAME buyer_id TO customer_id;

-- Renamed tables: customer | sale
ALTER TABLE orders RENAME TO sale;
SELECT * FROM known();
SELECT c.name, s.id FROM customer c, relnav.children(c, NULL::sale) s ORDER BY s.id;
SELECT s.id FROM relnav.children('customer', 1, NULL::sale) s ORDER BY 1;
ALTER TABLE sale RENAME TO orders;
EXECUTE down;
-- client | orders; orders | customer, as its column still says
ALTER TABLE customer RENAME TO client;
SELECT * FROM known();
SELECT c.name FROM relnav.parent('orders', 12, NULL::client) c;
ALTER TABLE client RENAME TO customer;
EXECUTE up;

-- A renamed constraint: the old name is unknown, the new one is known.
SELECT count(*) FROM orders o, relnav.parent(o, NULL::customer, 'orders_customer_id_fkey');
ALTER TABLE orders RENAME CONSTRAINT orders_customer_id_fkey TO bought_by;
SELECT count(*) FROM orders o, relnav.parent(o, NULL::customer, 'orders_customer_id_fkey');
SELECT count(*) FROM orders o, relnav.parent(o, NULL::customer, 'bought_by');
SELECT constraints FROM relnav.relationships('customer');

-- A renamed schema, and a table that moves to another.
ALTER SCHEMA regress_relnav_cache RENAME TO regress_relnav_cache2;
SET search_path = regress_relnav_cache2;
EXECUTE down;
SELECT o.id FROM relnav.children('customer', 1, NULL::orders) o ORDER BY 1;
SELECT relnav.query('customer', 'orders');
ALTER SCHEMA regress_relnav_cache2 RENAME TO regress_relnav_cache;
SET search_path = regress_relnav_cache;
CREATE SCHEMA regress_relnav_cache3;
ALTER TABLE orders SET SCHEMA regress_relnav_cache3;
SELECT o.id FROM relnav.children('customer', 1, NULL::regress_relnav_cache3.orders) o ORDER BY 1;
SELECT relnav.query('customer', 'orders');
ALTER TABLE regress_relnav_cache3.orders SET SCHEMA regress_relnav_cache;
DROP SCHEMA regress_relnav_cache3;
EXECUTE down;


-- The key is dropped: an error; added again: as before; not valid, validated.
ALTER TABLE orders DROP CONSTRAINT bought_by;
EXECUTE down;
EXECUTE up;
EXECUTE by_key;
SELECT * FROM known();
ALTER TABLE orders ADD CONSTRAINT bought_by FOREIGN KEY (customer_id) REFERENCES customer NOT VALID;
EXECUTE down;
EXECUTE by_key;
-- right: not valid, not required; then required
SELECT * FROM known();
ALTER TABLE orders VALIDATE CONSTRAINT bought_by;
SELECT * FROM known();
ALTER TABLE orders ALTER customer_id DROP NOT NULL;
SELECT * FROM known();
ALTER TABLE orders ALTER customer_id SET NOT NULL;
SELECT * FROM known();

-- Deferrable or not, and what a delete does.
ALTER TABLE orders DROP CONSTRAINT bought_by,
                   ADD CONSTRAINT bought_by FOREIGN KEY (customer_id) REFERENCES customer ON DELETE CASCADE;
SELECT name, on_delete FROM relnav.relationships('customer');

-- Indexes come and go: the kind and "indexed" follow.
CREATE INDEX orders_customer ON orders (customer_id);
-- right: one-to-many, indexed
SELECT * FROM known();
DROP INDEX orders_customer;
-- right: not indexed
SELECT * FROM known();
DELETE FROM orders WHERE id = 11;
CREATE UNIQUE INDEX orders_customer ON orders (customer_id);
-- right: one-to-one, both ways
SELECT * FROM known();
EXECUTE down;
DROP INDEX orders_customer;
INSERT INTO orders VALUES (11, 1);
-- right: one-to-many again
SELECT * FROM known();
-- a constraint, the same.  right: one-to-one, many again
DELETE FROM orders WHERE id = 11;
ALTER TABLE orders ADD CONSTRAINT one UNIQUE (customer_id);
SELECT * FROM known();
ALTER TABLE orders DROP CONSTRAINT one;
SELECT * FROM known();
INSERT INTO orders VALUES (11, 1);
-- CONCURRENTLY, an index counts when it is valid.  right: indexed
CREATE INDEX CONCURRENTLY orders_customer ON orders (customer_id);
SELECT * FROM known();
DROP INDEX CONCURRENTLY orders_customer;
SELECT * FROM known();


-- A second key: the call without a name becomes ambiguous, and is unique again
-- when the key is gone.
ALTER TABLE orders ADD payer_id int REFERENCES customer;
EXECUTE down;
EXECUTE up;
EXECUTE by_key;
-- right: customer | orders_by_customer, orders_by_payer; orders | customer, payer
SELECT * FROM known();
SELECT count(*) FROM customer c, relnav.children(c, NULL::orders, 'orders_by_customer');
ALTER TABLE orders DROP payer_id;
EXECUTE down;
SELECT * FROM known();
-- an association appears, and beats nothing; then it is gone
CREATE TABLE link (customer_id int REFERENCES customer, orders_id int REFERENCES orders, PRIMARY KEY (customer_id, orders_id));
INSERT INTO link VALUES (1, 12);
-- right: customer | link, orders, orders_via_link; orders | customer, customer_via_link, link
SELECT source, name FROM known();
SELECT c.name, o.id FROM customer c, relnav.associated(c, NULL::orders) o;
EXECUTE down;
ALTER TABLE link DROP CONSTRAINT link_pkey, ADD at date;
-- right: no association any more
SELECT source, name FROM known();
SELECT c.name, o.id FROM customer c, relnav.associated(c, NULL::orders) o;
DROP TABLE link;
SELECT source, name FROM known();
EXECUTE down;

-- Columns dropped and added, types changed: rows have the present shape.
ALTER TABLE orders ADD note text DEFAULT 'n';
SELECT o FROM customer c, relnav.children(c, NULL::orders) o ORDER BY o.id LIMIT 1;
PREPARE whole AS SELECT o FROM customer c, relnav.children(c, NULL::orders) o ORDER BY o.id LIMIT 1;
EXECUTE whole;
ALTER TABLE orders DROP note;
EXECUTE down;
SELECT o FROM customer c, relnav.children(c, NULL::orders) o ORDER BY o.id LIMIT 1;
ALTER TABLE customer ADD id2 bigint UNIQUE;
ALTER TABLE customer ALTER id TYPE bigint;
-- right: the operator is that of bigint and int now; the same rows
EXECUTE down;
EXECUTE up;
EXECUTE by_key;
ALTER TABLE orders ALTER customer_id TYPE bigint;
EXECUTE down;
EXECUTE up;
EXECUTE by_key;
ALTER TABLE orders ALTER customer_id TYPE int;
ALTER TABLE customer ALTER id TYPE int, DROP id2;
EXECUTE down;

-- The key's column dropped and made anew under the same name.
ALTER TABLE orders DROP customer_id;
EXECUTE down;
ALTER TABLE orders ADD customer_id int REFERENCES customer;
UPDATE orders SET customer_id = 2;
-- right: Bob 10, 11, 12
EXECUTE down;
-- A table dropped and made anew under the same name.
DROP TABLE orders;
CREATE TABLE orders (customer_id int REFERENCES customer, id text);
INSERT INTO orders VALUES (1, 'new');
SELECT c.name, o.id FROM customer c, relnav.children(c, NULL::orders) o;
SELECT o.id FROM relnav.children('customer', 1, NULL::orders) o;
DROP TABLE orders;
SELECT * FROM known();
SELECT count(*) FROM relnav.relationships('customer');
CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customer);
INSERT INTO orders VALUES (10, 1), (11, 1), (12, 2);
DEALLOCATE ALL;
PREPARE down AS SELECT c.name, o.id FROM customer c, relnav.children(c, NULL::orders) o ORDER BY o.id;
PREPARE by_key AS SELECT o.id FROM relnav.children('customer', 1, NULL::orders) o ORDER BY 1;
-- Its primary key dropped: the key form has nothing to go by.
SELECT c.name FROM relnav.parent('orders', 12, NULL::customer) c;
ALTER TABLE orders DROP CONSTRAINT orders_pkey;
SELECT c.name FROM relnav.parent('orders', 12, NULL::customer) c;
ALTER TABLE orders ADD PRIMARY KEY (id, customer_id);
SELECT c.name FROM relnav.parent('orders', ROW(12, 2), NULL::customer) c;
ALTER TABLE orders DROP CONSTRAINT orders_pkey, ADD PRIMARY KEY (id);
SELECT c.name FROM relnav.parent('orders', 12, NULL::customer) c;


-- search_path decides what the words in a call mean, and nothing else.
CREATE SCHEMA regress_relnav_cache4;
CREATE TABLE regress_relnav_cache4.customer (id int PRIMARY KEY, name text);
CREATE TABLE regress_relnav_cache4.orders (id int PRIMARY KEY, customer_id int REFERENCES regress_relnav_cache4.customer);
INSERT INTO regress_relnav_cache4.customer VALUES (1, 'Cy');
INSERT INTO regress_relnav_cache4.orders VALUES (20, 1);
CREATE FUNCTION of_one() RETURNS SETOF int LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY SELECT o.id FROM relnav.children('customer', 1, NULL::orders) o ORDER BY 1;
END $$;
CREATE FUNCTION of_path(source text, path text) RETURNS text LANGUAGE sql AS
    $$ SELECT (regexp_match(relnav.query(source::regclass, 1, path), 'FROM (\S+)'))[1] $$;
-- right: 10 11; 20; 10 11
SELECT of_one();
SET search_path = regress_relnav_cache4, regress_relnav_cache;
SELECT of_one();
SELECT of_path('customer', 'orders');
SET search_path = regress_relnav_cache;
SELECT of_one();
SELECT of_path('customer', 'orders');
-- the names do not depend on it: orders of the other schema are not met here
SET search_path = pg_catalog;
SELECT name FROM relnav.relationships('regress_relnav_cache.customer');
SELECT name FROM relnav.relationships('regress_relnav_cache4.customer');
SET search_path = regress_relnav_cache;
DROP SCHEMA regress_relnav_cache4 CASCADE;
-- a temporary table in front: it has no key.  right: an error, then 10 11 again
-- (a statement parsed with a row type that is gone fails in the server itself,
-- whichever function it is for; so let it be parsed again)
CREATE TEMP TABLE orders (id int PRIMARY KEY, v text);
SELECT of_one();
DROP TABLE pg_temp.orders;
DISCARD PLANS;
SELECT of_one();


-- In one transaction: a change counts at once, and not any more when it is
-- taken back.
BEGIN;
EXECUTE down;
ALTER TABLE orders RENAME customer_id TO buyer_id;
EXECUTE down;
SELECT source, name FROM known();
ROLLBACK;
EXECUTE down;
SELECT source, name FROM known();
BEGIN;
ALTER TABLE orders ADD payer_id int REFERENCES customer;
SAVEPOINT s;
EXECUTE down;
ROLLBACK TO s;
SELECT source, name FROM known();
ROLLBACK;
EXECUTE down;
EXECUTE by_key;
SELECT source, name FROM known();
-- savepoints: back to each state
BEGIN;
SAVEPOINT s1;
ALTER TABLE orders RENAME TO sale;
-- right: sale
SELECT source, name FROM known();
SAVEPOINT s2;
ALTER TABLE sale DROP CONSTRAINT orders_customer_id_fkey;
-- right: nothing
SELECT source, name FROM known();
ROLLBACK TO s2;
-- right: sale
SELECT source, name FROM known();
SELECT s.id FROM relnav.children('customer', 1, NULL::sale) s ORDER BY 1;
ROLLBACK TO s1;
-- right: orders
SELECT source, name FROM known();
EXECUTE by_key;
EXECUTE down;
RELEASE s1;
ALTER TABLE orders ADD COLUMN x int;
SELECT o FROM relnav.children('customer', 2, NULL::orders) o;
ROLLBACK;
SELECT o FROM relnav.children('customer', 2, NULL::orders) o;
-- a table that was made, navigated and rolled back leaves no trace
BEGIN;
CREATE TABLE note (id int PRIMARY KEY, customer_id int REFERENCES customer);
INSERT INTO note VALUES (1, 1);
SELECT c.name, n.id FROM customer c, relnav.children(c, NULL::note) n;
SELECT name FROM relnav.relationships('customer') ORDER BY name COLLATE "C";
ROLLBACK;
SELECT name FROM relnav.relationships('customer') ORDER BY name COLLATE "C";
CREATE TABLE note (id int, customer_id int);
SELECT name FROM relnav.relationships('customer') ORDER BY name COLLATE "C";
DROP TABLE note;
-- an error in the middle of it
BEGIN;
ALTER TABLE orders RENAME customer_id TO buyer_id;
SELECT * FROM customer c, relnav.children(c, NULL::orders, 'customer_id');
ROLLBACK;
SELECT count(*) FROM customer c, relnav.children(c, NULL::orders, 'customer_id');
-- a function that changes the schema between two calls
CREATE FUNCTION change_between() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    before int;
    after int;
BEGIN
    SELECT count(*) INTO before FROM customer c, relnav.children(c, NULL::orders);
    ALTER TABLE orders DROP CONSTRAINT orders_customer_id_fkey;
    BEGIN
        SELECT count(*) INTO after FROM customer c, relnav.children(c, NULL::orders);
    EXCEPTION WHEN undefined_object THEN
        after := -1;
    END;
    ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customer;
    RETURN before || ' ' || after || ' ' || (SELECT count(*) FROM customer c, relnav.children(c, NULL::orders));
END $$;
-- right: 3 -1 3, twice
SELECT change_between();
SELECT change_between();
-- a cursor that is open while the plans are thrown away.  right: 10, 11
BEGIN;
DECLARE cur CURSOR FOR SELECT o.id FROM customer c, relnav.children(c, NULL::orders) o WHERE c.id = 1 ORDER BY 1;
FETCH 1 FROM cur;
CREATE TABLE later (orders_id int REFERENCES orders, customer_id int REFERENCES customer);
SELECT count(*) FROM customer c, relnav.children(c, NULL::orders);
FETCH 1 FROM cur;
ROLLBACK;

-- The kinds of statements that throw everything away.
DISCARD PLANS;
EXECUTE down;
DISCARD ALL;
SET search_path = regress_relnav_cache;
SELECT c.name, o.id FROM customer c, relnav.children(c, NULL::orders) o ORDER BY o.id;
SELECT source, name FROM known();

-- The extension itself dropped and made anew.
SET client_min_messages = warning;
BEGIN;
DROP EXTENSION relnav;
CREATE EXTENSION relnav;
SELECT c.name, o.id FROM customer c, relnav.children(c, NULL::orders) o ORDER BY o.id;
ROLLBACK;
SELECT c.name, o.id FROM customer c, relnav.children(c, NULL::orders) o ORDER BY o.id;

DROP SCHEMA regress_relnav_cache CASCADE;
