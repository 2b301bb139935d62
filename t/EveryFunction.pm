# Copyright (c) 2026, relnav developers

# Calls of every function of the extension, with answers that do not depend on
# where or when they are given: neither on OIDs nor on the order of rows.  Tests
# that compare two servers, two databases, or one before and after something,
# ask for them all.
#
# missing() says which of the extension's functions are without a call, so that
# a function that is added cannot be forgotten here.

package EveryFunction;

use strict;
use warnings;

use File::Basename qw(dirname);
use PostgreSQL::Test::Utils qw(slurp_file);

# What the demo does not have: keys of a partitioned table, views, and
# relationships that were declared or given another name, also of views.
my $more = q{
SET search_path = shop;
CREATE TABLE visit (id int, customer_id int REFERENCES customer, year int) PARTITION BY LIST (year);
CREATE TABLE visit_2025 PARTITION OF visit FOR VALUES IN (2025);
CREATE TABLE visit_2026 (year int, id int, customer_id int);
ALTER TABLE visit ATTACH PARTITION visit_2026 FOR VALUES IN (2026);
INSERT INTO visit SELECT i, 1 + i % 5, 2025 + i % 2 FROM generate_series(1, 20) i;
CREATE VIEW big_orders AS SELECT id AS no, customer_id AS buyer_no, status FROM orders WHERE id < 4;
CREATE MATERIALIZED VIEW sums AS SELECT customer_id, count(*) AS n FROM orders GROUP BY customer_id;
CREATE TABLE letter (no int, customer_email text, about text);
INSERT INTO letter SELECT i, email, 'no. ' || i FROM customer, generate_series(1, 2) i;
SELECT relnav.declare('letter', 'writer', '{customer_email}', 'customer', '{email}', inverse => 'letters');
SELECT relnav.declare('sums', 'whose', '{customer_id}', 'customer', '{id}', inverse => 'sum');
SELECT relnav.declare('big_orders', 'lines', '{no}', 'items', '{order_id}');
SELECT relnav.rename('orders', 'customer', 'buyer');
SELECT relnav.rename('customer', 'orders', 'bought');
SELECT relnav.rename('product', 'tag', 'labels');
};

# Those that are called by other functions, or by the server: where.
my %inner = (
	'relnav.navigation_support(internal)' => 'relnav.children(anyelement,anycompatible,text)',
	'relnav.tree_agg_transfn(internal,anyelement,text)' => 'relnav.tree_agg(anyelement,text)',
	'relnav.tree_agg_finalfn(internal)' => 'relnav.tree_agg(anyelement,text)',
	'relnav.declared_trigger()' =>
	  'relnav.declare(regclass,text,name[],regclass,name[],regclass,name[],name[],text,boolean)',
	'relnav.declared_truncate_trigger()' => 'relnav.undeclare(regclass,text)');

