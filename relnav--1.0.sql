/* relnav--1.0.sql */

-- complain if script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION relnav" to load this file. \quit

-- Backslashes stand in E'' strings only: the database may have been set to
-- standard_conforming_strings = off.

-- The schema is made here and not by the control file, so that the script
-- fails if somebody planted one, and so that it belongs to the extension.
CREATE SCHEMA relnav;
COMMENT ON SCHEMA relnav IS
'relationships between tables, read from their keys, and ways to follow them';
GRANT USAGE ON SCHEMA relnav TO PUBLIC;


-- What is there

-- relationships(): every relationship of every user table, for programs
CREATE FUNCTION relnav.relationships(
    OUT source regclass,
    OUT name text,                          -- the listed name, what to write
    OUT full_name text,                     -- a longer one, always understood
    OUT kind text,                          -- many-to-one, one-to-many, ...
    OUT target regclass,
    OUT condition text,                     -- of "source", "association", "target"
    OUT source_columns name[],
    OUT target_columns name[],
    OUT association regclass,               -- many-to-many: the table between
    OUT association_source_columns name[],  -- pair up with source_columns
    OUT association_target_columns name[],  -- pair up with target_columns
    OUT constraints name[],                 -- many-to-many: near, far
    OUT constraint_oids oid[],
    OUT inverse text,                       -- full name, at the target
    OUT required boolean,                   -- has every source row a target?
    OUT repeats boolean,                    -- can a target row be met twice?
    OUT validated boolean,
    OUT indexed boolean,                    -- by an index at every step?
    OUT on_delete text,
    OUT origin text)                        -- foreign key, declared, view
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'relnav_relationships'
LANGUAGE C STABLE PARALLEL RESTRICTED ROWS 1000;
COMMENT ON FUNCTION relnav.relationships() IS
'every relationship of every table, for programs
Example: SELECT source, name, kind, target FROM relnav.relationships()';

-- relationships(regclass): the same for one source
CREATE FUNCTION relnav.relationships(
    relation regclass,                      -- "source" is a column of the result
    OUT source regclass,
    OUT name text,
    OUT full_name text,
    OUT kind text,
    OUT target regclass,
    OUT condition text,
    OUT source_columns name[],
    OUT target_columns name[],
    OUT association regclass,
    OUT association_source_columns name[],
    OUT association_target_columns name[],
    OUT constraints name[],
    OUT constraint_oids oid[],
    OUT inverse text,
    OUT required boolean,
    OUT repeats boolean,
    OUT validated boolean,
    OUT indexed boolean,
    OUT on_delete text,
    OUT origin text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'relnav_relationships_of'
LANGUAGE C STABLE PARALLEL RESTRICTED ROWS 10;
COMMENT ON FUNCTION relnav.relationships(regclass) IS
'the relationships of one table, for programs
Example: SELECT name, kind, target, condition FROM relnav.relationships(''orders'')';

-- describe(): the relationships of one source, for people
CREATE FUNCTION relnav.describe(
    source regclass,
    OUT name text,                          -- what to write in a path
    OUT kind text,
    OUT target regclass,
    OUT through regclass,                   -- the association table
    OUT notes text)
RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL RESTRICTED ROWS 10
BEGIN ATOMIC
    SELECT r.name, r.kind, r.target, r.association,
           pg_catalog.concat_ws(', ',
               CASE WHEN r.required THEN 'required' END,
               CASE WHEN NOT r.indexed THEN 'no index' END,
               CASE WHEN NOT r.validated THEN 'not valid' END,
               CASE WHEN r.repeats THEN 'repeats' END,
               CASE WHEN r.origin OPERATOR(pg_catalog.=) 'declared'
                    THEN 'declared' END,
               -- of an association that is said at the table itself
               CASE WHEN r.on_delete OPERATOR(pg_catalog.<>) 'no action'
                     AND r.association IS NULL
                    THEN 'on delete ' OPERATOR(pg_catalog.||) r.on_delete END)
      FROM relnav.relationships($1) r;
END;
COMMENT ON FUNCTION relnav.describe(regclass) IS
'the relationships of one table, for people
Example: SELECT * FROM relnav.describe(''orders'')';

-- model(): the relationships of a schema as one document
CREATE FUNCTION relnav.model(nsp regnamespace)
RETURNS json
LANGUAGE sql STABLE PARALLEL RESTRICTED
BEGIN ATOMIC
    WITH tables AS (
        SELECT c.oid AS relid,
               n.nspname OPERATOR(pg_catalog.=) s.nspname AS wanted,
               n.nspname AS schema, c.relname AS name
          FROM pg_catalog.pg_class c
          JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
         CROSS JOIN pg_catalog.pg_namespace s
         WHERE s.oid OPERATOR(pg_catalog.=) $1
           AND c.relkind OPERATOR(pg_catalog.=) ANY ('{r,p,f,v,m}'::"char"[])),
    listed AS (
        SELECT t.schema, t.name AS table_name,
               pg_catalog.json_build_object(
                   'name', r.name,
                   'full_name', r.full_name,
                   'kind', r.kind,
                   'target', pg_catalog.json_build_object(
                       'schema', target.schema, 'table', target.name),
                   'condition', r.condition,
                   'source_columns', r.source_columns,
                   'target_columns', r.target_columns,
                   'association', CASE WHEN r.association IS NOT NULL
                       THEN pg_catalog.json_build_object(
                           'schema', a.schema, 'table', a.name,
                           'source_columns', r.association_source_columns,
                           'target_columns', r.association_target_columns) END,
                   'constraints', r.constraints,
                   'inverse', r.inverse,
                   'required', r.required,
                   'repeats', r.repeats,
                   'validated', r.validated,
                   'indexed', r.indexed,
                   'on_delete', r.on_delete,
                   'origin', r.origin) AS relationship,
               r.name AS relationship_name
          FROM relnav.relationships() r
          JOIN tables t ON t.relid OPERATOR(pg_catalog.=) r.source
          JOIN tables target ON target.relid OPERATOR(pg_catalog.=) r.target
          LEFT JOIN tables a ON a.relid OPERATOR(pg_catalog.=) r.association
         WHERE t.wanted),
    by_table AS (
        SELECT l.table_name,
               pg_catalog.json_agg(l.relationship
                   ORDER BY l.relationship_name COLLATE "C") AS relationships
          FROM listed l
         GROUP BY l.table_name)
    SELECT pg_catalog.json_build_object(
               'schema', s.nspname,
               'tables', COALESCE((
                   SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
                              'table', b.table_name,
                              'relationships', b.relationships)
                          ORDER BY b.table_name COLLATE "C")
                     FROM by_table b), '[]'::json))
      FROM pg_catalog.pg_namespace s
     WHERE s.oid OPERATOR(pg_catalog.=) $1;
END;
COMMENT ON FUNCTION relnav.model(regnamespace) IS
'the relationships of a schema''s tables as one json document
Example: SELECT relnav.model(''shop'')';

-- query(): the SELECT of a navigation
CREATE FUNCTION relnav.query(source regclass, path text)
RETURNS text
AS 'MODULE_PATHNAME', 'relnav_query'
LANGUAGE C STABLE PARALLEL RESTRICTED;
COMMENT ON FUNCTION relnav.query(regclass, text) IS
'the SELECT of a navigation, with $1 as the source row
Example: SELECT relnav.query(''customer'', ''orders.items.product'')';

CREATE FUNCTION relnav.query(source regclass, key anycompatible, path text)
RETURNS text
AS 'MODULE_PATHNAME', 'relnav_query_by_key'
LANGUAGE C STABLE PARALLEL RESTRICTED;
COMMENT ON FUNCTION relnav.query(regclass, anycompatible, text) IS
'the SELECT of a navigation from the row with this key, ready to be run
Example: SELECT relnav.query(''customer'', 1, ''orders.items.product'')';


-- What is declared

-- What people have declared, and other names that they have given.  Everybody
-- may write it; the trigger demands that he owns what he writes about.
CREATE TABLE relnav.declared (
    source regclass NOT NULL,
    name text NOT NULL,                     -- listed at the source
    source_columns name[],                  -- null in another name
    target regclass,
    target_columns name[],
    association regclass,                   -- many-to-many: the table between
    association_source_columns name[],      -- pair up with source_columns
    association_target_columns name[],      -- pair up with target_columns
    inverse text,                           -- listed at the target
    to_one boolean,                         -- is there one target row at most?
    constraint_table regclass,              -- another name: the key's table
    constraints name[],                     -- its constraint; many-to-many: near, far
    backwards boolean,                      -- another name: of the way to the children?
    CONSTRAINT declared_pkey PRIMARY KEY (source, name));
