-- Ceilings of the years in which something was committed: currency, programme, key, appropriated. A ceiling on the whole holds
-- beside those of components: by component these count, else the whole does.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
WITH ceilings AS (
    SELECT programme, year, scope, ceiling, bool_or(scope = 'ALL') OVER (PARTITION BY programme, year) AS has_whole,
           bool_or(scope <> 'ALL') OVER (PARTITION BY programme, year) AS has_parts
    FROM application_read.quota WHERE kind = 'MONEY' AND $3::text IS NULL AND $4::int IS NULL
        AND ($2::text IS NULL OR programme = $2))
SELECT coalesce((SELECT min(l.currency) FROM incentive_read.ledger AS l WHERE l.programme = c.programme), ''), programme,
       CASE $1::text WHEN 'year' THEN year::text WHEN 'component' THEN scope END, sum(ceiling)::bigint
FROM ceilings AS c
WHERE CASE WHEN $1::text = 'component' THEN scope <> 'ALL' OR NOT has_parts ELSE scope = 'ALL' OR NOT has_whole END
GROUP BY 1, 2, 3
