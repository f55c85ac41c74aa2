-- What was commanded, on what, and the details.
-- $1 command, $2 subject, $3 detail as JSON
INSERT INTO kerja.audit (command, subject, detail) VALUES ($1::text, $2::text, $3::jsonb) RETURNING number
