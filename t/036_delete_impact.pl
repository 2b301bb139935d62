# Copyright (c) 2026, relnav developers

# relnav.delete_impact against the truth: in random schemas with random rows,
# each row is really deleted, what went and what changed is counted, the
# deletion is undone, and relnav must have said the same.  If the DELETE fails,
# relnav must have said so, and which constraint is the first to object.
#
#   RELNAV_IMPACT_SEED      where to begin; the default is fixed
#   RELNAV_IMPACT_SCHEMAS   how many schemas; the default is a short run
#
# Each schema has a seed of its own, the first RELNAV_IMPACT_SEED, the next one
# more.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $seed = $ENV{RELNAV_IMPACT_SEED} // 20260101;
my $schemas = $ENV{RELNAV_IMPACT_SCHEMAS} // 40;
my $max_shown = $ENV{RELNAV_IMPACT_SHOWN} // 3;

sub chance { return rand() < $_[0]; }
sub between { my ($low, $high) = @_; return $low + int(rand($high - $low + 1)); }
sub choose { return $_[ int(rand(@_)) ]; }

# One column of each table is only there to tell its rows apart: uid.  The
# others are
#   id       the primary key, of some type; partitioned tables go by it
#   u        a unique key, may be null, may be a foreign key itself
#   k1, k2   a unique key of two columns, k1 may be a foreign key itself
#   f0, ...  foreign keys, f0_2 the second column of one of two columns
# Values are small numbers in all types, so that they meet.
my @tables;

# How many of a schema's keys only look on.
my $objections;

# How many set defaults.
my $defaults;

# How many values are null.
my $nulls;

sub make_table
{
	my ($number) = @_;
	my %table = (
		name => choose("t$number", "t$number", "T \"$number"),
		type => choose('int', 'int', 'bigint', 'numeric', 'text'),
		nrows => between(3, 12),
		partitioned => chance(0.15),
		keys => []);
	$table{inherited} = !$table{partitioned} && chance(0.1);
	return \%table;
}

sub quote { my ($name) = @_; $name =~ s/"/""/g; return "\"$name\""; }

# Can a column of the second type reference one of the first?
sub type_for
{
	my ($type) = @_;

	return choose($type, 'bigint', 'smallint') if $type eq 'int';
	return choose($type, 'int') if $type eq 'bigint';
	return choose($type, 'int') if $type eq 'numeric';
	return choose($type, 'varchar(10)');
}

sub action
{
	return choose('NO ACTION', 'NO ACTION', 'RESTRICT') if chance($objections);
	return 'SET DEFAULT' if chance($defaults);
	return choose('CASCADE', 'CASCADE', 'CASCADE', 'SET NULL', 'SET NULL');
}

# A foreign key on the given columns: [name, type] each.
sub add_key
{
	my ($table, $target, $referenced, @columns) = @_;
	my $on_delete = action();
	my $on_update = action();
	my $name = choose(
		'key_' . int(rand(1000)),
		'Key ' . int(rand(1000)));
	my $type = '';

	# A row must not move to another partition.
	$on_delete = 'CASCADE' if $table->{partitioned} && $columns[0] eq 'id';
	if ($on_delete =~ /^SET/ && @columns == 2 && chance(0.4))
	{
		$on_delete .= sprintf(' (%s)', quote(choose(@columns)));
	}
	$type .= ' MATCH FULL' if @columns == 2 && chance(0.25);
	$type .= " ON DELETE $on_delete ON UPDATE $on_update";
	$type .= choose(' DEFERRABLE INITIALLY DEFERRED', ' DEFERRABLE') if chance(0.3);
	push @{ $table->{keys} },
	  { name => $name . '_' . scalar(@{ $table->{keys} }) . "_$table->{name}",
		columns => \@columns,
		target => $target,
		referenced => $referenced,
		match_full => scalar($type =~ /FULL/),
		rest => $type };
	return $table->{keys}[-1];
}

