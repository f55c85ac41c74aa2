-- Awards for workers whom an employer hired, by the application service.
-- $1 the employer's id, $2 its number
SELECT award_id FROM application_read.application WHERE employer_id = $1::uuid AND employer_no = $2::text
