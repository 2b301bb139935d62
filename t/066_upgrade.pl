# Copyright (c) 2026, relnav developers

# A database of an older major with the extension in it, brought to this one:
# by dump and restore, and by pg_upgrade.  Every function gives the same
# answers there, what was declared and renamed is known, and what depends on
# the extension works.
#
# RELNAV_UPGRADE_FROM is the pg_config of the older server, for which relnav
# must be installed as well; scripts/test sees to that.

use strict;
use warnings;

use Cwd qw(getcwd);
use File::Basename qw(dirname);
use File::Spec;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use FindBin;
use lib $FindBin::RealBin;
use EveryFunction;

plan skip_all => 'RELNAV_UPGRADE_FROM is not set to the pg_config of an older server'
  unless $ENV{RELNAV_UPGRADE_FROM};

my $old_bindir = qx($ENV{RELNAV_UPGRADE_FROM} --bindir) =~ s/\n//r;
my $new_bindir = qx(pg_config --bindir) =~ s/\n//r;
my @init = (extra => [ '--no-locale', '--encoding=UTF8', '--data-checksums' ]);

my $old = PostgreSQL::Test::Cluster->new('old', install_path => dirname($old_bindir));
$old->init(@init);
$old->start;
my $from = $old->safe_psql('postgres', 'SHOW server_version_num');
note "from $from";

# One database of who made the cluster, one of somebody else, one that only
# loads the library, with settings that must be restored before the extension.
$old->safe_psql(
	'postgres', q{
CREATE ROLE owner LOGIN;
CREATE DATABASE shop;
CREATE DATABASE owned OWNER owner;
CREATE DATABASE without;
ALTER DATABASE without SET session_preload_libraries = 'relnav';
ALTER DATABASE shop SET session_preload_libraries = 'relnav';
ALTER DATABASE owned SET relnav.inline = off;
ALTER ROLE owner SET relnav.inline = off;
});

# as_owner(DATABASE, SUB): SUB's value when run as who owns the database.
sub as_owner
{
	my ($database, $sub) = @_;
	local %ENV = %ENV;

	$ENV{PGUSER} = 'owner' if $database eq 'owned';
	return $sub->();
}

# What depends on the extension, and what has to be made in two steps when it
# is restored.
my $more = q{
SET search_path = shop;
CREATE VIEW by_view AS SELECT c.id, o.id AS order_id FROM customer c, relnav.children(c, NULL::orders) o;
CREATE VIEW by_tree AS SELECT relnav.tree(c, 'name, bought(id order by id)') AS tree FROM customer c;
CREATE MATERIALIZED VIEW kept AS SELECT name, kind, target FROM relnav.relationships('items');
CREATE FUNCTION atomic(c customer) RETURNS bigint LANGUAGE sql STABLE
	BEGIN ATOMIC SELECT count(*) FROM relnav.children(c, NULL::orders); END;
CREATE TABLE history (at int, declared relnav.declared);
INSERT INTO history SELECT 1, d FROM relnav.declared d;
CREATE VIEW two_steps AS SELECT id, customer_id, count(*) FROM orders GROUP BY id;
SELECT relnav.declare('two_steps', 'whose', '{customer_id}', 'customer', '{id}');
CREATE TABLE "Дом ""1""" ("Ключ" int PRIMARY KEY);
CREATE TABLE "Кв, (2)" ("Дом" int REFERENCES "Дом ""1""");
SELECT relnav.rename('"Дом ""1"""', 'Кв, (2)', 'квартиры (все)');
};
my $uses = q{
SET search_path = shop;
SELECT * FROM by_view ORDER BY 1, 2;
SELECT tree::text FROM by_tree ORDER BY tree::text COLLATE "C";
SELECT * FROM kept ORDER BY 1;
SELECT sum(atomic(c)) FROM customer c;
SELECT (declared).name FROM history ORDER BY (declared).name COLLATE "C";
SELECT count(*) FROM two_steps t, relnav.parent(t, NULL::customer, 'whose');
SELECT name, full_name, condition FROM relnav.relationships('"Дом ""1"""');
};
# Names instead of OIDs, which need not stay.
my $declared = q{
SELECT source, name, source_columns, target, target_columns, association, association_source_columns,
	association_target_columns, inverse, to_one, constraint_table, constraints, backwards
  FROM relnav.declared ORDER BY source::text COLLATE "C", name COLLATE "C"};

my (%answers, %used, %declared);
foreach my $database ('shop', 'owned')
{
	as_owner($database, sub {
		EveryFunction::load($old, $database);
		$old->safe_psql($database, $more);
		$answers{$database} = EveryFunction::answers($old, $database);
		$used{$database} = $old->safe_psql($database, $uses);
		$declared{$database} = $old->safe_psql($database, $declared);
	});
}
is(join(' ', grep { $answers{shop}->{$_} eq '' } EveryFunction::reading()), '', 'every call has an answer');
like($declared{owned}, qr/квартиры/, 'there is something to be kept');

