-- tree_agg and trees: many roots at once, whatever the query around them does.
LOAD 'relnav';
SET client_min_messages = warning;
CREATE SCHEMA regress_relnav_tree_agg;
SET search_path = regress_relnav_tree_agg;

CREATE TABLE customer (id int PRIMARY KEY, name text, city text);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customer, total int);
INSERT INTO customer VALUES (1, 'Ann', 'Oslo'), (2, 'Bob', 'Oslo'), (3, 'Cy', 'Rome'), (4, 'Di', NULL);
INSERT INTO orders VALUES (10, 1, 5), (11, 1, 7), (20, 2, 9), (30, 3, 1);

-- Order.  right: Ann Bob Cy Di; Di Cy Bob Ann; by city and name: Cy Bob Ann Di
SELECT relnav.tree_agg(c, 'name' ORDER BY id) FROM customer c;
SELECT relnav.tree_agg(c, 'name' ORDER BY id DESC) FROM customer c;
SELECT relnav.tree_agg(c, 'name' ORDER BY city DESC NULLS LAST, name DESC) FROM customer c;
SELECT relnav.tree_agg(c, 'name, orders(id order by id)') FROM (SELECT * FROM customer ORDER BY id DESC) x, LATERAL (SELECT x::customer) y (c);
-- Filter, none, null rows.  right: [Ann]; []; []; []; [Ann, Cy] without the null rows
SELECT relnav.tree_agg(c, 'name') FILTER (WHERE id = 1) FROM customer c;
SELECT relnav.tree_agg(c, 'name') FILTER (WHERE id = 99) FROM customer c;
SELECT relnav.tree_agg(c, 'name') FROM customer c WHERE false;
SELECT relnav.tree_agg(NULL::customer, 'name') FROM customer;
SELECT relnav.tree_agg(CASE WHEN id % 2 = 1 THEN c END, 'name' ORDER BY id) FROM customer c;
SELECT relnav.tree_agg(x, 'name') FROM orders o LEFT JOIN (SELECT c AS x, id FROM customer c WHERE false) c ON true;
-- no rows of a group.  right: Rome [], nothing where there is no group
SELECT city, relnav.tree_agg(c, 'name') FILTER (WHERE city <> 'Rome') FROM customer c WHERE city = 'Rome' GROUP BY city;
SELECT city, relnav.tree_agg(c, 'name') FROM customer c WHERE false GROUP BY city;
-- Groups, by hash and by sort.  right: Oslo [Ann [10 11], Bob [20]], Rome [Cy [30]], null [Di []], twice
SET enable_sort = off;
SELECT * FROM (SELECT city, relnav.tree_agg(c, 'name, orders(id order by id)')::text FROM (SELECT * FROM customer ORDER BY id) x, LATERAL (SELECT x::customer) y (c) GROUP BY city) x ORDER BY city;
SET enable_sort = on;
SET enable_hashagg = off;
SELECT city, relnav.tree_agg(c, 'name, orders(id order by id)' ORDER BY id) FROM customer c GROUP BY city ORDER BY city;
RESET enable_hashagg;
-- right: hash: many groups at the same time.  500 0
SELECT count(*), count(*) FILTER (WHERE t::text <> format('[{"id":%s,"orders":[]},{"id":%s,"orders":[]}]', g, g)) AS wrong
  FROM (SELECT g, relnav.tree_agg(ROW(g, NULL, NULL)::customer, 'id, orders(id)') AS t FROM generate_series(101, 600) g, generate_series(1, 2) GROUP BY g) x;
-- right: grouping sets: Oslo 2, Rome 1, null 1, all 4
SELECT city, GROUPING(city), json_array_length(relnav.tree_agg(c, 'name')) FROM customer c GROUP BY GROUPING SETS ((city), ()) ORDER BY 2, 1;
-- HAVING, two aggregates in one query, the same twice.  right: Oslo [Ann Bob] [1 2]
SELECT city, relnav.tree_agg(c, 'name' ORDER BY id), relnav.tree_agg(c, 'id' ORDER BY id) FROM customer c GROUP BY city
HAVING json_array_length(relnav.tree_agg(c, 'name' ORDER BY id)) > 1;
-- Distinct rows.  right: [Ann Bob Cy Di] once
SELECT relnav.tree_agg(DISTINCT c, 'name') FROM customer c, generate_series(1, 3);
SELECT relnav.tree_agg(DISTINCT c, 'name' ORDER BY c DESC) FROM customer c, generate_series(1, 3);

