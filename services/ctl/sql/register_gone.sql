-- People that an earlier snapshot listed and this one does not.
-- $1 register, $2 snapshot
SELECT person_id FROM kerja.register_load WHERE register = $1::text AND snapshot <> $2::text ORDER BY person_id
