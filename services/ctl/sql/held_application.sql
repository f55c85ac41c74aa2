-- An application as a case: the key by which its service knows it, and whether it is held for a reason.
-- $1 id, $2 the id where it is a UUID, $3 reason
SELECT application_key, programme, status = 'HELD' AND $3::text = ANY (reasons),
       CASE status WHEN 'HELD' THEN array_to_string(reasons, ', ') ELSE '' END
FROM application_read.application WHERE application_id = $1::text OR $2::uuid IN (application_key, award_id)
