-- Everything that the application service decided since the first of these applications came, oldest first, as a cursor. Where
-- times were played that are still to come, all of it.
-- $1 programme, $2 wave or NULL
DECLARE simulated_segments NO SCROLL CURSOR FOR
SELECT segment FROM application_read.decision_segment
WHERE created_at >= (SELECT CASE WHEN max(submitted_at) > now() THEN '-infinity' ELSE min(submitted_at) - interval '1 day' END
    FROM application_read.application WHERE programme = $1::text AND ($2::int IS NULL OR wave = $2))
ORDER BY created_at, topic, partition, from_offset
