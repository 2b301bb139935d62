# Copyright (c) 2026, relnav developers

# Relationships of foreign tables, which have no keys and so are declared: on
# two servers they give the right rows, and where both sides are on the other
# server, it is the other server that joins them.

use strict;
use warnings;

use File::Spec;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $remote = PostgreSQL::Test::Cluster->new('remote');
$remote->init(extra => [ '--no-locale', '--encoding=UTF8' ]);
$remote->start;
my $local = PostgreSQL::Test::Cluster->new('local');
$local->init(extra => [ '--no-locale', '--encoding=UTF8' ]);
$local->start;

my ($code) = $local->psql('postgres', 'CREATE EXTENSION postgres_fdw');
if ($code != 0)
{
	plan skip_all => 'postgres_fdw is not installed';
}

$remote->safe_psql(
	'postgres', q{
CREATE TABLE orders (id int PRIMARY KEY, customer_id int, status text);
CREATE TABLE items (order_id int, pos int, product_id int, PRIMARY KEY (order_id, pos));
CREATE TABLE employee (id int PRIMARY KEY, manager_id int);
CREATE TABLE event_2 (id int, customer_id int, region int);
CREATE INDEX ON orders (customer_id);
INSERT INTO orders SELECT i, 1 + i % 100, CASE WHEN i % 10 = 0 THEN 'new' ELSE 'done' END FROM generate_series(1, 1000) i;
INSERT INTO items SELECT 1 + i % 1000, i, i % 50 FROM generate_series(1, 5000) i;
INSERT INTO employee VALUES (1, NULL), (2, 1), (3, 1), (4, 3), (5, 4);
INSERT INTO event_2 SELECT i, 1 + i % 100, 2 FROM generate_series(1, 50) i;
ANALYZE;
});

my $host = $remote->host;
my $port = $remote->port;
my $user = $remote->safe_psql('postgres', 'SELECT current_user');
$local->safe_psql(
	'postgres', qq{
CREATE EXTENSION relnav;
CREATE SERVER other FOREIGN DATA WRAPPER postgres_fdw
	OPTIONS (host '$host', port '$port', dbname 'postgres', use_remote_estimate 'true');
CREATE USER MAPPING FOR PUBLIC SERVER other OPTIONS (user '$user');
CREATE TABLE customer (id int PRIMARY KEY, name text);
INSERT INTO customer SELECT i, 'customer ' || i FROM generate_series(1, 120) i;
CREATE TABLE product (id int PRIMARY KEY, name text);
INSERT INTO product SELECT i, 'product ' || i FROM generate_series(0, 49) i;
CREATE FOREIGN TABLE orders (id int, customer_id int, status text) SERVER other;
CREATE FOREIGN TABLE items (order_id int, pos int, product_id int) SERVER other;
CREATE FOREIGN TABLE employee (id int, manager_id int) SERVER other;

-- Sharding with the server's own parts.
CREATE TABLE event (id int, customer_id int, region int) PARTITION BY LIST (region);
CREATE TABLE event_1 (region int, id int, customer_id int);
ALTER TABLE event ATTACH PARTITION event_1 FOR VALUES IN (1);
CREATE FOREIGN TABLE event_2 PARTITION OF event FOR VALUES IN (2) SERVER other;
INSERT INTO event_1 SELECT 1, i, 1 + i % 100 FROM generate_series(51, 100) i;
ANALYZE;
});

sub sql { return $local->safe_psql('postgres', join("\n", @_)); }

is(sql("SELECT count(*) FROM relnav.relationships('orders')"),
	'0', 'a foreign table has no relationships of its own');

