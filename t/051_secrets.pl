# Copyright (c) 2026, relnav developers

# A role without rights tries every function of the extension, with navigations
# inlined and not, with plans that a superuser has left in the session and
# without: it is never shown a row or a column that its own SELECT would not
# show, and no function of its own sees one either.
#
# Whatever it must not see has the word SECRET in it.  What a superuser is
# shown by the same statements does have it, so a test that could not fail
# would be found out.

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
$node->append_conf('postgresql.conf', "session_preload_libraries = 'relnav'\njit = off\n");
$node->start;

$node->safe_psql('postgres', q{
CREATE EXTENSION relnav;
CREATE ROLE regress_relnav_owner;
CREATE ROLE regress_relnav_mallory;
CREATE SCHEMA open AUTHORIZATION regress_relnav_owner;
CREATE SCHEMA closed AUTHORIZATION regress_relnav_owner;
CREATE SCHEMA mallory AUTHORIZATION regress_relnav_mallory;
GRANT USAGE ON SCHEMA open, mallory TO PUBLIC;

SET ROLE regress_relnav_owner;
-- rows from 10 on are hidden by row security
CREATE TABLE open.customer (id int PRIMARY KEY, name text);
CREATE TABLE open.orders (id int PRIMARY KEY, customer_id int REFERENCES open.customer ON DELETE CASCADE, note text);
CREATE INDEX ON open.orders (customer_id);
CREATE TABLE open.employee (id int PRIMARY KEY, boss_id int REFERENCES open.employee, name text);
INSERT INTO open.customer VALUES (1, 'Ann'), (11, 'SECRET customer');
INSERT INTO open.orders VALUES (1, 1, 'tea'), (11, 1, 'SECRET order'), (2, 11, 'of somebody');
INSERT INTO open.employee VALUES (1, NULL, 'top'), (2, 1, 'middle'), (11, 1, 'SECRET employee'), (3, 11, 'below');
ALTER TABLE open.customer ENABLE ROW LEVEL SECURITY;
ALTER TABLE open.orders ENABLE ROW LEVEL SECURITY;
ALTER TABLE open.employee ENABLE ROW LEVEL SECURITY;
CREATE POLICY few ON open.customer USING (id < 10);
CREATE POLICY few ON open.orders USING (id < 10);
CREATE POLICY few ON open.employee USING (id < 10);
GRANT SELECT ON open.customer, open.orders, open.employee TO PUBLIC;

-- a column that is not granted
CREATE TABLE open.account (id int PRIMARY KEY, customer_id int REFERENCES open.customer, owner text, pin text);
INSERT INTO open.account VALUES (1, 1, 'Ann', 'SECRET pin');
GRANT SELECT (id, customer_id, owner) ON open.account TO PUBLIC;

-- an association that must not be read, between tables that may
CREATE TABLE open.tag (id int PRIMARY KEY, name text);
CREATE TABLE open.customer_tag (customer_id int REFERENCES open.customer, tag_id int REFERENCES open.tag,
	PRIMARY KEY (customer_id, tag_id));
INSERT INTO open.tag VALUES (1, 'SECRET tag');
INSERT INTO open.customer_tag VALUES (1, 1);
GRANT SELECT ON open.tag TO PUBLIC;

-- a schema that must not be used
CREATE TABLE closed.letter (id int PRIMARY KEY, customer_id int REFERENCES open.customer, body text);
CREATE TABLE closed.likes (customer_id int REFERENCES open.customer, tag_id int REFERENCES open.tag,
	PRIMARY KEY (customer_id, tag_id));
INSERT INTO closed.letter VALUES (1, 1, 'SECRET letter');
INSERT INTO closed.likes VALUES (1, 1);
CREATE INDEX ON closed.letter (customer_id);
GRANT SELECT ON closed.letter, closed.likes TO PUBLIC;

-- views: a barrier, and one that reads with the rights of who asks
CREATE TABLE open.person (id int PRIMARY KEY, customer_id int, name text, listed bool);
INSERT INTO open.person VALUES (1, 1, 'Eve', true), (2, 1, 'SECRET person', false);
CREATE VIEW open.listed WITH (security_barrier) AS SELECT id, customer_id, name FROM open.person WHERE listed;
CREATE VIEW open.asked WITH (security_invoker) AS SELECT id, customer_id, name FROM open.person;
GRANT SELECT ON open.listed, open.asked TO PUBLIC;
SELECT relnav.declare('open.customer', 'listed', '{id}', 'open.listed', '{customer_id}', inverse => 'customer');
SELECT relnav.declare('open.customer', 'asked', '{id}', 'open.asked', '{customer_id}', inverse => 'customer');

-- what a definer shows is his to show; the barrier view of another is no way around either
CREATE FUNCTION open.notes(int) RETURNS SETOF text LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS
	$$ SELECT note FROM relnav.children('open.customer', $1, NULL::open.orders) WHERE note NOT LIKE 'SEC%' $$;
CREATE VIEW open.letters AS SELECT l.body FROM open.customer c, relnav.children(c, NULL::closed.letter) l;
CREATE VIEW open.barrier_orders WITH (security_barrier) AS
	SELECT o.* FROM open.customer c, relnav.children(c, NULL::open.orders) o WHERE o.id < 10;
GRANT SELECT ON open.letters, open.barrier_orders TO PUBLIC;
RESET ROLE;
ANALYZE;

-- her own function, cheap enough to be called first
SET ROLE regress_relnav_mallory;
CREATE FUNCTION mallory.leak(anyelement) RETURNS bool LANGUAGE plpgsql COST 0.0000001 AS
	$$ BEGIN RAISE NOTICE 'leaked %', $1; RETURN true; END $$;
CREATE FUNCTION mallory.leak_equal(text, text) RETURNS bool LANGUAGE plpgsql COST 0.0000001 AS
	$$ BEGIN RAISE NOTICE 'leaked % %', $1, $2; RETURN true; END $$;
CREATE OPERATOR mallory.=== (LEFTARG = text, RIGHTARG = text, FUNCTION = mallory.leak_equal);
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA mallory TO PUBLIC;
});

