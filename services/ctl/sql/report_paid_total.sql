-- The same in all, as the incentive service alone knows it.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
SELECT count(DISTINCT e.award_id) FROM incentive_read.entitlement AS e JOIN incentive_read.award AS a USING (award_id)
WHERE $1::text IS NOT NULL AND e.status = 'PAID' AND e.payee_kind <> 'PROVIDER' AND a.programme = coalesce($2::text, a.programme)
    AND a.scheme = coalesce($3::text, a.scheme) AND a.wave = coalesce($4::int, a.wave)
