# Copyright (c) 2026, relnav developers

# Random calls of every function of the extension, over random schemas.  A call
# gives rows, or an error that is not internal: no SQLSTATE of class XX, no
# crash, no failed assertion, no warning of something that was not closed.
#
#   RELNAV_FUZZ_SEED      where to begin; the default is fixed
#   RELNAV_RANDOM_CALLS   how many calls; the default is a short run
#
# The functions and their arguments are those of the catalog, so none can be
# forgotten.  Most arguments fit together: a row of a table, a path from it, a
# row of where that leads.  Some are odd: nulls, other types, names of nothing,
# of views, partitions, sequences and foreign tables, huge numbers, texts that
# end in the middle.  The calls stand in select lists, in FROM and below EXISTS,
# in prepared statements, cursors, views, functions and blocks that catch
# errors.  Between them tables change, for good or until a rollback, and so do
# declarations, settings and roles.
#
# Each schema has a seed of its own, the first RELNAV_FUZZ_SEED, the next one
# more, and serves CALLS_PER_SCHEMA calls in one session.  So RELNAV_FUZZ_SEED
# with the seed of a failure, and no RELNAV_RANDOM_CALLS beyond its number, finds
# it again.

use strict;
use warnings;

use PostgreSQL::Test::Utils;
use Test::More;

use FindBin;
use lib $FindBin::RealBin;
use FuzzSchema;

use constant CALLS_PER_SCHEMA => 100;
use constant MAX_SHOWN => $ENV{RELNAV_FUZZ_SHOWN} || 5;

my $seed = $ENV{RELNAV_FUZZ_SEED} // 20260701;
my $calls = $ENV{RELNAV_RANDOM_CALLS} // 1000;

