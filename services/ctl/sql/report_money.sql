-- Where the money stands, by the ledger's entries: currency, programme, key, committed ever, and now unused, used, payable, in
-- flight, paid, released, recovered.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
SELECT m.currency, m.programme,
       CASE $1::text WHEN 'year' THEN m.year::text WHEN 'component' THEN m.component
           ELSE kerja.report_key($1::text, NULL, a.wave, m.scheme, NULL) END,
       (-coalesce(sum(amount) FILTER (WHERE account = 'APPROPRIATION'), 0))::bigint,
       coalesce(sum(amount) FILTER (WHERE account = 'COMMITTED'), 0)::bigint,
       coalesce(sum(amount) FILTER (WHERE account = 'USED'), 0)::bigint,
       coalesce(sum(amount) FILTER (WHERE account = 'PAYABLE'), 0)::bigint,
       coalesce(sum(amount) FILTER (WHERE account = 'IN_FLIGHT'), 0)::bigint,
       coalesce(sum(amount) FILTER (WHERE account = 'PAID'), 0)::bigint,
       coalesce(sum(amount) FILTER (WHERE account = 'RELEASED'), 0)::bigint,
       coalesce(sum(amount) FILTER (WHERE account = 'RECOVERED'), 0)::bigint
FROM incentive_read.movement AS m LEFT JOIN incentive_read.award AS a USING (award_id)
WHERE m.programme = coalesce($2::text, m.programme) AND m.scheme = coalesce($3::text, m.scheme)
    AND ($4::int IS NULL OR a.wave = $4::int)
GROUP BY 1, 2, 3
