# Copyright (c) 2026, relnav developers

# A hot standby answers as its primary does: every function but those that
# declare something, which get the server's own error.  What the primary
# changes counts in sessions of the standby that have asked before, as soon as
# it is replayed.  After promotion everything works, in these sessions too.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use FindBin;
use lib $FindBin::RealBin;
use EveryFunction;

my $primary = PostgreSQL::Test::Cluster->new('primary');
$primary->init(allows_streaming => 1, extra => [ '--no-locale', '--encoding=UTF8' ]);
$primary->start;
$primary->safe_psql('postgres', 'CREATE DATABASE shop');
EveryFunction::load($primary, 'shop');
is(join(' ', EveryFunction::missing($primary, 'shop')), '', 'there is a call of every function');

$primary->backup('backup');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($primary, 'backup', has_streaming => 1);
$standby->start;
$primary->wait_for_catchup($standby);


# ----- The same answers ------------------------------------------------------

my $expected = EveryFunction::answers($primary, 'shop');
is(join(' ', grep { $expected->{$_} eq '' } EveryFunction::reading()),
	'', 'every call has an answer');
foreach my $before ('', 'SET relnav.inline = off;')
{
	is( join(
			' ',
			EveryFunction::differing(
				$expected, EveryFunction::answers($standby, 'shop', "LOAD 'relnav'; $before"))),
		'',
		"the standby says the same $before");
}

# Serializable transactions are refused by the server itself.
is( join(
		' ',
		EveryFunction::differing(
			$expected,
			EveryFunction::answers($standby, 'shop', 'BEGIN ISOLATION LEVEL REPEATABLE READ;'))),
	'',
	'at REPEATABLE READ, too');

foreach my $function (EveryFunction::writing())
{
	my ($status, $out, $err) =
	  $standby->psql('shop', 'SET search_path = shop; ' . EveryFunction::call($function));
	like($err,
		qr/^psql:<stdin>:1: ERROR:  cannot execute (?:INSERT|DELETE) in a read-only transaction$/m,
		"$function: the server's own error");
}
foreach my $sql ('TRUNCATE relnav.declared', 'DROP EXTENSION relnav')
{
	my ($status, $out, $err) = $standby->psql('shop', $sql);
	like($err, qr/ERROR:  cannot execute \w+ \w+ (?:in a read-only transaction|during recovery)/, $sql);
}


# ----- What is replayed counts in sessions that have asked before -------------

my @questions = (
	q{SELECT name, full_name, kind, target, condition, inverse, required, indexed, origin
	    FROM relnav.relationships('shop.customer')},
	q{SELECT name, full_name, kind, target, condition, inverse, required, indexed, origin
	    FROM relnav.relationships('shop.orders')},
	q{SELECT count(*) FROM relnav.relationships()},
	q{SELECT c.id, o.id FROM shop.customer c, relnav.children(c, NULL::shop.orders) o ORDER BY 1, 2},
	q{SELECT n FROM shop.customer c, relnav.related(c, NULL::shop.product, 'bought.items.product') n ORDER BY 1},
	q{SELECT relnav.tree('shop.customer', 1, 'name, bought(id, status order by id)')},
	q{SELECT relnav.tree(c, 'name, letters(about order by no), count(visit)') FROM shop.customer c ORDER BY c.id},
	q{SELECT l.about, c.name FROM shop.letter l, relnav.parent(l, NULL::shop.customer) c ORDER BY 1, 2},
	q{SELECT v.id, c.name FROM shop.visit_2026 v, relnav.parent(v, NULL::shop.customer) c ORDER BY 1},
	q{SELECT b.no, i.line_no FROM shop.big_orders b, relnav.related(b, NULL::shop.items, 'lines') i ORDER BY 1, 2},
	q{SELECT * FROM relnav.delete_impact('shop.orders', 1)},
	q{SELECT target::text, finding FROM relnav.lint('shop') ORDER BY 1, 2});

