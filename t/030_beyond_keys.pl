# Copyright (c) 2026, relnav developers

# Relationships beyond foreign keys, at random: those of 100 views and 200
# declared ones give the rows of the join that one would write by hand, are of
# the kind that the rows are of, and change the name of nothing else.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $seed = $ENV{RELNAV_SEED} || 1;
srand($seed);
diag("seed $seed") if $ENV{RELNAV_SEED};

sub pick { return $_[ int(rand(@_)) ]; }

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--no-locale', '--encoding=UTF8' ]);
$node->append_conf('postgresql.conf', 'fsync = off');
$node->start;

# What relnav.relationships() says of one relationship, against the rows.
# Returns the differences, one a line.
$node->safe_psql(
	'postgres', q{
CREATE EXTENSION relnav;
CREATE FUNCTION equal(a text, a_columns name[], b text, b_columns name[]) RETURNS text
LANGUAGE sql AS $$
	SELECT string_agg(format('%s.%I = %s.%I', a, x, b, y), ' AND ' ORDER BY nr)
	FROM unnest(a_columns, b_columns) WITH ORDINALITY AS u(x, y, nr)
$$;
CREATE FUNCTION compare(src regclass, rel text, trusted boolean) RETURNS SETOF text
LANGUAGE plpgsql AS $$
DECLARE
	r record;
	by_hand text;
	difference text;
	mode text;
BEGIN
	SELECT * INTO STRICT r FROM relnav.relationships(src) l WHERE l.name = rel;
	by_hand := format('SELECT s.n AS sn, t.n AS tn, s.row::text AS s, t.row::text AS t
		FROM (SELECT row_number() OVER () AS n, x AS row FROM %s x) s, (SELECT row_number() OVER () AS n, x AS row FROM %s x) t WHERE ',
		r.source, r.target);
	IF r.association IS NULL THEN
		by_hand := by_hand || equal('(s.row)', r.source_columns, '(t.row)', r.target_columns);
	ELSE
		by_hand := by_hand || format('EXISTS (SELECT FROM %s a WHERE %s AND %s)', r.association,
			equal('(s.row)', r.source_columns, 'a', r.association_source_columns),
			equal('a', r.association_target_columns, '(t.row)', r.target_columns));
	END IF;
	FOREACH mode IN ARRAY ARRAY['on', 'off'] LOOP
		PERFORM set_config('relnav.inline', mode, true);
		FOR difference IN EXECUTE format($q$
			WITH hand AS (SELECT s, t FROM (%s) h),
			ours AS (SELECT s::text AS s, t::text AS t FROM %s s, relnav.related(s, NULL::%s, %L) t)
			SELECT format('%%s -> %%s missing', s, t) FROM (TABLE hand EXCEPT ALL TABLE ours) d
			UNION ALL
			SELECT format('%%s -> %%s too much', s, t) FROM (TABLE ours EXCEPT ALL TABLE hand) d$q$,
			by_hand, r.source, r.target, '"' || r.name || '"')
		LOOP
			RETURN NEXT format('%s %s (inline %s): %s', src, rel, mode, difference);
		END LOOP;
		FOR difference IN EXECUTE format($q$
			WITH hand AS (SELECT 1 FROM %s src WHERE EXISTS (SELECT FROM (%s) h WHERE h.s = src::text)),
			ours AS (SELECT 1 FROM %s s WHERE EXISTS (SELECT FROM relnav.related(s, NULL::%s, %L)))
			SELECT format('%%s sources, not %%s', (SELECT count(*) FROM ours), (SELECT count(*) FROM hand))
			 WHERE (SELECT count(*) FROM ours) <> (SELECT count(*) FROM hand)$q$,
			r.source, by_hand, r.source, r.target, '"' || r.name || '"')
		LOOP
			RETURN NEXT format('%s %s (EXISTS, inline %s): %s', src, rel, mode, difference);
		END LOOP;
	END LOOP;
	IF NOT trusted AND r.kind IN ('many-to-one', 'one-to-one') THEN
		FOR difference IN EXECUTE format('SELECT s FROM (%s) h GROUP BY sn, s HAVING count(*) > 1', by_hand) LOOP
			RETURN NEXT format('%s %s: %s, but several targets for %s', src, rel, r.kind, difference);
		END LOOP;
	END IF;
	IF r.kind IN ('one-to-many', 'one-to-one') THEN
		FOR difference IN EXECUTE format('SELECT t FROM (%s) h GROUP BY tn, t HAVING count(*) > 1', by_hand) LOOP
			RETURN NEXT format('%s %s: %s, but several sources for %s', src, rel, r.kind, difference);
		END LOOP;
	END IF;
	IF r.required THEN
		FOR difference IN EXECUTE format('SELECT x FROM %s x WHERE NOT EXISTS (SELECT FROM (%s) h WHERE h.s = x::text)',
			r.source, by_hand) LOOP
			RETURN NEXT format('%s %s: required, but none for %s', src, rel, difference);
		END LOOP;
	END IF;
END
$$;
});

