-- For scripts/test: the schemas that navigation gets wrong most easily, each
-- with a few rows that would show it.  scripts/compare-joins compares them.

\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;


-- Names: quotes, dots, per cents, reserved words, our own aliases, a column
-- named like its table, Cyrillic; types without equality.
CREATE SCHEMA "S 1";
CREATE TABLE "S 1"."T.1" ("C ""1%s" int PRIMARY KEY, "T.1" json, source text, spot point);
CREATE TABLE "S 1"."select" ("order" int REFERENCES "S 1"."T.1", "100%" int, PRIMARY KEY ("order", "100%"));
CREATE TABLE "S 1".h0 (h1 int, a int, b int, FOREIGN KEY (a, b) REFERENCES "S 1"."select");
CREATE TABLE "Страна" ("Ид" int PRIMARY KEY, "a) REFERENCES b(c" int REFERENCES "S 1"."T.1");
INSERT INTO "S 1"."T.1" SELECT i, '{"a": 1}', 'x"y', '(1,2)' FROM generate_series(1, 5) AS i;
INSERT INTO "S 1"."select" SELECT i % 5 + 1, i FROM generate_series(1, 20) AS i;
INSERT INTO "S 1".h0 VALUES (1, 2, 1), (2, 2, 1), (2, 2, 1), (3, NULL, 1), (4, 3, 2);
INSERT INTO "Страна" VALUES (1, 1), (2, 1), (3, NULL);

-- The same table name in two schemas
CREATE SCHEMA s2;
CREATE TABLE s2."T.1" (id int PRIMARY KEY, up int REFERENCES "S 1"."T.1");
CREATE TABLE meets_both (a int REFERENCES "S 1"."T.1", b int REFERENCES s2."T.1", PRIMARY KEY (a, b));
INSERT INTO s2."T.1" VALUES (1, 2), (2, 2), (3, 3);
INSERT INTO meets_both VALUES (1, 1), (1, 2), (2, 1);


-- Association tables: within one table; of two keys without any unique one;
-- of three keys; with a tenant that both keys share; two for one pair
CREATE TABLE person (id int PRIMARY KEY, name text);
CREATE TABLE follows (follower_id int REFERENCES person, followee_id int REFERENCES person,
                      PRIMARY KEY (follower_id, followee_id));
CREATE TABLE place (id int PRIMARY KEY, name text);
CREATE TABLE visited (person_id int REFERENCES person, place_id int REFERENCES place);
CREATE TABLE likes (person_id int REFERENCES person, place_id int REFERENCES place, since date,
                    id int PRIMARY KEY, UNIQUE (place_id, person_id));
CREATE TABLE took_to (who int REFERENCES person, whom int REFERENCES person, place_id int REFERENCES place,
                      PRIMARY KEY (who, whom, place_id));
INSERT INTO person VALUES (1, 'Ann'), (2, 'Bob'), (3, 'Cy'), (4, 'Dee');
INSERT INTO follows VALUES (1, 2), (2, 1), (1, 1), (3, 1);
INSERT INTO place VALUES (1, 'sea'), (2, 'moor'), (3, 'moor');
INSERT INTO visited VALUES (1, 1), (1, 1), (2, 1), (2, 2), (NULL, 2), (3, NULL);
INSERT INTO likes VALUES (1, 1, NULL, 1), (1, 2, NULL, 2), (2, 3, NULL, 3);
INSERT INTO took_to VALUES (1, 2, 1), (1, 2, 2), (1, 3, 1), (2, 1, 1);

CREATE TABLE team (tenant int, id int, PRIMARY KEY (tenant, id));
CREATE TABLE member (tenant int, id int, PRIMARY KEY (tenant, id));
CREATE TABLE team_member (tenant int, team_id int, member_id int, PRIMARY KEY (tenant, team_id, member_id),
                          FOREIGN KEY (tenant, team_id) REFERENCES team,
                          FOREIGN KEY (tenant, member_id) REFERENCES member);
