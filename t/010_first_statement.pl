# Copyright (c) 2026, relnav developers

# The first statement of a backend gives the right rows, whether the library
# is there before it or comes with it.  In the second case it may be planned
# as the call that it is, but no such plan is kept.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--no-locale', '--encoding=UTF8' ]);
$node->append_conf('postgresql.conf', 'jit = off');
$node->start;

$node->safe_psql(
	'postgres', q{
CREATE EXTENSION relnav;
CREATE TABLE customer (id int PRIMARY KEY, name text);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customer, owner text);
INSERT INTO customer VALUES (1, 'Ann'), (2, 'Bob'), (3, 'Cy');
INSERT INTO orders VALUES (10, 1, 'one'), (11, 1, 'two'), (12, 2, 'one'), (13, NULL, 'two');
CREATE VIEW customer_orders AS SELECT c.name, o.id FROM customer c, relnav.children(c, NULL::orders) o;
CREATE FUNCTION orders_of(k int) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN (SELECT string_agg(o.id::text, ' ' ORDER BY o.id) FROM relnav.children('customer', k, NULL::orders) o);
END $$;
CREATE FUNCTION plan_of_orders() RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXPLAIN (COSTS OFF) SELECT o.id FROM customer c, relnav.children(c, NULL::orders) o;
END $$;
CREATE FUNCTION in_sql(c customer) RETURNS bigint LANGUAGE sql STABLE AS
	'SELECT count(*) FROM relnav.children(c, NULL::orders)';
CREATE FUNCTION set_in_sql(c customer) RETURNS SETOF orders LANGUAGE sql STABLE AS
	'SELECT o.* FROM relnav.children(c, NULL::orders) o';
CREATE FUNCTION keyed_in_sql(k int) RETURNS SETOF orders LANGUAGE sql STABLE AS
	$$ SELECT o.* FROM relnav.children('customer', k, NULL::orders) o $$;
CREATE ROLE one;
CREATE ROLE two;
GRANT SELECT ON customer, orders TO one, two;
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON orders USING (owner = current_user);
});

# From 19 on the server asks the library itself, and loads it for that.
my $asks = $node->safe_psql('postgres', 'SHOW server_version_num') >= 190000;
my $call = qr/Function Scan/;

my %first = (
	'from a row' => [
		q{SELECT c.name, o.id FROM customer c, relnav.children(c, NULL::orders) o ORDER BY 2},
		"Ann|10\nAnn|11\nBob|12"
	],
	'to the parent' => [
		q{SELECT o.id, c.name FROM orders o, relnav.parent(o, NULL::customer) c ORDER BY 1},
		"10|Ann\n11|Ann\n12|Bob"
	],
	'from a key' =>
	  [ q{SELECT o.id FROM relnav.children('customer', '1', NULL::orders) o ORDER BY 1}, "10\n11" ],
	'a path' => [
		q{SELECT o.id FROM orders x, relnav.related(x, NULL::orders, 'customer.orders') o WHERE x.id = 10 ORDER BY 1},
		"10\n11"
	],
	'in a view' => [ q{SELECT * FROM customer_orders ORDER BY 2}, "Ann|10\nAnn|11\nBob|12" ],
	'EXISTS' => [
		q{SELECT name FROM customer c WHERE EXISTS (SELECT FROM relnav.children(c, NULL::orders)) ORDER BY 1},
		"Ann\nBob"
	],
	'NOT EXISTS' => [
		q{SELECT name FROM customer c WHERE NOT EXISTS (SELECT FROM relnav.children(c, NULL::orders)) ORDER BY 1},
		'Cy'
	],
	'in the select list' =>
	  [ q{SELECT (relnav.children(c, NULL::orders)).id FROM customer c ORDER BY 1}, "10\n11\n12" ],
	'in SQL functions' => [
		q{SELECT sum(in_sql(c)), (SELECT count(*) FROM customer x, set_in_sql(x)) FROM customer c},
		'3|3'
	],
	'in an INSERT' => [
		q{BEGIN; INSERT INTO customer SELECT o.id, 'x' FROM customer c, relnav.children(c, NULL::orders) o; SELECT count(*) FROM customer; ROLLBACK},
		'6'
	]);
