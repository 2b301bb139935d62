# Copyright (c) 2026, relnav developers

# Calls that are ended half way leave nothing behind: the same session goes on
# and gives the right rows, and keeps no memory, lock, snapshot, buffer or
# file.  They are ended by statement_timeout, at many points of each function,
# with the caches emptied before; by a cancel and a termination; by errors in
# users' functions; and by memory that runs out.
#
# RELNAV_FAULT_STEPS says at how many points (default 4).

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time usleep);

my $steps = $ENV{RELNAV_FAULT_STEPS} || 4;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--no-locale', '--encoding=UTF8' ]);
$node->append_conf('postgresql.conf', 'shared_buffers = 32MB');
$node->start;
local $ENV{PGHOST} = $node->host;
local $ENV{PGPORT} = $node->port;
$node->safe_psql(
	'postgres', q{
CREATE EXTENSION relnav;
CREATE TABLE customer (id int PRIMARY KEY, name text);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customer ON DELETE CASCADE);
CREATE TABLE items (order_id int REFERENCES orders ON DELETE CASCADE, line int, PRIMARY KEY (order_id, line));
CREATE TABLE person (id int PRIMARY KEY, boss_id int REFERENCES person ON DELETE CASCADE);
CREATE TABLE follows (who_id int REFERENCES person, whom_id int REFERENCES person, PRIMARY KEY (who_id, whom_id));
CREATE INDEX ON orders (customer_id);
CREATE INDEX ON person (boss_id);
INSERT INTO customer SELECT i, 'name ' || i FROM generate_series(1, 500) i;
INSERT INTO orders SELECT i, i % 500 + 1 FROM generate_series(1, 4000) i;
INSERT INTO items SELECT i % 4000 + 1, i FROM generate_series(1, 12000) i;
INSERT INTO person SELECT i, CASE WHEN i > 1 THEN i / 2 END FROM generate_series(1, 4000) i;
INSERT INTO follows SELECT i, (i * 7 + k) % 4000 + 1 FROM generate_series(1, 4000) i, generate_series(1, 3) k;
-- Every row of this view takes longer than any test.
CREATE VIEW endless AS SELECT o.id, o.customer_id FROM orders o WHERE pg_sleep(1000) IS NOT NULL;
DO $$
BEGIN
	FOR i IN 1 .. 120 LOOP
		EXECUTE format('CREATE TABLE t%s (id int PRIMARY KEY, a_id int REFERENCES customer, b_id int REFERENCES customer%s)',
					   i, CASE WHEN i > 1 THEN format(', up_id int REFERENCES t%s', i - 1) END);
	END LOOP;
END $$;
ANALYZE;
});

# Whatever has been read about tables is forgotten.
my $forget = 'DO $$ BEGIN CREATE SCHEMA emptied; DROP SCHEMA emptied; END $$;';

# Whole answers as one value.
sub rows { return "SELECT md5(string_agg(x::text, ',' ORDER BY x::text)) FROM $_[0] x" }

my %calls = (
	'relationships()' => rows('relnav.relationships()'),
	'relationships of a hub' => rows(q{relnav.relationships('customer')}),
	'describe' => rows(q{relnav.describe('customer')}),
	'model' => rows(q{relnav.model('public')}),
	'query with a long path' =>
	  rows(q{relnav.query('t120', 'up' || repeat('.up', 110))}),
	'paths' => rows(q{relnav.paths('t1', 'items', 6)}),
	'neighbors' => rows(q{relnav.neighbors('customer', 7)}),
	'delete_impact' => rows(q{relnav.delete_impact('person', 2)}),
	'lint' => rows('relnav.lint()'),
	'diagram' => rows(q{relnav.diagram('public')}),
	'diagram_around' => rows(q{relnav.diagram_around('customer', 1, 'dot')}),
	'accessors' => rows(q{relnav.accessors('public')}),
	'tree' => rows(q{relnav.tree('customer', 7, '*, orders(id, items(line where line > 3 order by line desc limit 2))')}),
	'tree of all neighbours' => rows(q{relnav.tree('customer', 7, 'id, *(id)')}),
	'tree_agg' => q{SELECT md5(relnav.tree_agg(c, '*, orders(*, items(*), n: count(items))' ORDER BY id)::text) FROM customer c},
	'trees with depth' => rows(q{relnav.trees('person', ARRAY(SELECT generate_series(1, 60)), 'id, person_by_boss(id depth 10)')}),
	'related, planned' => q{SELECT count(*) FROM customer c, relnav.related(c, NULL::items, 'orders.items')},
	'related, run' => q{SELECT sum(x) FROM (SELECT (relnav.related(c, NULL::items, 'orders.items')).line AS x FROM customer c) x},
	'descendants' => rows(q{relnav.descendants('person', 1, NULL::person, 'boss')}),
	'descendants by levels' => rows(q{relnav.descendants('person', 1, NULL::person, 'whom')}),
	'ancestors' => rows(q{relnav.ancestors('person', 3999, NULL::person, 'boss')}),
	'declare' => q{SELECT relnav.declare('t1', 'declared_one', '{a_id}', 'person', '{id}', inverse => 'declared_many')\; }
	  . rows(q{relnav.describe('person')})
	  . q{\; SELECT relnav.undeclare('t1', 'declared_one')});

