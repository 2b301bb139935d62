-- For bench/tree: two schemas of some size, the same trees in every way of
-- writing them that we know, and what compares these.  Into an empty database,
-- after CREATE EXTENSION relnav.

\set ON_ERROR_STOP on
\ir measure.sql

-- 10,000 customers with 100,000 orders, 400,000 items of 1,000 products; some
-- orders have no items, ten customers no orders.  All numbers are the same in
-- every run; rows that belong together are not stored together.

CREATE TABLE customer (
    id   int PRIMARY KEY,
    name text NOT NULL
);
CREATE TABLE orders (
    id          int PRIMARY KEY,
    customer_id int NOT NULL,
    ordered_on  date NOT NULL,
    status      text NOT NULL,
    total       numeric(10,2) NOT NULL
);
CREATE TABLE product (
    id    int PRIMARY KEY,
    name  text NOT NULL,
    price numeric(8,2) NOT NULL
);
CREATE TABLE items (
    id         int PRIMARY KEY,
    order_id   int NOT NULL,
    product_id int NOT NULL,
    quantity   int NOT NULL
);

CREATE FUNCTION pg_temp.any_of(n int, last int) RETURNS int
LANGUAGE sql IMMUTABLE AS 'SELECT 1 + (hashint4(n) & 2147483647) % last';

INSERT INTO customer
SELECT i, 'Customer ' || i FROM generate_series(1, 10000) i;
INSERT INTO orders
SELECT i, pg_temp.any_of(i, 9990), date '2025-01-01' + i % 365,
       CASE i % 10 WHEN 0 THEN 'new' WHEN 1 THEN 'paid' ELSE 'shipped' END, pg_temp.any_of(-i, 100000) / 100.0
  FROM generate_series(1, 100000) i;
INSERT INTO product
SELECT i, 'The product of number ' || i, 1 + i % 97 FROM generate_series(1, 1000) i;
INSERT INTO items
SELECT i, pg_temp.any_of(1000000 + i, 100000), pg_temp.any_of(i, 1000), 1 + i % 5 FROM generate_series(1, 400000) i;

ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customer;
ALTER TABLE items ADD FOREIGN KEY (order_id) REFERENCES orders, ADD FOREIGN KEY (product_id) REFERENCES product;
CREATE INDEX ON orders (customer_id);
CREATE INDEX ON items (order_id);
CREATE INDEX ON items (product_id);

-- 20,000 authors with 200,000 books, and 3 of 500 tags for each book.

CREATE TABLE author (
    id   int PRIMARY KEY,
    name text NOT NULL
);
CREATE TABLE book (
    id        int PRIMARY KEY,
    author_id int NOT NULL,
    title     text NOT NULL,
    year      int
);
CREATE TABLE tag (
    id   int PRIMARY KEY,
    name text NOT NULL
);
CREATE TABLE book_tag (
    book_id int,
    tag_id  int
);

INSERT INTO author
SELECT i, 'Author ' || i FROM generate_series(1, 20000) i;
INSERT INTO book
SELECT i, pg_temp.any_of(i, 20000), 'Book "' || i || '"', CASE WHEN i % 20 > 0 THEN 1900 + i % 125 END
  FROM generate_series(1, 200000) i;
INSERT INTO tag
SELECT i, 'Tag ' || i FROM generate_series(1, 500) i;
INSERT INTO book_tag
SELECT i, 1 + (pg_temp.any_of(i, 500) + j * 167) % 500 FROM generate_series(1, 200000) i, generate_series(0, 2) j;

ALTER TABLE book ADD FOREIGN KEY (author_id) REFERENCES author;
ALTER TABLE book_tag ADD PRIMARY KEY (book_id, tag_id),
    ADD FOREIGN KEY (book_id) REFERENCES book, ADD FOREIGN KEY (tag_id) REFERENCES tag;
CREATE INDEX ON book (author_id);
CREATE INDEX ON book_tag (tag_id);

VACUUM (ANALYZE);


-- The forms of a tree
--
-- "rows" gives a row for each root: ROOTS(c.id) stands for the condition on the
-- root's key, wherever it is known.  "whole" and "single" are what all rows, or
-- one, are made to json by; jsonb goes to its client as text.  Of a class the
-- fastest counts.  Forms that never were it are not all here.

CREATE TABLE measure.form (
    number int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shape  text NOT NULL,
    class  text NOT NULL,
    name   text NOT NULL,
    whole  text NOT NULL,
    single text NOT NULL,
    rows   text NOT NULL,
    UNIQUE (shape, name)
);

CREATE FUNCTION measure.add_form(shape text, class text, name text, kind text, rows text) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO measure.form (shape, class, name, whole, single, rows)
    SELECT add_form.shape, add_form.class, add_form.name, k.whole, k.single, add_form.rows
      FROM (VALUES
        ('json', 'coalesce(json_agg(t.tree), ''[]'')', 't.tree'),
        ('record', 'coalesce(json_agg(t), ''[]'')', 'row_to_json(t)'),
        ('jsonb', 'coalesce(jsonb_agg(t.tree), ''[]'')::text', 't.tree::text'),
        ('text', '''['' || coalesce(string_agg(t.tree, '',''), '''') || '']''', 't.tree')
      ) AS k (kind, whole, single)
     WHERE k.kind = add_form.kind
$$;

-- Customers: id, name, orders (id, status, total, items (quantity, product (id, name)))

