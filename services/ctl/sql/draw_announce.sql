-- Announces the hash of a seed, once a wave.
-- $1 draw_id, $2 programme, $3 wave, $4 seed_sha256 as hex
INSERT INTO kerja.draw (draw_id, programme, wave, seed_sha256) VALUES ($1::uuid, $2::text, $3::int, decode($4::text, 'hex'))
ON CONFLICT (programme, wave) DO NOTHING