# What the same session, idle now, still has.  Another one is asked.
my $left_behind = q{SELECT pg_backend_pid() AS pid \gset
\setenv LEFT_PID :pid
\! psql -X -A -t -q -d postgres -c "SELECT 'left: ' || count(l.*) || ' ' || (a.backend_xmin IS NOT NULL)::text || ' ' || a.state FROM pg_stat_activity a LEFT JOIN pg_locks l USING (pid) WHERE a.pid = $LEFT_PID GROUP BY a.pid, a.backend_xmin, a.state"
};

# Of the contexts only those that we have made, and all that caches have.
my $memory = q{
SELECT 'memory: ' || count(*) FILTER (WHERE name LIKE 'relnav%') || ' '
	|| sum(total_bytes) FILTER (WHERE name LIKE 'relnav%') || ' ' || sum(total_bytes)
  FROM pg_backend_memory_contexts;
};

my %right = map { $_ => $node->safe_psql('postgres', "$calls{$_};") } keys %calls;

my $ended = 0;
foreach my $name (sort keys %calls)
{
	my $began = time;

	$node->safe_psql('postgres', "$calls{$name};");
	my $length = 1000 * (time - $began);
	my $script = "SELECT 1 FROM relnav.describe('orders');\n";

	# Three rounds: in the first two the caches of the server fill up.
	foreach my $round (1 .. 3)
	{
		foreach my $step (1 .. $steps)
		{
			my $timeout = int($length * $step / ($steps + 1)) || 1;
			my $call = $calls{$name};

			# In one message, so that the timeout ends with the call.  Every
			# second time it is caught, and the transaction goes on.
			$script .= "$forget\nSET LOCAL statement_timeout = $timeout\\; ";
			if ($step % 2 == 0 && $name ne 'declare')
			{
				$script .= qq{DO \$do\$
DECLARE answer text;
BEGIN
	BEGIN
		EXECUTE \$call\$$call\$call\$;
	EXCEPTION WHEN query_canceled THEN
		RAISE NOTICE '%', SQLERRM;
	END;
	EXECUTE \$call\$$call\$call\$ INTO answer;
	IF answer <> '$right{$name}' THEN
		RAISE 'wrong answer after a timeout that was caught';
	END IF;
END \$do\$;
};
			}
			else
			{
				$script .= "$call;\n";
			}
			$script .= "$call;\n";
		}
		$script .= $memory;
	}
	$script .= $left_behind;

	my ($code, $out, $err) =
	  $node->psql('postgres', $script, on_error_stop => 0);
	my @answers = grep { !/^(memory|left): |^1?$/ } split /\n/, $out;
	my %wrong = map { $_ => 1 } grep { my $a = $_; !grep { $_ eq $a } split /\n/, $right{$name} } @answers;
	my @memory = $out =~ /^memory: (\d+) (\d+) (\d+)$/mg;
	my @errors = grep { /ERROR|FATAL|PANIC|WARNING: .*leak/ && !/due to statement timeout/ } split /\n/, $err;

	cmp_ok(scalar(@answers), '>=', 3 * $steps, "$name: answers again after each timeout");
	is(join("\n", keys %wrong), '', "$name: and all answers are right");
	is(join("\n", @errors), '', "$name: no other error, no warning");
	$ended++ if $err =~ /due to statement timeout/;
	is($memory[6], $memory[3], "$name: as many memory contexts as before");
	cmp_ok($memory[7], '<=', $memory[4] + 65536, "$name: of the same size");
	cmp_ok($memory[8], '<=', $memory[5] + 512 * 1024, "$name: and the server's");
	like($out, qr/^left: [01] false idle$/m, "$name: no lock, no snapshot");
}

