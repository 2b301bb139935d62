-- Navigation returns the rows that the join written by hand returns, each once.
SET client_min_messages = warning;
CREATE SCHEMA regress_relnav_navigate;
SET search_path = regress_relnav_navigate;

CREATE TABLE country (code text PRIMARY KEY, name text);
CREATE TABLE customer (id int PRIMARY KEY, name text, country_code text REFERENCES country);
CREATE TABLE product (id int PRIMARY KEY, name text);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customer, total numeric);
CREATE TABLE items (order_id int REFERENCES orders, product_id int REFERENCES product, quantity int,
                    PRIMARY KEY (order_id, product_id));
CREATE TABLE employee (id int PRIMARY KEY, name text, manager_id int REFERENCES employee);
INSERT INTO country VALUES ('NO', 'Norway'), ('PT', 'Portugal'), ('XX', NULL);
INSERT INTO customer VALUES (1, 'Ann', 'NO'), (2, 'Bob', 'PT'), (3, 'Cy', 'NO'), (4, 'Di', NULL);
INSERT INTO product VALUES (1, 'tea'), (2, 'cup'), (3, 'pot'), (4, 'box');
INSERT INTO orders VALUES (10, 1, 5), (11, 1, 7), (12, 2, 9), (13, NULL, 1), (14, 3, NULL);
INSERT INTO items VALUES (10, 1, 1), (10, 2, 4), (11, 1, 2), (12, 3, 1), (14, 1, 3), (14, 3, 3);
INSERT INTO employee VALUES (1, 'Ida', NULL), (2, 'Max', 1), (3, 'Lea', 1), (4, 'Tom', 2);


-- One hop to the parent.  right: 10 Ann, 11 Ann, 12 Bob, 14 Cy; 13 has none
SELECT o.id, c.name FROM orders o, relnav.parent(o, NULL::customer) c ORDER BY 1;
-- left join keeps 13
SELECT o.id, c.name FROM orders o LEFT JOIN relnav.parent(o, NULL::customer) c ON true ORDER BY 1;
-- One hop to the children.  right: Ann 10, Ann 11, Bob 12, Cy 14
SELECT c.name, o.id FROM customer c, relnav.children(c, NULL::orders) o ORDER BY 2;
-- the whole row comes, with its type.  right: (10,1,5) ... orders
SELECT o, pg_typeof(o) FROM customer c, relnav.children(c, NULL::orders) o WHERE c.id = 1 ORDER BY o.id;
-- Through the association.  right: 10 cup tea, 11 tea, 12 pot, 14 pot tea
SELECT o.id, p.name FROM orders o, relnav.associated(o, NULL::product) p ORDER BY 1, 2;
SELECT p.name, o.id FROM product p, relnav.associated(p, NULL::orders) o ORDER BY 1, 2;
-- related goes any of these ways.  right: Ann; 10 11; cup tea
SELECT c.name FROM orders o, relnav.related(o, NULL::customer) c WHERE o.id = 10;
SELECT o.id FROM customer c, relnav.related(c, NULL::orders) o WHERE c.id = 1 ORDER BY 1;
SELECT p.name FROM orders o, relnav.related(o, NULL::product) p WHERE o.id = 10 ORDER BY 1;

-- Paths: to-one, to-many, both.  right: Norway {10, 11, 14}, Portugal {12}
SELECT n.name, o.id FROM orders o, relnav.related(o, NULL::country, 'customer.country') n ORDER BY 2;
SELECT n.code, o.id FROM country n, relnav.related(n, NULL::orders, 'customer.orders') o ORDER BY 2;
-- A set, not a bag: Ann bought tea twice, and gets it once.
-- right: Ann cup tea, Bob pot, Cy pot tea
SELECT c.name, p.name FROM customer c, relnav.related(c, NULL::product, 'orders.product') p ORDER BY 1, 2;
SELECT c.name, p.name FROM customer c, relnav.related(c, NULL::product, 'orders.items.product') p ORDER BY 1, 2;
-- ... where a join gives a bag of 6.  right: 6
SELECT count(*) FROM customer c JOIN orders o ON o.customer_id = c.id JOIN items i ON i.order_id = o.id;

