-- Positions of one service in one cluster, from its published view.
-- $1 cluster_id
SELECT topic, partition, published_next, next_offset, state <> 'run', coalesce(owner, ''), coalesce(reason, '')
FROM source_position WHERE cluster_id = $1 ORDER BY topic COLLATE "C", partition
