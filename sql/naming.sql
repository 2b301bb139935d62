-- Every relationship has the name that the rules give it, whatever else the
-- schema holds, and no two of one table have the same.
SET client_min_messages = warning;
CREATE SCHEMA regress_relnav_naming;
SET search_path = regress_relnav_naming;

-- Every relationship's inverse is a relationship of its target, by its full
-- name, and that one's inverse is the first again; no name is there twice.
CREATE FUNCTION names_hold() RETURNS bool LANGUAGE sql AS $$
    WITH r AS (SELECT rs.* FROM relnav.relationships() rs JOIN pg_class c ON c.oid = rs.source
                WHERE c.relnamespace = 'regress_relnav_naming'::regnamespace)
    SELECT bool_and((SELECT count(*) FROM r i
                      WHERE i.source = r.target AND i.full_name = r.inverse
                        AND i.target = r.source AND i.inverse = r.full_name) = 1)
           AND count(*) = count(DISTINCT (r.source, r.name))
           AND count(*) = count(DISTINCT (r.source, r.full_name))
      FROM r;
$$;


-- Stems: what a key's column is about.  The comments say what is right.
CREATE TABLE t (id int UNIQUE, code int UNIQUE, iso_code int UNIQUE, tid int UNIQUE,
                customer_id int UNIQUE, idno int UNIQUE);
CREATE TABLE stems (
    -- without "_" and the last word of the referenced column's name
    a_id       int REFERENCES t (id),        -- a
    b_code     int REFERENCES t (code),      -- b
    c_code     int REFERENCES t (iso_code),  -- c: the last word of iso_code
    d_iso_code int REFERENCES t (code),      -- d_iso
    e_id_id    int REFERENCES t (id),        -- e_id: once only
    f_idno     int REFERENCES t (idno),      -- f
    -- else without _id or _fk, in either case
    g_fk       int REFERENCES t (id),        -- g
    h_id       int REFERENCES t (code),      -- h
    "i_ID"     int REFERENCES t (id),        -- i
    "j_FK"     int REFERENCES t (code),      -- j
    -- else without Id, ID after a lower-case letter or a digit
    "kId"      int REFERENCES t (id),        -- k
    "lID"      int REFERENCES t (code),      -- l
    "m2Id"     int REFERENCES t (id),        -- m2
    "NID"      int REFERENCES t (id),        -- NID: an abbreviation, as it is
    "OId"      int REFERENCES t (id),        -- OId: no lower-case letter before
    -- else, if both end in id and the referenced column is longer: without id
    pid        int REFERENCES t (tid),       -- p
    qid        int REFERENCES t (id),        -- qid: id alone is not longer than id
    -- else as it is
    r          int REFERENCES t (id),        -- r
    s_key      int REFERENCES t (id),        -- s_key
    "T_x"      int REFERENCES t (id),        -- T_x
    -- the table's name: nothing is left
    _id        int REFERENCES t (id),        -- t
    -- the table's name: the same name on both sides, and no part of the table's
    customer_id int REFERENCES t (customer_id) -- t
    -- so t is contested: these two are listed by their full names
);
SELECT source_columns[1] AS "column", target_columns[1] AS referenced, name, full_name
  FROM relnav.relationships('stems') ORDER BY source_columns[1] COLLATE "C";

-- The same name on both sides keeps what is a part of the table's name.
CREATE TABLE customers (customer_id int PRIMARY KEY, code int UNIQUE);
CREATE TABLE "Artist" ("ArtistId" int PRIMARY KEY);
CREATE TABLE client (customer_id int PRIMARY KEY);
CREATE TABLE sale (customer_id int REFERENCES customers, code int REFERENCES customers (code));
CREATE TABLE call (customer_id int REFERENCES client);
CREATE TABLE album ("ArtistId" int REFERENCES "Artist");
-- right: sale | customer (part of customers), customers (of code: no part);
--        call | client (customer is no part of it); album | Artist
SELECT source, source_columns, name, full_name
  FROM (VALUES ('sale'::regclass), ('call'), ('album')) AS s(t), relnav.relationships(s.t)
 ORDER BY source::text COLLATE "C", name COLLATE "C";
SELECT names_hold();
DROP TABLE stems, t, sale, call, album, customers, "Artist", client;


