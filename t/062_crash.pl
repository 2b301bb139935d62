# Copyright (c) 2026, relnav developers

# What was committed when the server crashed is there after it has recovered,
# declarations too, and nothing else is.  A backend that is killed or
# terminated in the middle of a call takes nothing of other sessions with it:
# no lock, no declaration that counts, no wrong answer.

use strict;
use warnings;

use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use FindBin;
use lib $FindBin::RealBin;
use EveryFunction;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--no-locale', '--encoding=UTF8' ]);
$node->append_conf(
	'postgresql.conf', q{
restart_after_crash = on
synchronous_commit = on
max_prepared_transactions = 3
autovacuum = off
log_min_messages = log
});
$node->start;
EveryFunction::load($node, 'postgres');
$node->safe_psql(
	'postgres', q{
SET search_path = shop;
CREATE TABLE parcel (id int PRIMARY KEY, order_id int, sender_id int);
INSERT INTO parcel SELECT id, id, customer_id FROM orders;
CREATE UNLOGGED TABLE stop (parcel_id int REFERENCES parcel, at text);
INSERT INTO stop SELECT id, 'harbour' FROM parcel;
CREATE FUNCTION slow(customer) RETURNS boolean LANGUAGE plpgsql AS
	'BEGIN PERFORM pg_sleep(1000); RETURN true; END';
CREATE VIEW slow_orders AS SELECT * FROM orders WHERE pg_sleep(1000) IS NOT NULL;
CHECKPOINT;
});

# States of sessions.  "Ready" is the last word of a transaction.
my $waits = "state = 'active' AND wait_event = 'PgSleep'";
my $locked = "state = 'active' AND wait_event_type = 'Lock'";
my $idle = "state = 'idle in transaction' AND query LIKE '%ready%'";
my $ready = "SELECT 'ready';";

# A psql that is in the middle of a statement, or of a transaction, and may lose
# its connection.
my $sessions = 0;

sub start_session
{
	my ($state, $sql) = @_;
	my $application = 'session ' . ++$sessions;
	my $session = { application => $application, state => $state, in => '', out => '', err => '' };

	# A psql that waits for input does not notice that its connection is gone.
	$session->{in} = "SET application_name = '$application';\nSET search_path = shop;\n$sql\n";
	$session->{in} .= "SELECT 'still there';\n" if $state ne $idle;
	$session->{run} = IPC::Run::start(
		[ $node->installed_command('psql'), '-XAtq', '-d', $node->connstr('postgres') ],
		'<', \$session->{in}, '>', \$session->{out}, '2>', \$session->{err},
		IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default));
	$session->{run}->pump_nb;
	$node->poll_query_until('postgres',
		"SELECT count(*) = 1 FROM pg_stat_activity WHERE application_name = '$application' AND $state")
	  or die "not reached: $sql\n$session->{err}";
	return $session;
}

# What a session has to say whose backend has come to an end.
sub end_session
{
	my ($session) = @_;

	$session->{in} .= "SELECT 'still there';\n" if $session->{state} eq $idle;
	$session->{run}->finish;
	return $session->{out} . $session->{err};
}

sub pid_of
{
	my ($session) = @_;
	return $node->safe_psql('postgres',
		"SELECT pid FROM pg_stat_activity WHERE application_name = '$session->{application}'");
}

sub ask { my ($sql) = @_; return $node->safe_psql('postgres', $sql); }

# What is listed at a table, and what a path gives.
my $names = q{SELECT string_agg(concat_ws(' ', r.name, r.kind, r.origin), ', ' ORDER BY r.name COLLATE "C")
  FROM relnav.relationships('shop.parcel') r};
my $followed = q{SELECT o.id, c.name FROM shop.parcel p, relnav.related(p, NULL::shop.orders, '"belongs to"') o,
  relnav.parent(p, NULL::shop.customer, 'sender') c ORDER BY 1};


# ----- The whole server, at once ----------------------------------------------

