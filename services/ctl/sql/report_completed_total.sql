-- The same in all, as the completion service alone knows it.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
SELECT count(*) FROM completion_read.award WHERE $1::text IS NOT NULL AND verified_completions > 0
    AND programme = coalesce($2::text, programme) AND scheme = coalesce($3::text, scheme) AND wave = coalesce($4::int, wave)
