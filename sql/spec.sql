-- The spec of a tree: what it may be, and where an error shows its fault.
SET client_min_messages = warning;
CREATE SCHEMA regress_relnav_spec;
SET search_path = regress_relnav_spec;
\set SHOW_CONTEXT never
\pset null '(null)'

-- Columns and tables are called as clauses are.
CREATE TABLE country (id int PRIMARY KEY, name text);
CREATE TABLE customer (id int PRIMARY KEY, name text, "count" int, "order" text, "limit" int, "Odd ""x" int, "имя" text,
                       country_id int REFERENCES country);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customer, total int, "depth" int, "asc" int, "nulls" int);
CREATE TABLE items (id int PRIMARY KEY, order_id int REFERENCES orders, what text);
CREATE TABLE "count" (id int PRIMARY KEY, customer_id int REFERENCES customer);
CREATE TABLE "Bill To" (id int PRIMARY KEY, customer_id int REFERENCES customer, "limit" int);
CREATE TABLE part (id int PRIMARY KEY, part_id int REFERENCES part);
INSERT INTO country VALUES (1, 'Norway');
INSERT INTO customer VALUES (1, 'Ann', 7, 'first', 3, 9, 'Аня', 1);
INSERT INTO orders VALUES (1, 1, 10, 1, 3, NULL), (2, 1, 20, NULL, 2, 1), (3, 1, 30, 3, 1, 2);
INSERT INTO items VALUES (1, 1, 'tea'), (2, 1, 'cup'), (3, 3, 'pot');
INSERT INTO "count" VALUES (5, 1);
INSERT INTO "Bill To" VALUES (6, 1, 8);
INSERT INTO part SELECT i, nullif(i - 1, 0) FROM generate_series(1, 40) i;

