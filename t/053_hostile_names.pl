# Copyright (c) 2026, relnav developers

# Names that would end the place where they stand if they were not quoted, as
# the names of a schema, of tables, columns, constraints, collations, declared
# relationships and keys at once.  Every function of the extension says the same
# as with a name that needs no quotes.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use FindBin;
use lib $FindBin::RealBin;
use EveryFunction;

my @hostile = (
	'double"quote', q{"}, "single'quote", 'back\\slash', "b\\'", 'a.b.c', "line\nbreak", "cr\rreturn", '$$', '$1', '$x$',
	'-- comment', '/* comment', '*/', '"; DROP TABLE public.victim; --', "'; DROP TABLE public.victim; --",
	'%s%n%I%1$s', 'select', 'count', 'where', ':name', "\xd0\x96" x 31, 'x' . "\xd0\x96" x 31, '"' x 63,
	' ', ' (id)', 'U&"\\0041"', 'h0', 'tab	', '\\! touch x', '#{}', '<b>', '{}', 'a, b', '*', 'NULL', ')', 'Camel');

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--no-locale', '--encoding=UTF8' ]);
$node->append_conf('postgresql.conf', "session_preload_libraries = 'relnav'\njit = off\n");
$node->start;
my $version = $node->safe_psql('postgres', 'SHOW server_version_num');

# What a call ends in: an error's code, or nothing.
$node->safe_psql('postgres', q{
CREATE EXTENSION relnav;
CREATE TABLE public.victim (id int);
CREATE FUNCTION public.state(statement text, VARIADIC args text[]) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement USING args[1], args[2];
	RETURN '';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE;
END $$});

# What is written for {name} and the like: a name as an identifier, and with '
# after it as a literal.
my $tables = q{
CREATE SCHEMA {name};
CREATE TABLE {t} ({name} int PRIMARY KEY, up int CONSTRAINT {name} REFERENCES {t}, v text);
CREATE TABLE {child} (id int PRIMARY KEY, {name} int CONSTRAINT {name} REFERENCES {t} ON DELETE CASCADE);
CREATE TABLE {other} (id int PRIMARY KEY, v text);
CREATE TABLE {assoc} ({name} int REFERENCES {t}, other int REFERENCES {other}, PRIMARY KEY ({name}, other));
INSERT INTO {t} VALUES (1, NULL, 'one'), (2, 1, 'two');
INSERT INTO {child} VALUES (10, 1), (11, 2);
INSERT INTO {other} VALUES (5, 'five');
INSERT INTO {assoc} VALUES (1, 5);
-- what is compared is called so, too
CREATE COLLATION {name}.{name} (locale = 'C');
CREATE TYPE {name}.mood AS ENUM ({name'});
CREATE DOMAIN {name}.word AS text COLLATE {name}.{name};
CREATE TABLE {keyed} (k {name}.word PRIMARY KEY, m {name}.mood UNIQUE);
CREATE TABLE {lock} (id int PRIMARY KEY, k {name}.word CONSTRAINT {name} REFERENCES {keyed}, m {name}.mood REFERENCES {keyed} (m));
INSERT INTO {keyed} VALUES ({name'}, {name'});
INSERT INTO {lock} VALUES (20, {name'}, {name'});
SELECT relnav.declare({other'}, {name'}, '{id}', {t'}, ARRAY[{name'}]::name[], inverse => 'backwards');
SELECT relnav.rename({keyed'}, 'lock_by_keyed', {name'});
};

# Tree and condition: keys and values of this name.
my $spec = q{{name}, up, v, child({name} order by {name}), "x": child({name} where {name} = 1), other_via_assoc(v)};
my @calls = (
	'children(anyelement,anycompatible,text)' =>
	  q{SELECT t.v, c.id FROM {t} t, relnav.children(t, NULL::{child}) c ORDER BY 2;
		SELECT l.id FROM {keyed} y, relnav.children(y, NULL::{lock}, {name"'}) l},
	'children(regclass,anycompatible,anyelement,text)' =>
	  q{SELECT c.id FROM relnav.children({t'}, 1, NULL::{child}, {name"'}) c;
		SELECT l.id FROM relnav.children({keyed'}, {name'}, NULL::{lock}, {name"'}) l;
		SELECT l.id FROM relnav.children({keyed'}, {name'}, NULL::{lock}, 'm') l},
	'parent(anyelement,anycompatible,text)' =>
	  q{SELECT c.id, p.v FROM {child} c, relnav.parent(c, NULL::{t}, {name"'}) p ORDER BY 1},
	'parent(regclass,anycompatible,anyelement,text)' =>
	  q{SELECT p.v FROM relnav.parent({child'}, 10, NULL::{t}) p},
	'associated(anyelement,anycompatible,text)' =>
	  q{SELECT t.v, o.v FROM {t} t, relnav.associated(t, NULL::{other}, 'assoc') o},
	'associated(regclass,anycompatible,anyelement,text)' =>
	  q{SELECT o.v FROM relnav.associated({t'}, '1', NULL::{other}, 'assoc') o},
	'related(anyelement,anycompatible,text)' =>
	  q{SELECT c.id, o.v FROM {child} c, relnav.related(c, NULL::{other}, {name.assoc.other'}) o;
		SELECT t.v FROM {other} o, relnav.related(o, NULL::{t}, {name"'}) t},
	'related(regclass,anycompatible,anyelement,text)' =>
	  q{SELECT o.v FROM relnav.related({child'}, 10, NULL::{other}, {name.assoc.other'}) o},
	'descendants(anyelement,text,integer)' => q{SELECT t.v, (d.node).v, depth FROM {t} t, relnav.descendants(t) d},
	'descendants(regclass,anycompatible,anyelement,text,integer)' =>
	  q{SELECT (d.node).v, depth FROM relnav.descendants({t'}, 1, NULL::{t}, 'up') d},
	'ancestors(anyelement,text,integer)' => q{SELECT t.v, (d.node).v, depth FROM {t} t, relnav.ancestors(t) d},
	'ancestors(regclass,anycompatible,anyelement,text,integer)' =>
	  q{SELECT (d.node).v, depth FROM relnav.ancestors({t'}, 2, NULL::{t}, 'up') d},

	# json, without the keys that are called so
	'tree(regclass,anycompatible,text)' =>
	  q{SELECT x -> {name'}, x -> 'up', x -> 'v', x -> 'child' -> 0 -> {name'}, x -> 'x' -> 0 -> {name'}, x -> 'other_via_assoc'
		  FROM CAST(relnav.tree({t'}, 1, {spec'}) AS json) x;
		SELECT x ->> 'k' = {name'}, x -> 'lock' FROM CAST(relnav.tree({keyed'}, {name'},
			'k, lock: ' || {name"'} || format('(id where m = %L)', {name'})) AS jsonb) x},
	'tree(anyelement,text)' => q{SELECT count(*), min(relnav.tree(t, {spec'}) ->> {name'}) FROM {t} t},
	'trees(regclass,anycompatiblearray,text)' =>
	  q{SELECT x -> {name'}, x -> 'child' -> 0 -> {name'} FROM relnav.trees({t'}, '{2,1}'::int[], {spec'}) x},
	'tree_agg(anyelement,text)' => q{SELECT relnav.tree_agg(t, {spec'} ORDER BY t.up NULLS FIRST) -> 1 -> {name'} FROM {t} t},

	# what there is: as much as with other names
	'neighbors(anyelement)' => q{SELECT t.v, count(*), sum(n.rows) FROM {t} t, relnav.neighbors(t) n GROUP BY 1 ORDER BY 1},
	'neighbors(regclass,anycompatible,integer)' =>
	  q{SELECT count(*), sum(rows), count(*) FILTER (WHERE name = {name'}) FROM relnav.neighbors({keyed'}, {name'})},
	'delete_impact(regclass,anycompatible)' => q{SELECT count(*), sum(rows) FROM relnav.delete_impact({t'}, 1);
		SELECT count(*), sum(rows) FROM relnav.delete_impact({keyed'}, {name'})},
	'delete_impact(anyelement)' => q{SELECT t.v, d.action, d.rows, d.constraint_name = {name'} FROM {t} t, relnav.delete_impact(t) d ORDER BY 1, 2, 3},
	'paths(regclass,regclass,integer,integer)' => q{SELECT count(*), min(hops) FROM relnav.paths({child'}, {other'});
		SELECT relnav.query({child'}, path) IS NOT NULL FROM relnav.paths({child'}, {other'})},
	'describe(regclass)' => q{SELECT count(*) FROM relnav.describe({t'})},
	'relationships(regclass)' =>
	  q{SELECT count(*), count(DISTINCT name) FROM relnav.relationships({t'});
		SELECT kind, source_columns = ARRAY[{name'}]::name[], constraints = ARRAY[{name'}]::name[] FROM relnav.relationships({child'})},
	'relationships()' => q{SELECT count(*) FROM relnav.relationships() WHERE source = {t'}::regclass},
	'model(regnamespace)' => q{SELECT m ->> 'schema' = {name'}, json_array_length(m -> 'tables') FROM relnav.model({name"'}) m},
	'lint(regnamespace)' => q{SELECT finding, count(*) FROM relnav.lint({name"'}) GROUP BY 1 ORDER BY 1;
		BEGIN; SELECT suggestion FROM relnav.lint({name"'}) \gexec
		SELECT count(*) FROM relnav.lint({name"'}); ROLLBACK},
	'lint()' => q{SELECT count(*) FROM relnav.lint() WHERE target = {t'}::regclass},
	'diagram(regnamespace,text,boolean)' => q{SELECT count(*) FROM regexp_matches(relnav.diagram({name"'}), '\n', 'g')},
	'diagram_around(regclass,integer,text,boolean)' =>
	  q{SELECT length(relnav.diagram_around({t'}, 2, 'dot', true)) > 100},
	'draw(regclass[],regnamespace,text,boolean,regclass)' =>
	  q{SELECT length(relnav.draw(ARRAY[{t'}, {child'}]::regclass[], {name"'}, 'dot', false, {t'})) > 100},
	'declaration_problem(relnav.declared)' =>
	  q{SELECT count(*), count(relnav.declaration_problem(d)) FROM relnav.declared d WHERE name = {name'}},
	'check_choice(text,text,text[])' => q{SELECT relnav.check_choice({name'}, {name'}, ARRAY[{name'}]) = {name'};
		SELECT public.state('SELECT relnav.check_choice($1, $2, ''{x}'')', {name'}, {name'})},

	# statements that are written for others to run
	'query(regclass,anycompatible,text)' => q{SELECT relnav.query({t'}, 1, 'child') \gexec
		SELECT relnav.query({child'}, 10, {name"'}) \gexec
		SELECT count(*), sum(length(q)) > 0 FROM relnav.query({keyed'}, {name'}, {name"'}) q;
		SELECT format('SELECT count(*) FROM (%s) x', rtrim(relnav.query({keyed'}, {name'}, {name"'}), ';')) \gexec
		SELECT format('SELECT count(*) FROM (%s) x', rtrim(relnav.query({keyed'}, {name'}, 'm'), ';')) \gexec
		SELECT public.state('SELECT relnav.query(''victim'', $1, $2)', {name'}, {name'}) <> ''},
	'query(regclass,text)' => q{SELECT length(relnav.query({t'}, 'child.' || {name"'})) > 0},
	'accessors(regnamespace,text)' => q{SELECT count(*) FROM relnav.accessors({name"'});
		BEGIN; SELECT * FROM relnav.accessors({name"'}) \gexec
		SELECT count(*) > 5 FROM pg_proc WHERE pronamespace = {name"'}::regnamespace; ROLLBACK},

	# declared, and taken back
	'declare(regclass,text,name[],regclass,name[],regclass,name[],name[],text,boolean)' =>
	  q{BEGIN; SELECT relnav.declare({child'}, 'new ' || left({name'}, 10), ARRAY[{name'}]::name[], {other'}, '{id}', {assoc'}, ARRAY[{name'}]::name[], ARRAY['other']::name[], left({name'}, 10) || ' back');
		SELECT o.v FROM relnav.related({child'}, 10, NULL::{other}, quote_ident('new ' || left({name'}, 10))) o; ROLLBACK},
	'rename(regclass,text,text)' => q{BEGIN; SELECT relnav.rename({t'}, 'child', 'of ' || left({name'}, 10));
		SELECT c.id FROM relnav.related({t'}, 1, NULL::{child}, quote_ident('of ' || left({name'}, 10))) c; ROLLBACK},
	'undeclare(regclass,text)' => q{BEGIN; SELECT relnav.undeclare({other'}, {name'});
		SELECT count(*) FROM relnav.relationships({other'}) WHERE name = {name'}; ROLLBACK});

my %calls = @calls;
is( join(' ', grep { !$calls{s/^relnav\.//r} } EveryFunction::callable($node, 'postgres')),
	'', 'there is a call of every function');

sub ident { my ($s) = @_; return '"' . $s =~ s/"/""/gr . '"'; }
sub literal { my ($s) = @_; return q{E'} . $s =~ s/'/''/gr =~ s/\\/\\\\/gr . q{'}; }

# A text with the names in it.
sub fill
{
	my ($text, $name) = @_;
	my $nsp = ident($name);
	my %value = (
		'name' => $nsp,
		"name'" => literal($name),
		q{name"'} => literal($nsp),
		q{name.assoc.other'} => literal("$nsp.assoc.other"),
		"spec'" => literal($spec =~ s/\{name\}/$nsp/gr),
		't' => "$nsp.$nsp",
		"t'" => literal("$nsp.$nsp"));

	foreach my $table (qw(child other assoc keyed lock))
	{
		$value{$table} = "$nsp.$table";
		$value{"$table'"} = literal("$nsp.$table");
	}
	return $text =~ s/\{([a-z.]+"?'?)\}/$value{$1} \/\/ "{$1}"/ger;
}

# What all calls answer, by function, after some settings.
sub answers
{
	my ($name, $settings) = @_;
	my @functions = grep { exists $calls{$_} } @calls;
	my ($status, $out, $err) = $node->psql('postgres',
		"$settings;\n"
		  . join("\n", map { "\\echo =====\n" . (fill($calls{$_}, $name) =~ s/\\gexec\s*\z/\\gexec\n/r) . ($calls{$_} =~ /\\gexec\s*\z/ ? '' : ';') } @functions));
	my (undef, @texts) = split /^=====$/m, $out, -1;

	return ($err, map { $functions[$_] => $texts[$_] =~ s/\n+\z//r } 0 .. $#texts);
}

my @settings = ('SELECT', 'SET quote_all_identifiers = on; SET relnav.inline = off');
push @settings, 'SET standard_conforming_strings = off; SET escape_string_warning = off' if $version < 190000;
$node->safe_psql('postgres', fill($tables, 'plain'));
my ($complaint, %plain) = answers('plain', 'SELECT');
is($complaint, '', 'a plain name: no error');
is(join(' ', grep { ($plain{$_} // '') eq '' } keys %calls), '', 'and there are answers');
foreach my $name (@hostile)
{
	my $shown = $name =~ s/[^ -~]/?/gr;

	$node->safe_psql('postgres', fill($tables, $name));
	foreach my $setting (@settings)
	{
		my ($err, %answers) = answers($name, $setting);

		is($err, '', "name $shown, $setting: no error");
		is( join(' ', grep { ($answers{$_} // '?') ne $plain{$_} } sort keys %plain),
			'', "name $shown, $setting: the same as with a plain name");
	}
	$node->safe_psql('postgres', 'DROP SCHEMA ' . ident($name) . ' CASCADE');
}
is($node->safe_psql('postgres', 'SELECT count(*) FROM public.victim'), '0', 'the victim is alive');

done_testing();
