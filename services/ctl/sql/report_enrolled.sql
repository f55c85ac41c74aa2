-- Awards with a purchase that stands and with a verified completion at each provider: programme, key, enrolled, completed. One
-- award may stand at several.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
WITH visited AS (
    SELECT a.programme, e.provider_id, e.award_id, bool_or(e.status = 'ACCEPTED') AS enrolled,
           bool_or(e.completion_status = 'VERIFIED') AS completed
    FROM completion_read.enrolment AS e JOIN completion_read.award AS a USING (award_id)
    WHERE ($2::text IS NULL OR a.programme = $2) AND ($3::text IS NULL OR a.scheme = $3)
        AND ($4::int IS NULL OR a.wave = $4)
    GROUP BY 1, 2, 3)
SELECT programme, kerja.report_key($1::text, NULL, NULL, NULL, provider_id), count(*) FILTER (WHERE enrolled),
       count(*) FILTER (WHERE completed)
FROM visited GROUP BY 1, 2
