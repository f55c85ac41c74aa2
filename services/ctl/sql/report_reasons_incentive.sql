-- Reasons of instalments: programme, key, phase, status, reason, how often. Districts are the applications'.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
SELECT e.programme,
       kerja.report_key($1::text, r.region_code, a.wave, a.scheme, CASE WHEN e.payee_kind = 'PROVIDER' THEN e.payee_ref END),
       'PAY', e.status, reason, count(*)
FROM incentive_read.entitlement AS e JOIN incentive_read.award AS a USING (award_id) CROSS JOIN unnest(e.reasons) AS reason
    LEFT JOIN LATERAL (SELECT p.region_code FROM application_read.award AS w
        JOIN application_read.application AS p USING (application_key) WHERE w.award_id = e.award_id) AS r ON true
WHERE ($2::text IS NULL OR a.programme = $2) AND ($3::text IS NULL OR a.scheme = $3) AND ($4::int IS NULL OR a.wave = $4)
GROUP BY 1, 2, 4, 5
