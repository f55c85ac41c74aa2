-- A statement that copies the stored list of a draw with the regions that applications have.
-- $1 draw_id, $2 programme, $3 wave
SELECT format('COPY (SELECT e.rank, e.application_id, e.selected, coalesce(a.region_code, '''')
    FROM kerja.draw_entry e
    LEFT JOIN application_read.application a
        ON a.application_id = e.application_id AND a.programme = %2$L AND a.wave = %3$s
    WHERE e.draw_id = %1$L ORDER BY e.rank) TO STDOUT', $1::text, $2::text, $3::int)
