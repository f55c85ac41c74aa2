-- Stores an officer's command and gives its number.
-- $1 command, $2 subject, $3 topic, $4 event as JSON, $5 awards, $6 schemes, as arrays or NULL
SELECT kerja.command_request($1::text, $2::text, $3::text, $4::jsonb, coalesce($5::uuid[], '{}'), coalesce($6::text[], '{}'))