\o /dev/null
SELECT measure.add_form('customers', 'json', 'correlated json_build_object', 'json', $$
SELECT json_build_object('id', c.id, 'name', c.name, 'orders', (
           SELECT coalesce(json_agg(json_build_object('id', o.id, 'status', o.status, 'total', o.total, 'items', (
                      SELECT coalesce(json_agg(json_build_object('quantity', i.quantity, 'product',
                                 json_build_object('id', p.id, 'name', p.name))), '[]')
                        FROM items i JOIN product p ON p.id = i.product_id
                       WHERE i.order_id = o.id))), '[]')
             FROM orders o
            WHERE o.customer_id = c.id)) AS tree
  FROM customer c
 WHERE ROOTS(c.id)
$$);
SELECT measure.add_form('customers', 'json', 'correlated json_agg(record)', 'record', $$
SELECT c.id, c.name, (
           SELECT coalesce(json_agg(o), '[]')
             FROM (SELECT o.id, o.status, o.total, (
                              SELECT coalesce(json_agg(i), '[]')
                                FROM (SELECT i.quantity, p AS product
                                        FROM items i JOIN (SELECT id, name FROM product) p ON p.id = i.product_id
                                       WHERE i.order_id = o.id) i) AS items
                     FROM orders o
                    WHERE o.customer_id = c.id) o) AS orders
  FROM customer c
 WHERE ROOTS(c.id)
$$);
SELECT measure.add_form('customers', 'json', 'correlated arrays of records', 'record', $$
SELECT c.id, c.name, ARRAY(
           SELECT o
             FROM (SELECT o.id, o.status, o.total, ARRAY(
                              SELECT i
                                FROM (SELECT i.quantity, p AS product
                                        FROM items i JOIN (SELECT id, name FROM product) p ON p.id = i.product_id
                                       WHERE i.order_id = o.id) i) AS items
                     FROM orders o
                    WHERE o.customer_id = c.id) o) AS orders
  FROM customer c
 WHERE ROOTS(c.id)
$$);
SELECT measure.add_form('customers', 'json', 'LATERAL json_agg(record)', 'record', $$
SELECT c.id, c.name, o.orders
  FROM customer c CROSS JOIN LATERAL (
           SELECT coalesce(json_agg(o), '[]') AS orders
             FROM (SELECT o.id, o.status, o.total, i.items
                     FROM orders o CROSS JOIN LATERAL (
                              SELECT coalesce(json_agg(i), '[]') AS items
                                FROM (SELECT i.quantity, p AS product
                                        FROM items i JOIN (SELECT id, name FROM product) p ON p.id = i.product_id
                                       WHERE i.order_id = o.id) i) i
                    WHERE o.customer_id = c.id) o) o
 WHERE ROOTS(c.id)
$$);
SELECT measure.add_form('customers', 'json', 'grouped json_build_object', 'json', $$
  WITH p AS MATERIALIZED (SELECT id, json_build_object('id', id, 'name', name) AS tree FROM product)
SELECT json_build_object('id', c.id, 'name', c.name, 'orders', coalesce(o.trees, '[]')) AS tree
  FROM customer c LEFT JOIN (
           SELECT o.customer_id, json_agg(json_build_object('id', o.id, 'status', o.status, 'total', o.total,
                                              'items', coalesce(i.trees, '[]'))) AS trees
             FROM orders o LEFT JOIN (
                      SELECT i.order_id, json_agg(json_build_object('quantity', i.quantity, 'product', p.tree)) AS trees
                        FROM orders o JOIN items i ON i.order_id = o.id JOIN p ON p.id = i.product_id
                       WHERE ROOTS(o.customer_id)
                       GROUP BY i.order_id) i ON i.order_id = o.id
            WHERE ROOTS(o.customer_id)
            GROUP BY o.customer_id) o ON o.customer_id = c.id
 WHERE ROOTS(c.id)
$$);
SELECT measure.add_form('customers', 'json', 'grouped json_agg(record)', 'record', $$
  WITH p AS MATERIALIZED (SELECT id, row_to_json(p) AS product FROM (SELECT id, name FROM product) p)
SELECT c.id, c.name, coalesce(o.orders, '[]') AS orders
  FROM customer c LEFT JOIN (
           SELECT o.customer_id,
                  json_agg((SELECT o FROM (SELECT o.id, o.status, o.total, coalesce(i.items, '[]') AS items) o)) AS orders
             FROM orders o LEFT JOIN (
                      SELECT i.order_id, json_agg((SELECT i FROM (SELECT i.quantity, p.product) i)) AS items
                        FROM orders o JOIN items i ON i.order_id = o.id JOIN p ON p.id = i.product_id
                       WHERE ROOTS(o.customer_id)
                       GROUP BY i.order_id) i ON i.order_id = o.id
            WHERE ROOTS(o.customer_id)
            GROUP BY o.customer_id) o ON o.customer_id = c.id
 WHERE ROOTS(c.id)
$$);
SELECT measure.add_form('customers', 'json', 'grouped json_agg(record), a product at a time', 'record', $$
SELECT c.id, c.name, coalesce(o.orders, '[]') AS orders
  FROM customer c LEFT JOIN (
           SELECT o.customer_id,
                  json_agg((SELECT o FROM (SELECT o.id, o.status, o.total, coalesce(i.items, '[]') AS items) o)) AS orders
             FROM orders o LEFT JOIN (
                      SELECT i.order_id, json_agg((SELECT i FROM (SELECT i.quantity, p.product) i)) AS items
                        FROM orders o JOIN items i ON i.order_id = o.id
                             JOIN (SELECT p.id, p AS product FROM (SELECT id, name FROM product) p) p
                               ON p.id = i.product_id
                       WHERE ROOTS(o.customer_id)
                       GROUP BY i.order_id) i ON i.order_id = o.id
            WHERE ROOTS(o.customer_id)
            GROUP BY o.customer_id) o ON o.customer_id = c.id
 WHERE ROOTS(c.id)
$$);
SELECT measure.add_form('customers', 'json', 'grouped json_agg(record), all items', 'record', $$
  WITH p AS MATERIALIZED (SELECT id, row_to_json(p) AS product FROM (SELECT id, name FROM product) p)
SELECT c.id, c.name, coalesce(o.orders, '[]') AS orders
  FROM customer c LEFT JOIN (
           SELECT o.customer_id,
                  json_agg((SELECT o FROM (SELECT o.id, o.status, o.total, coalesce(i.items, '[]') AS items) o)) AS orders
             FROM orders o LEFT JOIN (
                      SELECT i.order_id, json_agg((SELECT i FROM (SELECT i.quantity, p.product) i)) AS items
                        FROM items i JOIN p ON p.id = i.product_id
                       GROUP BY i.order_id) i ON i.order_id = o.id
            WHERE ROOTS(o.customer_id)
            GROUP BY o.customer_id) o ON o.customer_id = c.id
 WHERE ROOTS(c.id)
$$);
SELECT measure.add_form('customers', 'text', 'correlated text', 'text', $$
SELECT '{"id":' || c.id || ',"name":' || to_json(c.name) || ',"orders":[' || coalesce((
           SELECT string_agg('{"id":' || o.id || ',"status":' || to_json(o.status) || ',"total":' || o.total
                             || ',"items":[' || coalesce((
                      SELECT string_agg('{"quantity":' || i.quantity || ',"product":{"id":' || p.id || ',"name":'
                                        || to_json(p.name) || '}}', ',')
                        FROM items i JOIN product p ON p.id = i.product_id
                       WHERE i.order_id = o.id), '') || ']}', ',')
             FROM orders o
            WHERE o.customer_id = c.id), '') || ']}' AS tree
  FROM customer c
 WHERE ROOTS(c.id)
$$);
SELECT measure.add_form('customers', 'text', 'grouped text', 'text', $$
  WITH p AS MATERIALIZED (
           SELECT id, ',"product":{"id":' || id || ',"name":' || to_json(name) || '}}' AS tree FROM product)
SELECT '{"id":' || c.id || ',"name":' || to_json(c.name) || ',"orders":[' || coalesce(o.trees, '') || ']}' AS tree
  FROM customer c LEFT JOIN (
           SELECT o.customer_id,
                  string_agg('{"id":' || o.id || ',"status":' || to_json(o.status) || ',"total":' || o.total
                             || ',"items":[' || coalesce(i.trees, '') || ']}', ',') AS trees
             FROM orders o LEFT JOIN (
                      SELECT i.order_id, string_agg('{"quantity":' || i.quantity || p.tree, ',') AS trees
                        FROM orders o JOIN items i ON i.order_id = o.id JOIN p ON p.id = i.product_id
                       WHERE ROOTS(o.customer_id)
                       GROUP BY i.order_id) i ON i.order_id = o.id
            WHERE ROOTS(o.customer_id)
            GROUP BY o.customer_id) o ON o.customer_id = c.id
 WHERE ROOTS(c.id)
$$);
SELECT measure.add_form('customers', 'text', 'grouped text, all items', 'text', $$
  WITH p AS MATERIALIZED (
           SELECT id, ',"product":{"id":' || id || ',"name":' || to_json(name) || '}}' AS tree FROM product)
SELECT '{"id":' || c.id || ',"name":' || to_json(c.name) || ',"orders":[' || coalesce(o.trees, '') || ']}' AS tree
  FROM customer c LEFT JOIN (
           SELECT o.customer_id,
                  string_agg('{"id":' || o.id || ',"status":' || to_json(o.status) || ',"total":' || o.total
                             || ',"items":[' || coalesce(i.trees, '') || ']}', ',') AS trees
             FROM orders o LEFT JOIN (
                      SELECT i.order_id, string_agg('{"quantity":' || i.quantity || p.tree, ',') AS trees
                        FROM items i JOIN p ON p.id = i.product_id
                       GROUP BY i.order_id) i ON i.order_id = o.id
            WHERE ROOTS(o.customer_id)
            GROUP BY o.customer_id) o ON o.customer_id = c.id
 WHERE ROOTS(c.id)
$$);
SELECT measure.add_form('customers', 'PostgREST', 'LEFT JOIN LATERAL json_agg', 'record', $$
SELECT c.id, c.name, coalesce(o.o, '[]') AS orders
  FROM customer c LEFT JOIN LATERAL (
           SELECT json_agg(o) AS o
             FROM (SELECT o.id, o.status, o.total, coalesce(i.i, '[]') AS items
                     FROM orders o LEFT JOIN LATERAL (
                              SELECT json_agg(i) AS i
                                FROM (SELECT i.quantity, row_to_json(p.*) AS product
                                        FROM items i LEFT JOIN LATERAL (
                                                 SELECT p.id, p.name FROM product p WHERE p.id = i.product_id) p ON true
                                       WHERE i.order_id = o.id) i) i ON true
                    WHERE o.customer_id = c.id) o) o ON true
 WHERE ROOTS(c.id)
$$);
SELECT measure.add_form('customers', 'Hasura', 'nested LATERAL row_to_json', 'json', $$
SELECT row_to_json((SELECT e FROM (SELECT c.id AS id, c.name AS name, o.orders AS orders) e)) AS tree
  FROM (SELECT * FROM customer WHERE ROOTS(customer.id)) c LEFT OUTER JOIN LATERAL (
           SELECT coalesce(json_agg(o.orders), '[]') AS orders
             FROM (SELECT row_to_json((SELECT e FROM (SELECT o.id AS id, o.status AS status, o.total AS total,
                                                             i.items AS items) e)) AS orders
                     FROM (SELECT * FROM orders WHERE c.id = customer_id) o LEFT OUTER JOIN LATERAL (
                              SELECT coalesce(json_agg(i.items), '[]') AS items
                                FROM (SELECT row_to_json((SELECT e FROM (SELECT i.quantity AS quantity,
                                                                                p.product AS product) e)) AS items
                                        FROM (SELECT * FROM items WHERE o.id = order_id) i LEFT OUTER JOIN LATERAL (
                                                 SELECT row_to_json((SELECT e FROM (SELECT p.id AS id,
                                                                            p.name AS name) e)) AS product
                                                   FROM (SELECT * FROM product WHERE i.product_id = id) p) p ON true
                                     ) i) i ON true) o) o ON true
$$);
SELECT measure.add_form('customers', 'PostGraphile', 'json_build_array of texts', 'json', $$
SELECT json_build_array(c.id::text, c.name, (
           SELECT coalesce(json_agg(json_build_array(o.id::text, o.status, o.total::text, (
                      SELECT coalesce(json_agg(json_build_array(i.quantity::text, p.id::text, p.name)), '[]')
                        FROM items i LEFT OUTER JOIN product p ON i.product_id = p.id
                       WHERE o.id = i.order_id))), '[]')
             FROM orders o
            WHERE c.id = o.customer_id)) AS tree
  FROM customer c
 WHERE ROOTS(c.id)
$$);
SELECT measure.add_form('customers', 'pg_graphql', 'correlated jsonb_build_object', 'jsonb', $$
SELECT jsonb_build_object('id', c.id, 'name', c.name, 'orders', (
           SELECT coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'status', o.status, 'total', o.total, 'items', (
                      SELECT coalesce(jsonb_agg(jsonb_build_object('quantity', i.quantity, 'product', (
                                 SELECT jsonb_build_object('id', p.id, 'name', p.name)
                                   FROM product p
                                  WHERE p.id = i.product_id))), '[]')
                        FROM items i
                       WHERE i.order_id = o.id))), '[]')
             FROM orders o
            WHERE o.customer_id = c.id)) AS tree
  FROM customer c
 WHERE ROOTS(c.id)
