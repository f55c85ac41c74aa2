-- The same in all, asked otherwise: awards are counted where they stand, not where their applications say so.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
WITH chosen AS NOT MATERIALIZED (SELECT application_key, status, drawn FROM application_read.application
    WHERE ($2::text IS NULL OR programme = $2) AND ($3::text IS NULL OR scheme = $3) AND ($4::int IS NULL OR wave = $4)),
awarded AS (SELECT count(*) AS awards, count(*) FILTER (WHERE w.revoked) AS revoked FROM application_read.award AS w
    WHERE w.application_key IN (SELECT application_key FROM chosen)),
applied AS (
    SELECT count(*), count(*) FILTER (WHERE status = 'HELD') AS held, count(*) FILTER (WHERE status = 'REJECTED') AS refused,
           count(*) FILTER (WHERE status = 'POOLED') AS pooled, count(*) FILTER (WHERE drawn) AS drawn,
           count(*) FILTER (WHERE status = 'NOT_DRAWN') AS not_drawn FROM chosen)
SELECT applied.*, awarded.* FROM applied, awarded WHERE $1::text IS NOT NULL
