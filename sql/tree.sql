-- A tree shows of a row, and of its related rows, what its spec names.
-- Whatever order arrays without "order by" come in, tests of them sort.
LOAD 'relnav';
SET client_min_messages = warning;
CREATE SCHEMA regress_relnav_tree;
SET search_path = regress_relnav_tree;

CREATE TABLE country (code text PRIMARY KEY, name text);
CREATE TABLE city (id int PRIMARY KEY, name text, country_code text REFERENCES country);
CREATE TABLE customer (id int PRIMARY KEY, name text, city_id int REFERENCES city);
CREATE TABLE product (id int PRIMARY KEY, name text);
CREATE TABLE tag (id int PRIMARY KEY, name text);
CREATE TABLE product_tag (product_id int REFERENCES product, tag_id int REFERENCES tag, PRIMARY KEY (product_id, tag_id));
CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customer, total numeric, ordered_on date);
CREATE TABLE items (order_id int REFERENCES orders, line int, product_id int NOT NULL REFERENCES product, quantity int,
                    PRIMARY KEY (order_id, line));
CREATE TABLE card (customer_id int PRIMARY KEY REFERENCES customer, points int);
CREATE TABLE employee (id int PRIMARY KEY, name text, manager_id int REFERENCES employee);
INSERT INTO country VALUES ('NO', 'Norway'), ('PT', NULL);
INSERT INTO city VALUES (1, 'Oslo', 'NO'), (2, 'Porto', 'PT'), (3, 'Atlantis', NULL);
INSERT INTO customer VALUES (1, 'Ann', 1), (2, 'Bob', 2), (3, 'Cy', 3), (4, NULL, NULL);
INSERT INTO product VALUES (1, 'tea'), (2, 'cup'), (3, 'pot'), (4, 'box');
INSERT INTO tag VALUES (1, 'hot'), (2, 'clay'), (3, 'rare');
INSERT INTO product_tag VALUES (1, 1), (2, 1), (2, 2), (3, 2);
INSERT INTO orders VALUES (10, 1, 5, '2024-01-05'), (11, 1, 17.50, '2024-02-01'), (12, 1, NULL, NULL),
    (20, 2, 9, '2024-01-01'), (90, NULL, 1, '2023-12-31');
INSERT INTO items VALUES (10, 1, 1, 2), (10, 2, 2, 1), (11, 1, 1, 5), (20, 1, 3, 1);
INSERT INTO card VALUES (1, 100), (3, NULL);
INSERT INTO employee VALUES (1, 'Ida', NULL), (2, 'Max', 1), (3, 'Lea', 1), (4, 'Tom', 2);


-- From a key: columns, and nested in them the rows below.
-- right: Ann, her orders 10 and 11, in each its items, in each its product
SELECT relnav.tree('customer', 1,
    'name, orders(id, total, items(quantity, product(name) order by line) where total > 0 order by id)');
-- From a row, in a query like any other.
-- right: Ann [10 11 12], Bob [20], Cy [], null []
SELECT relnav.tree(c, 'name, orders(id order by id)') FROM customer c ORDER BY id;
-- Many rows as one array, in the order asked for.
-- right: [Cy, Bob, Ann]
SELECT relnav.tree_agg(c, 'name' ORDER BY c.id DESC) FROM customer c WHERE name IS NOT NULL;
-- A page of keys, in their order; one that is not there is null.
-- right: Bob, null, Ann
SELECT relnav.trees('customer', ARRAY[2, 99, 1], 'name');

