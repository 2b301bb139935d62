-- A relationship can be meant by any of its names, the first tier with a match
-- decides, and two matches in a tier are an error that lists them.
SET client_min_messages = warning;
CREATE SCHEMA regress_relnav_selectors;
SET search_path = regress_relnav_selectors;
\set SHOW_CONTEXT never

CREATE TABLE person (id int PRIMARY KEY, name text);
CREATE TABLE letter (id int PRIMARY KEY,
                     sender_id int CONSTRAINT written_by REFERENCES person,
                     receiver_id int CONSTRAINT sent_to REFERENCES person);
CREATE TABLE stamp (id int PRIMARY KEY, letter_id int REFERENCES letter, value int);
INSERT INTO person VALUES (1, 'Ann'), (2, 'Bob'), (3, 'Cy');
INSERT INTO letter VALUES (10, 1, 2), (11, 1, 3), (12, 2, 1);
INSERT INTO stamp VALUES (100, 10, 5), (101, 12, 6);

-- Forwards.  right: 10 Ann, 11 Ann, 12 Bob, by each of: the listed name (the
-- stem), the full name (the column), the constraint
SELECT l.id, p.name FROM letter l, relnav.parent(l, NULL::person, 'sender') p ORDER BY 1;
SELECT l.id, p.name FROM letter l, relnav.parent(l, NULL::person, 'sender_id') p ORDER BY 1;
SELECT l.id, p.name FROM letter l, relnav.parent(l, NULL::person, 'written_by') p ORDER BY 1;
-- Backwards.  right: Ann 10, Ann 11, Bob 12, by each of: the listed name (the
-- full one), the stem, the column, the constraint
SELECT p.name, l.id FROM person p, relnav.children(p, NULL::letter, 'letter_by_sender') l ORDER BY 2;
SELECT p.name, l.id FROM person p, relnav.children(p, NULL::letter, 'sender') l ORDER BY 2;
SELECT p.name, l.id FROM person p, relnav.children(p, NULL::letter, 'sender_id') l ORDER BY 2;
SELECT p.name, l.id FROM person p, relnav.children(p, NULL::letter, 'written_by') l ORDER BY 2;
-- The short name that both lost names both: an error with the candidates.
SELECT p.name, l.id FROM person p, relnav.children(p, NULL::letter, 'letter') l;
SELECT p.name, l.id FROM person p, relnav.related(p, NULL::letter, 'letter') l;
-- No name at all, the same.
SELECT p.name, l.id FROM person p, relnav.children(p, NULL::letter) l;
-- In a path every hop takes any of these names.  right: 100 Ann, 101 Bob, each time
SELECT s.id, p.name FROM stamp s, relnav.related(s, NULL::person, 'letter.sender') p ORDER BY 1;
SELECT s.id, p.name FROM stamp s, relnav.related(s, NULL::person, 'letter_id.sender_id') p ORDER BY 1;
SELECT s.id, p.name FROM stamp s, relnav.related(s, NULL::person, 'stamp_letter_id_fkey.written_by') p ORDER BY 1;
SELECT p.name, s.id FROM person p, relnav.related(p, NULL::stamp, 'sender.stamp') s ORDER BY 2;
SELECT p.name, s.id FROM person p, relnav.related(p, NULL::stamp, 'sender_id.letter_id') s ORDER BY 2;
SELECT p.name, s.id FROM person p, relnav.related(p, NULL::stamp, 'letter_by_sender.stamp_by_letter') s ORDER BY 2;
-- A direction leaves only its own: a child's name is none for parent.
SELECT l.id FROM letter l, relnav.parent(l, NULL::person, 'stamp') p;
SELECT p.id FROM person p, relnav.children(p, NULL::stamp, 'letter_by_sender') s;
DROP TABLE stamp;

-- The last hop knows its target: one name for two relationships is no question
-- if only one of them leads there.
CREATE TABLE parcel (id int PRIMARY KEY, sender_id int REFERENCES person);
INSERT INTO parcel VALUES (20, 1), (21, 3);
-- right: Ann 20, Cy 21; Ann 10 11, Bob 12
SELECT p.name, x.id FROM person p, relnav.related(p, NULL::parcel, 'sender') x ORDER BY 2;
SELECT p.name, x.id FROM person p, relnav.related(p, NULL::letter, 'sender') x ORDER BY 2;
-- without the target both are meant
SELECT relnav.query('person', 'sender');
SELECT relnav.query('person', 'sender_id');
-- and a hop in the middle does not know where it leads
SELECT count(*) FROM person p, relnav.related(p, NULL::person, 'sender.receiver') x;
SELECT count(*) FROM person p, relnav.related(p, NULL::person, 'letter_by_sender.receiver') x;
DROP TABLE parcel;


