-- Commands that wait for a second officer, or are allowed and not sent, with what they would say.
SELECT c.number, CASE WHEN c.needs_second AND c.approved_at IS NULL THEN 'waits' ELSE 'unsent' END, c.command, c.subject,
       concat_ws(', ', c.event ->> 'reason', c.event ->> 'outcome', c.event ->> 'item',
           'instalment ' || (c.event #>> '{instalments,0,number}'),
           (c.event ->> 'payouts') || ' payouts', coalesce(c.event ->> 'amount', c.event #>> '{instalments,0,amount}'), c.event ->> 'decree_no',
           CASE WHEN c.dated THEN 'as of ' || coalesce(c.event ->> 'occurred_at', c.event ->> 'approved_at', c.event ->> 'requested_at') END),
       nullif((SELECT count(*) FROM kerja.command_award AS a WHERE a.number = c.number), 0),
       c.requested_by, to_char(c.requested_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
FROM kerja.command AS c WHERE c.sent_at IS NULL AND c.withdrawn_at IS NULL ORDER BY c.number
