# Copyright (c) 2026, relnav developers

# Sessions that navigate, make trees and ask what a delete would do, while
# others change the tables, at random.
#
# The rows never change.  So the answer to each question is one of a few that
# are computed by hand before it begins: what is right before a change or after
# it.  Any other answer is wrong.  An error must be one of those that the
# question allows, as where a key or a table is away for the moment; the same
# asked by hand is among the questions, and has the same errors allowed.
#
#   RELNAV_STRESS_CHECKS   how often each session asks; the default is a short run
#   RELNAV_STRESS_SEED     of what is asked and changed; the default is fixed, but
#                          what meets what is up to the machine

use strict;
use warnings;

use POSIX qw(WNOHANG _exit);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $checks = $ENV{RELNAV_STRESS_CHECKS} || 300;
my $seed = $ENV{RELNAV_STRESS_SEED} || 56;

# Errors that a question allows by itself, and why.
my %reasons = (
	'42704' => 'no relationship or type of the name just then',
	'42P01' => 'no table of the name just then',
	'42703' => 'no column of the name just then',
	'42804' => 'a column got another type while a statement ran that calls the function',
	'55006' => 'a table was changed while a statement ran that calls the function',
	'40P01' => 'a deadlock with a change that locks several tables');

# What sessions that navigate are set to.
my @navigators = (
	q{SET default_transaction_isolation = 'read committed'},
	q{SET default_transaction_isolation = 'repeatable read'},
	q{SET default_transaction_isolation = 'serializable'},
	q{SET plan_cache_mode = force_generic_plan});

my $node = PostgreSQL::Test::Cluster->new('stress');
$node->init(extra => [ '--no-locale', '--encoding=UTF8' ]);
$node->append_conf(
	'postgresql.conf', q{
# Who waits, and who gives up: mostly the changes.
deadlock_timeout = 200ms
log_statement = none
log_min_duration_statement = -1
log_min_error_statement = fatal
log_autovacuum_min_duration = -1
});
$node->start;


# ----- The tables ------------------------------------------------------------

$node->safe_psql(
	'postgres', q{
CREATE EXTENSION relnav;
CREATE SCHEMA stress;
SET search_path = stress;

CREATE TABLE customer (id int PRIMARY KEY, name text, inviter_id int REFERENCES customer);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int CONSTRAINT bought_by REFERENCES customer ON DELETE CASCADE, note text);
CREATE TABLE product (id int PRIMARY KEY, name text);
CREATE TABLE items (order_id int CONSTRAINT item_of REFERENCES orders ON DELETE CASCADE, line int,
	product_id int REFERENCES product, PRIMARY KEY (order_id, line));
CREATE TABLE tag (id int PRIMARY KEY, name text);
CREATE TABLE tagged (customer_id int REFERENCES customer ON DELETE CASCADE, tag_id int REFERENCES tag,
	PRIMARY KEY (customer_id, tag_id));
CREATE TABLE event (id int PRIMARY KEY, customer_id int CONSTRAINT event_of REFERENCES customer ON DELETE CASCADE)
	PARTITION BY RANGE (id);
CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM (0) TO (100);
CREATE TABLE event_2 (customer_id int, id int PRIMARY KEY);
CREATE TABLE event_3 PARTITION OF event FOR VALUES FROM (200) TO (300);
CREATE TABLE visit (customer_id int, day int, page text);
CREATE TABLE ticket (id int PRIMARY KEY, customer_id int);
CREATE TABLE parcel (id int PRIMARY KEY, customer_id int REFERENCES customer ON DELETE CASCADE);
CREATE TABLE memo (id int PRIMARY KEY, customer_id int REFERENCES customer ON DELETE CASCADE);
CREATE TABLE heavy (id int PRIMARY KEY, customer_id int REFERENCES customer ON DELETE CASCADE);

INSERT INTO customer SELECT i, 'customer ' || i, nullif(i / 3, 0) FROM generate_series(1, 20) i;
INSERT INTO orders SELECT i, 1 + i % 20, 'order ' || i FROM generate_series(1, 100) i;
INSERT INTO product SELECT i, 'product ' || i FROM generate_series(1, 10) i;
INSERT INTO items SELECT o, l, 1 + (o * l) % 10 FROM generate_series(1, 100) o, generate_series(1, 3) l;
INSERT INTO tag SELECT i, 'tag ' || i FROM generate_series(1, 5) i;
INSERT INTO tagged SELECT c, t FROM generate_series(1, 20) c, generate_series(1, 5) t WHERE (c + t) % 2 = 0;
INSERT INTO event SELECT i, 1 + i % 20 FROM generate_series(1, 40) i;
INSERT INTO event SELECT 200 + i, 1 + i % 20 FROM generate_series(1, 60) i;
INSERT INTO event_2 SELECT 1 + i % 20, 100 + i FROM generate_series(1, 20) i;
INSERT INTO visit SELECT 1 + i % 20, 1 + i % 7, 'page ' || i FROM generate_series(1, 50) i;
INSERT INTO ticket SELECT i, 1 + i % 20 FROM generate_series(1, 40) i;
INSERT INTO parcel SELECT i, 1 + i % 20 FROM generate_series(1, 40) i;
INSERT INTO memo SELECT i, 1 + i % 20 FROM generate_series(1, 40) i;
INSERT INTO heavy SELECT i, 1 + i % 20 FROM generate_series(1, 40) i;
CREATE INDEX orders_of ON orders (customer_id);
CREATE VIEW buyer AS SELECT id AS number, name FROM customer;
CREATE VIEW bill AS SELECT id, customer_id FROM orders;
SELECT relnav.declare('visit', 'visitor', '{customer_id}', 'customer', '{id}', inverse => 'visits');
ANALYZE;
});


