-- Segments written at or after an instant, oldest first.
-- $1 created_at
DECLARE later_segments NO SCROLL CURSOR FOR
SELECT encode(segment, 'hex') FROM decision_segment WHERE created_at >= $1::timestamptz ORDER BY created_at
