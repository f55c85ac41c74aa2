-- Balances by account, over all programmes: debit less credit, so they sum to zero.
SELECT lower(account), sum(balance)::bigint FROM incentive_read.ledger GROUP BY account ORDER BY account
