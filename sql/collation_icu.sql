-- Nondeterministic collations: what the server takes for equal is related.
-- (Needs ICU and UTF8; the other expected file is for servers without.)
SELECT getdatabaseencoding() <> 'UTF8'
       OR NOT EXISTS (SELECT FROM pg_collation WHERE collname = 'und-x-icu') AS skip \gset
\if :skip
\quit
\endif
SET client_min_messages = warning;
CREATE SCHEMA regress_relnav_icu;
SET search_path = regress_relnav_icu;
\set SHOW_CONTEXT never
CREATE COLLATION nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false);

-- The same nondeterministic collation on both sides.
CREATE TABLE country (code text COLLATE nocase PRIMARY KEY, name text);
CREATE TABLE city (id int PRIMARY KEY, country_code text COLLATE nocase REFERENCES country);
CREATE INDEX ON city (country_code);
INSERT INTO country VALUES ('NO', 'Norway'), ('pt', 'Portugal');
INSERT INTO city VALUES (1, 'NO'), (2, 'no'), (3, 'PT');
-- right: 1 Norway, 2 Norway, 3 Portugal
SELECT c.id, n.name FROM city c, relnav.parent(c, NULL::country) n ORDER BY 1;
SELECT n.name, c.id FROM country n, relnav.children(n, NULL::city) c ORDER BY 2;
-- by key, in any case.  right: 1 2, 1 2
SELECT c.id FROM relnav.children('country', 'no', NULL::city) c ORDER BY 1;
SELECT c.id FROM relnav.children('country', 'NO', NULL::city) c ORDER BY 1;
-- siblings.  right: 1 {1, 2}, 2 {1, 2}, 3 {3}
SELECT c.id, s.id FROM city c, relnav.related(c, NULL::city, 'country.city') s ORDER BY 1, 2;
SET enable_seqscan = off;
SET enable_bitmapscan = off;
SELECT 'EXPLAIN (COSTS OFF) ' || relnav.query('country', 'no', 'city') \gexec
RESET enable_seqscan;
RESET enable_bitmapscan;

-- Unique by bytes is not unique by the key's equality, and the other way round
-- it is.
CREATE TABLE mayor (country_code text COLLATE nocase REFERENCES country, name text);
CREATE UNIQUE INDEX ON mayor (country_code COLLATE "C");
INSERT INTO mayor VALUES ('NO', 'Ann'), ('no', 'Bob');
-- right: mayor | one-to-many; Norway has two
SELECT name, kind FROM relnav.relationships('country') ORDER BY name COLLATE "C";
SELECT n.name, m.name FROM country n, relnav.children(n, NULL::mayor) m ORDER BY 2;
DROP TABLE mayor;
CREATE TABLE mayor (country_code text COLLATE nocase UNIQUE REFERENCES country, name text);
-- right: mayor | one-to-one
SELECT name, kind FROM relnav.relationships('country') ORDER BY name COLLATE "C";
DROP TABLE mayor;

-- A link whose primary key counts by bytes: a pair may come twice.
CREATE TABLE lang (code text COLLATE nocase PRIMARY KEY);
CREATE TABLE spoken (country_code text COLLATE nocase REFERENCES country, lang_code text COLLATE nocase REFERENCES lang);
CREATE UNIQUE INDEX ON spoken (country_code COLLATE "C", lang_code COLLATE "C");
INSERT INTO lang VALUES ('nb');
INSERT INTO spoken VALUES ('NO', 'nb'), ('no', 'NB');
-- right: repeats (it has nothing but its two keys); each row once
SELECT name, kind, repeats FROM relnav.relationships('country') WHERE association IS NOT NULL;
SELECT n.name, l.code FROM country n, relnav.associated(n, NULL::lang) l;
DROP TABLE spoken, lang;

-- One side deterministic, which 18 and newer refuse: the referenced column's
-- collation decides, as it does for the server.
CREATE FUNCTION mixed() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    up int;
    down int;
BEGIN
    CREATE TABLE town (id int PRIMARY KEY, country_code text COLLATE "C" REFERENCES country);
    INSERT INTO town VALUES (1, 'NO'), (2, 'no');
    SELECT count(*) INTO up FROM town t, relnav.parent(t, NULL::country);
    SELECT count(*) INTO down FROM country n, relnav.children(n, NULL::town);
    RETURN up || ' ' || down;
EXCEPTION WHEN collation_mismatch THEN
    RETURN '2 2';
END $$;
-- right: 2 2
SELECT mixed();

-- A column that stands twice in a key, compared in two ways: one takes for
-- equal what the other does not.  right: 10 for 1, 20 for 2, in all
CREATE TABLE pair (x text COLLATE nocase, y text COLLATE "C", UNIQUE (x, y));
CREATE TABLE both_ways (id int PRIMARY KEY, a text COLLATE "C");
CREATE TABLE below (m int, x text COLLATE nocase, y text COLLATE "C", FOREIGN KEY (x, y) REFERENCES pair (x, y));
INSERT INTO pair VALUES ('k1', 'k1'), ('k1', 'K1');
INSERT INTO both_ways VALUES (1, 'k1'), (2, 'K1');
INSERT INTO below VALUES (10, 'k1', 'k1'), (20, 'K1', 'K1');
SELECT relnav.declare('both_ways', 'pair', '{a,a}', 'pair', '{x,y}');
SELECT relnav.tree_agg(b, 'id, d: pair.below(m order by m limit 5)' ORDER BY id) FROM both_ways b;
SELECT relnav.tree_agg(b, 'id, d: pair.below(m)' ORDER BY id) FROM both_ways b;
SELECT relnav.trees('both_ways', ARRAY[1, 2], 'id, d: pair.below(m order by m limit 5)');
SELECT relnav.undeclare('both_ways', 'pair');

DROP SCHEMA regress_relnav_icu CASCADE;
