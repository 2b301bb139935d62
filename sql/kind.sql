-- Every schema that tools get wrong gets its right kind of relationship.
SET client_min_messages = warning;
CREATE SCHEMA regress_relnav_kind;
SET search_path = regress_relnav_kind;

-- What is compared below: one line a relationship, as seen from its source.
CREATE FUNCTION kinds(VARIADIC sources regclass[])
RETURNS TABLE (source regclass, name text, kind text, target regclass, through regclass, flags text)
LANGUAGE sql AS $$
    SELECT r.source, r.name, r.kind, r.target, r.association,
           concat_ws(', ', CASE WHEN r.required THEN 'required' END,
                           CASE WHEN r.repeats THEN 'repeats' END,
                           CASE WHEN NOT r.validated THEN 'not valid' END,
                           CASE WHEN NOT r.indexed THEN 'no index' END)
      FROM unnest(sources) AS s, relnav.relationships(s) AS r
     ORDER BY s::text COLLATE "C", r.name COLLATE "C";
$$;


-- A foreign key is many-to-one, and one-to-many from the other side.
-- required: every order has a customer, as the column is NOT NULL; index: none
-- on orders.customer_id, the primary key of customer the other way.
CREATE TABLE customer (id int PRIMARY KEY);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customer);
-- right: customer | orders   | one-to-many | orders   | no index
--        orders   | customer | many-to-one | customer | required
SELECT * FROM kinds('customer', 'orders');

-- A plain index changes nothing but "indexed".
CREATE INDEX ON orders (customer_id);
-- right: as before, without "no index"
SELECT * FROM kinds('customer', 'orders');

-- Some index on other columns first is no index for this.
CREATE TABLE invoice (id int PRIMARY KEY, customer_id int REFERENCES customer, at date);
CREATE INDEX ON invoice (at, customer_id);
-- right: no index; not required, as the column is nullable
SELECT * FROM kinds('customer', 'invoice') WHERE 'invoice'::regclass IN (source, target);
DROP TABLE orders, invoice;

