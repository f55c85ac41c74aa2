-- A person who is known only by an account: a row without an award.
-- $1 person
SELECT NULL FROM incentive_read.account WHERE payee_kind = 'PARTICIPANT' AND payee_ref = $1::text