# The calls that only read.  Everything is in schema shop.
my @reads = (
	'relnav.relationships()' =>
	  q{SELECT source, name, full_name, kind, target, condition, constraints, inverse, required, repeats, validated, indexed, on_delete, origin FROM relnav.relationships()},
	'relnav.relationships(regclass)' =>
	  q{SELECT name, full_name, kind, target, source_columns, target_columns, association, association_source_columns, association_target_columns, inverse, origin FROM relnav.relationships('customer')},
	'relnav.describe(regclass)' =>
	  q{SELECT t, d.* FROM unnest('{orders,product,big_orders,sums,visit_2026}'::regclass[]) t, relnav.describe(t) d},
	'relnav.model(regnamespace)' => q{SELECT relnav.model('shop')},
	'relnav.query(regclass,text)' => q{SELECT relnav.query('customer', 'bought.items.product')},
	'relnav.query(regclass,anycompatible,text)' =>
	  q{SELECT relnav.query('orders', 1, 'buyer.letters')},
	'relnav.declaration_problem(relnav.declared)' =>
	  q{SELECT d.source, d.name, relnav.declaration_problem(d) FROM relnav.declared d ORDER BY 1::text, 2},
	'relnav.neighbors(anyelement)' =>
	  q{SELECT c.id, n.* FROM customer c, relnav.neighbors(c) n},
	'relnav.neighbors(regclass,anycompatible,integer)' =>
	  q{SELECT * FROM relnav.neighbors('customer', 1, 2)},
	'relnav.paths(regclass,regclass,integer,integer)' =>
	  q{SELECT * FROM relnav.paths('customer', 'supplier')},
	'relnav.delete_impact(anyelement)' =>
	  q{SELECT o.id, d.* FROM orders o, relnav.delete_impact(o) d},
	'relnav.delete_impact(regclass,anycompatible)' =>
	  q{SELECT * FROM relnav.delete_impact('employee', 2)},
	'relnav.check_choice(text,text,text[])' =>
	  q{SELECT relnav.check_choice('format', 'dot', '{mermaid,dot}')},
	'relnav.lint()' => q{SELECT * FROM relnav.lint()},
	'relnav.lint(regnamespace)' => q{SELECT * FROM relnav.lint('shop')},
	'relnav.draw(regclass[],regnamespace,text,boolean,regclass)' =>
	  q{SELECT relnav.draw('{orders,customer,items}', 'shop', 'dot', true, 'orders')},
	'relnav.diagram(regnamespace,text,boolean)' => q{SELECT relnav.diagram('shop')},
	'relnav.diagram_around(regclass,integer,text,boolean)' =>
	  q{SELECT relnav.diagram_around('product', 1, 'dot', true)},
	'relnav.accessors(regnamespace,text)' => q{SELECT * FROM relnav.accessors('shop')},
	'relnav.parent(anyelement,anycompatible,text)' =>
	  q{SELECT o.id, c.* FROM orders o, relnav.parent(o, NULL::customer, 'buyer') c},
	'relnav.parent(regclass,anycompatible,anyelement,text)' =>
	  q{SELECT * FROM relnav.parent('orders', 3, NULL::address, 'shipping_address')},
	'relnav.children(anyelement,anycompatible,text)' =>
	  q{SELECT c.id, v.* FROM customer c, relnav.children(c, NULL::visit) v},
	'relnav.children(regclass,anycompatible,anyelement,text)' =>
	  q{SELECT * FROM relnav.children('customer', 1, NULL::letter)},
	'relnav.associated(anyelement,anycompatible,text)' =>
	  q{SELECT p.name, t.name FROM product p, relnav.associated(p, NULL::tag) t},
	'relnav.associated(regclass,anycompatible,anyelement,text)' =>
	  q{SELECT * FROM relnav.associated('product', 2, NULL::supplier)},
	'relnav.related(anyelement,anycompatible,text)' =>
	  q{SELECT b.no, p.name FROM big_orders b, relnav.related(b, NULL::product, 'lines.product') p},
	'relnav.related(regclass,anycompatible,anyelement,text)' =>
	  q{SELECT * FROM relnav.related('customer', 1, NULL::supplier, 'bought.items.product.supplier')},
	'relnav.descendants(anyelement,text,integer)' =>
	  q{SELECT e.id, (d.node).name, d.depth FROM employee e, relnav.descendants(e) d},
	'relnav.descendants(regclass,anycompatible,anyelement,text,integer)' =>
	  q{SELECT (node).id, depth FROM relnav.descendants('employee', 1, NULL::employee, max_depth => 1)},
	'relnav.ancestors(anyelement,text,integer)' =>
	  q{SELECT e.id, (a.node).name, a.depth FROM employee e, relnav.ancestors(e) a},
	'relnav.ancestors(regclass,anycompatible,anyelement,text,integer)' =>
	  q{SELECT (node).id, depth FROM relnav.ancestors('employee', 5, NULL::employee)},
	'relnav.tree(anyelement,text)' =>
	  q{SELECT relnav.tree(e, 'name, employee_by_manager(name order by name depth 3)') FROM employee e},
	'relnav.tree(regclass,anycompatible,text)' =>
	  q{SELECT relnav.tree('customer', 1, 'name, bought(id, items(quantity, product.name order by line_no) where status <> ''new'' order by id limit 2), letters(about order by no), count(visit)')},
	'relnav.trees(regclass,anycompatiblearray,text)' =>
	  q{SELECT relnav.trees('product', '{3,1,99}'::int[], 'name, labels(name order by name)')},
	'relnav.tree_agg(anyelement,text)' =>
	  q{SELECT relnav.tree_agg(b, 'no, lines(product.name order by line_no)' ORDER BY b.no) FROM big_orders b});

