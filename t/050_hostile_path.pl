# Copyright (c) 2026, relnav developers

# Nothing that somebody else has planted changes what relnav says or runs:
# operators, functions, types with casts, and tables in front of the system's,
# relnav's and the user's own in search_path, settings by which a text is read
# differently, and what was there before the extension was created.

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

# A copy of every operator, function and aggregate of pg_catalog and relnav that
# can be copied, of every table there and of the user's own, and types with
# casts both ways.  Whatever is run says so.
#
# regress_relnav_mallory owns all of it, regress_relnav_reader may read the
# tables.
my $planted = $node->safe_psql(
	'shop', q{
CREATE ROLE regress_relnav_mallory LOGIN;
CREATE ROLE regress_relnav_reader;
CREATE SCHEMA planted AUTHORIZATION regress_relnav_mallory;
GRANT USAGE ON SCHEMA planted, shop TO PUBLIC;
GRANT SELECT ON ALL TABLES IN SCHEMA shop TO regress_relnav_reader;
GRANT TEMPORARY ON DATABASE shop TO PUBLIC;
SET ROLE regress_relnav_mallory;
DO $do$
DECLARE
	r record;
	trap text;
BEGIN
	FOR r IN SELECT o.oid, oprname, oprleft, oprright, oprresult FROM pg_operator o
			  WHERE oprnamespace = 'pg_catalog'::regnamespace
	LOOP
		trap := format('BEGIN RAISE WARNING ''planted operator %s''; RETURN NULL; END', replace(r.oprname, '%', '%%'));
		BEGIN
			EXECUTE format('CREATE FUNCTION planted.op%s(%s) RETURNS %s LANGUAGE plpgsql AS %L', r.oid,
				concat_ws(', ', CASE WHEN r.oprleft <> 0 THEN format_type(r.oprleft, NULL) END,
						  format_type(r.oprright, NULL)),
				format_type(r.oprresult, NULL), trap);
			EXECUTE format('CREATE OPERATOR planted.%s (%s RIGHTARG = %s, FUNCTION = planted.op%s)', r.oprname,
				CASE WHEN r.oprleft <> 0 THEN format('LEFTARG = %s,', format_type(r.oprleft, NULL)) END,
				format_type(r.oprright, NULL), r.oid);
		EXCEPTION WHEN invalid_function_definition OR invalid_object_definition OR datatype_mismatch OR feature_not_supported THEN
			NULL;				-- pseudo-types that only the server's own functions can take
		END;
	END LOOP;
	FOR r IN SELECT p.oid, proname, pg_get_function_identity_arguments(p.oid) AS args, pg_get_function_result(p.oid) AS result
			   FROM pg_proc p
			  WHERE pronamespace IN ('pg_catalog'::regnamespace, 'relnav'::regnamespace) AND prorettype <> 'trigger'::regtype
				-- not those of types, index methods and conversions
				AND proname !~ '^(_|pg_stat|binary_upgrade|RI_|gin|gist|spg|brin|bt|hash|(big5|euc|iso|koi|mic|win|utf8|latin|johab|uhc|gb|sjis|shift|ascii|cash|circle|path|poly|box|lseg|line|macaddr|inet|network|tid|xid|bit|varbit|cidr|range|multirange|ts_|ts|lo_|point|dist_|dispell|dsimple|dsynonym|thesaurus|prsd|interval_|timetz|numeric_|float)_)'
	LOOP
		trap := format('BEGIN RAISE WARNING ''planted function %s''; RETURN%s; END', r.proname,
			CASE WHEN r.result !~ '^(SETOF|TABLE|void)' THEN ' NULL' END);
		BEGIN
			EXECUTE format('CREATE FUNCTION planted.%I(%s) RETURNS %s LANGUAGE plpgsql AS %L', r.proname,
				replace(replace(r.args, 'VARIADIC "any"', 'VARIADIC text[]'), 'ORDER BY ', ''), r.result, trap);
		EXCEPTION WHEN invalid_function_definition OR invalid_object_definition OR datatype_mismatch OR feature_not_supported
					OR syntax_error OR undefined_object OR duplicate_function OR invalid_parameter_value THEN
			NULL;
		END;
	END LOOP;
	-- a table has a row type of its name, and so is a type, too
	FOR r IN SELECT relname AS name FROM pg_class
			  WHERE relnamespace IN ('pg_catalog'::regnamespace, 'relnav'::regnamespace, 'shop'::regnamespace) AND relkind IN ('r', 'v', 'p', 'm')
			 UNION SELECT unnest('{events_0,r,s,h0,h1,k,c}'::text[])
	LOOP
		EXECUTE format('CREATE TABLE planted.%I (oid oid, relname name)', r.name);
	END LOOP;
	FOR r IN SELECT typname AS name, format_type(oid, NULL) AS shown FROM pg_type
			  WHERE typnamespace = 'pg_catalog'::regnamespace
				AND typname IN ('text', 'json', 'jsonb', 'regclass', 'regnamespace', 'oid', 'name', 'int2', 'int4', 'int8', 'bool',
								'bpchar', 'varchar', 'numeric', 'date', 'timestamptz', 'char', 'tid', 'unknown', '_text', '_name', '_int4')
	LOOP
		EXECUTE format('CREATE TYPE planted.%I AS (planted pg_catalog.int4)', r.name);
		CONTINUE WHEN r.name IN ('unknown', '_text', '_name', '_int4');
		EXECUTE format('CREATE FUNCTION planted.cast_to(pg_catalog.%I) RETURNS planted.%1$I LANGUAGE plpgsql AS %L', r.name,
			'BEGIN RAISE WARNING ''planted cast''; RETURN NULL; END');
		EXECUTE format('CREATE CAST (pg_catalog.%I AS planted.%1$I) WITH FUNCTION planted.cast_to(pg_catalog.%1$I) AS IMPLICIT', r.name);
		EXECUTE format('CREATE FUNCTION planted.cast_from(planted.%I) RETURNS pg_catalog.%1$I LANGUAGE plpgsql AS %L', r.name,
			'BEGIN RAISE WARNING ''planted cast''; RETURN NULL; END');
		EXECUTE format('CREATE CAST (planted.%I AS pg_catalog.%1$I) WITH FUNCTION planted.cast_from(planted.%1$I) AS IMPLICIT', r.name);
	END LOOP;
END $do$;
RESET ROLE;
-- the calls themselves are read before anything is planted in front of them
CREATE SCHEMA calls;
GRANT USAGE ON SCHEMA calls TO PUBLIC;
SELECT (SELECT count(*) FROM pg_operator WHERE oprnamespace = 'planted'::regnamespace),
	(SELECT count(*) FROM pg_proc WHERE pronamespace = 'planted'::regnamespace AND proname !~ '^(op[0-9]|cast)'),
	(SELECT count(*) FROM pg_class WHERE relnamespace = 'planted'::regnamespace AND relkind = 'r'),
	(SELECT count(*) FROM pg_cast WHERE castfunc > 16384);
});
my ($operators, $functions, $tables, $casts) = split /\|/, $planted;
cmp_ok($operators, '>', 600, 'operators are planted');
cmp_ok($functions, '>', 600, 'functions are planted');
cmp_ok($tables, '>', 100, 'tables are planted');
cmp_ok($casts, '>', 20, 'casts are planted');

