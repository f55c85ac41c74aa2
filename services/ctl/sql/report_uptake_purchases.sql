-- Purchases by whose award they are: currency, programme, key, purchases, verified, refused, expired, prices.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
SELECT e.currency, a.programme,
       CASE $1::text WHEN 'district' THEN a.region_code WHEN 'province' THEN regexp_replace(a.region_code, '^([0-9]{2}).*$', '\1')
           WHEN 'wave' THEN nullif(a.wave, 0)::text WHEN 'scheme' THEN a.scheme END,
       count(*) FILTER (WHERE e.status = 'ACCEPTED'), count(*) FILTER (WHERE e.completion_status = 'VERIFIED'),
       count(*) FILTER (WHERE e.status = 'REJECTED'), count(*) FILTER (WHERE e.status = 'EXPIRED'),
       coalesce(sum(e.price) FILTER (WHERE e.status = 'ACCEPTED'), 0)::bigint
FROM completion_read.enrolment AS e JOIN completion_read.award AS a USING (award_id)
WHERE a.programme = coalesce($2::text, a.programme) AND a.scheme = coalesce($3::text, a.scheme) AND a.wave = coalesce($4::int, a.wave)
GROUP BY 1, 2, 3
