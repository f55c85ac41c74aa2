-- An employer that is known only by an account: a row without an award.
-- $1 the employer's id, $2 its number
SELECT NULL FROM incentive_read.account WHERE $1::uuid IS NOT NULL AND payee_kind = 'EMPLOYER' AND payee_ref = $2::text
