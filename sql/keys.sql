-- A key written by hand finds the same rows as the row that has it.
SET client_min_messages = warning;
CREATE SCHEMA regress_relnav_keys;
SET search_path = regress_relnav_keys;
\set SHOW_CONTEXT never

CREATE TABLE customer (id int PRIMARY KEY, name text, boss_id int REFERENCES customer);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customer);
CREATE TABLE tag (id int PRIMARY KEY, name text);
CREATE TABLE order_tag (order_id int REFERENCES orders, tag_id int REFERENCES tag, PRIMARY KEY (order_id, tag_id));
INSERT INTO customer VALUES (41, 'Zoe', NULL), (42, 'Ann', 41), (43, 'Bob', 41);
INSERT INTO orders VALUES (1, 42), (2, 42), (3, 43), (4, NULL);
INSERT INTO tag VALUES (1, 'new'), (2, 'big');
INSERT INTO order_tag VALUES (1, 1), (1, 2), (3, 1);

-- All four functions, by a number.  right: Ann; 1 2; big new; 1 2; Zoe
SELECT c.name FROM relnav.parent('orders', 1, NULL::customer) c;
SELECT o.id FROM relnav.children('customer', 42, NULL::orders) o ORDER BY 1;
SELECT t.name FROM relnav.associated('orders', 1, NULL::tag) t ORDER BY 1;
SELECT o.id FROM relnav.related('customer', 42, NULL::orders) o ORDER BY 1;
SELECT c.name FROM relnav.related('orders', 1, NULL::customer, 'customer.boss') c;
-- and by a path back down.  right: 1 2 3
SELECT o.id FROM relnav.related('orders', 1, NULL::orders, 'customer.boss.customer_by_boss.orders') o ORDER BY 1;
-- via names the relationship.  right: 42 43; 41
SELECT c.id FROM relnav.children('customer', 41, NULL::customer, 'boss') c ORDER BY 1;
SELECT c.id FROM relnav.parent('customer', 42, NULL::customer, 'boss') c;

-- The same key as text, as a parameter, in other integer types.
-- right: 1 2, each time
SELECT o.id FROM relnav.children('customer', '42', NULL::orders) o ORDER BY 1;
SELECT o.id FROM relnav.children('customer', '42'::text, NULL::orders) o ORDER BY 1;
SELECT o.id FROM relnav.children('customer', ' 42 '::varchar, NULL::orders) o ORDER BY 1;
SELECT o.id FROM relnav.children('customer', 42::smallint, NULL::orders) o ORDER BY 1;
SELECT o.id FROM relnav.children('customer', 42::bigint, NULL::orders) o ORDER BY 1;
SELECT o.id FROM relnav.children('customer', 42.0, NULL::orders) o ORDER BY 1;
SELECT o.id FROM relnav.children('customer'::regclass, 42, NULL::orders) o ORDER BY 1;
PREPARE by_unknown AS SELECT o.id FROM relnav.children('customer', $1, NULL::orders) o ORDER BY 1;
EXECUTE by_unknown('42');
EXECUTE by_unknown(42);
EXECUTE by_unknown(NULL);
PREPARE by_int (int) AS SELECT o.id FROM relnav.children('customer', $1, NULL::orders) o ORDER BY 1;
EXECUTE by_int(42);
PREPARE all_unknown AS SELECT o.id FROM relnav.related($1, $2, NULL::orders, $3) o ORDER BY 1;
EXECUTE all_unknown('customer', '42', 'orders');
PREPARE two_unknown AS SELECT o.id FROM relnav.children('customer', $1, NULL::orders, $2) o ORDER BY 1;
EXECUTE two_unknown('42', 'customer_id');
PREPARE row_unknown AS SELECT o.id FROM customer c, relnav.children(c, NULL::orders, $1) o WHERE c.id = $2 ORDER BY 1;
EXECUTE row_unknown('orders', 42);
PREPARE query_unknown AS SELECT relnav.query($1, $2, $3) IS NOT NULL AS has_query;
EXECUTE query_unknown('customer', '42', 'orders');
DEALLOCATE ALL;
-- a list of keys, from another table.  right: 42 1, 42 2, 43 3
SELECT k.key, o.id FROM (VALUES (41), (42), (43)) AS k(key), relnav.children('customer', k.key, NULL::orders) o ORDER BY 2;
SELECT k.key, o.id FROM unnest('{42,43}'::text[]) AS k(key), relnav.children('customer', k.key, NULL::orders) o ORDER BY 2;
-- another table for each row.  right: customer 1 2; orders 1 (itself, by its customer: 1 2)
SELECT s.source, o.id
  FROM (VALUES ('customer'::regclass, 42, 'orders'), ('orders', 1, 'customer.orders')) AS s(source, key, path),
       relnav.related(s.source, s.key, NULL::orders, s.path) o
 ORDER BY s.source::text COLLATE "C", 2;