foreach my $name (sort keys %first)
{
	my ($query, $rows) = @{ $first{$name} };
	is($node->safe_psql('postgres', "$query; $query"),
		"$rows\n$rows", "$name: the first statement and the second");
}

# An error comes with the first statement, too, and says the same.
my ($status, $out, $err) = $node->psql('postgres',
	q{SELECT * FROM customer c, relnav.children(c, NULL::customer)});
like($err, qr/ERROR:  .*relationship/, 'an error in the first statement');

sub plans_of
{
	my ($first, $second, %params) = @_;

	return split /^-----\n/m,
	  $node->safe_psql('postgres', "$first;\n\\echo -----\n$second;", %params);
}

my $query = 'SELECT c.name, o.id FROM customer c, relnav.children(c, NULL::orders) o';
my ($plan, $later) = plans_of("EXPLAIN (COSTS OFF) $query", "EXPLAIN (COSTS OFF) $query");
if ($asks)
{
	unlike($plan, $call, 'the first statement is a join');
}
else
{
	like($plan, $call, 'the first statement is a call');
}
unlike($later, $call, 'the second statement is a join');

# The plan that was made before the library was there, or while it came, is
# not kept.
my $prepare = "SET plan_cache_mode = force_generic_plan; PREPARE p AS $query ORDER BY 2";
($plan, $later) =
  plans_of("$prepare; EXECUTE p", 'EXPLAIN (COSTS OFF) EXECUTE p; EXECUTE p');
is($plan, "Ann|10\nAnn|11\nBob|12\n", 'a prepared statement comes first');
unlike($later, $call, 'its plan is not kept');
like($later, qr/Ann\|10\nAnn\|11\nBob\|12$/, 'and the next one gives the same rows');
($plan, $later) = plans_of("$prepare; EXPLAIN (COSTS OFF) EXECUTE p", 'EXPLAIN (COSTS OFF) EXECUTE p');
unlike($later, $call, 'the plan is not kept if it was only explained');
($plan, $later) = plans_of(
	"$prepare; PREPARE q AS SELECT o.id FROM relnav.children('customer', 1, NULL::orders) o; EXECUTE q",
	'EXPLAIN (COSTS OFF) EXECUTE p; EXPLAIN (COSTS OFF) EXECUTE q');
unlike($later, $call, 'nor are plans of other statements');

# plpgsql keeps plans by itself.
is( $node->safe_psql(
		'postgres',
		'SET plan_cache_mode = force_generic_plan; SELECT orders_of(1); SELECT orders_of(2); SELECT orders_of(1)'
	),
	"10 11\n12\n10 11",
	'a function of plpgsql comes first');
($plan, $later) = plans_of(
	'SET plan_cache_mode = force_generic_plan; SELECT plan_of_orders()',
	'SELECT plan_of_orders()');
unlike($later, $call, 'its plan is not kept either');

# Parameters are the statement's, not the function's, wherever they stand.
foreach my $mode ('force_generic_plan', 'force_custom_plan')
{
	foreach my $call (
		q{relnav.children('customer', $3, NULL::orders)},
		q{relnav.children($2, NULL::orders)},
		q{relnav.related('orders', $4, NULL::orders, 'customer.orders')},
		q{relnav.children($2, NULL::orders, $1)},
		q{set_in_sql($2)},
		q{keyed_in_sql($3)})
	{
		is( $node->safe_psql(
				'postgres',
				"SET plan_cache_mode = $mode; PREPARE p (text, customer, int, int, int) AS SELECT o.id FROM $call o WHERE o.id > \$5 ORDER BY 1;"
				  . "EXECUTE p ('orders', ROW(1, 'Ann'), 1, 10, 10); EXECUTE p ('orders', ROW(2, 'Bob'), 2, 12, 10)"
			),
			"11\n12",
			"parameters of $call, $mode");
	}
}


