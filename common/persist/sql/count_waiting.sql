-- How many events wait.
SELECT count(*) FROM waiting
