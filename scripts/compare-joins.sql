-- For scripts/compare-joins: writes the join of every relationship by hand
-- and compares it with what relnav's functions return.  Before that, what
-- relationships() lists with what relationships(table) does.
--
-- "By hand" means: from the columns that relnav.relationships() lists, with a
-- plain "=", and through an association table with DISTINCT over the stored
-- rows.  Nothing of relnav's own SQL is used.  Every navigation is made twice:
-- by the function itself, and planned as a join (relnav.inline).
--
-- What is special:
--  * Rows are compared as text, so types without equality (json) do no harm.
--  * A partitioned table stands for all its partitions.  Partitions are also
--    compared themselves, as sources, by what relationships(partition) lists.
--  * A table that is not partitioned is read with ONLY, as the server's own
--    checks of a foreign key do: its inheritance children are not governed.
--  * Of a temporal key, the last pair of columns is compared by "&&".  It is
--    listed as many-to-many without an association table, and repeats.
--  * Where the columns' collations differ, that of the referenced one rules.
--  * "=" is looked up on the search path.  Types whose operators are in
--    another schema need PGOPTIONS='-c search_path=...'.

\set ON_ERROR_STOP on
\set QUIET on
\pset format unaligned
\pset tuples_only on

-- How a table's own rows stand in FROM
CREATE FUNCTION pg_temp.rows_of(rel regclass) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE c.relkind WHEN 'r' THEN 'ONLY ' ELSE '' END || format('%I.%I', n.nspname, c.relname)
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.oid = rel
$$;

-- The condition of a join; the columns' prefixes are SQL
CREATE FUNCTION pg_temp.equal(fk_rel regclass, fk_prefix text, fk_cols name[],
                              pk_rel regclass, pk_prefix text, pk_cols name[],
                              temporal boolean)
RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT string_agg(format('%s.%I %s %s.%I', fk_prefix, fk_col,
                             CASE WHEN temporal AND nr = cardinality(fk_cols) THEN '&&' ELSE '=' END,
                             pk_prefix, pk_col) ||
                      CASE WHEN fk.attcollation <> pk.attcollation THEN
                          (SELECT format(' COLLATE %I.%I', n.nspname, c.collname)
                             FROM pg_catalog.pg_collation c
                             JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace
                            WHERE c.oid = pk.attcollation)
                      ELSE '' END,
                      ' AND ' ORDER BY nr)
      FROM unnest(fk_cols, pk_cols) WITH ORDINALITY AS pair(fk_col, pk_col, nr)
      JOIN pg_catalog.pg_attribute fk ON fk.attrelid = fk_rel AND fk.attname = fk_col
      JOIN pg_catalog.pg_attribute pk ON pk.attrelid = pk_rel AND pk.attname = pk_col
$$;

-- Which of parent(), children(), associated() follows it?  The listing does
-- not say, the constraint does; where none was declared, related() does.
CREATE FUNCTION pg_temp.function_of(association regclass, target regclass, target_columns name[], con oid)
RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN association IS NOT NULL THEN 'associated'
        WHEN con IS NULL THEN 'related'
        WHEN c.confrelid IN (SELECT target UNION ALL SELECT pg_partition_ancestors(target)) AND
             target_columns = ARRAY(SELECT a.attname
                                      FROM unnest(c.confkey) WITH ORDINALITY AS k(attnum, nr)
                                      JOIN pg_catalog.pg_attribute a
                                        ON a.attrelid = c.confrelid AND a.attnum = k.attnum
                                     ORDER BY nr) THEN 'parent'
        ELSE 'children' END
      FROM (VALUES (con)) AS asked(con)
      LEFT JOIN pg_catalog.pg_constraint c ON c.oid = asked.con
$$;

-- A name as one hop of a path
CREATE FUNCTION pg_temp.path_of(name text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT '"' || replace(name, '"', '""') || '"'
$$;

-- A primary key's value, to be given to the functions that take a key
CREATE FUNCTION pg_temp.key_of(rel regclass, prefix text) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE count(*) WHEN 0 THEN NULL WHEN 1 THEN min(col)
           ELSE 'ROW(' || string_agg(col, ', ' ORDER BY nr) || ')' END
      FROM (SELECT format('%s.%I', prefix, a.attname) AS col, k.nr
              FROM pg_catalog.pg_index i,
                   unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, nr)
              JOIN pg_catalog.pg_attribute a ON true
             WHERE i.indrelid = rel AND i.indisprimary
               AND a.attrelid = rel AND a.attnum = k.attnum AND k.nr <= i.indnkeyatts) AS cols
$$;

-- One line for each difference, and a summary as the last line
CREATE FUNCTION pg_temp.compare() RETURNS SETOF text
LANGUAGE plpgsql AS $$
DECLARE
    r             record;
    function_name text;
    source_rows   text;
    target_rows   text;
    joined        text;
    calls         text[];
    call          text;
    inline        text;
    row_type      text;
    key           text;
    found         bigint;
    differences   text[];
    difference    text;
    n_relationships bigint := 0;
    n_empty       bigint := 0;
    n_rows        bigint := 0;
    n_differences bigint := 0;