-- Windows.  A frame that grows; that moves; a partition; all of it.
-- right: [10] [10 11], ... growing by one customer
SELECT id, relnav.tree_agg(c, 'id, orders(id order by id)') OVER (ORDER BY id) FROM customer c ORDER BY id;
-- right: 1 2, 1 2 3, 2 3 4, 3 4
SELECT id, relnav.tree_agg(c, 'id') OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM customer c ORDER BY id;
-- right: the same with their orders
SELECT id, relnav.tree_agg(c, 'orders(id order by id)') OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM customer c ORDER BY id;
SELECT id, relnav.tree_agg(c, 'id') OVER (PARTITION BY city ORDER BY id) FROM customer c ORDER BY id;
SELECT id, relnav.tree_agg(c, 'id') OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM customer c ORDER BY id;
-- right: [] where the frame is empty
SELECT id, relnav.tree_agg(c, 'id') OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 2 PRECEDING) FROM customer c ORDER BY id;
SELECT id, relnav.tree_agg(c, 'id') FILTER (WHERE id > 2) OVER (ORDER BY id) FROM customer c ORDER BY id;
-- A growing frame, keys far apart, depth, counts: each state of it is right.
CREATE TABLE emp (id int8 PRIMARY KEY, up int8 REFERENCES emp);
INSERT INTO emp SELECT i * 1000003::int8, CASE WHEN i > 1 THEN i / 2 * 1000003::int8 END FROM generate_series(1, 40) i;
-- right: 40 t
SELECT count(*), bool_and(t::jsonb = x::jsonb) AS same
  FROM (SELECT id, relnav.tree_agg(e, 'id, count(emp_by_up), d: emp_by_up(id order by id depth 3), u: up(id depth 4)') OVER (ORDER BY id) AS t FROM emp e) w,
       LATERAL (SELECT relnav.tree_agg(e, 'id, count(emp_by_up), d: emp_by_up(id order by id depth 3), u: up(id depth 4)' ORDER BY id) FROM emp e WHERE e.id <= w.id) y (x);

-- The spec must stay the same in a group, and may differ between groups.
-- right: [1 2] names of Rome; error; error
SELECT city, relnav.tree_agg(c, CASE WHEN city = 'Oslo' THEN 'id' ELSE 'name' END ORDER BY id) FROM customer c WHERE city IS NOT NULL GROUP BY city ORDER BY city;
SELECT relnav.tree_agg(c, CASE WHEN id = 3 THEN 'id' ELSE 'name' END ORDER BY id) FROM customer c;
SELECT relnav.tree_agg(c, CASE WHEN id = 3 THEN NULL ELSE 'name' END ORDER BY id) FROM customer c;
SELECT relnav.tree_agg(c, NULL) FROM customer c;
-- a bad spec is an error as soon as there is a row, also a null one
SELECT relnav.tree_agg(c, 'nope') FROM customer c;
SELECT relnav.tree_agg(NULL::customer, 'nope') FROM customer c;
-- Trees in trees' queries: one in the argument of the other, and as a condition.
-- right: the outer one's rows
SELECT relnav.tree_agg(c, 'name' ORDER BY relnav.tree(c, 'count(orders)') ->> 'orders_count' DESC, id) FROM customer c;
SELECT json_build_object('cities', json_agg(json_build_object('city', city, 'people', people) ORDER BY city))
  FROM (SELECT city, relnav.tree_agg(c, 'name, orders(total order by id)' ORDER BY id) AS people FROM customer c GROUP BY city) x;
SELECT id, (SELECT relnav.tree_agg(o, 'id, customer(name)' ORDER BY o.id) FROM orders o WHERE o.customer_id = c.id) FROM customer c ORDER BY id;
-- through relnav's own navigation
SELECT c.name, relnav.tree_agg(o, 'total' ORDER BY o.id) FROM customer c, relnav.children(c, NULL::orders) o GROUP BY c.id ORDER BY c.id;
-- Rows of a partition's and a parent's type; made-up rows; rows of a function.
SELECT relnav.tree_agg(ROW(i, 'x', NULL)::customer, 'id, orders(id order by id)' ORDER BY i) FROM generate_series(2, 4) i;
-- parallel plans gather before.  right: 4
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT json_array_length(relnav.tree_agg(c, 'name')) FROM customer c;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
-- right: error: no row of a table
SELECT relnav.tree_agg(x, 'name') FROM (SELECT 1 AS name) x;
SELECT relnav.tree_agg(1, 'name');

