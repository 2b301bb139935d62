-- paths lists the paths that a person would choose first, and all of them go where they say.
-- The calls of README.md, in the sample database.
SET client_min_messages = warning;
\getenv abs_srcdir PG_ABS_SRCDIR
\set shop :abs_srcdir /demo/shop.sql
\set ECHO none
\i :shop
\set ECHO all
\set ON_ERROR_STOP off
SET search_path = shop;
-- right: one path of three hops
SELECT * FROM relnav.paths('product', 'customer');
-- What a person would choose, written down before it was built.
CREATE TEMP TABLE wanted (source text, target text, path text);
INSERT INTO wanted VALUES
    ('customer', 'product', 'orders.items.product'), ('customer', 'tag', 'orders.items.product.tag'),
    ('customer', 'address', 'orders.billing_address'), ('supplier', 'tag', 'product.tag'),
    ('employee', 'customer', 'orders.customer'), ('address', 'product', 'orders_by_billing_address.items.product'),
    ('complaint', 'customer', 'items.order.customer'), ('loyalty_card', 'orders', 'customer.orders'),
    ('tag', 'supplier', 'product.supplier'), ('payment', 'customer', 'order.customer'),
    ('payment', 'product', 'order.items.product'), ('employee', 'employee', 'employee_by_manager');
-- right: none
SELECT w.*, p.path AS found
  FROM wanted w LEFT JOIN LATERAL (SELECT path FROM relnav.paths(w.source::regclass, w.target::regclass) LIMIT 1) p ON true
 WHERE p.path IS DISTINCT FROM w.path;
-- Each of them, between any two tables, is one that query takes.  right: 0 that are not
SELECT count(*) FILTER (WHERE relnav.query(a.oid, p.path) IS NULL) AS not_taken, count(*) > 100 AS many
  FROM pg_class a, pg_class b, relnav.paths(a.oid, b.oid) p
 WHERE a.relnamespace = 'shop'::regnamespace AND b.relnamespace = 'shop'::regnamespace
   AND a.relkind = 'r' AND b.relkind = 'r';
-- In both directions there are as many, one the other way round.  right: none
SELECT a.relname, b.relname
  FROM pg_class a, pg_class b
 WHERE a.relnamespace = 'shop'::regnamespace AND b.relnamespace = 'shop'::regnamespace
   AND a.relkind = 'r' AND b.relkind = 'r' AND a.relname < b.relname
   AND (SELECT count(*) FROM relnav.paths(a.oid, b.oid, 4, 1000)) <>
       (SELECT count(*) FROM relnav.paths(b.oid, a.oid, 4, 1000));

-- An association is one hop, and not two besides.  right: only tag
SELECT * FROM relnav.paths('product', 'tag', 2);
-- no way back by the key that led there.  right: employee_by_manager, manager
SELECT * FROM relnav.paths('employee', 'employee', 2);
-- fewer hops, fewer paths
SELECT count(*) FROM relnav.paths('product', 'customer', 2);
SELECT path FROM relnav.paths('customer', 'address', 4, 1);
SELECT path, hops, kind FROM relnav.paths('customer', 'address');
-- one-to-one and to-one paths
SELECT * FROM relnav.paths('loyalty_card', 'customer');
SELECT * FROM relnav.paths('complaint', 'employee');
-- Errors and nulls
SELECT * FROM relnav.paths('customer', 'address', 0);
SELECT * FROM relnav.paths('customer', 'address', 4, 0);
SELECT * FROM relnav.paths('customer', 'pg_class_oid_index');
SELECT * FROM relnav.paths(NULL, 'customer');
SELECT count(*) FROM relnav.paths('customer', 'address', NULL, NULL);

