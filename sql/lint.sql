-- lint finds what was written down beforehand, no more and no less, and its suggestions can be run.
-- The calls of README.md, in the sample database.
SET client_min_messages = warning;
\getenv abs_srcdir PG_ABS_SRCDIR
\set shop :abs_srcdir /demo/shop.sql
\set ECHO none
\i :shop
\set ECHO all
\set ON_ERROR_STOP off
SET search_path = shop;
-- right: only what the file says that somebody forgot
SELECT target, finding, suggestion FROM relnav.lint('shop');
SELECT * FROM relnav.lint('shop');
-- After the suggestions nothing is left.
SELECT suggestion FROM relnav.lint('shop') \gexec
SELECT count(*) FROM relnav.lint('shop');
SELECT count(*) FROM relnav.lint(NULL);
DROP SCHEMA shop CASCADE;

CREATE SCHEMA regress_relnav_lint;
SET search_path = regress_relnav_lint;
CREATE TABLE p (id int PRIMARY KEY, n numeric UNIQUE, t text UNIQUE, c char(4) UNIQUE, b bigint UNIQUE, a int[] UNIQUE,
                k int, UNIQUE (id, k));
CREATE DOMAIN d AS int;

-- An index serves if its leading columns are the key's in any order, and if it
-- holds all rows with a key.
CREATE TABLE leading_any_order (id int, k int, x int, FOREIGN KEY (id, k) REFERENCES p (id, k) MATCH FULL);
CREATE INDEX ON leading_any_order (k, id, x);
CREATE TABLE partial_not_null (id int REFERENCES p);
CREATE INDEX ON partial_not_null (id) WHERE id IS NOT NULL;
CREATE TABLE hashed (id int REFERENCES p);
CREATE INDEX ON hashed USING hash (id);
CREATE TABLE unique_key (id int UNIQUE REFERENCES p);
-- right: no index for these four
CREATE TABLE partial (id int REFERENCES p, x int);
CREATE INDEX ON partial (id) WHERE x > 0;
CREATE TABLE not_leading (id int REFERENCES p, x int);
CREATE INDEX ON not_leading (x, id);
CREATE TABLE expression (id int REFERENCES p);
CREATE INDEX ON expression ((id + 0));
CREATE TABLE invalid (id int REFERENCES p);
INSERT INTO p VALUES (1);
INSERT INTO invalid VALUES (1), (1);
CREATE UNIQUE INDEX CONCURRENTLY invalid_idx ON invalid (id);

-- Types: these are fine
CREATE TABLE fine (a bigint REFERENCES p (id), b int REFERENCES p (b), c varchar REFERENCES p (t), d d REFERENCES p,
                   e int[] REFERENCES p (a));
CREATE INDEX ON fine (a); CREATE INDEX ON fine (b); CREATE INDEX ON fine (c); CREATE INDEX ON fine (d); CREATE INDEX ON fine (e);
-- right: n and t; by c, which is fine, too, only another length is compared
CREATE TABLE differ (n int REFERENCES p (n), c char(8) REFERENCES p (c));
CREATE INDEX ON differ (n); CREATE INDEX ON differ (c);

-- Half null.  right: half_both, half_one; not full, nor checked, as id has a key of its own
CREATE TABLE half_both (id int, k int, FOREIGN KEY (id, k) REFERENCES p (id, k));
CREATE INDEX ON half_both (id, k);
CREATE TABLE half_one (id int NOT NULL, k int, FOREIGN KEY (id, k) REFERENCES p (id, k));
CREATE INDEX ON half_one (id, k);
CREATE TABLE checked (id int NOT NULL REFERENCES p, k int, FOREIGN KEY (id, k) REFERENCES p (id, k));
CREATE INDEX ON checked (id, k);
CREATE TABLE never_null (id int NOT NULL, k int NOT NULL, FOREIGN KEY (id, k) REFERENCES p (id, k));
CREATE INDEX ON never_null (id, k);

-- Twice: the valid one stays.  right: twice_b is to go
CREATE TABLE twice (id int CONSTRAINT twice_a REFERENCES p CONSTRAINT twice_b REFERENCES p ON DELETE CASCADE);
CREATE INDEX ON twice (id);
CREATE TABLE not_valid (id int);
CREATE INDEX ON not_valid (id);
ALTER TABLE not_valid ADD FOREIGN KEY (id) REFERENCES p NOT VALID;

-- Partitions: a key that all have is the table's; one that some have is theirs.
CREATE TABLE part (id int, x int, y int) PARTITION BY LIST (id);
CREATE TABLE part_1 PARTITION OF part (FOREIGN KEY (x) REFERENCES p) FOR VALUES IN (1);
CREATE TABLE part_2 PARTITION OF part (FOREIGN KEY (x) REFERENCES p, FOREIGN KEY (y) REFERENCES p) FOR VALUES IN (2);
CREATE INDEX ON part_2 (y);
-- Names that must be quoted.
CREATE TABLE "T ""1" ("c.1" int CONSTRAINT "k %s" REFERENCES p);

SELECT target, finding, detail FROM relnav.lint('regress_relnav_lint');
SELECT suggestion FROM relnav.lint('regress_relnav_lint');
-- All of them run, and nothing is left but that the key which part has now is without an index.
DROP INDEX invalid_idx;
SELECT suggestion FROM relnav.lint('regress_relnav_lint') \gexec
SELECT target, finding FROM relnav.lint('regress_relnav_lint');

-- Nobody else's search_path, nor privileges, change anything.
SET search_path = pg_catalog;
SELECT target, finding FROM relnav.lint('regress_relnav_lint');
DROP SCHEMA regress_relnav_lint CASCADE;

-- Declarations that say nothing any more, also where a table is gone.
CREATE SCHEMA regress_relnav_lint;
SET search_path = regress_relnav_lint;
CREATE TABLE "A 1" (id int PRIMARY KEY, b_id int, c int);
CREATE TABLE b (id int PRIMARY KEY, x int);
SELECT relnav.declare('"A 1"', 'the b''s', '{b_id}', 'b', '{id}'), relnav.declare('b', 'an a', '{id}', '"A 1"', '{c}'),
       relnav.declare('"A 1"', 'fine', '{c}', '"A 1"', '{id}');
SELECT count(*) FROM relnav.lint('regress_relnav_lint');
ALTER TABLE "A 1" RENAME b_id TO bid;
-- right: the first
SELECT * FROM relnav.lint('regress_relnav_lint');
DROP TABLE b;
-- right: the first, for another reason; and, in no schema any more, that of b, whose number nobody knows
SELECT target, finding, regexp_replace(detail, '\d+', 'N', 'g') AS detail FROM relnav.lint('regress_relnav_lint');
SELECT finding, regexp_replace(detail, '\d+', 'N', 'g') AS detail, regexp_replace(suggestion, '''\d+''', '''N''') AS suggestion
  FROM relnav.lint() WHERE target::text ~ '^\d+$';
\set ECHO none
SELECT suggestion FROM relnav.lint() WHERE finding = 'declared relationship broken' \gexec
\set ECHO all
-- right: none, and the one that is fine
SELECT count(*) FROM relnav.lint() WHERE finding = 'declared relationship broken';
SELECT source, name FROM relnav.declared;
SELECT relnav.undeclare('"A 1"', 'fine');
DROP TABLE "A 1";
DROP SCHEMA regress_relnav_lint;
