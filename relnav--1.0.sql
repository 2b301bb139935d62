/* relnav--1.0.sql */

-- complain if script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION relnav" to load this file. \quit

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
'every relationship of every table, for programs';

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
'the relationships of one table, for programs';

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
               CASE WHEN r.on_delete OPERATOR(pg_catalog.<>) 'no action'
                    THEN 'on delete ' OPERATOR(pg_catalog.||) r.on_delete END)
      FROM relnav.relationships($1) r;
END;
COMMENT ON FUNCTION relnav.describe(regclass) IS
'the relationships of one table, for people';

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
'the relationships of a schema''s tables as one json document';

-- query(): the SELECT of a navigation
CREATE FUNCTION relnav.query(source regclass, path text)
RETURNS text
AS 'MODULE_PATHNAME', 'relnav_query'
LANGUAGE C STABLE PARALLEL RESTRICTED;
COMMENT ON FUNCTION relnav.query(regclass, text) IS
'the SELECT of a navigation, with $1 as the source row';

CREATE FUNCTION relnav.query(source regclass, key anycompatible, path text)
RETURNS text
AS 'MODULE_PATHNAME', 'relnav_query_by_key'
LANGUAGE C STABLE PARALLEL RESTRICTED;
COMMENT ON FUNCTION relnav.query(regclass, anycompatible, text) IS
'the SELECT of a navigation from the row with this key, ready to be run';


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
COMMENT ON INDEX relnav.declared_target IS 'finds what is declared with an inverse';
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
'why a declaration is skipped, null if it is not';

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
'declares a relationship that follows from no key';

-- undeclare(): take that back
CREATE FUNCTION relnav.undeclare(source regclass, name text)
RETURNS void
AS 'MODULE_PATHNAME', 'relnav_undeclare'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION relnav.undeclare(regclass, text) IS
'takes back what was declared';

-- rename(): another name for a relationship that follows from keys
CREATE FUNCTION relnav.rename(
    source regclass,
    name text,
    new_name text)                          -- null: the old one again
RETURNS void
AS 'MODULE_PATHNAME', 'relnav_rename'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION relnav.rename(regclass, text, text) IS
'gives a relationship that follows from keys another name';


-- Typed rows.  None of these is STRICT: a null row or key has no related
-- rows, but a path that means nothing is still an error.

-- What the planner asks about the functions below.
CREATE FUNCTION relnav.navigation_support(internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'relnav_navigation_support'
LANGUAGE C STRICT PARALLEL SAFE;
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
'the row that a row references';

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
'the row that the row with this key references';

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
'the rows that reference a row';

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
'the rows that reference the row with this key';

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
'the rows that an association table connects with a row';

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
'the rows that an association table connects with the row with this key';

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
'the rows that a path leads to from a row, each once';

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
'the rows that a path leads to from the row with this key, each once';

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
'the rows below a row, along a relationship of its table with itself';

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
'the rows below a row, along a relationship of its table with itself, by its key';

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
'the rows above a row, along a relationship of its table with itself';

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
'the rows above a row, along a relationship of its table with itself, by its key';
