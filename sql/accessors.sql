-- accessors returns statements that run as they are, of functions that the server inlines.
-- The calls of README.md, in the sample database.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
\getenv abs_srcdir PG_ABS_SRCDIR
\set shop :abs_srcdir /demo/shop.sql
\set ECHO none
\i :shop
\set ECHO all
\set ON_ERROR_STOP off
SET search_path = shop;
SELECT a FROM relnav.accessors('shop') a WHERE a LIKE '%(shop.loyalty_card)%' \g (format=unaligned tuples_only=on)
SELECT count(*), count(*) FILTER (WHERE a LIKE 'CREATE FUNCTION shop.%') FROM relnav.accessors('shop') a;
\o /dev/null
\set ECHO none
SELECT * FROM relnav.accessors('shop') \gexec
\set ECHO all
\o
-- there is nothing left to be done
SELECT count(*) FROM relnav.accessors('shop');
-- PostgREST's rules: one argument, the row; SETOF; a single row only by ROWS 1.  right: 0 that break them
SELECT count(*) FROM pg_proc
 WHERE pronamespace = 'shop'::regnamespace
   AND (pronargs <> 1 OR NOT proretset OR provolatile <> 's' OR proisstrict OR prosecdef OR proconfig IS NOT NULL);
SELECT proname, prorows FROM pg_proc WHERE oid IN ('customer(orders)'::regprocedure, 'orders(customer)'::regprocedure) ORDER BY 1;
-- The same rows as by relnav.  right: 0
SELECT count(*) FROM (SELECT c.id, o.* FROM customer c, orders(c) o
                      EXCEPT SELECT c.id, o.* FROM customer c, relnav.children(c, NULL::orders) o) d;
SELECT t.name FROM product p, tag(p) t WHERE p.id = 1 ORDER BY 1;
-- Inlined, without relnav.
SET relnav.inline = off;
EXPLAIN (COSTS OFF) SELECT c.name, o.id FROM customer c, orders(c) o WHERE o.status = 'new';
EXPLAIN (COSTS OFF) SELECT o.id, c.name FROM orders o, customer(o) c;
EXPLAIN (COSTS OFF) SELECT t.name FROM product p, tag(p) t WHERE p.id = 1;
RESET relnav.inline;

-- Names that cannot be: of a column, too long, and odd ones that can.
CREATE SCHEMA "S 1";
SET search_path = "S 1";
CREATE TABLE a (id int PRIMARY KEY, b text);
CREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a);
CREATE TABLE "X ""y" ("Z.id" int PRIMARY KEY REFERENCES a, junk int);
ALTER TABLE "X ""y" DROP junk;
SELECT * FROM relnav.accessors('"S 1"') \g (format=unaligned tuples_only=on)
SELECT relnav.accessors('"S 1"', 'postgraphile') \g (format=unaligned tuples_only=on)
\o /dev/null
SELECT * FROM relnav.accessors('"S 1"') \gexec
\o
-- right: the comment about b stays
SELECT * FROM relnav.accessors('"S 1"') \g (format=unaligned tuples_only=on)
CREATE TABLE a_name_of_sixty_two_bytes_that_leaves_no_room_for_another_one__ (id int PRIMARY KEY, a_id int REFERENCES a);
SELECT * FROM relnav.accessors('"S 1"', 'postgraphile') a WHERE a LIKE '%63 bytes' \g (format=unaligned tuples_only=on)
SELECT * FROM relnav.accessors('"S 1"', 'rails');
SELECT count(*) FROM relnav.accessors(NULL);

RESET search_path;
DROP SCHEMA shop, "S 1" CASCADE;
