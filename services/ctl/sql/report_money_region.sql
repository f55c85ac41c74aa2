-- The same by where the application says that the award belongs.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
SELECT m.currency, m.programme, kerja.report_key($1::text, a.region_code, NULL, NULL, NULL),
       (-coalesce(sum(amount) FILTER (WHERE account = 'APPROPRIATION'), 0))::bigint,
       coalesce(sum(amount) FILTER (WHERE account = 'COMMITTED'), 0)::bigint,
       coalesce(sum(amount) FILTER (WHERE account = 'USED'), 0)::bigint,
       coalesce(sum(amount) FILTER (WHERE account = 'PAYABLE'), 0)::bigint,
       coalesce(sum(amount) FILTER (WHERE account = 'IN_FLIGHT'), 0)::bigint,
       coalesce(sum(amount) FILTER (WHERE account = 'PAID'), 0)::bigint,
       coalesce(sum(amount) FILTER (WHERE account = 'RELEASED'), 0)::bigint,
       coalesce(sum(amount) FILTER (WHERE account = 'RECOVERED'), 0)::bigint
FROM incentive_read.movement AS m LEFT JOIN application_read.award AS w USING (award_id)
    LEFT JOIN application_read.application AS a USING (application_key)
WHERE m.programme = coalesce($2::text, m.programme) AND m.scheme = coalesce($3::text, m.scheme)
    AND ($4::int IS NULL OR a.wave = $4::int)
GROUP BY 1, 2, 3
