-- What was commanded of a position, on which, who else agreed, and the details.
-- $1 second_actor, $2 command, $3 subject, $4 detail as JSON
INSERT INTO kerja.audit (second_actor, command, subject, detail)
VALUES ($1::text, $2::text, $3::text, $4::jsonb) RETURNING number