-- Ways over a shared parent come after ways over children, and hubs last.
CREATE SCHEMA regress_relnav_paths;
SET search_path = regress_relnav_paths;
CREATE TABLE status (id int PRIMARY KEY);
CREATE TABLE a (id int PRIMARY KEY, status_id int REFERENCES status);
CREATE TABLE b (id int PRIMARY KEY, status_id int REFERENCES status);
CREATE TABLE hub (id int PRIMARY KEY, a_id int REFERENCES a, b_id int REFERENCES b);
CREATE TABLE plain (id int PRIMARY KEY, a_id int REFERENCES a, b_id int REFERENCES b);
DO $$ BEGIN FOR i IN 1 .. 20 LOOP EXECUTE format('CREATE TABLE x%s (hub_id int REFERENCES hub)', i); END LOOP; END $$;
-- right: plain.b, hub.b, status.b
SELECT * FROM relnav.paths('a', 'b', 2);
-- A repeating association is taken as two hops, and as one only if nothing else is left.
CREATE TABLE c (id int PRIMARY KEY);
CREATE TABLE a_c (a_id int REFERENCES a, c_id int REFERENCES c, at date, PRIMARY KEY (a_id, c_id, at));
-- right: a_c.c; c
SELECT * FROM relnav.paths('a', 'c', 2);
SELECT * FROM relnav.paths('a', 'c', 1);
-- Partitions and their root
CREATE TABLE p (id int PRIMARY KEY, a_id int REFERENCES a) PARTITION BY HASH (id);
CREATE TABLE p_1 PARTITION OF p FOR VALUES WITH (MODULUS 1, REMAINDER 0);
SELECT * FROM relnav.paths('a', 'p_1', 1);
SELECT * FROM relnav.paths('p_1', 'a', 1);
SELECT relnav.query('a', path) FROM relnav.paths('a', 'p_1', 1);
-- Names that must be quoted.
CREATE TABLE "T.1" (id int PRIMARY KEY, "up to.a" int REFERENCES a, "b ""c" int REFERENCES c);
SELECT path FROM relnav.paths('a', '"T.1"', 1);
SELECT path FROM relnav.paths('"T.1"', 'status', 2);
-- A music shop with the tables and keys of Chinook.
CREATE TABLE artist (artist_id int PRIMARY KEY);
CREATE TABLE album (album_id int PRIMARY KEY, artist_id int NOT NULL REFERENCES artist);
CREATE TABLE employee (employee_id int PRIMARY KEY, reports_to int REFERENCES employee);
CREATE TABLE customer (customer_id int PRIMARY KEY, support_rep_id int REFERENCES employee);
CREATE TABLE invoice (invoice_id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customer);
CREATE TABLE genre (genre_id int PRIMARY KEY);
CREATE TABLE media_type (media_type_id int PRIMARY KEY);
CREATE TABLE track (track_id int PRIMARY KEY, album_id int REFERENCES album,
                    media_type_id int NOT NULL REFERENCES media_type, genre_id int REFERENCES genre);
CREATE TABLE invoice_line (invoice_line_id int PRIMARY KEY, invoice_id int NOT NULL REFERENCES invoice,
                           track_id int NOT NULL REFERENCES track);
CREATE TABLE playlist (playlist_id int PRIMARY KEY);
CREATE TABLE playlist_track (playlist_id int REFERENCES playlist, track_id int REFERENCES track,
                             PRIMARY KEY (playlist_id, track_id));
TRUNCATE wanted;
INSERT INTO wanted VALUES
    ('artist', 'track', 'album.track'), ('customer', 'track', 'invoice.invoice_line.track'),
    ('track', 'customer', 'invoice_line.invoice.customer'), ('artist', 'playlist', 'album.track.playlist'),
    ('playlist', 'artist', 'track.album.artist'), ('customer', 'artist', 'invoice.invoice_line.track.album.artist'),
    ('genre', 'playlist', 'track.playlist'), ('genre', 'artist', 'track.album.artist'),
    ('employee', 'customer', 'customer'), ('employee', 'invoice', 'customer.invoice'),
    ('genre', 'media_type', 'track.media_type'), ('customer', 'employee', 'support_rep'),
    ('album', 'genre', 'track.genre'), ('genre', 'customer', 'track.invoice_line.invoice.customer');
