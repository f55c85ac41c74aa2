-- The same in all: how many reasons stand in the courses' rows.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
SELECT coalesce(sum((SELECT count(*) FROM unnest(objections) AS one WHERE starts_with(one, coalesce($2::text || '/', ''))
        AND split_part(one, '/', 2) = coalesce($3::text, split_part(one, '/', 2)))), 0)::bigint
FROM completion_read.course WHERE $1::text IS NOT NULL AND $4::int IS NULL
