-- A story of roles: nobody is shown by relnav what his own SELECT would not
-- show, whoever made the plan and whoever owns the view or function around it.
SET client_min_messages = warning;
CREATE SCHEMA regress_relnav_privileges;
SET search_path = regress_relnav_privileges;
\set SHOW_CONTEXT never

CREATE ROLE regress_relnav_owner;
CREATE ROLE regress_relnav_ann;
CREATE ROLE regress_relnav_bob;
GRANT USAGE, CREATE ON SCHEMA regress_relnav_privileges TO regress_relnav_owner;
GRANT USAGE ON SCHEMA regress_relnav_privileges TO regress_relnav_ann, regress_relnav_bob;
SET ROLE regress_relnav_owner;
CREATE TABLE customer (id int PRIMARY KEY, name text, secret text);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customer, total int);
CREATE TABLE product (id int PRIMARY KEY, name text);
CREATE TABLE items (order_id int REFERENCES orders, product_id int REFERENCES product, price int,
                    PRIMARY KEY (order_id, product_id));
INSERT INTO customer VALUES (1, 'Ann', 's1'), (2, 'Bob', 's2');
INSERT INTO orders VALUES (10, 1, 5), (11, 1, 7), (12, 2, 9);
INSERT INTO product VALUES (1, 'tea'), (2, 'cup');
INSERT INTO items VALUES (10, 1, 100), (12, 2, 200);
GRANT SELECT ON orders TO regress_relnav_ann;
RESET ROLE;

-- Ann may read orders and nothing else.  What there is, she may know, as
-- pg_catalog tells her, too.
SET ROLE regress_relnav_ann;
-- right: customer, items, product
SELECT name, target FROM relnav.relationships('orders') ORDER BY name COLLATE "C";
SELECT count(*) FROM relnav.describe('customer');
-- right: permission denied for table customer, each time
SELECT o.id, c.name FROM orders o, relnav.parent(o, NULL::customer) c;
SELECT c.name FROM relnav.parent(ROW(10, 1, 5)::orders, NULL::customer) c;
SELECT c.name FROM relnav.parent('orders', 10, NULL::customer) c;
SELECT relnav.parent(o, NULL::customer) FROM orders o;
SELECT count(*) FROM orders o WHERE EXISTS (SELECT FROM relnav.parent(o, NULL::customer));
SELECT count(*) FROM relnav.related(ROW(1, '', '')::customer, NULL::customer, 'orders.customer') c;
-- right: permission denied for table items: the association must be readable, too
RESET ROLE;
GRANT SELECT ON product TO regress_relnav_ann;
SET ROLE regress_relnav_ann;
SELECT p.name FROM orders o, relnav.associated(o, NULL::product) p;
-- even if there is nothing to show: a key that no row has
SELECT count(*) FROM relnav.parent(ROW(10, 99, 5)::orders, NULL::customer) c;
-- the text of a statement shows no rows, so all may see it
SELECT relnav.query('orders', 10, 'customer') IS NOT NULL AS has_query;
SELECT relnav.query('orders', 10, 'customer') \gexec
RESET ROLE;

-- With the key columns of the association she may cross it.
-- right: 10 tea, 12 cup; tea; tea
GRANT SELECT (order_id, product_id) ON items TO regress_relnav_ann;
SET ROLE regress_relnav_ann;
SELECT o.id, p.name FROM orders o, relnav.associated(o, NULL::product) p ORDER BY 1;
SELECT p.name FROM relnav.related('orders', 10, NULL::product) p;
SELECT p.name FROM relnav.related('orders', 10, NULL::product, 'items.product') p;
-- but not read its rows: they have a column that she may not read
SELECT i.order_id FROM orders o, relnav.children(o, NULL::items) i;
RESET ROLE;
-- one key column of the two is not enough
REVOKE SELECT (product_id) ON items FROM regress_relnav_ann;
SET ROLE regress_relnav_ann;
SELECT o.id, p.name FROM orders o, relnav.associated(o, NULL::product) p;
RESET ROLE;

-- Whole rows need all columns.  right: permission denied, then Ann
GRANT SELECT (id, name) ON customer TO regress_relnav_ann;
SET ROLE regress_relnav_ann;
SELECT o.id, c.name FROM orders o, relnav.parent(o, NULL::customer) c;
-- the key suffices to pass through: siblings of an order.  right: 10 {10, 11}
SELECT s.id FROM orders o, relnav.related(o, NULL::orders, 'customer.orders') s WHERE o.id = 10 ORDER BY 1;
-- and to start by key, where only that is read.  right: 10 11
SELECT o.id FROM relnav.children('customer', 1, NULL::orders) o ORDER BY 1;
RESET ROLE;
GRANT SELECT (secret) ON customer TO regress_relnav_ann;
SET ROLE regress_relnav_ann;
SELECT o.id, c.name FROM orders o, relnav.parent(o, NULL::customer) c ORDER BY 1;
RESET ROLE;
-- the schema's USAGE: names are resolved when the call is parsed
REVOKE USAGE ON SCHEMA regress_relnav_privileges FROM regress_relnav_ann;
SET ROLE regress_relnav_ann;
SELECT count(*) FROM regress_relnav_privileges.orders o, relnav.parent(o, NULL::regress_relnav_privileges.customer);
RESET ROLE;
GRANT USAGE ON SCHEMA regress_relnav_privileges TO regress_relnav_ann;