# Committed after the last checkpoint.
ask(q{
SET search_path = shop;
ALTER TABLE parcel ADD CONSTRAINT parcel_of FOREIGN KEY (order_id) REFERENCES orders;
SELECT relnav.declare('parcel', 'sender', '{sender_id}', 'customer', '{id}', inverse => 'parcels');
SELECT relnav.declare('parcel', 'twin', '{id}', 'parcel', '{id}');
SELECT relnav.rename('parcel', 'order', 'belongs to');
SELECT relnav.undeclare('parcel', 'twin');
});
my $listed = ask($names);
is( $listed,
	'belongs to many-to-one foreign key, sender many-to-one declared, stop one-to-many foreign key',
	'before the crash');
my $rows = ask($followed);
isnt($rows, '', 'with rows');
my $expected = EveryFunction::answers($node, 'postgres');

# Not committed, but seen by who has done it; prepared; and in the middle.
my $change = q{
SET search_path = shop;
BEGIN;
SELECT relnav.declare('parcel', '%1$s', '{id}', 'orders', '{id}');
SELECT relnav.undeclare('letter', 'writer');
ALTER TABLE stop ADD COLUMN next_id int REFERENCES parcel;
SELECT count(*) FROM parcel p, relnav.parent(p, NULL::orders, '%1$s');
};
my @open = (
	start_session($waits, 'SELECT count(*) FROM customer c, relnav.children(c, NULL::orders) WHERE slow(c);'),
	start_session($waits, "SELECT relnav.tree('customer', 1, 'name, slow_orders(id)');"),
	start_session($idle, sprintf($change, 'lost') . $ready));
$node->stop('immediate');
my ($in_from, $in_tree, $in_change) = map { end_session($_) } @open;
like($in_change, qr/^6$/m, 'what was not committed was followed there');
unlike($in_from . $in_tree . $in_change, qr/still there/, 'no session has survived');
$node->start;

is(ask($names), $listed, 'after the crash, what was committed is there');
is(ask($followed), $rows, '... and leads to the same rows');
is(ask('SELECT count(*) FROM shop.parcel p, relnav.children(p, NULL::shop.stop)'), '0', '... but to an unlogged table');
is(join(' ', EveryFunction::differing($expected, EveryFunction::answers($node, 'postgres'))), '', 'all functions');


# ----- A transaction that outlives a crash -------------------------------------

ask(sprintf($change, 'kept') . "PREPARE TRANSACTION 'both';");
$node->stop('immediate');
$node->start;

# It holds locks, so names are asked for at a table that it has not changed.
my $at_orders = $names =~ s/parcel/orders/r;
my $before = ask($at_orders);
my $session = $node->background_psql('postgres', on_error_stop => 0);
is($session->query_safe(q{SELECT name FROM relnav.declared WHERE name IN ('kept', 'writer')}),
	'writer', 'a prepared transaction does not count yet');
is($session->query_safe($at_orders), $before, '... for a session that asks');
is($session->query_safe(q{SELECT count(*) FROM shop.letter l, relnav.parent(l, NULL::shop.customer, 'writer')}),
	ask('SELECT count(*) FROM shop.letter'), '... and follows what is going to go');
ask(q{COMMIT PREPARED 'both'});
like($session->query_safe($names), qr/\bkept one-to-one declared\b.*\bstop_by_next\b/,
	'what was prepared before the crash counts at once, when it is committed');
$session->query(q{SELECT count(*) FROM shop.letter l, relnav.parent(l, NULL::shop.customer, 'writer')});
like($session->{stderr}, qr/ERROR:  table "letter" has no relationship "writer"/, '... and what is gone, is gone');
$session->quit;
ask(q{
SELECT relnav.undeclare('shop.parcel', 'kept');
ALTER TABLE shop.stop DROP COLUMN next_id;
SELECT relnav.declare('shop.letter', 'writer', '{customer_email}', 'shop.customer', '{email}', inverse => 'letters');
});
is(ask($names), $listed, 'as before');
is(join(' ', EveryFunction::differing($expected, EveryFunction::answers($node, 'postgres'))), '', 'all functions');


# ----- A backend -----------------------------------------------------------------

