-- Balances that are not the sum of their entries, and books that do not add to nothing: what, stated, counted.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
SELECT format('balance of %s, %s %s %s', account, programme, scheme, year), balance::bigint, entries::bigint
FROM incentive_read.ledger_check
WHERE NOT agrees AND $1::text IS NOT NULL AND $4::int IS NULL AND ($2::text IS NULL OR programme = $2)
    AND ($3::text IS NULL OR scheme = $3)
UNION ALL
SELECT format('all accounts together, %s %s %s', programme, scheme, year), 0, sum(balance)::bigint
FROM incentive_read.ledger_check
WHERE NOT balanced AND $4::int IS NULL AND ($2::text IS NULL OR programme = $2) AND ($3::text IS NULL OR scheme = $3)
GROUP BY programme, scheme, year
ORDER BY 1