-- All columns: of the root, of a node.  right: both the same, Bob's
SELECT relnav.tree('customer', 2, '*');
SELECT relnav.tree('customer', 2, '');
-- right: {"name":"Bob","orders":[{"id":20,"customer_id":2,"total":9,"ordered_on":"2024-01-01"}]}, twice
SELECT relnav.tree('customer', 2, 'name, orders()');
SELECT relnav.tree('customer', 2, 'name, orders(*)');
-- To-one: an object, or null; one-to-one backwards too.
-- right: Ann in Oslo with a card, Bob in Porto without, Cy in Atlantis with points null, null null null
SELECT relnav.tree(c, 'name, city(name), card(points)') FROM customer c ORDER BY id;
-- Many-to-many.  right: tea hot; cup clay hot; pot clay; box none
SELECT relnav.tree(p, 'name, tag(name order by name)') FROM product p ORDER BY id;
-- ... and the association is a child as well.  right: 2 1, 2 2
SELECT relnav.tree('product', 2, 'product_tag(* order by tag_id)');
-- Several hops: a set.  Ann bought tea twice, and it stands once.
-- right: [cup, tea], [pot], [], []
SELECT relnav.tree(c, 'product: orders.items.product(name order by name)') FROM customer c ORDER BY id;
-- right: [clay, hot], [clay], [], []
SELECT relnav.tree(c, 'tag: orders.items.product.tag(name order by name)') FROM customer c ORDER BY id;
-- there and back, as a set.  right: tea: Ann; cup: Ann; pot: Bob; box none
SELECT relnav.tree(p, 'name, customer: items.order.customer(name order by name)') FROM product p ORDER BY id;
-- through to-one hops only: an object.  right: NO, PT, null, null
SELECT relnav.tree(c, 'city.country(*)') FROM customer c ORDER BY id;
-- One value over to-one hops.  right: Oslo Norway, Porto null, Atlantis null, null null
SELECT relnav.tree(c, 'city.name, land: city.country.name') FROM customer c ORDER BY id;
-- Numbers of rows.  right: 3 2 2, 1 1 1, 0 0 0, 0 0 0
SELECT relnav.tree(c, 'count(orders), bought: count(orders.items.product), cheap: count(orders where total is null or total < 9.5)')
  FROM customer c ORDER BY id;
-- to-one: 1 1, 1 0, 1 1, 0 0
SELECT relnav.tree(c, 'count(city), count(card)') FROM customer c ORDER BY id;
-- A column's node can have conditions, orders, limits; each counts per parent.
-- right: Ann 11 10; Bob 20; none; none.  Then Ann 10 (the second highest id but one: 12, 11, 10)
SELECT relnav.tree(c, 'orders(id where total is not null order by total desc limit 2)') FROM customer c ORDER BY id;
SELECT relnav.tree(c, 'orders(id order by id desc limit 1 offset 2)') FROM customer c ORDER BY id;
-- right: Ann 12 11 10 (null first), 10 11 12 (null last), 12 10 11
SELECT relnav.tree('customer', 1, 'orders(id order by total desc)');
SELECT relnav.tree('customer', 1, 'orders(id order by total asc)');
SELECT relnav.tree('customer', 1, 'orders(id order by total nulls first, id)');
-- right: [], and all but the first: 11 12
SELECT relnav.tree('customer', 1, 'orders(id limit 0)');
SELECT relnav.tree('customer', 1, 'orders(id order by id offset 1)');
-- a limit through an association, and over several hops, counts after rows stand once
-- right: cup [clay]; Ann [cup], [tea]
SELECT relnav.tree('product', 2, 'tag(name order by name limit 1)');
SELECT relnav.tree('customer', 1, 'a: orders.items.product(name order by name limit 1), b: orders.items.product(name order by name offset 1)');
-- a condition on a to-one node: null where it is not true.  right: Oslo, null, null, null
SELECT relnav.tree(c, 'city(name where id = 1)') FROM customer c ORDER BY id;
-- A self-relationship, repeated.  right: Ida [Max [Tom []], Lea []], and Tom Max Ida null
SELECT relnav.tree('employee', 1, 'name, staff: employee_by_manager(name order by id depth 9)');
SELECT relnav.tree('employee', 4, 'name, manager(name depth 9)');
-- Every relationship of a node, with some rows of each.
-- right: name, city, card, orders (2 of 3)
SELECT key, CASE json_typeof(value) WHEN 'array' THEN json_array_length(value)::text ELSE value::text END
  FROM json_each(relnav.tree('customer', 1, 'name, *(* limit 2)')) ORDER BY key;
-- ... where an item of one's own goes before.  right: city is Oslo alone
SELECT relnav.tree('customer', 1, 'city(name), *(* limit 0)') -> 'city' AS city;


