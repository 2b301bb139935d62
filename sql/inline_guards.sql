-- What must hold although the function has vanished from the plan: privileges,
-- row security, dependencies of kept plans; and what is left to the function.
--
-- Each of these guards has been taken out of the code, alone, and this is what
-- failed then.  Without a name it is here.
--
-- src/inline.c
--   plan depends on the role                row security under one kept plan
--   ... on the relations consulted          a second association appears
--   ... on those that could come between    a second association appears
--   ... on them where the call stays        the path means nothing while the table is called otherwise
--   ... on the functions, a policy's too    the functions that a policy calls
--   ... for now, where there is no route    the path means nothing while the table is called otherwise
--   type, length, collation of references   columns that change, one each
--   references to a dropped column          "gone", which is NULL::int4 in the query
--   names for columns that were added       specs/navigate_ddl, add_column
--   a row with dropped columns              "IS NOT NULL" and all that is below it
--   ... its function forgotten              "FOR UPDATE beside it"
--   a node with dropped columns             recursion, "not null"
--   a row that is lifted                    inline_exists, whole rows inside
--   a row that is grouped by                inline, GROUPING SETS of the source
--   EXECUTE privilege                       REVOKE EXECUTE under a kept plan
--   volatile arguments, sub-selects         what is not replaced
--   ordinality, ROWS FROM                   what is not replaced
--   domains over row types                  domains
--   keys of other types, of other lengths   what is not replaced
--   policies below policies                 a policy that does so twice
--   no lifting below row security           a policy that navigates to its own table
--   ... where rows are counted              inline_exists, where the number of rows counts
--   ... but under EXISTS                    inline_exists, ARRAY() of a repeating association
--   ... of more than one hop                inline_exists
--   ... past a source that must be read     inline_exists, a key's source
--   ... out of outer and full joins         inline_exists, on the side that may be null
--   a row type that has gone                domains, one of which was dropped
--   the planner's request (19): parameters  parameters of the statement; t/010
--   ... below row security                  a policy that navigates to its own table
--   ... what it makes outlives the request  inline and all others
-- src/sqlgen.c
--   OFFSET 0 of a recursion                 recursion, "not null"
--   source of a key below row security      by a key
--   ... of a key that is not valid          by a key
-- src/relnav.c
--   plans from before the library           t/010_first_statement.pl
-- relnav--1.0.sql
--   PARALLEL RESTRICTED                     a policy with an unsafe function; catalog
--
-- Not seen failing in any test of this kind: a row with dropped and virtual
-- columns (18; the fuzzer found it), what can be made null (16), OLD and NEW (18),
-- and at the planner's request (19) rows of outer queries and the nesting of
-- requests.  Relations that are in the plan itself need not be noted at all.
LOAD 'relnav';
SET client_min_messages = warning;
CREATE SCHEMA regress_relnav_inline_guards;
SET search_path = regress_relnav_inline_guards;
SET max_parallel_workers_per_gather = 0;
SET jit = off;
\set SHOW_CONTEXT never

CREATE TABLE customer (id int PRIMARY KEY, name text);
CREATE TABLE product (id int PRIMARY KEY, name text);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customer, owner text, note text);
CREATE TABLE items (order_id int REFERENCES orders, line int, product_id int REFERENCES product, PRIMARY KEY (order_id, line));
INSERT INTO customer VALUES (1, 'Ann'), (2, 'Bob'), (3, 'Cy');
INSERT INTO product VALUES (1, 'tea'), (2, 'pot');
INSERT INTO orders VALUES (10, 1, 'regress_relnav_one', 'a'), (11, 1, 'regress_relnav_two', 'b'), (12, 2, 'regress_relnav_one', 'c'), (13, NULL, 'regress_relnav_one', 'd');
INSERT INTO items VALUES (10, 1, 1), (10, 2, 2), (11, 1, 1), (12, 1, 2);

-- Run a prepared statement with one column: whether its plan has no call, and
-- its rows; or the error.
CREATE FUNCTION run(prepared text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    line text;
    result text;
    plan text := '';
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) EXECUTE ' || prepared LOOP
        plan := plan || line;
    END LOOP;
    result := CASE WHEN plan ~ 'Function Scan|ProjectSet' THEN 'called:' ELSE 'joined:' END;
    FOR line IN EXECUTE 'EXECUTE ' || prepared LOOP
        result := result || ' ' || coalesce(line, 'null');
    END LOOP;
    RETURN result;
EXCEPTION WHEN OTHERS THEN
    RETURN concat_ws(' ', result, 'ERROR: ' || SQLERRM);
