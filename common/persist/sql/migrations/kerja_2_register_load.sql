-- Whom a register listed when it was last loaded, so that the next load knows who is gone.
CREATE TABLE kerja.register_load (
    register text NOT NULL,
    person_id uuid NOT NULL,
    snapshot text NOT NULL,
    PRIMARY KEY (register, person_id));
COMMENT ON TABLE kerja.register_load IS 'people whom a register lists, by the snapshot that listed them last';
GRANT SELECT, INSERT, UPDATE, DELETE ON kerja.register_load TO kerja_officer;
