-- The status of an entitlement that has an amount.
-- $1 entitlement
SELECT status FROM incentive_read.entitlement WHERE entitlement_id = $1::uuid AND amount IS NOT NULL
