-- All positions of a service in one cluster.
-- $1 service, $2 cluster_id
SELECT topic, partition, next_offset, published_next, owner_epoch, state <> 'run', coalesce(reason, '')
FROM source_position WHERE service = $1::text AND cluster_id = $2::text
ORDER BY topic COLLATE "C", partition
