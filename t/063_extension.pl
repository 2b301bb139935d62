# Copyright (c) 2026, relnav developers

# The life of the extension: updated to a version that does not exist yet,
# dropped with what depends on it, made again.  Sessions that have asked before
# go on, with the right rows or a clear error.
#
# The next version is only a script of this test, in a copy of the server's
# installation, so that nobody can install it.  It does what such scripts do:
# it changes the table of declarations, adds, replaces and drops functions.

use strict;
use warnings;

use File::Basename qw(dirname);
use File::Copy qw(copy);
use File::Path qw(make_path);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use FindBin;
use lib $FindBin::RealBin;
use EveryFunction;

my %installed = map { $_ => qx(pg_config --$_) =~ s/\n//r } 'bindir', 'sharedir', 'pkglibdir', 'libdir';
my $copy = PostgreSQL::Test::Utils::tempdir;

# A server looks for its files from where its program lies, as far as the
# folders lie to each other as they did when it was built.  So programs are
# copied, and the rest are links, but for the folder of extensions.
foreach my $kind ('bindir', 'pkglibdir', 'sharedir')
{
	make_path("$copy$installed{$kind}");
	foreach my $file (glob("$installed{$kind}/*"))
	{
		my $name = $file =~ s{.*/}{}r;
		my $to = "$copy$installed{$kind}/$name";
		if ($kind eq 'bindir')
		{
			copy($file, $to) && chmod(0755, $to) or die "$file cannot be copied: $!";
		}
		elsif ("$kind/$name" ne 'sharedir/extension' && !-e $to)
		{
			symlink($file, $to) or die "no link to $file: $!";
		}
	}
}
my $scripts = "$copy$installed{sharedir}/extension";
make_path($scripts);
foreach my $file (glob("$installed{sharedir}/extension/*"))
{
	symlink($file, "$scripts/" . $file =~ s{.*/}{}r) or die "no link to $file: $!"
	  unless $file =~ /\brelnav\.control$/;
}

# set_default(VERSION): as the next version's "make install" would.
my $control = slurp_file("$installed{sharedir}/extension/relnav.control");
my ($current) = $control =~ /^default_version = '([^']+)'$/m;

sub set_default
{
	my ($version) = @_;
	my $file = "$scripts/relnav.control";
	unlink $file;
	append_to_file($file, $control =~ s/^(default_version = )'[^']+'$/$1'$version'/mr);
	return;
}

set_default($current);

# The next version, and one whose script fails in the end.
my $update = q{
\echo Use "ALTER EXTENSION relnav UPDATE TO 'next'" to load this file. \quit
ALTER TABLE relnav.declared ADD COLUMN remark text;
COMMENT ON COLUMN relnav.declared.remark IS 'of the next version';
CREATE OR REPLACE FUNCTION relnav.children(parent anyelement, child anycompatible, via text DEFAULT NULL)
RETURNS SETOF anycompatible
AS 'MODULE_PATHNAME', 'relnav_children'
LANGUAGE C STABLE PARALLEL RESTRICTED ROWS 50
SUPPORT relnav.navigation_support;
DO $$
DECLARE
	f regprocedure;
	definition text;
BEGIN
	FOREACH f IN ARRAY '{"relnav.model(regnamespace)",
		"relnav.parent(anyelement,anycompatible,text)",
		"relnav.tree(regclass,anycompatible,text)",
		"relnav.paths(regclass,regclass,integer,integer)"}'::regprocedure[]
	LOOP
		definition := pg_catalog.pg_get_functiondef(f);
		EXECUTE pg_catalog.format('DROP FUNCTION %s', f);
		EXECUTE definition;
	END LOOP;
END $$;
CREATE FUNCTION relnav.next_version() RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN 2;
COMMENT ON FUNCTION relnav.next_version() IS 'of the next version';
};
append_to_file("$scripts/relnav--$current--next.sql", $update);
append_to_file("$scripts/relnav--$current--broken.sql", $update . "SELECT 1 / 0;\n");

