-- The same in all, by currency, without asking the awards unless a filter needs them.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
SELECT currency, coalesce(sum(amount) FILTER (WHERE status IN ('APPROVED', 'HELD')), 0)::bigint,
       coalesce(sum(amount) FILTER (WHERE status = 'IN_FLIGHT'), 0)::bigint,
       coalesce(sum(amount) FILTER (WHERE status = 'PAID'), 0)::bigint
FROM incentive_read.entitlement
WHERE $1::text IS NOT NULL AND payee_kind = 'PROVIDER' AND ($2::text IS NULL OR programme = $2)
    AND ($3::text IS NULL OR scheme = $3)
    AND ($4::int IS NULL OR award_id IN (SELECT award_id FROM incentive_read.award WHERE wave = $4::int))
GROUP BY currency
