-- What the public is told of a draw, as JSON.
-- $1 draw_id
SELECT jsonb_pretty(jsonb_build_object('programme', programme, 'wave', wave, 'draw_id', draw_id,
    'seed_sha256', encode(seed_sha256, 'hex'), 'announced_at', announced_at, 'pool_sha256', encode(pool_sha256, 'hex'),
    'pool_announced_at', pool_announced_at, 'pooled', pooled, 'seed', encode(seed, 'hex'), 'drawn_at', drawn_at,
    'seats', positions->'seats', 'family_card_limit', positions->'family_card_limit', 'rules_sha256', positions->'rules_sha256'))
FROM kerja.draw WHERE draw_id = $1::uuid AND drawn_at IS NOT NULL