cmp_ok($ended, '>=', scalar(keys %calls) / 2, 'at least half of the functions were ended half way');

# Cancelled and terminated while it runs, at points as above.  A signal that
# comes too late meets a session that is idle, so nothing but the call can end.
my $tempdir = PostgreSQL::Test::Utils::tempdir;
my %stopped = (INT => 0, TERM => 0);
my $signals = 0;
my $stop = q{
SELECT pg_backend_pid() AS pid \gset
\setenv STOP_PID :pid
};
foreach my $name (sort keys %calls)
{
	my $began = time;

	$node->safe_psql('postgres', "$forget $calls{$name};");
	my $length = time - $began;
	my %script = (INT => [$stop], TERM => []);

	foreach my $step (1 .. $steps)
	{
		my %part;

		foreach my $signal (keys %stopped)
		{
			my $sent = "$tempdir/sent_" . ++$signals;
			my $wait = $length * $step / ($steps + 1);

			$part{$signal} = "$forget\n"
			  . qq{\\! (sleep $wait; kill -$signal \$STOP_PID; touch $sent) >/dev/null 2>&1 &\n}
			  . "$calls{$name}\\; $calls{$name};\n"
			  . qq{\\! until [ -e $sent ]; do sleep 0.01; done\n};
		}
		$script{INT}[0] .= "$part{INT}\\echo after\n$calls{$name};\n";
		# Each is a session's last.
		push @{ $script{TERM} }, $stop . $part{TERM} if $step % 2 == 1;
	}
	$script{INT}[0] .= $left_behind;

	my ($code, $out, $err) = $node->psql('postgres', $script{INT}[0], on_error_stop => 0);
	my $times = () = "$out\n" =~ /^after\n\Q$right{$name}\E$/mg;
	is($times, $steps, "$name: right after each cancel") or diag($out);
	is(join("\n", grep { /ERROR|FATAL|PANIC|WARNING/ && !/due to user request/ } split /\n/, $err),
		'', "$name: no other error");
	like($out, qr/^left: [01] false idle$/m, "$name: no lock, no snapshot");
	$stopped{INT} += () = $err =~ /due to user request/g;

	foreach (@{ $script{TERM} })
	{
		($code, $out, $err) = $node->psql('postgres', $_, on_error_stop => 0);
		is(join("\n", grep { /ERROR|FATAL|PANIC|WARNING/ && !/due to administrator command/ } split /\n/, $err),
			'', "$name: terminated, no other error");
		$stopped{TERM} += () = $err =~ /due to administrator command/g;
	}
}
cmp_ok($stopped{$_}, '>', 0, "calls were ended half way by SIG$_ ($stopped{$_})") foreach sort keys %stopped;
is($node->safe_psql('postgres', q{SELECT count(*) FROM pg_locks WHERE pid <> pg_backend_pid()
	AND pid NOT IN (SELECT pid FROM pg_stat_activity WHERE backend_type <> 'client backend')}),
	'0', 'nothing is locked by sessions that have gone');

