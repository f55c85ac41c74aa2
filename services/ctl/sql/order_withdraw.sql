-- Ends a command that waits.
-- $1 number
SELECT kerja.command_withdraw($1::bigint)
