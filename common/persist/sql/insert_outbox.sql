-- Stores what a batch leaves to be published: one row a source partition.
-- $1 service, $2 cluster_id, $3 topics, $4 partitions, $5 from_offset, $6 next_offset,
-- $7 record_count, $8 payloads
INSERT INTO outbox (service, cluster_id, topic, partition, from_offset, next_offset, record_count, payload)
SELECT $1::text, $2::text, unnest($3::text[]), unnest($4::int[]), unnest($5::bigint[]), unnest($6::bigint[]),
       unnest($7::int[]), unnest($8::bytea[])
