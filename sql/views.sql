-- A view has the relationships of the tables that its columns stand for, and
-- nothing leads to a view that nobody wrote.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
CREATE SCHEMA regress_relnav_views;
SET search_path = regress_relnav_views;

CREATE TABLE customer (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customer, payer_id int REFERENCES customer);
CREATE TABLE items (id int PRIMARY KEY, order_id int NOT NULL REFERENCES orders, qty int);
CREATE TABLE tag (id int PRIMARY KEY, label text);
CREATE TABLE order_tag (order_id int REFERENCES orders, tag_id int REFERENCES tag, PRIMARY KEY (order_id, tag_id));
CREATE TABLE employee (id int PRIMARY KEY, name text, manager_id int REFERENCES employee);
CREATE INDEX ON orders (customer_id);
CREATE INDEX ON items (order_id);
INSERT INTO customer VALUES (1, 'Ann'), (2, 'Ben'), (3, 'Cy');
INSERT INTO orders VALUES (10, 1, 2), (11, 1, NULL), (12, 2, 2);
INSERT INTO items VALUES (100, 10, 1), (101, 10, 2), (102, 12, 3);
INSERT INTO tag VALUES (1, 'gift'), (2, 'rush');
INSERT INTO order_tag VALUES (10, 1), (10, 2), (12, 2);
INSERT INTO employee VALUES (1, 'Eve', NULL), (2, 'Fay', 1), (3, 'Gus', 2);

-- What stands for nothing: casts, expressions, set operations, groups.
CREATE VIEW nothing AS
SELECT customer_id::bigint AS a, customer_id + 0 AS b, COALESCE(customer_id, 1) AS c, (SELECT id) AS d FROM orders;
CREATE VIEW both_kinds AS SELECT id, customer_id FROM orders UNION SELECT id, customer_id FROM orders;
CREATE VIEW grouped AS SELECT customer_id, count(*) FROM orders GROUP BY customer_id;
CREATE VIEW listed AS VALUES (1), (2);
CREATE VIEW system AS SELECT oid, relname FROM pg_catalog.pg_class;
-- right: 0
SELECT count(*)
  FROM (VALUES ('nothing'::regclass), ('both_kinds'), ('grouped'), ('listed'), ('system')) v(v),
       relnav.relationships(v.v) r;

-- What does: by another name, in a nested view, a sub-select, a WITH clause, by
-- DISTINCT, LIMIT and a window, in a join.
CREATE VIEW named AS SELECT id AS number, customer_id AS buyer, payer_id FROM orders WHERE id > 0;
CREATE VIEW nested AS SELECT buyer AS b, number AS n FROM named;
CREATE VIEW inner_select AS SELECT s.o FROM (SELECT id AS o FROM orders OFFSET 0) s;
CREATE VIEW with_clause AS WITH w (o) AS (SELECT id FROM orders) SELECT o FROM w;
CREATE VIEW once AS SELECT DISTINCT customer_id FROM orders;
CREATE VIEW few AS SELECT id, row_number() OVER () FROM orders ORDER BY id LIMIT 2;
CREATE VIEW joined AS
SELECT o.id AS order_id, o.customer_id, c.name, c.id AS c_id FROM orders o JOIN customer c ON c.id = o.customer_id;
CREATE VIEW twice AS SELECT e.id, e.manager_id, m.id AS boss, m.manager_id AS boss_manager_id
  FROM employee e LEFT JOIN employee m ON m.id = e.manager_id;
SELECT source, name, full_name, kind, target, source_columns, target_columns, required, indexed, origin
  FROM (VALUES ('named'::regclass), ('nested'), ('inner_select'), ('with_clause'), ('once'), ('few'), ('joined'), ('twice')) v(v),
       relnav.relationships(v.v)
 ORDER BY v.v::text COLLATE "C", name COLLATE "C";
SELECT * FROM relnav.describe('named');
-- They are nobody's inverse, and at no table.  right: 0, 0
SELECT count(*) FROM relnav.relationships() WHERE origin = 'view' AND inverse IS NOT NULL;
SELECT count(*) FROM relnav.relationships() r JOIN pg_class c ON c.oid = r.target WHERE c.relkind IN ('v', 'm');

