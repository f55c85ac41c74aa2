-- Balances by account and currency, over all programmes: debit less credit, so those of a currency sum to zero.
SELECT lower(account), sum(balance)::bigint, currency FROM incentive_read.ledger GROUP BY account, currency
ORDER BY currency, account
