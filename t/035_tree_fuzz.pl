# Copyright (c) 2026, relnav developers

# A differential fuzzer of trees: random specs over random schemas.  Four ways
# of asking for the trees of all rows of a table, tree(row), tree(table, key),
# tree_agg and trees, must agree with json that SQL written by hand makes, from
# the same random choices and from what this file knows about the foreign keys
# itself.
#
#   RELNAV_FUZZ_SEED      where to begin; the default is fixed
#   RELNAV_FUZZ_QUERIES   how many specs; the default is a short run
#
# Each schema has a seed of its own, the first RELNAV_FUZZ_SEED, the next one
# more, and serves SPECS_PER_SCHEMA specs, as in 020_fuzz.pl.
#
# What the contract leaves open cannot be compared: without "order by" arrays
# are sorted first, and a limit has an order that leaves no choice.

use strict;
use warnings;

use JSON::PP;
use PostgreSQL::Test::Utils;
use Test::More;

use FindBin;
use lib $FindBin::RealBin;
use FuzzSchema;

use constant SPECS_PER_SCHEMA => 40;
use constant MAX_DEPTH => 3;
use constant MAX_SHOWN => $ENV{RELNAV_FUZZ_SHOWN} || 5;

my $seed = $ENV{RELNAV_FUZZ_SEED} // 20260301;
my $specs = $ENV{RELNAV_FUZZ_QUERIES} // 120;


# ----- Relationships by hand -------------------------------------------------

my $naliases;

sub new_alias { return 'x' . ++$naliases; }

sub column { my ($alias, $name) = @_; return "$alias." . quote_name($name); }

