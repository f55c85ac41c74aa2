-- Applications by status.
SELECT programme, wave, status, count(*) FROM application_read.application
GROUP BY programme, wave, status ORDER BY programme, wave, status
