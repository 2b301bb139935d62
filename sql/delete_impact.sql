-- delete_impact says what a DELETE would do; t/036_delete_impact.pl has it proved by random schemas.
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
-- right: product 1 goes with 3 tags, if it were not for its offer and its items
SELECT target, action, constraint_name, depth, rows, detail FROM relnav.delete_impact('product', 1);
DELETE FROM product WHERE id = 1;
SELECT target, action, constraint_name, depth, rows, detail FROM relnav.delete_impact('orders', 4);
-- right: the row, and two orders that lose their salesperson
SELECT d.action, d.constraint_name, d.rows FROM employee e, relnav.delete_impact(e) d WHERE e.id = 4;
-- No such row, nulls, a row that was made up: nothing.
SELECT * FROM relnav.delete_impact('orders', 99);
SELECT * FROM relnav.delete_impact('orders', NULL);
SELECT * FROM relnav.delete_impact('orders', 1.5);
SELECT * FROM relnav.delete_impact(NULL::orders);
SELECT * FROM relnav.delete_impact(ROW(77, 'x')::tag);
-- A key of two columns; a parameter without a type.
SELECT target, action, rows FROM relnav.delete_impact('items', '(1,2)');
PREPARE d AS SELECT target, action, rows FROM relnav.delete_impact('customer', $1);
EXECUTE d('5');
-- Errors
SELECT * FROM relnav.delete_impact(1);
CREATE VIEW v AS SELECT * FROM tag;
SELECT * FROM relnav.delete_impact('v', 1);
SELECT v.id, d.* FROM v, relnav.delete_impact(v) d;
CREATE TABLE nokey (id int);
INSERT INTO nokey VALUES (1);
SELECT * FROM relnav.delete_impact('nokey', 1);
-- a row that nothing can reference
SELECT d.* FROM nokey n, relnav.delete_impact(n) d;
-- It changes nothing, also where nothing may be changed.
BEGIN TRANSACTION READ ONLY;
SELECT count(*) FROM relnav.delete_impact('orders', 4);
COMMIT;

CREATE SCHEMA regress_relnav_impact;
SET search_path = regress_relnav_impact;

-- Two ways to a row: which trigger is first?  Its name has its OID, so the
-- older key's.  right: blocked, as the check comes before the cascade
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (id int PRIMARY KEY, a1 int REFERENCES a, a2 int REFERENCES a ON DELETE CASCADE);
INSERT INTO a VALUES (1), (2);
INSERT INTO b VALUES (1, 1, 1), (2, NULL, 2);
SELECT action, constraint_name, rows FROM relnav.delete_impact('a', 1);
DELETE FROM a WHERE id = 1;
-- the other way round it is gone when it is checked.  right: b 1
CREATE TABLE c (id int PRIMARY KEY, a2 int REFERENCES a ON DELETE CASCADE, a1 int REFERENCES a);
INSERT INTO c VALUES (1, 2, 2);
SELECT target, action, constraint_name, rows FROM relnav.delete_impact('a', 2);
BEGIN;
DELETE FROM a WHERE id = 2;
ROLLBACK;
-- Deferred: checked at the end.  right: deleted by the cascade of the second round before that
CREATE TABLE d (id int PRIMARY KEY, a_id int REFERENCES a DEFERRABLE INITIALLY DEFERRED, c_id int REFERENCES c ON DELETE CASCADE);
INSERT INTO d VALUES (1, 2, 1);
SELECT target, action, constraint_name, depth, rows, detail FROM relnav.delete_impact('a', 2);
INSERT INTO d VALUES (2, 2, NULL);
SELECT target, action, constraint_name, depth, rows, detail FROM relnav.delete_impact('a', 2);
DELETE FROM d;

-- SET NULL of some columns, on a column that must not be null, SET DEFAULT with and without a parent
CREATE TABLE k (tenant int, id int, PRIMARY KEY (tenant, id));
CREATE TABLE some_columns (tenant int NOT NULL, k_id int, FOREIGN KEY (tenant, k_id) REFERENCES k ON DELETE SET NULL (k_id));
CREATE TABLE all_columns (tenant int NOT NULL, k_id int, FOREIGN KEY (tenant, k_id) REFERENCES k ON DELETE SET NULL);
CREATE TABLE defaults (tenant int DEFAULT 1, k_id int DEFAULT 7, CHECK (k_id > 0), UNIQUE (tenant, k_id),
                       FOREIGN KEY (tenant, k_id) REFERENCES k ON DELETE SET DEFAULT);