BEGIN
    FOR r IN
        WITH all_at_once AS (SELECT * FROM relnav.relationships()),
             one_by_one AS (SELECT listed.*
                              FROM (SELECT DISTINCT source FROM all_at_once) AS s,
                                   relnav.relationships(s.source) AS listed)
        SELECT 'relationships() only' AS form, a.* FROM (TABLE all_at_once EXCEPT ALL TABLE one_by_one) AS a
        UNION ALL
        SELECT 'relationships(table) only', b.* FROM (TABLE one_by_one EXCEPT ALL TABLE all_at_once) AS b
         WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = b.source AND c.relispartition)
    LOOP
        n_differences := n_differences + 1;
        RETURN NEXT format('%s: listed by %s: %s', r.source, r.form, r);
    END LOOP;

    FOR r IN
        SELECT * FROM relnav.relationships()
        UNION
        SELECT listed.*
          FROM pg_catalog.pg_class c, relnav.relationships(c.oid) listed
         WHERE c.relispartition AND c.relkind IN ('r', 'p', 'f')
    LOOP
        n_relationships := n_relationships + 1;
        function_name := pg_temp.function_of(r.association, r.target, r.target_columns,
                                             r.constraint_oids[1]);
        source_rows := pg_temp.rows_of(r.source);
        target_rows := pg_temp.rows_of(r.target);
        row_type := replace(target_rows, 'ONLY ', '');
        key := pg_temp.key_of(r.source, '"relnav source"');
        found := NULL;

        IF function_name = 'associated' THEN
            joined := format(
                'SELECT source_text, target_text
                   FROM (SELECT DISTINCT "relnav source".nr, "relnav target".nr,
                                "relnav source".stored::text, "relnav target".stored::text
                           FROM (SELECT row_number() OVER (), "relnav row" FROM %s AS "relnav row") AS "relnav source"(nr, stored)
                           JOIN %s AS "relnav link" ON %s
                           JOIN (SELECT row_number() OVER (), "relnav row" FROM %s AS "relnav row") AS "relnav target"(nr, stored)
                             ON %s) AS pairs(source_nr, target_nr, source_text, target_text)',
                source_rows, pg_temp.rows_of(r.association),
                pg_temp.equal(r.association, '"relnav link"', r.association_source_columns,
                              r.source, '("relnav source".stored)', r.source_columns, false),
                target_rows,
                pg_temp.equal(r.association, '"relnav link"', r.association_target_columns,
                              r.target, '("relnav target".stored)', r.target_columns, false));
        ELSE
            joined := format(
                'SELECT "relnav source"::text, "relnav target"::text
                   FROM %s AS "relnav source" JOIN %s AS "relnav target" ON %s',
                source_rows, target_rows,
                CASE function_name
                    WHEN 'parent' THEN
                        pg_temp.equal(r.source, '"relnav source"', r.source_columns,
                                      r.target, '"relnav target"', r.target_columns,
                                      r.kind = 'many-to-many' AND r.repeats)
                    ELSE
                        pg_temp.equal(r.target, '"relnav target"', r.target_columns,
                                      r.source, '"relnav source"', r.source_columns,
                                      r.kind = 'many-to-many' AND r.repeats)
                END);
        END IF;

        -- By either name, from the row and from its key.
        calls := ARRAY[
            format('relnav.related("relnav source", NULL::%s, %L)', row_type, pg_temp.path_of(r.full_name)),
            format('relnav.%I("relnav source", NULL::%s, %L)', function_name, row_type, pg_temp.path_of(r.name))];
        IF key IS NOT NULL THEN
            calls := calls || format('relnav.related(%L::regclass, %s, NULL::%s, %L)',
                                     r.source, key, row_type, pg_temp.path_of(r.name));
        END IF;
        FOR call, inline IN
            SELECT c, i FROM unnest(calls) AS c, unnest(ARRAY['off', 'on']) AS i
        LOOP
            PERFORM set_config('relnav.inline', inline, true);
            BEGIN
                EXECUTE format(
                    'WITH joined(s, t) AS (%s),
                          navigated(s, t) AS (SELECT "relnav source"::text, "relnav target"::text
                                                FROM %s AS "relnav source", %s AS "relnav target")
                     SELECT (SELECT count(*) FROM joined),
                            ARRAY(SELECT format(''missing: %%s -> %%s'', s, t)
                                    FROM (TABLE joined EXCEPT ALL TABLE navigated) AS d) ||
                            ARRAY(SELECT format(''too much: %%s -> %%s'', s, t)
                                    FROM (TABLE navigated EXCEPT ALL TABLE joined) AS d)',
                    joined, source_rows, call)
                INTO found, differences;
            EXCEPTION WHEN OTHERS THEN
                differences := ARRAY['error: ' || SQLERRM];
            END;
            FOREACH difference IN ARRAY differences
            LOOP
                n_differences := n_differences + 1;
                RETURN NEXT format('%s: %s, inline %s: %s', r.source, call, inline, difference);
            END LOOP;
        END LOOP;

        n_rows := n_rows + coalesce(found, 0);
        IF found = 0 THEN
            n_empty := n_empty + 1;
        END IF;
    END LOOP;

    RETURN NEXT format('%s relationships (%s without rows), %s rows, %s differences',
                       n_relationships, n_empty, n_rows, n_differences);
END
$$;

SELECT pg_temp.compare();
