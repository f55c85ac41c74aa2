-- Commands that wait for a second officer, or are allowed and not sent, with what they would say: command and subject are
-- the first officer's words, and it is the event that counts. So it tells whom, where that is another than the subject.
SELECT c.number, CASE WHEN c.needs_second AND c.approved_at IS NULL THEN 'waits' ELSE 'unsent' END, c.command, c.subject,
       concat_ws(', ', c.event ->> 'change',
           CASE WHEN about.id NOT IN (c.subject, '00000000-0000-0000-0000-000000000000') THEN 'of ' || about.id END,
           'to ' || (c.event #>> '{payee,kind}') || ' ' || (c.event #>> '{payee,ref}'), c.event ->> 'reason', c.event ->> 'outcome', c.event ->> 'item',
           'instalment ' || (c.event #>> '{instalments,0,number}'),
           (c.event ->> 'payouts') || ' payouts', coalesce(c.event ->> 'amount', c.event #>> '{instalments,0,amount}'), c.event ->> 'decree_no',
           CASE WHEN c.dated THEN 'as of ' || coalesce(c.event ->> 'occurred_at', c.event ->> 'approved_at', c.event ->> 'requested_at') END),
       nullif((SELECT count(*) FROM kerja.command_award AS a WHERE a.number = c.number), 0),
       c.requested_by, to_char(c.requested_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
FROM kerja.command AS c,
     LATERAL (SELECT coalesce(c.event ->> 'award_id', c.event ->> 'subject_id', c.event ->> 'person_id') AS id) AS about
WHERE c.sent_at IS NULL AND c.withdrawn_at IS NULL ORDER BY c.number
