# Copyright (c) 2026, relnav developers

# Sessions that know all tables' relationships, each in another way, while
# others change keys and what keys depend on: after each change every session
# says what a fresh one says, of both tables of a key and of those beyond.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--no-locale', '--encoding=UTF8' ]);
$node->append_conf('postgresql.conf', 'max_locks_per_transaction = 256');
$node->start;
my $version = $node->safe_psql('postgres', 'SHOW server_version_num') / 10000;

$node->safe_psql(
	'postgres', q{
CREATE EXTENSION relnav;
CREATE SCHEMA s;
CREATE SCHEMA t;
SET search_path = s;
CREATE TABLE hub (id int PRIMARY KEY, code int CONSTRAINT hub_code UNIQUE, note text);
CREATE TABLE far (id int PRIMARY KEY);
INSERT INTO hub VALUES (1, 1);
INSERT INTO far VALUES (1);
CREATE TABLE near (id int PRIMARY KEY, hub_id int CONSTRAINT near_hub REFERENCES hub, far_id int, seen_by int);
CREATE TABLE link (hub_id int REFERENCES hub, far_id int CONSTRAINT link_far REFERENCES far, PRIMARY KEY (hub_id, far_id));
CREATE TABLE plain (id int PRIMARY KEY, x int, y int);
CREATE VIEW shown AS SELECT id, far_id AS f, seen_by FROM near;

-- A key of the partitioned table, at three levels.
CREATE TABLE part (hub_id int CONSTRAINT part_hub REFERENCES hub, k int, f int) PARTITION BY LIST (k);
CREATE TABLE part_1 PARTITION OF part FOR VALUES IN (1);
CREATE TABLE part_2 (f int, k int, hub_id int, CONSTRAINT own_hub FOREIGN KEY (hub_id) REFERENCES hub);
CREATE TABLE part_3 PARTITION OF part FOR VALUES IN (3, 4, 5) PARTITION BY LIST (k);
CREATE TABLE part_34 PARTITION OF part_3 FOR VALUES IN (4, 5) PARTITION BY LIST (k);
CREATE TABLE part_345 PARTITION OF part_34 FOR VALUES IN (5);

-- Keys of partitions.
CREATE TABLE own (hub_id int, k int) PARTITION BY LIST (k);
CREATE TABLE own_1 PARTITION OF own (FOREIGN KEY (hub_id) REFERENCES hub) FOR VALUES IN (1);
CREATE TABLE own_2 PARTITION OF own FOR VALUES IN (2);

-- A partitioned table that is referenced.
CREATE TABLE refd (id int, k int, PRIMARY KEY (id, k)) PARTITION BY LIST (k);
CREATE TABLE refd_1 PARTITION OF refd FOR VALUES IN (1);
CREATE TABLE refd_2 PARTITION OF refd FOR VALUES IN (2);
CREATE TABLE to_refd (refd_id int, refd_k int, hub_id int REFERENCES hub, CONSTRAINT to_refd_key FOREIGN KEY (refd_id, refd_k) REFERENCES refd);

-- What neighbors() and query() say; neither asks for names of inverses, for
-- which more tables are read.
CREATE FUNCTION public.seen() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	rel regclass;
	n record;
BEGIN
	FOR rel IN SELECT oid FROM pg_class
		WHERE relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('s', 't')) AND relkind IN ('r', 'p', 'v')
		ORDER BY oid::regclass::text COLLATE "C"
	LOOP
		FOR n IN EXECUTE format('SELECT * FROM relnav.neighbors(NULL::%s)', rel) LOOP
			RETURN NEXT concat_ws(' ', rel, n.name, n.kind, n.target);
			RETURN NEXT relnav.query(rel, n.name);
		END LOOP;
	END LOOP;
END $$;
});

my %questions = (
	'all listings' => q{SELECT r::text FROM pg_class c, relnav.relationships(c.oid::regclass) r
		WHERE c.relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('s', 't')) AND c.relkind IN ('r', 'p', 'v')
		ORDER BY r::text COLLATE "C"},
	'all neighbors' => 'SELECT public.seen()',
	# These know only of one table.
	'a tree of hub' => q{SELECT relnav.tree('s.hub', 1, 'id, *(*)')},
	'a tree of far' => q{SELECT relnav.tree('s.far', 1, 'id, *(*)')},
	'a listing of hub' => q{SELECT r::text FROM relnav.relationships('s.hub') r});

