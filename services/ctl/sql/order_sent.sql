-- Kafka has the records of a command.
-- $1 number
SELECT kerja.command_sent($1::bigint)