-- also of a schema that is only passed through, as a join written by hand needs it
CREATE SCHEMA regress_relnav_hidden;
CREATE TABLE regress_relnav_hidden.likes (order_id int REFERENCES orders, product_id int REFERENCES product,
                                          PRIMARY KEY (order_id, product_id));
GRANT SELECT ON regress_relnav_hidden.likes TO regress_relnav_ann;
SET ROLE regress_relnav_ann;
-- right: permission denied for schema regress_relnav_hidden
DO $$
BEGIN
    PERFORM p.name FROM orders o, relnav.associated(o, NULL::product, 'likes') p;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE WARNING '%', SQLERRM;
END $$;
RESET ROLE;
-- nor with the plan of one who may use it.  right: none; insufficient_privilege, inlined and run
\set VERBOSITY sqlstate
SET plan_cache_mode = force_generic_plan;
PREPARE liked AS SELECT p.name FROM orders o, relnav.associated(o, NULL::product, 'likes') p;
EXECUTE liked;
SET ROLE regress_relnav_ann;
EXECUTE liked;
RESET ROLE;
DEALLOCATE liked;
SET relnav.inline = off;
PREPARE liked AS SELECT p.name FROM orders o, relnav.associated(o, NULL::product, 'likes') p;
EXECUTE liked;
SET ROLE regress_relnav_ann;
EXECUTE liked;
RESET ROLE;
DEALLOCATE liked;
RESET relnav.inline;
RESET plan_cache_mode;
\set VERBOSITY default
GRANT USAGE ON SCHEMA regress_relnav_hidden TO regress_relnav_ann;
SET ROLE regress_relnav_ann;
-- right: no rows
SELECT p.name FROM orders o, relnav.associated(o, NULL::product, 'likes') p;
RESET ROLE;
DROP SCHEMA regress_relnav_hidden CASCADE;

-- A plan that one role made is not run with its rights by another: SET ROLE
-- with a prepared statement and a generic plan, both ways.
GRANT SELECT ON orders TO regress_relnav_bob;
PREPARE names AS SELECT o.id, c.name FROM orders o, relnav.parent(o, NULL::customer) c ORDER BY 1;
SET plan_cache_mode = force_generic_plan;
EXECUTE names;
SET ROLE regress_relnav_ann;
EXECUTE names;
-- right: permission denied for table customer
SET ROLE regress_relnav_bob;
EXECUTE names;
SET ROLE regress_relnav_ann;
EXECUTE names;
RESET ROLE;
REVOKE SELECT ON customer FROM regress_relnav_ann;
REVOKE SELECT (id, name, secret) ON customer FROM regress_relnav_ann;
SET ROLE regress_relnav_ann;
-- right: permission denied
EXECUTE names;
RESET ROLE;
EXECUTE names;
DEALLOCATE names;
RESET plan_cache_mode;


-- Row security: Ann sees her own orders, Bob his, the owner all.
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON orders USING (customer_id = CASE current_user WHEN 'regress_relnav_ann' THEN 1
                                                                   WHEN 'regress_relnav_bob' THEN 2 END);
