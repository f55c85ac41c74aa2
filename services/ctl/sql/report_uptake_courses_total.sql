-- The same in all, by currency: courses from the catalogue alone, purchases from the purchases alone.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
WITH bought AS (
    SELECT e.* FROM completion_read.enrolment AS e JOIN completion_read.award AS a USING (award_id)
    WHERE a.programme = coalesce($2::text, a.programme) AND a.scheme = coalesce($3::text, a.scheme)
        AND a.wave = coalesce($4::int, a.wave)),
chosen AS (SELECT DISTINCT course_key, currency FROM bought WHERE status = 'ACCEPTED'),
never AS (SELECT c.currency, c.course_key FROM completion_read.course AS c
    WHERE NOT EXISTS (SELECT FROM chosen WHERE chosen.course_key = c.course_key)),
listed AS (SELECT currency, course_key FROM completion_read.course WHERE $1::text <> 'never-chosen'
    UNION ALL SELECT currency, course_key FROM never WHERE $1::text = 'never-chosen'),
shown AS (SELECT * FROM bought WHERE $1::text <> 'never-chosen' OR course_key IN (SELECT course_key FROM never)),
currencies AS (SELECT currency FROM listed UNION SELECT currency FROM shown)
SELECT currency, (SELECT count(*) FROM listed AS l WHERE l.currency = m.currency),
       CASE WHEN $1::text = 'never-chosen' THEN 0 ELSE (SELECT count(*) FROM chosen AS c WHERE c.currency = m.currency) END,
       (SELECT count(*) FROM never AS n WHERE n.currency = m.currency),
       (SELECT count(*) FROM shown AS s WHERE s.currency = m.currency AND s.status = 'ACCEPTED'),
       (SELECT count(*) FROM shown AS s WHERE s.currency = m.currency AND s.completion_status = 'VERIFIED'),
       (SELECT count(*) FROM shown AS s WHERE s.currency = m.currency AND s.status = 'REJECTED'),
       (SELECT count(*) FROM shown AS s WHERE s.currency = m.currency AND s.status = 'EXPIRED'),
       (SELECT coalesce(sum(price), 0)::bigint FROM shown AS s WHERE s.currency = m.currency AND s.status = 'ACCEPTED')
FROM currencies AS m
