-- Events that wait under any of the keys, in the order in which they are to be decided.
-- Mostly nothing waits: then not one of the batch's thousands of keys is looked up.
-- $1 keys
SELECT key, topic, partition, record_offset, event_id, occurred_at, expires_at, payload FROM waiting
WHERE key = ANY ($1::uuid[]) AND EXISTS (SELECT FROM waiting)
ORDER BY key, occurred_at, event_id COLLATE "C", topic COLLATE "C", partition, record_offset