sub cleaned
{
	my ($out, $err) = @_;

	$err =~ s/^psql:<stdin>:\d+: //mg;
	$out =~ s/\n+$//;
	$err =~ s/\n+$//;
	return "$out\n$err\n";
}

# A session for each step, which knows nothing before.
sub answer_anew
{
	my $sql = join '', map { "\\echo ===== $_\n\\warn ===== $_\n$questions{$_};\n" } sort keys %questions;
	my ($status, $out, $err) = $node->psql('postgres', $sql, on_error_stop => 0);
	my %out = $out =~ /^===== (.*)\n((?:(?!=====).*\n?)*)/mg;
	my %err = $err =~ /^===== (.*)\n((?:(?!=====).*\n?)*)/mg;

	return { map { $_ => cleaned($out{$_}, $err{$_}) } keys %questions };
}

sub answer_again
{
	my ($session, $question) = @_;

	$session->{stderr} = '';
	my $out = $session->query("$questions{$question};");
	my $err = $session->{stderr};
	$session->{stderr} = '';
	return cleaned($out, $err);
}

# The time limit is that of one answer, not of all.
sub start_session
{
	my $session = $node->background_psql('postgres', on_error_stop => 0);

	$session->set_query_timer_restart();
	return $session;
}

my %sessions = map { $_ => start_session() } keys %questions;

