-- Under EXISTS, NOT EXISTS and IN a hop becomes the semi-join or anti-join that
-- one would write by hand, and from one row of a large table it stays cheap.
LOAD 'relnav';
SET client_min_messages = warning;
CREATE SCHEMA regress_relnav_inline_exists;
SET search_path = regress_relnav_inline_exists;
SET max_parallel_workers_per_gather = 0;
SET jit = off;

CREATE TABLE customer (id int PRIMARY KEY, name text, region int);
CREATE TABLE product (id int PRIMARY KEY, name text);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customer, total int);
CREATE TABLE items (order_id int REFERENCES orders, line int, product_id int REFERENCES product, PRIMARY KEY (order_id, line));
CREATE TABLE complaint (id int PRIMARY KEY, order_id int, line int, FOREIGN KEY (order_id, line) REFERENCES items);
CREATE TABLE likes (customer_id int REFERENCES customer, product_id int REFERENCES product, PRIMARY KEY (customer_id, product_id));
CREATE TABLE price (customer_id int REFERENCES customer, product_id int REFERENCES product, at int,
    PRIMARY KEY (customer_id, product_id, at));
INSERT INTO customer SELECT i, 'customer ' || i, i % 10 FROM generate_series(1, 3000) i;
INSERT INTO product SELECT i, 'product ' || i FROM generate_series(1, 500) i;
INSERT INTO orders SELECT i, CASE WHEN i % 9 <> 0 THEN 1 + i % 2500 END, i % 100 FROM generate_series(1, 8000) i;
INSERT INTO items SELECT i, l, CASE WHEN (i + l) % 5 <> 0 THEN 1 + (i * l) % 450 END FROM generate_series(1, 4000) i, generate_series(1, 2) l;
INSERT INTO complaint SELECT i, i * 3, 1 + i % 2 FROM generate_series(1, 900) i;
INSERT INTO likes SELECT 1 + i % 2800, 1 + i % 499 FROM generate_series(1, 12000) i;
INSERT INTO price SELECT c, 1 + (c + p) % 9, a FROM generate_series(1, 300) c, generate_series(1, 7) p, generate_series(1, 5) a;
CREATE INDEX ON orders (customer_id);
CREATE INDEX ON items (product_id);
CREATE INDEX ON complaint (order_id, line);
CREATE INDEX ON likes (product_id);
VACUUM ANALYZE;

-- The plan of a query; have two queries one plan?
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
CREATE FUNCTION same_plan(navigation text, by_hand text) RETURNS text LANGUAGE sql AS $$
    SELECT CASE WHEN plan_of(navigation) = plan_of(by_hand) THEN 'same plan'
                ELSE E'navigation:\n' || plan_of(navigation) || E'by hand:\n' || plan_of(by_hand) END $$;
-- Is it planned as one, with nothing to be run for each row?
CREATE FUNCTION flat(query text) RETURNS boolean LANGUAGE sql AS
    $$ SELECT plan_of(query) !~ 'SubPlan|Function Scan' $$;
