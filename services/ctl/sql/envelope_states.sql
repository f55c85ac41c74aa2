-- What became of the instructions of one envelope.
-- $1 programme, $2 partner, $3 day
SELECT status, currency, count(*), sum(amount)::bigint FROM incentive_read.instruction
WHERE programme = $1::text AND partner = $2::text AND envelope_on = $3::date GROUP BY 1, 2 ORDER BY 1, 2
