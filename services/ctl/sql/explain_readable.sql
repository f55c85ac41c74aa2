-- Whether this login may read a view, where it exists; no row where it does not.
-- $1 schema, $2 view
SELECT has_schema_privilege(schema.oid, 'USAGE') AND has_table_privilege(view.oid, 'SELECT')
FROM pg_namespace AS schema JOIN pg_class AS view ON view.relnamespace = schema.oid
WHERE schema.nspname = $1 AND view.relname = $2
