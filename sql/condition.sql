-- A condition in a spec means what it would mean in a WHERE clause under a
-- search_path of pg_catalog, and nothing in it can make it anything else.
SET client_min_messages = warning;
CREATE SCHEMA regress_relnav_condition;
CREATE SCHEMA regress_relnav_types;
CREATE SCHEMA regress_relnav_evil;
SET search_path = regress_relnav_condition;
\set SHOW_CONTEXT never

CREATE TYPE regress_relnav_types.mood AS ENUM ('sad', 'ok', 'happy');
CREATE TYPE regress_relnav_types.pair AS (a int, b text);
CREATE DOMAIN regress_relnav_types.address AS text CHECK (VALUE <> 'bad');
-- an operator where the type is, and not in pg_catalog
CREATE FUNCTION regress_relnav_types.happier(regress_relnav_types.mood, regress_relnav_types.mood) RETURNS boolean
    LANGUAGE sql IMMUTABLE AS 'SELECT $1 OPERATOR(pg_catalog.>) $2';
CREATE OPERATOR regress_relnav_types.>>> (FUNCTION = regress_relnav_types.happier,
    LEFTARG = regress_relnav_types.mood, RIGHTARG = regress_relnav_types.mood);

CREATE TABLE box (id int PRIMARY KEY);
CREATE TABLE thing (id int PRIMARY KEY, box_id int REFERENCES box, gone text, size numeric(8,2), status text, code varchar(5), fixed char(4),
                    c text COLLATE "C", active boolean, day date, at timestamptz, tags text[], nums int[], doc jsonb,
                    mood regress_relnav_types.mood, pair regress_relnav_types.pair, mail regress_relnav_types.address,
                    big bigint, f float8, bits bit(3), span int4range, "Odd ""x" int, "order" int);
ALTER TABLE thing DROP gone;
INSERT INTO box VALUES (1);
INSERT INTO thing SELECT i, 1, nullif(i % 7, 0) * 1.5, (ARRAY['new', 'paid', 'x', 'A', NULL, 'a b', E'o''k'])[i % 7 + 1],
    (ARRAY['ab', 'abc', 'x', NULL, 'A'])[i % 5 + 1], (ARRAY['ab', 'x', NULL, 'A'])[i % 4 + 1], (ARRAY['x', 'X', 'y', NULL])[i % 4 + 1],
    (ARRAY[true, false, NULL])[i % 3 + 1], current_date - i, now() - i * interval '10 hours',
    (ARRAY['{a}', '{a,b}', '{}', NULL, '{x,NULL}'])[i % 5 + 1]::text[], (ARRAY['{1}', '{1,2}', '{}', NULL, '{5,NULL}'])[i % 5 + 1]::int[],
    (ARRAY['{"a":"b"}', '{"a":1}', '[1]', NULL])[i % 4 + 1]::jsonb, (ARRAY['sad', 'ok', 'happy', NULL])[i % 4 + 1]::regress_relnav_types.mood,
    ROW(i % 3, 'x')::regress_relnav_types.pair, (ARRAY['x', 'y', NULL])[i % 3 + 1], nullif(i % 6, 0), nullif(i % 6, 0) / 2.0,
    (i % 8)::bit(3), (ARRAY['[1,5)', 'empty', NULL, '(,3)'])[i % 4 + 1]::int4range, nullif(i % 4, 0), nullif(i % 5, 0)
  FROM generate_series(1, 40) i;

-- The ids of the things that a condition leaves.
CREATE FUNCTION ids(condition text) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(thing ->> 'id', ' ')
      FROM json_array_elements(relnav.tree('regress_relnav_condition.box'::regclass, 1,
                                           'thing(id where ' || condition || ' order by id)') -> 'thing') thing
$$;
-- The same by hand.
CREATE FUNCTION ids_by_hand(condition text) RETURNS text LANGUAGE plpgsql
SET search_path = pg_catalog, regress_relnav_types, pg_temp AS $$
DECLARE
    result text;
