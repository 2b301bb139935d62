# Copyright (c) 2026, relnav developers

# What is declared counts in every session at once, and is still there after a
# dump was restored by who owns the tables, but for what is about a table that
# was dropped.

use strict;
use warnings;

use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--no-locale', '--encoding=UTF8' ]);
$node->start;

# Who owns the database, and not more, made everything in it.
$node->safe_psql(
	'postgres', q{
CREATE ROLE owner LOGIN;
CREATE DATABASE first OWNER owner;
});

sub as_owner
{
	my ($database, $sql) = @_;
	return $node->safe_psql($database, $sql, extra_params => [ '-U', 'owner' ]);
}

as_owner(
	'first', q{
CREATE EXTENSION relnav;
CREATE SCHEMA shop;
CREATE TABLE shop.customer (no int, name text);
CREATE UNIQUE INDEX ON shop.customer (no);
CREATE TABLE shop.orders (no int PRIMARY KEY, customer_no int);
CREATE TABLE shop.items (no int PRIMARY KEY, order_no int REFERENCES shop.orders, other_no int REFERENCES shop.orders);
CREATE TABLE shop.likes (a int REFERENCES shop.orders, b int REFERENCES shop.items, PRIMARY KEY (a, b));
CREATE TABLE shop.gone (no int);
CREATE MATERIALIZED VIEW shop.sums AS SELECT customer_no, count(*) AS n FROM shop.orders GROUP BY customer_no;
CREATE VIEW shop.names AS SELECT no AS number, name FROM shop.customer;
-- A view that pg_dump makes in two steps, as it needs the primary key.
CREATE VIEW shop.two_steps AS SELECT no, customer_no, count(*) FROM shop.orders GROUP BY no;
CREATE TABLE shop.part (k int, c int) PARTITION BY LIST (k);
CREATE TABLE shop.part_1 PARTITION OF shop.part FOR VALUES IN (1);
INSERT INTO shop.customer VALUES (1, 'Ann'), (2, 'Ben');
INSERT INTO shop.orders VALUES (10, 1), (11, 1), (12, 2);
INSERT INTO shop.items VALUES (100, 10, 11);
INSERT INTO shop.likes VALUES (10, 100);
INSERT INTO shop.part VALUES (1, 2);
REFRESH MATERIALIZED VIEW shop.sums;

SELECT relnav.declare('shop.orders', 'buyer', '{customer_no}', 'shop.customer', '{no}', inverse => 'purchases');
SELECT relnav.declare('shop.sums', 'whose', '{customer_no}', 'shop.customer', '{no}', inverse => 'sum');
SELECT relnav.declare('shop.names', 'orders', '{number}', 'shop.orders', '{customer_no}');
SELECT relnav.declare('shop.customer', 'everything', '{no}', 'shop.items', '{no}', 'shop.likes', '{a}', '{b}');
SELECT relnav.declare('shop.two_steps', 'buyer', '{customer_no}', 'shop.customer', '{no}');
SELECT relnav.declare('shop.part', 'of', '{c}', 'shop.customer', '{no}', to_one => true);
SELECT relnav.declare('shop.gone', 'orders', '{no}', 'shop.orders', '{no}');
SELECT relnav.declare('shop.orders', 'gone', '{no}', 'shop.gone', '{no}');
SELECT relnav.rename('shop.items', 'order', 'belongs to');
SELECT relnav.rename('shop.orders', 'items_by_other', '"others"');
SELECT relnav.rename('shop.items', 'orders_via_likes', 'liked by');
ALTER TABLE shop.items RENAME COLUMN other_no TO another_no;
});
as_owner('first', 'DROP TABLE shop.gone');

my $listing = q{
SELECT relnav.model('shop');
SELECT c.name, o.no FROM shop.customer c, relnav.children(c, NULL::shop.orders, 'purchases') o ORDER BY 1, 2;
SELECT c.name, s.n FROM shop.customer c, relnav.related(c, NULL::shop.sums, 'sum') s ORDER BY 1;
SELECT n.name, o.no FROM shop.names n, relnav.children(n, NULL::shop.orders, 'orders') o ORDER BY 1, 2;
SELECT p.k, c.name FROM shop.part_1 p, relnav.parent(p, NULL::shop.customer) c;
};
my $expected = as_owner('first', $listing);
like($expected, qr/"name" : "belongs to"/, 'there is something to compare');
like($expected, qr/"name" : "liked by"/, 'there is another name of an association');

# By either kind of dump, as the owner, into a fresh database.
my $dump = $node->basedir . '/first.dump';
my $script = $node->basedir . '/first.sql';
$node->command_ok(
	[ 'pg_dump', '-Fc', '-U', 'owner', '-f', $dump, $node->connstr('first') ],
	'the owner can dump it');
$node->command_ok(
	[ 'pg_dump', '-U', 'owner', '-f', $script, $node->connstr('first') ],
	'also as a script');
