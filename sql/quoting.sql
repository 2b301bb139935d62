-- No name that PostgreSQL accepts breaks listing, paths or the SQL made of them.
SET client_min_messages = warning;
CREATE SCHEMA "S 1";
CREATE SCHEMA regress_relnav_quoting;
SET search_path = regress_relnav_quoting;

-- A table with spaces, whose key column holds a quote, and one that
-- references it: nothing is on the search_path.
CREATE TABLE "S 1"."T 1" ("C ""1" int PRIMARY KEY, "select" text);
CREATE TABLE "S 1"."T 2" (id int PRIMARY KEY, "C ""1" int REFERENCES "S 1"."T 1",
                          "x.y" int REFERENCES "S 1"."T 1");
INSERT INTO "S 1"."T 1" VALUES (1, 'one'), (2, 'two');
INSERT INTO "S 1"."T 2" VALUES (10, 1, 2), (11, 2, NULL);

-- right for T 2:  T 1  C "1  (the same name on both sides, no part of "T 1"),
--                 x.y  x.y
SELECT name, full_name, kind, target, condition FROM relnav.relationships('"S 1"."T 2"')
 ORDER BY name COLLATE "C";
-- right for T 1: T 2_by_T 1, T 2_by_x.y
SELECT name, full_name, kind, target, condition FROM relnav.relationships('"S 1"."T 1"')
 ORDER BY name COLLATE "C";
SELECT * FROM relnav.describe('"S 1"."T 1"');
SELECT relnav.model('"S 1"') IS NOT NULL AS has_model;

-- Names of other characters are written in double quotes, as in SQL.
-- right: 10 one two, 11 two (none)
SELECT t.id, a."select", b."select"
  FROM "S 1"."T 2" t
  LEFT JOIN relnav.parent(t, NULL::"S 1"."T 1", '"T 1"') a ON true
  LEFT JOIN relnav.parent(t, NULL::"S 1"."T 1", '"x.y"') b ON true
 ORDER BY t.id;
-- by the column: a quote is doubled.  right: 10 one, 11 two
SELECT t.id, a."select"
  FROM "S 1"."T 2" t, relnav.parent(t, NULL::"S 1"."T 1", '"C ""1"') a ORDER BY t.id;
-- right: 1 10, 2 11
SELECT t."C ""1", c.id
  FROM "S 1"."T 1" t, relnav.children(t, NULL::"S 1"."T 2", '"T 2_by_T 1"') c ORDER BY 1;
-- dots between names and within them.  From 1 to 10, back to 1, which is
-- nobody's x.y; from 2 to 11, back to 2, which is 10's.  right: 2 10
SELECT t."C ""1", c.id
  FROM "S 1"."T 1" t, relnav.related(t, NULL::"S 1"."T 2", '"T 2_by_T 1"."T 1"."T 2_by_x.y"') c
 ORDER BY 1;
-- the keyed form.  right: 10
SELECT c.id FROM relnav.children('"S 1"."T 1"', 2, NULL::"S 1"."T 2", '"T 2_by_x.y"') c;
SELECT relnav.query('"S 1"."T 1"', 2, '"T 2_by_x.y"') \gexec
SELECT relnav.query('"S 1"."T 1"', 2, '"T 2_by_T 1"."x.y"') \gexec
-- Without the quotes it is a path of two steps, or unreadable.
SELECT * FROM relnav.query('"S 1"."T 2"', 'x.y');
SELECT * FROM relnav.query('"S 1"."T 2"', 'T 1');

-- Unquoted is as it is: nothing is folded, in either direction.
CREATE TABLE "Upper" (id int PRIMARY KEY);
CREATE TABLE lower (id int PRIMARY KEY, "Upper_id" int REFERENCES "Upper");
INSERT INTO "Upper" VALUES (1);
INSERT INTO lower VALUES (7, 1);
-- right: 7 1, twice; then an error
SELECT l.id, u.id FROM lower l, relnav.parent(l, NULL::"Upper", 'Upper') u;
SELECT l.id, u.id FROM lower l, relnav.parent(l, NULL::"Upper", '"Upper"') u;
\set VERBOSITY terse
SELECT l.id, u.id FROM lower l, relnav.parent(l, NULL::"Upper", 'upper') u;
\set VERBOSITY default