-- Tiers, from the first to the last, each beaten by the one before.
CREATE TABLE p (id int PRIMARY KEY, code int UNIQUE, v text);
CREATE TABLE c (id int PRIMARY KEY,
                a_id int CONSTRAINT b REFERENCES p,      -- listed a, full a_id, constraint b
                b_id int CONSTRAINT b_id2 REFERENCES p,  -- listed b, full b_id
                d_id int CONSTRAINT a_id REFERENCES p);  -- listed d, full d_id, constraint a_id
INSERT INTO p VALUES (1, 10, 'one'), (2, 20, 'two'), (3, 30, 'three');
INSERT INTO c VALUES (1, 1, 2, 3);
-- listed name before constraint: b is that of b_id.  right: two
SELECT x.v FROM c, relnav.parent(c, NULL::p, 'b') x;
-- full name before constraint: a_id is that of a.  right: one
SELECT x.v FROM c, relnav.parent(c, NULL::p, 'a_id') x;
-- nothing but a constraint.  right: two
SELECT x.v FROM c, relnav.parent(c, NULL::p, 'b_id2') x;
-- backwards, the stem before the constraint: b is b_id's stem.  right: 2
SELECT p.id FROM p, relnav.children(p, NULL::c, 'b') x;
-- the column before the constraint: a_id is the column of a.  right: 1
SELECT p.id FROM p, relnav.children(p, NULL::c, 'a_id') x;
DROP TABLE c;

-- One name in three tiers.  u has a parent by the column c_id, listed as c; so
-- its child c is listed as c_by_q; and the stem of its child w is c.
CREATE TABLE t (id int PRIMARY KEY);
CREATE TABLE u (id int PRIMARY KEY, t_id int REFERENCES t);
CREATE TABLE c (id int PRIMARY KEY, q_id int REFERENCES u);
ALTER TABLE u ADD c_id int REFERENCES t;
CREATE TABLE w (id int PRIMARY KEY, c_id int REFERENCES u);
INSERT INTO t VALUES (1); INSERT INTO u VALUES (1, 1, 1); INSERT INTO c VALUES (7, 1); INSERT INTO w VALUES (8, 1);
-- right: c | many-to-one, c_by_q | one-to-many, t, w
SELECT name, kind FROM relnav.relationships('u') ORDER BY name COLLATE "C";
-- right: to t by the listed name; to c by the lost short name; to w by its stem
SELECT x.id FROM u, relnav.related(u, NULL::t, 'c') x;
SELECT x.id FROM u, relnav.related(u, NULL::c, 'c') x;
SELECT x.id FROM u, relnav.related(u, NULL::w, 'c') x;
-- children only looks backwards: no listed name c there; right: 7
SELECT x.id FROM u, relnav.children(u, NULL::c, 'c') x;
-- without a target the listed name decides.  right: the parent t
SELECT relnav.query('u', 'c');
DROP TABLE w, c, u, t;

-- The stem tier: two of one stem are an error with the candidates.
CREATE TABLE e (id int PRIMARY KEY, home_id int REFERENCES p, home_code int REFERENCES p (code));
INSERT INTO e VALUES (5, 1, 20);
SELECT x.v FROM e, relnav.parent(e, NULL::p, 'home') x;
-- the columns tell them apart.  right: one, two
SELECT x.v FROM e, relnav.parent(e, NULL::p, 'home_id') x;
SELECT x.v FROM e, relnav.parent(e, NULL::p, 'home_code') x;
DROP TABLE e;

-- A column of a composite key names it, as long as only one has it.
CREATE TABLE crate (a int, b int, PRIMARY KEY (a, b));
CREATE TABLE slot (id int PRIMARY KEY, a int, b1 int, b2 int,
                   CONSTRAINT k1 FOREIGN KEY (a, b1) REFERENCES crate,
                   CONSTRAINT k2 FOREIGN KEY (a, b2) REFERENCES crate);
