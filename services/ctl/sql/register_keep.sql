-- The people of a file are kept under its snapshot.
-- $1 register, $2 snapshot
INSERT INTO kerja.register_load (register, person_id, snapshot)
SELECT $1::text, person_id, $2::text FROM register_new ORDER BY person_id
ON CONFLICT (register, person_id) DO UPDATE SET snapshot = excluded.snapshot