# Tables with keys of all kinds, and few values, so that much is equal.
my @tables = map { "t$_" } 1 .. 8;
my $sql = '';
foreach my $i (1 .. 8)
{
	my $unique = pick('', '', 'UNIQUE (a_id),', 'UNIQUE (a_id, b_id),');
	my $not_null = pick('', '', 'NOT NULL');
	$sql .= "CREATE TABLE t$i (id int PRIMARY KEY, a_id int $not_null, b_id int, c_id int, note text, $unique CHECK (true));\n";
	my $n = 3 + int(rand(10));
	foreach my $id (1 .. $n)
	{
		my $a = $unique ? $id : 1 + int(rand(3));
		$sql .= "INSERT INTO t$i VALUES ($id, $a, "
		  . pick('NULL', 1, 2, 3) . ", "
		  . pick('NULL', 1, 2, 3)
		  . ", '" . pick('x', 'y') . "');\n";
	}
}
foreach my $i (1 .. 8)
{
	foreach my $column ('a_id', 'b_id', 'c_id')
	{
		next if rand() < 0.3;
		$sql .= sprintf "ALTER TABLE t%d ADD FOREIGN KEY (%s) REFERENCES t%d NOT VALID;\n",
		  $i, $column, 1 + int(rand(8));
	}
}
$sql .= q{
DO $$ DECLARE c record; BEGIN
	FOR c IN SELECT conrelid::regclass AS r, conname FROM pg_constraint WHERE contype = 'f' LOOP
		BEGIN
			EXECUTE format('ALTER TABLE %s VALIDATE CONSTRAINT %I', c.r, c.conname);
		EXCEPTION WHEN foreign_key_violation THEN NULL;
		END;
	END LOOP;
END $$;
};
$node->safe_psql('postgres', $sql);

my $tables_listing = q{
SELECT r.source, r.name, r.full_name, r.kind, r.target, r.inverse, r.origin
FROM relnav.relationships() r JOIN pg_class c ON c.oid = r.source
WHERE c.relkind = 'r' AND c.relname ~ '^t[0-9]'
ORDER BY c.relname COLLATE "C", r.name COLLATE "C"};
my $before = $node->safe_psql('postgres', $tables_listing);
ok($before ne '', 'there is something to compare');