# Cancelled and terminated while the call would go on for ever.
my %endless = (
	'tree' => q{SELECT relnav.tree('customer', 7, 'id, endless(id)')},
	'trees' => q{SELECT relnav.trees('customer', '{7,8}', 'id, endless(id)')},
	'tree_agg' => q{SELECT relnav.tree_agg(c, 'id, endless(id)') FROM customer c},
	'children, planned' => q{SELECT * FROM customer c, relnav.children(c, NULL::endless)},
	'children, run' => q{SELECT relnav.children(c, NULL::endless) FROM customer c},
	'related by key' => q{SET relnav.inline = off; SELECT * FROM relnav.related('customer', 7, NULL::endless)},

	# These wait for a lock that nobody gives back.
	'neighbors' => q{SELECT * FROM relnav.neighbors('t3', 1)},
	'delete_impact' => q{SELECT * FROM relnav.delete_impact('t3', 1)},
	'descendants' => q{SET relnav.inline = off; SELECT * FROM relnav.related('t3', 1, NULL::t2, 'up')},
	'declare' => q{SELECT relnav.declare('t3', 'x', '{a_id}', 'person', '{id}')});

my $holder_in = "BEGIN;\nLOCK TABLE t3 IN ACCESS EXCLUSIVE MODE;\n\\echo locked\n";
my ($holder_out, $holder_err) = ('', '');
my $timer = IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default);
my $holder = IPC::Run::start(
	[ 'psql', '-XAtq', '-f', '-', '-d', $node->connstr('postgres') ],
	'<', \$holder_in, '>', \$holder_out, '2>', \$holder_err, $timer);
$holder->pump until $holder_out =~ /locked/;

# Names of sessions, so that the call is found.
my $number = 0;
foreach my $name (sort keys %endless)
{
	foreach my $how ('pg_cancel_backend', 'pg_terminate_backend')
	{
		my $application = 'fault_' . ++$number;
		my ($out, $err) = ('', '');
		my $file = "$tempdir/$application.sql";
		append_to_file($file, "SET application_name = '$application';\n$endless{$name};\n"
		  . "\\echo goes on\n" . rows(q{relnav.describe('customer')}) . ";\n$left_behind");
		my $session = IPC::Run::start(
			[ 'psql', '-XAtq', '-f', $file, '-d', $node->connstr('postgres') ],
			'<', \undef, '>', \$out, '2>', \$err,
			IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default));

		$node->poll_query_until('postgres',
			"SELECT count(*) = 1 FROM pg_stat_activity WHERE application_name = '$application'"
			  . " AND wait_event IS NOT NULL AND state = 'active' AND wait_event_type IN ('Timeout', 'Lock')")
		  or die "$name does not begin";
		$node->safe_psql('postgres',
			"SELECT $how(pid) FROM pg_stat_activity WHERE application_name = '$application'");
		$session->finish;

		if ($how eq 'pg_cancel_backend')
		{
			like($err, qr/canceling statement due to user request/, "$name: is cancelled");
			like($out, qr/^goes on\n\Q$right{describe}\E\nleft: [01] false idle$/m,
				"$name: and the session goes on");
		}
		else
		{
			like($err, qr/terminating connection due to administrator command/,
				"$name: is terminated");
			is($node->safe_psql('postgres',
					"SELECT count(*) FROM pg_stat_activity WHERE application_name = '$application'"),
				'0', "$name: and the session is gone");
		}
	}
}
$holder->kill_kill;

# Errors of users' functions in the middle of a row, and in each phase.
$node->safe_psql(
	'postgres', q{
CREATE TYPE fragile;
CREATE FUNCTION fragile_in(cstring) RETURNS fragile LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION fragile_out(fragile) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE fragile (INPUT = fragile_in, OUTPUT = fragile_out, LIKE = text);
CREATE FUNCTION fragile_json(fragile) RETURNS json LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE v text := textin(fragile_out($1));
BEGIN
	IF v = 'broken' THEN
		RAISE 'broken value';
	END IF;
	RETURN to_json(v);
END $$;
CREATE CAST (fragile AS json) WITH FUNCTION fragile_json(fragile);
CREATE TABLE box (id int PRIMARY KEY);
CREATE TABLE thing (id int PRIMARY KEY, box_id int REFERENCES box, what fragile);
INSERT INTO box VALUES (1), (2);
INSERT INTO thing SELECT i, 1, 'whole' FROM generate_series(1, 2000) i;
INSERT INTO thing VALUES (9999, 2, 'broken');
});
my $mend = q{SELECT length(relnav.tree('box', 1, 'id, thing(id, what)')::text);};
my $break = q{
SELECT relnav.tree('box', 2, 'id, thing(id, what)');
DO $$
BEGIN
	FOR i IN 1 .. 50 LOOP
		BEGIN
			PERFORM relnav.tree_agg(b, 'id, thing(id, what)') FROM box b;
			RAISE 'no error';
		EXCEPTION WHEN raise_exception THEN
			IF SQLERRM <> 'broken value' THEN
				RAISE;
			END IF;
		END;
	END LOOP;
END $$;
};
my ($code, $out, $err) = $node->psql('postgres',
	"$mend$break$mend$memory$break$break$mend$memory$left_behind", on_error_stop => 0);