# ----- What is asked ---------------------------------------------------------

# Name, question, the valid answers by hand (or none: any), errors that are
# allowed.  Each question gives one value; each query of answers gives a row for
# each.  By hand only columns are named that nobody renames.
my $events = q{(VALUES ('{1}'::int[]), ('{1,2}'), ('{1,3}'), ('{1,2,3}')) p (attached)};
my @questions = (
	[   'children',
		q{SELECT count(*) || ' ' || sum(c.id * o.id) FROM customer c, relnav.children(c, NULL::orders) o},
		q{SELECT count(*) || ' ' || sum(c.id * o.id) FROM customer c JOIN orders o ON o.customer_id = c.id} ],
	[   'children, by hand',
		q{SELECT count(*) || ' ' || sum(c.id * o.id) FROM customer c JOIN orders o (id, c_id) ON o.c_id = c.id},
		q{SELECT count(*) || ' ' || sum(c.id * o.id) FROM customer c JOIN orders o ON o.customer_id = c.id} ],
	[   'by key',
		q{SELECT count(*) || ' ' || sum(o.id) FROM relnav.children('customer', 7, NULL::orders) o},
		q{SELECT count(*) || ' ' || sum(o.id) FROM orders o WHERE o.customer_id = 7} ],
	[   'whole rows',
		q{SELECT string_agg(o.id || left(o.note, 20), ',' ORDER BY o.id) FROM customer c, relnav.children(c, NULL::orders) o WHERE c.id = 3 AND o IS NOT DISTINCT FROM o},
		q{SELECT string_agg(o.id || left(o.note, 20), ',' ORDER BY o.id) FROM orders o WHERE o.customer_id = 3},
		'42804' ],
	[   'parent',
		q{SELECT count(*) || ' ' || sum(c.id * o.id) FROM orders o, relnav.parent(o, NULL::customer) c},
		q{SELECT count(*) || ' ' || sum(c.id * o.id) FROM customer c JOIN orders o ON o.customer_id = c.id} ],
	[   'path',
		q{SELECT count(*) || ' ' || sum(c.id * p.id) FROM customer c, relnav.related(c, NULL::product, 'orders.items.product') p},
		q{SELECT count(*) || ' ' || sum(d.c * d.p) FROM (SELECT DISTINCT o.customer_id, i.product_id FROM orders o JOIN items i ON i.order_id = o.id) d (c, p)} ],
	[   'EXISTS',
		q{SELECT sum(p.id)::text FROM product p WHERE NOT EXISTS (SELECT FROM relnav.children(p, NULL::items) i WHERE i.line = 2)},
		q{SELECT sum(p.id)::text FROM product p WHERE NOT EXISTS (SELECT FROM items i WHERE i.product_id = p.id AND i.line = 2)} ],
	[   'associated',
		q{SELECT count(*) || ' ' || sum(c.id * t.id) FROM customer c, relnav.associated(c, NULL::tag) t},
		q{SELECT count(*) || ' ' || sum(customer_id * tag_id) FROM tagged} ],
	[   'select list',
		q{SELECT count(*) || ' ' || sum((o).id) FROM (SELECT relnav.children(c, NULL::orders) FROM customer c OFFSET 0) s (o)},
		q{SELECT count(*) || ' ' || sum(id) FROM orders},
		'55006' ],
	[   'recursion',
		q{SELECT count(*) || ' ' || sum((node).id * depth) FROM relnav.descendants('customer', 1, NULL::customer)},
		q{WITH RECURSIVE d AS (SELECT id, 1 AS depth FROM customer WHERE inviter_id = 1 UNION ALL SELECT c.id, depth + 1 FROM d JOIN customer c ON c.inviter_id = d.id)
		  SELECT count(*) || ' ' || sum(id * depth) FROM d} ],
	[   'partitions',
		q{SELECT count(*) || ' ' || sum(c.id * e.id) FROM customer c, relnav.children(c, NULL::event) e},
		qq{SELECT (SELECT count(*) || ' ' || sum(customer_id * id) FROM (SELECT 1 AS p, id, customer_id FROM event_1 UNION ALL
			SELECT 2, id, customer_id FROM event_2 UNION ALL SELECT 3, id, customer_id FROM event_3) e WHERE p = ANY (attached)) FROM $events} ],
	[   'partitions, by hand',
		q{SELECT count(*) || ' ' || sum(c.id * e.id) FROM customer c JOIN event e ON e.customer_id = c.id},
		qq{SELECT (SELECT count(*) || ' ' || sum(customer_id * id) FROM (SELECT 1 AS p, id, customer_id FROM event_1 UNION ALL
			SELECT 2, id, customer_id FROM event_2 UNION ALL SELECT 3, id, customer_id FROM event_3) e WHERE p = ANY (attached)) FROM $events} ],
	[   'tree, partitions',
		q{SELECT relnav.tree('customer', 4, 'event(id order by id)')::jsonb::text},
		qq{SELECT jsonb_build_object('event', (SELECT jsonb_agg(jsonb_build_object('id', id) ORDER BY id) FROM (SELECT 1 AS p, id, customer_id FROM event_1 UNION ALL
			SELECT 2, id, customer_id FROM event_2 UNION ALL SELECT 3, id, customer_id FROM event_3) e WHERE customer_id = 4 AND p = ANY (attached)))::text FROM $events} ],
	[   'impact',
		q{SELECT string_agg(target || ' ' || rows, ',' ORDER BY target::text COLLATE "C") FROM relnav.delete_impact('customer', 19) WHERE target IN (SELECT unnest('{orders,items,tagged}'::regclass[]))},
		q{SELECT 'items ' || (SELECT count(*) FROM items JOIN orders o ON o.id = order_id WHERE o.customer_id = 19) || ',orders ' ||
			(SELECT count(*) FROM orders WHERE customer_id = 19) || ',tagged ' || (SELECT count(*) FROM tagged WHERE customer_id = 19)},
		'55006' ],
	[   'impact, partitions',
		q{SELECT rows::text FROM relnav.delete_impact('customer', 5) WHERE target = 'event'::regclass},
		qq{SELECT (SELECT count(*)::text FROM (SELECT 1 AS p, id, customer_id FROM event_1 UNION ALL
			SELECT 2, id, customer_id FROM event_2 UNION ALL SELECT 3, id, customer_id FROM event_3) e WHERE customer_id = 5 AND p = ANY (attached)) FROM $events},
		'55006' ],
	[   'from a view',
		q{SELECT count(*) || ' ' || sum(b.number * o.id) FROM buyer b, relnav.children(b, NULL::orders) o},
		q{SELECT count(*) || ' ' || sum(customer_id * id) FROM orders UNION ALL
		  SELECT count(*) || ' ' || sum(customer_id * id) FROM orders WHERE customer_id < 10} ],
	[   'to a view',
		q{SELECT count(*) || ' ' || sum(c.id * b.id) FROM customer c, relnav.children(c, NULL::bill) b},
		q{SELECT count(*) || ' ' || sum(customer_id * id) FROM orders UNION ALL
		  SELECT count(*) || ' ' || sum(customer_id * id) FROM orders WHERE id < 50} ],
	[   'to a view, by hand',
		q{SELECT count(*) || ' ' || sum(c.id * b.id) FROM customer c JOIN bill b (id, c_id) ON b.c_id = c.id},
		q{SELECT count(*) || ' ' || sum(customer_id * id) FROM orders UNION ALL
		  SELECT count(*) || ' ' || sum(customer_id * id) FROM orders WHERE id < 50} ],
	[   'declared',
		q{SELECT count(*) || ' ' || sum(length(v.page) * c.id) FROM customer c, relnav.related(c, NULL::visit, 'visits') v},
		q{SELECT count(*) || ' ' || sum(length(page) * customer_id) FROM visit UNION ALL SELECT count(*) || ' ' || sum(length(page) * day) FROM visit} ],
	[   'tree, declared',
		q{SELECT relnav.tree('customer', 2, 'visits(page order by page)')::jsonb::text},
		q{SELECT json_build_object('visits', json_agg(json_build_object('page', page) ORDER BY page))::jsonb::text FROM visit WHERE customer_id = 2 UNION ALL
		  SELECT json_build_object('visits', json_agg(json_build_object('page', page) ORDER BY page))::jsonb::text FROM visit WHERE day = 2} ],
	[   'tree',
		q{SELECT relnav.tree('customer', 6, 'name, orders(id, items(line, product(name) order by line) order by id), count(tag)')::jsonb::text},
		q{SELECT jsonb_build_object('name', c.name, 'orders', (SELECT jsonb_agg(jsonb_build_object('id', o.id, 'items', (SELECT jsonb_agg(jsonb_build_object(
			'line', i.line, 'product', (SELECT jsonb_build_object('name', p.name) FROM product p WHERE p.id = i.product_id)) ORDER BY i.line) FROM items i WHERE i.order_id = o.id)) ORDER BY o.id)
			FROM orders o WHERE o.customer_id = c.id), 'tag_count', (SELECT count(*) FROM tagged t WHERE t.customer_id = c.id))::text FROM customer c WHERE c.id = 6} ],
	[   'tree_agg',
		q{SELECT relnav.tree_agg(c, 'orders(n: id order by id limit 2)' ORDER BY c.id)::jsonb::text FROM customer c},
		q{SELECT jsonb_agg(jsonb_build_object('orders', (SELECT jsonb_agg(jsonb_build_object('n', id) ORDER BY id) FROM (SELECT o.id FROM orders o WHERE o.customer_id = c.id ORDER BY 1 LIMIT 2) o))
			ORDER BY c.id)::text FROM customer c} ],
	[   'neighbors',
		q{SELECT sum(rows)::text FROM relnav.neighbors('customer', 8) WHERE target = 'orders'::regclass},
		q{SELECT count(*)::text FROM orders WHERE customer_id = 8} ],
	[   'a key that comes and goes',
		q{SELECT count(*) || ' ' || sum(c.id * t.id) FROM customer c, relnav.children(c, NULL::ticket) t},
		q{SELECT count(*) || ' ' || sum(customer_id * id) FROM ticket},
		'42704' ],
	[   'tree, a key that comes and goes',
		q{SELECT relnav.tree('customer', 8, 'ticket(id order by id)')::jsonb::text},
		q{SELECT json_build_object('ticket', json_agg(json_build_object('id', id) ORDER BY id))::jsonb::text FROM ticket WHERE customer_id = 8},
		'42704' ],
	[   'a table that is renamed',
		q{SELECT count(*) || ' ' || sum(c.id * p.id) FROM customer c, relnav.children(c, NULL::parcel) p},
		q{SELECT count(*) || ' ' || sum(customer_id * id) FROM parcel},
		'42704' ],
	[   'a table that is renamed, by hand',
		q{SELECT count(*) || ' ' || sum(c.id * p.id) FROM customer c JOIN parcel p ON p.customer_id = c.id},
		q{SELECT count(*) || ' ' || sum(customer_id * id) FROM parcel},
		'42P01' ],
	[   'tree, a table that is renamed',
		q{SELECT relnav.tree('customer', 8, 'parcel(id order by id)')::jsonb::text},
		q{SELECT json_build_object('parcel', json_agg(json_build_object('id', id) ORDER BY id))::jsonb::text FROM parcel WHERE customer_id = 8},
		'42704' ],
	[   'a table that is made anew',
		q{SELECT count(*) || ' ' || coalesce(sum(c.id * m.id), 0) FROM customer c, relnav.children(c, NULL::memo) m},
		q{SELECT count(*) || ' ' || sum(customer_id * id) FROM memo UNION ALL SELECT '0 0'},
		'42704' ],
	[   'a table that is made anew, by hand',
		q{SELECT count(*) || ' ' || coalesce(sum(c.id * m.id), 0) FROM customer c JOIN memo m ON m.customer_id = c.id},
		q{SELECT count(*) || ' ' || sum(customer_id * id) FROM memo UNION ALL SELECT '0 0'},
		'42P01' ],
	[   'tree, a table that is made anew',
		q{SELECT relnav.tree('customer', 8, 'memo(id order by id)')::jsonb::text},
		q{SELECT json_build_object('memo', json_agg(json_build_object('id', id) ORDER BY id))::jsonb::text FROM memo WHERE customer_id = 8 UNION ALL SELECT '{"memo": []}'},
		'42704' ],
	[   'a table that is written anew',
		q{SELECT count(*) || ' ' || coalesce(sum(c.id * h.id), 0) FROM customer c, relnav.children(c, NULL::heavy) h},
		q{SELECT count(*) || ' ' || sum(customer_id * id) FROM heavy UNION ALL SELECT '0 0'},
		'55006' ],
	[   'a table that is written anew, by hand',
		q{SELECT count(*) || ' ' || coalesce(sum(c.id * h.id), 0) FROM customer c JOIN heavy h ON h.customer_id = c.id},
		q{SELECT count(*) || ' ' || sum(customer_id * id) FROM heavy UNION ALL SELECT '0 0'} ],
	[ 'describe', q{SELECT (count(*) > 3)::text FROM relnav.describe('customer')}, q{SELECT 'true'} ],
	[ 'relationships', q{SELECT (count(*) > 20)::text FROM relnav.relationships()}, q{SELECT 'true'} ],
	[ 'paths', q{SELECT (count(*) > 0)::text FROM relnav.paths('product', 'customer')}, q{SELECT 'true'} ],
	[ 'query', q{SELECT left(relnav.query('customer', 'orders.items'), 6)}, q{SELECT 'SELECT'} ],
	[ 'model', q{SELECT (length(relnav.model('stress')::text) > 1000)::text}, q{SELECT 'true'} ],
	[ 'diagram', q{SELECT left(relnav.diagram('stress'), 9)}, q{SELECT 'erDiagram'}, '42P01' ],
	[ 'lint', q{SELECT (count(*) >= 0)::text FROM relnav.lint('stress')}, q{SELECT 'true'}, '42P01' ]);