$$);
SELECT measure.add_form('customers', 'jsonb', 'grouped jsonb', 'jsonb', $$
  WITH p AS MATERIALIZED (SELECT id, jsonb_build_object('id', id, 'name', name) AS tree FROM product)
SELECT jsonb_build_object('id', c.id, 'name', c.name, 'orders', coalesce(o.trees, '[]')) AS tree
  FROM customer c LEFT JOIN (
           SELECT o.customer_id, jsonb_agg(jsonb_build_object('id', o.id, 'status', o.status, 'total', o.total,
                                               'items', coalesce(i.trees, '[]'))) AS trees
             FROM orders o LEFT JOIN (
                      SELECT i.order_id,
                             jsonb_agg(jsonb_build_object('quantity', i.quantity, 'product', p.tree)) AS trees
                        FROM orders o JOIN items i ON i.order_id = o.id JOIN p ON p.id = i.product_id
                       WHERE ROOTS(o.customer_id)
                       GROUP BY i.order_id) i ON i.order_id = o.id
            WHERE ROOTS(o.customer_id)
            GROUP BY o.customer_id) o ON o.customer_id = c.id
 WHERE ROOTS(c.id)
$$);

-- Authors: id, name, books (id, title, year, tags (id, name))

SELECT measure.add_form('authors', 'json', 'correlated json_build_object', 'json', $$
SELECT json_build_object('id', a.id, 'name', a.name, 'books', (
           SELECT coalesce(json_agg(json_build_object('id', b.id, 'title', b.title, 'year', b.year, 'tags', (
                      SELECT coalesce(json_agg(json_build_object('id', t.id, 'name', t.name)), '[]')
                        FROM book_tag l JOIN tag t ON t.id = l.tag_id
                       WHERE l.book_id = b.id))), '[]')
             FROM book b
            WHERE b.author_id = a.id)) AS tree
  FROM author a
 WHERE ROOTS(a.id)
$$);
SELECT measure.add_form('authors', 'json', 'correlated json_agg(record)', 'record', $$
SELECT a.id, a.name, (
           SELECT coalesce(json_agg(b), '[]')
             FROM (SELECT b.id, b.title, b.year, (
                              SELECT coalesce(json_agg(t), '[]')
                                FROM (SELECT t.id, t.name
                                        FROM book_tag l JOIN tag t ON t.id = l.tag_id
                                       WHERE l.book_id = b.id) t) AS tags
                     FROM book b
                    WHERE b.author_id = a.id) b) AS books
  FROM author a
 WHERE ROOTS(a.id)
$$);
SELECT measure.add_form('authors', 'json', 'correlated arrays of records', 'record', $$
SELECT a.id, a.name, ARRAY(
           SELECT b
             FROM (SELECT b.id, b.title, b.year, ARRAY(
                              SELECT t
                                FROM (SELECT t.id, t.name
                                        FROM book_tag l JOIN tag t ON t.id = l.tag_id
                                       WHERE l.book_id = b.id) t) AS tags
                     FROM book b
                    WHERE b.author_id = a.id) b) AS books
  FROM author a
 WHERE ROOTS(a.id)
$$);
SELECT measure.add_form('authors', 'json', 'LATERAL json_agg(record)', 'record', $$
SELECT a.id, a.name, b.books
  FROM author a CROSS JOIN LATERAL (
           SELECT coalesce(json_agg(b), '[]') AS books
             FROM (SELECT b.id, b.title, b.year, t.tags
                     FROM book b CROSS JOIN LATERAL (
                              SELECT coalesce(json_agg(t), '[]') AS tags
                                FROM (SELECT t.id, t.name
                                        FROM book_tag l JOIN tag t ON t.id = l.tag_id
                                       WHERE l.book_id = b.id) t) t
                    WHERE b.author_id = a.id) b) b
 WHERE ROOTS(a.id)
$$);
SELECT measure.add_form('authors', 'json', 'grouped json_agg(record)', 'record', $$
  WITH t AS MATERIALIZED (SELECT id, row_to_json(t) AS tag FROM (SELECT id, name FROM tag) t)
SELECT a.id, a.name, coalesce(b.books, '[]') AS books
  FROM author a LEFT JOIN (
           SELECT b.author_id,
                  json_agg((SELECT b FROM (SELECT b.id, b.title, b.year, coalesce(t.tags, '[]') AS tags) b)) AS books
             FROM book b LEFT JOIN (
                      SELECT l.book_id, json_agg(t.tag) AS tags
                        FROM book b JOIN book_tag l ON l.book_id = b.id JOIN t ON t.id = l.tag_id
                       WHERE ROOTS(b.author_id)
                       GROUP BY l.book_id) t ON t.book_id = b.id
            WHERE ROOTS(b.author_id)
            GROUP BY b.author_id) b ON b.author_id = a.id
 WHERE ROOTS(a.id)
$$);
SELECT measure.add_form('authors', 'json', 'grouped json_agg(record), all links', 'record', $$
  WITH t AS MATERIALIZED (SELECT id, row_to_json(t) AS tag FROM (SELECT id, name FROM tag) t)
SELECT a.id, a.name, coalesce(b.books, '[]') AS books
  FROM author a LEFT JOIN (
           SELECT b.author_id,
                  json_agg((SELECT b FROM (SELECT b.id, b.title, b.year, coalesce(t.tags, '[]') AS tags) b)) AS books
             FROM book b LEFT JOIN (
                      SELECT l.book_id, json_agg(t.tag) AS tags
                        FROM book_tag l JOIN t ON t.id = l.tag_id
                       GROUP BY l.book_id) t ON t.book_id = b.id
            WHERE ROOTS(b.author_id)
            GROUP BY b.author_id) b ON b.author_id = a.id
 WHERE ROOTS(a.id)
$$);
SELECT measure.add_form('authors', 'text', 'correlated text', 'text', $$
SELECT '{"id":' || a.id || ',"name":' || to_json(a.name) || ',"books":[' || coalesce((
           SELECT string_agg('{"id":' || b.id || ',"title":' || to_json(b.title) || ',"year":'
                             || coalesce(b.year::text, 'null') || ',"tags":[' || coalesce((
                      SELECT string_agg('{"id":' || t.id || ',"name":' || to_json(t.name) || '}', ',')
                        FROM book_tag l JOIN tag t ON t.id = l.tag_id
                       WHERE l.book_id = b.id), '') || ']}', ',')
             FROM book b
            WHERE b.author_id = a.id), '') || ']}' AS tree
  FROM author a
 WHERE ROOTS(a.id)
$$);
SELECT measure.add_form('authors', 'text', 'grouped text, all links', 'text', $$
  WITH t AS MATERIALIZED (SELECT id, '{"id":' || id || ',"name":' || to_json(name) || '}' AS tree FROM tag)
SELECT '{"id":' || a.id || ',"name":' || to_json(a.name) || ',"books":[' || coalesce(b.trees, '') || ']}' AS tree
  FROM author a LEFT JOIN (
           SELECT b.author_id,
                  string_agg('{"id":' || b.id || ',"title":' || to_json(b.title) || ',"year":'
                             || coalesce(b.year::text, 'null') || ',"tags":[' || coalesce(t.trees, '') || ']}', ',')
                      AS trees
             FROM book b LEFT JOIN (
                      SELECT l.book_id, string_agg(t.tree, ',') AS trees
                        FROM book_tag l JOIN t ON t.id = l.tag_id
                       GROUP BY l.book_id) t ON t.book_id = b.id
            WHERE ROOTS(b.author_id)
            GROUP BY b.author_id) b ON b.author_id = a.id
 WHERE ROOTS(a.id)
$$);
SELECT measure.add_form('authors', 'PostgREST', 'LEFT JOIN LATERAL json_agg', 'record', $$
SELECT a.id, a.name, coalesce(b.b, '[]') AS books
  FROM author a LEFT JOIN LATERAL (
           SELECT json_agg(b) AS b
             FROM (SELECT b.id, b.title, b.year, coalesce(t.t, '[]') AS tags
                     FROM book b LEFT JOIN LATERAL (
                              SELECT json_agg(t) AS t
                                FROM (SELECT t.id, t.name
                                        FROM tag t, book_tag l
                                       WHERE l.book_id = b.id AND l.tag_id = t.id) t) t ON true
                    WHERE b.author_id = a.id) b) b ON true
 WHERE ROOTS(a.id)
$$);
SELECT measure.add_form('authors', 'Hasura', 'nested LATERAL row_to_json', 'json', $$
SELECT row_to_json((SELECT e FROM (SELECT a.id AS id, a.name AS name, b.books AS books) e)) AS tree
  FROM (SELECT * FROM author WHERE ROOTS(author.id)) a LEFT OUTER JOIN LATERAL (
           SELECT coalesce(json_agg(b.books), '[]') AS books
             FROM (SELECT row_to_json((SELECT e FROM (SELECT b.id AS id, b.title AS title, b.year AS year,
                                                             l.tags AS tags) e)) AS books
                     FROM (SELECT * FROM book WHERE a.id = author_id) b LEFT OUTER JOIN LATERAL (
                              SELECT coalesce(json_agg(l.tags), '[]') AS tags
                                FROM (SELECT t.tag AS tags
                                        FROM (SELECT * FROM book_tag WHERE b.id = book_id) l LEFT OUTER JOIN LATERAL (
                                                 SELECT row_to_json((SELECT e FROM (SELECT t.id AS id,
                                                                            t.name AS name) e)) AS tag
                                                   FROM (SELECT * FROM tag WHERE l.tag_id = id) t) t ON true
                                     ) l) l ON true) b) b ON true
$$);
SELECT measure.add_form('authors', 'pg_graphql', 'correlated jsonb_build_object', 'jsonb', $$
SELECT jsonb_build_object('id', a.id, 'name', a.name, 'books', (
           SELECT coalesce(jsonb_agg(jsonb_build_object('id', b.id, 'title', b.title, 'year', b.year, 'tags', (
                      SELECT coalesce(jsonb_agg((
                                 SELECT jsonb_build_object('id', t.id, 'name', t.name)
                                   FROM tag t
                                  WHERE t.id = l.tag_id)), '[]')
                        FROM book_tag l
                       WHERE l.book_id = b.id))), '[]')
             FROM book b
            WHERE b.author_id = a.id)) AS tree
  FROM author a
 WHERE ROOTS(a.id)
$$);
\o

