-- Rows meet in a tree by their keys, of whatever types these are, be they few
-- or many, with an index or without one, as they meet in a join.
LOAD 'relnav';
-- Compiling the queries of the comparisons would take most of the time.
SET jit = off;
SET client_min_messages = warning;
CREATE SCHEMA regress_relnav_tree_keys;
SET search_path = regress_relnav_tree_keys;

-- Parents p, children c and an association l of p with t, whose keys are of
-- the given types and values; what trees show of them against joins.
--
-- 80 parents are more than may be looked up by a generic plan, and the whole
-- of their table: once it is analysed, it is read by a scan.
CREATE FUNCTION create_tables(pk text, fk text, pk_value text, fk_value text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TABLE p (n int, k %s PRIMARY KEY, up %s REFERENCES p)', pk, fk);
    EXECUTE format('CREATE TABLE c (m int PRIMARY KEY, k %s REFERENCES p)', fk);
    CREATE TABLE t (id int PRIMARY KEY);
    EXECUTE format('CREATE TABLE l (k %s REFERENCES p, t_id int REFERENCES t, PRIMARY KEY (k, t_id))', fk);
    EXECUTE format('INSERT INTO p (n, k) SELECT i, (%s)::%s FROM generate_series(1, 80) i', pk_value, pk);
    EXECUTE format('UPDATE p SET up = (SELECT (%s)::%s FROM (SELECT n / 2 AS i) x) WHERE n > 1 AND n %% 7 > 0', fk_value, fk);
    EXECUTE format('INSERT INTO c SELECT m, CASE WHEN m %% 5 > 0 THEN (%s)::%s END FROM generate_series(1, 160) m, LATERAL (SELECT m %% 75 + 1 AS i) x', fk_value, fk);
    INSERT INTO t SELECT i FROM generate_series(1, 30) i;
    EXECUTE format('INSERT INTO l SELECT (%s)::%s, t FROM generate_series(1, 80) i, unnest(ARRAY[i %% 30 + 1, i %% 7 + 1]) t ON CONFLICT DO NOTHING', fk_value, fk);
END $$;

-- Each comparison: what is asked for, of which rows, and by hand.
CREATE TABLE comparison (name text PRIMARY KEY, source text, id text, spec text, by_hand text);
INSERT INTO comparison VALUES
    ('parent', 'c', 'm', 'm, p(n)',
     $$SELECT jsonb_build_object('m', c.m, 'p', (SELECT jsonb_build_object('n', p.n) FROM p WHERE p.k = c.k)) FROM c WHERE c.m = $1$$),
    ('value', 'c', 'm', 'p.n, top: p.up.n',
     $$SELECT jsonb_build_object('n', (SELECT p.n FROM p WHERE p.k = c.k), 'top', (SELECT q.n FROM p JOIN p q ON q.k = p.up WHERE p.k = c.k)) FROM c WHERE c.m = $1$$),
    ('children', 'p', 'n', 'n, c(m order by m)',
     $$SELECT jsonb_build_object('n', n, 'c', COALESCE((SELECT jsonb_agg(jsonb_build_object('m', c.m) ORDER BY c.m) FROM c WHERE p.k = c.k), '[]')) FROM p WHERE n = $1$$),
    ('where', 'p', 'n', 'c(m where m > 40 and m < 120 order by m)',
     $$SELECT jsonb_build_object('c', COALESCE((SELECT jsonb_agg(jsonb_build_object('m', c.m) ORDER BY c.m) FROM c WHERE p.k = c.k AND m > 40 AND m < 120), '[]')) FROM p WHERE n = $1$$),
    ('count', 'p', 'n', 'count(c), few: count(c where m < 60), count(t), tt: count(t.p.t), no: count(p_by_up)',
     $$SELECT jsonb_build_object('c_count', (SELECT count(*) FROM c WHERE p.k = c.k), 'few', (SELECT count(*) FROM c WHERE p.k = c.k AND m < 60),
         't_count', (SELECT count(*) FROM l WHERE p.k = l.k), 'tt', (SELECT count(DISTINCT y.t_id) FROM l x JOIN l z ON z.t_id = x.t_id JOIN p q ON q.k = z.k JOIN l y ON q.k = y.k WHERE p.k = x.k),
         'no', (SELECT count(*) FROM p q WHERE p.k = q.up)) FROM p WHERE n = $1$$),
    ('association', 'p', 'n', 'n, t(id order by id desc)',
     $$SELECT jsonb_build_object('n', n, 't', COALESCE((SELECT jsonb_agg(jsonb_build_object('id', l.t_id) ORDER BY l.t_id DESC) FROM l WHERE p.k = l.k), '[]')) FROM p WHERE n = $1$$),
    ('association back', 't', 'id', 'id, p(n order by n)',
     $$SELECT jsonb_build_object('id', t.id, 'p', COALESCE((SELECT jsonb_agg(jsonb_build_object('n', p.n) ORDER BY p.n) FROM l JOIN p ON p.k = l.k WHERE l.t_id = t.id), '[]')) FROM t WHERE id = $1$$),
    ('set', 't', 'id', 'c: p.c(m order by m), t: p.t(id order by id), up: p.up(n order by n)',
     $$SELECT jsonb_build_object('c', COALESCE((SELECT jsonb_agg(jsonb_build_object('m', c.m) ORDER BY c.m) FROM l JOIN p ON p.k = l.k JOIN c ON p.k = c.k WHERE l.t_id = t.id), '[]'),
         't', COALESCE((SELECT jsonb_agg(jsonb_build_object('id', x) ORDER BY x) FROM (SELECT DISTINCT y.t_id FROM l JOIN p ON p.k = l.k JOIN l y ON p.k = y.k WHERE l.t_id = t.id) d (x)), '[]'),
         'up', COALESCE((SELECT jsonb_agg(jsonb_build_object('n', x) ORDER BY x) FROM (SELECT DISTINCT q.n FROM l JOIN p ON p.k = l.k JOIN p q ON q.k = p.up WHERE l.t_id = t.id) d (x)), '[]')) FROM t WHERE id = $1$$),
    ('self', 'p', 'n', 'n, up(n, up(n)), p_by_up(n order by n desc)',
     $$SELECT jsonb_build_object('n', n, 'up', (SELECT jsonb_build_object('n', q.n, 'up', (SELECT jsonb_build_object('n', r.n) FROM p r WHERE r.k = q.up)) FROM p q WHERE q.k = p.up),
         'p_by_up', COALESCE((SELECT jsonb_agg(jsonb_build_object('n', q.n) ORDER BY q.n DESC) FROM p q WHERE p.k = q.up), '[]')) FROM p WHERE n = $1$$),
    ('nested', 'p', 'n', 'c(m, p(n, t(id order by id)) order by m)',
     $$SELECT jsonb_build_object('c', COALESCE((SELECT jsonb_agg(jsonb_build_object('m', c.m, 'p', jsonb_build_object('n', p.n, 't',
         COALESCE((SELECT jsonb_agg(jsonb_build_object('id', l.t_id) ORDER BY l.t_id) FROM l WHERE p.k = l.k), '[]'))) ORDER BY c.m) FROM c WHERE p.k = c.k), '[]')) FROM p WHERE n = $1$$),
    ('limit', 'p', 'n', 'c(m order by m desc limit 2), t(id order by id limit 1 offset 1)',
     $$SELECT jsonb_build_object('c', COALESCE((SELECT jsonb_agg(jsonb_build_object('m', c.m) ORDER BY c.m DESC) FROM (SELECT c.m FROM c WHERE p.k = c.k ORDER BY m DESC LIMIT 2) c), '[]'),
         't', COALESCE((SELECT jsonb_agg(jsonb_build_object('id', t_id)) FROM (SELECT t_id FROM l WHERE p.k = l.k ORDER BY t_id LIMIT 1 OFFSET 1) l), '[]')) FROM p WHERE n = $1$$),
    ('limit of a set', 't', 'id', 't: p.t(id order by id desc limit 3), up: p.up(n where n > 5 order by n limit 2)',
     $$SELECT jsonb_build_object('t', COALESCE((SELECT jsonb_agg(jsonb_build_object('id', x) ORDER BY x DESC) FROM (SELECT DISTINCT y.t_id FROM l JOIN p ON p.k = l.k JOIN l y ON p.k = y.k WHERE l.t_id = t.id ORDER BY 1 DESC LIMIT 3) d (x)), '[]'),
         'up', COALESCE((SELECT jsonb_agg(jsonb_build_object('n', x) ORDER BY x) FROM (SELECT DISTINCT q.n FROM l JOIN p ON p.k = l.k JOIN p q ON q.k = p.up WHERE l.t_id = t.id AND q.n > 5 ORDER BY 1 LIMIT 2) d (x)), '[]')) FROM t WHERE id = $1$$);

-- One root at a time, 20 roots, and all: what differs.
CREATE FUNCTION compare(leave_out text[] DEFAULT '{}') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text := '';
    x comparison;
    filter text;
    by_hand text;
    same bool;
    nrows int;
BEGIN
    FOR x IN SELECT * FROM comparison WHERE name <> ALL (leave_out) ORDER BY name LOOP
        by_hand := format('(%s)', replace(x.by_hand, '$1', 's.' || x.id));
        FOREACH filter IN ARRAY ARRAY['IN (1, 2, 17, 30)', 'BETWEEN 11 AND 30', '> 0'] LOOP
            EXECUTE format('SELECT relnav.tree_agg(s, %L ORDER BY %s)::jsonb = jsonb_agg(%s ORDER BY %s), count(*) FROM %I s WHERE %s %s',
                           x.spec, x.id, by_hand, x.id, x.source, x.id, filter) INTO same, nrows;
            IF same IS NOT TRUE OR nrows < 4 THEN
                result := result || format('%s, %s; ', x.name, filter);
            END IF;
        END LOOP;
        EXECUTE format('SELECT bool_and(relnav.tree(s, %L)::jsonb = %s) FROM %I s WHERE %s %% 16 = 1', x.spec, by_hand, x.source, x.id) INTO same;
        IF same IS NOT TRUE THEN
            result := result || format('%s, row; ', x.name);
        END IF;
    END LOOP;
    RETURN result;
END $$;
-- Roots by their keys: each one, all at once, and one that is not there.
CREATE FUNCTION compare_roots() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    same bool;
    has_arrays bool;
BEGIN
    SELECT bool_and(relnav.tree('p', k, 'n')::jsonb = jsonb_build_object('n', n)) INTO same FROM p;
    IF same IS NOT TRUE THEN
        RETURN 'tree by key; ';
    END IF;
    SELECT bool_and(relnav.tree('p', k::text, 'n')::jsonb = jsonb_build_object('n', n)) INTO same FROM p WHERE n <= 3;
    IF same IS NOT TRUE THEN
        RETURN 'tree by text; ';
    END IF;
    -- there and back, every key twice
    SELECT jsonb_agg(t ORDER BY o) = (SELECT jsonb_agg(jsonb_build_object('n', n) ORDER BY x, n) FROM p, generate_series(1, 2) x) INTO same
      FROM relnav.trees('p', (SELECT array_agg(k::text ORDER BY x, n) FROM p, generate_series(1, 2) x), 'n') WITH ORDINALITY t (t, o);
    RETURN CASE WHEN same IS TRUE THEN '' ELSE 'trees; ' END;
END $$;
CREATE FUNCTION check_keys(pk text, fk text, pk_value text, fk_value text DEFAULT NULL, leave_out text[] DEFAULT '{}') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    PERFORM create_tables(pk, fk, pk_value, COALESCE(fk_value, pk_value));
    result := compare(leave_out) || compare_roots();
    CREATE INDEX ON c (k);
    CREATE INDEX ON p (up);
    ANALYZE p, c, t, l;
    result := result || compare(leave_out) || compare_roots();
    DROP TABLE l, t, c, p;
    RETURN CASE result WHEN '' THEN 'ok' ELSE result END;
END $$;

-- Integers, near together and far apart, negative, and the extremes.
-- right: ok for all
SELECT check_keys('int', 'int', 'i') AS dense, check_keys('int', 'int', 'i * 1000003') AS sparse,
       check_keys('int8', 'int8', 'i - 75') AS negative, check_keys('int2', 'int2', 'i * -200') AS int2;
SELECT check_keys('int8', 'int8', 'CASE WHEN i % 2 = 0 THEN -9223372036854775808 + i / 2 ELSE 9223372036854775807 - i / 2 END') AS extremes,
       check_keys('int', 'int', 'CASE WHEN i % 2 = 0 THEN -2147483648 + i / 2 ELSE 2147483647 - i / 2 END') AS extremes4,
       check_keys('int8', 'int8', 'i::int8 << 32') AS high, check_keys('int8', 'int8', '-9223372036854775808 + i') AS least;
-- Two integer types; a domain; oid.
SELECT check_keys('int8', 'int', 'i') AS "int4 to int8", check_keys('int', 'int8', 'i') AS "int8 to int4",
       check_keys('int2', 'int8', 'i') AS "int8 to int2", check_keys('int8', 'int2', '-i') AS "int2 to int8";
-- a child's key that no parent can have cannot be stored, but can be made up
CREATE DOMAIN id AS int CHECK (VALUE > 0);
CREATE DOMAIN code AS text;
SELECT check_keys('id', 'int', 'i') AS "int to domain", check_keys('int', 'id', 'i') AS "domain to int", check_keys('id', 'id', 'i') AS domains,
       check_keys('oid', 'oid', 'i') AS oid;
-- Text and the like.
SELECT check_keys('text', 'text', $$'k' || i$$) AS text, check_keys('text', 'varchar', $$'k' || i$$) AS "varchar to text",
       check_keys('varchar(9)', 'text', $$'k' || i$$) AS "text to varchar", check_keys('code', 'varchar', $$'k' || i$$) AS "varchar to domain";
SELECT check_keys('char(5)', 'char(5)', 'i') AS char, check_keys('char(5)', 'char(9)', 'i') AS chars,
       check_keys('name', 'name', $$'k' || i$$) AS name, check_keys('text', 'name', $$'k' || i$$) AS "name to text";
-- blanks at the end count in text, and not in char(n)
SELECT check_keys('text', 'char(9)', $$'k' || i$$) AS "char to text", check_keys('text', 'text', $$repeat(' ', i)$$) AS blanks,
       check_keys('text', 'text COLLATE "POSIX"', $$'k' || i$$) AS collations;
-- Numbers, whose equal values may look different.
SELECT check_keys('numeric', 'numeric', 'i', $$i || '.00'$$) AS numeric, check_keys('numeric', 'int', 'i::numeric / 1.0') AS "int to numeric",
       check_keys('float8', 'float8', 'i / 7.0') AS float8, check_keys('float8', 'float4', 'i / 8.0') AS "float4 to float8";
SELECT check_keys('float8', 'float8', $$CASE i WHEN 1 THEN 'NaN'::float8 WHEN 2 THEN 0 WHEN 3 THEN 'Infinity' ELSE i END$$,
                                      $$CASE i WHEN 1 THEN 'NaN'::float8 WHEN 2 THEN '-0' WHEN 3 THEN 'Infinity' ELSE i END$$) AS nan;
-- Dates and times.
SELECT check_keys('date', 'date', $$'2024-01-01'::date + i$$) AS date, check_keys('timestamptz', 'timestamptz', $$'2024-01-01'::timestamptz + i * interval '1 s'$$) AS timestamptz,
       check_keys('timestamp', 'date', $$'2024-01-01'::date + i$$) AS "date to timestamp", check_keys('interval', 'interval', $$i * interval '1 day'$$, $$i * interval '24 h'$$) AS interval;
SELECT check_keys('time', 'time', $$'00:00'::time + i * interval '1 min'$$) AS time, check_keys('timetz', 'timetz', $$'00:00+01'::timetz + i * interval '1 min'$$) AS timetz;
-- The rest of what has a hash function.
DO $$ BEGIN EXECUTE (SELECT format('CREATE TYPE number AS ENUM (%s)', string_agg(format('%L', 'n' || i), ', ')) FROM generate_series(0, 80) i); END $$;
SELECT check_keys('uuid', 'uuid', $$lpad(i::text, 32, '0')$$) AS uuid, check_keys('bytea', 'bytea', $$decode(lpad(i::text, 4, '0'), 'hex')$$) AS bytea,
       check_keys('number', 'number', $$'n' || i$$) AS enum, check_keys('inet', 'cidr', $$'10.0.' || i || '.0/24'$$) AS "cidr to inet";
SELECT check_keys('int4range', 'int4range', 'int4range(i, i + 1)') AS range, check_keys('int4multirange', 'int4multirange', 'int4multirange(int4range(i, i + 1))') AS multirange,
       check_keys('jsonb', 'jsonb', $$'{"b": 1, "a": ' || i || '}'$$, $$'{"a": ' || i || '.0, "b": 1}'$$) AS jsonb, check_keys('macaddr', 'macaddr', $$'08:00:2b:01:02:' || lpad(to_hex(i), 2, '0')$$) AS macaddr;
CREATE TYPE pair AS (a int, b text);
SELECT check_keys('pair', 'pair', $$('(' || i || ',x)')$$) AS composite, check_keys('pg_lsn', 'pg_lsn', $$'0/' || to_hex(i)$$) AS pg_lsn, check_keys('xid8', 'xid8', 'i::text') AS xid8;

-- Types without hash functions: the queries themselves say which key a row is for.
SELECT check_keys('money', 'money', 'i') AS money, check_keys('bit(8)', 'bit(8)', 'i') AS bit, check_keys('varbit', 'varbit', 'i::bit(8)') AS varbit,
       check_keys('tsvector', 'tsvector', $$'a' || i$$) AS tsvector;
CREATE TYPE price AS (m money, n int);
SELECT check_keys('price', 'price', $$'(' || i || ',1)'$$) AS "row of such", check_keys('price', 'price', $$ROW(i, i)$$) AS "another";
-- Arrays have no arrays: the queries are for one key at a time.
SELECT check_keys('int[]', 'int[]', 'ARRAY[i, 0]') AS array, check_keys('text[]', 'text[]', $$ARRAY['a', NULL, i::text]$$) AS nulls;
CREATE DOMAIN ints AS int[];
SELECT check_keys('ints', 'int[]', 'ARRAY[i]') AS domain, check_keys('pair[]', 'pair[]', $$ARRAY[ROW(i, 'x')::pair]$$) AS rows;
DROP DOMAIN ints;
-- Arrays of what has no hash function.  right: the coin and its wallet
CREATE TABLE wallet (k money[] PRIMARY KEY);
CREATE TABLE coin (id int PRIMARY KEY, k money[] REFERENCES wallet);
INSERT INTO wallet VALUES ('{1}');
INSERT INTO coin VALUES (1, '{1}');
SELECT relnav.tree(w, 'coin(id)') FROM wallet w;
SELECT relnav.tree('wallet', '{1}', 'k');
SELECT relnav.tree('coin', 1, 'wallet(k)');
DROP TABLE coin, wallet;

-- Composite keys: plain, in another order, of two types each, with a tenant.
CREATE TABLE project (tenant int, no int8, name text, PRIMARY KEY (tenant, no));
CREATE TABLE task (id int PRIMARY KEY, tenant int8, project int, parent int, UNIQUE (tenant, id),
                   FOREIGN KEY (project, tenant) REFERENCES project (no, tenant));
CREATE TABLE label (tenant int, word text, PRIMARY KEY (word, tenant));
CREATE TABLE project_label (tenant int, project_no int8, word varchar, since date, PRIMARY KEY (tenant, project_no, word),
                            FOREIGN KEY (tenant, project_no) REFERENCES project, FOREIGN KEY (word, tenant) REFERENCES label);
INSERT INTO project SELECT t, n, t || '/' || n FROM generate_series(1, 5) t, generate_series(1, 40) n;
INSERT INTO task SELECT i, CASE WHEN i % 11 > 0 THEN i % 5 + 1 END, CASE WHEN i % 7 > 0 THEN i % 40 + 1 END FROM generate_series(1, 500) i;
INSERT INTO label SELECT t, w FROM generate_series(1, 5) t, unnest('{hot,cold,new}'::text[]) w;
INSERT INTO project_label SELECT tenant, no, w FROM project, unnest('{hot,cold,new}'::text[]) w WHERE (no + length(w)) % 3 > 0;
-- right: t t for each, twice: without and with statistics and an index
CREATE FUNCTION compare_tenants() RETURNS TABLE (what text, few bool, many bool) LANGUAGE sql AS $$
    SELECT 'to-one', bool_and(relnav.tree(t, 'id, project(name)')::jsonb = y) FILTER (WHERE id % 25 = 1),
           relnav.tree_agg(t, 'id, project(name)' ORDER BY id)::jsonb = jsonb_agg(y ORDER BY id)
      FROM task t, LATERAL (SELECT jsonb_build_object('id', t.id, 'project', (SELECT jsonb_build_object('name', name) FROM project p WHERE p.tenant = t.tenant AND p.no = t.project))) z (y)
    UNION ALL
    SELECT 'to-many', bool_and(relnav.tree(p, 'name, task(id order by id), count(task)')::jsonb = y) FILTER (WHERE no = 8),
           relnav.tree_agg(p, 'name, task(id order by id), count(task)' ORDER BY tenant, no)::jsonb = jsonb_agg(y ORDER BY tenant, no)
      FROM project p, LATERAL (SELECT jsonb_build_object('name', name, 'task', COALESCE(jsonb_agg(jsonb_build_object('id', id) ORDER BY id) FILTER (WHERE id IS NOT NULL), '[]'), 'task_count', count(id))
                                 FROM task t WHERE p.tenant = t.tenant AND p.no = t.project) z (y)
    UNION ALL
    SELECT 'limit', bool_and(relnav.tree(p, 'task(id order by id desc limit 1)')::jsonb = y) FILTER (WHERE no = 8),
           relnav.tree_agg(p, 'task(id order by id desc limit 1)' ORDER BY tenant, no)::jsonb = jsonb_agg(y ORDER BY tenant, no)
      FROM project p, LATERAL (SELECT jsonb_build_object('task', COALESCE(jsonb_agg(jsonb_build_object('id', id)) FILTER (WHERE id IS NOT NULL), '[]'))
                                 FROM (SELECT id FROM task t WHERE p.tenant = t.tenant AND p.no = t.project ORDER BY id DESC LIMIT 1) t) z (y)
    UNION ALL
    SELECT 'association', bool_and(relnav.tree(p, 'name, label(word, tenant order by word)')::jsonb = y) FILTER (WHERE no = 8),
           relnav.tree_agg(p, 'name, label(word, tenant order by word)' ORDER BY tenant, no)::jsonb = jsonb_agg(y ORDER BY tenant, no)
      FROM project p, LATERAL (SELECT jsonb_build_object('name', name, 'label', COALESCE(jsonb_agg(jsonb_build_object('word', word, 'tenant', tenant) ORDER BY word) FILTER (WHERE word IS NOT NULL), '[]'))
                                 FROM project_label l WHERE p.tenant = l.tenant AND p.no = l.project_no) z (y)
    UNION ALL
    SELECT 'set', bool_and(relnav.tree(t, 'labels: project.label.project.label(word order by word)')::jsonb = y) FILTER (WHERE id % 25 = 1),
           relnav.tree_agg(t, 'labels: project.label.project.label(word order by word)' ORDER BY id)::jsonb = jsonb_agg(y ORDER BY id)
      FROM task t, LATERAL (SELECT jsonb_build_object('labels', COALESCE(jsonb_agg(jsonb_build_object('word', word) ORDER BY word), '[]'))
          FROM (SELECT DISTINCT c.word FROM project_label a JOIN project_label b ON (b.word, b.tenant) = (a.word, a.tenant)
                  JOIN project_label c ON (c.tenant, c.project_no) = (b.tenant, b.project_no) WHERE a.tenant = t.tenant AND a.project_no = t.project) w) z (y)
$$;
SELECT * FROM compare_tenants();
CREATE INDEX ON task (tenant, project);
ANALYZE project, task, label, project_label;
SELECT * FROM compare_tenants();
-- by key, in each form.  right: 3/7 four times
SELECT relnav.tree('project', ROW(3, 7), 'name'), relnav.tree('project', '(3,7)', 'name'), relnav.tree('project', ROW('3', 7.0), 'name');
SELECT relnav.trees('project', ARRAY[ROW(3, 7), ROW(9, 9), NULL, ROW(1, NULL), ROW(3, 8)], 'name');
-- The same column twice in a key.  right: the row whose both columns are 2; 1
CREATE TABLE r (b int, c int, n text, PRIMARY KEY (b, c));
CREATE TABLE twice (id int PRIMARY KEY, a int, FOREIGN KEY (a, a) REFERENCES r (b, c));
INSERT INTO r VALUES (1, 1, 'one'), (1, 2, 'mixed'), (2, 2, 'two');
INSERT INTO twice VALUES (1, 2), (2, NULL), (3, 1), (4, 2);
SELECT relnav.tree(t, 'id, r(n)') FROM twice t ORDER BY id;
SELECT relnav.tree(r, 'n, twice(id order by id), last: twice(id order by id desc limit 1), count(twice)') FROM r ORDER BY n;
-- Half-null and wholly null keys, also in made-up rows.
-- right: null and [] everywhere
SELECT relnav.tree(ROW(1, 1, NULL, NULL)::task, 'project(name)'), relnav.tree(ROW(1, NULL, 1, NULL)::task, 'project(name)'),
       relnav.tree(ROW(1, NULL, 'x')::project, 'task(id), label(word), count(task), t: task(id limit 1)');
-- A key that the other side's type cannot hold.  right: null; null
CREATE TABLE small (id int2 PRIMARY KEY);
CREATE TABLE large (id int8 PRIMARY KEY, small_id int8 REFERENCES small);
INSERT INTO small VALUES (1), (-1);
SELECT relnav.tree(ROW(1, 65537)::large, 'small(id)'), relnav.tree(ROW(1, 4294967297)::large, 'small(id)'), relnav.tree(ROW(1, -1)::large, 'small(id)');
-- ... among many, so that a whole table may be read.  right: 1 150
ANALYZE small;
INSERT INTO large SELECT i, CASE i WHEN 77 THEN 1 END FROM generate_series(1, 150) i;
SELECT count(*) FILTER (WHERE t -> 'small' ->> 'id' = '1'), count(*) FROM json_array_elements((SELECT relnav.tree_agg(l, 'id, small(id)') FROM large l)) t;
SELECT count(*) FILTER (WHERE t ->> 'small' IS NOT NULL), count(*)
  FROM json_array_elements((SELECT relnav.tree_agg(ROW(i, i::int8 << 16)::large, 'small(id)') FROM generate_series(1, 150) i)) t;
-- Collations that take different texts for equal.
SELECT count(*) > 0 AS has_icu FROM pg_collation WHERE collprovider = 'i' \gset
\if :has_icu
CREATE COLLATION nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
\else
CREATE COLLATION nocase FROM "C";
\endif
-- right: ok ok, with and without ICU; the letters' case differs where it may
SELECT check_keys('text COLLATE nocase', 'text COLLATE nocase', $$'key' || i$$, CASE WHEN :'has_icu' THEN $$'KEY' || i$$ END) AS nocase,
       check_keys('varchar COLLATE nocase', 'text COLLATE nocase', $$'key' || i$$, CASE WHEN :'has_icu' THEN $$CASE i % 2 WHEN 0 THEN 'Key' ELSE 'kEY' END || i$$ END) AS mixed;
-- citext.  right: ok ok
SELECT count(*) > 0 AS has_citext FROM pg_available_extensions WHERE name = 'citext' \gset
\if :has_citext
SET client_min_messages = error;
CREATE EXTENSION IF NOT EXISTS citext;
SET client_min_messages = warning;
SELECT check_keys('citext', 'citext', $$'key' || i$$, $$'KEY' || i$$) AS citext, check_keys('text', 'citext', $$'key' || i$$) AS "citext to text";
DROP EXTENSION citext;
\else
SELECT 'ok' AS citext, 'ok' AS "citext to text";
\endif

-- Associations that repeat: each row once.
CREATE TABLE actor (id int PRIMARY KEY, name text);
CREATE TABLE film (id int PRIMARY KEY, title text);
CREATE TABLE role (id int PRIMARY KEY, actor_id int NOT NULL REFERENCES actor, film_id int NOT NULL REFERENCES film, part text, UNIQUE (actor_id, film_id, part));
INSERT INTO actor SELECT i, 'a' || i FROM generate_series(1, 100) i;
INSERT INTO film SELECT i, 'f' || i FROM generate_series(1, 90) i;
INSERT INTO role SELECT i, i % 50 + 1, i % 30 + 1, i FROM generate_series(1, 600) i;
-- right: 3 films of 12 roles; t t
SELECT relnav.tree('actor', 1, 'name, count(film_via_role), count(role), film_via_role(title order by id)');
SELECT relnav.tree_agg(a, 'film: film_via_role(id order by id)' ORDER BY id)::jsonb =
       (SELECT jsonb_agg(jsonb_build_object('film', COALESCE((SELECT jsonb_agg(jsonb_build_object('id', film_id) ORDER BY film_id) FROM (SELECT DISTINCT film_id FROM role WHERE actor_id = a.id) x), '[]')) ORDER BY id) FROM actor a) AS same,
       relnav.tree_agg(a, 'film: film_via_role(id order by id limit 2)' ORDER BY id)::jsonb =
       (SELECT jsonb_agg(jsonb_build_object('film', COALESCE((SELECT jsonb_agg(jsonb_build_object('id', film_id) ORDER BY film_id) FROM (SELECT DISTINCT film_id FROM role WHERE actor_id = a.id ORDER BY 1 LIMIT 2) x), '[]')) ORDER BY id) FROM actor a) AS limited
  FROM actor a;
-- Self-associations, each way, and there and back.
CREATE TABLE person (id int PRIMARY KEY);
CREATE TABLE follows (follower_id int REFERENCES person, followee_id int REFERENCES person, PRIMARY KEY (follower_id, followee_id));
INSERT INTO person SELECT i FROM generate_series(1, 100) i;
INSERT INTO follows SELECT i, j FROM generate_series(1, 100) i, unnest(ARRAY[i, i % 10 + 1, (i * 7) % 100 + 1]) j ON CONFLICT DO NOTHING;
-- right: t
SELECT relnav.tree_agg(p, 'id, follower(id order by id), followee(id order by id), peers: followee.follower(id order by id), n: count(followee.followee)' ORDER BY id)::jsonb = jsonb_agg(jsonb_build_object('id', id,
    'follower', COALESCE((SELECT jsonb_agg(jsonb_build_object('id', follower_id) ORDER BY follower_id) FROM follows WHERE followee_id = p.id), '[]'),
    'followee', COALESCE((SELECT jsonb_agg(jsonb_build_object('id', followee_id) ORDER BY followee_id) FROM follows WHERE follower_id = p.id), '[]'),
    'peers', COALESCE((SELECT jsonb_agg(jsonb_build_object('id', x) ORDER BY x) FROM (SELECT DISTINCT b.follower_id FROM follows a JOIN follows b USING (followee_id) WHERE a.follower_id = p.id) d (x)), '[]'),
    'n', (SELECT count(DISTINCT b.followee_id) FROM follows a JOIN follows b ON b.follower_id = a.followee_id WHERE a.follower_id = p.id)) ORDER BY id) AS same FROM person p;
-- The same roots again and again: each is written.  right: 3000 t
SELECT json_array_length(t), t::text = '[' || repeat('{"id":1,"name":"a1","film_via_role_count":3},', 2999) || '{"id":1,"name":"a1","film_via_role_count":3}]'
  FROM (SELECT relnav.tree_agg(a, '*, count(film_via_role)') FROM actor a, generate_series(1, 3000) WHERE id = 1) x (t);
-- Two keys to one table: each leads where it should, also where only their
-- order in the spec differs.
CREATE TABLE address (id int PRIMARY KEY, street text);
CREATE TABLE parcel (id int PRIMARY KEY, billing_id int REFERENCES address, shipping_id int REFERENCES address);
INSERT INTO address VALUES (1, 'bill'), (2, 'ship');
INSERT INTO parcel VALUES (1, 1, 2), (2, 2, NULL);
-- right: bill ship, ship null; then ship bill, null ship
SELECT relnav.tree(p, 'billing_id, shipping_id, a: billing(street), b: shipping(street)') FROM parcel p ORDER BY id;
SELECT relnav.tree(p, 'billing_id, shipping_id, a: shipping(street), b: billing(street)') FROM parcel p ORDER BY id;
-- right: [1] [], [2] [1]; then [] [1], [1] [2]
SELECT relnav.tree(a, 'a: parcel_by_billing(id), b: parcel_by_shipping(id)') FROM address a ORDER BY id;
SELECT relnav.tree(a, 'a: parcel_by_shipping(id), b: parcel_by_billing(id)') FROM address a ORDER BY id;
-- Keys NOT VALID, and rows without a parent.  right: null, and [1]
CREATE TABLE orphan (id int PRIMARY KEY, address_id int);
INSERT INTO orphan VALUES (1, 1), (2, 99);
ALTER TABLE orphan ADD FOREIGN KEY (address_id) REFERENCES address NOT VALID;
SELECT relnav.tree(o, 'id, address(street)') FROM orphan o ORDER BY id;
SELECT relnav.tree('address', 1, 'orphan(id)');
-- A made-up parent without a row has children all the same.  right: [2]
SELECT relnav.tree(ROW(99, 'x')::address, 'orphan(id)');

-- Where a limit stands, the whole route is one query, and takes each column
-- once: also of a key that has one twice, beside a type without hash function.
CREATE TABLE bits (x varbit, y varbit, z int, id serial PRIMARY KEY, UNIQUE (x, y, z));
CREATE TABLE bits_twice (id int PRIMARY KEY, b varbit, a int, FOREIGN KEY (b, b, a) REFERENCES bits (x, y, z));
CREATE TABLE below_bits (id int PRIMARY KEY, bits_id int REFERENCES bits);
INSERT INTO bits SELECT i::bit(8), i::bit(8), i FROM generate_series(1, 50) i;
INSERT INTO bits_twice SELECT i, i::bit(8), i FROM generate_series(1, 50) i;
INSERT INTO below_bits SELECT i, i FROM generate_series(1, 50) i;
CREATE TABLE ints (x int, y int, z varbit, id serial PRIMARY KEY, UNIQUE (x, y, z));
CREATE TABLE ints_twice (id int PRIMARY KEY, a int, b varbit, FOREIGN KEY (a, a, b) REFERENCES ints (x, y, z));
CREATE TABLE below_ints (id int PRIMARY KEY, ints_id int REFERENCES ints);
INSERT INTO ints SELECT i, i, i::bit(8) FROM generate_series(1, 50) i;
INSERT INTO ints_twice SELECT i, i, i::bit(8) FROM generate_series(1, 50) i;
INSERT INTO below_ints SELECT i, i FROM generate_series(1, 50) i;
-- right: 50 and 50, each with its own
SELECT count(*) FROM bits_twice t, relnav.tree(t, 'x: bits.below_bits(id order by id limit 2)') j
 WHERE j::text = format('{"x":[{"id":%s}]}', t.id);
SELECT count(*) FROM ints_twice t, relnav.tree(t, 'x: ints.below_ints(id order by id limit 2)') j
 WHERE j::text = format('{"x":[{"id":%s}]}', t.id);
SELECT relnav.tree_agg(t, 'x: bits.below_bits(id limit 2)' ORDER BY id)::jsonb =
       relnav.tree_agg(t, 'x: bits.below_bits(id)' ORDER BY id)::jsonb AS same FROM bits_twice t;
SELECT relnav.tree_agg(t, 'x: ints.below_ints(id limit 2)' ORDER BY id)::jsonb =
       relnav.tree_agg(t, 'x: ints.below_ints(id)' ORDER BY id)::jsonb AS same FROM ints_twice t;

DROP SCHEMA regress_relnav_tree_keys CASCADE;
