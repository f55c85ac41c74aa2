-- The newest command that sends a dead letter again.
-- $1 place, as partition:offset
SELECT number, coalesce(to_char(sent_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), '') FROM kerja.command
WHERE topic = 'dead.letter' AND subject = $1::text ORDER BY number DESC LIMIT 1