BEGIN
    EXECUTE 'SELECT string_agg(id::text, '' '' ORDER BY id) FROM regress_relnav_condition.thing WHERE ' || condition INTO result;
    RETURN result;
END
$$;
-- What is told about a condition that is refused.
CREATE FUNCTION refusal(condition text, OUT state text, OUT error text) LANGUAGE plpgsql AS $$
DECLARE
    detail text;
BEGIN
    error := ids(condition);
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, error = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
    error := error || E'\n' || detail;
END
$$;


-- What is allowed gives the rows that it gives by hand.
CREATE TABLE allowed (n serial, condition text);
INSERT INTO allowed (condition) VALUES
  -- columns, constants, operators
  ('id = 5'), ('id = -5'), ('- id = -5'), ('@ (id - 10) < 3'), ('id % 2 = 1'), ('thing.id = 5'), ('regress_relnav_condition.thing.id = 5'),
  ('id = 5.0'), ('id = ''5'''), ('5 = id'), ('id + 1 = 5'), ('big = 3'), ('f > 1'), ('f > 1.4'), ('size >= 3'), ('size > ''NaN'''),
  ('"Odd ""x" = 1'), ('"order" = 1'), ('thing.order = 1'), ('status = ''new'''), ('status <> code'), ('status || code = ''newab'''),
  ('status LIKE ''%a%'''), ('status ILIKE ''a%'''), ('status NOT LIKE ''p%'''), ('status ~ ''^[a-n]'''), ('status = NULL'), ('true'), ('null'), ('''yes'''),
  ('1 = 1'), ('''a'' = ''a'''), ('''x'' IS NULL'), ('fixed = ''ab'''), ('fixed = ''ab  ''::text'), ('fixed = code'), ('bits = B''101'''), ('bits = 5::bit(3)'),
  ('active'), ('NOT active'), ('active = true'), ('active IS TRUE'), ('active IS NOT FALSE'), ('active IS UNKNOWN'), ('(id = 5) = active'),
  ('id = 1 OR id = 2 AND NOT id = 3 OR (id = 4 AND active)'), ('id BETWEEN 3 AND 5'), ('id NOT BETWEEN SYMMETRIC 30 AND 5'),
  ('size IS NULL'), ('size NOTNULL'),
  -- lists and arrays
  ('id IN (1, 2, 3)'), ('id NOT IN (1, 2.0, ''3'')'), ('id IN (1)'), ('id IN (1, NULL)'), ('id NOT IN (1, NULL)'), ('id IN (1, "order", 3)'),
  ('status IN (''new'', ''paid'')'), ('id = ANY (ARRAY[1, 2])'), ('id = ANY (''{1,2}'')'), ('id <> ALL (nums)'), ('id = ANY (ARRAY[1, "order"])'),
  ('2 = ANY (nums)'), ('f < ANY (ARRAY["order", big])'), ('tags @> ARRAY[''a'']'), ('tags && ''{b,x}'''), ('tags = ARRAY[]::text[]'),
  ('nums || 7 = ARRAY[1, 7]'), ('nums = ARRAY["order", 2]'), ('nums::text[] = ''{1}'''), ('tags::varchar(1)[] = ''{a}'''),
  ('doc ->> ''a'' = ''b'''), ('doc @> ''{"a": 1}'''), ('doc ? ''a'''), ('doc #>> ''{a}'' = ''b'''), ('span @> 2'), ('span && ''[2,3)'''),
  -- rows of columns are conditions on each
  ('(id, "order") = (6, 1)'), ('(id, "order") <> (6, 1)'), ('(id, "order") IN ((6, 1), (7, 2))'), ('(id, "order") IS DISTINCT FROM (6, 1)'),
  -- IS DISTINCT FROM, with nulls on either side and on both
  ('size IS DISTINCT FROM 3'), ('size IS NOT DISTINCT FROM 3'), ('size IS DISTINCT FROM NULL'), ('size IS NOT DISTINCT FROM NULL::numeric'),
  ('status IS DISTINCT FROM code'), ('status IS NOT DISTINCT FROM code'), ('c IS DISTINCT FROM fixed'), ('pair IS DISTINCT FROM pair'),
  -- time
  ('day > CURRENT_DATE - 7'), ('at > now() - interval ''2 days'''), ('at > CURRENT_TIMESTAMP(0) - ''2 days''::interval'), ('at > LOCALTIMESTAMP - interval ''1'' day'),
  ('at::time > LOCALTIME(3)'), ('day = ''yesterday'''), ('day > DATE ''2000-01-01'''), ('at > day'), ('at < ''infinity'''),
  -- casts
  ('id::text = ''5'''), ('CAST(id AS text) = ''5'''), ('id::numeric(3,1) = 5'), ('status::varchar(2) = ''ne'''), ('status::char = ''n'''), ('status::"char" = ''n'''),
  ('''5''::text::int = id'), ('(current_date - id)::text::date = day'), ('code::name = ''abc'''), ('id::bit(3) = bits'), ('text(id) = ''5'''), ('size::int::bool'),
  -- collations
  ('c < ''a'''), ('status < ''a'' COLLATE "C"'), ('status COLLATE "C" < code'), ('c < status COLLATE "POSIX"'), ('c IN (''x'' COLLATE "POSIX", ''y'')'),
  ('c = ''x''::name::text'), ('''B''::name::text < c'),
  -- types of other schemas, with their operators; domains as what they are
  ('mood = ''ok'''), ('mood > ''sad'''), ('mood >>> ''sad'''), ('mood IN (''ok'', ''happy'')'), ('mood::text = ''ok'''), ('''ok''::regress_relnav_types.mood = mood'),
  ('''ok''::mood = mood'), ('mood OPERATOR(regress_relnav_types.>>>) ''sad'''), ('pair = pair'), ('pair > ''(1,a)''::regress_relnav_types.pair'),
  ('mail = ''x'''), ('mail IN (''x'', ''bad'')'), ('mail::text || ''y'' = ''xy'''), ('id OPERATOR(pg_catalog.=) 5'),
  -- all that a string can be
  ('status = ''o''''k'''), ('status = E''o\''k'''), ('status = $$o''k$$'), ('status = $x$o''k$x$'), ('status = U&''o\0027k'''), ('status = U&''o!0027k'' UESCAPE ''!'''),
  ('status = ''a'' /* ) */ OR /* '' */ status = ''x'''), (E'status = ''a''\n '' b'''), ('U&"st\0061tus" = ''new'''), ('status = N''new'''), ('STATUS = ''new'''),
  ('status = ''new) or true --'''), ('status = ''$1'''), ('status = ''%s'''), ('status = ''new'' AND ''limit 5'' <> $$ order by $$');