sql(q{
SELECT relnav.declare('orders', 'customer', '{customer_id}', 'customer', '{id}', inverse => 'orders');
SELECT relnav.declare('items', 'order', '{order_id}', 'orders', '{id}', inverse => 'items', to_one => true);
SELECT relnav.declare('items', 'product', '{product_id}', 'product', '{id}', inverse => 'items');
SELECT relnav.declare('orders', 'products', '{id}', 'product', '{id}', 'items', '{order_id}', '{product_id}', inverse => 'orders');
SELECT relnav.declare('employee', 'manager', '{manager_id}', 'employee', '{id}', inverse => 'staff', to_one => true);
SELECT relnav.declare('event', 'customer', '{customer_id}', 'customer', '{id}', inverse => 'events');
});
is( sql(q{
SELECT string_agg(concat_ws(' ', source, name, kind, 'indexed: ' || indexed, origin), E'\n' ORDER BY source::text, name)
FROM relnav.relationships()}), 'customer events one-to-many indexed: false declared
customer orders one-to-many declared
employee manager many-to-one declared
employee staff one-to-many declared
event customer many-to-one indexed: true declared
items order many-to-one declared
items product many-to-one indexed: true declared
orders customer many-to-one indexed: true declared
orders items one-to-many declared
orders products many-to-many declared
product items one-to-many declared
product orders many-to-many declared', 'what is declared of foreign tables; of their indexes nothing is known');

# Each navigation, planned as a join and not, against the join by hand.
my @navigations = (
	[
		'local to foreign',
		q{SELECT c.id AS a, o.id AS b FROM customer c, relnav.children(c, NULL::orders) o},
		q{SELECT c.id, o.id FROM customer c JOIN orders o ON o.customer_id = c.id}
	],
	[
		'foreign to local',
		q{SELECT o.id AS a, c.id AS b FROM orders o, relnav.parent(o, NULL::customer) c},
		q{SELECT o.id, c.id FROM orders o JOIN customer c ON o.customer_id = c.id}
	],
	[
		'foreign to foreign',
		q{SELECT o.id AS a, i.pos AS b FROM orders o, relnav.children(o, NULL::items) i WHERE o.id < 100},
		q{SELECT o.id, i.pos FROM orders o JOIN items i ON i.order_id = o.id WHERE o.id < 100}
	],
	[
		'foreign to foreign, to-one',
		q{SELECT o.id AS a, i.pos AS b FROM items i, relnav.parent(i, NULL::orders) o WHERE i.pos < 100},
		q{SELECT o.id, i.pos FROM orders o JOIN items i ON i.order_id = o.id WHERE i.pos < 100}
	],
	[
		'through a foreign table',
		q{SELECT o.id AS a, p.id AS b FROM orders o, relnav.associated(o, NULL::product) p WHERE o.id < 50},
		q{SELECT DISTINCT o.id, p.id FROM orders o JOIN items i ON i.order_id = o.id JOIN product p ON p.id = i.product_id WHERE o.id < 50}
	],
	[
		'over three hops',
		q{SELECT c.id AS a, p.id AS b FROM customer c, relnav.related(c, NULL::product, 'orders.items.product') p WHERE c.id < 5},
		q{SELECT DISTINCT c.id, p.id FROM customer c JOIN orders o ON o.customer_id = c.id JOIN items i ON i.order_id = o.id JOIN product p ON p.id = i.product_id WHERE c.id < 5}
	],
	[
		'under NOT EXISTS',
		q{SELECT c.id AS a, 0 AS b FROM customer c WHERE NOT EXISTS (SELECT FROM relnav.children(c, NULL::orders))},
		q{SELECT c.id, 0 FROM customer c WHERE NOT EXISTS (SELECT FROM orders o WHERE o.customer_id = c.id)}
	],
	[
		'to a partitioned table with a foreign partition',
		q{SELECT c.id AS a, e.id AS b FROM customer c, relnav.children(c, NULL::event) e},
		q{SELECT c.id, e.id FROM customer c JOIN event e ON e.customer_id = c.id}
	],
	[
		'from it',
		q{SELECT e.id AS a, c.id AS b FROM event e, relnav.parent(e, NULL::customer) c},
		q{SELECT e.id, c.id FROM customer c JOIN event e ON e.customer_id = c.id}
	],
	[
		'from its local partition, whose columns have other numbers',
		q{SELECT e.id AS a, c.id AS b FROM event_1 e, relnav.parent(e, NULL::customer) c},
		q{SELECT e.id, c.id FROM customer c JOIN event_1 e ON e.customer_id = c.id}
	],
	[
		'from its foreign partition',
		q{SELECT e.id AS a, c.id AS b FROM event_2 e, relnav.parent(e, NULL::customer) c},
		q{SELECT e.id, c.id FROM customer c JOIN event_2 e ON e.customer_id = c.id}
	],
	[
		'to its foreign partition',
		q{SELECT c.id AS a, e.id AS b FROM customer c, relnav.children(c, NULL::event_2) e},
		q{SELECT c.id, e.id FROM customer c JOIN event_2 e ON e.customer_id = c.id}
	],
	[
		'descendants',
		q{SELECT (d.node).id AS a, d.depth AS b FROM employee e, relnav.descendants(e) d WHERE e.id = 1},
		q{VALUES (2, 1), (3, 1), (4, 2), (5, 3)}
	],
	[
		'ancestors',
		q{SELECT (d.node).id AS a, d.depth AS b FROM employee e, relnav.ancestors(e) d WHERE e.id = 5},
		q{VALUES (4, 1), (3, 2), (1, 3)}
	]);
foreach my $navigation (@navigations)
{
	my ($what, $ours, $by_hand) = @$navigation;

	foreach my $inline ('on', 'off')
	{
		is( sql(
				"SET relnav.inline = $inline;",
				"WITH ours (a, b) AS ($ours), by_hand (a, b) AS ($by_hand)",
				"SELECT count(*) > 0, (SELECT count(*) FROM (TABLE ours EXCEPT ALL TABLE by_hand) d),",
				"(SELECT count(*) FROM (TABLE by_hand EXCEPT ALL TABLE ours) d) FROM ours"),
			't|0|0',
			"$what, inline $inline");
	}
}

# Where the join is made.
sub plan_of
{
	my $plan = sql("LOAD 'relnav';", "EXPLAIN (VERBOSE, COSTS OFF) $_[0]");

	# The number of a table in the statement, which is no difference.
	$plan =~ s/\br[1-9]\b/r/g;
	return $plan;
}
like(
	plan_of('SELECT o.id, i.pos FROM orders o, relnav.children(o, NULL::items) i WHERE o.customer_id = 7'),
	qr/^Foreign Scan.*Remote SQL: SELECT .* INNER JOIN .* ON \(\(\(r\.id = r\.order_id\)\).*customer_id = 7/s,
	'two foreign tables of one server are joined there, with the condition');
is( plan_of('SELECT o.id, i.pos FROM orders o, relnav.children(o, NULL::items) i WHERE o.customer_id = 7'),
	plan_of('SELECT o.id, i.pos FROM orders o, items i WHERE o.customer_id = 7 AND o.id = i.order_id'),
	'as the join by hand is');
like(
	plan_of('SELECT count(*) FROM orders o, relnav.children(o, NULL::items) i'),
	qr/^Foreign Scan.*Remote SQL: SELECT count\(\*\) FROM .* INNER JOIN/s,
	'and counted there');
unlike(
	plan_of('SELECT c.name, o.id FROM customer c, relnav.children(c, NULL::orders) o WHERE c.id = 7'),
	qr/Function Scan/,
	'local and foreign tables are joined here');
like(
	plan_of('SELECT c.name, o.id FROM customer c, relnav.children(c, NULL::orders) o WHERE c.id = 7'),
	qr/Remote SQL: SELECT .* WHERE .*customer_id = (7|\$1)/,
	'but only the rows that are wanted come over');
like(
	plan_of('SELECT e.id FROM customer c, relnav.children(c, NULL::event) e WHERE c.id = 7 AND e.region = 2'),
	qr/Remote SQL: SELECT .* FROM public\.event_2 WHERE/,
	'of a partitioned table only the partition that is wanted is asked');

# A foreign table that does not tell its rows apart.
if ($local->psql('postgres', 'CREATE EXTENSION file_fdw') == 0)
{
	my $file = File::Spec->rel2abs($local->basedir . '/staff.csv');
	append_to_file($file, "1,\n2,1\n3,1\n");
	sql(qq{
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE FOREIGN TABLE staff (id int, boss int) SERVER files OPTIONS (filename '$file', format 'csv');
SELECT relnav.declare('staff', 'boss', '{boss}', 'staff', '{id}', to_one => true);});
	is(sql('SELECT s.id, b.id FROM staff s, relnav.parent(s, NULL::staff) b ORDER BY 1'),
		"2|1\n3|1", 'a file can be followed');
	my ($stdout, $stderr);
	$local->psql('postgres', 'SELECT d.* FROM staff s, relnav.descendants(s) d', stdout => \$stdout, stderr => \$stderr);
	like(
		$stderr,
		qr/cannot follow a relationship of table "staff" repeatedly.*does not tell its rows apart/s,
		'but not again and again');
}

$local->stop;
$remote->stop;
done_testing();
