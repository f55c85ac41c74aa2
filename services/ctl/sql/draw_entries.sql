-- A statement that copies the stored list of a draw.
-- $1 draw_id
SELECT format('COPY (SELECT rank, application_id, priority_class, encode(digest, ''hex''), selected, region_code, family, family_awards
    FROM kerja.draw_entry WHERE draw_id = %L ORDER BY rank) TO STDOUT', $1::text)
