-- One application: what was said, what was decided.
CREATE TABLE application (
    application_key uuid PRIMARY KEY,
    application_id text NOT NULL,
    revision int NOT NULL,
    programme text NOT NULL,
    scheme text NOT NULL,
    year int NOT NULL,
    wave int NOT NULL,
    award_id uuid NOT NULL,
    person_id uuid NOT NULL,
    family_card_id uuid,
    region_code text NOT NULL,
    submitted_at timestamptz NOT NULL,
    status text NOT NULL,
    reasons text[] NOT NULL,
    priorities text[] NOT NULL,
    waived text[] NOT NULL,
    sequence bigint NOT NULL,
    drawn bool NOT NULL,
    notice_day date,
    decree_no text,
    commitment bigint NOT NULL,
    contact_token uuid,
    contact_id uuid,
    employer_id uuid,
    employer_no text,
    hired_on date,
    claims bool NOT NULL,
    answers bytea NOT NULL,
    decided_by text NOT NULL,
    version bigint NOT NULL);

-- An award of this service's giving, and the holds on it.
CREATE TABLE award (
    award_id uuid PRIMARY KEY,
    application_key uuid NOT NULL,
    person_id uuid NOT NULL,
    family_card_id uuid,
    programme text NOT NULL,
    holds text[] NOT NULL,
    revoked bool NOT NULL,
    closed bool NOT NULL,
    revoked_for text,
    ended_at timestamptz,
    reinstated_at timestamptz,
    sequence bigint NOT NULL,
    changes_heard text[] NOT NULL,
    release_sequence bigint NOT NULL,
    released_ahead text[] NOT NULL,
    released bytea NOT NULL,
    decided_by text NOT NULL,
    version bigint NOT NULL);

-- Somebody, natural or legal person: what decisions about his or her applications must see together, and how to reach
-- whoever applied. register.listed and every application bump this row. The one private table of this service: erasure
-- empties its number.
CREATE TABLE person (
    person_id uuid PRIMARY KEY,
    applications bytea NOT NULL,
    registers bytea NOT NULL,
    msisdn_sealed bytea,
    language text NOT NULL,
    erased bool NOT NULL,
    version bigint NOT NULL);

-- A family card: the awards of all people on it.
CREATE TABLE family_card (
    family_card_id uuid PRIMARY KEY,
    awards bytea NOT NULL,
    version bigint NOT NULL);

-- An employer: how many workers it claims for. Whatever counts a claim, or no longer, bumps this row.
CREATE TABLE employer (
    employer_id uuid PRIMARY KEY,
    employer_no text NOT NULL,
    claims bytea NOT NULL,
    version bigint NOT NULL);

-- Which snapshot of a register is valid.
CREATE TABLE register_snapshot (
    register_id uuid PRIMARY KEY,
    "register" text NOT NULL,
    snapshot text NOT NULL,
    row_count bigint NOT NULL,
    version bigint NOT NULL);

-- A hard limit: seats, or money of a budget year.
CREATE TABLE quota (
    quota_id uuid PRIMARY KEY,
    programme text NOT NULL,
    kind text NOT NULL,
    scheme text NOT NULL,
    wave int NOT NULL,
    year int NOT NULL,
    scope text NOT NULL,
    used bigint NOT NULL,
    ceiling bigint NOT NULL,
    version bigint NOT NULL);

-- A wave's pool needs no index of its own: a key begins with its wave.
CREATE INDEX application_held ON application (application_key) WHERE status = 'HELD';

-- The published views: no sealed column, nothing of the private table.
CREATE VIEW application_read.application AS
    SELECT application_key, application_id, revision, programme, scheme, year, wave, award_id, person_id, family_card_id,
           region_code, submitted_at, status, reasons, priorities, waived, sequence, drawn, notice_day, decree_no, commitment, decided_by, version,
           employer_no, hired_on, employer_id
    FROM application;
CREATE VIEW application_read.pool AS
    SELECT application_key, application_id, programme, wave, award_id, region_code, family_card_id, priorities
    FROM application WHERE status = 'POOLED';
CREATE VIEW application_read.award AS
    SELECT award_id, application_key, person_id, family_card_id, programme, holds, revoked, closed, revoked_for, ended_at, reinstated_at, sequence, decided_by, version
    FROM award;
CREATE VIEW application_read.family_card AS
    SELECT family_card_id, programme, count(*) AS awards FROM award
    WHERE NOT revoked AND family_card_id IS NOT NULL GROUP BY family_card_id, programme;
CREATE VIEW application_read.employer AS
    SELECT employer_no, programme, scheme, count(*) AS claims FROM application
    WHERE claims GROUP BY employer_no, programme, scheme;
CREATE VIEW application_read.register_snapshot AS
    SELECT "register", snapshot, row_count, version FROM register_snapshot;
CREATE VIEW application_read.quota AS
    SELECT quota_id, programme, kind, scheme, wave, year, scope, used, ceiling FROM quota;
CREATE VIEW application_read.funnel AS
    SELECT programme, wave, status, reason, count(*) AS applications
    FROM application LEFT JOIN LATERAL unnest(reasons) AS reason ON true
    GROUP BY programme, wave, status, reason;
