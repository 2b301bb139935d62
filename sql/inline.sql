-- A navigation in FROM is planned as the join that one would write by hand:
-- every kind of hop, in every form of query, with the rows of the function.
LOAD 'relnav';
SET client_min_messages = warning;
CREATE SCHEMA regress_relnav_inline;
SET search_path = regress_relnav_inline;
SET max_parallel_workers_per_gather = 0;
SET jit = off;

CREATE TABLE country (code text PRIMARY KEY, name text);
CREATE TABLE customer (id int PRIMARY KEY, name text, country_code text REFERENCES country);
CREATE TABLE passport (customer_id int PRIMARY KEY REFERENCES customer, number text);
CREATE TABLE product (id int PRIMARY KEY, name text, maker_code text REFERENCES country);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customer, total int);
CREATE TABLE items (order_id int REFERENCES orders, line int, product_id int REFERENCES product, PRIMARY KEY (order_id, line));
CREATE TABLE complaint (id int PRIMARY KEY, order_id int, line int, what text,
    FOREIGN KEY (order_id, line) REFERENCES items);
CREATE TABLE likes (customer_id int REFERENCES customer, product_id int REFERENCES product, PRIMARY KEY (customer_id, product_id));
CREATE TABLE price (country_code text REFERENCES country, product_id int REFERENCES product, at int,
    PRIMARY KEY (country_code, product_id, at));
CREATE TABLE employee (id int PRIMARY KEY, name text, manager_id int REFERENCES employee);
-- Rows without related rows, null keys and half null ones are everywhere.
INSERT INTO country SELECT chr(64 + i), 'country ' || i FROM generate_series(1, 6) i;
INSERT INTO customer SELECT i, 'customer ' || i, CASE WHEN i % 5 <> 0 THEN chr(65 + i % 5) END FROM generate_series(1, 30) i;
INSERT INTO passport SELECT i, 'N' || i FROM generate_series(1, 30, 2) i;
INSERT INTO product SELECT i, 'product ' || i, CASE WHEN i % 4 <> 0 THEN chr(65 + i % 3) END FROM generate_series(1, 12) i;
INSERT INTO orders SELECT i, CASE WHEN i % 7 <> 0 THEN 1 + i * i % 25 END, i % 10 FROM generate_series(1, 90) i;
INSERT INTO items SELECT o, l, CASE WHEN (o + l) % 6 <> 0 THEN 1 + (o * l) % 10 END FROM generate_series(1, 80) o, generate_series(1, 3) l;
INSERT INTO complaint SELECT i, i * 2, CASE WHEN i % 3 <> 0 THEN 1 + i % 3 END, 'what' FROM generate_series(1, 40) i;
INSERT INTO likes SELECT c, p FROM generate_series(1, 28) c, generate_series(1, 11) p WHERE (c * p) % 4 = 1;
INSERT INTO price SELECT code, p, a FROM country, generate_series(1, 9) p, generate_series(1, 2) a WHERE (ascii(code) + p) % 3 = 0;
INSERT INTO employee SELECT i, 'employee ' || i, nullif(i / 3, 0) FROM generate_series(1, 20) i;
CREATE INDEX ON orders (customer_id);
CREATE INDEX ON items (product_id);
ANALYZE;

