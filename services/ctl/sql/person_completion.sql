-- Awards of a person, by the completion service.
-- $1 person
SELECT award_id FROM completion_read.award WHERE person_id = $1::uuid