-- A partial index counts where the equality implies its predicate.
CREATE TABLE shipment (id int PRIMARY KEY, customer_id int REFERENCES customer, lost bool);
CREATE TABLE refund   (id int PRIMARY KEY, customer_id int REFERENCES customer, lost bool);
CREATE TABLE voucher  (id int PRIMARY KEY, customer_id int REFERENCES customer);
CREATE INDEX ON shipment (customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX ON refund (customer_id) WHERE lost;
CREATE INDEX ON voucher USING hash (customer_id);
-- right: shipment has an index, refund has none, voucher has (hash serves too)
SELECT name, kind, flags FROM kinds('customer');
DROP TABLE shipment, refund, voucher, customer;


-- A key to a UNIQUE constraint or index that is not the primary key is like
-- any other.
CREATE TABLE country (id int PRIMARY KEY, iso text NOT NULL UNIQUE, tld text);
CREATE UNIQUE INDEX ON country (tld);
CREATE TABLE city (id int PRIMARY KEY, country_iso text REFERENCES country (iso));
CREATE TABLE site (id int PRIMARY KEY, country_tld text REFERENCES country (tld));
-- right: city | country | many-to-one; site | country | many-to-one;
--        country | city, site | one-to-many, no index
SELECT * FROM kinds('city', 'country', 'site');
DROP TABLE city, site, country;


-- One-to-one: every proof there is.
CREATE TABLE person (id int PRIMARY KEY, tenant int, no int, UNIQUE (tenant, no));
-- a unique foreign key
CREATE TABLE passport (id int PRIMARY KEY, person_id int NOT NULL UNIQUE REFERENCES person);
-- the foreign key is the primary key (a shared key)
CREATE TABLE profile (person_id int PRIMARY KEY REFERENCES person);
-- nullable and unique
CREATE TABLE locker (id int PRIMARY KEY, person_id int UNIQUE REFERENCES person);
-- UNIQUE NULLS NOT DISTINCT
CREATE TABLE badge (id int PRIMARY KEY, person_id int UNIQUE NULLS NOT DISTINCT REFERENCES person);
-- unique on a proper subset of the key's columns
CREATE TABLE desk (id int PRIMARY KEY, tenant int, no int UNIQUE,
                   FOREIGN KEY (tenant, no) REFERENCES person (tenant, no));
-- INCLUDE columns are no part of the key
CREATE TABLE phone (id int PRIMARY KEY, person_id int REFERENCES person, model text);
CREATE UNIQUE INDEX ON phone (person_id) INCLUDE (model);
-- partial, but every row that references anything is in it
CREATE TABLE parking (id int PRIMARY KEY, person_id int REFERENCES person);
CREATE UNIQUE INDEX ON parking (person_id) WHERE person_id IS NOT NULL;
-- a unique index of the key's columns in another order
CREATE TABLE chair (id int PRIMARY KEY, tenant int, no int,
                    FOREIGN KEY (tenant, no) REFERENCES person (tenant, no));
CREATE UNIQUE INDEX ON chair (no, tenant);
-- partial by the other column of the same key: rows that reference are in it
CREATE TABLE lamp (id int PRIMARY KEY, tenant int, no int,
                   FOREIGN KEY (tenant, no) REFERENCES person (tenant, no));
CREATE UNIQUE INDEX ON lamp (no) WHERE tenant IS NOT NULL;
-- another operator class of the same equality
CREATE TABLE tax (code text PRIMARY KEY);
CREATE TABLE tax_note (id int PRIMARY KEY, tax_code text REFERENCES tax);
CREATE UNIQUE INDEX ON tax_note (tax_code text_pattern_ops);
-- right: one-to-one everywhere, in both directions; required: passport, profile;
-- no index: desk and lamp, whose index lacks one of the key's columns
SELECT * FROM kinds('person', 'passport', 'profile', 'locker', 'badge', 'desk', 'phone',
                    'parking', 'chair', 'lamp', 'tax', 'tax_note');
DROP TABLE passport, profile, locker, badge, desk, phone, parking, chair, lamp, tax_note, tax;

-- No proof: one-to-many, in every case.
-- unique for some rows only
CREATE TABLE address (id int PRIMARY KEY, person_id int REFERENCES person, current bool);
CREATE UNIQUE INDEX ON address (person_id) WHERE current;
-- unique for some keys only
CREATE TABLE bonus (id int PRIMARY KEY, person_id int REFERENCES person);
CREATE UNIQUE INDEX ON bonus (person_id) WHERE person_id > 100;
-- unique together with an expression
CREATE TABLE nick (id int PRIMARY KEY, person_id int REFERENCES person, name text);
CREATE UNIQUE INDEX ON nick (person_id, lower(name));
-- unique together with another column
CREATE TABLE grade (person_id int REFERENCES person, year int, PRIMARY KEY (person_id, year));
-- an expression of the key alone is another value
CREATE TABLE parity (id int PRIMARY KEY, person_id int REFERENCES person);
CREATE UNIQUE INDEX ON parity ((person_id / 2));
-- deferrable: not unique while a transaction runs
CREATE TABLE seat (id int PRIMARY KEY,
                   person_id int UNIQUE DEFERRABLE INITIALLY IMMEDIATE REFERENCES person);
-- an exclusion constraint is no unique index
CREATE TABLE shift (id int PRIMARY KEY, person_id int REFERENCES person,
                    EXCLUDE USING btree (person_id WITH =));
-- an index that failed to build is there, but proves nothing
CREATE TABLE team (id int PRIMARY KEY, person_id int REFERENCES person);
INSERT INTO person VALUES (1, 1, 1);
INSERT INTO team VALUES (1, 1), (2, 1);
CREATE UNIQUE INDEX CONCURRENTLY team_person_id_key ON team (person_id);
-- right: one-to-many, all eight; an invalid or partial index serves no lookup
-- (address, bonus, parity, team: no index), the others' do: grade, nick, seat,
-- shift
SELECT name, kind, target, flags FROM kinds('person');
-- right: many-to-one, all eight; grade is required
SELECT * FROM kinds('address', 'bonus', 'nick', 'grade', 'parity', 'seat', 'shift', 'team');
DROP TABLE address, bonus, nick, grade, parity, seat, shift, team;

-- Uniqueness by another equality is none: record_image_ops tells 1.0 from 1.00.
CREATE TYPE version AS (no numeric);
CREATE TABLE release (v version PRIMARY KEY);
CREATE TABLE download (id int PRIMARY KEY, release_v version REFERENCES release);
CREATE UNIQUE INDEX ON download (release_v record_image_ops);
INSERT INTO release VALUES ('(1.0)');
INSERT INTO download VALUES (1, '(1.0)'), (2, '(1.00)');
-- right: download | release | many-to-one; release | download | one-to-many
SELECT source, name, kind FROM kinds('download', 'release');
DROP TABLE download, release;
DROP TYPE version;
DROP TABLE person;


-- A composite key pairs its columns by position, in whatever order the
-- referenced columns are written.
CREATE TABLE box (a int, b int, c int, PRIMARY KEY (a, b), UNIQUE (c, a));
CREATE TABLE slot (x int, y int, z int,
                   FOREIGN KEY (x, y) REFERENCES box (b, a),
                   FOREIGN KEY (z, y) REFERENCES box (c, a));
-- right: (x, y) -> {b,a} and (z, y) -> {c,a}
SELECT source_columns, target_columns, condition
  FROM relnav.relationships('slot') ORDER BY source_columns;
DROP TABLE slot, box;

-- Half of the key NOT NULL is not required; all of it is.
CREATE TABLE flat (house int, no int, PRIMARY KEY (house, no));
CREATE TABLE tenant1 (id int PRIMARY KEY, house int NOT NULL, no int,
                      FOREIGN KEY (house, no) REFERENCES flat);
CREATE TABLE tenant2 (id int PRIMARY KEY, house int NOT NULL, no int NOT NULL,
                      FOREIGN KEY (house, no) REFERENCES flat);
CREATE TABLE tenant3 (id int PRIMARY KEY, house int NOT NULL, no int NOT NULL);
ALTER TABLE tenant3 ADD FOREIGN KEY (house, no) REFERENCES flat NOT VALID;
-- right: tenant1 nothing; tenant2 required; tenant3 not valid, so not required
SELECT source, name, kind, flags FROM kinds('tenant1', 'tenant2', 'tenant3');
DROP TABLE tenant1, tenant2, tenant3, flat;


-- Two keys to one table: a relationship each, both ways.
CREATE TABLE usr (id int PRIMARY KEY);
CREATE TABLE msg (id int PRIMARY KEY, sender_id int REFERENCES usr, receiver_id int REFERENCES usr);
-- right: msg | receiver, sender | many-to-one
--        usr | msg_by_receiver, msg_by_sender | one-to-many
-- and no many-to-many: msg has a key of its own
SELECT source, name, kind, target FROM kinds('msg', 'usr');
DROP TABLE msg;

-- A self-reference: up by its stem, down by its full name.
CREATE TABLE employee (id int PRIMARY KEY, manager_id int REFERENCES employee);
-- right: employee_by_manager | one-to-many, manager | many-to-one
SELECT name, kind, target, flags FROM kinds('employee');
-- unique: one-to-one both ways (a chain)
CREATE UNIQUE INDEX ON employee (manager_id);
SELECT name, kind, target, flags FROM kinds('employee');
DROP TABLE employee;


-- Association tables: each makes one many-to-many relationship in both
-- directions, and stays reachable as a child.
CREATE TABLE film (id int PRIMARY KEY);
CREATE TABLE actor (id int PRIMARY KEY);
CREATE TABLE studio (id int PRIMARY KEY);

-- the primary key is both foreign keys
CREATE TABLE film_actor (film_id int REFERENCES film, actor_id int REFERENCES actor,
                         PRIMARY KEY (film_id, actor_id));
-- right: actor | film (m:n), film_actor (1:n); film | actor (m:n), film_actor (1:n)
-- from film the primary key serves, from actor nothing does: no index
SELECT * FROM kinds('actor', 'film', 'film_actor');
-- columns pair up as doc/reference.md says: constraints are {near, far}
SELECT source, name, source_columns, association_source_columns, association_target_columns,
       target_columns, constraints
  FROM (VALUES ('actor'::regclass), ('film')) AS s(t), relnav.relationships(s.t)
 WHERE kind = 'many-to-many' ORDER BY source::text COLLATE "C";

-- with a payload: the same
ALTER TABLE film_actor ADD role text, ADD fee numeric;
SELECT source, name, kind, flags FROM kinds('actor', 'film') WHERE through IS NOT NULL;

-- referenced by other tables: the same
CREATE TABLE scene (id int PRIMARY KEY, film_id int, actor_id int,
                    FOREIGN KEY (film_id, actor_id) REFERENCES film_actor);
SELECT source, name, kind, flags FROM kinds('actor', 'film') WHERE through IS NOT NULL;
-- the key to the link is a key like any other; nothing of scene's is an association
-- right: film_actor | actor, film | many-to-one, required; scene | one-to-many
--        scene | film_actor | many-to-one
SELECT source, name, kind, target, flags FROM kinds('film_actor', 'scene');
DROP TABLE scene;

-- with a third key that is no part of the primary key: the pair of the primary
-- key is the only association
ALTER TABLE film_actor ADD studio_id int REFERENCES studio;
-- right: actor | film; film | actor; studio: film_actor only, as a child
SELECT source, name, kind, through FROM kinds('actor', 'film', 'studio');
DROP TABLE film_actor;

-- a surrogate key beside UNIQUE (a, b)
CREATE TABLE film_actor (id int PRIMARY KEY, film_id int NOT NULL REFERENCES film,
                         actor_id int NOT NULL REFERENCES actor, UNIQUE (actor_id, film_id));
-- right: many-to-many, does not repeat
SELECT source, name, kind, through, flags FROM kinds('actor', 'film');
DROP TABLE film_actor;

-- unique only where both are not null, which all that lead anywhere are
CREATE TABLE film_actor (id int PRIMARY KEY, film_id int REFERENCES film, actor_id int REFERENCES actor);
CREATE UNIQUE INDEX ON film_actor (film_id, actor_id)
    WHERE film_id IS NOT NULL AND actor_id IS NOT NULL;
-- right: many-to-many, does not repeat
SELECT source, name, kind, through, flags FROM kinds('actor', 'film') WHERE through IS NOT NULL;
DROP TABLE film_actor;

-- unique for some rows only: no association, just a child of both
CREATE TABLE film_actor (id int PRIMARY KEY, film_id int REFERENCES film, actor_id int REFERENCES actor,
                         active bool);
CREATE UNIQUE INDEX ON film_actor (film_id, actor_id) WHERE active;
-- right: film_actor | one-to-many, twice
SELECT source, name, kind, through FROM kinds('actor', 'film');
DROP TABLE film_actor;

-- UNIQUE (a, b) DEFERRABLE is no proof either
CREATE TABLE film_actor (id int PRIMARY KEY, film_id int REFERENCES film, actor_id int REFERENCES actor,
                         UNIQUE (film_id, actor_id) DEFERRABLE);
-- right: film_actor | one-to-many, twice
SELECT source, name, kind, through FROM kinds('actor', 'film');
DROP TABLE film_actor;

-- a surrogate key and nothing else: an event, no association
CREATE TABLE film_actor (id int PRIMARY KEY, film_id int REFERENCES film, actor_id int REFERENCES actor);
-- right: film_actor | one-to-many, twice
SELECT source, name, kind, through FROM kinds('actor', 'film');
DROP TABLE film_actor;

-- a time in the key: the same pair may come again
CREATE TABLE film_actor (film_id int REFERENCES film, actor_id int REFERENCES actor, at timestamptz,
                         PRIMARY KEY (film_id, actor_id, at));
-- right: many-to-many, repeats
SELECT source, name, kind, through, flags FROM kinds('actor', 'film') WHERE through IS NOT NULL;
DROP TABLE film_actor;

-- without any key, with only the two foreign keys: may repeat
CREATE TABLE film_actor (film_id int REFERENCES film, actor_id int REFERENCES actor);
-- right: many-to-many, repeats, no index
SELECT source, name, kind, through, flags FROM kinds('actor', 'film') WHERE through IS NOT NULL;

-- with one more column and no key: an event, no association
ALTER TABLE film_actor ADD note text;
-- right: no rows
SELECT source, name, kind, through, flags FROM kinds('actor', 'film') WHERE through IS NOT NULL;
-- and without it again (a dropped column is none)
ALTER TABLE film_actor DROP note;
-- right: many-to-many, repeats, no index
SELECT source, name, kind, through, flags FROM kinds('actor', 'film') WHERE through IS NOT NULL;
DROP TABLE film_actor;

-- a primary key of three foreign keys: every pair, and each may repeat
CREATE TABLE contract (film_id int REFERENCES film, actor_id int REFERENCES actor,
                       studio_id int REFERENCES studio, PRIMARY KEY (film_id, actor_id, studio_id));
-- right: each of the three has the two others through contract, repeats
SELECT source, name, kind, target, through, flags FROM kinds('actor', 'film', 'studio');
DROP TABLE contract;

-- three keys and UNIQUE of two of them: that pair does not repeat, and the
-- others are none
CREATE TABLE contract (id int PRIMARY KEY, film_id int REFERENCES film, actor_id int REFERENCES actor,
                       studio_id int REFERENCES studio, UNIQUE (film_id, studio_id));
-- right: film | studio and studio | film through contract
SELECT source, name, kind, target, flags FROM kinds('actor', 'film', 'studio') WHERE through IS NOT NULL;
DROP TABLE contract;

-- two associations between one pair, and a foreign key besides
CREATE TABLE likes (film_id int REFERENCES film, actor_id int REFERENCES actor, PRIMARY KEY (film_id, actor_id));
CREATE TABLE owns (film_id int REFERENCES film, actor_id int REFERENCES actor, PRIMARY KEY (film_id, actor_id));
-- right: actor | film_via_likes, film_via_owns; film | actor_via_likes, actor_via_owns
SELECT source, name, kind, target, through FROM kinds('actor', 'film') WHERE through IS NOT NULL;
DROP TABLE owns;
ALTER TABLE film ADD actor_id int REFERENCES actor;
-- right: film: actor is the to-one, actor_via_likes the association;
--        actor: film is the one-to-many, film_via_likes the association
SELECT source, name, kind, target, through FROM kinds('actor', 'film') WHERE target <> 'likes'::regclass;
ALTER TABLE film DROP actor_id;
DROP TABLE likes;

-- unique on one of the keys alone: not an association.
CREATE TABLE emp (id int PRIMARY KEY);
CREATE TABLE dept (id int PRIMARY KEY);
CREATE TABLE emp_dept (emp_id int PRIMARY KEY REFERENCES emp, dept_id int REFERENCES dept);
-- right: emp_dept | dept n:1, emp 1:1; emp | emp_dept 1:1; dept | emp_dept 1:n
SELECT source, name, kind, target, through FROM kinds('emp_dept', 'emp', 'dept');
-- both of them unique: one-to-one twice
ALTER TABLE emp_dept ADD UNIQUE (dept_id);
SELECT source, name, kind, target, through FROM kinds('emp_dept', 'emp', 'dept');
DROP TABLE emp_dept;

-- one column with two foreign keys: two one-to-ones, no association
CREATE TABLE x (id int PRIMARY KEY REFERENCES emp REFERENCES dept);
-- right: x | dept, emp | one-to-one
SELECT source, name, kind, target, through FROM kinds('x', 'emp', 'dept');
DROP TABLE x;
-- the same without uniqueness: each key's columns contain the other's
CREATE TABLE x (id int REFERENCES emp REFERENCES dept);
-- right: x | dept, emp | many-to-one, and x one-to-many
SELECT source, name, kind, target, through FROM kinds('x', 'emp', 'dept');
DROP TABLE x, emp, dept;

-- a self link is two relationships, named after the far keys
CREATE TABLE follows (follower_id int REFERENCES usr, followee_id int REFERENCES usr,
                      PRIMARY KEY (follower_id, followee_id));
-- right: followee, follower | many-to-many; follows_by_followee,
-- follows_by_follower | one-to-many; the primary key serves from the follower
SELECT name, kind, target, through, flags FROM kinds('usr');
-- followee: from usr.id as the follower to the followee
SELECT name, full_name, association_source_columns, association_target_columns, inverse
  FROM relnav.relationships('usr') WHERE association IS NOT NULL ORDER BY name COLLATE "C";
DROP TABLE follows, usr;


-- Links in a schema with tenants: the keys share the tenant.
CREATE TABLE tenant (id int PRIMARY KEY);
CREATE TABLE usr (tenant_id int REFERENCES tenant, id int, PRIMARY KEY (tenant_id, id));
CREATE TABLE grp (tenant_id int REFERENCES tenant, id int, PRIMARY KEY (tenant_id, id));
CREATE TABLE member (tenant_id int, usr_id int, grp_id int,
                     FOREIGN KEY (tenant_id, usr_id) REFERENCES usr,
                     FOREIGN KEY (tenant_id, grp_id) REFERENCES grp,
                     PRIMARY KEY (tenant_id, usr_id, grp_id));
-- right: usr | grp and grp | usr, do not repeat; none with tenant
SELECT source, name, kind, target, flags FROM kinds('tenant', 'usr', 'grp') WHERE through = 'member'::regclass;
DROP TABLE member;
-- the tenant is not in the primary key
CREATE TABLE member (tenant_id int, usr_id int, grp_id int,
                     FOREIGN KEY (tenant_id, usr_id) REFERENCES usr,
                     FOREIGN KEY (tenant_id, grp_id) REFERENCES grp,
                     PRIMARY KEY (usr_id, grp_id));
-- right: the same, but no index has the tenant and the other column in front
SELECT source, name, kind, target, flags FROM kinds('tenant', 'usr', 'grp') WHERE through = 'member'::regclass;
DROP TABLE member;
-- nor in a primary key with a time: may repeat
CREATE TABLE member (tenant_id int, usr_id int, grp_id int, since date,
                     FOREIGN KEY (tenant_id, usr_id) REFERENCES usr,
                     FOREIGN KEY (tenant_id, grp_id) REFERENCES grp,
                     PRIMARY KEY (usr_id, grp_id, since));
-- right: the same, repeats
SELECT source, name, kind, target, flags FROM kinds('tenant', 'usr', 'grp') WHERE through = 'member'::regclass;
DROP TABLE member;
-- with a key to the tenant itself: it lies within the others, so no link with it
CREATE TABLE member (tenant_id int REFERENCES tenant, usr_id int, grp_id int,
                     FOREIGN KEY (tenant_id, usr_id) REFERENCES usr,
                     FOREIGN KEY (tenant_id, grp_id) REFERENCES grp,
                     PRIMARY KEY (tenant_id, usr_id, grp_id));
-- right: usr | grp, grp | usr only
SELECT source, name, kind, target, flags FROM kinds('tenant', 'usr', 'grp') WHERE through = 'member'::regclass;
DROP TABLE member, usr, grp, tenant;

-- One key's columns contain the other's: a reference with its owner, no link.
CREATE TABLE project (id int PRIMARY KEY);
CREATE TABLE conversation (project_id int REFERENCES project, id int, PRIMARY KEY (project_id, id));
CREATE TABLE message (project_id int REFERENCES project, conversation_id int, no int,
                      FOREIGN KEY (project_id, conversation_id) REFERENCES conversation,
                      PRIMARY KEY (project_id, conversation_id, no));
-- right: no many-to-many at all: project | conversation, message 1:n;
--        conversation | project n:1, message 1:n
SELECT source, name, kind, target, through FROM kinds('project', 'conversation');
DROP TABLE message, conversation, project;

-- A temporary association is one like any other.
CREATE TEMP TABLE tfilm (id int PRIMARY KEY);
CREATE TEMP TABLE tactor (id int PRIMARY KEY);
CREATE TEMP TABLE tlink (film_id int REFERENCES tfilm, actor_id int REFERENCES tactor,
                         PRIMARY KEY (film_id, actor_id));
-- right: tfilm | tactor | many-to-many, tlink | one-to-many
SELECT name, kind, target, through, flags FROM kinds('tfilm');
DROP TABLE tlink, tfilm, tactor;


-- What deleting the referenced row does is told, on both sides.
CREATE TABLE top (id int PRIMARY KEY, a int, UNIQUE (id, a));
CREATE TABLE d1 (top_id int REFERENCES top);
CREATE TABLE d2 (top_id int REFERENCES top ON DELETE RESTRICT);
CREATE TABLE d3 (top_id int REFERENCES top ON DELETE CASCADE);
CREATE TABLE d4 (top_id int REFERENCES top ON DELETE SET NULL);
CREATE TABLE d5 (top_id int REFERENCES top ON DELETE SET DEFAULT);
CREATE TABLE d6 (top_id int, a int, FOREIGN KEY (top_id, a) REFERENCES top (id, a) ON DELETE SET NULL (a));
-- right: no action, restrict, cascade, set null, set default, set null
SELECT name, on_delete FROM relnav.relationships('top') ORDER BY name COLLATE "C";
SELECT source, name, on_delete FROM (VALUES ('d3'::regclass), ('d4')) AS s(t), relnav.relationships(s.t)
 ORDER BY source::text COLLATE "C";

-- All of it is a foreign key's.
SELECT DISTINCT origin FROM relnav.relationships('top');

DROP SCHEMA regress_relnav_kind CASCADE;
