-- Seats that are said to be taken and are not the awards that stand: what, stated, counted. An award counts in the seats of
-- its longest region; where a limit on the whole holds beside those of regions, in all of them.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
WITH seats AS (SELECT * FROM application_read.quota WHERE kind = 'SEATS' AND $1::text IS NOT NULL
    AND programme = coalesce($2::text, programme) AND scheme = coalesce($3::text, scheme) AND wave = coalesce($4::int, wave)),
standing AS (SELECT a.programme, a.scheme, a.wave, a.region_code FROM application_read.application AS a
    JOIN application_read.award AS w USING (application_key) WHERE a.status = 'AWARDED' AND NOT w.revoked),
held AS (SELECT s.quota_id, rank() OVER (PARTITION BY t ORDER BY s.scope <> 'ALL' DESC, length(s.scope) DESC) = 1 AS longest
    FROM (SELECT row_number() OVER () AS t, * FROM standing) AS a JOIN seats AS s ON s.programme = a.programme
        AND s.scheme = a.scheme AND s.wave = a.wave AND (s.scope = 'ALL' OR starts_with(a.region_code, s.scope))),
counted AS (SELECT quota_id, count(*) AS all_of_them, count(*) FILTER (WHERE longest) AS longest_only FROM held GROUP BY quota_id)
SELECT format('seats taken, %s%s, %s', programme, CASE wave WHEN 0 THEN '' ELSE ' wave ' || wave END, scope), used,
       coalesce(longest_only, 0)
FROM seats LEFT JOIN counted USING (quota_id)
WHERE used NOT IN (coalesce(longest_only, 0), coalesce(all_of_them, 0)) ORDER BY 1