COMMENT ON TABLE relnav.declared IS
'relationships that were declared, and other names for those that follow from keys';
COMMENT ON COLUMN relnav.declared.source IS 'the relation at which it is listed';
COMMENT ON COLUMN relnav.declared.name IS 'what it is called there';
COMMENT ON COLUMN relnav.declared.source_columns IS 'the columns of the source that are compared';
COMMENT ON COLUMN relnav.declared.target IS 'where it leads';
COMMENT ON COLUMN relnav.declared.target_columns IS 'the columns of the target that are compared';
COMMENT ON COLUMN relnav.declared.association IS 'many-to-many: the table between';
COMMENT ON COLUMN relnav.declared.association_source_columns IS 'its columns for source_columns';
COMMENT ON COLUMN relnav.declared.association_target_columns IS 'its columns for target_columns';
COMMENT ON COLUMN relnav.declared.inverse IS 'what it is called at the target, if it is listed there';
COMMENT ON COLUMN relnav.declared.to_one IS 'is there at most one target row for each source row?';
COMMENT ON COLUMN relnav.declared.constraint_table IS 'of another name: the table with the foreign key';
COMMENT ON COLUMN relnav.declared.constraints IS 'of another name: the foreign key, or the two of an association';
COMMENT ON COLUMN relnav.declared.backwards IS 'of another name: does it lead to the referencing rows?';
CREATE INDEX declared_target ON relnav.declared (target);
COMMENT ON INDEX relnav.declared_target IS 'finds what is declared with a relation as its target';
GRANT SELECT, INSERT, UPDATE, DELETE ON relnav.declared TO PUBLIC;

-- The trigger's functions, which refuse to be another table's.
CREATE FUNCTION relnav.declared_trigger()
RETURNS trigger
AS 'MODULE_PATHNAME', 'relnav_declared_trigger'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION relnav.declared_trigger() IS
'checks what is declared, and announces it';

CREATE FUNCTION relnav.declared_truncate_trigger()
RETURNS trigger
AS 'MODULE_PATHNAME', 'relnav_declared_truncate_trigger'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION relnav.declared_truncate_trigger() IS
'announces that nothing is declared any more';

CREATE TRIGGER declared_trigger BEFORE INSERT OR UPDATE OR DELETE ON relnav.declared
FOR EACH ROW EXECUTE FUNCTION relnav.declared_trigger();
COMMENT ON TRIGGER declared_trigger ON relnav.declared IS
'checks what is declared, and announces it';

CREATE TRIGGER declared_truncate_trigger AFTER TRUNCATE ON relnav.declared
FOR EACH STATEMENT EXECUTE FUNCTION relnav.declared_truncate_trigger();
COMMENT ON TRIGGER declared_truncate_trigger ON relnav.declared IS
'announces that nothing is declared any more';

-- declaration_problem(): what is wrong with a row of relnav.declared
CREATE FUNCTION relnav.declaration_problem(declaration relnav.declared)
RETURNS text
AS 'MODULE_PATHNAME', 'relnav_declaration_problem'
LANGUAGE C STABLE PARALLEL RESTRICTED;
COMMENT ON FUNCTION relnav.declaration_problem(relnav.declared) IS
'why a declaration is skipped, null if it is not
Example: SELECT source, name, relnav.declaration_problem(d) FROM relnav.declared d';

-- What is not valid any more could not be restored.  Nor could what is about a
-- materialized view that needs a primary key, for its GROUP BY: pg_dump makes
-- that after all data, and one row that fails would take all with it.
SELECT pg_catalog.pg_extension_config_dump('relnav.declared', $$
WHERE relnav.declaration_problem(declared) IS NULL AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_rewrite w ON w.ev_class OPERATOR(pg_catalog.=) c.oid
      JOIN pg_catalog.pg_depend d
        ON d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_rewrite'::pg_catalog.regclass
           AND d.objid OPERATOR(pg_catalog.=) w.oid
     WHERE c.relkind OPERATOR(pg_catalog.=) 'm'
       AND c.oid OPERATOR(pg_catalog.=) ANY (ARRAY[source, target, association]::pg_catalog.oid[])
       AND d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_constraint'::pg_catalog.regclass)$$);

-- declare(): a relationship that follows from no key
CREATE FUNCTION relnav.declare(
    source regclass,
    name text,                              -- what it is called at the source
    source_columns name[],
    target regclass,
    target_columns name[],                  -- pair up with source_columns
    association regclass DEFAULT NULL,      -- many-to-many: the table between
    association_source_columns name[] DEFAULT NULL,
    association_target_columns name[] DEFAULT NULL,
    inverse text DEFAULT NULL,              -- what it is called at the target
    to_one boolean DEFAULT NULL)            -- one target row at most?
RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
    INSERT INTO relnav.declared (
        source, name, source_columns, target, target_columns, association,
        association_source_columns, association_target_columns, inverse, to_one)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);
END;
COMMENT ON FUNCTION relnav.declare(regclass, text, name[], regclass, name[],
    regclass, name[], name[], text, boolean) IS
'declares a relationship that follows from no key
Example: SELECT relnav.declare(''supplier'', ''local_address'', ''{country}'', ''address'', ''{country}'')';

-- undeclare(): take that back
CREATE FUNCTION relnav.undeclare(source regclass, name text)
RETURNS void
AS 'MODULE_PATHNAME', 'relnav_undeclare'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION relnav.undeclare(regclass, text) IS
'takes back what was declared
Example: SELECT relnav.undeclare(''supplier'', ''local_address'')';

-- rename(): another name for a relationship that follows from keys
CREATE FUNCTION relnav.rename(
    source regclass,
    name text,
    new_name text)                          -- null: the old one again
RETURNS void
AS 'MODULE_PATHNAME', 'relnav_rename'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION relnav.rename(regclass, text, text) IS
'gives a relationship that follows from keys another name
Example: SELECT relnav.rename(''orders'', ''salesperson'', ''sold_by'')';


-- Looking around

-- neighbors(): how many rows each relationship of a row leads to
CREATE FUNCTION relnav.neighbors(
    source anyelement,                      -- a row
    OUT name text,                          -- what to write in a path
    OUT kind text,
    OUT target regclass,
    OUT rows bigint,                        -- null: could not be counted
    OUT more boolean)                       -- there are more than 1000
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'relnav_neighbors'
LANGUAGE C STABLE PARALLEL RESTRICTED ROWS 10;
COMMENT ON FUNCTION relnav.neighbors(anyelement) IS
'how many rows each relationship of a row leads to
Example: SELECT c.name, n.* FROM customer c, relnav.neighbors(c) n';

CREATE FUNCTION relnav.neighbors(
    source regclass,
    key anycompatible,
    cap int DEFAULT 1000,                   -- null: count them all
    OUT name text,
    OUT kind text,
    OUT target regclass,
    OUT rows bigint,                        -- null: could not be counted
    OUT more boolean)                       -- there are more than cap
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'relnav_neighbors_by_key'
LANGUAGE C STABLE PARALLEL RESTRICTED ROWS 10;
COMMENT ON FUNCTION relnav.neighbors(regclass, anycompatible, int) IS
'how many rows each relationship of the row with this key leads to
Example: SELECT * FROM relnav.neighbors(''customer'', 1)';

