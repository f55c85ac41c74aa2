-- Applications and awards of each part: programme, key, applied, held, refused, pooled, selected, not drawn, awarded, revoked.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
SELECT a.programme,
       kerja.report_key($1::text, a.region_code, a.wave, a.scheme, NULL),
       count(*), count(*) FILTER (WHERE a.status = 'HELD'), count(*) FILTER (WHERE a.status = 'REJECTED'),
       count(*) FILTER (WHERE a.status = 'POOLED'), count(*) FILTER (WHERE a.drawn), count(*) FILTER (WHERE a.status = 'NOT_DRAWN'),
       count(*) FILTER (WHERE a.status = 'AWARDED'), count(*) FILTER (WHERE w.revoked)
FROM application_read.application AS a LEFT JOIN application_read.award AS w USING (application_key)
WHERE a.programme = coalesce($2::text, a.programme) AND a.scheme = coalesce($3::text, a.scheme) AND a.wave = coalesce($4::int, a.wave)
GROUP BY 1, 2
