-- The draw of a wave that was drawn: its seed as hex, and its circumstances as JSON.
-- $1 programme, $2 wave
SELECT encode(seed, 'hex'), positions FROM kerja.draw
WHERE programme = $1::text AND wave = $2::int AND drawn_at IS NOT NULL