-- The same, written by hand.  right: t for all, each compared as jsonb
SELECT c.id, relnav.tree(c, 'name, city(name, country(*)), card(points), orders(id, total, items(quantity, product(name, tag(name order by id)) order by line) order by id)')::jsonb =
    (SELECT jsonb_build_object('name', c.name,
        'city', (SELECT jsonb_build_object('name', y.name, 'country', (SELECT to_jsonb(n) FROM country n WHERE n.code = y.country_code))
                   FROM city y WHERE y.id = c.city_id),
        'card', (SELECT jsonb_build_object('points', k.points) FROM card k WHERE k.customer_id = c.id),
        'orders', COALESCE((SELECT jsonb_agg(jsonb_build_object('id', o.id, 'total', o.total,
            'items', COALESCE((SELECT jsonb_agg(jsonb_build_object('quantity', i.quantity,
                'product', (SELECT jsonb_build_object('name', p.name,
                    'tag', COALESCE((SELECT jsonb_agg(jsonb_build_object('name', t.name) ORDER BY t.id)
                                       FROM product_tag pt JOIN tag t ON t.id = pt.tag_id WHERE pt.product_id = p.id), '[]'))
                    FROM product p WHERE p.id = i.product_id)) ORDER BY i.line)
                FROM items i WHERE i.order_id = o.id), '[]')) ORDER BY o.id)
            FROM orders o WHERE o.customer_id = c.id), '[]'))) AS same
  FROM customer c ORDER BY id;
-- tree, tree_agg and trees agree, byte by byte.  right: t t
SELECT relnav.tree_agg(c, s ORDER BY id)::text = '[' || string_agg(relnav.tree(c, s)::text, ',' ORDER BY id) || ']' AS agg,
       relnav.tree_agg(c, s ORDER BY id)::text =
           (SELECT '[' || string_agg(t::text, ',' ORDER BY n) || ']' FROM relnav.trees('customer', ARRAY[1, 2, 3, 4], s) WITH ORDINALITY t (t, n)) AS trees
  FROM customer c, (VALUES ('*, city(*), orders(*, items(*, product(name) order by line) order by id)')) v (s) GROUP BY s;
-- one key and the row agree, too.  right: t for all
SELECT id, relnav.tree(c, '*, city.name, orders(* order by id)')::text = relnav.tree('customer', id, '*, city.name, orders(* order by id)')::text AS same
  FROM customer c ORDER BY id;


-- Keys of the json: as typed, the last segment of a path, an alias, in the
-- order of the spec.
-- right: id, name, orders, items, orders_count, product_count, place, all compact
SELECT relnav.tree('customer', 2, 'id,name , orders ( id ),orders.items( line ), count(orders), count ( orders . items . product ),place : city . name');
-- other names of a relationship are keys as they were typed.
-- right: city_id is the column; customer_city_id_fkey, orders_customer_id_fkey are nodes
SELECT relnav.tree('customer', 2, 'city_id, customer_city_id_fkey(name), orders_customer_id_fkey(id), o: orders_by_customer(id)');
-- the same node under two keys, with different clauses.  right: [10], [11]
SELECT relnav.tree('customer', 1, 'cheap: orders(id where total < 10), dear: orders(id where total > 10)');
-- "*" yields to an item of that name, which keeps its own place.
-- right: id, city_id, name in the place of the alias
SELECT relnav.tree('customer', 2, '*, name: city.name');
SELECT relnav.tree('customer', 2, 'city_id: city(name), *');
-- a node that is called like a column beside it.  right: error, then 5
CREATE TABLE boss (id int PRIMARY KEY, employee int REFERENCES employee);
INSERT INTO boss VALUES (1, 4);
SELECT relnav.tree('boss', 1, 'employee, employee(name)');
SELECT relnav.tree('boss', 1, 'employee, who: employee(name)');
-- "*" gives the columns, "*(...)" the nodes, by a name of theirs that is free.
-- right: id, employee 4, and the object as boss_employee_fkey, in either order
SELECT relnav.tree('boss', 1, '*, *(name)');
SELECT relnav.tree('boss', 1, '*(name), *');
-- right: the object alone, as employee; then beside the column named there
SELECT relnav.tree('boss', 1, '*(name)');
SELECT relnav.tree('boss', 1, 'id, employee: id, *(name)');
-- clause words as names.  right: all values
CREATE TABLE words (id int PRIMARY KEY, "where" int, "order" int, "limit" int, "offset" int, depth int, count int, "by" int, words_id int REFERENCES words);
INSERT INTO words VALUES (1, 2, 3, 4, 5, 6, 7, 8, NULL), (9, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1);
SELECT relnav.tree('words', 1, 'where, order, limit, offset, depth, count, by');
SELECT relnav.tree('words', 1, 'depth, words_by_words(depth, "limit", order order by "order", depth limit 1)');
SELECT relnav.tree('words', 9, 'p: words(limit, where where "where" = 2 and "order" = 3 and depth = 6 and count = 7)');
SELECT relnav.tree('words', 9, 'where: id, order: id, limit: words.limit, count: count(words), depth: words(count, depth)');
-- a relationship called count is written in quotes.  right: [{"id":1}] and 1
CREATE TABLE count (id int PRIMARY KEY, employee_id int REFERENCES employee);
INSERT INTO count VALUES (1, 3);
SELECT relnav.tree('employee', 3, '"count"(id), n: count("count")');


