-- Awards that a decree names, or those of a wave that have none and have not ended, with what is known of them.
-- $1 programme and $2 wave, or $3 the awards' ids as an array
SELECT a.award_id, p.scheme, a.programme, coalesce(p.decree_no, '')
FROM application_read.award AS a JOIN application_read.application AS p USING (application_key)
WHERE a.award_id = ANY ($3::uuid[])
   OR ($3::uuid[] IS NULL AND a.programme = $1::text AND p.wave = $2::int AND p.decree_no IS NULL
       AND NOT a.revoked AND NOT a.closed)
ORDER BY a.award_id