-- A fraction is no key of an integer column: 42.5 is neither 42 nor 43.
-- right: no rows
SELECT o.id FROM relnav.children('customer', 42.5, NULL::orders) o;
SELECT o.id FROM relnav.children('customer', 42.5::float8, NULL::orders) o;
SELECT c.name FROM relnav.parent('orders', 2.5, NULL::customer) c;
SELECT count(*) FROM relnav.related('orders', 0.5, NULL::tag);
-- What the column's type does not accept is its own error.
SELECT o.id FROM relnav.children('customer', 'Ann', NULL::orders) o;
SELECT o.id FROM relnav.children('customer', '42.5', NULL::orders) o;
SELECT o.id FROM relnav.children('customer', now(), NULL::orders) o;
-- What it cannot hold is no row's key, as in WHERE id = 30000000000.  right: 0 rows each
SELECT o.id FROM relnav.children('customer', 30000000000, NULL::orders) o;
SELECT k.key, (SELECT count(*) FROM relnav.children('customer', k.key, NULL::orders)) AS orders
  FROM (VALUES (2147483647.5::float8), (-2147483648.5), ('NaN'), ('Infinity')) k(key);
SELECT k.key, (SELECT count(*) FROM relnav.children('customer', k.key, NULL::orders)) AS orders
  FROM (VALUES (1e40), (-1e40), (2147483647.5), ('NaN')) k(key);
-- No key, no rows.  right: 0, 0, 0, 0
SELECT count(*) FROM relnav.children('customer', NULL, NULL::orders);
SELECT count(*) FROM relnav.children('customer', NULL::int, NULL::orders);
SELECT count(*) FROM relnav.related('orders', NULL::text, NULL::tag);
SELECT count(*) FROM relnav.children('customer', 999, NULL::orders);


-- Other types of keys.
CREATE TABLE thing (id uuid PRIMARY KEY, code text UNIQUE);
CREATE TABLE part (thing_id uuid REFERENCES thing, no int);
INSERT INTO thing VALUES ('11111111-1111-1111-1111-111111111111', 'a');
INSERT INTO part VALUES ('11111111-1111-1111-1111-111111111111', 7);
-- right: 7, 7, 7 (text in upper case with braces is the same uuid)
SELECT no FROM relnav.children('thing', '11111111-1111-1111-1111-111111111111', NULL::part);
SELECT no FROM relnav.children('thing', '11111111-1111-1111-1111-111111111111'::uuid, NULL::part);
SELECT no FROM relnav.children('thing', '{11111111111111111111111111111111}', NULL::part);
SELECT no FROM relnav.children('thing', 'a', NULL::part);

