-- The awards of a command about many, with their schemes.
-- $1 number
SELECT award_id, scheme FROM kerja.command_award WHERE number = $1::bigint ORDER BY award_id