my @functions = EveryFunction::reading();
my $n = 0;
$node->safe_psql('shop',
	"SET search_path = shop;\n" . join("\n", map {
		$n++;
		"CREATE FUNCTION calls.call$n() RETURNS SETOF text LANGUAGE sql BEGIN ATOMIC "
		  . EveryFunction::statement($_) . "; END;"
	} @functions)
	  . "CREATE FUNCTION calls.declared() RETURNS SETOF text LANGUAGE sql BEGIN ATOMIC SELECT d::text FROM relnav.declared d ORDER BY 1; END;\n"
	  . join("\n", map {
		"CREATE FUNCTION calls.write$_() RETURNS void LANGUAGE sql BEGIN ATOMIC " . EveryFunction::call((EveryFunction::writing())[$_]) . '; END;'
	  } 0 .. EveryFunction::writing() - 1));

# What is hidden by others is shown with its schema.
sub unqualified { my ($text) = @_; return $text =~ s/\b(?:pg_catalog|shop)[._]//gr; }

foreach my $before ('SET relnav.inline = on', 'SET relnav.inline = off',
	'SET SESSION AUTHORIZATION regress_relnav_reader', 'SET ROLE regress_relnav_reader; SET relnav.inline = off')
{
	# Temporary tables and types stand in front of pg_catalog, if the path does
	# not name it.
	foreach my $path ('planted, pg_catalog, shop', 'planted, shop', 'pg_temp, planted, pg_catalog, shop')
	{
		my ($status, $out, $err) = $node->psql('shop',
			"$before;\nCREATE TEMP TABLE pg_class (oid oid);\nCREATE TEMP TABLE pg_constraint (oid oid);\n"
			  . "CREATE TEMP TABLE customer (id int);\nCREATE TEMP TABLE declared (source oid);\n"
			  . "CREATE TEMP TABLE events_0 (seq int);\nCREATE TYPE pg_temp.text AS (x int);\nCREATE TYPE pg_temp.json AS (x int);\n"
			  . "SET search_path = $path;\n"
			  . join("\n", map { "\\echo =====\nSELECT * FROM calls.call$_();" } 1 .. $n));
		my (undef, @texts) = split /^=====\n/m, "$out\n";

		is($err, '', "$before, $path: nothing that is planted is run");
		is( join(
				' ',
				map { $functions[$_] }
				grep { unqualified($texts[$_] // '?') ne unqualified($expected->{ $functions[$_] }) } 0 .. $#functions),
			'',
			"$before, $path: every function answers as ever");
	}
}

# So do those that write.
my @writing = EveryFunction::writing();
my @written = map {
	my $function = $_;
	map {
		my ($path) = $_;
		$node->psql('shop', "SET search_path = $path;\n"
			  . 'BEGIN; SELECT * FROM calls.write' . (grep { $writing[$_] eq $function } 0 .. $#writing)[0]
			  . '(); SELECT * FROM calls.declared(); ROLLBACK', on_error_stop => 0, stdout => \my $out, stderr => \my $err);
		unqualified($out) . $err;
	} 'shop', 'planted, pg_catalog, shop'
} @writing;
foreach my $i (0 .. $#writing)
{
	is($written[ 2 * $i + 1 ], $written[ 2 * $i ], "$writing[$i] writes as ever");
	isnt($written[ 2 * $i ], $written[ 2 * (($i + 1) % @writing) ], 'and it writes');
}

# The traps work: what does not name its schema goes into them.
foreach my $trap (
	[ 'SELECT 1 = 1', qr/planted operator =/ ],
	[ q{SELECT quote_ident('x')}, qr/planted function quote_ident/ ],
	[ q{SELECT max(1)}, qr/planted function max/ ],
	[ q{SELECT relationships()}, qr/planted function relationships/ ],
	[ 'SELECT CAST(pg_catalog.int4(1) AS int4)', qr/planted cast/ ],
	[ q{SELECT 'x'::text}, qr/malformed record literal/ ],
	[ 'SELECT conname FROM pg_constraint', qr/column "conname" does not exist/ ],
	[ 'SELECT name FROM customer', qr/column "name" does not exist/ ])
{
	my ($status, $out, $err) = $node->psql('shop', "SET search_path = planted, pg_catalog, relnav, shop; $trap->[0]");
	like($err, $trap->[1], "what is planted is found by $trap->[0]");
}


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
# database where all of the above is in schema public, and which is set to read
# texts otherwise.  Everything that is created tells an event trigger.
$node->safe_psql('postgres', q{
CREATE ROLE regress_relnav_dba LOGIN;
CREATE DATABASE planted OWNER regress_relnav_dba TEMPLATE shop});
$node->safe_psql('planted', q{
DROP EXTENSION relnav CASCADE;
DROP SCHEMA public;
ALTER SCHEMA planted RENAME TO public;
ALTER DATABASE planted SET search_path = public, pg_catalog;
CREATE FUNCTION calls.note() RETURNS event_trigger LANGUAGE plpgsql SET search_path = pg_catalog AS
	$$ BEGIN RAISE LOG 'note: % in %', tg_tag, current_setting('search_path'); END $$;
CREATE EVENT TRIGGER note ON ddl_command_end EXECUTE FUNCTION calls.note();
-- of the one who installs it
ALTER DEFAULT PRIVILEGES FOR ROLE regress_relnav_dba GRANT ALL ON TABLES TO regress_relnav_mallory;
ALTER DEFAULT PRIVILEGES FOR ROLE regress_relnav_dba GRANT ALL ON SCHEMAS TO regress_relnav_mallory;
ALTER DEFAULT PRIVILEGES FOR ROLE regress_relnav_dba REVOKE ALL ON FUNCTIONS FROM PUBLIC;
});
$node->safe_psql('planted', 'ALTER DATABASE planted SET standard_conforming_strings = off') if $version < 190000;

# A schema of this name is there, of somebody else or of the very role that
# creates the extension: nothing is put into it.
foreach my $owner (qw(regress_relnav_mallory regress_relnav_dba))
{
	$node->safe_psql('planted', "CREATE SCHEMA relnav AUTHORIZATION $owner; CREATE TABLE relnav.declared (source oid); ALTER TABLE relnav.declared OWNER TO $owner");
	my ($status, $out, $err) =
	  $node->psql('planted', 'CREATE EXTENSION relnav', extra_params => [ '-U', 'regress_relnav_dba' ]);
	like($err, qr/ERROR:  schema "relnav" already exists/, "a planted schema of $owner is not taken");
	is( $node->safe_psql(
			'planted',
			q{SET search_path = pg_catalog; SELECT count(*) FROM pg_proc WHERE pronamespace = 'relnav'::regnamespace}),
		'0',
		'and nothing is in it');
	$node->safe_psql('planted', 'DROP SCHEMA relnav CASCADE');
}

my ($status, $out, $err) =
  $node->psql('planted', 'CREATE EXTENSION relnav', extra_params => [ '-U', 'regress_relnav_mallory' ]);
like($err, qr/ERROR:  permission denied to create extension "relnav"/, 'who may not create anything in the database cannot create it');
($status, $out, $err) =
  $node->psql('planted', 'CREATE EXTENSION relnav SCHEMA public', extra_params => [ '-U', 'regress_relnav_dba' ]);
like($err, qr/ERROR:  extension "relnav" must be installed in schema "pg_catalog"/, 'nobody can say where else it is to be');

($status, $out, $err) = $node->psql('planted', q{
CREATE TEMP TABLE pg_class (oid oid);
CREATE TEMP TABLE declared (source oid);
CREATE TYPE pg_temp.text AS (x pg_catalog.int4);
CREATE TYPE pg_temp.regclass AS (x pg_catalog.int4);
SET search_path = pg_temp, public, pg_catalog;
SET check_function_bodies = off;
SET quote_all_identifiers = on;
SET backslash_quote = on;
SET transform_null_equals = on;
SET row_security = off;
CREATE EXTENSION relnav}, extra_params => [ '-U', 'regress_relnav_dba' ]);
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

foreach my $try ([ q{CREATE FUNCTION relnav.tree(x pg_catalog.int4) RETURNS pg_catalog.int4 LANGUAGE sql AS 'SELECT 1'}, qr/permission denied for schema relnav/ ],
	[ 'ALTER FUNCTION relnav.lint() SECURITY DEFINER', qr/must be owner of function/ ],
	[ 'ALTER TABLE relnav.declared DISABLE TRIGGER USER', qr/must be owner of table/ ],
	[ 'CREATE SCHEMA mine; ALTER EXTENSION relnav SET SCHEMA mine', qr/does not support SET SCHEMA/ ],
	[ 'ALTER SCHEMA relnav RENAME TO other', qr/must be owner of schema/ ])
{
	($status, $out, $err) = $node->psql('planted', $try->[0], extra_params => [ '-U', 'regress_relnav_dba' ]);
	like($err, $try->[1], "the one who created it cannot: $try->[0]");
}

done_testing();
