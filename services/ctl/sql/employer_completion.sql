-- Awards of which an employer is written to, by the completion service.
-- $1 the employer's id, $2 its number
SELECT award_id FROM completion_read.award WHERE contact_id = $1::uuid AND payee_ref = $2::text
