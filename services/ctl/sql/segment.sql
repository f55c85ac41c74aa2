-- The segment that covers a record, and when it was written.
-- $1 topic, $2 partition, $3 offset
SELECT encode(segment, 'hex'), created_at FROM decision_segment
WHERE topic = $1 AND partition = $2::int AND from_offset <= $3::bigint AND next_offset > $3::bigint
ORDER BY created_at DESC