INSERT INTO crate VALUES (1, 1), (1, 2);
INSERT INTO slot VALUES (1, 1, 1, 2);
-- right: (1,1), (1,2); error: both have a
SELECT x FROM slot s, relnav.parent(s, NULL::crate, 'b1') x;
SELECT x FROM slot s, relnav.parent(s, NULL::crate, 'b2') x;
SELECT x FROM slot s, relnav.parent(s, NULL::crate, 'a') x;
SELECT count(*) FROM crate t, relnav.children(t, NULL::slot, 'b2') x;
-- the stem of both is crate: an error with their listed names, b1 and b2
SELECT x FROM slot s, relnav.parent(s, NULL::crate, 'crate') x;
DROP TABLE slot, crate;

-- Identical keys are one relationship; every constraint's name is accepted.
CREATE TABLE d (id int PRIMARY KEY, p_id int CONSTRAINT first_one REFERENCES p CONSTRAINT second_one REFERENCES p);
INSERT INTO d VALUES (1, 3);
-- right: three, three, three
SELECT x.v FROM d, relnav.parent(d, NULL::p) x;
SELECT x.v FROM d, relnav.parent(d, NULL::p, 'first_one') x;
SELECT x.v FROM d, relnav.parent(d, NULL::p, 'second_one') x;
SELECT count(*) FROM p, relnav.children(p, NULL::d, 'second_one') x;
DROP TABLE d;

-- Self-references.
CREATE TABLE employee (id int PRIMARY KEY, manager_id int CONSTRAINT reports_to REFERENCES employee);
INSERT INTO employee VALUES (1, NULL), (2, 1), (3, 2);
-- up: right: 2 1, 3 2, five times
SELECT e.id, x.id FROM employee e, relnav.parent(e, NULL::employee) x ORDER BY 1;
SELECT e.id, x.id FROM employee e, relnav.parent(e, NULL::employee, 'manager') x ORDER BY 1;
SELECT e.id, x.id FROM employee e, relnav.parent(e, NULL::employee, 'reports_to') x ORDER BY 1;
SELECT e.id, x.id FROM employee e, relnav.related(e, NULL::employee, 'manager') x ORDER BY 1;
SELECT e.id, x.id FROM employee e, relnav.related(e, NULL::employee, 'manager_id') x ORDER BY 1;
-- down: right: 1 2, 2 3, five times
SELECT e.id, x.id FROM employee e, relnav.children(e, NULL::employee) x ORDER BY 1;
SELECT e.id, x.id FROM employee e, relnav.children(e, NULL::employee, 'manager') x ORDER BY 1;
SELECT e.id, x.id FROM employee e, relnav.children(e, NULL::employee, 'manager_id') x ORDER BY 1;
SELECT e.id, x.id FROM employee e, relnav.children(e, NULL::employee, 'employee_by_manager') x ORDER BY 1;
SELECT e.id, x.id FROM employee e, relnav.related(e, NULL::employee, 'employee_by_manager') x ORDER BY 1;
-- related goes either way: the constraint and no name at all are both
SELECT e.id, x.id FROM employee e, relnav.related(e, NULL::employee, 'reports_to') x ORDER BY 1;
SELECT e.id, x.id FROM employee e, relnav.related(e, NULL::employee) x ORDER BY 1;
DROP TABLE employee;


-- Associations: listed name, full name, stem and column of the far key, its
-- constraint, and, in associated, the association table.
CREATE TABLE item (id int PRIMARY KEY, name text);
CREATE TABLE owns (person_id int REFERENCES person, item_id int CONSTRAINT owned REFERENCES item,
                   PRIMARY KEY (person_id, item_id));
