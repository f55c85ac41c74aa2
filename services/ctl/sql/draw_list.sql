-- A statement that copies the stored list of a draw, with what an answer to each says.
-- $1 draw_id
SELECT format('COPY (SELECT rank, application_id, selected, region_code
    FROM kerja.draw_entry WHERE draw_id = %L ORDER BY rank) TO STDOUT', $1::text)
