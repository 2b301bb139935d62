# Copyright (c) 2026, relnav developers

# Every input that the fuzzers have kept (fuzz/corpus) in a server: a path, or a
# tree's spec, gives rows or an error.  An error of a parser shows its place;
# none is internal; and what navigates, what shows the query, and what is told
# of a tree by row and by key say the same.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use FindBin;

# The characters of UTF-8, without the one that no text can have.
my $character = qr/[\x01-\x7f]
	| [\xc2-\xdf] [\x80-\xbf]
	| \xe0 [\xa0-\xbf] [\x80-\xbf] | [\xe1-\xec\xee\xef] [\x80-\xbf]{2} | \xed [\x80-\x9f] [\x80-\xbf]
	| \xf0 [\x90-\xbf] [\x80-\xbf]{2} | [\xf1-\xf3] [\x80-\xbf]{3} | \xf4 [\x80-\x8f] [\x80-\xbf]{2}/x;

# Is this rows, or an error as it should be?
sub may_be_said
{
	my ($parser, $said) = @_;

	return 1 if $said eq 'rows';
	if ($parser eq 'path')
	{
		return $said =~ /^(42704|42P09|42804|54000) /    # it was read
		  || $said =~ m{^42601 / "invalid relationship path: .* / "(A double quote is not closed|A name in double quotes is empty|Expected .*, but found .*)\." / "Write};
	}

	# A caret below the fault ends the detail.  Only what an escape stands for has
	# no place, neither in the server's own message, and what is too much.
	return $said =~ m{^54\w{3} }
	  || $said =~ m{^(42|22)\w{3} / .*\\n *\^" / "([^"\\]|\\.)*"$}
	  || $said =~ m{^22021 / "invalid byte sequence for encoding [^/]*" / "" / ""$};
}

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--no-locale', '--encoding=UTF8' ]);
$node->append_conf('postgresql.conf', 'restart_after_crash = on');
$node->start;

# With the names that are in the dictionaries, so that some inputs lead
# somewhere.
$node->safe_psql(
	'postgres', q{
CREATE EXTENSION relnav;
CREATE TABLE a (id int PRIMARY KEY, name text, status text, total numeric, t text, b bool, d date);
CREATE TABLE customer (LIKE a INCLUDING ALL, parent_id int REFERENCES customer, a_id int REFERENCES a);
CREATE TABLE orders (LIKE a INCLUDING ALL, customer_id int REFERENCES customer);
CREATE TABLE items (LIKE a INCLUDING ALL, orders_id int REFERENCES orders);
INSERT INTO a VALUES (1, 'one', 'new', 10, 't', true, '2026-01-01');
INSERT INTO customer VALUES (1, 'one', 'new', 10, 't', true, '2026-01-01', 1, 1);
INSERT INTO orders VALUES (1, 'one', 'new', 10, 't', true, '2026-01-01', 1);
INSERT INTO items VALUES (1, 'one', 'new', 10, 't', true, '2026-01-01', 1);

-- What is said of an input in different ways: a line for each.
CREATE FUNCTION replay(parser text, input text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	statement text;
	state text;
	message text;
	detail text;
	hint text;
	answer text;
BEGIN
	FOREACH statement IN ARRAY CASE parser
		WHEN 'path' THEN ARRAY[
			'SELECT relnav.query(''customer'', $1)',
			'SELECT relnav.query(''customer'', 1, $1)',
			'SELECT string_agg(x::text, '','') FROM customer c, relnav.related(c, NULL::items, $1) x',
			'SELECT relnav.related(c, NULL::items, $1)::text FROM customer c',
			'SELECT string_agg(x::text, '','') FROM relnav.related(''customer'', 1, NULL::items, $1) x']
		ELSE ARRAY[
			'SELECT relnav.tree(c, $1)::text FROM customer c',
			'SELECT relnav.tree(''customer'', 1, $1)::text',
			'SELECT relnav.trees(''customer'', ''{1,2}''::int[], $1)::text LIMIT 1',
			'SELECT relnav.tree_agg(c, $1)::text FROM customer c'] END
	LOOP
		BEGIN
			EXECUTE statement INTO answer USING input;
			RETURN NEXT 'rows';
		EXCEPTION WHEN OTHERS THEN
			GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
				detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
			RETURN NEXT concat_ws(' / ', state, to_json(message), to_json(detail), to_json(hint));
		END;
	END LOOP;
END $$;
});

foreach my $parser ('path', 'spec')
{
	my @files = sort glob("$FindBin::RealBin/../fuzz/corpus/$parser/*");
	my $script = "SET client_min_messages = warning;\n";
	foreach my $file (@files)
	{
		my $text = slurp_file($file);
		my ($name) = $file =~ m{([^/]+)$};

		$text =~ s/($character)|./$1 \/\/ '?'/gse;
		$script .= "\\echo =$name\nSELECT replay('$parser', convert_from('\\x"
		  . unpack('H*', $text) . "', 'UTF8'));\n";
	}
	my ($status, $out, $err) = $node->psql('postgres', $script, on_error_stop => 0);
	is($status, 0, "$parser: the session comes to its end");
	is($err, '', "$parser: no other error, no warning");

	my (@wrong, %count);
	my $replayed = 0;
	foreach my $answer (split /^=/m, $out)
	{
		my ($file, @lines) = split /\n/, $answer;
		next unless defined $file;
		my %different = map { $_ => 1 } grep { $parser eq 'spec' || /^42601/ } @lines;
		my $fault = $lines[0] // '';
		my ($state) = $fault =~ /^(rows|\w{5})/;

		$replayed++;
		$count{ $state // 'nothing' }++;
		push @wrong, "$file: not every way of calling gives an answer"
		  if @lines != ($parser eq 'path' ? 5 : 4);
		push @wrong, "$file: not the same in each way of calling" if keys %different > 1;
		push @wrong, map { "$file: $_" } grep { !may_be_said($parser, $_) } @lines;
	}
	my ($refused, $rows) = map { $count{$_} // 0 } '42601', 'rows';
	note("$parser: " . join(', ', map { "$count{$_} $_" } sort keys %count));
	is($replayed, scalar(@files), "$parser: all $replayed inputs were replayed");
	is(join("\n", @wrong), '', "$parser: each gives rows or an error with its place");
	cmp_ok($refused, '>', $replayed / 4, "$parser: many cannot be read");
	cmp_ok($replayed - $refused, '>', $replayed / 8, "$parser: and many can");
	cmp_ok($rows, '>', 0, "$parser: some give rows") if $parser eq 'spec';
}

unlike(slurp_file($node->logfile), qr/TRAP:|PANIC|terminated by signal|WARNING/,
	'nothing of that kind in the log');
$node->stop;
done_testing();
