-- Room for the people of a file.
CREATE TEMPORARY TABLE IF NOT EXISTS register_new (person_id uuid PRIMARY KEY) ON COMMIT DROP
