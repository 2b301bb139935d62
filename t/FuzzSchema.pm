# Copyright (c) 2026, relnav developers

# What the fuzzers have in common: a server, chance, quoting, and random schemas.
# Before make_schema() is called the server must be started, srand() called with
# the schema's seed, and $salt be 0; then a seed always gives the same.

package FuzzSchema;

use strict;
use warnings;

use Exporter 'import';
use PostgreSQL::Test::Cluster;
use Test::More;

our @EXPORT = qw($version $has_nocase $salt start_server
  chance between choose choose_by_weight shuffle quote_name quote_text
  quote_segment literal compare make_schema get_preamble get_epilogue
  install_schema);

our $version;       # of the server, such as 15
our $has_nocase;    # is there ICU?
our $salt = 0;      # makes each column's values others

# A server with these settings besides those of all fuzzers, the extension, and
# the role to which rows are hidden.
sub start_server
{
	my ($settings) = @_;
	my $node = PostgreSQL::Test::Cluster->new('main');

	$node->init(extra => [ '--no-locale', '--encoding=UTF8' ]);
	$node->append_conf('postgresql.conf', "client_min_messages = error\nlog_statement = none\njit = off\n$settings");
	$node->start;
	$version = int($node->safe_psql('postgres', 'SHOW server_version_num') / 10000);
	$has_nocase = $node->safe_psql('postgres',
		q{SELECT count(*) > 0 FROM pg_collation WHERE collprovider = 'i'}) eq 't';
	$node->safe_psql('postgres', 'CREATE EXTENSION relnav; CREATE ROLE fz_reader');
	return $node;
}


# ----- Chance ----------------------------------------------------------------

sub chance { return rand() < $_[0]; }

sub between { my ($low, $high) = @_; return $low + int(rand($high - $low + 1)); }

sub choose { return $_[ int(rand(@_)) ]; }

# choose_by_weight(a => 3, b => 1): mostly a.
sub choose_by_weight
{
	my @choices = @_;
	my $total = 0;

	for (my $i = 1; $i < @choices; $i += 2) { $total += $choices[$i]; }
	my $at = rand($total);
	for (my $i = 1; $i < @choices; $i += 2)
	{
		$at -= $choices[$i];
		return $choices[ $i - 1 ] if $at < 0;
	}
	return $choices[-2];
}

