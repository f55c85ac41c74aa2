-- The same in all, by currency: courses from the catalogue alone, purchases from the purchases alone.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
WITH bought AS (
    SELECT e.currency, e.course_key, e.status, e.completion_status, e.price
    FROM completion_read.enrolment AS e JOIN completion_read.award AS a USING (award_id)
    WHERE ($2::text IS NULL OR a.programme = $2) AND ($3::text IS NULL OR a.scheme = $3) AND ($4::int IS NULL OR a.wave = $4)),
chosen AS (SELECT DISTINCT currency, course_key FROM bought WHERE status = 'ACCEPTED'),
never AS (SELECT c.currency, c.course_key FROM completion_read.course AS c
    WHERE NOT EXISTS (SELECT FROM chosen WHERE chosen.course_key = c.course_key)),
listed AS (
    SELECT currency, count(*) AS courses FROM (
        SELECT currency FROM completion_read.course WHERE $1::text <> 'never-chosen'
        UNION ALL SELECT currency FROM never WHERE $1::text = 'never-chosen') AS one GROUP BY 1),
taken AS (SELECT currency, count(*) AS courses FROM chosen WHERE $1::text <> 'never-chosen' GROUP BY 1),
untaken AS (SELECT currency, count(*) AS courses FROM never GROUP BY 1),
purchased AS (
    SELECT currency, count(*) FILTER (WHERE status = 'ACCEPTED') AS purchases,
           count(*) FILTER (WHERE completion_status = 'VERIFIED') AS verified,
           count(*) FILTER (WHERE status = 'REJECTED') AS refused, count(*) FILTER (WHERE status = 'EXPIRED') AS expired,
           sum(price) FILTER (WHERE status = 'ACCEPTED') AS prices
    FROM bought WHERE $1::text <> 'never-chosen' OR course_key IN (SELECT course_key FROM never) GROUP BY 1)
SELECT currency, coalesce(listed.courses, 0), coalesce(taken.courses, 0), coalesce(untaken.courses, 0), coalesce(purchases, 0),
       coalesce(verified, 0), coalesce(refused, 0), coalesce(expired, 0), coalesce(prices, 0)::bigint
FROM listed FULL JOIN purchased USING (currency) LEFT JOIN taken USING (currency) LEFT JOIN untaken USING (currency)