# ----- Asking, and changing --------------------------------------------------

$node->safe_psql(
	'postgres', q{
SET search_path = stress;
CREATE TABLE question (number int PRIMARY KEY, name text, asked text, answers text[], errors text[]);
CREATE TABLE stop (session int);
CREATE TABLE prepared (session int);
CREATE TABLE changed (kind text, outcome text);

-- Ask so often, and note in table "outcome" of this session what came.
CREATE PROCEDURE ask(checks int, seed float8) LANGUAGE plpgsql AS $$
DECLARE
	q question;
	numbers int[] := ARRAY(SELECT number FROM question ORDER BY number);
	kept boolean;
	got text;
	result text;
BEGIN
	PERFORM setseed(seed);
	COMMIT;
	FOR i IN 1..checks LOOP
		SELECT * INTO q FROM question WHERE number = numbers[1 + floor(random() * cardinality(numbers))];
		kept := random() < 0.5;
		PERFORM set_config('relnav.inline', CASE WHEN random() < 0.5 THEN 'on' ELSE 'off' END, false);
		BEGIN
			EXECUTE CASE WHEN kept THEN format('EXECUTE %I', q.name) ELSE q.asked END INTO got;
			result := CASE WHEN got = ANY (q.answers) THEN 'right' ELSE format('WRONG: %s', coalesce(got, 'null')) END;
		EXCEPTION WHEN OTHERS THEN
			result := SQLSTATE || CASE WHEN SQLSTATE = ANY (q.errors) OR SQLSTATE = '40P01' THEN '' ELSE ' ' || SQLERRM END;
		END;
		INSERT INTO outcome VALUES (q.name, format('%s (%s, relnav.inline = %s)', result,
			CASE WHEN kept THEN 'kept' ELSE 'new' END, current_setting('relnav.inline')));
		-- Sometimes several in one transaction.
		IF random() < 0.5 THEN
			COMMIT;
		END IF;
	END LOOP;
END $$;

-- One change, or taking it back.
CREATE PROCEDURE change(session int, kind text) LANGUAGE plpgsql AS $$
DECLARE
	own text := 'own_' || session;
	mine text := ('{orders,product,items,tag,customer}'::text[])[1 + floor(random() * 5)];
BEGIN
	CASE kind
	WHEN 'column' THEN
		IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = mine::regclass AND attname = own) THEN
			EXECUTE format('ALTER TABLE %I DROP COLUMN %I', mine, own);
		ELSE
			EXECUTE format('ALTER TABLE %I ADD COLUMN %I int DEFAULT 1', mine, own);
		END IF;
	WHEN 'type' THEN
		EXECUTE format('ALTER TABLE orders ALTER note TYPE %s', (ARRAY['text', 'varchar'])[1 + floor(random() * 2)]);
	WHEN 'rewrite' THEN
		EXECUTE format('ALTER TABLE heavy ALTER id TYPE %s', (ARRAY['int', 'bigint'])[1 + floor(random() * 2)]);
	WHEN 'ticket' THEN
		IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = 'ticket_of') THEN
			ALTER TABLE ticket ADD CONSTRAINT ticket_of FOREIGN KEY (customer_id) REFERENCES customer ON DELETE CASCADE NOT VALID;
		ELSIF random() < 0.5 THEN
			ALTER TABLE ticket VALIDATE CONSTRAINT ticket_of;
		ELSE
			ALTER TABLE ticket DROP CONSTRAINT ticket_of;
		END IF;
	WHEN 'second key' THEN
		IF EXISTS (SELECT FROM pg_constraint WHERE conname = own) THEN
			EXECUTE format('ALTER TABLE orders DROP CONSTRAINT %I', own);
		ELSE
			EXECUTE format('ALTER TABLE orders ADD CONSTRAINT %I FOREIGN KEY (customer_id) REFERENCES customer NOT VALID', own);
		END IF;
	WHEN 'source view' THEN
		EXECUTE 'CREATE OR REPLACE VIEW buyer AS SELECT id AS number, name FROM customer' ||
			CASE WHEN random() < 0.5 THEN ' WHERE id < 10' ELSE '' END;
	WHEN 'target view' THEN
		EXECUTE 'CREATE OR REPLACE VIEW bill AS SELECT id, customer_id FROM orders' ||
			CASE WHEN random() < 0.5 THEN ' WHERE id < 50' ELSE '' END;
	WHEN 'declaration' THEN
		PERFORM relnav.undeclare('visit', 'visitor');
		PERFORM relnav.declare('visit', 'visitor', ARRAY[CASE WHEN random() < 0.5 THEN 'customer_id' ELSE 'day' END]::name[],
			'customer', '{id}', inverse => 'visits');
	WHEN 'more declared' THEN
		IF EXISTS (SELECT FROM relnav.declared d WHERE d.name = own) THEN
			PERFORM relnav.undeclare('product', own);
		ELSE
			PERFORM relnav.declare('product', own, '{id}', 'tag', '{id}', inverse => own || '_of');
		END IF;
	WHEN 'rename table' THEN
		IF to_regclass('parcel') IS NULL THEN
			ALTER TABLE package RENAME TO parcel;
		ELSE
			ALTER TABLE parcel RENAME TO package;
		END IF;
	WHEN 'rename column' THEN
		IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attname = 'buyer_id') THEN
			ALTER TABLE orders RENAME buyer_id TO customer_id;
		ELSE
			ALTER TABLE orders RENAME customer_id TO buyer_id;
		END IF;
	WHEN 'rename key' THEN
		IF EXISTS (SELECT FROM pg_constraint WHERE conname = 'item_of') THEN
			ALTER TABLE items RENAME CONSTRAINT item_of TO part_of;
		ELSE
			ALTER TABLE items RENAME CONSTRAINT part_of TO item_of;
		END IF;
	WHEN 'index' THEN
		IF to_regclass('orders_of') IS NULL THEN
			CREATE INDEX orders_of ON orders (customer_id);
		ELSE
			DROP INDEX orders_of;
		END IF;
	WHEN 'unique index' THEN
		IF to_regclass('once') IS NULL THEN
			CREATE UNIQUE INDEX once ON tagged (tag_id, customer_id);
		ELSE
			DROP INDEX once;
		END IF;
	WHEN 'partition' THEN
		IF EXISTS (SELECT FROM pg_inherits WHERE inhrelid = 'event_2'::regclass) THEN
			ALTER TABLE event DETACH PARTITION event_2;
		ELSE
			-- By itself ATTACH does not wait for readers, so the calls that one
			-- statement makes, which are statements of their own, could see it come.
			LOCK TABLE event;
			ALTER TABLE event ATTACH PARTITION event_2 FOR VALUES FROM (100) TO (200);
		END IF;
	WHEN 'new table' THEN
		DROP TABLE memo;
		CREATE TABLE memo (id int PRIMARY KEY, customer_id int REFERENCES customer ON DELETE CASCADE);
		INSERT INTO memo SELECT i, 1 + i % 20 FROM generate_series(1, 40) i;
	WHEN 'other table' THEN
		EXECUTE format('DROP TABLE IF EXISTS %I', own);
		IF random() < 0.5 THEN
			EXECUTE format('CREATE TABLE %I (id int PRIMARY KEY, product_id int REFERENCES product)', own);
		END IF;
	WHEN 'temporary' THEN
		DROP TABLE IF EXISTS pg_temp.scratch;
		CREATE TEMP TABLE scratch (id int PRIMARY KEY);
	WHEN 'undone' THEN
		EXECUTE (ARRAY['ALTER TABLE orders DROP CONSTRAINT bought_by', 'DROP TABLE tagged CASCADE', 'ALTER TABLE product ADD more text',
			'ALTER TABLE event DETACH PARTITION event_1', 'DROP VIEW buyer'])[1 + floor(random() * 5)];
		RAISE EXCEPTION 'undone' USING ERRCODE = 'P0099';
	WHEN 'analyze' THEN
		EXECUTE format('ANALYZE %I', mine);
	END CASE;
	INSERT INTO changed VALUES (kind, 'done');