my $node = PostgreSQL::Test::Cluster->new('main', install_path => $copy . dirname($installed{bindir}));
$node->init(extra => [ '--no-locale', '--encoding=UTF8' ]);
$node->start;
$node->safe_psql(
	'postgres', q{
CREATE ROLE owner LOGIN;
CREATE ROLE other LOGIN;
CREATE DATABASE updated OWNER owner;
CREATE DATABASE fresh OWNER owner;
CREATE DATABASE restored_before OWNER owner;
CREATE DATABASE restored_after OWNER owner;
CREATE DATABASE dropped OWNER owner;
});

# Who owns the database, and not more, does everything.
$ENV{PGUSER} = 'owner';
my $version = q{SELECT extversion FROM pg_extension WHERE extname = 'relnav'};

# Sessions that have asked everything before, all with a prepared statement each.
my @ways = ('SET relnav.inline = on; SET plan_cache_mode = force_generic_plan',
	'SET relnav.inline = off; SET plan_cache_mode = force_generic_plan');

# Only a superuser may LOAD a library.
my $loaded = q{SELECT FROM relnav.relationships('shop.customer') LIMIT 0;};

sub start_sessions
{
	my ($database, $expected) = @_;
	my %sessions;

	foreach my $way (@ways)
	{
		my $session = $node->background_psql($database, on_error_stop => 0);
		EveryFunction::prepare($session, "$loaded $way;");
		$sessions{$way} = $session;
	}
	all_the_same('before', $expected, \%sessions);
	return \%sessions;
}

sub all_the_same
{
	my ($name, $expected, $sessions) = @_;

	foreach my $way (sort keys %$sessions)
	{
		my ($answers, @errors) = EveryFunction::execute($sessions->{$way});
		is(join(' ', @errors, EveryFunction::differing($expected, $answers)), '', "$name: $way");
	}
	return;
}


# ----- Updated ----------------------------------------------------------------

EveryFunction::load($node, 'updated');
is($node->safe_psql('updated', $version), $current, 'the current version');

# What only calls it, and what depends on it.
my $callers = q{
SET search_path = shop;
CREATE FUNCTION old_style(c customer) RETURNS bigint LANGUAGE sql STABLE
	AS 'SELECT count(*) FROM relnav.children(c, NULL::shop.orders)';
CREATE FUNCTION in_plpgsql(c customer) RETURNS bigint LANGUAGE plpgsql STABLE
	AS 'BEGIN RETURN (SELECT count(*) FROM relnav.children(c, NULL::shop.orders)); END';
CREATE TABLE history (at int, declared relnav.declared);
};
my $dependents = q{
SET search_path = shop;
CREATE VIEW by_view AS SELECT c.id, o.id AS order_id FROM customer c, relnav.children(c, NULL::orders) o;
CREATE VIEW by_tree AS SELECT relnav.tree(c, 'name, bought(id)') FROM customer c;
CREATE MATERIALIZED VIEW kept AS SELECT * FROM relnav.relationships('customer');
CREATE FUNCTION atomic(c customer) RETURNS bigint LANGUAGE sql STABLE
	BEGIN ATOMIC SELECT count(*) FROM relnav.children(c, NULL::orders); END;
};
my $of_dependents = q{SELECT count(*) FROM by_view; SELECT count(*) FROM by_tree;
SELECT count(*) FROM kept; SELECT sum(atomic(c)) FROM customer c};
my $of_callers = q{SELECT sum(old_style(c)), sum(in_plpgsql(c)) FROM customer c};
$node->safe_psql('updated', $callers . $dependents);
my $used = "SET search_path = shop; $of_dependents; $of_callers";
my $from_dependents = $node->safe_psql('updated', $used);

my $dump = $node->basedir . '/before.dump';
$node->command_ok([ 'pg_dump', '-Fc', '-f', $dump, $node->connstr('updated') ], 'dumped before the update');

my $expected = EveryFunction::answers($node, 'updated');
my $sessions = start_sessions('updated', $expected);

