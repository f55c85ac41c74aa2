-- A published programme file: the newest, or the newest with this hash.
-- $1 programme, $2 first hex digits of the SHA-256 or NULL
SELECT text FROM kerja.programme
WHERE programme = $1::text AND ($2::text IS NULL OR encode(sha256, 'hex') LIKE $2::text || '%')
ORDER BY number DESC LIMIT 1
