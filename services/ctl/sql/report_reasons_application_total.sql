-- The same in all: how many reasons stand in the rows.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
SELECT coalesce(sum(cardinality(a.reasons) + coalesce(cardinality(w.holds) + w.revoked::int, 0)), 0)::bigint
FROM application_read.application AS a LEFT JOIN application_read.award AS w USING (application_key)
WHERE $1::text IS NOT NULL AND ($2::text IS NULL OR a.programme = $2) AND ($3::text IS NULL OR a.scheme = $3)
    AND ($4::int IS NULL OR a.wave = $4)