INSERT INTO team VALUES (1, 1), (1, 2), (2, 1);
INSERT INTO member VALUES (1, 1), (1, 2), (2, 1), (2, 2);
INSERT INTO team_member VALUES (1, 1, 1), (1, 1, 2), (1, 2, 2), (2, 1, 1), (2, 1, 2);


-- Keys: of two columns in another order, to itself; both columns the same; to
-- a unique key; the same one twice; two on one column; half null; with orphans
CREATE TABLE emp (a int, b text, boss_b text, boss_a int, PRIMARY KEY (b, a), UNIQUE (a, b),
                  FOREIGN KEY (boss_a, boss_b) REFERENCES emp (a, b));
INSERT INTO emp VALUES (1, 'x', NULL, NULL), (2, 'y', 'x', 1), (3, 'z', 'x', 1), (4, 'w', 'z', 3), (5, 'v', 'z', NULL);
CREATE TABLE two (b int, c int, PRIMARY KEY (b, c));
CREATE TABLE same_twice (a int, FOREIGN KEY (a, a) REFERENCES two (b, c));
INSERT INTO two VALUES (1, 1), (1, 2), (2, 2);
INSERT INTO same_twice VALUES (1), (2), (2), (NULL);
CREATE TABLE thing (id int UNIQUE, code text UNIQUE);
CREATE TABLE more (id int REFERENCES thing (id) REFERENCES person, code text REFERENCES thing (code) REFERENCES thing (code));
INSERT INTO thing VALUES (1, 'a'), (2, 'b'), (NULL, 'c'), (NULL, NULL);
INSERT INTO more VALUES (1, 'b'), (2, NULL), (NULL, 'c'), (1, 'b');
CREATE TABLE orphans (id int PRIMARY KEY, thing int);
INSERT INTO orphans VALUES (1, 1), (2, 7);
ALTER TABLE orphans ADD FOREIGN KEY (thing) REFERENCES thing (id) NOT VALID;
CREATE TABLE dropped (junk text, thing int REFERENCES thing (id), junk2 int, id int PRIMARY KEY);
ALTER TABLE dropped DROP junk, DROP junk2, ADD later text DEFAULT 'x';
INSERT INTO dropped VALUES (1, 1), (1, 2), (NULL, 3);


-- Types that differ on both sides, and collations
CREATE DOMAIN whole AS int8;
CREATE TABLE typed (c char(5) PRIMARY KEY, v int8 UNIQUE, w whole UNIQUE);
CREATE TABLE typing (c char(8) REFERENCES typed, v int2 REFERENCES typed (v), w int4 REFERENCES typed (w));
INSERT INTO typed VALUES ('a', 1, 10), ('b', 2, 20);
INSERT INTO typing VALUES ('a', 2, 10), ('b  ', 1, 10), (NULL, NULL, 20);
SELECT current_setting('server_version_num')::int >= 180000 AS is_18 \gset
SELECT count(*) > 0 AS have_icu FROM pg_collation WHERE collprovider = 'i' \gset
\if :have_icu
-- Since 18 both sides need the same collation, if one is not deterministic.
SELECT CASE WHEN :'is_18' THEN 'any_case' ELSE '"C"' END AS fk_collation \gset
CREATE COLLATION any_case (PROVIDER = icu, LOCALE = 'und-u-ks-level2', DETERMINISTIC = false);
CREATE TABLE word (w text COLLATE any_case PRIMARY KEY);
CREATE TABLE use (id int PRIMARY KEY, w text COLLATE :fk_collation REFERENCES word);
INSERT INTO word VALUES ('Aa'), ('b');
INSERT INTO use VALUES (1, 'aa'), (2, 'AA'), (3, 'b'), (4, NULL);
\endif