GRANT SELECT ON customer, orders, product, items TO regress_relnav_ann, regress_relnav_bob;
PREPARE theirs AS SELECT c.name, o.id FROM customer c, relnav.children(c, NULL::orders) o ORDER BY 2;
PREPARE by_key AS SELECT o.id FROM relnav.children('customer', 1, NULL::orders) o ORDER BY 1;
PREPARE through AS SELECT p.name FROM customer c, relnav.related(c, NULL::product, 'orders.items.product') p ORDER BY 1;
PREPARE listed AS SELECT relnav.children(c, NULL::orders) FROM customer c ORDER BY 1;
SET plan_cache_mode = force_generic_plan;
-- right: as superuser all: 10 11 12; 10 11; cup tea; three rows
EXECUTE theirs;
EXECUTE by_key;
EXECUTE through;
EXECUTE listed;
-- right: as Ann: 10 11; 10 11; tea; (10..), (11..)
SET ROLE regress_relnav_ann;
EXECUTE theirs;
EXECUTE by_key;
EXECUTE through;
EXECUTE listed;
-- right: as Bob: 12; none; cup; (12..)
SET ROLE regress_relnav_bob;
EXECUTE theirs;
EXECUTE by_key;
EXECUTE through;
EXECUTE listed;
-- with row_security off the server's own error, not all rows
SET row_security = off;
SELECT c.name, o.id FROM customer c, relnav.children(c, NULL::orders) o;
SET row_security = on;
-- right: the owner is not bound by it: 10 11 12; but is when it is forced: none
SET ROLE regress_relnav_owner;
EXECUTE theirs;
RESET ROLE;
ALTER TABLE orders FORCE ROW LEVEL SECURITY;
SET ROLE regress_relnav_owner;
EXECUTE theirs;
RESET ROLE;
ALTER TABLE orders NO FORCE ROW LEVEL SECURITY;
-- right: as Ann again: 10 11
SET ROLE regress_relnav_ann;
EXECUTE theirs;
-- a hidden row is not passed through either: all orders of a customer by way
-- of an order that she does not see.  right: none
SELECT s.id FROM relnav.related(ROW(12, 2, 0)::items, NULL::orders, 'order.customer.orders') s ORDER BY 1;
-- a function of hers sees nothing that the policy hides, however cheap it is.
-- right: only 10 and 11 are told
RESET ROLE;
CREATE FUNCTION tell(o orders) RETURNS bool LANGUAGE plpgsql COST 0.0000001 AS $$
BEGIN
    RAISE WARNING 'seen: %', o.id;
    RETURN true;
END $$;
SET ROLE regress_relnav_ann;
SELECT count(*) FROM relnav.children(ROW(1, NULL, NULL)::customer, NULL::orders) o WHERE tell(o);
SELECT count(*) FROM relnav.children(ROW(2, NULL, NULL)::customer, NULL::orders) o WHERE tell(o);
RESET ROLE;
DROP FUNCTION tell;
-- the policy changes: the next call knows.  right: 12
DROP POLICY own ON orders;
CREATE POLICY own ON orders USING (total > 8);
SET ROLE regress_relnav_ann;
EXECUTE theirs;
EXECUTE by_key;
RESET ROLE;
ALTER TABLE orders DISABLE ROW LEVEL SECURITY;
-- right: all three
SET ROLE regress_relnav_ann;
EXECUTE theirs;
RESET ROLE;
DEALLOCATE ALL;
RESET plan_cache_mode;
-- a policy that navigates by itself
CREATE POLICY of_known ON orders USING (EXISTS (SELECT FROM relnav.parent(orders, NULL::customer) c WHERE c.name = 'Bob'));
DROP POLICY own ON orders;
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
SET ROLE regress_relnav_ann;
-- right: 12, 12
SELECT id FROM orders ORDER BY 1;
SELECT c.name, o.id FROM customer c, relnav.children(c, NULL::orders) o ORDER BY 2;
RESET ROLE;
ALTER TABLE orders DISABLE ROW LEVEL SECURITY;
DROP POLICY of_known ON orders;


-- A SECURITY DEFINER function lends its owner's rights, and only inside.
REVOKE SELECT ON customer FROM regress_relnav_ann;
SET ROLE regress_relnav_owner;
CREATE FUNCTION customer_name(o int) RETURNS text LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = regress_relnav_privileges AS $$
BEGIN
    RETURN (SELECT c.name FROM relnav.parent('orders', o, NULL::customer) c);
END $$;
CREATE FUNCTION customer_name_invoker(o int) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN (SELECT c.name FROM relnav.parent('orders', o, NULL::customer) c);
END $$;
SET ROLE regress_relnav_ann;
-- right: Bob; permission denied; Bob; permission denied
SELECT customer_name(12);
SELECT customer_name_invoker(12);
SELECT customer_name(12);
SELECT c.name FROM relnav.parent('orders', 12, NULL::customer) c;
-- A view reads its tables as its owner, but a function in it runs as who asks,
-- as every function in a view does.  right: permission denied
SET ROLE regress_relnav_owner;
CREATE VIEW order_customer AS SELECT o.id, c.name FROM orders o, relnav.parent(o, NULL::customer) c;
GRANT SELECT ON order_customer TO regress_relnav_ann;
SELECT * FROM order_customer ORDER BY 1;
SET ROLE regress_relnav_ann;
SELECT * FROM order_customer ORDER BY 1;
RESET ROLE;


-- Names planted in front of the system's are not asked, by anything of ours.
CREATE SCHEMA regress_relnav_planted;
SET search_path = regress_relnav_planted, pg_catalog, regress_relnav_privileges;
CREATE FUNCTION regress_relnav_planted.trap() RETURNS void LANGUAGE plpgsql AS
    $$ BEGIN RAISE WARNING 'a planted function runs as %', current_user; END $$;
