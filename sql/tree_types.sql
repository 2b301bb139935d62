-- A value in a tree is what to_json() makes of it, whatever its type.
LOAD 'relnav';
-- Compiling the queries of the comparisons would take most of the time.
SET jit = off;
SET client_min_messages = warning;
CREATE SCHEMA regress_relnav_tree_types;
SET search_path = regress_relnav_tree_types;
SET timezone = 'Europe/Moscow';
SET DateStyle = ISO;

-- What is compared: the row form writes the row that it was given, the level
-- form the rows of a query.  Both must be to_json()'s text, byte by byte.
CREATE TABLE root (id int PRIMARY KEY);
INSERT INTO root VALUES (1);

-- All values of a type in a table of their own; returns what differs.
CREATE FUNCTION check_type(type text, sample text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    bad text;
    n int;
BEGIN
    EXECUTE format('CREATE TABLE x (id serial PRIMARY KEY, root_id int DEFAULT 1 REFERENCES root, v %s)', type);
    EXECUTE format('INSERT INTO x (v) SELECT s::%s FROM unnest($1) s', type) USING sample;
    INSERT INTO x (v) VALUES (NULL);
    SELECT count(*), string_agg(format('%s: %s, %s', v, row_form, key_form), '; ' ORDER BY id)
             FILTER (WHERE row_form IS DISTINCT FROM wanted OR key_form IS DISTINCT FROM wanted)
      INTO n, bad
      FROM (SELECT id, v::text AS v, relnav.tree(x, 'v')::text AS row_form, relnav.tree('x', id, 'v')::text AS key_form,
                   json_build_object('v', v)::text AS built,
                   '{"v":' || COALESCE(to_json(v)::text, 'null') || '}' AS wanted
              FROM x) t;
    IF bad IS NULL THEN
        SELECT format('level form: %s', left(level_form, 300)) INTO bad
          FROM (SELECT relnav.tree('root', 1, 'x(v order by id)')::text AS level_form,
                       (SELECT '{"x":[' || string_agg('{"v":' || COALESCE(to_json(v)::text, 'null') || '}', ',' ORDER BY id) || ']}' FROM x) AS wanted) t
         WHERE level_form IS DISTINCT FROM wanted;
    END IF;
    IF bad IS NULL THEN
        SELECT format('to-one, agg: %s', left(agg, 300)) INTO bad
          FROM (SELECT relnav.tree_agg(x, 'v' ORDER BY id)::text AS agg,
                       '[' || string_agg('{"v":' || COALESCE(to_json(v)::text, 'null') || '}', ',' ORDER BY id) || ']' AS wanted FROM x) t
         WHERE agg IS DISTINCT FROM wanted;
    END IF;
    DROP TABLE x;
    RETURN COALESCE(bad, CASE WHEN n = cardinality(sample) + 1 THEN 'ok' ELSE 'lost ' || n END);
END $$;

CREATE TABLE sample (type text PRIMARY KEY, texts text[]);
INSERT INTO sample VALUES
    ('bool', '{t,f}'),
    ('int2', '{0,-1,32767,-32768}'),
    ('int4', '{0,-1,2147483647,-2147483648}'),
    ('int8', '{0,-1,9223372036854775807,-9223372036854775808,9007199254740993}'),
    ('oid', '{0,1,4294967295}'),
    ('float4', '{0,-0,1,1.5,0.1,1e-7,1e20,3.4028235e38,1.17549435e-38,NaN,Infinity,-Infinity}'),
    ('float8', '{0,-0,1,0.1,1e-7,1e15,1e16,1e100,1.7976931348623157e308,4.9e-324,NaN,Infinity,-Infinity}'),
    ('numeric', '{0,-0,0.00,1.10,-1.10,1e30,1e-30,123456789012345678901234567890.123456789,NaN,Infinity,-Infinity}'),
    ('numeric(10,2)', '{0,1.005,-1}'),
    ('money', '{0,1.5,-1234567.89}'),
    ('text', ARRAY['', 'a', ' ', '"', '\', '/', E'\n\t\r\b\f', E'\x01\x1f', E'\x7f', 'é', '€', '😀', U&'\2028\2029\FEFF', '</script>', '{"a":1}', 'null', '1', repeat('x', 3000), repeat('"', 3000)]),
    ('varchar', '{"",a,"\""}'),
    ('varchar(3)', '{"",a,abc}'),
    ('char', '{a," "}'),
    ('char(4)', '{"",a,abcd,"\""}'),
    ('"char"', ARRAY['a', '"', '\', ' ', '', '\300']),
    ('name', ARRAY['', 'a', 'é"\', repeat('n', 63)]),
    ('bytea', ARRAY['', '\x00', '\x61625c22ff', 'ab']),
    ('date', '{2024-02-29,0001-01-01,"0001-01-01 BC","4713-01-01 BC",5874897-12-31,infinity,-infinity,99999-01-01}'),
    ('time', '{00:00,23:59:59.999999,24:00}'),
    ('time(0)', '{12:34:56.7}'),
    ('timetz', '{00:00+00,"12:00:00.5-15:59",23:59+05:30}'),
    ('timestamp', '{"2024-02-29 12:34:56.789","2024-01-01 00:00:00","0044-03-15 12:00 BC",infinity,-infinity,"294276-12-31 23:59:59.999999","4714-11-24 BC"}'),
    ('timestamp(1)', '{"2024-02-29 12:34:56.789"}'),
    ('timestamptz', '{"2024-02-29 12:34:56.789+00","1900-01-01 00:00+00","0044-03-15 12:00+00 BC",infinity,-infinity,"294276-12-31 00:00+00","4713-01-01 00:00+00 BC"}'),
    ('interval', '{0,"1 year 2 mons -3 days","-1:02:03.5","1 day -00:00:01","100 years"}'),
    ('uuid', '{00000000-0000-0000-0000-000000000000,ffffffff-ffff-ffff-ffff-ffffffffffff}'),
    ('json', ARRAY['null', '1', '  { "a" :  [1, 2 ] ,"a":2 } ', E'"a\\u0001é"', E'[\n1\n]', '""', 'true']),
    ('jsonb', ARRAY['null', '1', '  { "a" :  [1, 2 ] ,"a":2 } ', E'"a\\u0001é"', '1.10', '1e3', '""', 'true']),
    ('jsonpath', ARRAY['$', '$."a\"b"', 'strict $[*] ? (@ > 1)']),
    ('inet', '{127.0.0.1,::1,10.0.0.0/8}'),
    ('cidr', '{10.0.0.0/8,::/0}'),
    ('macaddr', '{08:00:2b:01:02:03}'),
    ('macaddr8', '{08:00:2b:01:02:03:04:05}'),
    ('bit', '{0,1}'),
    ('bit(3)', '{101}'),
    ('varbit', '{"",101}'),
    ('point', '{"(1,2)","(NaN,Infinity)","(-0,1e300)"}'),
    ('line', '{"{1,2,3}"}'),
    ('lseg', '{"[(0,0),(1,1)]"}'),
    ('box', '{"(1,1),(0,0)"}'),
    ('path', '{"((0,0),(1,1))","[(0,0)]"}'),
    ('polygon', '{"((0,0),(1,1),(1,0))"}'),
    ('circle', '{"<(0,0),1>"}'),
    ('tsvector', ARRAY['', 'a:1 b:2A', '''it''''s "q"''']),
    ('tsquery', ARRAY['', 'a & !b', '''q"''']),
    ('regclass', '{pg_class,pg_catalog.pg_type}'),
    ('regtype', '{int4,text}'),
    ('regproc', '{now}'),
    ('regprocedure', '{"pg_catalog.abs(int4)"}'),
    ('regoper', '{||/}'),
    ('regoperator', '{"+(int4,int4)"}'),
    ('regnamespace', '{pg_catalog}'),
    ('regrole', '{pg_monitor}'),
    ('regcollation', '{"\"C\""}'),
    ('regconfig', '{english}'),
    ('regdictionary', '{simple}'),
    ('pg_lsn', '{0/0,FFFFFFFF/FFFFFFFF}'),
    ('pg_snapshot', '{10:20:10\,14\,15}'),
    ('txid_snapshot', '{10:20:10\,14\,15}'),
    ('tid', '{"(1,2)"}'),
    ('xid', '{1,4294967295}'),
    ('xid8', '{1,18446744073709551615}'),
    ('cid', '{1}'),
    ('refcursor', '{a,"b\"c"}'),
    ('aclitem', '{=r/pg_monitor}'),
    ('int2vector', '{"",1 2}'),
    ('oidvector', '{"",1 2}');
-- right: none that is not ok
SELECT type, result FROM (SELECT type, check_type(type, texts) AS result FROM sample) s WHERE result <> 'ok' ORDER BY type COLLATE "C";

-- Are these all types that can be stored and read?
-- right: none
SELECT t.typname
  FROM pg_type t
 WHERE t.typnamespace = 'pg_catalog'::regnamespace AND t.typtype = 'b' AND t.typelem = 0 AND t.typcategory <> 'A'
   AND t.oid NOT IN (SELECT regexp_replace(type, '\(.*', '')::regtype FROM sample WHERE type <> '"char"')
   AND t.typname NOT IN ('char', 'bpchar', 'xml', 'unknown',
       -- for the catalogs alone, without input
       'pg_node_tree', 'pg_ndistinct', 'pg_dependencies', 'pg_mcv_list', 'pg_brin_bloom_summary', 'pg_brin_minmax_multi_summary', 'gtsvector',
       -- not in all versions
       'oid8', 'regdatabase')
 ORDER BY 1;

-- Arrays of each, also of two dimensions, other bounds, with nulls, empty.
CREATE FUNCTION check_array(type text, texts text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    arrays text[];
BEGIN
    EXECUTE format($f$SELECT ARRAY['{}', '{NULL}', (s || NULL::%1$s)::text, ARRAY[s, s]::text, ('[2:3]=' || (s[1:1] || s[1:1])::text)] FROM (SELECT array_agg(x::%1$s) FROM unnest($1) x) a (s)$f$, type)
      INTO arrays USING texts;
    RETURN check_type(type || '[]', arrays);
END $$;
-- right: none
SELECT type, result FROM (SELECT type, check_array(type, texts) AS result FROM sample WHERE type NOT IN ('int2vector', 'oidvector')) s
 WHERE result <> 'ok' ORDER BY type COLLATE "C";

-- Domains over each, and domains over these; domains over arrays.
CREATE FUNCTION check_domain(type text, texts text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    EXECUTE format('CREATE DOMAIN d AS %s; CREATE DOMAIN dd AS d CHECK (VALUE IS NULL OR VALUE IS NOT NULL)', type);
    result := check_type('d', texts) || check_type('dd', texts) || check_array('dd', texts);
    DROP DOMAIN dd, d;
    RETURN result;
END $$;
-- right: none
SELECT type, result FROM (SELECT type, check_domain(type, texts) AS result FROM sample WHERE type NOT IN ('int2vector', 'oidvector')) s
 WHERE result <> 'okokok' ORDER BY type COLLATE "C";
CREATE DOMAIN ints AS int[];
CREATE DOMAIN some_ints AS ints CHECK (cardinality(VALUE) < 9);
-- right: ok ok
SELECT check_type('ints', '{"{1,2}","{}"}'), check_type('some_ints', '{"{{1,2},{3,4}}",NULL}');

-- Enums, composites, ranges, multiranges, and all of these in each other.
CREATE TYPE mood AS ENUM ('sad', 'ok', 'very "happy"', 'рад');
CREATE TYPE pair AS (a int, "B ""b" text, gone int, c numeric[]);
ALTER TYPE pair DROP ATTRIBUTE gone;
CREATE TYPE nested AS (p pair, m mood, j json, jb jsonb, ts timestamptz, f float8, ps pair[], r int4range, b bool);
CREATE DOMAIN good_pair AS pair CHECK ((VALUE).a IS NULL OR (VALUE).a < 100);
CREATE TYPE mood_range AS RANGE (subtype = mood);
-- right: ok for all
SELECT t.type, check_type(t.type, t.texts) FROM (VALUES
    ('mood', ARRAY['sad', 'very "happy"', 'рад']),
    ('mood[]', ARRAY['{sad,NULL,"very \"happy\""}']),
    ('pair', ARRAY['(1,"x""y","{1,NaN}")', '(,,)']),
    ('pair[]', ARRAY['{"(1,x,{})",NULL,"(,,)"}', '{}']),
    ('good_pair', ARRAY['(1,x,)']),
    ('good_pair[]', ARRAY['{"(1,x,)"}']),
    ('nested', ARRAY[ROW(ROW(1, 'q"', '{1}')::pair, 'sad', ' {"a" : 1} ', ' {"a" : 1} ', 'infinity', 'NaN', ARRAY[ROW(NULL, '', NULL)::pair], '[1,3]', true)::nested::text]),
    ('nested[]', ARRAY[ARRAY[ROW(NULL, 'ok', '1', NULL, '2024-01-01', '-0', '{}', 'empty', false)::nested]::text]),
    ('int4range', ARRAY['[1,5)', 'empty', '(,)']),
    ('numrange', ARRAY['[1.10,5]', 'empty', '(,1)']),
    ('tstzrange', ARRAY['[2024-01-01,infinity]', '(,2024-01-01)']),
    ('tsrange', ARRAY['["2024-01-01 12:00",)']),
    ('daterange', ARRAY['[2024-01-01,2024-02-01)', 'empty']),
    ('int8range', ARRAY['[1,9223372036854775807)']),
    ('int4multirange', ARRAY['{}', '{[1,2),[5,7)}']),
    ('tstzmultirange', ARRAY['{[2024-01-01,2024-01-02)}']),
    ('mood_range', ARRAY['[sad,ok]', '["very \"happy\"",]']),
    ('mood_multirange', ARRAY['{[sad,ok]}']),
    ('int4range[]', ARRAY['{"[1,2)",NULL}'])) t (type, texts) ORDER BY t.type COLLATE "C";
-- The row type of a table, also with dropped columns.
CREATE TABLE part (gone int, id int, name text, at timestamptz);
ALTER TABLE part DROP COLUMN gone;
-- right: ok ok
SELECT check_type('part', ARRAY['(1,"a""b","2024-01-01 00:00+00")']), check_type('part[]', ARRAY['{"(1,x,)"}']);
-- xml, where the server has it.  right: ok
CREATE FUNCTION check_xml() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN check_type('xml', ARRAY['<a b="c">d&lt;</a>', 'text', '']);
EXCEPTION WHEN feature_not_supported THEN
    RETURN 'ok';
END $$;
SELECT check_xml();

RESET DateStyle;

-- Settings that change how values are written count in each call.
CREATE TABLE settings (id int PRIMARY KEY, root_id int REFERENCES root, b bytea, f8 float8, f4 float4, i interval, d date, ts timestamp, tz timestamptz, m money, x float8[], y interval[]);
INSERT INTO settings VALUES (1, 1, '\x005c22ff41', 0.1 + 0.2::float8, 1.1, '1 year 2 days -3:04:05.5', '2024-03-04', '2024-03-04 05:06:07', '2024-03-04 05:06:07+00', 12.5, '{0.30000000000000004}', '{1 day}');
CREATE FUNCTION same() RETURNS boolean LANGUAGE sql AS $$
    SELECT relnav.tree(s, '*')::text = to_json(s)::text AND relnav.tree('settings', 1, '*')::text = to_json(s)::text
       AND relnav.tree('root', 1, 'settings(*)')::text = format('{"settings":[%s]}', to_json(s)) FROM settings s $$;
-- right: t for all, and values that differ
SELECT same(), relnav.tree('settings', 1, 'b, f8, f4, i, y') ;
SET bytea_output = escape;
SELECT same(), relnav.tree('settings', 1, 'b');
SET extra_float_digits = 0;
SELECT same(), relnav.tree('settings', 1, 'f8, x');
SET extra_float_digits = -3;
SELECT same(), relnav.tree('settings', 1, 'f8, f4');
SET IntervalStyle = iso_8601;
SELECT same(), relnav.tree('settings', 1, 'i, y');
SET IntervalStyle = sql_standard;
SELECT same(), relnav.tree('settings', 1, 'i');
SET IntervalStyle = postgres_verbose;
SELECT same(), relnav.tree('settings', 1, 'i');
-- json has one style of dates, whatever DateStyle is
SET DateStyle = 'German, DMY';
SELECT same(), relnav.tree('settings', 1, 'd, ts, tz');
SET DateStyle = 'Postgres, MDY';
SELECT same(), relnav.tree('settings', 1, 'd, ts, tz');
SET timezone = 'America/St_Johns';
SELECT same(), relnav.tree('settings', 1, 'tz');
RESET timezone;
RESET DateStyle;
RESET IntervalStyle;
RESET extra_float_digits;
RESET bytea_output;
SET timezone = 'UTC';


-- The writer looks at eight bytes at a time: texts of each length with a
-- character that needs care, or only looks so, at each place.
-- right: none wrong of 15 * (41 + 40 * 41 / 2) = 12915
CREATE TABLE string (id serial PRIMARY KEY, root_id int DEFAULT 1 REFERENCES root, s text);
INSERT INTO string (s)
    SELECT CASE WHEN place = 0 THEN repeat('a', length) ELSE repeat('a', place - 1) || c || repeat('z', length - place) END
      FROM generate_series(0, 40) AS length, generate_series(0, length) AS place,
           unnest(ARRAY['"', '\', E'\x01', E'\x1f', E'\n', E'\x7f', ' ', '!', '#', '[', ']', 'é', '€', '😀', U&'\00a2']) AS c;
SELECT count(*), count(*) FILTER (WHERE relnav.tree(x, 's')::text IS DISTINCT FROM '{"s":' || to_json(x.s)::text || '}') AS wrong FROM string x;
-- ... in the level form, all in one arena
SELECT relnav.tree('root', 1, 'string(s order by id)')::text =
       (SELECT '{"string":[' || string_agg('{"s":' || to_json(s)::text || '}', ',' ORDER BY id) || ']}' FROM string) AS same;
-- Every character up to U+02FF, alone and within others.  right: 0
SELECT count(*) AS wrong FROM
    (SELECT string AS x FROM (SELECT ROW(0, 1, chr(c))::string FROM generate_series(1, 767) c UNION ALL
                              SELECT ROW(0, 1, 'abcd' || chr(c) || 'efghijk')::string FROM generate_series(1, 767) c) s (string)) s
 WHERE relnav.tree(x, 's')::text IS DISTINCT FROM '{"s":' || to_json((x).s)::text || '}';
-- Two such characters in one word.  right: 0
SELECT count(*) AS wrong FROM
    (SELECT ROW(0, 1, repeat('x', i) || a || repeat('y', j) || b)::string AS x
       FROM generate_series(0, 9) i, generate_series(0, 9) j, unnest(ARRAY['"', '\', E'\x02', E'\x7f', 'é']) a, unnest(ARRAY['"', '\', E'\x02', '!', 'é']) b) s
 WHERE relnav.tree(x, 's')::text IS DISTINCT FROM '{"s":' || to_json((x).s)::text || '}';
-- Long texts: beyond the arena's chunks, compressed, and out of line.
CREATE TABLE long (id serial PRIMARY KEY, root_id int DEFAULT 1 REFERENCES root, s text, j json, jb jsonb, b bytea);
ALTER TABLE long ALTER s SET STORAGE EXTERNAL;
INSERT INTO long (s, j, jb, b)
    SELECT t, to_json(t), to_jsonb(ARRAY[t]), convert_to(t, 'UTF8')
      FROM (SELECT repeat('é"abc' || n, n) FROM unnest(ARRAY[1, 10, 100, 1000, 4095, 4096, 4097, 20000, 200000, 400000]) n) x (t);
-- right: 10 0, t
SELECT count(*), count(*) FILTER (WHERE relnav.tree(l, '*')::text <> to_json(l)::text OR relnav.tree('long', id, '*')::text <> to_json(l)::text) AS wrong FROM long l;
SELECT relnav.tree('root', 1, 'long(* order by id)')::text =
       (SELECT '{"long":[' || string_agg(to_json(l)::text, ',' ORDER BY id) || ']}' FROM long l) AS same;


-- Casts to json: those of users' types count, as in to_json().
CREATE TYPE temperature AS (degrees int);
CREATE TYPE colour AS ENUM ('red', 'green');
CREATE FUNCTION to_js(temperature) RETURNS json LANGUAGE sql IMMUTABLE AS $$ SELECT json_build_object('t', ($1).degrees) $$;
CREATE FUNCTION to_js(colour) RETURNS json LANGUAGE sql IMMUTABLE AS $$ SELECT ('  [ "' || $1::text || '" ]')::json $$;
CREATE CAST (temperature AS json) WITH FUNCTION to_js(temperature);
CREATE CAST (colour AS json) WITH FUNCTION to_js(colour) AS ASSIGNMENT;
CREATE DOMAIN warm AS temperature;
CREATE DOMAIN bright AS colour;
-- right: ok ok ok ok; to_json() does not ask for a cast of a row type
SELECT check_type('temperature', '{(1),()}'), check_type('colour', '{red}'), check_type('bright', '{green}'), check_type('bright[]', '{"{green,NULL}"}');
SELECT check_type('warm', '{(1)}');
CREATE TABLE wall (id int PRIMARY KEY, root_id int REFERENCES root, c colour);
INSERT INTO wall VALUES (1, 1, 'red');
-- right: ["red"] with the blanks that its function has
SELECT relnav.tree(w, 'c'), relnav.tree('root', 1, 'wall(c)') FROM wall w;
-- a cast that fails, fails as in to_json().  right: error
CREATE FUNCTION bad_js(mood) RETURNS json LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no json for %', $1; END $$;
CREATE CAST (mood AS json) WITH FUNCTION bad_js(mood);
CREATE TABLE moods (id int PRIMARY KEY, m mood, root_id int REFERENCES root);
INSERT INTO moods VALUES (1, 'sad', 1);
SELECT relnav.tree('root', 1, 'moods(m)');
-- one that returns null: to_json() raises an error as well
CREATE OR REPLACE FUNCTION bad_js(mood) RETURNS json LANGUAGE sql AS $$ SELECT NULL::json $$;
-- right: t
DO $$
DECLARE
    theirs text;
BEGIN
    BEGIN
        PERFORM to_json(m) FROM moods;
    EXCEPTION WHEN others THEN
        theirs := sqlerrm;
    END;
    PERFORM relnav.tree('root', 1, 'moods(m)');
EXCEPTION WHEN others THEN
    RAISE WARNING 'the same error: %', sqlerrm = theirs;
END $$;
-- and after errors all is as before.  right: 1
SELECT relnav.tree('root', 1, 'moods(id)');
-- Types of other schemas that are called like built-in ones.
CREATE TYPE "int4" AS ENUM ('one');
CREATE TYPE "json" AS ENUM ('{}');
CREATE TYPE "text" AS (a int);
-- right: ok ok ok: strings and an object
SELECT check_type('regress_relnav_tree_types."int4"', '{one}'), check_type('regress_relnav_tree_types."json"', '{"{}"}'),
       check_type('regress_relnav_tree_types."text"', '{(1)}');
DROP TYPE regress_relnav_tree_types."int4", regress_relnav_tree_types."json", regress_relnav_tree_types."text";

-- hstore has a cast to json.
SELECT count(*) > 0 AS has_hstore FROM pg_available_extensions WHERE name = 'hstore' \gset
\if :has_hstore
CREATE EXTENSION IF NOT EXISTS hstore;
SELECT check_type('hstore', ARRAY['', 'a=>1,"b\"c"=>NULL', '"k\"y"=>"v\\w"']), check_type('hstore[]', ARRAY['{"a=>1",NULL}']);
DROP EXTENSION hstore;
\else
SELECT 'ok' AS check_type, 'ok' AS check_type;
\endif

DROP SCHEMA regress_relnav_tree_types CASCADE;
