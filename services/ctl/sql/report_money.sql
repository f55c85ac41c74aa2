-- Where the money stands, by the ledger's entries: currency, programme, key, committed ever, and now unused, used, payable, in
-- flight, paid, released, recovered.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
SELECT m.currency, m.programme,
       CASE $1::text WHEN 'year' THEN m.year::text WHEN 'component' THEN m.component
           ELSE kerja.report_key($1::text, NULL, a.wave, m.scheme, NULL) END,
       sum(appropriated)::bigint, sum(committed)::bigint, sum(used)::bigint, sum(payable)::bigint,
       sum(in_flight)::bigint, sum(paid)::bigint, sum(released)::bigint, sum(recovered)::bigint
FROM incentive_read.movement AS m CROSS JOIN kerja.report_accounts(m.account, m.amount)
    LEFT JOIN incentive_read.award AS a USING (award_id)
WHERE m.programme = coalesce($2::text, m.programme) AND m.scheme = coalesce($3::text, m.scheme)
    AND ($4::int IS NULL OR a.wave = $4::int)
GROUP BY 1, 2, 3
