-- Plain inheritance: keys are the parent's alone, and so are the rows that
-- they lead to.
SET client_min_messages = warning;
CREATE SCHEMA regress_relnav_inheritance;
SET search_path = regress_relnav_inheritance;

CREATE TABLE owner (id int PRIMARY KEY, name text);
CREATE TABLE company (vat text) INHERITS (owner);
CREATE TABLE animal (id int PRIMARY KEY, owner_id int REFERENCES owner, name text);
CREATE TABLE dog (bark text) INHERITS (animal);
CREATE TABLE cat (meow text, owner_id int REFERENCES owner) INHERITS (animal);
CREATE TABLE trick (animal_id int REFERENCES animal, what text);
INSERT INTO owner VALUES (1, 'Ann'), (2, 'Bob');
INSERT INTO company VALUES (1, 'Ann Ltd', 'x'), (3, 'Cats Ltd', 'y');
INSERT INTO animal VALUES (1, 1, 'hen'), (2, 2, 'cow');
INSERT INTO dog VALUES (3, 1, 'Rex'), (4, 3, 'Max');
INSERT INTO cat VALUES (5, 2, 'Tom');
INSERT INTO trick VALUES (1, 'cackle'), (2, 'moo');

-- right: animal, trick, owner as declared; cat has a key of its own; dog and
-- company have none
SELECT source, name, kind, target
  FROM (VALUES ('owner'::regclass), ('company'), ('animal'), ('dog'), ('cat'), ('trick')) AS s(t),
       relnav.relationships(s.t)
 ORDER BY source::text COLLATE "C", name COLLATE "C";

-- Only the rows that the key governs: no dog, no company.
-- right: Ann hen, Bob cow; then hen Ann, cow Bob (ONLY); Bob Tom
SELECT o.name, a.name FROM ONLY owner o, relnav.children(o, NULL::animal) a ORDER BY 1, 2;
SELECT a.name, o.name FROM ONLY animal a, relnav.parent(a, NULL::owner) o ORDER BY 1, 2;
SELECT o.name, c.name FROM ONLY owner o, relnav.children(o, NULL::cat) c ORDER BY 1, 2;
-- the same as the server's own check reads
SELECT o.name, a.name FROM ONLY owner o JOIN ONLY animal a ON a.owner_id = o.id ORDER BY 1, 2;
-- on the way, too: nobody's dog does tricks.  right: Ann cackle, Bob moo
INSERT INTO dog VALUES (1, 2, 'not the hen');
SELECT o.name, t.what FROM ONLY owner o, relnav.related(o, NULL::trick, 'animal.trick') t ORDER BY 1, 2;
-- and by key.  right: hen; Ann (not Ann Ltd)
SELECT a.name FROM relnav.children('owner', 1, NULL::animal) a ORDER BY 1;
SELECT o.name FROM relnav.parent('animal', 1, NULL::owner) o ORDER BY 1;
-- a row read as an animal is one, wherever it is stored: only its key is read.
-- right: hen Ann, Rex Ann
SELECT a.name, o.name FROM animal a, relnav.parent(a, NULL::owner) o WHERE a.owner_id = 1 ORDER BY a.name COLLATE "C";

-- A dog by itself has no key; as an animal it may be used.
SELECT d.name FROM dog d, relnav.parent(d, NULL::owner) o;
-- right: Rex Ann, not the hen Bob
SELECT d.name, o.name FROM dog d, relnav.parent(d::animal, NULL::owner) o ORDER BY d.name COLLATE "C";

-- ONLY is written where it makes a difference, and nowhere else.
SELECT relnav.query('owner', 1, 'animal.trick');
SELECT relnav.query('trick', 'animal.owner');
-- Without inheritance children there is no ONLY any more.
DROP TABLE dog, cat, company;
SELECT relnav.query('owner', 1, 'animal.trick');

-- A link whose tables have inheritance children.
CREATE TABLE tag (id int PRIMARY KEY, name text);
CREATE TABLE tagged (animal_id int REFERENCES animal, tag_id int REFERENCES tag, PRIMARY KEY (animal_id, tag_id));
CREATE TABLE tag2 () INHERITS (tag);
CREATE TABLE tagged2 () INHERITS (tagged);
INSERT INTO tag VALUES (1, 'big'), (2, 'small');
INSERT INTO tag2 VALUES (1, 'BIG');
INSERT INTO tagged VALUES (1, 2), (2, 1);
INSERT INTO tagged2 VALUES (1, 1);
-- right: hen small, cow big
SELECT a.name, t.name FROM animal a, relnav.associated(a, NULL::tag) t ORDER BY 1 DESC, 2;
SELECT t.name, a.name FROM ONLY tag t, relnav.associated(t, NULL::animal) a ORDER BY 1, 2;
-- the child tables as such have nothing.  right: 0
SELECT count(*) FROM relnav.relationships('tagged2');

-- Several parents, and a table that is a parent only now and then.
CREATE TABLE pet (owner_id int REFERENCES owner);
CREATE TABLE hamster (name text) INHERITS (pet, animal);
INSERT INTO hamster (id, owner_id, name) VALUES (9, 1, 'Ham');
-- right: 0 relationships; Ann has no pet and one animal (hen), then one pet
SELECT count(*) FROM relnav.relationships('hamster');
SELECT count(*) FROM relnav.children('owner', 1, NULL::pet);
SELECT count(*) FROM relnav.children('owner', 1, NULL::animal);
ALTER TABLE hamster NO INHERIT pet;
INSERT INTO pet VALUES (1);
SELECT count(*) FROM relnav.children('owner', 1, NULL::pet);

-- A view of a table that others inherit has none of its relationships, until
-- the last of them goes.  right: none, none, owner
CREATE TABLE plant (id int PRIMARY KEY, owner_id int REFERENCES owner);
CREATE TABLE tree () INHERITS (plant);
CREATE TABLE bush () INHERITS (plant);
CREATE VIEW green AS SELECT * FROM plant;
SELECT name FROM relnav.describe('green');
DROP TABLE tree;
SELECT name FROM relnav.describe('green');
DROP TABLE bush;
SELECT name FROM relnav.describe('green');
-- and one that comes.  right: none
CREATE TABLE moss () INHERITS (plant);
SELECT name FROM relnav.describe('green');
-- right: owner
ALTER TABLE moss NO INHERIT plant;
SELECT name FROM relnav.describe('green');

DROP SCHEMA regress_relnav_inheritance CASCADE;