-- The plan of a query; is there a call left in it; have two queries one plan?
CREATE FUNCTION plan_of(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    line text;
    plan text := '';
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
        plan := plan || line || E'\n';
    END LOOP;
    RETURN plan;
END $$;
CREATE FUNCTION joined(query text) RETURNS boolean LANGUAGE sql AS
    $$ SELECT plan_of(query) !~ 'Function Scan' $$;
CREATE FUNCTION same_plan(navigation text, by_hand text) RETURNS text LANGUAGE sql AS $$
    SELECT CASE WHEN plan_of(navigation) = plan_of(by_hand) THEN 'same plan'
                ELSE E'navigation:\n' || plan_of(navigation) || E'by hand:\n' || plan_of(by_hand) END $$;

-- A query run both ways: how many rows it has, and whether these are the same,
-- as bags, and not by chance.
CREATE FUNCTION both_ways(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    nrows bigint;
    different bigint;
    is_joined boolean := joined(query);
    is_called boolean;
BEGIN
    EXECUTE 'CREATE TEMP TABLE inlined AS ' || query;
    SET relnav.inline = off;
    is_called := NOT joined(query);
    EXECUTE 'CREATE TEMP TABLE executed AS ' || query;
    SET relnav.inline = on;
    SELECT count(*) INTO nrows FROM inlined;
    SELECT count(*) INTO different
      FROM ((TABLE inlined EXCEPT ALL TABLE executed) UNION ALL (TABLE executed EXCEPT ALL TABLE inlined)) d;
    DROP TABLE inlined, executed;
    RETURN format('%s rows%s%s%s', nrows, CASE WHEN different > 0 THEN format(', %s different', different) END,
                  CASE WHEN NOT is_joined THEN ', not joined' END, CASE WHEN NOT is_called THEN ', not called' END);
END $$;


-- What it looks like.  The table has the alias of the call, and conditions on
-- the call's columns are conditions on the table.
EXPLAIN (COSTS OFF)
SELECT c.name, o.total FROM customer c, relnav.children(c, NULL::orders) o WHERE c.id = 3 AND o.total = 4;
EXPLAIN (COSTS OFF) SELECT "Its Country".name FROM relnav.parent('customer', 3, NULL::country) "Its Country";
SET relnav.inline = off;
EXPLAIN (COSTS OFF)
SELECT c.name, o.total FROM customer c, relnav.children(c, NULL::orders) o WHERE c.id = 3 AND o.total = 4;
SET relnav.inline = on;


-- Every kind of hop and plain path, from a row: the join by hand.
CREATE TABLE plain (what text, call text, source text, by_hand text);
INSERT INTO plain VALUES
('many-to-one', 'relnav.parent(s, NULL::customer) t', 'orders', 'orders s, customer t WHERE t.id = s.customer_id'),
('one-to-many', 'relnav.children(s, NULL::orders) t', 'customer', 'customer s, orders t WHERE s.id = t.customer_id'),
('one-to-one, to the parent', 'relnav.parent(s, NULL::customer) t', 'passport', 'passport s, customer t WHERE t.id = s.customer_id'),
('one-to-one, to the child', 'relnav.children(s, NULL::passport) t', 'customer', 'customer s, passport t WHERE s.id = t.customer_id'),
('many-to-many', 'relnav.associated(s, NULL::product) t', 'customer',
 'customer s, likes a1, product t WHERE s.id = a1.customer_id AND t.id = a1.product_id'),
('two columns, to the parent', 'relnav.parent(s, NULL::items) t', 'complaint',
 'complaint s, items t WHERE t.order_id = s.order_id AND t.line = s.line'),
('two columns, to the child', 'relnav.children(s, NULL::complaint) t', 'items',
 'items s, complaint t WHERE s.order_id = t.order_id AND s.line = t.line'),
('self-reference, up', 'relnav.parent(s, NULL::employee) t', 'employee', 'employee s, employee t WHERE t.id = s.manager_id'),
('self-reference, down', 'relnav.children(s, NULL::employee) t', 'employee', 'employee s, employee t WHERE s.id = t.manager_id'),
('two to-one', 'relnav.related(s, NULL::country, ''customer.country'') t', 'orders',
 'orders s, customer h1, country t WHERE h1.id = s.customer_id AND t.code = h1.country_code'),
('two up in one table', 'relnav.related(s, NULL::employee, ''manager.manager'') t', 'employee',
 'employee s, employee h1, employee t WHERE h1.id = s.manager_id AND t.id = h1.manager_id'),
('two to-many', 'relnav.related(s, NULL::items, ''orders.items'') t', 'customer',
 'customer s, orders h1, items t WHERE s.id = h1.customer_id AND h1.id = t.order_id'),
('three to-many', 'relnav.related(s, NULL::items, ''customer.orders.items'') t', 'country',
 'country s, customer h1, orders h2, items t WHERE s.code = h1.country_code AND h1.id = h2.customer_id AND h2.id = t.order_id'),
('four to-many', 'relnav.related(s, NULL::complaint, ''customer.orders.items.complaint'') t', 'country',
 'country s, customer h1, orders h2, items h3, complaint t
   WHERE s.code = h1.country_code AND h1.id = h2.customer_id AND h2.id = h3.order_id
     AND h3.order_id = t.order_id AND h3.line = t.line'),
('to-one, many-to-many', 'relnav.related(s, NULL::product, ''customer.product_via_likes'') t', 'orders',
 'orders s, customer h1, likes a2, product t WHERE h1.id = s.customer_id AND h1.id = a2.customer_id AND t.id = a2.product_id'),
('many-to-many, to-many', 'relnav.related(s, NULL::items, ''product_via_likes.items'') t', 'customer',
 'customer s, likes a1, product h1, items t WHERE s.id = a1.customer_id AND h1.id = a1.product_id AND h1.id = t.product_id'),
('to-one, to-many', 'relnav.related(s, NULL::orders, ''customer.orders'') t', 'passport',
 'passport s, customer h1 JOIN orders t ON h1.id = t.customer_id WHERE h1.id = s.customer_id');
SELECT what, joined('SELECT s, t FROM ' || source || ' s, ' || call) AS joined,
       same_plan('SELECT s.*, t.* FROM ' || source || ' s, ' || call, 'SELECT s.*, t.* FROM ' || by_hand) AS plan,
       both_ways('SELECT s, t FROM ' || source || ' s, ' || call)
  FROM plain;
-- The rows are those of the join by hand.  right: no rows
CREATE FUNCTION difference(a text, b text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    result bigint;
BEGIN
    EXECUTE format('SELECT count(*) FROM ((%1$s EXCEPT ALL %2$s) UNION ALL (%2$s EXCEPT ALL %1$s)) d',
                   '(' || a || ')', '(' || b || ')') INTO result;
    RETURN result;
END $$;
SELECT what FROM plain
 WHERE difference('SELECT s, t FROM ' || source || ' s, ' || call, 'SELECT s, t FROM ' || by_hand) > 0;

-- Where a row could come twice, it comes once: EXISTS by hand.
CREATE TABLE deduplicated (what text, call text, source text, by_hand text);
INSERT INTO deduplicated VALUES
('to-many, to-one', 'relnav.related(s, NULL::product, ''orders.items.product'') t', 'customer',
 'product t WHERE EXISTS (SELECT FROM orders h1 JOIN items h2 ON h1.id = h2.order_id
   WHERE s.id = h1.customer_id AND t.id = h2.product_id)'),
('repeating many-to-many', 'relnav.associated(s, NULL::product, ''price'') t', 'country',
 'product t WHERE EXISTS (SELECT FROM price a1 WHERE s.code = a1.country_code AND t.id = a1.product_id)'),
('to-many, many-to-many', 'relnav.related(s, NULL::product, ''customer.product_via_likes'') t', 'country',
 'product t WHERE EXISTS (SELECT FROM customer h1 JOIN likes a2 ON h1.id = a2.customer_id
   WHERE s.code = h1.country_code AND t.id = a2.product_id)'),
('many-to-many twice', 'relnav.related(s, NULL::customer, ''product_via_likes.customer_via_likes'') t', 'customer',
 'customer t WHERE EXISTS (SELECT FROM likes a1 JOIN product h1 ON h1.id = a1.product_id JOIN likes a2 ON h1.id = a2.product_id
   WHERE s.id = a1.customer_id AND t.id = a2.customer_id)'),
('up and down', 'relnav.related(s, NULL::orders, ''items.product.items.order'') t', 'orders',
 'orders t WHERE EXISTS (SELECT FROM items h1 JOIN product h2 ON h2.id = h1.product_id JOIN items h3 ON h2.id = h3.product_id
   WHERE s.id = h1.order_id AND t.id = h3.order_id)'),
('siblings', 'relnav.related(s, NULL::employee, ''employee_by_manager.manager'') t', 'employee',
 'employee t WHERE EXISTS (SELECT FROM employee h1 WHERE s.id = h1.manager_id AND t.id = h1.manager_id)');
SELECT what, joined('SELECT s, t FROM ' || source || ' s, ' || call) AS joined,
       same_plan('SELECT s.*, t.* FROM ' || source || ' s, ' || call,
                 'SELECT s.*, t.* FROM ' || source || ' s, LATERAL (SELECT * FROM ' || by_hand || ') t') AS plan,
       both_ways('SELECT s, t FROM ' || source || ' s, ' || call)
  FROM deduplicated;
SELECT what FROM deduplicated
 WHERE difference('SELECT s, t FROM ' || source || ' s, ' || call,
                  'SELECT s, t.x FROM ' || source || ' s, LATERAL (SELECT t AS x FROM ' || by_hand || ') t') > 0;


-- From a key.  The source is only read where its row must be found first.
CREATE TABLE keyed (what text, call text, by_hand text);
INSERT INTO keyed VALUES
('many-to-one', 'relnav.parent(''orders'', 3, NULL::customer) t', 'orders h0, customer t WHERE t.id = h0.customer_id AND h0.id = 3'),
('one-to-many', 'relnav.children(''customer'', 2, NULL::orders) t', 'orders t WHERE 2 = t.customer_id'),
('one-to-one', 'relnav.children(''customer'', 3, NULL::passport) t', 'passport t WHERE 3 = t.customer_id'),
('many-to-many', 'relnav.associated(''customer'', 3, NULL::product) t',
 'likes a1, product t WHERE 3 = a1.customer_id AND t.id = a1.product_id'),
('two columns', 'relnav.children(''items'', ROW(2, 2), NULL::complaint) t', 'complaint t WHERE 2 = t.order_id AND 2 = t.line'),
('two columns, to the parent', 'relnav.parent(''items'', ROW(3, 2), NULL::product) t',
 'items h0, product t WHERE t.id = h0.product_id AND h0.order_id = 3 AND h0.line = 2'),
('plain path', 'relnav.related(''customer'', 2, NULL::items, ''orders.items'') t',
 'orders h1, items t WHERE 2 = h1.customer_id AND h1.id = t.order_id'),
('deduplicated path', 'relnav.related(''customer'', 2, NULL::product, ''orders.items.product'') t',
 'product t WHERE EXISTS (SELECT FROM orders h1 JOIN items h2 ON h1.id = h2.order_id
   WHERE 2 = h1.customer_id AND t.id = h2.product_id)'),
('text key', 'relnav.children(''country'', ''B'', NULL::customer) t', 'customer t WHERE ''B'' = t.country_code'),
('untyped literal', 'relnav.children(''customer'', ''2'', NULL::orders) t', 'orders t WHERE 2 = t.customer_id'),
('smaller type', 'relnav.children(''customer'', 2::smallint, NULL::orders) t', 'orders t WHERE 2 = t.customer_id'),
('expression', 'relnav.children(''customer'', 1 + 1, NULL::orders) t', 'orders t WHERE 2 = t.customer_id');
SELECT what, same_plan('SELECT t.* FROM ' || call, 'SELECT t.* FROM ' || by_hand) AS plan,
       both_ways('SELECT t FROM ' || call), difference('SELECT t FROM ' || call, 'SELECT t FROM ' || by_hand)
  FROM keyed;
-- A key that is a column of another table.
SELECT same_plan('SELECT p.number, o.id FROM passport p, relnav.children(''customer'', p.customer_id, NULL::orders) o',
                 'SELECT p.number, o.id FROM passport p, orders o WHERE p.customer_id = o.customer_id'),
       both_ways('SELECT p.number, o.id FROM passport p, relnav.children(''customer'', p.customer_id, NULL::orders) o');
-- Nothing is related to no row.
SELECT both_ways('SELECT o.* FROM relnav.children(''customer'', NULL::int, NULL::orders) o');
SELECT both_ways('SELECT o.* FROM relnav.children(NULL::customer, NULL::orders) o');
-- A row that is made up, and one with a null key.
SELECT both_ways('SELECT o.* FROM relnav.children(ROW(2, NULL, NULL)::customer, NULL::orders) o'),
       both_ways('SELECT o.* FROM relnav.children(ROW(NULL, NULL, NULL)::customer, NULL::orders) o');


-- Chains of single hops are chains of joins; each hop starts from the columns
-- of the one before.
SELECT same_plan('SELECT s.name, o.id, i.line, p.name
                    FROM customer s, relnav.children(s, NULL::orders) o,
                         relnav.children(o, NULL::items) i, relnav.parent(i, NULL::product) p WHERE s.country_code = ''B''',
                 'SELECT s.name, o.id, i.line, p.name
                    FROM customer s, orders o, items i, product p
                   WHERE s.id = o.customer_id AND o.id = i.order_id AND p.id = i.product_id AND s.country_code = ''B'''),
       both_ways('SELECT s.name, o.id, i.line, p.name AS product
                    FROM customer s, relnav.children(s, NULL::orders) o,
                         relnav.children(o, NULL::items) i, relnav.parent(i, NULL::product) p WHERE s.country_code = ''B''');
-- Twice to one table, under two aliases.
SELECT same_plan('SELECT m.name, n.name FROM employee e, relnav.parent(e, NULL::employee) m, relnav.parent(m, NULL::employee) n',
                 'SELECT m.name, n.name FROM employee e, employee m, employee n WHERE m.id = e.manager_id AND n.id = m.manager_id'),
       both_ways('SELECT e.id, m.name, n.name AS n FROM employee e, relnav.parent(e, NULL::employee) m, relnav.parent(m, NULL::employee) n');
-- Whole rows, stars, renamed columns, no alias at all, an alias like ours.
SELECT both_ways('SELECT c, o, (o).total AS t, o.* FROM customer c, relnav.children(c, NULL::orders) o WHERE o IS NOT NULL'),
       both_ways('SELECT x, z FROM customer c, relnav.children(c, NULL::orders) o (x, y, z) WHERE y = 2'),
       both_ways('SELECT children, children.total FROM customer c, relnav.children(c, NULL::orders)'),
       both_ways('SELECT h1.total, a1.name FROM customer h0, relnav.children(h0, NULL::orders) h1, relnav.associated(h0, NULL::product) a1'),
       both_ways('SELECT h2.name FROM customer h1, relnav.related(h1, NULL::country, ''orders.customer.country'') h2');
-- Conditions go down to the tables, in all of them to the bottom.
SELECT same_plan('SELECT count(*) FROM customer c, relnav.children(c, NULL::orders) o WHERE o.id = 40',
                 'SELECT count(*) FROM customer c, orders o WHERE c.id = o.customer_id AND o.id = 40'),
       same_plan('SELECT * FROM (SELECT c.name, o.* FROM customer c, relnav.children(c, NULL::orders) o) x WHERE id = 40',
                 'SELECT * FROM (SELECT c.name, o.* FROM customer c, orders o WHERE c.id = o.customer_id) x WHERE id = 40'),
       same_plan('SELECT count(*) FROM customer c, relnav.children(c, NULL::orders) o GROUP BY o.total ORDER BY o.total LIMIT 3',
                 'SELECT count(*) FROM customer c, orders o WHERE c.id = o.customer_id GROUP BY o.total ORDER BY o.total LIMIT 3');


-- Every form of query.
CREATE VIEW customer_orders AS SELECT c.name, o.* FROM customer c, relnav.children(c, NULL::orders) o;
CREATE VIEW busy AS SELECT * FROM customer c WHERE EXISTS (SELECT FROM relnav.children(c, NULL::orders));
SELECT what, both_ways(query) FROM (VALUES
('view', 'SELECT * FROM customer_orders WHERE id < 50'),
('view with EXISTS', 'SELECT b.name, o.* FROM busy b, relnav.children(''customer'', b.id, NULL::orders) o'),
('subquery', 'SELECT x.* FROM (SELECT c.id AS c, o.* FROM customer c, relnav.children(c, NULL::orders) o OFFSET 0) x'),
('row of a subquery', 'SELECT x.c, o.id FROM (SELECT c FROM customer c OFFSET 0) x, relnav.children(x.c, NULL::orders) o'),
('CTE', 'WITH x AS (SELECT c.id AS c, o.* FROM customer c, relnav.children(c, NULL::orders) o) SELECT x.c, x.id, y.id AS y FROM x, x y WHERE x.c = y.c'),
('materialized CTE', 'WITH x AS MATERIALIZED (SELECT o.* FROM customer c, relnav.children(c, NULL::orders) o) SELECT * FROM x'),
('source from a CTE', 'WITH x AS (SELECT * FROM customer WHERE id < 9) SELECT x.id, o.total FROM x, relnav.children(x::customer, NULL::orders) o'),
('recursive CTE', 'WITH RECURSIVE w AS (SELECT e AS node, 0 AS depth FROM employee e WHERE id = 1
                     UNION ALL SELECT s, depth + 1 FROM w, relnav.children(w.node, NULL::employee) s) SELECT * FROM w'),
('UNION ALL', 'SELECT o.id FROM customer c, relnav.children(c, NULL::orders) o UNION ALL SELECT p.id FROM customer c, relnav.associated(c, NULL::product) p'),
('EXCEPT', 'SELECT p.id FROM product p EXCEPT SELECT p.id FROM customer c, relnav.associated(c, NULL::product) p'),
('VALUES', 'SELECT v.k, o.id FROM (VALUES (1), (2), (99)) v (k), relnav.children(''customer'', v.k, NULL::orders) o'),
('JOIN LATERAL', 'SELECT c.id, o.total FROM customer c JOIN LATERAL relnav.children(c, NULL::orders) o ON o.total > 5'),
('LEFT JOIN LATERAL', 'SELECT c.id, o.total, o FROM customer c LEFT JOIN LATERAL relnav.children(c, NULL::orders) o ON o.total > 5'),
('LEFT JOIN LATERAL twice', 'SELECT c.id, o.total, p FROM customer c LEFT JOIN LATERAL relnav.children(c, NULL::orders) o ON o.total > 5
                               LEFT JOIN LATERAL relnav.parent(o, NULL::customer) p ON true'),
('LEFT JOIN LATERAL by EXISTS', 'SELECT c.id, p FROM customer c LEFT JOIN LATERAL relnav.related(c, NULL::product, ''orders.items.product'') p ON p.id > 5'),
('from a row that may be null', 'SELECT p.number, c.name FROM passport p RIGHT JOIN customer x ON p.customer_id = x.id
                               LEFT JOIN LATERAL relnav.parent(p, NULL::customer) c ON true'),
('missing rows', 'SELECT c.id FROM customer c LEFT JOIN LATERAL relnav.children(c, NULL::orders) o ON true WHERE o.id IS NULL'),
('LIMIT in LATERAL', 'SELECT c.id, x.* FROM customer c, LATERAL (SELECT o.id AS o FROM relnav.children(c, NULL::orders) o ORDER BY o.id DESC LIMIT 2) x'),
('aggregate in LATERAL', 'SELECT c.id, x.* FROM customer c, LATERAL (SELECT count(*), sum(total) FROM relnav.children(c, NULL::orders)) x'),
('JOIN USING', 'SELECT * FROM items i JOIN LATERAL relnav.children(i, NULL::complaint) x USING (order_id, line)'),
('FULL JOIN', 'SELECT p.id AS p, o.id AS o FROM product p FULL JOIN relnav.children(''customer'', 2, NULL::orders) o ON p.id = o.id'),
('select list', 'SELECT c.id, (SELECT count(*) FROM relnav.children(c, NULL::orders)) FROM customer c'),
('row in the select list', 'SELECT o.id, (SELECT p FROM relnav.parent(o, NULL::customer) p) FROM orders o'),
('array', 'SELECT c.id, ARRAY(SELECT o.id FROM relnav.children(c, NULL::orders) o ORDER BY 1) AS a FROM customer c'),
('WHERE', 'SELECT c.id FROM customer c WHERE (SELECT sum(total) FROM relnav.children(c, NULL::orders)) > 20'),
('EXISTS', 'SELECT c.id FROM customer c WHERE EXISTS (SELECT FROM relnav.children(c, NULL::orders) o WHERE o.total > 8)'),
('NOT EXISTS', 'SELECT c.id FROM customer c WHERE NOT EXISTS (SELECT FROM relnav.associated(c, NULL::product) p WHERE p.id > 8)'),
('IN', 'SELECT c.id FROM customer c WHERE 3 IN (SELECT total FROM relnav.children(c, NULL::orders) o)'),
('NOT IN', 'SELECT c.id FROM customer c WHERE 3 NOT IN (SELECT total FROM relnav.children(c, NULL::orders) o)'),
('HAVING', 'SELECT c.country_code FROM customer c GROUP BY c.country_code HAVING max(c.id) IN
              (SELECT o.id FROM country n, relnav.related(n, NULL::orders, ''customer.orders'') o)'),
('ON', 'SELECT c.id, p.id AS p FROM customer c JOIN product p ON EXISTS (SELECT FROM relnav.associated(c, NULL::product) x WHERE x.id = p.id)'),
('ORDER BY', 'SELECT c.id FROM customer c ORDER BY (SELECT count(*) FROM relnav.children(c, NULL::orders)), c.id LIMIT 5'),
('GROUP BY the source', 'SELECT c.id, (SELECT count(*) FROM relnav.children(c, NULL::orders)) FROM customer c GROUP BY c.id, c'),
('GROUPING SETS of the source', 'SELECT c, (SELECT count(*) FROM relnav.children(c, NULL::orders)) FROM customer c
              WHERE c.id < 9 GROUP BY GROUPING SETS ((c.*), ())'),
('CASE', 'SELECT CASE WHEN EXISTS (SELECT FROM relnav.children(c, NULL::orders)) THEN c.id END AS n FROM customer c'),
('window', 'SELECT o.id, row_number() OVER (PARTITION BY c.id ORDER BY o.id) FROM customer c, relnav.children(c, NULL::orders) o'),
('DISTINCT', 'SELECT DISTINCT i.product_id FROM customer c, relnav.children(c, NULL::orders) o, relnav.children(o, NULL::items) i'),
('FOR UPDATE', 'SELECT c.id, o FROM customer c, relnav.children(c, NULL::orders) o FOR UPDATE OF c')
) AS form (what, query);
-- in an argument of another function in FROM.  right: 78
SELECT count(*) FROM customer c, LATERAL generate_series(1, (SELECT count(*)::int FROM relnav.children(c, NULL::orders))) n;

-- Named and reordered arguments, and what is left out.
SELECT both_ways('SELECT o.id FROM customer c, relnav.children(child => NULL::orders, parent => c) o'),
       both_ways('SELECT o.id FROM customer c, relnav.children(c, via => ''orders'', child => NULL::orders) o'),
       both_ways('SELECT o.id FROM customer c, relnav.children(c, NULL::orders, ''orders'' || ''_by_customer'') o');

-- Statements that change data.  right: the same sums on both sides
CREATE FUNCTION changes(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    sums text[];
    is_joined boolean := joined(statement);
BEGIN
    FOR i IN 1 .. 2 LOOP
        PERFORM set_config('relnav.inline', CASE i WHEN 1 THEN 'on' ELSE 'off' END, true);
        BEGIN
            EXECUTE statement;
            sums[i] := (SELECT format('%s %s', count(*), sum(id * 100 + coalesce(total, -1) + coalesce(customer_id, 0) * 10000)) FROM orders);
            RAISE EXCEPTION USING ERRCODE = 'RN000';
        EXCEPTION WHEN SQLSTATE 'RN000' THEN
        END;
    END LOOP;
    SET relnav.inline = on;
    RETURN CASE WHEN is_joined THEN 'joined, ' ELSE 'not joined, ' END ||
        CASE WHEN sums[1] <> sums[2] THEN 'different: ' || sums::text
             WHEN sums[1] = (SELECT format('%s %s', count(*), sum(id * 100 + coalesce(total, -1) + coalesce(customer_id, 0) * 10000)) FROM orders)
             THEN 'nothing changed'
             ELSE 'the same' END;
END $$;
ALTER TABLE items DROP CONSTRAINT items_order_id_fkey;      -- else no order can be deleted
SELECT what, changes(statement) FROM (VALUES
('INSERT SELECT', 'INSERT INTO orders SELECT o.id + 1000, c.id, 1 FROM customer c, relnav.children(c, NULL::orders) o'),
('INSERT VALUES', 'INSERT INTO orders VALUES (1000, 1, (SELECT count(*) FROM relnav.children(''customer'', 2, NULL::orders)))'),
('ON CONFLICT', 'INSERT INTO orders VALUES (1, 2, 3) ON CONFLICT (id) DO UPDATE
                   SET total = (SELECT 70 + p.id FROM relnav.parent(excluded, NULL::customer) p)
                   WHERE EXISTS (SELECT FROM relnav.parent(orders, NULL::customer))'),
('UPDATE SET', 'UPDATE orders o SET total = (SELECT 50 + p.id FROM relnav.parent(o, NULL::customer) p)'),
('UPDATE FROM', 'UPDATE orders o SET total = 100 + c.id FROM customer c, relnav.children(c, NULL::orders) x WHERE x.id = o.id AND c.id < 9'),
('UPDATE FROM its parent', 'UPDATE orders o SET total = 100 + p.id FROM relnav.parent(''orders'', 3, NULL::customer) p WHERE p.id = o.customer_id'),
('DELETE USING', 'DELETE FROM orders o USING customer c, relnav.children(c, NULL::orders) x WHERE x.id = o.id AND c.id < 9'),
('DELETE WHERE', 'DELETE FROM orders o WHERE EXISTS (SELECT FROM relnav.parent(o, NULL::customer) p WHERE p.id < 9)'),
('MERGE', 'MERGE INTO orders t USING (SELECT o.* FROM customer c, relnav.children(c, NULL::orders) o WHERE c.id < 9) s ON s.id = t.id + 1
             WHEN MATCHED AND EXISTS (SELECT FROM relnav.parent(t, NULL::customer)) THEN UPDATE SET total = 77
             WHEN NOT MATCHED THEN INSERT VALUES (s.id + 1000, s.customer_id)'),
('MERGE from a call', 'MERGE INTO orders t USING relnav.children(''customer'', 2, NULL::orders) s ON s.id = t.id
             WHEN MATCHED THEN DELETE'),
('data in a CTE', 'WITH moved AS (UPDATE orders o SET customer_id = 4 FROM relnav.children(''customer'', 2, NULL::orders) x
                     WHERE x.id = o.id RETURNING o.*)
                   INSERT INTO orders SELECT m.id + 1000, p.id FROM moved m, relnav.parent(m::orders, NULL::customer) p'),
('RETURNING', 'WITH moved AS (UPDATE orders o SET customer_id = 4 WHERE id < 9
                     RETURNING o.id, (SELECT p.id FROM relnav.parent(o, NULL::customer) p) AS p)
                   INSERT INTO orders SELECT id + 1000, p FROM moved')
) AS form (what, statement);
ALTER TABLE items ADD CONSTRAINT items_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders;
-- the row as it is after the change.  right: customer 5
BEGIN;
UPDATE orders o SET customer_id = 5 WHERE id = 1 RETURNING (SELECT p.name FROM relnav.parent(o, NULL::customer) p);
ROLLBACK;

-- Utility statements with a query in them.
CREATE TABLE copy AS SELECT o.* FROM customer c, relnav.children(c, NULL::orders) o;
SELECT difference('TABLE copy', 'SELECT o.* FROM orders o JOIN customer c ON o.customer_id = c.id');
SELECT joined('CREATE TABLE copy2 AS SELECT o.* FROM customer c, relnav.children(c, NULL::orders) o');
SELECT joined('DECLARE cur CURSOR FOR SELECT o.* FROM customer c, relnav.children(c, NULL::orders) o');
BEGIN;
DECLARE cur SCROLL CURSOR FOR SELECT o.id FROM customer c, relnav.children(c, NULL::orders) o WHERE c.id = 2 ORDER BY o.id;
FETCH 2 FROM cur;
FETCH BACKWARD 1 FROM cur;
MOVE FORWARD ALL IN cur;
FETCH LAST FROM cur;
COMMIT;
COPY (SELECT o.id, p.name FROM orders o, relnav.parent(o, NULL::customer) p WHERE o.id < 4 ORDER BY o.id) TO STDOUT;
CREATE MATERIALIZED VIEW kept AS SELECT o.* FROM customer c, relnav.children(c, NULL::orders) o;
SELECT count(*) FROM kept;
INSERT INTO orders VALUES (200, 1, 1);
REFRESH MATERIALIZED VIEW kept;
SELECT count(*) FROM kept;
DELETE FROM orders WHERE id = 200;
DROP MATERIALIZED VIEW kept;
DROP TABLE copy;

-- Functions.  What the body of one of plpgsql is planned as, it says itself.
CREATE FUNCTION in_sql(c customer) RETURNS bigint LANGUAGE sql STABLE AS
    $$ SELECT count(*) FROM relnav.children(c, NULL::orders) o WHERE o.total > 2 $$;
CREATE FUNCTION in_sql_set(c customer) RETURNS SETOF orders LANGUAGE sql STABLE AS
    $$ SELECT o.* FROM relnav.children(c, NULL::orders) o WHERE o.total > 2 $$;
CREATE FUNCTION in_sql_atomic(c customer) RETURNS SETOF orders LANGUAGE sql STABLE
    BEGIN ATOMIC SELECT o.* FROM relnav.children(c, NULL::orders) o WHERE o.total > 2; END;
CREATE FUNCTION in_plpgsql(c customer) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT count(*) FROM relnav.children(c, NULL::orders) o WHERE o.total > 2);
END $$;
CREATE FUNCTION in_plpgsql_loop(k int) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
    c customer;
    o orders;
    n bigint := 0;
BEGIN
    SELECT * INTO c FROM customer WHERE id = k;
    FOR o IN SELECT x.* FROM relnav.children(c, NULL::orders) x WHERE x.total > 2 LOOP
        n := n + (SELECT count(*) FROM relnav.parent(o, NULL::customer));
    END LOOP;
    RETURN n;
END $$;
CREATE FUNCTION plans_in_plpgsql(c customer) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXPLAIN (COSTS OFF) SELECT o.id FROM relnav.children(c, NULL::orders) o WHERE o.total > 2;
END $$;
SET enable_indexscan = off;
SET enable_bitmapscan = off;
SELECT plans_in_plpgsql(c) FROM customer c WHERE id = 2;
RESET enable_indexscan;
RESET enable_bitmapscan;
-- right: one number
SELECT count(*) FROM orders WHERE total > 2 AND customer_id IS NOT NULL;
SELECT sum(in_sql(c)), (SELECT count(*) FROM customer x, in_sql_set(x)) AS set, (SELECT count(*) FROM customer x, in_sql_atomic(x)) AS atomic,
       sum(in_plpgsql(c)) AS plpgsql, sum(in_plpgsql_loop(c.id)) AS loop FROM customer c;
SET relnav.inline = off;
SELECT sum(in_sql(c)), (SELECT count(*) FROM customer x, in_sql_set(x)) AS set, (SELECT count(*) FROM customer x, in_sql_atomic(x)) AS atomic,
       sum(in_plpgsql(c)) AS plpgsql, sum(in_plpgsql_loop(c.id)) AS loop FROM customer c;
SET relnav.inline = on;

-- Prepared statements, custom and generic; the source, the key and the path as
-- parameters.  A path is a constant in a custom plan only.
PREPARE by_join (int) AS SELECT o.id FROM customer c, relnav.children(c, NULL::orders) o WHERE c.id = $1;
PREPARE by_key (int) AS SELECT o.id FROM relnav.children('customer', $1, NULL::orders) o;
PREPARE by_untyped_key AS SELECT o.id FROM relnav.children('customer', $1, NULL::orders) o;
PREPARE by_keys (int, int) AS SELECT p.id FROM relnav.children('items', ROW($1, $2), NULL::complaint) p;
PREPARE by_row (customer) AS SELECT o.id FROM relnav.children($1, NULL::orders) o;
PREPARE by_path (text) AS SELECT o.id FROM customer c, relnav.children(c, NULL::orders, $1) o WHERE c.id = 2;
CREATE FUNCTION prepared(mode text) RETURNS TABLE (statement text, joined boolean, rows bigint) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('plan_cache_mode', mode, false);
    FOREACH statement IN ARRAY ARRAY['by_join (2)', 'by_key (2)', 'by_untyped_key (''2'')', 'by_keys (2, 2)', 'by_row (ROW(2, NULL, NULL))',
                                     'by_path (''orders'')', 'by_key (NULL)', 'by_row (NULL)', 'by_row (ROW(NULL, NULL, NULL))', 'by_path (NULL)'] LOOP
        joined := joined('EXECUTE ' || statement);
        rows := 0;
        EXECUTE 'EXECUTE ' || statement;
        GET DIAGNOSTICS rows = ROW_COUNT;
        RETURN NEXT;
    END LOOP;
END $$;
SELECT * FROM prepared('force_custom_plan');
SELECT * FROM prepared('force_generic_plan');
-- the plan is the generic one, with the parameter in it
SET enable_indexscan = off;
SET enable_bitmapscan = off;
DEALLOCATE by_key;
PREPARE by_key (int) AS SELECT o.id FROM relnav.children('customer', $1, NULL::orders) o;
EXPLAIN (COSTS OFF) EXECUTE by_key (2);
RESET enable_indexscan;
RESET enable_bitmapscan;
RESET plan_cache_mode;
DEALLOCATE ALL;

DROP SCHEMA regress_relnav_inline CASCADE;
