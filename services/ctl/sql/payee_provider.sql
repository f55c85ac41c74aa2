-- Who is paid a course that was bought under an award, and its price in hundredths.
-- $1 award, $2 number of the purchase within it
SELECT provider_id, price FROM completion_read.enrolment WHERE award_id = $1::uuid AND ordinal = $2::int
