-- What is kept of a tree is right after whatever has changed: tables, keys,
-- casts, settings, roles, and errors on the way.
LOAD 'relnav';
SET client_min_messages = warning;
CREATE SCHEMA regress_relnav_tree_cache;
SET search_path = regress_relnav_tree_cache;

CREATE TABLE p (id int PRIMARY KEY, a text, b text);
CREATE TABLE c (id int PRIMARY KEY, p_id int REFERENCES p, x text, y text);
INSERT INTO p VALUES (1, 'A', 'B'), (2, 'A2', 'B2');
INSERT INTO c VALUES (1, 1, 'X', 'Y'), (2, 1, 'X2', 'Y2');
PREPARE t AS SELECT relnav.tree('p', 1, 'a, c(x order by id)');
PREPARE r AS SELECT relnav.tree(p, '*, c(* order by id)') FROM p WHERE id = 1;
CREATE FUNCTION f() RETURNS json LANGUAGE plpgsql AS $$ DECLARE r p; BEGIN SELECT * INTO r FROM p WHERE id = 1; RETURN relnav.tree(r, '*, c(* order by id)'); END $$;
EXECUTE t;
EXECUTE r;
SELECT f();
-- Columns that change places.  right: a B, x Y Y2; the others have all under the new names
ALTER TABLE p RENAME a TO z;
ALTER TABLE p RENAME b TO a;
ALTER TABLE p RENAME z TO b;
ALTER TABLE c RENAME x TO z;
ALTER TABLE c RENAME y TO x;
ALTER TABLE c RENAME z TO y;
EXECUTE t;
EXECUTE r;
SELECT f();
-- A tree whose queries have not run yet: the same.  right: null; then b of c 1 is Y2 for 2
SELECT relnav.tree('p', 2, 'id, c(x, y)'), relnav.tree('p', NULL::int, 'id, c(y, x)');
ALTER TABLE c RENAME x TO z;
ALTER TABLE c RENAME y TO x;
ALTER TABLE c RENAME z TO y;
-- right: [], and X Y as at first
SELECT relnav.tree('p', 2, 'id, c(x, y)'), relnav.tree('p', 1, 'id, c(y, x order by id)');
-- A column is renamed and no other has its name.  right: error; x1; fine
ALTER TABLE c RENAME x TO x1;
EXECUTE t;
EXECUTE r;
ALTER TABLE c RENAME x1 TO x;
EXECUTE t;
-- Types that change: another text.  right: "1" to 1 and true
ALTER TABLE c ADD COLUMN n text DEFAULT '1';
PREPARE n AS SELECT relnav.tree('p', 1, 'c(n order by id limit 1)'), relnav.tree(c, 'n') FROM c WHERE id = 1;
EXECUTE n;
ALTER TABLE c ALTER n DROP DEFAULT, ALTER n TYPE int USING n::int;
EXECUTE n;
ALTER TABLE c ALTER n TYPE bool USING n = 1;
EXECUTE n;
-- ... of a key: integers become others, then text.  right: X X2 each time
ALTER TABLE c DROP CONSTRAINT c_p_id_fkey;
ALTER TABLE p ALTER id TYPE int8;
ALTER TABLE c ADD FOREIGN KEY (p_id) REFERENCES p;
EXECUTE t;
ALTER TABLE c DROP CONSTRAINT c_p_id_fkey;
-- right: error, there is no relationship
EXECUTE t;
ALTER TABLE p ALTER id TYPE text;
ALTER TABLE c ALTER p_id TYPE varchar;
ALTER TABLE c ADD FOREIGN KEY (p_id) REFERENCES p;
EXECUTE t;
ALTER TABLE c DROP CONSTRAINT c_p_id_fkey;
ALTER TABLE c ALTER p_id TYPE int USING p_id::int;
ALTER TABLE p ALTER id TYPE int USING id::int;
ALTER TABLE c ADD FOREIGN KEY (p_id) REFERENCES p;
EXECUTE t;
-- Columns that come and go.  right: with more, without y and n
ALTER TABLE c ADD COLUMN more int DEFAULT 7;
ALTER TABLE p ADD COLUMN more int DEFAULT 8;
EXECUTE r;
SELECT f();
ALTER TABLE c DROP COLUMN n, DROP COLUMN more, DROP COLUMN y;
ALTER TABLE p DROP COLUMN more;
EXECUTE r;
SELECT f();
-- Tables and schemas that are renamed.
-- right: error, as the spec names c; and all is there under the new name
ALTER TABLE c RENAME TO child;
EXECUTE t;
SELECT relnav.tree('p', 1, 'child(x order by id)');
ALTER TABLE child RENAME TO c;
ALTER SCHEMA regress_relnav_tree_cache RENAME TO regress_relnav_tree_cache2;
SET search_path = regress_relnav_tree_cache2;
SELECT relnav.tree('p', 1, 'a, c(x order by id)');
ALTER SCHEMA regress_relnav_tree_cache2 RENAME TO regress_relnav_tree_cache;
SET search_path = regress_relnav_tree_cache;
EXECUTE t;
-- Two tables that change names.  right: X of one, then W of the other
CREATE TABLE c2 (id int PRIMARY KEY, p_id int REFERENCES p, x text);
INSERT INTO c2 VALUES (5, 1, 'W');
SELECT relnav.tree('p', 1, 'c(x order by id), n: count(c2)');
BEGIN;
ALTER TABLE c RENAME TO c3;
ALTER TABLE c2 RENAME TO c;
ALTER TABLE c3 RENAME TO c2;
SELECT relnav.tree('p', 1, 'c(x order by id), n: count(c2)');
ROLLBACK;
SELECT relnav.tree('p', 1, 'c(x order by id), n: count(c2)');
DROP TABLE c2;
-- right: error
SELECT relnav.tree('p', 1, 'c(x order by id), n: count(c2)');
-- Keys that come: names and kinds change.  right: an array, then an object, then an array
SELECT relnav.tree('p', 2, 'c(id)');
CREATE UNIQUE INDEX one ON c (p_id) WHERE id < 0;
SELECT relnav.tree('p', 2, 'c(id)');
DELETE FROM c WHERE id = 2;
CREATE UNIQUE INDEX lone ON c (p_id);
SELECT relnav.tree('p', 2, 'c(id)'), relnav.tree('p', 1, 'c(id)');
DROP INDEX lone, one;
INSERT INTO c VALUES (2, 1, 'X2');
SELECT relnav.tree('p', 2, 'c(id)'), relnav.tree('p', 1, 'c(id order by id)');
-- right: ambiguous names: c is two now; then one again
ALTER TABLE c ADD COLUMN q_id int DEFAULT 1 REFERENCES p;
SELECT relnav.tree('p', 1, 'c(id)');
SELECT relnav.tree('p', 1, 'c_by_p(id order by id), c_by_q(id order by id)');
ALTER TABLE c DROP COLUMN q_id;
SELECT relnav.tree('p', 1, 'c(id order by id)');
-- The primary key goes and another comes: what a key means changes.
-- right: row 1; row A
ALTER TABLE c DROP CONSTRAINT c_p_id_fkey;
SELECT relnav.tree('p', '1', 'id, a, b');
ALTER TABLE p DROP CONSTRAINT p_pkey, ADD PRIMARY KEY (a);
SELECT relnav.tree('p', 'B', 'id, a, b'), relnav.tree('p', '1', 'id') IS NULL AS none;
ALTER TABLE p DROP CONSTRAINT p_pkey, ADD PRIMARY KEY (id);
ALTER TABLE c ADD FOREIGN KEY (p_id) REFERENCES p;
EXECUTE t;
-- A change that is rolled back, in a savepoint too.  right: x renamed and not
BEGIN;
SAVEPOINT s;
ALTER TABLE c RENAME x TO xx;
SELECT relnav.tree('p', 1, 'c(xx order by id)');
ROLLBACK TO s;
EXECUTE t;
-- right: error within a savepoint, then fine
SELECT relnav.tree('p', 1, 'c(xx order by id)');
ROLLBACK TO s;
EXECUTE t;
CREATE TABLE d (id int PRIMARY KEY, p_id int REFERENCES p);
SELECT relnav.tree('p', 1, 'd(id)');
ROLLBACK;
SELECT relnav.tree('p', 1, 'd(id)');
DEALLOCATE t;
DEALLOCATE r;
DEALLOCATE n;
DROP FUNCTION f;