-- right: no rows
SELECT condition, ids(condition), ids_by_hand(condition) FROM allowed
 WHERE ids(condition) IS DISTINCT FROM ids_by_hand(condition) ORDER BY n;
-- right: of nearly all conditions some things, but not all of them
SELECT count(*) > 140 AS enough, count(*) FILTER (WHERE ids(condition) <> ids('true')) > 110 AS selective FROM allowed;

-- Constants do not stay in a plan.  right: as by hand, each time
DO $$
DECLARE
    i int;
BEGIN
    FOR i IN 1 .. 20 LOOP
        ASSERT ids(format('id = %s OR status = %L', i, 'a b')) = ids_by_hand(format('id = %s OR status = %L', i, 'a b'));
        ASSERT ids(format('id IN (%s)', (SELECT string_agg(g::text, ', ') FROM generate_series(1, i + 1) g))) =
               (SELECT string_agg(g::text, ' ') FROM generate_series(1, i + 1) g);
    END LOOP;
END
$$;
-- Constants that are put in by format(): %L holds, whatever is in it.
-- right: no rows; 7 14 21 28 35
SELECT ids(format('status = %L', E'x'' or true) or (''1'' = ''1'));
SELECT ids(format('status = %L', E'\\'' or true --'));
SELECT ids(format('status = %L', E'o''k')) = ids_by_hand($$status = 'o''k'$$) AS found;


