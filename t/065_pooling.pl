# Copyright (c) 2026, relnav developers

# Transaction pooling with pgbouncer: clients of different roles and search
# paths take turns in the same backend.  Each gets the rows that its own role
# and path give by hand: what the backend has kept from somebody else's
# transaction never shows.

use strict;
use warnings;

use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my ($pgbouncer) = grep { -x $_ } '/usr/sbin/pgbouncer', map { "$_/pgbouncer" } split /:/, $ENV{PATH};
plan skip_all => 'pgbouncer is not installed' unless $pgbouncer;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--no-locale', '--encoding=UTF8' ]);
$node->start;

# Two schemas with the same names: the keys differ, and so do kinds, names and
# columns.  Three roles: one sees all, one what row security lets through, one
# not every column.  The pooler's own role may do nothing.
$node->safe_psql('postgres', 'CREATE DATABASE shop');
$node->safe_psql(
	'shop', q{
CREATE EXTENSION relnav;
CREATE ROLE app LOGIN NOINHERIT;
CREATE ROLE boss;
CREATE ROLE clerk;
CREATE ROLE guest;
GRANT boss, clerk, guest TO app;
CREATE SCHEMA a;
CREATE SCHEMA b;

SET search_path = a;
CREATE TABLE customer (id int PRIMARY KEY, name text);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int CONSTRAINT bought_by REFERENCES customer, note text);
CREATE TABLE tag (id int PRIMARY KEY, name text);
CREATE TABLE tagged (orders_id int REFERENCES orders, tag_id int REFERENCES tag, PRIMARY KEY (orders_id, tag_id));
INSERT INTO customer SELECT i, 'a' || i FROM generate_series(1, 9) i;
INSERT INTO orders SELECT i, 1 + i % 7, 'note ' || i FROM generate_series(1, 30) i;
INSERT INTO tag SELECT i, 'tag ' || i FROM generate_series(1, 4) i;
INSERT INTO tagged SELECT 1 + i % 30, 1 + i % 3 FROM generate_series(1, 60) i ON CONFLICT DO NOTHING;

SET search_path = b;
CREATE TABLE customer (no int, name text, id int PRIMARY KEY, boss_id int REFERENCES customer);
CREATE TABLE orders (customer_id int UNIQUE REFERENCES customer, seller_id int, id int PRIMARY KEY);
CREATE TABLE tag (name text, id int PRIMARY KEY);
CREATE TABLE tagged (tag_id int REFERENCES tag, orders_id int REFERENCES orders, PRIMARY KEY (orders_id, tag_id));
INSERT INTO customer SELECT 100 - i, 'b' || i, i, NULLIF(i / 2, 0) FROM generate_series(1, 12) i;
INSERT INTO orders SELECT i, 13 - i, i + 100 FROM generate_series(1, 12) i;
INSERT INTO tag SELECT 'b ' || i, i FROM generate_series(1, 3) i;
INSERT INTO tagged SELECT 1 + i % 2, 101 + i % 12 FROM generate_series(1, 30) i ON CONFLICT DO NOTHING;

GRANT USAGE ON SCHEMA a, b TO boss, clerk, guest;
GRANT SELECT ON ALL TABLES IN SCHEMA a, b TO boss, clerk;
GRANT SELECT ON a.customer, a.tag, a.tagged, b.customer, b.tag, b.tagged TO guest;
GRANT SELECT (id, customer_id) ON a.orders, b.orders TO guest;
ALTER TABLE a.orders ENABLE ROW LEVEL SECURITY;
ALTER TABLE b.customer ENABLE ROW LEVEL SECURITY;
CREATE POLICY everything ON a.orders TO boss, guest USING (true);
CREATE POLICY even ON a.orders TO clerk USING (id % 2 = 0);
CREATE POLICY everything ON b.customer TO boss, guest USING (true);
CREATE POLICY above ON b.customer TO clerk USING (id > 4);
});