-- A spec, and the tree of customer 1 that is right for it.
CREATE TABLE good (n serial, spec text, answer text);
INSERT INTO good (spec, answer) VALUES
  -- Columns.
  ('name', '{"name":"Ann"}'),
  ('name,id', '{"name":"Ann","id":1}'),
  (E' \t\n name \r\n , \f id ', '{"name":"Ann","id":1}'),
  ('', '{"id":1,"name":"Ann","count":7,"order":"first","limit":3,"Odd \"x":9,"имя":"Аня","country_id":1}'),
  (E'  \n', '{"id":1,"name":"Ann","count":7,"order":"first","limit":3,"Odd \"x":9,"имя":"Аня","country_id":1}'),
  ('*', '{"id":1,"name":"Ann","count":7,"order":"first","limit":3,"Odd \"x":9,"имя":"Аня","country_id":1}'),
  -- Names: nothing is folded, other characters stand in quotes.
  ('"name"', '{"name":"Ann"}'),
  ('"Odd ""x"', '{"Odd \"x":9}'),
  ('имя', '{"имя":"Аня"}'),
  -- Aliases.
  ('a:name', '{"a":"Ann"}'),
  ('A : name, "b c": id', '{"A":"Ann","b c":1}'),
  ('name: id, id: name', '{"name":1,"id":"Ann"}'),
  ('country: country.name', '{"country":"Norway"}'),
  ('*: name', NULL),
  -- To-one values and nodes.
  ('country.name', '{"name":"Norway"}'),
  ('country . name', '{"name":"Norway"}'),
  ('country(name)', '{"country":{"name":"Norway"}}'),
  ('c: country ( name )', '{"c":{"name":"Norway"}}'),
  ('"country"("name")', '{"country":{"name":"Norway"}}'),
  -- All columns of a node.
  ('country()', '{"country":{"id":1,"name":"Norway"}}'),
  ('country( )', '{"country":{"id":1,"name":"Norway"}}'),
  ('country(*)', '{"country":{"id":1,"name":"Norway"}}'),
  ('"Bill To"()', '{"Bill To":[{"id":6,"customer_id":1,"limit":8}]}'),
  ('"Bill To".customer(name)', '{"customer":[{"name":"Ann"}]}'),
  -- To-many nodes and their clauses, in either case.
  ('orders(id order by id)', '{"orders":[{"id":1},{"id":2},{"id":3}]}'),
  ('orders(id order by id desc)', '{"orders":[{"id":3},{"id":2},{"id":1}]}'),
  ('orders(id ORDER BY id DESC LIMIT 1 OFFSET 1)', '{"orders":[{"id":2}]}'),
  ('orders(id order by id limit 0)', '{"orders":[]}'),
  ('orders(id order by id offset 2)', '{"orders":[{"id":3}]}'),
  ('orders(id order by id offset 0)', '{"orders":[{"id":1},{"id":2},{"id":3}]}'),
  ('orders(id where total > 10 order by id)', '{"orders":[{"id":2},{"id":3}]}'),
  ('orders(id wHeRe total > 10 order by id limit 1)', '{"orders":[{"id":2}]}'),
  ('orders.items(what order by what)', '{"items":[{"what":"cup"},{"what":"pot"},{"what":"tea"}]}'),
  -- Nulls are last, of descending orders first, as in SQL; or where they are wanted.
  ('orders(id order by depth)', '{"orders":[{"id":1},{"id":3},{"id":2}]}'),
  ('orders(id order by depth desc)', '{"orders":[{"id":2},{"id":3},{"id":1}]}'),
  ('orders(id order by depth nulls first)', '{"orders":[{"id":2},{"id":1},{"id":3}]}'),
  ('orders(id order by depth asc nulls last)', '{"orders":[{"id":1},{"id":3},{"id":2}]}'),
  ('orders(id order by depth DESC NULLS LAST, id)', '{"orders":[{"id":3},{"id":1},{"id":2}]}'),
  -- Columns that are called as words of the order by.
  ('orders(id order by asc asc)', '{"orders":[{"id":3},{"id":2},{"id":1}]}'),
  ('orders(id order by asc)', '{"orders":[{"id":3},{"id":2},{"id":1}]}'),
  ('orders(id order by nulls nulls first)', '{"orders":[{"id":1},{"id":2},{"id":3}]}'),
  -- Clauses without items are clauses of all columns.
  ('"Bill To"(where id > 6)', '{"Bill To":[]}'),
  ('"Bill To"(where (id) = 6)', '{"Bill To":[{"id":6,"customer_id":1,"limit":8}]}'),
  ('"Bill To"(order by id)', '{"Bill To":[{"id":6,"customer_id":1,"limit":8}]}'),
  ('"Bill To"(limit 1)', '{"Bill To":[{"id":6,"customer_id":1,"limit":8}]}'),
  ('"Bill To"(offset 1)', '{"Bill To":[]}'),
  -- Words are clauses only where clauses can be.
  ('count, order, limit', '{"count":7,"order":"first","limit":3}'),
  ('limit', '{"limit":3}'),
  ('"Bill To"(limit)', '{"Bill To":[{"limit":8}]}'),
  ('"Bill To"(limit, id)', '{"Bill To":[{"limit":8,"id":6}]}'),
  ('"Bill To"(limit limit 1)', '{"Bill To":[{"limit":8}]}'),
  ('"Bill To"(limit: id limit 1)', '{"Bill To":[{"limit":6}]}'),
  ('"Bill To"(id order by limit limit 1)', '{"Bill To":[{"id":6}]}'),
  ('"Bill To"(where: id)', '{"Bill To":[{"where":6}]}'),
  ('"Bill To"(id where "limit" = 8)', '{"Bill To":[{"id":6}]}'),
  ('"Bill To"(id where "Bill To".limit = 8 limit 1)', '{"Bill To":[{"id":6}]}'),
  ('orders(depth order by id limit 1)', '{"orders":[{"depth":1}]}'),
  ('orders(depth where depth = 1)', '{"orders":[{"depth":1}]}'),
  ('orders(asc where depth = depth and asc = 1)', NULL),
  ('orders(asc where depth = depth and "asc" = 1)', '{"orders":[{"asc":1}]}'),
  -- count: the function, the column, the table.
  ('count(orders)', '{"orders_count":3}'),
  ('COUNT (orders)', '{"orders_count":3}'),
  ('count( orders . items )', '{"items_count":3}'),
  ('n: count(orders where total > 10)', '{"n":2}'),
  ('count(orders where depth is null)', '{"orders_count":1}'),
  ('count("Bill To")', '{"Bill To_count":1}'),
  ('count(count)', '{"count_count":1}'),
  ('count, c: "count"(id)', '{"count":7,"c":[{"id":5}]}'),
  ('"count"(id)', '{"count":[{"id":5}]}'),
  ('count: name', '{"count":"Ann"}'),
  ('"count".customer(name)', '{"customer":[{"name":"Ann"}]}'),
  -- All nodes, in the order of their names.
  ('id, *(id order by id limit 1)', '{"id":1,"Bill To":[{"id":6}],"count":[{"id":5}],"country":{"id":1},"orders":[{"id":1}]}'),
  -- Where a condition ends is for SQL to say.
  ('orders(id where (total) in (10, 20) order by id)', '{"orders":[{"id":1},{"id":2}]}'),
  ('orders(id where total = 10), name', '{"orders":[{"id":1}],"name":"Ann"}'),
  ('orders(id where total = 10), o: orders(id where total = 20), p: orders(id where (total = 30) limit 1)',
   '{"orders":[{"id":1}],"o":[{"id":2}],"p":[{"id":3}]}'),
  ('orders(id, items(what where what = '')'' or what = ''cup'') where total = 10)', '{"orders":[{"id":1,"items":[{"what":"cup"}]}]}'),
  ('orders.items(id where what <> '') limit 1'' and what <> $$ ) $$ and what <> $x$ $$) $x$ order by id)',
   '{"items":[{"id":1},{"id":2},{"id":3}]}'),
  ('orders.items(id where what <> E''\'') or true limit 1'' order by id limit 1)', '{"items":[{"id":1}]}'),
  ('orders.items(id where what <> U&''\0029'' order by id limit 1)', '{"items":[{"id":1}]}'),
  ('orders(id where total /* ) or true */ = 10 /* /* ) */ */ )', '{"orders":[{"id":1}]}'),
  ('orders(id where total /* -- */ = 10)', '{"orders":[{"id":1}]}'),
  ('orders(id where total - -10 = 20)', '{"orders":[{"id":1}]}'),
  (E'orders(id where\n  total = 10\n  or total = 20\norder by id\n)', '{"orders":[{"id":1},{"id":2}]}'),
  -- Blanks of another kind are letters, as in SQL.
  (U&'"a\00A0b": id', U&'{"a\00A0b":1}');

