# Copyright (c) 2026, relnav developers

# Parallel query: a navigation that became a join runs in workers like any
# other join, and gives the same rows; what stayed a call runs in the leader.
# The labels say so: nothing of ours may run in a worker, and what writes
# forbids workers altogether.  A function of a user that calls ours and is
# labelled wrongly gives the right rows or a clear error, and never a crash.

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
$node->append_conf('postgresql.conf',
	"jit = off\nmax_worker_processes = 8\nmax_parallel_workers = 8");
$node->start;
EveryFunction::load($node, 'postgres');
my $force = $node->safe_psql('postgres', 'SHOW server_version_num') >= 160000
  ? 'debug_parallel_query'
  : 'force_parallel_mode';

# Workers wherever the server may use them.
my $eager = q{
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET min_parallel_index_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
SET parallel_leader_participation = off;
};
my $never = 'SET max_parallel_workers_per_gather = 0;';


# ----- The labels ------------------------------------------------------------

# Only the planner calls the one that is safe; it reads catalogs.
is( $node->safe_psql(
		'postgres', q{
SET search_path = pg_catalog;
SELECT p.proparallel, count(*), CASE WHEN p.proparallel <> 'r' THEN string_agg(p.proname, ' ' ORDER BY p.proname) END
  FROM pg_depend d JOIN pg_proc p ON p.oid = d.objid
 WHERE d.classid = 'pg_proc'::regclass AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
   AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'relnav')
 GROUP BY 1 ORDER BY 1}) =~ s/^r\|\d+/r|n/mr,
	"r|n|\ns|1|navigation_support\nu|5|declare declared_trigger declared_truncate_trigger rename undeclare",
	'parallel safety: restricted, but for what writes');
is( $node->safe_psql(
		'postgres', q{
SELECT string_agg(proname, ' ' ORDER BY proname) FROM pg_proc
 WHERE pronamespace = 'relnav'::regnamespace AND provolatile = 'v' AND proparallel <> 'u'}),
	'', 'what is volatile is unsafe');


# ----- Every function --------------------------------------------------------

my $expected = EveryFunction::answers($node, 'postgres', $never);
is(join(' ', EveryFunction::missing($node, 'postgres')), '', 'there is a call of every function');
foreach my $inline ('on', 'off')
{
	foreach my $mode ('off', 'on', 'regress')
	{
		is( join(
				' ',
				EveryFunction::differing(
					$expected,
					EveryFunction::answers(
						$node, 'postgres',
						"LOAD 'relnav'; SET relnav.inline = $inline; SET $force = $mode; $eager"))),
			'',
			"all functions, relnav.inline = $inline, $force = $mode");
	}
}


# ----- Large tables ----------------------------------------------------------

$node->safe_psql(
	'postgres', q{
CREATE SCHEMA big;
SET search_path = big;
CREATE TABLE customer (id int PRIMARY KEY, boss_id int REFERENCES customer, name text);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customer);
CREATE TABLE item (id int PRIMARY KEY, order_id int REFERENCES orders, product_id int);
CREATE TABLE product (id int PRIMARY KEY, name text);
ALTER TABLE item ADD FOREIGN KEY (product_id) REFERENCES product;
CREATE TABLE likes (customer_id int REFERENCES customer, product_id int REFERENCES product, PRIMARY KEY (customer_id, product_id));
INSERT INTO customer SELECT i, NULLIF(i / 4, 0), 'c' || i FROM generate_series(1, 1000) i;
INSERT INTO product SELECT i, 'p' || i FROM generate_series(1, 100) i;
INSERT INTO orders SELECT i, 1 + i % 997 FROM generate_series(1, 5000) i;
INSERT INTO item SELECT i, 1 + i % 4999, 1 + i % 100 FROM generate_series(1, 20000) i;
INSERT INTO likes SELECT 1 + i % 900, 1 + i % 98 FROM generate_series(1, 10000) i ON CONFLICT DO NOTHING;
CREATE INDEX ON orders (customer_id);
CREATE INDEX ON item (order_id);
CREATE INDEX ON customer (boss_id);
ANALYZE customer, orders, item, product, likes;
CREATE VIEW kept AS SELECT c.id, o.id AS order_id FROM customer c, relnav.children(c, NULL::orders) o;

-- Row security, and with it a function that no worker may call.
CREATE TABLE secret (id int PRIMARY KEY, customer_id int REFERENCES customer);
INSERT INTO secret SELECT i, 1 + i % 1000 FROM generate_series(1, 3000) i;
CREATE INDEX ON secret (customer_id);
ANALYZE secret;
CREATE FUNCTION may_see(int) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 1 AS
	'BEGIN RETURN $1 % 3 = 0; END';
CREATE ROLE reader;
GRANT USAGE ON SCHEMA big TO reader;
GRANT SELECT ON ALL TABLES IN SCHEMA big TO reader;
ALTER TABLE secret ENABLE ROW LEVEL SECURITY;
CREATE POLICY third ON secret USING (may_see(id));
});

