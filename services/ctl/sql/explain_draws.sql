-- The places that the applications an id names took in draws: programme, wave, rank, pool, selected, class, digest, seed,
-- its hash, when the hash was announced and the draw made, in microseconds, how many were selected, and the last one's rank.
-- $1 the id, $2 the id where it is a UUID
SELECT draw.programme, draw.wave, entry.rank, draw.pooled, entry.selected, entry.priority_class, encode(entry.digest, 'hex'),
    encode(draw.seed, 'hex'), encode(draw.seed_sha256, 'hex'), (extract(epoch FROM draw.announced_at) * 1000000)::bigint,
    (extract(epoch FROM draw.drawn_at) * 1000000)::bigint, chosen.count, chosen.last
FROM application_read.application AS one
JOIN kerja.draw AS draw ON draw.programme = one.programme AND draw.wave = one.wave AND draw.drawn_at IS NOT NULL
JOIN kerja.draw_entry AS entry ON entry.draw_id = draw.draw_id AND entry.application_id = one.application_id
CROSS JOIN LATERAL (SELECT count(*), coalesce(max(rank), 0) AS last FROM kerja.draw_entry
    WHERE draw_id = draw.draw_id AND selected) AS chosen
WHERE $1::text = one.application_id OR $2::uuid IN (one.application_key, one.award_id)
ORDER BY draw.programme, draw.wave
