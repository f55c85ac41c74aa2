-- Makes partitions ours: whoever owned them finds another owner_epoch. A partition that was never
-- read begins at its start. The row lock waits out a commit of the former owner in flight.
-- $1 service, $2 cluster_id, $3 topics, $4 partitions, $5 starts, $6 owner
INSERT INTO source_position AS p
    (service, cluster_id, topic, partition, next_offset, published_next, owner_epoch, owner)
SELECT $1::text, $2::text, unnest($3::text[]), unnest($4::int[]), unnest($5::bigint[]), unnest($5::bigint[]),
       1, $6::text
ON CONFLICT (service, cluster_id, topic, partition) DO UPDATE
SET owner_epoch = p.owner_epoch + 1, owner = excluded.owner
RETURNING topic, partition, next_offset, published_next, owner_epoch, state <> 'run', coalesce(reason, '')
