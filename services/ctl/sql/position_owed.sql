-- What the outbox holds of one partition beyond an offset: how many rows, where the first begins and the last ends,
-- and whether each begins where the one before ends.
-- $1 cluster_id, $2 topic, $3 partition, $4 offset
SELECT count(*), coalesce(min(from_offset), 0), coalesce(max(next_offset), 0),
       coalesce(bool_and(from_offset = begins), true)
FROM (SELECT from_offset, next_offset,
             coalesce(lag(next_offset) OVER (ORDER BY from_offset), from_offset) AS begins
      FROM outbox
      WHERE cluster_id = $1::text AND topic = $2::text AND partition = $3::int AND next_offset > $4::bigint) owed