CREATE TABLE lang (code char(3) PRIMARY KEY, v varchar(5) UNIQUE);
CREATE TABLE text_in (lang_code char(3) REFERENCES lang, t text);
INSERT INTO lang VALUES ('en', 'v');
INSERT INTO text_in VALUES ('en', 'hello');
-- right: hello, hello: blanks at the end do not count in char(n)
SELECT t FROM relnav.children('lang', 'en', NULL::text_in);
SELECT t FROM relnav.children('lang', 'en ', NULL::text_in);
-- a text longer than the column is no key of it, not a shortened one.  right: no rows
CREATE TABLE short (v varchar(3) PRIMARY KEY);
CREATE TABLE shortc (short_v varchar(3) REFERENCES short);
INSERT INTO short VALUES ('abc');
INSERT INTO shortc VALUES ('abc');
SELECT * FROM relnav.children('short', 'abcd', NULL::shortc);
SELECT * FROM relnav.children('short', 'abcd'::text, NULL::shortc);
-- nor is a number with more digits than its column one that is rounded.  right: 1; no rows
CREATE TABLE price (p numeric(6,2) PRIMARY KEY);
CREATE TABLE pricec (price_p numeric(6,2) REFERENCES price);
INSERT INTO price VALUES (1.25);
INSERT INTO pricec VALUES (1.25);
SELECT count(*) FROM relnav.children('price', 1.25, NULL::pricec);
SELECT count(*) FROM relnav.children('price', 1.2499, NULL::pricec);

-- Dates from text; a timestamp with a time is no date.  right: d1; d1; none
CREATE TABLE day (d date PRIMARY KEY);
CREATE TABLE event (day_d date REFERENCES day, e text);
INSERT INTO day VALUES ('2026-01-01');
INSERT INTO event VALUES ('2026-01-01', 'd1');
SELECT e FROM relnav.children('day', '2026-01-01', NULL::event);
SELECT e FROM relnav.children('day', timestamp '2026-01-01 00:00', NULL::event);
SELECT e FROM relnav.children('day', timestamp '2026-01-01 12:00', NULL::event);

-- A key of an array, an enum, a domain with a check.
CREATE TYPE color AS ENUM ('red', 'blue');
CREATE DOMAIN posint AS int CHECK (VALUE > 0);
CREATE TABLE ka (a int[] PRIMARY KEY);
CREATE TABLE kac (ka_a int[] REFERENCES ka);
CREATE TABLE ke (c color PRIMARY KEY);
CREATE TABLE kec (ke_c color REFERENCES ke);
CREATE TABLE kp (p posint PRIMARY KEY);
CREATE TABLE kpc (kp_p posint REFERENCES kp);
INSERT INTO ka VALUES ('{1,2}'); INSERT INTO kac VALUES ('{1,2}');
INSERT INTO ke VALUES ('red'); INSERT INTO kec VALUES ('red');
INSERT INTO kp VALUES (5); INSERT INTO kpc VALUES (5);
-- right: 1, 1, 1, 1, 1, 1
SELECT count(*) FROM relnav.children('ka', '{1,2}', NULL::kac);
SELECT count(*) FROM relnav.children('ka', ARRAY[1, 2], NULL::kac);
SELECT count(*) FROM relnav.children('ke', 'red', NULL::kec);
SELECT count(*) FROM relnav.children('ke', 'red'::color, NULL::kec);
SELECT count(*) FROM relnav.children('kp', 5, NULL::kpc);
SELECT count(*) FROM relnav.children('kp', '5', NULL::kpc);


