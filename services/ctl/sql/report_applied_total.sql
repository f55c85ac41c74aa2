-- The same in all, asked otherwise: awards are counted where they stand, not where their applications say so.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
WITH chosen AS (SELECT * FROM application_read.application
    WHERE programme = coalesce($2::text, programme) AND scheme = coalesce($3::text, scheme) AND wave = coalesce($4::int, wave)),
awarded AS (SELECT w.revoked FROM application_read.award AS w WHERE w.application_key IN (SELECT application_key FROM chosen))
SELECT (SELECT count(*) FROM chosen), (SELECT count(*) FROM chosen WHERE status = 'HELD'),
       (SELECT count(*) FROM chosen WHERE status = 'REJECTED'), (SELECT count(*) FROM chosen WHERE status = 'POOLED'),
       (SELECT count(*) FROM chosen WHERE drawn), (SELECT count(*) FROM chosen WHERE status = 'NOT_DRAWN'),
       (SELECT count(*) FROM awarded), (SELECT count(*) FROM awarded WHERE revoked)
WHERE $1::text IS NOT NULL
