-- A small shop, in schema shop: every kind of relationship once, in tables
-- that one can read at a glance.  Load it into any database with psql -f.
--
--   customer --- loyalty_card          one-to-one
--   customer --< orders --< items      one-to-many, twice
--   orders >---- address               many-to-one, by two keys
--   items >----- product >--< tag      many-to-many, nothing in between
--   supplier >--------< product        many-to-many, with a price
--   employee >-- employee              a manager
--   items --< complaint                by a key of two columns

\set ON_ERROR_STOP on

BEGIN;

CREATE SCHEMA shop;
SET LOCAL search_path = shop;


-- Who buys, and where

CREATE TABLE address (
    id      int PRIMARY KEY,
    street  text NOT NULL,
    city    text NOT NULL,
    country text NOT NULL
);

CREATE TABLE customer (
    id    int PRIMARY KEY,
    name  text NOT NULL,
    email text NOT NULL UNIQUE
);

CREATE TABLE loyalty_card (
    customer_id int PRIMARY KEY REFERENCES customer ON DELETE CASCADE,
    level       text NOT NULL,
    points      int NOT NULL
);

CREATE TABLE employee (
    id         int PRIMARY KEY,
    name       text NOT NULL,
    job        text NOT NULL,
    manager_id int REFERENCES employee
);


-- What is sold

CREATE TABLE product (
    id    int PRIMARY KEY,
    name  text NOT NULL,
    price numeric(8,2) NOT NULL
);

CREATE TABLE tag (
    id   int PRIMARY KEY,
    name text NOT NULL UNIQUE
);

CREATE TABLE product_tag (
    product_id int REFERENCES product ON DELETE CASCADE,
    tag_id     int REFERENCES tag,
    PRIMARY KEY (product_id, tag_id)
);

CREATE TABLE supplier (
    id      int PRIMARY KEY,
    name    text NOT NULL,
    country text NOT NULL
);

CREATE TABLE offer (
    supplier_id int REFERENCES supplier,
    product_id  int REFERENCES product,
    price       numeric(8,2) NOT NULL,
    PRIMARY KEY (supplier_id, product_id)
);


-- Who bought what

CREATE TABLE orders (
    id                  int PRIMARY KEY,
    ordered_on          date NOT NULL,
    status              text NOT NULL,
    customer_id         int NOT NULL REFERENCES customer,
    billing_address_id  int NOT NULL CONSTRAINT bill_to REFERENCES address,
    shipping_address_id int CONSTRAINT ship_to REFERENCES address,
    salesperson_id      int REFERENCES employee ON DELETE SET NULL
);

CREATE TABLE items (
    order_id   int REFERENCES orders ON DELETE CASCADE,
    line_no    int,
    product_id int NOT NULL REFERENCES product,
    quantity   int NOT NULL,
    PRIMARY KEY (order_id, line_no)
);

CREATE TABLE complaint (
    id          int PRIMARY KEY,
    order_id    int NOT NULL,
    line_no     int NOT NULL,
    received_on date NOT NULL,
    what        text NOT NULL,
    FOREIGN KEY (order_id, line_no) REFERENCES items
);

CREATE TABLE payment (
    id       int PRIMARY KEY,
    order_id int NOT NULL REFERENCES orders,
    paid_on  date NOT NULL,
    amount   numeric(8,2) NOT NULL
);

-- Every foreign key has its index, but payment.order_id: somebody forgot it,
-- and relnav says so.
CREATE INDEX ON employee (manager_id);
CREATE INDEX ON product_tag (tag_id);
CREATE INDEX ON offer (product_id);
CREATE INDEX ON orders (customer_id);
CREATE INDEX ON orders (billing_address_id);
CREATE INDEX ON orders (shipping_address_id);
CREATE INDEX ON orders (salesperson_id);
CREATE INDEX ON items (product_id);
CREATE INDEX ON complaint (order_id, line_no);


INSERT INTO address VALUES
    (1, '4 Harbour Lane', 'Bergen', 'Norway'),
    (2, '17 Rua das Flores', 'Porto', 'Portugal'),
    (3, '9 Lindengasse', 'Vienna', 'Austria'),
    (4, '230 Mission Street', 'San Francisco', 'USA'),
    (5, '1 Station Road', 'Bergen', 'Norway'),
    (6, '88 Via Roma', 'Turin', 'Italy');

