-- Reasons of applications, of holds on awards and of revoked awards: programme, key, phase, status, reason, how often.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
WITH chosen AS (
    SELECT application_key, programme, status, reasons,
           kerja.report_key($1::text, region_code, wave, scheme, NULL) AS key
    FROM application_read.application
    WHERE ($2::text IS NULL OR programme = $2) AND ($3::text IS NULL OR scheme = $3) AND ($4::int IS NULL OR wave = $4))
SELECT programme, key, 'APPLY', status, reason, count(*) FROM chosen CROSS JOIN unnest(reasons) AS reason GROUP BY 1, 2, 4, 5
UNION ALL
SELECT c.programme, c.key, 'AWARD', 'HELD', split_part(hold, ':', 2), count(*)
FROM application_read.award AS w JOIN chosen AS c USING (application_key) CROSS JOIN unnest(w.holds) AS hold GROUP BY 1, 2, 5
UNION ALL
SELECT c.programme, c.key, 'AWARD', 'REVOKED', w.revoked_for, count(*)
FROM application_read.award AS w JOIN chosen AS c USING (application_key) WHERE w.revoked GROUP BY 1, 2, 5
