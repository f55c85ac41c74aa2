-- The same in all: how many reasons stand in the rows.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
SELECT coalesce(sum(cardinality(reasons)), 0)::bigint FROM incentive_read.entitlement
WHERE $1::text IS NOT NULL AND ($2::text IS NULL OR programme = $2) AND ($3::text IS NULL OR scheme = $3)
    AND ($4::int IS NULL OR award_id IN (SELECT award_id FROM incentive_read.award WHERE wave = $4::int))