# A foreign key's condition, between aliases of its table and of its target.
sub key_condition
{
	my ($fk, $from, $to) = @_;

	return join(
		' AND ',
		map {
			compare(
				column($to, $fk->{to}[$_]), $fk->{target}{type}{ $fk->{to}[$_] },
				column($from, $fk->{cols}[$_]), $fk->{table}{type}{ $fk->{cols}[$_] })
		} 0 .. $#{ $fk->{cols} });
}

# That the row "to" is met from the row "from" by these relationships: a set,
# so all rows between them are in an EXISTS.
sub path_condition
{
	my ($from, $to, $r, @others) = @_;

	if (@others)
	{
		my $between = new_alias();

		return "EXISTS (SELECT FROM $r->{target}{only}$r->{target}{sql} $between WHERE "
		  . path_condition($from, $between, $r) . ' AND '
		  . path_condition($between, $to, @others) . ')';
	}
	return key_condition($r->{near}, $from, $to) if $r->{kind} eq 'parent';
	return key_condition($r->{near}, $to, $from) if $r->{kind} eq 'children';

	my $association = new_alias();
	return "EXISTS (SELECT FROM $r->{near}{table}{only}$r->{near}{table}{sql} $association WHERE "
	  . key_condition($r->{near}, $association, $from) . ' AND '
	  . key_condition($r->{far}, $association, $to) . ')';
}

sub is_to_one { return !grep { $_->{cardinality} !~ /-to-one$/ } @_; }

# Can one row be met more than once from one?  Not where the two keys of an
# association table contain something unique.
sub repeats
{
	my ($r) = @_;
	return 0 unless $r->{far};
	my %known;
	foreach my $key ($r->{near}, $r->{far})
	{
		$known{$_} = 1 foreach grep { !$key->{compared_otherwise}{$_} } @{ $key->{cols} };
	}

	foreach my $unique (@{ $r->{near}{table}{uniques} })
	{
		return 0 unless grep { !$known{$_} } @$unique;
	}
	return 1;
}

# A random path from a table, or nothing.
sub random_path
{
	my ($table, $hops, $to_one) = @_;
	my @path;

	while (@path < $hops)
	{
		my @next = grep { !$to_one || is_to_one($_) } @{ $table->{relationships} };
		last unless @next;
		push @path, choose(@next);
		$table = $path[-1]{target};
	}
	return @path;
}

sub path_text { return join('.', map { quote_segment($_->{name}) } @_); }


# ----- Random specs ----------------------------------------------------------
#
# A node is a hash:
#
#	spec			its items as the user writes them
#	pairs			the arguments of json_build_object, for the alias asked for
#	nested			nodes by key; of each, is it an array, and in a fixed order?

# A condition on the columns of a table: in the spec, and by hand.
sub condition
{
	my ($table, $alias) = @_;
	my @simple;

	foreach (1 .. choose(1, 1, 2))
	{
		my $how = choose_by_weight(number => 3, text => 3, null => 1, list => 1);
		my $negated = chance(0.2) ? 'NOT ' : '';
		my $name = $how eq 'number' || $how eq 'list' ? $table->{number} : $table->{text};
		my $rest =
		    $how eq 'number' ? ' ' . choose('=', '<>', '<', '>', '<=', '>=') . ' ' . between(0, 10)
		  : $how eq 'list'   ? ' IN (' . join(', ', map { between(0, 10) } 1 .. between(1, 4)) . ')'
		  : $how eq 'null'   ? ' IS ' . choose('', 'NOT ') . 'NULL'
		  :   ' ' . choose('=', '<>', '>') . ' ' . quote_text('t' . between(1, 6));

		$name = choose(@{ $table->{columns} }) if $how eq 'null' || !defined $name;
		$rest = ' IS NOT NULL' unless $table->{number} || $how eq 'null';
		push @simple,
		  [ "$negated(" . quote_name($name) . "$rest)", "$negated(" . column($alias, $name) . "$rest)" ];
	}
	my $and = choose(' AND ', ' OR ');

	return map { my $i = $_; join($and, map { $_->[$i] } @simple) } 0, 1;
}

# An order that leaves no choice, or nothing where rows have no key.
sub order
{
	my ($table, $alias) = @_;
	my @keys;

	return () unless $table->{primary} && @{ $table->{primary} };
	push @keys, choose(@{ $table->{columns} }) if chance(0.5);
	push @keys, shuffle(@{ $table->{primary} });
	my @how = map { choose('', '', ' desc') . choose('', '', ' nulls first', ' nulls last') } @keys;
	return map {
		my $side = $_;
		join(', ', map { ($side ? column($alias, $keys[$_]) : quote_name($keys[$_])) . $how[$_] } 0 .. $#keys)
	} 0, 1;
}

# The clauses of a node, in the spec and by hand; and is its order fixed?
sub clauses
{
	my ($alias, $to_one, $table) = @_;
	my %clauses = (spec => '', where => '', tail => '', ordered => 0);

	if (chance(0.35))
	{
		my ($spec, $sql) = condition($table, $alias);
		$clauses{spec} .= " where $spec";
		$clauses{where} = " AND ($sql)";
	}
	if (!$to_one && chance(0.4) && (my ($spec, $sql) = order($table, $alias)))
	{
		my $limits =
		  choose('', ' limit ' . between(0, 3), ' limit ' . between(1, 4) . ' offset ' . between(0, 2));
		$clauses{spec} .= " order by $spec$limits";
		$clauses{tail} = " ORDER BY $sql$limits";
		$clauses{ordered} = 1;
	}
	return \%clauses;
}

# A subselect with the trees of a node that is met by a path.
sub nested
{
	my ($node, $from, @path) = @_;
	my $target = $path[-1]{target};
	my $rows =
	    "SELECT json_build_object("
	  . join(', ', @{ $node->{pairs} })
	  . ") AS tree FROM $target->{only}$target->{sql} $node->{alias} WHERE "
	  . path_condition($from, $node->{alias}, @path)
	  . $node->{clauses}{where}
	  . $node->{clauses}{tail};

	return "($rows)" unless $node->{array};
	return "(SELECT coalesce(json_agg(t.tree), '[]') FROM ($rows) t)";
}

# The items of a node for rows of a table, whose alias is given.
sub make_node
{
	my ($table, $alias, $depth) = @_;
	my %node = (alias => $alias, pairs => [], nested => {}, array => 0, clauses => { where => '', tail => '', ordered => 0 });
	my (@items, %taken, %starred);
	my @relationships = @{ $table->{relationships} };

	# Free keys only; an alias for what would be taken.
	my $key_of = sub {
		my ($name) = @_;
		my $key = $name;

		$key = choose('a', 'The key', 'имя', 'order', 'count') . between(1, 999)
		  if $taken{$name} || chance(0.15);
		$key .= 'x' while $taken{$key};
		$taken{$key} = 1;
		return ($key, $key eq $name ? '' : quote_segment($key) . ': ');
	};
	my $add = sub {
		my ($key, $value) = @_;
		push @{ $node{pairs} }, quote_text($key) . ", $value";
	};

	foreach (1 .. between(1, $depth ? 4 : 3))
	{
		my $how = choose_by_weight(
			column => 4,
			node => $depth && @relationships ? 5 : 0,
			flat => @relationships ? 1 : 0,
			count => @relationships ? 1 : 0);

		if ($how eq 'column')
		{
			my $name = choose(@{ $table->{columns} });
			my ($key, $as) = $key_of->($name);

			push @items, $as . quote_segment($name);
			$add->($key, column($alias, $name));
		}
		elsif ($how eq 'flat')
		{
			my @path = random_path($table, choose(1, 1, 2), 1) or next;
			my $target = $path[-1]{target};
			my $name = choose(@{ $target->{columns} });
			my ($key, $as) = $key_of->($name);
			my $to = new_alias();

			push @items, $as . path_text(@path) . '.' . quote_segment($name);
			$add->(
				$key,
				'(SELECT to_json(' . column($to, $name) . ") FROM $target->{only}$target->{sql} $to WHERE "
				  . path_condition($alias, $to, @path) . ')');
		}
		elsif ($how eq 'count')
		{
			my @path = random_path($table, choose(1, 1, 2));
			my $target = $path[-1]{target};
			my ($key, $as) = $key_of->("$path[-1]{name}_count");
			my $to = new_alias();
			my ($spec, $sql) = chance(0.4) ? condition($target, $to) : ();

			push @items, "${as}count(" . path_text(@path) . (defined $spec ? " where $spec" : '') . ')';
			$add->(
				$key,
				"(SELECT count(*) FROM $target->{only}$target->{sql} $to WHERE "
				  . path_condition($alias, $to, @path) . (defined $sql ? " AND ($sql)" : '') . ')');
		}
		else
		{
			my @path = random_path($table, choose(1, 1, 1, 2, 3));
			my ($key, $as) = $key_of->($path[-1]{name});
			my $inner = make_node($path[-1]{target}, new_alias(), $depth - 1);

			$inner->{array} = !is_to_one(@path);
			$inner->{clauses} = clauses($inner->{alias}, !$inner->{array}, $path[-1]{target});
			push @items, $as . path_text(@path) . "($inner->{spec}$inner->{clauses}{spec})";
			$add->($key, nested($inner, $alias, @path));
			$node{nested}{$key} = $inner;
		}
	}

	# Every relationship that does not repeat, by its listed name; beside all
	# columns by a name that none of them has.
	my $with_columns = chance(0.2);
	if ($depth && @relationships && @relationships < 8 && chance(0.1))
	{
		foreach my $r (grep { !repeats($_) } @relationships)
		{
			my ($key) = grep { !$with_columns || !exists $table->{type}{$_} } $r->{name}, $r->{full_name};
			$key //= $r->{near}{name};
			next if $taken{$key};
			my $inner = make_node($r->{target}, new_alias(), 0);

			# The same items for all: all columns.
			$inner->{pairs} =
			  [ map { quote_text($_) . ', ' . column($inner->{alias}, $_) } @{ $r->{target}{columns} } ];
			$inner->{nested} = {};
			$inner->{array} = !is_to_one($r);
			$add->($key, nested($inner, $alias, $r));
			$node{nested}{$key} = $inner;
			$starred{$key} = 1;
		}
		%taken = (%taken, %starred);
		push @items, choose('*(*)', '*()');
	}

	# All columns, which yield to what has a name.
	if (!@items || $with_columns)
	{
		$add->($_, column($alias, $_)) foreach grep { !$taken{$_} } @{ $table->{columns} };
		splice @items, between(0, scalar @items), 0, '*' if @items || chance(0.5);
	}
	$node{spec} = join(choose(', ', ','), @items);
	return \%node;
}


# ----- Running and comparing -------------------------------------------------

# One text for a tree, with the arrays sorted whose order is not fixed.
my $json = JSON::PP->new->canonical->allow_nonref->allow_bignum;

sub sort_arrays
{
	my ($tree, $node) = @_;

	return unless ref $tree eq 'HASH';
	foreach my $key (keys %{ $node->{nested} })
	{
		my $inner = $node->{nested}{$key};

		if ($inner->{array} && ref $tree->{$key} eq 'ARRAY')
		{
			sort_arrays($_, $inner) foreach @{ $tree->{$key} };
			@{ $tree->{$key} } = sort { $json->encode($a) cmp $json->encode($b) } @{ $tree->{$key} }
			  unless $inner->{clauses}{ordered};
		}
		else
		{
			sort_arrays($tree->{$key}, $inner);
		}
	}
}

sub canonical
{
	my ($text, $node) = @_;
	my $tree = eval { $json->decode($text) };

	return "no json: $text" if $@;
	sort_arrays($_, $node) foreach ref $tree eq 'ARRAY' ? @$tree : $tree;
	return $json->encode($tree);
}

# The statements of one spec: each way returns a row for each root, in one
# order, but for the aggregate.
sub make_query
{
	my ($schema, $number) = @_;
	my $table = choose(@{ $schema->{tables} });

	# No column is called like an alias, which would stand for it and not for the row.
	$naliases = 0;
	my $root = new_alias();
	my $node = make_node($table, $root, between(1, MAX_DEPTH));
	my $spec = quote_text($node->{spec});
	my $from = "$table->{only}$table->{sql} $root";
	my @key = map { column($root, $_) } @{ $table->{primary} };
	my $order = @key ? ' ORDER BY ' . join(', ', @key) : " ORDER BY $root.ctid";
	my $name = quote_text($table->{sql});
	my $key = @key == 1 ? $key[0] : 'ROW(' . join(', ', @key) . ')';
	my %query = (
		number => $number,
		node => $node,
		table => $table,
		expected => 'SELECT json_build_object(' . join(', ', @{ $node->{pairs} }) . ") FROM $from$order",
		ways => { row => "SELECT relnav.tree($root, $spec) FROM $from$order",
			aggregate => "SELECT relnav.tree_agg($root, $spec$order) FROM $from" });

	if (@key)
	{
		$query{ways}{key} = "SELECT relnav.tree($name, $key, $spec) FROM $from$order";
		$query{ways}{page} = "SELECT * FROM relnav.trees($name, ARRAY(SELECT $key FROM $from$order), $spec)"
		  unless @key == 1 && $table->{type}{ $table->{primary}[0] } =~ /\[\]/;
	}
	return \%query;
}

# The trees of one way as one text, or an error.
sub ask
{
	my ($node, $query, $way) = @_;
	my $statement = $way eq 'expected' ? $query->{expected} : $query->{ways}{$way};
	my ($status, $stdout, $stderr) = $node->psql('postgres', "$statement;", on_error_stop => 1);

	return "error: $stderr" if $status != 0;
	# A value is on one line: to_json() has no line feed but json_agg() has.
	$stdout =~ s/\n/ /g if $way eq 'aggregate';
	return $stdout;
}

# Rows of json as one canonical text.
sub normalize
{
	my ($query, $way, $text) = @_;

	return $text if $text =~ /^error: /;
	return canonical($text, $query->{node}) if $way eq 'aggregate';
	return canonical('[' . join(',', split /\n(?=\{)/, $text) . ']', $query->{node});
}

sub show_failure
{
	my ($schema, $query, $way, $got, $expected) = @_;
	my $text = "seed $schema->{seed}, spec $query->{number}, $way\n";

	$text .= "CREATE EXTENSION IF NOT EXISTS relnav; CREATE ROLE fz_reader;\n";
	$text .= "$_;\n" foreach get_preamble(), (map { @{ $_->{ddl} } } @{ $schema->{tables} }), get_epilogue();
	$text .= "$query->{ways}{$way};\n-- by hand\n$query->{expected};\n";
	return $text . '-- got:      ' . substr($got, 0, 2000) . "\n-- expected: " . substr($expected, 0, 2000) . "\n";
}


# ----- The test --------------------------------------------------------------

my $node = start_server("session_preload_libraries = 'relnav'\nstatement_timeout = 10s\n");

my %total = map { $_ => 0 } ('specs', 'compared', 'mismatches', 'errors', 'by hand failed', 'nested');
my $shown = 0;

for (my $done = 0; $done < $specs; $done += SPECS_PER_SCHEMA)
{
	my $n = $specs - $done < SPECS_PER_SCHEMA ? $specs - $done : SPECS_PER_SCHEMA;

	srand($seed);
	$salt = 0;
	my $schema = make_schema();
	$schema->{seed} = $seed++;
	install_schema($node, $schema);

	foreach my $number (1 .. $n)
	{
		my $query = make_query($schema, $number);
		my $text = ask($node, $query, 'expected');
		my $expected = normalize($query, 'expected', $text);

		$total{specs}++;
		$total{nested}++ if $text =~ /[\{,] ?"[^"]*" : \[?\{/;
		if ($expected =~ /^(error|no json): /)
		{
			$total{'by hand failed'}++;
			diag("seed $schema->{seed}, spec $number: $expected\n$query->{expected}") if $shown++ < MAX_SHOWN;
			next;
		}
		foreach my $way (sort keys %{ $query->{ways} })
		{
			my $got = normalize($query, $way, ask($node, $query, $way));

			$total{compared}++;
			next if $got eq $expected;
			$total{ $got =~ /^error: / ? 'errors' : 'mismatches' }++;
			diag(show_failure($schema, $query, $way, $got, $expected)) if $shown++ < MAX_SHOWN;
		}
	}
}

note(join(', ', map { "$total{$_} $_" } sort keys %total));
is($total{mismatches}, 0, "$total{specs} specs give the same trees in every way");
is($total{errors}, 0, 'and no way fails');
is($total{'by hand failed'}, 0, 'nor does the SQL by hand');
cmp_ok($total{compared}, '>', 2 * $total{specs}, 'most tables are asked by key, too');
cmp_ok($total{nested}, '>', $total{specs} / 3, 'many trees have something nested');
unlike(slurp_file($node->logfile), qr/TRAP:|PANIC|terminated by signal/,
	'nothing of that kind in the log');

$node->stop;
done_testing();
