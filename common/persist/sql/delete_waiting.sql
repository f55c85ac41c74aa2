-- Takes events out that no longer wait; raises KJ001 unless all of them still did. Two batches may know the
-- same event, one because its row appeared and another because its time is over: who comes second waits
-- for the first one's row lock, finds nothing, and must decide again without it.
-- $1 key, $2 topic, $3 partition, $4 record_offset, $5 number of rows
WITH taken AS (
    DELETE FROM waiting w
    USING (SELECT unnest($1::uuid[]) AS key, unnest($2::text[]) AS topic, unnest($3::int[]) AS partition,
                  unnest($4::bigint[]) AS record_offset) d
    WHERE w.key = d.key AND w.topic = d.topic AND w.partition = d.partition AND w.record_offset = d.record_offset
    RETURNING 1)
SELECT kerja.must(count(*), $5::bigint, 'KJ001') FROM taken