sub make_schema
{
	my $ntables = between(2, 6);
	my @sql;

	$objections = choose(0, 0, 0.05, 0.2, 0.5);
	$defaults = choose(0, 0.1, 0.3);
	$nulls = choose(0.15, 0.4, 0.6);
	@tables = map { make_table($_) } 1 .. $ntables;
	foreach my $table (@tables)
	{
		my @columns = ([ 'uid', 'int' ], [ 'id', $table->{type} ]);
		my @extra;

		if (!$table->{partitioned})
		{
			push @columns, [ 'u', 'int' ], [ 'k1', 'int' ], [ 'k2', 'int' ];
			push @extra, 'UNIQUE (u)', 'UNIQUE (k1, k2)';
		}
		my @ints = grep { $_->{type} eq 'int' } @tables;
		if (!$table->{partitioned} && @ints)
		{
			add_key($table, choose(@ints), ['id'], 'u') if chance(0.4);
			add_key($table, choose(@ints), ['id'], 'k1') if chance(0.3);
		}
		for my $f (1 .. choose(0, 1, 1, 2, 3))
		{
			my $target = choose(@tables);
			my $way = $target->{partitioned} ? 0 : choose(0, 0, 1, 2);

			if ($way == 2)
			{
				add_key($table, $target, [ 'k1', 'k2' ], "f$f", "f${f}_2");
				push @columns, [ "f$f", 'int' ], [ "f${f}_2", choose('int', 'bigint') ];
			}
			elsif ($way == 1)
			{
				add_key($table, $target, ['u'], "f$f");
				push @columns, [ "f$f", choose('int', 'bigint') ];
			}
			else
			{
				add_key($table, $target, ['id'], "f$f");
				push @columns, [ "f$f", type_for($target->{type}) ];
			}
			# The same column twice, now and then.
			add_key($table, choose(@ints), ['id'], "f$f")
			  if @ints && $columns[-1][0] eq "f$f" && $columns[-1][1] eq 'int' && chance(0.15);
		}
		$table->{columns} = \@columns;
		foreach my $column (@columns)
		{
			next if $column->[0] !~ /^f/ && $column->[0] ne 'u' && $column->[0] ne 'k1';
			$column->[2] = chance(0.6) ? between(1, 3) : undef;
			$column->[3] = 1 if $column->[0] =~ /^f/ && chance(0.12);
		}
		my $list = join(', ',
			(map {
					my ($name, $type, $default, $not_null) = @$_;
					"$name $type" . (defined $default ? " DEFAULT $default" : '') .
					  ($not_null ? ' NOT NULL' : '')
				} @columns),
			'PRIMARY KEY (id)', @extra);
		my $name = quote($table->{name});

		if ($table->{partitioned})
		{
			my $n = between(1, 3);
			push @sql, "CREATE TABLE $name ($list) PARTITION BY HASH (id)";
			for my $r (0 .. $n - 1)
			{
				my $partition = quote("$table->{name}_p$r");
				if (chance(0.5))
				{
					push @sql, "CREATE TABLE $partition PARTITION OF $name FOR VALUES WITH (MODULUS $n, REMAINDER $r)";
				}
				else
				{
					# Columns in another order, and one dropped.
					push @sql,
					  "CREATE TABLE $partition (gone int, " .
					  join(', ', map { "$_->[0] $_->[1]" . ($_->[3] || $_->[0] eq 'id' ? ' NOT NULL' : '') .
							(defined $_->[2] ? " DEFAULT $_->[2]" : '') } reverse @columns) . ')',
					  "ALTER TABLE $partition DROP COLUMN gone",
					  "ALTER TABLE $name ATTACH PARTITION $partition FOR VALUES WITH (MODULUS $n, REMAINDER $r)";
				}
			}
		}
		else
		{
			push @sql, "CREATE TABLE $name ($list)";
		}
	}

	# Rows, keys that others reference first.
	foreach my $table (@tables)
	{
		$table->{rows} = [ map { { uid => $_, id => $_ } } 1 .. $table->{nrows} ];
	}
	foreach my $table (@tables)
	{
		next if $table->{partitioned};
		my %has = map { ($_->{columns}[0] => $_->{target}) } grep { $_->{columns}[0] =~ /^[uk]/ } @{ $table->{keys} };
		my %taken;

		foreach my $row (@{ $table->{rows} })
		{
			my $u = chance(0.2) ? undef : between(1, $has{u} ? $has{u}{nrows} : 9);
			$u = undef if defined $u && $taken{"u$u"}++;
			my $k1 = chance(0.1) ? undef : between(1, $has{k1} ? $has{k1}{nrows} : 4);
			my $k2 = chance(0.1) ? undef : between(1, 4);
			($k1, $k2) = (undef, undef)
			  if defined $k1 && defined $k2 && $taken{"k$k1,$k2"}++;
			@$row{qw(u k1 k2)} = ($u, $k1, $k2);
		}
	}
	foreach my $table (@tables)
	{
		my %not_null = map { ($_->[0] => 1) } grep { $_->[3] } @{ $table->{columns} };
		my @good;

	  ROW: foreach my $row (@{ $table->{rows} })
		{
			foreach my $key (@{ $table->{keys} })
			{
				next if $key->{columns}[0] !~ /^f/;
				my @all = grep {
					my $r = $_;
					!grep { !defined $r->{$_} } @{ $key->{referenced} }
				} @{ $key->{target}{rows} };
				my @columns = @{ $key->{columns} };
				my $parent = @all && !chance($nulls) ? choose(@all) : undef;

				# Two keys on one column agree, or there is no value.
				if (exists $row->{ $columns[0] })
				{
					my $value = $row->{ $columns[0] };
					$row->{ $columns[0] } = undef
					  if defined $value && !grep { $_->{ $key->{referenced}[0] } == $value } @all;
					next;
				}
				@$row{@columns} = map { $parent ? $parent->{$_} : undef } @{ $key->{referenced} };
				$row->{ $columns[1] } = between(1, 4)
				  if !$parent && @columns == 2 && !$key->{match_full} && chance(0.5);
			}
			next ROW if grep { !defined $row->{$_} } keys %not_null;
			push @good, $row;
		}
		$table->{good} = \@good;
	}

	# A row that was left out may have been chosen as a parent, so some keys are
	# not validated; that makes orphans, which the server lives with.
	foreach my $table (@tables)
	{
		my @names = map { $_->[0] } @{ $table->{columns} };

		foreach my $row (@{ $table->{good} })
		{
			push @sql, sprintf('INSERT INTO %s (%s) VALUES (%s)', quote($table->{name}), join(', ', @names),
				join(', ', map { defined $row->{$_} ? "'$row->{$_}'" : 'NULL' } @names));
		}
		if ($table->{inherited})
		{
			my $child = quote("$table->{name}_child");
			push @sql, "CREATE TABLE $child () INHERITS (" . quote($table->{name}) . ')',
			  "INSERT INTO $child SELECT * FROM ONLY " . quote($table->{name}),
			  "UPDATE $child SET uid = uid + 100";
		}
	}
	my @keys = map { my $t = $_; map { [ $t, $_ ] } @{ $t->{keys} } } @tables;
	for (my $i = $#keys; $i > 0; $i--)
	{
		my $j = int(rand($i + 1));
		@keys[ $i, $j ] = @keys[ $j, $i ];
	}
	# Keys of partitioned tables cannot be added without being validated.
	for (1 .. 10)
	{
		foreach my $pair (@keys)
		{
			my ($table, $key) = @$pair;
			my @columns = @{ $key->{columns} };

			next if !$table->{partitioned} && !$key->{target}{partitioned};
			push @sql, sprintf('DELETE FROM %s c WHERE %s AND NOT EXISTS (SELECT FROM %s p WHERE %s)',
				quote($table->{name}),
				join($key->{match_full} ? ' OR ' : ' AND ', map { "c.$_ IS NOT NULL" } @columns),
				($key->{target}{partitioned} ? '' : 'ONLY ') . quote($key->{target}{name}),
				join(' AND ', map { "c.$columns[$_]::text = p.$key->{referenced}[$_]::text" } 0 .. $#columns));
		}
	}
	foreach my $pair (@keys)
	{
		my ($table, $key) = @$pair;
		my @columns = @{ $key->{columns} };
		my $valid = $table->{partitioned} || $key->{target}{partitioned} ? '' : ' NOT VALID';

		push @sql, sprintf('ALTER TABLE %s ADD CONSTRAINT %s FOREIGN KEY (%s) REFERENCES %s (%s)%s%s',
			quote($table->{name}), quote($key->{name}), join(', ', @columns),
			quote($key->{target}{name}), join(', ', @{ $key->{referenced} }), $key->{rest}, $valid);
		push @sql, sprintf('CREATE INDEX ON %s (%s)', quote($table->{name}), join(', ', @columns)) if chance(0.4);
	}
	push @sql, sprintf('ALTER TABLE %s DISABLE TRIGGER ALL', quote(choose(@tables)->{name})) if chance(0.05);

	# What there is, to be compared.
	push @sql, 'CREATE VIEW everything AS ' . join(' UNION ALL ',
		map {
			sprintf("SELECT %s::regclass AS tab, uid, (t.tableoid::regclass, t.*)::text AS row FROM %s t",
				"'" . quote($_->{name}) . "'", quote($_->{name}))
		} @tables);
	return @sql;
}

my $harness = q{
CREATE TEMP TABLE before (tab regclass, uid int, "row" text);
-- The root of a constraint that an error names.
CREATE FUNCTION pg_temp.root_name(tab text, con text) RETURNS text LANGUAGE sql AS $$
	WITH RECURSIVE up AS (
		SELECT c.oid, conname, conparentid FROM pg_constraint c
		 WHERE conname = con AND conrelid = to_regclass('s.' || quote_ident(tab)) AND contype = 'f'
		UNION ALL
		SELECT c.oid, c.conname, c.conparentid FROM pg_constraint c JOIN up ON c.oid = up.conparentid)
	SELECT conname FROM up WHERE conparentid = 0
$$;
-- What the DELETE does.
CREATE FUNCTION pg_temp.truth(tab regclass, x int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	said text;
	state text;
	con text;
	rel text;
	col text;
BEGIN
	TRUNCATE before;
	INSERT INTO before SELECT * FROM everything;
	BEGIN
		EXECUTE format('DELETE FROM %s %s WHERE uid = %s',
			CASE (SELECT relkind FROM pg_class WHERE oid = tab) WHEN 'p' THEN '' ELSE 'ONLY' END, tab, x);
		SET CONSTRAINTS ALL IMMEDIATE;
		SELECT string_agg(format('%s: %s gone, %s changed', q.tab, gone, changed), E'\n' ORDER BY q.tab::text)
		  INTO said
		  FROM (SELECT b.tab, count(*) FILTER (WHERE a.uid IS NULL) AS gone,
					   count(*) FILTER (WHERE a."row" <> b."row") AS changed
				  FROM before b LEFT JOIN everything a USING (tab, uid)
				 GROUP BY b.tab) q
		 WHERE gone > 0 OR changed > 0;
		RAISE SQLSTATE 'ZZ999';
	EXCEPTION
		WHEN SQLSTATE 'ZZ999' THEN NULL;
		WHEN OTHERS THEN
			GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, con = CONSTRAINT_NAME,
				rel = TABLE_NAME, col = COLUMN_NAME;
			said := CASE state
				WHEN '23503' THEN 'blocked by ' || pg_temp.root_name(rel, con)
				WHEN '23001' THEN 'blocked by ' || pg_temp.root_name(rel, con)
				WHEN '23502' THEN 'blocked by column ' || col
				WHEN '23505' THEN 'perhaps not unique'
				ELSE state || ' ' || sqlerrm END;
	END;
	RETURN said;
END $$;
-- What relnav says.
CREATE FUNCTION pg_temp.impact(tab regclass, x int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	said text;
BEGIN
	EXECUTE format($q$
		WITH lines AS (
			SELECT d.* FROM %4$s %1$s t, relnav.delete_impact(t) WITH ORDINALITY
				AS d(target, action, constraint_name, depth, "rows", detail, n) WHERE t.uid = %2$s),
		by_key AS (
			SELECT d.* FROM %4$s %1$s t, relnav.delete_impact(%3$L, t.id) WITH ORDINALITY
				AS d(target, action, constraint_name, depth, "rows", detail, n) WHERE t.uid = %2$s)
		SELECT CASE
			WHEN EXISTS (TABLE lines EXCEPT TABLE by_key) OR EXISTS (TABLE by_key EXCEPT TABLE lines)
			THEN 'row and key differ'
			WHEN EXISTS (SELECT FROM lines WHERE action = 'unknown') THEN 'unknown'
			ELSE COALESCE(
				-- It does not know whether values are unique, and says so.
				(SELECT 'perhaps not unique' FROM lines
				  WHERE detail LIKE '%%unique index%%is not tried%%' AND pg_temp.truth(%3$L, %2$s) = 'perhaps not unique' LIMIT 1),
				(SELECT 'blocked by ' || COALESCE('column ' || substring(detail FROM '^column "(.*)" must not be null'),
												  constraint_name::text)
				   FROM lines WHERE action = 'blocked' ORDER BY n LIMIT 1),
				(SELECT string_agg(format('%%s: %%s gone, %%s changed', target, gone, changed), E'\n'
								   ORDER BY target::text)
				   FROM (SELECT target, COALESCE(sum("rows") FILTER (WHERE action = 'delete'), 0) AS gone,
								COALESCE(sum("rows") FILTER (WHERE action LIKE 'set %%'), 0) AS changed
						   FROM lines GROUP BY target) q)) END $q$,
		tab, x, tab::text,
		CASE (SELECT relkind FROM pg_class WHERE oid = tab) WHEN 'p' THEN '' ELSE 'ONLY' END)
	  INTO said;
	RETURN said;
END $$;
};
my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(allows_streaming => 1, extra => [ '--no-locale', '--encoding=UTF8' ]);
$node->append_conf('postgresql.conf', 'fsync = off');
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION relnav');

my %total = (rows => 0, deletions => 0, blocked => 0, changed => 0, differences => 0, deep => 0);
my $shown = 0;

for my $number ($seed .. $seed + $schemas - 1)
{
	srand($number);
	my @sql = make_schema();
	my $script = join("\n", map { "$_;" } 'SET client_min_messages = error', 'DROP SCHEMA IF EXISTS s CASCADE',
		'CREATE SCHEMA s', 'SET search_path = s', @sql) . $harness . q{
SELECT tab, uid, pg_temp.truth(tab, uid), pg_temp.impact(tab, uid) FROM everything WHERE uid < 100
 ORDER BY tab::text, uid;
};
	diag($script) if $ENV{RELNAV_IMPACT_VERBOSE};
	my ($out, $err);
	my $result = $node->psql('postgres', $script, stdout => \$out, stderr => \$err, on_error_stop => 1,
		extra_params => [ '--field-separator', '|', '--record-separator', "\x01\n", '-q' ]);
	if ($result != 0)
	{
		fail("schema $number: $err");
		next;
	}
	foreach my $line (split /\x01\n/, $out)
	{
		my ($tab, $uid, $truth, $impact) = split /\|/, $line;

		$total{rows}++;
		$total{deletions}++ if $truth =~ /gone/;
		$total{blocked}++ if $truth =~ /^blocked/;
		$total{changed}++ if $truth =~ /[1-9]\d* changed/;
		$total{deep}++ if ($truth =~ tr/\n//) > 1;
		diag("$number $tab $uid: $truth") if $ENV{RELNAV_IMPACT_VERBOSE};
		next if $truth eq $impact;
		$total{differences}++;
		diag("schema $number, row $uid of $tab\ntruth:\n$truth\nrelnav:\n$impact\n" .
			  join("\n", map { "$_;" } grep { !/^DELETE/ } @sql))
		  if $shown++ < $max_shown;
	}
}

note(join(', ', map { "$total{$_} $_" } sort keys %total));
is($total{differences}, 0, "$total{rows} rows of $schemas schemas: relnav says what a DELETE does");
cmp_ok($total{deletions}, '>', $total{rows} / 5, 'many can be deleted');
cmp_ok($total{blocked}, '>', $total{rows} / 10, 'many cannot');
cmp_ok($total{changed}, '>', 0, 'some change others');
cmp_ok($total{deep}, '>', 0, 'some take others with them');

# On a standby, where nothing can be changed.
my $standby = PostgreSQL::Test::Cluster->new('standby');

$node->backup('copy');
$standby->init_from_backup($node, 'copy', has_streaming => 1);
$standby->start;
$node->safe_psql('postgres', q{
	DROP SCHEMA IF EXISTS s CASCADE;
	CREATE TABLE parent (id int PRIMARY KEY);
	CREATE TABLE child (id int PRIMARY KEY, parent_id int REFERENCES parent ON DELETE CASCADE,
		other_id int DEFAULT 2 REFERENCES parent ON DELETE SET DEFAULT);
	INSERT INTO parent VALUES (1), (2);
	INSERT INTO child SELECT i, i % 2 + 1, 1 FROM generate_series(1, 5000) AS i;
});
$node->wait_for_catchup($standby);
my $query = q{SELECT action, "rows" FROM relnav.delete_impact('parent', 1)};
is($standby->safe_psql('postgres', $query), "delete|1\ndelete|2500\nset default|2500", 'on a standby');
is($standby->safe_psql('postgres', $query), $node->safe_psql('postgres', $query), 'as on the primary');

$standby->stop;
$node->stop;
done_testing();
