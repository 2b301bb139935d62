-- A catalog to measure on: schema bench with :tables tables t00001, t00002,
-- ... of three foreign keys each, and a table hub that :hub more keys lead to,
-- as they lead to the users of a real schema.  The same every time.
--
--   psql -v tables=10000 -v hub=300 -f bench/catalog.sql
--
-- Of twenty tables
--   2  are association tables with a primary key of two foreign keys,
--   2  are ones with an id and a unique key over two foreign keys,
--   1  is one with a primary key of three foreign keys,
--   2  share the primary key of the table they reference (one-to-one),
--   13 are plain; the first of these reference the hub, five times each.
-- Two of three foreign keys have an index.  Neighbours are near in number, so
-- a table has the same relationships in a small and in a large catalog.

\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;

CREATE SCHEMA bench;
SET search_path = bench;

CREATE TEMP TABLE plan AS
SELECT i,
       format('t%s', lpad(i::text, 5, '0')) AS name,
       CASE WHEN i % 10 = 3 THEN 'pair'
            WHEN i % 10 = 7 THEN 'pair with id'
            WHEN i % 20 = 9 THEN 'triple'
            WHEN i % 10 = 5 THEN 'shared key'
            ELSE 'plain' END AS form
  FROM generate_series(1, :tables) AS i;
CREATE UNIQUE INDEX ON plan (i);

-- The three tables that a table references.  Those without an id cannot be
-- referenced; before each of them comes one that can.
CREATE TEMP TABLE key AS
SELECT p.i, k.nr, t.name AS target, t.name || '_id' AS col
  FROM plan p,
       (VALUES (1, -1), (2, -11), (3, 23)) AS k(nr, step),
       LATERAL (SELECT (p.i + k.step + :tables - 1) % :tables + 1) AS near(i),
       LATERAL (SELECT CASE WHEN near.i % 10 IN (3, 9) THEN near.i - 1 ELSE near.i END) AS able(i)
  JOIN plan t ON t.i = able.i;

CREATE TEMP TABLE hub_key AS
SELECT p.i, p.name, u.col
  FROM (SELECT * FROM plan WHERE form = 'plain' ORDER BY i LIMIT :hub / 5) AS p,
       unnest(ARRAY['created_by_id', 'updated_by_id', 'owner_id', 'approved_by_id', 'assigned_to_id']) AS u(col);

-- Statement by statement: so many tables would not fit into one transaction's
-- locks.
CREATE TABLE hub (id int PRIMARY KEY, name varchar(40));

SELECT format('CREATE TABLE %I (%s, name varchar(40), note varchar(40), %s)', p.name,
              (SELECT string_agg(format('%I int%s', k.col, CASE k.nr WHEN 3 THEN '' ELSE ' NOT NULL' END), ', ' ORDER BY k.nr)
                 FROM key k WHERE k.i = p.i) ||
              coalesce((SELECT ', ' || string_agg(format('%I int', h.col), ', ')
                          FROM hub_key h WHERE h.i = p.i), ''),
              CASE p.form
                  WHEN 'pair' THEN format('PRIMARY KEY (%I, %I)', k1.col, k2.col)
                  WHEN 'triple' THEN format('PRIMARY KEY (%I, %I, %I)', k1.col, k2.col, k3.col)
                  WHEN 'pair with id' THEN format('id int PRIMARY KEY, UNIQUE (%I, %I)', k1.col, k2.col)
                  ELSE 'id int PRIMARY KEY' END)
  FROM plan p
  JOIN key k1 ON k1.i = p.i AND k1.nr = 1
  JOIN key k2 ON k2.i = p.i AND k2.nr = 2
  JOIN key k3 ON k3.i = p.i AND k3.nr = 3
 ORDER BY p.i
\gexec

SELECT format('ALTER TABLE %I %s', p.name,
              string_agg(format('ADD FOREIGN KEY (%I) REFERENCES %I%s',
                                CASE WHEN p.form = 'shared key' AND k.nr = 1 THEN 'id' ELSE k.col END,
                                k.target,
                                CASE WHEN k.nr = 1 THEN ' ON DELETE CASCADE' ELSE '' END),
                         ', ' ORDER BY k.nr))
  FROM plan p
  JOIN key k USING (i)
 GROUP BY p.i, p.name
 ORDER BY p.i
\gexec

SELECT format('ALTER TABLE %I ADD FOREIGN KEY (%I) REFERENCES hub', name, col)
  FROM hub_key ORDER BY i, col
\gexec

-- The first key's index is a primary or unique key's where there is one.
SELECT format('CREATE INDEX ON %I (%I)', p.name, k.col)
  FROM plan p
  JOIN key k USING (i)
 WHERE k.nr = 2 OR k.nr = 1 AND p.form IN ('plain', 'shared key')
 ORDER BY p.i, k.nr
\gexec

DROP TABLE plan, key, hub_key;
VACUUM (FREEZE, ANALYZE) pg_class, pg_attribute, pg_index, pg_constraint, pg_depend, pg_trigger, pg_type, pg_namespace;
