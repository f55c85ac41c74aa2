-- The same in all, by currency: of each programme and year the whole, or all of its components.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
WITH years AS (
    SELECT programme, year, sum(ceiling) FILTER (WHERE scope = 'ALL') AS whole, sum(ceiling) FILTER (WHERE scope <> 'ALL') AS parts
    FROM application_read.quota WHERE kind = 'MONEY' AND $3::text IS NULL AND $4::int IS NULL
        AND ($2::text IS NULL OR programme = $2)
    GROUP BY programme, year)
SELECT coalesce((SELECT min(l.currency) FROM incentive_read.ledger AS l WHERE l.programme = y.programme), ''),
       sum(CASE WHEN $1::text = 'component' THEN coalesce(parts, whole) ELSE coalesce(whole, parts) END)::bigint
FROM years AS y GROUP BY 1
