# Copyright (c) 2026, relnav developers

# What a role must not see makes no difference to what it is shown.
#
# Two databases are the same but for what is hidden from a role: rows by
# policies, or columns that are not granted.  Every function of the extension
# must say the same in both, to the letter: rows, errors with their details,
# notices of a function of the role's own, and the row estimates of EXPLAIN.
# A superuser is told different things, by every function that reads rows, so
# what is compared does depend on what is hidden.

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
$node->append_conf('postgresql.conf', "session_preload_libraries = 'relnav'\njit = off\nautovacuum = off\n");
$node->start;

$node->safe_psql('postgres', 'CREATE DATABASE shop');
EveryFunction::load($node, 'shop');
is(join(' ', EveryFunction::missing($node, 'shop')), '', 'there is a call of every function');
my @functions = EveryFunction::reading();

# These read catalogs and no rows.
my @catalog_only = map { "relnav.$_" } (
	'relationships()', 'relationships(regclass)', 'describe(regclass)', 'model(regnamespace)',
	'query(regclass,text)', 'query(regclass,anycompatible,text)',
	'declaration_problem(relnav.declared)', 'paths(regclass,regclass,integer,integer)',
	'check_choice(text,text,text[])', 'lint()', 'lint(regnamespace)',
	'draw(regclass[],regnamespace,text,boolean,regclass)', 'diagram(regnamespace,text,boolean)',
	'diagram_around(regclass,integer,text,boolean)', 'accessors(regnamespace,text)');
my %reads_rows = map { $_ => 1 } @functions;
delete @reads_rows{@catalog_only};
my @readers = grep { $reads_rows{$_} } @functions;


# ----- The two worlds --------------------------------------------------------

# Every table gets a column that says which rows are hidden, and one that is
# not granted; so are two foreign keys.
#
# regress_relnav_rows     all columns, but not the hidden rows
# regress_relnav_columns  all rows, but not the hidden columns
# regress_relnav_nothing  USAGE on the schema, and no table
# regress_relnav_outside  all tables, but not the schema
$node->safe_psql('shop', q{
CREATE ROLE regress_relnav_rows;
CREATE ROLE regress_relnav_columns;
CREATE ROLE regress_relnav_nothing;
CREATE ROLE regress_relnav_outside;
SET search_path = shop;
ALTER VIEW big_orders SET (security_invoker);
DO $do$
DECLARE
	t regclass;
	columns text;
BEGIN
	FOR t IN SELECT oid FROM pg_class WHERE relnamespace = 'shop'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
	LOOP
		EXECUTE format('ALTER TABLE %s ADD hidden bool, ADD secret text', t);
		EXECUTE format('UPDATE %s x SET hidden = n %% 2 = 0, secret = n FROM (SELECT tableoid, ctid, row_number() OVER (ORDER BY y::text) AS n FROM %1$s y) y
						 WHERE (x.tableoid, x.ctid) = (y.tableoid, y.ctid)', t);
	END LOOP;
	FOR t IN SELECT oid FROM pg_class WHERE relnamespace = 'shop'::regnamespace AND relkind IN ('r', 'p')
	LOOP
		EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', t);
		EXECUTE format('CREATE POLICY few ON %s TO regress_relnav_rows USING (NOT hidden)', t);
		EXECUTE format('GRANT SELECT ON %s TO regress_relnav_rows, regress_relnav_outside', t);
		SELECT string_agg(quote_ident(attname), ', ') INTO columns FROM pg_attribute
		 WHERE attrelid = t AND attnum > 0 AND NOT attisdropped AND attname NOT IN ('secret', 'salesperson_id')
		   AND (attname <> 'order_id' OR t <> 'payment'::regclass);
		EXECUTE format('GRANT SELECT (%s) ON %s TO regress_relnav_columns', columns, t);
	END LOOP;
END $do$;
GRANT SELECT ON big_orders, sums TO regress_relnav_rows, regress_relnav_columns, regress_relnav_outside;
GRANT USAGE ON SCHEMA shop TO regress_relnav_rows, regress_relnav_columns, regress_relnav_nothing;

-- a function of theirs that is cheap enough to be called before any condition
CREATE SCHEMA own;
GRANT USAGE ON SCHEMA own TO PUBLIC;
CREATE FUNCTION own.leak(text) RETURNS bool LANGUAGE plpgsql COST 0.0000001 AS
	$$ BEGIN RAISE NOTICE 'leaked %', $1; RETURN true; END $$;
});
my $number = 0;
$node->safe_psql('shop', "CREATE SCHEMA calls; GRANT USAGE ON SCHEMA calls TO PUBLIC; SET search_path = shop;\n"
	  . join("\n", map {
		my $statement = EveryFunction::statement($_);
		$number++;
		"CREATE FUNCTION calls.call$number() RETURNS SETOF text LANGUAGE sql BEGIN ATOMIC $statement; END;\n"
		  . "CREATE FUNCTION calls.lent$number() RETURNS SETOF text LANGUAGE sql SECURITY DEFINER SET search_path = shop BEGIN ATOMIC $statement; END;\n"
		  . "CREATE VIEW calls.view$number AS $statement;\nGRANT SELECT ON calls.view$number TO PUBLIC;"
	} @functions));
$node->safe_psql('postgres', "CREATE DATABASE $_ TEMPLATE shop") foreach qw(other_rows plain);

# Where it is not about rows there are no policies: a plan that has some is
# never used for two roles.
$node->safe_psql('plain', q{
SET search_path = shop;
DO $do$
DECLARE
	t regclass;
BEGIN
	FOR t IN SELECT oid FROM pg_class WHERE relnamespace = 'shop'::regnamespace AND relkind IN ('r', 'p')
	LOOP
		EXECUTE format('DROP POLICY few ON %s', t);
		EXECUTE format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY', t);
	END LOOP;
END $do$;
});
$node->safe_psql('postgres', 'CREATE DATABASE other_columns TEMPLATE plain');

# The hidden rows are others, with the same keys but in association tables.
$node->safe_psql('other_rows', q{
SET search_path = shop;
SET session_replication_role = replica;
DO $do$
DECLARE
	c record;
BEGIN
	FOR c IN SELECT attrelid::regclass AS t, attname, atttypid::regtype::text AS type FROM pg_attribute
			  WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'shop'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition)
				AND attnum > 0 AND attname NOT IN ('id', 'no', 'hidden', 'year')
				AND NOT EXISTS (SELECT FROM pg_index WHERE indrelid = attrelid AND indisprimary AND attnum = ANY (indkey))
	LOOP
		EXECUTE format('UPDATE %s SET %I = %s WHERE hidden', c.t, c.attname,
			replace(CASE c.type WHEN 'text' THEN 'reverse(@)' WHEN 'integer' THEN 'coalesce(@ % 3, 0) + 1' ELSE '@ + 1' END,
					'@', quote_ident(c.attname)));
	END LOOP;
	-- some of the keys are null, which statistics tell
	UPDATE visit SET customer_id = NULL WHERE hidden;
	UPDATE letter SET customer_email = NULL WHERE hidden;
	FOR c IN SELECT * FROM product_tag WHERE hidden
	LOOP
		UPDATE product_tag SET tag_id = (SELECT min(id) FROM tag WHERE id NOT IN (SELECT tag_id FROM product_tag WHERE product_id = c.product_id))
		 WHERE product_id = c.product_id AND tag_id = c.tag_id;
	END LOOP;
	FOR c IN SELECT * FROM offer WHERE hidden
	LOOP
		UPDATE offer SET supplier_id = (SELECT min(id) FROM supplier WHERE id NOT IN (SELECT supplier_id FROM offer WHERE product_id = c.product_id))
		 WHERE product_id = c.product_id AND supplier_id = c.supplier_id;
	END LOOP;
END $do$;
});