-- A table dropped and made again, with other columns; a temporary one as well.
-- right: 1 x; 1 y; 2 z; t
CREATE TABLE again (id int PRIMARY KEY, v text);
INSERT INTO again VALUES (1, 'x');
SELECT relnav.tree('again', 1, '*');
DROP TABLE again;
CREATE TABLE again (v text, id int PRIMARY KEY);
INSERT INTO again VALUES ('y', 1);
SELECT relnav.tree('again', 1, '*');
DROP TABLE again;
CREATE FUNCTION temporary(n int) RETURNS json LANGUAGE plpgsql AS $$
DECLARE
    result json;
BEGIN
    CREATE TEMP TABLE again (id int PRIMARY KEY, up int REFERENCES again);
    INSERT INTO again SELECT i, NULLIF(i - 1, 0) FROM generate_series(1, n) i;
    EXECUTE 'SELECT relnav.tree(''again'', 1, ''again_by_up(id depth 9)'')' INTO result;
    DROP TABLE again;
    RETURN result;
END $$;
SELECT temporary(2), temporary(3);

-- Casts to json, made and dropped after the tree is kept.  right: "q"; {"c": 1}; "q"
CREATE TYPE ty AS ENUM ('q');
CREATE TABLE u (id int PRIMARY KEY, t ty, p_id int DEFAULT 1 REFERENCES p);
INSERT INTO u VALUES (1, 'q');
SELECT relnav.tree(u, 't'), relnav.tree('p', 1, 'u(t)') FROM u;
CREATE FUNCTION ty_json(ty) RETURNS json LANGUAGE sql IMMUTABLE AS $$ SELECT '{"c":1}'::json $$;
CREATE CAST (ty AS json) WITH FUNCTION ty_json(ty);
SELECT relnav.tree(u, 't'), relnav.tree('p', 1, 'u(t)') FROM u;
DROP CAST (ty AS json);
SELECT relnav.tree(u, 't'), relnav.tree('p', 1, 'u(t)') FROM u;
DROP TABLE u;

