-- The rest of what real schemas hold: every kind of foreign key that there is
-- can be navigated, and its flags are told.
SET client_min_messages = warning;
CREATE SCHEMA regress_relnav_oddities;
SET search_path = regress_relnav_oddities;
\set SHOW_CONTEXT never

-- Identical keys are one relationship, called by the first: validated ones come
-- first, then by name.
CREATE TABLE p (id int PRIMARY KEY, v text, UNIQUE (id, v));
CREATE TABLE twice (id int PRIMARY KEY, p_id int);
ALTER TABLE twice ADD CONSTRAINT a_later FOREIGN KEY (p_id) REFERENCES p NOT VALID;
ALTER TABLE twice ADD CONSTRAINT z_valid FOREIGN KEY (p_id) REFERENCES p ON DELETE CASCADE;
ALTER TABLE twice ADD CONSTRAINT m_valid FOREIGN KEY (p_id) REFERENCES p ON DELETE SET NULL;
INSERT INTO p VALUES (1, 'one'), (2, 'two');
INSERT INTO twice VALUES (1, 1);
-- right: one row each: p, m_valid (validated, and m before z), set null
SELECT name, constraints[1], validated, on_delete FROM relnav.relationships('twice');
SELECT name, constraints[1], validated, on_delete FROM relnav.relationships('p');
-- right: 1 one
SELECT t.id, x.v FROM twice t, relnav.parent(t, NULL::p) x;
-- written in another order of the columns it is the same key.  right: one row, 2 columns
CREATE TABLE twice2 (id int, v text, FOREIGN KEY (id, v) REFERENCES p (id, v),
                     FOREIGN KEY (v, id) REFERENCES p (v, id));
SELECT name, kind, cardinality(source_columns) FROM relnav.relationships('twice2');
-- two keys of a table that are identical do not make it an association.  right: no rows
SELECT name FROM relnav.relationships('p') WHERE kind = 'many-to-many';
DROP TABLE twice, twice2;

-- One column twice in a key.
CREATE TABLE square (x int, y int, name text, PRIMARY KEY (x, y));
CREATE TABLE diagonal (a int, FOREIGN KEY (a, a) REFERENCES square (x, y));
INSERT INTO square VALUES (1, 1, 'one'), (1, 2, 'no'), (2, 2, 'two');
INSERT INTO diagonal VALUES (1), (2);
-- right: {a,a} -> {x,y}, both pairs
SELECT name, kind, source_columns, target_columns, condition FROM relnav.relationships('diagonal');
-- right: 1 one, 2 two; one 1, two 2, and none for (1,2)
SELECT d.a, s.name FROM diagonal d, relnav.parent(d, NULL::square) s ORDER BY 1;
SELECT s.name, d.a FROM square s, relnav.children(s, NULL::diagonal) d ORDER BY 2;
SELECT d.a FROM relnav.children('square', ROW(1, 2), NULL::diagonal) d;
-- unique, it is one-to-one
CREATE UNIQUE INDEX ON diagonal (a);
SELECT name, kind FROM relnav.relationships('diagonal');
DROP TABLE diagonal, square;

-- Two tables that reference each other.
CREATE TABLE hen (id int PRIMARY KEY, egg_id int);
CREATE TABLE egg (id int PRIMARY KEY, hen_id int REFERENCES hen);
ALTER TABLE hen ADD FOREIGN KEY (egg_id) REFERENCES egg;
INSERT INTO hen VALUES (1, NULL);
INSERT INTO egg VALUES (10, 1), (11, 1);
INSERT INTO hen VALUES (2, 10);
UPDATE hen SET egg_id = 11 WHERE id = 1;
-- right: hen | egg (to-one), egg_by_hen; egg | hen (to-one), hen_by_egg
SELECT source, name, kind FROM (VALUES ('hen'::regclass), ('egg')) AS s(t), relnav.relationships(s.t)
 ORDER BY source::text COLLATE "C", name COLLATE "C";
-- right: hen 1 came from egg 11 of hen 1, hen 2 from egg 10 of hen 1
SELECT h.id, e.id, m.id FROM hen h, relnav.parent(h, NULL::egg) e, relnav.parent(e, NULL::hen) m ORDER BY 1;
SELECT h.id, m.id FROM hen h, relnav.related(h, NULL::hen, 'egg.hen') m ORDER BY 1;
-- right: 1 {10, 11}; 1 {1, 2} (the hens of its eggs)
SELECT h.id, e.id FROM hen h, relnav.children(h, NULL::egg) e ORDER BY 2;
SELECT h.id, c.id FROM hen h, relnav.related(h, NULL::hen, 'egg_by_hen.hen_by_egg') c ORDER BY 2;
-- both ways at once is ambiguous for related, and not for parent or children
SELECT count(*) FROM hen h, relnav.related(h, NULL::egg) e;
DROP TABLE hen, egg CASCADE;