my @memory = $out =~ /^memory: (\d+) (\d+) (\d+)$/mg;
my @lengths = $out =~ /^(\d+)$/mg;
is(scalar(grep { $_ == $lengths[0] } @lengths), 3, 'after errors of a cast trees are right');
is(scalar(() = $err =~ /ERROR:  broken value/g), 3, 'a cast\'s own error is shown');
is($memory[3], $memory[0], 'after 150 of them there are as many memory contexts');
cmp_ok($memory[5], '<=', $memory[2] + 256 * 1024, 'and memory is flat');
like($out, qr/^left: [01] false idle$/m, 'nothing is held');

# Memory runs out, at many points: the limit is one of the address space.
SKIP:
{
	skip 'no prlimit', 3 if system('prlimit --version >/dev/null 2>&1') != 0;
	skip 'the address sanitizer ends a process whose memory runs out', 3 if $ENV{ASAN_OPTIONS};

	my $limits = '';
	foreach my $megabytes (map { $_ * 3 } 1 .. 3 * $steps)
	{
		$limits .= qq{
SET application_name = 'limited';
\\! PID=\$(psql -X -d postgres -Atqc "SELECT pid FROM pg_stat_activity WHERE application_name = 'limited'"); S=\$(awk '/VmSize/ {print \$2}' /proc/\$PID/status); prlimit --pid \$PID --as=\$(( (S + $megabytes * 1024) * 1024 )):
$forget
SELECT length(relnav.tree_agg(c, '*, orders(*, items(*)), t: orders(id, items(line, again: order_id))')::text) > 0 FROM customer c;
SELECT count(*) > 0 FROM relnav.relationships();
SELECT length(relnav.trees('person', ARRAY(SELECT generate_series(1, 500)), 'id, person_by_boss(id depth 8)')::text) > 0 LIMIT 1;
\\! PID=\$(psql -X -d postgres -Atqc "SELECT pid FROM pg_stat_activity WHERE application_name = 'limited'"); prlimit --pid \$PID --as=unlimited:
SELECT 'after: ' || md5(relnav.tree_agg(c, '*, orders(*, items(*), n: count(items))' ORDER BY id)::text) FROM customer c;
};
	}
	($code, $out, $err) = $node->psql('postgres', $limits, on_error_stop => 0);
	my %others = map { $_ => 1 } grep { /ERROR|FATAL|PANIC|lost/ && !/ERROR:  out of memory/ } split /\n/, $err;
	my @after = $out =~ /^after: (\w+)$/mg;
	like($err, qr/out of memory/, 'memory does run out');
	is(join("\n", keys %others), '', 'and that is the only error');
	is(scalar(grep { $_ eq $right{tree_agg} } @after), 3 * $steps,
		'after each the tree is right');
}

# No file, no pin, nothing in the log.
is($node->safe_psql('postgres', 'SELECT count(*) FROM pg_ls_tmpdir()'), '0', 'no temporary file is left');
($code) = $node->psql('postgres', 'CREATE EXTENSION pg_buffercache');
SKIP:
{
	skip 'pg_buffercache is not installed', 1 if $code != 0;
	is($node->safe_psql('postgres', 'SELECT count(*) FROM pg_buffercache WHERE pinning_backends > 0'),
		'0', 'no buffer is pinned');
}
my $log = slurp_file($node->logfile);
my @bad = grep { /WARNING|PANIC|TRAP|server process|signal \d/ } split /\n/, $log;
is(join("\n", @bad), '', 'the server has nothing to say about it');

done_testing();
