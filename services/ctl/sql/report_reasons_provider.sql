-- Reasons of courses and their providers, once for each scheme and year that a course was judged for: programme, key, phase,
-- status, reason, how often.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
SELECT programme, kerja.report_key($1::text, NULL, NULL, scheme, provider_id), 'PROVIDER',
       CASE effect WHEN 'HOLD' THEN 'HELD' ELSE 'REJECTED' END, reason, count(*)
FROM completion_read.objection
WHERE $4::int IS NULL AND ($2::text IS NULL OR programme = $2) AND ($3::text IS NULL OR scheme = $3)
GROUP BY 1, 2, 4, 5
