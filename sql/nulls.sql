-- Any argument of any function may be null: there is an answer or an error,
-- and the error is never an internal one.

SET client_min_messages = warning;
CREATE SCHEMA regress_relnav_nulls;
SET search_path = regress_relnav_nulls;

CREATE TABLE t (id int PRIMARY KEY, up int REFERENCES t);
INSERT INTO t VALUES (1, NULL), (2, 1);

-- An argument of each type; of a key's, if it comes after a table.
CREATE FUNCTION argument(type regtype, by_key boolean) RETURNS text LANGUAGE sql AS $$
    SELECT CASE type::text
           WHEN 'regclass' THEN '''t''::regclass'
           WHEN 'regnamespace' THEN '''regress_relnav_nulls''::regnamespace'
           WHEN 'text' THEN '''up''::text'
           WHEN 'text[]' THEN '''{up}''::text[]'
           WHEN 'integer' THEN '1'
           WHEN 'anyelement' THEN 'ROW(2, 1)::t'
           WHEN 'anycompatible' THEN CASE WHEN by_key THEN '2' ELSE 'ROW(1, NULL)::t' END
           WHEN 'anycompatiblearray' THEN 'ARRAY[2]'
           WHEN 'relnav.declared' THEN 'ROW(''t'', ''x'', ''{id}'', ''t'', ''{id}'', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::relnav.declared'
           END
$$;

-- The type of a null.
CREATE FUNCTION null_of(argument text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    type regtype;
BEGIN
    EXECUTE pg_catalog.concat('SELECT pg_catalog.pg_typeof(', argument, ')') INTO type;
    RETURN pg_catalog.concat('NULL::', type);
END $$;

-- All ways to pass nulls to the functions in C.
CREATE TABLE outcome (function regprocedure, call text, state text);
DO $$
DECLARE
    f record;
    args text[];
    chosen text[];
BEGIN
    FOR f IN
        SELECT p.oid::regprocedure AS signature, p.proname, p.proretset,
               ARRAY(SELECT argument(a.type, p.proargtypes[0] = 'regclass'::regtype)
                       FROM pg_catalog.unnest(p.proargtypes) WITH ORDINALITY AS a(type, n)
                      ORDER BY a.n) AS args
          FROM pg_catalog.pg_proc p
         WHERE p.pronamespace = 'relnav'::regnamespace
           AND p.prolang = (SELECT l.oid FROM pg_catalog.pg_language l WHERE l.lanname = 'c')
           AND p.prorettype NOT IN ('trigger'::regtype, 'internal'::regtype)
           AND NOT 'internal'::regtype = ANY (p.proargtypes)
           AND p.pronargs > 0
         ORDER BY p.oid::regprocedure::text COLLATE "C"
    LOOP
        IF pg_catalog.array_position(f.args, NULL) IS NOT NULL THEN
            RAISE 'an argument of % is not known', f.signature;
        END IF;
        FOR mask IN 0 .. (1 << pg_catalog.cardinality(f.args)) - 1 LOOP
            args := NULL;
            FOR i IN 1 .. pg_catalog.cardinality(f.args) LOOP
                args[i] := CASE WHEN mask & (1 << (i - 1)) = 0 THEN f.args[i] ELSE null_of(f.args[i]) END;
            END LOOP;
            BEGIN
                EXECUTE pg_catalog.format('SELECT pg_catalog.count(*) FROM relnav.%I(%s)', f.proname,
                                          pg_catalog.array_to_string(args, ', '));
                INSERT INTO outcome VALUES (f.signature, pg_catalog.array_to_string(args, ', '), 'answer');
            EXCEPTION WHEN OTHERS THEN
                INSERT INTO outcome VALUES (f.signature, pg_catalog.array_to_string(args, ', '), SQLSTATE);
            END;
        END LOOP;
    END LOOP;
END $$;

-- right: as many as there are ways, and no state XX000
SELECT function, count(*) AS calls, count(*) FILTER (WHERE state = 'answer') AS answers,
       string_agg(DISTINCT state, ' ' ORDER BY state) FILTER (WHERE state <> 'answer') AS errors
  FROM outcome
 GROUP BY function
 ORDER BY function::text COLLATE "C";

DROP SCHEMA regress_relnav_nulls CASCADE;
