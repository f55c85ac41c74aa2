-- What officers did, newest first, and what became of it.
-- $1 subject or NULL, $2 the subject where it is a UUID, $3 officer or NULL, $4 the first instant
SELECT a.number, to_char(a.at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), a.actor, a.command, a.subject,
       CASE WHEN a.command_number IS NULL THEN nullif(a.detail::text, '{}')
            ELSE concat_ws(', ', a.detail ->> 'reason', a.detail ->> 'outcome', a.detail ->> 'item',
                 (a.detail ->> 'payouts') || ' payouts', coalesce(a.detail ->> 'amount', a.detail #>> '{instalments,0,amount}'), a.detail ->> 'decree_no',
                 a.detail ->> 'authority') END,
       a.second_actor, a.command_number, c.needs_second AND c.approved_at IS NULL,
       c.approved_by, to_char(c.approved_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       c.withdrawn_by, to_char(c.withdrawn_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       to_char(c.sent_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       nullif((SELECT count(*) FROM kerja.command_award AS m WHERE m.number = c.number), 0)
FROM kerja.audit AS a LEFT JOIN kerja.command AS c ON c.number = a.command_number
WHERE ($1::text IS NULL OR a.subject = $1::text OR $1::text IN (c.event ->> 'subject_id', c.event ->> 'award_id')
       OR EXISTS (SELECT FROM kerja.command_award AS m WHERE m.number = c.number AND m.award_id = $2::uuid))
  AND ($3::text IS NULL OR $3::text IN (a.actor, a.second_actor, c.approved_by))
  AND a.at >= $4::timestamptz
ORDER BY a.number DESC
