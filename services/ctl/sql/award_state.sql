-- How an award stands, seen with a reason.
-- $1 award, $2 reason or NULL
SELECT a.award_id, a.person_id, a.programme, p.scheme, p.year, p.wave, a.revoked, a.closed, array_to_string(a.holds, ', '),
       coalesce('OFFICER:' || $2::text = ANY (a.holds), false),
       EXISTS (SELECT FROM unnest(a.holds) AS hold WHERE hold IN ('APPLICATION:' || $2::text, 'COMPLETION:' || $2::text)),
       coalesce(p.decree_no, '')
FROM application_read.award AS a JOIN application_read.application AS p USING (application_key)
WHERE a.award_id = $1::uuid
