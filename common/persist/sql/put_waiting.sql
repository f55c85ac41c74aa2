-- Keeps events that came too early; one that waits already stays as it is.
-- $1 key, $2 topic, $3 partition, $4 record_offset, $5 event_id, $6 occurred_at, $7 expires_at, $8 payload
INSERT INTO waiting (key, topic, partition, record_offset, event_id, occurred_at, expires_at, payload)
SELECT unnest($1::uuid[]), unnest($2::text[]), unnest($3::int[]), unnest($4::bigint[]), unnest($5::text[]),
       unnest($6::timestamptz[]), unnest($7::timestamptz[]), unnest($8::bytea[])
ON CONFLICT (key, topic, partition, record_offset) DO NOTHING
