-- For bench/load: a shop of some size, and procedures that change its tables
-- while others navigate.  Into an empty database, after CREATE EXTENSION
-- relnav.

\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;

CREATE TABLE employee (
    id         int PRIMARY KEY,
    name       text NOT NULL,
    manager_id int REFERENCES employee
);
CREATE TABLE customer (
    id   int PRIMARY KEY,
    name text NOT NULL
);
CREATE TABLE orders (
    id             int PRIMARY KEY,
    customer_id    int NOT NULL REFERENCES customer ON DELETE CASCADE,
    salesperson_id int REFERENCES employee,
    reviewer_id    int,
    total          numeric(10,2) NOT NULL
);
CREATE TABLE product (
    id         int PRIMARY KEY,
    name       text NOT NULL,
    substitute int
);
CREATE TABLE items (
    id         int PRIMARY KEY,
    order_id   int NOT NULL REFERENCES orders ON DELETE CASCADE,
    product_id int NOT NULL REFERENCES product,
    quantity   int NOT NULL
);
CREATE TABLE tag (
    id   int PRIMARY KEY,
    name text NOT NULL
);
CREATE TABLE product_tag (
    product_id int REFERENCES product,
    tag_id     int REFERENCES tag,
    PRIMARY KEY (product_id, tag_id)
);
CREATE TABLE visit (
    customer_id int NOT NULL REFERENCES customer ON DELETE CASCADE,
    day         int NOT NULL,
    page        text
) PARTITION BY LIST (day);
SELECT format('CREATE TABLE visit_%s PARTITION OF visit FOR VALUES IN (%s)', i, i) FROM generate_series(1, 20) i
\gexec

-- Its key comes and goes.
CREATE TABLE ticket (
    id          int PRIMARY KEY,
    customer_id int,
    subject     text
);

CREATE FUNCTION pg_temp.any_of(n int, last int) RETURNS int
LANGUAGE sql IMMUTABLE AS 'SELECT 1 + (hashint4(n) & 2147483647) % last';

INSERT INTO employee SELECT i, 'Employee ' || i, nullif(i / 4, 0) FROM generate_series(1, 340) i;
INSERT INTO customer SELECT i, 'Customer ' || i FROM generate_series(1, 2000) i;
INSERT INTO orders
SELECT i, pg_temp.any_of(i, 2000), pg_temp.any_of(-i, 340), pg_temp.any_of(7 - i, 340), pg_temp.any_of(3 * i, 100000) / 100.0
  FROM generate_series(1, 20000) i;
INSERT INTO product SELECT i, 'Product ' || i, pg_temp.any_of(i, 500) FROM generate_series(1, 500) i;
INSERT INTO items
SELECT i, pg_temp.any_of(1000000 + i, 20000), pg_temp.any_of(i, 500), 1 + i % 5 FROM generate_series(1, 80000) i;
INSERT INTO tag SELECT i, 'Tag ' || i FROM generate_series(1, 50) i;
INSERT INTO product_tag
SELECT i, 1 + (pg_temp.any_of(i, 50) + 17 * j) % 50 FROM generate_series(1, 500) i, generate_series(0, 2) j;
INSERT INTO visit SELECT pg_temp.any_of(i, 2000), 1 + i % 20, 'page ' || i FROM generate_series(1, 20000) i;
INSERT INTO ticket SELECT i, pg_temp.any_of(i, 2000), 'Ticket ' || i FROM generate_series(1, 4000) i;

CREATE INDEX ON employee (manager_id);
CREATE INDEX ON orders (customer_id);
CREATE INDEX ON orders (salesperson_id);
CREATE INDEX ON items (order_id);
CREATE INDEX ON items (product_id);
CREATE INDEX ON product_tag (tag_id);
CREATE INDEX ON visit (customer_id);
CREATE INDEX ON ticket (customer_id);

CREATE VIEW order_view AS SELECT id AS number, customer_id, total FROM orders;

VACUUM (ANALYZE);


-- What is expected to fail, and how often it did: each counter is a sequence,
-- which no rollback takes back.

CREATE SCHEMA load;
CREATE TABLE load.expected (name text PRIMARY KEY, reason text NOT NULL);
INSERT INTO load.expected VALUES
    ('lock_not_available', 'a change waited for a lock longer than its lock_timeout of 1 s'),
    ('no_key', 'the key of "ticket" was gone just then'),
    ('changed', 'a change was made');
SELECT format('CREATE SEQUENCE load.%I MINVALUE 0 START 0', name) FROM load.expected
\gexec
SELECT count(nextval('load.' || name)) FROM load.expected
\g /dev/null

-- What a backend holds, by its own account.
CREATE TABLE load.held (
    run      text,
    at       timestamptz DEFAULT clock_timestamp(),
    pid      int DEFAULT pg_backend_pid(),
    contexts bigint,
    relnav   bigint,
    resident bigint
);

CREATE PROCEDURE load.hold(run text)
LANGUAGE sql AS $$
    INSERT INTO load.held (run, contexts, relnav, resident)
    SELECT $1, sum(total_bytes) / 1024,
           coalesce(sum(total_bytes) FILTER (WHERE name || ' ' || coalesce(ident, '') ILIKE '%relnav%'), 0) / 1024,
           substring(pg_read_file('/proc/self/status') FROM 'RssAnon:\s+(\d+)')::bigint
      FROM pg_backend_memory_contexts
$$;

