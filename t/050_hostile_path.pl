# Copyright (c) 2026, relnav developers

# Nothing that somebody else has named changes what relnav says or runs: names
# planted in front of the system's in search_path, names that would end the
# place where they stand if they were not quoted, settings by which a text is
# read differently, and what was there before the extension was created.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use FindBin;
use lib $FindBin::RealBin;
use EveryFunction;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--no-locale', '--encoding=UTF8' ]);
$node->append_conf('postgresql.conf', "session_preload_libraries = 'relnav'\njit = off\n");
$node->start;
my $version = $node->safe_psql('postgres', 'SHOW server_version_num');
$node->safe_psql('postgres', 'CREATE DATABASE shop');
EveryFunction::load($node, 'shop');
is(join(' ', EveryFunction::missing($node, 'shop')), '', 'there is a call of every function');
my $expected = EveryFunction::answers($node, 'shop');


# ----- Planted names ---------------------------------------------------------

# A copy of every operator of pg_catalog that can be copied, of the functions
# that relnav uses or that anything like it would, and of types and tables.
# Each says so when it is run.
my $planted = $node->safe_psql(
	'shop', q{
CREATE SCHEMA planted;
CREATE ROLE regress_relnav_reader;
GRANT USAGE, CREATE ON SCHEMA planted TO regress_relnav_reader;
GRANT USAGE ON SCHEMA shop TO regress_relnav_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA shop TO regress_relnav_reader;
DO $do$
DECLARE
	r record;
	n int := 0;
BEGIN
	FOR r IN SELECT o.oid, oprname, oprleft, oprright, oprresult FROM pg_operator o
			  WHERE oprnamespace = 'pg_catalog'::regnamespace
	LOOP
		BEGIN
			EXECUTE format('CREATE FUNCTION planted.op%s(%s) RETURNS %s LANGUAGE plpgsql AS %L', r.oid,
				concat_ws(', ', CASE WHEN r.oprleft <> 0 THEN format_type(r.oprleft, NULL) END,
						  format_type(r.oprright, NULL)),
				format_type(r.oprresult, NULL),
				format('BEGIN RAISE WARNING ''planted operator %s''; RETURN NULL; END', replace(r.oprname, '%', '%%')));
			EXECUTE format('CREATE OPERATOR planted.%s (%s RIGHTARG = %s, FUNCTION = planted.op%s)', r.oprname,
				CASE WHEN r.oprleft <> 0 THEN format('LEFTARG = %s,', format_type(r.oprleft, NULL)) END,
				format_type(r.oprright, NULL), r.oid);
			n := n + 1;
		EXCEPTION WHEN OTHERS THEN
			NULL;
		END;
	END LOOP;
	FOR r IN SELECT p.oid, proname, pg_get_function_arguments(p.oid) AS args, pg_get_function_result(p.oid) AS result
			   FROM pg_proc p
			  WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind = 'f'
				AND proname ~ '^(to_json|to_jsonb|row_to_json|json_build.*|json_agg.*|array_.*|unnest|num_nulls|now|concat.*|format|format_type|quote_.*|replace|translate|regexp_replace|octet_length|cardinality|pg_partition_root|string_agg.*|text|int4|int8|bool|name|length|generate_series|pg_is_other_temp_schema|int4eq|texteq|oideq)$'
	LOOP
		BEGIN
			EXECUTE format('CREATE FUNCTION planted.%I(%s) RETURNS %s LANGUAGE plpgsql AS %L', r.proname, r.args, r.result,
				format('BEGIN RAISE WARNING ''planted function %s''; RETURN%s; END', r.proname,
					   CASE WHEN r.result NOT LIKE 'SETOF %' THEN ' NULL' END));
			n := n + 1;
		EXCEPTION WHEN OTHERS THEN
			NULL;
		END;
	END LOOP;
	FOR r IN SELECT unnest('{pg_class,pg_namespace,pg_constraint,pg_attribute,pg_type,pg_index,pg_proc,pg_operator,pg_cast,declared,events_0,r,s,h0,h1,k,c}'::text[]) AS name
	LOOP
		EXECUTE format('CREATE TABLE planted.%I (oid oid, relname name)', r.name);
		n := n + 1;
	END LOOP;
	FOR r IN SELECT unnest('{text,json,regclass,regnamespace,oid,name,int2,int4,int8,bool,bpchar,varchar,numeric,date,timestamptz}'::text[]) AS name
	LOOP
		EXECUTE format('CREATE TYPE planted.%I AS (planted pg_catalog.int4)', r.name);
		n := n + 1;
	END LOOP;
	RAISE INFO '%', n;
END $do$;
-- the calls themselves are read before anything is planted in front of them
CREATE SCHEMA calls;
GRANT USAGE ON SCHEMA calls TO regress_relnav_reader;
SELECT count(*) FROM pg_operator WHERE oprnamespace = 'planted'::regnamespace;
});
cmp_ok($planted, '>', 500, 'operators are planted');

