-- Announces the hash of a pool, as often as it takes until it is drawn.
-- $1 programme, $2 wave, $3 the pool's SHA-256 as hex
UPDATE kerja.draw SET pool_sha256 = decode($3::text, 'hex'), pool_announced_at = now()
WHERE programme = $1::text AND wave = $2::int AND drawn_at IS NULL
RETURNING draw_id
