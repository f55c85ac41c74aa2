-- Purchases by whose award they are: currency, programme, key, purchases, verified, refused, expired, prices.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
SELECT e.currency, a.programme,
       kerja.report_key($1::text, a.region_code, a.wave, a.scheme, NULL),
       count(*) FILTER (WHERE e.status = 'ACCEPTED'), count(*) FILTER (WHERE e.completion_status = 'VERIFIED'),
       count(*) FILTER (WHERE e.status = 'REJECTED'), count(*) FILTER (WHERE e.status = 'EXPIRED'),
       coalesce(sum(e.price) FILTER (WHERE e.status = 'ACCEPTED'), 0)::bigint
FROM completion_read.enrolment AS e JOIN completion_read.award AS a USING (award_id)
WHERE a.programme = coalesce($2::text, a.programme) AND a.scheme = coalesce($3::text, a.scheme) AND a.wave = coalesce($4::int, a.wave)
GROUP BY 1, 2, 3
