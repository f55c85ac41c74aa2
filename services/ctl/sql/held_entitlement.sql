-- An entitlement as a case, and whether it is held for a reason.
-- $1 id, $2 the id where it is a UUID, $3 reason
SELECT entitlement_id, programme, (status = 'HELD' OR mismatch) AND $3::text = ANY (reasons),
       CASE WHEN status = 'HELD' OR mismatch THEN array_to_string(reasons, ', ') ELSE '' END
FROM incentive_read.entitlement WHERE $1::text <> '' AND entitlement_id = $2::uuid
