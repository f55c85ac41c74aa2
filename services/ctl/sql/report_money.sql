-- Where the money stands, by the ledger's entries: currency, programme, key, committed ever, and now unused, used, payable, in
-- flight, paid, released, recovered.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
WITH chosen AS (
    SELECT e.* FROM incentive_read.ledger_entry AS e
    WHERE e.programme = coalesce($2::text, e.programme) AND e.scheme = coalesce($3::text, e.scheme)
        AND ($4::int IS NULL OR e.award_id IN (SELECT award_id FROM incentive_read.award WHERE wave = $4::int))),
moved AS (SELECT award_id, currency, programme, scheme, year, component, debited AS account, amount FROM chosen
    UNION ALL SELECT award_id, currency, programme, scheme, year, component, credited, -amount FROM chosen)
SELECT m.currency, m.programme,
       CASE $1::text WHEN 'scheme' THEN m.scheme WHEN 'year' THEN m.year::text WHEN 'component' THEN m.component
           WHEN 'wave' THEN nullif(a.wave, 0)::text END,
       (-coalesce(sum(amount) FILTER (WHERE account = 'APPROPRIATION'), 0))::bigint,
       coalesce(sum(amount) FILTER (WHERE account = 'COMMITTED'), 0)::bigint,
       coalesce(sum(amount) FILTER (WHERE account = 'USED'), 0)::bigint,
       coalesce(sum(amount) FILTER (WHERE account = 'PAYABLE'), 0)::bigint,
       coalesce(sum(amount) FILTER (WHERE account = 'IN_FLIGHT'), 0)::bigint,
       coalesce(sum(amount) FILTER (WHERE account = 'PAID'), 0)::bigint,
       coalesce(sum(amount) FILTER (WHERE account = 'RELEASED'), 0)::bigint,
       coalesce(sum(amount) FILTER (WHERE account = 'RECOVERED'), 0)::bigint
FROM moved AS m LEFT JOIN incentive_read.award AS a USING (award_id)
GROUP BY 1, 2, 3