# The hidden columns have other values, and nulls.
$node->safe_psql('other_columns', q{
SET search_path = shop;
DO $do$
DECLARE
	t regclass;
BEGIN
	FOR t IN SELECT oid FROM pg_class WHERE relnamespace = 'shop'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
	LOOP
		EXECUTE format('UPDATE %s SET secret = CASE WHEN hidden THEN ''other'' END', t);
	END LOOP;
	UPDATE orders SET salesperson_id = CASE WHEN salesperson_id = 4 THEN 6 WHEN salesperson_id IS NULL THEN 2 END;
	UPDATE payment SET order_id = order_id % 3 + 1;
END $do$;
});
$node->safe_psql($_, 'VACUUM (FULL, ANALYZE)') foreach qw(shop other_rows plain other_columns);


# ----- Asking ----------------------------------------------------------------

# What each statement writes, to stdout and then to stderr, in one session after
# some statements: a list.
sub ask
{
	my ($database, $before, @statements) = @_;
	my ($status, $out, $err) = $node->psql($database,
		"SET search_path = shop;\nSET client_min_messages = notice;\n$before;\n"
		  . join("\n", map { "\\echo =====\n\\warn =====\n$_;" } @statements),
		on_error_stop => 0);
	my (undef, @out) = split /^=====$/m, $out, -1;
	my (undef, @err) = split /^=====$/m, $err, -1;

	die 'not as many answers as statements' unless @out == @statements && @err == @statements;
	return map { $out[$_] =~ s/\n+\z//r . $err[$_] =~ s/\n+\z//r } 0 .. $#statements;
}

# The functions at which two lists are not the same.
sub differing
{
	my ($one, $other) = @_;

	return join ' ', map { $functions[$_] } grep { ($one->[$_] // '?') ne ($other->[$_] // '!') } 0 .. $#functions;
}

# The functions that are refused, from a list of answers.
sub refused
{
	my (@answers) = @_;

	return join ' ', map { $functions[$_] } grep { $answers[$_] =~ /ERROR:  permission denied for/ } 0 .. $#functions;
}

my @statements = map { EveryFunction::statement($_) } @functions;
my @leaking = map { 'SELECT x::text FROM (' . EveryFunction::call($_) . ') x WHERE own.leak(x::text)' } @functions;
my @explained = map { "EXPLAIN $_" } @statements;

# A superuser is told what is hidden.
my %superuser = map { $_ => [ ask($_, 'SELECT', @statements) ] } qw(shop other_rows plain other_columns);
is(differing($superuser{shop}, $superuser{other_rows}), join(' ', @readers), 'what reads rows tells a superuser of the hidden rows');
isnt(differing($superuser{plain}, $superuser{other_columns}), '', 'and of the hidden columns');
is(differing($superuser{shop}, $superuser{plain}), '', 'a superuser is not bound by policies');

# When a superuser has made the plans: relnav's, and the server's.
my $warm = join(";\n", map { ("SET relnav.inline = $_", @statements) } qw(on off));
my $prepare = "SET plan_cache_mode = force_generic_plan;\n"
  . join(";\n", map { ("PREPARE p$_ AS $statements[$_]", "EXECUTE p$_") } 0 .. $#functions);
my @executed = map { "EXECUTE p$_" } 0 .. $#functions;

# What is refused, to those who are refused anything.
my %refused = (
	rows => '',
	columns => join(' ', grep { $_ !~ /^relnav\.(?:neighbors|tree|trees)\(regclass|tree_agg/ } @readers),
	nothing => join(' ', grep { $_ !~ /^relnav\.neighbors\(regclass/ } @readers));

foreach my $world (
	[ 'rows', 'shop', 'other_rows' ],
	[ 'columns', 'plain', 'other_columns' ],
	[ 'nothing', 'plain', 'other_columns' ],
	[ 'nothing', 'shop', 'other_rows' ])
{
	my ($who, $one, $other) = @$world;
	my $role = "regress_relnav_$who";

	foreach my $way (
		[ 'inlined', "SET SESSION AUTHORIZATION $role", @statements ],
		[ 'run', "SET relnav.inline = off; SET SESSION AUTHORIZATION $role", @statements ],
		[ 'with plans of a superuser', "$warm;\nSET ROLE $role", @statements ],
		[ 'prepared by a superuser', "$prepare;\nSET ROLE $role", @executed ],
		[ 'prepared by a superuser, and run', "SET relnav.inline = off;\n$prepare;\nSET ROLE $role", @executed ],
		[ 'told to a function', "SET SESSION AUTHORIZATION $role", @leaking ],
		[ 'run, and told to a function', "SET relnav.inline = off; SET SESSION AUTHORIZATION $role", @leaking ],
		[ 'explained', "SET relnav.inline = off; SET SESSION AUTHORIZATION $role", @explained ])
	{
		my ($how, $before, @asked) = @$way;
		my @here = ask($one, $before, @asked);
		my @there = ask($other, $before, @asked);

		is(differing(\@here, \@there), '', "$who, $other, $how: every function says the same");
		is(refused(@here), $refused{$who}, "$who, $how: what is refused") unless $how eq 'explained';
	}
}


# ----- Through what is somebody else's ---------------------------------------

my @called = map { "SELECT * FROM calls.call$_()" } 1 .. $number;
my @lent = map { "SELECT * FROM calls.lent$_()" } 1 .. $number;
my @viewed = map { "SELECT * FROM calls.view$_" } 1 .. $number;
my $by_key_and_row = join ' ', grep { !/neighbors/ } @readers;
foreach my $inline (qw(on off))
{
	my $before = "SET relnav.inline = $inline; SET SESSION AUTHORIZATION regress_relnav";
	my @answers;

	# What was looked up when a function was created needs no USAGE on its
	# schema; what relnav names does, whoever made the plan.  (The path is such
	# that the server does not plan again for another role by itself.)
	my $path = "SET search_path = pg_catalog; SET relnav.inline = $inline";
	is(refused(ask('plain', "$path; SET SESSION AUTHORIZATION regress_relnav_outside", @called)),
		$by_key_and_row, "inline $inline: what is refused without USAGE");
	is(refused(ask('plain', "$path;\n" . join(";\n", @called) . ";\nSET ROLE regress_relnav_outside", @called)),
		$by_key_and_row, "inline $inline: what is refused without USAGE after a superuser");

	# A SECURITY DEFINER function lends the rights of its owner, and only inside.
	@answers = ask('plain', "${before}_nothing", @lent, @statements);
	is(differing([ @answers[0 .. $#functions] ], $superuser{plain}), '', "inline $inline: what a function lends is its owner's");
	is(refused(@answers[$#functions + 1 .. $#answers]), $refused{nothing}, 'and is refused outside of it');

	# A view reads its tables with the rights of its owner.  A function in it
	# has those of who asks.
	is(refused(ask('plain', "${before}_nothing", @viewed)), $by_key_and_row, "inline $inline: what is refused in views of a superuser");
}

done_testing();