# Terminated: the others go on, with all that they know.
my %other;
foreach my $inline ('on', 'off')
{
	$other{$inline} = $node->background_psql('postgres');
	$other{$inline}->query_safe(
		"LOAD 'relnav'; SET relnav.inline = $inline; SET plan_cache_mode = force_generic_plan;");
	$other{$inline}->query_safe("PREPARE followed AS $followed");
	is($other{$inline}->query_safe('EXECUTE followed'), $rows, "another session, inline $inline");
}

my @victims = (
	[ 'a navigation in FROM', $waits, 'SELECT count(*) FROM customer c, relnav.children(c, NULL::orders) WHERE slow(c);' ],
	[ 'a call', $waits, "LOAD 'relnav'; SET relnav.inline = off; SELECT count(*) FROM customer c, relnav.children(c, NULL::slow_orders);" ],
	[ 'a tree', $waits, "SELECT relnav.tree('customer', 1, 'name, slow_orders(id)');" ],
	[ 'tree_agg', $waits, "SELECT relnav.tree_agg(c, 'name, slow_orders(id)') FROM customer c;" ],
	[ 'neighbors', $waits, q{SELECT relnav.declare('customer', 'slow', '{id}', 'slow_orders', '{customer_id}'); SELECT * FROM relnav.neighbors('customer', 1);} ],
	[ 'a change', $idle, sprintf($change, 'sender_2') . $ready ]);
foreach my $victim (@victims)
{
	my ($name, $state, $sql) = @$victim;
	my $session = start_session($state, $sql);
	my $waiting;

	# Who wants the same name has to wait, and gets it.
	$waiting = start_session($locked,
		"SELECT relnav.declare('parcel', 'sender_2', '{id}', 'orders', '{id}'); SELECT relnav.undeclare('parcel', 'sender_2');")
	  if $name eq 'a change';
	is(ask('SELECT pg_terminate_backend(' . pid_of($session) . ')'), 't', "$name: terminated");
	my $said = end_session($session);
	like($said, qr/terminating connection due to administrator command/, "... it was told so");
	if ($waiting)
	{
		$waiting->{run}->finish;
		is("$waiting->{out}$waiting->{err}", "\n\nstill there\n", '... who waited for it goes on');
	}
	$node->poll_query_until('postgres',
		"SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name = '$session->{application}'")
	  or die 'it is still there';
	is($other{$_}->query_safe('EXECUTE followed'), $rows, "... others go on, inline $_") foreach 'on', 'off';
	is(ask($names), $listed, '... nothing of it counts');
	is( ask(q{SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
		WHERE c.relnamespace IN ('shop'::regnamespace, 'relnav'::regnamespace)}),
		'0', '... nor holds a lock');
}
ask(q{SELECT relnav.undeclare('shop.customer', 'slow')});
$_->quit foreach values %other;

# Killed: the server ends them all, and begins anew by itself.
my $killed = start_session(@{ $victims[2] }[ 1, 2 ]);
my $with_it = start_session($idle, sprintf($change, 'lost') . $ready);
kill('KILL', pid_of($killed)) or die 'it could not be killed';
foreach (1 .. 10 * $PostgreSQL::Test::Utils::timeout_default)
{
	last if slurp_file($node->logfile) =~ /all server processes terminated; reinitializing/;
	select(undef, undef, undef, 0.1);
}
like(end_session($with_it), qr/because of crash of another server process|server closed the connection/,
	'killed: another session is ended, too');
end_session($killed);
$node->poll_query_until('postgres', 'SELECT true') or die 'it does not come back';
is(ask($names), $listed, 'what was committed is there');
is(ask($followed), $rows, '... and leads to the same rows');
is(join(' ', EveryFunction::differing($expected, EveryFunction::answers($node, 'postgres'))), '', 'all functions');

# But for the one that we have killed ourselves.
my @crashes = slurp_file($node->logfile) =~ /^.*terminated by signal.*$/mg;
is(scalar @crashes, 1, 'nothing else has crashed') or diag(join "\n", @crashes);

$node->stop;
done_testing();
