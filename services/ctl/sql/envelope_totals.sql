-- Count and sum of one envelope as the books have it now.
-- $1 programme, $2 partner, $3 day
SELECT payouts, amount, currency, to_char(last_requested_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
FROM incentive_read.envelope WHERE programme = $1::text AND partner = $2::text AND envelope_on = $3::date
