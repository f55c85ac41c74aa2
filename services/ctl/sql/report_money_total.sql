-- The same in all, by the books' balances; the books know no waves, so of one wave by what its awards' entries moved.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
WITH standing AS (
    SELECT currency, account, balance FROM incentive_read.ledger
    WHERE $1::text IS NOT NULL AND $4::int IS NULL AND ($2::text IS NULL OR programme = $2)
        AND ($3::text IS NULL OR scheme = $3)
    UNION ALL
    SELECT m.currency, m.account, m.amount FROM incentive_read.award AS a JOIN incentive_read.movement AS m USING (award_id)
    WHERE a.wave = $4::int AND ($2::text IS NULL OR a.programme = $2) AND ($3::text IS NULL OR a.scheme = $3))
SELECT currency, sum(appropriated)::bigint, sum(committed)::bigint, sum(used)::bigint, sum(payable)::bigint,
       sum(in_flight)::bigint, sum(paid)::bigint, sum(released)::bigint, sum(recovered)::bigint
FROM standing CROSS JOIN kerja.report_accounts(account, balance) GROUP BY currency
