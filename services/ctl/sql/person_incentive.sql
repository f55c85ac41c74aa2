-- Awards of a person, by the incentive service.
-- $1 person
SELECT award_id FROM incentive_read.award WHERE person_id = $1::uuid