-- Not valid, with orphans: an orphan has no parent, and that is no error.
CREATE TABLE loose (id int PRIMARY KEY, p_id int);
INSERT INTO loose VALUES (1, 1), (2, 99), (3, NULL);
ALTER TABLE loose ADD FOREIGN KEY (p_id) REFERENCES p NOT VALID;
-- right: not validated, not required
SELECT name, kind, validated, required FROM relnav.relationships('loose');
SELECT name, notes FROM relnav.describe('loose');
-- right: 1 one only; one 1
SELECT l.id, x.v FROM loose l, relnav.parent(l, NULL::p) x ORDER BY 1;
SELECT x.v, l.id FROM p x, relnav.children(x, NULL::loose) l ORDER BY 2;
-- through orphans nothing is reached: 2 has no siblings.  right: 1 1
SELECT l.id, s.id FROM loose l, relnav.related(l, NULL::loose, 'p.loose') s ORDER BY 1;
-- NOT NULL does not make it required before it is validated
DELETE FROM loose WHERE id > 1;
ALTER TABLE loose ALTER p_id SET NOT NULL;
SELECT required FROM relnav.relationships('loose');
ALTER TABLE loose VALIDATE CONSTRAINT loose_p_id_fkey;
SELECT required FROM relnav.relationships('loose');
DROP TABLE loose;

-- Deferrable keys: inside the transaction a parent may be missing.
CREATE TABLE late (id int PRIMARY KEY, p_id int NOT NULL REFERENCES p DEFERRABLE INITIALLY DEFERRED);
BEGIN;
INSERT INTO late VALUES (1, 3);
-- right: none; then three
SELECT x.v FROM late l, relnav.parent(l, NULL::p) x;
INSERT INTO p VALUES (3, 'three');
SELECT x.v FROM late l, relnav.parent(l, NULL::p) x;
ROLLBACK;
-- right: many-to-one, required
SELECT name, kind, required FROM relnav.relationships('late');
DROP TABLE late;

-- MATCH FULL, SET NULL of one column, ON UPDATE.
CREATE TABLE full_ (id int PRIMARY KEY, p_id int, p_v text,
                    FOREIGN KEY (p_id, p_v) REFERENCES p (id, v) MATCH FULL ON UPDATE CASCADE);
CREATE TABLE part (id int PRIMARY KEY, p_id int, p_v text,
                   FOREIGN KEY (p_id, p_v) REFERENCES p (id, v) ON DELETE SET NULL (p_v));
INSERT INTO full_ VALUES (1, 1, 'one'), (2, NULL, NULL);
INSERT INTO part VALUES (1, 2, 'two'), (2, 2, NULL);
-- right: full_ no action, part set null
SELECT name, kind, on_delete FROM relnav.relationships('p') ORDER BY name COLLATE "C";
-- right: 1 one; 1 two
SELECT f.id, x.v FROM full_ f, relnav.parent(f, NULL::p) x;
SELECT f.id, x.v FROM part f, relnav.parent(f, NULL::p) x;
DROP TABLE full_, part;

-- A key to a link table, and a link between a table and a link.
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (id int PRIMARY KEY);
CREATE TABLE ab (a_id int REFERENCES a, b_id int REFERENCES b, PRIMARY KEY (a_id, b_id));
CREATE TABLE tag (id int PRIMARY KEY);
CREATE TABLE ab_tag (a_id int, b_id int, tag_id int REFERENCES tag,
                     FOREIGN KEY (a_id, b_id) REFERENCES ab, PRIMARY KEY (a_id, b_id, tag_id));
INSERT INTO a VALUES (1), (2); INSERT INTO b VALUES (1), (2); INSERT INTO tag VALUES (7), (8);
INSERT INTO ab VALUES (1, 1), (1, 2), (2, 2);
INSERT INTO ab_tag VALUES (1, 1, 7), (1, 2, 7), (2, 2, 8);
-- right: ab | a, ab_tag, b, tag; tag | ab, ab_tag
SELECT source, name, kind, association FROM (VALUES ('ab'::regclass), ('tag')) AS s(t), relnav.relationships(s.t)
 ORDER BY source::text COLLATE "C", name COLLATE "C";
-- right: 1 {7}, 2 {8}: a's tags, each once
SELECT a.id, t.id FROM a, relnav.related(a, NULL::tag, 'ab.tag') t ORDER BY 1, 2;
-- right: 7 {1}, 8 {2}
SELECT t.id, x.id FROM tag t, relnav.related(t, NULL::a, 'ab.a') x ORDER BY 1, 2;
DROP TABLE ab_tag, tag, ab, a, b;