# A pooler with one connection for each kind of pool.
my $folder = PostgreSQL::Test::Utils::tempdir_short;
my $port = PostgreSQL::Test::Cluster::get_free_port();
my $target = 'host=' . $node->host . ' port=' . $node->port . ' dbname=shop user=app';
append_to_file(
	"$folder/pgbouncer.ini", qq{
[databases]
shop = $target
two = $target pool_size=2
warm = $target connect_query='SELECT FROM relnav.relationships(NULL)'
session = $target pool_mode=session
statement = $target pool_mode=statement

[pgbouncer]
listen_addr =
listen_port = $port
unix_socket_dir = $folder
auth_type = any
pool_mode = transaction
default_pool_size = 1
min_pool_size = 0
max_client_conn = 50
server_reset_query = DISCARD ALL
query_wait_timeout = $PostgreSQL::Test::Utils::timeout_default
logfile = $folder/log
pidfile = $folder/pid
});
my $output = '';
my $bouncer = IPC::Run::start([ $pgbouncer, '-q', "$folder/pgbouncer.ini" ], '<', \undef, '>', \$output, '2>&1');
END { $bouncer->kill_kill if defined $bouncer; }

# The server as it looks from behind the pooler.
my $pooled = bless { %$node, _host => $folder, _port => $port }, ref $node;
foreach (1 .. 10 * $PostgreSQL::Test::Utils::timeout_default)
{
	last if -S "$folder/.s.PGSQL.$port";
	$bouncer->pump_nb;
	select(undef, undef, undef, 0.1);
}

# A navigation, and the same by hand.
my @questions = (
	[ 'SELECT o.id FROM customer c, relnav.children(c, NULL::orders) o',
		'SELECT o.id FROM customer c JOIN (SELECT * FROM orders) o ON o.customer_id = c.id' ],
	[ 'SELECT o.id, c.name FROM tagged t, relnav.related(t, NULL::orders) o, relnav.parent(o, NULL::customer) c',
		'SELECT o.id, c.name FROM tagged t JOIN (SELECT * FROM orders) o ON o.id = t.orders_id JOIN customer c ON c.id = o.customer_id' ],
	[ 'SELECT c.id, t.name FROM customer c, relnav.related(c, NULL::tag, $$orders.tag$$) t',
		'SELECT c.id, t.name FROM customer c, tag t WHERE EXISTS (SELECT FROM orders o JOIN tagged x ON x.orders_id = o.id'
		  . ' WHERE o.customer_id = c.id AND x.tag_id = t.id)' ],
	[ 'SELECT c.id FROM customer c WHERE NOT EXISTS (SELECT FROM relnav.children(c, NULL::orders))',
		'SELECT c.id FROM customer c WHERE NOT EXISTS (SELECT FROM (SELECT * FROM orders) o WHERE o.customer_id = c.id)' ],
	[ q{SELECT relnav.tree(c, 'id, tags: orders.tag(name order by name)')->'tags' FROM customer c},
		q{SELECT coalesce((SELECT json_agg(json_build_object('name', t.name) ORDER BY t.name) FROM tag t
			WHERE EXISTS (SELECT FROM orders o JOIN tagged x ON x.orders_id = o.id WHERE o.customer_id = c.id AND x.tag_id = t.id)), '[]') FROM customer c} ],
	[ q{SELECT relnav.tree('tag', 1, 'name, count(orders)')->>'orders_count'},
		'SELECT count(*) FROM tagged x JOIN orders o ON o.id = x.orders_id WHERE x.tag_id = 1' ]);

