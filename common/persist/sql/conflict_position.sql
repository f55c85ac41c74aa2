-- Stops a partition until an officer decides.
-- $1 service, $2 cluster_id, $3 topic, $4 partition, $5 owner_epoch, $6 reason
UPDATE source_position SET state = 'conflict', reason = $6::text
WHERE service = $1::text AND cluster_id = $2::text AND topic = $3::text AND partition = $4::int
  AND owner_epoch = $5::bigint
RETURNING 1
