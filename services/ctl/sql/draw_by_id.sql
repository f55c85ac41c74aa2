-- One draw with its seed.
-- $1 draw_id
SELECT programme, wave, encode(seed_sha256, 'hex'), encode(seed, 'hex'), coalesce(pooled, 0), encode(pool_sha256, 'hex'),
       coalesce(positions, '{}')
FROM kerja.draw WHERE draw_id = $1::uuid
