-- Drops what was seen published. The bound on from_offset lets the primary key's index end the scan.
-- $1 service, $2 cluster_id, $3 topics, $4 partitions, $5 published_next
DELETE FROM outbox o
USING (SELECT unnest($3::text[]) AS topic, unnest($4::int[]) AS partition, unnest($5::bigint[]) AS published_next) w
WHERE o.service = $1::text AND o.cluster_id = $2::text AND o.topic = w.topic AND o.partition = w.partition
  AND o.from_offset < w.published_next AND o.next_offset <= w.published_next