# Not everybody, not anywhere, and all or nothing.
my ($status, $out, $err);
set_default('next');
foreach my $case (
	[ 'other', 'UPDATE', qr/ERROR:  must be owner of extension relnav$/m ],
	[ 'owner', q{UPDATE TO 'nowhere'}, qr/ERROR:  extension "relnav" has no update path from version "\Q$current\E" to version "nowhere"$/m ],
	[ 'owner', q{UPDATE TO 'broken'}, qr/ERROR:  division by zero$/m ])
{
	my ($role, $what, $message) = @$case;
	local $ENV{PGUSER} = $role;
	($status, $out, $err) = $node->psql('updated', "ALTER EXTENSION relnav $what");
	like($err, $message, "$what, as $role");
}
is($node->safe_psql('updated', $version), $current, 'it is as it was');
all_the_same('after a failure', $expected, $sessions);
$node->safe_psql('updated', 'BEGIN; ALTER EXTENSION relnav UPDATE; SELECT relnav.next_version(); ROLLBACK');
all_the_same('after a rollback', $expected, $sessions);

# To the new default.
is($node->safe_psql('updated', "ALTER EXTENSION relnav UPDATE; $version"), 'next', 'it is updated');
is($node->safe_psql('updated', 'SELECT relnav.next_version()'), '2', 'what is new is there');
is($node->safe_psql('updated', q{SELECT count(*), count(remark) FROM relnav.declared}), '6|0',
	'what was declared still is');
all_the_same('after the update', $expected, $sessions);
is(join(' ', EveryFunction::differing($expected, EveryFunction::answers($node, 'updated'))), '', '... in a new session');
is($node->safe_psql('updated', $used), $from_dependents, '... and what depends on it');

# What writes, in the old sessions and in new ones.
foreach my $way (@ways)
{
	$sessions->{$way}->query_safe(EveryFunction::call($_)) foreach EveryFunction::writing();
	is($node->safe_psql('updated', q{SELECT string_agg(name, ' ' ORDER BY name) FROM relnav.declared}),
		'article bought buyer labels lines order writer', "declared in a session from before: $way");
	$node->safe_psql(
		'updated', q{
SET search_path = shop;
SELECT relnav.undeclare('letter', 'order');
SELECT relnav.rename('items', 'article', NULL);
SELECT relnav.declare('sums', 'whose', '{customer_id}', 'customer', '{id}', inverse => 'sum');
});
	all_the_same('... and taken back', $expected, { $way => $sessions->{$way} });
}
$_->quit foreach values %$sessions;

# A new one is the same as an updated one, and so is a restored one.
my $objects = q{
SET search_path = pg_catalog;
SELECT pg_describe_object(d.classid, d.objid, 0),
	CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) END, p.proacl, obj_description(d.objid, d.classid::regclass::name),
	(SELECT string_agg(format('%s %s %s', a.attname, a.atttypid::regtype, col_description(c.oid, a.attnum)), ', ' ORDER BY a.attnum)
	   FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0), c.relacl
  FROM pg_depend d
  LEFT JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid
  LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
 WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
   AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'relnav')
 ORDER BY pg_describe_object(d.classid, d.objid, 0) COLLATE "C"};
my $after = $node->basedir . '/after.dump';
$node->command_ok([ 'pg_dump', '-Fc', '-f', $after, $node->connstr('updated') ], 'dumped after the update');
$node->safe_psql('fresh', 'CREATE EXTENSION relnav');
is($node->safe_psql('fresh', $version), 'next', 'a new one has the next version at once');
my $right = $node->safe_psql('fresh', $objects);
like($right, qr/^function relnav\.next_version\(\)\|CREATE OR REPLACE FUNCTION /m, '... with all that belongs to it');
is($node->safe_psql('updated', $objects), $right, 'an updated one has the same');
foreach my $from ([ 'restored_before', $dump ], [ 'restored_after', $after ])
{
	my ($database, $file) = @$from;

	$node->command_ok([ 'pg_restore', '-e', '-d', $node->connstr($database), $file ], "$database: restored");
	is($node->safe_psql($database, "$version; $objects"), "next\n$right", '... with the next version');
	is(join(' ', EveryFunction::differing($expected, EveryFunction::answers($node, $database))), '', '... and the same answers');
	is($node->safe_psql($database, $used), $from_dependents, '... also by what depends on it');
}

