-- Seats that are said to be taken and are not the awards that stand: what, stated, counted. An award takes a seat in every limit
-- that holds its region: a district's, a province's, the whole.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
WITH standing AS (
    SELECT a.programme, a.scheme, a.wave, a.region_code, count(*) AS awards
    FROM application_read.application AS a JOIN application_read.award AS w USING (application_key)
    WHERE a.status = 'AWARDED' AND NOT w.revoked GROUP BY 1, 2, 3, 4),
counted AS (
    SELECT q.programme, q.wave, q.scope, q.used, coalesce((SELECT sum(s.awards) FROM standing AS s
        WHERE s.programme = q.programme AND s.scheme = q.scheme AND s.wave = q.wave
            AND (q.scope = 'ALL' OR starts_with(s.region_code, q.scope))), 0)::bigint AS awards
    FROM application_read.quota AS q WHERE q.kind = 'SEATS' AND $1::text IS NOT NULL
        AND ($2::text IS NULL OR q.programme = $2) AND ($3::text IS NULL OR q.scheme = $3)
        AND ($4::int IS NULL OR q.wave = $4))
SELECT format('seats taken, %s%s, %s', programme, CASE wave WHEN 0 THEN '' ELSE ' wave ' || wave END, scope), used, awards
FROM counted WHERE used <> awards ORDER BY 1
