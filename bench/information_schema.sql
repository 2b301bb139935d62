-- Which columns reference which, as portable SQL asks: the usual query over
-- the information schema, without any classification.
SELECT fk.table_schema, fk.table_name, fk.column_name,
       pk.table_schema, pk.table_name, pk.column_name
  FROM information_schema.referential_constraints AS rc
  JOIN information_schema.key_column_usage AS fk
    ON fk.constraint_schema = rc.constraint_schema
   AND fk.constraint_name = rc.constraint_name
  JOIN information_schema.key_column_usage AS pk
    ON pk.constraint_schema = rc.unique_constraint_schema
   AND pk.constraint_name = rc.unique_constraint_name
   AND pk.ordinal_position = fk.position_in_unique_constraint