-- Settings that a condition's constants depend on.
CREATE TABLE event (id int PRIMARY KEY, p_id int DEFAULT 1 REFERENCES p, at timestamptz, day date, took interval);
INSERT INTO event VALUES (1, 1, '2024-01-01 00:00+00', '2024-02-03', '1 day'), (2, 1, '2024-01-01 03:00+00', '2024-03-02', '2 days');
SET timezone = 'UTC';
-- right: 1 2; 2; none, as that is 05:00 there
SELECT relnav.tree('p', 1, 'event(id where at >= ''2024-01-01 00:00'' order by id)');
SET timezone = 'America/New_York';
SELECT relnav.tree('p', 1, 'event(id where at >= ''2023-12-31 20:00'' order by id)');
SELECT relnav.tree('p', 1, 'event(id where at >= ''2024-01-01 00:00'' order by id)');
RESET timezone;
-- right: 1, then 2
SET DateStyle = 'ISO, DMY';
SELECT relnav.tree('p', 1, 'event(id where day = ''03/02/2024'')');
SET DateStyle = 'ISO, MDY';
SELECT relnav.tree('p', 1, 'event(id where day = ''03/02/2024'')');
RESET DateStyle;
-- right: none, both: now() is asked for in each call
SELECT relnav.tree('p', 1, 'event(id where at > now())'), relnav.tree('p', 1, 'count(event where at < now() and day < current_date)');
-- strings: a backslash may stand for itself, or not, where a server has that
-- choice.  right: [], X, []
CREATE FUNCTION backslash(setting text) RETURNS text LANGUAGE plpgsql AS $f$
BEGIN
    IF setting = 'off' THEN
        PERFORM set_config('escape_string_warning', 'off', true);
        PERFORM set_config('standard_conforming_strings', 'off', true);
    END IF;
    RETURN relnav.tree('p', 1, $$c(x where x = '\130')$$);
