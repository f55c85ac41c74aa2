-- A statement that copies the pool of a wave: id, region, number of the family card (0: none) and the
-- awards on it, priorities. A key begins with its wave, so that the primary key leads to the wave's applications.
-- $1 programme, $2 wave
SELECT format('COPY (SELECT p.application_id, p.region_code,
        CASE WHEN p.family_card_id IS NULL THEN 0 ELSE dense_rank() OVER (ORDER BY p.family_card_id) END,
        coalesce(f.awards, 0), array_to_string(p.priorities, '','')
    FROM application_read.pool p
    LEFT JOIN application_read.family_card f ON f.family_card_id = p.family_card_id AND f.programme = p.programme
    WHERE p.programme = %L AND p.wave = %s AND p.application_key BETWEEN %L AND %L) TO STDOUT',
    $1::text, $2::int, rpad(lpad(to_hex($2::int), 4, '0'), 32, '0')::uuid, rpad(lpad(to_hex($2::int), 4, '0'), 32, 'f')::uuid)
