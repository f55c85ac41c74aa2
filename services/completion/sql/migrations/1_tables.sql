-- The tables of completion: one column a member of rows/*.avsc, in their order. Amounts are hundredths; records are
-- Avro bodies. Rows are changed often and their keys never: room is left on the page.

CREATE TABLE award (
    award_id uuid PRIMARY KEY, person_id uuid NOT NULL, programme text NOT NULL, scheme text NOT NULL, year int
    NOT NULL, wave int NOT NULL, region_code text, language text NOT NULL, contact_sealed
    bytea, contact_id uuid NOT NULL, erased boolean NOT NULL, payee_ref text NOT NULL, notice_day date, purchase_from date, application_sequence bigint NOT
    NULL, changes_heard text[] NOT NULL, change_sequence bigint NOT NULL, enrolment_sequence bigint NOT NULL,
    completion_sequence bigint NOT NULL, incentive_sequence bigint NOT NULL, holds text[] NOT NULL,
    revoked boolean NOT NULL, closed boolean NOT NULL, ended_at timestamptz, reinstated_at timestamptz,
    training_granted bigint NOT NULL, training_used bigint NOT NULL, balance_expired_at timestamptz, purchases int NOT NULL,
    unfinished_purchases int NOT NULL, unfinished_prices bigint NOT NULL, last_ordinal int NOT NULL, intro_videos int NOT NULL, account_linked_on date, first_completion_key uuid,
    first_completion_on date, verified_completions int NOT NULL, review_rated_on date, unassigned_rated_at timestamptz,
    settled_items text[] NOT NULL, closed_items text[] NOT NULL, instalment_1_paid_on date, instalment_1_sequence bigint NOT NULL, retry_at
    timestamptz, reminded boolean NOT NULL, recovery_noticed bigint NOT NULL, recovery_repaid bigint NOT NULL,
    recovery_noticed_on date, recovery_overdue boolean NOT NULL, surveys bytea NOT NULL, enrolments bytea NOT
    NULL, payee_kind text NOT NULL, hired_on date, employment_ended_on date, placed_on date, reached bytea NOT NULL, planned bytea NOT NULL,
    stops bytea NOT NULL, decided_by text NOT NULL, version bigint NOT NULL)
    WITH (fillfactor = 80);

CREATE TABLE enrolment (
    enrolment_key uuid PRIMARY KEY, enrolment_id text NOT NULL, award_id uuid NOT NULL, course_key uuid NOT
    NULL, course_id text NOT NULL, provider_id text NOT NULL, category text, revision int NOT NULL, price bigint
    NOT NULL, currency text NOT NULL, enrolled_at timestamptz NOT NULL, starts_on date, ends_on date,
    region_code text, sessions_planned int, status text NOT NULL, reasons text[] NOT NULL, waived text[] NOT
    NULL, upheld text[] NOT NULL, ordinal int NOT NULL, late_revision int NOT NULL, completion_revision int NOT
    NULL, completed_at timestamptz, certificate_id text, sessions_held int NOT NULL, sessions_attended int NOT
    NULL, face_verified_sessions int, camera_on_sessions int, attendee_is_participant boolean, assessments
    text[] NOT NULL, completion_status text NOT NULL, completion_reasons text[] NOT NULL, rated_on date,
    decided_by text NOT NULL, version bigint NOT NULL)
    WITH (fillfactor = 80);

CREATE TABLE person (
    person_id uuid PRIMARY KEY, courses bytea NOT NULL, erased boolean NOT NULL, decided_by text NOT NULL, version bigint NOT NULL)
    WITH (fillfactor = 80);

CREATE TABLE message (
    notification_id uuid PRIMARY KEY, award_id uuid NOT NULL, status text NOT NULL, settled_at timestamptz NOT
    NULL, reason text, decided_by text NOT NULL, version bigint NOT NULL)
    WITH (fillfactor = 80);

CREATE TABLE course (
    course_key uuid PRIMARY KEY, course_id text NOT NULL, revision int NOT NULL, provider_id text NOT NULL,
    title text NOT NULL, mode text NOT NULL, category text, price bigint NOT NULL, currency text NOT NULL,
    region_codes text[] NOT NULL, valid_from date NOT NULL, valid_to date, withdrawn boolean NOT NULL, verdicts
    bytea NOT NULL, objections text[] NOT NULL, decided_by text NOT NULL, version bigint NOT NULL)
    WITH (fillfactor = 80);

CREATE TABLE programme (
    programme_key uuid PRIMARY KEY, programme text NOT NULL, published_at timestamptz NOT NULL, restricted_regions bytea NOT
    NULL, decided_by text NOT NULL, version bigint NOT NULL);

-- The published views: no sealed columns.
DO $$
BEGIN
    EXECUTE format('CREATE VIEW %I.award AS SELECT
        award_id, person_id, programme, scheme, year, wave, region_code, language, contact_id, erased, payee_ref,
        notice_day, purchase_from, application_sequence, changes_heard, change_sequence, enrolment_sequence,
        completion_sequence, incentive_sequence, holds, revoked,
        closed, ended_at, reinstated_at, training_granted, training_used, balance_expired_at, purchases,
        unfinished_purchases, unfinished_prices, last_ordinal, intro_videos,
        account_linked_on, first_completion_key, first_completion_on, verified_completions, review_rated_on,
        unassigned_rated_at, settled_items, closed_items, instalment_1_paid_on, instalment_1_sequence, retry_at, reminded,
        recovery_noticed, recovery_repaid, recovery_noticed_on, recovery_overdue, surveys, enrolments,
        payee_kind, hired_on, employment_ended_on, placed_on, reached, planned, stops, decided_by, version
        FROM award', current_schema() || '_read');
    EXECUTE format('CREATE VIEW %I.enrolment AS SELECT
        enrolment_key, enrolment_id, award_id, course_key, course_id, provider_id, category, revision,
        price, currency, enrolled_at, starts_on, ends_on, region_code, sessions_planned, status, reasons,
        waived, upheld, ordinal, late_revision, completion_revision, completed_at, certificate_id,
        sessions_held, sessions_attended, face_verified_sessions, camera_on_sessions,
        attendee_is_participant, assessments, completion_status, completion_reasons, rated_on, decided_by,
        version
        FROM enrolment', current_schema() || '_read');
    EXECUTE format('CREATE VIEW %I.person AS SELECT
        person_id, courses, erased, decided_by, version
        FROM person', current_schema() || '_read');
    EXECUTE format('CREATE VIEW %I.message AS SELECT
        notification_id, award_id, status, settled_at, reason, decided_by, version
        FROM message', current_schema() || '_read');
    EXECUTE format('CREATE VIEW %I.course AS SELECT
        course_key, course_id, revision, provider_id, title, mode, category, price, currency, region_codes,
        valid_from, valid_to, withdrawn, verdicts, objections, decided_by, version
        FROM course', current_schema() || '_read');
    EXECUTE format($view$CREATE VIEW %I.objection AS SELECT course_key, course_id, provider_id,
        split_part(one, '/', 1) AS programme, split_part(one, '/', 2) AS scheme, split_part(one, '/', 3)::int AS year,
        split_part(one, '/', 4) AS effect, split_part(one, '/', 5) AS reason
        FROM course, unnest(objections) AS one$view$, current_schema() || '_read');
    EXECUTE format('CREATE VIEW %I.programme AS SELECT
        programme_key, programme, published_at, restricted_regions, decided_by, version
        FROM programme', current_schema() || '_read');
    EXECUTE format('CREATE VIEW %I.message_undelivered AS SELECT notification_id, award_id, status, settled_at, reason
        FROM message WHERE status IN (''FAILED'', ''EXPIRED'')', current_schema() || '_read');
    EXECUTE format('CREATE VIEW %I.recovery_overdue AS SELECT award_id, programme, scheme, year, recovery_noticed_on,
        recovery_noticed - recovery_repaid AS outstanding_hundredths FROM award WHERE recovery_overdue',
        current_schema() || '_read');
END $$;
