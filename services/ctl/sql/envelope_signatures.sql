-- Who signed an envelope, newest first.
-- $1 envelope_id
SELECT number, payouts, amount, currency, requested_by, to_char(requested_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), approved_by,
       to_char(approved_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
FROM kerja.envelope_signature WHERE envelope_id = $1::text ORDER BY number DESC