EXCEPTION
	WHEN lock_not_available OR deadlock_detected THEN
		INSERT INTO changed VALUES (kind, 'given up');
	-- The other one was faster.
	WHEN undefined_table OR undefined_column OR undefined_object OR duplicate_table OR duplicate_object OR duplicate_column
			OR unique_violation OR wrong_object_type OR object_in_use OR object_not_in_prerequisite_state OR SQLSTATE 'XX000' THEN
		INSERT INTO changed VALUES (kind, 'too late: ' || SQLERRM);
	WHEN SQLSTATE 'P0099' THEN
		INSERT INTO changed VALUES (kind, 'undone');
END $$;

-- Changes, until nobody asks any more.
CREATE PROCEDURE go_on_changing(session int, seed float8) LANGUAGE plpgsql AS $$
DECLARE
	kinds text[] := '{column,column,type,rewrite,ticket,ticket,second key,source view,target view,declaration,more declared,rename table,
		rename column,rename key,index,unique index,partition,new table,other table,temporary,undone,undone,analyze}';
BEGIN
	PERFORM setseed(seed);
	WHILE NOT EXISTS (SELECT FROM stop) LOOP
		CALL change(session, kinds[1 + floor(random() * cardinality(kinds))]);
		COMMIT;
		PERFORM pg_sleep(0.005);
		COMMIT;
	END LOOP;