-- relnav's own, by the way it is asked.
CREATE FUNCTION measure.ours(shape text, way text, roots text) RETURNS text
LANGUAGE sql AS $$
    SELECT replace(replace(
               CASE way
                   WHEN 'aggregate' THEN 'SELECT relnav.tree_agg(r, SPEC) FROM TABLE r WHERE '
                                         || replace(roots, '\1', 'r.id')
                   WHEN 'rows' THEN 'SELECT relnav.tree(r, SPEC) FROM TABLE r WHERE ' || replace(roots, '\1', 'r.id')
                   WHEN 'one' THEN 'SELECT relnav.tree(''TABLE'', $1, SPEC)'
                   WHEN 'page' THEN 'SELECT * FROM relnav.trees(''TABLE'', ARRAY(SELECT r.id FROM TABLE r WHERE '
                                    || replace(roots, '\1', 'r.id') || '), SPEC)'
               END, 'TABLE', s.root), 'SPEC', quote_literal(s.spec))
      FROM (VALUES
        ('customers', 'customer', 'id, name, orders(id, status, total, items(quantity, product(id, name)))'),
        ('authors', 'author', 'id, name, books: book(id, title, year, tags: tag(id, name))')
      ) AS s (shape, root, spec)
     WHERE s.shape = ours.shape
