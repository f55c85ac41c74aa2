-- Money of each budget year that is committed, with its ceiling.
SELECT programme, year, scope, used, ceiling FROM application_read.quota WHERE kind = 'MONEY'
ORDER BY programme, year, scope