END $$;
-- A query run both ways.
CREATE FUNCTION both_ways(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    results text[];
BEGIN
    FOR i IN 1 .. 2 LOOP
        PERFORM set_config('relnav.inline', CASE i WHEN 1 THEN 'on' ELSE 'off' END, false);
        BEGIN
            EXECUTE 'PREPARE once AS ' || query;
            results[i] := run('once');
        EXCEPTION WHEN OTHERS THEN
            results[i] := 'ERROR: ' || SQLERRM;
        END;
        DEALLOCATE ALL;
    END LOOP;
    SET relnav.inline = on;
    RETURN results[1] || CASE WHEN substr(results[1], 9) <> substr(results[2], 9) THEN E'\nbut ' || results[2] ELSE '' END;
END $$;


-- Functions that are not replaced.  The same rows, whatever is done.
SELECT what, both_ways(query) FROM (VALUES
('ordinality', 'SELECT c.id || ''-'' || o.id FROM customer c, relnav.children(c, NULL::orders) WITH ORDINALITY o ORDER BY 1'),
('two of them', 'SELECT o.id FROM customer c, ROWS FROM (relnav.children(c, NULL::orders), generate_series(1, 1)) o WHERE c.id = 2'),
('select list', 'SELECT (relnav.children(c, NULL::orders)).id FROM customer c ORDER BY 1'),
('path of a column', 'SELECT o.id FROM (VALUES (''orders''), (''customer_id'')) p (path), relnav.children(''customer'', 2, NULL::orders, p.path) o'),
('table of a column', 'SELECT o.id FROM (VALUES (''customer''::regclass)) s (source), relnav.children(s.source, 2, NULL::orders) o'),
('a sub-select for a row', 'SELECT o.id FROM relnav.children((SELECT c FROM customer c WHERE id = 1), NULL::orders) o ORDER BY 1'),
('a sub-select for a key', 'SELECT o.id FROM relnav.children(''customer'', (SELECT id FROM customer WHERE name = ''Bob''), NULL::orders) o'),
('a sub-select for a path', 'SELECT o.id FROM relnav.children(''customer'', 2, NULL::orders, (SELECT ''orders'')) o'),
('an unusual type of key', 'SELECT o.id FROM relnav.children(''customer'', 2.0, NULL::orders) o'),
('row of another type', 'SELECT o.id FROM relnav.children(''customer'', ROW(1, 2), NULL::orders) o')
) AS form (what, query);
-- A volatile argument is evaluated once for each call.  right: 10 11, then 12
CREATE SEQUENCE next_customer;
SELECT o.id FROM relnav.children('customer', nextval('next_customer')::int, NULL::orders) o ORDER BY 1;
SELECT o.id FROM relnav.children('customer', nextval('next_customer')::int, NULL::orders) o ORDER BY 1;
ALTER SEQUENCE next_customer RESTART;
CREATE FUNCTION next_row() RETURNS customer LANGUAGE sql AS $$ SELECT c FROM customer c WHERE id = nextval('next_customer') % 3 + 1 $$;
SELECT count(*) FROM relnav.children(next_row(), NULL::orders) o, relnav.children(o, NULL::items);
-- Another function of the same name is another function.
CREATE FUNCTION children(parent anyelement, child anycompatible, via text DEFAULT NULL) RETURNS SETOF anycompatible
    LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN; END $$;
SELECT both_ways('SELECT o.id FROM customer c, children(c, NULL::orders) o');
DROP FUNCTION children;

-- Planning raises nothing about a path that means nothing, execution does.
CREATE FUNCTION when_raised(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    stage text := 'planned: ';
BEGIN
    EXECUTE 'EXPLAIN SELECT * FROM customer c, ' || call;
    stage := 'planned, never executed: ';
    EXECUTE 'SELECT * FROM customer c, ' || call || ' WHERE c.id < 0';
    EXECUTE 'SELECT * FROM customer c LEFT JOIN LATERAL ' || call || ' ON true WHERE c.id < 0';
    stage := 'executed: ';
    EXECUTE 'SELECT * FROM customer c, ' || call;
    RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
    RETURN stage || SQLERRM;
END $$;
SELECT when_raised(call) FROM (VALUES
('relnav.children(c, NULL::product)'),
('relnav.children(c, NULL::orders, ''nothing'')'),
('relnav.parent(c, NULL::orders)'),
('relnav.associated(c, NULL::product)'),
('relnav.related(c, NULL::orders, '''')'),
('relnav.related(c, NULL::orders, ''orders..items'')'),
('relnav.related(c, NULL::orders, ''"orders'')'),
('relnav.related(c, NULL::orders, ''orders.items'')'),
('relnav.children(''product'', 1, NULL::orders)'),
('relnav.children(''product'', ROW(1, 2), NULL::items)')) AS bad (call);


-- Row security under one kept plan: of the role that executes it.
CREATE ROLE regress_relnav_one;
CREATE ROLE regress_relnav_two;
GRANT USAGE ON SCHEMA regress_relnav_inline_guards TO regress_relnav_one, regress_relnav_two;
GRANT SELECT ON ALL TABLES IN SCHEMA regress_relnav_inline_guards TO regress_relnav_one, regress_relnav_two;
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON orders USING (owner = current_user);
SET plan_cache_mode = force_generic_plan;
PREPARE down AS SELECT o.id::text FROM customer c, relnav.children(c, NULL::orders) o ORDER BY 1;
PREPARE by_key AS SELECT o.id::text FROM relnav.children('customer', 1, NULL::orders) o ORDER BY 1;
PREPARE up AS SELECT i.order_id || '-' || i.line FROM items i, relnav.parent(i, NULL::orders) o ORDER BY 1;
PREPARE through AS SELECT i.order_id || '-' || i.line FROM customer c, relnav.related(c, NULL::items, 'orders.items') i ORDER BY 1;
PREPARE deduplicated AS SELECT c.name || '-' || p.name FROM customer c, relnav.related(c, NULL::product, 'orders.items.product') p ORDER BY 1;
PREPARE lifted AS SELECT c.name FROM customer c WHERE EXISTS (SELECT FROM relnav.children(c, NULL::orders)) ORDER BY 1;
PREPARE lifted_not AS SELECT c.name FROM customer c WHERE NOT EXISTS (SELECT FROM relnav.children(c, NULL::orders) o WHERE o.id > 10) ORDER BY 1;
CREATE FUNCTION of_sql(c customer) RETURNS SETOF orders LANGUAGE sql STABLE AS $$ SELECT o.* FROM relnav.children(c, NULL::orders) o $$;
PREPARE in_sql AS SELECT o.id::text FROM customer c, of_sql(c) o ORDER BY 1;
CREATE FUNCTION in_plpgsql() RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT string_agg(o.id::text, ' ' ORDER BY o.id) FROM customer c, relnav.children(c, NULL::orders) o);
END $$;
CREATE FUNCTION all_of_them() RETURNS TABLE (statement text, result text) LANGUAGE plpgsql AS $$
BEGIN
    FOREACH statement IN ARRAY ARRAY['down', 'by_key', 'up', 'through', 'deduplicated', 'lifted', 'lifted_not'] LOOP
        result := run(statement);
        RETURN NEXT;
    END LOOP;
    statement := 'in_sql';
    result := substr(run(statement), 9);        -- only 19 replaces the call in it
    RETURN NEXT;
    statement := 'in_plpgsql';
    result := in_plpgsql();
    RETURN NEXT;
END $$;
SELECT * FROM all_of_them();
SET ROLE regress_relnav_one;
SELECT * FROM all_of_them();
SET ROLE regress_relnav_two;
SELECT * FROM all_of_them();
RESET ROLE;
SELECT run('down'), run('through');
-- and the function itself says the same
SET relnav.inline = off;
DEALLOCATE down;
PREPARE down AS SELECT o.id::text FROM customer c, relnav.children(c, NULL::orders) o ORDER BY 1;
SELECT run('down');
SET ROLE regress_relnav_two;
SELECT run('down');
SET relnav.inline = on;
-- row_security = off is an error, not all rows
SET row_security = off;
SELECT count(*) FROM customer c, relnav.children(c, NULL::orders);
SET row_security = on;
RESET ROLE;

-- A function that looks at the rows does not see more than the role may.
CREATE FUNCTION looks(id int) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS $$ BEGIN RAISE WARNING 'seen: %', id; RETURN true; END $$;
SET ROLE regress_relnav_two;
SELECT o.id FROM customer c, relnav.children(c, NULL::orders) o WHERE looks(o.id);
SELECT c.id FROM customer c WHERE EXISTS (SELECT FROM relnav.children(c, NULL::orders) o WHERE looks(o.id));
RESET ROLE;

-- In a view, too, it is the caller that needs the privileges.
CREATE VIEW seen_orders AS SELECT c.name, o.id, o.owner FROM customer c, relnav.children(c, NULL::orders) o;
CREATE VIEW seen_customers AS SELECT c.name FROM customer c WHERE EXISTS (SELECT FROM relnav.children(c, NULL::orders) o);
GRANT SELECT ON seen_orders, seen_customers TO regress_relnav_two;
SET ROLE regress_relnav_two;
SELECT both_ways('SELECT id::text FROM seen_orders ORDER BY 1'), both_ways('SELECT name FROM seen_customers ORDER BY 1');
RESET ROLE;
REVOKE SELECT ON orders FROM regress_relnav_two;
SET ROLE regress_relnav_two;
SELECT both_ways('SELECT id::text FROM seen_orders ORDER BY 1'), both_ways('SELECT name FROM seen_customers ORDER BY 1');
RESET ROLE;
GRANT SELECT ON orders TO regress_relnav_two;
DROP VIEW seen_orders, seen_customers;

-- Privileges that are taken away count at the next execution of a kept plan.
PREPARE down AS SELECT o.id::text FROM customer c, relnav.children(c, NULL::orders) o ORDER BY 1;
PREPARE through AS SELECT i.order_id || '-' || i.line FROM customer c, relnav.related(c, NULL::items, 'orders.items') i ORDER BY 1;
SET ROLE regress_relnav_one;
SELECT run('down'), run('through');
RESET ROLE;
BEGIN;
REVOKE EXECUTE ON FUNCTION relnav.children(anyelement, anycompatible, text) FROM PUBLIC;
SET LOCAL ROLE regress_relnav_one;
-- right: an error; 'through' calls another function
SELECT run('down'), run('through');
RESET ROLE;
-- who may, may, with the plan that was made for who may not
SELECT run('down');
ROLLBACK;
REVOKE SELECT ON orders FROM regress_relnav_one;
SET ROLE regress_relnav_one;
SELECT run('down'), run('through');
RESET ROLE;
-- right: columns that a path goes through suffice, a target's do not
GRANT SELECT (id, customer_id, owner) ON orders TO regress_relnav_one;
SET ROLE regress_relnav_one;
SELECT run('down'), run('through');
RESET ROLE;
GRANT SELECT ON orders TO regress_relnav_one;
SET ROLE regress_relnav_one;
SELECT run('down'), run('through');
RESET ROLE;

-- A policy that navigates to its own table: each step has the policy in it.
CREATE TABLE node (id int PRIMARY KEY, node_id int REFERENCES node, owner text);
INSERT INTO node SELECT i, nullif(i - 1, 0), CASE i WHEN 1 THEN 'regress_relnav_one' WHEN 15 THEN 'regress_relnav_two' END FROM generate_series(1, 20) i;
ALTER TABLE node ENABLE ROW LEVEL SECURITY;
CREATE POLICY below ON node USING (owner = current_user OR EXISTS (SELECT FROM relnav.parent(node, NULL::node) p));
GRANT SELECT ON node TO regress_relnav_one, regress_relnav_two;
PREPARE nodes AS SELECT count(*)::text || ' from ' || min(n.id) FROM node n;
PREPARE steps AS SELECT count(*)::text || ' from ' || min(p.id) FROM node n, relnav.parent(n, NULL::node) p;
-- right: all; all; those from 15 on; all
SELECT substr(run('nodes'), 9) AS nodes, substr(run('steps'), 9) AS steps;
SET ROLE regress_relnav_one;
SELECT substr(run('nodes'), 9) AS nodes, substr(run('steps'), 9) AS steps;
SET ROLE regress_relnav_two;
SELECT substr(run('nodes'), 9) AS nodes, substr(run('steps'), 9) AS steps;
SET relnav.inline = off;
SELECT substr(run('nodes'), 9) AS nodes, substr(run('steps'), 9) AS steps;
SET relnav.inline = on;
RESET ROLE;
-- ... and one that does so twice: the steps do not multiply without end
DELETE FROM node WHERE id > 5;
CREATE POLICY twice ON node USING (EXISTS (SELECT FROM relnav.parent(node, NULL::node) p WHERE p.id = 3));
SET ROLE regress_relnav_one;
SET statement_timeout = '30s';
SELECT substr(run('nodes'), 9) AS nodes, substr(run('steps'), 9) AS steps;
RESET statement_timeout;
RESET ROLE;
DROP TABLE node;

-- The plan depends on the functions that a policy calls, too.
ALTER TABLE orders DISABLE ROW LEVEL SECURITY;
CREATE TABLE visit (id int PRIMARY KEY, customer_id int REFERENCES customer);
INSERT INTO visit VALUES (1, 1), (2, 2);
ALTER TABLE visit ENABLE ROW LEVEL SECURITY;
CREATE POLICY known ON visit USING (EXISTS (SELECT FROM relnav.parent(visit, NULL::customer) c WHERE c.name = 'Ann'));
GRANT SELECT ON visit TO regress_relnav_one;
PREPARE visits AS SELECT v.id FROM customer c, relnav.children(c, NULL::visit) v ORDER BY 1;
SET ROLE regress_relnav_one;
-- right: 1; then an error
SELECT run('visits');
RESET ROLE;
BEGIN;
REVOKE EXECUTE ON FUNCTION relnav.parent(anyelement, anycompatible, text) FROM PUBLIC;
SET LOCAL ROLE regress_relnav_one;
SELECT run('visits');
ROLLBACK;
DROP TABLE visit;

-- By a key, nothing is related to a row that the role does not see, nor to one
-- that is not there, though a key that is not valid leads to it.
CREATE TABLE loose (id int PRIMARY KEY, customer_id int);
INSERT INTO loose VALUES (1, 2), (2, 99);
ALTER TABLE loose ADD FOREIGN KEY (customer_id) REFERENCES customer NOT VALID;
GRANT SELECT ON loose TO regress_relnav_one;
ALTER TABLE customer ENABLE ROW LEVEL SECURITY;
CREATE POLICY not_bob ON customer USING (name <> 'Bob');
SET ROLE regress_relnav_one;
-- right: none; 10 11; none
SELECT both_ways('SELECT o.id FROM relnav.children(''customer'', 2, NULL::orders) o'),
       both_ways('SELECT o.id FROM relnav.children(''customer'', 1, NULL::orders) o ORDER BY 1'),
       both_ways('SELECT x.id FROM orders x WHERE EXISTS (SELECT FROM relnav.children(''customer'', x.customer_id, NULL::orders) o WHERE o.id = 12)');
RESET ROLE;
DROP POLICY not_bob ON customer;
ALTER TABLE customer DISABLE ROW LEVEL SECURITY;
-- right: 1; none; 1
SELECT both_ways('SELECT l.id FROM relnav.children(''customer'', 2, NULL::loose) l'),
       both_ways('SELECT l.id FROM relnav.children(''customer'', 99, NULL::loose) l'),
       both_ways('SELECT x.id FROM loose x WHERE EXISTS (SELECT FROM relnav.children(''customer'', x.customer_id, NULL::loose) l)');
DROP TABLE loose;

-- Parallel plans, but not of what must not be: a policy with a function that
-- is not safe keeps the whole statement in one process.
DEALLOCATE ALL;
CREATE TABLE big (id int PRIMARY KEY, customer_id int REFERENCES customer);
INSERT INTO big SELECT i, i % 3 + 1 FROM generate_series(1, 5000) i;
ANALYZE big;
GRANT SELECT ON big TO regress_relnav_one;
CREATE FUNCTION of_big(c customer) RETURNS SETOF big LANGUAGE sql STABLE AS $$ SELECT b.* FROM relnav.children(c, NULL::big) b $$;
CREATE FUNCTION unsafe(id int) RETURNS boolean LANGUAGE plpgsql PARALLEL UNSAFE AS $$ BEGIN RETURN id > 10; END $$;
CREATE FUNCTION is_parallel(query text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    line text;
    result boolean := false;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
        result := result OR line ~ 'Gather';
    END LOOP;
    RETURN result;
END $$;
SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET ROLE regress_relnav_one;
SELECT is_parallel('SELECT count(*) FROM customer c, relnav.children(c, NULL::big) b');
SELECT count(*) FROM customer c, relnav.children(c, NULL::big) b;
RESET ROLE;
ALTER TABLE big ENABLE ROW LEVEL SECURITY;
CREATE POLICY unsafe ON big USING (unsafe(id));
SET ROLE regress_relnav_one;
-- right: false twice; 4990 twice
SELECT is_parallel('SELECT count(*) FROM customer c, relnav.children(c, NULL::big) b'),
       is_parallel('SELECT count(*) FROM product p, customer c, of_big(c) b WHERE p.id = c.id');
SELECT count(*) FROM customer c, relnav.children(c, NULL::big) b;
SELECT count(*) FROM customer c, of_big(c) b;
RESET ROLE;
DROP FUNCTION of_big;
DROP TABLE big;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;

-- Temporary tables, which only the leader can read, where everything that can
-- be is run in workers.
CREATE FUNCTION parallel_all(value text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config(CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'force_parallel_mode' ELSE 'debug_parallel_query' END, value, false);
END $$;
CREATE TEMP TABLE t_customer (id int PRIMARY KEY, name text);
CREATE TEMP TABLE t_orders (id int PRIMARY KEY, customer_id int REFERENCES t_customer);
INSERT INTO t_customer VALUES (1, 'Ann'), (2, 'Bob');
INSERT INTO t_orders VALUES (10, 1), (11, 1), (12, 2);
SELECT parallel_all('on');
SELECT o.id FROM t_customer c, relnav.children(c, NULL::t_orders) o ORDER BY 1;
SELECT o.id FROM relnav.children('t_customer', 1, NULL::t_orders) o ORDER BY 1;
SELECT c.name FROM t_customer c WHERE EXISTS (SELECT FROM relnav.children(c, NULL::t_orders)) ORDER BY 1;
SELECT (relnav.children(c, NULL::t_orders)).id FROM t_customer c ORDER BY 1;
SELECT count(*) FROM product p, relnav.children(ROW(p.id, p.name)::t_customer, NULL::t_orders) WITH ORDINALITY o;
SET relnav.inline = off;
SELECT o.id FROM t_customer c, relnav.children(c, NULL::t_orders) o ORDER BY 1;
SELECT o.id FROM product p, relnav.children('t_customer', p.id, NULL::t_orders) o ORDER BY 1;
SELECT o.id FROM customer p, relnav.children(p, NULL::orders) o ORDER BY 1;
SET relnav.inline = on;
SELECT parallel_all('off');
RESET max_parallel_workers_per_gather;
DROP TABLE t_orders, t_customer;


-- Kept plans and changed tables.  The plan is made anew when it has to be, and
-- is a join again when it can be.
PREPARE down AS SELECT c.name || o.id FROM customer c, relnav.children(c, NULL::orders) o ORDER BY 1;
PREPARE by_key AS SELECT o.id FROM relnav.children('customer', 1, NULL::orders) o ORDER BY 1;
PREPARE chain AS SELECT c.name || i.order_id || i.line FROM customer c, relnav.children(c, NULL::orders) o, relnav.children(o, NULL::items) i ORDER BY 1;
PREPARE lifted AS SELECT c.name FROM customer c WHERE NOT EXISTS (SELECT FROM relnav.children(c, NULL::orders)) ORDER BY 1;
PREPARE path AS SELECT DISTINCT p.name FROM customer c, relnav.related(c, NULL::product, 'orders.items.product') p ORDER BY 1;
PREPARE left_alone AS SELECT o.id FROM customer c, relnav.children(c, NULL::orders) WITH ORDINALITY o ORDER BY 1;
SELECT run('down'), run('by_key'), run('chain'), run('lifted'), run('path'), run('left_alone');
ALTER TABLE orders RENAME customer_id TO buyer_id;
SELECT run('down'), run('by_key'), run('chain'), run('lifted'), run('path'), run('left_alone');
ALTER TABLE orders RENAME buyer_id TO customer_id;
ALTER TABLE customer RENAME id TO no;
SELECT run('down'), run('by_key'), run('chain'), run('lifted'), run('path'), run('left_alone');
ALTER TABLE customer RENAME no TO id;
-- the path does not mean anything while the table is called otherwise
ALTER TABLE orders RENAME TO sale;
SELECT run('down'), run('by_key'), run('chain'), run('lifted'), run('path'), run('left_alone');
ALTER TABLE sale RENAME TO orders;
SELECT run('path');
ALTER TABLE items RENAME CONSTRAINT items_order_id_fkey TO item_of;
ALTER TABLE orders RENAME CONSTRAINT orders_customer_id_fkey TO bought_by;
SELECT run('down'), run('by_key'), run('chain'), run('lifted'), run('path'), run('left_alone');
PREPARE by_name AS SELECT count(*) FROM customer c, relnav.children(c, NULL::orders, 'bought_by') o;
SELECT run('by_name');
ALTER TABLE orders RENAME CONSTRAINT bought_by TO sold_to;
SELECT run('by_name');
ALTER TABLE orders RENAME CONSTRAINT sold_to TO bought_by;
SELECT run('by_name');
ALTER SCHEMA regress_relnav_inline_guards RENAME TO regress_relnav_inline_guards2;
SET search_path = regress_relnav_inline_guards2;
SELECT run('down'), run('by_key'), run('chain'), run('lifted'), run('path'), run('left_alone');
ALTER SCHEMA regress_relnav_inline_guards2 RENAME TO regress_relnav_inline_guards;
SET search_path = regress_relnav_inline_guards;
SELECT run('down'), run('by_key'), run('chain'), run('lifted'), run('path'), run('left_alone');

-- Parameters inside of a function that the server puts in place are those of
-- the statement, not those of the call.
CREATE FUNCTION of_key(k int) RETURNS SETOF orders LANGUAGE sql STABLE AS $$ SELECT o.* FROM relnav.children('customer', k, NULL::orders) o $$;
CREATE FUNCTION of_row(c customer) RETURNS SETOF items LANGUAGE sql STABLE AS $$ SELECT o.* FROM relnav.related(c, NULL::items, 'orders.items') o $$;
PREPARE of_key (text, int, int) AS SELECT id FROM of_key($3) o WHERE o.id > $2 ORDER BY 1;
PREPARE of_row (int, text, customer) AS SELECT order_id || '-' || line FROM of_row($3) i WHERE i.line < $1 ORDER BY 1;
-- right: 11; 10-1 11-1
SELECT substr(run('of_key (''x'', 10, 1)'), 9), substr(run('of_row (2, ''x'', ROW(1, ''Ann''))'), 9);

-- And its row may come from a query further out, which is planned already.
-- right: Ann 2 2 2, Bob 1 1 1, Cy 0 0 0; Ann, Bob; Ann 2, Bob 1, Cy 0
SELECT c.name, (SELECT count(*) FROM of_row(c) i WHERE i.line = 1) AS items,
       (SELECT count(*) FROM orders x WHERE EXISTS (SELECT FROM of_key(c.id) o WHERE o.id = x.id)) AS by_key,
       (SELECT count(*) FROM orders x WHERE EXISTS (SELECT FROM of_row(c) i WHERE i.order_id = x.id)) AS from_two_levels
  FROM customer c ORDER BY 1;
SELECT c.name FROM customer c WHERE EXISTS (SELECT FROM of_row(c) i WHERE i.line = 1) ORDER BY 1;
SELECT c.name, x.items FROM customer c, LATERAL (SELECT count(*) AS items FROM of_row(c) i WHERE i.line = 1 OFFSET 0) x ORDER BY 1;

-- The key is dropped, and made again; a second one is added, and dropped.
ALTER TABLE orders DROP CONSTRAINT bought_by;
SELECT run('down'), run('by_key'), run('lifted'), run('path');
ALTER TABLE orders ADD CONSTRAINT bought_by FOREIGN KEY (customer_id) REFERENCES customer;
SELECT run('down'), run('by_key'), run('lifted'), run('path');
ALTER TABLE orders ADD payer_id int REFERENCES customer;
SELECT run('down'), run('by_key'), run('lifted'), run('path');
ALTER TABLE orders DROP CONSTRAINT orders_payer_id_fkey;
SELECT run('down'), run('by_key'), run('lifted'), run('path');
ALTER TABLE orders DROP payer_id;
-- the hop in the middle of a path
ALTER TABLE items DROP CONSTRAINT item_of;
SELECT run('path'), run('chain');
ALTER TABLE items ADD CONSTRAINT item_of FOREIGN KEY (order_id) REFERENCES orders;
SELECT run('path'), run('chain');
-- a plan that was made when there was no key at all
CREATE TABLE later (id int PRIMARY KEY, customer_id int);
INSERT INTO later VALUES (1, 1);
PREPARE later AS SELECT l.id FROM customer c, relnav.children(c, NULL::later) l;
SELECT run('later');
ALTER TABLE later ADD FOREIGN KEY (customer_id) REFERENCES customer;
SELECT run('later');
DROP TABLE later;
-- a unique key makes an association of two keys, and decides whether it repeats
CREATE TABLE tagged (customer_id int REFERENCES customer, product_id int REFERENCES product, at int);
INSERT INTO tagged VALUES (1, 1, 1), (1, 1, 2), (2, 1, 1);
PREPARE tagged AS SELECT c.name || p.name FROM customer c, relnav.associated(c, NULL::product) p ORDER BY 1;
PREPARE tagged_exists AS SELECT count(*) FROM customer c WHERE EXISTS (SELECT FROM relnav.associated(c, NULL::product) p OFFSET 1);
SELECT run('tagged'), run('tagged_exists');
ALTER TABLE tagged ADD CONSTRAINT tagged_key UNIQUE (customer_id, product_id, at);
SELECT run('tagged'), run('tagged_exists');
DELETE FROM tagged WHERE at = 2;
CREATE UNIQUE INDEX tagged_once ON tagged (customer_id, product_id);
SELECT run('tagged'), run('tagged_exists');
-- what was unique is so no longer: each row still comes once
DROP INDEX tagged_once;
INSERT INTO tagged VALUES (1, 1, 2);
SELECT run('tagged'), run('tagged_exists');
-- a second association appears, where there were only two keys; and is gone
CREATE TABLE seen (customer_id int REFERENCES customer, product_id int REFERENCES product, at int);
SELECT run('tagged'), run('tagged_exists');
CREATE UNIQUE INDEX seen_once ON seen (customer_id, product_id);
SELECT run('tagged'), run('tagged_exists');
DROP INDEX seen_once;
SELECT run('tagged'), run('tagged_exists');
ALTER TABLE seen DROP at;
SELECT run('tagged'), run('tagged_exists');
DROP TABLE seen;
SELECT run('tagged'), run('tagged_exists');
ALTER TABLE tagged DROP CONSTRAINT tagged_key;
SELECT run('tagged'), run('tagged_exists');
DROP TABLE tagged;
-- a key is unique, so that a path needs no deduplication, and is so no longer
CREATE TABLE wish (id int PRIMARY KEY, customer_id int REFERENCES customer, product_id int REFERENCES product);
CREATE UNIQUE INDEX wish_product ON wish (product_id);
INSERT INTO wish VALUES (1, 1, 1), (2, 1, 2);
PREPARE wishes AS SELECT p.name FROM customer c, relnav.related(c, NULL::product, 'wish.product') p ORDER BY 1;
SELECT run('wishes');
DROP INDEX wish_product;
INSERT INTO wish VALUES (3, 1, 1);
-- right: pot tea again
SELECT run('wishes');
DROP TABLE wish;

-- The target's columns change.  The types of the references were fixed when
-- the statement was parsed: where they are wrong now, the server says so.
PREPARE whole AS SELECT o::text FROM customer c, relnav.children(c, NULL::orders) o ORDER BY o.id LIMIT 1;
PREPARE whole_not_null AS SELECT count(*) FROM customer c, relnav.children(c, NULL::orders) o WHERE o IS NOT NULL;
PREPARE whole_exists AS SELECT count(*) FROM customer c WHERE EXISTS (SELECT FROM relnav.children(c, NULL::orders) o WHERE o IS NOT NULL);
PREPARE star AS SELECT x::text FROM (SELECT o.* FROM customer c, relnav.children(c, NULL::orders) o ORDER BY o.id LIMIT 1) x;
PREPARE note AS SELECT upper(o.note) FROM customer c, relnav.children(c, NULL::orders) o ORDER BY 1;
PREPARE note_exists AS SELECT c.name FROM customer c WHERE EXISTS (SELECT FROM relnav.children(c, NULL::orders) o WHERE upper(o.note) = 'C');
PREPARE owner AS SELECT right(o.owner, 3) FROM customer c, relnav.children(c, NULL::orders) o ORDER BY 1;
SELECT run('whole'), run('whole_not_null'), run('whole_exists'), run('star'), run('note'), run('note_exists'), run('owner');
ALTER TABLE orders ADD added text DEFAULT 'new';
SELECT run('whole'), run('whole_not_null'), run('whole_exists'), run('star'), run('note'), run('note_exists'), run('owner');
ALTER TABLE orders ALTER note TYPE int USING ascii(note);
SELECT run('whole'), run('whole_not_null'), run('whole_exists'), run('star'), run('note'), run('note_exists'), run('owner');
SELECT run('down'), run('by_key'), run('chain'), run('lifted'), run('path');
ALTER TABLE orders ALTER note TYPE text USING chr(note);
SELECT run('note'), run('note_exists'), run('owner');
ALTER TABLE orders ALTER note TYPE text COLLATE "C";
SELECT run('note'), run('note_exists'), run('owner');
ALTER TABLE orders ALTER note TYPE varchar(5);
SELECT run('note'), run('owner');
ALTER TABLE orders ALTER note TYPE text COLLATE "default";
SELECT run('note'), run('note_exists'), run('owner');
ALTER TABLE orders DROP note;
SELECT run('whole'), run('whole_not_null'), run('whole_exists'), run('note'), run('note_exists'), run('owner');
SELECT run('down'), run('by_key'), run('chain'), run('lifted'), run('path');
-- parsed again, all is well
DEALLOCATE note;
ALTER TABLE orders ADD note text DEFAULT 'n';
PREPARE note AS SELECT upper(o.note) FROM customer c, relnav.children(c, NULL::orders) o ORDER BY 1;
SELECT run('note');
-- the key's columns, on either side, and in the middle of a chain
ALTER TABLE customer ALTER id TYPE bigint;
SELECT run('down'), run('by_key'), run('chain'), run('lifted'), run('path');
ALTER TABLE orders ALTER customer_id TYPE bigint;
SELECT run('down'), run('by_key'), run('lifted'), run('path');
ALTER TABLE items ALTER order_id TYPE bigint;
ALTER TABLE orders ALTER id TYPE bigint;
SELECT run('chain'), run('path');
-- What alone gives a change away: the type, of a column without collation; the
-- length; that a column of the type of a dropped one's null was dropped.
CREATE TABLE sized (id int PRIMARY KEY, customer_id int REFERENCES customer, amount int, code varchar(3), gone int);
INSERT INTO sized VALUES (1, 1, 10, 'a', 100), (2, 2, 20, 'b', 200);
PREPARE amount AS SELECT s.amount + 1 FROM customer c, relnav.children(c, NULL::sized) s ORDER BY 1;
PREPARE code AS SELECT s.code FROM customer c, relnav.children(c, NULL::sized) s ORDER BY 1;
PREPARE gone AS SELECT s.gone + 1 FROM customer c, relnav.children(c, NULL::sized) s ORDER BY 1;
PREPARE gone_exists AS SELECT c.name FROM customer c WHERE EXISTS (SELECT FROM relnav.children(c, NULL::sized) s WHERE s.gone IS NULL);
SELECT run('amount'), run('code'), run('gone'), run('gone_exists');
ALTER TABLE sized ALTER amount TYPE numeric;
ALTER TABLE sized ALTER code TYPE varchar(5);
ALTER TABLE sized DROP gone;
-- right: errors, but for the length, with which the function has no trouble
SELECT run('amount'), run('code'), run('gone'), run('gone_exists');
-- Parsed with a column that was never there: it goes on without.
BEGIN;
ALTER TABLE sized ADD later int;
PREPARE undone AS SELECT s::text FROM customer c, relnav.children(c, NULL::sized) s ORDER BY 1;
PREPARE undone_id AS SELECT s.id FROM customer c, relnav.children(c, NULL::sized) s ORDER BY 1;
PREPARE undone_lifted AS SELECT c.name FROM customer c WHERE EXISTS (SELECT FROM relnav.children(c, NULL::sized) s WHERE s::text ~ 'a') ORDER BY 1;
SELECT run('undone'), run('undone_id'), run('undone_lifted');
ROLLBACK;
SELECT run('undone'), run('undone_id'), run('undone_lifted');
DROP TABLE sized;
DEALLOCATE ALL;


-- Rows with columns that were dropped: whether they are null is asked of the
-- columns that are there.  Each way, in each place.
ALTER TABLE orders DROP added;
CREATE TABLE shadow (id int PRIMARY KEY, customer_id int REFERENCES customer, s text, gone int);
INSERT INTO shadow VALUES (1, 1, 'x', 1), (2, 2, NULL, 1);
ALTER TABLE shadow DROP gone;
SELECT what, both_ways(query) FROM (VALUES
('is not null', 'SELECT o.id FROM customer c, relnav.children(c, NULL::orders) o WHERE o IS NOT NULL ORDER BY 1'),
('is null', 'SELECT count(*) FROM customer c, relnav.children(c, NULL::orders) o WHERE o IS NULL'),
('not null by LEFT JOIN', 'SELECT c.name || (o IS NULL) || (o IS NOT NULL) FROM customer c LEFT JOIN LATERAL relnav.children(c, NULL::orders) o ON true ORDER BY 1'),
('text', 'SELECT o::text FROM customer c, relnav.children(c, NULL::orders) o ORDER BY o.id'),
('text by LEFT JOIN', 'SELECT c.name || coalesce(o::text, '' none'') FROM customer c LEFT JOIN LATERAL relnav.children(c, NULL::orders) o ON o.id > 10 ORDER BY 1'),
('count', 'SELECT count(o) FROM customer c LEFT JOIN LATERAL relnav.children(c, NULL::orders) o ON true'),
('json', 'SELECT to_json(o)::text FROM customer c, relnav.children(c, NULL::orders) o WHERE o.id = 12'),
('compared', 'SELECT count(*) FROM customer c, relnav.children(c, NULL::orders) o, orders x WHERE o = x'),
('sorted', 'SELECT (o).id FROM customer c, relnav.children(c, NULL::orders) o ORDER BY o DESC'),
('grouped', 'SELECT o::text FROM customer c, relnav.children(c, NULL::orders) o GROUP BY o ORDER BY o'),
('distinct', 'SELECT count(*) FROM (SELECT DISTINCT o FROM customer c, relnav.children(c, NULL::orders) o, product) x'),
('EXISTS', 'SELECT c.name FROM customer c WHERE EXISTS (SELECT FROM relnav.children(c, NULL::orders) o WHERE o IS NOT NULL) ORDER BY 1'),
('NOT EXISTS', 'SELECT c.name FROM customer c WHERE NOT EXISTS (SELECT FROM relnav.children(c, NULL::orders) o WHERE o IS NOT NULL) ORDER BY 1'),
('of the row, both', 'SELECT i.line || o::text FROM customer c, relnav.children(c, NULL::orders) o, relnav.children(o, NULL::items) i ORDER BY o.id, 1'),
('in a sub-select', 'SELECT (SELECT count(*) FROM relnav.children(o, NULL::items) i WHERE o IS NOT NULL) FROM customer c, relnav.children(c, NULL::orders) o ORDER BY o.id'),
('in a subquery', 'SELECT (x.o).id FROM (SELECT o FROM customer c, relnav.children(c, NULL::orders) o OFFSET 0) x WHERE x.o IS NOT NULL ORDER BY 1'),
('from a path', 'SELECT o.id FROM product p, relnav.related(p, NULL::orders, ''items.order'') o WHERE p.id = 1 AND o IS NOT NULL ORDER BY 1'),
('from a key', 'SELECT o.id FROM relnav.children(''customer'', 1, NULL::orders) o WHERE o IS NOT NULL ORDER BY 1'),
('FOR UPDATE', 'SELECT o.id FROM customer c, relnav.children(c, NULL::orders) o WHERE o IS NOT NULL ORDER BY 1 FOR UPDATE'),
('FOR UPDATE beside it', 'SELECT o.id FROM customer c LEFT JOIN (product p LEFT JOIN LATERAL relnav.children(c, NULL::orders) o ON p.id < o.id AND o IS NOT NULL) ON p.id = 2 ORDER BY 1 FOR UPDATE OF c'),
('a column of this name', 'SELECT s.*::text FROM customer c, relnav.children(c, NULL::shadow) s ORDER BY s.id'),
('and not null', 'SELECT s.id FROM customer c, relnav.children(c, NULL::shadow) s WHERE (s.*) IS NOT NULL ORDER BY 1'),
('and EXISTS', 'SELECT c.name FROM customer c WHERE EXISTS (SELECT FROM relnav.children(c, NULL::shadow) s WHERE (s.*) IS NOT NULL) ORDER BY 1'),
('the column itself', 'SELECT s FROM customer c, relnav.children(c, NULL::shadow) s WHERE s.id = 1')
) AS form (what, query);
DROP TABLE shadow;
-- dropped columns in the source, and in between
ALTER TABLE customer ADD gone int;
ALTER TABLE customer DROP gone;
SELECT both_ways('SELECT c.name || o.id FROM customer c, relnav.children(c, NULL::orders) o ORDER BY 1'),
       both_ways('SELECT DISTINCT c::text || p::text FROM customer c, relnav.related(c, NULL::product, ''orders.items.product'') p ORDER BY 1');

-- Domains over row types are checked by the function.
CREATE DOMAIN d_customer AS customer CHECK ((VALUE).id < 3);
CREATE DOMAIN d_orders AS orders;
SELECT both_ways('SELECT o.id FROM customer c, relnav.children(c::d_customer, NULL::orders) o WHERE c.id < 3 ORDER BY 1'),
       both_ways('SELECT o.id FROM customer c, relnav.children(c::d_customer, NULL::orders) o ORDER BY 1'),
       both_ways('SELECT 1 FROM customer c, relnav.children(c, NULL::d_orders) o');
DROP DOMAIN d_customer, d_orders;
-- Rows of an inheriting table, as what they are and as rows of the other.
CREATE TABLE vip (since int) INHERITS (customer);
INSERT INTO vip VALUES (2, 'Vip', 2000), (9, 'Nobody', 2001);
SELECT both_ways('SELECT v.since || '' '' || o.id FROM vip v, relnav.children(v::customer, NULL::orders) o ORDER BY 1'),
       both_ways('SELECT c.name || o.id FROM customer c, relnav.children(c, NULL::orders) o ORDER BY 1'),
       both_ways('SELECT o.id || c.name FROM orders o, relnav.parent(o, NULL::customer) c ORDER BY 1'),
       both_ways('SELECT o.id FROM orders o WHERE NOT EXISTS (SELECT FROM relnav.parent(o, NULL::customer) c) ORDER BY 1');
DROP TABLE vip;


-- The functions themselves are replaced, taken out of the extension, dropped
-- with it and made again, under kept plans.
PREPARE down AS SELECT c.name || o.id FROM customer c, relnav.children(c, NULL::orders) o ORDER BY 1;
SELECT run('down');
BEGIN;
CREATE OR REPLACE FUNCTION relnav.children(parent anyelement, child anycompatible, via text DEFAULT NULL) RETURNS SETOF anycompatible
    LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN; END $$;
-- right: called, no rows
SELECT run('down');
ROLLBACK;
SELECT run('down');
BEGIN;
ALTER EXTENSION relnav DROP FUNCTION relnav.children(anyelement, anycompatible, text);
ALTER FUNCTION relnav.children(anyelement, anycompatible, text) RENAME TO kids;
SELECT run('down');
ALTER FUNCTION relnav.kids(anyelement, anycompatible, text) RENAME TO children;
ALTER EXTENSION relnav ADD FUNCTION relnav.children(anyelement, anycompatible, text);
SELECT run('down');
DROP EXTENSION relnav;
SELECT run('down');
ROLLBACK;
BEGIN;
DROP EXTENSION relnav;
CREATE EXTENSION relnav;
SELECT run('down');
COMMIT;
SELECT run('down');
DEALLOCATE ALL;
RESET plan_cache_mode;

DROP SCHEMA regress_relnav_inline_guards CASCADE;
DROP ROLE regress_relnav_one, regress_relnav_two;