CREATE FUNCTION attempt(source regclass, spec text, OUT answer text, OUT state text, OUT detail text, OUT hint text)
LANGUAGE plpgsql AS $$
BEGIN
    answer := relnav.tree(source, 1, spec);
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS answer = MESSAGE_TEXT, state = RETURNED_SQLSTATE, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
END
$$;

-- right: no rows but the two that must fail, *: and an unquoted asc
SELECT spec, a.answer, a.state FROM good, attempt('customer', spec) a
 WHERE a.answer IS DISTINCT FROM good.answer OR a.state IS NOT NULL ORDER BY n;
SELECT count(*) > 70 AS enough FROM good;

-- depth: the node stands in itself.
SELECT relnav.tree('part', 3, 'id, part(id depth 1)');
SELECT relnav.tree('part', 3, 'id, part_by_part(id depth 3)');
SELECT relnav.tree('part', 1, 'id, part_by_part(id where id <> 3 depth 3)');

-- What is no spec: where the fault is, as an offset in characters, and a
-- sentence on it.  right: the mark stands there, so "at" is true.
CREATE TABLE bad (n serial, spec text, fault int);
INSERT INTO bad (spec, fault) VALUES
  ('name,', 5), (',name', 0), ('name,,id', 5), ('name id', 5), ('name;', 4), ('-name', 0), ('name)', 4), ('(', 0),
  ('country.', 8), ('.name', 0), ('country..name', 8), ('country.*', 8), ('country.name.', 13),
  ('a:', 2), (':a', 0), ('a:b:name', 3), ('country.a: name', 9), ('a: *', 3), ('a::name', 1), ('name as a', 5), ('orders(id as a)', 10), ('name || name', 5), ('total[1]', 5),
  ('*name', 1), ('* name', 2), ('*.name', 1),
  ('"name', 0), ('"', 0), ('""', 0), ('country."', 8), ('name"', 4), ('na''me', 2), ('na/*x*/me', 2), ('name -- x', 5),
  ('orders(', 7), ('orders(id', 9), ('orders(id))', 10), ('orders(id)name', 10), ('orders(id,)', 10), ('orders(,id)', 7),
  ('orders((id))', 7), ('orders(id) where total > 10', 11), ('name limit 5', 5), ('limit 5', 6),
  -- clauses
  ('orders(id wher total > 10)', 10), ('orders(id, where total > 10)', 17), ('orders(id where)', 15), ('orders(id where )', 16),
  ('orders(id where /* nothing */)', 29), ('orders(id where order by id)', 16), ('orders(id where limit 1)', 16),
  ('orders(id where depth 1)', 16), ('orders(id where total > 10', 26), ('orders(id where (total > 10)', 28),
  ('orders(id where (total > 10', 27), ('orders(id where total > 10))', 27), ('orders(id where total > 10 where true)', 33),
  ('orders(id order id)', 16), ('orders(id order by)', 18), ('orders(id order by id,)', 22), ('orders(id order by id down)', 22),
  ('orders(id order by id nulls)', 27), ('orders(id order by id nulls 1)', 28), ('orders(id order by customer.name)', 27),
  ('orders(id order by lower(id))', 24), ('orders(id order by id order by id)', 22),
  ('orders(id limit)', 15), ('orders(id limit x)', 16), ('orders(id limit -1)', 16), ('orders(id limit 1.5)', 17), ('orders(id limit 1e1)', 16),
  ('orders(id limit 0x1)', 16), ('orders(id limit all)', 16), ('orders(id limit 1, 2)', 17), ('orders(id limit 9223372036854775808)', 16),
  ('orders(id limit 1 limit 1)', 18), ('orders(id limit 1 order by id)', 18), ('orders(id limit 1 where true)', 18),
  ('orders(id offset 1 limit 1)', 19), ('orders(id offset -1)', 17), ('orders(limit 1, id)', 14), ('orders(where true, id)', 19),
  ('orders(id depth 0)', 16), ('orders(id depth 33)', 16), ('orders(id depth x)', 16), ('orders(id depth 1 limit 1)', 18),
  -- count
  ('count()', 6), ('count(*)', 6), ('count(orders', 12), ('count(orders, items)', 12), ('count(orders(id))', 12), ('count(orders limit 1)', 13),
  ('count(orders where)', 18), ('count(orders where true limit 1)', 24), ('count(orders.)', 13), ('count(orders) where true', 14),
  -- what the server's scanner says
  ('orders(id where total = ''10)', 24), ('orders(id where "total = 10)', 16), ('orders(id where total /* = 10)', 22),
  ('orders(id where $x$ = $y$)', 16), ('orders(id where E''\'')', 16), ('orders(id where E''\u'' = 1)', 18), ('orders(id where x''zz'' = 1)', 16),
  -- a comment could hide the parenthesis
  ('orders(id where total > 10 -- big)', 27), (E'orders(id where total > 10 -- big), name\n)', 27), (E'orders(id where -- x\n total > 10)', 16),
  ('orders(id where total = 5--3)', 25);
