-- Takes events out that no longer wait.
-- $1 key, $2 topic, $3 partition, $4 record_offset
DELETE FROM waiting w
USING (SELECT unnest($1::uuid[]) AS key, unnest($2::text[]) AS topic, unnest($3::int[]) AS partition,
              unnest($4::bigint[]) AS record_offset) d
WHERE w.key = d.key AND w.topic = d.topic AND w.partition = d.partition AND w.record_offset = d.record_offset