-- What is not allowed says what it is, and where.
CREATE TABLE refused (n serial, condition text, what text, fault int);
INSERT INTO refused (condition, what, fault) VALUES
  ('id IN (SELECT 1)', 'a sub-select', 0), ('EXISTS (SELECT)', 'a sub-select', 0), ('id = (SELECT 1)', 'a sub-select', 5),
  ('ARRAY(SELECT 1) = nums', 'a sub-select', 0), ('id = ANY (SELECT 1)', 'a sub-select', 0), ('id = ANY (SELECT id FROM no.such)', 'a sub-select', 0),
  ('lower(status) = ''x''', 'a function other than now()', 0), ('status = current_user', 'a function other than now()', 9),
  ('at > clock_timestamp()', 'a function other than now()', 5), ('random() > 0.5', 'a function other than now()', 0),
  ('pg_sleep(1) IS NULL', 'a function other than now()', 0), ('id = int4(5.0)', 'a function other than now()', 5),
  ('status LIKE ''a'' ESCAPE ''!''', 'a function other than now()', 7), ('status SIMILAR TO ''a''', 'a function other than now()', 7),
  ('at AT TIME ZONE ''UTC'' > day', 'a function other than now()', 3), ('extract(year FROM day) = 2000', 'a function other than now()', 0),
  ('coalesce(active, true)', 'COALESCE', 0), ('CASE WHEN active THEN true END', 'CASE', 0), ('nullif(active, true)', 'NULLIF', 0),
  ('greatest(id, 5) = 5', 'GREATEST or LEAST', 0), ('tags[1] = ''a''', 'a subscript', 0), ('(pair).a = 1', 'a field of a row', 1),
  ('pair = ROW(1, ''x'')', 'a row', 7), ('(id, "order") < (6, 1)', 'a comparison of rows by their order', 1), ('pair IS NULL', 'IS NULL for a row', 0),
  ('(id, "order") IS NULL', 'IS NULL for a row', 0), ('thing IS NOT NULL', 'IS NULL for a row', 0), ('thing = thing', 'a whole row', 0), ('thing.* = thing', '"*"', 0), ('*', '"*"', 0),
  ('ctid = ''(0,1)''', 'a system column', 0), ('tableoid = 1', 'a system column', 0),
  ('mail = ''x''::regress_relnav_types.address', 'a cast to a domain', 7), ('status::regress_relnav_types.address = ''x''', 'a cast to a domain', 0),
  ('tags::regress_relnav_types.address[] IS NULL', 'a cast to a domain', 4),
  ('(f IS DISTINCT FROM 1) IS DISTINCT FROM active', 'IS DISTINCT FROM within an operand of another', 23);
-- right: no rows
SELECT condition, r.* FROM refused, refusal(condition) r
 WHERE (state, error) IS DISTINCT FROM
       ('0A000', format(E'a condition in a tree spec cannot contain %s\nIn the spec:\nthing(id where %s order by id)\n%s^', what, condition, repeat(' ', 15 + fault)))
 ORDER BY n;
SELECT ids('lower(status) = ''x''');

