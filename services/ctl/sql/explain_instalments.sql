-- The instalments that an id names, or of the award it names: entitlement, programme, item, instalment, payee, amount, due day
-- (days since 1970), state, reasons, partner.
-- $1 the id, $2 the id where it is a UUID
SELECT entitlement_id, programme, item, instalment, payee_kind, amount, due_on - DATE '1970-01-01', status,
    array_to_string(reasons, ' '), partner
FROM incentive_read.entitlement
WHERE $1::text <> '' AND $2::uuid IN (entitlement_id, award_id)
ORDER BY due_on, item, instalment, entitlement_id
LIMIT 200
