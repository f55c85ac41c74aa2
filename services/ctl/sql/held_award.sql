-- An award as a case: whether a service holds it for a reason; what officers hold, `kerja award release` ends.
-- $1 id, $2 the id where it is a UUID, $3 reason
SELECT award_id, programme, 'APPLICATION:' || $3::text = ANY (holds), array_to_string(holds, ', ')
FROM application_read.award WHERE $1::text <> '' AND award_id = $2::uuid