-- Odd names: all that can be written, as keys, columns, tables, paths.
CREATE SCHEMA "S 1";
CREATE TABLE "S 1"."T.1" ("C ""1" int PRIMARY KEY, "select" text, "a(b)" int, "Ж" text, "ж" text, " " int, "tab	tab" int, "back\slash" int);
CREATE TABLE "S 1"."дом, (1)" (id int PRIMARY KEY, "T.1_C ""1" int REFERENCES "S 1"."T.1", "x'y" int);
INSERT INTO "S 1"."T.1" VALUES (1, 's', 2, 'Ж', 'ж', 3, 4, 5);
INSERT INTO "S 1"."дом, (1)" VALUES (1, 1, 6), (2, 1, 7), (3, NULL, 8);
-- right: to_json's, twice
SELECT relnav.tree(t, '*')::text, to_json(t)::text FROM "S 1"."T.1" t;
SELECT relnav.tree(t, '"C ""1", select, "a(b)", Ж, ж, " ", "tab	tab", "back\slash"')::text = to_json(t)::text AS same FROM "S 1"."T.1" t;
-- right: [7, 6]; the parent; a count; a value
SELECT relnav.tree('"S 1"."T.1"', 1, '"дом, (1)"("x''y" where "x''y" > 5 order by "x''y" desc), count("дом, (1)")');
SELECT relnav.tree('"S 1"."дом, (1)"', 2, '"x''y", "T.1"(Ж), "val ""ue": "T.1"."C ""1"');
-- aliases are any text but none.  right: error; quotes, backslash, newline, tab and U+0001 escaped
SELECT relnav.tree('customer', 1, '"": id');
SELECT relnav.tree('customer', 1, '"a ""quoted"" \ back": id, "' || chr(10) || chr(1) || chr(9) || chr(127) || 'é€😀": id');
-- right: t
SELECT relnav.tree('customer', 1, '"a ""q"" \ b' || chr(10) || chr(1) || chr(127) || '": id')::jsonb =
       jsonb_build_object('a "q" \ b' || chr(10) || chr(1) || chr(127), 1) AS same;
-- names are not folded.  right: error with the hint "name", then "Name": Ann
SELECT relnav.tree('customer', 1, 'Name');
SELECT relnav.tree('customer', 1, 'Name: name');
-- keys of 63 bytes and longer aliases.  right: 63, 200
SELECT length(k) FROM json_object_keys(relnav.tree('customer', 1, '"' || repeat('k', 63) || '": id')) k;
SELECT length(k) FROM json_object_keys(relnav.tree('customer', 1, '"' || repeat('k', 200) || '": id')) k;
-- white space anywhere.  right: Ann and Oslo
SELECT relnav.tree('customer', 1, E'\n\t name ,\r\n city\n(\n name\n)\n');