-- From a view, planned and not.  right: the same rows twice
SET relnav.inline = on;
SELECT n.number, c.name FROM named n, relnav.parent(n, NULL::customer, 'customer') c ORDER BY 1;
SELECT n.number, i.id FROM named n, relnav.children(n, NULL::items) i ORDER BY 1, 2;
SELECT n.number, t.label FROM named n, relnav.associated(n, NULL::tag) t ORDER BY 1, 2;
SELECT v.n, t.label FROM nested v, relnav.related(v, NULL::tag, 'customer.orders_by_customer.tag') t ORDER BY 1, 2;
SELECT t.id, m.name FROM twice t, relnav.parent(t, NULL::employee, 'boss_manager_id') m ORDER BY 1;
SELECT j.order_id, o.id FROM joined j, relnav.children(j, NULL::orders, 'orders_by_customer') o ORDER BY 1, 2;
SET relnav.inline = off;
SELECT n.number, c.name FROM named n, relnav.parent(n, NULL::customer, 'customer') c ORDER BY 1;
SELECT n.number, i.id FROM named n, relnav.children(n, NULL::items) i ORDER BY 1, 2;
SELECT n.number, t.label FROM named n, relnav.associated(n, NULL::tag) t ORDER BY 1, 2;
SELECT v.n, t.label FROM nested v, relnav.related(v, NULL::tag, 'customer.orders_by_customer.tag') t ORDER BY 1, 2;
SELECT t.id, m.name FROM twice t, relnav.parent(t, NULL::employee, 'boss_manager_id') m ORDER BY 1;
SELECT j.order_id, o.id FROM joined j, relnav.children(j, NULL::orders, 'orders_by_customer') o ORDER BY 1, 2;
SET relnav.inline = on;

-- The planner sees through: columns of the view's tables, no whole row.
EXPLAIN (COSTS OFF, VERBOSE)
SELECT i.id FROM named n, relnav.children(n, NULL::items) i WHERE n.number = 10;
SET enable_seqscan = off;
EXPLAIN (COSTS OFF) SELECT c.name FROM named n, relnav.parent(n, NULL::customer, 'customer') c WHERE n.number = 10;
RESET enable_seqscan;
SET enable_hashjoin = off;
SET enable_mergejoin = off;
EXPLAIN (COSTS OFF) SELECT n.number FROM named n WHERE NOT EXISTS (SELECT FROM relnav.children(n, NULL::items));
RESET enable_hashjoin;
RESET enable_mergejoin;

-- A view's key is its table's, where it can show no row twice.
SELECT i.id FROM relnav.children('named', 10, NULL::items) i ORDER BY 1;
SELECT i.id FROM relnav.related('joined', 10, NULL::items, 'items') i ORDER BY 1;
SELECT relnav.query('joined', 10, 'items');
SELECT i.id FROM relnav.children('nothing', 10, NULL::items) i;

