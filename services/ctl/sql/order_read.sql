-- One command, and whether it may be sent.
-- $1 number
SELECT command, subject, topic, event, requested_by, coalesce(approved_by, ''),
       withdrawn_at IS NULL AND (NOT needs_second OR approved_at IS NOT NULL) AS allowed,
       to_char(sent_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), needs_second AND approved_at IS NULL,
       CASE WHEN NOT dated THEN (extract(epoch FROM coalesce(approved_at, requested_at)) * 1000000)::bigint END
FROM kerja.command WHERE number = $1::bigint
