-- The catalogue and who chose of it: currency, provider, course, title, courses, chosen, never chosen, purchases, verified,
-- refused, expired, prices. Chosen is a course that somebody bought, and whose purchase stands.
-- $1 what the key is, $2 programme, $3 scheme, $4 wave, or NULL
WITH bought AS (
    SELECT e.course_key, count(*) FILTER (WHERE e.status = 'ACCEPTED') AS purchases,
           count(*) FILTER (WHERE e.completion_status = 'VERIFIED') AS verified,
           count(*) FILTER (WHERE e.status = 'REJECTED') AS refused, count(*) FILTER (WHERE e.status = 'EXPIRED') AS expired,
           sum(e.price) FILTER (WHERE e.status = 'ACCEPTED') AS prices
    FROM completion_read.enrolment AS e JOIN completion_read.award AS a USING (award_id)
    WHERE ($2::text IS NULL OR a.programme = $2) AND ($3::text IS NULL OR a.scheme = $3)
        AND ($4::int IS NULL OR a.wave = $4)
    GROUP BY e.course_key)
SELECT c.currency, c.provider_id, CASE WHEN $1::text <> 'provider' THEN c.course_id END,
       CASE WHEN $1::text <> 'provider' THEN c.title END,
       count(*), count(*) FILTER (WHERE b.purchases > 0), count(*) FILTER (WHERE coalesce(b.purchases, 0) = 0),
       coalesce(sum(b.purchases), 0)::bigint, coalesce(sum(b.verified), 0)::bigint, coalesce(sum(b.refused), 0)::bigint,
       coalesce(sum(b.expired), 0)::bigint, coalesce(sum(b.prices), 0)::bigint
FROM completion_read.course AS c LEFT JOIN bought AS b USING (course_key)
WHERE $1::text <> 'never-chosen' OR coalesce(b.purchases, 0) = 0
GROUP BY 1, 2, 3, 4
