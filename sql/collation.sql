-- Columns of different collations are compared as the server's own foreign key
-- checks compare them, and indexes are still used.
SET client_min_messages = warning;
CREATE SCHEMA regress_relnav_collation;
SET search_path = regress_relnav_collation;
\set SHOW_CONTEXT never

-- Two deterministic collations: a plain join is an error, a navigation is not.
CREATE TABLE country (code text COLLATE "C" PRIMARY KEY, name text);
CREATE TABLE city (id int PRIMARY KEY, country_code text COLLATE "POSIX" REFERENCES country);
CREATE INDEX ON city (country_code);
INSERT INTO country VALUES ('NO', 'Norway'), ('pt', 'Portugal');
INSERT INTO city VALUES (1, 'NO'), (2, 'NO'), (3, 'pt'), (4, NULL);
SELECT count(*) FROM city JOIN country ON country.code = city.country_code;
-- right: 1 Norway, 2 Norway, 3 Portugal
SELECT c.id, n.name FROM city c, relnav.parent(c, NULL::country) n ORDER BY 1;
SELECT n.name, c.id FROM country n, relnav.children(n, NULL::city) c ORDER BY 2;
-- siblings, and back to where we came from.  right: 1 {1, 2}, 2 {1, 2}, 3 {3}
SELECT c.id, s.id FROM city c, relnav.related(c, NULL::city, 'country.city') s ORDER BY 1, 2;
-- deduplicated.  right: NO, pt
SELECT n.code, x.code FROM country n, relnav.related(n, NULL::country, 'city.country') x ORDER BY n.code COLLATE "C";
-- by key.  right: 1 2
SELECT c.id FROM relnav.children('country', 'NO', NULL::city) c ORDER BY 1;
-- the kind: both indexes are as unique as under the other collation
CREATE TABLE capital (country_code text COLLATE "POSIX" PRIMARY KEY REFERENCES country, city_id int REFERENCES city);
INSERT INTO capital VALUES ('NO', 2);
-- right: capital | one-to-one, city | one-to-many, both indexed; and city through
-- capital is none, as capital is unique by country
SELECT name, kind, indexed FROM relnav.relationships('country') ORDER BY name COLLATE "C";
-- right: Norway NO
SELECT n.name, c.country_code FROM country n, relnav.children(n, NULL::capital) c;
-- The statement says which collation it compares by, and finds the index of
-- the side that is looked up.
SELECT condition FROM relnav.relationships('city') WHERE name = 'country';
SET enable_seqscan = off;
SET enable_bitmapscan = off;
SELECT 'EXPLAIN (COSTS OFF) ' || relnav.query('country', 'NO', 'city') \gexec
SELECT 'EXPLAIN (COSTS OFF) ' || relnav.query('city', 1, 'country') \gexec
RESET enable_seqscan;
RESET enable_bitmapscan;

-- A link between them, with collations of its own.
CREATE TABLE lang (code text COLLATE "POSIX" PRIMARY KEY);
CREATE TABLE spoken (country_code text COLLATE "POSIX" REFERENCES country, lang_code text COLLATE "C" REFERENCES lang,
                     PRIMARY KEY (country_code, lang_code));
INSERT INTO lang VALUES ('nb'), ('nn'), ('por');
INSERT INTO spoken VALUES ('NO', 'nb'), ('NO', 'nn'), ('pt', 'por');
-- right: many-to-many, does not repeat; Norway nb, Norway nn, Portugal por
SELECT name, kind, repeats FROM relnav.relationships('country') WHERE association IS NOT NULL;
SELECT n.name, l.code FROM country n, relnav.associated(n, NULL::lang) l ORDER BY l.code COLLATE "C";
SELECT l.code, n.name FROM lang l, relnav.associated(l, NULL::country) n ORDER BY l.code COLLATE "C";
-- Composite keys, one column of them text.
CREATE TABLE region (country text COLLATE "C", no int, name text, PRIMARY KEY (country, no));
CREATE TABLE lake (id int PRIMARY KEY, region_country varchar(5) COLLATE "POSIX", region_no int,
                   FOREIGN KEY (region_country, region_no) REFERENCES region);
INSERT INTO region VALUES ('NO', 1, 'Oslo'), ('NO', 2, 'Bergen');
INSERT INTO lake VALUES (1, 'NO', 2), (2, 'NO', NULL);
-- right: 1 Bergen; Bergen 1
SELECT l.id, r.name FROM lake l, relnav.parent(l, NULL::region) r;
SELECT r.name, l.id FROM region r, relnav.children(r, NULL::lake) l;
-- The database's own collation on one side, another on the other.
CREATE TABLE plain (code text PRIMARY KEY);
CREATE TABLE plainc (plain_code text COLLATE "POSIX" REFERENCES plain);
INSERT INTO plain VALUES ('a'); INSERT INTO plainc VALUES ('a');
-- right: 1, 1
SELECT count(*) FROM plain p, relnav.children(p, NULL::plainc);
SELECT count(*) FROM plainc c, relnav.parent(c, NULL::plain);
-- names and char(n), which have collations of their own
CREATE TABLE named (n name PRIMARY KEY, c char(5) COLLATE "C" UNIQUE);
CREATE TABLE namedc (named_n text REFERENCES named, named_c char(9) COLLATE "POSIX" REFERENCES named (c));
INSERT INTO named VALUES ('x', 'ab'); INSERT INTO namedc VALUES ('x', 'ab');
-- right: 1, 1, 1, 1
SELECT count(*) FROM named p, relnav.children(p, NULL::namedc, 'named_n');
SELECT count(*) FROM namedc c, relnav.parent(c, NULL::named, 'named_n');
SELECT count(*) FROM named p, relnav.children(p, NULL::namedc, 'named_c');
SELECT count(*) FROM namedc c, relnav.parent(c, NULL::named, 'named_c');

-- Names for text of another collation, as many at once.  right: 1, null, 2; and
-- back
CREATE TABLE word (k text COLLATE "POSIX" PRIMARY KEY, n int);
CREATE TABLE said (id int PRIMARY KEY, k name);
INSERT INTO word VALUES ('k1', 1), ('K2', 2);
INSERT INTO said VALUES (1, 'k1'), (2, 'K1'), (3, 'K2');
SELECT relnav.declare('said', 'word', '{k}', 'word', '{k}', inverse => 'back');
SELECT relnav.tree_agg(s, 'id, word(n)' ORDER BY id) FROM said s;
SELECT relnav.tree_agg(w, 'n, back(id)' ORDER BY n) FROM word w;
SELECT s.id, w.n FROM said s, relnav.parent(s, NULL::word) w ORDER BY 1;
SELECT relnav.undeclare('said', 'word');

DROP SCHEMA regress_relnav_collation CASCADE;
