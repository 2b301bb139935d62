# Copyright (c) 2026, relnav developers

# What is very large, very deep or very odd ends in rows or in a clear error,
# and soon: specs and paths of a megabyte, many keys, wide tables, long names,
# cycles, and the server's own limits.
#
# RELNAV_FAULT_LONG=1 adds a tree of more than 1 GB, which needs 3 GB of memory.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--no-locale', '--encoding=UTF8' ]);

# Nothing here takes a second; what grows with the square of a megabyte takes
# minutes.
$node->append_conf('postgresql.conf', "statement_timeout = '60s'\nlog_statement = none\n"
	  . "log_min_error_statement = panic\nmax_locks_per_transaction = 512\n");
$node->start;
$node->safe_psql(
	'postgres', q{
CREATE EXTENSION relnav;
CREATE TABLE hub (id int PRIMARY KEY, v text);
CREATE TABLE child (id int PRIMARY KEY, a int REFERENCES hub, next int REFERENCES child);
CREATE INDEX ON child (a);
INSERT INTO hub VALUES (1, 'x');
INSERT INTO child VALUES (1, 1, 1), (2, 1, 3), (3, 1, 2), (4, NULL, 5), (5, NULL, 6), (6, NULL, 4);
});

# Runs SQL; the answer, or the error, is what a pattern describes.
sub check
{
	my ($sql, $pattern, $name) = @_;
	my ($code, $out, $err) = $node->psql('postgres', $sql, on_error_stop => 0);
	my $answer = $err =~ /(?:ERROR|FATAL|PANIC):  (.{0,200})/ ? $1 : $out;

	like($answer, $pattern, $name);
}

# A tree of the hub with this expression, in SQL, as its spec.
sub tree { return "SELECT length(relnav.tree('hub', 1, $_[0])::text)" }

my $where = q{'child(id where ' || };

# ----- specs and paths of a megabyte

