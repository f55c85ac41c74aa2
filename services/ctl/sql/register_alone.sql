-- One load of a register at a time; held for as long as the session lives.
-- $1 register
SELECT pg_try_advisory_lock(hashtext('kerja-register'), hashtext($1::text))
