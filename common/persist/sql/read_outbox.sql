-- Rows of one partition that end after one offset and not after another, in order.
-- $1 service, $2 cluster_id, $3 topic, $4 partition, $5 from, $6 until, $7 limit
SELECT from_offset, next_offset, record_count, payload FROM outbox
WHERE service = $1::text AND cluster_id = $2::text AND topic = $3::text AND partition = $4::int
  AND next_offset > $5::bigint AND next_offset <= $6::bigint
ORDER BY from_offset LIMIT $7::bigint
