-- relnav follows foreign keys: from a row to the rows that belong to it, in SQL or as json.
-- Here are tables with keys, and CREATE EXTENSION relnav; nothing was configured.
-- A small shop, in schema shop: customers have orders, orders have items of products,
-- and products have tags (demo/shop.sql).
SET search_path = shop;

-- What can be followed from an order?
SELECT * FROM relnav.describe('orders');

-- From a row to its parent: who waits for an order?
SELECT o.id, o.status, c.name
  FROM orders o, relnav.parent(o, NULL::customer) c
 WHERE o.status <> 'delivered' ORDER BY o.id;

-- Back, from a row to the rows that reference it: which orders has Astrid?
SELECT c.name, o.id, o.ordered_on, o.status
  FROM customer c, relnav.children(c, NULL::orders) o
 WHERE c.name = 'Astrid Berg' ORDER BY o.id;

-- The planner sees the join, and plans it as one ...
EXPLAIN (COSTS OFF) SELECT c.name, o.id
  FROM customer c, relnav.children(c, NULL::orders) o;

-- ... the same that it makes of this.
EXPLAIN (COSTS OFF) SELECT c.name, o.id
  FROM customer c JOIN orders o ON o.customer_id = c.id;

-- Through an association table, which need not be mentioned.
SELECT p.name, string_agg(t.name, ', ' ORDER BY t.name) AS tags
  FROM product p, relnav.associated(p, NULL::tag) t
 WHERE p.price > 20 GROUP BY p.name ORDER BY p.name;

-- From a key, and over any number of hops: what has customer 1 bought?  Each product once.
SELECT * FROM relnav.related('customer', 1, NULL::product, 'orders.items.product') ORDER BY id;

-- A customer, the orders, and their items: nested, as json.
SELECT jsonb_pretty(relnav.tree('customer', 2,
           'name, orders(id, status, items(quantity, product.name))')::jsonb) AS tree;

-- What belongs to order 1, and how much of it?
SELECT * FROM relnav.neighbors('orders', 1);

-- How are customers connected with suppliers?
SELECT * FROM relnav.paths('customer', 'supplier');

-- What would deleting order 1 do?  Nothing is deleted by asking.
SELECT * FROM relnav.delete_impact('orders', 1);

-- Which foreign keys are not as they should be?
SELECT target, finding, suggestion FROM relnav.lint('shop');

-- Two keys lead from orders to address.  relnav does not guess: this error is meant.
SELECT a.* FROM orders o, relnav.parent(o, NULL::address) a WHERE o.id = 2;

-- It says what to write.
SELECT a.* FROM orders o, relnav.parent(o, NULL::address, 'shipping_address') a WHERE o.id = 2;

-- Nothing is hidden: this is the SQL of a navigation.
SELECT relnav.query('customer', 1, 'orders.items.product');

-- A picture, for Mermaid, which GitHub draws: a table and what is around it ...
\pset format unaligned
\pset tuples_only on
SELECT relnav.diagram_around('tag', folded => true);

-- ... and the whole schema, as a file.
\o shop.mmd
SELECT relnav.diagram('shop');
\o
\! wc -l shop.mmd