# Nobody else gets it.
is( join(' ', grep { !/^relnav--\d+\.\d+(--\d+\.\d+)?\.sql$/ } map { s{.*/}{}r } glob("$installed{sharedir}/extension/relnav--*")),
	'', 'the next version is not installed');


# ----- Dropped ----------------------------------------------------------------

set_default($current);
EveryFunction::load($node, 'dropped');
$node->safe_psql('dropped', "$callers; CREATE TABLE saved AS TABLE relnav.declared");
my $without = EveryFunction::answers($node, 'dropped');
$node->safe_psql('dropped', $dependents);
$expected = EveryFunction::answers($node, 'dropped');
$sessions = start_sessions('dropped', $expected);

# Not its parts, and not while somebody needs it.
foreach my $what ('SCHEMA relnav CASCADE', 'TABLE relnav.declared CASCADE', 'FUNCTION relnav.lint()')
{
	($status, $out, $err) = $node->psql('dropped', "DROP $what", extra_params => [ '-U', 'postgres' ]);
	like($err, qr/ERROR:  cannot drop .* because extension relnav requires it$/m, "DROP $what");
}
($status, $out, $err) = $node->psql('dropped', 'DROP EXTENSION relnav');
like($err, qr/ERROR:  cannot drop extension relnav because other objects depend on it$/m, 'DROP EXTENSION fails');
is( join("\n", sort $err =~ /^(?:DETAIL:  )?(.* depends on .*)$/mg),
	join("\n",
		'column declared of table shop.history depends on type relnav.declared',
		'function shop.atomic(shop.customer) depends on function relnav.children(anyelement,anycompatible,text)',
		'materialized view shop.kept depends on function relnav.relationships(regclass)',
		'view shop.by_tree depends on function relnav.tree(anyelement,text)',
		'view shop.by_view depends on function relnav.children(anyelement,anycompatible,text)'),
	'... and lists what depends on it');
all_the_same('after it has failed', $expected, $sessions);
$node->safe_psql('dropped', 'BEGIN; DROP EXTENSION relnav CASCADE; ROLLBACK');
all_the_same('after a rollback', $expected, $sessions);
is($node->safe_psql('dropped', $used), $from_dependents, '... all is there');

# A cursor that is open meanwhile has its rows, as a join by hand has.
my (%cursors, %first);
foreach my $inline ('on', 'off')
{
	$cursors{$inline} = $node->background_psql('dropped', on_error_stop => 0);
	$cursors{$inline}->query_safe("$loaded SET relnav.inline = $inline; BEGIN;"
		  . ' DECLARE c CURSOR FOR SELECT c.id, o.id FROM shop.customer c, relnav.children(c, NULL::shop.orders) o ORDER BY c.id, o.id;'
		  . ' DECLARE d CURSOR FOR SELECT s.id, o.id FROM (SELECT c, c.id FROM shop.customer c ORDER BY id OFFSET 0) s, relnav.children(s.c, NULL::shop.orders) o;');
	$first{$inline}{$_} = $cursors{$inline}->query_safe("FETCH $_") foreach 'c', 'd';
}
($status, $out, $err) = $node->psql('dropped', 'DROP EXTENSION relnav CASCADE');
is($status, 0, 'DROP EXTENSION ... CASCADE');
my $joined = $node->safe_psql('dropped', 'SELECT customer_id, id FROM shop.orders ORDER BY 1, 2');
foreach my $inline ('on', 'off')
{
	foreach my $cursor ('c', 'd')
	{
		my $rows = $cursors{$inline}->query_safe("FETCH ALL FROM $cursor");
		is(join("\n", sort(split /\n/, "$first{$inline}{$cursor}\n$rows")), $joined, "an open cursor goes on, inline $inline, $cursor");
	}
	$cursors{$inline}->query_safe('COMMIT');
	$cursors{$inline}->quit;
}

