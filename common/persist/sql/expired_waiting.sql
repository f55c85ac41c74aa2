-- Events whose time to wait is over, earliest first.
-- $1 now, $2 limit
SELECT key, topic, partition, record_offset, event_id, occurred_at, expires_at, payload FROM waiting
WHERE expires_at <= $1::timestamptz ORDER BY expires_at LIMIT $2::bigint
