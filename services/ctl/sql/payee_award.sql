-- Who is paid the award's own benefits.
-- $1 award
SELECT payee_ref, NULL FROM completion_read.award WHERE award_id = $1::uuid
