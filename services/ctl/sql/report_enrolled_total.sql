-- Awards with a purchase that stands, and with a verified completion, as their own rows count them: each once.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
SELECT count(*) FILTER (WHERE purchases > 0), count(*) FILTER (WHERE verified_completions > 0)
FROM completion_read.award WHERE $1::text IS NOT NULL AND ($2::text IS NULL OR programme = $2)
    AND ($3::text IS NULL OR scheme = $3) AND ($4::int IS NULL OR wave = $4)
