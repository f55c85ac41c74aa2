-- Events that wait under any of the keys, in the order in which they are to be decided: of each key the first 200,
-- because ten thousand may wait for one course, and whether the last of them may have others behind it.
-- Mostly nothing waits: then not one of the batch's thousands of keys is looked up.
-- $1 keys
SELECT w.key, topic, partition, record_offset, event_id, occurred_at, expires_at, payload, number = 200 AS more
FROM (SELECT DISTINCT unnest($1::uuid[]) AS key) k, LATERAL (
    SELECT *, row_number() OVER (ORDER BY occurred_at, event_id COLLATE "C", topic, partition, record_offset) AS number
    FROM waiting WHERE key = k.key
    ORDER BY occurred_at, event_id COLLATE "C", topic, partition, record_offset LIMIT 200) w
WHERE EXISTS (SELECT FROM waiting)
ORDER BY w.key, number
