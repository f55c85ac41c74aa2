-- What there is in all, asked apart from the applications themselves: applications, awards, money committed to them.
-- $1 programme, $2 wave or NULL
SELECT count(*), count(*) FILTER (WHERE status = 'AWARDED'), coalesce(sum(commitment) FILTER (WHERE status = 'AWARDED'), 0)::bigint
FROM application_read.application WHERE programme = $1::text AND ($2::int IS NULL OR wave = $2)