$$;

-- A form's statement, for the way and the roots that are asked.
CREATE FUNCTION measure.theirs(form measure.form, way text, roots text) RETURNS text
LANGUAGE sql AS $$
    SELECT format('SELECT %s FROM (%s) t', CASE way WHEN 'aggregate' THEN form.whole ELSE form.single END,
                  regexp_replace(form.rows, 'ROOTS\(([a-z_.]+)\)', roots, 'g'))
$$;


-- Are they equal?  Arrays have no promised order, so the sum of its elements'
-- hashes stands for one, and the roots are sorted; what comes by position gets
-- its names.

CREATE FUNCTION measure.digest_customers(trees jsonb) RETURNS jsonb
LANGUAGE sql AS $$
    SELECT jsonb_agg(c || jsonb_build_object('orders', (
               SELECT coalesce(sum(jsonb_hash_extended(o || jsonb_build_object('items', (
                          SELECT coalesce(sum(jsonb_hash_extended(i, 0)), 0)
                            FROM jsonb_array_elements(o -> 'items') i)), 0)), 0)
                 FROM jsonb_array_elements(c -> 'orders') o)) ORDER BY c -> 'id')
      FROM jsonb_array_elements(trees) c
$$;
CREATE FUNCTION measure.digest_authors(trees jsonb) RETURNS jsonb
LANGUAGE sql AS $$
    SELECT jsonb_agg(a || jsonb_build_object('books', (
               SELECT coalesce(sum(jsonb_hash_extended(b || jsonb_build_object('tags', (
                          SELECT coalesce(sum(jsonb_hash_extended(t, 0)), 0)
                            FROM jsonb_array_elements(b -> 'tags') t)), 0)), 0)
                 FROM jsonb_array_elements(a -> 'books') b)) ORDER BY a -> 'id')
      FROM jsonb_array_elements(trees) a
