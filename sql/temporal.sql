-- What 18 brought: temporal keys lead to many rows on both sides; keys that are
-- not enforced, and NOT NULLs that are not valid, are told as such.
-- (The other expected file is for older servers and those without btree_gist.)
SELECT current_setting('server_version_num')::int < 180000
       OR NOT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'btree_gist') AS skip \gset
\if :skip
\quit
\endif
SET client_min_messages = warning;
CREATE SCHEMA regress_relnav_temporal;
SET search_path = regress_relnav_temporal;
\set SHOW_CONTEXT never
CREATE EXTENSION btree_gist SCHEMA regress_relnav_temporal;

-- A product has one price at a time; an offer lasts over several prices.
CREATE TABLE price (product_id int, valid daterange, amount int,
                    PRIMARY KEY (product_id, valid WITHOUT OVERLAPS));
CREATE TABLE offer (id int, product_id int, during daterange, PRIMARY KEY (id, during WITHOUT OVERLAPS),
                    FOREIGN KEY (product_id, PERIOD during) REFERENCES price (product_id, PERIOD valid));
INSERT INTO price VALUES (1, '[2026-01-01,2026-02-01)', 10), (1, '[2026-02-01,2026-03-01)', 11), (2, '[2026-01-01,2026-03-01)', 20);
INSERT INTO offer VALUES (1, 1, '[2026-01-15,2026-02-15)'), (2, 1, '[2026-01-01,2026-01-05)'), (3, 2, '[2026-02-01,2026-02-02)'),
                         (4, NULL, '[2026-02-01,2026-02-02)');
-- right: offer | price: many-to-many, repeats, no association table, not required;
--        full name: during, the one column that is not named like price's
--        price | offer: many-to-many, repeats
SELECT source, name, full_name, kind, target, association, repeats, required, source_columns, target_columns
  FROM (VALUES ('offer'::regclass), ('price')) AS s(t), relnav.relationships(s.t) ORDER BY source::text COLLATE "C";
SELECT condition FROM relnav.relationships('offer');
SELECT * FROM relnav.describe('offer');
-- right: 1 10, 1 11 (both prices), 2 10, 3 20
SELECT o.id, p.amount FROM offer o, relnav.parent(o, NULL::price) p ORDER BY 1, 2;
-- right: 10 {1, 2}, 11 {1}, 20 {3}
SELECT p.amount, o.id FROM price p, relnav.children(p, NULL::offer) o ORDER BY 1, 2;
-- siblings, as a set: 1 {1, 2}, 2 {1, 2}, 3 {3}
SELECT o.id, s.id FROM offer o, relnav.related(o, NULL::offer, 'price.offer') s ORDER BY 1, 2;
-- by the names: the table, the column, the constraint.  right: 4 each
SELECT count(*) FROM offer o, relnav.parent(o, NULL::price, 'price');
SELECT count(*) FROM offer o, relnav.parent(o, NULL::price, 'during');
SELECT count(*) FROM price p, relnav.children(p, NULL::offer, 'product_id');
-- by key, which here holds a period, too.  right: 1 2; 10 11; none
SELECT o.id FROM relnav.children('price', ROW(1, '[2026-01-01,2026-02-01)'), NULL::offer) o ORDER BY 1;
SELECT p.amount FROM relnav.parent('offer', '(1,"[2026-01-15,2026-02-15)")', NULL::price) p ORDER BY 1;
SELECT p.amount FROM relnav.parent('offer', ROW(1, '[2026-01-15,2026-01-16)'), NULL::price) p;
-- it is no association by itself
SELECT count(*) FROM offer o, relnav.associated(o, NULL::price);
-- WITHOUT OVERLAPS is unique in time only: a plain key stays many-to-one
CREATE TABLE person (id int PRIMARY KEY);
CREATE TABLE job (person_id int REFERENCES person, during daterange, PRIMARY KEY (person_id, during WITHOUT OVERLAPS));
CREATE TABLE stay (person_id int REFERENCES person, during daterange, UNIQUE (person_id, during WITHOUT OVERLAPS));
-- right: job, stay | one-to-many
SELECT name, kind FROM relnav.relationships('person') ORDER BY name COLLATE "C";
-- a link over time: its key holds both keys and a period, so it may repeat; but
-- it is no usable unique index, and it has a third column: no association
CREATE TABLE team (id int PRIMARY KEY);
CREATE TABLE member (person_id int REFERENCES person, team_id int REFERENCES team, during daterange,
                     PRIMARY KEY (person_id, team_id, during WITHOUT OVERLAPS));
