-- Purchases by whose award they are: currency, programme, key, purchases, verified, refused, expired, prices.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
SELECT e.currency, a.programme,
       kerja.report_key($1::text, a.region_code, a.wave, a.scheme, NULL),
       count(*) FILTER (WHERE e.status = 'ACCEPTED'), count(*) FILTER (WHERE e.completion_status = 'VERIFIED'),
       count(*) FILTER (WHERE e.status = 'REJECTED'), count(*) FILTER (WHERE e.status = 'EXPIRED'),
       coalesce(sum(e.price) FILTER (WHERE e.status = 'ACCEPTED'), 0)::bigint
FROM completion_read.enrolment AS e JOIN completion_read.award AS a USING (award_id)
WHERE ($2::text IS NULL OR a.programme = $2) AND ($3::text IS NULL OR a.scheme = $3) AND ($4::int IS NULL OR a.wave = $4)
GROUP BY 1, 2, 3
