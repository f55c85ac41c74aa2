-- One draw with its seed.
-- $1 draw_id
SELECT programme, wave, encode(seed_sha256, 'hex'), encode(seed, 'hex'), coalesce(pooled, 0), drawn_at, announced_at
FROM kerja.draw WHERE draw_id = $1::uuid
