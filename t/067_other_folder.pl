# Copyright (c) 2026, relnav developers

# relnav can lie in a folder of its own: packagers install it into one, and
# from 18 on a server uses it from there.

use strict;
use warnings;

use Cwd qw(abs_path);
use File::Find;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $pg_config = $ENV{PG_CONFIG} // 'pg_config';
my $folder = abs_path(PostgreSQL::Test::Utils::tempdir);

sub server_folder
{
	my ($which) = @_;
	my $path = `$pg_config --$which`;

	chomp $path;
	return $folder . $path;
}

system_or_bail('make', '--silent', '-C', $ENV{TESTDIR}, "PG_CONFIG=$pg_config",
	'install', "DESTDIR=$folder");

my @files;
find(sub { push @files, $File::Find::name if -f }, $folder);
my @expected = (
	server_folder('pkglibdir') . '/relnav.so',
	server_folder('sharedir') . '/extension/relnav.control',
	server_folder('sharedir') . '/extension/relnav--1.0.sql');

is_deeply([ sort @files ], [ sort @expected ], 'what is installed, below another folder');

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--no-locale', '--encoding=UTF8' ]);
$node->start;

if ($node->safe_psql('postgres', 'SHOW server_version_num') >= 180000)
{
	# No $system and no $libdir: what is installed there cannot be meant.
	$node->append_conf('postgresql.conf',
		"extension_control_path = '" . server_folder('sharedir') . "'\n"
		  . "dynamic_library_path = '" . server_folder('pkglibdir') . "'\n"
		  . "session_preload_libraries = 'relnav'");
	$node->restart;

	is($node->safe_psql('postgres', 'SHOW relnav.inline'),
		'on', 'the library is preloaded from there');
	is( $node->safe_psql(
			'postgres', q{
CREATE EXTENSION relnav;
CREATE TABLE customer (id int PRIMARY KEY, name text);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customer);
INSERT INTO customer VALUES (1, 'Ann');
INSERT INTO orders VALUES (10, 1);
SELECT c.name FROM orders o, relnav.parent(o, NULL::customer) c;
SELECT relnav.tree('customer', 1, 'name, orders(id)');}),
		qq{Ann\n{"name":"Ann","orders":[{"id":10}]}},
		'the extension is created from there, and works');
}

$node->stop;
done_testing();
