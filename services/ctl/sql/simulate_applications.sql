-- The applications of a programme and wave, as a cursor: key, id, scheme, wave, region, status, reasons, waived reasons, money
-- committed, instant of submission in microseconds; then what its region is told under, the number of its family card within
-- this answer (0: none), the not-revoked awards on that before the wave's draw, and what the draw said. Awards on a card of
-- which nobody stood in the draw are those of earlier waves as they are now.
-- $1 programme, $2 wave or NULL, $3 district or province
DECLARE simulated_applications NO SCROLL CURSOR FOR
WITH drawn AS (
    SELECT e.application_id, e.family_awards, e.selected FROM kerja.draw AS d JOIN kerja.draw_entry AS e USING (draw_id)
    WHERE d.programme = $1::text AND d.wave = $2::int AND d.drawn_at IS NOT NULL),
earlier AS (
    SELECT w.family_card_id, count(*) AS awards
    FROM application_read.award AS w JOIN application_read.application AS a USING (application_key)
    WHERE a.programme = $1::text AND a.wave < $2::int AND NOT w.revoked AND w.family_card_id IS NOT NULL GROUP BY 1)
SELECT a.application_key, a.application_id, a.scheme, a.wave, a.region_code, a.status, array_to_string(a.reasons, ','),
       array_to_string(a.waived, ','), CASE a.status WHEN 'AWARDED' THEN a.commitment ELSE 0 END,
       (extract(epoch FROM a.submitted_at) * 1000000)::bigint, kerja.report_key($3::text, a.region_code, NULL, NULL, NULL),
       CASE WHEN a.family_card_id IS NULL THEN 0 ELSE dense_rank() OVER (ORDER BY a.family_card_id) END,
       coalesce(max(d.family_awards) OVER (PARTITION BY a.family_card_id), e.awards, 0),
       CASE d.selected WHEN true THEN 'SELECTED' WHEN false THEN 'NOT_DRAWN' END
FROM application_read.application AS a LEFT JOIN drawn AS d USING (application_id)
    LEFT JOIN earlier AS e ON e.family_card_id = a.family_card_id
WHERE a.programme = $1::text AND ($2::int IS NULL OR a.wave = $2) ORDER BY a.application_key
