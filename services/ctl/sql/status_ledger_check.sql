-- Accounts of which the balance is not the sum of the entries, or whose books do not add to zero.
SELECT format('%s %s %s %s', programme, scheme, year, account),
       format('balance %s, entries %s', balance, entries)
FROM incentive_read.ledger_check WHERE NOT agrees ORDER BY 1
