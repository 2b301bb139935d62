-- What \df+ says of a function ends with an example, and each can be run.
SET client_min_messages = warning;
CREATE SCHEMA shop;
SET search_path = shop;
CREATE TABLE customer (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE address (id int PRIMARY KEY, country text NOT NULL);
CREATE TABLE supplier (id int PRIMARY KEY, country text NOT NULL);
CREATE TABLE employee (id int PRIMARY KEY, name text NOT NULL, manager_id int REFERENCES employee);
CREATE TABLE product (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE offer (supplier_id int REFERENCES supplier, product_id int REFERENCES product,
    PRIMARY KEY (supplier_id, product_id));
CREATE TABLE tag (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE product_tag (product_id int REFERENCES product, tag_id int REFERENCES tag,
    PRIMARY KEY (product_id, tag_id));
CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customer,
    billing_address_id int NOT NULL REFERENCES address, shipping_address_id int REFERENCES address,
    salesperson_id int REFERENCES employee);
CREATE TABLE items (order_id int REFERENCES orders, line_no int, product_id int NOT NULL REFERENCES product,
    quantity int NOT NULL, PRIMARY KEY (order_id, line_no));
INSERT INTO customer VALUES (1, 'Ada'), (2, 'Ben');
INSERT INTO address VALUES (1, 'Norway');
INSERT INTO supplier VALUES (1, 'Norway');
INSERT INTO employee VALUES (1, 'Eva', NULL), (2, 'Fay', 1), (3, 'Gus', 2);
INSERT INTO product VALUES (1, 'Tea');
INSERT INTO offer VALUES (1, 1);
INSERT INTO tag VALUES (1, 'green');
INSERT INTO product_tag VALUES (1, 1);
INSERT INTO orders VALUES (1, 1, 1, 1, 3), (2, 1, 1, NULL, NULL);
INSERT INTO items VALUES (1, 1, 1, 2);

-- In the order of the script, so that something is declared when it is taken
-- back.
CREATE FUNCTION pg_temp.rows_of(query text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    n bigint;
BEGIN
    EXECUTE query;
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END $$;
BEGIN;
-- right: null for what only the extension itself and the server call; f for
-- declaration_problem, as nothing is declared yet
WITH explained AS MATERIALIZED (
    SELECT p.oid, obj_description(p.oid, 'pg_proc') AS description
      FROM pg_depend d
      JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid
      JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
     WHERE e.extname = 'relnav' AND d.deptype = 'e'
     ORDER BY p.oid)
SELECT oid::regprocedure AS function,
       CASE WHEN description LIKE E'%\nExample: %' THEN
           pg_temp.rows_of(split_part(description, E'\nExample: ', 2)) > 0 END AS gives_rows
  FROM explained;
ROLLBACK;

-- One of them, as psql shows it.
\pset format unaligned
\pset tuples_only on
SELECT obj_description('relnav.children(anyelement, anycompatible, text)'::regprocedure, 'pg_proc');

DROP SCHEMA shop CASCADE;