my @functions = EveryFunction::reading();
my $n = 0;
$node->safe_psql('shop',
	"SET search_path = shop;\n" . join("\n", map {
		$n++;
		"CREATE FUNCTION calls.call$n() RETURNS SETOF text LANGUAGE sql BEGIN ATOMIC "
		  . EveryFunction::statement($_) . "; END;"
	} @functions));

foreach my $before ('SET relnav.inline = on', 'SET relnav.inline = off',
	'SET SESSION AUTHORIZATION regress_relnav_reader', 'SET ROLE regress_relnav_reader; SET relnav.inline = off')
{
	# Temporary ones stand in front of pg_catalog, unless they are named.
	my ($status, $out, $err) = $node->psql('shop',
		"$before;\nCREATE TEMP TABLE pg_class (oid oid);\nCREATE TEMP TABLE pg_constraint (oid oid);\n"
		  . "CREATE TEMP TABLE events_0 (seq int);\nCREATE TYPE pg_temp.text AS (x int);\nCREATE TYPE pg_temp.json AS (x int);\n"
		  . "SET search_path = planted, pg_catalog, shop;\n"
		  . join("\n", map { "\\echo =====\nSELECT * FROM calls.call$_();" } 1 .. $n));
	my (undef, @texts) = split /^=====\n/m, "$out\n";
	is($err, '', "$before: nothing that is planted is run");

	# Types that are hidden by others are shown with their schema.
	s/pg_catalog[._]//g foreach @texts;
	is(join(' ', map { $functions[$_] }
			grep { $texts[$_] ne $expected->{ $functions[$_] } =~ s/pg_catalog[._]//gr } 0 .. $#functions),
		'', "$before: every function answers as ever");
}

# The trap works: what does not name its schema goes into it.
my (undef, undef, $trapped) = $node->psql('shop', q{SET search_path = planted, pg_catalog; SELECT 1 = 1});
like($trapped, qr/planted operator =/, 'what is planted would be seen');


# ----- Settings by which a text is read or written differently ----------------

my @settings = ('backslash_quote = off', 'transform_null_equals = on', 'array_nulls = off',
	"search_path = ''; SET search_path = shop, pg_temp", 'client_encoding = LATIN1',
	'plan_cache_mode = force_generic_plan');
push @settings, 'standard_conforming_strings = off; SET escape_string_warning = off' if $version < 190000;
foreach my $setting (@settings)
{
	is(join(' ', EveryFunction::differing($expected, EveryFunction::answers($node, 'shop', "SET $setting;"))),
		'', "every function answers as ever with $setting");
}

# Trees are what to_json makes of the same row, whatever is set.
$node->safe_psql('shop', q{
CREATE TABLE shop.odd (id int PRIMARY KEY, d date, t timestamptz, i interval, f float8, b bytea, x xml, n numeric);
INSERT INTO shop.odd VALUES (1, '2026-02-01', '2026-02-01 12:00+00', '1 day 02:03', 0.1::float4, '\xdeadbeef', NULL, 'NaN')});
foreach my $setting ("DateStyle = 'German'", "DateStyle = 'SQL, DMY'", "TimeZone = 'Asia/Tokyo'",
	"IntervalStyle = 'sql_standard'", 'extra_float_digits = -3', 'bytea_output = escape',
	'xmlbinary = hex', "lc_numeric = 'C'", 'quote_all_identifiers = on')
{
	is($node->safe_psql('shop', qq{
SET $setting;
SELECT relnav.tree('shop.odd', 1, '*')::text = row_to_json(o)::text
       AND relnav.tree(o, '*')::text = row_to_json(o)::text FROM shop.odd o}), 't', "a tree is json with $setting");
}


# ----- What was there before the extension -----------------------------------

# A database owner who is no superuser creates it (it is trusted), in a
# database that is set to read texts otherwise and to look elsewhere first.
$node->safe_psql('postgres', q{
CREATE ROLE regress_relnav_dba LOGIN;
CREATE ROLE regress_relnav_mallory LOGIN;
CREATE DATABASE planted OWNER regress_relnav_dba TEMPLATE shop});
$node->safe_psql('planted', q{
DROP EXTENSION relnav CASCADE;
ALTER SCHEMA planted OWNER TO regress_relnav_dba;
GRANT USAGE ON SCHEMA planted TO PUBLIC;
ALTER DATABASE planted SET search_path = planted, pg_catalog, public;
CREATE TABLE public.event (tag text);
GRANT INSERT ON public.event TO PUBLIC;
CREATE FUNCTION public.note() RETURNS event_trigger LANGUAGE plpgsql SET search_path = pg_catalog AS
	$$ BEGIN INSERT INTO public.event VALUES (tg_tag); END $$;
CREATE EVENT TRIGGER note ON ddl_command_end EXECUTE FUNCTION public.note();
-- of the one who installs it
ALTER DEFAULT PRIVILEGES FOR ROLE regress_relnav_dba GRANT ALL ON TABLES TO regress_relnav_mallory;
ALTER DEFAULT PRIVILEGES FOR ROLE regress_relnav_dba GRANT ALL ON SCHEMAS TO regress_relnav_mallory;
});
$node->safe_psql('planted', 'ALTER DATABASE planted SET standard_conforming_strings = off') if $version < 190000;

# Somebody's schema of this name: nothing is put into it.
$node->safe_psql('planted', 'CREATE SCHEMA relnav AUTHORIZATION regress_relnav_mallory');
my ($status, $out, $err) =
  $node->psql('planted', 'CREATE EXTENSION relnav', extra_params => [ '-U', 'regress_relnav_dba' ]);
like($err, qr/ERROR:  schema "relnav" already exists/, 'a planted schema is not taken');
is($node->safe_psql('planted', q{SELECT count(*) FROM pg_catalog.pg_proc WHERE pronamespace OPERATOR(pg_catalog.=) 'relnav'::pg_catalog.regnamespace}),
	'0', 'and nothing is in it');
$node->safe_psql('planted', 'DROP SCHEMA relnav');

($status, $out, $err) =
  $node->psql('planted', 'CREATE EXTENSION relnav', extra_params => [ '-U', 'regress_relnav_dba' ]);
is($err, '', 'the owner of a database can create the extension, and nothing planted is run');

# It is the same as in a database where nothing was planted.
$node->safe_psql('postgres', 'CREATE DATABASE clean');
$node->safe_psql('clean', 'CREATE EXTENSION relnav');
my $objects = q{
SET search_path = pg_catalog;
SET standard_conforming_strings = on;
SELECT pg_describe_object(d.classid, d.objid, 0), pg_get_functiondef(p.oid)
  FROM pg_depend d JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
  LEFT JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid AND p.prokind = 'f'
 WHERE e.extname = 'relnav' AND d.deptype = 'e' ORDER BY 1;
SELECT nspname, nspowner = 10, nspacl FROM pg_namespace WHERE nspname = 'relnav';
SELECT relname, relowner = 10, relacl FROM pg_class WHERE relnamespace = 'relnav'::regnamespace ORDER BY 1;
SELECT tgname, tgfoid::regprocedure FROM pg_trigger WHERE tgrelid = 'relnav.declared'::regclass ORDER BY 1;
SELECT count(*) FROM pg_proc WHERE pronamespace = 'relnav'::regnamespace AND (proowner <> 10 OR prosecdef OR proleakproof OR proconfig IS NOT NULL);
};
is($node->safe_psql('planted', $objects), $node->safe_psql('clean', $objects),
	'what it consists of is the same, belongs to the superuser, and has no privileges by default');
my (undef, $schema_create) = $node->psql('planted',
	q{SELECT pg_catalog.has_schema_privilege('regress_relnav_mallory', 'relnav', 'CREATE'), pg_catalog.has_schema_privilege('regress_relnav_dba', 'relnav', 'CREATE')});
is($schema_create, 'f|f', 'nobody can put anything into its schema');

# A planted function, table or type of the same name and arguments is in
# another schema and stays there; one in ours cannot be.
($status, $out, $err) = $node->psql('planted',
	q{CREATE FUNCTION relnav.tree(x pg_catalog.int4) RETURNS pg_catalog.int4 LANGUAGE sql AS 'SELECT 1'},
	extra_params => [ '-U', 'regress_relnav_dba' ]);
like($err, qr/permission denied for schema relnav/, 'nor can the one who created it');

done_testing();
