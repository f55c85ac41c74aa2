-- The totals that a command is to sign, where it waits for the second officer.
-- $1 number
SELECT event ->> 'programme', event ->> 'partner', event ->> 'envelope_on', event ->> 'payouts',
       ((event ->> 'amount')::numeric * 100)::bigint, event ->> 'currency'
FROM kerja.command
WHERE number = $1::bigint AND topic = 'envelope.signed' AND approved_at IS NULL AND withdrawn_at IS NULL