-- right: job, member, stay
SELECT name, kind FROM relnav.relationships('person') ORDER BY name COLLATE "C";

-- NOT ENFORCED: navigable, neither valid nor required.
CREATE TABLE loose (id int PRIMARY KEY, person_id int NOT NULL REFERENCES person NOT ENFORCED);
INSERT INTO person VALUES (1), (2);
INSERT INTO loose VALUES (1, 1), (2, 99);
-- right: many-to-one, f, f; f too from the other side
SELECT name, kind, required, validated FROM relnav.relationships('loose');
SELECT name, validated FROM relnav.relationships('person') WHERE name = 'loose';
SELECT name, notes FROM relnav.describe('loose');
-- right: 1 1 only
SELECT l.id, p.id FROM loose l, relnav.parent(l, NULL::person) p;
SELECT p.id, l.id FROM person p, relnav.children(p, NULL::loose) l;
-- enforced and not again, renamed, dropped, added: the cache knows.
-- (all of this tells other sessions of the referencing table only)
DELETE FROM loose WHERE id = 2;
ALTER TABLE loose ALTER CONSTRAINT loose_person_id_fkey ENFORCED;
-- right: t, t
SELECT required, validated FROM relnav.relationships('loose');
ALTER TABLE loose ALTER CONSTRAINT loose_person_id_fkey NOT ENFORCED;
-- right: f, f
SELECT required, validated FROM relnav.relationships('loose');
ALTER TABLE loose RENAME CONSTRAINT loose_person_id_fkey TO lives;
SELECT constraints FROM relnav.relationships('person') WHERE name = 'loose';
ALTER TABLE loose DROP CONSTRAINT lives;
SELECT name FROM relnav.relationships('person') WHERE name = 'loose';
ALTER TABLE loose ADD CONSTRAINT again FOREIGN KEY (person_id) REFERENCES person NOT ENFORCED;
SELECT name, constraints FROM relnav.relationships('person') WHERE name = 'loose';
SELECT count(*) FROM person p, relnav.children(p, NULL::loose, 'again');
-- an enforced one beside it comes first
ALTER TABLE loose ADD CONSTRAINT zz FOREIGN KEY (person_id) REFERENCES person;
-- right: zz, validated
SELECT name, constraints[1], validated FROM relnav.relationships('loose');

-- NOT NULL NOT VALID: there may be NULLs, so it does not make a key required.
CREATE TABLE half (id int PRIMARY KEY, person_id int REFERENCES person);
INSERT INTO half VALUES (1, NULL);
ALTER TABLE half ADD CONSTRAINT nn NOT NULL person_id NOT VALID;
-- right: f; after validation t
SELECT required FROM relnav.relationships('half');
UPDATE half SET person_id = 1;
ALTER TABLE half VALIDATE CONSTRAINT nn;
SELECT required FROM relnav.relationships('half');
-- and it is no key for the keyed form
CREATE TABLE halfkey (code text UNIQUE, person_id int REFERENCES person);
ALTER TABLE halfkey ADD CONSTRAINT nn NOT NULL code NOT VALID;
SELECT * FROM relnav.parent('halfkey', 'x', NULL::person);
ALTER TABLE halfkey VALIDATE CONSTRAINT nn;
SELECT * FROM relnav.parent('halfkey', 'x', NULL::person);

-- Trees do not follow temporal keys, and leave them out of "*(...)"; they do
-- follow keys that are not enforced, and read generated columns of all kinds.
-- right: error; offer 1 alone; 10 person 1, 12 null; 10 both times
SELECT relnav.tree(o, 'id, price(amount)') FROM offer o WHERE id = 1;
SELECT relnav.tree(o, 'id, product_id, *(*)') FROM offer o WHERE id = 1;
CREATE TABLE free (id int PRIMARY KEY, person_id int, twice int GENERATED ALWAYS AS (id * 2) VIRTUAL);
ALTER TABLE free ADD FOREIGN KEY (person_id) REFERENCES person NOT ENFORCED;
INSERT INTO free VALUES (5, 1), (6, 99);
SELECT relnav.tree(f, 'twice, person(id)') FROM free f ORDER BY id;
SELECT relnav.tree('free', 5, '*'), relnav.tree('person', 1, 'free(* order by twice)');

DROP SCHEMA regress_relnav_temporal CASCADE;
