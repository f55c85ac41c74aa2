-- Moves the positions of a batch by compare-and-set, locking them in key order; raises KJ002 unless
-- every row was as its owner believed. W never goes back.
-- $1 service, $2 cluster_id, $3 topics, $4 partitions, $5 next_offset before, $6 next_offset after,
-- $7 owner_epoch, $8 published_next, $9 number of rows
WITH wanted AS MATERIALIZED (
    SELECT unnest($3::text[]) AS topic, unnest($4::int[]) AS partition, unnest($5::bigint[]) AS from_offset,
           unnest($6::bigint[]) AS next_offset, unnest($7::bigint[]) AS owner_epoch,
           unnest($8::bigint[]) AS published_next),
locked AS MATERIALIZED (
    SELECT w.* FROM wanted w JOIN source_position p
        ON p.service = $1::text AND p.cluster_id = $2::text AND p.topic = w.topic AND p.partition = w.partition
        AND p.next_offset = w.from_offset AND p.owner_epoch = w.owner_epoch AND p.state = 'run'
    ORDER BY p.topic COLLATE "C", p.partition FOR UPDATE OF p),
moved AS (
    UPDATE source_position p
    SET next_offset = l.next_offset, published_next = greatest(p.published_next, l.published_next)
    FROM locked l
    WHERE p.service = $1::text AND p.cluster_id = $2::text AND p.topic = l.topic AND p.partition = l.partition
    RETURNING 1)
SELECT kerja.must(count(*), $9::bigint, 'KJ002') FROM moved
