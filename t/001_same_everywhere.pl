# Copyright (c) 2026, relnav developers

# What relnav says about a database depends on its catalogs alone: it is the
# same in every backend, under any search_path, for the whole database and
# table by table, and after a dump and restore.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--no-locale', '--encoding=UTF8' ]);
$node->start;

# Names that meet in every way we know of.
my $schema = q{
CREATE EXTENSION relnav;
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE SCHEMA "S 1";
CREATE TABLE a.customer (id int PRIMARY KEY, "Vertreter_id" int REFERENCES a.customer);
CREATE TABLE b.customer (id int PRIMARY KEY, other_id int REFERENCES a.customer);
CREATE TABLE a.orders (id int PRIMARY KEY, billing_id int REFERENCES a.customer,
	shipping_id int NOT NULL REFERENCES a.customer);
CREATE TABLE b.orders (id int PRIMARY KEY, customer_id int REFERENCES a.customer,
	order_id int REFERENCES a.orders);
CREATE TABLE "S 1"."T 1" ("C ""1" int PRIMARY KEY REFERENCES a.customer, x int, y int,
	FOREIGN KEY (x) REFERENCES a.orders, FOREIGN KEY (x) REFERENCES a.customer,
	CONSTRAINT twice FOREIGN KEY (x) REFERENCES a.orders, UNIQUE (x, y));
CREATE TABLE a.likes (customer_id int REFERENCES a.customer, order_id int REFERENCES a.orders,
	PRIMARY KEY (customer_id, order_id));
CREATE TABLE a.owns (customer_id int REFERENCES a.customer, order_id int REFERENCES a.orders,
	at date, PRIMARY KEY (customer_id, order_id, at));
CREATE TABLE a.follows (follower_id int REFERENCES a.customer, followee_id int REFERENCES a.customer,
	PRIMARY KEY (follower_id, followee_id));
CREATE TABLE a.orders_by (customer_id int REFERENCES a.customer, orders_by_customer int REFERENCES b.customer);
CREATE TABLE b.part (id int, k int REFERENCES a.customer, o int) PARTITION BY LIST (id);
CREATE TABLE b.part_1 PARTITION OF b.part FOR VALUES IN (1);
CREATE TABLE b.part_2 (k int REFERENCES a.customer, id int, o int REFERENCES b.orders);
ALTER TABLE b.part ATTACH PARTITION b.part_2 FOR VALUES IN (2);
};

# All that can be said without OIDs and without regclass.
my $listing = q{
SELECT relnav.model('a'), relnav.model('b'), relnav.model('"S 1"');
};

$node->safe_psql('postgres', "CREATE DATABASE first");
$node->safe_psql('first', $schema);
my $expected = $node->safe_psql('first', $listing);
like($expected, qr/"name" : "follower"/, 'there is something to compare');

my $different = 0;
foreach my $i (1 .. 100)
{
	my $search_path =
	  ('a, b', 'b, a', '"S 1", pg_temp', '', 'relnav, a', 'pg_catalog, b')[ $i % 6 ];
	my $path = $search_path eq '' ? "''" : $search_path;

	# Some backends have seen something else before.
	my $before =
	  $i % 3 == 0 ? 'SELECT count(*) FROM relnav.relationships(\'b.orders\');'
	  : $i % 3 == 1 ? 'SELECT count(*) FROM relnav.relationships();'
	  :               '';
	my $got = $node->safe_psql('first',
		"\\o /dev/null\n$before\n\\o\nSET search_path = $path; $listing");
	$different++ if $got ne $expected;
}
is($different, 0, '100 fresh backends under any search_path say the same');

# Table by table, also the inverse names, which are found in another way then.
is( $node->safe_psql(
		'first', q{
	CREATE TEMP TABLE one AS
	SELECT r.* FROM (SELECT DISTINCT source AS s FROM relnav.relationships()) x,
		LATERAL relnav.relationships(x.s) r
	WHERE NOT (SELECT relispartition FROM pg_class WHERE oid = x.s);
	CREATE TEMP TABLE everything AS
	SELECT * FROM relnav.relationships()
	WHERE NOT (SELECT relispartition FROM pg_class WHERE oid = source);
	SELECT count(*) FROM ((TABLE one EXCEPT ALL TABLE everything)
		UNION ALL (TABLE everything EXCEPT ALL TABLE one)) d}),
	'0',
	'table by table it is the same');

# The same tables, made by pg_restore in its own order and with other OIDs.
my $dump = $node->basedir . '/first.dump';
$node->command_ok(
	[ 'pg_dump', '-Fc', '-f', $dump, $node->connstr('first') ], 'dump');
$node->safe_psql('postgres', 'CREATE DATABASE second');
$node->command_ok(
	[ 'pg_restore', '-d', $node->connstr('second'), $dump ], 'restore');
is($node->safe_psql('second', $listing),
	$expected, 'after dump and restore it is the same');

$node->stop;
done_testing();