-- paths(): how one table is connected with another
CREATE FUNCTION relnav.paths(
    source regclass,
    target regclass,
    max_hops int DEFAULT 4,
    max_paths int DEFAULT 20,
    OUT path text,                          -- for related() and query()
    OUT hops int,                           -- the shortest first
    OUT kind text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'relnav_paths'
LANGUAGE C STABLE PARALLEL RESTRICTED ROWS 10;
COMMENT ON FUNCTION relnav.paths(regclass, regclass, int, int) IS
'the paths from one table to another, the shortest first
Example: SELECT * FROM relnav.paths(''customer'', ''supplier'')';

-- delete_impact(): what a DELETE of a row would do
CREATE FUNCTION relnav.delete_impact(
    source anyelement,                      -- a row
    OUT target regclass,                    -- whose rows
    OUT action text,                        -- delete, set null, set default, ...
    OUT constraint_name name,               -- by which key; null: the row itself
    OUT depth int,                          -- how many keys away
    OUT rows bigint,                        -- null: not known
    OUT detail text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'relnav_delete_impact'
LANGUAGE C STABLE PARALLEL RESTRICTED ROWS 10;
COMMENT ON FUNCTION relnav.delete_impact(anyelement) IS
'what a DELETE of a row would do to others
Example: SELECT d.* FROM customer c, relnav.delete_impact(c) d WHERE c.id = 1';

CREATE FUNCTION relnav.delete_impact(
    source regclass,
    key anycompatible,
    OUT target regclass,
    OUT action text,
    OUT constraint_name name,
    OUT depth int,
    OUT rows bigint,
    OUT detail text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'relnav_delete_impact_by_key'
LANGUAGE C STABLE PARALLEL RESTRICTED ROWS 10;
COMMENT ON FUNCTION relnav.delete_impact(regclass, anycompatible) IS
'what a DELETE of the row with this key would do to others
Example: SELECT * FROM relnav.delete_impact(''customer'', 1)';

-- check_choice(): a format or style, or an error
CREATE FUNCTION relnav.check_choice(option text, value text, choices text[])
RETURNS text
AS 'MODULE_PATHNAME', 'relnav_check_choice'
LANGUAGE C STABLE PARALLEL RESTRICTED;
COMMENT ON FUNCTION relnav.check_choice(text, text, text[]) IS
'the value, if it is one of the choices, else an error';

-- lint(): what is not as it should be with foreign keys
--
-- Each finding is a branch of its own: table, finding, detail, suggestion.
CREATE FUNCTION relnav.lint(
    OUT target regclass,
    OUT finding text,
    OUT detail text,
    OUT suggestion text)                    -- to be run as it is
RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL RESTRICTED ROWS 100
BEGIN ATOMIC
    WITH keys AS MATERIALIZED (             -- of users' tables, none of them a part of another
        SELECT c.oid, c.conrelid, c.confrelid, c.conname, c.convalidated, c.confmatchtype,
               c.conkey, c.confkey, c.conpfeqop, c.confdeltype, c.confupdtype,
               pg_catalog.format('%I.%I', n.nspname, t.relname) AS name,
               pg_catalog.format('%I.%I', rn.nspname, rt.relname) AS referenced,
               t.relispartition,
               (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY k.n)
                  FROM ROWS FROM (pg_catalog.unnest(c.conkey)) WITH ORDINALITY AS k(attnum, n)
                  JOIN pg_catalog.pg_attribute a
                    ON a.attrelid OPERATOR(pg_catalog.=) c.conrelid
                   AND a.attnum OPERATOR(pg_catalog.=) k.attnum) AS columns,
               (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY k.n)
                  FROM ROWS FROM (pg_catalog.unnest(c.confkey)) WITH ORDINALITY AS k(attnum, n)
                  JOIN pg_catalog.pg_attribute a
                    ON a.attrelid OPERATOR(pg_catalog.=) c.confrelid
                   AND a.attnum OPERATOR(pg_catalog.=) k.attnum) AS referenced_columns,
               COALESCE(CASE WHEN NOT c.convalidated  -- PostgreSQL 18
                   THEN (pg_catalog.to_jsonb(c) OPERATOR(pg_catalog.->>) 'conenforced')::boolean END, true) AS enforced
          FROM pg_catalog.pg_constraint c
          JOIN pg_catalog.pg_class t ON t.oid OPERATOR(pg_catalog.=) c.conrelid
          JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) t.relnamespace
          JOIN pg_catalog.pg_class rt ON rt.oid OPERATOR(pg_catalog.=) c.confrelid
          JOIN pg_catalog.pg_namespace rn ON rn.oid OPERATOR(pg_catalog.=) rt.relnamespace
         WHERE c.contype OPERATOR(pg_catalog.=) 'f'
           AND c.conparentid OPERATOR(pg_catalog.=) 0::oid
           AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'relnav')
           AND NOT pg_catalog.pg_is_other_temp_schema(n.oid)),
    listed AS MATERIALIZED (                -- the relationships by them
        -- No WHERE, by which the planner would expect next to none.
        SELECT r.source, r.target, r.indexed, r.kind,
               CASE WHEN r.association IS NULL AND r.origin OPERATOR(pg_catalog.=) 'foreign key'
                    THEN r.constraint_oids[1] END AS oid
          FROM relnav.relationships() r),
    findings AS (
        -- At the root, if all its partitions have the key.
        SELECT t.oid AS relid, 'foreign key without index' AS finding,
               pg_catalog.format('%I (%s): deleting from %s, and following it back, reads the whole table',
                                 k.conname, k.columns, k.referenced) AS detail,
               pg_catalog.format('CREATE INDEX ON %I.%I (%s)', n.nspname, t.relname,
                   (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(c.attname), ', ' ORDER BY c.n)
                      FROM (SELECT a.attname, pg_catalog.min(p.n) AS n
                              FROM ROWS FROM (pg_catalog.unnest(k.conkey)) WITH ORDINALITY AS p(attnum, n)
                              JOIN pg_catalog.pg_attribute a
                                ON a.attrelid OPERATOR(pg_catalog.=) k.conrelid
                               AND a.attnum OPERATOR(pg_catalog.=) p.attnum
                             GROUP BY a.attname) c)) AS suggestion
          FROM keys k
          JOIN listed l ON l.oid OPERATOR(pg_catalog.=) k.oid
          JOIN pg_catalog.pg_class t ON t.oid OPERATOR(pg_catalog.=) l.target
          JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) t.relnamespace
         WHERE NOT l.indexed
           AND l.kind IN ('one-to-many', 'one-to-one')
        UNION ALL
        SELECT k.conrelid, 'foreign key not valid',
               pg_catalog.format('%I (%s): rows from before it was added were never checked', k.conname, k.columns),
               pg_catalog.format('ALTER TABLE %s VALIDATE CONSTRAINT %I', k.name, k.conname)
          FROM keys k
         WHERE NOT k.convalidated AND k.enforced
        UNION ALL
        SELECT k.conrelid, 'foreign key not enforced',
               pg_catalog.format('%I (%s): nothing checks it', k.conname, k.columns),
               pg_catalog.format('ALTER TABLE %s ALTER CONSTRAINT %I ENFORCED', k.name, k.conname)
          FROM keys k
         WHERE NOT k.enforced
        UNION ALL
        -- The one that relnav names the relationship after stays.
        SELECT o.conrelid, 'foreign key twice',
               pg_catalog.format('%I (%s) says the same as %I%s', o.conname, o.columns, o.first_name,
                   CASE WHEN ROW(o.confdeltype, o.confupdtype) OPERATOR(pg_catalog.<>) ROW(o.first_delete, o.first_update)
                        THEN ', but with other actions' END),
               pg_catalog.format('ALTER TABLE %s DROP CONSTRAINT %I', o.name, o.conname)
          FROM (SELECT k.*,
                       pg_catalog.first_value(k.oid) OVER same AS first_oid,
                       pg_catalog.first_value(k.conname) OVER same AS first_name,
                       pg_catalog.first_value(k.confdeltype) OVER same AS first_delete,
                       pg_catalog.first_value(k.confupdtype) OVER same AS first_update
                  FROM (SELECT k0.*,
                               ARRAY(SELECT pg_catalog.format('%s %s', p.a, p.b)
                                       FROM ROWS FROM (pg_catalog.unnest(k0.conkey), pg_catalog.unnest(k0.confkey)) AS p(a, b)
                                      ORDER BY p.a, p.b) AS pairs
                          FROM keys k0) k
                WINDOW same AS (PARTITION BY k.conrelid, k.confrelid, k.pairs
                                ORDER BY NOT k.convalidated, k.conname::text COLLATE "C")) o
         WHERE o.oid OPERATOR(pg_catalog.<>) o.first_oid
        UNION ALL
        -- The comparison converts the referencing column, so no index on it can serve.
        SELECT k.conrelid, 'column types differ',
               pg_catalog.format('%I: %I is %s, %I of %s is %s', k.conname,
                                 a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
                                 b.attname, k.referenced, pg_catalog.format_type(b.atttypid, b.atttypmod)),
               pg_catalog.format('ALTER TABLE %s ALTER COLUMN %I TYPE %s', k.name, a.attname,
                                 pg_catalog.format_type(b.atttypid, b.atttypmod))
          FROM keys k
         CROSS JOIN ROWS FROM (pg_catalog.unnest(k.conkey), pg_catalog.unnest(k.confkey),
                               pg_catalog.unnest(k.conpfeqop)) AS p(fk, pk, operator)
          JOIN pg_catalog.pg_attribute a
            ON a.attrelid OPERATOR(pg_catalog.=) k.conrelid AND a.attnum OPERATOR(pg_catalog.=) p.fk
          JOIN pg_catalog.pg_attribute b
            ON b.attrelid OPERATOR(pg_catalog.=) k.confrelid AND b.attnum OPERATOR(pg_catalog.=) p.pk
          JOIN pg_catalog.pg_operator o ON o.oid OPERATOR(pg_catalog.=) p.operator
         CROSS JOIN LATERAL (               -- what a domain is of
               WITH RECURSIVE base AS (
                   SELECT t.oid, t.typtype, t.typbasetype
                     FROM pg_catalog.pg_type t
                    WHERE t.oid OPERATOR(pg_catalog.=) a.atttypid
                   UNION ALL
                   SELECT t.oid, t.typtype, t.typbasetype
                     FROM base
                     JOIN pg_catalog.pg_type t ON t.oid OPERATOR(pg_catalog.=) base.typbasetype
                    WHERE base.typtype OPERATOR(pg_catalog.=) 'd')
               SELECT base.oid FROM base WHERE base.typtype OPERATOR(pg_catalog.<>) 'd') f
         WHERE f.oid OPERATOR(pg_catalog.<>) o.oprright
           AND a.atttypid OPERATOR(pg_catalog.<>) b.atttypid
           AND NOT EXISTS (
               SELECT FROM pg_catalog.pg_cast c
                WHERE c.castsource OPERATOR(pg_catalog.=) f.oid
                  AND c.casttarget OPERATOR(pg_catalog.=) o.oprright
                  AND c.castmethod OPERATOR(pg_catalog.=) 'b')
           AND NOT EXISTS (                 -- anyarray, anyenum, ...
               SELECT FROM pg_catalog.pg_type t
                WHERE t.oid OPERATOR(pg_catalog.=) o.oprright
                  AND t.typtype OPERATOR(pg_catalog.=) 'p')
        UNION ALL
        -- Where one column is null the others are not checked, unless other keys do that.
        SELECT k.conrelid, 'half-nullable foreign key',
               pg_catalog.format('%I (%s): if %s is null, nothing checks the others',
                                 k.conname, k.columns, h.nullable),
               CASE WHEN h.n OPERATOR(pg_catalog.=) pg_catalog.cardinality(k.conkey)
                    THEN pg_catalog.format('ALTER TABLE %s ADD CHECK (pg_catalog.num_nulls(%s) IN (0, %s)) NOT VALID',
                                           k.name, k.columns, h.n)
                    ELSE pg_catalog.format('ALTER TABLE %s ADD CHECK (%s) NOT VALID', k.name, h.not_null) END
          FROM keys k
         CROSS JOIN LATERAL (
               SELECT pg_catalog.count(*) AS n,
                      pg_catalog.array_agg(a.attnum) AS attnums,
                      pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ' or ' ORDER BY p.n) AS nullable,
                      pg_catalog.string_agg(pg_catalog.format('%I IS NOT NULL', a.attname), ' AND '
                                            ORDER BY p.n) AS not_null
                 FROM ROWS FROM (pg_catalog.unnest(k.conkey)) WITH ORDINALITY AS p(attnum, n)
                 JOIN pg_catalog.pg_attribute a
                   ON a.attrelid OPERATOR(pg_catalog.=) k.conrelid AND a.attnum OPERATOR(pg_catalog.=) p.attnum
                WHERE NOT a.attnotnull) h
         WHERE (SELECT pg_catalog.count(DISTINCT p.attnum)
                  FROM ROWS FROM (pg_catalog.unnest(k.conkey)) AS p(attnum)) OPERATOR(pg_catalog.>) 1
           AND k.confmatchtype OPERATOR(pg_catalog.=) 's'
           AND h.n OPERATOR(pg_catalog.>) 0
           AND NOT EXISTS (                 -- somebody has thought about it
               SELECT FROM pg_catalog.pg_constraint c
                WHERE c.conrelid OPERATOR(pg_catalog.=) k.conrelid
                  AND c.contype OPERATOR(pg_catalog.=) 'c'
                  AND c.conkey OPERATOR(pg_catalog.@>) h.attnums)
           AND NOT (h.n OPERATOR(pg_catalog.=) 1
                    AND NOT EXISTS (
                        SELECT FROM ROWS FROM (pg_catalog.unnest(k.conkey)) AS p(attnum)
                          JOIN pg_catalog.pg_attribute a
                            ON a.attrelid OPERATOR(pg_catalog.=) k.conrelid
                           AND a.attnum OPERATOR(pg_catalog.=) p.attnum
                         WHERE a.attnotnull
                           AND NOT EXISTS (
                               SELECT FROM keys o
                                WHERE o.conrelid OPERATOR(pg_catalog.=) k.conrelid
                                  AND o.oid OPERATOR(pg_catalog.<>) k.oid
                                  AND p.attnum OPERATOR(pg_catalog.=) ANY (o.conkey)
                                  AND NOT EXISTS (
                                      SELECT FROM ROWS FROM (pg_catalog.unnest(o.conkey)) AS q(attnum)
                                        JOIN pg_catalog.pg_attribute b
                                          ON b.attrelid OPERATOR(pg_catalog.=) k.conrelid
                                         AND b.attnum OPERATOR(pg_catalog.=) q.attnum
                                       WHERE NOT b.attnotnull))))
        UNION ALL
        SELECT k.conrelid, 'key on partitions only',
               pg_catalog.format('%I (%s): the other partitions of %s do not have it', k.conname, k.columns, root.name),
               pg_catalog.format('ALTER TABLE %s ADD FOREIGN KEY (%s) REFERENCES %s (%s)',
                                 root.name, k.columns, k.referenced, k.referenced_columns)
          FROM keys k
         CROSS JOIN LATERAL (
               SELECT pg_catalog.format('%I.%I', n.nspname, t.relname) AS name
                 FROM pg_catalog.pg_class t
                 JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) t.relnamespace
                WHERE t.oid OPERATOR(pg_catalog.=) pg_catalog.pg_partition_root(k.conrelid)) root
         WHERE k.relispartition
           AND EXISTS (
               SELECT FROM listed l
                WHERE l.oid OPERATOR(pg_catalog.=) k.oid
                  AND l.source OPERATOR(pg_catalog.=) k.conrelid)
        UNION ALL
        -- Its table may be gone, too: then there is only a number.
        SELECT d.source::oid, 'declared relationship broken',
               pg_catalog.format('%s: %s', d.name, p.problem),
               pg_catalog.format('DELETE FROM relnav.declared WHERE source = %L::regclass AND name = %L',
                                 COALESCE(t.name, d.source::oid::text), d.name)
          FROM relnav.declared d
         CROSS JOIN LATERAL relnav.declaration_problem(d) AS p(problem)
          LEFT JOIN LATERAL (
               SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS name
                 FROM pg_catalog.pg_class c
                 JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
                WHERE c.oid OPERATOR(pg_catalog.=) d.source) t ON true
         WHERE p.problem IS NOT NULL)
    SELECT f.relid::regclass, f.finding, f.detail, f.suggestion
      FROM findings f
      LEFT JOIN pg_catalog.pg_class t ON t.oid OPERATOR(pg_catalog.=) f.relid
      LEFT JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) t.relnamespace
     ORDER BY n.nspname COLLATE "C", t.relname COLLATE "C", f.finding COLLATE "C", f.detail COLLATE "C";
