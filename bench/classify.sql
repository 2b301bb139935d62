-- What a good SQL programmer would write to classify the foreign keys of a
-- whole database: both directions of each key, with their kind, and the
-- association tables.  It does less than relnav.relationships(): no names, no
-- operators, no partitions' own keys, no look at predicates and collations.
WITH fk AS MATERIALIZED (
    SELECT oid, conrelid, confrelid, conkey, confkey
      FROM pg_constraint
     WHERE contype = 'f' AND conparentid = 0
), uniq AS MATERIALIZED (
    SELECT indrelid, (indkey::int2[])[0:indnkeyatts - 1] AS cols
      FROM pg_index
     WHERE indisunique AND indimmediate AND indisvalid AND indpred IS NULL AND indexprs IS NULL
), unique_fk AS MATERIALIZED (
    SELECT DISTINCT fk.oid
      FROM fk
      JOIN uniq ON uniq.indrelid = fk.conrelid AND uniq.cols <@ fk.conkey
), key AS MATERIALIZED (
    SELECT fk.*, unique_fk.oid IS NOT NULL AS is_unique
      FROM fk
      LEFT JOIN unique_fk USING (oid)
), pair AS (
    SELECT DISTINCT ON (f.oid, g.oid) f.conrelid,
           f.confrelid AS f_target, f.confkey AS f_keys,
           g.confrelid AS g_target, g.confkey AS g_keys
      FROM key f
      JOIN key g ON g.conrelid = f.conrelid AND g.oid > f.oid
      JOIN uniq u ON u.indrelid = f.conrelid
                 AND (u.cols <@ (f.conkey || g.conkey) OR u.cols @> f.conkey AND u.cols @> g.conkey)
     WHERE NOT f.is_unique AND NOT g.is_unique
       AND NOT f.conkey <@ g.conkey AND NOT g.conkey <@ f.conkey
)
SELECT conrelid AS source, confrelid AS target, conkey AS source_columns, confkey AS target_columns,
       NULL::oid AS association, CASE WHEN is_unique THEN 'one-to-one' ELSE 'many-to-one' END AS kind
  FROM key
UNION ALL
SELECT confrelid, conrelid, confkey, conkey, NULL,
       CASE WHEN is_unique THEN 'one-to-one' ELSE 'one-to-many' END
  FROM key
UNION ALL
SELECT direction.*, pair.conrelid, 'many-to-many'
  FROM pair,
       LATERAL (VALUES (f_target, g_target, f_keys, g_keys),
                       (g_target, f_target, g_keys, f_keys)) AS direction
