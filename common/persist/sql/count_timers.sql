-- How many timers are due, and how many are set for later.
-- $1 until
SELECT count(*) FILTER (WHERE due_at <= $1::timestamptz), count(*) FILTER (WHERE due_at > $1::timestamptz)
FROM timer WHERE fired_at IS NULL