sub shuffle
{
	my @list = @_;

	for (my $i = $#list; $i > 0; $i--)
	{
		my $j = int(rand($i + 1));
		@list[ $i, $j ] = @list[ $j, $i ];
	}
	return @list;
}


# ----- Text ------------------------------------------------------------------

sub quote_name
{
	my ($name) = @_;

	return $name
	  if $name =~ /^[a-z_][a-z0-9_]*$/ && $name ne 'select' && $name ne 'order';
	$name =~ s/"/""/g;
	return "\"$name\"";
}

sub quote_text
{
	my ($text) = @_;

	$text =~ s/'/''/g;
	return "'$text'";
}

# A name in a path.
sub quote_segment
{
	my ($name) = @_;

	return $name if $name =~ /^[A-Za-z_][A-Za-z0-9_\$]*$/ && !chance(0.1);
	$name =~ s/"/""/g;
	return "\"$name\"";
}


# ----- Random schemas --------------------------------------------------------
#
# A table is a hash:
#
#	name, sql		sql is what to write for it in a statement
#	columns			names of all columns that are not dropped, in order
#	type			of each column, by name
#	key				cols and parts: what tells its rows apart, and is referenced
#	number			the name of a column with small integers, or undef
#	text			the name of a column with a few texts, or undef
#	fks				the foreign keys from it
#	referenced		is there a key to it?
#	primary			the columns of its primary key; none where it has no key
#	uniques			lists of columns that are unique, that of its primary key first
#	rows			1 to this are in it
#	only			"ONLY " if others inherit from it
#	root, partitions
#	ddl				statements that make it
#
# Key values are made from a row's number, counted from 1, so that foreign keys
# can be filled in one INSERT per table, short enough to be read.  A part of a
# key has a type and two ways to make an integer from a row's number: in SQL and
# here.

# How a value of a type is made from an integer, in SQL; and as a literal.
my %images = (
	'smallint' => '%s::smallint',
	'int' => '%s',
	'bigint' => '%s::bigint',
	'numeric' => '%s::numeric',
	'numeric(10,2)' => '%s::numeric(10,2)',
	'real' => '%s::real',
	'float8' => '%s::float8',
	'fz.positive' => '%s::fz.positive',
	'text' => q{('k' || %s)},
	'text COLLATE "C"' => q{('k' || %s)},
	'text COLLATE "POSIX"' => q{('k' || %s)},
	'varchar(20)' => q{('k' || %s)::varchar(20)},
	'char(8)' => q{('k' || %s)::char(8)},
	'char(10)' => q{('k' || %s)::char(10)},
	'text COLLATE fz.nocase' => q{(CASE WHEN %1$s %% 2 = 0 THEN 'k' ELSE 'K' END || %1$s)},
	'text /*K*/ COLLATE fz.nocase' => q{('K' || %s)},
	'uuid' => q{('00000000-0000-0000-0000-' || lpad((%s)::text, 12, '0'))::uuid},
	'date' => q{(date '2020-01-01' + %s)},
	'timestamp' => q{(date '2020-01-01' + %s)::timestamp},
	'interval' => q{(%s * interval '1 day')},
	'interval /*hours*/' => q{(%s * interval '24 hours')},
	'int[]' => q{('{' || %s || ',7}')::int[]},);

my %literals = (
	'text' => 'k%d',
	'varchar(20)' => 'k%d',
	'char(8)' => 'k%d',
	'text COLLATE "C"' => 'k%d',
	'text COLLATE fz.nocase' => 'K%d',
	'uuid' => '00000000-0000-0000-0000-%012d',
	'interval' => '%d days',
	'int[]' => '{%d,7}',);

# The types that may be referenced, and those that may reference them.
my %key_types = (
	'smallint' => [ 'smallint', 'int' ],
	'int' => [ 'int', 'int', 'smallint', 'bigint' ],
	'bigint' => [ 'bigint', 'int', 'smallint' ],
	'numeric' => [ 'numeric', 'numeric(10,2)', 'int', 'bigint' ],
	'float8' => [ 'float8', 'real', 'int' ],
	'fz.positive' => [ 'fz.positive', 'int' ],
	'text' => [ 'text', 'varchar(20)', 'text COLLATE "C"', 'text COLLATE "C"' ],
	'varchar(20)' => [ 'varchar(20)', 'text' ],
	'char(8)' => [ 'char(8)', 'char(10)' ],
	'text COLLATE "C"' => [ 'text COLLATE "C"', 'text', 'text COLLATE "POSIX"' ],
	'text COLLATE fz.nocase' =>
	  [ 'text COLLATE fz.nocase', 'text /*K*/ COLLATE fz.nocase' ],
	'uuid' => ['uuid'],
	'date' => [ 'date', 'timestamp' ],
	'timestamp' => [ 'timestamp', 'date' ],
	'interval' => [ 'interval', 'interval /*hours*/' ],
	'int[]' => ['int[]'],);

sub choose_key_type
{
	return choose_by_weight(
		'int' => 12, 'bigint' => 4, 'text' => 4, 'text COLLATE "C"' => 2, 'smallint' => 1, 'numeric' => 2,
		'float8' => 1, 'fz.positive' => 1, 'varchar(20)' => 1, 'char(8)' => 1,
		'uuid' => 1, 'date' => 1, 'timestamp' => 1, 'interval' => 1, 'int[]' => 1,
		'text COLLATE fz.nocase' => $has_nocase ? 1 : 0);
}

sub image { my ($type, $number) = @_; return sprintf($images{$type}, $number); }

# A part of a key as a literal, without the quotes.
sub literal
{
	my ($part, $row) = @_;
	my $n = $part->{count}->($row);

	if ($part->{type} eq 'date' || $part->{type} eq 'timestamp')
	{
		my @at = gmtime(1577836800 + 86400 * $n);
		return sprintf('%04d-%02d-%02d', $at[5] + 1900, $at[4] + 1, $at[3]);
	}
	return sprintf($literals{ $part->{type} } // '%d', $n);
}

# What "=" between two columns needs to be a foreign key's.
sub compare
{
	my ($left, $left_type, $right, $right_type) = @_;
	my ($l) = $left_type =~ /COLLATE (\S+)/;
	my ($r) = $right_type =~ /COLLATE (\S+)/;

	return "$left = $right" . (($l // '') eq ($r // '') ? '' : ' COLLATE "C"');
}

# A schema: tables, and the statements that make it.
sub make_schema
{
	my %schema = (tables => [], nfks => 0, names => {});
	my $ntables = between(5, 8);
	my @kinds = ('entity', 'entity');

	push @kinds,
	  choose_by_weight(entity => 6, association => 4, partitioned => 2, inherited => 1)
	  for 3 .. $ntables;
	push @kinds, 'association' unless grep { $_ eq 'association' } @kinds;

	foreach my $kind (@kinds)
	{
		my $table =
		  $kind eq 'association'
		  ? make_association(\%schema)
		  : make_entity(\%schema, $kind);
		push @{ $schema{tables} }, $table;
	}
	add_policies(\%schema);
	return \%schema;
}

# The names, short and odd, each once in a schema.
sub new_name
{
	my ($schema, @names) = @_;
	my $name = choose(@names);

	$name = choose(@names) . (chance(0.5) ? ' ' : '_') . between(1, 99)
	  while $schema->{names}{$name};
	$schema->{names}{$name} = 1;
	return $name;
}

sub new_table
{
	my ($schema) = @_;
	my $name = new_name($schema, 'orders', 'item', 'person', 'tag', 'city', 'film',
		'Order Items', 'a "quoted" name', 'таблица', 'x.y', 'select', 'Person', 'h1',
		'product', 'category', q{it's}, 'a,b(c)');
	my $other = chance(0.15);

	return {
		name => $name,
		sql => ($other ? '"Fz 2".' : 'fz.') . quote_name($name),
		columns => [],
		type => {},
		fks => [],
		only => '',
		rows => between(12, 30),
		ddl => [], };
}

sub new_column
{
	my ($table, $type, @names) = @_;
	my $name = choose(@names);

	$name = choose(@names) . between(2, 99) while exists $table->{type}{$name};
	$table->{type}{$name} = $type;
	return $name;
}

# A part of a key, counted from rows in one of a few ways.
sub make_part
{
	my ($table, $way, @names) = @_;
	my $type = choose_key_type();
	my %part = (type => $type, name => new_column($table, $type, @names));

	if ($way eq 'linear')
	{
		my ($factor, $offset) = chance(0.5) ? (1, 0) : (between(1, 3), between(0, 9));
		$part{sql} = sub { "($_[0] * $factor + $offset)" };
		$part{count} = sub { $_[0] * $factor + $offset };
	}
	else
	{
		# Together, the rest and the quotient tell rows apart.
		my $modulus = 7;
		my $operator = $way eq 'rest' ? '%' : '/';
		$part{sql} = sub { "($_[0] $operator $modulus)" };
		$part{count} =
		  $way eq 'rest'
		  ? sub { $_[0] % $modulus }
		  : sub { int($_[0] / $modulus) };
	}
	return \%part;
}

# A foreign key.  $rows is the number of the referenced row, in SQL.
sub make_fk
{
	my ($schema, $table, $target, $rows, $required) = @_;
	my $key =
	  !$required && $target->{other_key} && chance(0.3) ? $target->{other_key} : $target->{key};
	my $number = ++$schema->{nfks};
	my %fk = (
		table => $table,
		target => $target,
		name => chance(0.2) ? "Fk $number" : "fk_$number",
		to => [ map { $_->{name} } @{ $key->{parts} } ],
		cols => [],
		fill => {},
		valid => 1);
	my $stem = chance(0.8) ? $target->{name} : choose('owner', 'Parent', 'старший');

	$stem = substr($stem, 0, 20);
	foreach my $part (@{ $key->{parts} })
	{
		my $type = choose(@{ $key_types{ $part->{type} } });
		my $column = new_column($table, $type,
			@{ $key->{parts} } == 1
			? ("${stem}_id", "${stem}_id", "${stem}Id", "$stem ref")
			: ("${stem}_$part->{name}"));
		push @{ $fk{cols} }, $column;
		$fk{fill}{$column} = image($type, $part->{sql}->($rows));
	}

	# The server does not care about the order of the columns.
	if (@{ $fk{cols} } > 1 && chance(0.5))
	{
		@{ $fk{cols} } = reverse @{ $fk{cols} };
		@{ $fk{to} } = reverse @{ $fk{to} };
	}
	$target->{referenced} = 1;
	push @{ $table->{fks} }, \%fk;
	return \%fk;
}

# The number of some row of a table, in SQL: the same in each run, sometimes
# null, sometimes that of no row.

sub some_row
{
	my ($table, $nulls) = @_;

	return sprintf('fz.pick(g, %d, %d, %d)',
		++$salt, $table->{rows}, $nulls ? choose(0, 4, 9) : 0);
}

sub gcd { my ($m, $n) = @_; return $n ? gcd($n, $m % $n) : $m; }

# A table with a key and some columns.
sub make_entity
{
	my ($schema, $kind) = @_;
	my $table = new_table($schema);
	my $partitioned = $kind eq 'partitioned';
	my (%fill, @unique, @fk_ddl);

	# Its key; a part of it may be a foreign key.
	my @earlier = grep { $_->{key} && !$_->{only} } @{ $schema->{tables} };
	my $width = $partitioned ? choose(1, 1, 2) : choose(1, 1, 1, 1, 2, 2, 3);
	my @parts;
	if ($width == 1)
	{
		@parts = (make_part($table, 'linear', 'id', 'id', 'Id', 'the id', 'ключ', 'no'));
	}
	else
	{
		@parts = (
			make_part($table, 'rest', 'k1', 'K 1', 'tenant'),
			make_part($table, 'quotient', 'k2', 'position', 'order'));
		push @parts, make_part($table, 'linear', 'k3') if $width == 3;
	}
	if ($partitioned)
	{
		foreach my $part (@parts)
		{
			$part->{type} = $table->{type}{ $part->{name} } =
			  choose('int', 'int', 'bigint', 'text', 'date');
		}
	}
	$table->{key} = { parts => \@parts };
	$fill{ $_->{name} } = image($_->{type}, $_->{sql}->('g')) foreach @parts;

	# Another key that can be referenced, perhaps null.
	if (!$partitioned && chance(0.3))
	{
		my $part = make_part($table, 'linear', 'code', 'Code', 'email');
		my $required = chance(0.5);
		my $sql = $part->{sql};

		$part->{sql} = sub { "nullif(" . $sql->($_[0]) . ", " . $part->{count}->(5) . ")" }
		  unless $required;
		$fill{ $part->{name} } = image($part->{type}, $part->{sql}->('g'));
		$table->{not_null}{ $part->{name} } = $required;
		$table->{other_key} = { parts => [$part] };
		push @unique, [ $part->{name} ];
	}

	# Foreign keys: to earlier tables, to itself, twice to the same.
	my $nfks = @{ $schema->{tables} } ? choose(0, 1, 1, 1, 2, 2, 3) : chance(0.5) ? 1 : 0;
	my $again;
	foreach (1 .. $nfks)
	{
		my $self = !@earlier || chance(0.2);
		my $target = $self ? $table : $again && chance(0.4) ? $again : choose(@earlier);
		my $one_to_one = !$partitioned && !$self && chance(0.15);
		my ($rows, $factor);

		if ($one_to_one)
		{
			my $n = $target->{rows};
			$factor = between(1, $n);
			$factor = between(1, $n) while gcd($factor, $n) != 1;
			$rows = "CASE WHEN g <= $n THEN g * $factor % $n + 1 END";
			$rows = "($rows)";
		}
		else
		{
			$rows = some_row($target, 1);
		}
		my $fk = make_fk($schema, $table, $target, $rows);
		push @unique, $fk->{cols} if $one_to_one;

		# A key that does not hold for all rows; one column null of several.
		if (!$partitioned && !$target->{root} && !$one_to_one && chance(0.25))
		{
			$fk->{valid} = 0;
			foreach my $i (0 .. $#{ $fk->{cols} })
			{
				my ($part) = grep { $_->{name} eq $fk->{to}[$i] }
				  map { @{ $_->{parts} } } grep { $_ } @$target{ 'key', 'other_key' };
				my $column = $fk->{cols}[$i];
				$fk->{fill}{$column} = sprintf('CASE WHEN g %% 7 = 3 THEN %s ELSE %s END',
					image($table->{type}{$column}, $part->{sql}->('(g + 500)')),
					$fk->{fill}{$column});
			}
		}
		elsif (@{ $fk->{cols} } > 1 && chance(0.4))
		{
			my $column = choose(@{ $fk->{cols} });
			$fk->{fill}{$column} = "CASE WHEN g % 5 > 0 THEN $fk->{fill}{$column} END";
		}
		%fill = (%fill, %{ $fk->{fill} });
		$again = $target;
	}

	add_payload($table, \%fill);
	create_table($table, \%fill, \@unique, $kind);
	return $table;
}

# Columns that are no keys.
sub add_payload
{
	my ($table, $fill) = @_;

	$table->{number} = new_column($table, 'int', 'v', 'v', 'v', 'V v', 'amount');
	$fill->{ $table->{number} } = sprintf('nullif(fz.pick(g, %d, 10, 0), %d)', ++$salt,
		between(1, 10));
	$table->{text} = new_column($table, 'text', 't', 't', 'name', 'Name');
	$fill->{ $table->{text} } = sprintf(q{nullif('t' || fz.pick(g, %d, 6, 0), 't%d')},
		++$salt, between(1, 6));
}

# A table between others.
sub make_association
{
	my ($schema) = @_;
	my $table = new_table($schema);
	my @earlier = grep { $_->{key} } @{ $schema->{tables} };
	my $form = choose_by_weight(
		key => 6, extra => 2, bare => 1, surrogate => 1, ternary => 1, null => 1);
	my @targets = (choose(@earlier), choose(@earlier));
	my (%fill, @key, @unique);

	push @targets, choose(@earlier) if $form eq 'ternary';
	foreach my $target (@targets)
	{
		my $fk = make_fk($schema, $table, $target,
			some_row($target, $form eq 'bare' || $form eq 'null'), 1);
		push @key, @{ $fk->{cols} };
		%fill = (%fill, %{ $fk->{fill} });
	}
	if ($form eq 'extra')
	{
		my $column = new_column($table, 'int', 'at', 'since');
		$fill{$column} = 'g % 3';
		push @key, $column;
	}
	add_payload($table, \%fill) if $form ne 'bare' && chance(0.6);

	# Nothing refers to these, so their rows need no numbers.
	if ($form eq 'surrogate')
	{
		my $column = new_column($table, 'int', 'id');
		$fill{$column} = 'g';
		push @unique, [@key];
		@key = ($column);
	}
	elsif ($form eq 'null')
	{
		push @unique, [@key];
		@key = ();
	}
	@key = () if $form eq 'bare';
	$table->{rows} = between(20, 50);
	$table->{primary} = [@key];
	create_table($table, \%fill, \@unique, 'association');
	return $table;
}

# The statements that make and fill a table.
sub create_table
{
	my ($table, $fill, $unique, $kind) = @_;
	my @columns = shuffle(sort keys %$fill);
	my $primary = $table->{primary} //= [ map { $_->{name} } @{ $table->{key}{parts} } ];
	my $list = sub { join(', ', map { quote_name($_) } @_) };
	my %late = map { $_ => 1 }
	  grep { $_ eq ($table->{number} // '') && $kind eq 'entity' && chance(0.2) } @columns;
	my @ddl;

	# Columns that will have been dropped, before, between and after.
	my @physical = grep { !$late{$_} } @columns;
	my @dropped;
	if (chance(0.4))
	{
		foreach (1 .. between(1, 2))
		{
			push @dropped, 'dead_' . @dropped;
			splice @physical, between(0, scalar @physical), 0, $dropped[-1];
		}
	}
	my $definition = sub {
		return join(
			', ',
			map {
				my $type = $table->{type}{$_} // 'text';
				quote_name($_) . " $type"
				  . ($table->{not_null} && $table->{not_null}{$_} ? ' NOT NULL' : '')
			} @_);
	};
	my @constraints;
	$table->{uniques} = [ (@$primary ? [@$primary] : ()), @$unique ];
	push @constraints, 'PRIMARY KEY (' . $list->(@$primary) . ')' if @$primary;
	push @constraints, 'UNIQUE (' . $list->(@$_) . ')' foreach @$unique;
	my $constraints = join('', map { ", $_" } @constraints);

	# A generated column may stand anywhere.  The server itself (18 and 19) takes
	# no row with a virtual one for "IS NOT NULL" if there is a dropped one, too.
	my @generated;
	if ($table->{number} && !$late{ $table->{number} } && chance(0.15))
	{
		my $column = new_column($table, 'int', 'generated');
		my $how =
		  chance(0.5) && $version >= 18 && $kind ne 'partitioned' && !@dropped
		  ? 'VIRTUAL'
		  : 'STORED';
		$table->{type}{$column} = 'int GENERATED ALWAYS AS ('
		  . quote_name($table->{number}) . " + 1) $how";
		@generated = ($column);
		splice @physical, between(0, scalar @physical), 0, $column;
	}

	if ($kind eq 'partitioned')
	{
		push @ddl, create_partitions($table, \@physical, \@dropped, $definition, $constraints);
	}
	else
	{
		push @ddl, "CREATE TABLE $table->{sql} (" . $definition->(@physical) . "$constraints)";
	}

	# Half of what is dropped is dropped when there are rows.
	my $drop = join(', ', map { "DROP COLUMN $_" } @dropped);
	my $early = chance(0.5);
	push @ddl, "ALTER TABLE $table->{sql} $drop" if @dropped && $early;
	my @filled = grep { !$late{$_} } @columns;
	push @ddl,
	    "INSERT INTO $table->{sql} ("
	  . $list->(@filled)
	  . ") SELECT "
	  . join(', ', map { $fill->{$_} } @filled)
	  . " FROM generate_series(1, $table->{rows}) g"
	  . ($table->{key} ? '' : ' ON CONFLICT DO NOTHING');
	push @ddl, "ALTER TABLE $table->{sql} $drop" if @dropped && !$early;
	push @ddl, "ALTER TABLE $table->{sql} ADD COLUMN " . $definition->($_) . ' DEFAULT 5'
	  foreach sort keys %late;
	$table->{columns} =
	  [ (grep { my $c = $_; !grep { $_ eq $c } @dropped } @physical), sort keys %late ];

	if ($kind eq 'inherited')
	{
		my $child = $table->{sql};
		$child =~ s/("?)$/_child$1/;
		my $copied = $list->(grep { !/^generated/ } @{ $table->{columns} });
		$table->{only} = 'ONLY ';
		push @ddl, "CREATE TABLE $child (own int DEFAULT 1) INHERITS ($table->{sql})",
		  "INSERT INTO $child ($copied) SELECT $copied FROM ONLY $table->{sql} ORDER BY "
		  . quote_name($primary->[0])
		  . ' LIMIT 9';
	}

	foreach my $fk (@{ $table->{fks} })
	{
		my $suffix =
		    $fk->{valid} ? choose('', '', ' ON DELETE CASCADE', ' DEFERRABLE INITIALLY DEFERRED')
		  : $version >= 18 && chance(0.5) ? ' NOT ENFORCED'
		  :                                 ' NOT VALID';
		push @ddl,
		    "ALTER TABLE $table->{sql} ADD CONSTRAINT "
		  . quote_name($fk->{name})
		  . ' FOREIGN KEY ('
		  . $list->(@{ $fk->{cols} })
		  . ") REFERENCES $fk->{target}{sql} ("
		  . $list->(@{ $fk->{to} })
		  . ")$suffix";
		push @ddl, "CREATE INDEX ON $table->{sql} (" . $list->(@{ $fk->{cols} }) . ')'
		  if chance(0.6);
	}
	push @ddl, "ANALYZE $table->{sql}" if chance(0.7);
	push @{ $table->{ddl} }, @ddl;
}

# A partitioned table.  Its partitions may have their columns in another order,
# and other dropped ones.
sub create_partitions
{
	my ($table, $physical, $dropped, $definition, $constraints) = @_;
	my $part = $table->{key}{parts}[0];
	my $by_hash = $part->{type} eq 'text' || chance(0.4);
	my $bound = between(2, 6);
	my @bounds =
	  $by_hash
	  ? map { "FOR VALUES WITH (MODULUS 3, REMAINDER $_)" } 0 .. 2
	  : (
		"FOR VALUES FROM (MINVALUE) TO ('" . literal($part, $bound) . "')",
		"FOR VALUES FROM ('" . literal($part, $bound) . "') TO (MAXVALUE)");
	my @ddl =
	  ("CREATE TABLE $table->{sql} ("
		  . $definition->(@$physical)
		  . "$constraints) PARTITION BY "
		  . ($by_hash ? 'HASH' : 'RANGE') . ' ('
		  . quote_name($part->{name})
		  . ')');

	foreach my $i (0 .. $#bounds)
	{
		my $sql = $table->{sql};
		$sql =~ s/("?)$/_p$i$1/;
		my %partition = (%$table, sql => $sql, root => $table, ddl => []);

		if (chance(0.5))
		{
			push @ddl, "CREATE TABLE $sql PARTITION OF $table->{sql} $bounds[$i]";
			$partition{columns} = $physical;
		}
		else
		{
			my @columns = shuffle(@$physical);
			push @ddl,
			  "CREATE TABLE $sql (gone int, "
			  . $definition->(@columns)
			  . (chance(0.5) ? $constraints : '') . ')',
			  map { "ALTER TABLE $sql ALTER COLUMN " . quote_name($_->{name}) . ' SET NOT NULL' }
			  @{ $table->{key}{parts} };
			push @ddl, "ALTER TABLE $sql DROP COLUMN gone",
			  "ALTER TABLE $table->{sql} ATTACH PARTITION $sql $bounds[$i]";
			$partition{columns} = \@columns;
		}
		my %is_dropped = map { $_ => 1 } @$dropped;
		$partition{columns} = [ grep { !$is_dropped{$_} } @{ $partition{columns} } ];
		push @{ $table->{partitions} }, \%partition;
	}
	return @ddl;
}

# Row security, for the role fz_reader.  A policy may navigate, too.
sub add_policies
{
	my ($schema) = @_;

	foreach my $table (@{ $schema->{tables} })
	{
		next unless $table->{number} && chance(0.3);
		my $number = quote_name($table->{number});
		my $condition = choose(
			"$number IS NULL OR $number % 3 <> 0",
			"$number > 2",
			"length(" . quote_name($table->{text}) . ") > 0 OR $number < 5");
		my ($fk) = grep { $_->{target} != $table } @{ $table->{fks} };

		if ($fk && chance(0.3))
		{
			$condition .= sprintf(' OR EXISTS (SELECT FROM relnav.parent(%s, NULL::%s, %s) p)',
				quote_name($table->{name}), $fk->{target}{sql},
				quote_text(quote_segment($fk->{name})));
			$table->{policy_leads_to} = $fk->{target};
		}
		$schema->{row_security} = 1;
		push @{ $table->{ddl} }, "ALTER TABLE $table->{sql} ENABLE ROW LEVEL SECURITY",
		  "CREATE POLICY fz ON $table->{sql} USING ($condition) WITH CHECK (true)";
	}

	# A policy that navigates to a table whose policy navigates, too: below a
	# navigation that is one more than are rewritten.
	$schema->{nested_policies} =
	  grep { $_->{policy_leads_to} && $_->{policy_leads_to}{policy_leads_to} } @{ $schema->{tables} };
}

# What is needed by all schemas.
sub get_preamble
{
	return (
		'DROP SCHEMA IF EXISTS fz CASCADE',
		'DROP SCHEMA IF EXISTS "Fz 2" CASCADE',
		'CREATE SCHEMA fz',
		'CREATE SCHEMA "Fz 2"',
		'CREATE DOMAIN fz.positive AS int CHECK (VALUE >= 0)',
		(     $has_nocase
			? q{CREATE COLLATION fz.nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false)}
			: ()),
		q{CREATE FUNCTION fz.pick(g int, salt int, n int, nulls int) RETURNS int LANGUAGE sql IMMUTABLE AS}
		  . q{ 'SELECT CASE WHEN nulls = 0 OR (abs(hashint4(g + 1000 * salt)::bigint) % nulls) > 0}
		  . q{ THEN 1 + (abs(hashint4(g * 31 + salt)::bigint) % n)::int END'},
		'CREATE TABLE fz.scratch (a text, b text)',
		q{INSERT INTO fz.scratch SELECT g::text, 'old' FROM generate_series(0, 5) g});
}

sub get_epilogue
{
	return (
		'GRANT USAGE ON SCHEMA fz, "Fz 2" TO fz_reader',
		'GRANT ALL ON ALL TABLES IN SCHEMA fz, "Fz 2" TO fz_reader');
}

# Make it, and learn what relnav calls its relationships.
#
# Only the names are taken from there: what a name means follows from the
# constraints.
sub install_schema
{
	my ($node, $schema) = @_;
	my %by_name;

	$node->safe_psql('postgres',
		join('', map { "$_;\n" } 'SET client_min_messages = error', get_preamble(),
			(map { @{ $_->{ddl} } } @{ $schema->{tables} }), get_epilogue()));

	foreach my $table (@{ $schema->{tables} })
	{
		$table->{relationships} = [];
		$by_name{ $_->{name} } = $_ foreach @{ $table->{fks} };
	}

	# A column of an integer that references a numeric is compared as numeric,
	# of which a unique index on it proves nothing.
	my $otherwise = $node->safe_psql(
		'postgres', q{
		SELECT DISTINCT concat_ws(E'\x01', f.conname, a.attname)
		FROM pg_constraint f CROSS JOIN LATERAL unnest(f.conkey, f.conffeqop) k (attnum, op)
		JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.attnum
		JOIN pg_index i ON i.indrelid = f.conrelid AND i.indisunique
		CROSS JOIN LATERAL unnest(i.indkey::int2[], i.indclass::oid[]) x (attnum, opclass)
		JOIN pg_opclass c ON c.oid = x.opclass
		WHERE f.contype = 'f' AND f.conparentid = 0 AND x.attnum = k.attnum
		AND NOT EXISTS (SELECT FROM pg_amop o WHERE o.amopfamily = c.opcfamily AND o.amopopr = k.op)});
	foreach my $line (split /\n/, $otherwise)
	{
		my ($name, $column) = split /\x01/, $line;
		$by_name{$name}{compared_otherwise}{$column} = 1 if $by_name{$name};
	}

	my $listing = $node->safe_psql(
		'postgres', q{
		SELECT concat_ws(E'\x01', r.name, r.full_name, r.constraints[1],
			COALESCE(r.constraints[2], ''), r.kind, array_to_string(r.source_columns, E'\x02'))
		FROM relnav.relationships() r JOIN pg_class c ON c.oid = r.source
		WHERE NOT c.relispartition ORDER BY r.source::regclass::text COLLATE "C", r.name COLLATE "C"});
	my $listed = 0;
	foreach my $line (split /\n/, $listing)
	{
		my ($name, $full_name, $near, $far, $kind, $columns) = split /\x01/, $line;
		my ($near_fk, $far_fk) = ($by_name{$near}, $by_name{$far});
		my %r = (name => $name, full_name => $full_name, near => $near_fk, cardinality => $kind);

		if ($far_fk)
		{
			my %known = map { $_ => 1 } @{ $near_fk->{cols} }, @{ $far_fk->{cols} };
			my $primary = $near_fk->{table}{primary};
			%r = (%r, kind => 'associated', far => $far_fk, target => $far_fk->{target},
				source => $near_fk->{target},
				once => @$primary && !grep { !$known{$_} } @$primary);
		}
		elsif ($columns eq join("\x02", @{ $near_fk->{cols} }))
		{
			%r = (%r, kind => 'parent', target => $near_fk->{target},
				source => $near_fk->{table}, once => 1);
			$listed++;
		}
		else
		{
			%r = (%r, kind => 'children', target => $near_fk->{table},
				source => $near_fk->{target}, once => 1);
			$listed++;
		}
		push @{ $r{source}{relationships} }, \%r;
	}
	is($listed, 2 * keys %by_name, "seed $schema->{seed}: every foreign key is listed twice")
	  if $listed != 2 * keys %by_name;
}

1;