-- Keys of several columns: a row, or its text.
CREATE TABLE flat (house int, no text, PRIMARY KEY (house, no));
CREATE TABLE lodger (name text PRIMARY KEY, flat_house int, flat_no text, FOREIGN KEY (flat_house, flat_no) REFERENCES flat);
INSERT INTO flat VALUES (1, '2'), (1, 'a,b'), (1, '');
INSERT INTO lodger VALUES ('Ann', 1, '2'), ('Bob', 1, 'a,b'), ('Cy', 1, ''), ('Di', 1, NULL);
-- right: Ann, five times
SELECT name FROM relnav.children('flat', ROW(1, '2'), NULL::lodger);
SELECT name FROM relnav.children('flat', ROW(1, 2), NULL::lodger);
SELECT name FROM relnav.children('flat', ROW(1::bigint, '2'::varchar), NULL::lodger);
SELECT name FROM relnav.children('flat', '(1,2)', NULL::lodger);
SELECT name FROM relnav.children('flat', (1, '2'), NULL::lodger);
-- right: Bob; Bob; Cy; Cy
SELECT name FROM relnav.children('flat', ROW(1, 'a,b'), NULL::lodger);
SELECT name FROM relnav.children('flat', '(1,"a,b")', NULL::lodger);
SELECT name FROM relnav.children('flat', ROW(1, ''), NULL::lodger);
SELECT name FROM relnav.children('flat', '(1,"")', NULL::lodger);
-- a key with a NULL in it is none.  right: no rows, three times
SELECT name FROM relnav.children('flat', ROW(1, NULL), NULL::lodger);
SELECT name FROM relnav.children('flat', '(1,)', NULL::lodger);
SELECT name FROM relnav.children('flat', NULL, NULL::lodger);
-- the whole row of the table is a key, too, if it has just the key's columns.  right: Ann Bob Cy
SELECT l.name FROM flat f, relnav.children('flat', f, NULL::lodger) l ORDER BY 1;
PREPARE by_text AS SELECT name FROM relnav.children('flat', $1, NULL::lodger);
EXECUTE by_text('(1,2)');
DEALLOCATE by_text;
-- too few, too many, no row at all
SELECT name FROM relnav.children('flat', ROW(1), NULL::lodger);
SELECT name FROM relnav.children('flat', ROW(1, '2', 3), NULL::lodger);
SELECT name FROM relnav.children('flat', 1, NULL::lodger);
SELECT name FROM relnav.children('flat', '1', NULL::lodger);
SELECT name FROM relnav.children('flat', '(1,2,3)', NULL::lodger);
SELECT name FROM relnav.children('flat', ROW('x', '2'), NULL::lodger);
-- A row of one column is a key of one column.  right: 1 2
SELECT o.id FROM relnav.children('customer', ROW(42), NULL::orders) o ORDER BY 1;
-- The order is the key's, not the table's.
CREATE TABLE cross_ (b int, a int, PRIMARY KEY (a, b));
CREATE TABLE crossc (a int, b int, FOREIGN KEY (b, a) REFERENCES cross_ (b, a));
INSERT INTO cross_ VALUES (2, 1);
INSERT INTO crossc VALUES (1, 2);
-- right: 1 (a = 1, b = 2), 0
SELECT count(*) FROM relnav.children('cross_', ROW(1, 2), NULL::crossc);
SELECT count(*) FROM relnav.children('cross_', ROW(2, 1), NULL::crossc);


-- Without a primary key: the only usable unique index of NOT NULL columns.
CREATE TABLE nopk (id int NOT NULL, code text NOT NULL UNIQUE, boss text REFERENCES nopk (code),
                   customer_id int REFERENCES customer);
CREATE UNIQUE INDEX ON nopk (id) WHERE id > 0;
CREATE UNIQUE INDEX ON nopk (lower(code));
CREATE UNIQUE INDEX ON nopk (customer_id);
INSERT INTO nopk VALUES (1, 'A', NULL, 42), (2, 'B', 'A', 43);
-- right: Bob; A
SELECT c.name FROM relnav.parent('nopk', 'B', NULL::customer) c;
SELECT n.code FROM relnav.parent('nopk', 'B', NULL::nopk) n;
-- with two of them the choice is the caller's
CREATE UNIQUE INDEX nopk_id ON nopk (id);
SELECT c.name FROM relnav.parent('nopk', 'B', NULL::customer) c;
-- with a primary key it is that one
ALTER TABLE nopk ADD PRIMARY KEY USING INDEX nopk_id;
SELECT c.name FROM relnav.parent('nopk', 2, NULL::customer) c;
-- a deferrable one is not usable, as is one of nullable columns
CREATE TABLE nokey (id int NOT NULL UNIQUE DEFERRABLE, x int UNIQUE, customer_id int REFERENCES customer);
INSERT INTO nokey VALUES (1, 1, 42);
SELECT c.name FROM relnav.parent('nokey', 1, NULL::customer) c;
-- but the rows themselves can be navigated.  right: Ann
SELECT c.name FROM nokey k, relnav.parent(k, NULL::customer) c;
-- a deferrable primary key is the primary key all the same.  right: Bob
CREATE TABLE defer (id int PRIMARY KEY DEFERRABLE, customer_id int REFERENCES customer);
INSERT INTO defer VALUES (1, 43);
SELECT c.name FROM relnav.parent('defer', 1, NULL::customer) c;

