-- Reasons of purchases and completions: programme, key, phase, status, reason, how often.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
WITH chosen AS (
    SELECT a.programme, e.status, e.reasons, e.completion_status, e.completion_reasons,
           kerja.report_key($1::text, a.region_code, a.wave, a.scheme, e.provider_id) AS key
    FROM completion_read.enrolment AS e JOIN completion_read.award AS a USING (award_id)
    WHERE ($2::text IS NULL OR a.programme = $2) AND ($3::text IS NULL OR a.scheme = $3)
        AND ($4::int IS NULL OR a.wave = $4))
SELECT programme, key, 'PURCHASE', status, reason, count(*) FROM chosen CROSS JOIN unnest(reasons) AS reason GROUP BY 1, 2, 4, 5
UNION ALL
SELECT programme, key, 'COMPLETE', completion_status, reason, count(*) FROM chosen CROSS JOIN unnest(completion_reasons) AS reason
GROUP BY 1, 2, 4, 5
