-- An enrolment as a case: the key by which its service knows it, and whether purchase or completion is held for a reason.
-- $1 id, $2 the id where it is a UUID, $3 reason
SELECT e.enrolment_key, a.programme,
       (e.status = 'HELD' AND $3::text = ANY (e.reasons))
           OR (e.completion_status = 'HELD' AND $3::text = ANY (e.completion_reasons)),
       concat_ws(', ', CASE e.status WHEN 'HELD' THEN array_to_string(e.reasons, ', ') END,
                 CASE e.completion_status WHEN 'HELD' THEN array_to_string(e.completion_reasons, ', ') END)
FROM completion_read.enrolment AS e JOIN completion_read.award AS a USING (award_id)
WHERE e.enrolment_id = $1::text OR e.enrolment_key = $2::uuid
