-- For bench/navigation: a shop of some size, four trees, and what measures
-- (bench/measure.sql).
-- Into an empty database, after CREATE EXTENSION relnav.

\set ON_ERROR_STOP on

-- 20,000 customers with 10 orders each, 400,000 items of 1,000 products, and
-- 3 tags for each customer.  All numbers are the same in every run; rows that
-- belong together are not stored together.

CREATE TABLE customer (
    id    int PRIMARY KEY,
    name  text NOT NULL,
    email text NOT NULL
);
CREATE TABLE orders (
    id          int PRIMARY KEY,
    customer_id int NOT NULL,
    ordered_on  date NOT NULL,
    status      text NOT NULL
);
CREATE TABLE product (
    id    int PRIMARY KEY,
    name  text NOT NULL,
    price numeric(8,2) NOT NULL
);
CREATE TABLE items (
    order_id   int,
    line_no    int,
    product_id int NOT NULL,
    quantity   int NOT NULL
);
CREATE TABLE tag (
    id   int PRIMARY KEY,
    name text NOT NULL
);
CREATE TABLE customer_tag (
    customer_id int,
    tag_id      int
);

INSERT INTO customer
SELECT i, 'Customer ' || i, 'customer' || i || '@example.com' FROM generate_series(1, 20000) i;
INSERT INTO orders
SELECT i, 1 + i * 7919 % 20000, date '2025-01-01' + i % 365, CASE i % 10 WHEN 0 THEN 'new' ELSE 'paid' END
  FROM generate_series(1, 200000) i;
INSERT INTO product
SELECT i, 'Product ' || i, 1 + i % 97 FROM generate_series(1, 1000) i;
INSERT INTO items
SELECT 1 + i::bigint * 7919 % 200000, 1 + (i - 1) / 200000, 1 + (hashint4(i) & 2147483647) % 1000, 1 + i % 5
  FROM generate_series(1, 400000) i;
INSERT INTO tag
SELECT i, 'Tag ' || i FROM generate_series(1, 200) i;
INSERT INTO customer_tag
SELECT i, 1 + (i * 31 + j * 53) % 200 FROM generate_series(1, 20000) i, generate_series(0, 2) j;

ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customer;
ALTER TABLE items ADD PRIMARY KEY (order_id, line_no),
    ADD FOREIGN KEY (order_id) REFERENCES orders, ADD FOREIGN KEY (product_id) REFERENCES product;
ALTER TABLE customer_tag ADD PRIMARY KEY (customer_id, tag_id),
    ADD FOREIGN KEY (customer_id) REFERENCES customer, ADD FOREIGN KEY (tag_id) REFERENCES tag;
CREATE INDEX ON orders (customer_id);
CREATE INDEX ON items (product_id);
CREATE INDEX ON customer_tag (tag_id);


-- Trees of 100,000 rows: 2 below each, 16 deep; 20 below each, 4 deep; each
-- below any of those before it; and in one line.

CREATE PROCEDURE make_tree(name text, parent text)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TABLE %I (id int PRIMARY KEY, parent_id int, label text NOT NULL)', name);
    EXECUTE format('INSERT INTO %I SELECT i, CASE WHEN i > 1 THEN %s END, ''Node '' || i
                      FROM generate_series(1, 100000) i', name, parent);
    EXECUTE format('ALTER TABLE %I ADD FOREIGN KEY (parent_id) REFERENCES %1$I', name);
    EXECUTE format('CREATE INDEX ON %I (parent_id)', name);
END
$$;
CALL make_tree('binary_tree', 'i / 2');
CALL make_tree('wide_tree', '(i + 18) / 20');
CALL make_tree('random_tree', '1 + (hashint4(i) & 2147483647) % (i - 1)');
CALL make_tree('chain', 'i - 1');
DROP PROCEDURE make_tree;

VACUUM (ANALYZE);


-- What one would write instead of relnav.children(c, NULL::orders)

CREATE FUNCTION orders_of(c customer) RETURNS SETOF orders
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY SELECT o.* FROM orders o WHERE o.customer_id = c.id;
END
$$;
CREATE FUNCTION orders_of_key(customer int) RETURNS SETOF orders
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY SELECT o.* FROM orders o WHERE o.customer_id = customer;
END
$$;
-- The server inlines a STABLE one into its statement, and no VOLATILE one.
CREATE FUNCTION orders_of_sql(c customer) RETURNS SETOF orders
LANGUAGE sql VOLATILE AS 'SELECT o.* FROM orders o WHERE o.customer_id = c.id';
CREATE FUNCTION orders_of_inline(c customer) RETURNS SETOF orders
LANGUAGE sql STABLE AS 'SELECT o.* FROM orders o WHERE o.customer_id = c.id';

\ir measure.sql