-- What is not one expression cannot get out of its place.
-- right: an error for each; nothing is dropped
CREATE TABLE escapes (n serial, condition text);
INSERT INTO escapes (condition) VALUES
  ('id = 1, id'), ('id = 1 AS x'), ('id = 1 x'), ('DISTINCT id = 1'), ('id = 1 FROM box'), ('FROM box'), ('id = 1 WHERE true'), ('id = 1 GROUP BY id'),
  ('id = 1 HAVING true'), ('id = 1 WINDOW w AS ()'), ('id = 1 FOR UPDATE'), ('id = 1 FETCH FIRST ROW ONLY'),
  ('id = 1 UNION SELECT true'), ('SELECT true'), ('id = 1; DROP TABLE regress_relnav_condition.thing'), ('id = 1 INTO x'), ('id = 1 and'), ('WITH x AS (SELECT 1) id = 1'),
  ('id = 1) or (true'), ('id = 1) or true --'), ('id = 1)), x: thing((id'), ('id = $1'), ('id = :x'), ('id := 1'), ('VALUES (true)'), ('TABLE box'), ('id = DEFAULT'),
  ('id = 1 -- and false'), ('(id = 1'), ('id = 1)'), ('id = ''1'), ('id = $$1'), ('id = /* 1'), ('id');
SELECT r.state, r.error FROM escapes, refusal(condition) r ORDER BY n
\g (format=unaligned tuples_only=on)
SELECT count(*) FROM thing;

-- The server's own errors show the place in the spec, and only there.
SELECT relnav.tree('box', 1, 'thing(id where sise > 5)');
SELECT relnav.tree('box', 1, 'thing(id where gone is null)');
SELECT relnav.tree('box', 1, 'thing(id where id = ''five'')');
SELECT relnav.tree('box', 1, 'thing(id where size)');
SELECT relnav.tree('box', 1, 'thing(id where box.id = 1)');
SELECT relnav.tree('box', 1, 'thing(id where count(*) > 1)');
SELECT relnav.tree('box', 1, 'thing(id where status = ''x''::nosuch)');
SELECT relnav.tree('box', 1, E'id,\nthing(id,\n  size\nwhere size > 5 and\n  sise < 7\n)');
SELECT relnav.tree('box', 1, 'n: count(thing where sise > 5)');
DO $$
BEGIN
    PERFORM relnav.tree('regress_relnav_condition.box'::regclass, 1, 'thing(id where sise > 5)');
END
$$;