-- The rows of a query by navigation, run both ways, and of the one by hand.
CREATE FUNCTION counts(navigation text, by_hand text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    inlined bigint[];
    executed bigint[];
    wanted bigint[];
BEGIN
    EXECUTE 'SELECT array_agg(id ORDER BY id) FROM (' || navigation || ') q' INTO inlined;
    SET relnav.inline = off;
    EXECUTE 'SELECT array_agg(id ORDER BY id) FROM (' || navigation || ') q' INTO executed;
    SET relnav.inline = on;
    EXECUTE 'SELECT array_agg(id ORDER BY id) FROM (' || by_hand || ') q' INTO wanted;
    RETURN CASE WHEN inlined IS NOT DISTINCT FROM executed AND inlined IS NOT DISTINCT FROM wanted
                THEN coalesce(cardinality(wanted), 0) || ' rows'
                ELSE format('%s inlined, %s executed, %s wanted', cardinality(inlined), cardinality(executed), cardinality(wanted)) END;
END $$;


-- Each case as a condition on the rows of a table c, by navigation and by hand.
CREATE TABLE cases (number int GENERATED ALWAYS AS IDENTITY, what text, source text, navigation text, by_hand text);
INSERT INTO cases (what, source, navigation, by_hand) VALUES
('to-many', 'customer',
 'EXISTS (SELECT FROM relnav.children(c, NULL::orders) o)',
 'EXISTS (SELECT FROM orders o WHERE c.id = o.customer_id)'),
('to-many with a condition', 'customer',
 'EXISTS (SELECT FROM relnav.children(c, NULL::orders) o WHERE o.total = 7)',
 'EXISTS (SELECT FROM orders o WHERE o.total = 7 AND c.id = o.customer_id)'),
('NOT EXISTS', 'customer',
 'NOT EXISTS (SELECT FROM relnav.children(c, NULL::orders) o WHERE o.total > 40)',
 'NOT EXISTS (SELECT FROM orders o WHERE o.total > 40 AND c.id = o.customer_id)'),
('to-one', 'orders',
 'EXISTS (SELECT FROM relnav.parent(c, NULL::customer) p WHERE p.region = 3)',
 'EXISTS (SELECT FROM customer p WHERE p.region = 3 AND p.id = c.customer_id)'),
('no parent', 'orders',
 'NOT EXISTS (SELECT FROM relnav.parent(c, NULL::customer) p)',
 'NOT EXISTS (SELECT FROM customer p WHERE p.id = c.customer_id)'),
('by the only relationship', 'customer',
 'EXISTS (SELECT FROM relnav.related(c, NULL::orders) o)',
 'EXISTS (SELECT FROM orders o WHERE c.id = o.customer_id)'),
('two columns', 'items',
 'EXISTS (SELECT FROM relnav.children(c, NULL::complaint) o)',
 'EXISTS (SELECT FROM complaint o WHERE c.order_id = o.order_id AND c.line = o.line)'),
('association', 'customer',
 'EXISTS (SELECT FROM relnav.associated(c, NULL::product, ''likes'') p WHERE p.name < ''product 2'')',
 'EXISTS (SELECT FROM likes a1 JOIN product p ON p.id = a1.product_id WHERE p.name < ''product 2'' AND c.id = a1.customer_id)'),
('no association', 'customer',
 'NOT EXISTS (SELECT FROM relnav.associated(c, NULL::product, ''likes'') p WHERE p.id > 5)',
 'NOT EXISTS (SELECT FROM likes a1 JOIN product p ON p.id = a1.product_id WHERE p.id > 5 AND c.id = a1.customer_id)'),
('repeating association', 'customer',
 'EXISTS (SELECT FROM relnav.associated(c, NULL::product, ''price'') p WHERE p.id > 3)',
 'EXISTS (SELECT FROM price a1 JOIN product p ON p.id = a1.product_id WHERE p.id > 3 AND c.id = a1.customer_id)'),
('two conditions', 'customer',
 'EXISTS (SELECT FROM relnav.children(c, NULL::orders) o) AND NOT EXISTS (SELECT FROM relnav.associated(c, NULL::product, ''price''))',
 'EXISTS (SELECT FROM orders o WHERE c.id = o.customer_id)
  AND NOT EXISTS (SELECT FROM price a1 JOIN product associated ON associated.id = a1.product_id WHERE c.id = a1.customer_id)'),
('chain', 'customer',
 'EXISTS (SELECT FROM relnav.children(c, NULL::orders) o, relnav.children(o, NULL::items) i WHERE i.line = 2)',
 'EXISTS (SELECT FROM orders o, items i WHERE o.id = i.order_id AND i.line = 2 AND c.id = o.customer_id)'),
('chain of three', 'customer',
 'NOT EXISTS (SELECT FROM relnav.children(c, NULL::orders) o, relnav.children(o, NULL::items) i, relnav.parent(i, NULL::product) p
    WHERE p.id < 200)',
 'NOT EXISTS (SELECT FROM orders o, items i, product p
    WHERE p.id < 200 AND o.id = i.order_id AND p.id = i.product_id AND c.id = o.customer_id)'),
('nested', 'customer',
 'EXISTS (SELECT FROM relnav.children(c, NULL::orders) o WHERE EXISTS (SELECT FROM relnav.children(o, NULL::items) i WHERE i.line = 2))',
 'EXISTS (SELECT FROM orders o WHERE EXISTS (SELECT FROM items i WHERE i.line = 2 AND o.id = i.order_id) AND c.id = o.customer_id)'),
('nested with NOT', 'customer',
 'EXISTS (SELECT FROM relnav.children(c, NULL::orders) o WHERE NOT EXISTS (SELECT FROM relnav.children(o, NULL::items) i WHERE i.line = 2))',
 'EXISTS (SELECT FROM orders o WHERE NOT EXISTS (SELECT FROM items i WHERE i.line = 2 AND o.id = i.order_id) AND c.id = o.customer_id)'),
('nested in an outer one', 'customer',
 'EXISTS (SELECT FROM orders x WHERE x.id = c.id AND EXISTS (SELECT FROM relnav.children(x, NULL::items) i WHERE i.line = 2))',
 'EXISTS (SELECT FROM orders x WHERE x.id = c.id AND EXISTS (SELECT FROM items i WHERE i.line = 2 AND x.id = i.order_id))'),
('outer join inside', 'customer',
 'EXISTS (SELECT FROM relnav.children(c, NULL::orders) o LEFT JOIN complaint x ON x.order_id = o.id WHERE x.id IS NULL)',
 'EXISTS (SELECT FROM orders o LEFT JOIN complaint x ON x.order_id = o.id WHERE x.id IS NULL AND c.id = o.customer_id)'),
('chain by outer join', 'customer',
 'EXISTS (SELECT FROM relnav.children(c, NULL::orders) o LEFT JOIN LATERAL relnav.children(o, NULL::items) i ON i.line = 2 WHERE i.line IS NULL)',
 'EXISTS (SELECT FROM orders o LEFT JOIN items i ON i.line = 2 AND o.id = i.order_id WHERE i.line IS NULL AND c.id = o.customer_id)'),
('inner join inside', 'customer',
 'EXISTS (SELECT FROM product p JOIN relnav.children(c, NULL::orders) o ON p.id = o.total WHERE p.id < 20)',
 'EXISTS (SELECT FROM product p JOIN orders o ON p.id = o.total WHERE p.id < 20 AND c.id = o.customer_id)'),
('inner and outer join inside', 'customer',
 'EXISTS (SELECT FROM product p JOIN (complaint x RIGHT JOIN relnav.children(c, NULL::orders) o ON x.order_id = o.id) ON p.id = o.total)',
 'EXISTS (SELECT FROM product p JOIN (complaint x RIGHT JOIN orders o ON x.order_id = o.id) ON p.id = o.total WHERE c.id = o.customer_id)'),
('whole row inside', 'customer',
 'EXISTS (SELECT FROM relnav.children(c, NULL::orders) o WHERE o IS NOT NULL)',
 'EXISTS (SELECT FROM orders o WHERE o IS NOT NULL AND c.id = o.customer_id)'),
('of a deeper chain', 'customer',
 'EXISTS (SELECT FROM relnav.related(c, NULL::items, ''orders.items'') i WHERE i.line = 2)',
 'EXISTS (SELECT FROM orders h1 JOIN items i ON h1.id = i.order_id WHERE i.line = 2 AND c.id = h1.customer_id)');
SELECT what, flat(n), same_plan(n, h) AS plan, counts(n, h)
  FROM (SELECT number, what, 'SELECT c.* FROM ' || source || ' c WHERE ' || navigation AS n,
               'SELECT c.* FROM ' || source || ' c WHERE ' || by_hand AS h
          FROM cases WHERE source <> 'items' AND what <> 'of a deeper chain'
        UNION ALL
        SELECT number, what, 'SELECT c.order_id * 10 + c.line AS id FROM ' || source || ' c WHERE ' || navigation,
               'SELECT c.order_id * 10 + c.line AS id FROM ' || source || ' c WHERE ' || by_hand
          FROM cases WHERE source = 'items') q
 ORDER BY number;
-- A path of several hops is left as it is: for each row, with an index.
SELECT what, flat(n), counts(n, h), plan_of(n) ~ 'Seq Scan on (orders|items)' AS scans
  FROM (SELECT what, 'SELECT c.* FROM customer c WHERE ' || navigation AS n, 'SELECT c.* FROM customer c WHERE ' || by_hand AS h
          FROM cases WHERE what = 'of a deeper chain') q;

-- Of a call of its own, and in OR, CASE or the select list, as by hand.
SELECT same_plan('SELECT o.id FROM customer c, relnav.children(c, NULL::orders) o
                   WHERE c.region = 3 AND EXISTS (SELECT FROM relnav.children(o, NULL::items) i WHERE i.line = 2)',
                 'SELECT o.id FROM customer c, orders o
                   WHERE c.id = o.customer_id AND c.region = 3 AND EXISTS (SELECT FROM items i WHERE i.line = 2 AND o.id = i.order_id)'),
       same_plan('SELECT c.id, EXISTS (SELECT FROM relnav.children(c, NULL::orders) o) FROM customer c',
                 'SELECT c.id, EXISTS (SELECT FROM orders o WHERE c.id = o.customer_id) FROM customer c'),
       same_plan('SELECT c.id FROM customer c WHERE region = 3 OR EXISTS (SELECT FROM relnav.children(c, NULL::orders) o)',
                 'SELECT c.id FROM customer c WHERE region = 3 OR EXISTS (SELECT FROM orders o WHERE c.id = o.customer_id)'),
       same_plan('SELECT c.id FROM customer c JOIN product p ON c.id = p.id AND EXISTS (SELECT FROM relnav.children(c, NULL::orders) o)',
                 'SELECT c.id FROM customer c JOIN product p ON c.id = p.id AND EXISTS (SELECT FROM orders o WHERE c.id = o.customer_id)'),
       same_plan('SELECT c.id FROM product p LEFT JOIN customer c ON c.id = p.id AND NOT EXISTS (SELECT FROM relnav.children(c, NULL::orders) o)',
                 'SELECT c.id FROM product p LEFT JOIN customer c ON c.id = p.id AND NOT EXISTS (SELECT FROM orders o WHERE c.id = o.customer_id)'),
       same_plan('DELETE FROM customer c WHERE NOT EXISTS (SELECT FROM relnav.children(c, NULL::orders) o)',
                 'DELETE FROM customer c WHERE NOT EXISTS (SELECT FROM orders o WHERE c.id = o.customer_id)');
-- IN, whatever the server makes of it: from 17 on a semi-join.
SELECT same_plan('SELECT c.id FROM customer c WHERE 7 IN (SELECT o.total FROM relnav.children(c, NULL::orders) o)',
                 'SELECT c.id FROM customer c WHERE 7 IN (SELECT o.total FROM orders o WHERE c.id = o.customer_id)'),
       counts('SELECT c.id FROM customer c WHERE 7 IN (SELECT o.total FROM relnav.children(c, NULL::orders) o)',
              'SELECT c.id FROM customer c WHERE 7 IN (SELECT o.total FROM orders o WHERE c.id = o.customer_id)'),
       counts('SELECT c.id FROM customer c WHERE 7 NOT IN (SELECT o.total FROM relnav.children(c, NULL::orders) o)',
              'SELECT c.id FROM customer c WHERE 7 NOT IN (SELECT o.total FROM orders o WHERE c.id = o.customer_id)'),
       counts('SELECT c.id FROM customer c WHERE c.region IN (SELECT p.id FROM relnav.associated(c, NULL::product, ''price'') p)',
              'SELECT c.id FROM customer c WHERE c.region IN (SELECT a.product_id FROM price a WHERE a.customer_id = c.id)');
SELECT id FROM orders c WHERE customer_id IN (SELECT p.id FROM relnav.parent(c, NULL::customer) p WHERE p.region = 3) ORDER BY id LIMIT 2;

-- Where the source of a key has to be read, nothing is moved past it.
SELECT counts('SELECT o.id FROM orders o WHERE EXISTS (SELECT FROM relnav.parent(''orders'', o.id + 1, NULL::customer) c WHERE c.region = 3)',
              'SELECT o.id FROM orders o WHERE EXISTS
                 (SELECT FROM orders x JOIN customer c ON c.id = x.customer_id WHERE x.id = o.id + 1 AND c.region = 3)');

-- On the side of an outer join that may be null the condition is the join's.
SELECT counts('SELECT c.id FROM customer c WHERE NOT EXISTS
                 (SELECT FROM product p LEFT JOIN relnav.children(c, NULL::orders) o ON p.id = o.total WHERE p.id = 5 AND o.id IS NULL)',
              'SELECT c.id FROM customer c WHERE NOT EXISTS
                 (SELECT FROM product p LEFT JOIN orders o ON p.id = o.total AND c.id = o.customer_id WHERE p.id = 5 AND o.id IS NULL)'),
       counts('SELECT c.id FROM customer c WHERE EXISTS
                 (SELECT FROM relnav.children(c, NULL::orders) o RIGHT JOIN product p ON p.id = o.total WHERE p.id = 5 AND o.id IS NULL)',
              'SELECT c.id FROM customer c WHERE EXISTS
                 (SELECT FROM product p LEFT JOIN orders o ON p.id = o.total AND c.id = o.customer_id WHERE p.id = 5 AND o.id IS NULL)'),
       counts('SELECT c.id FROM customer c WHERE c.id < 50 AND EXISTS
                 (SELECT FROM product p FULL JOIN relnav.children(c, NULL::orders) o ON p.id = o.total WHERE p.id IS NULL)',
              'SELECT c.id FROM customer c WHERE c.id < 50 AND EXISTS
                 (SELECT FROM product p FULL JOIN (SELECT * FROM orders o WHERE c.id = o.customer_id) o ON p.id = o.total WHERE p.id IS NULL)'),
       counts('SELECT c.id FROM customer c WHERE c.id < 50 AND EXISTS
                 (SELECT FROM product p FULL JOIN relnav.children(c, NULL::orders) o ON p.id = o.total WHERE p.id = 5 AND o.id IS NULL)',
              'SELECT c.id FROM customer c WHERE c.id < 50 AND EXISTS
                 (SELECT FROM product p FULL JOIN (SELECT * FROM orders o WHERE c.id = o.customer_id) o ON p.id = o.total
                   WHERE p.id = 5 AND o.id IS NULL)'),
       counts('SELECT c.id FROM customer c WHERE c.id < 50 AND EXISTS
                 (SELECT FROM product p LEFT JOIN (items i JOIN relnav.children(c, NULL::orders) o ON o.id = i.order_id) ON p.id = i.product_id
                   WHERE p.id = 5 AND i.line IS NULL)',
              'SELECT c.id FROM customer c WHERE c.id < 50 AND EXISTS
                 (SELECT FROM product p LEFT JOIN (items i JOIN orders o ON o.id = i.order_id AND c.id = o.customer_id) ON p.id = i.product_id
                   WHERE p.id = 5 AND i.line IS NULL)');

-- Where the number of rows counts, each row is there once: customers 1 to 300
-- have 7 products, each at 5 prices.
CREATE FUNCTION how_many(condition text) RETURNS text LANGUAGE sql AS $$
    SELECT counts('SELECT c.id FROM customer c WHERE ' || replace(condition, '$', 'relnav.associated(c, NULL::product, ''price'')'),
                  'SELECT c.id FROM customer c WHERE ' || replace(condition, '$',
                  '(SELECT * FROM product WHERE id IN (SELECT a.product_id FROM price a WHERE a.customer_id = c.id))')) $$;
SELECT condition, how_many(condition) FROM (VALUES
('EXISTS (SELECT FROM $ p OFFSET 1)'),
('EXISTS (SELECT FROM $ p OFFSET 7)'),
('NOT EXISTS (SELECT FROM $ p OFFSET 7)'),
('EXISTS (SELECT FROM $ p HAVING count(*) > 7)'),
('EXISTS (SELECT count(*) FROM $ p HAVING count(*) = 7)'),
('EXISTS (SELECT FROM $ p GROUP BY p.id HAVING count(*) > 1)'),
('EXISTS (SELECT FROM $ p GROUP BY GROUPING SETS (p.id, ()) HAVING count(*) > 7)'),
('EXISTS (SELECT 1 WHERE (SELECT count(*) FROM $ p) = 7)'),
('cardinality(ARRAY(SELECT p.id FROM $ p)) = 7'),
('cardinality(ARRAY(SELECT p.id FROM $ p)) <> 7'),
('EXISTS (SELECT FROM (SELECT row_number() OVER () AS n FROM $ p) x WHERE n > 7)'),
('EXISTS (SELECT p.id FROM $ p EXCEPT ALL SELECT p.id FROM product p)'),
('EXISTS (SELECT p.id FROM $ p INTERSECT ALL SELECT p.id FROM product p OFFSET 7)'),
('EXISTS (SELECT DISTINCT p.id FROM $ p OFFSET 7)'),
('EXISTS (SELECT DISTINCT p.id FROM $ p OFFSET 6)'),
('EXISTS (SELECT FROM $ p LIMIT 0)'),
('EXISTS (SELECT generate_series(1, p.id - 8) FROM $ p)'),
('EXISTS (SELECT count(*) FROM $ p)')) AS form (condition);


-- The check at both ends.  One source row, found by an index of its own, beside
-- wide tables: as by hand, and no table is read from end to end.
CREATE FUNCTION reads_all(query text) RETURNS boolean LANGUAGE sql AS
    $$ SELECT plan_of(query) ~ 'Seq Scan on (customer|orders|items|likes|price) |Index Only Scan using \S+ on \S+( \S+)?\n(?! *Index Cond)' $$;
SELECT what, same_plan(n, h) AS plan, reads_all(n) FROM (VALUES
('association, EXISTS',
 'SELECT c.name FROM customer c WHERE c.id = 42 AND EXISTS (SELECT FROM relnav.associated(c, NULL::product, ''likes'') p WHERE p.id > 100)',
 'SELECT c.name FROM customer c WHERE c.id = 42
     AND EXISTS (SELECT FROM likes a1 JOIN product p ON p.id = a1.product_id WHERE p.id > 100 AND c.id = a1.customer_id)'),
('association, NOT EXISTS',
 'SELECT c.name FROM customer c WHERE c.id = 42 AND NOT EXISTS (SELECT FROM relnav.associated(c, NULL::product, ''likes'') p WHERE p.id > 100)',
 'SELECT c.name FROM customer c WHERE c.id = 42
     AND NOT EXISTS (SELECT FROM likes a1 JOIN product p ON p.id = a1.product_id WHERE p.id > 100 AND c.id = a1.customer_id)'),
('hop, EXISTS',
 'SELECT c.name FROM customer c WHERE c.id = 42 AND EXISTS (SELECT FROM relnav.children(c, NULL::orders) o WHERE o.total > 5)',
 'SELECT c.name FROM customer c WHERE c.id = 42 AND EXISTS (SELECT FROM orders o WHERE o.total > 5 AND c.id = o.customer_id)'),
('hop, NOT EXISTS',
 'SELECT c.name FROM customer c WHERE c.id = 42 AND NOT EXISTS (SELECT FROM relnav.children(c, NULL::orders) o WHERE o.total > 5)',
 'SELECT c.name FROM customer c WHERE c.id = 42 AND NOT EXISTS (SELECT FROM orders o WHERE o.total > 5 AND c.id = o.customer_id)'),
('association, joined',
 'SELECT c.name, p.name FROM customer c, relnav.associated(c, NULL::product, ''likes'') p WHERE c.id = 42',
 'SELECT c.name, p.name FROM customer c, likes a1, product p WHERE c.id = a1.customer_id AND p.id = a1.product_id AND c.id = 42'),
('association, from the other end',
 'SELECT p.name, c.name FROM product p, relnav.associated(p, NULL::customer, ''likes'') c WHERE c.id = 42',
 'SELECT p.name, c.name FROM product p, likes a1, customer c WHERE p.id = a1.product_id AND c.id = a1.customer_id AND c.id = 42'),
('association, from both ends',
 'SELECT p.name, c.name FROM product p, relnav.associated(p, NULL::customer, ''likes'') c WHERE c.id = 42 AND p.id = 7',
 'SELECT p.name, c.name FROM product p, likes a1, customer c WHERE p.id = a1.product_id AND c.id = a1.customer_id AND c.id = 42 AND p.id = 7'),
('repeating association',
 'SELECT c.name, p.name FROM customer c, relnav.associated(c, NULL::product, ''price'') p WHERE c.id = 42 AND p.id = 3',
 'SELECT c.name, p.name FROM customer c, LATERAL (SELECT * FROM product p
    WHERE EXISTS (SELECT FROM price a1 WHERE c.id = a1.customer_id AND p.id = a1.product_id)) p WHERE c.id = 42 AND p.id = 3'),
('from a key',
 'SELECT p.name FROM relnav.associated(''customer'', 42, NULL::product, ''likes'') p WHERE p.id = 7',
 'SELECT p.name FROM likes a1, product p WHERE p.id = a1.product_id AND 42 = a1.customer_id AND p.id = 7'),
('to-one from one row',
 'SELECT o.id, c.name FROM orders o, relnav.parent(o, NULL::customer) c WHERE o.id = 7',
 'SELECT o.id, c.name FROM orders o, customer c WHERE c.id = o.customer_id AND o.id = 7'),
('nested EXISTS',
 'SELECT c.name FROM customer c WHERE c.id = 42
     AND EXISTS (SELECT FROM relnav.children(c, NULL::orders) o WHERE EXISTS (SELECT FROM relnav.children(o, NULL::items) i))',
 'SELECT c.name FROM customer c WHERE c.id = 42
     AND EXISTS (SELECT FROM orders o WHERE EXISTS (SELECT FROM items i WHERE o.id = i.order_id) AND c.id = o.customer_id)')
) AS form (what, n, h);
-- No hand-written form is known to be better, so these only must not be slow.
SELECT what, reads_all(query) FROM (VALUES
('path, EXISTS', 'SELECT c.name FROM customer c WHERE c.id = 42 AND EXISTS (SELECT FROM relnav.related(c, NULL::items, ''orders.items'') i)'),
('path, joined', 'SELECT i.* FROM customer c, relnav.related(c, NULL::items, ''orders.items'') i WHERE c.id = 42')
) AS form (what, query);

DROP SCHEMA regress_relnav_inline_exists CASCADE;