-- A made-up row serves as a stored one: its own values are shown, and its
-- keys lead on.  right: New with Ann's city and Bob's orders; it works in triggers
SELECT relnav.tree(ROW(2, 'New', 1)::customer, 'id, name, city(name), orders(id)');
SELECT relnav.tree(ROW(NULL, 'New', NULL)::customer, '*, city(name), orders(id), count(orders), city.name');
SELECT relnav.tree(ROW(77, NULL, 77)::customer, '*, city(name), orders(id), count(orders), city.name');
-- A NULL row has no tree, nor has a NULL key, nor a key that is not there.
-- right: t t t t
SELECT relnav.tree(NULL::customer, 'name') IS NULL AS row, relnav.tree('customer', NULL::int, 'name') IS NULL AS key,
       relnav.tree('customer', 5, 'name') IS NULL AS none, relnav.tree(NULL::regclass, 1, 'name') IS NULL AS source;
-- all-NULL row is a row.  right: nulls
SELECT relnav.tree(ROW(NULL, NULL, NULL)::customer, '*');
-- a NULL spec: nothing.  right: t t, no rows
SELECT relnav.tree(c, NULL) IS NULL AS row, relnav.tree('customer', 1, NULL) IS NULL AS key FROM customer c WHERE id = 1;
SELECT relnav.trees('customer', ARRAY[1], NULL);
-- the row of an outer join that found none.  right: Cy null
SELECT c.name, relnav.tree(k, 'points') FROM customer c LEFT JOIN (SELECT NULL::card AS k) k ON true WHERE c.id = 3;
-- keys come in any form.  right: Ann four times, t, and error
SELECT relnav.tree('customer', '1', 'name') AS text, relnav.tree('customer', 1::bigint, 'name') AS int8,
       relnav.tree('customer', 1.0, 'name') AS numeric, relnav.tree('customer', 1.5, 'name') IS NULL AS not_one,
       relnav.tree('items', ROW(10, 2), 'quantity') AS row, relnav.tree('items', '(10,2)', 'quantity') AS row_text;
PREPARE by_key AS SELECT relnav.tree('customer', $1, 'name');
EXECUTE by_key('2');
DEALLOCATE by_key;
SELECT relnav.tree('customer', 'x', 'name');
SELECT relnav.tree('items', 10, 'quantity');
-- spec from a column, from a parameter, from format(), as the README says it is safe.
-- right: [10]; [] for the text that looks like SQL
SELECT relnav.tree('customer', 1, format('orders(id where total = %L)', 5));
SELECT relnav.tree('tag', 1, format('id, product(id where name = %L)', 'x'') or (''a'' = ''a'));
SELECT s, relnav.tree('customer', 2, s) FROM (VALUES ('id'), ('name'), ('orders(id)')) v (s) ORDER BY 1;
-- in a trigger: the new row, before it is there
CREATE FUNCTION show_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE WARNING '%', relnav.tree(NEW, 'id, total, customer(name), items(line)');
    RETURN NEW;
END $$;
CREATE TRIGGER show_new BEFORE INSERT OR UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION show_new();
BEGIN;
-- right: 30 Ann [], 10 Bob [2 lines]
INSERT INTO orders VALUES (30, 1, 2.5);
UPDATE orders SET customer_id = 2 WHERE id = 10;
ROLLBACK;
DROP TRIGGER show_new ON orders;
-- a statement sees its snapshot: what it changes itself is not there yet.
-- right: [20], then [20, 30]
BEGIN;
WITH new AS (INSERT INTO orders VALUES (30, 2) RETURNING id)
SELECT relnav.tree('customer', 2, 'orders(id order by id)'), new.id FROM new;
SELECT relnav.tree('customer', 2, 'orders(id order by id)');
ROLLBACK;