-- A view as a target, where it is written: as the type,
SET relnav.inline = on;
SELECT c.name, n.number FROM customer c, relnav.children(c, NULL::named, 'orders_by_customer') n ORDER BY 1, 2;
SELECT i.id, n.buyer FROM items i, relnav.parent(i, NULL::named) n ORDER BY 1;
SELECT t.label, n.number FROM tag t, relnav.associated(t, NULL::named) n ORDER BY 1, 2;
SELECT c.name, j.order_id FROM customer c, relnav.related(c, NULL::joined, 'orders_by_customer.items.order') j ORDER BY 1, 2;
SELECT n.number, j.order_id FROM named n, relnav.related(n, NULL::joined, 'customer.orders_by_customer') j ORDER BY 1, 2;
SET relnav.inline = off;
SELECT c.name, n.number FROM customer c, relnav.children(c, NULL::named, 'orders_by_customer') n ORDER BY 1, 2;
SELECT i.id, n.buyer FROM items i, relnav.parent(i, NULL::named) n ORDER BY 1;
SELECT t.label, n.number FROM tag t, relnav.associated(t, NULL::named) n ORDER BY 1, 2;
SELECT c.name, j.order_id FROM customer c, relnav.related(c, NULL::joined, 'orders_by_customer.items.order') j ORDER BY 1, 2;
SELECT n.number, j.order_id FROM named n, relnav.related(n, NULL::joined, 'customer.orders_by_customer') j ORDER BY 1, 2;
SET relnav.inline = on;
-- in a path,
SELECT relnav.query('items', 'named.customer');
SELECT relnav.query('items', 'named');
-- and as an association table.
CREATE VIEW order_tag_view AS SELECT order_id, tag_id FROM order_tag WHERE tag_id > 1;
SELECT o.id, t.label FROM orders o, relnav.associated(o, NULL::tag, 'order_tag_view') t ORDER BY 1, 2;
SELECT o.id, t.label FROM orders o, relnav.associated(o, NULL::tag, 'regress_relnav_views.order_tag_view') t ORDER BY 1, 2;
-- (This one has no key to the other side, but is that side.)
SELECT c.name, o.id FROM customer c, relnav.associated(c, NULL::orders, 'joined') o ORDER BY 1, 2;
-- Where more than one way is meant, nothing is guessed.
SELECT n.* FROM customer c, relnav.children(c, NULL::named) n;
SELECT n.* FROM employee e, relnav.children(e, NULL::twice) n;
SELECT e.name, n.id FROM employee e, relnav.children(e, NULL::twice, 'boss_manager_id') n ORDER BY 1, 2;
SELECT relnav.query('customer', 'named');
-- Or none.
SELECT n.* FROM tag t, relnav.children(t, NULL::customer) n;
SELECT n.* FROM tag t, relnav.parent(t, NULL::once) n;
SELECT n.* FROM items i, relnav.children(i, NULL::named) n;

-- A materialized view is what its query was: its own indexes count.
CREATE MATERIALIZED VIEW kept AS SELECT id, customer_id FROM orders;
SELECT name, kind, required, indexed FROM relnav.relationships('kept');
CREATE UNIQUE INDEX ON kept (id);
SELECT name, kind, required, indexed FROM relnav.relationships('kept');
SELECT k.id, c.name FROM kept k, relnav.parent(k, NULL::customer) c ORDER BY 1;
SELECT i.id, k.id FROM items i, relnav.parent(i, NULL::kept) k ORDER BY 1;

-- Of inheritance, only what the key governs.
CREATE TABLE old_orders () INHERITS (orders);
CREATE VIEW all_orders AS SELECT id, customer_id FROM orders;
CREATE VIEW only_orders AS SELECT id, customer_id FROM ONLY orders;
SELECT source, name FROM (VALUES ('all_orders'::regclass), ('only_orders')) v(v), relnav.relationships(v.v);
DROP VIEW all_orders, only_orders;
DROP TABLE old_orders;

-- A view over a partitioned table, and over a partition with other column numbers.
CREATE TABLE visit (id int, customer_id int REFERENCES customer, year int) PARTITION BY LIST (year);
CREATE TABLE visit_26 (year int, customer_id int, id int);
ALTER TABLE visit ATTACH PARTITION visit_26 FOR VALUES IN (2026);
INSERT INTO visit VALUES (1, 1, 2026), (2, 3, 2026);
CREATE VIEW visits AS SELECT * FROM visit;
CREATE VIEW visits_26 AS SELECT customer_id, id FROM visit_26;
SELECT v.id, c.name FROM visits v, relnav.parent(v, NULL::customer) c ORDER BY 1;
SELECT v.id, c.name FROM visits_26 v, relnav.parent(v, NULL::customer) c ORDER BY 1;
SELECT c.name, v.id FROM customer c, relnav.children(c, NULL::visits_26) v ORDER BY 1;

-- What is declared for a view, and for its table.
SELECT relnav.declare('grouped', 'customer', '{customer_id}', 'customer', '{id}', inverse => 'totals');
SELECT name, kind, target, origin FROM relnav.relationships('grouped');
SELECT c.name, g.count FROM customer c, relnav.children(c, NULL::grouped) g ORDER BY 1;
SELECT relnav.declare('items', 'twin', '{qty}', 'items', '{id}');
CREATE VIEW item_view AS SELECT id, qty FROM items;
SELECT name, origin, constraints, validated FROM relnav.relationships('item_view') ORDER BY 1;
SELECT relnav.undeclare('items', 'twin'), relnav.undeclare('grouped', 'customer');
SELECT relnav.rename('named', 'customer', 'buyer');