# What the questions give in a session that has not asked before: rows or
# errors, which are kept as well.  Some may have to be put in other words.
sub answer_anew
{
	my ($node, $words) = @_;
	my $sql = "\\set VERBOSITY sqlstate\n";
	$sql .= "\\echo ===== $_\n" . ($words->{$_} // $questions[$_]) . ";\n" foreach 0 .. $#questions;
	my ($status, $out, $err) = $node->psql('shop', $sql, on_error_stop => 0);
	$err =~ s/^psql:<stdin>:\d+: //mg;
	return "$out\n$err\n";
}

# The same in a session that has, where each question was prepared once.
sub start_session
{
	my ($before) = @_;
	my $session = $standby->background_psql('shop', on_error_stop => 0);

	$session->query_safe("\\set VERBOSITY sqlstate\nLOAD 'relnav'");
	$session->query_safe($before);
	$session->query_safe("PREPARE q$_ AS $questions[$_]") foreach 0 .. $#questions;
	return $session;
}

sub answer_again
{
	my ($session) = @_;
	my $sql = join "\n", map { "\\echo ===== $_\nEXECUTE q$_;" } 0 .. $#questions;

	$session->{stderr} = '';
	my $out = $session->query($sql);
	my $err = $session->{stderr};
	$session->{stderr} = '';
	$err =~ s/^psql:<stdin>:\d+: //mg;
	chomp $err;
	$out =~ s/\n+$//;
	return "$out\n$err\n";
}

my %sessions = (
	'generic plans' => start_session('SET plan_cache_mode = force_generic_plan'),
	'custom plans' => start_session('SET plan_cache_mode = force_custom_plan'),
	'calls' => start_session('SET relnav.inline = off; SET plan_cache_mode = force_generic_plan'));

my @changes = (
	[ 'nothing', 'SELECT 1' ],
	[ 'a key is added', 'ALTER TABLE shop.letter ADD CONSTRAINT about_order FOREIGN KEY (no) REFERENCES shop.orders NOT VALID' ],
	[ 'it is validated', 'ALTER TABLE shop.letter VALIDATE CONSTRAINT about_order' ],
	[ 'it is renamed', 'ALTER TABLE shop.letter RENAME CONSTRAINT about_order TO about_what' ],
	[ 'it is dropped', 'ALTER TABLE shop.letter DROP CONSTRAINT about_what' ],
	[ 'a relationship is declared', q{SELECT relnav.declare('shop.letter', 'twice', '{customer_email}', 'shop.customer', '{email}')} ],
	[ 'it is taken back', q{SELECT relnav.undeclare('shop.letter', 'twice')} ],
	[ 'one gets another name', q{SELECT relnav.rename('shop.customer', 'bought', 'purchases')} ],
	[ 'and another one', q{SELECT relnav.rename('shop.customer', 'purchases', 'bought')} ],
	[ 'a rollback', q{BEGIN; SELECT relnav.undeclare('shop.letter', 'writer'); ROLLBACK} ],
	[ 'a unique index makes it one-to-one', 'CREATE UNIQUE INDEX only_one ON shop.letter (customer_email, no); CREATE UNIQUE INDEX just_one ON shop.visit (customer_id, year, id)' ],
	[ 'an index is dropped', 'DROP INDEX shop.orders_customer_id_idx' ],
	[ 'a column is renamed', 'ALTER TABLE shop.orders RENAME COLUMN customer_id TO client_id' ],
	# A prepared statement follows its tables, where it need not be analysed anew.
	[ 'a table is renamed', 'ALTER TABLE shop.orders RENAME TO purchase_order',
		{ 3 => $questions[3] =~ s/shop\.orders/shop.purchase_order/r } ],
	[ 'and has its name again', 'ALTER TABLE shop.purchase_order RENAME TO orders; ALTER TABLE shop.orders RENAME COLUMN client_id TO customer_id' ],
	[ 'a partition goes', 'ALTER TABLE shop.visit DETACH PARTITION shop.visit_2026' ],
	[ 'and comes back', 'ALTER TABLE shop.visit ATTACH PARTITION shop.visit_2026 FOR VALUES IN (2026)' ],
	[ 'a view is replaced', 'CREATE OR REPLACE VIEW shop.big_orders AS SELECT id AS no, customer_id + 0 AS buyer_no, status FROM shop.orders' ],
	[ 'rows come and go', 'DELETE FROM shop.letter WHERE no = 1; INSERT INTO shop.visit VALUES (99, 1, 2026)' ],
	[ 'a declared table is dropped', 'CREATE TABLE shop.brief AS TABLE shop.letter; DROP TABLE shop.letter' ],
	[ 'the schema is renamed', 'ALTER SCHEMA shop RENAME TO store; CREATE SCHEMA shop' ],
	[ 'and has its name again', 'DROP SCHEMA shop; ALTER SCHEMA store RENAME TO shop' ],
	[ 'nothing is declared any more', 'TRUNCATE relnav.declared' ],
	[ 'the extension is gone', 'DROP EXTENSION relnav CASCADE' ],
	[ 'and comes again', 'CREATE EXTENSION relnav' ],
	[ 'a declaration after that', q{SELECT relnav.rename('shop.customer', 'orders', 'bought')} ]);

my $before = '';
foreach my $change (@changes)
{
	my ($name, $sql, $words) = @$change;

	$primary->safe_psql('shop', $sql);
	$primary->wait_for_catchup($standby);

	my $right = answer_anew($primary, $words);
	isnt($right, $before, "$name: that makes a difference") unless $name eq 'a rollback';
	$before = $right;
	is(answer_again($sessions{$_}), $right, "$name: $_") foreach sort keys %sessions;
}


# ----- Promotion -------------------------------------------------------------

# As in the beginning, but that nothing is declared.
$primary->stop;
$standby->promote;
is(answer_again($sessions{$_}), $before, "after promotion, $_") foreach sort keys %sessions;

my $session = $sessions{'generic plans'};
is($session->query_safe(q{SELECT relnav.declare('shop.brief', 'writer', '{customer_email}', 'shop.customer', '{email}', inverse => 'letters')}),
	'', 'a session from before can declare something');
is($session->query_safe(q{SELECT count(*) FROM shop.brief b, relnav.parent(b, NULL::shop.customer, 'writer')}),
	$session->query_safe('SELECT count(*) FROM shop.brief'), '... and follow it');
is(answer_again($sessions{$_}), answer_anew($standby), "it counts in others: $_") foreach sort keys %sessions;
$session->query_safe(q{SELECT relnav.undeclare('shop.brief', 'writer')});
is(answer_again($sessions{$_}), answer_anew($standby), "... and is taken back: $_") foreach sort keys %sessions;
$_->quit foreach values %sessions;

# Everything, from the beginning.
$standby->safe_psql('postgres', 'CREATE DATABASE again');
EveryFunction::load($standby, 'again');
is( join(' ', EveryFunction::differing($expected, EveryFunction::answers($standby, 'again'))),
	'', 'all functions after promotion');
foreach my $function (EveryFunction::writing())
{
	$standby->safe_psql('again', 'SET search_path = shop; ' . EveryFunction::call($function));
}
is($standby->safe_psql('again', q{SELECT string_agg(name, ' ' ORDER BY name) FROM relnav.declared}),
	'article bought buyer labels lines order writer',
	'... also those that declare');

$standby->stop;
done_testing();