-- Several columns: the table's name; in full the one column that is not named
-- like the column it references, else the constraint.
CREATE TABLE account (tenant_id int, id int, no int, PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, no));
CREATE TABLE transfer (
    tenant_id int, account_id int, payee_fk int, id int, no int, other_tenant int, other_no int,
    CONSTRAINT own   FOREIGN KEY (tenant_id, account_id) REFERENCES account,
    CONSTRAINT payee FOREIGN KEY (tenant_id, payee_fk) REFERENCES account (tenant_id, no),
    CONSTRAINT same  FOREIGN KEY (tenant_id, id) REFERENCES account,
    CONSTRAINT both_ FOREIGN KEY (other_tenant, other_no) REFERENCES account (tenant_id, no));
-- right: all four would be "account", so each takes its full name:
-- account (of account_id), payee (of payee_fk), same and both_ (constraints)
SELECT source_columns, name, full_name FROM relnav.relationships('transfer') ORDER BY name COLLATE "C";
-- right: the stem of all four is account, so their full names collide and the
-- constraints' names stand in: transfer_by_both_, _own, _payee, _same
SELECT name, full_name, inverse FROM relnav.relationships('account')
 WHERE kind = 'one-to-many' ORDER BY name COLLATE "C";
SELECT names_hold();
DROP TABLE transfer, account;


-- Short and full names of all four sorts, and inverse by its full name.
CREATE TABLE person (id int PRIMARY KEY, mentor_id int REFERENCES person);
CREATE TABLE club (id int PRIMARY KEY, founder_id int REFERENCES person);
CREATE TABLE member (person_id int REFERENCES person, club_id int REFERENCES club,
                     PRIMARY KEY (person_id, club_id));
-- right for person:
--   club              club_by_founder             founder_id
--     (the one-to-many beats the association)
--   club_via_member   club_via_member             person_via_member
--   member            member_by_person            person_id
--   mentor            mentor_id                   person_by_mentor
--   person_by_mentor  person_by_mentor            mentor_id
-- right for club:
--   founder           founder_id                  club_by_founder
--   member            member_by_club              club_id
--   person            person_via_member           club_via_member
-- right for member: club, club_id, member_by_club; person, person_id, member_by_person
SELECT source, name, full_name, inverse
  FROM (VALUES ('person'::regclass), ('club'), ('member')) AS s(t), relnav.relationships(s.t)
 ORDER BY source::text COLLATE "C", name COLLATE "C";
SELECT names_hold();
DROP TABLE member, club, person;


-- Contests.  To-one beats backwards beats association; within one class all
-- lose; lower classes lose too.
CREATE TABLE b (id int PRIMARY KEY);
CREATE TABLE a (id int PRIMARY KEY, b_id int REFERENCES b);
ALTER TABLE b ADD a_id int REFERENCES a;
CREATE TABLE ab (a_id int REFERENCES a, b_id int REFERENCES b, PRIMARY KEY (a_id, b_id));
CREATE TABLE ab_at (a_id int REFERENCES a, b_id int REFERENCES b, at date, PRIMARY KEY (a_id, b_id, at));
-- right for a: b (to-one), b_by_a (backwards), b_via_ab, b_via_ab_at, ab, ab_at
SELECT name, full_name, kind, repeats FROM relnav.relationships('a') ORDER BY name COLLATE "C";
-- without the to-one, the backwards one is b
ALTER TABLE a DROP b_id;
-- right for a: b (backwards), b_via_ab, b_via_ab_at, ab, ab_at
SELECT name, full_name, kind, repeats FROM relnav.relationships('a') ORDER BY name COLLATE "C";
-- without that, the association that does not repeat is b
ALTER TABLE b DROP a_id;
-- right for a: b (ab), b_via_ab_at, ab, ab_at
SELECT name, full_name, association, repeats FROM relnav.relationships('a') ORDER BY name COLLATE "C";
-- alone, the repeating one is b
DROP TABLE ab;
-- right for a: ab_at, b
SELECT name, full_name, association, repeats FROM relnav.relationships('a') ORDER BY name COLLATE "C";
DROP TABLE ab_at;
-- two of the highest class: all take their full names, the lower class too
ALTER TABLE b ADD a1_id int REFERENCES a, ADD a2_id int REFERENCES a;
CREATE TABLE ab (a_id int REFERENCES a, b_id int REFERENCES b, PRIMARY KEY (a_id, b_id));
-- right for a: ab, b_by_a1, b_by_a2, b_via_ab
SELECT name, kind FROM relnav.relationships('a') ORDER BY name COLLATE "C";
-- right for b: a (ab: nothing else is called so), a1, a2, ab
SELECT name, kind FROM relnav.relationships('b') ORDER BY name COLLATE "C";
SELECT names_hold();
DROP TABLE ab, b, a;