# By function: statements, what they show to her, and what must not be there.
# A superuser is shown SECRET by those that are not marked with "catalog".
my $denied = qr/permission denied for/;
my %attempts = (
	'parent(anyelement,anycompatible,text)' => [
		[ q{SELECT p.* FROM open.orders o, relnav.parent(o, NULL::open.customer) p WHERE mallory.leak(p)}, qr/Ann/ ],
		[ q{SELECT p.* FROM (SELECT ROW(2, 11, '')::open.orders o) x, relnav.parent(x.o, NULL::open.customer) p}, qr/^$/ ],
		[ q{SELECT p.name FROM open.listed l, relnav.parent(l, NULL::open.customer) c, relnav.children(c, NULL::open.asked) p}, $denied ] ],
	'parent(regclass,anycompatible,anyelement,text)' => [
		[ q{SELECT p.* FROM relnav.parent('open.orders', 2, NULL::open.customer) p WHERE mallory.leak(p)}, qr/^$/ ] ],
	'children(anyelement,anycompatible,text)' => [
		[ q{SELECT o.* FROM open.customer c, relnav.children(c, NULL::open.orders) o WHERE mallory.leak(o)}, qr/tea/ ],
		[ q{SELECT o.* FROM open.customer c, relnav.children(c, NULL::open.orders) o WHERE o.note OPERATOR(mallory.===) 'x'}, qr/tea/ ],
		[ q{SELECT count(*) FROM open.customer c WHERE EXISTS (SELECT FROM relnav.children(c, NULL::open.orders) o WHERE mallory.leak(o))}, qr/^1$/ ],
		[ q{SELECT l.* FROM open.customer c, relnav.children(c, NULL::open.listed, 'listed') l WHERE mallory.leak(l)}, qr/Eve/, 'catalog' ],
		[ q{SELECT l.* FROM open.customer c, relnav.children(c, NULL::open.asked) l WHERE mallory.leak(l)}, $denied ],
		[ q{SELECT a.owner, a.pin FROM open.customer c, relnav.children(c, NULL::open.account) a}, $denied ],
		[ q{SELECT a FROM open.customer c, relnav.children(c, NULL::open.account) a}, $denied ],
		[ q{SELECT * FROM open.letters}, $denied ],
		[ q{SELECT * FROM open.barrier_orders b WHERE mallory.leak(b)}, qr/tea/, 'catalog' ],
		[ q{SELECT relnav.children(c, NULL::open.orders) FROM open.customer c}, qr/tea/ ] ],
	'children(regclass,anycompatible,anyelement,text)' => [
		[ q{SELECT o.* FROM relnav.children('open.customer', 1, NULL::open.orders) o WHERE mallory.leak(o)}, qr/tea/ ],
		[ q{SELECT a.* FROM relnav.children('open.customer', 1, NULL::open.account) a}, $denied ],
		[ q{SELECT * FROM open.notes(1)}, qr/tea/, 'catalog' ] ],
	'associated(anyelement,anycompatible,text)' => [
		[ q{SELECT t.* FROM open.customer c, relnav.associated(c, NULL::open.tag, 'customer_tag') t}, $denied ],
		[ q{SELECT t.* FROM open.customer c, relnav.associated(c, NULL::open.tag, 'likes') t}, $denied ] ],
	'associated(regclass,anycompatible,anyelement,text)' => [
		[ q{SELECT t.* FROM relnav.associated('open.customer', 1, NULL::open.tag, 'customer_tag') t}, $denied ],
		[ q{SELECT t.* FROM relnav.associated('open.customer', 1, NULL::open.tag, 'likes') t}, $denied ] ],
	'related(anyelement,anycompatible,text)' => [
		[ q{SELECT o.* FROM open.orders x, relnav.related(x, NULL::open.orders, 'customer.orders') o WHERE mallory.leak(o)}, qr/tea/ ],
		[ q{SELECT t.* FROM open.orders x, relnav.related(x, NULL::open.tag, 'customer.likes.tag') t}, $denied ],
		[ q{SELECT t.* FROM open.orders x, relnav.related(x, NULL::open.tag, 'customer.customer_tag.tag') t}, $denied ] ],
	'related(regclass,anycompatible,anyelement,text)' => [
		[ q{SELECT 'SECRET' FROM relnav.related('open.orders', 2, NULL::open.orders, 'customer.orders') o}, qr/^$/ ],
		[ q{SELECT t.* FROM relnav.related('open.orders', 1, NULL::open.tag, 'customer.likes.tag') t}, $denied ] ],
	'descendants(anyelement,text,integer)' => [
		[ q{SELECT (d.node).* FROM open.employee e, relnav.descendants(e) d WHERE e.id = 1 AND mallory.leak(d.node)}, qr/middle(?!.*below)/s ] ],
	'descendants(regclass,anycompatible,anyelement,text,integer)' => [
		[ q{SELECT (d.node).* FROM relnav.descendants('open.employee', 1, NULL::open.employee) d WHERE mallory.leak(d.node)}, qr/middle(?!.*below)/s ],
		[ q{SELECT 'SECRET' FROM relnav.descendants('open.employee', 11, NULL::open.employee) d}, qr/^$/ ] ],
	'ancestors(anyelement,text,integer)' => [
		[ q{SELECT (d.node).* FROM open.employee e, relnav.ancestors(e) d WHERE e.id = 3 AND mallory.leak(d.node)}, qr/^$/ ] ],
	'ancestors(regclass,anycompatible,anyelement,text,integer)' => [
		[ q{SELECT (d.node).* FROM relnav.ancestors('open.employee', 3, NULL::open.employee) d WHERE mallory.leak(d.node)}, qr/^$/ ] ],
	'tree(anyelement,text)' => [
		[ q{SELECT relnav.tree(c, 'name, orders(note)') FROM open.customer c}, qr/tea/ ],
		[ q{SELECT relnav.tree(c, 'account(*)') FROM open.customer c}, $denied ],
		[ q{SELECT relnav.tree(c, 'account(pin)') FROM open.customer c}, $denied ],
		[ q{SELECT relnav.tree(c, 'letter(body)') FROM open.customer c}, $denied ] ],
	'tree(regclass,anycompatible,text)' => [
		[ q{SELECT relnav.tree('open.customer', 1, 'name, orders(note), count(orders)')}, qr/"orders_count":1/ ],
		[ q{SELECT relnav.tree('open.customer', 11, 'name')}, qr/^$/ ],
		[ q{SELECT relnav.tree('open.orders', 2, 'note, customer(name)'), 'SECRET' LIMIT (SELECT count(*) FROM open.customer WHERE id > 10)}, qr/^$/ ],
		[ q{SELECT relnav.tree('open.customer', 1, 'account(owner)')}, qr/"Ann"/, 'catalog' ],
		[ q{SELECT relnav.tree('open.customer', 1, 'account(owner where pin <> '''')'), 'SECRET'}, $denied ],
		[ q{SELECT relnav.tree('open.customer', 1, 'account(owner order by pin)'), 'SECRET'}, $denied ],
		[ q{SELECT relnav.tree('open.customer', 1, 'letter(body)')}, $denied ],
		[ q{SELECT relnav.tree('open.customer', 1, 'customer_tag(tag.name)')}, $denied ],
		[ q{SELECT relnav.tree('open.customer', 1, 'likes(tag.name)')}, $denied ],
		[ q{SELECT relnav.tree('open.customer', 1, 'listed(name)')}, qr/Eve/, 'catalog' ],
		[ q{SELECT relnav.tree('open.customer', 1, 'asked(name)')}, $denied ],
		[ q{SELECT relnav.tree('open.employee', 1, 'name, employee_by_boss(name depth 5)')}, qr/middle(?!.*below)/ ] ],
	'trees(regclass,anycompatiblearray,text)' => [
		[ q{SELECT relnav.trees('open.customer', '{1,11}'::int[], 'name, orders(note)')}, qr/tea/ ],
		[ q{SELECT relnav.trees('open.customer', '{1,11}'::int[], 'letter(body)')}, $denied ] ],
	'tree_agg(anyelement,text)' => [
		[ q{SELECT relnav.tree_agg(c, 'name, orders(note)') FROM open.customer c}, qr/tea/ ],
		[ q{SELECT relnav.tree_agg(c, 'account(pin)') FROM open.customer c}, $denied ],
		[ q{SELECT relnav.tree_agg(c, 'likes(tag.name)') FROM open.customer c}, $denied ] ],
	'neighbors(anyelement)' => [
		[ q{SELECT n.name, n.rows FROM open.customer c, relnav.neighbors(c) n ORDER BY 1},
			qr/^account\|1\nasked\|\ncustomer_tag\|\nletter\|\nlikes\|\nlisted\|1\norders\|1\ntag_via_customer_tag\|\ntag_via_likes\|$/, 'catalog' ] ],
	'neighbors(regclass,anycompatible,integer)' => [
		[ q{SELECT name, rows, CASE WHEN rows > 1 THEN 'SECRET' END FROM relnav.neighbors('open.customer', 1) WHERE name = 'orders'}, qr/^orders\|1\|$/ ],
		[ q{SELECT 'SECRET' FROM relnav.neighbors('open.orders', 2) WHERE name = 'customer' AND rows = 1}, qr/^$/ ] ],
	'delete_impact(anyelement)' => [
		[ q{SELECT target, action, rows, CASE WHEN rows > 1 THEN 'SECRET' END FROM open.customer c, relnav.delete_impact(c) WHERE target = 'open.orders'::regclass}, qr/^open\.orders\|unknown\|\|$/ ] ],
	'delete_impact(regclass,anycompatible)' => [
		[ q{SELECT target, action, rows, CASE WHEN rows > 0 THEN 'SECRET' END FROM relnav.delete_impact('open.customer', 1) WHERE depth > 0}, qr/unknown/ ],
		[ q{SELECT 'SECRET' FROM relnav.delete_impact('open.customer', 11)}, qr/^$/ ] ],

	# What is in the catalogs, and so open to everybody.
	map { $_->[0] => [ [ $_->[1], $_->[2] // qr/./, 'catalog' ] ] } (
		[ 'relationships()' => q{SELECT * FROM relnav.relationships()} ],
		[ 'relationships(regclass)' => q{SELECT * FROM relnav.relationships('open.customer')} ],
		[ 'describe(regclass)' => q{SELECT * FROM relnav.describe('open.customer')} ],
		[ 'model(regnamespace)' => q{SELECT relnav.model('closed')} ],
		[ 'query(regclass,text)' => q{SELECT relnav.query('open.customer', 'likes')} ],
		[ 'query(regclass,anycompatible,text)' => q{SELECT relnav.query('open.customer', 11, 'likes')} ],
		[ 'declaration_problem(relnav.declared)' => q{SELECT count(relnav.declaration_problem(d)) FROM relnav.declared d}, qr/^0$/ ],
		[ 'paths(regclass,regclass,integer,integer)' => q{SELECT * FROM relnav.paths('open.orders', 'open.tag')} ],
		[ 'check_choice(text,text,text[])' => q{SELECT relnav.check_choice('a', 'b', '{b}')} ],
		[ 'lint()' => q{SELECT * FROM relnav.lint()} ],
		[ 'lint(regnamespace)' => q{SELECT count(*) FROM relnav.lint('open')} ],
		[ 'draw(regclass[],regnamespace,text,boolean,regclass)' => q{SELECT relnav.draw('{open.orders}', 'open', 'dot', true, NULL)} ],
		[ 'diagram(regnamespace,text,boolean)' => q{SELECT relnav.diagram('closed')} ],
		[ 'diagram_around(regclass,integer,text,boolean)' => q{SELECT relnav.diagram_around('open.orders')} ],
		[ 'accessors(regnamespace,text)' => q{SELECT * FROM relnav.accessors('open')} ],
		# those of the server, which nobody can call
		[ 'navigation_support(internal)' => q{SELECT relnav.navigation_support(NULL)}, qr/ERROR/ ],
		[ 'tree_agg_transfn(internal,anyelement,text)' => q{SELECT relnav.tree_agg_transfn(NULL, NULL::open.customer, '*')}, qr/ERROR/ ],
		[ 'tree_agg_finalfn(internal)' => q{SELECT relnav.tree_agg_finalfn(NULL)}, qr/ERROR/ ],
		[ 'declared_trigger()' => q{CREATE TEMP TABLE t (id int); CREATE TRIGGER t BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION relnav.declared_trigger(); INSERT INTO t VALUES (1)}, qr/alone/ ],
		[ 'declared_truncate_trigger()' => q{CREATE TEMP TABLE t (id int); CREATE TRIGGER t AFTER TRUNCATE ON t EXECUTE FUNCTION relnav.declared_truncate_trigger(); TRUNCATE t; SELECT 'done'}, qr/done/ ],
		# only owners
		[ 'declare(regclass,text,name[],regclass,name[],regclass,name[],name[],text,boolean)' => q{SELECT relnav.declare('open.customer', 'mine', '{id}', 'open.account', '{pin}')}, qr/must be owner of table customer/ ],
		[ 'undeclare(regclass,text)' => q{SELECT relnav.undeclare('open.customer', 'listed')}, qr/must be owner of table customer/ ],
		[ 'rename(regclass,text,text)' => q{SELECT relnav.rename('open.customer', 'orders', 'mine')}, qr/must be owner of table customer/ ]));

is(join(' ', grep { !$attempts{s/^relnav\.//r} } EveryFunction::all($node, 'postgres')), '', 'every function is tried');

# Each in a session of its own, after other statements, in which WARM stands for
# it: what it writes to stdout and then to stderr.
sub run_all
{
	my ($before, @statements) = @_;
	my @results;

	foreach my $sql (@statements)
	{
		my ($status, $out, $err) = $node->psql('postgres',
			$before =~ s/\bWARM\b/$sql/r . ";\n\\echo =====\n\\warn =====\nBEGIN;\n$sql;\nROLLBACK;\n",
			on_error_stop => 0);
		s/\A.*^=====\n?//ms foreach $out, $err;
		push @results, "$out\n$err";
	}
	return @results;
}

my @ways = (
	'SET SESSION AUTHORIZATION regress_relnav_mallory',
	'SET relnav.inline = off; WARM; SET SESSION AUTHORIZATION regress_relnav_mallory',
	'SET plan_cache_mode = force_generic_plan; WARM; SET ROLE regress_relnav_mallory',
	'SET relnav.inline = off; SET ROLE regress_relnav_owner; WARM; SET ROLE regress_relnav_mallory; WARM');

foreach my $function (sort keys %attempts)
{
	my @tries = @{ $attempts{$function} };
	my @shown = run_all('SELECT', map { $_->[0] } @tries);
	my @tame = grep { !$tries[$_][2] && $shown[$_] !~ /SECRET/ } 0 .. $#tries;

	is("@tame", '', "$function: a superuser is shown what is hidden");
	foreach my $before (@ways)
	{
		# Triggers of somebody else's temporary tables are not what is tried.
		next if $before =~ /WARM/ && $function =~ /trigger|declare\(|rename/;
		my @got = run_all($before, map { $_->[0] } @tries);

		foreach my $i (0 .. $#tries)
		{
			# The statement itself may have the word; psql shows some of it.
			unlike($got[$i] =~ s/^LINE.*$//mgr, qr/SECRET/, "$function: $tries[$i][0], after $before");

			# What her function is told is not what she is shown.
			like($got[$i] =~ s/^psql:\S+: NOTICE:.*$//mgr =~ s/\A\n+|\n+\z//gr,
				$tries[$i][1], 'and what is shown');
		}
	}
}


# The place of an error is shown in the query that relnav has made, which is not
# the statement.
foreach my $inline (qw(on off))
{
	my ($status, $out, $err) = $node->psql('postgres',
		"SET relnav.inline = $inline; SET SESSION AUTHORIZATION regress_relnav_mallory;\n"
		  . q{SELECT 'a statement that is longer than the place in the query that has the fault', t.* FROM open.customer c, relnav.associated(c, NULL::open.tag, 'likes') t});
	like($err, qr/denied for schema closed\nLINE \d+: (?:FROM|JOIN) closed\.likes .*\n *\^\nQUERY: +SELECT/, "where the error is, inline $inline");
}


# ----- Estimates -------------------------------------------------------------

# EXPLAIN does not tell what pg_stats would not: how many nulls and how many
# different values there are.  A superuser is told.
$node->safe_psql('postgres', q{
CREATE TABLE open.sparse (id int PRIMARY KEY, customer_id int REFERENCES open.customer, boss_id int REFERENCES open.sparse);
CREATE TABLE open.dense (id int PRIMARY KEY, customer_id int REFERENCES open.customer, boss_id int REFERENCES open.dense);
INSERT INTO open.sparse SELECT i, CASE WHEN i % 10 = 0 THEN 1 END, CASE WHEN i > 800 THEN i - 800 END FROM generate_series(1, 1000) i;
INSERT INTO open.dense SELECT i, CASE WHEN i % 2 = 0 THEN 1 ELSE 11 END, 1 FROM generate_series(1, 1000) i;
ANALYZE open.sparse, open.dense});
foreach my $call (
	q{relnav.children('open.customer', 1, NULL::open.%1$s)},
	q{relnav.children(ROW(1, '')::open.customer, NULL::open.%1$s)},
	q{relnav.children('open.%1$s', 1, NULL::open.%1$s)},
	q{relnav.related('open.customer', 1, NULL::open.%1$s, '%1$s.%1$s')},
	q{relnav.associated('open.customer', 1, NULL::open.%1$s, '%1$s')},
	q{relnav.parent('open.%1$s', 1, NULL::open.customer)},
	q{relnav.parent(ROW(1, 1, 1)::open.%1$s, NULL::open.customer)},
	q{relnav.related('open.%1$s', 1, NULL::open.orders, 'customer.orders')},
	q{relnav.descendants('open.%1$s', 1, NULL::open.%1$s)},
	q{relnav.descendants(ROW(1, 1, 1)::open.%1$s)},
	q{relnav.ancestors('open.%1$s', 1, NULL::open.%1$s)},
	q{relnav.ancestors(ROW(1, 1, 1)::open.%1$s)})
{
	my @plans = map { $node->safe_psql('postgres',
		"SET relnav.inline = off; SET ROLE regress_relnav_mallory; EXPLAIN SELECT * FROM " . sprintf($call, $_)) } qw(sparse dense);
	is($plans[0], $plans[1], "estimates of $call do not tell how many nulls there are");
}
my @estimates = map { $node->safe_psql('postgres',
	"SET relnav.inline = off; EXPLAIN SELECT * FROM relnav.children('open.customer', 1, NULL::open.$_)") } qw(sparse dense);
isnt($estimates[0], $estimates[1], 'a superuser is told');


# ----- What was declared -----------------------------------------------------

my $mallory = 'SET SESSION AUTHORIZATION regress_relnav_mallory';
$node->safe_psql('postgres', "$mallory; CREATE TABLE mallory.own (id int PRIMARY KEY, customer_id int);"
	  . 'CREATE OPERATOR mallory.= (LEFTARG = int, RIGHTARG = int, FUNCTION = int4ne)');
foreach my $try (
	[ q{SELECT relnav.declare('mallory.own', 'victim', '{customer_id}', 'open.customer', '{id}', inverse => 'own')}, qr/must be owner of table customer/ ],
	[ q{INSERT INTO relnav.declared (source, name, source_columns, target, target_columns) VALUES ('open.customer', 'x', '{id}', 'mallory.own', '{customer_id}')}, qr/must be owner of table customer/ ],
	[ q{INSERT INTO relnav.declared (source, name, constraint_table, constraints, backwards) VALUES ('open.customer', 'x', 'open.orders', '{orders_customer_id_fkey}', true)}, qr/must be owner of table customer/ ],
	[ q{UPDATE relnav.declared SET name = 'x'}, qr/must be owner of table customer/ ],
	[ q{UPDATE relnav.declared SET source = 'mallory.own'}, qr/must be owner of table customer/ ],
	[ q{DELETE FROM relnav.declared}, qr/must be owner of table customer/ ],
	[ q{TRUNCATE relnav.declared}, qr/permission denied for table declared/ ],
	[ q{ALTER TABLE relnav.declared DISABLE TRIGGER ALL}, qr/must be owner of table declared/ ],
	[ q{CREATE TRIGGER t BEFORE INSERT ON relnav.declared FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()}, qr/permission denied for table declared/ ],
	[ q{CREATE POLICY p ON relnav.declared}, qr/must be owner of table declared/ ],
	[ q{CREATE RULE r AS ON INSERT TO relnav.declared DO ALSO NOTIFY x}, qr/must be owner of (?:table|relation) declared/ ],
	[ q{CREATE TABLE mallory.child () INHERITS (relnav.declared)}, qr/must be owner of table declared/ ],
	[ q{CREATE FUNCTION relnav.tree(x int) RETURNS int LANGUAGE sql AS 'SELECT 1'}, qr/permission denied for schema relnav/ ],
	[ q{CREATE FUNCTION mallory.f(int) RETURNS int LANGUAGE internal IMMUTABLE AS 'int4abs' SUPPORT relnav.navigation_support}, qr/permission denied|must be superuser/ ],
	[ q{SELECT relnav.declare('mallory.own', 'system', '{customer_id}', 'pg_catalog.pg_authid', '{oid}')}, qr/ERROR/ ])
{
	my ($status, $out, $err) = $node->psql('postgres', "$mallory; $try->[0]");
	like($err, $try->[1], $try->[0]);
}

# She may say what her own table is related to.  That is seen at her table
# alone, gives nobody a right, and her operator is not asked.
$node->safe_psql('postgres', "$mallory;"
	  . q{SELECT relnav.declare('mallory.own', 'victim', '{customer_id}', 'open.customer', '{id}');
INSERT INTO mallory.own VALUES (1, 11), (2, 1)});
is($node->safe_psql('postgres', "$mallory;" . q{SET search_path = mallory, pg_catalog;
SELECT o.id, c.name FROM own o, relnav.related(o, NULL::open.customer) c}), '2|Ann', 'her declaration shows her what she may see');
is($node->safe_psql('postgres', q{SELECT count(*) FROM relnav.relationships('open.customer') WHERE target = 'mallory.own'::regclass}),
	'0', 'and nobody else follows it');

# A function that was altered to run with other rights is run.
$node->safe_psql('postgres', q{
ALTER FUNCTION relnav.children(regclass, anycompatible, anyelement, text) SECURITY DEFINER});
my @counts = map { $node->safe_psql('postgres', "SET relnav.inline = $_; $mallory;"
	  . q{SELECT count(*) FROM relnav.children('open.customer', 1, NULL::open.orders)}) } qw(on off);
is("@counts", '2 2', 'what SECURITY DEFINER was added to means the same inlined and not');

done_testing();