END;
COMMENT ON FUNCTION relnav.lint() IS
'what is not as it should be with foreign keys, and what to do about it
Example: SELECT * FROM relnav.lint()';

CREATE FUNCTION relnav.lint(
    nsp regnamespace,
    OUT target regclass,
    OUT finding text,
    OUT detail text,
    OUT suggestion text)
RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL RESTRICTED ROWS 100
BEGIN ATOMIC
    SELECT l.target, l.finding, l.detail, l.suggestion
      FROM ROWS FROM (relnav.lint()) WITH ORDINALITY AS l(target, finding, detail, suggestion, n)
      JOIN pg_catalog.pg_class t ON t.oid OPERATOR(pg_catalog.=) l.target
     WHERE t.relnamespace OPERATOR(pg_catalog.=) $1
     ORDER BY l.n;
END;
COMMENT ON FUNCTION relnav.lint(regnamespace) IS
'what is not as it should be with the foreign keys of a schema''s tables
Example: SELECT * FROM relnav.lint(''shop'')';

-- draw(): an entity-relationship diagram of some tables
--
-- What is drawn is each foreign key between two of the tables, once, read from
-- the referencing side.  At its other end stands the referenced table: exactly
-- one row if the key is required, else none or one.  How many rows reference
-- one follows from the kind.  What was declared is drawn likewise, from either
-- side if it is followed from one only.  A view has no lines but those of
-- declarations, unless it is the one that was asked about.
CREATE FUNCTION relnav.draw(
    tables regclass[],
    nsp regnamespace,                       -- of which names stand alone
    format text,
    folded boolean,                         -- association tables as lines?
    asked regclass)                         -- about which, or null