# Views: of one source or two, by every join, with every clause.
my @sources = @tables;
my $views   = '';
foreach my $i (1 .. 100)
{
	my ($x, $y) = (pick(@sources), pick(@sources));
	my @columns = ('x.id', 'x.a_id', 'x.b_id');
	my $from    = "$x x";
	if (rand() < 0.6)
	{
		my $on = pick(
			'x.a_id = y.id', 'x.id = y.a_id', 'x.id = y.id', 'y.b_id = x.b_id',
			'x.a_id = y.id AND y.b_id = 2', 'x.id = y.a_id AND x.b_id = y.b_id');
		my $how = rand();
		$from =
		    $how < 0.25 ? "$x x JOIN $y y ON $on"
		  : $how < 0.45 ? "$x x LEFT JOIN $y y ON $on"
		  : $how < 0.55 ? "$x x RIGHT JOIN $y y ON $on"
		  : $how < 0.6  ? "$x x FULL JOIN $y y ON x.a_id = y.id"
		  : $how < 0.75 ? "$x x, $y y WHERE $on"
		  : $how < 0.85 ? "$x x, LATERAL (SELECT * FROM $y z WHERE z.id = x.a_id) y"
		  :               "$x x JOIN (SELECT id, a_id, b_id FROM $y WHERE b_id > 1) y ON $on";
		push @columns, 'y.id AS y_id', 'y.a_id AS y_a', 'y.b_id AS y_b';
	}
	@columns = grep { rand() < 0.8 } @columns;
	@columns = ('x.id') unless @columns;
	@columns = map { rand() < 0.1 && !/AS/ ? do { my $c = $_; $c =~ s/x\.//; "x.$c + 0 AS $c" } : $_ } @columns;

	# What later views use must be there.
	my %has = map { my $c = $_; $c =~ s/.* AS //; $c =~ s/^[xy]\.//; ($c => 1) } @columns;
	foreach my $c ('id', 'a_id', 'b_id')
	{
		push @columns, "NULL::int AS $c" unless $has{$c};
	}
	my $distinct = pick('', '', '', '', 'DISTINCT');
	my $tail     = pick('', '', '', '', ' ORDER BY 1 LIMIT 5');
	my $body     = "SELECT $distinct " . join(', ', @columns) . " FROM $from$tail";
	$body = "SELECT id, a_id, b_id FROM $x UNION SELECT id, a_id, b_id FROM $y" if rand() < 0.04;
	$body = "SELECT max(id) AS id, a_id, max(b_id) AS b_id FROM $x GROUP BY a_id" if rand() < 0.04;
	$body = "WITH w AS (SELECT * FROM $x) SELECT id, a_id, b_id FROM w" if rand() < 0.06;
	my $kind = rand() < 0.1 ? 'MATERIALIZED VIEW' : 'VIEW';
	$views .= "CREATE $kind v$i AS $body;\n";
	push @sources, "v$i" if rand() < 0.4;
}
$node->safe_psql('postgres', $views);

is($node->safe_psql('postgres', $tables_listing),
	$before, '100 views have changed no name, and are listed at no table');

my ($count, $views_with) = split /\|/, $node->safe_psql(
	'postgres', q{
SELECT count(*), count(DISTINCT source) FROM relnav.relationships() WHERE origin = 'view'});
cmp_ok($count, '>', 100, "the views have $count relationships");
cmp_ok($views_with, '>', 40, "$views_with of them have any");

is( $node->safe_psql(
		'postgres', q{
SELECT d.* FROM relnav.relationships() r, compare(r.source, r.name, false) d
WHERE r.origin = 'view' LIMIT 10}),
	'',
	'they give the rows of the joins, and are of the kind they are said to be');

is( $node->safe_psql(
		'postgres', q{
SELECT d.* FROM ((SELECT r.* FROM pg_class c, relnav.relationships(c.oid) r WHERE c.relname ~ '^v[0-9]'
	EXCEPT ALL SELECT * FROM relnav.relationships())
	UNION ALL
	(SELECT * FROM relnav.relationships() WHERE origin = 'view'
	EXCEPT ALL SELECT r.* FROM pg_class c, relnav.relationships(c.oid) r WHERE c.relname ~ '^v[0-9]')) d}),
	'',
	'one by one they are the same');

# A view as a target: the way back from the table that a view leads to.
my $written = $node->safe_psql(
	'postgres', q{
CREATE FUNCTION compare_back() RETURNS TABLE (n int, difference text)
LANGUAGE plpgsql AS $$
DECLARE
	r record;
	mode text;
BEGIN
	n := 0;
	FOR r IN SELECT l.*, row_number() OVER (PARTITION BY l.source, l.constraints) AS nr
		FROM relnav.relationships() l WHERE origin = 'view' AND association IS NULL
	LOOP
		-- Twice in a view, a key does not say which is meant.
		CONTINUE WHEN (SELECT count(*) FROM relnav.relationships(r.source) l
			WHERE l.constraints = r.constraints AND l.association IS NULL) > 1 OR
			r.constraints[1] IN (SELECT unnest(l.constraints) FROM relnav.relationships(r.target) l
				WHERE l.constraints = r.constraints AND l.association IS NULL
				GROUP BY 1 HAVING count(*) > 1);
		FOREACH mode IN ARRAY ARRAY['on', 'off'] LOOP
			PERFORM set_config('relnav.inline', mode, true);
			BEGIN
			FOR difference IN EXECUTE format($q$
				WITH hand AS (SELECT s::text AS s, t::text AS t FROM %1$s s, %2$s t WHERE %3$s),
				ours AS (SELECT s::text AS s, t::text AS t FROM %2$s t, relnav.related(t, NULL::%1$s, %4$L) s)
				SELECT 'missing ' || d::text FROM (TABLE hand EXCEPT ALL TABLE ours) d
				UNION ALL SELECT 'too much ' || d::text FROM (TABLE ours EXCEPT ALL TABLE hand) d$q$,
				r.source, r.target, equal('s', r.source_columns, 't', r.target_columns), r.constraints[1])
			LOOP
				difference := format('%s %s %s: %s', r.source, r.name, r.constraints, difference);
				RETURN NEXT;
			END LOOP;
			n := n + 1;
			EXCEPTION WHEN ambiguous_alias THEN NULL;
			END;
		END LOOP;
	END LOOP;
	difference := NULL;
	RETURN NEXT;
END
$$;
SELECT max(n), string_agg(difference, E'\n') FROM compare_back()});
my ($ncompared, $differences) = split /\|/, $written, 2;
cmp_ok($ncompared, '>', 100, "$ncompared ways to a view were followed");
is($differences, '', 'they give the rows of the joins');

# 200 declared relationships between relations without keys: tables, some with
# a unique index, views, materialized views; of several types.
my @types = ('int', 'int', 'bigint', 'numeric', 'text', 'smallint');
$sql = '';
my %type_of;
foreach my $i (1 .. 12)
{
	my @type = map { pick(@types) } 1 .. 4;
	$type_of{"d$i"} = { map { ("k$_" => $type[ $_ - 1 ]) } 1 .. 4 };
	$sql .= "CREATE TABLE d$i (" . join(', ', map { "k$_ $type[$_ - 1]" } 1 .. 4) . ");\n";
	foreach my $row (1 .. 3 + int(rand(12)))
	{
		$sql .= "INSERT INTO d$i VALUES ($row, "
		  . join(', ', map { my $v = pick('NULL', 1, 2, 3); $type[$_] eq 'text' && $v ne 'NULL' ? "'$v'" : $v } 1 .. 3)
		  . ");\n";
	}
	$sql .= "CREATE " . pick('UNIQUE', 'UNIQUE', '') . " INDEX ON d$i (k1);\n" if rand() < 0.7;
	if (rand() < 0.6)
	{
		$sql .= "CREATE VIEW dv$i AS SELECT * FROM d$i WHERE k1 IS NOT NULL;\n";
		$sql .= "CREATE MATERIALIZED VIEW dm$i AS SELECT * FROM d$i;\n";
		$type_of{"dv$i"} = $type_of{"dm$i"} = $type_of{"d$i"};
	}
}
$node->safe_psql('postgres', $sql);

# Which columns can be compared?  As for a foreign key, text with text only.
sub pair
{
	my ($x, $y) = @_;
	while (1)
	{
		my ($a, $b) = ('k' . (1 + int(rand(4))), 'k' . (1 + int(rand(4))));
		return ($a, $b)
		  if ($type_of{$x}{$a} eq 'text') == ($type_of{$y}{$b} eq 'text');
	}
}

sub has_pair
{
	my ($x, $y) = @_;
	my %x = map { ($_ eq 'text' => 1) } values %{ $type_of{$x} };
	my %y = map { ($_ eq 'text' => 1) } values %{ $type_of{$y} };
	return scalar grep { $y{$_} } keys %x;
}

my @relations = sort keys %type_of;
my $declared  = 0;
my $inverses  = 0;
my @trusted;
$sql = '';
while ($declared < 200)
{
	my $x = pick(@relations);
	my $y = rand() < 0.15 ? $x : pick(@relations);
	next unless has_pair($x, $y);
	my $name    = "r$declared";
	my $inverse = rand() < 0.5 ? "'i$declared'" : 'NULL';
	if (rand() < 0.3)
	{
		my $a = pick(@relations);
		next unless has_pair($a, $x) && has_pair($a, $y);
		my ($ax, $xx) = pair($a, $x);
		my ($ay, $yy) = pair($a, $y);
		$sql .= "SELECT relnav.declare('$x', '$name', '{$xx}', '$y', '{$yy}', '$a', '{$ax}', '{$ay}', $inverse);\n";
	}
	else
	{
		my (@x, @y);
		foreach (1 .. pick(1, 1, 1, 2))
		{
			my ($a, $b) = pair($x, $y);
			push @x, $a;
			push @y, $b;
		}
		my $to_one = pick('NULL', 'NULL', 'NULL', 'true', 'false');
		push @trusted, $name if $to_one eq 'true';
		$sql .= "SELECT relnav.declare('$x', '$name', '{" . join(',', @x) . "}', '$y', '{" . join(',', @y)
		  . "}', inverse => $inverse, to_one => $to_one);\n";
	}
	$inverses++ if $inverse ne 'NULL';
	$declared++;
}
$node->safe_psql('postgres', $sql);
is( $node->safe_psql(
		'postgres', q{
SELECT count(*) FROM relnav.relationships() WHERE origin = 'declared'}),
	200 + $inverses,
	'200 declared relationships are listed, and their inverses');
my $trusted = join ',', @trusted;
is( $node->safe_psql(
		'postgres', qq{
SELECT d.* FROM relnav.relationships() r,
	compare(r.source, r.name, 'r' || substr(r.name, 2) = ANY ('{$trusted}')) d
WHERE r.origin = 'declared' AND NOT (r.name ~ '^i' AND 'r' || substr(r.name, 2) = ANY ('{$trusted}')
	AND d LIKE '%several sources%') LIMIT 10}),
	'',
	'they give the rows of the joins');
is( $node->safe_psql(
		'postgres', q{
SELECT d.* FROM ((SELECT r.* FROM (SELECT DISTINCT source FROM relnav.relationships()) s, relnav.relationships(s.source) r
	EXCEPT ALL SELECT * FROM relnav.relationships())
	UNION ALL
	(SELECT * FROM relnav.relationships()
	EXCEPT ALL SELECT r.* FROM (SELECT DISTINCT source FROM relnav.relationships()) s, relnav.relationships(s.source) r)) d}),
	'',
	'table by table it is the same');

# Routes of several of them, against the set of rows that the joins give.
my $routes = $node->safe_psql(
	'postgres', q{
CREATE FUNCTION compare_routes() RETURNS TABLE (n int, difference text)
LANGUAGE plpgsql AS $$
DECLARE
	r record;
	mode text;
BEGIN
	n := 0;
	FOR r IN
		SELECT a.source, a.name AS first, b.source AS middle, b.name AS second, b.target
		FROM relnav.relationships() a JOIN relnav.relationships() b ON b.source = a.target
		WHERE a.origin <> 'foreign key' AND b.origin <> 'foreign key'
		ORDER BY a.source::text, a.name, b.name LIMIT 300
	LOOP
		FOREACH mode IN ARRAY ARRAY['on', 'off'] LOOP
			PERFORM set_config('relnav.inline', mode, true);
			FOR difference IN EXECUTE format($q$
				WITH s AS (SELECT row_number() OVER () AS n, x AS r FROM %1$s x),
				-- Each row has a number of its own, as two may look alike.
				t AS (SELECT row_number() OVER () AS n, x AS r FROM %3$s x),
				hand AS (SELECT s.r::text AS s, t.r::text AS t FROM s, t WHERE EXISTS (
					SELECT FROM relnav.related(s.r, NULL::%2$s, %4$L) m, relnav.related(m, NULL::%3$s, %5$L) o
					WHERE o::text = t.r::text)),
				ours AS (SELECT s.r::text AS s, o::text AS t FROM s, relnav.related(s.r, NULL::%3$s, %6$L) o)
				SELECT 'missing ' || d::text FROM (TABLE hand EXCEPT ALL TABLE ours) d
				UNION ALL SELECT 'too much ' || d::text FROM (TABLE ours EXCEPT ALL TABLE hand) d$q$,
				r.source, r.middle, r.target, r.first, r.second, r.first || '.' || r.second)
			LOOP
				difference := format('%s %s.%s: %s', r.source, r.first, r.second, difference);
				RETURN NEXT;
			END LOOP;
		END LOOP;
		n := n + 1;
	END LOOP;
	difference := NULL;
	RETURN NEXT;
END
$$;
SELECT max(n), string_agg(difference, E'\n') FROM compare_routes()});
($ncompared, $differences) = split /\|/, $routes, 2;
cmp_ok($ncompared, '>', 100, "$ncompared routes of two were followed");
is($differences, '', 'each row comes once');

# Many views: 1,800 over 200 tables.  Each has its own, the tables have what
# they had before, and nobody has anything to a view.
$node->safe_psql('postgres', 'CREATE DATABASE large');
$node->safe_psql(
	'large', q{
CREATE EXTENSION relnav;
DO $$ BEGIN
	FOR i IN 0..199 LOOP
		EXECUTE format('CREATE TABLE t%s (id int PRIMARY KEY, a_id int, b_id int, x int)', i);
	END LOOP;
	FOR i IN 0..199 LOOP
		EXECUTE format('ALTER TABLE t%s ADD FOREIGN KEY (a_id) REFERENCES t%s, ADD FOREIGN KEY (b_id) REFERENCES t%s',
			i, (i * 7 + 1) % 200, (i * 13 + 5) % 200);
	END LOOP;
END $$;
CREATE TABLE before AS SELECT source::text, name, full_name, kind, target::text, condition, inverse, origin
	FROM relnav.relationships();
DO $$ BEGIN
	FOR i IN 0..1799 LOOP
		EXECUTE format(CASE i % 3
			WHEN 0 THEN 'CREATE VIEW v%1$s AS SELECT * FROM t%2$s'
			WHEN 1 THEN 'CREATE VIEW v%1$s AS SELECT t.id, t.a_id AS aa, u.x, u.id AS uid FROM t%2$s t JOIN t%3$s u ON t.a_id = u.id'
			ELSE 'CREATE VIEW v%1$s AS SELECT * FROM v%4$s' END, i, i % 200, (i % 200 * 7 + 1) % 200, i - 1);
	END LOOP;
END $$;
});
is( $node->safe_psql(
		'large', q{
CREATE TEMP TABLE after AS SELECT source::text, name, full_name, kind, target::text, condition, inverse, origin
	FROM relnav.relationships();
SELECT (SELECT count(*) FROM before),
	(SELECT count(*) FROM (TABLE before EXCEPT ALL SELECT * FROM after WHERE source ~ '^t') d),
	(SELECT count(*) FROM after WHERE source ~ '^t'),
	(SELECT count(DISTINCT source) FROM after WHERE origin = 'view' AND source ~ '^v'),
	(SELECT count(*) FROM after WHERE target ~ '^v')}),
	'800|0|800|1800|0',
	'1,800 views over 200 tables: each has its own, and nobody else anything');

# Those of a view that shows one table are those of the table.
is( $node->safe_psql(
		'large', q{
SELECT count(*) FROM (
	SELECT name, full_name, kind, target, source_columns, target_columns FROM relnav.relationships('v3')
	EXCEPT SELECT name, full_name, kind, target, source_columns, target_columns FROM relnav.relationships('t3')) d}),
	'0',
	'a view that shows one table has its relationships');

$node->stop;
done_testing();
