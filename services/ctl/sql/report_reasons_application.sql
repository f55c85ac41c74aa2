-- Reasons of applications and of holds on awards: programme, key, phase, status, reason, how often.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
WITH chosen AS (
    SELECT application_key, programme, status, reasons,
           CASE $1::text WHEN 'district' THEN region_code WHEN 'province' THEN regexp_replace(region_code, '^([0-9]{2}).*$', '\1')
           WHEN 'wave' THEN nullif(wave, 0)::text WHEN 'scheme' THEN scheme END AS key
    FROM application_read.application
    WHERE programme = coalesce($2::text, programme) AND scheme = coalesce($3::text, scheme) AND wave = coalesce($4::int, wave))
SELECT programme, key, 'APPLY', status, reason, count(*) FROM chosen CROSS JOIN unnest(reasons) AS reason GROUP BY 1, 2, 4, 5
UNION ALL
SELECT c.programme, c.key, 'AWARD', 'HELD', split_part(hold, ':', 2), count(*)
FROM application_read.award AS w JOIN chosen AS c USING (application_key) CROSS JOIN unnest(w.holds) AS hold GROUP BY 1, 2, 5
