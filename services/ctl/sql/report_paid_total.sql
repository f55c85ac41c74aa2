-- The same in all, as the incentive service alone knows it.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
SELECT count(DISTINCT e.award_id) FROM incentive_read.entitlement AS e JOIN incentive_read.award AS a USING (award_id)
WHERE $1::text IS NOT NULL AND e.status = 'PAID' AND e.payee_kind <> 'PROVIDER' AND ($2::text IS NULL OR a.programme = $2)
    AND ($3::text IS NULL OR a.scheme = $3) AND ($4::int IS NULL OR a.wave = $4)
