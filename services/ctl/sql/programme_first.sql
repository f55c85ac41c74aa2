-- The newest file of the first programme by name.
SELECT programme, text FROM kerja.programme ORDER BY programme, number DESC LIMIT 1
