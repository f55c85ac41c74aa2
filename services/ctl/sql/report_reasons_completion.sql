-- Reasons of purchases and completions: programme, key, phase, status, reason, how often.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
WITH chosen AS (
    SELECT a.programme, e.status, e.reasons, e.completion_status, e.completion_reasons,
           kerja.report_key($1::text, a.region_code, a.wave, a.scheme, e.provider_id) AS key
    FROM completion_read.enrolment AS e JOIN completion_read.award AS a USING (award_id)
    WHERE a.programme = coalesce($2::text, a.programme) AND a.scheme = coalesce($3::text, a.scheme)
        AND a.wave = coalesce($4::int, a.wave))
SELECT programme, key, 'PURCHASE', status, reason, count(*) FROM chosen CROSS JOIN unnest(reasons) AS reason GROUP BY 1, 2, 4, 5
UNION ALL
SELECT programme, key, 'COMPLETE', completion_status, reason, count(*) FROM chosen CROSS JOIN unnest(completion_reasons) AS reason
GROUP BY 1, 2, 4, 5
