-- Where the money stands, by the ledger's entries: currency, programme, key, committed ever, and now unused, used, payable, in
-- flight, paid, released, recovered.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
WITH standing AS (
    SELECT m.currency, m.programme, CASE $1::text WHEN 'year' THEN m.year::text WHEN 'component' THEN m.component
               ELSE kerja.report_key($1::text, NULL, a.wave, m.scheme, NULL) END AS key, m.account, sum(m.amount)::bigint AS amount
    FROM incentive_read.movement AS m LEFT JOIN incentive_read.award AS a USING (award_id)
    WHERE ($2::text IS NULL OR m.programme = $2) AND ($3::text IS NULL OR m.scheme = $3) AND ($4::int IS NULL OR a.wave = $4)
    GROUP BY 1, 2, 3, 4)
SELECT currency, programme, key, sum(appropriated)::bigint, sum(committed)::bigint, sum(used)::bigint, sum(payable)::bigint,
       sum(in_flight)::bigint, sum(paid)::bigint, sum(released)::bigint, sum(recovered)::bigint
FROM standing CROSS JOIN kerja.report_accounts(account, amount) GROUP BY 1, 2, 3
