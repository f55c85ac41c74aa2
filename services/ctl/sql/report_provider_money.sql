-- What providers are owed and were paid: currency, programme, key, payable, in flight, paid.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
SELECT e.currency, e.programme, e.payee_ref,
       coalesce(sum(e.amount) FILTER (WHERE e.status IN ('APPROVED', 'HELD')), 0)::bigint,
       coalesce(sum(e.amount) FILTER (WHERE e.status = 'IN_FLIGHT'), 0)::bigint,
       coalesce(sum(e.amount) FILTER (WHERE e.status = 'PAID'), 0)::bigint
FROM incentive_read.entitlement AS e JOIN incentive_read.award AS a USING (award_id)
WHERE $1::text IS NOT NULL AND e.payee_kind = 'PROVIDER' AND ($2::text IS NULL OR a.programme = $2)
    AND ($3::text IS NULL OR a.scheme = $3) AND ($4::int IS NULL OR a.wave = $4)
GROUP BY 1, 2, 3
