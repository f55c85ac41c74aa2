-- Stores the explanations of a batch: one segment a source partition, under the outbox row's key.
-- $1 service, $2 cluster_id, $3 topics, $4 partitions, $5 from_offset, $6 next_offset,
-- $7 decision_count, $8 segments
INSERT INTO decision_segment (service, cluster_id, topic, partition, from_offset, next_offset, decision_count, segment)
SELECT $1::text, $2::text, unnest($3::text[]), unnest($4::int[]), unnest($5::bigint[]), unnest($6::bigint[]),
       unnest($7::int[]), unnest($8::bytea[])