INSERT INTO k VALUES (1, 1), (1, 2), (1, 3), (1, 7);
INSERT INTO some_columns VALUES (1, 1);
INSERT INTO all_columns VALUES (1, 2);
INSERT INTO defaults VALUES (1, 3), (1, 7);
SELECT target, action, rows, detail FROM relnav.delete_impact('k', ROW(1, 1));
SELECT target, action, rows, detail FROM relnav.delete_impact('k', ROW(1, 2));
-- right: set, though nobody knows whether that is unique
SELECT target, action, rows, detail FROM relnav.delete_impact('k', ROW(1, 3));
-- right: blocked, the default is what goes
SELECT target, action, rows, detail FROM relnav.delete_impact('k', ROW(1, 7));
ALTER TABLE defaults ALTER k_id SET DEFAULT 8;
-- right: blocked, the default references nothing
SELECT target, action, rows, detail FROM relnav.delete_impact('k', ROW(1, 3));
DELETE FROM k WHERE id = 3;
-- A default that is more than a value is not evaluated.
CREATE FUNCTION volatile_default() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'it was called'; END $$;
ALTER TABLE defaults ALTER k_id SET DEFAULT volatile_default();
SELECT target, action, rows, detail FROM relnav.delete_impact('k', ROW(1, 3));
-- So nobody knows that it is null, and it blocks nothing.  right: set default
CREATE FUNCTION second_boss() RETURNS int LANGUAGE sql STABLE AS 'SELECT 2';
CREATE TABLE boss (id int PRIMARY KEY);
CREATE TABLE never_null (boss_id int NOT NULL DEFAULT second_boss() REFERENCES boss ON DELETE SET DEFAULT);
INSERT INTO boss VALUES (1), (2), (3);
INSERT INTO never_null VALUES (1);
SELECT target, action, rows, detail FROM relnav.delete_impact('boss', 1);
DELETE FROM boss WHERE id = 1;
SELECT * FROM never_null;
-- right: blocked
CREATE TABLE never_null_2 (boss_id int NOT NULL REFERENCES boss ON DELETE SET DEFAULT);
INSERT INTO never_null_2 VALUES (3);
SELECT target, action, rows, detail FROM relnav.delete_impact('boss', 3);
-- Defaults of columns that are not set are none of it.  right: set default to
-- 0, and nothing is said of the default; nobody divides
CREATE TABLE pair (t int, q int, PRIMARY KEY (t, q));
CREATE SEQUENCE numbers;
CREATE TABLE half_default (t int DEFAULT nextval('numbers'), q int DEFAULT 0, FOREIGN KEY (t, q) REFERENCES pair ON DELETE SET DEFAULT (q));
CREATE TABLE no_default (t int DEFAULT 1 / 0, q int DEFAULT 0, FOREIGN KEY (t, q) REFERENCES pair ON DELETE SET DEFAULT (q));
INSERT INTO pair VALUES (1, 0), (1, 1);
INSERT INTO half_default VALUES (1, 1);
INSERT INTO no_default VALUES (1, 1);
SELECT target, action, rows, detail FROM relnav.delete_impact('pair', ROW(1, 1));
DELETE FROM pair WHERE q = 1;
SELECT h.*, n.* FROM half_default h, no_default n;

-- Rows that get their keys, and rows that follow them: each type's comparison,
-- by its function and by a query.  right: two and two of each
CREATE COLLATION regress_other_order (LOCALE = 'C');
\set ECHO none
SELECT format($$CREATE TABLE lead_%1$s (id %2$s PRIMARY KEY);
CREATE TABLE node_%1$s (id int PRIMARY KEY, lead %2$s DEFAULT %3$L REFERENCES lead_%1$s ON DELETE SET DEFAULT, UNIQUE (id, lead));
CREATE TABLE sub_%1$s (node_id int8, lead %4$s, FOREIGN KEY (node_id, lead) REFERENCES node_%1$s (id, lead) ON UPDATE CASCADE);
INSERT INTO lead_%1$s VALUES (%3$L), (%5$L);
INSERT INTO node_%1$s VALUES (1, %5$L), (2, %5$L), (3, %3$L);
INSERT INTO sub_%1$s VALUES (1, %5$L), (2, %5$L), (3, %3$L)$$, kind, type, a, other, b)
  FROM (VALUES ('int', 'int', '0', 'int8', '1'), ('text', 'text', 'a', 'text', 'b'), ('varchar', 'varchar(5)', 'a', 'text', 'b'),
               ('domain', 'information_schema.cardinal_number', '0', 'int', '1'), ('array', 'int[]', '{0}', 'int[]', '{1}'),
               ('collated', 'text', 'a', 'text COLLATE regress_other_order', 'b'), ('numeric', 'numeric', '0', 'numeric', '1.0'),
               ('range', 'int4range', '[0,1)', 'int4range', '[1,2)')) v (kind, type, a, other, b) \gexec
\set ECHO all
SELECT target, action, rows, detail FROM
 (VALUES ('int', '1'), ('text', 'b'), ('varchar', 'b'), ('domain', '1'), ('array', '{1}'), ('collated', 'b'), ('numeric', '1'), ('range', '[1,2)')) v (kind, key),
 relnav.delete_impact(('lead_' || kind)::regclass, key) WHERE depth > 0 ORDER BY target::text;