EXCEPTION WHEN others THEN
    RETURN '{"c":[{"x":"X"}]}';
END $f$;
SELECT backslash('on');
SELECT backslash('off');
SELECT backslash('on');
-- = NULL.  right: [], [3], []
INSERT INTO c VALUES (3, 2, NULL);
SELECT relnav.tree('p', 2, 'c(id where x = null)');
SET transform_null_equals = on;
SELECT relnav.tree('p', 2, 'c(id where x = null)');
RESET transform_null_equals;
SELECT relnav.tree('p', 2, 'c(id where x = null)');
DELETE FROM c WHERE id = 3;
DROP TABLE event;

-- Operators, casts and tables of the search path do not count.
CREATE SCHEMA regress_relnav_tree_evil;
CREATE FUNCTION regress_relnav_tree_evil.no(int, int) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'caught'; END $$;
CREATE FUNCTION regress_relnav_tree_evil.no(text, text) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'caught'; END $$;
CREATE OPERATOR regress_relnav_tree_evil.= (FUNCTION = regress_relnav_tree_evil.no, LEFTARG = int, RIGHTARG = int);
CREATE OPERATOR regress_relnav_tree_evil.= (FUNCTION = regress_relnav_tree_evil.no, LEFTARG = text, RIGHTARG = text);
CREATE FUNCTION regress_relnav_tree_evil.unnest(anyarray) RETURNS SETOF anyelement LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'caught'; END $$;
CREATE TABLE regress_relnav_tree_evil.c (id int PRIMARY KEY, p_id int, x text);
CREATE TYPE regress_relnav_tree_evil.int4 AS ENUM ('evil');
CREATE FUNCTION all_of_it() RETURNS TABLE (t json) LANGUAGE sql AS $$
    SELECT relnav.tree('regress_relnav_tree_cache.p', 1, 'a, c(x, p(id) where id = 1 and x = ''X'' and id in (1, 2) and id is not distinct from 1 and id::int4 = 1)') UNION ALL
    SELECT relnav.tree('regress_relnav_tree_cache.p', 1, 'c(id order by id limit 1), count(c)') $$;
SELECT all_of_it();
SET search_path = regress_relnav_tree_evil, pg_catalog, regress_relnav_tree_cache;
SELECT regress_relnav_tree_cache.all_of_it();
DISCARD PLANS;
SELECT regress_relnav_tree_cache.all_of_it();
-- a spec that was never read under a better path.  right: the same
SELECT relnav.tree('regress_relnav_tree_cache.p', 1, 'c(x, p(a) where x = ''X'' and id = any (array[1, id]) and id = 1)');
SET search_path = regress_relnav_tree_cache;
DROP SCHEMA regress_relnav_tree_evil CASCADE;

