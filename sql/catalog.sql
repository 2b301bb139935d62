-- The extension's objects have the shape that programs rely on, and none of
-- them can be planted, hidden or misused.
SET client_min_messages = warning;
\set SHOW_CONTEXT never

-- A schema that somebody planted before us is not taken over.
CREATE SCHEMA relnav;
CREATE EXTENSION relnav;
DROP SCHEMA relnav;

-- Trusted: who may create objects in the database may install it, but owns
-- neither its schema nor its functions.
SELECT current_database() AS db \gset
CREATE ROLE regress_relnav_installer;
GRANT CREATE ON DATABASE :"db" TO regress_relnav_installer;
SET ROLE regress_relnav_installer;
CREATE EXTENSION relnav;
RESET ROLE;
-- right: one row, f, f
SELECT bool_or(o.owner = 'regress_relnav_installer'::regrole) AS owns_schema_or_function,
       has_schema_privilege('regress_relnav_installer', 'relnav', 'CREATE') AS may_create_in_it
  FROM (SELECT nspowner FROM pg_namespace WHERE nspname = 'relnav'
        UNION ALL
        SELECT proowner FROM pg_proc WHERE pronamespace = 'relnav'::regnamespace) AS o(owner);
DROP EXTENSION relnav;
REVOKE CREATE ON DATABASE :"db" FROM regress_relnav_installer;
DROP ROLE regress_relnav_installer;

-- Dropping it leaves nothing behind; from here on it is there to stay.
SELECT count(*) AS left_behind FROM pg_namespace WHERE nspname = 'relnav';
CREATE EXTENSION relnav;

-- In schema pg_catalog, not relocatable, trusted.
-- (The view does not look into extension_destdir, which Debian's servers have
-- and its packages are tested with.)
SELECT e.extnamespace::regnamespace, e.extrelocatable,
       coalesce(v.trusted, current_setting('extension_destdir', true) <> '') AS trusted,
       coalesce(v.superuser, current_setting('extension_destdir', true) <> '') AS superuser
  FROM pg_extension e
  LEFT JOIN pg_available_extension_versions v ON v.name = e.extname AND v.version = e.extversion
 WHERE e.extname = 'relnav';

-- Everything is in schema relnav: nothing of ours lies in pg_catalog or public.
-- right: no rows
SELECT pg_describe_object(d.classid, d.objid, 0)
  FROM pg_depend d
  JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
  LEFT JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid
 WHERE e.extname = 'relnav' AND d.deptype = 'e'
   AND p.pronamespace IS DISTINCT FROM 'relnav'::regnamespace
   AND NOT (d.classid = 'pg_namespace'::regclass AND d.objid = 'relnav'::regnamespace)
   AND NOT (d.classid = 'pg_class'::regclass AND d.objid = 'relnav.declared'::regclass)
   AND NOT (d.classid = 'pg_type'::regclass AND d.objid IN ('relnav.declared'::regtype, 'relnav.declared[]'::regtype));

-- PUBLIC may use the schema and create nothing in it; every function that
-- users call may be called by all.
SELECT has_schema_privilege('pg_read_all_stats', 'relnav', 'USAGE') AS usage,
       has_schema_privilege('pg_read_all_stats', 'relnav', 'CREATE') AS create_;
-- right: no rows
SELECT p.oid::regprocedure
  FROM pg_proc p
 WHERE p.pronamespace = 'relnav'::regnamespace
   AND NOT has_function_privilege('pg_read_all_stats', p.oid, 'EXECUTE');

-- The functions, their arguments by name, and what they return.
SELECT p.proname, arguments, p.pronargdefaults AS optional
  FROM pg_proc p,
       LATERAL (SELECT string_agg(a.name || ' ' || a.type::regtype, ', ' ORDER BY a.no) AS arguments
                  FROM unnest(p.proargnames, p.proargtypes::oid[]) WITH ORDINALITY AS a(name, type, no)
                 WHERE a.no <= p.pronargs) a
 WHERE p.pronamespace = 'relnav'::regnamespace
   AND 'internal'::regtype <> ALL (p.proargtypes)
 ORDER BY p.proname COLLATE "C", p.pronargs, arguments COLLATE "C";
