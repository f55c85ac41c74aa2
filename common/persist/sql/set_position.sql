-- An officer's command: both positions, a new epoch, and what was not published forgotten or kept.
-- $1 service, $2 cluster_id, $3 topic, $4 partition, $5 next_offset, $6 published_next, $7 forget
WITH moved AS (
    UPDATE source_position SET next_offset = $5::bigint, published_next = $6::bigint,
        owner_epoch = owner_epoch + 1, owner = NULL, state = 'run', reason = NULL
    WHERE service = $1::text AND cluster_id = $2::text AND topic = $3::text AND partition = $4::int
    RETURNING 1),
forgotten AS (
    DELETE FROM outbox
    WHERE $7::bool AND service = $1::text AND cluster_id = $2::text AND topic = $3::text
      AND partition = $4::int)
SELECT 1 FROM moved
