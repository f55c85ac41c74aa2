-- The newest file of each programme.
SELECT DISTINCT ON (programme) programme, encode(sha256, 'hex'), text
FROM kerja.programme ORDER BY programme, number DESC
