-- Seats and money with their ceilings.
SELECT programme, kind, scheme, wave, year, scope, used, ceiling FROM application_read.quota
ORDER BY programme, kind, scheme, wave, year, scope
