-- Timers that are due and have not fired, earliest first.
-- $1 until, $2 limit
SELECT due_at, timer_id, subject_id, kind, attempt FROM timer
WHERE fired_at IS NULL AND due_at <= $1::timestamptz
ORDER BY due_at, timer_id LIMIT $2::bigint
