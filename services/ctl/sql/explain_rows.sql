-- The statements that find the rows an id names: service, table, statement giving key and the place of the
-- record that decided last. Only views that exist are named.
-- Parameters of the statements: $1 the id, $2 the id where it is a UUID
SELECT service, name, format('SELECT %I, decided_by FROM %I.%I WHERE %s ORDER BY 1', key, service || '_read', name, named)
FROM (VALUES
    (1, 'application', 'application', 'application_key', '$1::text = application_id OR $2::uuid IN (application_key, award_id)'),
    (2, 'application', 'award', 'award_id', '$1::text <> '''' AND $2::uuid = award_id'),
    (3, 'completion', 'award', 'award_id', '$1::text <> '''' AND $2::uuid = award_id'),
    (4, 'completion', 'enrolment', 'enrolment_key', '$1::text = enrolment_id OR $2::uuid IN (enrolment_key, award_id)'),
    (5, 'incentive', 'award', 'award_id', '$1::text <> '''' AND $2::uuid = award_id'),
    (6, 'incentive', 'entitlement', 'entitlement_id', '$1::text <> '''' AND $2::uuid IN (entitlement_id, award_id)'))
    AS tables (number, service, name, key, named)
WHERE to_regclass(format('%I.%I', service || '_read', name)) IS NOT NULL
ORDER BY number
