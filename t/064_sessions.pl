# Copyright (c) 2026, relnav developers

# What one session does to itself, and one database to another.  Two databases
# of one cluster may have the same tables under the same OIDs with other keys;
# one may have the library and not the extension.  DISCARD, RESET and another
# session user leave nothing behind that could answer for somebody else.

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
$node->start;
$node->safe_psql('postgres', 'CREATE DATABASE one; CREATE DATABASE without');
EveryFunction::load($node, 'one');

my $expected = EveryFunction::answers($node, 'one');
my $loaded = q{SELECT FROM relnav.relationships('shop.customer') LIMIT 0;};
my $names = q{SELECT string_agg(concat_ws(' ', name, kind), ', ' ORDER BY name COLLATE "C")
  FROM relnav.relationships('shop.letter')};


# ----- Two databases ------------------------------------------------------------

# A copy: same names, same OIDs.  Then it goes its own way, while sessions of both
# have asked.
$node->safe_psql('postgres', 'CREATE DATABASE two TEMPLATE one');
is( $node->safe_psql('two', q{SELECT 'shop.orders'::regclass::oid, 'relnav.declared'::regclass::oid}),
	$node->safe_psql('one', q{SELECT 'shop.orders'::regclass::oid, 'relnav.declared'::regclass::oid}),
	'a copy has the same OIDs');
my %in;
foreach my $database ('one', 'two')
{
	$in{$database} = $node->background_psql($database, on_error_stop => 0);
	EveryFunction::prepare($in{$database}, "$loaded SET plan_cache_mode = force_generic_plan;");
	my ($answers, @errors) = EveryFunction::execute($in{$database});
	is(join(' ', @errors, EveryFunction::differing($expected, $answers)), '', "$database: the same answers");
}
$node->safe_psql(
	'two', q{
SET search_path = shop;
SELECT relnav.undeclare('letter', 'writer');
SELECT relnav.rename('customer', 'bought', NULL);
ALTER TABLE items DROP CONSTRAINT items_product_id_fkey;
ALTER TABLE letter ADD FOREIGN KEY (no) REFERENCES orders NOT VALID;
CREATE OR REPLACE VIEW big_orders AS SELECT id + 0 AS no, customer_id AS buyer_no, status FROM orders WHERE id < 3;
});
my ($answers, @errors) = EveryFunction::execute($in{one});
is(join(' ', @errors, EveryFunction::differing($expected, $answers)), '', 'a change of the one is none of the other');
is($in{one}->query_safe($names), 'writer many-to-one', '... nor are names');
is($in{two}->query_safe($names), 'no many-to-one', '... and counts in its own');
my $other = $node->background_psql('two', on_error_stop => 0);
EveryFunction::prepare($other, $loaded);
my ($changed, @changed) = EveryFunction::execute($other);
$other->quit;
($answers, @errors) = EveryFunction::execute($in{two});
my @different = EveryFunction::differing($expected, $answers);
cmp_ok(scalar @different, '>', 10, '... for many functions');
is(join(' ', EveryFunction::differing($changed, $answers)), '', '... as in a new session');
s/^psql:<stdin>:\d+: // foreach @errors, @changed;
is(join("\n", @errors), join("\n", @changed), '... with the same errors');
$node->safe_psql('two', 'DROP EXTENSION relnav CASCADE');
($answers, @errors) = EveryFunction::execute($in{one});
is(join(' ', @errors, EveryFunction::differing($expected, $answers)), '', 'the extension of the one is none of the other');
$_->quit foreach values %in;
$node->safe_psql('postgres', 'DROP DATABASE two');