INSERT INTO customer VALUES
    (1, 'Astrid Berg', 'astrid@example.com'),
    (2, 'Joao Pereira', 'joao@example.com'),
    (3, 'Lena Huber', 'lena@example.com'),
    (4, 'Sam Whitfield', 'sam@example.com'),
    (5, 'Giulia Conti', 'giulia@example.com');

INSERT INTO loyalty_card VALUES
    (1, 'gold', 1840),
    (2, 'silver', 610),
    (4, 'blue', 75);

INSERT INTO employee VALUES
    (1, 'Ingrid Dahl', 'owner', NULL),
    (2, 'Marco Bianchi', 'head of sales', 1),
    (3, 'Chloe Martin', 'head of stock', 1),
    (4, 'Peter Novak', 'sales', 2),
    (5, 'Yuki Tanaka', 'sales', 2),
    (6, 'Omar Haddad', 'stock', 3);

INSERT INTO product VALUES
    (1, 'Tea pot', 34.50),
    (2, 'Tea cup', 8.90),
    (3, 'Green tea, 100 g', 12.00),
    (4, 'Coffee mill', 89.00),
    (5, 'Espresso beans, 1 kg', 24.00),
    (6, 'Filter paper', 3.20),
    (7, 'Honey', 7.50),
    (8, 'Gift box', 5.00);

INSERT INTO tag VALUES
    (1, 'tea'),
    (2, 'coffee'),
    (3, 'kitchenware'),
    (4, 'organic'),
    (5, 'gift');

INSERT INTO product_tag VALUES
    (1, 1), (1, 3), (1, 5),
    (2, 1), (2, 3),
    (3, 1), (3, 4),
    (4, 2), (4, 3), (4, 5),
    (5, 2), (5, 4),
    (6, 2),
    (7, 4), (7, 5);

INSERT INTO supplier VALUES
    (1, 'Kyoto Leaf', 'Japan'),
    (2, 'Fjord Pottery', 'Norway'),
    (3, 'Torrefazione Rossi', 'Italy'),
    (4, 'Waldimkerei', 'Austria'),
    (5, 'Everything Ltd', 'Ireland');

INSERT INTO offer VALUES
    (1, 3, 6.10),
    (2, 1, 17.00), (2, 2, 3.75),
    (3, 4, 52.00), (3, 5, 11.80), (3, 6, 1.10),
    (4, 7, 4.20),
    (5, 2, 4.10), (5, 6, 0.95), (5, 8, 1.60);

INSERT INTO orders VALUES
    (1, '2026-01-12', 'delivered', 1, 1, 1, 4),
    (2, '2026-01-30', 'delivered', 1, 1, 5, 5),
    (3, '2026-02-03', 'delivered', 2, 2, 2, 4),
    (4, '2026-02-17', 'shipped', 3, 3, 6, NULL),
    (5, '2026-02-20', 'shipped', 1, 1, 5, 2),
    (6, '2026-03-01', 'new', 4, 4, NULL, 5);

INSERT INTO items VALUES
    (1, 1, 1, 1), (1, 2, 2, 4), (1, 3, 3, 2),
    (2, 1, 3, 3), (2, 2, 7, 1),
    (3, 1, 4, 1), (3, 2, 5, 2),
    (4, 1, 5, 1), (4, 2, 6, 2), (4, 3, 8, 1),
    (5, 1, 3, 1), (5, 2, 8, 1),
    (6, 1, 2, 2);

INSERT INTO complaint VALUES
    (1, 1, 2, '2026-01-20', 'one cup arrived broken'),
    (2, 1, 2, '2026-01-27', 'the replacement is green'),
    (3, 3, 1, '2026-02-11', 'grinds too coarse'),
    (4, 4, 3, '2026-02-25', 'the ribbon is missing'),
    (5, 2, 2, '2026-02-05', 'crystallised');

INSERT INTO payment VALUES
    (1, 1, '2026-01-12', 94.10),
    (2, 2, '2026-02-01', 43.50),
    (3, 3, '2026-02-03', 100.00),
    (4, 3, '2026-03-03', 37.00),
    (5, 4, '2026-02-18', 35.40),
    (6, 5, '2026-02-20', 17.00);

COMMIT;

ANALYZE shop.address, shop.customer, shop.loyalty_card, shop.employee,
    shop.product, shop.tag, shop.product_tag, shop.supplier, shop.offer,
    shop.orders, shop.items, shop.complaint, shop.payment;