# What is changed.  "same" if nobody can see a difference.
my @changes = (
	[ 'nothing', 'SELECT 1', 'same' ],

	# Keys.
	[ 'a key', 'ALTER TABLE plain ADD CONSTRAINT plain_hub FOREIGN KEY (x) REFERENCES hub' ],
	[ 'a key, not valid', 'ALTER TABLE plain ADD CONSTRAINT plain_far FOREIGN KEY (y) REFERENCES far NOT VALID' ],
	[ 'validated', 'ALTER TABLE plain VALIDATE CONSTRAINT plain_far' ],
	[ 'renamed', 'ALTER TABLE plain RENAME CONSTRAINT plain_far TO farther' ],
	[ 'deferrable', 'ALTER TABLE plain ALTER CONSTRAINT farther DEFERRABLE INITIALLY DEFERRED', 'same' ],
	[ 'dropped and added', 'ALTER TABLE plain DROP CONSTRAINT farther, ADD CONSTRAINT farther FOREIGN KEY (y) REFERENCES far ON DELETE CASCADE' ],
	[ 'dropped', 'ALTER TABLE plain DROP CONSTRAINT farther' ],
	[ 'a second key to the same table', 'ALTER TABLE plain ADD FOREIGN KEY (y) REFERENCES hub' ],
	[ 'the same key twice', 'ALTER TABLE plain ADD CONSTRAINT again FOREIGN KEY (y) REFERENCES hub' ],
	[ 'of these the first is dropped', 'ALTER TABLE plain DROP CONSTRAINT again' ],
	[ 'a column dropped, and its key', 'ALTER TABLE plain DROP COLUMN y' ],
	[ 'a column with a key', 'ALTER TABLE plain ADD COLUMN y int REFERENCES far' ],
	[ 'the type of a referencing column', 'ALTER TABLE near ALTER hub_id TYPE bigint' ],
	[ 'the type of a referenced column', 'ALTER TABLE hub ALTER id TYPE bigint' ],
	[ 'a column renamed', 'ALTER TABLE near RENAME hub_id TO centre_id' ],
	[ 'a referenced column renamed', 'ALTER TABLE hub RENAME code TO number' ],
	[ 'a key to itself', 'ALTER TABLE hub ADD COLUMN up int REFERENCES hub' ],
	[ 'a key from the hub', 'ALTER TABLE hub ADD COLUMN far_id int REFERENCES far' ],
	[ 'both dropped', 'ALTER TABLE hub DROP COLUMN up, DROP COLUMN far_id' ],

	# What a key depends on.
	[ 'a key to another unique column', 'ALTER TABLE near ADD CONSTRAINT by_code FOREIGN KEY (seen_by) REFERENCES hub (number)' ],
	[ 'a referenced constraint renamed', 'ALTER TABLE hub RENAME CONSTRAINT hub_code TO hub_number', 'same' ],
	[ 'its index renamed', 'ALTER INDEX hub_number RENAME TO hub_code', 'same' ],
	[ 'it is dropped, the key with it', 'SET client_min_messages = warning; ALTER TABLE hub DROP CONSTRAINT hub_code CASCADE' ],
	[ 'a unique index, and a key by it', 'CREATE UNIQUE INDEX hub_code ON hub (number); ALTER TABLE near ADD CONSTRAINT by_code FOREIGN KEY (seen_by) REFERENCES hub (number)' ],
	[ 'a referenced column dropped', 'SET client_min_messages = warning; ALTER TABLE hub DROP COLUMN number CASCADE' ],
	[ 'unique: one-to-one', 'ALTER TABLE near ADD CONSTRAINT only_one UNIQUE (centre_id)' ],
	[ 'no more', 'ALTER TABLE near DROP CONSTRAINT only_one' ],
	[ 'unique, deferrable', 'ALTER TABLE near ADD CONSTRAINT only_one UNIQUE (centre_id) DEFERRABLE' ],
	[ 'a unique index concurrently', 'CREATE UNIQUE INDEX CONCURRENTLY one ON near (centre_id)' ],
	[ 'dropped concurrently', 'DROP INDEX CONCURRENTLY one' ],
	[ 'not null', 'ALTER TABLE near ALTER centre_id SET NOT NULL' ],
	[ 'null', 'ALTER TABLE near ALTER centre_id DROP NOT NULL' ],

	# Tables.
	[ 'a table with two keys', 'CREATE TABLE link2 (far_id int CONSTRAINT l_far REFERENCES far, hub_id int REFERENCES hub, PRIMARY KEY (hub_id, far_id))' ],
	[ 'which loses one', 'ALTER TABLE link2 DROP CONSTRAINT l_far' ],
	[ 'and has it again', 'ALTER TABLE link2 ADD CONSTRAINT l_far FOREIGN KEY (far_id) REFERENCES far NOT VALID' ],
	[ 'renamed', 'ALTER TABLE link2 RENAME CONSTRAINT l_far TO link2_far' ],
	[ 'a table renamed', 'ALTER TABLE link2 RENAME TO likes' ],
	[ 'a second key of an association', 'ALTER TABLE likes ADD COLUMN other int REFERENCES far' ],
	[ 'a third table', 'ALTER TABLE likes ADD COLUMN plain_id int REFERENCES plain' ],
	[ 'a table moved', 'ALTER TABLE likes SET SCHEMA t' ],
	[ 'and another of this name', 'CREATE TABLE likes (id int PRIMARY KEY, hub_id int REFERENCES hub)' ],
	[ 'dropped with its schema', 'SET client_min_messages = warning; DROP SCHEMA t CASCADE; CREATE SCHEMA t' ],
	[ 'dropped', 'DROP TABLE likes' ],
	[ 'a referenced table renamed', 'ALTER TABLE far RENAME TO distant' ],
	[ 'moved', 'ALTER TABLE distant SET SCHEMA t' ],
	[ 'dropped', 'SET client_min_messages = warning; DROP TABLE t.distant CASCADE' ],
	[ 'and made again', 'CREATE TABLE far (id int PRIMARY KEY); INSERT INTO far VALUES (1); ALTER TABLE link ADD CONSTRAINT link_far FOREIGN KEY (far_id) REFERENCES far NOT VALID' ],
	[ 'a view replaced', 'CREATE OR REPLACE VIEW shown AS SELECT id, far_id AS f, seen_by, centre_id FROM near' ],
	[ 'written anew', 'VACUUM FULL hub; CLUSTER near USING near_pkey; VACUUM FULL pg_constraint; VACUUM FULL pg_depend', 'same' ],

	# Transactions.
	[ 'rolled back', 'BEGIN; ALTER TABLE near ADD FOREIGN KEY (far_id) REFERENCES far; ALTER TABLE link DROP CONSTRAINT link_far; ROLLBACK', 'same' ],
	[ 'partly rolled back', 'BEGIN; ALTER TABLE near ADD FOREIGN KEY (far_id) REFERENCES far; SAVEPOINT x; ALTER TABLE link DROP CONSTRAINT link_far; ROLLBACK TO x; ALTER TABLE link RENAME CONSTRAINT link_far TO l; COMMIT' ],
	[ 'several at once', 'BEGIN; ALTER TABLE link RENAME CONSTRAINT l TO link_far; ALTER TABLE near DROP CONSTRAINT near_far_id_fkey; ALTER TABLE near ADD CONSTRAINT near_far FOREIGN KEY (far_id) REFERENCES far; ALTER TABLE near RENAME CONSTRAINT near_far TO near_far_id; COMMIT' ],

	# Partitions.
	[ 'a partition with its own key attached', 'ALTER TABLE part ATTACH PARTITION part_2 FOR VALUES IN (2)' ],
	[ 'detached', 'ALTER TABLE part DETACH PARTITION part_2' ],
	[ 'attached', 'ALTER TABLE part ATTACH PARTITION part_2 FOR VALUES IN (2)' ],
	[ 'detached concurrently', 'ALTER TABLE part DETACH PARTITION part_2 CONCURRENTLY' ],
	[ 'its key dropped', 'ALTER TABLE part_2 DROP CONSTRAINT own_hub' ],
	[ 'attached without a key', 'ALTER TABLE part ATTACH PARTITION part_2 FOR VALUES IN (2)' ],
	[ 'detached at the third level', 'ALTER TABLE part_34 DETACH PARTITION part_345' ],
	[ 'attached there', 'ALTER TABLE part_34 ATTACH PARTITION part_345 FOR VALUES IN (5)' ],
	[ 'detached at the second level', 'ALTER TABLE part_3 DETACH PARTITION part_34' ],
	[ 'the partitioned table\'s key renamed', 'ALTER TABLE part RENAME CONSTRAINT part_hub TO of_hub' ],
	[ 'dropped', 'ALTER TABLE part DROP CONSTRAINT of_hub' ],
	[ 'one partition has it', 'ALTER TABLE part_1 ADD CONSTRAINT one_hub FOREIGN KEY (hub_id) REFERENCES hub' ],
	[ 'the partitioned table has it, too', 'ALTER TABLE part ADD CONSTRAINT all_hub FOREIGN KEY (hub_id) REFERENCES hub' ],
	[ 'a new partition', 'CREATE TABLE part_9 PARTITION OF part FOR VALUES IN (9)' ],
	[ 'dropped', 'DROP TABLE part_9' ],
	[ 'the last partition gets the key that all others have', 'ALTER TABLE own_2 ADD CONSTRAINT own_2_hub FOREIGN KEY (hub_id) REFERENCES hub NOT VALID' ],
	[ 'validated', 'ALTER TABLE own_2 VALIDATE CONSTRAINT own_2_hub' ],
	[ 'renamed', 'ALTER TABLE own_1 RENAME CONSTRAINT own_1_hub_id_fkey TO a_hub' ],
	[ 'a partition without it', 'CREATE TABLE own_3 PARTITION OF own FOR VALUES IN (3)' ],
	[ 'detached concurrently', 'ALTER TABLE own DETACH PARTITION own_3 CONCURRENTLY' ],
	[ 'the key dropped from one', 'ALTER TABLE own_1 DROP CONSTRAINT a_hub' ],
	[ 'a partition of a referenced table', 'CREATE TABLE refd_3 PARTITION OF refd FOR VALUES IN (3)' ],
	[ 'detached', 'ALTER TABLE refd DETACH PARTITION refd_2' ],
	[ 'attached', 'ALTER TABLE refd ATTACH PARTITION refd_2 FOR VALUES IN (2)' ],
	[ 'detached and dropped', 'ALTER TABLE refd DETACH PARTITION refd_1; DROP TABLE refd_1' ],
	[ 'the key to the partitioned table renamed', 'ALTER TABLE to_refd RENAME CONSTRAINT to_refd_key TO refd_key' ],
	[ 'a key to a partition', 'ALTER TABLE plain ADD CONSTRAINT to_part FOREIGN KEY (id, x) REFERENCES refd_2' ],
	[ 'that partition dropped, and all keys to it', 'SET client_min_messages = warning; DROP TABLE refd_2 CASCADE' ],
	[ 'the other key again', 'ALTER TABLE to_refd ADD FOREIGN KEY (refd_id, refd_k) REFERENCES refd' ],
	[ 'the referenced table dropped', 'SET client_min_messages = warning; DROP TABLE refd CASCADE' ],

	# More than can be looked at one by one.
	[ 'many tables, one with a key', q{DO $$ BEGIN FOR i IN 1 .. 200 LOOP EXECUTE format('CREATE TABLE public.m%s (id int PRIMARY KEY)', i); END LOOP; END $$;
		ALTER TABLE public.m100 ADD FOREIGN KEY (id) REFERENCES hub} ],
	[ 'and a few', q{ALTER TABLE public.m1 ADD FOREIGN KEY (id) REFERENCES far; CREATE TEMP TABLE x (id int PRIMARY KEY)} ]);