-- Two to-one of the same stem: both take their columns' names.
CREATE TABLE place (id int PRIMARY KEY, code int UNIQUE);
CREATE TABLE trip (home_id int REFERENCES place, home_code int REFERENCES place (code));
-- right for trip: home_code, home_id
SELECT name, full_name FROM relnav.relationships('trip') ORDER BY name COLLATE "C";
-- right for place: backwards both are trip_by_home, and through trip, which has
-- nothing but its two keys, home_via_trip_by_home; so the constraints' names
-- stand in: trip_by_trip_home_code_fkey, trip_by_trip_home_id_fkey,
-- trip_home_code_fkey_via_trip_by_trip_home_id_fkey, and the other way round
SELECT name, full_name = name AS full_too, inverse FROM relnav.relationships('place')
 ORDER BY name COLLATE "C";
SELECT names_hold();
DROP TABLE trip, place;


-- Associations with several keys to one side name the keys.
CREATE TABLE team (id int PRIMARY KEY);
CREATE TABLE ref (id int PRIMARY KEY);
CREATE TABLE match (home_id int REFERENCES team, away_id int REFERENCES team, ref_id int REFERENCES ref,
                    PRIMARY KEY (home_id, away_id, ref_id));
-- right for ref: team short is contested by the home and the away key:
--   away_via_match, home_via_match, match
-- right for team: from the home key to the away key: away, full
--   away_via_match_by_home; home, full home_via_match_by_away; two to ref,
--   contested: ref_via_match_by_away, ref_via_match_by_home; two children
SELECT source, name, full_name, inverse
  FROM (VALUES ('ref'::regclass), ('team')) AS s(t), relnav.relationships(s.t)
 ORDER BY source::text COLLATE "C", name COLLATE "C";
SELECT names_hold();
DROP TABLE match, ref, team;


-- Tables of one name in several schemas, met at one source, are told apart by
-- their schemas; those that are not met do not matter.
CREATE SCHEMA regress_relnav_naming2;
CREATE TABLE hub (id int PRIMARY KEY);
CREATE TABLE item (id int PRIMARY KEY, hub_id int REFERENCES hub);
CREATE TABLE regress_relnav_naming2.item (id int PRIMARY KEY, hub_id int REFERENCES hub);
CREATE TABLE regress_relnav_naming2.other (id int PRIMARY KEY, item_id int REFERENCES item);
-- right for hub: regress_relnav_naming_item and regress_relnav_naming2_item
SELECT name, full_name, target::text FROM relnav.relationships('hub') ORDER BY name COLLATE "C";
-- right for item: hub, other (only one "item" is met at other: item)
SELECT name, full_name FROM relnav.relationships('item') ORDER BY name COLLATE "C";
SELECT name, full_name FROM relnav.relationships('regress_relnav_naming2.other') ORDER BY name COLLATE "C";
-- stems know no schemas
CREATE TABLE regress_relnav_naming2.hub (id int PRIMARY KEY);
CREATE TABLE link (h1_id int REFERENCES hub, h2_id int REFERENCES regress_relnav_naming2.hub,
                   PRIMARY KEY (h1_id, h2_id));
-- right for link: h1, h2, as their stems say
SELECT name, full_name, target::text FROM relnav.relationships('link') ORDER BY name COLLATE "C";
-- The names do not depend on who is asked first, or on the search_path.
SET search_path = regress_relnav_naming2;
SELECT name FROM relnav.relationships('regress_relnav_naming.hub') WHERE kind = 'one-to-many'
 ORDER BY name COLLATE "C";
SET search_path = regress_relnav_naming;
DROP TABLE link;
DROP SCHEMA regress_relnav_naming2 CASCADE;
DROP TABLE item, hub;


