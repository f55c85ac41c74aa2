-- Applications and awards of each part: programme, key, applied, held, refused, pooled, selected, not drawn, awarded, revoked.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
SELECT a.programme,
       kerja.report_key($1::text, a.region_code, a.wave, a.scheme, NULL),
       count(*), count(*) FILTER (WHERE a.status = 'HELD'), count(*) FILTER (WHERE a.status = 'REJECTED'),
       count(*) FILTER (WHERE a.status = 'POOLED'), count(*) FILTER (WHERE a.drawn), count(*) FILTER (WHERE a.status = 'NOT_DRAWN'),
       count(*) FILTER (WHERE a.status = 'AWARDED'), count(*) FILTER (WHERE w.revoked)
FROM application_read.application AS a LEFT JOIN application_read.award AS w USING (application_key)
WHERE ($2::text IS NULL OR a.programme = $2) AND ($3::text IS NULL OR a.scheme = $3) AND ($4::int IS NULL OR a.wave = $4)
GROUP BY 1, 2