SELECT a.state, a.answer || E'\n' || a.detail AS error, length(substring(a.detail FROM E'([^\n]*)\\^$')) = fault AS at
  FROM bad, attempt('customer', spec) a ORDER BY n
\g (format=unaligned tuples_only=on fieldsep=' ')
-- right: one hint for each kind
SELECT DISTINCT a.hint COLLATE "C" AS hint FROM bad, attempt('customer', spec) a ORDER BY hint
\g (format=unaligned tuples_only=on)

-- The depth of nodes: 32, whether they are written or repeat.
-- right: 32 pass, 33 do not; 16 and 16 pass, 16 and 17 do not
CREATE FUNCTION nested(depth int) RETURNS text LANGUAGE sql AS $$
    SELECT repeat('part_by_part(', depth) || 'id' || repeat(')', depth)
$$;
SELECT length(answer) > 0 AS passes, state FROM attempt('part', nested(32));
SELECT answer, state, detail, hint FROM attempt('part', nested(33))
\g (format=unaligned tuples_only=on)
SELECT length(answer) > 0 AS passes, state FROM attempt('part', 'part_by_part(id, p: part_by_part(id depth 16) depth 16)');
SELECT answer, state, detail, hint FROM attempt('part', 'part_by_part(id, p: part_by_part(id depth 16) depth 17)')
\g (format=unaligned tuples_only=on)
-- a million parentheses.  right: the same, and at once
SELECT state, detail FROM attempt('part', repeat('part_by_part(', 80000))
\g (format=unaligned tuples_only=on)

-- The mark stands under the fault also in long lines, in one of several
-- lines, behind tabs, and behind characters of two columns or none.
CREATE TABLE marks (n serial, spec text);
INSERT INTO marks (spec) VALUES
  ('name, id, name, id, name, id, name, id, name, id, name, id, name, id, name, id !'),
  ('name, id, name, id, name, id, name, id, name, id, name, id, name, id, name, id! name, id'),
  ('name ! id, name, id, name, id, name, id, name, id, name, id, name, id, name, id, name, id'),
  ('name, id, name, id, name, id, name, id, name, id ! name, id, name, id, name, id, name, id, name, id, name, id'),
  (E'name,\n  id !\n, name'), (E'name,\r\n  id !\r\n, name'), (E'name,\n\tid,\t!'), (E'orders(\n  id,\n  total\n'), (E'orders(id,\n\n  '),
  ('имя, имя, !'), (U&'\6F22\5B57, !'), (U&'e\0301, !');
SELECT detail FROM marks, attempt('customer', spec) ORDER BY n
\g (format=unaligned tuples_only=on)

-- A megabyte of each is read in a moment, and messages stay short.
SET statement_timeout = '60s';
CREATE TABLE large (n serial, spec text);
INSERT INTO large (spec) VALUES
  (repeat(' ', 1000000) || '!'), (repeat('a.', 500000) || '!'), (repeat('"', 1000001)),
  (repeat('name,', 200000) || '!'), ('orders(id where ''' || repeat('x', 1000000)), ('orders(id where ' || repeat('(', 1000000)),
  (repeat('orders(id where true),', 45000) || '!');
SELECT n, state, max(length(l)) < 250 AS short
  FROM large, attempt('customer', spec) a, regexp_split_to_table(answer || E'\n' || coalesce(detail, '') || E'\n' || coalesce(hint, ''), E'\n') l
 GROUP BY n, state ORDER BY n;

DROP SCHEMA regress_relnav_spec CASCADE;
