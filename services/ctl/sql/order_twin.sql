-- The command that wants the same of the same award, for the same reason, and still waits; a second yes would do it twice.
-- $1 command, $2 subject, $3 topic, $4 event as JSON
SELECT number, requested_by FROM kerja.command
WHERE $3::text = 'award.changed' AND topic = $3::text AND command = $1::text AND subject = $2::text
  AND event ->> 'reason' IS NOT DISTINCT FROM $4::jsonb ->> 'reason'
  AND needs_second AND approved_at IS NULL AND withdrawn_at IS NULL
ORDER BY number LIMIT 1