-- trees: the keys' order, duplicates, missing ones, nulls.
-- right: 3 1 1 null 2 null; none; none
SELECT relnav.trees('customer', ARRAY[3, 1, 1, 99, 2, NULL], 'id');
SELECT relnav.trees('customer', '{}'::int[], 'id');
SELECT relnav.trees('customer', NULL::int[], 'id');
-- with numbers.  right: 1 2, 2 null, 3 1
SELECT * FROM relnav.trees('customer', ARRAY[2, 99, 1], 'id') WITH ORDINALITY;
-- keys of other types, in two dimensions, with other bounds.  right: 1 2; 1 2; 1 2 3 4; 1 2
SELECT relnav.trees('customer', '{1,2}', 'id');
SELECT relnav.trees('customer', ARRAY['1', '2'], 'id');
SELECT relnav.trees('customer', '{{1,2},{3,4}}'::int[], 'id');
SELECT relnav.trees('customer', '[5:6]={1,2}'::int8[], 'id');
SELECT relnav.trees('customer', ARRAY[1.0, 1.5, 2], 'id');
PREPARE page AS SELECT relnav.trees('customer', $1, 'id');
EXECUTE page('{2,1}');
DEALLOCATE page;
-- right: an error also where there is no key
SELECT relnav.trees('customer', '{}'::int[], 'nope');
SELECT relnav.trees('customer', ARRAY['x'], 'id');
SELECT relnav.trees('customer', ARRAY[true], 'id');
-- More keys than are fetched at once, in some order, with gaps and duplicates.
CREATE TABLE many (id int PRIMARY KEY, name text);
CREATE TABLE part (id int PRIMARY KEY, many_id int REFERENCES many);
INSERT INTO many SELECT i, 'n' || i FROM generate_series(1, 3000) i WHERE i % 7 > 0;
INSERT INTO part SELECT i, i / 2 FROM generate_series(2, 5000) i WHERE i / 2 % 7 > 0;
CREATE INDEX ON part (many_id);
ANALYZE many, part;
-- right: 7000; 2 * (500 + 3000 / 7) = 1856 null; 0 wrong
SELECT count(*), count(*) FILTER (WHERE t IS NULL) AS missing,
       count(*) FILTER (WHERE t::jsonb <> jsonb_build_object('id', k, 'name', 'n' || k, 'part',
           COALESCE((SELECT jsonb_agg(jsonb_build_object('id', id) ORDER BY id) FROM part WHERE many_id = k), '[]'))) AS wrong
  FROM ROWS FROM (relnav.trees('many', (SELECT array_agg((i * 991) % 3500 + 1 ORDER BY i) FROM generate_series(1, 7000) i), 'id, name, part(id order by id)'),
                  unnest((SELECT array_agg((i * 991) % 3500 + 1 ORDER BY i) FROM generate_series(1, 7000) i))) x (t, k);
-- Ended early: in a select list with a limit, in a cursor, by an error.
-- right: 2 1; 1 2 3, then fine
SELECT relnav.trees('many', ARRAY[2, 1, 3, 4], 'id') LIMIT 2;
BEGIN;
DECLARE c CURSOR FOR SELECT relnav.trees('many', (SELECT array_agg(i) FROM generate_series(1, 2500) i), 'id');
FETCH 3 FROM c;
MOVE 1500 FROM c;
FETCH 1 FROM c;
CLOSE c;
COMMIT;
-- two of them side by side, of different lengths.  right: 1 2, 2 1, 3 null
SELECT relnav.trees('many', ARRAY[1, 2, 3], 'id'), relnav.trees('many', ARRAY[2, 1], 'id');
-- one for each row.  right: Ann twice, Bob
SELECT c.id, t FROM customer c, relnav.trees('customer', ARRAY[c.id, 1], 'name') t WHERE c.id < 3 ORDER BY 1, t ->> 'name';
-- array_agg of them is tree_agg of the rows.  right: t
SELECT (SELECT json_agg(t ORDER BY n)::jsonb FROM relnav.trees('customer', ARRAY[4, 3, 2, 1], '*, orders(* order by id)') WITH ORDINALITY x (t, n)) =
       (SELECT relnav.tree_agg(c, '*, orders(* order by id)' ORDER BY id DESC)::jsonb FROM customer c) AS same;

DROP SCHEMA regress_relnav_tree_agg CASCADE;