-- There and back: customers who bought the same.  tea: Ann, Cy; cup: Ann; pot: Bob, Cy
-- right: Ann {Ann, Cy}, Bob {Bob, Cy}, Cy {Ann, Bob, Cy}
SELECT c.name, string_agg(d.name, ' ' ORDER BY d.name) AS bought_the_same
  FROM customer c, relnav.related(c, NULL::customer, 'orders.product.orders.customer') d
 GROUP BY c.name ORDER BY 1;

-- Self-reference, up, down, two up, and siblings.
-- right: Lea Ida, Max Ida, Tom Max
SELECT e.name, m.name FROM employee e, relnav.parent(e, NULL::employee) m ORDER BY 1;
-- right: Ida {Lea, Max}, Max {Tom}
SELECT e.name, s.name FROM employee e, relnav.children(e, NULL::employee) s ORDER BY 1, 2;
-- right: Tom Ida
SELECT e.name, m.name FROM employee e, relnav.related(e, NULL::employee, 'manager.manager') m ORDER BY 1;
-- right: Lea {Lea, Max}, Max {Lea, Max}, Tom {Tom}
SELECT e.name, s.name
  FROM employee e, relnav.related(e, NULL::employee, 'manager.employee_by_manager') s ORDER BY 1, 2;

-- Against the joins written by hand, both ways, as bags.  right: no rows, four times
(SELECT o.id, c FROM orders o, relnav.parent(o, NULL::customer) c
 EXCEPT ALL SELECT o.id, c FROM orders o JOIN customer c ON c.id = o.customer_id)
UNION ALL
(SELECT o.id, c FROM orders o JOIN customer c ON c.id = o.customer_id
 EXCEPT ALL SELECT o.id, c FROM orders o, relnav.parent(o, NULL::customer) c);
(SELECT o.id, p FROM orders o, relnav.associated(o, NULL::product) p
 EXCEPT ALL SELECT i.order_id, p FROM items i JOIN product p ON p.id = i.product_id)
UNION ALL
(SELECT i.order_id, p FROM items i JOIN product p ON p.id = i.product_id
 EXCEPT ALL SELECT o.id, p FROM orders o, relnav.associated(o, NULL::product) p);
(SELECT n.code, i FROM country n, relnav.related(n, NULL::items, 'customer.orders.items') i
 EXCEPT ALL
 SELECT c.country_code, i FROM items i JOIN orders o ON o.id = i.order_id JOIN customer c ON c.id = o.customer_id)
UNION ALL
(SELECT c.country_code, i FROM items i JOIN orders o ON o.id = i.order_id JOIN customer c ON c.id = o.customer_id
 EXCEPT ALL
 SELECT n.code, i FROM country n, relnav.related(n, NULL::items, 'customer.orders.items') i);
(SELECT c.id, p FROM customer c, relnav.related(c, NULL::product, 'orders.items.product') p
 EXCEPT ALL
 SELECT DISTINCT o.customer_id, p FROM orders o JOIN items i ON i.order_id = o.id
   JOIN product p ON p.id = i.product_id WHERE o.customer_id IS NOT NULL)
UNION ALL
(SELECT DISTINCT o.customer_id, p FROM orders o JOIN items i ON i.order_id = o.id
   JOIN product p ON p.id = i.product_id WHERE o.customer_id IS NOT NULL
 EXCEPT ALL
 SELECT c.id, p FROM customer c, relnav.related(c, NULL::product, 'orders.items.product') p);


-- Where the call stands does not matter: select list, WHERE, EXISTS, a CTE, a
-- sub-select, LATERAL, ORDINALITY, ROWS FROM, an INSERT, an UPDATE, a view.
-- right: (10,1,5), (11,1,7)
SELECT relnav.children(c, NULL::orders) AS o FROM customer c WHERE id = 1 ORDER BY 1;
SELECT (relnav.parent(o, NULL::customer)).name FROM orders o WHERE id = 12;
-- right: Ann, Bob, Cy; then Di
SELECT name FROM customer c WHERE EXISTS (SELECT FROM relnav.children(c, NULL::orders)) ORDER BY 1;
SELECT name FROM customer c WHERE NOT EXISTS (SELECT FROM relnav.children(c, NULL::orders)) ORDER BY 1;
-- right: Ann
SELECT name FROM customer c
 WHERE EXISTS (SELECT FROM relnav.related(c, NULL::product, 'orders.items.product') p WHERE p.name = 'cup');
