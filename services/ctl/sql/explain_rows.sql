-- The statements that find the rows an id names: service, table, statement giving key, the place of the record that
-- decided last and the state that the row is in; and whether this login may read both it and the decisions. Only views
-- that exist are named.
-- Parameters of the statements: $1 the id, $2 the id where it is a UUID
WITH award (state) AS (SELECT $$CASE WHEN revoked THEN 'REVOKED' WHEN closed THEN 'CLOSED'
    WHEN cardinality(holds) > 0 THEN 'HELD' ELSE 'ACTIVE' END$$)
SELECT service, tables.name,
    format('SELECT %I, decided_by, %s FROM %I.%I WHERE %s ORDER BY 1', key, state, schema.nspname, tables.name, named),
    has_schema_privilege(schema.oid, 'USAGE') AND has_table_privilege(view.oid, 'SELECT')
        AND has_table_privilege(segment.oid, 'SELECT')
FROM (VALUES
    (1, 'application', 'application', 'application_key', 'status',
        '$1::text = application_id OR $2::uuid IN (application_key, award_id)'),
    (2, 'application', 'award', 'award_id', (SELECT state FROM award), '$1::text <> '''' AND $2::uuid = award_id'),
    (3, 'completion', 'award', 'award_id', (SELECT state FROM award), '$1::text <> '''' AND $2::uuid = award_id'),
    (4, 'completion', 'enrolment', 'enrolment_key',
        $$CASE WHEN status = 'ACCEPTED' AND completion_status <> 'UNKNOWN' THEN completion_status ELSE status END$$,
        '$1::text = enrolment_id OR $2::uuid IN (enrolment_key, award_id)'),
    (5, 'incentive', 'award', 'award_id', (SELECT state FROM award), '$1::text <> '''' AND $2::uuid = award_id'),
    (6, 'incentive', 'entitlement', 'entitlement_id', 'status',
        '$1::text <> '''' AND $2::uuid IN (entitlement_id, award_id)'))
    AS tables (number, service, name, key, state, named)
JOIN pg_namespace AS schema ON schema.nspname = service || '_read'
JOIN pg_class AS view ON view.relnamespace = schema.oid AND view.relname = tables.name
JOIN pg_class AS segment ON segment.relnamespace = schema.oid AND segment.relname = 'decision_segment'
ORDER BY number
