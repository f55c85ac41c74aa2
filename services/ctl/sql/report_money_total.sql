-- The same in all, by the books' balances; the books know no waves, so of one wave by what its awards' entries moved.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
WITH standing AS (
    SELECT currency, account, balance FROM incentive_read.ledger
    WHERE $1::text IS NOT NULL AND $4::int IS NULL AND programme = coalesce($2::text, programme)
        AND scheme = coalesce($3::text, scheme)
    UNION ALL
    SELECT e.currency, side.account, side.amount FROM incentive_read.award AS a JOIN incentive_read.ledger_entry AS e USING (award_id),
        LATERAL (VALUES (e.debited, e.amount), (e.credited, -e.amount)) AS side (account, amount)
    WHERE a.wave = $4::int AND a.programme = coalesce($2::text, a.programme) AND a.scheme = coalesce($3::text, a.scheme))
SELECT currency, (-coalesce(sum(balance) FILTER (WHERE account = 'APPROPRIATION'), 0))::bigint,
       coalesce(sum(balance) FILTER (WHERE account = 'COMMITTED'), 0)::bigint,
       coalesce(sum(balance) FILTER (WHERE account = 'USED'), 0)::bigint,
       coalesce(sum(balance) FILTER (WHERE account = 'PAYABLE'), 0)::bigint,
       coalesce(sum(balance) FILTER (WHERE account = 'IN_FLIGHT'), 0)::bigint,
       coalesce(sum(balance) FILTER (WHERE account = 'PAID'), 0)::bigint,
       coalesce(sum(balance) FILTER (WHERE account = 'RELEASED'), 0)::bigint,
       coalesce(sum(balance) FILTER (WHERE account = 'RECOVERED'), 0)::bigint
FROM standing GROUP BY currency