push @changes,
  # Not enforced keys have no triggers: only the referencing table is told.
  [ 'a key, not enforced', 'ALTER TABLE link ADD COLUMN p int CONSTRAINT loose REFERENCES plain NOT ENFORCED' ],
  [ 'of a table that nobody knows', 'CREATE TABLE public.unknown (id int CONSTRAINT loose REFERENCES hub NOT ENFORCED, far_id int REFERENCES far NOT ENFORCED)' ],
  [ 'renamed', 'ALTER TABLE public.unknown RENAME CONSTRAINT loose TO looser' ],
  [ 'enforced', 'ALTER TABLE public.unknown ALTER CONSTRAINT looser ENFORCED' ],
  [ 'not enforced', 'ALTER TABLE public.unknown ALTER CONSTRAINT looser NOT ENFORCED' ],
  [ 'dropped', 'ALTER TABLE public.unknown DROP CONSTRAINT looser' ],
  [ 'dropped with the table', 'DROP TABLE public.unknown' ],
  [ 'of partitions', 'ALTER TABLE part ADD COLUMN loose int; ALTER TABLE part_34 ADD COLUMN loose int; ALTER TABLE part_3 ATTACH PARTITION part_34 FOR VALUES IN (4, 5); ALTER TABLE part ADD CONSTRAINT loose FOREIGN KEY (loose) REFERENCES far NOT ENFORCED' ],
  [ 'detached', 'ALTER TABLE part DETACH PARTITION part_2' ],
  [ 'attached', 'ALTER TABLE part ATTACH PARTITION part_2 FOR VALUES IN (2)' ],
  [ 'detached concurrently', 'ALTER TABLE part DETACH PARTITION part_2 CONCURRENTLY' ],
  [ 'detached at the third level', 'ALTER TABLE part_34 DETACH PARTITION part_345' ],
  [ 'not null, not valid', 'ALTER TABLE near ADD CONSTRAINT c_not_null NOT NULL centre_id NOT VALID', 'same' ],
  [ 'validated', 'ALTER TABLE near VALIDATE CONSTRAINT c_not_null' ],
  [ 'the referenced table dropped', 'SET client_min_messages = warning; DROP TABLE far CASCADE' ]
  if $version >= 18;

