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
$node->append_conf('postgresql.conf', "session_preload_libraries = 'relnav'\n");
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


# ----- Hostile identifiers ---------------------------------------------------

sub ident { my ($s) = @_; $s =~ s/"/""/g; return qq{"$s"}; }
sub literal { my ($s) = @_; $s =~ s/'/''/g; $s =~ s/\\/\\\\/g; return qq{E'$s'}; }

my @hostile = (
	'double"quote', "single'quote", 'back\\slash', "b\\'", 'a.b.c', "line\nbreak", "cr\rreturn", '$$', '$1', '$x$',
	'-- comment', '/* comment', '*/', '"; DROP TABLE public.victim; --', "'; DROP TABLE public.victim; --",
	'%s%n%I%1$s', 'select', 'count', 'where', ':name', "\xd0\x96" x 31, 'x' . "\xd0\x96" x 31,
	' ', ' (id)', 'U&"\\0041"', 'h0', 'tab	', '\\! touch x', '#{}', '<b>', '{}', 'a, b', '*');
$node->safe_psql('postgres', 'CREATE DATABASE names');
$node->safe_psql('names', 'CREATE EXTENSION relnav; CREATE TABLE public.victim (id int)');
my $number = 0;
foreach my $name (@hostile)
{
	my $nsp = ident($name);
	my $t = $nsp . '.' . $nsp;
	my $child = $nsp . '.child';
	my $assoc = $nsp . '.assoc';
	my $rt = literal($t);
	my $seg = ident($name);
	my $shown = $name =~ s/[^ -~]/?/gr;

	$node->safe_psql('names', qq{
CREATE SCHEMA $nsp;
CREATE TABLE $t ($nsp int PRIMARY KEY, up int CONSTRAINT $nsp REFERENCES $t, v text);
CREATE TABLE $child (id int PRIMARY KEY, $nsp int CONSTRAINT $nsp REFERENCES $t ON DELETE CASCADE);
CREATE TABLE $nsp.other (id int PRIMARY KEY, v text);
CREATE TABLE $assoc ($nsp int REFERENCES $t, other int REFERENCES $nsp.other, PRIMARY KEY ($nsp, other));
INSERT INTO $t VALUES (1, NULL, 'one'), (2, 1, 'two');
INSERT INTO $child VALUES (10, 1), (11, 2);
INSERT INTO $nsp.other VALUES (5, 'five');
INSERT INTO $assoc VALUES (1, 5);
SELECT relnav.declare(} . literal("$nsp.other") . qq{, } . literal($name) . qq{, '{id}', $rt, ARRAY[} . literal($name) . qq{]::name[],
	inverse => } . literal("inverse $name" =~ s/^(.{0,60}?)\s*(?:\xd0.*)?$/$1/sr) . qq{);
});

	my $spec = literal("$seg, up, v, child($seg order by $seg), \"x\": child($seg where $seg = 1), other(v)");
	my @settings = ('SELECT', 'SET quote_all_identifiers = on', 'SET relnav.inline = off');
	push @settings, 'SET standard_conforming_strings = off' if $version < 190000;
	my @results;
	foreach my $setting (@settings)
	{
		my ($status, $out, $err) = $node->psql('names', qq{
SET escape_string_warning = off;
$setting;
SELECT 1, c.id FROM $t t, relnav.children(t, NULL::$child) c ORDER BY 2;
SELECT 2, c.id FROM relnav.children($rt, 1, NULL::$child) c;
SELECT 3, p.v FROM $child c, relnav.parent(c, NULL::$t) p ORDER BY 2;
SELECT 4, p.v FROM relnav.parent(} . literal($child) . qq{, 10, NULL::$t) p;
SELECT 5, o.v FROM $t t, relnav.associated(t, NULL::$nsp.other, 'assoc') o;
SELECT 6, o.v FROM relnav.associated($rt, '1', NULL::$nsp.other, 'assoc') o;
SELECT 7, o.v FROM relnav.related(} . literal($child) . qq{, 10, NULL::$nsp.other, } . literal("$seg.assoc.other") . qq{) o;
SELECT 8, o.v FROM $child c, relnav.related(c, NULL::$nsp.other, } . literal("$seg.assoc.other") . qq{) o;
SELECT 9, (d.node).v, depth FROM relnav.descendants($rt, 1, NULL::$t) d;
SELECT 10, (d.node).v, depth FROM $t t, relnav.ancestors(t) d;
SELECT 11, relnav.tree($rt, 1, $spec);
SELECT 12, relnav.tree(t, $spec) FROM $t t ORDER BY t.up NULLS FIRST;
SELECT 13, relnav.trees($rt, '{2,1}'::int[], $spec);
SELECT 14, relnav.tree_agg(t, $spec ORDER BY t.up NULLS FIRST) FROM $t t;
SELECT 15, count(*) FROM $t t, relnav.neighbors(t) n;
SELECT 16, count(*), sum(rows) FROM relnav.neighbors($rt, 1) n;
SELECT 17, count(*), sum(rows) FROM relnav.delete_impact($rt, 1);
SELECT 18, count(*) FROM $t t, relnav.delete_impact(t);
SELECT 19, count(*) FROM relnav.paths(} . literal($child) . qq{, } . literal("$nsp.other") . qq{);
SELECT 20, count(*) FROM relnav.describe($rt);
SELECT 21, count(*) FROM relnav.relationships($rt);
SELECT 22, count(*) FROM relnav.relationships() WHERE source = $rt\::regclass;
SELECT 23, json_array_length(relnav.model(} . literal($nsp) . qq{) -> 'tables');
SELECT 24, count(*) FROM relnav.lint(} . literal($nsp) . qq{);
SELECT 25, count(*) FROM relnav.lint() WHERE target = $rt\::regclass;
SELECT 26, length(relnav.diagram(} . literal($nsp) . qq{)) > 100;
SELECT 27, length(relnav.diagram_around($rt, 2, 'dot', true)) > 100;
SELECT 28, count(*) FROM relnav.accessors(} . literal($nsp) . qq{);
SELECT relnav.query($rt, 1, 'child') \\gexec
SELECT relnav.query(} . literal($child) . qq{, 10, } . literal($seg) . qq{) \\gexec
BEGIN;
SELECT relnav.undeclare(} . literal("$nsp.other") . ', ' . literal($name) . qq{);
SELECT relnav.rename($rt, 'child', } . literal("r$number") . qq{);
SELECT 29, c.id FROM relnav.related($rt, 1, NULL::$child, 'r$number') c;
SELECT * FROM relnav.accessors(} . literal($nsp) . qq{) \\gexec
SELECT suggestion FROM relnav.lint(} . literal($nsp) . qq{) \\gexec
ROLLBACK;
});
		is($err, '', "name $shown, $setting: no error");
		push @results, $out;
	}
	is($results[$_], $results[0], "name $shown, $settings[$_]: the same rows") foreach 1 .. $#results;
	like($results[0], qr/^13\|\{.*^29\|10$/ms, "name $shown: there are rows");
	$number++;
}
is($node->safe_psql('names', 'SELECT count(*) FROM public.victim'), '0', 'the victim is alive');


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