-- A view that is replaced, or dropped, shows at once.
CREATE VIEW changing AS SELECT id AS a, customer_id AS b FROM orders;
PREPARE changed AS SELECT c.a, t.id FROM changing c, relnav.related(c, NULL::customer, 'b') t ORDER BY 1;
SET plan_cache_mode = force_generic_plan;
EXECUTE changed;
CREATE OR REPLACE VIEW changing AS SELECT id AS a, payer_id AS b FROM orders;
EXECUTE changed;
SELECT name, full_name FROM relnav.relationships('changing') WHERE target = 'customer'::regclass AND kind = 'many-to-one';
CREATE OR REPLACE VIEW changing AS SELECT id AS a, NULL::int AS b FROM orders;
EXECUTE changed;
SELECT count(*) FROM relnav.relationships('changing') WHERE target = 'customer'::regclass;
-- Also one further in.
CREATE OR REPLACE VIEW nested AS SELECT number AS b, buyer AS n FROM named;
SELECT name, source_columns FROM relnav.relationships('nested') WHERE kind = 'many-to-one';
CREATE VIEW further AS SELECT a, b FROM changing;
SELECT count(*) FROM relnav.relationships('further') WHERE kind = 'many-to-one';
CREATE OR REPLACE VIEW changing AS SELECT id AS a, payer_id AS b FROM orders;
SELECT count(*) FROM relnav.relationships('further') WHERE kind = 'many-to-one';
RESET plan_cache_mode;
DEALLOCATE changed;
DROP VIEW further, changing;

-- Rights are those that the server knows: of the view's owner, or, if it is
-- security_invoker, of the caller; and the caller needs them on the target.
CREATE ROLE regress_relnav_reader;
GRANT USAGE ON SCHEMA regress_relnav_views TO regress_relnav_reader;
CREATE VIEW invoker WITH (security_invoker) AS SELECT id, customer_id FROM orders;
CREATE VIEW barrier WITH (security_barrier) AS SELECT id, customer_id FROM orders WHERE id < 12;
GRANT SELECT ON named, invoker, barrier, customer TO regress_relnav_reader;
SET ROLE regress_relnav_reader;
SELECT n.number, c.name FROM named n, relnav.parent(n, NULL::customer, 'customer') c ORDER BY 1;
SELECT b.id, c.name FROM barrier b, relnav.parent(b, NULL::customer) c ORDER BY 1;
SELECT c.name, b.id FROM customer c, relnav.children(c, NULL::barrier) b ORDER BY 1, 2;
SELECT c.name, n.id FROM customer c, relnav.children(c, NULL::invoker) n ORDER BY 1, 2;
SELECT n.number, i.id FROM named n, relnav.children(n, NULL::items) i ORDER BY 1;
RESET ROLE;
-- A leaky condition is not pushed below a barrier.
CREATE FUNCTION leak(int) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS
$$ BEGIN RAISE NOTICE 'saw %', $1; RETURN true; END $$;
SET client_min_messages = notice;
SELECT c.name, b.id FROM customer c, relnav.children(c, NULL::barrier) b WHERE leak(b.id) ORDER BY 1, 2;
SET client_min_messages = warning;

-- Row security below a view: a plan is for the role that it was made for.
CREATE ROLE regress_relnav_other;
GRANT USAGE ON SCHEMA regress_relnav_views TO regress_relnav_other;
CREATE TABLE secret (id int PRIMARY KEY, customer_id int REFERENCES customer, who text);
INSERT INTO secret VALUES (1, 1, 'regress_relnav_reader'), (2, 1, 'regress_relnav_other');
ALTER TABLE secret ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON secret USING (who = current_user);
CREATE VIEW secrets WITH (security_invoker) AS SELECT id, customer_id FROM secret;
GRANT SELECT ON customer, secret, secrets TO regress_relnav_reader, regress_relnav_other;
SET plan_cache_mode = force_generic_plan;
PREPARE to_view AS SELECT c.name, s.id FROM customer c, relnav.children(c, NULL::secrets) s ORDER BY 2;
PREPARE from_view AS SELECT s.id, c.name FROM secrets s, relnav.parent(s, NULL::customer) c ORDER BY 1;
PREPARE seen AS SELECT c.name FROM customer c WHERE EXISTS (SELECT FROM relnav.children(c, NULL::secrets) s WHERE s.id = 2);
EXECUTE to_view;
EXECUTE from_view;
EXECUTE seen;
SET ROLE regress_relnav_reader;
EXECUTE to_view;
EXECUTE from_view;
EXECUTE seen;
SET ROLE regress_relnav_other;
EXECUTE to_view;
EXECUTE from_view;
EXECUTE seen;
RESET ROLE;
RESET plan_cache_mode;
DEALLOCATE ALL;

