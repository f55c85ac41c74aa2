-- Stores a programme file; one that is stored already stays as it is.
-- $1 programme, $2 sha256 as hex, $3 text
INSERT INTO kerja.programme (programme, sha256, text) VALUES ($1::text, decode($2::text, 'hex'), $3::text)
ON CONFLICT (programme, sha256) DO NOTHING
