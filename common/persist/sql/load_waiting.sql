-- Events that wait under any of the keys, in the order in which they are to be decided.
-- $1 keys
SELECT key, topic, partition, record_offset, event_id, occurred_at, expires_at, payload FROM waiting
WHERE key = ANY ($1::uuid[])
ORDER BY key, occurred_at, event_id COLLATE "C", topic COLLATE "C", partition, record_offset