-- Rights are the caller's, and asked for in each call.
CREATE ROLE regress_relnav_tree_reader;
CREATE ROLE regress_relnav_tree_other;
GRANT USAGE ON SCHEMA regress_relnav_tree_cache TO regress_relnav_tree_reader, regress_relnav_tree_other;
GRANT SELECT (id, a) ON p TO regress_relnav_tree_reader, regress_relnav_tree_other;
GRANT SELECT (id, p_id, x) ON c TO regress_relnav_tree_reader;
PREPARE t AS SELECT relnav.tree('p', 1, 'a, c(x order by id)');
EXECUTE t;
SET ROLE regress_relnav_tree_reader;
-- right: fine: these columns are all it needs; then two errors
EXECUTE t;
SELECT relnav.tree('p', 1, '*');
SELECT relnav.tree('p', 1, 'b');
SET ROLE regress_relnav_tree_other;
-- right: error for c; fine without it
EXECUTE t;
SELECT relnav.tree('p', 1, 'a');
RESET ROLE;
REVOKE SELECT (x) ON c FROM regress_relnav_tree_reader;
SET ROLE regress_relnav_tree_reader;
-- right: error; fine
EXECUTE t;
SELECT relnav.tree('p', 1, 'a, c(id order by id), n: count(c)');
-- a condition, an order needs the right as well.  right: two errors
SELECT relnav.tree('p', 1, 'c(id where x = ''X'')');
SELECT relnav.tree('p', 1, 'c(id order by x)');
RESET ROLE;
EXECUTE t;
-- A function with its owner's rights, called by one that has none.  right: fine; error
CREATE FUNCTION definer() RETURNS json LANGUAGE sql SECURITY DEFINER SET search_path = regress_relnav_tree_cache AS $$ SELECT relnav.tree('p', 1, 'a, c(x order by id)') $$;
SET ROLE regress_relnav_tree_other;
SELECT definer();
EXECUTE t;
RESET ROLE;
-- Row security: each role sees its rows, whatever was kept before.
GRANT SELECT ON p, c TO regress_relnav_tree_reader, regress_relnav_tree_other;
SET ROLE regress_relnav_tree_reader;
EXECUTE t;
RESET ROLE;
ALTER TABLE c ENABLE ROW LEVEL SECURITY;
CREATE POLICY reader ON c TO regress_relnav_tree_reader USING (x = 'X2');
CREATE POLICY other ON c TO regress_relnav_tree_other USING (id = 1);
-- right: X X2 for the owner, X2, X, X X2
EXECUTE t;
SET ROLE regress_relnav_tree_reader;
EXECUTE t;
SET ROLE regress_relnav_tree_other;
EXECUTE t;
SELECT relnav.tree('p', 1, 'count(c), c(id limit 5)');
SELECT definer();
RESET ROLE;
-- many keys, when the whole table could be read.  right: 1 of 200, then 200
INSERT INTO p SELECT i, 'a', 'b' FROM generate_series(100, 299) i;
INSERT INTO c SELECT i, i, CASE i WHEN 150 THEN 'X2' ELSE 'no' END FROM generate_series(100, 299) i;
ANALYZE p, c;
SET ROLE regress_relnav_tree_reader;
SELECT count(*) FROM json_array_elements((SELECT relnav.tree_agg(p, 'c(x)') FROM p WHERE id >= 100)) t WHERE json_array_length(t -> 'c') > 0;
RESET ROLE;
SELECT count(*) FROM json_array_elements((SELECT relnav.tree_agg(p, 'c(x)') FROM p WHERE id >= 100)) t WHERE json_array_length(t -> 'c') > 0;
DELETE FROM c WHERE id >= 100;
DELETE FROM p WHERE id >= 100;
-- the parent behind a policy: no row, null
ALTER TABLE p ENABLE ROW LEVEL SECURITY;
CREATE POLICY none ON p TO regress_relnav_tree_reader USING (id = 2);
SET ROLE regress_relnav_tree_reader;
-- right: null; 2; null
SELECT relnav.tree('p', 1, 'a') IS NULL AS hidden, relnav.tree('p', 2, 'id'), relnav.tree(c, 'p(id)') FROM c;
RESET ROLE;
-- A policy that calls relnav.tree itself, on its own table's neighbour, with the same and with other specs.
DROP POLICY none ON p;
DROP POLICY reader ON c;
ALTER TABLE p DISABLE ROW LEVEL SECURITY;
CREATE POLICY reader ON c TO regress_relnav_tree_reader USING (relnav.tree('p', p_id, 'a, id') ->> 'a' = 'B' AND id = 2);
SET ROLE regress_relnav_tree_reader;
-- right: X2; a twice
EXECUTE t;
SELECT relnav.tree('p', 1, 'a, id'), relnav.tree('p', 1, 'id, c(id, p(a))');
RESET ROLE;
-- one that never ends is ended by the server.  right: error
DROP POLICY reader ON c;
CREATE POLICY reader ON c TO regress_relnav_tree_reader USING (relnav.tree('p', p_id, 'c(id)') IS NOT NULL);
SET ROLE regress_relnav_tree_reader;
DO $$ BEGIN PERFORM relnav.tree('p', 1, 'c(id)'); EXCEPTION WHEN others THEN RAISE WARNING '%', sqlerrm; END $$;
RESET ROLE;
DROP POLICY reader ON c;
DROP POLICY other ON c;
ALTER TABLE c DISABLE ROW LEVEL SECURITY;
EXECUTE t;

