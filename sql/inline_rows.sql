-- How many rows a call is expected to return, where it is not planned as a
-- join: one for a to-one hop, the true average for the others.
LOAD 'relnav';
SET client_min_messages = warning;
CREATE SCHEMA regress_relnav_inline_rows;
SET search_path = regress_relnav_inline_rows;
SET relnav.inline = off;
SET max_parallel_workers_per_gather = 0;

CREATE TABLE region (id int PRIMARY KEY);
CREATE TABLE customer (id int PRIMARY KEY, region_id int NOT NULL REFERENCES region);
CREATE TABLE passport (customer_id int PRIMARY KEY REFERENCES customer);
CREATE TABLE product (id int PRIMARY KEY);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customer, region_id int REFERENCES region);
CREATE TABLE items (order_id int REFERENCES orders, line int, product_id int REFERENCES product, PRIMARY KEY (order_id, line));
CREATE TABLE likes (customer_id int REFERENCES customer, product_id int REFERENCES product, PRIMARY KEY (customer_id, product_id));
CREATE TABLE price (region_id int REFERENCES region, product_id int REFERENCES product, at int, PRIMARY KEY (region_id, product_id, at));
CREATE TABLE follows (follower_id int REFERENCES customer, followee_id int REFERENCES customer, PRIMARY KEY (follower_id, followee_id));
CREATE TABLE note (id int PRIMARY KEY, order_id int, line int, FOREIGN KEY (order_id, line) REFERENCES items);
CREATE TABLE visit (id int, customer_id int REFERENCES customer) PARTITION BY RANGE (id);
CREATE TABLE visit_1 PARTITION OF visit FOR VALUES FROM (0) TO (5000);
CREATE TABLE visit_2 PARTITION OF visit FOR VALUES FROM (5000) TO (20000);
CREATE TABLE nobody (id int PRIMARY KEY, customer_id int REFERENCES customer);
CREATE TABLE unknown (id int PRIMARY KEY, customer_id int REFERENCES customer);
ALTER TABLE unknown SET (autovacuum_enabled = off);
-- Uniform data; of the orders 3 in 4 have no customer.
INSERT INTO region SELECT generate_series(1, 10);
INSERT INTO customer SELECT i, 1 + i % 10 FROM generate_series(1, 500) i;
INSERT INTO passport SELECT generate_series(1, 500, 2);
INSERT INTO product SELECT generate_series(1, 200);
INSERT INTO orders SELECT i, CASE WHEN i % 4 = 0 THEN 1 + i / 4 % 500 END, 1 + i % 10 FROM generate_series(1, 8000) i;
INSERT INTO items SELECT o, l, 1 + (o * 7919 + l * 31) / 13 % 200 FROM generate_series(1, 8000) o, generate_series(1, 3) l;
INSERT INTO likes SELECT c, 1 + (c + p * 7) % 200 FROM generate_series(1, 500) c, generate_series(1, 20) p;
INSERT INTO price SELECT r, p, a FROM generate_series(1, 10) r, generate_series(1, 50) p, generate_series(1, 2) a;
INSERT INTO follows SELECT c, 1 + (c + f) % 500 FROM generate_series(1, 500) c, generate_series(1, 12) f;
INSERT INTO note SELECT i, 1 + i % 8000, 1 + i % 3 FROM generate_series(1, 48000) i;
INSERT INTO visit SELECT i, 1 + i % 500 FROM generate_series(1, 15000) i;
CREATE INDEX ON orders (customer_id);
CREATE INDEX ON items (product_id);
ANALYZE region, customer, passport, product, orders, items, likes, price, follows, note, visit, nobody;

-- What is expected of one call, and whether that is right within a factor of 2.
CREATE FUNCTION expected(source text, call text) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
    line text;
BEGIN
    FOR line IN EXECUTE format('EXPLAIN SELECT * FROM %s s, LATERAL %s t', source, call) LOOP
        IF line ~ 'Function Scan' THEN
            RETURN substring(line, 'rows=(\d+)')::numeric;
        END IF;
    END LOOP;
END $$;
CREATE FUNCTION average(source text, call text) RETURNS numeric LANGUAGE plpgsql SET relnav.inline = on SET relnav.inline = on AS $$
DECLARE
    result numeric;