# The calls that write, each with what takes it back.
my @writes = (
	'relnav.declare(regclass,text,name[],regclass,name[],regclass,name[],name[],text,boolean)' =>
	  q{SELECT relnav.declare('letter', 'order', '{no}', 'orders', '{id}')},
	'relnav.rename(regclass,text,text)' => q{SELECT relnav.rename('items', 'product', 'article')},
	'relnav.undeclare(regclass,text)' => q{SELECT relnav.undeclare('sums', 'whose')});

my %reads = @reads;
my %writes = @writes;

# Makes the tables and the extension in a database that has neither.
sub load
{
	my ($node, $database) = @_;

	$node->safe_psql($database,
		"CREATE EXTENSION relnav;\n" . slurp_file(dirname(__FILE__) . '/../demo/shop.sql'));
	$node->safe_psql($database, $more);
	return;
}

# The functions that only read, and what is asked of one.
sub reading { return grep { exists $reads{$_} } @reads; }
sub call { my ($function) = @_; return $reads{$function} // $writes{$function}; }

# The functions that write.
sub writing { return grep { exists $writes{$_} } @writes; }

# All functions of the extension, as the server has them.
sub all
{
	my ($node, $database) = @_;
	my @functions = split /\n/, $node->safe_psql(
		$database, q{
SET search_path = pg_catalog;
SELECT d.objid::regprocedure
  FROM pg_depend d JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
 WHERE e.extname = 'relnav' AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e'});

	die 'the extension has no functions' unless @functions;
	return @functions;
}

# Those that a statement can call.
sub callable
{
	my ($node, $database) = @_;

	return grep { !exists $inner{$_} } all($node, $database);
}

# Those that nothing here calls.
sub missing
{
	my ($node, $database) = @_;

	return grep { !exists $reads{ $inner{$_} // $_ } && !exists $writes{ $inner{$_} // $_ } } all($node, $database);
}

# One statement that gives a function's answer, its rows in a fixed order.
sub statement
{
	my ($function) = @_;

	return "SELECT x::text FROM ($reads{$function}) x ORDER BY x::text COLLATE \"C\"";
}

# The answers of all, one after the other, after some statements of the
# caller's: a hash.
sub answers
{
	my ($node, $database, $before, %params) = @_;
	my @functions = reading();
	my $sql = "SET search_path = shop;\n" . ($before // '') . "\n";
	my %answers;

	$sql .= "\\echo =====\n" . statement($_) . ";\n" foreach @functions;
	my (undef, @texts) = split /^=====\n/m, $node->safe_psql($database, $sql, %params) . "\n";
	@answers{@functions} = @texts;
	return \%answers;
}

# The same in a session that goes on (BackgroundPsql), where each question is
# prepared, once.
sub prepare
{
	my ($session, $before) = @_;
	my @functions = reading();

	$session->query_safe("SET search_path = shop; $before");
	$session->query_safe("PREPARE question_$_ AS " . statement($functions[$_])) foreach 0 .. $#functions;
	return;
}

# Their answers, as of answers(), and what errors there were.
sub execute
{
	my ($session) = @_;
	my @functions = reading();
	my %answers;

	my $out = $session->query(join "\n", map { "\\echo =====\nEXECUTE question_$_;" } 0 .. $#functions);
	my $errors = $session->{stderr};
	$session->{stderr} = '';
	my (undef, @texts) = split /^=====\n/m, "$out\n", -1;
	@answers{@functions} = @texts;
	return (\%answers, grep { /ERROR|WARNING|FATAL/ } split /\n/, $errors);
}

# Functions whose answers are not the same.
sub differing
{
	my ($one, $other) = @_;

	return grep { ($one->{$_} // '?') ne ($other->{$_} // '!') } reading();
}

1;