-- Errors half way leave all as it was.
CREATE TABLE number (id int PRIMARY KEY, p_id int DEFAULT 1 REFERENCES p, n int);
INSERT INTO number SELECT i, 1, i - 3 FROM generate_series(1, 5) i;
-- right: error, twice; then fine; in a subtransaction, too
SELECT relnav.tree('p', 1, 'a, c(x), number(id where 10 / n > 1)');
SELECT relnav.tree('p', 1, 'a, c(x), number(id where 10 / n > 1)');
UPDATE number SET n = 1 WHERE n = 0;
SELECT relnav.tree('p', 1, 'number(id where 10 / n > 1 order by id)');
DO $$
DECLARE
    failed int := 0;
    result json;
BEGIN
    FOR i IN 1..300 LOOP
        BEGIN
            UPDATE number SET n = i % 2 WHERE id = 3;
            result := relnav.tree('p', 1, 'a, number(id where 10 / n > 1)');
        EXCEPTION WHEN division_by_zero THEN
            failed := failed + 1;
        END;
    END LOOP;
    RAISE WARNING '% failed', failed;
END $$;
-- a statement that is cancelled, in the midst of a level; the same call again works
CREATE FUNCTION slow(c) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(30); RETURN true; END $$;
CREATE POLICY slow ON c TO regress_relnav_tree_other USING (slow(c));
ALTER TABLE c ENABLE ROW LEVEL SECURITY;
SET ROLE regress_relnav_tree_other;
SET statement_timeout = '200ms';
DO $$ BEGIN PERFORM relnav.tree('p', 1, 'a, c(id)'); EXCEPTION WHEN query_canceled THEN RAISE WARNING 'cancelled'; END $$;
RESET statement_timeout;
RESET ROLE;
ALTER TABLE c DISABLE ROW LEVEL SECURITY;
SET ROLE regress_relnav_tree_other;
SELECT relnav.tree('p', 1, 'a, c(id order by id)');
RESET ROLE;
-- cancelled in the writing of a large result
SET statement_timeout = '50ms';
DO $$ BEGIN PERFORM relnav.tree_agg(p, 'a, x: c(id), y: c.p.c(id, p(a, c(id, p(a, c(id)))))') FROM p, generate_series(1, 10000000); EXCEPTION WHEN query_canceled THEN RAISE WARNING 'cancelled'; END $$;
RESET statement_timeout;
SELECT relnav.tree('p', 1, 'a, y: c.p(id)');

-- Plans are kept by shape: specs that differ in constants have one tree.
CREATE FUNCTION kept() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM pg_backend_memory_contexts WHERE name = 'relnav tree' $$;
CREATE FUNCTION kept_specs() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM pg_backend_memory_contexts WHERE name = 'relnav spec' $$;
SELECT kept() AS trees, kept_specs() AS specs \gset before_
DO $$ BEGIN FOR i IN 1..50 LOOP PERFORM relnav.tree('p', 1, format('c(id where id > %s and x <> %L order by id limit %s)', i, 'v' || i, i)); END LOOP; END $$;
-- right: 1
SELECT kept() - :before_trees AS more_trees;
-- ... and each gives its own rows.  right: [1], [2], [1 2]
SELECT relnav.tree('p', 1, 'c(id where id < 2 order by id limit 5)'), relnav.tree('p', 1, 'c(id where id < 9 order by id limit 1 offset 1)'), relnav.tree('p', 1, 'c(id where id < 3 order by id limit 5)');
-- No more than 256 of each, and no tree is wrong for it.  right: 0 wrong; t t
SELECT count(*) FILTER (WHERE t::text IS DISTINCT FROM format('{"k%s":1}', i)) AS wrong
  FROM generate_series(1, 700) i, LATERAL (SELECT relnav.tree('p', 1, format('k%s: id', i)) OFFSET 0) x (t);
