-- The same by where the application says that the award belongs.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
WITH standing AS (
    SELECT m.currency, m.programme, a.region_code, m.account, sum(m.amount)::bigint AS amount
    FROM incentive_read.movement AS m LEFT JOIN application_read.award AS w USING (award_id)
        LEFT JOIN application_read.application AS a USING (application_key)
    WHERE ($2::text IS NULL OR m.programme = $2) AND ($3::text IS NULL OR m.scheme = $3) AND ($4::int IS NULL OR a.wave = $4)
    GROUP BY 1, 2, 3, 4)
SELECT currency, programme, kerja.report_key($1::text, region_code, NULL, NULL, NULL), sum(appropriated)::bigint,
       sum(committed)::bigint, sum(used)::bigint, sum(payable)::bigint, sum(in_flight)::bigint, sum(paid)::bigint,
       sum(released)::bigint, sum(recovered)::bigint
FROM standing CROSS JOIN kerja.report_accounts(account, amount) GROUP BY 1, 2, 3
