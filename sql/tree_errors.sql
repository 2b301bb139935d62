-- Every mistake in a tree's spec is an error that shows its place and what to
-- write; none is an internal one.
LOAD 'relnav';
SET client_min_messages = warning;
CREATE SCHEMA regress_relnav_tree_errors;
SET search_path = regress_relnav_tree_errors;
CREATE TABLE customer (id int PRIMARY KEY, name text, born date);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customer, buyer_id int REFERENCES customer, total numeric);
CREATE TABLE items (order_id int REFERENCES orders, line int, PRIMARY KEY (order_id, line));
CREATE TABLE tag (id int PRIMARY KEY, name text);
CREATE TABLE customer_tag (customer_id int REFERENCES customer, tag_id int REFERENCES tag, PRIMARY KEY (customer_id, tag_id));
INSERT INTO customer VALUES (1, 'Ann', '2000-01-01');

-- For errors of the server whose words are others in other versions: only
-- their primary message and the place.
CREATE FUNCTION show_error(spec text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    detail text;
    lines text[];
BEGIN
    PERFORM relnav.tree('customer', 1, spec);
EXCEPTION WHEN others THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    lines := string_to_array(detail, E'\n');
    RAISE WARNING E'%\n%', sqlerrm, array_to_string(lines[cardinality(lines) - 1:], E'\n');
END $$;

-- Text that is no spec.
SELECT relnav.tree('customer', 1, 'name,');
SELECT relnav.tree('customer', 1, ',name');
SELECT relnav.tree('customer', 1, 'name id');
SELECT relnav.tree('customer', 1, 'name, id)');
SELECT relnav.tree('customer', 1, 'tag(name');
SELECT relnav.tree('customer', 1, 'tag(name))');
SELECT relnav.tree('customer', 1, 'tag(name,)');
SELECT relnav.tree('customer', 1, 'tag.(name)');
SELECT relnav.tree('customer', 1, 'tag..name');
SELECT relnav.tree('customer', 1, '.name');
SELECT relnav.tree('customer', 1, 'tag.*');
SELECT relnav.tree('customer', 1, 'a.b: name');
SELECT relnav.tree('customer', 1, 'all: *');
SELECT relnav.tree('customer', 1, ': name');
SELECT relnav.tree('customer', 1, 'a: b: name');
SELECT relnav.tree('customer', 1, '"name');
SELECT relnav.tree('customer', 1, 'na-me');
SELECT relnav.tree('customer', 1, 'name where id = 1');
SELECT relnav.tree('customer', 1, 'name limit 1');
SELECT relnav.tree('customer', 1, '{ name }');
SELECT relnav.tree('customer', 1, 'count()');
SELECT relnav.tree('customer', 1, 'count(*)');
SELECT relnav.tree('customer', 1, 'count(tag limit 1)');
SELECT relnav.tree('customer', 1, 'count(tag, orders)');
-- Clauses that are not right, or not in their order.
SELECT relnav.tree('customer', 1, 'tag(name limit)');
SELECT relnav.tree('customer', 1, 'tag(name limit x)');
SELECT relnav.tree('customer', 1, 'tag(name limit -1)');
SELECT relnav.tree('customer', 1, 'tag(name limit 99999999999999999999)');
SELECT relnav.tree('customer', 1, 'tag(name limit 1.5)');
SELECT relnav.tree('customer', 1, 'tag(name offset 1 limit 1)');
SELECT relnav.tree('customer', 1, 'tag(name limit 1 where id = 1)');
SELECT relnav.tree('customer', 1, 'tag(name, where id = 1)');
SELECT relnav.tree('customer', 1, 'tag(name order id)');
SELECT relnav.tree('customer', 1, 'tag(name order by)');
SELECT relnav.tree('customer', 1, 'tag(name order by id up)');
SELECT relnav.tree('customer', 1, 'tag(name order by id nulls)');
SELECT relnav.tree('customer', 1, 'tag(name order by tag.name)');
SELECT relnav.tree('customer', 1, 'tag(name order by lower(name))');
SELECT relnav.tree('customer', 1, 'tag(name where)');
SELECT relnav.tree('customer', 1, 'tag(name where id = 1');
SELECT relnav.tree('customer', 1, 'tag(name where (id = 1)');

-- Names that mean nothing, with the nearest one; names that mean two things.
SELECT relnav.tree('customer', 1, 'nmae');
SELECT relnav.tree('customer', 1, 'quite_another');
SELECT relnav.tree('customer', 1, 'id, tag');
SELECT relnav.tree('customer', 1, 'tagg(name)');
SELECT relnav.tree('customer', 1, 'tag(name, tagg(id))');
SELECT relnav.tree('customer', 1, 'name(id)');
SELECT relnav.tree('customer', 1, 'count(name)');
SELECT relnav.tree('customer', 1, 'orders(id)');
SELECT relnav.tree('customer', 1, 'tag(name order by nam)');
SELECT relnav.tree('customer', 1, 'tag(name where nam = 1)');
SELECT relnav.tree('customer', 1, 'tag.customer.nope(id)');
SELECT relnav.tree('customer', 1, 'tag.nope.tag(id)');
SELECT relnav.tree('customer', 1, 'n: count(tag . customer . orders)');
SELECT relnav.tree('orders', 1, 'a: customer.nope.name');
SELECT relnav.tree('orders', 1, 'customer.nope');
SELECT relnav.tree('orders', 1, 'nope.name');
-- Columns of the system and of the row as a whole are none.
SELECT relnav.tree('customer', 1, 'ctid');
SELECT relnav.tree('customer', 1, 'customer');
SELECT relnav.tree('customer', 1, 'tag(id order by ctid)');
-- Two equal keys.
SELECT relnav.tree('customer', 1, 'name, name');
SELECT relnav.tree('customer', 1, 'name, tag.name');
SELECT relnav.tree('customer', 1, 'name: id, name');
SELECT relnav.tree('customer', 1, '*, *');
SELECT relnav.tree('customer', 1, 'tag(id), tag(name)');
SELECT relnav.tree('customer', 1, '*(* limit 1), *(* limit 2)');
SELECT relnav.tree('customer', 1, 'count(tag), tag_count: id');
-- What does not fit to where a node leads.
SELECT relnav.tree('customer', 1, 'tag.name');
SELECT relnav.tree('orders', 1, 'customer(name limit 1)');
SELECT relnav.tree('orders', 1, 'customer(name order by name)');
SELECT relnav.tree('orders', 1, 'customer(name offset 1)');
SELECT relnav.tree('orders', 1, 'customer(name depth 2)');
-- a column whose type has no order
CREATE TABLE j (id int PRIMARY KEY, customer_id int REFERENCES customer, doc json);
SELECT relnav.tree('customer', 1, 'j(id order by doc)');
SELECT show_error($$j(id where doc = '1')$$);

-- Conditions: one expression that tells rows apart.
SELECT relnav.tree('customer', 1, 'tag(name where id)');
SELECT relnav.tree('customer', 1, 'tag(name where id = )');
SELECT relnav.tree('customer', 1, 'tag(name where id = 1, name = ''x'')');
SELECT relnav.tree('customer', 1, 'tag(name where id = 1; drop table customer)');
SELECT relnav.tree('customer', 1, 'tag(name where id = 1) or (true)');
SELECT relnav.tree('customer', 1, 'tag(name where id = 1 union select 1)');
SELECT relnav.tree('customer', 1, 'tag(name where id = (select 1))');
SELECT relnav.tree('customer', 1, 'tag(name where exists (select from tag))');
SELECT relnav.tree('customer', 1, 'tag(name where id = 1 -- and so on)');
SELECT relnav.tree('customer', 1, 'tag(name where id = 1 /* and so on)');
SELECT relnav.tree('customer', 1, 'tag(name where name = ''x)');
SELECT relnav.tree('customer', 1, 'tag(name where name = $x$x)');
SELECT relnav.tree('customer', 1, 'tag(name where id = $1)');
SELECT relnav.tree('customer', 1, 'tag(name where lower(name) = ''x'')');
SELECT relnav.tree('customer', 1, 'tag(name where pg_sleep(1) is null)');
SELECT relnav.tree('customer', 1, 'tag(name where count(*) > 1)');
SELECT relnav.tree('customer', 1, 'tag(name where row_number() over () = 1)');
SELECT relnav.tree('customer', 1, 'tag(name where coalesce(id, 1) = 1)');
SELECT relnav.tree('customer', 1, 'tag(name where case when true then true end)');
SELECT relnav.tree('customer', 1, 'tag(name where (id, name) < (1, ''x''))');
SELECT relnav.tree('customer', 1, 'tag(name where tag is null)');
SELECT relnav.tree('customer', 1, 'tag(name where customer.id = 1)');
SELECT relnav.tree('customer', 1, 'tag(name where ctid is null)');
SELECT relnav.tree('customer', 1, 'tag(name where created_at > now())');
-- What people write who think of SQL.
SELECT relnav.tree('customer', 1, 'upper(name)');
SELECT relnav.tree('customer', 1, 'tags: max(tag.id)');
SELECT relnav.tree('customer', 1, 'upper.name');
SELECT relnav.tree('customer', 1, 'name as n');
SELECT relnav.tree('customer', 1, 'tag(name as n)');
SELECT relnav.tree('customer', 1, 'id::text');
SELECT relnav.tree('customer', 1, 'name->>''x''');
SELECT relnav.tree('customer', 1, 'name.x');
SELECT relnav.tree('customer', 1, 'tag(name where current_user = name)');
SELECT relnav.tree('customer', 1, 'tag(name where id = ''x'')');
SELECT show_error($$tag(name where name = 1)$$);
SELECT show_error($$tag(name where id === 1)$$);
SELECT relnav.tree('customer', 1, 'tag(name where id::nope = 1)');
SELECT relnav.tree('customer', 1, 'count(tag where id)');
-- an expression in a line of its own is shown alone, its caret under the fault
SELECT relnav.tree('customer', 1, 'name,
    tag(
        name
        where id = 1
          and lower(name) = ''x''
        limit 5)');
SELECT relnav.tree('customer', 1, 'name, имя: name, "длинное имя": name, nope');
SELECT relnav.tree('customer', 1, repeat('name' || repeat('x', 20) || ': name, a', 5) || ': nope' || repeat(', id', 50));

-- Sources that are none.
SELECT relnav.tree('nope', 1, 'id');
SELECT relnav.tree(99999::regclass, 1, 'id');
SELECT relnav.tree('customer_pkey', 1, 'id');
CREATE SEQUENCE seq;
SELECT relnav.tree('seq', 1, 'last_value');
SELECT relnav.tree(ROW(1), 'id');
SELECT relnav.tree(x, 'id') FROM (SELECT 1 AS id) x;
SELECT relnav.tree(1, 'id');
SELECT relnav.tree(NULL, 'id');
SELECT relnav.tree('customer', 'id');
CREATE TYPE composite AS (id int);
SELECT relnav.tree(ROW(1)::composite, 'id');
-- Keys of the wrong kind.
SELECT relnav.tree('customer', true, 'id');
SELECT relnav.tree('customer', ROW(1, 2), 'id');
SELECT relnav.tree('items', ROW(1), 'line');
SELECT relnav.tree('items', 1, 'line');
SELECT relnav.tree('items', '1', 'line');
-- Not an error: a number that no row's key can be.  right: true
SELECT relnav.tree('customer', 99999999999, 'id') IS NULL AS none;
-- Too deep, as deep as one may, too long a path, too many nodes.
SELECT relnav.tree('customer', 1, repeat('a(', 33) || repeat(')', 33));
SELECT relnav.tree('customer', 1, repeat('customer_tag(customer(', 16) || 'id' || repeat('))', 16)) IS NOT NULL AS fine;
SELECT relnav.tree('customer', 1, 'tag' || repeat('.customer.tag', 130) || '(id)');
SELECT relnav.tree('customer', 1, '*(*(*(*(*(*(*(*(*(* limit 1) limit 1) limit 1) limit 1) limit 1) limit 1) limit 1) limit 1) limit 1)');
SELECT relnav.tree('customer', 1, (SELECT string_agg('t' || i || ': tag(id)', ', ') FROM generate_series(1, 1001) i));
-- 1,600 columns and more are no trouble.  right: 3000
SELECT count(*) FROM json_object_keys(relnav.tree('customer', 1, (SELECT string_agg('c' || i || ': id', ', ') FROM generate_series(1, 3000) i)));
DROP SCHEMA regress_relnav_tree_errors CASCADE;
