-- The applications of a programme and wave, as a cursor: key, id, scheme, wave, region, status, reasons, waived reasons, money
-- committed, instant of submission in microseconds.
-- $1 programme, $2 wave or NULL
DECLARE simulated_applications NO SCROLL CURSOR FOR
SELECT application_key, application_id, scheme, wave, region_code, status, array_to_string(reasons, ','),
       array_to_string(waived, ','), CASE status WHEN 'AWARDED' THEN commitment ELSE 0 END,
       (extract(epoch FROM submitted_at) * 1000000)::bigint
FROM application_read.application WHERE programme = $1::text AND wave = coalesce($2::int, wave) ORDER BY application_key
