# Copyright (c) 2026, relnav developers

# A differential fuzzer: random queries over random schemas, each in three
# forms that must agree: with navigations that are rewritten to joins, with the
# same navigations executed as functions (relnav.inline = off), and in SQL
# written by hand, which this file makes from the same random choices and from
# what it knows about the foreign keys itself.
#
#   RELNAV_FUZZ_SEED      where to begin; the default is fixed
#   RELNAV_FUZZ_QUERIES   how many queries; the default is a short run
#
# Each schema has a seed of its own, the first RELNAV_FUZZ_SEED, the next one
# more, and serves QUERIES_PER_SCHEMA queries.  So RELNAV_FUZZ_SEED with the
# seed of a failure, and no RELNAV_FUZZ_QUERIES beyond its number, finds it
# again.

use strict;
use warnings;

use PostgreSQL::Test::Utils;
use Test::More;

use FindBin;
use lib $FindBin::RealBin;
use FuzzSchema;

use constant QUERIES_PER_SCHEMA => 60;
use constant MAX_SHOWN => $ENV{RELNAV_FUZZ_SHOWN} || 5;

my $seed = $ENV{RELNAV_FUZZ_SEED} // 20260101;
my $queries = $ENV{RELNAV_FUZZ_QUERIES} // 300;

# The two columns of everything that is generated: a text for both forms of a
# query, or a pair of texts.
use constant { NAVIGATED => 0, BY_HAND => 1 };


# ----- Text ------------------------------------------------------------------

# sprintf() for both forms: arguments are texts, or pairs of them.
sub pair
{
	my ($format, @arguments) = @_;

	return [
		map {
			my $form = $_;
			sprintf($format, map { ref $_ ? $_->[$form] : $_ } @arguments)
		} NAVIGATED,
		BY_HAND ];
}

sub join_pairs
{
	my ($separator, @pairs) = @_;

	return [
		map {
			my $form = $_;
			join($separator, grep { defined } map { ref $_ ? $_->[$form] : $_ } @pairs)
		} NAVIGATED,
		BY_HAND ];
}

# WHERE with all of these, if there are any.
sub where
{
	my $conditions = join_pairs(' AND ', @_);

	return [ map { $_ eq '' ? '' : " WHERE $_" } @$conditions ];
}

# ----- Navigations -----------------------------------------------------------
#
# What can be referred to in a query is an element:
#
#	row				SQL for the whole row
#	table			what it is a row of
#	record			must the row be cast to be one of the table?
#	column			a function from a column's name to SQL
#	renamed			do the columns have other names?
#	navigated		is it a record, but in the hand-written form only?

sub element
{
	my ($alias, $table, %more) = @_;

	return {
		row => $alias,
		table => $table,
		column => sub { "$alias." . quote_name($_[0]) },
		%more };
}

# An alias, sometimes one that the generated SQL would like to use itself.
sub new_alias
{
	my ($q) = @_;
	my $n = ++$q->{naliases};

	return choose_by_weight(
		"x$n" => 10, "h$n" => 2, "a$n" => 2, "\"A $n\"" => 1, "\"таблица$n\"" => 1);
}

# A constant, or a parameter with this as its value.
sub constant
{
	my ($q, $type, $value) = @_;
	my @values = (ref $value ? ($value->(), $value->()) : ($value, $value));

	if ($q->{params} && chance(0.6))
	{
		push @{ $q->{params} }, { type => $type, values => \@values };
		return '$' . @{ $q->{params} };
	}
	return $values[0];
}

sub number_constant
{
	my ($q) = @_;

	return constant($q, 'int', sub { between(0, 10) });
}

# A small integer of an element.
sub number_of
{
	my ($e) = @_;

	return $e->{table}{number}
	  ? $e->{column}->($e->{table}{number})
	  : "length(($e->{row})::text)";
}

# A navigation from something in scope, or from a key:
#
#	call		the function call
#	subquery	the same by hand, a subquery in parentheses
#	direct		or condition and table, if a plain join can be written
#	element		what it gives
#	one			is there at most one row?
sub navigation
{
	my ($q, @scope) = @_;
	my $alias = new_alias($q);
	my $source = choose_source($q, @scope);

	if (chance(0.15))
	{
		my $recursion = recursion($q, $source, $alias);
		return $recursion if $recursion;
	}
	my @path = choose_path($source->{table}, choose_by_weight(1 => 70, 2 => 22, 3 => 8));
	my $target = $path[-1]{target};
	my $narrow = $target;

	$narrow = choose(@{ $target->{partitions} }) if $target->{partitions} && chance(0.2);

	my ($function, $path) = name_path($q, $source, $narrow, @path);
	my $call = "relnav.$function($source->{arguments}, NULL::$narrow->{sql}$path)";

	# By hand.
	my ($from, $conditions) = write_chain($q, $source, $narrow, \@path, $alias);
	my @from = (@{ $source->{from} }, @$from);
	my @where = (@{ $source->{where} }, @$conditions);
	my $last = pop @from;
	my $where = join(' AND ', @where);
	my $once = @path == 1 && $path[0]{once};
	my $style = choose('exists', 'distinct', $once ? ('join', 'join') : ());
	my $subquery;

	if ($style eq 'join')
	{
		$subquery =
		  'SELECT ' . "$alias.* FROM " . join(', ', @from, $last) . " WHERE $where";
	}
	elsif ($style eq 'distinct')
	{
		$subquery =
		    "SELECT DISTINCT ON ($alias.tableoid, $alias.ctid) $alias.* FROM "
		  . join(', ', @from, $last)
		  . " WHERE $where";
	}
	else
	{
		$subquery = "SELECT $alias.* FROM $last WHERE EXISTS (SELECT "
		  . (@from ? 'FROM ' . join(', ', @from) . ' ' : '')
		  . "WHERE $where)";
	}

	my %navigation = (
		call => $call,
		alias => $alias,
		subquery => "($subquery)",
		one => (!grep { $_->{kind} ne 'parent' } @path) ? 1 : 0,
		element => element($alias, $narrow, navigated => 1));
	$navigation{direct} = { table => $last, where => $where }
	  if $once && !@from && chance(0.6);
	rename_columns(\%navigation) if chance(0.08);

	$q->{tables}{ $_->{sql} } = 1
	  foreach map { ($_->{source}, $_->{target}, $_->{near}{table}) } @path;
	$q->{navigations}++;
	return \%navigation;
}

# The same for descendants and ancestors along a foreign key, if there is one
# from the source's table to itself.
#
# By hand each way is followed to a depth that no table here reaches without a
# cycle; then the rows are told apart by the key that is referenced.
sub recursion
{
	my ($q, $source, $alias) = @_;
	my $table = $source->{table};
	my @fks = grep { $_->{target} == $table } @{ $table->{fks} };

	return if !@fks || $table->{root};
	my $fk = choose(@fks);
	my $function = choose('descendants', 'descendants', 'ancestors');
	my $max_depth = choose('NULL', 'NULL', 'NULL', 0 .. 3);

	my $arguments = $source->{arguments};
	if ($source->{by_key})
	{
		$arguments .= ", NULL::$table->{sql}";
		$q->{may_stay}++;
	}
	my $via = quote_text(quote_segment($fk->{name}));
	my $call = "relnav.$function($arguments, $via"
	  . ($max_depth eq 'NULL' ? ')' : choose(", $max_depth)", ", max_depth => $max_depth)"));

	# By hand.
	my $types = $table->{type};
	my ($r, $w) = map { $_ . ++$q->{naliases} } 'row', 'below';
	my $here = sub { "$r." . quote_name($_[0]) };
	my $before = sub { "($w.node)." . quote_name($_[0]) };
	my $meet = sub {
		my ($from) = @_;
		my ($up, $down) = $function eq 'descendants' ? ($from, $here) : ($here, $from);

		return join ' AND ', map {
			compare($up->($fk->{to}[$_]), $types->{ $fk->{to}[$_] },
				$down->($fk->{cols}[$_]), $types->{ $fk->{cols}[$_] })
		} 0 .. $#{ $fk->{cols} };
	};
	my $from = join ', ', @{ $source->{from} }, "$table->{only}$table->{sql} $r";
	my $where = join ' AND ', @{ $source->{where} }, $meet->($source->{column});
	my $key = join ', ', map { $before->($_) } @{ $fk->{to} };
	my $is_source = join ' AND ',
	  map { compare($before->($_), $types->{$_}, $source->{column}->($_), $types->{$_}) }
	  @{ $fk->{to} };
	my $subquery =
		"SELECT node, depth FROM (WITH RECURSIVE $w (node, depth) AS (SELECT $r, 1 FROM $from"
	  . " WHERE $where UNION ALL SELECT $r, $w.depth + 1 FROM $w, $table->{only}$table->{sql} $r"
	  . " WHERE $w.depth < 40 AND " . $meet->($before)
	  . ") SELECT DISTINCT ON ($key) node, depth FROM $w"
	  . ($source->{by_key}
		? ", " . join(', ', @{ $source->{from} }) . ' WHERE ' . join(' AND ', @{ $source->{where} }) . ' AND'
		: ' WHERE')
	  . " ($is_source) IS NOT TRUE ORDER BY $key, depth) $w WHERE depth <= COALESCE($max_depth, 100)";

	$q->{tables}{ $table->{sql} } = 1;
	$q->{navigations}++;
	return {
		call => $call,
		alias => $alias,
		subquery => "($subquery)",
		one => 0,
		element => element(
			$alias, $table,
			row => "($alias.node)",
			node => 1,
			column => sub { "($alias.node)." . quote_name($_[0]) }) };
}