# Texts that mean nothing, or too much.
my @nasty = (
	'', ' ', '.', '..', '"', '""', '"a', 'a.', '.a', 'a..b', q{'}, q{''; DROP TABLE fz.odd; --}, '%s%n', '%', '\\',
	'$1', '*', '*(', '*)', '*(*(*))', '(', ')', ',', ':', 'a:', '::int', 'null', 'count(', 'count()', 'a(where', 'where true',
	"\t\n", "a\x{01}b", "\xc3\xa4", "\xf0\x9f\x90\x98", 'e' x 70, 'x.' x 300 . 'x', '(' x 2000, '*,' x 500 . 'a', 'mermaid',
	'dot', 'postgrest', 'postgraphile', '-1', '1e400', 'NaN', '{}', '{1,2}', '(1,2)', 'pg_catalog.pg_class');
my @numbers = ('NULL', '-2147483648', '-1', '0', '1', '2', '3', '7', '100', '2147483647', '2147483648', '1.5', q{'x'});

# What is no row of a table, or only nearly.
my @no_rows = (
	'NULL', '1', q{'text'}, 'ROW(1, 2)', 'ROW()', 'ARRAY[1]', q{'{}'::json}, 'NULL::fz.pair', q{'(1,x)'::fz.pair},
	'NULL::fz.pair_domain', 'NULL::fz.row_domain', 'NULL::record', 'NULL::fz.pair[]', 'NULL::fz.positive', 'NULL::fz.nothing',
	'NULL::relnav.declared', 'NULL::pg_class', 'NULL::fz.empty', 'ROW()::fz.empty', 'NULL::fz.far', 'NULL::fz.mat', 'NULL::fz.seq',
	'NULL::unknown', 'NULL::anyelement', q{B'101'}, q{'[1,5)'::int4range}, '(SELECT c FROM pg_class c LIMIT 1)');
my @keys = (
	'NULL', '0', '-1', '1', '3', '2147483648', '99999999999999999999999999', '1.5', q{'NaN'::numeric}, q{'Infinity'::float8}, q{''}, q{'x'},
	q{'1'}, 'true', 'ROW(1)', 'ROW(1, 2)', 'ROW()', 'ROW(NULL, 1)', q{ROW('a', 1, NULL, 'b')}, 'ARRAY[1, 2]', q{'{}'::int[]},
	q{'{"id": 1}'::jsonb}, q{'2020-01-01'::date}, q{'00000000-0000-0000-0000-000000000001'::uuid}, 'NULL::text',
	q{'\x00ff'::bytea}, q{repeat('x', 100000)}, '1::fz.positive', q{ROW(1, 'x')::fz.pair}, 'NULL::fz.pair', 'ROW(ROW(1), 2)');
my @arrays = (
	'NULL', q{'{}'}, q{'{}'::int[]}, 'ARRAY[1, 2, 3]', 'ARRAY[NULL, 1, NULL]', 'ARRAY[]::text[]', q{ARRAY['1', 'x']}, 'ARRAY[[1, 2], [3, 4]]',
	q{'[5:7]={1,2,3}'::int[]}, 'ARRAY(SELECT g FROM generate_series(1, 300) g)', 'ARRAY[ROW(1, 2), ROW(2, NULL)]', 'ARRAY[1.5, 2]',
	'1', 'NULL::fz.pair[]', 'ARRAY[99999999999]', q{'{1,2}'::int2vector});
my @relations = (
	'fz.odd', 'fz.empty', 'fz.a_view', 'fz.two_view', 'fz.mat', 'fz.far', 'fz.seq', 'fz.pair', 'fz.nothing', 'nothing', 'fz.odd_pkey',
	'pg_class', 'pg_toast.pg_toast_1255', 'pg_stat_activity', 'relnav.declared', 'information_schema.tables', '0', '1', '1259', '4294967295', '-', '',
	'a.b.c.d', '"', 'fz."no');

my ($schema, @functions, %used, %good);


# ----- Arguments -------------------------------------------------------------

# All tables and partitions that the schema began with.
sub tables { return map { $_, @{ $_->{partitions} // [] } } @{ $schema->{tables} }; }

sub relationships { my ($table) = @_; return @{ ($table->{root} // $table)->{relationships} // [] }; }

# A walk from a table of at most so many hops, of these kinds if any are named.
sub walk
{
	my ($max_hops, @kinds) = @_;
	my %wanted = map { $_ => 1 } @kinds;
	my $can = sub { grep { !@kinds || $wanted{ $_->{kind} } } relationships($_[0]) };
	my @sources = grep { $can->($_) } tables();
	my $source = @sources ? choose(@sources) : choose(tables());
	my ($at, @segments) = ($source);

	foreach (1 .. $max_hops)
	{
		my @next = $can->($at) or last;
		my $r = choose(@next);
		push @segments, quote_segment(chance(0.8) ? $r->{name} : $r->{full_name});
		$at = $r->{target};
	}
	return { source => $source, path => join('.', @segments), target => $at };
}

# One hop from a table to itself.
sub walk_in_place
{
	my @pairs = map { my $t = $_; map { [ $t, $_ ] } grep { $_->{target} == ($t->{root} // $t) } relationships($t) } tables();
	return walk(1) unless @pairs;
	my ($table, $r) = @{ choose(@pairs) };
	return { source => $table, path => quote_segment($r->{name}), target => $table };
}

# One character less, more, twice, or another one.
sub damage
{
	my ($text) = @_;
	my $at = between(0, length($text));
	my $other = choose('"', '.', '(', ')', ',', ' ', ':', '*', q{'}, 'x', '1', '/*', '--', '$', ';', '=');

	return substr($text, 0, $at) if chance(0.2);
	return substr($text, 0, $at) . $other . substr($text, $at) if chance(0.5);
	return substr($text, 0, $at) . substr($text, $at + 1 > length($text) ? length($text) : $at + 1) if chance(0.5);
	return $text . $text;
}

sub column { my ($table) = @_; return @{ $table->{columns} } ? choose(@{ $table->{columns} }) : 'none'; }

# A condition on a column.  Many of the values do not fit.
sub condition
{
	my ($table, $depth) = @_;
	my $column = quote_name(column($table));

	return sprintf('(%s %s %s)', condition($table, $depth - 1), choose('and', 'or'), condition($table, $depth - 1))
	  if $depth > 0 && chance(0.3);
	return choose(
		"$column is not null", "$column = 3", "$column > '2'", "$column in (1, 2, 3)", "${column}::text like '%1%'",
		"not ($column is null)", "$column between 1 and 5", "$column = current_date", "$column is distinct from null",
		"$column || 'x' = 'k1x'", "$column = any('{1,2}')", "$column = now()", "$column", "lower($column) = 'x'",
		"$column = (select 1)", "$column % 0 = 1", "$column = 'x' collate \"C\"", 'true');
}

# What a tree shows of a table's rows.
sub spec
{
	my ($table, $depth) = @_;
	my @items;

	return choose('', '*') if chance(0.15);
	foreach (1 .. between(1, 4))
	{
		my @relationships = relationships($table);
		my $r = @relationships ? choose(@relationships) : undef;
		my $name = $r ? quote_segment($r->{name}) : '';
		my $alias = chance(0.2) ? 'a' . between(1, 99) . ': ' : '';

		if (!$r || $depth == 0 || chance(0.5))
		{
			push @items, $alias . quote_name(column($table));
		}
		elsif (chance(0.1))
		{
			push @items, $alias . "count($name" . (chance(0.5) ? ' where ' . condition($r->{target}, 1) : '') . ')';
		}
		elsif ($r->{kind} eq 'parent' && chance(0.3))
		{
			push @items, "$alias$name." . quote_name(column($r->{target}));
		}
		elsif (chance(0.1))
		{
			push @items, '*(' . (chance(0.5) ? '* limit 2' : '') . ')';
		}
		else
		{
			push @items, "$alias$name(" . spec($r->{target}, $depth - 1) . clauses($r) . ')';
		}
	}
	return join(', ', @items);
}

sub clauses
{
	my ($r) = @_;
	my $text = '';

	$text .= ' where ' . condition($r->{target}, 2) if chance(0.3);
	$text .= ' order by ' . quote_name(column($r->{target})) . choose('', ' desc', ' nulls first') if chance(0.3);
	$text .= ' limit ' . choose(0, 1, 2, 5, '9223372036854775807') if chance(0.3);
	$text .= ' offset ' . choose(0, 1, 1000) if chance(0.1);
	$text .= ' depth ' . choose(0, 1, 2, 5, 33) if chance(0.15);
	return $text;
}

# Something in FROM, and a row of it.
sub row_of
{
	my ($table) = @_;
	my $sql = $table->{sql};

	return @{
		choose_by_weight(
			[ "$sql x", 'x' ] => 20,
			[ "(SELECT * FROM $sql LIMIT 3) x", 'x' ] => 2,
			[ "(SELECT * FROM $sql LIMIT 3) x", "x::$sql" ] => 2,
			[ "(SELECT t FROM $sql t LIMIT 3) x(r)", 'x.r' ] => 3,
			[ "unnest(ARRAY(SELECT t FROM $sql t LIMIT 3)) x", 'x' ] => 1,
			[ "(VALUES (NULL::$sql)) x(r)", 'x.r' ] => 1,
			[ "$sql x JOIN $sql y USING (" . quote_name(column($table)) . ')', 'y' ] => 1,
			[ "fz.odd o LEFT JOIN $sql x ON o.id = 1", 'x' ] => 1,
			[ '', "NULL::$sql" ] => 2,
			[ '', "(SELECT t FROM $sql t LIMIT 1)" ] => 3,
			[ '', 'ROW(' . join(', ', map { choose('NULL', q{'1'}) } @{ $table->{columns} }) . ")::$sql" ] => 2,
			[ '', "jsonb_populate_record(NULL::$sql, '{}')" ] => 1,
			[ '', "(SELECT t::fz.row_domain FROM $sql t LIMIT 1)" ] => 1,
			[ 'fz.a_view x', 'x' ] => 1,
			[ 'fz.two_view x', 'x' ] => 1,
			[ 'fz.mat x', 'x' ] => 1,
			[ 'fz.odd x', choose('x', 'x.pair', '(x.pairs)[1]', '(x.tables)[1]') ] => 1,
			[ 'fz.far x', 'x' ] => 0.5,
			[ 'pg_class x', 'x' ] => 0.3,
			[ 'generate_series(1, 2) x', 'x' ] => 0.3) };
}

# A value of a table's key.
sub key_of
{
	my ($table) = @_;
	my @parts = map { quote_text(literal($_, between(1, 12))) } @{ $table->{key} ? $table->{key}{parts} : [] };

	return choose(@keys) unless @parts;
	return $parts[0] if @parts == 1;
	return 'ROW(' . join(', ', @parts) . ')';
}

sub name_list
{
	my ($table) = @_;

	return choose('NULL', q{'{}'}, q{'{""}'}, q{'{a,a}'}, q{'{{a},{b}}'}, q{'{NULL}'}, q{'{none}'}) if chance(0.1);
	return 'ARRAY[' . join(', ', map { quote_text(column($table)) } 1 .. choose(1, 1, 1, 2)) . ']::name[]';
}

# An argument.  $call has what fits together, and takes what FROM needs.
sub argument
{
	my ($function, $i, $call) = @_;
	my ($name, $type) = @{ $function->{arguments}[$i] };
	my $walk = $call->{walk};
	my $odd = chance(0.1);

	# Of another type altogether.
	return choose(choose(@keys), choose(@no_rows), choose(@arrays), choose(@numbers), quote_text(choose(@nasty)))
	  if $odd && chance(0.2);

	if ($type eq 'regclass')
	{
		return choose('NULL', map { quote_text($_) } @relations) if $odd;
		my $table = $name =~ /^target|relation$/ ? $walk->{target} : $name eq 'association' ? choose(tables()) : $walk->{source};
		return quote_text($table->{sql});
	}
	if ($type eq 'anyelement' && $i == 0)
	{
		return choose(@no_rows) if $odd;
		($call->{from}, my $row) = row_of($walk->{source});
		return $row;
	}
	if ($type eq 'anycompatible' && $function->{arguments}[0][1] eq 'regclass')
	{
		return $odd ? choose(@keys) : key_of($walk->{source});
	}
	if ($type eq 'anycompatible' || $type eq 'anyelement')
	{
		return $odd ? choose(@no_rows, 'x', "(SELECT t FROM $walk->{target}{sql} t LIMIT 1)") : "NULL::$walk->{target}{sql}";
	}
	if ($type eq 'anycompatiblearray')
	{
		return choose(@arrays) if $odd;
		my $key = key_of($walk->{source});
		return "ARRAY[$key" . join('', map { ", $_" } map { choose('NULL', key_of($walk->{source})) } 1 .. between(0, 3)) . ']';
	}
	if ($type eq 'text')
	{
		return choose('NULL', map { quote_text($_) } @nasty) if $odd;
		my $text =
			$name eq 'spec' ? spec($walk->{source}, 3)
		  : $name eq 'path' || $name eq 'via' ? $walk->{path}
		  : $name eq 'format' ? choose('mermaid', 'dot')
		  : $name eq 'style' ? choose('postgrest', 'postgraphile')
		  : $name eq 'name' ? choose('one', 'other', "it's", $walk->{path})
		  : $name eq 'new_name' || $name eq 'inverse' ? choose('one', 'back', 'Other Name', 'id')
		  : choose('a', 'b');
		$text = damage($text) if chance(0.07);
		return quote_text($text);
	}
	return choose(@numbers) if $type eq 'integer';
	return choose('true', 'false', 'NULL') if $type eq 'boolean';
	return name_list($name =~ /^target/ ? $walk->{target} : $walk->{source}) if $type eq 'name[]';
	return quote_text($odd ? choose('nothing', '', '0', '99999', '"', 'pg_catalog') : choose('fz', '"Fz 2"', 'relnav')) if $type eq 'regnamespace';
	return choose('NULL', q{'{}'}, q{'{a,b}'}, q{'{NULL}'}) if $type eq 'text[]';
	return $odd ? choose('NULL', q{'{}'}, q{'{0}'}, q{'{NULL}'}) : 'ARRAY[' . join(', ', map { quote_text($_->{sql}) . '::regclass' } (tables())[ 0 .. 2 ]) . ']'
	  if $type eq 'regclass[]';
	if ($type eq 'relnav.declared')
	{
		return choose('NULL', 'NULL::relnav.declared', q{'(,,,,,,,,,,,,)'}, q{'(0,,{x},1259,{x},,,,,,,,)'}, q{'(fz.odd,x,{id},fz.odd,{up},,,,,,,,)'},
			q{'(fz.odd,x,,,,,,,,,fz.odd,"{a,b,c}",)'})
		  if $odd || chance(0.5);
		$call->{from} = 'relnav.declared x';
		return 'x';
	}
	return 'NULL';
}

# The call of a function: { function, call, from, parameters }.
sub make_call
{
	my ($function) = @_;
	my $name = $function->{name};
	my %call = (function => $function, from => '', parameters => []);
	my $n = @{ $function->{arguments} } - between(0, $function->{defaults});
	my (@arguments, @types);

	$call{walk} =
		chance(0.1) ? walk(between(1, 8))
	  : $name =~ /parent$/ ? walk(1, 'parent')
	  : $name =~ /children$/ ? walk(1, 'children')
	  : $name =~ /associated$/ ? walk(1, 'associated')
	  : $name =~ /descendants$|ancestors$/ ? walk_in_place()
	  : $name =~ /declare$|rename$|paths$|tree/ ? walk(1)
	  : walk(choose(1, 1, 2, 3));
	$n-- if $n > 0 && chance(0.01);
	for my $i (0 .. $n - 1)
	{
		my ($parameter, $type) = @{ $function->{arguments}[$i] };
		my $value = argument($function, $i, \%call);

		# As a parameter, with a second value for it.
		if ($type =~ /^(regclass|text|integer|boolean|name\[\]|regnamespace)$/ && chance(0.2))
		{
			push @{ $call{parameters} }, { type => $type, values => [ $value, argument($function, $i, { %call, from => '' }) ] };
			$value = '$' . @{ $call{parameters} };
		}
		push @arguments, $value;
	}

	# By name, from some argument on; and in another order.
	if (@arguments && $function->{kind} eq 'f' && $function->{arguments}[0][0] ne '' && chance(0.3))
	{
		my $first = between(0, $#arguments);
		my @named = shuffle(map { "$function->{arguments}[$_][0] => $arguments[$_]" } $first .. $#arguments);
		@arguments = (@arguments[ 0 .. $first - 1 ], @named);
	}
	$call{call} = "$name(" . join(', ', @arguments) . ')';
	return \%call;
}

# A call without its parameters: each is its first value.
sub without_parameters
{
	my ($sql, $call, $which) = @_;

	$sql =~ s/\$(\d+)/$call->{parameters}[$1 - 1] ? $call->{parameters}[$1 - 1]{values}[$which] : "\$$1"/ge;
	return $sql;
}


# ----- Statements ------------------------------------------------------------

# A query that makes the call.
sub make_query
{
	my ($call) = @_;
	my ($from, $f) = ($call->{from}, $call->{call});
	my $comma = $from eq '' ? '' : "$from, ";
	my $where_from = $from eq '' ? '' : " FROM $from";
	my $limit = choose('', ' LIMIT 1', ' LIMIT 5');

	if ($call->{function}{kind} eq 'a')
	{
		(my $ordered = $f) =~ s/\)$/ ORDER BY x)/;
		(my $distinct = $f) =~ s/\(/(DISTINCT /;
		return choose_by_weight(
			"SELECT $f$where_from" => 6,
			"SELECT $ordered$where_from" => 2,
			"SELECT $f FILTER (WHERE x IS NOT NULL)$where_from" => 2,
			"SELECT $f, x::text$where_from GROUP BY x" => 2,
			"SELECT $f OVER ()$where_from" => 1,
			"SELECT $f OVER (ORDER BY x::text ROWS 1 PRECEDING)$where_from" => 1,
			"SELECT $distinct$where_from" => 1,
			"SELECT (SELECT $f)$where_from" => 1,
			"SELECT $f, $f$where_from" => 1,
			"SELECT $f$where_from HAVING count(*) > 0" => 1);
	}
	return choose_by_weight(
		"SELECT $f$where_from$limit" => 6,
		"SELECT * FROM $comma$f r$limit" => 12,
		"SELECT ($f).*$where_from$limit" => 1,
		"SELECT ($f) IS NULL$where_from ORDER BY 1$limit" => 1,
		($from ? "SELECT * FROM $from WHERE EXISTS (SELECT FROM $f r)$limit" : "SELECT EXISTS (SELECT FROM $f r)") => 3,
		"SELECT 1$where_from WHERE NOT EXISTS (SELECT FROM $f r)" => 2,
		"SELECT 1$where_from WHERE NULL IN (SELECT r::text FROM $f r)" => 1,
		"SELECT 1 FROM " . ($from || 'fz.odd x') . " LEFT JOIN LATERAL $f r ON true$limit" => 2,
		"SELECT * FROM $comma$f WITH ORDINALITY r$limit" => 1,
		"SELECT * FROM ${comma}ROWS FROM ($f, generate_series(1, 3)) r$limit" => 1,
		"SELECT count(*), r::text FROM $comma$f r GROUP BY r" => 1,
		"SELECT DISTINCT r FROM $comma$f r" => 1,
		"SELECT row_number() OVER (ORDER BY r::text) FROM $comma$f r" => 1,
		"SELECT relnav.tree(r, '*') FROM $comma$f r$limit" => 1,
		"SELECT * FROM $comma$f r, relnav.neighbors(r) n$limit" => 1,
		"WITH m AS MATERIALIZED (SELECT r FROM $comma$f r) SELECT * FROM m$limit" => 1,
		"SELECT 1 FROM $comma$f r UNION ALL SELECT 2 FROM $comma$f r" => 1,
		"SELECT r FROM $comma$f r FOR UPDATE" => 0.5,
		"SELECT r FROM $comma$f r TABLESAMPLE system (50)" => 0.2,
		"TABLE fz.odd LIMIT (SELECT count(*) FROM $comma$f r)" => 0.5,
		"SELECT array_agg(r) FROM $comma$f r" => 1,
		"SELECT to_json(r) FROM $comma$f r$limit" => 1,
		"SELECT CASE WHEN random() < 0 THEN ($f)::text END$where_from" => 0.5);
}

# All that one call does: a list of statements.
sub make_statements
{
	my ($call, $number) = @_;
	my $query = make_query($call);
	my $plain = without_parameters($query, $call, 0);

	# Prepared, and run with one set of values and the other; a generic plan may be
	# made, and a table may change before it is run again.
	if (@{ $call->{parameters} } || chance(0.05))
	{
		my $types = join(', ', map { $_->{type} } @{ $call->{parameters} });
		my @values = map { my $i = $_; join(', ', map { $_->{values}[$i] } @{ $call->{parameters} }) } 0, 1;
		my @executions = map { my $v = $values[ $_ % 2 ]; 'EXECUTE p' . ($v eq '' ? '' : "($v)") } 0 .. between(0, 6);

		splice @executions, between(0, scalar @executions), 0, make_ddl() if chance(0.4);
		return ('PREPARE p' . ($types eq '' ? '' : "($types)") . " AS $query", @executions, 'DEALLOCATE p');
	}
	return @{
		choose_by_weight(
			[$plain] => 40,
			[ 'EXPLAIN (' . choose('VERBOSE', 'COSTS off', 'ANALYZE', 'ANALYZE, BUFFERS, FORMAT json', 'GENERIC_PLAN') . ") $plain" ] => 3,
			[ "DO \$do\$ BEGIN FOR i IN 1..2 LOOP BEGIN PERFORM * FROM ($plain) q; EXCEPTION WHEN OTHERS THEN IF SQLSTATE LIKE 'XX%' THEN RAISE; END IF; END; END LOOP; END \$do\$" ] => 3,
			[ 'BEGIN', "DECLARE c SCROLL CURSOR FOR $plain", 'FETCH 1 FROM c', make_ddl(), 'FETCH 1 FROM c', 'MOVE BACKWARD ALL IN c', 'FETCH ALL FROM c', choose('CLOSE c', 'SELECT 1'), choose('COMMIT', 'ROLLBACK') ] => 2,
			[ "DECLARE h CURSOR WITH HOLD FOR $plain", 'FETCH ALL FROM h', 'CLOSE h' ] => 1,
			[ "CREATE VIEW fz.v$number AS $plain", "SELECT * FROM fz.v$number LIMIT 3", make_ddl(), "SELECT count(*) FROM fz.v$number", "SELECT relnav.describe('fz.v$number')", "DROP VIEW fz.v$number CASCADE" ] => 2,
			[ "CREATE FUNCTION fz.f$number() RETURNS SETOF record LANGUAGE sql STABLE" . choose('', ' SECURITY DEFINER') . " AS \$f\$ $plain \$f\$", "SELECT fz.f$number()", "DROP FUNCTION fz.f$number" ] => 1,
			[ "CREATE TEMP TABLE made AS $plain", 'SELECT count(*) FROM made', 'DROP TABLE made' ] => 1,
			[ 'BEGIN', 'SAVEPOINT s', make_ddl(), $plain, 'ROLLBACK TO s', $plain, make_ddl(), $plain, choose('COMMIT', 'ROLLBACK', 'ROLLBACK') ] => 6,
			[ 'BEGIN ISOLATION LEVEL ' . choose('REPEATABLE READ', 'SERIALIZABLE') . choose('', ' READ ONLY'), $plain, $plain, 'COMMIT' ] => 2,
			[ "UPDATE fz.scratch SET b = (SELECT count(*)::text FROM ($plain) q)" ] => 1,
			[ "DELETE FROM fz.scratch WHERE EXISTS ($plain) RETURNING *" ] => 1,
			[ "INSERT INTO fz.scratch SELECT 'x', q::text FROM ($plain) q" ] => 1,
			[ "MERGE INTO fz.scratch s USING ($plain) q ON s.a = q::text WHEN MATCHED THEN DELETE" ] => 0.5,
			[ "COPY ($plain) TO STDOUT" ] => 1) };
}

# A change of the schema, of declarations or of rights.
my $names = 0;

sub make_ddl
{
	my $table = choose(tables());
	my $t = $table->{sql};
	my $c = quote_name(column($table));
	my $n = ++$names;
	my @fks = map { @{ $_->{fks} } } @{ $schema->{tables} };
	my $fk = choose(@fks);
	my ($fk_table, $fk_name) = ($fk->{table}{sql}, quote_name($fk->{name}));
	my $fk_columns = join(', ', map { quote_name($_) } @{ $fk->{cols} });
	my $to = join(', ', map { quote_name($_) } @{ $fk->{to} });
	my $walk = walk(1);
	my $partition = choose(map { @{ $_->{partitions} // [] } } @{ $schema->{tables} });

	return choose_by_weight(
		"ALTER TABLE $t ADD COLUMN new$n int" . choose('', ' DEFAULT 5', " REFERENCES fz.odd") => 3,
		"ALTER TABLE $t DROP COLUMN $c" . choose('', ' CASCADE') => 2,
		"ALTER TABLE $t RENAME COLUMN $c TO ren$n" => 2,
		"ALTER TABLE $t ALTER COLUMN $c TYPE " . choose('text', 'bigint', 'varchar(9)') . " USING NULL" => 1,
		"ALTER TABLE $t ALTER COLUMN $c " . choose('SET NOT NULL', 'DROP NOT NULL', 'DROP EXPRESSION') => 1,
		"ALTER TABLE $fk_table DROP CONSTRAINT $fk_name" => 2,
		"ALTER TABLE $fk_table ADD CONSTRAINT again$n FOREIGN KEY ($fk_columns) REFERENCES $fk->{target}{sql} ($to) ON DELETE " . choose('CASCADE', 'SET NULL', 'RESTRICT', 'SET DEFAULT') . choose('', ' NOT VALID') => 3,
		"ALTER TABLE $fk_table RENAME CONSTRAINT $fk_name TO renfk$n" => 1,
		"CREATE " . choose('', 'UNIQUE ') . "INDEX ON $fk_table ($fk_columns)" => 2,
		"ALTER TABLE $t RENAME TO ren$n" => 1,
		"ALTER TABLE $t SET SCHEMA " . choose('fz', '"Fz 2"', 'public') => 1,
		"DROP TABLE $t" . choose('', ' CASCADE') => 0.5,
		($partition ? "ALTER TABLE $partition->{root}{sql} DETACH PARTITION $partition->{sql}" : "ANALYZE $t") => 1,
		"TRUNCATE $t CASCADE" => 0.5,
		"DELETE FROM $t" => 0.5,
		"ANALYZE $t" => 1,
		"CREATE OR REPLACE VIEW fz.a_view AS SELECT * FROM $t" => 1,
		"DROP VIEW IF EXISTS fz.a_view; CREATE VIEW fz.a_view AS SELECT $c AS a, t.* FROM $t t" => 1,
		"CREATE TABLE fz.child$n (id int PRIMARY KEY, odd_id int REFERENCES fz.odd, other_id int REFERENCES fz.child$n)" => 1,
		"ALTER TYPE fz.pair ADD ATTRIBUTE new$n int CASCADE" => 0.5,
		"ALTER TABLE $t " . choose('ENABLE', 'DISABLE', 'FORCE', 'NO FORCE') . ' ROW LEVEL SECURITY' => 1,
		choose('GRANT', 'REVOKE') . " SELECT ON $t " . choose('TO', 'FROM') . ' fz_reader' => 1,
		"REVOKE SELECT ON $t FROM fz_reader; GRANT SELECT ($c) ON $t TO fz_reader" => 1,
		"CREATE TRIGGER trigger$n BEFORE DELETE ON $t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()" => 0.5,
		"CREATE RULE rule$n AS ON DELETE TO $t DO INSTEAD NOTHING" => 0.5,
		'REFRESH MATERIALIZED VIEW fz.mat' => 0.5,
		"CREATE TEMP TABLE " . choose('person', 'orders', 'pg_class', 'pg_proc') . ' (id int)' => 0.5,
		"SELECT relnav.declare(" . quote_text($walk->{source}{sql}) . ", 'decl" . choose(1 .. 3) . "', " . name_list($walk->{source}) . ', ' . quote_text($walk->{target}{sql}) . ', ' . name_list($walk->{target}) . choose('', ", inverse => 'inv'", ', to_one => true') . ')' => 4,
		"SELECT relnav.rename(" . quote_text($walk->{source}{sql}) . ', ' . quote_text($walk->{path}) . ', ' . choose('NULL', "'other$n'") . ')' => 3,
		"SELECT relnav.undeclare(source, name) FROM relnav.declared LIMIT 1" => 1,
		"UPDATE relnav.declared SET " . choose("name = name || 'x'", "source_columns = '{id}'", 'target = source', 'to_one = NOT to_one', "inverse = 'x'", "constraints = '{none}'", 'association = source', 'target = NULL') => 2,
		"INSERT INTO relnav.declared SELECT source + 1, name, source_columns, target FROM relnav.declared LIMIT 1" => 0.5,
		"INSERT INTO relnav.declared (source, name, constraint_table, constraints, backwards) VALUES ('fz.odd', 'up$n', 'fz.odd', '{odd_up_fkey}', true)" => 1,
		choose('DELETE FROM', 'TRUNCATE', 'LOCK', 'ANALYZE') . ' relnav.declared' => 0.5,
		'DISCARD ' . choose('PLANS', 'SEQUENCES', 'ALL') => 1,
		'CREATE SCHEMA IF NOT EXISTS fz' => 0.5);
}

# What is different for the next calls.
sub make_setting
{
	return choose_by_weight(
		'SET relnav.inline = ' . choose('on', 'off') => 4,
		'SET plan_cache_mode = ' . choose('auto', 'force_generic_plan', 'force_custom_plan') => 2,
		'SET search_path = ' . choose('fz, "Fz 2"', 'fz', q{''}, 'relnav, fz', 'fz, pg_catalog', 'public, pg_temp', 'nothing') => 3,
		'SET ROLE ' . choose('fz_reader', 'fz_nobody', 'fz_reader') => 2,
		'RESET ROLE' => 6,
		'RESET ALL' => 2,
		'SET row_security = ' . choose('on', 'off') => 1,
		'SET enable_' . choose('hashjoin', 'nestloop', 'mergejoin', 'hashagg', 'indexscan', 'seqscan', 'material', 'sort') . ' = off' => 2,
		'SET ' . ($version >= 16 ? 'debug_parallel_query' : 'force_parallel_mode') . ' = ' . choose('off', 'on') => 1,
		'SET parallel_setup_cost = 0' => 1,
		'SET work_mem = ' . choose('64', q{'1MB'}) => 1,
		'SET jit = ' . choose('off', 'on') => 0.3,
		'SET DateStyle = ' . choose('German', 'ISO') => 0.5,
		'SET quote_all_identifiers = ' . choose('on', 'off') => 0.3,
		'SET default_transaction_read_only = ' . choose('on', 'off', 'off') => 0.5,
		'SET cursor_tuple_fraction = 1' => 0.2,
		'SET transform_null_equals = on' => 0.2,
		'LOAD ' . quote_text('relnav') => 0.2);
}

# What all schemas have besides their random tables.
sub get_odd_things
{
	my @tables = @{ $schema->{tables} };
	my ($first, $second) = map { $_->{sql} } @tables[ 0, 1 ];

	return (
		'CREATE TYPE fz.pair AS (a int, b text)',
		'CREATE DOMAIN fz.pair_domain AS fz.pair',
		"CREATE DOMAIN fz.row_domain AS $first",
		"CREATE TABLE fz.odd (id fz.positive PRIMARY KEY, up fz.positive REFERENCES fz.odd ON DELETE CASCADE, pair fz.pair, pairs fz.pair[], tables ${first}[], j jsonb, r int4range, b bytea, bits bit(3), \"\x{d0}\x{b9}\" interval)",
		q{INSERT INTO fz.odd SELECT i, nullif(i - 1, 0), ROW(i, 'x')::fz.pair, ARRAY[ROW(i, 'y')::fz.pair, NULL], '{}', '{"a": 1}', '[1,5)', '\x00ff', B'101', '1 day' FROM generate_series(1, 6) i},
		'CREATE TABLE fz.empty ()',
		"CREATE VIEW fz.a_view AS SELECT * FROM $first",
		"CREATE VIEW fz.two_view AS SELECT x AS one, y AS two FROM $first x, $second y",
		"CREATE MATERIALIZED VIEW fz.mat AS SELECT * FROM $second",
		'CREATE FOREIGN TABLE fz.far (id int, odd_id int) SERVER fz_none',
		'CREATE SEQUENCE fz.seq',
		q{SELECT relnav.declare('fz.far', 'odd', '{odd_id}', 'fz.odd', '{id}', inverse => 'far')},
		'GRANT ALL ON ALL TABLES IN SCHEMA fz TO fz_reader');
}


# ----- The test --------------------------------------------------------------

my $node = start_server("restart_after_crash = on\nstatement_timeout = 3s\nlog_line_prefix = '%e '\n");
$node->safe_psql(
	'postgres', q{
CREATE ROLE fz_nobody;
CREATE FOREIGN DATA WRAPPER fz_none;
CREATE SERVER fz_none FOREIGN DATA WRAPPER fz_none;
});

# Every function, with the names and types of what it takes.
foreach my $line (
	split /\n/,
	$node->safe_psql(
		'postgres', q{
SELECT p.oid::regprocedure, p.oid::regproc, p.prokind, p.pronargdefaults,
	(SELECT string_agg(COALESCE(p.proargnames[a.n], '') || ' ' || format_type(a.type, NULL), ',' ORDER BY a.n)
	   FROM unnest(p.proargtypes) WITH ORDINALITY a(type, n))
  FROM pg_depend d JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
  JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid
 WHERE e.extname = 'relnav' AND d.deptype = 'e'
 ORDER BY p.oid::regprocedure::text COLLATE "C"}))
{
	my ($signature, $name, $kind, $defaults, $arguments) = split /\|/, $line;

	push @functions,
	  {
		signature => $signature,
		name => $name,
		kind => $kind,
		defaults => $defaults,
		arguments => [ map { [ split / /, $_, 2 ] } split /,/, $arguments // '' ], };
}
cmp_ok(scalar(@functions), '>', 30, scalar(@functions) . ' functions are in the catalog');

# A session: its statements, each followed by what became of it.
sub write_session
{
	my (@made) = @_;
	my $script = "SET search_path = fz, \"Fz 2\";\n\\o /dev/null\n";

	foreach my $made (@made)
	{
		my $i = 0;
		$script .= "$_;\n\\echo \@\@ $made->{number} " . $i++ . " :SQLSTATE :LAST_ERROR_MESSAGE\n"
		  foreach @{ $made->{statements} };
	}
	return $script;
}

my %total = map { $_ => 0 } ('calls', 'statements', 'rows', 'errors', 'timeouts', 'internal', 'crashes');
my (%states, @failures);

for (my $done = 0; $done < $calls; $done += CALLS_PER_SCHEMA)
{
	my $n = $calls - $done < CALLS_PER_SCHEMA ? $calls - $done : CALLS_PER_SCHEMA;

	srand($seed);
	$salt = 0;
	$names = 0;
	$schema = make_schema();
	$schema->{seed} = $seed++;
	$node->safe_psql('postgres',
		'SET client_min_messages = error; TRUNCATE relnav.declared; DROP SCHEMA public CASCADE; CREATE SCHEMA public');
	install_schema($node, $schema);
	$node->safe_psql('postgres',
		join('', map { "$_;\n" } 'SET client_min_messages = error', get_odd_things()));

	# Each function in turn, in another order in each schema.
	my @turn;
	my @made;
	foreach my $number (1 .. $n)
	{
		@turn = @turn ? @turn : shuffle(@functions);
		my $function = shift @turn;
		my $call = make_call($function);
		my @statements;

		# Nothing of the last call is left, if it failed half way.
		push @statements, 'ROLLBACK; DEALLOCATE ALL; CLOSE ALL' unless $number == 1;
		push @statements, make_setting() if chance(0.3);
		push @statements, make_ddl() if chance(0.08);
		push @statements, make_statements($call, $number);
		push @made, { number => $number, function => $function, statements => \@statements };
		$used{ $function->{signature} }++;
	}

	# A call that crashes the server takes the session with it; go on behind it.
	my @left = @made;
	while (@left)
	{
		my ($status, $out, $err) = $node->psql('postgres', write_session(@left), on_error_stop => 0, timeout => 60 + 10 * @left);
		my ($last_call, $last_statement) = (0, 0);

		foreach my $line (split /\n/, $out)
		{
			my ($number, $i, $state, $message) = $line =~ /^\@\@ (\d+) (\d+) (\S+) ?(.*)/ or next;
			my $made = $made[ $number - 1 ];

			($last_call, $last_statement) = ($number, $i);
			$total{statements}++;
			$states{$state}++;
			if ($state eq '00000')
			{
				$total{rows}++;
				$good{ $made->{function}{signature} }++ if index($made->{statements}[$i], "$made->{function}{name}(") >= 0;
			}
			elsif ($state eq '57014')
			{
				$total{timeouts}++;
			}
			elsif ($state =~ /^XX/)
			{
				$total{internal}++;
				push @failures, [ $schema->{seed}, $made, $i, "$state $message" ];
			}
			else
			{
				$total{errors}++;
			}
		}
		last if $last_call == $left[-1]{number} && $last_statement == $#{ $left[-1]{statements} };

		# The statement after the last one that was answered.
		$last_call ||= $left[0]{number} - ($last_statement = -1) - 1;
		my $made = $made[ $last_call - 1 ];
		($made, $last_statement) = ($made[$last_call], -1) if $last_statement == $#{ $made->{statements} };
		$total{crashes}++;
		push @failures, [ $schema->{seed}, $made, $last_statement + 1, "crash (psql says $status): " . substr($err, -300) ];
		$node->poll_query_until('postgres', 'SELECT true')
		  or BAIL_OUT('the server does not come back');
		@left = grep { $_->{number} > $made->{number} } @left;
	}
	$total{calls} += $n;
}

foreach my $failure (@failures)
{
	my ($at, $made, $i, $what) = @$failure;
	diag("seed $at, call $made->{number}, $made->{function}{signature}, statement $i: $what\n"
		  . join('', map { "    $_;\n" } @{ $made->{statements} }[ 0 .. $i ]))
	  if $total{shown}++ < MAX_SHOWN;
}
note(join(', ', map { "$total{$_} $_" } sort keys %total));
note(join(', ', map { "$states{$_} $_" } sort keys %states));
is($total{internal}, 0, "of $total{calls} calls none ends in an internal error");
is($total{crashes}, 0, 'the server survives');
is(join("\n", grep { !$used{$_} } map { $_->{signature} } @functions), '', 'every function is called')
  if $calls >= @functions;
cmp_ok($total{rows}, '>', $total{statements} / 2, 'more than half of the statements give rows');
cmp_ok($total{timeouts}, '<', $total{calls} / 2, 'most calls come to their ends');

# What a statement did not close, the server says in a warning.  Others are about
# transactions and privileges, as they were asked for.
my @bad = grep { /WARNING|PANIC|TRAP|terminated by signal|^XX/ && !/^(25P01|25001|01006|01007) |^01000 WARNING:  (skipping |permission denied to analyze )/ }
  split /\n/, slurp_file($node->logfile);
is(join("\n", grep { defined } @bad[ 0 .. 20 ]), '', 'the server has nothing to say about it');
diag('never good: ' . join(' ', grep { !$good{$_} } map { $_->{signature} } @functions)) if $ENV{RELNAV_FUZZ_VERBOSE};

$node->stop;
done_testing();
