-- A statement that copies the result of a draw as it is published.
-- $1 draw_id
SELECT format('COPY (SELECT rank, application_id, encode(digest, ''hex''), CASE WHEN selected THEN ''SELECTED'' ELSE ''NOT_DRAWN'' END
    FROM kerja.draw_entry WHERE draw_id = %L ORDER BY rank) TO STDOUT', $1::text)