END $$;
});

my $number = 0;
foreach my $question (@questions)
{
	my ($name, $asked, $answers, @errors) = @$question;

	# Only what is asked by hand can meet a renamed column.
	push @errors, '42703' if $name =~ /by hand/;
	$number++;
	$node->safe_psql('postgres',
		"SET search_path = stress;
		INSERT INTO question VALUES ($number, \$q\$$name\$q\$, \$q\$$asked\$q\$, ARRAY($answers),
			'{" . join(',', @errors) . "}')");
}
is( $node->safe_psql(
		'postgres', q{SELECT string_agg(name, ', ') FROM stress.question WHERE answers = '{}' OR array_position(answers, NULL) IS NOT NULL}),
	'',
	'every question has answers');


# ----- All together ----------------------------------------------------------

# Nothing here waits for ever.
my $patience = 2 * $PostgreSQL::Test::Utils::timeout_default + $checks;

# A psql that does what a text says.  It reads and writes files, so that nobody
# needs to look after it.
sub start_session
{
	my ($name, $commands) = @_;
	my $file = PostgreSQL::Test::Utils::tempdir() . "/$name";
	my @psql = ('psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('postgres'), '-f', "$file.sql");

	append_to_file("$file.sql",
		"SET search_path = stress;\nLOAD 'relnav';\nSET statement_timeout = '${patience}s';\n$commands\n");
	my $pid = fork() // die "fork: $!";
	if ($pid == 0)
	{
		open(STDOUT, '>', "$file.out") && open(STDERR, '>', "$file.err") && exec @psql;
		_exit(127);
	}
	return { pid => $pid, file => $file };
}

# Has it ended?  With wait, when it has.
sub has_ended
{
	my ($session, $wait) = @_;

	if (!defined $session->{status} && waitpid($session->{pid}, $wait ? 0 : WNOHANG) == $session->{pid})
	{
		$session->{status} = $?;
		$session->{out} = slurp_file("$session->{file}.out");
		$session->{err} = slurp_file("$session->{file}.err") . ($? ? "exit status $?" : '');
	}
	return defined $session->{status};
}

my $prepare = join("\n", map { qq{PREPARE "$_->[0]" AS $_->[1];} } @questions);
my @asking = map {
	start_session("ask_$_", "$navigators[$_];
$prepare
CREATE TEMP TABLE outcome (name text, outcome text);
INSERT INTO prepared VALUES ($_);
CALL ask($checks, 0.${seed}1$_);
SELECT name || ': ' || outcome || E'\\t' || count(*) FROM outcome GROUP BY name, outcome ORDER BY 1;
")
} 0 .. $#navigators;

# A statement cannot be prepared while what it names is called otherwise.
$node->poll_query_until('postgres', 'SELECT count(*) = ' . @navigators . ' FROM stress.prepared')
  or die 'the sessions that ask did not come to their questions';
my @changing = map {
	start_session("change_$_", "SET client_min_messages = warning; SET lock_timeout = '500ms'; SET deadlock_timeout = '20ms'; CALL go_on_changing($_, 0.${seed}2$_);\n")
} 1, 2;

# What cannot be done in a transaction is done one by one.
my @alone = (
	q{ALTER TABLE event DETACH PARTITION event_3 CONCURRENTLY},
	q{BEGIN; LOCK TABLE event; ALTER TABLE event ATTACH PARTITION event_3 FOR VALUES FROM (200) TO (300); COMMIT},
	q{REINDEX TABLE CONCURRENTLY items},
	q{CREATE INDEX CONCURRENTLY IF NOT EXISTS notes ON orders (note)},
	q{DROP INDEX CONCURRENTLY IF EXISTS notes},
	q{VACUUM relnav.declared},
	q{VACUUM (ANALYZE) orders});
my %alone;
my $turn = 0;
while (grep { !has_ended($_) } @asking)
{
	my $statement = $alone[ $turn++ % @alone ];
	my ($status, $out, $err);

	$status = $node->psql(
		'postgres', "SET search_path = stress; SET lock_timeout = '2s'; $statement",
		stderr => \$err);
	$alone{ $statement . ($status == 0 ? '' : " ($err)") }++;
	$node->psql('postgres', 'ALTER TABLE stress.event DETACH PARTITION stress.event_3 FINALIZE')
	  if $statement =~ /DETACH/ && $status != 0;
}
$node->safe_psql('postgres', 'INSERT INTO stress.stop VALUES (0)');
has_ended($_, 1) foreach @changing;


# ----- What came -------------------------------------------------------------

my (%seen, %wrong);
for my $i (0 .. $#navigators)
{
	is($asking[$i]{err}, '', "a session that asked ended well: $navigators[$i]");
	foreach (split /\n/, $asking[$i]{out})
	{
		my ($outcome, $count) = /^(.*)\t(\d+)$/ or next;
		my ($name, $state) = $outcome =~ /^(.*?): (\w+)(?= \((?:kept|new), )/;

		if (defined $state && ($state eq 'right' || exists $reasons{$state}))
		{
			$seen{$state} += $count;
		}
		else
		{
			$wrong{"$navigators[$i]: $outcome"} += $count;
		}
	}
}
is($_->{err}, '', 'a session that changed ended well') foreach @changing;
is(join("\n", sort keys %wrong), '', 'every answer is right, or an error that is expected');
ok($seen{right} > $checks, 'many answers are right');
cmp_ok($node->safe_psql('postgres', q{SELECT count(DISTINCT kind) FROM stress.changed WHERE outcome IN ('done', 'undone')}),
	'>', 10, 'tables were changed meanwhile');

note "answers: $_: $seen{$_}" . (exists $reasons{$_} ? " ($reasons{$_})" : '') foreach sort keys %seen;
note "changes: $_" foreach split /\n/,
  $node->safe_psql('postgres', q{SELECT kind || ': ' || outcome || ': ' || count(*) FROM stress.changed GROUP BY kind, outcome ORDER BY 1});
note "alone: $_: $alone{$_}" foreach sort keys %alone;

my $log = slurp_file($node->logfile);
unlike($log, qr/TRAP|PANIC|was terminated by signal|server process .* exited/, 'no session crashed');

# A REINDEX CONCURRENTLY that gave up leaves an index that the next one names.
my @warnings = grep { /WARNING/ && !/WARNING: .*(skipping reindex of invalid index|cannot reindex invalid index)/ }
  split /\n/, $log;
is(join("\n", @warnings), '', 'no warning in the log');

$node->stop;
done_testing();
