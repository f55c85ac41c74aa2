-- Awards with a purchase that stands and with a verified completion: programme, key, enrolled, completed. The application says
-- which part an award belongs to.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
SELECT a.programme, kerja.report_key($1::text, a.region_code, a.wave, a.scheme, NULL),
       count(*) FILTER (WHERE c.purchases > 0), count(*) FILTER (WHERE c.verified_completions > 0)
FROM completion_read.award AS c JOIN application_read.award AS w USING (award_id)
    JOIN application_read.application AS a USING (application_key)
WHERE ($2::text IS NULL OR a.programme = $2) AND ($3::text IS NULL OR a.scheme = $3) AND ($4::int IS NULL OR a.wave = $4)
GROUP BY 1, 2