# n("c 1", ...): other names for the columns, or for the first few.
sub rename_columns
{
	my ($navigation) = @_;
	my @columns = @{ $navigation->{element}{table}{columns} };
	my $n = chance(0.5) ? @columns : between(1, scalar @columns);
	my %names;

	$names{ $columns[$_] } = "c $_" foreach 0 .. $n - 1;
	my $alias = $navigation->{alias};
	$navigation->{list} = '(' . join(', ', map { "\"c $_\"" } 0 .. $n - 1) . ')';
	$navigation->{element}{column} = sub {
		return "$alias." . quote_name($names{ $_[0] } // $_[0]);
	};
	$navigation->{element}{renamed} = 1;
	delete $navigation->{direct};
}

# Where a navigation starts: a row of something in scope, a row that is made
# up, or a key.
sub choose_source
{
	my ($q, @scope) = @_;
	my @rows = grep { has_relationships($_->{table}) } @scope;
	my $how = choose_by_weight(
		row => @rows ? 14 : 0,
		made => 1,
		key => 3,
		row_expression => @rows ? 3 : 0);

	return source_from_key($q, @scope) if $how eq 'key';
	return source_made_up($q) if $how eq 'made';

	my $e = $rows[-1];
	$e = choose(@rows) if chance(0.5);
	my $row = $e->{record} ? "$e->{row}::$e->{table}{sql}" : $e->{row};
	my %source = (
		table => $e->{table},
		arguments => $row,
		column => $e->{column},
		from => [],
		where => []);

	$q->{tables}{ $e->{table}{sql} } = 1;
	if ($how eq 'row_expression')
	{
		my $number = number_of($e);
		my $way = choose('case', 'coalesce', 'row', 'select', 'root', 'row');

		if ($way eq 'case')
		{
			my $n = number_constant($q);
			$source{arguments} = "CASE WHEN $number > $n THEN $row END";
			push @{ $source{where} }, "$number > $n";
		}
		elsif ($way eq 'coalesce')
		{
			$source{arguments} = "COALESCE($row, NULL)";
		}
		elsif ($way eq 'row')
		{
			$source{arguments} =
			    'ROW('
			  . join(', ', map { $e->{column}->($_) } @{ $e->{table}{columns} })
			  . ")::$e->{table}{sql}";
		}
		elsif ($way eq 'root' && $e->{table}{root})
		{
			$source{arguments} = "($row)::$e->{table}{root}{sql}";
			$source{table} = $e->{table}{root};
		}
		elsif ($way eq 'select')
		{
			$source{arguments} = "(SELECT $row)";
			$q->{may_stay}++;
		}
	}
	return \%source;
}

sub has_relationships
{
	my ($table) = @_;

	return @{ ($table->{root} // $table)->{relationships} } > 0;
}

sub random_table
{
	my ($q, $condition) = @_;
	my @tables = grep { $condition->($_) } @{ $q->{schema}{tables} };
	my $table = choose(@tables);

	$table = choose(@{ $table->{partitions} }) if $table->{partitions} && chance(0.25);
	$q->{tables}{ ($table->{root} // $table)->{sql} } = 1;
	return $table;
}

# A row that is in no table, or is: of constants.
sub source_made_up
{
	my ($q) = @_;
	my $table = random_table($q, sub { $_[0]{key} && has_relationships($_[0]) });
	my %values;

	# Only its key is filled in; foreign keys are null.
	foreach my $part (@{ $table->{key}{parts} })
	{
		$values{ $part->{name} } =
		  constant($q, plain_type($part->{type}),
			sub { quote_text(literal($part, random_row($table))) })
		  . '::' . plain_type($part->{type});
	}
	return {
		table => $table,
		arguments => 'ROW('
		  . join(', ', map { $values{$_} // 'NULL' } @{ $table->{columns} })
		  . ")::$table->{sql}",
		column => sub {
			return $values{ $_[0] } // 'NULL::' . plain_type($table->{type}{ $_[0] });
		},
		from => [],
		where => [] };
}

# The number of a row that may be there, or that keys lead to which are not valid.
sub random_row
{
	my ($table) = @_;

	return chance(0.2) ? choose(503, 510, 517) : between(1, $table->{rows} + 3);
}

sub plain_type
{
	my ($type) = @_;

	$type =~ s/ GENERATED.*//;
	$type =~ s{/\*.*\*/ ?}{};
	return $type =~ s/ +$//r;
}

# From a key: a constant one, or that of something in scope.
sub source_from_key
{
	my ($q, @scope) = @_;
	my @near = grep { $_->{table}{key} && has_relationships($_->{table}) } @scope;
	my $alias = 's' . ++$q->{naliases};
	my (@values, @types, $table);

	# Along a key of something in scope, or its own.
	my @steps;
	foreach my $e (@scope)
	{
		my $primary = $e->{table}{key};
		push @steps, [ $e, $e->{table}, [ map { $_->{name} } @{ $primary->{parts} } ], 1 ]
		  if $primary && has_relationships($e->{table});
		foreach my $fk (@{ $e->{table}{fks} })
		{
			my %at;
			@at{ @{ $fk->{to} } } = @{ $fk->{cols} };
			my @columns = map { $at{ $_->{name} } } @{ $fk->{target}{key}{parts} };
			push @steps, [ $e, $fk->{target}, \@columns, 0 ]
			  unless grep { !defined } @columns;
		}
	}
	if (@steps && chance(0.6))
	{
		my ($e, $of, $columns, $own) = @{ choose(@steps) };

		$table = $of;
		@values = map { $e->{column}->($_) } @$columns;
		foreach my $i (0 .. $#values)
		{
			my $type = $e->{table}{type}{ $columns->[$i] };
			my $to = $of->{key}{parts}[$i]{type};
			push @types, $type;
			$q->{may_stay}++ if $type ne $to;
		}
	}
	else
	{
		$table = random_table($q, sub { $_[0]{key} && has_relationships($_[0]) });
		foreach my $part (@{ $table->{key}{parts} })
		{
			my $type = plain_type($part->{type});
			my $literal = sub { quote_text(literal($part, random_row($table))) };
			my $typed = constant($q, $type, $literal);

			if (@{ $table->{key}{parts} } > 1 || chance(0.5))
			{
				push @values, $type =~ /COLLATE/ || $typed !~ /'/ ? $typed : "$typed\::$type";
				$values[-1] = chance(0.5) ? $values[-1] : "$typed\::$type"
				  unless $type =~ /COLLATE/;
			}
			elsif ($type =~ /^(smallint|int|bigint|numeric|fz.positive)$/ && chance(0.5))
			{
				my $other = choose('smallint', 'int', 'bigint', 'numeric');
				push @values, "$typed\::$other";
				$q->{may_stay}++ if $other ne $type;
			}
			else
			{
				push @values, $typed;
			}
		}
		$values[0] = 'NULL::' . $table->{key}{parts}[0]{type} =~ s/ COLLATE.*//r
		  if chance(0.04);
	}
	$q->{tables}{ ($table->{root} // $table)->{sql} } = 1;

	my @parts = @{ $table->{key}{parts} };
	my $key = @values == 1 ? $values[0] : 'ROW(' . join(', ', @values) . ')';
	my $name = quote_text($table->{sql});
	return {
		table => $table,
		by_key => 1,
		arguments => (chance(0.5) ? $name : "$name\::regclass") . ", $key",
		column => sub { "$alias." . quote_name($_[0]) },
		from => ["$table->{only}$table->{sql} $alias"],
		where => [
			map {
				compare("$alias." . quote_name($parts[$_]{name}),
					$parts[$_]{type}, $values[$_], $types[$_] // $parts[$_]{type})
			} 0 .. $#parts ] };
}

# Some relationships, one after the other.
sub choose_path
{
	my ($table, $length) = @_;
	my @path;

	$table = $table->{root} // $table;
	while (@path < $length && @{ $table->{relationships} })
	{
		push @path, choose(@{ $table->{relationships} });
		$table = $path[-1]{target};
	}
	return @path;
}

# The function, and the argument that says which relationship is meant.
sub name_path
{
	my ($q, $source, $target, @path) = @_;
	my $function = @path == 1 && chance(0.75) ? $path[0]{kind} : 'related';
	my $root = $target->{root} // $target;
	my @names;

	# Nothing needs to be said where there is only one.
	if (@path == 1)
	{
		my @candidates =
		  grep { $_->{target} == $root && ($function eq 'related' || $_->{kind} eq $function) }
		  @{ $path[0]{source}{relationships} };
		return ($function, '') if @candidates == 1 && chance(0.7);
	}

	foreach my $hop (@path)
	{
		my $name = $hop->{name};
		my @others = grep { $_ != $hop } @{ $hop->{source}{relationships} };

		$name = $hop->{full_name}
		  if chance(0.3)
		  && !grep { $_->{name} eq $hop->{full_name} || $_->{full_name} eq $hop->{full_name} }
		  @others;
		$name = $hop->{near}{name}
		  if $function ne 'related' && $function ne 'associated' && chance(0.2);
		push @names, quote_segment($name);
	}
	my $path = quote_text(join('.', @names));
	if ($q->{params} && chance(0.05))
	{
		push @{ $q->{params} }, { type => 'text', values => [ $path, $path ] };
		$path = '$' . @{ $q->{params} };
		$q->{may_stay}++;
	}
	return ($function, chance(0.05) ? ", $path || ''" : ", $path");
}

# The tables and the conditions of a path, written by hand.
sub write_chain
{
	my ($q, $source, $target, $path, $target_alias) = @_;
	my $column = $source->{column};
	my $types = $source->{table}{type};
	my (@from, @where);

	foreach my $i (0 .. $#$path)
	{
		my $hop = $path->[$i];
		my $last = $i == $#$path;
		my $table = $last ? $target : $hop->{target};
		my $alias = $last ? $target_alias : 'j' . ++$q->{naliases};
		my $fk = $hop->{near};
		my $meet = sub {
			my ($fk, $referenced, $referenced_types, $referencing, $referencing_types) = @_;
			push @where, compare(
				$referenced->($fk->{to}[$_]), $referenced_types->{ $fk->{to}[$_] },
				$referencing->($fk->{cols}[$_]), $referencing_types->{ $fk->{cols}[$_] })
			  foreach 0 .. $#{ $fk->{cols} };
		};
		my $here = sub { "$alias." . quote_name($_[0]) };

		if ($hop->{kind} eq 'parent')
		{
			$meet->($fk, $here, $table->{type}, $column, $types);
		}
		elsif ($hop->{kind} eq 'children')
		{
			$meet->($fk, $column, $types, $here, $table->{type});
		}
		else
		{
			my $between = 'j' . ++$q->{naliases};
			my $there = sub { "$between." . quote_name($_[0]) };

			push @from, "$fk->{table}{only}$fk->{table}{sql} $between";
			$meet->($fk, $column, $types, $there, $fk->{table}{type});
			$meet->($hop->{far}, $here, $table->{type}, $there, $fk->{table}{type});
		}
		push @from, "$table->{only}$table->{sql} $alias";
		$column = $here;
		$types = $table->{type};
	}
	return (\@from, \@where);
}


# ----- Random queries --------------------------------------------------------

# A navigation as the first or the only thing in FROM: the item, and what it
# wants in WHERE.
sub lead
{
	my ($navigation, $may_use_where) = @_;
	my $name = $navigation->{alias} . ($navigation->{list} // '');

	if ($navigation->{direct} && $may_use_where)
	{
		return ([ "$navigation->{call} $name", "$navigation->{direct}{table}" ],
			[ undef, $navigation->{direct}{where} ]);
	}
	return (pair('%s %s', [ $navigation->{call}, "LATERAL $navigation->{subquery}" ], $name));
}

# A navigation joined to what is there.
sub join_navigation
{
	my ($from, $navigation, $type, $condition) = @_;
	my $name = $navigation->{alias} . ($navigation->{list} // '');

	if ($type eq ',' || $type eq 'CROSS JOIN')
	{
		my $by_hand =
		  $navigation->{direct}
		  ? "JOIN $navigation->{direct}{table} ON $navigation->{direct}{where}"
		  : "CROSS JOIN LATERAL $navigation->{subquery} $name";
		return pair('%s%s', $from,
			[
				$type eq ','
				? ", $navigation->{call} $name"
				: " CROSS JOIN LATERAL $navigation->{call} $name",
				" $by_hand" ]);
	}
	if ($navigation->{direct})
	{
		return pair('%s %s %s ON %s', $from, $type,
			[ "LATERAL $navigation->{call} $name", $navigation->{direct}{table} ],
			[
				$condition->[NAVIGATED],
				"$navigation->{direct}{where} AND ($condition->[BY_HAND])" ]);
	}
	return pair('%s %s LATERAL %s %s ON %s', $from, $type,
		[ $navigation->{call}, $navigation->{subquery} ], $name, $condition);
}

# Something to begin with that is no navigation.
sub base
{
	my ($q, $depth) = @_;
	my $table = random_table($q, \&has_relationships);
	my $alias = new_alias($q);

	return choose_by_weight_of(
		[ 12 => sub { return (pair('%s %s', $table->{sql}, $alias), element($alias, $table)) } ],
		[
			1 => sub {
				return (pair('ONLY %s AS %s', $table->{partitions} ? $table->{partitions}[0]{sql} : $table->{sql}, $alias),
					element($alias, $table->{partitions} ? $table->{partitions}[0] : $table));
			} ],
		[
			2 => sub {
				my $inner = new_alias($q);
				my $e = element($inner, $table);
				my $condition = condition($q, [$e], 0);
				return (
					pair('(SELECT %s.* FROM %s %s WHERE %s%s) %s',
						$inner, $table->{sql}, $inner, $condition, choose('', '', ' OFFSET 0'), $alias),
					element($alias, $table, record => 1));
			} ],
		[
			2 => sub {
				my $inner = new_alias($q);
				return (
					pair('(SELECT %s AS r, %s AS n FROM %s %s%s) %s',
						$inner, number_of(element($inner, $table)), $table->{sql}, $inner,
						choose('', '', ' OFFSET 0'), $alias),
					element(
						$alias, $table,
						row => "$alias.r",
						column => sub { "($alias.r)." . quote_name($_[0]) }));
			} ]);
}

sub choose_by_weight_of
{
	my @choices = @_;
	my $index = choose_by_weight(map { ($_ => $choices[$_][0]) } 0 .. $#choices);

	return $choices[$index][1]->();
}

# FROM: the clause, the conditions that it wants, and what is in scope by it.
# If there is something outside, most navigations start from there.
sub from_clause
{
	my ($q, $outer, $depth) = @_;
	my ($from, @where, @scope, $comma, $full);

	if (@$outer && chance(0.8) || chance(0.07))
	{
		my $navigation = navigation($q, @$outer);
		my $condition;
		($from, $condition) = lead($navigation, 1);
		@scope = ($navigation->{element});
		push @where, $condition if $condition;
	}
	else
	{
		($from, @scope) = base($q, $depth);
	}
	my $steps = @$outer ? choose(0, 0, 0, 0, 1) : choose(1, 1, 1, 1, 2, 2, 3);
	foreach (1 .. $steps)
	{
		my $how = $comma ? 'comma' : choose_by_weight(
			comma => 3, cross => 1, inner => 5, left => 6, limit => 2, nested => @where ? 0 : 2);

		# Scope of what stands behind a comma: a JOIN there could not see the rest.
		my @seen = (@$outer, @scope);
		my $navigation;

		if ($how eq 'nested')
		{
			my ($inner_from, $e) = base($q, $depth);
			$navigation = navigation($q, $e);
			my $on = condition($q, [ $e, $navigation->{element} ], $depth - 1);
			$inner_from =
			  join_navigation($inner_from, $navigation, choose('JOIN', 'LEFT JOIN'), $on);
			my $type =
			  choose('JOIN', 'LEFT JOIN', 'RIGHT JOIN', $full++ ? 'JOIN' : 'FULL JOIN');
			$from = pair('%s %s (%s) ON %s = %s',
				$from, $type, $inner_from, number_of(choose(@scope)),
				number_of(choose($e, $navigation->{element})));
			push @scope, $e, $navigation->{element};
			next;
		}

		# Nearly always on from what is in this FROM.
		$navigation = navigation($q, chance(0.15) ? @seen : @scope);
		if ($how eq 'limit')
		{
			my $alias = new_alias($q);
			my ($item, $wanted) = lead($navigation, 1);
			my $e = $navigation->{element};
			my @conditions = ($wanted // ());
			push @conditions, condition($q, [ @seen, $e ], $depth - 1) if chance(0.5);

			my ($subquery, $result);
			if (chance(0.7))
			{
				$subquery = pair('(SELECT %s.* FROM %s%s ORDER BY %s LIMIT %s%s)',
					$navigation->{alias}, $item, where(@conditions), order_of($e),
					constant($q, 'int', sub { between(1, 3) }), choose('', '', ' OFFSET 1'));
				$result = element($alias, $e->{table}, record => 1);
				$result = element(
					$alias, $e->{table},
					row => "($alias.node)",
					node => 1,
					column => sub { "($alias.node)." . quote_name($_[0]) })
				  if $e->{node};
				if ($e->{renamed})
				{
					my ($own, $other) = ($navigation->{alias}, $e->{column});
					$result->{column} = sub { $other->($_[0]) =~ s/^\Q$own\E/$alias/r };
					$result->{renamed} = 1;
				}
			}
			else
			{
				# An aggregate; nothing can be navigated from it.
				$subquery = pair('(SELECT count(*) AS v, max(%s) AS m FROM %s%s)',
					number_of($e), $item, where(@conditions));
				$result = element($alias,
					{ number => 'v', columns => [ 'v', 'm' ], fks => [], relationships => [], type => {} });
			}
			$from = pair('%s %s LATERAL %s %s ON true', $from, choose('JOIN', 'LEFT JOIN'),
				$subquery, $alias);
			push @scope, $result;
			next;
		}

		my $e = $navigation->{element};
		if ($how eq 'comma' || $how eq 'cross')
		{
			$comma = 1 if $how eq 'comma';
			$from = join_navigation($from, $navigation, $how eq 'comma' ? ',' : 'CROSS JOIN');
		}
		else
		{
			my $on =
			  chance(0.4) ? pair('true') : condition($q, [ @seen, $e ], $depth - 1);
			$from = join_navigation($from, $navigation,
				$how eq 'left' ? 'LEFT JOIN' : 'JOIN', $on);
		}
		push @scope, $e;
	}
	return ($from, \@where, \@scope);
}

# An order in which no two different rows are equal.
sub order_of
{
	my ($e) = @_;

	return $e->{table}{key} && !$e->{table}{only} && chance(0.8)
	  ? join(', ', map { $e->{column}->($_->{name}) . choose('', ' DESC') }
		  @{ $e->{table}{key}{parts} })
	  : "($e->{row})::text COLLATE \"C\"";
}

# A condition on what is in scope; with sub-selects, unless depth is 0.
sub condition
{
	my ($q, $scope, $depth) = @_;

	$depth = 0 if $depth < 0;
	my $e = chance(0.5) ? $scope->[-1] : choose(@$scope);
	my $other = choose(@$scope);
	my $number = number_of($e);
	my $how = choose_by_weight(
		compare => 8, null => 2, text => 2, row => 2, columns => 2, true => 1,
		combined => 2,
		exists => $depth * 4,
		in => $depth * 2,
		scalar => $depth * 2);

	if ($how eq 'compare')
	{
		return pair('%s %s %s', $number, choose('<', '>', '=', '<>', '>=', 'IS DISTINCT FROM'),
			number_constant($q));
	}
	return pair('%s %s', $number, choose('IS NULL', 'IS NOT NULL')) if $how eq 'null';
	return pair('true') if $how eq 'true';
	if ($how eq 'text' && $e->{table}{text})
	{
		return pair('%s %s %s', $e->{column}->($e->{table}{text}), choose('=', '<>', '<'),
			constant($q, 'text', sub { quote_text('t' . between(1, 6)) }));
	}
	return pair('%s %s', $e->{row}, choose('IS NULL', 'IS NOT NULL', 'IS NOT NULL'))
	  if $how eq 'row' || $how eq 'text';
	return pair('%s %s %s', $number, choose('=', '<', 'IS NOT DISTINCT FROM', '<>'),
		number_of($other))
	  if $how eq 'columns';
	if ($how eq 'combined')
	{
		my $left = condition($q, $scope, $depth - 1);
		my $right = condition($q, $scope, $depth - 1);
		return chance(0.25)
		  ? pair('NOT (%s)', $left)
		  : pair('(%s %s %s)', $left, choose('AND', 'OR', 'OR'), $right);
	}

	# Sub-selects.
	my ($from, $where, $inner) = from_clause($q, $scope, $depth - 1);
	my @conditions = @$where;
	push @conditions, condition($q, [ @$scope, @$inner ], $depth - 1) if chance(0.5);
	my $body = pair(' FROM %s%s', $from, where(@conditions));
	my $value = number_of(choose(@$inner));

	return pair('%sEXISTS (SELECT %s%s)', choose('', '', 'NOT '), choose('1', '', '*', $value),
		$body)
	  if $how eq 'exists';
	return pair('%s %s (SELECT %s%s)', $number,
		choose('IN', 'IN', 'NOT IN', '= ANY', '>= ALL', '< ANY'), $value, $body)
	  if $how eq 'in';
	return pair('(SELECT %s%s) %s %s', choose('count(*)', "max($value)", "count($value)"), $body,
		choose('<', '>', '='), number_constant($q))
	  if chance(0.7);
	return pair('%s = ANY (ARRAY(SELECT %s%s))', $number, $value, $body);
}

# The SELECT list's expressions.  In text form they are good for everything
# that looks at equality; otherwise they may be rows, and stars.
sub output
{
	my ($q, $scope, $depth, $text) = @_;
	my $e = chance(0.4) ? $scope->[-1] : choose(@$scope);
	my $row = $e->{row};
	my $how = choose_by_weight(
		row => 4, number => 4, column => 4, null => 2,
		json => $e->{renamed} ? 0 : 1,
		raw => $text ? 0 : 2,
		star => $text || $row =~ /\.r$/ ? 0 : 1,
		subquery => $depth > 0 ? 3 : 0);
	my $column = choose(@{ $e->{table}{columns} });

	return pair('(%s)::text COLLATE "C"', $row) if $how eq 'row';
	return pair($text ? '%s::text COLLATE "C"' : '%s', number_of($e)) if $how eq 'number';
	return pair('(%s)::text COLLATE "C"', $e->{column}->($column)) if $how eq 'column';
	return pair('(%s %s)::text', $row, choose('IS NULL', 'IS NOT NULL')) if $how eq 'null';
	return pair('to_jsonb(%s)::text COLLATE "C"', $row) if $how eq 'json';
	return pair('%s', $row) if $how eq 'raw';
	return pair('%s.*', $row) if $how eq 'star';

	my ($from, $where, $inner) = from_clause($q, $scope, $depth - 1);
	my @conditions = @$where;
	push @conditions, condition($q, [ @$scope, @$inner ], $depth - 1) if chance(0.4);
	my $body = pair(' FROM %s%s', $from, where(@conditions));
	my $e_inner = choose(@$inner);
	my $value = number_of($e_inner);
	return pair('(SELECT %s%s)::text', choose('count(*)', "count($e_inner->{row})", "sum($value)",
			"string_agg(($e_inner->{row})::text, ',' ORDER BY ($e_inner->{row})::text COLLATE \"C\")"), $body)
	  if chance(0.8);
	return pair('ARRAY(SELECT %s%s ORDER BY 1)::text', $value, $body);
}

# A whole SELECT.
sub select_query
{
	my ($q, %options) = @_;
	my $text = $options{text};
	my $noutputs = $options{outputs} // between(1, 4);
	my ($from, $where, $scope) = from_clause($q, $options{outer} // [], 2);
	my @seen = (@{ $options{outer} // [] }, @$scope);
	my @conditions = @$where;
	my $kind = $options{kind} // choose_by_weight(
		rows => 10, grouped => 3, total => 1, distinct => 1, window => 1, ordered => 1, locked => 1,
		target_list => 1);

	push @conditions, condition($q, \@seen, 2) foreach 1 .. choose(0, 0, 1, 1, 1, 2);

	if ($kind eq 'grouped' || $kind eq 'total')
	{
		my @aggregates = ('count(*)', map {
				my $e = choose(@$scope);
				my $row = $e->{row};
				my $n = number_of($e);
				choose("count($row)", "sum($n)", "min($n)", "count(DISTINCT $n)",
					"max(($row)::text COLLATE \"C\")", "bool_or($row IS NULL)",
					"count(*) FILTER (WHERE $row IS NOT NULL)",
					"string_agg(($row)::text, ';' ORDER BY ($row)::text COLLATE \"C\")",
					"array_agg($n ORDER BY $n)")
			} 2 .. $noutputs);
		my $by = number_of(choose(@$scope));
		my @outputs = map { "($_)::text COLLATE \"C\"" } @aggregates;
		my $tail = '';

		if ($kind eq 'grouped')
		{
			my $grouping = choose("($by)", "($by)", "ROLLUP ($by)");
			$outputs[0] = "($by)::text";
			push @outputs, 'count(*)::text' unless @outputs > 1;
			@outputs = @outputs[ 0 .. $noutputs - 1 ] if $options{outputs};
			$tail = " GROUP BY $grouping" . (chance(0.3) ? ' HAVING count(*) > 1' : '');
		}
		return pair('SELECT %s FROM %s%s%s', list_outputs(@outputs), $from,
			where(@conditions), $tail);
	}

	my $careful = $text || $kind eq 'distinct' || $kind eq 'ordered';
	my @outputs = map { output($q, \@seen, 1, $careful) } 1 .. $noutputs;
	if ($kind eq 'window')
	{
		my $e = choose(@$scope);
		$outputs[-1] = pair('(%s OVER (PARTITION BY %s))::text',
			choose('count(*)', "count($e->{row})", 'sum(' . number_of($e) . ')'),
			number_of(choose(@$scope)));
	}
	if ($kind eq 'target_list' && !$text && !$options{plain_from})
	{
		# A set in the SELECT list is never rewritten.  By hand there are no commas
		# in FROM, so it can be joined.
		my $navigation = navigation($q, @$scope);
		$q->{may_stay}++;
		my $list = list_outputs(@outputs);
		return [
			"SELECT $list->[NAVIGATED], $navigation->{call} FROM $from->[NAVIGATED]"
			  . where(@conditions)->[NAVIGATED],
			"SELECT $list->[BY_HAND], $navigation->{alias} FROM "
			  . "$from->[BY_HAND] CROSS JOIN LATERAL $navigation->{subquery} $navigation->{alias}"
			  . ($navigation->{list} // '')
			  . where(@conditions)->[BY_HAND] ];
	}
	my $query = pair('SELECT %s%s FROM %s%s', $kind eq 'distinct' ? 'DISTINCT ' : '',
		list_outputs(@outputs), $from, where(@conditions));
	if ($kind eq 'ordered')
	{
		$query = pair('%s ORDER BY %s LIMIT %s OFFSET %s', $query, join(', ', 1 .. @outputs),
			constant($q, 'int', sub { between(1, 20) }), between(0, 3));
	}
	elsif ($kind eq 'locked' && !$q->{no_locks} && !$options{outputs})
	{
		# Navigations cannot be named there; tables of the hand-written form
		# could.
		my $e = $scope->[0];
		return $query
		  unless $e->{row} =~ /^[^.]+$/
		  && $from->[NAVIGATED] =~ /^(ONLY )?\S+( AS)? \Q$e->{row}\E\b/
		  && $from->[NAVIGATED] !~ /(RIGHT|FULL) JOIN/;
		$query = pair('%s FOR UPDATE OF %s', $query, $e->{row});
	}
	return $query;
}

# With names, which views and the like need.
sub list_outputs
{
	my @outputs = map { ref $_ ? $_ : pair('%s', $_) } @_;
	my $n = 0;

	return join_pairs(
		', ',
		map { $n++; $_->[NAVIGATED] =~ /\.\*$/ ? $_ : pair('%s AS c%s', $_, $n) } @outputs);
}

# Statements that are more than a SELECT of their own.
sub compound_query
{
	my ($q, $text) = @_;
	my $kind = choose_by_weight(
		simple => 14, union => 3, cte => 3, recursive => 2);

	if ($kind eq 'union')
	{
		my $n = between(1, 3);
		return pair('%s %s %s',
			select_query($q, text => 1, outputs => $n, kind => 'rows'),
			choose('UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT', 'EXCEPT ALL'),
			select_query($q, text => 1, outputs => $n, kind => choose('rows', 'distinct')));
	}
	if ($kind eq 'cte')
	{
		# Rows of a CTE, which are records, and a CTE with a navigation in it.  A
		# cast makes a row of nulls of a record that is null, so by hand that must
		# be taken care of.
		my ($from, $where, $scope) = from_clause($q, [], 1);
		my $e = choose(grep { $_->{table}{sql} } @$scope);
		my $how = choose('', '', 'MATERIALIZED ', 'NOT MATERIALIZED ');
		my $named = chance(0.5);
		my $w = element('w', $e->{table}, record => 1);
		my $list = "$e->{row}.*";

		if ($e->{row} =~ /\.r$/ || $e->{renamed} || $named)
		{
			$w = element('w', $e->{table}, row => 'w.r',
				column => sub { '(w.r).' . quote_name($_[0]) });
			$list = "$e->{row}::$e->{table}{sql} AS r";
			$list = pair('%s AS r',
				[
					"$e->{row}::$e->{table}{sql}",
					"CASE WHEN $e->{row} IS DISTINCT FROM NULL THEN $e->{row}::$e->{table}{sql} END" ])
			  if $e->{navigated};
		}
		my @conditions = @$where;
		push @conditions, condition($q, $scope, 1) if chance(0.5);
		my $navigation = navigation($q, $w);
		my $f = $navigation->{element};
		my $main = join_navigation(pair('w'), $navigation, choose('JOIN', 'LEFT JOIN'),
			chance(0.5) ? pair('true') : condition($q, [ $w, $f ], 1));
		my @outputs = map { output($q, [ $w, $f ], 1, 1) } 1 .. between(1, 3);
		return pair('WITH w AS %s(SELECT %s FROM %s%s) SELECT %s FROM %s%s', $how, $list, $from,
			where(@conditions), list_outputs(@outputs), $main,
			where(chance(0.5) ? condition($q, [ $w, $f ], 2) : ()));
	}
	if ($kind eq 'recursive')
	{
		# Along a relationship from a table to itself, if there is one.
		my @selfish = grep {
			my $t = $_;
			grep { $_->{target} == $t && ($_->{kind} ne 'associated') } @{ $t->{relationships} }
		} @{ $q->{schema}{tables} };
		return select_query($q, text => $text) unless @selfish;
		my $table = choose(@selfish);
		my $alias = new_alias($q);
		my $w = element('w', $table, row => 'w.r', column => sub { '(w.r).' . quote_name($_[0]) });
		my $hop =
		  choose(grep { $_->{target} == $table && $_->{kind} ne 'associated' }
			  @{ $table->{relationships} });
		my $navigated = new_alias($q);
		my %source = (table => $table, column => $w->{column}, from => [], where => []);
		my ($chain, $conditions) = write_chain($q, \%source, $table, [$hop], $navigated);

		$q->{navigations}++;
		$q->{tables}{ $table->{sql} } = 1;
		return pair(
			'WITH RECURSIVE w(r, d) AS (SELECT %s, 0 FROM %s %s WHERE %s UNION ALL SELECT %s, w.d + 1 FROM w, %s WHERE %s) SELECT w.d::text AS c1, (w.r)::text AS c2 FROM w WHERE %s',
			$alias, $table->{sql}, $alias, condition($q, [ element($alias, $table) ], 1),
			$navigated,
			[
				"relnav.$hop->{kind}(w.r, NULL::$table->{sql}, "
				  . quote_text(quote_segment($hop->{near}{name}))
				  . ") $navigated",
				"$chain->[0]" ],
			[ 'w.d < 3', join(' AND ', 'w.d < 3', @$conditions) ],
			condition($q, [$w], 1));
	}
	return select_query($q, text => $text);
}

# A query and how it is run: lists of statements for each form.
#
#	before, after		not compared
#	run					compared
#	explain				statements to look at for what was not rewritten
sub make_query
{
	my ($schema, $number) = @_;
	my %q = (
		schema => $schema,
		number => $number,
		naliases => 0,
		navigations => 0,
		may_stay => 0,
		tables => {});
	my $mode = choose_by_weight(
		plain => 40, prepared => 20, view => 7, sql_function => 6, plpgsql_function => 5,
		copy => 3, cursor => 5, table_as => 3, insert => 5, update => 6, delete => 3,
		merge => 3, modifying => 2);
	my @before;
	my @after;

	$q{mode} = $mode;
	push @before, choose_settings() if chance(0.3);

	# The server itself (18 and 19) takes t and ONLY t for the same there.
	push @before, 'SET enable_self_join_elimination = off'
	  if $version >= 18 && grep { $_->{only} } @{ $schema->{tables} };
	push @after, 'RESET ALL' if @before;
	if ($schema->{row_security} && $mode ne 'view' && chance(0.4))
	{
		push @before, 'SET ROLE fz_reader';
		unshift @after, 'RESET ROLE';
		$q{as_reader} = 1;
		$q{may_stay}++ if $schema->{nested_policies};
	}
	$q{no_locks} = 1 if $mode ne 'plain';
	my $make = __PACKAGE__->can("make_$mode");
	$make->(\%q);
	$q{before} = [ @before, @{ $q{before} // [] } ];
	$q{after} = [ @{ $q{after} // [] }, @after ];
	return \%q;
}

# Other plans for the same.
sub choose_settings
{
	my @settings = shuffle(
		'SET enable_hashjoin = off', 'SET enable_mergejoin = off', 'SET enable_nestloop = off',
		'SET enable_material = off', 'SET enable_memoize = off', 'SET enable_seqscan = off',
		'SET enable_indexscan = off; SET enable_bitmapscan = off', 'SET enable_hashagg = off',
		'SET enable_sort = off', 'SET from_collapse_limit = 1', 'SET join_collapse_limit = 1',
		'SET geqo_threshold = 2', 'SET enable_partitionwise_join = on',
		'SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0',
		($version >= 16 ? 'SET debug_parallel_query = on' : 'SET force_parallel_mode = on'));

	return @settings[ 0 .. between(0, 2) ];
}

sub make_plain
{
	my ($q) = @_;
	my $query = compound_query($q);

	$q->{run} = [$query];
	$q->{explain} = $query;
}

sub make_copy
{
	my ($q) = @_;
	my $query = compound_query($q, 1);

	$q->{run} = [ pair('COPY (%s) TO STDOUT', $query) ];
	$q->{explain} = $query;
}

# A statement that is prepared once and executed with several plans, for
# several roles.
sub make_prepared
{
	my ($q) = @_;

	$q->{params} = [];
	my $query = compound_query($q);
	my $types = join(', ', map { $_->{type} =~ s/ COLLATE.*//r } @{ $q->{params} });
	my @calls = map {
		my $n = $_;
		'EXECUTE p'
		  . (@{ $q->{params} }
			? '(' . join(', ', map { $_->{values}[$n] } @{ $q->{params} }) . ')'
			: '')
	} 0, 1;
	my $mode = choose('force_generic_plan', 'force_generic_plan', 'force_custom_plan', 'auto');

	$q->{before} = [
		"SET plan_cache_mode = $mode",
		pair('PREPARE p%s AS %s', $types eq '' ? '' : "($types)", $query) ];
	$q->{run} = [ map { pair('%s', $_) } @calls, $calls[0] ];
	if ($q->{schema}{row_security} && chance(0.5))
	{
		my ($from, $to) =
		  $q->{as_reader}
		  ? ('RESET ROLE', 'SET ROLE fz_reader')
		  : ('SET ROLE fz_reader', 'RESET ROLE');
		push @{ $q->{run} }, map { pair('%s', $_) } $from, $calls[0], $to, $calls[0];
	}
	$q->{explain} = pair('%s', $calls[0]);
	$q->{after} = [ 'DEALLOCATE p', 'RESET plan_cache_mode' ];
}

sub make_view
{
	my ($q) = @_;
	my $query = compound_query($q, 1);

	$q->{before} = [ pair('CREATE TEMP VIEW fv AS %s', $query) ];
	$q->{run} = [ map { pair('%s', $_) } 'SELECT * FROM fv',
		'SELECT count(*), count(fv), max(fv::text COLLATE "C") FROM fv WHERE c1 IS NOT NULL' ];
	$q->{explain} = pair('SELECT * FROM fv');
	$q->{after} = ['DROP VIEW fv'];
}

# A function that the server inlines, where it can.
sub make_sql_function
{
	my ($q) = @_;
	my $query = select_query($q, text => 1, outputs => 2, kind => 'rows');
	my $volatility = choose('STABLE', 'STABLE', 'VOLATILE');
	my $body = chance(0.5);

	$q->{before} = [
		$body
		? pair('CREATE FUNCTION pg_temp.f() RETURNS TABLE (c1 text, c2 text) %s LANGUAGE sql AS $fz$ %s $fz$',
			$volatility, $query)
		: pair('CREATE FUNCTION pg_temp.f() RETURNS TABLE (c1 text, c2 text) %s LANGUAGE sql BEGIN ATOMIC %s; END',
			$volatility, $query) ];
	$q->{run} = [ map { pair('%s', $_) } 'SELECT * FROM pg_temp.f()',
		'SELECT s.a, f.c1 FROM fz.scratch s LEFT JOIN LATERAL pg_temp.f() f ON f.c2 > s.a',
		'SELECT count(*) FROM pg_temp.f()' ];
	$q->{after} = ['DROP FUNCTION pg_temp.f()'];
}

sub make_plpgsql_function
{
	my ($q) = @_;
	my $query = select_query($q, text => 1, outputs => 2, kind => 'rows');

	$q->{before} = [
		pair('CREATE FUNCTION pg_temp.f() RETURNS TABLE (r1 text, r2 text) %s LANGUAGE plpgsql AS $fz$ BEGIN RETURN QUERY %s; END $fz$',
			choose('STABLE', 'VOLATILE'), $query) ];
	$q->{run} =
	  [ map { pair('%s', $_) } ('SELECT * FROM pg_temp.f()') x 2, 'SELECT count(*) FROM pg_temp.f()' ];
	$q->{after} = ['DROP FUNCTION pg_temp.f()'];
}

# Rows in no order cannot be fetched in parts, but twice.
sub make_cursor
{
	my ($q) = @_;
	my $query = compound_query($q);

	$q->{before} = [ 'BEGIN', pair('DECLARE c SCROLL CURSOR FOR %s', $query) ];
	$q->{run} =
	  [ map { pair('%s', $_) } 'FETCH ALL FROM c', 'FETCH BACKWARD ALL FROM c', 'FETCH ALL FROM c' ];
	$q->{explain} = $query;
	$q->{after} = ['ROLLBACK'];
}

sub make_table_as
{
	my ($q) = @_;
	my $query = compound_query($q, 1);

	$q->{before} = ['BEGIN'];
	$q->{run} = [
		pair('CREATE TEMP TABLE made AS %s', $query),
		pair('TABLE made') ];
	$q->{explain} = $query;
	$q->{after} = ['ROLLBACK'];
}

# Statements that change something do it in a transaction that is rolled back.
sub in_transaction
{
	my ($q, $statement, $table) = @_;

	$q->{before} = ['BEGIN'];
	$q->{run} = [ $statement, pair('SELECT (x)::text FROM %s x', $table) ];
	$q->{explain} = $statement;
	$q->{after} = ['ROLLBACK'];
}

sub make_insert
{
	my ($q) = @_;

	in_transaction(
		$q,
		pair('INSERT INTO fz.scratch (a, b) %s RETURNING a, b',
			select_query($q, text => 1, outputs => 2)),
		'fz.scratch');
}

sub make_update
{
	my ($q) = @_;
	my $table = random_table($q, sub { $_[0]{number} && $_[0]{key} && has_relationships($_[0]) });
	my $x = element('u', $table);
	my $number = quote_name($table->{number});
	my $returning =
	  join(', ', map { $x->{column}->($_->{name}) . '::text' } @{ $table->{key}{parts} })
	  . ", u.$number, (u)::text";

	if (chance(0.5))
	{
		# The target itself cannot be navigated from in FROM; its like can.
		my ($from, @scope) = (pair('%s y', $table->{sql}), element('y', $table));
		my $navigation = navigation($q, @scope);
		push @scope, $navigation->{element};
		$from = join_navigation($from, $navigation, choose('JOIN', 'LEFT JOIN'), pair('true'));
		my $same = join(' AND ',
			map { $x->{column}->($_->{name}) . ' = ' . $scope[0]{column}->($_->{name}) }
			  @{ $table->{key}{parts} });
		return in_transaction(
			$q,
			pair('UPDATE %s u SET %s = coalesce(u.%s, 0) + 1 FROM %s WHERE %s AND %s RETURNING %s',
				$table->{sql}, $number, $number, $from, $same,
				condition($q, \@scope, 1), $returning),
			$table->{sql});
	}
	my ($from, $where, $inner) = from_clause($q, [$x], 1);
	my $navigation = navigation($q, $x);
	my ($item, $wanted) = lead($navigation, 1);
	in_transaction(
		$q,
		pair('UPDATE %s u SET %s = (SELECT count(*) FROM %s%s) WHERE %s RETURNING %s, (SELECT sum(%s) FROM %s%s)',
			$table->{sql}, $number, $from, where(@$where), condition($q, [$x], 2), $returning,
			number_of($navigation->{element}), $item, where($wanted // ())),
		$table->{sql});
}

# Rows that no other row needs.
sub make_delete
{
	my ($q) = @_;
	my @leaves =
	  grep { !$_->{referenced} && has_relationships($_) } @{ $q->{schema}{tables} };

	return make_insert($q) unless @leaves;
	my $table = choose(@leaves);
	my $x = element('u', $table);
	$q->{tables}{ $table->{sql} } = 1;
	return in_transaction(
		$q,
		pair('DELETE FROM %s u WHERE %s RETURNING (u)::text, %s', $table->{sql},
			condition($q, [$x], 2), output($q, [$x], 1, 1)),
		$table->{sql})
	  if chance(0.5);

	my ($from, @scope) = (pair('%s y', $table->{sql}), element('y', $table));
	my $navigation = navigation($q, @scope);
	push @scope, $navigation->{element};
	$from = join_navigation($from, $navigation, 'JOIN', pair('true'));
	in_transaction(
		$q,
		pair('DELETE FROM %s u USING %s WHERE u.ctid = y.ctid AND u.tableoid = y.tableoid AND %s RETURNING (u)::text',
			$table->{sql}, $from, condition($q, \@scope, 1)),
		$table->{sql});
}

sub make_merge
{
	my ($q) = @_;
	my ($from, $where, $scope) = from_clause($q, [], 1);
	my $n = number_of(choose(@$scope));

	in_transaction(
		$q,
		pair('MERGE INTO fz.scratch s USING (SELECT coalesce(%s, 0)::text AS k, count(*) AS n FROM %s%s GROUP BY 1) m ON s.a = m.k WHEN MATCHED AND m.n > 2 THEN DELETE WHEN MATCHED THEN UPDATE SET b = m.n::text WHEN NOT MATCHED THEN INSERT VALUES (m.k, m.n::text)',
			$n, $from, where(@$where)),
		'fz.scratch');
}

# Onwards from what a statement in WITH returns.
sub make_modifying
{
	my ($q) = @_;
	my @leaves =
	  grep { !$_->{referenced} && has_relationships($_) } @{ $q->{schema}{tables} };

	return make_insert($q) unless @leaves;
	my $table = choose(@leaves);
	my $w = element('w', $table, record => 1);
	my $navigation = navigation($q, $w);
	$q->{tables}{ $table->{sql} } = 1;
	in_transaction(
		$q,
		pair('WITH w AS (DELETE FROM %s u WHERE %s RETURNING u.*) SELECT %s FROM %s',
			$table->{sql}, condition($q, [ element('u', $table) ], 1),
			list_outputs(map { output($q, [ $w, $navigation->{element} ], 1, 1) } 1, 2),
			join_navigation(pair('w'), $navigation, 'LEFT JOIN', pair('true'))),
		$table->{sql});
}


# ----- Running and comparing -------------------------------------------------

my @forms = ('rewritten', 'executed', 'by hand');

# The text for psql of one query in one form.
sub write_script
{
	my ($q, $form, $marked) = @_;
	my $side = $form eq 'by hand' ? BY_HAND : NAVIGATED;
	my $text = sub { return ref $_[0] ? $_[0]->[$side] : $_[0] };
	my @lines = ('SET relnav.inline = ' . ($form eq 'executed' ? 'off' : 'on') . ';');

	push @lines, map { $text->($_) . ';' } @{ $q->{before} };
	unshift @lines, "\\echo \@\@query $q->{number} $form" if $marked;
	push @lines, '\echo @@before :SQLSTATE :LAST_ERROR_MESSAGE' if $marked;
	if ($marked && $q->{explain} && $form ne 'by hand')
	{
		push @lines, 'SAVEPOINT fz;' if ($q->{before}[0] // '') eq 'BEGIN';
		push @lines, 'EXPLAIN (VERBOSE, COSTS OFF) ' . $text->($q->{explain}) . ';',
		  '\echo @@explain';
		push @lines, 'ROLLBACK TO fz;' if ($q->{before}[0] // '') eq 'BEGIN';
	}
	foreach my $statement (@{ $q->{run} })
	{
		push @lines, $text->($statement) . ';';
		push @lines, '\echo @@end :SQLSTATE :LAST_ERROR_MESSAGE' if $marked;
	}
	push @lines, map { $text->($_) . ';' } @{ $q->{after} };
	return join('', map { "$_\n" } @lines);
}

my $session = "SET client_min_messages = error; LOAD 'relnav';\n";

# Run queries, and keep what they say: by number and form, the state and the
# sorted rows of each statement.  Returns false if the server went away.
sub run_queries
{
	my ($node, $results, @some) = @_;
	my $script = $session . "\\pset null '<null>'\n";

	foreach my $q (@some)
	{
		$script .= write_script($q, $_, 1) foreach @forms;
	}
	$script .= "\\echo \@\@query end\n";

	my ($status, $stdout, $stderr) =
	  $node->psql('postgres', $script, on_error_stop => 0);
	my ($result, @rows);
	my $ended = 0;

	foreach my $line (split /\n/, $stdout)
	{
		if ($line =~ /^\@\@query (\d+) (.*)/)
		{
			$result = $results->{$1}{$2} = { states => [], rows => [], stayed => 0 };
			@rows = ();
		}
		elsif ($line eq '@@query end')
		{
			$ended = 1;
		}
		elsif ($line =~ /^\@\@before (\w+) ?(.*)/)
		{
			$result->{error} = "$1 $2" if $1 ne '00000';
			@rows = ();
		}
		elsif ($line =~ /^\@\@explain/)
		{
			$result->{stayed} = grep { /Function Scan on relnav\./ } @rows;
			$result->{plan} = [@rows];
			@rows = ();
		}
		elsif ($line =~ /^\@\@end (\w+) ?(.*)/)
		{
			my $state = $1;
			$result->{error} //= "$1 $2" if $state ne '00000';
			push @{ $result->{states} }, $state;
			push @{ $result->{rows} }, join("\n", sort @rows);
			@rows = ();
		}
		else
		{
			push @rows, $line;
		}
	}
	return $ended;
}

# One string for all that must be equal.
sub summarize
{
	my ($q, $result) = @_;

	return 'nothing' unless $result && @{ $result->{states} } == @{ $q->{run} };
	return join("\n--\n",
		($result->{error} ? 'error' : ''),
		map { "$result->{states}[$_]\n$result->{rows}[$_]" } 0 .. $#{ $result->{states} });
}

# All that is needed to see a failure again.
sub show_failure
{
	my ($schema, $q, $result, $what) = @_;
	my @tables;
	my %wanted = %{ $q->{tables} };

	# The tables of the query, and what they refer to.
	foreach my $table (reverse @{ $schema->{tables} })
	{
		my $is_wanted = $wanted{ $table->{sql} }
		  || grep { $wanted{ $_->{sql} } } @{ $table->{partitions} // [] };
		next unless $is_wanted;
		$wanted{ $_->{target}{sql} } = 1 foreach @{ $table->{fks} };
		unshift @tables, $table;
	}
	my $text = "$what: seed $schema->{seed}, query $q->{number} ($q->{mode})\n";
	$text .= "CREATE EXTENSION IF NOT EXISTS relnav; CREATE ROLE fz_reader;\n";
	$text .= "$_;\n"
	  foreach get_preamble(), (map { @{ $_->{ddl} } } @tables), get_epilogue();
	$text .= $session;
	foreach my $form (@forms)
	{
		$text .= "-- $form\n" . write_script($q, $form, 0);
		my $r = $result->{$form};
		$text .= "-- error: $r->{error}\n" if $r && $r->{error};
		$text .= "-- no answer\n" unless $r && @{ $r->{states} };
	}

	# What is different.
	foreach my $i (0 .. $#{ $q->{run} })
	{
		my @rows = map { [ split /\n/, $result->{$_}{rows}[$i] // '' ] } @forms;
		my %count;
		$count{$_}[0]++ foreach @{ $rows[0] };
		$count{$_}[1]++ foreach @{ $rows[1] };
		$count{$_}[2]++ foreach @{ $rows[2] };
		my @different = grep {
			my @n = map { $_ // 0 } @{ $count{$_} }[ 0 .. 2 ];
			$n[0] != $n[1] || $n[1] != $n[2]
		} sort keys %count;
		$text .= sprintf("-- statement %d: %s rows\n", $i + 1, join(' / ', map { scalar @$_ } @rows));
		$text .= sprintf("--   %s x %s\n", join(' / ', map { $_ // 0 } @{ $count{$_} }[ 0 .. 2 ]), substr($_, 0, 200))
		  foreach grep { defined } @different[ 0 .. 4 ];
	}
	$text .= join('', map { "-- $_\n" } @{ $result->{rewritten}{plan} })
	  if $what eq 'not rewritten' && $result->{rewritten}{plan};
	return $text;
}


# ----- The test --------------------------------------------------------------

my $node = start_server("restart_after_crash = on\nstatement_timeout = 2s\n");

my %total = map { $_ => 0 }
  ('queries', 'navigations', 'rewritten', 'executed', 'errors', 'timeouts', 'rows',
	'mismatches', 'failures', 'crashes', 'not rewritten');
my $shown = 0;

for (my $done = 0; $done < $queries; $done += QUERIES_PER_SCHEMA)
{
	my $n = $queries - $done < QUERIES_PER_SCHEMA ? $queries - $done : QUERIES_PER_SCHEMA;

	srand($seed);
	$salt = 0;
	my $schema = make_schema();
	$schema->{seed} = $seed++;
	install_schema($node, $schema);
	my @made = map { make_query($schema, $_) } 1 .. $n;
	my %results;
	my @left = @made;

	# A query that crashes the server takes the session with it; go on behind it.
	while (@left && !run_queries($node, \%results, @left))
	{
		my ($last) = grep { $results{ $_->{number} } } reverse @left;

		$node->poll_query_until('postgres', 'SELECT true')
		  or BAIL_OUT('the server does not come back');
		last unless $last;
		$results{ $last->{number} }{crash} = 1;
		@left = grep { $_->{number} > $last->{number} } @left;
	}

	foreach my $q (@made)
	{
		my $result = $results{ $q->{number} };
		my @said = map { summarize($q, $result->{$_}) } @forms;
		my @errors = grep { $result->{$_} && $result->{$_}{error} } @forms;
		my $what;

		$total{queries}++;
		$total{navigations} += $q->{navigations};
		if ($result->{crash})
		{
			$what = 'crash';
			$total{crashes}++;
		}
		elsif (grep { $result->{$_}{error} =~ /^57014/ } @errors)
		{
			$total{timeouts}++;
		}
		elsif ($said[0] ne $said[1] || $said[1] ne $said[2])
		{
			$what = @errors ? 'error' : 'mismatch';
			$total{ @errors ? 'failures' : 'mismatches' }++;
		}
		elsif (@errors)
		{
			$total{errors}++;
			diag("seed $schema->{seed}, query $q->{number}: $result->{$errors[0]}{error}")
			  if $ENV{RELNAV_FUZZ_VERBOSE};
		}
		else
		{
			$total{rows}++ if $said[0] =~ /\n[^\n]*[^0\n-]/;
			my $stayed = $result->{rewritten}{stayed};
			if ($q->{explain})
			{
				$total{rewritten} += $q->{navigations} - $stayed;
				$total{executed} += $result->{executed}{stayed};
			}
			if ($stayed && !$q->{may_stay})
			{
				$what = 'not rewritten';
				$total{'not rewritten'}++;
			}
		}
		diag(show_failure($schema, $q, $result, $what)) if $what && $shown++ < MAX_SHOWN;
	}
}

note(join(', ', map { "$total{$_} $_" } sort keys %total));
is($total{mismatches}, 0, "$total{queries} queries give the same rows in three forms");
is($total{failures}, 0, 'no form fails where another does not');
is($total{crashes}, 0, 'the server survives');
is($total{'not rewritten'}, 0, 'everything is rewritten that could be');
cmp_ok($total{errors}, '<=', $total{queries} / 20, 'few queries fail in all forms');
# How many do not is up to the machine.
cmp_ok($total{timeouts}, '<', $total{queries} / 2, 'most queries come to their ends');
cmp_ok($total{rewritten}, '>', $total{queries}, 'navigations were rewritten');
cmp_ok($total{executed}, '>', $total{queries} / 2, 'and executed with relnav.inline = off');
cmp_ok($total{rows}, '>', $total{queries} / 3, 'many queries have rows');
unlike(slurp_file($node->logfile), qr/TRAP:|PANIC|terminated by signal/,
	'nothing of that kind in the log');

$node->stop;
done_testing();