RETURNS text
LANGUAGE sql STABLE PARALLEL RESTRICTED
BEGIN ATOMIC
    WITH style AS MATERIALIZED (
        SELECT relnav.check_choice('format', $3, '{mermaid,dot}') AS format),
    drawn AS MATERIALIZED (
        SELECT t.relid, c.relname, n.nspname, c.relispartition,
               pg_catalog.regexp_replace(    -- no format takes line breaks and the like
                   CASE WHEN n.oid OPERATOR(pg_catalog.=) $2 THEN c.relname::text
                        ELSE pg_catalog.concat(n.nspname, '.', c.relname) END,
                   '[[:cntrl:]]|^ +$', '_', 'g') AS label
          FROM (SELECT DISTINCT u.relid
                  FROM ROWS FROM (pg_catalog.unnest($1)) AS u(relid)) t
          JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) t.relid
          JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace),
    relationships AS MATERIALIZED (         -- of many tables all at once
        SELECT r.*
          FROM (SELECT a.*
                  FROM drawn d
                 CROSS JOIN LATERAL relnav.relationships(d.relid) a
                 WHERE pg_catalog.cardinality($1) OPERATOR(pg_catalog.<=) 50
                    OR d.relispartition     -- listed when asked for only
                UNION ALL
                SELECT a.*
                  FROM relnav.relationships() a
                 WHERE pg_catalog.cardinality($1) OPERATOR(pg_catalog.>) 50
                   AND a.source IN (SELECT d.relid FROM drawn d WHERE NOT d.relispartition)) r
         WHERE r.target IN (SELECT d2.relid FROM drawn d2)
           AND (r.origin OPERATOR(pg_catalog.<>) 'view'
                OR r.source OPERATOR(pg_catalog.=) $5)),
    declared_associations AS MATERIALIZED ( -- each from one of its ends
        SELECT r.*
          FROM relationships r
         WHERE r.origin OPERATOR(pg_catalog.=) 'declared'
           AND r.association IN (SELECT d.relid FROM drawn d)
           AND (r.inverse IS NULL
                OR ROW(r.source::oid, r.full_name COLLATE "C")
                   OPERATOR(pg_catalog.<=) ROW(r.target::oid, r.inverse COLLATE "C"))),
    lines AS MATERIALIZED (                 -- each key once, from the side that references
        SELECT r.source, r.target, r.name, r.kind, r.required,
               r.source_columns, r.target_columns
          FROM relationships r
          LEFT JOIN pg_catalog.pg_constraint c
            ON c.oid OPERATOR(pg_catalog.=) r.constraint_oids[1]
         WHERE pg_catalog.num_nulls(r.association) OPERATOR(pg_catalog.>) 0    -- not as rare as IS NULL is thought to be
           AND CASE
                   WHEN r.origin OPERATOR(pg_catalog.=) 'view'
                       THEN r.kind OPERATOR(pg_catalog.<>) 'one-to-many'
                   -- declared: to-one leads to the referenced side
                   WHEN c.oid IS NULL THEN r.kind OPERATOR(pg_catalog.=) 'many-to-one'
                       OR (r.kind NOT IN ('many-to-one', 'one-to-many') AND r.inverse IS NULL)
                       OR (r.kind NOT IN ('many-to-one', 'one-to-many')
                           AND ROW(r.source::oid, r.full_name COLLATE "C")
                               OPERATOR(pg_catalog.<=) ROW(r.target::oid, r.inverse COLLATE "C"))
                   WHEN r.source OPERATOR(pg_catalog.<>) r.target
                       THEN r.source OPERATOR(pg_catalog.<>) c.confrelid
                   ELSE r.source_columns OPERATOR(pg_catalog.=) ARRAY(
                       SELECT a.attname
                         FROM ROWS FROM (pg_catalog.unnest(c.conkey)) WITH ORDINALITY AS k(attnum, n)
                         JOIN pg_catalog.pg_attribute a
                           ON a.attrelid OPERATOR(pg_catalog.=) c.conrelid
                          AND a.attnum OPERATOR(pg_catalog.=) k.attnum
                        ORDER BY k.n)
               END
        UNION ALL                           -- followed from the referenced side only
        SELECT r.target, r.source, r.name, 'many-to-one', false,
               r.target_columns, r.source_columns
          FROM relationships r
         WHERE r.association IS NULL
           AND r.kind OPERATOR(pg_catalog.=) 'one-to-many'
           AND r.inverse IS NULL
           AND r.origin OPERATOR(pg_catalog.<>) 'foreign key'
        UNION ALL                           -- a view's, through an association
        SELECT r.source, r.target, r.name, r.kind, false,
               r.source_columns, r.target_columns
          FROM relationships r
         WHERE r.association IS NOT NULL
           AND r.origin OPERATOR(pg_catalog.=) 'view'
        UNION ALL                           -- both keys that a declared association has
        SELECT k.source, k.target, k.name, 'many-to-one', false,
               k.source_columns, k.target_columns
          FROM declared_associations r
         CROSS JOIN LATERAL (VALUES
                   (r.association, r.source, COALESCE(r.inverse, r.name),
                    r.association_source_columns, r.source_columns),
                   (r.association, r.target, r.name,
                    r.association_target_columns, r.target_columns))
               AS k(source, target, name, source_columns, target_columns)
         WHERE NOT EXISTS (SELECT            -- foreign keys are there already
                             FROM relnav.relationships(r.association) f
                            WHERE f.target OPERATOR(pg_catalog.=) k.target
                              AND f.source_columns OPERATOR(pg_catalog.=) k.source_columns)),
    foldable AS MATERIALIZED (              -- tables that are nothing but an association
        SELECT DISTINCT r.association AS relid
          FROM relationships r
         WHERE $4 AND NOT r.repeats
           AND r.association IN (SELECT d.relid FROM drawn d)
           AND (SELECT pg_catalog.count(*) FROM relnav.relationships(r.association) a)
               OPERATOR(pg_catalog.=) CASE r.origin WHEN 'declared' THEN 0 ELSE 2 END),
    folds AS MATERIALIZED (                 -- each from one of its ends, not by age
        SELECT r.source, r.target, r.association
          FROM relationships r
         WHERE r.association IN (SELECT f.relid FROM foldable f)
           AND NOT r.repeats
           AND ROW(r.constraints[1], r.constraint_oids[1])
               OPERATOR(pg_catalog.<) ROW(r.constraints[2], r.constraint_oids[2])
        UNION ALL
        SELECT r.source, r.target, r.association
          FROM declared_associations r
         WHERE r.association IN (SELECT f.relid FROM foldable f)),
    entities AS MATERIALIZED (
        SELECT d.relid, d.label,
               pg_catalog.concat('e', pg_catalog.row_number() OVER (
                   ORDER BY d.nspname COLLATE "C", d.relname COLLATE "C")) AS id,
               pg_catalog.row_number() OVER (
                   ORDER BY d.nspname COLLATE "C", d.relname COLLATE "C") AS n
          FROM drawn d
         WHERE d.relid NOT IN (SELECT f.relid FROM foldable f)),
    marks AS MATERIALIZED (                 -- columns of keys, and of which
        SELECT l.source AS relid, c.name, 'FK' AS mark
          FROM lines l
         CROSS JOIN LATERAL ROWS FROM (pg_catalog.unnest(l.source_columns)) AS c(name)
        UNION ALL
        SELECT l.target, c.name, 'UK'
          FROM lines l
         CROSS JOIN LATERAL ROWS FROM (pg_catalog.unnest(l.target_columns)) AS c(name)
         WHERE l.kind OPERATOR(pg_catalog.<>) 'many-to-many'
        UNION ALL
        SELECT e.relid, a.attname, 'PK'
          FROM entities e
          JOIN pg_catalog.pg_index i ON i.indrelid OPERATOR(pg_catalog.=) e.relid AND i.indisprimary
          JOIN pg_catalog.pg_attribute a
            ON a.attrelid OPERATOR(pg_catalog.=) e.relid
           AND a.attnum OPERATOR(pg_catalog.=) ANY (i.indkey)),
    columns AS MATERIALIZED (
        SELECT m.relid, a.attnum,
               pg_catalog.regexp_replace(a.attname::text, '[[:cntrl:]]|^ +$', '_', 'g') AS name,
               pg_catalog.regexp_replace(pg_catalog.format_type(a.atttypid, NULL), '[[:cntrl:]]|^ +$', '_', 'g') AS type,
               pg_catalog.concat_ws(', ',
                   CASE WHEN m.pk THEN 'PK' END,
                   CASE WHEN m.fk THEN 'FK' END,
                   CASE WHEN m.uk AND NOT m.pk THEN 'UK' END) AS keys
          FROM (SELECT k.relid, k.name,
                       pg_catalog.bool_or(k.mark OPERATOR(pg_catalog.=) 'PK') AS pk,
                       pg_catalog.bool_or(k.mark OPERATOR(pg_catalog.=) 'FK') AS fk,
                       pg_catalog.bool_or(k.mark OPERATOR(pg_catalog.=) 'UK') AS uk
                  FROM marks k
                 GROUP BY k.relid, k.name) m
          JOIN pg_catalog.pg_attribute a
            ON a.attrelid OPERATOR(pg_catalog.=) m.relid
           AND a.attname OPERATOR(pg_catalog.=) m.name
           AND NOT a.attisdropped),
    rendered AS MATERIALIZED (              -- the columns of a table, in either format
        SELECT k.relid,
               pg_catalog.string_agg(
                   pg_catalog.format(E'\n        %s %s %s%s',
                       pg_catalog.regexp_replace(pg_catalog.regexp_replace(
                           k.type, E'[^a-zA-Z0-9_\\[\\]]', '_', 'g'), '^[^a-zA-Z]', 't'),
                       pg_catalog.regexp_replace(pg_catalog.regexp_replace(
                           k.name, '[^a-zA-Z0-9_]', '_', 'g'), '^[^a-zA-Z_]', '_'),
                       k.keys,
                       CASE WHEN k.name OPERATOR(pg_catalog.!~) '^[a-zA-Z_][a-zA-Z0-9_]*$'
                            THEN pg_catalog.format(' "%s"', pg_catalog.translate(k.name, E'"%\\#', '''___')) END),
                   '' ORDER BY k.attnum) AS mermaid,
               pg_catalog.string_agg(
                   pg_catalog.format('<tr><td align="left">%s %s <i>%s</i></td></tr>',
                       pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(
                           k.name, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'),
                       pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(
                           k.type, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'),
                       k.keys),
                   '' ORDER BY k.attnum) AS dot
          FROM columns k
         GROUP BY k.relid),
    edges AS MATERIALIZED (
        SELECT p.id AS parent, c.id AS child, p.n AS parent_n, c.n AS child_n,
               pg_catalog.regexp_replace(l.name, '[[:cntrl:]]|^ +$', '_', 'g') AS label,
               CASE WHEN l.kind OPERATOR(pg_catalog.=) 'many-to-many' THEN 'many'
                    WHEN l.required THEN 'one' ELSE 'optional' END AS parent_end,
               CASE WHEN l.kind OPERATOR(pg_catalog.=) 'one-to-one' THEN 'optional'
                    ELSE 'many' END AS child_end
          FROM lines l
          JOIN entities c ON c.relid OPERATOR(pg_catalog.=) l.source
          JOIN entities p ON p.relid OPERATOR(pg_catalog.=) l.target
        UNION ALL
        SELECT s.id, t.id, s.n, t.n,
               pg_catalog.regexp_replace(a.relname::text, '[[:cntrl:]]|^ +$', '_', 'g'), 'many', 'many'
          FROM folds f
          JOIN entities s ON s.relid OPERATOR(pg_catalog.=) f.source
          JOIN entities t ON t.relid OPERATOR(pg_catalog.=) f.target
          JOIN pg_catalog.pg_class a ON a.oid OPERATOR(pg_catalog.=) f.association)
    SELECT CASE s.format
           WHEN 'mermaid' THEN pg_catalog.concat(
               'erDiagram',
               -- It knows no escapes, so what cannot be in a string is replaced.
               (SELECT pg_catalog.string_agg(
                           pg_catalog.format(E'\n    %s["%s"]%s', e.id,
                               pg_catalog.translate(e.label, E'"%\\#', '''___'),
                               CASE WHEN r.mermaid IS NOT NULL
                                    THEN pg_catalog.format(E' {%s\n    }', r.mermaid) END),
                           '' ORDER BY e.n)
                  FROM entities e
                  LEFT JOIN rendered r ON r.relid OPERATOR(pg_catalog.=) e.relid),
               (SELECT pg_catalog.string_agg(
                           pg_catalog.format(E'\n    %s %s--%s %s : "%s"', g.parent,
                               CASE g.parent_end WHEN 'one' THEN '||' WHEN 'optional' THEN '|o' ELSE '}o' END,
                               CASE g.child_end WHEN 'optional' THEN 'o|' ELSE 'o{' END,
                               g.child,
                               pg_catalog.translate(g.label, E'"%\\#', '''___')),
                           '' ORDER BY g.parent_n, g.child_n, g.label COLLATE "C")
                  FROM edges g),
               E'\n')
           ELSE pg_catalog.concat(
               E'digraph {\n    graph [rankdir=LR];\n    node [shape=plain, fontname="Helvetica"];\n    edge [dir=both, fontname="Helvetica", fontsize=10];',
               (SELECT pg_catalog.string_agg(
                           pg_catalog.format(E'\n    %s [label=<<table border="0" cellborder="1" cellspacing="0">'
                                              '<tr><td bgcolor="lightgrey"><b>%s</b></td></tr>%s</table>>];', e.id,
                               pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(
                                   e.label, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'),
                               r.dot),
                           '' ORDER BY e.n)
                  FROM entities e
                  LEFT JOIN rendered r ON r.relid OPERATOR(pg_catalog.=) e.relid),
               (SELECT pg_catalog.string_agg(
                           pg_catalog.format(E'\n    %s -> %s [arrowtail=%s, arrowhead=%s, label="%s"];', g.parent, g.child,
                               CASE g.parent_end WHEN 'one' THEN 'teetee' WHEN 'optional' THEN 'teeodot' ELSE 'crowodot' END,
                               CASE g.child_end WHEN 'optional' THEN 'teeodot' ELSE 'crowodot' END,
                               pg_catalog.replace(pg_catalog.replace(g.label, E'\\', E'\\\\'), '"', E'\\"')),
                           '' ORDER BY g.parent_n, g.child_n, g.label COLLATE "C")
                  FROM edges g),
               E'\n}\n')
           END
      FROM style s;
END;
COMMENT ON FUNCTION relnav.draw(regclass[], regnamespace, text, boolean, regclass) IS
'an entity-relationship diagram of some tables, for diagram and diagram_around';

-- diagram(): a schema's tables, and those that they reference elsewhere
CREATE FUNCTION relnav.diagram(
    nsp regnamespace,
    format text DEFAULT 'mermaid',          -- or dot
    folded boolean DEFAULT false)           -- association tables as lines?
RETURNS text
LANGUAGE sql STABLE PARALLEL RESTRICTED
BEGIN ATOMIC
    WITH tables AS (
        SELECT c.oid
          FROM pg_catalog.pg_class c
         WHERE c.relnamespace OPERATOR(pg_catalog.=) $1
           AND c.relkind IN ('r', 'p', 'f')
           AND NOT c.relispartition)
    SELECT relnav.draw(
               ARRAY(SELECT t.oid::regclass FROM tables t
                     UNION
                     SELECT r.target
                       FROM tables t
                      CROSS JOIN LATERAL relnav.relationships(t.oid) r
                      WHERE r.kind IN ('many-to-one', 'one-to-one')
                        AND r.association IS NULL
                        AND r.origin OPERATOR(pg_catalog.<>) 'view'
                        AND (r.kind OPERATOR(pg_catalog.=) 'many-to-one'
                             OR EXISTS (SELECT FROM pg_catalog.pg_constraint c
                                         WHERE c.oid OPERATOR(pg_catalog.=) r.constraint_oids[1]
                                           AND c.confrelid OPERATOR(pg_catalog.=) r.target))
                     UNION                  -- views, where a declaration leads there
                     SELECT r.target
                       FROM tables t
                      CROSS JOIN LATERAL relnav.relationships(t.oid) r
                       JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) r.target
                      WHERE r.origin OPERATOR(pg_catalog.=) 'declared'
                        AND c.relkind IN ('v', 'm')
                        AND c.relnamespace OPERATOR(pg_catalog.=) $1),
               $1, $2, COALESCE($3, false), NULL)
      FROM pg_catalog.pg_namespace n
     WHERE n.oid OPERATOR(pg_catalog.=) $1;
END;
COMMENT ON FUNCTION relnav.diagram(regnamespace, text, boolean) IS
'an entity-relationship diagram of a schema
Example: SELECT relnav.diagram(''shop'')';

-- diagram_around(): a table and those around it
CREATE FUNCTION relnav.diagram_around(
    source regclass,
    hops int DEFAULT 1,
    format text DEFAULT 'mermaid',
    folded boolean DEFAULT false)
RETURNS text
LANGUAGE sql STABLE PARALLEL RESTRICTED
BEGIN ATOMIC
    -- Each step looks at the tables that the last one has found, once only, so
    -- any number of hops comes to its end.
    WITH RECURSIVE around(found, known, distance) AS (
        SELECT ARRAY[$1], ARRAY[$1], 0
         WHERE $1 IS NOT NULL
        UNION ALL
        SELECT n.found, pg_catalog.array_cat(a.known, n.found), a.distance OPERATOR(pg_catalog.+) 1
          FROM around a
         CROSS JOIN LATERAL (
               SELECT pg_catalog.array_agg(x.relid) AS found
                 FROM (SELECT t.relid
                         FROM pg_catalog.unnest(a.found) f(relid)
                        CROSS JOIN LATERAL relnav.relationships(f.relid) r
                        CROSS JOIN LATERAL (VALUES (r.target), (r.association)) t(relid)
                        WHERE t.relid IS NOT NULL
                          AND (r.origin OPERATOR(pg_catalog.<>) 'view'
                               OR f.relid OPERATOR(pg_catalog.=) $1)
                       EXCEPT
                       SELECT k.relid
                         FROM pg_catalog.unnest(a.known) k(relid)) x) n
         WHERE a.distance OPERATOR(pg_catalog.<) COALESCE($2, 1)
           AND n.found IS NOT NULL)
    SELECT relnav.draw((SELECT a.known FROM around a ORDER BY a.distance DESC LIMIT 1),
                       c.relnamespace::regnamespace, $3, COALESCE($4, false), $1)
      FROM pg_catalog.pg_class c
     WHERE c.oid OPERATOR(pg_catalog.=) $1;
END;
COMMENT ON FUNCTION relnav.diagram_around(regclass, int, text, boolean) IS
'an entity-relationship diagram of a table and those around it
Example: SELECT relnav.diagram_around(''orders'', 1, ''dot'')';

-- accessors(): functions of one's own for each relationship
CREATE FUNCTION relnav.accessors(
    nsp regnamespace,
    style text DEFAULT 'postgrest')         -- or postgraphile
RETURNS SETOF text                          -- for psql's \gexec
LANGUAGE sql STABLE PARALLEL RESTRICTED ROWS 100
BEGIN ATOMIC
    WITH style AS MATERIALIZED (
        SELECT relnav.check_choice('style', $2, '{postgrest,postgraphile}') AS style),
    wanted AS MATERIALIZED (
        SELECT r.source, r.name AS relationship, r.kind, c.relname,
               pg_catalog.format('%I.%I', n.nspname, c.relname) AS source_name,
               pg_catalog.format('%I.%I', tn.nspname, t.relname) AS target_name,
               n.nspname,
               CASE s.style WHEN 'postgraphile'
                    THEN pg_catalog.concat(c.relname, '_', r.name) ELSE r.name END AS name,
               c.reltype
          FROM style s
         CROSS JOIN pg_catalog.pg_class c
          JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
         CROSS JOIN LATERAL relnav.relationships(c.oid) r
          JOIN pg_catalog.pg_class t ON t.oid OPERATOR(pg_catalog.=) r.target
          JOIN pg_catalog.pg_namespace tn ON tn.oid OPERATOR(pg_catalog.=) t.relnamespace
         WHERE c.relnamespace OPERATOR(pg_catalog.=) $1
           AND c.relkind IN ('r', 'p', 'f', 'v', 'm')
           AND NOT c.relispartition),
    checked AS MATERIALIZED (
        SELECT w.*,
               CASE
                   WHEN pg_catalog.octet_length(w.name) OPERATOR(pg_catalog.>) 63
                       THEN 'the name is longer than 63 bytes'
                   WHEN EXISTS (SELECT FROM pg_catalog.pg_attribute a
                                 WHERE a.attrelid OPERATOR(pg_catalog.=) w.source
                                   AND a.attname OPERATOR(pg_catalog.=) w.name
                                   AND NOT a.attisdropped)
                       THEN 'it is the name of a column'
               END AS objection
          FROM wanted w
         WHERE NOT EXISTS (                 -- it may be there already
               SELECT FROM pg_catalog.pg_proc p
                WHERE p.pronamespace OPERATOR(pg_catalog.=) $1
                  AND p.proname OPERATOR(pg_catalog.=) w.name
                  AND p.pronargs OPERATOR(pg_catalog.=) 1
                  AND p.proargtypes[0] OPERATOR(pg_catalog.=) w.reltype))
    SELECT CASE WHEN c.objection IS NOT NULL
           -- A name may have line breaks, too.
           THEN pg_catalog.format('-- %s: %s',
                    pg_catalog.regexp_replace(pg_catalog.format('%I(%s)', c.name, c.source_name), E'[\n\r]', ' ', 'g'),
                    c.objection)
           ELSE pg_catalog.format(E'CREATE FUNCTION %I.%I(%s) RETURNS SETOF %s\nLANGUAGE sql STABLE%s\nBEGIN ATOMIC\n%s;\nEND',
                    c.nspname, c.name, c.source_name, c.target_name,
                    CASE WHEN c.kind IN ('many-to-one', 'one-to-one') THEN ' ROWS 1' END,
                    relnav.query(c.source, pg_catalog.concat('"', pg_catalog.replace(c.relationship, '"', '""'), '"')))
           END
      FROM checked c
     ORDER BY c.relname COLLATE "C", c.relationship COLLATE "C";
END;
COMMENT ON FUNCTION relnav.accessors(regnamespace, text) IS
'statements that create a function for each relationship of a schema''s tables
Example: SELECT relnav.accessors(''shop'')';


-- Typed rows.  None of these is STRICT: a null row or key has no related
-- rows, but a path that means nothing is still an error.

-- What the planner asks about the functions below.
CREATE FUNCTION relnav.navigation_support(internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'relnav_navigation_support'
LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION relnav.navigation_support(internal) IS
'planner support function of the navigations';

-- parent(): towards the referenced side
CREATE FUNCTION relnav.parent(
    child anyelement,                       -- a row
    parent anycompatible,                   -- NULL::table, for its type
    via text DEFAULT NULL)                  -- which relationship, if several
RETURNS SETOF anycompatible
AS 'MODULE_PATHNAME', 'relnav_parent'
LANGUAGE C STABLE PARALLEL RESTRICTED ROWS 1
SUPPORT relnav.navigation_support;
COMMENT ON FUNCTION relnav.parent(anyelement, anycompatible, text) IS
'the row that a row references
Example: SELECT o.id, c.name FROM orders o, relnav.parent(o, NULL::customer) c';

CREATE FUNCTION relnav.parent(
    source regclass,
    key anycompatible,                      -- of the primary key, or the only one
    target anyelement,
    via text DEFAULT NULL)
RETURNS SETOF anyelement
AS 'MODULE_PATHNAME', 'relnav_parent_by_key'
LANGUAGE C STABLE PARALLEL RESTRICTED ROWS 1
SUPPORT relnav.navigation_support;
COMMENT ON FUNCTION relnav.parent(regclass, anycompatible, anyelement, text) IS
'the row that the row with this key references
Example: SELECT * FROM relnav.parent(''orders'', 1, NULL::address, ''billing_address'')';

-- children(): towards the referencing side
CREATE FUNCTION relnav.children(
    parent anyelement,
    child anycompatible,
    via text DEFAULT NULL)
RETURNS SETOF anycompatible
AS 'MODULE_PATHNAME', 'relnav_children'
LANGUAGE C STABLE PARALLEL RESTRICTED ROWS 10
SUPPORT relnav.navigation_support;
COMMENT ON FUNCTION relnav.children(anyelement, anycompatible, text) IS
'the rows that reference a row
Example: SELECT c.name, o.id FROM customer c, relnav.children(c, NULL::orders) o';

CREATE FUNCTION relnav.children(
    source regclass,
    key anycompatible,
    target anyelement,
    via text DEFAULT NULL)
RETURNS SETOF anyelement
AS 'MODULE_PATHNAME', 'relnav_children_by_key'
LANGUAGE C STABLE PARALLEL RESTRICTED ROWS 10
SUPPORT relnav.navigation_support;
COMMENT ON FUNCTION relnav.children(regclass, anycompatible, anyelement, text) IS
'the rows that reference the row with this key
Example: SELECT * FROM relnav.children(''customer'', 1, NULL::orders)';

-- associated(): through an association table
CREATE FUNCTION relnav.associated(
    source anyelement,
    target anycompatible,
    via text DEFAULT NULL)                  -- a relationship, or the table between
RETURNS SETOF anycompatible
AS 'MODULE_PATHNAME', 'relnav_associated'
LANGUAGE C STABLE PARALLEL RESTRICTED ROWS 10
SUPPORT relnav.navigation_support;
COMMENT ON FUNCTION relnav.associated(anyelement, anycompatible, text) IS
'the rows that an association table connects with a row
Example: SELECT p.name, t.name FROM product p, relnav.associated(p, NULL::tag) t';

CREATE FUNCTION relnav.associated(
    source regclass,
    key anycompatible,
    target anyelement,
    via text DEFAULT NULL)
RETURNS SETOF anyelement
AS 'MODULE_PATHNAME', 'relnav_associated_by_key'
LANGUAGE C STABLE PARALLEL RESTRICTED ROWS 10
SUPPORT relnav.navigation_support;
COMMENT ON FUNCTION relnav.associated(regclass, anycompatible, anyelement, text) IS
'the rows that an association table connects with the row with this key
Example: SELECT * FROM relnav.associated(''product'', 1, NULL::tag)';

-- related(): in any direction, over any number of hops
CREATE FUNCTION relnav.related(
    source anyelement,
    target anycompatible,
    path text DEFAULT NULL)                 -- names with dots between them
RETURNS SETOF anycompatible
AS 'MODULE_PATHNAME', 'relnav_related'
LANGUAGE C STABLE PARALLEL RESTRICTED ROWS 10
SUPPORT relnav.navigation_support;
COMMENT ON FUNCTION relnav.related(anyelement, anycompatible, text) IS
'the rows that a path leads to from a row, each once
Example: SELECT c.name, p.name FROM customer c, relnav.related(c, NULL::product, ''orders.items.product'') p';

CREATE FUNCTION relnav.related(
    source regclass,
    key anycompatible,
    target anyelement,
    path text DEFAULT NULL)
RETURNS SETOF anyelement
AS 'MODULE_PATHNAME', 'relnav_related_by_key'
LANGUAGE C STABLE PARALLEL RESTRICTED ROWS 10
SUPPORT relnav.navigation_support;
COMMENT ON FUNCTION relnav.related(regclass, anycompatible, anyelement, text) IS
'the rows that a path leads to from the row with this key, each once
Example: SELECT * FROM relnav.related(''customer'', 1, NULL::product, ''orders.items.product'')';

-- descendants(): below a row, along a relationship of its table with itself
CREATE FUNCTION relnav.descendants(
    root anyelement,
    via text DEFAULT NULL,                  -- needed for an association
    max_depth int DEFAULT NULL)
RETURNS TABLE (
    node anyelement,                        -- each once, and never the root
    depth int)                              -- the least, from 1
AS 'MODULE_PATHNAME', 'relnav_descendants'
LANGUAGE C STABLE PARALLEL RESTRICTED ROWS 100
SUPPORT relnav.navigation_support;
COMMENT ON FUNCTION relnav.descendants(anyelement, text, int) IS
'the rows below a row, along a relationship of its table with itself
Example: SELECT (d.node).name, d.depth FROM employee e, relnav.descendants(e) d WHERE e.id = 1';

CREATE FUNCTION relnav.descendants(
    source regclass,
    key anycompatible,
    target anyelement,
    via text DEFAULT NULL,
    max_depth int DEFAULT NULL)
RETURNS TABLE (
    node anyelement,
    depth int)
AS 'MODULE_PATHNAME', 'relnav_descendants_by_key'
LANGUAGE C STABLE PARALLEL RESTRICTED ROWS 100;
COMMENT ON FUNCTION relnav.descendants(regclass, anycompatible, anyelement, text, int) IS
'the rows below a row, along a relationship of its table with itself, by its key
Example: SELECT (node).name, depth FROM relnav.descendants(''employee'', 1, NULL::employee)';

-- ancestors(): above a row, along a relationship of its table with itself
CREATE FUNCTION relnav.ancestors(
    root anyelement,
    via text DEFAULT NULL,                  -- needed for an association
    max_depth int DEFAULT NULL)
RETURNS TABLE (
    node anyelement,                        -- each once, and never the root
    depth int)                              -- the least, from 1
AS 'MODULE_PATHNAME', 'relnav_ancestors'
LANGUAGE C STABLE PARALLEL RESTRICTED ROWS 100
SUPPORT relnav.navigation_support;
COMMENT ON FUNCTION relnav.ancestors(anyelement, text, int) IS
'the rows above a row, along a relationship of its table with itself
Example: SELECT e.name, (a.node).name FROM employee e, relnav.ancestors(e) a WHERE a.depth = 1';

CREATE FUNCTION relnav.ancestors(
    source regclass,
    key anycompatible,
    target anyelement,
    via text DEFAULT NULL,
    max_depth int DEFAULT NULL)
RETURNS TABLE (
    node anyelement,
    depth int)
AS 'MODULE_PATHNAME', 'relnav_ancestors_by_key'
LANGUAGE C STABLE PARALLEL RESTRICTED ROWS 100;
COMMENT ON FUNCTION relnav.ancestors(regclass, anycompatible, anyelement, text, int) IS
'the rows above a row, along a relationship of its table with itself, by its key
Example: SELECT (node).name, depth FROM relnav.ancestors(''employee'', 3, NULL::employee)';


-- json.  A spec says what a tree shows of a row and of its related rows.
-- None of these is STRICT: a spec that means nothing is an error, whatever
-- the row.  A null spec gives null, and of tree_agg an error.

-- tree(): a row and, nested in it, its related rows
CREATE FUNCTION relnav.tree(
    source anyelement,                      -- a row
    spec text)                              -- what is shown of it
RETURNS json
AS 'MODULE_PATHNAME', 'relnav_tree'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000;
COMMENT ON FUNCTION relnav.tree(anyelement, text) IS
'a row and, nested in it, its related rows, as json
Example: SELECT relnav.tree(c, ''name, orders(id, items(quantity, product.name))'') FROM customer c';

CREATE FUNCTION relnav.tree(
    source regclass,
    key anycompatible,                      -- of the primary key, or the only one
    spec text)
RETURNS json
AS 'MODULE_PATHNAME', 'relnav_tree_by_key'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000;
COMMENT ON FUNCTION relnav.tree(regclass, anycompatible, text) IS
'the row with this key and, nested in it, its related rows, as json
Example: SELECT relnav.tree(''customer'', 1, ''*, orders(*, items(*, product(name)))'')';

-- trees(): the same for many keys, in their order
CREATE FUNCTION relnav.trees(
    source regclass,
    keys anycompatiblearray,
    spec text)
RETURNS SETOF json                          -- null where there is no row
AS 'MODULE_PATHNAME', 'relnav_trees'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 100;
COMMENT ON FUNCTION relnav.trees(regclass, anycompatiblearray, text) IS
'a tree for each of these keys, in their order, as json
Example: SELECT * FROM relnav.trees(''customer'', ARRAY[1, 2], ''name, orders(*)'')';

-- tree_agg(): the trees of many rows in one array
CREATE FUNCTION relnav.tree_agg_transfn(internal, anyelement, text)
RETURNS internal
AS 'MODULE_PATHNAME', 'relnav_tree_agg_transfn'
LANGUAGE C STABLE PARALLEL RESTRICTED;
COMMENT ON FUNCTION relnav.tree_agg_transfn(internal, anyelement, text) IS
'transition function of tree_agg';

CREATE FUNCTION relnav.tree_agg_finalfn(internal)
RETURNS json
AS 'MODULE_PATHNAME', 'relnav_tree_agg_finalfn'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000;
COMMENT ON FUNCTION relnav.tree_agg_finalfn(internal) IS
'final function of tree_agg';

CREATE AGGREGATE relnav.tree_agg(
    source anyelement,
    spec text)
(
    SFUNC = relnav.tree_agg_transfn,
    STYPE = internal,
    SSPACE = 16384,
    FINALFUNC = relnav.tree_agg_finalfn,
    PARALLEL = RESTRICTED
);
COMMENT ON AGGREGATE relnav.tree_agg(anyelement, text) IS
'rows and, nested in each, its related rows, as one json array
Example: SELECT relnav.tree_agg(c, ''name, orders(*)'' ORDER BY c.name) FROM customer c';
