-- Awards of which the holder, person or employer, was paid at least once: programme, key, paid.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
SELECT a.programme,
       kerja.report_key($1::text, a.region_code, a.wave, a.scheme, NULL),
       count(*) FILTER (WHERE EXISTS (SELECT FROM incentive_read.entitlement AS e
           WHERE e.award_id = w.award_id AND e.status = 'PAID' AND e.payee_kind <> 'PROVIDER'))
FROM application_read.award AS w JOIN application_read.application AS a USING (application_key)
WHERE ($2::text IS NULL OR a.programme = $2) AND ($3::text IS NULL OR a.scheme = $3) AND ($4::int IS NULL OR a.wave = $4)
GROUP BY 1, 2
