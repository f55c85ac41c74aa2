-- The same in all: how many reasons stand in the courses' rows.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
SELECT coalesce(sum((SELECT count(*) FROM unnest(objections) AS one WHERE ($2::text IS NULL OR starts_with(one, $2 || '/'))
        AND ($3::text IS NULL OR split_part(one, '/', 2) = $3))), 0)::bigint
FROM completion_read.course WHERE $1::text IS NOT NULL AND $4::int IS NULL
