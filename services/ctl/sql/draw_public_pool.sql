-- A statement that copies the pool of a draw as it is published.
-- $1 draw_id
SELECT format('COPY (SELECT application_id, region_code, priority_class, family, family_awards
    FROM kerja.draw_entry WHERE draw_id = %L ORDER BY application_id COLLATE "C") TO STDOUT', $1::text)