-- One change, or taking it back.  Each client has objects of its own.
CREATE PROCEDURE load.change(client int)
LANGUAGE plpgsql AS $$
DECLARE
    kinds text[] := '{key,ticket,column,table,temporary,declare,view,index,rename,partition,analyze,validate}';
    kind text := kinds[1 + floor(random() * cardinality(kinds))];
    tables text[] := '{orders,items,product,tag}';
    mine text := tables[1 + client % 4];
    own text := 'own_' || client;
BEGIN
    PERFORM set_config('lock_timeout', '1s', true);
    CASE kind
    WHEN 'key' THEN
        IF EXISTS (SELECT FROM pg_constraint WHERE conname = own AND conrelid = 'orders'::regclass) THEN
            EXECUTE format('ALTER TABLE orders DROP CONSTRAINT %I', own);
        ELSE
            EXECUTE format('ALTER TABLE orders ADD CONSTRAINT %I FOREIGN KEY (reviewer_id) REFERENCES employee NOT VALID', own);
        END IF;
    WHEN 'validate' THEN
        IF EXISTS (SELECT FROM pg_constraint WHERE conname = own AND conrelid = 'orders'::regclass) THEN
            EXECUTE format('ALTER TABLE orders VALIDATE CONSTRAINT %I', own);
        END IF;
    WHEN 'ticket' THEN
        ALTER TABLE ticket DROP CONSTRAINT IF EXISTS ticket_customer;
        IF random() < 0.7 THEN
            ALTER TABLE ticket ADD CONSTRAINT ticket_customer FOREIGN KEY (customer_id) REFERENCES customer;
        END IF;
    WHEN 'column' THEN
        IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = mine::regclass AND attname = own) THEN
            EXECUTE format('ALTER TABLE %I DROP COLUMN %I', mine, own);
        ELSE
            EXECUTE format('ALTER TABLE %I ADD COLUMN %I int DEFAULT 1', mine, own);
        END IF;
    WHEN 'table' THEN
        IF to_regclass(own) IS NOT NULL THEN
            EXECUTE format('DROP TABLE %I', own);
        ELSE
            EXECUTE format('CREATE TABLE %I (id int PRIMARY KEY, customer_id int REFERENCES customer)', own);
        END IF;
    WHEN 'temporary' THEN
        DROP TABLE IF EXISTS pg_temp.scratch;
        CREATE TEMP TABLE scratch (id int PRIMARY KEY);
    WHEN 'declare' THEN
        IF EXISTS (SELECT FROM relnav.declared d WHERE d.name = own) THEN
            PERFORM relnav.undeclare('product', own);
        ELSE
            PERFORM relnav.declare('product', own, '{substitute}', 'product', '{id}', inverse => own || '_of');
        END IF;
    WHEN 'view' THEN
        EXECUTE format('CREATE OR REPLACE VIEW order_view AS SELECT id AS number, customer_id, total FROM orders WHERE total > %s',
                       -random());
    WHEN 'index' THEN
        IF to_regclass('index_' || own) IS NOT NULL THEN
            EXECUTE format('DROP INDEX %I', 'index_' || own);
        ELSE
            EXECUTE format('CREATE INDEX %I ON items (quantity)', 'index_' || own);
        END IF;
    WHEN 'rename' THEN
        -- Two may want to.
        LOCK TABLE items IN ACCESS EXCLUSIVE MODE;
        IF EXISTS (SELECT FROM pg_constraint WHERE conname = 'items_product_id_fkey') THEN
            ALTER TABLE items RENAME CONSTRAINT items_product_id_fkey TO of_product;
        ELSE
            ALTER TABLE items RENAME CONSTRAINT of_product TO items_product_id_fkey;
        END IF;
    WHEN 'partition' THEN
        IF to_regclass('visit_' || own) IS NOT NULL THEN
            EXECUTE format('ALTER TABLE visit DETACH PARTITION %I', 'visit_' || own);
            EXECUTE format('DROP TABLE %I', 'visit_' || own);
        ELSE
            EXECUTE format('CREATE TABLE %I (LIKE visit)', 'visit_' || own);
            EXECUTE format('ALTER TABLE visit ATTACH PARTITION %I FOR VALUES IN (%s)', 'visit_' || own, 100 + client);
        END IF;
    WHEN 'analyze' THEN
        EXECUTE format('ANALYZE %I', mine);
    END CASE;
    PERFORM nextval('load.changed');
EXCEPTION
    WHEN lock_not_available THEN
        PERFORM nextval('load.lock_not_available');
END
$$;

-- A navigation along the key that comes and goes, with the rows by hand; and
-- the same by hand, for the same work.
SELECT format($f$
CREATE FUNCTION load.%I(customer int) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    ours bigint;
    theirs bigint;
BEGIN
    SELECT (SELECT count(*) FROM %s WHERE c.id = customer),
           (SELECT count(*) FROM %s WHERE c.id = customer)
      INTO ours, theirs;
    IF ours <> theirs THEN
        RAISE EXCEPTION '%% tickets, by hand %%', ours, theirs;
    END IF;
EXCEPTION
    WHEN undefined_object THEN
        PERFORM nextval('load.no_key');
END
$$$f$, name, source, by_hand)
  FROM (VALUES ('customer c JOIN ticket t ON t.customer_id = c.id')) h (by_hand),
       LATERAL (VALUES ('tickets', 'customer c, relnav.children(c, NULL::ticket) t'),
                       ('tickets_by_hand', by_hand)) f (name, source)
\gexec