-- Partitions, one with its columns in another order, on either side and
-- between; keys of and to single partitions
CREATE TABLE log (id int PRIMARY KEY, person int REFERENCES person) PARTITION BY RANGE (id);
CREATE TABLE log_old PARTITION OF log FOR VALUES FROM (1) TO (10);
CREATE TABLE log_new (junk int, person int, id int NOT NULL);
ALTER TABLE log_new DROP junk;
ALTER TABLE log ATTACH PARTITION log_new FOR VALUES FROM (10) TO (100);
CREATE TABLE log_place (log int REFERENCES log, place int REFERENCES place, PRIMARY KEY (log, place));
CREATE TABLE of_old (id int PRIMARY KEY, log int REFERENCES log_old);
CREATE TABLE split (id int, place int, person int) PARTITION BY LIST (id);
CREATE TABLE split_1 PARTITION OF split (FOREIGN KEY (place) REFERENCES place) FOR VALUES IN (1);
CREATE TABLE split_2 PARTITION OF split (FOREIGN KEY (place) REFERENCES place,
                                         FOREIGN KEY (person) REFERENCES person) FOR VALUES IN (2);
INSERT INTO log SELECT i, i % 5 FROM generate_series(1, 20) AS i WHERE i % 5 > 0;
INSERT INTO log_place SELECT id, id % 3 + 1 FROM log;
INSERT INTO of_old SELECT i, i % 4 + 1 FROM generate_series(1, 9) AS i;
INSERT INTO split VALUES (1, 1, 1), (1, 2, 2), (2, 1, 1), (2, 3, NULL);


-- Plain inheritance: a key governs the parent's own rows only.
CREATE TABLE base (id int PRIMARY KEY, person int REFERENCES person);
CREATE TABLE derived (extra text) INHERITS (base);
CREATE TABLE of_base (id int, base int REFERENCES base);
INSERT INTO base VALUES (1, 1), (2, 2);
INSERT INTO derived VALUES (1, 1, 'x'), (7, 1, 'y');
INSERT INTO of_base VALUES (1, 1), (2, 2), (3, 1);


-- Temporal keys
\if :is_18
CREATE TABLE price (id int4range, during daterange, PRIMARY KEY (id, during WITHOUT OVERLAPS));
CREATE TABLE sold (price int4range, during daterange,
                   FOREIGN KEY (price, PERIOD during) REFERENCES price (id, PERIOD during));
INSERT INTO price VALUES ('[1,2)', '[2026-01-01,2026-02-01)'), ('[1,2)', '[2026-02-01,2026-03-01)'),
                         ('[2,3)', '[2026-01-01,2026-02-01)');
INSERT INTO sold VALUES ('[1,2)', '[2026-01-15,2026-02-15)'), ('[1,2)', '[2026-01-15,2026-01-16)'),
                        ('[2,3)', '[2026-01-01,2026-01-02)'), (NULL, '[2026-01-01,2026-01-02)');
\endif


-- A view of every table has the same relationships; every third one turns the
-- columns round, every fifth one is materialized.
DO $$
DECLARE
    t record;
BEGIN
    FOR t IN
        SELECT c.oid, n.nspname, c.relname, row_number() OVER (ORDER BY n.nspname, c.relname) AS nr,
               CASE c.relkind WHEN 'r' THEN 'ONLY ' ELSE '' END AS only,
               (SELECT string_agg(format('%I AS %I', a.attname, left('v ' || a.attname, 60)), ', '
                                  ORDER BY a.attnum DESC)
                  FROM pg_attribute a
                 WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^(pg_|information_schema|relnav)'
    LOOP
        EXECUTE format('CREATE %s %I.%I AS SELECT %s FROM %s%I.%I',
                       CASE WHEN t.nr % 5 = 0 THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END,
                       t.nspname, 'view ' || t.nr,
                       CASE WHEN t.nr % 3 = 0 AND t.columns IS NOT NULL THEN t.columns ELSE '*' END,
                       t.only, t.nspname, t.relname);
    END LOOP;
END
$$;