-- Dropped columns shift nothing, added ones come last.
CREATE TABLE shifted (a int, id int PRIMARY KEY, b int, customer_id int, name text);
INSERT INTO shifted VALUES (1, 1, 2, 1, 'one');
ALTER TABLE shifted DROP COLUMN a, DROP COLUMN b, ADD COLUMN more int DEFAULT 5, ADD FOREIGN KEY (customer_id) REFERENCES customer;
ALTER TABLE customer ADD COLUMN gone int;
ALTER TABLE customer DROP COLUMN gone;
-- right: to_json's, twice; then the child
SELECT relnav.tree(s, '*')::text AS row, relnav.tree('shifted', 1, '*')::text AS key, to_json(s)::text FROM shifted s;
SELECT relnav.tree('customer', 1, 'shifted(*)'), relnav.tree(s, 'customer(*)') FROM shifted s;
-- Generated columns are columns.  right: 1 2 Bob, 2; then backwards
CREATE TABLE made (id int PRIMARY KEY, twice int GENERATED ALWAYS AS (id * 2) STORED REFERENCES customer);
INSERT INTO made VALUES (1);
SELECT relnav.tree(m, '*, who: twice(name)'), relnav.tree('made', 1, 'twice') FROM made m;
SELECT relnav.tree('customer', 2, 'made(*)');
-- No key at all: by row, and backwards.
CREATE TABLE keyless (customer_id int REFERENCES customer, n int);
INSERT INTO keyless VALUES (1, 1), (1, 1), (NULL, 2);
-- right: two equal rows; Ann Ann null; then an error
SELECT relnav.tree('customer', 1, 'keyless(n), count(keyless)');
SELECT relnav.tree(k, 'n, customer(name)') FROM keyless k ORDER BY n, customer_id;
SELECT relnav.tree('keyless', 1, 'n');
-- No columns.  right: {} {} and []
CREATE TABLE bare ();
INSERT INTO bare DEFAULT VALUES;
SELECT relnav.tree(b, '*'), relnav.tree(b, ''), relnav.tree(b, '*(*)') FROM bare b;
-- stars in stars.  right: the card's customer
SELECT relnav.tree('customer', 3, 'card(*(id limit 0))');
-- Temporary tables, the user's own, and over permanent ones of that name.
CREATE TEMP TABLE note (id int PRIMARY KEY, body text, answer_to int REFERENCES note);
INSERT INTO note VALUES (1, 'a', NULL), (2, 'b', 1), (3, 'c', 1);
-- right: a [b, c]; null, a, a
SELECT relnav.tree('note', 1, 'body, answers: note_by_answer_to(body order by id)');
SELECT relnav.tree(n, 'body, answer_to(body)') FROM note n ORDER BY id;
DROP TABLE note;


-- Partitions: the root, a partition's row, a partitioned child.
CREATE TABLE region (id int PRIMARY KEY, name text);
CREATE TABLE sale (id int, region_id int REFERENCES region, amount int, PRIMARY KEY (id, region_id)) PARTITION BY LIST (region_id);
CREATE TABLE sale_line (id int PRIMARY KEY, sale_id int, region_id int, FOREIGN KEY (sale_id, region_id) REFERENCES sale);
CREATE TABLE sale_1 PARTITION OF sale FOR VALUES IN (1);
CREATE TABLE sale_2 (gone int, amount int, region_id int NOT NULL, id int NOT NULL);
ALTER TABLE sale_2 DROP COLUMN gone;
ALTER TABLE sale ATTACH PARTITION sale_2 FOR VALUES IN (2);
INSERT INTO region VALUES (1, 'N'), (2, 'S');
INSERT INTO sale VALUES (1, 1, 10), (2, 2, 20), (3, 2, 30);
INSERT INTO sale_line VALUES (100, 1, 1), (101, 2, 2), (102, 2, 2), (103, NULL, 2);
-- right: N [1 [100]], S [2 [101 102], 3 []]
SELECT relnav.tree(r, 'name, sale(id, amount, sale_line(id order by id) order by id)') FROM region r ORDER BY id;
-- rows of a partition, whose columns stand elsewhere.  right: 20 2 2 S [101 102], 30 2 3 S []
SELECT relnav.tree(s, '*, region(name), sale_line(id order by id)') FROM sale_2 s ORDER BY id;
SELECT relnav.tree('sale_2', '(2,2)', '*, region(name), sale_line(id order by id)'), relnav.tree('sale_1', '(2,2)', '*') IS NULL AS elsewhere;
-- right: 101: 20 S, and null for the half-null key
SELECT relnav.tree(l, 'id, sale(amount, region(name))') FROM sale_line l ORDER BY id;
-- a limit over partitions: per parent.  right: [10], [30]
SELECT relnav.tree(r, 'sale(amount order by amount desc limit 1)') FROM region r ORDER BY id;
-- Inheritance: only the rows that the key governs.
CREATE TABLE doc (id int PRIMARY KEY, region_id int REFERENCES region);
CREATE TABLE doc_old (year int) INHERITS (doc);
INSERT INTO doc VALUES (1, 1);
INSERT INTO doc_old VALUES (2, 1, 1999);
-- right: [1]; 1; null, as the row with key 2 is another table's
SELECT relnav.tree('region', 1, 'doc(id), count(doc)');
SELECT relnav.tree('region', 1, 'doc(id limit 5)');
SELECT relnav.tree('doc', 1, '*'), relnav.tree('doc', 2, '*') IS NULL AS other;
-- the child's rows are rows of the parent where a query says so; and their own.
SELECT relnav.tree(d, '*, region(name)') FROM doc d ORDER BY id;
SELECT relnav.tree(d, '*') FROM doc_old d;