-- A stranger's view is read by nobody who did not write it, whatever it is
-- called and wherever it would fit.
CREATE ROLE regress_relnav_stranger;
CREATE SCHEMA stranger AUTHORIZATION regress_relnav_stranger;
GRANT SELECT ON ALL TABLES IN SCHEMA regress_relnav_views TO regress_relnav_stranger;
GRANT USAGE ON SCHEMA regress_relnav_views TO regress_relnav_stranger;
CREATE TEMP TABLE before AS
SELECT source::text, name, full_name, kind, target::text, inverse FROM relnav.relationships();
SET ROLE regress_relnav_stranger;
CREATE FUNCTION stranger.trap() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'the trap has closed'; END $$;
CREATE VIEW stranger.orders AS SELECT id, customer_id FROM regress_relnav_views.orders WHERE stranger.trap();
CREATE VIEW stranger.customer AS SELECT id, name FROM regress_relnav_views.customer WHERE stranger.trap();
CREATE VIEW stranger.order_tag AS SELECT * FROM regress_relnav_views.order_tag WHERE stranger.trap();
CREATE VIEW stranger.purchases AS SELECT id, customer_id, payer_id FROM regress_relnav_views.orders WHERE stranger.trap();
GRANT USAGE ON SCHEMA stranger TO PUBLIC;
GRANT SELECT ON ALL TABLES IN SCHEMA stranger TO PUBLIC;
RESET ROLE;
-- right: no rows
SELECT * FROM
 ((SELECT source::text, name, full_name, kind, target::text, inverse FROM relnav.relationships()
    WHERE source::text !~ '^stranger' EXCEPT TABLE before)
  UNION ALL (TABLE before EXCEPT SELECT source::text, name, full_name, kind, target::text, inverse FROM relnav.relationships())) d;
SELECT o.id, c.name FROM orders o, relnav.parent(o, NULL::customer, 'customer') c ORDER BY 1;
SELECT c.name, o.id FROM customer c, relnav.related(c, NULL::orders, 'orders_by_customer') o ORDER BY 1, 2;
SELECT o.id, t.label FROM orders o, relnav.associated(o, NULL::tag, 'order_tag') t ORDER BY 1, 2;
SELECT relnav.query('items', 'order.customer.orders_by_payer');
SELECT relnav.query('items', 'purchases');
SELECT o.id, t.label FROM orders o, relnav.associated(o, NULL::tag, 'purchases') t;
SET search_path = stranger, regress_relnav_views;
SELECT relnav.query('regress_relnav_views.items', 'purchases');
SET search_path = regress_relnav_views;
-- Who writes it reads it.
SELECT i.id FROM items i, relnav.parent(i, NULL::stranger.purchases) p;

-- Where several relationships lead to a view's table, its name is followed by
-- which: as in the table's own names, and by _as_ where it stands for what is
-- referenced or is the table twice.
CREATE TABLE person (id int PRIMARY KEY, boss_id int REFERENCES person, name text);
CREATE TABLE post (id int PRIMARY KEY, author_id int REFERENCES person, editor_id int REFERENCES person, title text, deleted bool);
CREATE TABLE label (id int PRIMARY KEY, live bool);
CREATE TABLE post_label (post_id int REFERENCES post, label_id int REFERENCES label, PRIMARY KEY (post_id, label_id));
CREATE TABLE post_extra (post_id int REFERENCES post, label_id int REFERENCES label, PRIMARY KEY (post_id, label_id));
INSERT INTO person VALUES (1, NULL, 'Ann'), (2, 1, 'Bob'), (3, 2, 'Eve');
INSERT INTO post VALUES (1, 1, 2, 'one', false), (2, 1, 2, 'two', true), (3, 2, 1, 'three', false), (4, 1, 1, 'four', false);
INSERT INTO label VALUES (1, true), (2, false);
INSERT INTO post_label VALUES (1, 1), (1, 2);
INSERT INTO post_extra VALUES (1, 2), (3, 1);
CREATE VIEW active_post AS SELECT * FROM post WHERE NOT deleted;
CREATE VIEW living AS SELECT id, boss_id, name FROM person WHERE name <> 'Eve';
CREATE VIEW live_label AS SELECT * FROM label WHERE live;
CREATE VIEW pair AS
  SELECT a.id AS one, b.id AS two, a.author_id AS first, b.author_id AS second FROM post a JOIN post b ON b.id = a.id + 1;
