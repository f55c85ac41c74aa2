-- Positions of the application service as this snapshot sees them, as JSON.
SELECT coalesce(json_agg(json_build_object('topic', topic, 'partition', partition, 'next_offset', next_offset)
    ORDER BY topic, partition), '[]')
FROM application_read.source_position
