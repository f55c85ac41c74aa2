-- What is noticed for recovery and not paid back, in hundredths.
-- $1 award
SELECT recovery_noticed - recovery_repaid FROM completion_read.award WHERE award_id = $1::uuid