INSERT INTO item VALUES (1, 'cat'), (2, 'hat');
INSERT INTO owns VALUES (1, 1), (1, 2), (2, 2);
-- right: Ann cat, Ann hat, Bob hat, six times
SELECT p.name, i.name FROM person p, relnav.associated(p, NULL::item) i ORDER BY 1, 2;
SELECT p.name, i.name FROM person p, relnav.associated(p, NULL::item, 'item') i ORDER BY 1, 2;
SELECT p.name, i.name FROM person p, relnav.associated(p, NULL::item, 'item_via_owns') i ORDER BY 1, 2;
SELECT p.name, i.name FROM person p, relnav.associated(p, NULL::item, 'owns') i ORDER BY 1, 2;
SELECT p.name, i.name FROM person p, relnav.associated(p, NULL::item, 'item_id') i ORDER BY 1, 2;
SELECT p.name, i.name FROM person p, relnav.associated(p, NULL::item, 'owned') i ORDER BY 1, 2;
-- in a path the table's name is the child.  right: 3 rows of owns; then an error,
-- as owns does not lead to item
SELECT count(*) FROM person p, relnav.related(p, NULL::owns, 'owns') i;
SELECT count(*) FROM person p, relnav.related(p, NULL::item, 'owns') i;
-- two associations: without a name an error; each by its table
CREATE TABLE likes (person_id int REFERENCES person, item_id int REFERENCES item, PRIMARY KEY (person_id, item_id));
INSERT INTO likes VALUES (3, 1);
SELECT p.name, i.name FROM person p, relnav.associated(p, NULL::item) i;
SELECT p.name, i.name FROM person p, relnav.associated(p, NULL::item, 'item') i;
SELECT p.name, i.name FROM person p, relnav.associated(p, NULL::item, 'likes') i;
SELECT p.name, i.name FROM person p, relnav.related(p, NULL::item, 'item_via_likes') i;
-- a table with the keys to both, but no association by itself, may be named.
-- right: Bob cat, once
CREATE TABLE sale (id int PRIMARY KEY, person_id int REFERENCES person, item_id int REFERENCES item);
INSERT INTO sale VALUES (1, 2, 1), (2, 2, 1), (3, NULL, 2);
SELECT p.name, i.name FROM person p, relnav.associated(p, NULL::item, 'sale') i;
SELECT i.name, p.name FROM item i, relnav.associated(i, NULL::person, 'sale') p;
SELECT i.name FROM relnav.associated('person', 2, NULL::item, 'sale') i;
-- but not if it has two keys to one side and so could mean either
ALTER TABLE sale ADD buyer_id int REFERENCES person;
SELECT p.name, i.name FROM person p, relnav.associated(p, NULL::item, 'sale') i;
-- a table that has no key to one of them is none
SELECT p.name, i.name FROM person p, relnav.associated(p, NULL::item, 'letter') i;
DROP TABLE sale, likes, owns, item;

-- A self link: the far key's stem; the table names both ways.
CREATE TABLE knows (knower_id int REFERENCES person, known_id int REFERENCES person, PRIMARY KEY (knower_id, known_id));
INSERT INTO knows VALUES (1, 2), (2, 3);
-- right: Ann Bob, Bob Cy; then Bob Ann, Cy Bob
SELECT p.name, x.name FROM person p, relnav.associated(p, NULL::person, 'known') x ORDER BY 1;
SELECT p.name, x.name FROM person p, relnav.associated(p, NULL::person, 'knower') x ORDER BY 1;
SELECT p.name, x.name FROM person p, relnav.related(p, NULL::person, 'known_via_knows_by_knower') x ORDER BY 1;
-- right: errors
SELECT p.name, x.name FROM person p, relnav.associated(p, NULL::person) x ORDER BY 1;
SELECT p.name, x.name FROM person p, relnav.associated(p, NULL::person, 'knows') x ORDER BY 1;
DROP TABLE knows;

-- Blanks, cases and quotes: a name is what is written.
CREATE TABLE "Odd Name" (id int PRIMARY KEY, person_id int REFERENCES person, "Person_id" int REFERENCES person);
INSERT INTO "Odd Name" VALUES (1, 1, 2);
-- right: Ann, Bob, Bob; then an error
SELECT p.name FROM "Odd Name" o, relnav.parent(o, NULL::person, 'person') p;
SELECT p.name FROM "Odd Name" o, relnav.parent(o, NULL::person, 'Person') p;
SELECT p.name FROM "Odd Name" o, relnav.parent(o, NULL::person, '"Person"') p;
SELECT p.name FROM "Odd Name" o, relnav.parent(o, NULL::person, 'PERSON') p;
-- right: Ann 1; Bob 1
SELECT p.name, o.id FROM person p, relnav.children(p, NULL::"Odd Name", '"Odd Name_by_person"') o;
SELECT p.name, o.id FROM person p, relnav.children(p, NULL::"Odd Name", '"Odd Name_by_Person"') o;
DROP TABLE "Odd Name";

DROP SCHEMA regress_relnav_selectors CASCADE;
