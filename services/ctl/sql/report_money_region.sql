-- The same by where the application says that the award belongs.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
SELECT m.currency, m.programme, kerja.report_key($1::text, a.region_code, NULL, NULL, NULL),
       sum(appropriated)::bigint, sum(committed)::bigint, sum(used)::bigint, sum(payable)::bigint,
       sum(in_flight)::bigint, sum(paid)::bigint, sum(released)::bigint, sum(recovered)::bigint
FROM incentive_read.movement AS m CROSS JOIN kerja.report_accounts(m.account, m.amount)
    LEFT JOIN application_read.award AS w USING (award_id)
    LEFT JOIN application_read.application AS a USING (application_key)
WHERE m.programme = coalesce($2::text, m.programme) AND m.scheme = coalesce($3::text, m.scheme)
    AND ($4::int IS NULL OR a.wave = $4::int)
GROUP BY 1, 2, 3