# The library where the extension is not: everything else works as ever.
$node->safe_psql(
	'without', q{
CREATE TABLE customer (id int PRIMARY KEY);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customer);
CREATE FUNCTION children(customer, orders) RETURNS SETOF orders LANGUAGE sql STABLE
	AS 'SELECT * FROM orders WHERE customer_id = $1.id';
INSERT INTO customer VALUES (1), (2);
INSERT INTO orders VALUES (1, 1), (2, 1), (3, 2);
});
my $query = q{SELECT c.id, o.id FROM customer c, children(c, NULL::orders) o ORDER BY 1, 2};
my $rows = $node->safe_psql('without', $query);
my $plan = $node->safe_psql('without', "EXPLAIN $query");
foreach my $how ('session_preload_libraries', 'shared_preload_libraries')
{
	$node->safe_psql('postgres', "ALTER SYSTEM SET $how = 'relnav'");
	$node->restart;
	is($node->safe_psql('without', 'SHOW relnav.inline'), 'on', "$how: it is loaded");
	is($node->safe_psql('without', $query), $rows, '... and the rows are the same');
	is($node->safe_psql('without', "EXPLAIN $query"), $plan, '... and so is the plan');
	my ($status, $out, $err) = $node->psql('without', 'SELECT * FROM relnav.relationships()');
	like($err, qr/ERROR:  schema "relnav" does not exist$/m, '... and nothing of ours is there');
	is(join(' ', EveryFunction::differing($expected, EveryFunction::answers($node, 'one'))), '', '... but where the extension is');
	$node->safe_psql('without', 'BEGIN; CREATE EXTENSION relnav; SELECT * FROM relnav.describe($$orders$$); ROLLBACK');
	$node->safe_psql('postgres', "ALTER SYSTEM RESET $how");
}
$node->restart;


# ----- DISCARD, RESET -----------------------------------------------------------