-- right: Ann 2, Bob 1, Cy 1, Di 0
SELECT name, (SELECT count(*) FROM relnav.children(c, NULL::orders)) FROM customer c ORDER BY 1;
-- right: Ann 11, Bob 12, Cy 14
SELECT c.name, o.id
  FROM customer c, LATERAL (SELECT * FROM relnav.children(c, NULL::orders) ORDER BY id DESC LIMIT 1) o
 ORDER BY 1;
WITH big AS (SELECT * FROM orders WHERE total > 6)
SELECT b.id, c.name FROM big b, relnav.parent(b::orders, NULL::customer) c ORDER BY 1;
SELECT c.name, count(*), max(o.ordinality)
  FROM customer c, relnav.children(c, NULL::orders) WITH ORDINALITY o GROUP BY 1 ORDER BY 1;
SELECT count(*) FROM customer c, ROWS FROM (relnav.children(c, NULL::orders), generate_series(1, 3)) r WHERE c.id = 1;
CREATE VIEW order_country AS
    SELECT o.id, n.name FROM orders o, relnav.related(o, NULL::country, 'customer.country') n;
SELECT * FROM order_country ORDER BY id;
DROP VIEW order_country;
CREATE TABLE copy AS SELECT o.* FROM customer c, relnav.children(c, NULL::orders) o WHERE c.id = 1;
SELECT id FROM copy ORDER BY id;
DROP TABLE copy;
BEGIN;
UPDATE orders o SET total = 0 FROM customer c, relnav.children(c, NULL::orders) x
 WHERE x.id = o.id AND c.name = 'Ann';