-- Reserved words as tables and columns; a table called like our aliases; a
-- column called like its table; a function's name.
CREATE TABLE "table" ("primary" int PRIMARY KEY, "order" int);
CREATE TABLE h0 (h0 int PRIMARY KEY, h1 int, "table" int REFERENCES "table");
CREATE TABLE h1 (h0 int REFERENCES h0, a1 int PRIMARY KEY);
CREATE TABLE h2 (h1 int REFERENCES h1, h0 int REFERENCES h0, PRIMARY KEY (h0, h1));
CREATE TABLE source (target int PRIMARY KEY, association int REFERENCES source);
INSERT INTO "table" VALUES (1, 100), (2, 200);
INSERT INTO h0 VALUES (1, 7, 1), (2, 8, 1), (3, 9, 2);
INSERT INTO h1 VALUES (1, 10), (1, 11), (2, 12);
INSERT INTO h2 VALUES (10, 1), (10, 3), (12, 3);
INSERT INTO source VALUES (1, NULL), (2, 1);
-- right: h1 is the child (by h1.h0), h1_via_h2 the association, h2 the other
-- child, table the parent
SELECT name, full_name, kind, target FROM relnav.relationships('h0') ORDER BY name COLLATE "C";
-- right: 1 {1 10}{1 11}, 2 {2 12}
SELECT h0.h0, c FROM h0, relnav.children(h0.*, NULL::h1) c ORDER BY 1, 2;
-- right: 1 {1 10}, 3 {1 10} {2 12}
SELECT h0.h0, c FROM h0, relnav.associated(h0.*, NULL::h1) c ORDER BY 1, 2;
-- the alias of the call may be any of ours.  right: 1 10 1, 1 11 1, 2 12 1
SELECT h1.h0, h1.a1, h2."primary"
  FROM h1, relnav.related(h1.*, NULL::"table", 'h0.table') h2 ORDER BY 2;
SELECT h1.h0, h0.a1 FROM h0 AS h1, relnav.children(h1.*, NULL::h1) h0 ORDER BY 2;
-- association table, source, target: columns and tables like the words of "condition"
SELECT name, condition FROM relnav.relationships('source') ORDER BY name COLLATE "C";
-- right: 2 -> (1,)
SELECT s.target, p FROM source s, relnav.parent(s, NULL::source) p;
-- right: 1 10, 2 12; then 1 10, 1 11, 2 12
SELECT format('SELECT * FROM (%s) q ORDER BY a1', relnav.query('h0', 3, 'h1_via_h2')) \gexec
SELECT format('SELECT * FROM (%s) q ORDER BY a1', relnav.query('table', 1, 'h0.h1')) \gexec
DROP TABLE h2, h1, h0, "table", source;

-- Dots, commas, parentheses, quotes, backslashes, dollars, newlines, and what
-- looks like SQL: in tables, columns and constraints at once.
CREATE TABLE "a.b,c(d)" ("x) REFERENCES y(z" int PRIMARY KEY);
CREATE TABLE "'; DROP TABLE t; --" (
    "$1" int PRIMARY KEY,
    "fk; --" int CONSTRAINT "c, d) REFERENCES ""e" REFERENCES "a.b,c(d)",
    "back\slash" int REFERENCES "a.b,c(d)");
CREATE TABLE "$$ %s %1$I ${x}
two lines" (
    "{1,2}" int REFERENCES "'; DROP TABLE t; --",
    "NULL" int REFERENCES "a.b,c(d)", PRIMARY KEY ("{1,2}", "NULL"));
INSERT INTO "a.b,c(d)" VALUES (1), (2);
INSERT INTO "'; DROP TABLE t; --" VALUES (10, 1, 2), (20, 2, 2);
INSERT INTO "$$ %s %1$I ${x}
two lines" VALUES (10, 1), (10, 2), (20, 2);
-- right: the child $$...; '; DROP TABLE t; --_by_back\slash and ..._by_fk; --; the
-- association ..._via_$$...
SELECT replace(name, E'\n', '<nl>') AS name, kind FROM relnav.relationships('"a.b,c(d)"')
 ORDER BY name COLLATE "C";
-- right: 10 1, 20 2
SELECT p."$1", q."x) REFERENCES y(z" AS key
  FROM "'; DROP TABLE t; --" p, relnav.parent(p, NULL::"a.b,c(d)", '"fk; --"') q ORDER BY 1;
-- by constraint.  right: the same
SELECT p."$1", q."x) REFERENCES y(z" AS key
  FROM "'; DROP TABLE t; --" p,
       relnav.parent(p, NULL::"a.b,c(d)", '"c, d) REFERENCES ""e"') q ORDER BY 1;
-- by a column with a backslash.  right: 10 2, 20 2
SELECT p."$1", q."x) REFERENCES y(z" AS key
  FROM "'; DROP TABLE t; --" p, relnav.parent(p, NULL::"a.b,c(d)", '"back\slash"') q ORDER BY 1;
-- through the association.  right: 10 1, 10 2, 20 2
SELECT p."$1", q."x) REFERENCES y(z" AS key
  FROM "'; DROP TABLE t; --" p, relnav.associated(p, NULL::"a.b,c(d)") q ORDER BY 1, 2;
-- from the other end, two hops.  right: 1 {10}, 2 {10, 20}
SELECT q."x) REFERENCES y(z" AS key, p."$1"
  FROM "a.b,c(d)" q, relnav.associated(q, NULL::"'; DROP TABLE t; --") p ORDER BY 1, 2;
SELECT count(*) FROM relnav.describe('"a.b,c(d)"');