-- "User" and "user" are two tables, and two names.
CREATE TABLE "user" (id int PRIMARY KEY);
CREATE TABLE "User" (id int PRIMARY KEY);
CREATE TABLE note (user_id int REFERENCES "user", "User_id" int REFERENCES "User");
CREATE TABLE "Note" (user_id int REFERENCES "user");
-- right: note | User, user; "user" | Note, User (through note), note;
-- "User" | note, user (through note)
SELECT source, name, full_name, target
  FROM (VALUES ('note'::regclass), ('"user"'), ('"User"')) AS s(t), relnav.relationships(s.t)
 ORDER BY source::text COLLATE "C", name COLLATE "C";
DROP TABLE note, "Note", "user", "User";


-- Full names that collide even with the constraints' names get numbers, by
-- schema, table, constraint.
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE x (y_id int CONSTRAINT k REFERENCES p, z_id int REFERENCES p);
CREATE TABLE q (id int PRIMARY KEY, x_by_k int REFERENCES p, x_by_y int REFERENCES p);
ALTER TABLE p ADD x_by_y int REFERENCES q, ADD x_by_k int REFERENCES q;
-- p.x_by_y in full is x_by_y, as is x.y_id backwards: both take the constraint,
-- p_x_by_y_fkey and x_by_k; this is the full name of p.x_by_k: x comes after p
-- right:  q_by_x_by_k  q_by_x_by_k    one-to-many
--         q_by_x_by_y  q_by_x_by_y    one-to-many
--         x_by_k       x_by_k         many-to-one
--         x_by_k_2     x_by_k_2       one-to-many
--         x_by_y       p_x_by_y_fkey  many-to-one
--         x_by_z       x_by_z         one-to-many
--         y            y_via_x_by_z   many-to-many
--         z            z_via_x_by_y   many-to-many
SELECT name, full_name, kind FROM relnav.relationships('p') ORDER BY name COLLATE "C";
SELECT names_hold();
ALTER TABLE p DROP x_by_y, DROP x_by_k;
DROP TABLE q, x, p;

-- One label for two tables: only a number can tell them apart.
CREATE SCHEMA regress_relnav_naming_a;
CREATE TABLE hub (id int PRIMARY KEY, code int UNIQUE);
-- "a_b" in schema "..._a" and "b" in "..._a_a"? both become regress_relnav_naming_a_b
CREATE SCHEMA regress_relnav_naming_a_a;
CREATE TABLE b (hub_id int CONSTRAINT k REFERENCES hub);
CREATE TABLE a_b (hub_id int CONSTRAINT k REFERENCES hub);
CREATE TABLE regress_relnav_naming_a.b (hub_id int CONSTRAINT k REFERENCES hub);
CREATE TABLE regress_relnav_naming_a_a.a_b (hub_id int CONSTRAINT k REFERENCES hub);
-- tables b and a_b are each met in two schemas:
--   regress_relnav_naming.b      -> regress_relnav_naming_b
--   regress_relnav_naming.a_b    -> regress_relnav_naming_a_b    the same as
--   regress_relnav_naming_a.b    -> regress_relnav_naming_a_b    this one
--   regress_relnav_naming_a_a.a_b-> regress_relnav_naming_a_a_a_b
-- right: the two in the middle lose their short name; full ..._by_hub collide,
-- with the constraint's name ..._by_k collide again; by schema, regress_relnav_naming
-- comes first and keeps it, regress_relnav_naming_a's is ..._by_k_2
SELECT target::text, name, full_name FROM relnav.relationships('hub') ORDER BY target::text COLLATE "C";
DROP SCHEMA regress_relnav_naming_a CASCADE;
DROP SCHEMA regress_relnav_naming_a_a CASCADE;
DROP TABLE hub, b, a_b;

-- Names are never cut: a full name may be longer than 63 bytes.
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t_t_t_t_t_t_t_t_t_t_t_t_t_t_t_t_t_t_t_t_t_t_t_t_t_t_t_t_t_t_t_t (
    a int, ccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc int REFERENCES p,
    b int, ddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd int REFERENCES p);
-- right: 130 t_ ccc and 130 t_ ddd: <63 bytes>_by_<63 bytes>
SELECT length(name), left(name, 2), right(name, 3)
  FROM relnav.relationships('p') ORDER BY name COLLATE "C";
SELECT names_hold();

DROP SCHEMA regress_relnav_naming CASCADE;