# The role may change between the first statement and the second.
is( $node->safe_psql(
		'postgres',
		"$prepare; EXECUTE p; SET ROLE one; EXECUTE p; SET ROLE two; EXECUTE p; RESET ROLE; EXECUTE p"
	),
	"Ann|10\nAnn|11\nBob|12\nAnn|10\nBob|12\nAnn|11\nAnn|10\nAnn|11\nBob|12",
	'row security is that of the role');
is($node->safe_psql('postgres', "$prepare; SET ROLE two; EXECUTE p; RESET ROLE; EXECUTE p"),
	"Ann|11\nAnn|10\nAnn|11\nBob|12", 'row security does not stay with the first role');

# A setting that was made before the library came is taken over.
$later = $node->safe_psql('postgres',
	"SET relnav.inline = off; $query; EXPLAIN (COSTS OFF) $query");
like($later, $call, 'relnav.inline can be set before');

# A pooler warms a backend up by LOAD, or by any statement with a call.
foreach my $warm ("LOAD 'relnav'", "SELECT count(*) FROM relnav.relationships('orders')")
{
	unlike($node->safe_psql('postgres', "$warm; EXPLAIN (COSTS OFF) $query"),
		$call, "after $warm the next statement is a join");
}

# Preloaded, the first statement is a join, for everybody.
$node->safe_psql('postgres',
	q{ALTER DATABASE postgres SET session_preload_libraries = 'relnav'; CREATE ROLE login LOGIN; GRANT SELECT ON customer, orders TO login});
unlike($node->safe_psql('postgres', "EXPLAIN (COSTS OFF) $query"),
	$call, 'session_preload_libraries: the first statement is a join');
unlike(
	$node->safe_psql('postgres', "EXPLAIN (COSTS OFF) $query", extra_params => [ '-U', 'login' ]),
	$call,
	'... also for an ordinary user');
unlike($node->safe_psql('postgres', "$prepare; EXPLAIN (COSTS OFF) EXECUTE p"),
	$call, '... and as a prepared statement');
unlike($node->safe_psql('postgres', 'SELECT plan_of_orders()'),
	$call, '... and in a function');
$node->safe_psql('postgres', 'ALTER DATABASE postgres RESET session_preload_libraries');

# In all databases, also those without the extension.
$node->append_conf('postgresql.conf', "shared_preload_libraries = 'relnav'");
$node->restart;
unlike($node->safe_psql('postgres', "EXPLAIN (COSTS OFF) $query"),
	$call, 'shared_preload_libraries: the first statement is a join');
is( $node->safe_psql(
		'template1', q{SELECT count(*) FROM pg_class c, pg_options_to_table(c.reloptions)
			WHERE relname = 'none'}),
	'0',
	'a database without the extension is none the worse');

# No statement of ours is counted as one of the user's.
SKIP:
{
	my $contrib = $node->safe_psql('postgres',
		q{SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_stat_statements'});
	skip 'pg_stat_statements is not installed', 1 unless $contrib;

	$node->append_conf('postgresql.conf',
		"shared_preload_libraries = 'pg_stat_statements, relnav'\npg_stat_statements.track = all");
	$node->restart;
	$node->safe_psql('postgres', 'CREATE EXTENSION pg_stat_statements');
	$node->safe_psql('postgres',
		"SELECT pg_stat_statements_reset(); $query; SELECT o.id FROM relnav.related('orders', 10, NULL::orders, 'customer.orders') o");
	is( $node->safe_psql(
			'postgres', q{SELECT count(*) FROM pg_stat_statements WHERE query ~ 'OPERATOR|h1'}),
		'0',
		'pg_stat_statements sees the calls only');
}

$node->stop;
done_testing();