SELECT id, total FROM orders WHERE total = 0 ORDER BY id;
-- what this transaction changed is seen by the next statement
UPDATE orders SET customer_id = 4 WHERE id = 10;
SELECT o.id FROM customer c, relnav.children(c, NULL::orders) o WHERE c.id = 4;
ROLLBACK;
-- rows of a statement that changes them: the snapshot is the statement's.
-- right: 1 (the order itself is not yet moved)
BEGIN;
WITH moved AS (UPDATE orders SET customer_id = 4 WHERE id = 12 RETURNING *)
SELECT count(*) FROM customer c, relnav.children(c, NULL::orders) o, moved WHERE c.id = 2;
ROLLBACK;
-- a cursor keeps its snapshot.  right: 10, then 11
BEGIN;
DECLARE cur CURSOR FOR SELECT o.id FROM customer c, relnav.children(c, NULL::orders) o WHERE c.id = 1 ORDER BY 1;
FETCH 1 FROM cur;
DELETE FROM items WHERE order_id = 11;
DELETE FROM orders WHERE id = 11;
FETCH 1 FROM cur;
ROLLBACK;
-- in a function of plpgsql, with a path in a variable
CREATE FUNCTION names(c customer, path text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY SELECT p.name FROM relnav.related(c, NULL::product, path) p ORDER BY 1;
END $$;
-- right: cup tea twice, then pot
SELECT names(c, path) FROM customer c,
       (VALUES (1, 'orders.product'), (2, 'orders.items.product')) AS v(no, path)
 WHERE c.id = 1 ORDER BY no, 1;
SELECT names(c, 'orders.product') FROM customer c WHERE c.id = 2;
-- another path for each row of one call.  right: 10 11 by orders; 10 11 14 by country
SELECT v.path, x.id FROM customer c,
       (VALUES ('orders'), ('country.customer.orders')) AS v(path),
       relnav.related(c, NULL::orders, v.path) x
 WHERE c.id = 1 ORDER BY v.path DESC, 2;
DROP FUNCTION names;


-- A NULL row, a row of NULLs, a NULL key: nothing.  right: 0, 0, 0, 0
SELECT count(*) FROM relnav.children(NULL::customer, NULL::orders);
SELECT count(*) FROM relnav.parent(ROW(NULL, NULL, NULL)::orders, NULL::customer);
SELECT count(*) FROM orders o, relnav.parent(o, NULL::customer) WHERE o.id = 13;
SELECT count(*) FROM customer c LEFT JOIN orders o ON o.id = 0, relnav.related(o, NULL::product, 'items.product') p;
-- A made-up row serves as well as a stored one: only its key is read.
-- right: Bob; 10 11; 10 11; none
SELECT c.name FROM relnav.parent(ROW(0, 2, NULL)::orders, NULL::customer) c;
SELECT o.id FROM relnav.children(ROW(1, 'nobody', 'ZZ')::customer, NULL::orders) o ORDER BY 1;
SELECT o.id FROM relnav.related(jsonb_populate_record(NULL::customer, '{"id": 1}'), NULL::orders) o ORDER BY 1;
SELECT o.id FROM relnav.children(ROW(99, 'nobody', 'NO')::customer, NULL::orders) o;
-- The target argument only carries the type: any row of it will do.  right: 10 11
SELECT o.id FROM customer c, relnav.children(c, ROW(14, 3, 0)::orders) o WHERE c.id = 1 ORDER BY 1;
-- Rows of sub-selects, CTEs and joins are cast.  right: Ann 10, Ann 11
SELECT s.name, o.id FROM (SELECT * FROM customer WHERE name LIKE 'A%') s,
       relnav.children(s::customer, NULL::orders) o ORDER BY 2;
-- A composite column keeps its type.  right: 10 11
SELECT o.id FROM (SELECT c FROM customer c WHERE id = 1) s, relnav.children(s.c, NULL::orders) o ORDER BY 1;
-- Elements of an array of rows.  right: 3 (10, 11, 12)
SELECT count(*) FROM (SELECT array_agg(c) AS cs FROM customer c WHERE id < 3) a, unnest(a.cs) u,
       relnav.children(u, NULL::orders);
-- In a trigger: the row that is being written.
CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE WARNING 'order % of %', NEW.id, (SELECT c.name FROM relnav.parent(NEW, NULL::customer) c);
    RETURN NEW;
END $$;
CREATE TRIGGER tell BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION tell();
INSERT INTO orders VALUES (15, 4, 0);
DELETE FROM orders WHERE id = 15;
DROP FUNCTION tell CASCADE;


-- Composite keys; half of one null is no reference.
CREATE TABLE flat (house int, no int, PRIMARY KEY (house, no));
CREATE TABLE visit (id int PRIMARY KEY, n int, h int, FOREIGN KEY (n, h) REFERENCES flat (no, house));
INSERT INTO flat VALUES (1, 1), (1, 2), (2, 1);
INSERT INTO visit VALUES (1, 1, 2), (2, 2, 1), (3, 1, 1), (4, 1, NULL), (5, NULL, 1), (6, NULL, NULL);
-- right: 1 (2,1), 2 (1,2), 3 (1,1)
SELECT v.id, f FROM visit v, relnav.parent(v, NULL::flat) f ORDER BY 1;
-- right: (1,1) 3, (1,2) 2, (2,1) 1
SELECT f, v.id FROM flat f, relnav.children(f, NULL::visit) v ORDER BY 1;
-- siblings of a half-null one: none.  right: 1, 2, 3, each itself
SELECT v.id, s.id FROM visit v, relnav.related(v, NULL::visit, 'flat.visit') s ORDER BY 1, 2;
DROP TABLE visit, flat;

-- Types that differ on the two sides.
CREATE DOMAIN posint AS int CHECK (VALUE > 0);
CREATE DOMAIN code AS text;
CREATE TABLE k (i8 bigint PRIMARY KEY, i4 int UNIQUE, t text UNIQUE, n numeric UNIQUE, c char(4) UNIQUE,
                d date UNIQUE, v varchar UNIQUE, p posint UNIQUE);
CREATE TABLE f (no int PRIMARY KEY, a_i8 int REFERENCES k, b_i8 smallint REFERENCES k, c_i4 bigint REFERENCES k (i4),
                d_t varchar(10) REFERENCES k (t), e_t code REFERENCES k (t), f_n numeric(8,2) REFERENCES k (n),
                g_n int REFERENCES k (n), h_c char(2) REFERENCES k (c), i_d date REFERENCES k (d),
                j_v text REFERENCES k (v), k_p int REFERENCES k (p), l_i4 posint REFERENCES k (i4),
                m_c varchar(4) REFERENCES k (t));
INSERT INTO k VALUES (1, 1, 'x', 1.0, 'ab', '2026-01-01', 'v1', 1),
                     (5000000000, 2, 'y', 2.50, 'c', '2026-01-02', 'v2', 2);
INSERT INTO f VALUES (1, 1, 1, 1, 'x', 'x', 1.00, 1, 'ab', '2026-01-01', 'v1', 1, 1, 'x'),
                     (2, NULL, NULL, 2, 'y', 'y', 2.5, NULL, 'c', '2026-01-02', 'v2', 2, 2, 'y');
-- right: 1 everywhere; then 2, but none by a, b, g
SELECT f.no, r.name, x.i4
  FROM f, relnav.relationships('f') r, relnav.related(f, NULL::k, r.name) x
 WHERE f.no = 1 ORDER BY r.name COLLATE "C";
SELECT f.no, r.name, x.i4
  FROM f, relnav.relationships('f') r, relnav.related(f, NULL::k, r.name) x
 WHERE f.no = 2 ORDER BY r.name COLLATE "C";
-- downwards the same: every key finds its row again.  right: 13 times 1; 10 times 2
SELECT k.i4, c.no, count(*)
  FROM k, relnav.relationships('k') r, relnav.related(k, NULL::f, format('%I', r.name)) c
 GROUP BY 1, 2 ORDER BY 1, 2;
-- the operators are the key's own, in pg_catalog: a planted one is not asked
CREATE FUNCTION never(int, int) RETURNS bool LANGUAGE sql AS 'SELECT false';
CREATE OPERATOR = (LEFTARG = int, RIGHTARG = int, FUNCTION = never);
SET search_path = regress_relnav_navigate, pg_catalog;
-- right: Ann 10, 11; and 10: tea, cup
SELECT o.id FROM relnav.children(ROW(1, NULL, NULL)::customer, NULL::orders) o ORDER BY 1;
SELECT p.name FROM relnav.associated(ROW(10, NULL, NULL)::orders, NULL::product) p ORDER BY 1;
SELECT o.id FROM relnav.children('customer', 1, NULL::orders) o ORDER BY 1;
SELECT relnav.query('customer', 2, 'orders') \gexec
SET search_path = regress_relnav_navigate;
DROP OPERATOR regress_relnav_navigate.= (int, int);
DROP FUNCTION never;
DROP TABLE f, k;

-- Tables without a primary key, rows that are equal in all columns: each row
-- is itself.
CREATE TABLE noted (customer_id int REFERENCES customer, text text);
INSERT INTO noted VALUES (1, 'a'), (1, 'a'), (1, 'b'), (NULL, 'c');
-- right: a a b
SELECT n.text FROM customer c, relnav.children(c, NULL::noted) n ORDER BY 1;
-- deduplicated: by row, not by value.  right: a a b, once each of the three
SELECT n.text FROM country c, relnav.related(c, NULL::noted, 'customer.noted.customer.noted') n
 WHERE c.code = 'NO' ORDER BY 1;
-- right: Ann, Ann, Ann
SELECT c.name FROM noted n, relnav.parent(n, NULL::customer) c ORDER BY 1;
DROP TABLE noted;

-- A link without any key, that holds a pair twice: rows once, both ways.
CREATE TABLE likes (customer_id int REFERENCES customer, product_id int REFERENCES product);
INSERT INTO likes VALUES (1, 4), (1, 4), (2, 4), (1, NULL), (NULL, 4);
-- right: Ann box, Bob box
SELECT c.name, p.name FROM customer c, relnav.associated(c, NULL::product) p ORDER BY 1, 2;
SELECT c.name, p.name FROM product p, relnav.associated(p, NULL::customer) c ORDER BY 1, 2;
-- the link itself is a child as it is: Ann has three.  right: 3
SELECT count(*) FROM customer c, relnav.children(c, NULL::likes) WHERE c.id = 1;
DROP TABLE likes;

-- A ternary link: each pair once.
CREATE TABLE review (customer_id int REFERENCES customer, product_id int REFERENCES product,
                     employee_id int REFERENCES employee, PRIMARY KEY (customer_id, product_id, employee_id));
INSERT INTO review VALUES (1, 1, 1), (1, 1, 2), (1, 2, 1), (2, 1, 1);
-- right: Ann cup, Ann tea, Bob tea; Ann Ida, Ann Max, Bob Ida
SELECT c.name, p.name FROM customer c, relnav.associated(c, NULL::product) p ORDER BY 1, 2;
SELECT c.name, e.name FROM customer c, relnav.associated(c, NULL::employee) e ORDER BY 1, 2;
DROP TABLE review;

-- A self link, both ways, and friends of friends without going astray.
CREATE TABLE follows (follower_id int REFERENCES customer, followee_id int REFERENCES customer,
                      PRIMARY KEY (follower_id, followee_id));
INSERT INTO follows VALUES (1, 2), (1, 3), (2, 3), (3, 3);
-- right: whom they follow: Ann {Bob, Cy}, Bob {Cy}, Cy {Cy}
SELECT c.name, x.name FROM customer c, relnav.associated(c, NULL::customer, 'followee') x ORDER BY 1, 2;
-- right: who follows them: Bob {Ann}, Cy {Ann, Bob, Cy}
SELECT c.name, x.name FROM customer c, relnav.associated(c, NULL::customer, 'follower') x ORDER BY 1, 2;
-- right: Ann {Cy} (by Bob and by Cy, once), Bob {Cy}, Cy {Cy}
SELECT c.name, x.name FROM customer c, relnav.related(c, NULL::customer, 'followee.followee') x ORDER BY 1, 2;
DROP TABLE follows;


-- Columns dropped before and among the keys, on both sides and in the link,
-- and added afterwards.
CREATE TABLE l (x0 int, id int PRIMARY KEY, x1 text, v text);
CREATE TABLE r (x0 int, x1 int, id int PRIMARY KEY, v text);
CREATE TABLE lr (x0 int, l_id int REFERENCES l, x1 int, r_id int REFERENCES r, PRIMARY KEY (l_id, r_id));
CREATE TABLE c (x0 int, l_id int REFERENCES l, x1 text, v text);
INSERT INTO l VALUES (0, 1, 'x', 'l1'), (0, 2, 'x', 'l2');
INSERT INTO r VALUES (0, 0, 1, 'r1'), (0, 0, 2, 'r2');
INSERT INTO lr VALUES (0, 1, 0, 2), (0, 2, 0, 1);
INSERT INTO c VALUES (0, 2, 'x', 'c1');
ALTER TABLE l DROP x0, DROP x1, ADD z int DEFAULT 7;
ALTER TABLE r DROP x0, DROP x1, ADD z int;
ALTER TABLE lr DROP x0, DROP x1, ADD z int;
ALTER TABLE c DROP x0, DROP x1, ADD z int DEFAULT 9;
INSERT INTO c VALUES (1, 'c2', 10);
-- right: (1,l1,7) (2,r2,)   (2,l2,7) (1,r1,)
SELECT l, r FROM l, relnav.associated(l, NULL::r) r ORDER BY 1;
-- right: (1,l1,7) (1,c2,10)   (2,l2,7) (2,c1,9)
SELECT l, c FROM l, relnav.children(l, NULL::c) c ORDER BY 1;
SELECT c, l FROM c, relnav.parent(c, NULL::l) l ORDER BY 2;
SELECT l.*, c.* FROM l, relnav.children(l, NULL::c) c ORDER BY l.id;
SELECT count(*) FROM l, relnav.children(l, NULL::c) c WHERE c IS NOT NULL;
-- in the select list, and by key.  right: (1,c2,10); (2,c1,9)
SELECT relnav.children(l, NULL::c) FROM l WHERE l.id = 1;
SELECT x FROM relnav.children('l', 2, NULL::c) x;
DROP TABLE c, lr, l, r;

-- Temporary tables, and one that hides a table of the same name.
CREATE TEMP TABLE tp (id int PRIMARY KEY);
CREATE TEMP TABLE tc (tp_id int REFERENCES tp, v text);
INSERT INTO tp VALUES (1); INSERT INTO tc VALUES (1, 'temp');
SELECT c.v FROM tp p, relnav.children(p, NULL::tc) c;
CREATE TEMP TABLE customer (id int PRIMARY KEY, name text, country_code text);
INSERT INTO customer VALUES (1, 'temporary Ann', 'NO');
-- right: the customer that orders references: Ann
SELECT c.name FROM orders o, relnav.parent(o, NULL::regress_relnav_navigate.customer) c WHERE o.id = 10;
SELECT relnav.query('orders', 10, 'customer') \gexec
DROP TABLE pg_temp.customer, tc, tp;

-- A generated column as foreign key, and as the referenced one.
CREATE TABLE gen (id int PRIMARY KEY, raw text, customer_id int GENERATED ALWAYS AS (length(raw)) STORED
                  REFERENCES customer);
INSERT INTO gen (id, raw) VALUES (1, 'x'), (2, 'xx');
-- right: 1 Ann, 2 Bob
SELECT g.id, c.name FROM gen g, relnav.parent(g, NULL::customer) c ORDER BY 1;
SELECT c.name, g.id FROM customer c, relnav.children(c, NULL::gen) g ORDER BY 2;
DROP TABLE gen;

-- Values of many kinds as keys.
CREATE TABLE u (id uuid PRIMARY KEY, r int4range UNIQUE, a int[] UNIQUE, ts timestamptz UNIQUE);
CREATE TABLE uc (u_id uuid REFERENCES u, r int4range REFERENCES u (r), a int[] REFERENCES u (a),
                 ts timestamptz REFERENCES u (ts));
INSERT INTO u VALUES ('11111111-1111-1111-1111-111111111111', '[1,5)', '{1,2}', 'infinity');
INSERT INTO uc VALUES ('11111111-1111-1111-1111-111111111111', '[1,5)', '{1,2}', 'infinity');
-- right: 1 each, both ways
SELECT (SELECT count(*) FROM uc, relnav.parent(uc, NULL::u, 'u_id')) AS uuid,
       (SELECT count(*) FROM uc, relnav.parent(uc, NULL::u, 'r')) AS range,
       (SELECT count(*) FROM uc, relnav.parent(uc, NULL::u, 'a')) AS "array",
       (SELECT count(*) FROM uc, relnav.parent(uc, NULL::u, 'ts')) AS timestamptz;
SELECT (SELECT count(*) FROM u, relnav.children(u, NULL::uc, 'u_id')) AS uuid,
       (SELECT count(*) FROM u, relnav.children(u, NULL::uc, 'r')) AS range,
       (SELECT count(*) FROM u, relnav.children(u, NULL::uc, 'a')) AS "array",
       (SELECT count(*) FROM u, relnav.children(u, NULL::uc, 'ts')) AS timestamptz;
DROP TABLE uc, u;

-- A key of an enum, of a row type, of a domain over a row type's column.
CREATE TYPE color AS ENUM ('red', 'blue');
CREATE TYPE pt AS (x int, y int);
CREATE TABLE e (color color PRIMARY KEY, at pt UNIQUE);
CREATE TABLE ec (e_color color REFERENCES e, at pt REFERENCES e (at));
INSERT INTO e VALUES ('blue', '(1,2)');
INSERT INTO ec VALUES ('blue', '(1,2)');
-- right: blue, blue
SELECT e.color FROM ec, relnav.parent(ec, NULL::e, 'e_color') e;
SELECT e.color FROM ec, relnav.parent(ec, NULL::e, 'at') e;
DROP TABLE ec, e;
DROP TYPE color, pt;

-- Key columns that are large: only they are read, and compared whole.
CREATE TABLE big (doc text PRIMARY KEY, pad text);
CREATE TABLE bigc (big_doc text REFERENCES big, no int);
INSERT INTO big VALUES (repeat('a', 2000) || 'x', repeat('p', 100000)), (repeat('a', 2000) || 'y', NULL);
INSERT INTO bigc SELECT doc, 1 FROM big WHERE right(doc, 1) = 'x';
INSERT INTO bigc SELECT doc, 2 FROM big WHERE right(doc, 1) = 'y';
-- right: x 1, y 2
SELECT right(b.doc, 1), c.no FROM big b, relnav.children(b, NULL::bigc) c ORDER BY 2;
DROP TABLE bigc, big;

-- The same call with the plan kept, and with it made anew for each.
PREPARE nav AS SELECT c.name, o.id FROM customer c, relnav.children(c, NULL::orders) o WHERE c.id = $1 ORDER BY 2;
SET plan_cache_mode = force_generic_plan;
EXECUTE nav(1);
EXECUTE nav(2);
SET plan_cache_mode = force_custom_plan;
EXECUTE nav(1);
RESET plan_cache_mode;
DEALLOCATE nav;

-- Row estimates are numbers of this world: the planner is told that a parent
-- is one row.
CREATE FUNCTION estimated_rows(query text) RETURNS float LANGUAGE plpgsql AS $$
DECLARE
    plan json;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan;
    RETURN plan->0->'Plan'->>'Plan Rows';
END $$;
-- right: 1
SELECT estimated_rows('SELECT * FROM relnav.parent(ROW(0, 2, NULL)::orders, NULL::customer)');

DROP SCHEMA regress_relnav_navigate CASCADE;
