-- The draw of a wave, announced or drawn.
-- $1 programme, $2 wave
SELECT draw_id, encode(seed_sha256, 'hex'), drawn_at IS NOT NULL, coalesce(pooled, 0),
       coalesce(positions, '{}'), coalesce(encode(pool_sha256, 'hex'), '')
FROM kerja.draw WHERE programme = $1::text AND wave = $2::int