CREATE FUNCTION regress_relnav_planted.concat_ws(text, VARIADIC text[]) RETURNS text LANGUAGE sql AS
    $$ SELECT trap(); SELECT 'planted'::text $$;
CREATE FUNCTION regress_relnav_planted.format(text, VARIADIC text[]) RETURNS text LANGUAGE sql AS
    $$ SELECT trap(); SELECT 'planted'::text $$;
CREATE FUNCTION regress_relnav_planted.quote_ident(text) RETURNS text LANGUAGE sql AS
    $$ SELECT trap(); SELECT 'planted'::text $$;
CREATE FUNCTION regress_relnav_planted.json_agg(text) RETURNS json LANGUAGE sql AS
    $$ SELECT trap(); SELECT 'null'::json $$;
CREATE FUNCTION regress_relnav_planted.same(int, int) RETURNS bool LANGUAGE sql AS
    $$ SELECT trap(); SELECT true $$;
CREATE FUNCTION regress_relnav_planted.same(text, text) RETURNS bool LANGUAGE sql AS
    $$ SELECT trap(); SELECT true $$;
CREATE FUNCTION regress_relnav_planted.joined(text, text) RETURNS text LANGUAGE sql AS
    $$ SELECT trap(); SELECT 'planted'::text $$;
CREATE OPERATOR regress_relnav_planted.= (LEFTARG = int, RIGHTARG = int, FUNCTION = regress_relnav_planted.same);
CREATE OPERATOR regress_relnav_planted.= (LEFTARG = text, RIGHTARG = text, FUNCTION = regress_relnav_planted.same);
CREATE OPERATOR regress_relnav_planted.|| (LEFTARG = text, RIGHTARG = text, FUNCTION = regress_relnav_planted.joined);
CREATE TABLE regress_relnav_planted.pg_class (oid oid, relname name);
CREATE TABLE regress_relnav_planted.pg_constraint (oid oid);
CREATE TYPE regress_relnav_planted.text AS (x int);
-- right: no warning, and what was there before
SELECT name, kind, notes FROM relnav.describe('customer');
SELECT name FROM relnav.relationships('orders') ORDER BY name COLLATE "C";
SELECT pg_catalog.length(relnav.model('regress_relnav_privileges')::pg_catalog.text) > 500 AS has_model;
SELECT o.id FROM relnav.children('customer', 1, NULL::orders) o ORDER BY 1;
SELECT o.id FROM relnav.children('customer', '1', NULL::orders) o ORDER BY 1;
SELECT p.name FROM relnav.related('customer', 1, NULL::product, 'orders.items.product') p ORDER BY 1;
SELECT relnav.query('customer', 1, 'orders');
SET search_path = regress_relnav_privileges;
DROP SCHEMA regress_relnav_planted CASCADE;

-- A kept plan belongs to its role also where row security stands deeper in it:
-- in a sub-select, or behind a view of the caller's.  right: 1 and 2; 1, 1
CREATE TABLE far_source (id int PRIMARY KEY);
CREATE TABLE guarded (id int PRIMARY KEY, source_id int REFERENCES far_source, holder name);
CREATE TABLE beyond (id int PRIMARY KEY);
CREATE TABLE between (guarded_id int REFERENCES guarded, beyond_id int REFERENCES beyond);
INSERT INTO far_source VALUES (1);
INSERT INTO guarded VALUES (1, 1, 'regress_relnav_ann'), (2, 1, 'regress_relnav_bob');
INSERT INTO beyond VALUES (1), (2);
INSERT INTO between VALUES (1, 1), (2, 2);
ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON guarded USING (holder = current_user);
CREATE VIEW guarded_view WITH (security_invoker) AS SELECT * FROM guarded;
GRANT USAGE ON SCHEMA regress_relnav_privileges TO regress_relnav_ann;
GRANT SELECT ON far_source, guarded, beyond, between, guarded_view TO regress_relnav_ann;
SET plan_cache_mode = force_generic_plan;
PREPARE by_path AS SELECT b.id FROM far_source s, relnav.related(s, NULL::beyond, 'guarded.between.beyond') b ORDER BY 1;
PREPARE by_view AS SELECT v.id FROM far_source s, relnav.children(s, NULL::guarded_view) v ORDER BY 1;
EXECUTE by_path;
EXECUTE by_view;
SET ROLE regress_relnav_ann;
EXECUTE by_path;
EXECUTE by_view;
RESET ROLE;
RESET plan_cache_mode;
DEALLOCATE ALL;

DROP SCHEMA regress_relnav_privileges CASCADE;
DROP ROLE regress_relnav_owner, regress_relnav_ann, regress_relnav_bob;