$$;
CREATE FUNCTION measure.named_customers(trees jsonb) RETURNS jsonb
LANGUAGE sql AS $$
    SELECT jsonb_agg(jsonb_build_object('id', (c ->> 0)::int, 'name', c -> 1, 'orders', (
               SELECT coalesce(jsonb_agg(jsonb_build_object('id', (o ->> 0)::int, 'status', o -> 1,
                          'total', (o ->> 2)::numeric, 'items', (
                              SELECT coalesce(jsonb_agg(jsonb_build_object('quantity', (i ->> 0)::int,
                                         'product', jsonb_build_object('id', (i ->> 1)::int, 'name', i -> 2))), '[]')
                                FROM jsonb_array_elements(o -> 3) i))), '[]')
                 FROM jsonb_array_elements(c -> 2) o)))
      FROM jsonb_array_elements(trees) c
$$;

CREATE FUNCTION measure.digest(shape text, trees jsonb) RETURNS jsonb
LANGUAGE sql AS $$
    SELECT CASE
        WHEN shape = 'authors' THEN measure.digest_authors(trees)
        WHEN jsonb_typeof(trees -> 0) = 'array' THEN measure.digest_customers(measure.named_customers(trees))
        ELSE measure.digest_customers(trees)
    END
$$;

-- What a statement returns, as a digest; of rows all together.
CREATE FUNCTION measure.result(shape text, statement text, way text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    found text;
    trees text[] := '{}';
BEGIN
    FOR found IN EXECUTE statement LOOP
        trees := trees || found;
    END LOOP;
    RETURN measure.digest(shape, CASE way WHEN 'aggregate' THEN trees[1]
                                             ELSE '[' || array_to_string(trees, ',') || ']' END::jsonb);
END
$$;


-- A race: measure.enter() prepares all that take part, measure.try() runs one
-- of them a few times, in a statement of its own, so that statement_timeout is
-- its, measure.race() the fastest of each class in turns.

CREATE UNLOGGED TABLE measure.entry (
    number    int PRIMARY KEY,          -- relnav's is 0, a form's its own
    class     text NOT NULL,
    name      text NOT NULL,
    statement text NOT NULL,
    tries     float[] NOT NULL DEFAULT '{}'
);

-- "forms" is a regular expression for their names.  Where there is no such function,
-- relnav does not take part.
CREATE FUNCTION measure.enter(of_shape text, way text, roots text, forms text DEFAULT '') RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    e record;
BEGIN
    TRUNCATE measure.entry;
    INSERT INTO measure.entry
    SELECT 0, 'relnav', 'relnav', measure.ours(of_shape, way, roots)
    UNION ALL
    SELECT f.number, f.class, f.name, measure.theirs(f, way, roots)
      FROM measure.form f
     WHERE f.shape = of_shape AND f.name ~ forms;
    FOR e IN SELECT * FROM measure.entry LOOP
        BEGIN
            EXECUTE format('PREPARE entry_%s (int) AS %s', e.number, e.statement);
        EXCEPTION WHEN undefined_function THEN
            IF e.number > 0 THEN
                RAISE;
            END IF;
            DELETE FROM measure.entry WHERE number = 0;
        END;
    END LOOP;
END
$$;

CREATE FUNCTION measure.best(tries float[]) RETURNS float
LANGUAGE sql AS 'SELECT min(t) FROM unnest(tries) t';

-- Samples until a fifth of a second is over.
CREATE FUNCTION measure.try(of_entry int) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    started timestamptz := clock_timestamp();
    samples float[] := '{}';
BEGIN
    WHILE samples = '{}' OR clock_timestamp() < started + interval '0.2 s' LOOP
        samples := samples || (measure.sample(format('EXECUTE entry_%s (17)', of_entry), 'Execution Time')).ms;
    END LOOP;
    UPDATE measure.entry e SET tries = tries || samples WHERE e.number = of_entry;
END
$$;

-- Those that may be the fastest of their class: a busy moment may have met the
-- one that is.
CREATE FUNCTION measure.close_entries() RETURNS SETOF int
LANGUAGE sql AS $$
    SELECT number
      FROM (SELECT number, tries[1] < 1.5 * min(tries[1]) OVER (PARTITION BY class)
                       AND count(*) OVER (PARTITION BY class) > 1
                       AND cardinality(tries) = 1 AS is_close
              FROM measure.entry) e
     WHERE is_close
     ORDER BY number
$$;

-- The fastest of each class, by what was tried; relnav first.
CREATE FUNCTION measure.fastest_entries() RETURNS int[]
LANGUAGE sql AS $$
    SELECT array_agg(number ORDER BY number)
      FROM (SELECT DISTINCT ON (class) number FROM measure.entry ORDER BY class, measure.best(tries)) e
$$;

-- These return the same.
CREATE FUNCTION measure.check(shape text, way text, entries int[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    expected jsonb;
BEGIN
    expected := measure.result(shape, format('EXECUTE entry_%s (17)', entries[1]), way);
    FOR i IN 2..cardinality(entries) LOOP
        IF measure.result(shape, format('EXECUTE entry_%s (17)', entries[i]), way) IS DISTINCT FROM expected THEN
            RAISE EXCEPTION '% of %: "%" and "%" differ', way, shape,
                (SELECT name FROM measure.entry WHERE number = entries[1]),
                (SELECT name FROM measure.entry WHERE number = entries[i]);
        END IF;
    END LOOP;
    IF expected IS NULL THEN
        RAISE EXCEPTION '% of %: no result', way, shape;
    END IF;
END
$$;

-- A line for each class, and under it the forms that were slower.  In each
-- round all run once, in another order each time, with the same keys, up to
-- "keys"; what takes less than 6 ms several times, of which the faster half
-- counts, and what takes more than 1 s, and 2.5 times what the fastest does, only in
-- the first.  Ratios are relnav's; where it does not take part, the fastest's.
CREATE FUNCTION measure.race(bars jsonb, keys int DEFAULT 1) RETURNS SETOF text
LANGUAGE plpgsql AS $$
DECLARE
    min_rounds int := current_setting('measure.rounds');
    seconds float := current_setting('measure.seconds');
    too_long float := 'infinity';
    entries int[] := measure.fastest_entries();
    n int := cardinality(entries);
    times float[] := '{}';          -- by round and entry
    calls int;
    call int := 0;
    samples float[];
    row_of_times float[];
    rounds int := 0;
    at int;
    reference int;
    started timestamptz;
    e record;
    mine float[];
    theirs float[];
    ratios float[];
BEGIN
    SELECT least(50, ceil(6 / greatest(min(measure.best(tries)), 0.01)))
      INTO calls
      FROM measure.entry WHERE number = ANY (entries) AND number > 0;
    started := clock_timestamp();
    WHILE rounds < min_rounds OR clock_timestamp() < started + seconds * interval '1 s' LOOP
        row_of_times := array_fill(NULL::float, ARRAY[n]);
        FOR i IN 0..n - 1 LOOP
            at := 1 + (i + rounds) % n;
            CONTINUE WHEN times[rounds][at] > too_long OR rounds > 1 AND times[rounds][at] IS NULL;
            samples := '{}';
            FOR j IN 1..calls LOOP
                samples := samples || (measure.sample(format('EXECUTE entry_%s (%s)', entries[at],
                                           1 + (call + j)::bigint * 7919 % keys), 'Execution Time')).ms;
            END LOOP;
            row_of_times[at] := measure.faster_half(samples);
        END LOOP;
        call := call + calls;
        rounds := rounds + 1;
        too_long := greatest(1000, 2.5 * (SELECT min(row_of_times[i]) FROM generate_series(1, n) i
                                           WHERE entries[i] > 0));
        times := times || ARRAY[row_of_times];
    END LOOP;

    reference := 1;
    IF entries[1] > 0 THEN
        SELECT i INTO reference FROM generate_series(1, n) i
         ORDER BY (SELECT measure.quantile(0.5, VARIADIC array_agg(times[r][i])) FROM generate_series(1, rounds) r)
         LIMIT 1;
    END IF;
    FOR e IN
        SELECT f.number, f.class, f.name, a.i, f.statement
          FROM unnest(entries) WITH ORDINALITY AS a (number, i) JOIN measure.entry f USING (number)
         WHERE f.number > 0
         ORDER BY f.number
    LOOP
        SELECT array_agg(times[r][reference]), array_agg(times[r][e.i]), array_agg(times[r][reference] / times[r][e.i])
          INTO mine, theirs, ratios
          FROM generate_series(1, rounds) r;
        RETURN NEXT measure.line(e.class || ': ' || e.name,
                                 CASE WHEN entries[1] = 0 THEN measure.quantile(0.5, VARIADIC mine) END,
                                 measure.quantile(0.5, VARIADIC theirs), measure.quantile(0.5, VARIADIC ratios),
                                 measure.quantile(0.25, VARIADIC ratios), measure.quantile(0.75, VARIADIC ratios),
                                 CASE WHEN entries[1] = 0 THEN (bars ->> e.class)::float END);
        RETURN QUERY
            SELECT '    slower when tried: '
                   || string_agg(o.name || ' ' || round(b.ms::numeric, CASE WHEN b.ms < 10 THEN 3 ELSE 0 END), '; '
                                 ORDER BY o.number)
              FROM measure.entry o, measure.best(o.tries) b (ms)
             WHERE o.class = e.class AND o.number <> e.number
            HAVING count(*) > 0;
        IF current_setting('measure.show')::boolean THEN
            RETURN NEXT e.statement || E'\n' || measure.plan(format('EXECUTE entry_%s (17)', e.number));
        END IF;
    END LOOP;
END
$$;

-- What was tried alone, with a timeout.
CREATE FUNCTION measure.tried(timeout int) RETURNS SETOF text
LANGUAGE sql AS $$
    SELECT rtrim(format('  %-54s %9s %9s %7s', e.class || ': ' || e.name,
                        CASE WHEN ours.number = 0 THEN coalesce(round(ours.ms::numeric, 1)::text, '> ' || timeout) END,
                        coalesce(round(theirs.ms::numeric, 1)::text, '> ' || timeout),
                        CASE WHEN theirs.ms IS NULL THEN '< ' || round((ours.ms / timeout)::numeric, 3)
                             ELSE round((ours.ms / theirs.ms)::numeric, 3)::text END))
      FROM measure.entry e,
           LATERAL (SELECT measure.best(e.tries) AS ms) theirs
           LEFT JOIN LATERAL (SELECT o.number, measure.best(o.tries) AS ms
                                FROM measure.entry o WHERE o.number = 0) ours ON true
     WHERE e.number > 0
     ORDER BY e.number
$$;

CREATE FUNCTION measure.has_trees() RETURNS boolean
LANGUAGE sql AS $$
    SELECT count(DISTINCT proname) = 3
      FROM pg_catalog.pg_proc
     WHERE pronamespace = 'relnav'::regnamespace AND proname IN ('tree', 'tree_agg', 'trees')
$$;

-- How long the compact text of all trees is; the forms' differs in blanks.
CREATE FUNCTION measure.size(of_shape text, roots text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    bytes bigint;
BEGIN
    EXECUTE (SELECT replace(measure.theirs(f, 'aggregate', roots), f.whole, format('octet_length(%s)', f.whole))
               FROM measure.form f
              WHERE f.shape = of_shape AND f.class = 'text' AND f.name LIKE 'grouped%'
              ORDER BY f.number DESC LIMIT 1)
       INTO bytes;
    RETURN round(bytes / 1e6, 1) || ' MB';
END
$$;