SELECT DISTINCT p.proname::text COLLATE "C" AS proname, p.proretset AS set,
       CASE WHEN p.prorettype = 'record'::regtype THEN 'table'
            ELSE p.prorettype::regtype::text END AS returns
  FROM pg_proc p
 WHERE p.pronamespace = 'relnav'::regnamespace
   AND 'internal'::regtype <> ALL (p.proargtypes)
 ORDER BY 1;

-- The columns of the two functions that list relationships are a promise:
-- exactly those of doc/reference.md, in this order, the same in both.
SELECT row_number() OVER () AS "#", c.name, c.type::regtype
  FROM pg_proc p,
       unnest(p.proargnames, p.proallargtypes, p.proargmodes) AS c(name, type, mode)
 WHERE p.oid = 'relnav.relationships(regclass)'::regprocedure AND c.mode IN ('o', 't');
-- right: t
SELECT array_agg(c.name || ' ' || c.type::regtype) FILTER (WHERE p.pronargs = 1)
     = array_agg(c.name || ' ' || c.type::regtype) FILTER (WHERE p.pronargs = 0) AS same_columns
  FROM pg_proc p,
       unnest(p.proargnames, p.proallargtypes, p.proargmodes) AS c(name, type, mode)
 WHERE p.pronamespace = 'relnav'::regnamespace AND p.proname = 'relationships' AND c.mode IN ('o', 't');
SELECT c.name, c.type::regtype
  FROM pg_proc p,
       unnest(p.proargnames, p.proallargtypes, p.proargmodes) AS c(name, type, mode)
 WHERE p.oid = 'relnav.describe(regclass)'::regprocedure AND c.mode IN ('o', 't');

-- No function is SECURITY DEFINER, LEAKPROOF or STRICT, or has a SET clause;
-- all are STABLE and PARALLEL RESTRICTED, but for those that write what is
-- declared, and for aggregates, which the server marks as immutable.  right:
-- those five, v and u
SELECT p.oid::regprocedure, p.prosecdef, p.proleakproof, p.proisstrict, p.proconfig,
       p.provolatile, p.proparallel
  FROM pg_proc p
 WHERE p.pronamespace = 'relnav'::regnamespace
   AND (p.prosecdef OR p.proleakproof OR p.proconfig IS NOT NULL
        OR ('internal'::regtype <> ALL (p.proargtypes)
            AND (p.proisstrict OR (p.provolatile <> 's' AND p.prokind <> 'a') OR p.proparallel <> 'r')))
 ORDER BY p.proname COLLATE "C";

-- What is declared is kept in a table that everybody may read and write, row
-- by row, but not throw away.
SELECT privilege_type FROM information_schema.table_privileges
 WHERE table_schema = 'relnav' AND table_name = 'declared' AND grantee = 'PUBLIC'
 ORDER BY 1;

-- Every object has a comment, the schema and the extension too.  right: no rows
SELECT pg_describe_object(d.classid, d.objid, 0)
  FROM pg_depend d
  JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
 WHERE e.extname = 'relnav' AND d.deptype = 'e'
   AND d.classid NOT IN ('pg_type'::regclass)
   AND obj_description(d.objid, d.classid::regclass::text) IS NULL;
SELECT obj_description(oid, 'pg_extension') IS NOT NULL AS extension_has_comment
  FROM pg_extension WHERE extname = 'relnav';

-- An empty database has no relationships: an empty list, no error, and a
-- document all the same.  right: 0, 0, t, 0
CREATE SCHEMA regress_relnav_catalog;
CREATE TABLE regress_relnav_catalog.alone (id int PRIMARY KEY);
SELECT count(*) FROM relnav.relationships()
 WHERE source::text LIKE 'regress_relnav_catalog.%';
SELECT count(*) FROM relnav.relationships('regress_relnav_catalog.alone');
SELECT relnav.model('regress_relnav_catalog') IS NOT NULL AS has_model;
SELECT count(*) FROM relnav.describe('regress_relnav_catalog.alone');

-- No table, no relationships: NULL gives no rows.  right: 0, 0
SELECT count(*) FROM relnav.relationships(NULL);
SELECT count(*) FROM relnav.describe(NULL);

-- No relationship of the system's own tables, and none of relnav's.  right: 0
SELECT count(*)
  FROM relnav.relationships() r JOIN pg_class c ON c.oid = r.source
 WHERE c.relnamespace IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace,
                          'pg_toast'::regnamespace, 'relnav'::regnamespace);

DROP SCHEMA regress_relnav_catalog CASCADE;
