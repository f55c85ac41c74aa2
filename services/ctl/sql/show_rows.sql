-- The statements that show the rows an id names: service, view, statement. Only views that exist are named.
-- Parameters of the statements: $1 the id, $2 the id where it is a UUID
SELECT service, name, format('SELECT * FROM %I.%I WHERE %s ORDER BY 1 LIMIT 1000', service || '_read', name, named)
FROM (VALUES
    (1, 'application', 'application', '$1::text = application_id OR $2::uuid IN (application_key, award_id, person_id)'),
    (2, 'application', 'award', '$1::text <> '''' AND $2::uuid IN (award_id, application_key, person_id)'),
    (3, 'completion', 'award', '$1::text <> '''' AND $2::uuid IN (award_id, person_id)'),
    (4, 'completion', 'enrolment', '$1::text = enrolment_id OR $2::uuid IN (enrolment_key, award_id)'),
    (5, 'completion', 'course', '$1::text = course_id OR $2::uuid = course_key'),
    (6, 'completion', 'message', '$1::text <> '''' AND $2::uuid IN (notification_id, award_id)'),
    (7, 'incentive', 'award', '$1::text <> '''' AND $2::uuid IN (award_id, person_id)'),
    (8, 'incentive', 'entitlement', '$1::text <> '''' AND $2::uuid IN (entitlement_id, award_id)'),
    (9, 'incentive', 'ledger_entry', '$1::text <> '''' AND $2::uuid = award_id'))
    AS views (number, service, name, named)
WHERE to_regclass(format('%I.%I', service || '_read', name)) IS NOT NULL
ORDER BY number
