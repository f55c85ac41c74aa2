-- Seats with their ceilings.
SELECT programme, scheme, wave, scope, used, ceiling FROM application_read.quota WHERE kind = 'SEATS'
ORDER BY programme, scheme, wave, scope
