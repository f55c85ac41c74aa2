-- Marks timers fired, after their records were acknowledged.
-- $1 due_at, $2 timer_id
UPDATE timer t SET fired_at = now()
FROM (SELECT unnest($1::timestamptz[]) AS due_at, unnest($2::uuid[]) AS timer_id) f
WHERE t.due_at = f.due_at AND t.timer_id = f.timer_id AND t.fired_at IS NULL
