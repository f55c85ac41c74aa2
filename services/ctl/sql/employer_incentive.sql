-- Awards out of which an employer is paid, by the incentive service.
-- $1 the employer's id, $2 its number
SELECT DISTINCT award_id FROM incentive_read.entitlement
WHERE $1::uuid IS NOT NULL AND payee_kind = 'EMPLOYER' AND payee_ref = $2::text
