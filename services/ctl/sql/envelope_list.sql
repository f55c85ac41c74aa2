-- Envelopes with their totals, newest day first, and the newest signature. A total that is no longer what was signed
-- has its own state: no payment is stopped by it, somebody looks.
-- $1 programme or NULL, $2 partner or NULL, $3 first day, $4 last day, $5 a state or NULL
WITH totals AS (
    SELECT envelope_id, programme, partner, envelope_on, currency, payouts, amount FROM incentive_read.envelope
    WHERE ($1::text IS NULL OR programme = $1::text) AND ($2::text IS NULL OR partner = $2::text)
      AND envelope_on BETWEEN $3::date AND $4::date),
states AS (
    SELECT t.*, s.payouts AS signed_payouts, s.amount AS signed_amount, s.requested_by, s.approved_by, s.approved_at,
        CASE WHEN s.number IS NOT NULL AND (s.payouts, s.amount, s.currency) IS DISTINCT FROM (t.payouts, t.amount, t.currency)
                THEN 'RECONCILE_MISMATCH'
             WHEN s.number IS NOT NULL THEN 'signed'
             WHEN w.number IS NOT NULL THEN 'waits' ELSE 'unsigned' END AS state
    FROM totals AS t
    LEFT JOIN LATERAL (SELECT * FROM kerja.envelope_signature AS g
        WHERE g.envelope_id = t.envelope_id AND g.approved_at IS NOT NULL ORDER BY number DESC LIMIT 1) AS s ON true
    LEFT JOIN LATERAL (SELECT g.number FROM kerja.envelope_signature AS g
        WHERE g.envelope_id = t.envelope_id AND g.approved_at IS NULL ORDER BY number DESC LIMIT 1) AS w ON true)
SELECT envelope_id, payouts, amount, currency, state, signed_payouts, signed_amount, requested_by, approved_by,
       to_char(approved_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
FROM states WHERE $5::text IS NULL OR state = $5::text
ORDER BY envelope_on DESC, programme, partner, currency