-- A key that becomes null, and that others reference: ON UPDATE counts.
CREATE TABLE e (id int PRIMARY KEY, a_id int UNIQUE REFERENCES a ON DELETE SET NULL);
CREATE TABLE f (id int PRIMARY KEY, e_a int REFERENCES e (a_id) ON UPDATE CASCADE);
CREATE TABLE g (id int PRIMARY KEY, e_a int REFERENCES e (a_id) ON UPDATE RESTRICT);
INSERT INTO a VALUES (3), (4);
INSERT INTO e VALUES (1, 3), (2, 4);
INSERT INTO f VALUES (1, 3), (2, 3), (3, 4);
INSERT INTO g VALUES (1, 4);
SELECT target, action, depth, rows, detail FROM relnav.delete_impact('a', 3);
SELECT target, action, depth, rows, detail FROM relnav.delete_impact('a', 4);
-- the error's words depend on the version
DO $$
DECLARE
    violated text;
BEGIN
    DELETE FROM a WHERE id = 4;
EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS violated = CONSTRAINT_NAME;
    RAISE WARNING 'violates %', violated;
END $$;

-- Self-references and cycles
CREATE TABLE node (id int PRIMARY KEY, up int REFERENCES node ON DELETE CASCADE);
INSERT INTO node VALUES (1, NULL), (2, 1), (3, 1), (4, 2), (5, 5);
UPDATE node SET up = 4 WHERE id = 1;
-- right: 1 at depth 0, 2 at depth 1, 1 at depth 2; 5 itself
SELECT depth, rows FROM relnav.delete_impact('node', 1);
SELECT depth, rows FROM relnav.delete_impact('node', 5);

-- Triggers and rules are named.
CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$;
CREATE TRIGGER audit BEFORE DELETE ON node FOR EACH ROW EXECUTE FUNCTION nothing();
CREATE TRIGGER off AFTER DELETE ON node FOR EACH ROW EXECUTE FUNCTION nothing();
ALTER TABLE node DISABLE TRIGGER off;
CREATE RULE "my rule" AS ON DELETE TO node WHERE false DO INSTEAD NOTHING;
CREATE RULE "off rule" AS ON DELETE TO node WHERE false DO INSTEAD NOTHING;
ALTER TABLE node DISABLE RULE "off rule";
SELECT rows, detail FROM relnav.delete_impact('node', 5);

-- Disabled triggers of keys do nothing.
ALTER TABLE a DISABLE TRIGGER ALL;
SELECT target, action, rows FROM relnav.delete_impact('a', 1);
ALTER TABLE a ENABLE TRIGGER ALL;

-- Partitions on both sides, with their columns in another order; inheritance; dropped columns; quoted names
CREATE TABLE "P 1" (junk int, "I""d" int PRIMARY KEY) PARTITION BY RANGE ("I""d");
ALTER TABLE "P 1" DROP junk;
CREATE TABLE "P 1a" ("I""d" int NOT NULL);
ALTER TABLE "P 1" ATTACH PARTITION "P 1a" FOR VALUES FROM (1) TO (10);
CREATE TABLE "P 1b" PARTITION OF "P 1" FOR VALUES FROM (10) TO (20);
CREATE TABLE q (x text, p int REFERENCES "P 1" ON DELETE CASCADE, id int) PARTITION BY LIST (id);
CREATE TABLE q1 (id int, p int, x text);
ALTER TABLE q ATTACH PARTITION q1 FOR VALUES IN (1);
CREATE TABLE q2 PARTITION OF q FOR VALUES IN (2);
CREATE TABLE only_b (p int REFERENCES "P 1b");
INSERT INTO "P 1" VALUES (1), (11);
INSERT INTO q VALUES ('x', 1, 1), ('y', 1, 2), ('z', 11, 2);
INSERT INTO only_b VALUES (11);
-- right: q 2; q 1 and blocked by only_b
SELECT target, action, depth, rows FROM relnav.delete_impact('"P 1"', 1);
SELECT target, action, depth, rows FROM relnav.delete_impact('"P 1"', 11);
SELECT d.target, d.action, d.rows FROM "P 1b" p, relnav.delete_impact(p) d;
CREATE TABLE base (id int PRIMARY KEY, a_id int REFERENCES a ON DELETE CASCADE);
CREATE TABLE derived () INHERITS (base);
INSERT INTO base VALUES (1, 3);
INSERT INTO derived VALUES (2, 3);
-- right: 1, the parent's own
SELECT rows FROM relnav.delete_impact('a', 3) WHERE target = 'base'::regclass;

-- Who may not see what a trigger would, is told so.
CREATE ROLE regress_relnav_impact;
GRANT USAGE ON SCHEMA regress_relnav_impact TO regress_relnav_impact;
GRANT SELECT ON a, b, e TO regress_relnav_impact;
GRANT SELECT (id) ON c TO regress_relnav_impact;
ALTER TABLE b ENABLE ROW LEVEL SECURITY;
SET ROLE regress_relnav_impact;
-- right: b, c, d, base unknown; e set null, and nothing of what is below but that it is not known
SELECT target, action, depth, rows, detail FROM relnav.delete_impact('a', 3);
SELECT * FROM relnav.delete_impact('k', ROW(1, 1));
RESET ROLE;

RESET search_path;
DROP SCHEMA shop, regress_relnav_impact CASCADE;
DROP ROLE regress_relnav_impact;
