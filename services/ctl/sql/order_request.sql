-- Stores an officer's command and gives its number.
-- $1 command, $2 subject, $3 topic, $4 event as JSON, $5 whether the officer gave its time, $6 awards, $7 schemes, as
-- arrays or NULL
SELECT kerja.command_request($1::text, $2::text, $3::text, $4::jsonb, $5::bool, coalesce($6::uuid[], '{}'),
                             coalesce($7::text[], '{}'))
