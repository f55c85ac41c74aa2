-- Stores what was drawn, if nothing was drawn before.
-- $1 draw_id, $2 seed as hex, $3 circumstances as JSON, $4 applications in the pool, $5 the draw's instant, $6 the pool's SHA-256 as hex
UPDATE kerja.draw SET seed = decode($2::text, 'hex'), positions = $3::jsonb, pooled = $4::int, drawn_at = $5::timestamptz,
       pool_sha256 = decode($6::text, 'hex'), pool_announced_at = coalesce(pool_announced_at, now())
WHERE draw_id = $1::uuid AND drawn_at IS NULL