-- Text keys whose values look like SQL reach it as values.
CREATE TABLE word (w text PRIMARY KEY);
CREATE TABLE use (word_w text REFERENCES word, no int);
INSERT INTO word VALUES ('it''s'), ('back\slash'), ('$1'), (''), ('NULL'), ('(1,2)'), ('"q"');
INSERT INTO use SELECT w, row_number() OVER (ORDER BY w COLLATE "C") FROM word;
-- right: (empty) 1, "q" 2, $1 3, (1,2) 4, NULL 5, back\slash 6, it's 7
SELECT x.w, u.no FROM word x, relnav.children(x, NULL::use) u ORDER BY u.no;
SELECT relnav.query('word', $$it's$$, 'use') \gexec
SELECT relnav.query('word', $$back\slash$$, 'use') \gexec
SELECT relnav.query('word', '', 'use') \gexec
SELECT relnav.query('word', 'NULL', 'use') \gexec
SELECT relnav.query('word', '(1,2)', 'use') \gexec
SELECT relnav.query('word', '"q"', 'use') \gexec
-- Strings of the old kind (gone in 19): a backslash is still a backslash.
-- right: 6
CREATE FUNCTION use_with_old_strings(w text) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    no int;
BEGIN
    BEGIN
        PERFORM set_config('standard_conforming_strings', 'off', true);
    EXCEPTION WHEN OTHERS THEN
        NULL;
    END;
    EXECUTE 'SELECT no FROM (' || relnav.query('word', w, 'use') || ') q' INTO no;
    RETURN no;
END $$;
SELECT use_with_old_strings($$back\slash$$);
RESET standard_conforming_strings;
DROP TABLE use, word;

-- Letters of any script need no quotes.
CREATE TABLE "Покупатель" ("Код" int PRIMARY KEY, "Имя" text);
CREATE TABLE "Заказ" ("Код" int PRIMARY KEY, "Покупатель_Код" int REFERENCES "Покупатель");
INSERT INTO "Покупатель" VALUES (1, 'Анна'), (2, 'Борис');
INSERT INTO "Заказ" VALUES (10, 1), (11, 1), (12, 2);
-- right: Заказ | Покупатель; Покупатель | Заказ
SELECT source, name, full_name FROM (VALUES ('"Заказ"'::regclass), ('"Покупатель"')) AS s(t),
       relnav.relationships(s.t) ORDER BY name COLLATE "C";
-- right: 10 Анна, 11 Анна, 12 Борис
SELECT o."Код", p."Имя" FROM "Заказ" o, relnav.related(o, NULL::"Покупатель", 'Покупатель') p ORDER BY 1;
-- right: 10, 11
SELECT o."Код" FROM relnav.related('"Покупатель"', 1, NULL::"Заказ", 'Заказ') o ORDER BY 1;
-- the column's name by itself, and quoted
SELECT count(*) FROM "Заказ" o, relnav.parent(o, NULL::"Покупатель", 'Покупатель_Код') p;
SELECT count(*) FROM "Заказ" o, relnav.parent(o, NULL::"Покупатель", '"Покупатель"') p;

-- Names of 63 bytes, in single bytes and in double ones (31 letters and one).
CREATE TABLE a23456789012345678901234567890123456789012345678901234567890123 (
    b23456789012345678901234567890123456789012345678901234567890123 int PRIMARY KEY);
CREATE TABLE "яяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяx" (
    c23456789012345678901234567890123456789012345678901234567890123 int PRIMARY KEY
    REFERENCES a23456789012345678901234567890123456789012345678901234567890123);
INSERT INTO a23456789012345678901234567890123456789012345678901234567890123 VALUES (1), (2);
INSERT INTO "яяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяx" VALUES (2);
-- right: 2 2, one row
SELECT *
  FROM a23456789012345678901234567890123456789012345678901234567890123 a,
       relnav.children(a, NULL::"яяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяx",
                       'яяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяx') c;
-- the full name is 63 + 4 + 63 bytes long, and can be typed.  right: 2
SELECT * FROM relnav.related('a23456789012345678901234567890123456789012345678901234567890123', 2,
    NULL::"яяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяx",
    'яяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяx_by_c23456789012345678901234567890123456789012345678901234567890123');

-- Nothing but blanks, and blanks around.
CREATE TABLE " " (" " int PRIMARY KEY);
CREATE TABLE "  x " (" " int REFERENCES " ", id int);
INSERT INTO " " VALUES (1);
INSERT INTO "  x " VALUES (1, 5);
-- right: one row each
SELECT c.id FROM " " p, relnav.children(p, NULL::"  x ", '"  x "') c;
SELECT c.id FROM relnav.related('" "', 1, NULL::"  x ", '"  x "') c;
SELECT p FROM "  x " c, relnav.parent(c, NULL::" ", '" "') p;

-- Everything at once is still a well-formed document, and a list.
SELECT count(*) > 0 AS has_all FROM relnav.relationships() WHERE source::text LIKE '%a.b,c(d)%';
SELECT relnav.model('regress_relnav_quoting') IS NOT NULL AS has_model;

DROP SCHEMA regress_relnav_quoting CASCADE;
DROP SCHEMA "S 1" CASCADE;
