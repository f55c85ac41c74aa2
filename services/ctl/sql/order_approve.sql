-- Approves a command, unless it is allowed already and only has to be sent.
-- $1 number
SELECT CASE WHEN EXISTS (SELECT FROM kerja.command WHERE number = $1::bigint AND withdrawn_at IS NULL
                             AND (approved_at IS NOT NULL OR NOT needs_second))
            THEN NULL ELSE kerja.command_approve($1::bigint)::text END
