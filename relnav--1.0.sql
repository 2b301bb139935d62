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
    OUT origin text)                        -- foreign key
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
'how many rows each relationship of a row leads to';

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
'how many rows each relationship of the row with this key leads to';

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
'what a DELETE of a row would do to others';

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
'what a DELETE of the row with this key would do to others';


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
