-- Sets timers; one that is set already, or has fired, stays as it is.
-- $1 due_at, $2 timer_id, $3 subject_id, $4 kind, $5 attempt
INSERT INTO timer (due_at, timer_id, subject_id, kind, attempt)
SELECT unnest($1::timestamptz[]), unnest($2::uuid[]), unnest($3::text[]), unnest($4::text[]), unnest($5::int[])
ON CONFLICT (due_at, timer_id) DO NOTHING