# check(NAME, NODE, DATABASE): is everything there?
sub check
{
	my ($name, $node, $database) = @_;

	as_owner($database, sub {
		foreach my $before ('', 'SET relnav.inline = off;', 'SET relnav.inline = on; SET plan_cache_mode = force_generic_plan;')
		{
			is( join(' ', EveryFunction::differing($answers{$database},
						EveryFunction::answers($node, $database, "SELECT FROM relnav.relationships('customer') LIMIT 0; $before"))),
				'',
				"$name, $database: all functions $before");
		}
		is($node->safe_psql($database, $declared), $declared{$database}, "$name, $database: what is declared");
		is($node->safe_psql($database, $uses), $used{$database}, "$name, $database: what depends on it");
		is( $node->safe_psql($database, 'SELECT count(*) FROM relnav.declared d WHERE relnav.declaration_problem(d) IS NOT NULL'),
			'0', "$name, $database: nothing has become invalid");

		# What writes, and takes it back.
		$node->safe_psql(
			$database, join(";\n", 'BEGIN; SET LOCAL search_path = shop',
				(map { EveryFunction::call($_) } EveryFunction::writing()),
				q{SELECT relnav.related(l, NULL::orders, 'order') FROM letter l}, 'ROLLBACK'));
		is($node->safe_psql($database, $declared), $declared{$database}, "$name, $database: it can be changed");
	});
	return;
}


# ----- Dump and restore --------------------------------------------------------

my $new = PostgreSQL::Test::Cluster->new('new');
$new->init(@init);
$new->start;
cmp_ok(int($new->safe_psql('postgres', 'SHOW server_version_num') / 10000), '>', int($from / 10000), 'to a newer major');

# By the newer pg_dumpall, as the server's manual wants it.
my $dump = $old->basedir . '/all.sql';
$new->command_ok([ 'pg_dumpall', '-f', $dump, '-d', $old->connstr('postgres') ], 'dumped by the newer pg_dumpall');
my $superuser = $old->safe_psql('postgres', 'SELECT current_user');
my $script = slurp_file($dump);
$script =~ s/^CREATE ROLE "?\Q$superuser\E"?;$//m;
append_to_file("$dump.mine", $script);
$new->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', "$dump.mine", $new->connstr('postgres') ], 'restored');
check('restored', $new, $_) foreach 'shop', 'owned';

# By the older pg_dump, which people have.
my $archive = $old->basedir . '/shop.dump';
$old->command_ok([ 'pg_dump', '-Fc', '-f', $archive, $old->connstr('shop') ], 'dumped by the older pg_dump');
$new->safe_psql('postgres', 'DROP DATABASE shop; CREATE DATABASE shop');
$new->command_ok([ 'pg_restore', '-e', '-d', $new->connstr('shop'), $archive ], 'restored by the newer pg_restore');
check('restored from an archive', $new, 'shop');
$new->stop;


# ----- pg_upgrade --------------------------------------------------------------

$old->stop;
my $upgraded = PostgreSQL::Test::Cluster->new('upgraded');
$upgraded->init(@init);
my $cwd = getcwd();
chdir $upgraded->basedir or die;
$upgraded->command_ok(
	[
		'pg_upgrade', '--no-sync',
		'-d', File::Spec->rel2abs($old->data_dir, $cwd),
		'-D', File::Spec->rel2abs($upgraded->data_dir, $cwd),
		'-b', $old_bindir, '-B', $new_bindir,
		'-s', $upgraded->host, '-p', $old->port, '-P', $upgraded->port
	],
	'pg_upgrade');
chdir $cwd or die;
$upgraded->start;
check('upgraded', $upgraded, $_) foreach 'shop', 'owned';
is($upgraded->safe_psql('without', 'SHOW relnav.inline'), 'on', 'the library is loaded where the extension is not');
$upgraded->safe_psql('without', 'CREATE EXTENSION relnav');

# An upgraded database can be dumped and restored as any.
$upgraded->command_ok([ 'pg_dump', '-Fc', '-f', "$archive.2", $upgraded->connstr('shop') ], 'dumped');
$upgraded->safe_psql('postgres', 'DROP DATABASE without; CREATE DATABASE without');
$upgraded->command_ok([ 'pg_restore', '-e', '-d', $upgraded->connstr('without'), "$archive.2" ], '... and restored');
is(join(' ', EveryFunction::differing($answers{shop}, EveryFunction::answers($upgraded, 'without'))), '', '... with the same answers');
$upgraded->stop;

done_testing();
