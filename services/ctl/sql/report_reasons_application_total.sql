-- The same in all: how many reasons stand in the rows.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
SELECT coalesce(sum(cardinality(a.reasons) + coalesce(cardinality(w.holds) + w.revoked::int, 0)), 0)::bigint
FROM application_read.application AS a LEFT JOIN application_read.award AS w USING (application_key)
WHERE $1::text IS NOT NULL AND a.programme = coalesce($2::text, a.programme) AND a.scheme = coalesce($3::text, a.scheme)
    AND a.wave = coalesce($4::int, a.wave)