foreach my $database ('second', 'third', 'fourth')
{
	$node->safe_psql('postgres', "CREATE DATABASE $database OWNER owner");
}
$node->command_ok(
	[ 'pg_restore', '-e', '-U', 'owner', '-d', $node->connstr('second'), $dump ],
	'and restore it');
is(as_owner('second', $listing), $expected, 'the same answers');
is( as_owner('second', 'SELECT count(*) FROM relnav.declared'),
	'9', 'all rows but those about the dropped table');
$node->command_ok(
	[ 'psql', '-X', '-v', 'ON_ERROR_STOP=1', '-U', 'owner', '-f', $script, $node->connstr('third') ],
	'and run the script');
is(as_owner('third', $listing), $expected, 'the same answers');

# As somebody else: the tables are his then.
$node->command_ok(
	[ 'pg_restore', '-e', '--no-owner', '-d', $node->connstr('fourth'), $dump ],
	'a superuser can restore it as his own');
is($node->safe_psql('fourth', $listing), $expected, 'the same answers');

# A materialized view that only exists after the data, and a declaration that
# has become invalid: they are lost, and nothing else is.
as_owner(
	'third', q{
CREATE MATERIALIZED VIEW shop.late AS SELECT no, customer_no, count(*) FROM shop.orders GROUP BY no;
SELECT relnav.declare('shop.late', 'buyer', '{customer_no}', 'shop.customer', '{no}');
SELECT relnav.declare('shop.items', 'twin', '{another_no}', 'shop.items', '{no}');
ALTER TABLE shop.items RENAME COLUMN another_no TO yet_another_no;
});
$node->safe_psql('postgres', 'CREATE DATABASE fifth OWNER owner');
$node->command_ok(
	[ 'pg_dump', '-Fc', '-U', 'owner', '-f', $dump, $node->connstr('third') ],
	'dump with a materialized view that needs a primary key');
$node->command_ok(
	[ 'pg_restore', '-e', '-U', 'owner', '-d', $node->connstr('fifth'), $dump ],
	'restore');
is( as_owner('third', 'SELECT count(*) FROM relnav.declared')
	  . ' '
	  . as_owner('fifth', 'SELECT count(*) FROM relnav.declared'),
	'11 9',
	'the others are there');
is( as_owner('fifth', 'SELECT count(*) FROM relnav.declared d WHERE relnav.declaration_problem(d) IS NOT NULL'),
	'0',
	'and are valid');

# In the middle of another session, which has asked before.  Its psql reads
# what we send it line by line.
my ($in, $out, $err) = ('', '', '');
my $session = IPC::Run::start(
	[ 'psql', '-X', '-A', '-t', '-q', '-d', $node->connstr('first') ],
	'<', \$in, '>', \$out, '2>', \$err,
	IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default));

sub ask
{
	my ($sql) = @_;
	$out = '';
	$in .= "$sql;\n\\echo done\n";
	$session->pump until $out =~ /^done$/m;
	$out =~ s/\n?done\n$//;
	return $out;
}

foreach my $inline ('on', 'off')
{
	my $names =
	  q{SELECT string_agg(name, ' ' ORDER BY name COLLATE "C") FROM relnav.relationships('shop.customer')};
	ask("SET relnav.inline = $inline");
	ask("SET plan_cache_mode = force_generic_plan");
	unlike(ask($names), qr/\bbought\b/, "inline $inline: it is not there yet");
	ask("PREPARE p_$inline AS SELECT count(*) FROM shop.customer c, relnav.related(c, NULL::shop.orders, \$\$bought\$\$) o");
	as_owner('first',
		q{SELECT relnav.declare('shop.customer', 'bought', '{no}', 'shop.orders', '{customer_no}')});
	like(ask($names), qr/\bbought\b/, 'it is there in the next statement');
	is(ask("EXECUTE p_$inline"), '3', 'and a prepared statement follows it');
	is(ask("EXECUTE p_$inline"), '3', 'twice');
	as_owner('first',
		q{SELECT relnav.undeclare('shop.customer', 'bought');
		SELECT relnav.declare('shop.customer', 'bought', '{no}', 'shop.orders', '{no}')});
	is(ask("EXECUTE p_$inline"), '0', 'it has another meaning at once');
	as_owner('first', q{SELECT relnav.undeclare('shop.customer', 'bought')});
	unlike(ask($names), qr/\bbought\b/, 'it is gone at once');
	as_owner('first',
		q{CREATE OR REPLACE VIEW shop.names AS SELECT no AS number, name FROM shop.customer});
	my $before = ask(q{SELECT count(*) FROM relnav.relationships('shop.names')});
	as_owner('first',
		q{CREATE OR REPLACE VIEW shop.names AS SELECT no + 0 AS number, name FROM shop.customer});
	cmp_ok(ask(q{SELECT count(*) FROM relnav.relationships('shop.names')}),
		'<', $before, 'so is what a view had');
}
is($err, '', 'without an error');
$in .= "\\q\n";
$session->finish;

$node->stop;
done_testing();
