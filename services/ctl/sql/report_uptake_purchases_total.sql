-- The same in all, by currency, without asking the awards unless a filter needs them.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
SELECT currency, count(*) FILTER (WHERE status = 'ACCEPTED'), count(*) FILTER (WHERE completion_status = 'VERIFIED'),
       count(*) FILTER (WHERE status = 'REJECTED'), count(*) FILTER (WHERE status = 'EXPIRED'),
       coalesce(sum(price) FILTER (WHERE status = 'ACCEPTED'), 0)::bigint
FROM completion_read.enrolment
WHERE $1::text IS NOT NULL AND (($2::text IS NULL AND $3::text IS NULL AND $4::int IS NULL) OR award_id IN (
    SELECT award_id FROM completion_read.award WHERE ($2::text IS NULL OR programme = $2)
        AND ($3::text IS NULL OR scheme = $3) AND ($4::int IS NULL OR wave = $4)))
GROUP BY currency
