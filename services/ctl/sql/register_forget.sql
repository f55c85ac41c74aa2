-- People who are gone, once everybody was told.
-- $1 register, $2 snapshot
DELETE FROM kerja.register_load WHERE register = $1::text AND snapshot <> $2::text