check(tree(q{repeat(' ', 1000000)}), qr/^16$/, '1 MB of blanks');
check(tree(q{repeat('x', 1000000)}), qr/^column "x+/, 'one name of 1 MB');
check(tree(q{'"' || repeat('x', 1000000)}), qr/^invalid tree spec$/, 'a name that is not closed');
check(tree(q{repeat('(', 1000000)}), qr/^invalid tree spec$/, '1 MB of parentheses');
check(tree(q{repeat('child(', 160000)}), qr/^(invalid tree spec|table)/, '160,000 nodes in each other');
check(tree(q{repeat('x.', 500000) || 'x'}), qr/^table "hub" has no relationship "x"$/, 'a path of 500,000 names');
check(tree(q{(SELECT string_agg('n' || i || ': id', ', ') FROM generate_series(1, 80000) i)}),
	qr/^[78]\d{5}$/, '80,000 columns');
check(tree(q{(SELECT string_agg('n' || i || ': id', ', ') FROM generate_series(1, 80000) i) || ', n777: id'}),
	qr/^key "n777" stands in the tree twice in one object$/, '80,000 columns, one of them twice');
check(tree(q{(SELECT string_agg('n' || i || ': child(id)', ', ') FROM generate_series(1, 50000) i)}),
	qr/^the tree spec has more than 1000 nodes$/, '50,000 nodes');
check(tree(q{(SELECT string_agg('n' || i || ': child(id where id > ' || i || ')', ', ') FROM generate_series(1, 900) i)}),
	qr/^\d+$/, '900 nodes with conditions');
# So many keys that all slots but one of a half are taken.
check(q{
CREATE TABLE word (id text PRIMARY KEY);
CREATE TABLE said (id int PRIMARY KEY, word_id text REFERENCES word);
INSERT INTO word SELECT i FROM generate_series(1, 131071) i;
INSERT INTO said SELECT i, i % 131071 + 1 FROM generate_series(1, 200000) i;
SELECT length(relnav.tree_agg(s, 'word.id')::text) FROM said s},
	qr/^\d+$/, 'a map of 131,071 keys');

# Thousands of rows that get another key, and those that follow them.
check(q{
CREATE TABLE lead (id int PRIMARY KEY);
CREATE TABLE node (id int PRIMARY KEY, lead int DEFAULT 0 REFERENCES lead ON DELETE SET DEFAULT, UNIQUE (id, lead));
CREATE TABLE sub (node_id int, lead int, FOREIGN KEY (node_id, lead) REFERENCES node (id, lead) ON UPDATE CASCADE);
INSERT INTO lead VALUES (0), (1);
INSERT INTO node SELECT i, 1 FROM generate_series(1, 4000) i;
INSERT INTO sub SELECT i, 1 FROM generate_series(1, 4000) i;
CREATE INDEX ON node (lead);
CREATE INDEX ON sub (node_id, lead);
ANALYZE;
SELECT sum(rows) FROM relnav.delete_impact('lead', 1)},
	qr/^8001$/, 'delete_impact: 4,000 rows that get their default, and as many that follow');
check(tree($where . q{repeat('(', 500000) || ')'}), qr/^(invalid tree spec|memory exhausted)/, 'a condition of parentheses');
check(tree($where . q{repeat('(', 100000) || 'true' || repeat(')', 100001)}),
	qr/^(memory exhausted|stack depth limit exceeded)/, 'a condition in 100,000 parentheses');
check(tree($where . q{repeat('NOT ', 200000) || 'true)'}),
	qr/^(memory exhausted|stack depth limit exceeded)/, '200,000 times NOT');
check(tree($where . q{'id = 1' || repeat(' + 1', 200000) || ')'}),
	qr/^(memory exhausted|stack depth limit exceeded)/, 'a sum of 200,000');
check(tree($where . q{repeat('id = 1 OR ', 20000) || 'true)'}), qr/^\d+$/, '20,000 times OR');
check(tree($where . q{'id IN (1' || repeat(',1', 400000) || '))'}), qr/^\d+$/, 'a list of 400,000');
check(tree($where . q{'/*' || repeat('x', 1000000) || '*/ true)'}), qr/^\d+$/, 'a comment of 1 MB');
check(tree($where . q{repeat('/*', 300000) || ')'}), qr/^invalid tree spec$/, '300,000 comments in each other');
check(tree($where . q{repeat('/*/', 300000) || ')'}), qr/^invalid tree spec$/, 'or not quite');
check(tree($where . q{repeat('/*', 50) || repeat('*/', 50) || ' true)'}), qr/^\d+$/, '50 comments in each other');
check(tree($where . q{'id ' || repeat('+', 500000) || '1 > 0)'}), qr/^invalid tree spec$/, '500,000 signs');
check(tree($where . q{'id' || repeat(' +', 90) || ' 1 > 0)'}), qr/^\d+$/, '90 signs');
check(tree($where . q{'id ' || repeat('@', 500000) || ' 1)'}), qr/^operator too long/, 'an operator of 500,000 characters');
check(tree($where . q{'id = ' || repeat('1', 1000000) || ')'}), qr/overflows numeric|out of range/, 'a number of 1 MB');
check(tree($where . q{'''' || repeat('x', 1000000) || ''' IS NULL)'}), qr/^\d+$/, 'a string of 1 MB');
check(q{SELECT length(relnav.query('hub', 'child' || repeat('.next', 3000)))}, qr/^\d+$/, 'a path of 3,000 hops as SQL');
check(q{SELECT count(*) FROM relnav.related('hub', 1, NULL::child, 'child' || repeat('.next', 200000))},
	qr/^path has 200001 relationships, more than 250$/, 'a path of 1 MB');
check(q{SELECT count(*) FROM relnav.related('hub', 1, NULL::child, 'child' || repeat('.next', 199))},
	qr/^3$/, 'a path of 200 hops over cycles');
check(q{SELECT relnav.query('hub', repeat('.', 1000000))}, qr/^invalid relationship path/, 'dots only');
check(q{SELECT relnav.query('hub', repeat('"', 1000000))}, qr/^table "hub" has no relationship/, 'quotes only');
check(q{SELECT relnav.query('hub', repeat('x', 1000000))}, qr/^table "hub" has no relationship/, 'one segment of 1 MB');

# ----- depth

check(q{SELECT length(relnav.tree('child', 2, repeat('next(', 32) || 'id' || repeat(')', 32))::text)}, qr/^\d+$/, '32 levels');
check(q{SELECT length(relnav.tree('child', 2, repeat('next(', 33) || 'id' || repeat(')', 33))::text)}, qr/^invalid tree spec$/, '33 levels');
check(q{SET max_stack_depth = '100kB'; } . tree($where . q{repeat('(id = 1 OR (id = 2 AND ', 2000) || 'true' || repeat('))', 2000) || ')'}),
	qr/^stack depth limit exceeded|^memory exhausted/, 'a small stack and a deep condition');
check(q{SET max_stack_depth = '100kB'; SELECT length(relnav.tree('child', 2, repeat('next(', 32) || 'id' || repeat(')', 32))::text)},
	qr/^(\d+|stack depth limit exceeded)$/, 'a small stack and a deep tree');
check(q{
DO $$ BEGIN
	CREATE VIEW v0 AS SELECT * FROM child;
	FOR i IN 1 .. 150 LOOP
		EXECUTE format('CREATE VIEW v%s AS SELECT * FROM v%s', i, i - 1);
	END LOOP;
END $$;
SELECT count(*) FROM relnav.relationships('v150');
SELECT count(*) FROM relnav.children('hub', 1, NULL::v150);
SET max_stack_depth = '100kB';
SELECT count(*) FROM relnav.relationships('v149');}, qr/^3\n3\n3$|^stack depth limit exceeded$/, '150 views in each other');

# ----- cycles

check(q{SELECT relnav.tree('child', 1, 'id, next(id depth 5)')}, qr/^\{"id":1,"next":null\}$/, 'a row that is its own parent');
check(q{SELECT relnav.tree('child', 4, 'id, next(id depth 32)')}, qr/^\{"id":4,"next":\{"id":5,"next":\{"id":6,"next":null\}\}\}$/, 'a cycle of three');
check(q{SELECT string_agg((node).id || ' ' || depth, ', ' ORDER BY depth) FROM relnav.descendants('child', 4, NULL::child)},
	qr/^6 1, 5 2$/, 'its descendants');
check(q{SELECT count(*) FROM relnav.descendants('child', 1, NULL::child)}, qr/^0$/, 'and those of the row alone');
check(q{SELECT count(*) FROM relnav.paths('child', 'child')}, qr/^\d+$/, 'paths from a table to itself');
check(q{SELECT count(*) FROM relnav.delete_impact('child', 4)}, qr/^\d+$/, 'deleting in a cycle');

# ----- many keys, many columns, long names, nothing

check(q{
DO $$ BEGIN
	EXECUTE 'CREATE TABLE many (id int PRIMARY KEY, ' ||
		(SELECT string_agg(format('c%s int REFERENCES hub', i), ', ') FROM generate_series(1, 1000) i) || ')';
END $$;
INSERT INTO many (id, c1, c1000) VALUES (1, 1, 1);
SELECT count(*), count(DISTINCT name), count(DISTINCT full_name), count(inverse) FROM relnav.relationships('many');
SELECT count(*), count(DISTINCT name), count(DISTINCT full_name), count(inverse) FROM relnav.relationships('hub');
SELECT count(*) FROM (SELECT r.inverse FROM relnav.relationships('many') r EXCEPT SELECT r.full_name FROM relnav.relationships('hub') r) x;
SELECT count(*) FROM relnav.describe('many');
SELECT count(*) FROM json_object_keys(relnav.tree('many', 1, 'id, *(id)'));
SELECT count(*) FROM relnav.delete_impact('hub', 1) LIMIT 1;
SELECT count(*) FROM relnav.neighbors('hub', 1) n WHERE n.rows > 0;},
	qr/^1000\|1000\|1000\|1000\n1001\|1001\|1001\|1001\n0\n1000\n\d+\n\d+\n3$/, '1,000 keys between two tables, from both sides');
check(q{SELECT relnav.tree('hub', 1, '*(id)')}, qr/^the tree spec has more than 1000 nodes$/, 'and a node for each is too many');
check(q{
DO $$ BEGIN
	EXECUTE 'CREATE TABLE wide (' ||
		(SELECT string_agg(format('c%s int', i), ', ') FROM generate_series(1, 1599) i) || ', id int PRIMARY KEY)';
	EXECUTE 'CREATE TABLE wider (' ||
		(SELECT string_agg(format('c%s bool', i), ', ') FROM generate_series(1, 1599) i) || ', wide_id int REFERENCES wide)';
END $$;
INSERT INTO wide (id, c1599) VALUES (7, 8);
INSERT INTO wider (wide_id) VALUES (7), (7), (NULL);
SELECT relnav.tree('wide', 7, '*')::text = row_to_json(w)::text FROM wide w;
SELECT relnav.tree('wide', 7, 'wider(wide_id, c1599), id');
SELECT json_array_length(relnav.tree('wide', 7, 'wider()')->'wider'), (SELECT count(*) FROM json_object_keys(relnav.tree('wide', 7, 'wider()')->'wider'->0));
SELECT p.id, p.c1599 FROM wider w, relnav.parent(w, NULL::wide) p;
SELECT count(c) FROM relnav.children('wide', 7, NULL::wider) c;
SELECT json_array_length(relnav.tree_agg(w, '*, wide(*)')) FROM wider w;},
	qr/^t\n\{"wider":\[\{"wide_id":7,"c1599":null\},\{"wide_id":7,"c1599":null\}\],"id":7\}\n2\|1600\n7\|8\n7\|8\n2\n3$/,
	'1,600 columns, the key in the last one');
check(q{
SELECT n || 'abc' AS abc, n || 'xyz' AS xyz, n || '_id' AS id FROM repeat('n', 60) n \gset
CREATE TABLE :"abc" (id int PRIMARY KEY, :"abc" int);
CREATE TABLE :"xyz" (id int PRIMARY KEY, :"abc" int REFERENCES :"abc", :"xyz" int REFERENCES :"abc", :"id" int REFERENCES :"abc");
INSERT INTO :"abc" VALUES (1);
INSERT INTO :"xyz" VALUES (2, 1, 1, 1);
SELECT count(*), count(DISTINCT name), count(DISTINCT full_name), max(length(full_name)) FROM relnav.relationships(:'abc');
SELECT sum(n.rows) FROM relnav.neighbors(:'abc', 1) n;
SELECT (SELECT count(*) FROM json_object_keys(relnav.tree(:'abc', 1, '*(id)')));
SELECT count(*) FROM (SELECT relnav.query(r.source, '"' || r.full_name || '"') FROM relnav.relationships(:'abc') r) x;},
	qr/^3\|3\|3\|130\n3\n3\n3$/, 'names of 63 bytes');
check(q{
DO $$ DECLARE c text := (SELECT string_agg('c' || i, ', ') FROM generate_series(1, 30) i);
BEGIN
	EXECUTE 'CREATE TABLE k30 (' || replace(c, ',', ' int,') || ' int, PRIMARY KEY (' || c || '))';
	EXECUTE 'CREATE TABLE link30 (' || replace(c, ',', ' int,') || ' int, other int REFERENCES hub, PRIMARY KEY (' || c || ', other), FOREIGN KEY (' || c || ') REFERENCES k30)';
	EXECUTE 'INSERT INTO k30 SELECT ' || regexp_replace(c, 'c\d+', '1', 'g');
	EXECUTE 'INSERT INTO link30 SELECT ' || regexp_replace(c, 'c\d+', '1', 'g') || ', 1';
END $$;
SELECT kind, cardinality(source_columns) FROM relnav.relationships('k30') WHERE association IS NOT NULL;
SELECT h.id FROM k30 k, relnav.associated(k, NULL::hub) h;
SELECT relnav.tree(k, 'hub(id, k30(c30))') FROM k30 k;
SELECT relnav.tree('k30', '(' || repeat('1,', 29) || '1)', 'c30');},
	qr/^many-to-many\|30\n1\n\{"hub":\[\{"id":1,"k30":\[\{"c30":1\}\]\}\]\}\n\{"c30":1\}$/, 'keys of 30 columns');
check(q{
CREATE TABLE nothing ();
CREATE TABLE empty (id int PRIMARY KEY REFERENCES hub);
INSERT INTO nothing DEFAULT VALUES;
SELECT count(*) FROM relnav.relationships('nothing');
SELECT relnav.tree(n, '') FROM nothing n;
SELECT relnav.tree_agg(n, '*') FROM nothing n;
SELECT relnav.tree('hub', 1, 'empty(*)'), relnav.tree('empty', 1, 'id') IS NULL;
SELECT relnav.tree('nothing', 1, 'id');},
	qr/^table "nothing" has no key to find a row by$/, 'tables without columns and without rows');

# ----- the server's limits

my $heavy = q{SELECT md5(relnav.tree_agg(b, 'id, bulk_by_up(id, bulk_by_up(id, t order by t desc))' ORDER BY id)::text), (SELECT md5(string_agg(c::text, ',' ORDER BY c::text)) FROM bulk b2, relnav.children(b2, NULL::bulk, 'bulk_by_up') c) FROM bulk b};
$node->safe_psql('postgres', q{
CREATE TABLE bulk (id int PRIMARY KEY, up int REFERENCES bulk, t text);
INSERT INTO bulk SELECT i, nullif(i / 3, 0), repeat('x', i % 100) FROM generate_series(1, 20000) i;
CREATE INDEX ON bulk (up);
ANALYZE bulk;});
my $expected = $node->safe_psql('postgres', $heavy);
check("SET work_mem = '64kB'; $heavy", qr/^\Q$expected\E$/, 'little work_mem');
check(q{SET work_mem = '64kB'; SET temp_file_limit = '100kB'; SELECT count(*) FROM (SELECT relnav.children(b, NULL::bulk, 'bulk_by_up') FROM bulk b) x;
SELECT count(*) FROM relnav.descendants('bulk', 1, NULL::bulk, 'up');},
	qr/^temporary file size exceeds "?temp_file_limit/, 'a limit of temporary files');
is($node->safe_psql('postgres', 'SELECT count(*) FROM pg_ls_tmpdir()'), '0', 'and none is left');
check(q{
DO $$ DECLARE n int := 0; BEGIN
	FOR i IN 1 .. 3000 LOOP
		BEGIN
			PERFORM relnav.tree('child', i % 6 + 1, CASE WHEN i % 3 = 0 THEN 'id, next(broken)' ELSE 'id, next(id)' END);
			PERFORM count(*) FROM relnav.children('hub', 1, NULL::child);
			n := n + 1;
		EXCEPTION WHEN undefined_column THEN
			NULL;
		END;
	END LOOP;
	IF n <> 2000 THEN
		RAISE 'only % of 2000', n;
	END IF;
END $$;
SELECT relnav.tree('child', 2, 'next(id)');}, qr/^\{"next":\{"id":3\}\}$/, '3,000 subtransactions, 1,000 of which fail');

# ----- a value of more than 1 GB

SKIP:
{
	skip 'only with RELNAV_FAULT_LONG', 4 unless $ENV{RELNAV_FAULT_LONG};

	$node->safe_psql('postgres', q{
CREATE TABLE big (id int PRIMARY KEY, hub_id int REFERENCES hub, t text);
INSERT INTO big SELECT i, 1, repeat('x', 100000000) FROM generate_series(1, 12) i;});
	check(q{SELECT length(relnav.tree('hub', 1, 'big(t)')::text)}, qr/^the tree is too large$/, 'a tree of 1.2 GB');
	check(q{SELECT length(relnav.tree('hub', 1, 'big(} . join(', ', map { "t$_: t" } 1 .. 12) . q{)')::text)}, qr/^a row of the tree is too large$/, 'a row of 1.2 GB');
	check(q{SELECT length(relnav.tree('hub', 1, 'big(} . join(', ', map { "t$_: t" } 1 .. 45) . q{)')::text)}, qr/^a row of the tree is too large$/, 'a row of 4.5 GB, which is more than 32 bits count');
	check(q{SELECT length(relnav.tree('hub', 1, 'big(t limit 3)')::text)}, qr/^3000000\d\d$/, 'a tree of 0.3 GB');
}

my $log = slurp_file($node->logfile);
my @bad = grep { /WARNING|PANIC|TRAP|server process|signal \d/ } split /\n/, $log;
is(join("\n", @bad), '', 'the server has nothing to say about it');

done_testing();
