-- A course as a case, by the platform's name for it; its verdicts, one a scheme and year, only its service reads.
-- $1 id, $2 the id where it is a UUID, $3 reason
SELECT course_id, '', NULL::bool, '' FROM completion_read.course
WHERE (course_id = $1::text OR course_key = $2::uuid) AND $3::text <> ''
