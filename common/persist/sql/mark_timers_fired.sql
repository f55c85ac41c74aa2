-- Marks timers fired, after their records were acknowledged. Each is found through the primary key: a
-- plan made while the table was empty must not read every timer. One clock marks them, so a row's place
-- (ctid) stays true between finding and marking.
-- $1 due_at, $2 timer_id
UPDATE timer SET fired_at = now() WHERE ctid = ANY (ARRAY(
    SELECT found.place
    FROM (SELECT unnest($1::timestamptz[]) AS due_at, unnest($2::uuid[]) AS timer_id) f
    CROSS JOIN LATERAL (
        SELECT t.ctid AS place FROM timer t
        WHERE t.due_at = f.due_at AND t.timer_id = f.timer_id AND t.fired_at IS NULL
        OFFSET 0) found))