-- an older unique key of the same columns in another order does not come before
-- the primary key.  right: 1, 0
CREATE TABLE swapped (a int NOT NULL, b int NOT NULL, c int NOT NULL UNIQUE, UNIQUE (b, a));
ALTER TABLE swapped ADD PRIMARY KEY (a, b);
CREATE TABLE swappedc (a int, b int, FOREIGN KEY (a, b) REFERENCES swapped (a, b));
INSERT INTO swapped VALUES (1, 2, 3);
INSERT INTO swappedc VALUES (1, 2);
SELECT count(*) FROM relnav.children('swapped', ROW(1, 2), NULL::swappedc);
SELECT count(*) FROM relnav.children('swapped', ROW(2, 1), NULL::swappedc);
-- without a primary key two orders of one key are two keys: the caller must say
ALTER TABLE swapped DROP CONSTRAINT swapped_pkey, DROP CONSTRAINT swapped_c_key, ADD UNIQUE (a, b);
SELECT count(*) FROM relnav.children('swapped', ROW(1, 2), NULL::swappedc);

-- A key that the relationship does not use is looked up; one that it uses is not.
CREATE TABLE car (id int PRIMARY KEY, plate text UNIQUE);
CREATE TABLE fine (car_plate text REFERENCES car (plate), amount int);
INSERT INTO car VALUES (1, 'X1'), (2, NULL);
INSERT INTO fine VALUES ('X1', 50), (NULL, 70);
-- right: 50; none for the car without a plate
SELECT amount FROM relnav.children('car', 1, NULL::fine);
SELECT amount FROM relnav.children('car', 2, NULL::fine);
SELECT relnav.query('car', 1, 'fine');
SELECT relnav.query('customer', 42, 'orders');

-- The same rows as from the row itself, for every key and path.  right: no rows
SELECT p.path, c.id
  FROM customer c, (VALUES ('orders'), ('boss.orders'), ('customer_by_boss.orders'), ('boss.customer_by_boss.orders')) AS p(path)
 WHERE EXISTS ((SELECT * FROM relnav.related(c, NULL::orders, p.path)
                EXCEPT ALL SELECT * FROM relnav.related('customer', c.id, NULL::orders, p.path))
               UNION ALL
               (SELECT * FROM relnav.related('customer', c.id, NULL::orders, p.path)
                EXCEPT ALL SELECT * FROM relnav.related(c, NULL::orders, p.path)));

-- A key that is one row, given as a row: of its type, of no type, of a table.
-- right: 1; an error, twice the same; 1; 1
CREATE TYPE place AS (a int, b int);
CREATE TABLE spot (id place PRIMARY KEY);
CREATE TABLE visitor (id int, spot_id place REFERENCES spot);
INSERT INTO spot VALUES (ROW(1, 2));
INSERT INTO visitor VALUES (1, ROW(1, 2));
SELECT v.id FROM (VALUES (1, 2)) s (a, b), relnav.children('spot', ROW(s.a, s.b)::place, NULL::visitor) v;
SELECT v.id FROM (SELECT 1 AS a, 2 AS b OFFSET 0) s, relnav.children('spot', s, NULL::visitor) v;
SET relnav.inline = off;
SELECT v.id FROM (SELECT 1 AS a, 2 AS b OFFSET 0) s, relnav.children('spot', s, NULL::visitor) v;
RESET relnav.inline;
-- with one field, which is no key by itself
CREATE TYPE single AS (v text);
CREATE TABLE alone (id single PRIMARY KEY);
CREATE TABLE beside (id int, alone_id single REFERENCES alone);
INSERT INTO alone VALUES (ROW('x'));
INSERT INTO beside VALUES (1, ROW('x'));
SELECT b.id FROM (VALUES ('x'::text)) v (t), relnav.children('alone', ROW(v.t)::single, NULL::beside) b;
SET relnav.inline = off;
SELECT b.id FROM (VALUES ('x'::text)) v (t), relnav.children('alone', ROW(v.t)::single, NULL::beside) b;
RESET relnav.inline;

DROP SCHEMA regress_relnav_keys CASCADE;
