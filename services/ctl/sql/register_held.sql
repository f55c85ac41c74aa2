-- Applications that wait for a register.
SELECT application_key FROM application_read.application
WHERE status = 'HELD' AND 'REGISTRY_UNAVAILABLE' = ANY (reasons) ORDER BY application_key