BEGIN
    EXECUTE format('SELECT (SELECT count(*) FROM %1$s s, LATERAL %2$s t) / (SELECT count(*) FROM %1$s)::numeric', source, call) INTO result;
    RETURN result;
END $$;

-- To-one: exactly one row, also where there may be none.
SELECT source, call, expected(source, call) = 1 AS one FROM (VALUES
('orders', 'relnav.parent(s, NULL::customer)'),
('customer', 'relnav.parent(s, NULL::region)'),
('customer', 'relnav.children(s, NULL::passport)'),
('passport', 'relnav.parent(s, NULL::customer)'),
('note', 'relnav.parent(s, NULL::items)'),
('items', 'relnav.related(s, NULL::customer, ''order.customer'')'),
('passport', 'relnav.related(s, NULL::region, ''customer.region'')'),
('region', 'relnav.parent(''orders'', s.id, NULL::customer)')) AS form (source, call);

-- To-many: within a factor of 2 of what it is.
SELECT source, call, expected(source, call) BETWEEN average(source, call) / 2 AND average(source, call) * 2 AS right FROM (VALUES
('customer', 'relnav.children(s, NULL::orders)'),
('region', 'relnav.children(s, NULL::orders)'),
('region', 'relnav.children(s, NULL::customer)'),
('orders', 'relnav.children(s, NULL::items)'),
('product', 'relnav.children(s, NULL::items)'),
('items', 'relnav.children(s, NULL::note)'),
('customer', 'relnav.children(s, NULL::visit)'),
('customer', 'relnav.related(s, NULL::orders)'),
('product', 'relnav.children(''customer'', s.id, NULL::orders)'),
-- associations
('customer', 'relnav.associated(s, NULL::product)'),
('product', 'relnav.associated(s, NULL::customer)'),
('customer', 'relnav.associated(s, NULL::customer, ''follower'')'),
('customer', 'relnav.associated(s, NULL::customer, ''followee'')'),
('region', 'relnav.associated(s, NULL::product)'),
('product', 'relnav.associated(s, NULL::region)'),
-- several hops
('region', 'relnav.related(s, NULL::orders, ''customer.orders'')'),
('region', 'relnav.related(s, NULL::items, ''orders.items'')'),
('customer', 'relnav.related(s, NULL::items, ''orders.items'')'),
('passport', 'relnav.related(s, NULL::orders, ''customer.orders'')'),
('orders', 'relnav.related(s, NULL::orders, ''region.orders'')'),
('passport', 'relnav.related(s, NULL::product, ''customer.product'')'),
('region', 'relnav.related(s, NULL::visit, ''customer.visit'')'),
('customer', 'relnav.related(s, NULL::note, ''orders.items.note'')')) AS form (source, call);

-- It counts in the plan: a call from many rows, and in the select list.
CREATE FUNCTION expected_in_all(query text) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
    line text;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN ' || query LOOP
        RETURN substring(line, 'rows=(\d+)')::numeric;
    END LOOP;
END $$;
SELECT expected_in_all('SELECT * FROM customer s, relnav.children(s, NULL::orders) t') BETWEEN 1000 AND 4000 AS in_from,
       expected_in_all('SELECT relnav.children(s, NULL::orders) FROM customer s') BETWEEN 1000 AND 4000 AS in_select_list,
       expected_in_all('SELECT relnav.parent(s, NULL::customer) FROM orders s') = 8000 AS to_one_in_select_list;

-- An empty table, one that was never analyzed, a path that is not known or
-- means nothing: something sensible, and no error.
SELECT source, call, expected(source, call) BETWEEN least AND most AS sensible FROM (VALUES
('customer', 'relnav.children(s, NULL::nobody)', 1, 1),
('nobody', 'relnav.parent(s, NULL::customer)', 1, 1),
('customer', 'relnav.children(s, NULL::unknown)', 1, 100),
('unknown', 'relnav.parent(s, NULL::customer)', 1, 1),
('customer', 'relnav.children(s, NULL::orders, s.id::text)', 1, 100),
('customer', 'relnav.related(s, NULL::orders, ''no.such.path'')', 1, 100),
('customer', 'relnav.associated(s, NULL::customer)', 1, 100)) AS form (source, call, least, most);

DROP SCHEMA regress_relnav_inline_rows CASCADE;