-- right: both are listed, not the table's names, under which all rows would come
SELECT relnav.tree('person', 1, 'name, active_post(title)');
-- right: one and four; three and four
SELECT relnav.tree('person', 1, 'active_post_by_author(title), active_post_by_editor(title)');
-- right: _as_author, _as_editor
SELECT relnav.tree('post', 3, 'living(name)');
-- right: Bob, Ann
SELECT relnav.tree('post', 3, 'living_as_author(name), living_as_editor(name)');
-- right: post_label and post_extra
SELECT relnav.tree('post', 1, 'live_label(id)');
-- right: 1, none; 1
SELECT relnav.tree('post', 1, 'live_label_via_post_label(id), live_label_via_post_extra(id)'),
       relnav.tree('post', 3, 'live_label_via_post_extra(id)');
-- right: living_as_boss, living_by_boss
SELECT relnav.tree('person', 1, 'living(name)');
-- right: Bob below Ann, nobody below Bob; Ann above Bob
SELECT relnav.tree('living', 1, 'name, living_by_boss(name depth 3)'), relnav.tree('person', 2, 'living_as_boss.name');
-- right: cannot be repeated; begin with rows of the view
SELECT relnav.tree('person', 1, 'name, living_by_boss(name depth 3)');
-- right: pair_by_author, pair_as_second; 1, 2; 3
SELECT relnav.tree('person', 1, 'pair(one)');
SELECT relnav.tree('person', 1, 'pair_by_author(one order by one), pair_as_second(two)');
-- In paths, and where the target's type says the view already.
SELECT p.name, v.title FROM person p, relnav.related(p, NULL::active_post, 'active_post_by_editor') v ORDER BY 2;
SELECT p.name, v.title FROM person p, relnav.children(p, NULL::active_post, 'post_by_editor') v ORDER BY 2;
SELECT p.name, v.id FROM person p, relnav.related(p, NULL::live_label, 'active_post_by_author.live_label_via_post_label') v;
SELECT relnav.query('person', 'active_post_by_author');
-- A view that is called so itself comes first.
CREATE VIEW active_post_by_author AS SELECT * FROM post WHERE id = 2;
SELECT relnav.query('post_label', 'active_post_by_author');
-- right: errors
SELECT relnav.query('person', 'active_post_by_nobody');
SELECT relnav.query('person', 'active_post_as_author');
SELECT relnav.query('person', '_by_author');
-- Several lead to the table.  right: the hint names both
SELECT n.name FROM post p, relnav.parent(p, NULL::person, 'who') n;

-- Rows of a view that nobody asked for are not computed.  right: three rows,
-- and the error is that of the row that is asked for
CREATE VIEW share AS SELECT id, author_id, 100 / (id - 4) AS percent FROM post;
INSERT INTO person VALUES (4, 1, 'Ida'), (5, 1, 'Kim');
SELECT relnav.tree_agg(p, 'name, share_by_author(percent order by id)' ORDER BY id)
  FROM person p, (SELECT relnav.declare('share', 'author', '{author_id}', 'person', '{id}', inverse => 'shares')) d
 WHERE p.id IN (2, 3, 4, 5);
SELECT relnav.tree_agg(p, 'name, shares(percent order by id)' ORDER BY id) FROM person p WHERE p.id IN (2, 3, 4, 5);
SELECT relnav.tree_agg(p, 'name, shares(percent)' ORDER BY id) FROM person p WHERE p.id IN (1, 2, 3, 4);
SELECT relnav.undeclare('share', 'author');

DROP SCHEMA regress_relnav_views, stranger CASCADE;
DROP ROLE regress_relnav_reader, regress_relnav_other, regress_relnav_stranger;