# What a statement gives: rows in no order and without json's blanks, or errors.
sub told
{
	my ($out, $err) = @_;

	$out =~ s/[ "]//g;
	return join("\n", sort(split /\n/, $out), $err =~ /^.*(ERROR:  .*)$/mg);
}

my %expected;
foreach my $role ('boss', 'clerk', 'guest')
{
	foreach my $path ('a', 'b', 'b, a')
	{
		foreach my $number (0 .. $#questions)
		{
			my ($status, $out, $err) =
			  $node->psql('shop', "SET ROLE $role; SET search_path = $path; $questions[$number][1]");
			$expected{"$role $path $number"} = told($out, $err);
		}
	}
}
is($expected{'guest a 0'}, 'ERROR:  permission denied for table orders', 'not everybody may do everything');
cmp_ok(length $expected{'boss a 0'}, '>', length $expected{'clerk a 0'}, '... nor see everything');
isnt($expected{'boss a 3'}, $expected{'boss b 3'}, '... and it matters where one looks');


# ----- One backend, many clients -----------------------------------------------

my @clients = map { $pooled->background_psql('shop', on_error_stop => 0) } 1 .. 5;
my %backends = map { $_->query_safe('SELECT pg_backend_pid()') => 1 } @clients;
is(scalar keys %backends, 1, 'all clients are in one backend');

# One transaction after the other, by any client, as anybody, anywhere.
my $seed = $ENV{RELNAV_POOLING_SEED} // 1;
my $transactions = $ENV{RELNAV_POOLING_TRANSACTIONS} // 300;
my @wrong;
my %asked;
srand($seed);
foreach my $transaction (1 .. $transactions)
{
	my $client = $clients[ rand @clients ];
	my $role = ('boss', 'clerk', 'guest')[ rand 3 ];
	my $path = ('a', 'b', 'b, a')[ rand 3 ];
	my $number = int rand @questions;
	my $inline = ('on', 'on', 'off')[ rand 3 ];
	my $end = ('COMMIT', 'ROLLBACK')[ rand 2 ];

	my $out = $client->query(
		"BEGIN; SET LOCAL ROLE $role; SET LOCAL search_path = $path; SET LOCAL relnav.inline = $inline;\n"
		  . "$questions[$number][0];\n$end");
	my $told = told($out, $client->{stderr});
	$client->{stderr} = '';
	$asked{"$role $path $number"} = 1;
	push @wrong, "transaction $transaction: $role, $path, inline $inline, $questions[$number][0]: $told"
	  if $told ne $expected{"$role $path $number"};
}
is(join("\n", @wrong), '', "$transactions transactions, seed $seed");
cmp_ok(scalar keys %asked, '>', 40, '... of nearly all that are possible');

# What is changed elsewhere counts for whoever comes next.
my $listed = q{SELECT string_agg(name, ' ' ORDER BY name COLLATE "C") FROM relnav.relationships('a.orders')};
my @changes = (
	[ 'ALTER TABLE a.orders ADD COLUMN second_id int CONSTRAINT second REFERENCES a.customer', 'customer second tag tagged' ],
	[ q{SELECT relnav.declare('a.orders', 'buyer', '{customer_id}', 'a.customer', '{id}')}, 'buyer customer second tag tagged' ],
	[ q{SELECT relnav.rename('a.orders', 'second', 'other')}, 'buyer customer other tag tagged' ],
	[ q{SELECT relnav.undeclare('a.orders', 'buyer')}, 'customer other tag tagged' ],
	[ 'ALTER TABLE a.orders DROP COLUMN second_id; DELETE FROM relnav.declared', 'customer tag tagged' ]);
foreach my $change (@changes)
{
	$node->safe_psql('shop', $change->[0]);
	is($clients[ rand @clients ]->query_safe("BEGIN; SET LOCAL ROLE boss; $listed; COMMIT"), $change->[1], $change->[0]);
}

# A setting that a client leaves behind is the next one's, as pgbouncer says.
# A navigation means then what the join by hand means.  (From PostgreSQL 18 on
# the server tells of search_path, and newer poolers keep that for each client.)
$clients[0]->query_safe('SET ROLE clerk; SET relnav.inline = off');
is($clients[1]->query_safe("SET search_path = b; SELECT current_user; SHOW relnav.inline"), "clerk\noff",
	'settings are left behind');
foreach my $number (0 .. $#questions)
{
	my $out = $clients[1]->query($questions[$number][0]);
	is(told($out, ''), $expected{"clerk b $number"}, "... and hold, question $number");
}
$clients[3]->query_safe('DISCARD ALL');
is($clients[2]->query_safe("SELECT current_user; SHOW relnav.inline"), "app\non",
	'DISCARD ALL by a client');
like($clients[4]->query('SELECT c FROM a.tag t, relnav.associated(t, NULL::a.orders) c') . $clients[4]->{stderr},
	qr/ERROR:  permission denied for schema a/, '... takes every right');
$_->quit foreach @clients;


# ----- Other kinds of pools ----------------------------------------------------

# By session: the pooler says DISCARD ALL between two of them.
my $first = $pooled->background_psql('session');
my $backend = $first->query_safe('SET ROLE boss; SELECT pg_backend_pid()');
$first->query_safe('SET search_path = a; SET relnav.inline = off; SET plan_cache_mode = force_generic_plan');
$first->query_safe("PREPARE q$_ AS $questions[$_][0]") foreach 0 .. $#questions;
is(told($first->query_safe("EXECUTE q$_"), ''), $expected{"boss a $_"}, "a session of its own, question $_") foreach 0 .. $#questions;
$first->quit;
my $second = $pooled->background_psql('session', on_error_stop => 0);
is($second->query_safe('SELECT pg_backend_pid()'), $backend, 'the next session has the same backend');
is($second->query_safe('SHOW relnav.inline'), 'on', '... but not what was set');
$second->query_safe('SET ROLE clerk; SET search_path = b');
is(told($second->query_safe("$questions[$_][0]"), ''), $expected{"clerk b $_"}, "... and its own answers, question $_") foreach 0 .. $#questions;
$second->query('EXECUTE q1');
like($second->{stderr}, qr/ERROR:  prepared statement "q1" does not exist/, '... and none of its statements');
$second->quit;

# By statement.
$node->safe_psql('shop', 'GRANT USAGE ON SCHEMA a TO app; GRANT SELECT ON ALL TABLES IN SCHEMA a TO app; CREATE POLICY everything_too ON a.orders TO app USING (true)');
is($pooled->safe_psql('statement', 'SELECT count(*) FROM a.customer c, relnav.children(c, NULL::a.orders)'), '30', 'a pool of statements');

# The pooler can load the library, so that a backend's first statement is planned
# with it.
my $explain = 'EXPLAIN (COSTS OFF) SELECT * FROM a.customer c, relnav.children(c, NULL::a.orders)';
like($pooled->safe_psql('warm', $explain), qr/Join/, 'connect_query: the first statement of a backend is a join');


# ----- All at once --------------------------------------------------------------

# pgbench, by the extended protocol, with two backends for eight clients.  A
# transaction that finds a difference fails, and pgbench with it.
my $bench = "\\set role random(1, 2)\n\\set path random(1, 2)\n\\set question random(0, $#questions)\nBEGIN;\n"
  . "\\if :role = 1\nSET LOCAL ROLE boss;\n\\else\nSET LOCAL ROLE clerk;\n\\endif\n"
  . "\\if :path = 1\nSET LOCAL search_path = a;\n\\else\nSET LOCAL search_path = b;\n\\endif\n";
foreach my $number (0 .. $#questions)
{
	my ($navigation, $join) = @{ $questions[$number] };
	s/\n\s*/ /g foreach $navigation, $join;
	my ($left, $right) = map { "(SELECT array_agg(q::text ORDER BY q::text) FROM ($_) q)" } $navigation, $join;
	s/q::text/translate(q::text, ' ', '')/g foreach $left, $right;
	$bench .= "\\if :question = $number\nSELECT 1 / ($left IS NOT DISTINCT FROM $right)::int;\n\\endif\n";
}
append_to_file("$folder/ask.sql", "$bench\nEND;\n");
append_to_file("$folder/declare.sql", q{BEGIN;
SELECT pg_advisory_xact_lock(1);
SELECT relnav.declare('a.orders', 'buyer', '{customer_id}', 'a.customer', '{id}', inverse => 'bought');
SELECT 1 / (count(*) = 30)::int FROM a.customer c, relnav.related(c, NULL::a.orders, 'bought');
SELECT relnav.undeclare('a.orders', 'buyer');
END;
});
$node->safe_psql('shop', 'ALTER TABLE a.orders OWNER TO app; ALTER TABLE a.customer OWNER TO app');
$pooled->command_checks_all(
	[ 'pgbench', '-n', '-M', 'extended', '-c', 8, '-j', 2, '-t', 40, '--random-seed', $seed,
		'-f', "$folder/ask.sql\@9", '-f', "$folder/declare.sql\@1",
		'-h', $folder, '-p', $port, 'two' ],
	0,
	[ qr{number of transactions actually processed: 320/320} ],
	[ qr/^(?!.*(?:ERROR|error|aborted))/s ],
	'pgbench: eight clients, two backends');
is($node->safe_psql('shop', 'SELECT count(*) FROM relnav.declared'), '0', '... nothing is left declared');

$node->stop;
$bouncer->kill_kill;
undef $bouncer;
done_testing();
