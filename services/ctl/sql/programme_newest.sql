-- The newest file of each programme.
SELECT DISTINCT ON (programme) programme, text FROM kerja.programme ORDER BY programme, number DESC