-- Nothing that stands before pg_catalog in the search_path changes what a
-- condition means: neither when it is read nor when its plan is used again.
CREATE FUNCTION regress_relnav_evil.always(int, int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE FUNCTION regress_relnav_evil.always(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE FUNCTION regress_relnav_evil.always(regress_relnav_types.mood, regress_relnav_types.mood) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE FUNCTION regress_relnav_evil.now() RETURNS timestamptz LANGUAGE sql STABLE AS $$SELECT '1900-01-01'::timestamptz$$;
DO $$
DECLARE
    operator text;
    type text;
BEGIN
    FOREACH operator IN ARRAY '{=,<>,<,>,~~,>>>}'::text[] LOOP
        FOREACH type IN ARRAY '{int,text,regress_relnav_types.mood}'::text[] LOOP
            EXECUTE format('CREATE OPERATOR regress_relnav_evil.%s (FUNCTION = regress_relnav_evil.always, LEFTARG = %s, RIGHTARG = %s)', operator, type, type);
        END LOOP;
    END LOOP;
END
$$;
CREATE DOMAIN regress_relnav_evil.text AS pg_catalog.text CHECK (false);
CREATE DOMAIN regress_relnav_evil.date AS pg_catalog.date CHECK (false);
CREATE COLLATION regress_relnav_evil."C" FROM "POSIX";
CREATE DOMAIN pg_temp.text AS pg_catalog.text CHECK (false);
CREATE TYPE pg_temp.date AS (x int);

-- the attack works by hand
SET search_path = regress_relnav_evil, pg_catalog, regress_relnav_condition;
SELECT count(*) FROM thing WHERE id = 5 AND status IS NOT DISTINCT FROM 'none'::pg_catalog.text;
-- and not here.  right: f for each plan that is new, and for each that was kept
CREATE TEMP TABLE attacks (n serial, condition pg_catalog.text);
INSERT INTO attacks (condition) VALUES ('id = 5'), ('id IN (5, 6)'), ('id <> ALL (ARRAY[5, "order"])'), ('id IS DISTINCT FROM 5'), ('id IS DISTINCT FROM "order"'),
  ('status = ''new'''), ('status IS NOT DISTINCT FROM ''none'''), ('status IS DISTINCT FROM code'), ('status LIKE ''n%'''), ('status::text = ''new'''),
  ('(id, status) = (5, ''new'')'), ('id BETWEEN 5 AND 6'), ('mood = ''ok'''), ('mood >>> ''ok'''), ('mood IN (''ok'', ''sad'')'), ('at > now() - interval ''1 day'''),
  ('day > ''2000-01-01''::date'), ('day::date > CURRENT_DATE - 5'), ('c < ''x'' COLLATE "C"'), ('mail = ''x''');
SELECT n, regress_relnav_condition.ids(condition) IS DISTINCT FROM regress_relnav_condition.ids_by_hand(condition) AS attacked FROM attacks ORDER BY n;
SET search_path = regress_relnav_condition;
SELECT count(*) FILTER (WHERE ids(condition) IS DISTINCT FROM ids_by_hand(condition)) AS attacked FROM attacks;
SET search_path = regress_relnav_evil, pg_catalog, regress_relnav_condition;
SELECT pg_catalog.count(*) FILTER (WHERE regress_relnav_condition.ids(condition) IS DISTINCT FROM regress_relnav_condition.ids_by_hand(condition)) AS attacked FROM attacks;
-- also after they have been planned anew
ALTER TABLE thing ADD extra int;
SELECT pg_catalog.count(*) FILTER (WHERE regress_relnav_condition.ids(condition) IS DISTINCT FROM regress_relnav_condition.ids_by_hand(condition)) AS attacked FROM attacks;
-- The search_path is as it was, after success and after an error.
SHOW search_path;
SELECT regress_relnav_condition.ids('id = ''x''::int');
SHOW search_path;
DO $$
BEGIN
    PERFORM regress_relnav_condition.ids('nosuch = 1');
EXCEPTION WHEN undefined_column THEN
    ASSERT current_setting('search_path') = 'regress_relnav_evil, pg_catalog, regress_relnav_condition';
END
$$;
SET search_path = regress_relnav_condition;
DROP DOMAIN pg_temp.text;
DROP TYPE pg_temp.date;

-- Who names a schema means it: this operator is theirs, and not volatile.
-- right: 1 2
SELECT ids('id OPERATOR(regress_relnav_evil.=) 5 AND id < 3');
-- A cast into a type's schema lets operators there be found, but the schemas
-- of other columns do not count.  right: 42883; 42883; as by hand
SELECT state, split_part(error, E'\n', 1) AS error FROM refusal('''ok'' >>> mood::text');
SELECT state, split_part(error, E'\n', 1) AS error FROM refusal('id >>> 5');
SELECT ids('''happy'' >>> mood::text::regress_relnav_types.mood') = ids_by_hand('mood < ''happy''') AS found;

-- Volatile operators and casts are not taken, even where they are named.
-- right: 0A000 for each; t
CREATE FUNCTION regress_relnav_evil.shaky(int, int) RETURNS boolean LANGUAGE sql VOLATILE AS 'SELECT $1 OPERATOR(pg_catalog.=) $2';
CREATE OPERATOR regress_relnav_evil.=== (FUNCTION = regress_relnav_evil.shaky, LEFTARG = int, RIGHTARG = int);
CREATE FUNCTION regress_relnav_types.to_mood(int) RETURNS regress_relnav_types.mood LANGUAGE sql VOLATILE AS $$SELECT 'ok'::regress_relnav_types.mood$$;
CREATE CAST (int AS regress_relnav_types.mood) WITH FUNCTION regress_relnav_types.to_mood(int);
SELECT ids('id OPERATOR(regress_relnav_evil.===) 5');
SELECT ids('id OPERATOR(regress_relnav_evil.===) ANY (nums)');
SELECT ids('id::regress_relnav_types.mood = mood');
SELECT ids('5::regress_relnav_types.mood = mood');
-- A plan that is kept does not outlive the operator's being what it was.
-- right: rows, then an error
CREATE FUNCTION regress_relnav_evil.steady(int, int) RETURNS boolean LANGUAGE plpgsql STABLE AS $$BEGIN RETURN $1 OPERATOR(pg_catalog.=) $2; END$$;
CREATE OPERATOR regress_relnav_evil.==== (FUNCTION = regress_relnav_evil.steady, LEFTARG = int, RIGHTARG = int);
SELECT ids('id OPERATOR(regress_relnav_evil.====) 5');
ALTER FUNCTION regress_relnav_evil.steady VOLATILE;
SELECT ids('id OPERATOR(regress_relnav_evil.====) 5');
DROP OPERATOR regress_relnav_evil.==== (int, int);
SELECT state FROM refusal('id OPERATOR(regress_relnav_evil.====) 5');

-- An implicit cast of somebody's is written as what it was.
CREATE FUNCTION regress_relnav_types.half(regress_relnav_types.mood) RETURNS int LANGUAGE sql IMMUTABLE AS $$SELECT 20$$;
CREATE CAST (regress_relnav_types.mood AS int) WITH FUNCTION regress_relnav_types.half(regress_relnav_types.mood) AS IMPLICIT;
-- right: t
SELECT ids('id = mood') = ids_by_hand('id = mood') AS found;
-- Functions without a privilege are not called.
CREATE ROLE regress_relnav_reader;
GRANT USAGE ON SCHEMA regress_relnav_condition, regress_relnav_types, regress_relnav_evil TO regress_relnav_reader;
GRANT SELECT ON box TO regress_relnav_reader;
GRANT SELECT (id, box_id, mood, size) ON thing TO regress_relnav_reader;
REVOKE EXECUTE ON FUNCTION regress_relnav_types.half FROM PUBLIC;
SET ROLE regress_relnav_reader;
SELECT ids('id = mood');
SELECT ids('id = ''ok''::regress_relnav_types.mood');
-- Nor are columns read without one.  right: rows, then an error
SELECT ids('size > 8');
SELECT ids('status = ''new''');
RESET ROLE;

-- Backslashes are as the session has them.  (19 has one way only.)
-- right: t
SELECT current_setting('server_version_num')::int < 190000 AS has_setting \gset
\if :has_setting
SET standard_conforming_strings = off;
SET escape_string_warning = off;
SELECT ids($x$status = 'o\'k' and 'limit 1) or true' <> '\\'$x$) = ids($x$status = 'o''k'$x$) AS found \gset
SET standard_conforming_strings = on;
\else
\set found t
\endif
SELECT :'found' AS found;

-- A condition may be long: it gives rows, or a clear error.
SET statement_timeout = '120s';
SELECT length(ids('id = 1' || repeat(' or id = 2', 20000)));
SELECT length(ids('id in (1' || repeat(', 2', 300000) || ')'));
SELECT length(ids('status = ''' || repeat('x', 1000000) || ''' or id = 7'));
SELECT ids('id' || repeat(' + 0', 300) || ' = 7');
SELECT state FROM refusal('id' || repeat(' + 0', 200000) || ' = 7');
SELECT state, split_part(error, E'\n', 1) AS error FROM refusal(repeat('(', 300000) || 'true' || repeat(')', 300000));

DROP SCHEMA regress_relnav_condition, regress_relnav_types, regress_relnav_evil CASCADE;
DROP ROLE regress_relnav_reader;