my $before = answer_anew();
foreach my $change (@changes)
{
	my ($name, $sql, $same) = @$change;

	# What cannot run in a transaction is the last of the statements.
	$node->safe_psql('postgres', join(";\n", 'SET search_path = s, t', $sql));
	my $right = answer_anew();
	my $differs = grep { $right->{$_} ne $before->{$_} } keys %questions;
	ok($same ? !$differs : $differs, "$name: " . ($same ? 'no difference' : 'a difference'))
	  or diag("$sql\n$right->{'all listings'}");
	is(answer_again($sessions{$_}, $_), $right->{$_}, "$name: $_") foreach sort keys %sessions;
	$before = $right;
}

$_->quit foreach values %sessions;


# ----- What is forgotten for want of room ------------------------------------

# A session that has a tree, then looks at more tables than it keeps.  The tree
# is kept apart, and still depends on tables that its own queries do not read.
$node->safe_psql('postgres', q{
	CREATE TABLE t.other (hub_id int REFERENCES s.hub);
	DO $$ BEGIN FOR i IN 1 .. 2100 LOOP EXECUTE format('CREATE TABLE public.n%s ()', i); END LOOP; END $$});
%questions = ('a tree of two' => q{SELECT relnav.tree('s.hub', 1, 'id, link(far_id)')});
my ($question) = keys %questions;
my $session = start_session();
is(answer_again($session, $question), qq({"id":1,"link":[]}\n\n), 'a tree');
is( $session->query_safe(
		q{SELECT count(*) FROM generate_series(1, 2100) i, relnav.relationships(('public.n' || i)::regclass)}),
	'0', 'many other tables');
$node->safe_psql('postgres', 'ALTER TABLE t.other RENAME TO link');
my $right = answer_anew()->{$question};
like($right, qr/has no relationship "link"/, 'another table of this name makes a difference');
is(answer_again($session, $question), $right, 'the tree is made anew');
$session->quit;

$node->stop;
done_testing();
