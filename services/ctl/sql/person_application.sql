-- Awards that a person has, or would have, by the application service.
-- $1 person
SELECT award_id FROM application_read.application WHERE person_id = $1::uuid