my $session = $node->background_psql('one', on_error_stop => 0);
my $contexts = q{SELECT count(*), sum(total_bytes) FROM pg_backend_memory_contexts WHERE name LIKE 'relnav%'};
my ($before, $after);
foreach my $round (1 .. 4)
{
	EveryFunction::prepare($session, "$loaded SET plan_cache_mode = force_generic_plan; SET relnav.inline = " . ('on', 'off')[ $round % 2 ] . ';');
	foreach my $discard ('SELECT 1', 'DISCARD PLANS', 'DISCARD SEQUENCES', 'DISCARD TEMP')
	{
		$session->query_safe($discard);
		($answers, @errors) = EveryFunction::execute($session);
		is(join(' ', @errors, EveryFunction::differing($expected, $answers)), '', "round $round, $discard: all functions");
	}
	$session->query_safe('DISCARD ALL');
	is($session->query_safe('SHOW relnav.inline; SHOW plan_cache_mode; SELECT count(*) FROM pg_prepared_statements'),
		"on\nauto\n0", 'DISCARD ALL: settings and statements have gone');
	$after = $session->query_safe($contexts);
	$before //= $after if $round == 2;
}
# A hash table may have taken one more block than the time before.
my ($count, $bytes) = split /\|/, $before;
cmp_ok($count, '>', 10, 'something is kept in memory');
is($after =~ s/\|.*//r, $count, '... in as many contexts after two more rounds');
cmp_ok($after =~ s/.*\|//r, '<', 1.05 * $bytes, '... and it is not more');

$session->query_safe('SET relnav.inline = off');
$session->query_safe('RESET ALL');
is($session->query_safe('SHOW relnav.inline'), 'on', 'RESET ALL');
like($session->query_safe('SET search_path = shop; EXPLAIN (COSTS OFF) SELECT * FROM customer c, relnav.children(c, NULL::orders)'),
	qr/Join/, '... and navigations are joins');
$session->query('SET relnav.nonsense = 1');
like($session->{stderr}, qr/ERROR:  invalid configuration parameter name "relnav.nonsense"/, 'there is no other setting');
$session->{stderr} = '';

# DISCARD PLANS makes statements follow relnav.inline.
$session->query_safe('SET plan_cache_mode = force_generic_plan; PREPARE p AS SELECT count(*) FROM customer c, relnav.children(c, NULL::orders)');
my $all = $session->query_safe('EXECUTE p');
like($session->query_safe('EXPLAIN (COSTS OFF) EXECUTE p'), qr/Join/, 'a statement that is a join');
$session->query_safe('SET relnav.inline = off; DISCARD PLANS');
like($session->query_safe('EXPLAIN (COSTS OFF) EXECUTE p'), qr/Function Scan/, '... is a call after DISCARD PLANS');
is($session->query_safe('EXECUTE p'), $all, '... with the same rows');
$session->query_safe('RESET ALL; SET search_path = shop');

# Tables that go with DISCARD.  The next ones of the same name have other keys.
foreach my $round (1 .. 3)
{
	$session->query_safe('CREATE TEMP TABLE mine (id int PRIMARY KEY, customer_id int REFERENCES pg_temp.mine, other int)');
	$session->query_safe('CREATE TEMP TABLE yours (mine_id int' . ($round == 2 ? ' UNIQUE' : '') . ' REFERENCES mine)');
	$session->query_safe('INSERT INTO mine SELECT i FROM generate_series(1, 3) i; INSERT INTO yours SELECT id FROM mine');
	is( $session->query_safe(q{SELECT string_agg(concat_ws(' ', name, kind), ', ' ORDER BY name COLLATE "C") FROM relnav.relationships('mine')}),
		'customer many-to-one, mine_by_customer one-to-many, yours one-to-' . ($round == 2 ? 'one' : 'many'),
		"temporary tables, round $round");
	is($session->query_safe('SELECT count(*) FROM mine m, relnav.children(m, NULL::yours)'), '3', '... are followed');
	is($session->query_safe(q{SELECT relnav.tree('mine', 1, 'id, yours(mine_id)')->>'id'}), '1', '... in a tree');
	$session->query_safe($round == 3 ? 'DISCARD ALL' : 'DISCARD TEMP');
	$session->query_safe('SET search_path = shop');
	is($session->query_safe(q{SELECT count(*) FROM relnav.relationships() WHERE source::text IN ('mine', 'yours')}), '0', '... and are gone');
}
$session->quit;


# ----- Another user ---------------------------------------------------------------

# By session authorization and by role; statements were prepared before, by
# somebody else, and trees are kept.
$node->safe_psql(
	'one', q{
CREATE ROLE reader;
CREATE ROLE stranger;
GRANT USAGE ON SCHEMA shop TO reader, stranger;
GRANT SELECT ON ALL TABLES IN SCHEMA shop TO reader;
ALTER TABLE shop.orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY odd ON shop.orders TO reader USING (id % 2 = 1);
});
my @questions = (
	[ 'SELECT o.id FROM customer c, relnav.children(c, NULL::orders) o', 'SELECT id FROM orders' ],
	[ 'SELECT i.order_id FROM customer c, relnav.related(c, NULL::items, $$bought.items$$) i', 'SELECT i.order_id FROM items i JOIN orders o ON o.id = i.order_id' ],
	[ 'SELECT (SELECT count(*) FROM relnav.children(c, NULL::orders)) FROM customer c',
		'SELECT (SELECT count(*) FROM orders o WHERE o.customer_id = c.id) FROM customer c' ],
	[ q{SELECT relnav.tree('customer', id, 'count(bought)')->>'bought_count' FROM customer},
		'SELECT (SELECT count(*) FROM orders o WHERE o.customer_id = c.id) FROM customer c' ],
	[ q{SELECT n.rows FROM customer c, relnav.neighbors('customer', c.id, NULL) n WHERE n.name = 'bought'},
		'SELECT (SELECT count(*) FROM orders o WHERE o.customer_id = c.id) FROM customer c' ]);

sub rows { my ($text) = @_; return join("\n", sort split /\n/, $text); }

foreach my $way ('SET relnav.inline = on; SET plan_cache_mode = force_generic_plan',
	'SET relnav.inline = off; SET plan_cache_mode = force_generic_plan')
{
	my $session = $node->background_psql('one', on_error_stop => 0);
	$session->query_safe("LOAD 'relnav'; SET search_path = shop; $way");
	$session->query_safe("PREPARE q$_ AS $questions[$_][0]") foreach 0 .. $#questions;
	foreach my $change ('SELECT 1', 'SET SESSION AUTHORIZATION reader', 'RESET SESSION AUTHORIZATION', 'SET ROLE reader',
		'RESET ROLE', 'SET SESSION AUTHORIZATION reader; SET ROLE none', 'SET SESSION AUTHORIZATION DEFAULT')
	{
		$session->query_safe($change);
		foreach my $number (0 .. $#questions)
		{
			is(rows($session->query_safe("EXECUTE q$number")), rows($session->query_safe($questions[$number][1])),
				"$change, question $number, $way");
		}
	}
	foreach my $change ('SET SESSION AUTHORIZATION stranger', 'SET ROLE stranger')
	{
		$session->query_safe($change);
		foreach my $number (0 .. $#questions)
		{
			$session->{stderr} = '';
			my $out = $session->query("EXECUTE q$number");
			like("$out $session->{stderr}", qr/^ (?:psql:<stdin>:\d+: )?ERROR:  permission denied for table \w+$/m, "$change, question $number, $way");
		}
		$session->{stderr} = '';
		$session->query_safe('RESET SESSION AUTHORIZATION; RESET ROLE');
	}
	$session->quit;
}

$node->stop;
unlike(slurp_file($node->logfile), qr/terminated by signal|TRAP:/, 'nothing has crashed');
done_testing();
