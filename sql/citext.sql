-- Keys of citext are compared as the server's own checks compare them.
-- (Needs contrib's citext; the other expected file is for servers without.)
SELECT NOT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'citext') AS skip \gset
\if :skip
\quit
\endif
SET client_min_messages = warning;
CREATE SCHEMA regress_relnav_citext;
SET search_path = regress_relnav_citext;
CREATE EXTENSION citext SCHEMA regress_relnav_citext;
CREATE TABLE usr (name citext PRIMARY KEY, id int);
CREATE TABLE post (id int PRIMARY KEY, usr_name citext REFERENCES usr);
CREATE INDEX ON post (usr_name);
CREATE TABLE avatar (usr_name citext REFERENCES usr);
-- unique as text is not unique as citext
CREATE UNIQUE INDEX ON avatar (usr_name text_ops);
CREATE TABLE mail (usr_name citext UNIQUE REFERENCES usr);
INSERT INTO usr VALUES ('Ann', 1), ('Bob', 2);
INSERT INTO post VALUES (1, 'ann'), (2, 'ANN'), (3, 'bob');
INSERT INTO avatar VALUES ('ann'), ('ANN');
-- right: avatar one-to-many, and no index that serves citext's =; mail one-to-one, post one-to-many
SELECT name, kind, indexed, condition FROM relnav.relationships('usr') ORDER BY name COLLATE "C";
-- right: 1 Ann, 2 Ann, 3 Bob, both ways
SELECT p.id, u.name FROM post p, relnav.parent(p, NULL::usr) u ORDER BY 1;
SELECT u.name, p.id FROM usr u, relnav.children(u, NULL::post) p ORDER BY 2;
-- the same where the operator's schema is not in the search_path.  right: 1 2; 1 2; 1 2
SET search_path = pg_catalog;
SELECT p.id FROM relnav.children('regress_relnav_citext.usr', 'aNN', NULL::regress_relnav_citext.post) p ORDER BY 1;
SELECT p.id FROM relnav.children('regress_relnav_citext.usr', 'aNN'::regress_relnav_citext.citext, NULL::regress_relnav_citext.post) p ORDER BY 1;
SELECT p.id FROM regress_relnav_citext.usr u, relnav.children(u, NULL::regress_relnav_citext.post) p WHERE u.id = 1 ORDER BY 1;
SET enable_seqscan = off;
SET enable_bitmapscan = off;
SELECT 'EXPLAIN (COSTS OFF) ' || relnav.query('regress_relnav_citext.usr', 'aNN', 'post') \gexec
DROP SCHEMA regress_relnav_citext CASCADE;
