-- Drops what was seen published. Rows are found partition by partition through the whole primary key:
-- a plan made while the table was empty must not read everything that still waits to be published.
-- Only the owner of a partition, whose position is locked by then, deletes its rows, so a row's place
-- (ctid) stays true between finding and deleting.
-- $1 service, $2 cluster_id, $3 topics, $4 partitions, $5 published_next
DELETE FROM outbox WHERE ctid = ANY (ARRAY(
    SELECT found.place
    FROM (SELECT unnest($3::text[]) AS topic, unnest($4::int[]) AS partition,
                 unnest($5::bigint[]) AS published_next) w
    CROSS JOIN LATERAL (
        SELECT o.ctid AS place FROM outbox o
        WHERE o.service = $1::text AND o.cluster_id = $2::text AND o.topic = w.topic AND o.partition = w.partition
          AND o.from_offset < w.published_next AND o.next_offset <= w.published_next
        OFFSET 0) found))