my %joins = (
	'to-many' => q{SELECT count(*), sum(o.id) FROM customer c, relnav.children(c, NULL::orders) o WHERE c.id > 3},
	'to-one' => q{SELECT count(c.id), sum(c.id), count(*) FROM orders o, relnav.parent(o, NULL::customer) c},
	'two hops' => q{SELECT count(*), sum(i.id) FROM customer c, relnav.related(c, NULL::item, 'orders.item') i},
	'an association' => q{SELECT count(*), sum(p.id) FROM customer c, relnav.associated(c, NULL::product) p},
	'EXISTS' =>
	  q{SELECT count(*), sum(c.id) FROM customer c WHERE EXISTS (SELECT FROM relnav.children(c, NULL::orders) o WHERE o.id > 4000)},
	'NOT EXISTS' =>
	  q{SELECT count(*), sum(c.id) FROM customer c WHERE NOT EXISTS (SELECT FROM relnav.children(c, NULL::orders))},
	'an outer join' =>
	  q{SELECT count(*), count(o.id), sum(o.id) FROM customer c LEFT JOIN LATERAL relnav.children(c, NULL::orders) o ON true},
	'a view' => q{SELECT count(*), sum(order_id) FROM kept});

# Each once: that is a matter of a subquery.  Recursion and calls are not for
# workers, but what they are joined with may be.
my %others = (
	'deduplicated' =>
	  q{SELECT count(*), sum(p.id) FROM customer c, relnav.related(c, NULL::product, 'orders.item.product') p},
	'recursive' => q{SELECT count(*), sum(depth) FROM customer c, relnav.descendants(c) d},
	'a call in the select list' =>
	  q{SELECT count(*), sum((x).id) FROM (SELECT relnav.children(c, NULL::orders) AS x FROM customer c) s},
	'a path that is no constant' =>
	  q{SELECT count(*), sum(o.id) FROM customer c, relnav.related(c, NULL::orders, 'ord' || substr(c.name, 99) || 'ers') o},
	'trees' =>
	  q{SELECT count(*), sum(length(relnav.tree(c, 'name, orders(id, item(product.name))')::text)) FROM customer c WHERE id < 300},
	'tree_agg' => q{SELECT length(relnav.tree_agg(c, 'name, orders(id)')::text) FROM customer c},
	'in a condition' =>
	  q{SELECT count(*) FROM item i WHERE (SELECT count(*) FROM relnav.related(i, NULL::customer, 'order.customer')) = 1},
	'row security' =>
	  q{SET ROLE reader; SELECT count(*), sum(s.id) FROM customer c, relnav.children(c, NULL::secret) s; RESET ROLE});

sub run
{
	my ($before, $query) = @_;
	return $node->safe_psql('postgres', "LOAD 'relnav'; SET search_path = big; $before $query");
}