-- right: none
SELECT w.*, p.path AS found
  FROM wanted w LEFT JOIN LATERAL (SELECT path FROM relnav.paths(w.source::regclass, w.target::regclass, 5) LIMIT 1) p ON true
 WHERE p.path IS DISTINCT FROM w.path;

-- In a crowd the search ends, and says so.
CREATE SCHEMA crowd;
SET search_path = crowd;
CREATE TABLE t0 (id int PRIMARY KEY);
DO $$ BEGIN FOR i IN 1 .. 620 LOOP
    EXECUTE format('CREATE TABLE t%s (id int PRIMARY KEY, a int REFERENCES t%s, b int REFERENCES t%s)', i, i / 3, i / 5);
END LOOP; END $$;
CREATE TABLE island (id int PRIMARY KEY);
CREATE TABLE beach (id int PRIMARY KEY REFERENCES island);
SET client_min_messages = notice;
SELECT count(*) > 0 AS found FROM relnav.paths('t0', 't600', 32, 1000000);
-- right: none, and no notice: beyond the beach there is nothing
SELECT * FROM relnav.paths('t0', 'beach', 32);

-- A hub that hundreds of keys lead to is left out, where there is another way.
CREATE SCHEMA regress_relnav_hub;
SET search_path = regress_relnav_hub;
CREATE TABLE hub (id int PRIMARY KEY);
CREATE TABLE region (id int PRIMARY KEY, hub_id int REFERENCES hub);
CREATE TABLE l (id int PRIMARY KEY, hub_id int REFERENCES hub, region_id int REFERENCES region);
CREATE TABLE r (id int PRIMARY KEY, hub_id int REFERENCES hub, region_id int REFERENCES region);
CREATE TABLE alone (id int PRIMARY KEY, hub_id int REFERENCES hub);
DO $$ BEGIN FOR i IN 1 .. 8 LOOP
    EXECUTE (SELECT format('CREATE TABLE user_%s (id int PRIMARY KEY, %s)', i,
                           string_agg(format('by_%s int REFERENCES hub', n), ', '))
               FROM generate_series(1, 40) n);
END LOOP; END $$;
-- right: region.r, and a notice that names the hub with its 324 keys
SELECT * FROM relnav.paths('l', 'r', 2);
-- right: hub.alone alone; nothing else leads there, so it is found, and nothing was left out
SELECT * FROM relnav.paths('l', 'alone', 2);
-- right: hub.r, and hub.region.r with one hop more
SELECT path, hops FROM relnav.paths('alone', 'r', 3);
-- As an end it is never left out.  right: one-hop paths first, no notice
SELECT path FROM relnav.paths('hub', 'r', 2);
SELECT path FROM relnav.paths('r', 'hub', 2);
-- Keys that partitions have by their partitioned table's are not counted.
CREATE TABLE mart (id int PRIMARY KEY);
CREATE TABLE sale (id int, mart_id int REFERENCES mart, PRIMARY KEY (id)) PARTITION BY LIST (id);
DO $$ BEGIN FOR i IN 1 .. 310 LOOP
    EXECUTE format('CREATE TABLE sale_%s PARTITION OF sale FOR VALUES IN (%s)', i, i);
END LOOP; END $$;
CREATE TABLE ml (id int PRIMARY KEY, mart_id int REFERENCES mart, region_id int REFERENCES region);
CREATE TABLE mr (id int PRIMARY KEY, mart_id int REFERENCES mart, region_id int REFERENCES region);
-- right: both ways, no notice
SELECT path FROM relnav.paths('ml', 'mr', 2);

RESET search_path;
SET client_min_messages = warning;
-- one by one, as each drop locks all that it drops
DROP SCHEMA shop, regress_relnav_paths CASCADE;
DROP SCHEMA crowd CASCADE;
DROP SCHEMA regress_relnav_hub CASCADE;
