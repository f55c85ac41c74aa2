-- The same in all, as the completion service alone knows it, and by the trainings themselves.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
SELECT count(DISTINCT award_id) FILTER (WHERE status = 'ACCEPTED'),
       count(DISTINCT award_id) FILTER (WHERE completion_status = 'VERIFIED') FROM completion_read.enrolment
WHERE $1::text IS NOT NULL AND (($2::text IS NULL AND $3::text IS NULL AND $4::int IS NULL) OR award_id IN (
    SELECT award_id FROM completion_read.award WHERE ($2::text IS NULL OR programme = $2)
        AND ($3::text IS NULL OR scheme = $3) AND ($4::int IS NULL OR wave = $4)))