SELECT kept() <= 256 AS trees, kept_specs() <= 256 AS specs;
SELECT relnav.tree('p', 1, 'k1: id'), relnav.tree('p', 1, 'k700: id');
-- In use while they are pushed out.  right: 600 t
SELECT count(*), bool_and(t::text = '{"a":"B","c":[{"x":"X"},{"x":"X2"}]}') AS same
  FROM (SELECT relnav.tree('p', 1, 'a, c(x order by id)') AS t, relnav.tree('p', 1, format('j%s: id', i)) AS u FROM generate_series(1, 600) i) x;
SELECT count(*), count(u) FROM (SELECT relnav.trees('p', (SELECT array_agg(1) FROM generate_series(1, 300)), 'a, c(x)') AS t, relnav.tree('p', 1, format('l%s: id', i)) AS u FROM generate_series(1, 3) i) x;
-- After a change the old ones go.  right: t
ALTER TABLE p ADD COLUMN e int;
SELECT relnav.tree('p', 1, 'a, c(x order by id)');
SELECT kept() <= 256 AS trees, kept_specs() <= 256 AS specs;
-- what failed is not kept.  right: 0 more
SELECT kept() AS trees, kept_specs() AS specs \gset before_
DO $$ BEGIN FOR i IN 1..20 LOOP BEGIN PERFORM relnav.tree('p', 1, format('a, c(x, bad%s)', i)); EXCEPTION WHEN undefined_column THEN NULL; END; END LOOP; END $$;
SELECT kept() - :before_trees AS more_trees, kept_specs() - :before_specs AS more_specs;
-- values that depend on settings are not kept, nor is anything left of them.  right: 0
CREATE TABLE dated (id int PRIMARY KEY, p_id int REFERENCES p, d date);
SELECT relnav.tree('p', 1, 'dated(id where d > ''2024-01-01'')');
SELECT kept_specs() AS specs \gset before_
DO $$ BEGIN FOR i IN 1..50 LOOP PERFORM relnav.tree('p', 1, format('dated(id where d > %L)', date '2024-01-01' + i)); END LOOP; END $$;
SELECT kept_specs() - :before_specs AS more_specs;
-- DISCARD does no harm.
DISCARD PLANS;
EXECUTE t;
DISCARD ALL;
SELECT relnav.tree('regress_relnav_tree_cache.p', 1, 'a, c(x order by id)');

-- A constant that stands for what has a name is looked up again, also where it
-- is cast to a number.  right: found, found
SET search_path = regress_relnav_tree_cache;
CREATE TABLE note (id int PRIMARY KEY, about oid);
CREATE TABLE note_owner (id int PRIMARY KEY, note_id int REFERENCES note);
CREATE TABLE subject ();
INSERT INTO note VALUES (1, 'subject'::regclass);
INSERT INTO note_owner VALUES (1, 1);
SELECT relnav.tree('note_owner', 1, $$note(id where about = 'regress_relnav_tree_cache.subject'::regclass)$$);
DROP TABLE subject;
CREATE TABLE subject ();
UPDATE note SET about = 'subject'::regclass;
SELECT relnav.tree('note_owner', 1, $$note(id where about = 'regress_relnav_tree_cache.subject'::regclass)$$);

SET client_min_messages = warning;
DROP SCHEMA regress_relnav_tree_cache CASCADE;
DROP ROLE regress_relnav_tree_reader, regress_relnav_tree_other;