-- Constraints of one name on two tables are two keys.
CREATE TABLE c1 (id int PRIMARY KEY, p_id int CONSTRAINT fk_p REFERENCES p);
CREATE TABLE c2 (id int PRIMARY KEY, p_id int CONSTRAINT fk_p REFERENCES p);
INSERT INTO c1 VALUES (1, 1); INSERT INTO c2 VALUES (2, 2);
-- right: one 1; two 2
SELECT x.v, c.id FROM p x, relnav.children(x, NULL::c1, 'fk_p') c;
SELECT x.v, c.id FROM p x, relnav.children(x, NULL::c2, 'fk_p') c;
DROP TABLE c1, c2;

-- Tables without any key, without any row, without any column.
CREATE TABLE empty (p_id int REFERENCES p);
CREATE TABLE bare ();
-- right: 0, 0, 0
SELECT count(*) FROM p x, relnav.children(x, NULL::empty);
SELECT count(*) FROM relnav.relationships('bare');
SELECT count(*) FROM relnav.describe('bare');
DROP TABLE empty, bare;

-- Unlogged tables, tables with row security, rules and triggers, a typed table.
CREATE TYPE rowtype AS (id int, p_id int);
CREATE TABLE typed OF rowtype (PRIMARY KEY (id), FOREIGN KEY (p_id) REFERENCES p);
CREATE UNLOGGED TABLE fast (id int PRIMARY KEY, typed_id int REFERENCES typed);
INSERT INTO typed VALUES (1, 2);
INSERT INTO fast VALUES (5, 1);
-- right: 5 two
SELECT f.id, x.v FROM fast f, relnav.related(f, NULL::p, 'typed.p') x;
DROP TABLE fast, typed;

-- A sequence, an index, a composite type and a view are no tables to start from
-- (views come later); asked for their relationships they have none, or say so.
CREATE SEQUENCE seq;
SELECT * FROM relnav.relationships('seq');
SELECT * FROM relnav.relationships('p_pkey');
SELECT * FROM relnav.relationships('rowtype');
DROP SEQUENCE seq;

-- describe is for people: what matters, in at most 100 columns.
CREATE SCHEMA regress_relnav_shop;
SET search_path = regress_relnav_shop;
CREATE TABLE customer (id int PRIMARY KEY);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customer ON DELETE CASCADE,
                     replaces_id int REFERENCES orders);
CREATE TABLE tag (id int PRIMARY KEY);
CREATE TABLE order_tag (order_id int REFERENCES orders, tag_id int REFERENCES tag, at date,
                        PRIMARY KEY (order_id, tag_id, at));
ALTER TABLE tag ADD orders_id int;
ALTER TABLE tag ADD FOREIGN KEY (orders_id) REFERENCES orders NOT VALID;
-- right, in some order of the notes:
--   customer            many-to-one   customer               required, on delete cascade
--   order_tag           one-to-many   order_tag
--   orders_by_replaces  one-to-many   orders                 no index
--   replaces            many-to-one   orders
--   tag                 one-to-many   tag                    no index, not valid
--   tag_via_order_tag   many-to-many  tag        order_tag   repeats
SELECT * FROM relnav.describe('orders');
SELECT max(length(name)) + max(length(kind)) + max(length(target::text)) + max(length(through::text))
       + max(length(notes)) + 14 <= 100 AS fits_the_screen
  FROM relnav.describe('orders');

-- The document says the same as the list, for programs: every relationship of
-- the schema is in it, and nothing depends on the search_path.
SELECT relnav.model('regress_relnav_shop') AS model1 \gset
SET search_path = pg_catalog;
SELECT relnav.model('regress_relnav_shop')::text = :'model1' AS same_document;
SET search_path = regress_relnav_shop;
SELECT bool_and(:'model1' LIKE '%' || to_json(r.name)::text || '%') AS has_all_names,
       bool_and(:'model1' LIKE '%' || to_json(c)::text || '%') AS has_all_constraints
  FROM relnav.relationships() r, unnest(r.constraints) c
 WHERE r.source::text NOT LIKE '%.%';
DROP TABLE order_tag, tag;
ALTER TABLE orders DROP replaces_id;
\pset format unaligned
\pset tuples_only on
SELECT jsonb_pretty(relnav.model('regress_relnav_shop')::jsonb);
\pset format aligned
\pset tuples_only off
DROP SCHEMA regress_relnav_shop CASCADE;
SET search_path = regress_relnav_oddities;

DROP SCHEMA regress_relnav_oddities CASCADE;
