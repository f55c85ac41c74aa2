-- Accounts of which the balance is not the sum of the entries, or whose books do not add to zero.
SELECT format('%s %s %s %s %s', programme, scheme, year, currency, account),
       CASE WHEN agrees THEN 'the balances of these books do not add to zero'
            ELSE format('balance %s, entries %s', balance, entries) END
FROM incentive_read.ledger_check WHERE NOT (agrees AND balanced) ORDER BY 1
