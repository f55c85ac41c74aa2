-- The movements of an instalment's money to gateways and back: attempt, whether it went out, whether it was paid, amount,
-- microseconds.
-- $1 the entitlement
SELECT attempt, debited = 'IN_FLIGHT' AND credited <> 'PAID', debited = 'PAID', amount, (extract(epoch FROM occurred_at) * 1000000)::bigint
FROM incentive_read.ledger_entry
WHERE award_id = (SELECT award_id FROM incentive_read.entitlement WHERE entitlement_id = $1::uuid) AND subject = $1::uuid
    AND ('IN_FLIGHT' IN (debited, credited) OR 'PAID' IN (debited, credited))
ORDER BY number
LIMIT 100
