-- The envelope of an instruction.
-- $1 entitlement_id, $2 attempt
SELECT i.partner, i.envelope_on FROM incentive_read.entitlement AS e
JOIN incentive_read.instruction AS i ON i.award_id = e.award_id AND i.entitlement_id = e.entitlement_id
WHERE e.entitlement_id = $1::uuid AND i.attempt = $2::int