foreach my $name (sort(keys %joins), sort(keys %others))
{
	my $query = $joins{$name} // $others{$name};
	my $rows = run("SET relnav.inline = off; $never", $query);

	isnt($rows, '', "$name: rows");
	foreach my $inline ('on', 'off')
	{
		is(run("SET relnav.inline = $inline; $eager", $query), $rows, "$name: the same, inline $inline");
		is(run("SET relnav.inline = $inline; SET $force = regress; $eager", $query),
			$rows, "$name: the same with $force, inline $inline");
	}
	my $plan = run($eager, $query =~ s/(?=SELECT )/EXPLAIN (ANALYZE, VERBOSE, COSTS OFF, TIMING OFF, SUMMARY OFF) /r);
	if ($joins{$name})
	{
		like($plan, qr/Parallel (?:Seq|Index|Bitmap|Index Only)/, "$name: planned with workers");
		like($plan, qr/Workers Launched: [1-9]/, "$name: which ran");
	}

	# A call must be where the leader is: not below Gather.
	my $gather;
	my @below;
	foreach my $line (split /\n/, $plan)
	{
		my ($indent) = $line =~ /^( *)/;
		$gather = undef if defined $gather && $line =~ /->/ && length $indent <= $gather;
		$gather = length $indent if !defined $gather && $line =~ /Gather/;
		push @below, $line if defined $gather && $line =~ /relnav\./;
	}
	is(join("\n", grep { !/Gather/ } @below), '', "$name: nothing of ours below Gather");
}


# ----- Labelled wrongly ------------------------------------------------------

$node->safe_psql(
	'postgres', q{
SET search_path = big;
CREATE FUNCTION orders_of(c customer) RETURNS bigint LANGUAGE plpgsql STABLE PARALLEL SAFE AS
	'BEGIN RETURN (SELECT count(*) FROM relnav.children(c, NULL::big.orders)); END';
CREATE FUNCTION tree_of(c customer) RETURNS int LANGUAGE plpgsql STABLE PARALLEL SAFE AS
	$$BEGIN RETURN length(relnav.tree(c, 'name, orders(id, item(id))')::text); END$$;
CREATE FUNCTION impact_of(c customer) RETURNS bigint LANGUAGE plpgsql STABLE PARALLEL SAFE AS
	'BEGIN RETURN (SELECT sum(d.rows) FROM relnav.delete_impact(c) d); END';
CREATE FUNCTION declares(c customer) RETURNS int LANGUAGE plpgsql PARALLEL SAFE AS
	$$BEGIN PERFORM relnav.declare('big.customer', 'p', '{id}', 'big.product', '{id}'); RETURN 1; END$$;
});
foreach my $function ('orders_of', 'tree_of', 'impact_of')
{
	my $query = "SELECT count(*), sum($function(c)) FROM customer c WHERE id < 200";
	my $rows = run($never, $query);

	like(run($eager, "EXPLAIN (VERBOSE) $query"), qr/Partial Aggregate.*$function/s, "$function runs in workers");
	is(run($eager, $query), $rows, '... and gives the same');
	is(run("SET relnav.inline = off; $eager", $query), $rows, '... also as a call');
}
my ($status, $out, $err) = $node->psql('postgres', "SET search_path = big; $eager SELECT sum(declares(c)) FROM customer c");
like($err, qr/ERROR:  cannot execute INSERT during a parallel operation/, 'declaring in a worker');

# Temporary tables are not for workers either; it is the server that says so.
my $temporary = q{
SET search_path = big;
CREATE TEMP TABLE c AS TABLE customer;
ALTER TABLE c ADD PRIMARY KEY (id);
CREATE TEMP TABLE o (id int, c_id int REFERENCES c);
INSERT INTO o SELECT id, id FROM c;
};
($status, $out, $err) = $node->psql(
	'postgres', qq{$temporary
CREATE FUNCTION pg_temp.o_of(k int) RETURNS bigint LANGUAGE plpgsql STABLE PARALLEL SAFE AS
	'BEGIN RETURN (SELECT count(*) FROM relnav.children(''c'', k, NULL::o)); END';
$eager
SELECT sum(pg_temp.o_of(id)) FROM customer});
like($err, qr/ERROR:  cannot access temporary tables during a parallel operation/, 'temporary tables in a worker');
is($node->safe_psql(
		'postgres', qq{$temporary
$eager
SELECT count(*) FROM customer x, relnav.children('c', x.id, NULL::o)}),
	'1000', '... and in the leader');

like(slurp_file($node->logfile), qr/parallel worker/, 'the log is of this test');
unlike(slurp_file($node->logfile), qr/terminated by signal/, 'nothing has crashed');

$node->stop;
done_testing();
