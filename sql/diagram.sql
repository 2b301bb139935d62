-- Diagrams have every table, every key once, and its true cardinality at both ends.
\pset format unaligned
\pset tuples_only on
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
SELECT relnav.diagram_around('product', folded => true);
SELECT relnav.diagram('shop');
SELECT relnav.diagram('shop', folded => true);
SELECT relnav.diagram('shop', 'dot', true);
-- further around; nothing around; the table alone
SELECT relnav.diagram_around('complaint', 2);
SELECT relnav.diagram_around('complaint', 0);
-- right: t, everything is connected, and every walk comes to its end
SELECT relnav.diagram_around('complaint', 2147483647) = relnav.diagram('shop');
CREATE TABLE alone (x int);
SELECT relnav.diagram_around('alone');
SELECT relnav.diagram_around('alone', format => 'dot');
-- Errors and nulls
SELECT relnav.diagram('shop', 'png');
SELECT relnav.diagram('shop', NULL);
SELECT relnav.diagram(NULL) IS NULL;
SELECT relnav.diagram_around(NULL) IS NULL;

CREATE SCHEMA regress_relnav_diagram;
SET search_path = regress_relnav_diagram;
-- required, optional; one, many; one-to-one with itself; two keys of one pair; an
-- association that repeats and one that is referenced are not folded
CREATE TABLE person (id int PRIMARY KEY, twin_id int UNIQUE REFERENCES person, email text UNIQUE);
CREATE TABLE passport (person_id int PRIMARY KEY REFERENCES person, by_email text REFERENCES person (email));
CREATE TABLE place (id int PRIMARY KEY);
CREATE TABLE likes (person_id int REFERENCES person, place_id int REFERENCES place, PRIMARY KEY (person_id, place_id));
CREATE TABLE visit (person_id int REFERENCES person, place_id int REFERENCES place, at date, PRIMARY KEY (person_id, place_id, at));
CREATE TABLE lives (person_id int REFERENCES person, place_id int REFERENCES place, PRIMARY KEY (person_id, place_id));
CREATE TABLE rent (person_id int, place_id int, FOREIGN KEY (person_id, place_id) REFERENCES lives);
CREATE TABLE follows (a int REFERENCES person, b int REFERENCES person, PRIMARY KEY (a, b));
-- partitions are not drawn; another schema's table is, if it is referenced
CREATE TABLE part (id int, person_id int REFERENCES person, tag_id int REFERENCES shop.tag) PARTITION BY LIST (id);
CREATE TABLE part_1 PARTITION OF part FOR VALUES IN (1);
SELECT relnav.diagram('regress_relnav_diagram', 'mermaid', true);
-- Signs that mean something
CREATE SCHEMA "O d""d";
SET search_path = "O d""d";
CREATE TABLE "a""b" ("1 "" c" int PRIMARY KEY, "u%" int REFERENCES "a""b");
CREATE TABLE "<b>&" ("x]" int CONSTRAINT "y\z" REFERENCES "a""b", junk int);
ALTER TABLE "<b>&" DROP junk;
CREATE TABLE " " (id timestamp with time zone PRIMARY KEY, "Лес" numeric(8, 2)[] UNIQUE);
CREATE TABLE leaf (a numeric[] REFERENCES " " ("Лес"));
SELECT relnav.diagram('"O d""d"');
SELECT relnav.diagram('"O d""d"', 'dot');

-- A partition in the midst of many tables.  right: one line leads to it, in both
CREATE SCHEMA regress_relnav_many;
SET search_path = regress_relnav_many;
CREATE TABLE centre (id int PRIMARY KEY);
CREATE TABLE part (centre_id int REFERENCES centre) PARTITION BY LIST (centre_id);
CREATE TABLE part_1 PARTITION OF part FOR VALUES IN (1);
\set ECHO none
SELECT format('CREATE TABLE many_%s (centre_id int REFERENCES centre)', i) FROM generate_series(1, 47) i \gexec
\set ECHO all
SELECT count(*) FROM (SELECT relnav.diagram_around('part_1', 2)) x (d), regexp_split_to_table(d, E'\n') l
 WHERE l ~ format('--.* %s :', substring(d FROM '(e\d+)\["part_1"\]'));
\set ECHO none
SELECT format('CREATE TABLE many_%s (centre_id int REFERENCES centre)', i) FROM generate_series(48, 60) i \gexec
\set ECHO all
SELECT count(*) FROM (SELECT relnav.diagram_around('part_1', 2)) x (d), regexp_split_to_table(d, E'\n') l
 WHERE l ~ format('--.* %s :', substring(d FROM '(e\d+)\["part_1"\]'));

RESET search_path;
DROP SCHEMA shop, regress_relnav_diagram, regress_relnav_many, "O d""d" CASCADE;