# Everything else has gone.
is( $node->safe_psql(
		'dropped', q{
SELECT count(*) FROM pg_proc WHERE probin = '$libdir/relnav' OR proname = 'atomic';
SELECT count(*) FROM pg_class WHERE relname IN ('declared', 'by_view', 'by_tree', 'kept');
SELECT count(*) FROM pg_attribute WHERE attrelid = 'shop.history'::regclass AND attnum > 0 AND NOT attisdropped}),
	"0\n0\n1",
	'what depends on it has gone with it');
foreach my $function ('old_style', 'in_plpgsql')
{
	($status, $out, $err) = $node->psql('dropped', "SELECT shop.$function(c) FROM shop.customer c");
	like($err, qr/ERROR:  schema "relnav" does not exist$/m, "$function says what is missing");
}

# Kept statements say so too, each, and nothing gives rows.
sub nothing_works
{
	my ($name, $message) = @_;

	foreach my $way (@ways)
	{
		my ($answers, @errors) = EveryFunction::execute($sessions->{$way});
		is(join("\n", grep { !/ERROR:  $message$/ } @errors), '', "$name: clear errors: $way");
		is(scalar @errors, scalar EveryFunction::reading(), "$name: from all: $way");
		is(join('', values %$answers), '', "$name: no rows: $way");
		is($sessions->{$way}->query_safe('SELECT count(*) FROM customer JOIN orders ON customer.id = customer_id'),
			'6', "$name: joins work: $way");
	}
	return;
}
nothing_works('dropped', qr/(?:schema "relnav" does not exist|relation "relnav\.declared" does not exist)/);

# Somebody else takes the name: that is his, and no navigation of ours.
$node->safe_psql(
	'dropped', q{
CREATE SCHEMA relnav;
CREATE TABLE relnav.declared AS TABLE shop.saved WITH NO DATA;
CREATE FUNCTION relnav.children(parent anyelement, child anycompatible, via text DEFAULT NULL) RETURNS SETOF anycompatible
	LANGUAGE sql STABLE ROWS 50 AS 'SELECT $2';
});
foreach my $way (@ways)
{
	is($sessions->{$way}->query_safe('SELECT count(*), count(v.id) FROM customer c, relnav.children(c, NULL::visit) v'),
		'5|0', "a schema of somebody else: $way");
}
($status, $out, $err) = $node->psql('dropped', 'CREATE EXTENSION relnav');
like($err, qr/ERROR:  schema "relnav" already exists$/m, '... which no extension takes over');
$node->safe_psql('dropped', 'DROP SCHEMA relnav CASCADE');

# And again: what was kept works, but knows only what is declared now.
$node->safe_psql('dropped', 'CREATE EXTENSION relnav; INSERT INTO relnav.declared SELECT * FROM shop.saved');
all_the_same('made again', $without, $sessions);
$node->safe_psql('dropped',
	'BEGIN; DROP EXTENSION relnav; CREATE EXTENSION relnav; INSERT INTO relnav.declared SELECT * FROM shop.saved; COMMIT');
all_the_same('dropped and made in one transaction', $without, $sessions);
is($node->safe_psql('dropped', "SET search_path = shop; $of_callers"), '6|6', 'functions that called it work again');
is(join(' ', EveryFunction::differing($without, EveryFunction::answers($node, 'dropped'))), '', 'all is as in the beginning');

$node->safe_psql('dropped', 'DROP EXTENSION relnav; CREATE EXTENSION relnav');
$sessions->{$_}->query(q{SELECT relnav.related(c, NULL::orders, 'bought') FROM customer c}) foreach @ways;
like($sessions->{$_}->{stderr}, qr/ERROR:  table "customer" has no relationship "bought"/, "what was declared is forgotten: $_")
  foreach @ways;
$_->quit foreach values %$sessions;

# It goes with its owner.
$node->safe_psql('dropped', 'DROP OWNED BY owner', extra_params => [ '-U', 'postgres' ]);
is($node->safe_psql('dropped', $version), '', 'DROP OWNED drops it');

$node->stop;
unlike(slurp_file($node->logfile), qr/terminated by signal|TRAP:/, 'nothing has crashed');
done_testing();
