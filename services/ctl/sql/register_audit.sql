-- That a register is loaded, before anybody is told: how many the file has, and how many of the last load are gone.
-- $1 register, $2 snapshot, $3 rows
INSERT INTO kerja.audit (command, subject, detail)
SELECT 'register load', $1::text, jsonb_build_object('snapshot', $2::text, 'rows', $3::bigint, 'gone', count(*))
FROM kerja.register_load WHERE register = $1::text AND snapshot <> $2::text
RETURNING number