-- In every place of a query.  right: Ann; 2 rows; 1 row; Ann Bob
SELECT t ->> 'name' FROM relnav.tree('customer', 1, 'name') t;
SELECT count(*) FROM customer c WHERE (relnav.tree(c, 'count(orders)') ->> 'orders_count')::int > 0;
SELECT c.id FROM customer c, LATERAL relnav.tree(c, 'orders(id)') t WHERE json_array_length(t -> 'orders') = 3;
CREATE VIEW customer_json AS SELECT id, relnav.tree(c, 'name') AS doc FROM customer c;
SELECT doc FROM customer_json WHERE id < 3 ORDER BY id;
CREATE TABLE copy AS SELECT id, relnav.tree(c, 'name, orders(id order by id)') AS doc FROM customer c;
SELECT doc FROM copy WHERE id = 1;
-- in a function, with a variable spec, and in one of SQL
CREATE FUNCTION page(spec text) RETURNS SETOF json LANGUAGE plpgsql STABLE AS $$
DECLARE
    c customer;
BEGIN
    FOR c IN SELECT * FROM customer ORDER BY id LIMIT 2 LOOP
        RETURN NEXT relnav.tree(c, spec);
    END LOOP;
END $$;
SELECT page('name'), page('orders(id order by id)');
CREATE FUNCTION page_sql(customer, text) RETURNS json LANGUAGE sql STABLE RETURN relnav.tree($1, $2);
SELECT page_sql(c, 'id') FROM customer c ORDER BY id LIMIT 1;
-- The result's type.  right: json
SELECT pg_typeof(relnav.tree('customer', 1, 'id'));
-- a domain over the row type, as everywhere
CREATE DOMAIN good_customer AS customer CHECK ((VALUE).id > 0);
SELECT relnav.tree(ROW(1, 'dom', 1)::customer::good_customer, 'name, city(name)');
-- All columns and all relationships: where a column has each name of one, it
-- takes its constraint's, with a number where that is taken.
CREATE TABLE named_hub (id int PRIMARY KEY, spoke text, spoke_by_named_hub text, wheel text, wheel_by_named_hub text, k_3 text);
CREATE TABLE spoke (id int PRIMARY KEY, named_hub_id int CONSTRAINT k REFERENCES named_hub);
CREATE TABLE wheel (id int PRIMARY KEY, named_hub_id int CONSTRAINT k REFERENCES named_hub);
CREATE TABLE k_2 (id int PRIMARY KEY, named_hub_id int REFERENCES named_hub);
CREATE TABLE axle (id int PRIMARY KEY, axle_hub int CONSTRAINT k REFERENCES named_hub);
ALTER TABLE named_hub ADD axle text, ADD axle_by_axle_hub text, ADD axle_by_axle text;
INSERT INTO named_hub VALUES (1);
INSERT INTO spoke VALUES (10, 1);
INSERT INTO wheel VALUES (20, 1);
INSERT INTO k_2 VALUES (30, 1);
INSERT INTO axle VALUES (40, 1);
-- right: the three that have no other name are k, k_4 and k_5, in some order
SELECT key, value FROM json_each(relnav.tree('named_hub', 1, '*, *(id)')) WHERE value::text <> 'null';
DROP SCHEMA regress_relnav_tree, "S 1" CASCADE;
