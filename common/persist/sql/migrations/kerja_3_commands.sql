-- What officers command, from the wish to the record in Kafka, and who stands behind it.
--
-- Who it was is the login (session_user), which neither SET ROLE nor a function changes and nobody types. A
-- row is made, approved, withdrawn and marked only by the functions below; kerja_officer may read.
CREATE FUNCTION kerja.command_needs_second(topic text, event jsonb) RETURNS bool IMMUTABLE LANGUAGE sql AS $$
    SELECT CASE topic
        WHEN 'award.changed' THEN coalesce(event ->> 'change' NOT IN ('HELD', 'RECOVERY_NOTICED'), true)
        WHEN 'person.erased' THEN false
        WHEN 'dead.letter' THEN false
        ELSE true END
$$;
COMMENT ON FUNCTION kerja.command_needs_second IS 'whatever moves money or lifts a hold takes two people';

CREATE TABLE kerja.command (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    command text NOT NULL CHECK (command <> ''),
    subject text NOT NULL CHECK (subject <> ''),
    topic text NOT NULL CHECK (topic IN ('award.changed', 'incentive.approved', 'case.resolved', 'person.erased', 'dead.letter',
        'envelope.signed')),
    event jsonb NOT NULL CHECK (jsonb_typeof(event) = 'object'),
    dated bool NOT NULL,
    needs_second bool NOT NULL GENERATED ALWAYS AS (kerja.command_needs_second(topic, event)) STORED,
    requested_by text NOT NULL,
    requested_at timestamptz NOT NULL DEFAULT now(),
    approved_by text,
    approved_at timestamptz,
    withdrawn_by text,
    withdrawn_at timestamptz,
    sent_at timestamptz,
    CONSTRAINT another_login_approves CHECK (approved_by <> requested_by),
    CONSTRAINT who_and_when CHECK ((approved_by IS NULL) = (approved_at IS NULL) AND (withdrawn_by IS NULL) = (withdrawn_at IS NULL)),
    CONSTRAINT sent_when_allowed CHECK (sent_at IS NULL OR (withdrawn_at IS NULL AND (approved_at IS NOT NULL OR NOT needs_second))),
    CONSTRAINT approved_or_withdrawn CHECK (approved_at IS NULL OR withdrawn_at IS NULL));
COMMENT ON TABLE kerja.command IS 'officers'' commands; event holds all that is sent but the names and the number';
COMMENT ON COLUMN kerja.command.dated IS 'the officer gave the time; else it happens when the last officer says so, not when the first one does';
CREATE INDEX command_open ON kerja.command (number) WHERE sent_at IS NULL AND withdrawn_at IS NULL;

CREATE TABLE kerja.command_award (
    number bigint NOT NULL REFERENCES kerja.command,
    award_id uuid NOT NULL,
    scheme text NOT NULL,
    PRIMARY KEY (number, award_id));
COMMENT ON TABLE kerja.command_award IS 'the awards of a command about many: its event is sent once for each';

ALTER TABLE kerja.audit ADD COLUMN command_number bigint REFERENCES kerja.command;
COMMENT ON COLUMN kerja.audit.second_actor IS 'whom the actor named as agreeing; proven only in kerja.command';

-- Stores a wish and returns its number. `awards` and `schemes`, of equal length, where it is about many.
CREATE FUNCTION kerja.command_request(command text, subject text, topic text, event jsonb, dated bool DEFAULT true,
    awards uuid[] DEFAULT '{}', schemes text[] DEFAULT '{}') RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    made bigint;
BEGIN
    IF cardinality(awards) <> cardinality(schemes) THEN
        RAISE EXCEPTION 'each award needs its scheme' USING ERRCODE = 'KJ010';
    END IF;
    INSERT INTO kerja.command (command, subject, topic, event, dated, requested_by)
        VALUES (command_request.command, command_request.subject, command_request.topic, command_request.event,
                command_request.dated, session_user)
        RETURNING number INTO made;
    INSERT INTO kerja.command_award (number, award_id, scheme)
        SELECT made, award_id, scheme FROM unnest(awards, schemes) AS chosen (award_id, scheme);
    INSERT INTO kerja.audit (actor, command, subject, detail, command_number)
        VALUES (session_user, command_request.command, command_request.subject, command_request.event, made);
    RETURN made;
END $$;

-- The second officer's yes. Raises KJ010 where it cannot be said.
CREATE FUNCTION kerja.command_approve(wanted bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known kerja.command%ROWTYPE;
BEGIN
    SELECT * INTO known FROM kerja.command WHERE number = wanted FOR UPDATE;
    IF known.number IS NULL THEN
        RAISE EXCEPTION 'there is no command %', wanted USING ERRCODE = 'KJ010';
    ELSIF known.withdrawn_at IS NOT NULL THEN
        RAISE EXCEPTION 'command % was withdrawn by %', wanted, known.withdrawn_by USING ERRCODE = 'KJ010';
    ELSIF NOT known.needs_second THEN
        RAISE EXCEPTION 'command % needs no second officer', wanted USING ERRCODE = 'KJ010';
    ELSIF known.approved_at IS NOT NULL THEN
        RAISE EXCEPTION 'command % was approved by % before', wanted, known.approved_by USING ERRCODE = 'KJ010';
    ELSIF known.requested_by = session_user THEN
        RAISE EXCEPTION 'command % is your own: another officer has to approve it', wanted USING ERRCODE = 'KJ010';
    END IF;
    UPDATE kerja.command SET approved_by = session_user, approved_at = now() WHERE number = wanted;
    INSERT INTO kerja.audit (actor, command, subject, command_number) VALUES (session_user, 'approve', known.subject, wanted);
END $$;

-- Ends a wish that nobody has approved: by whoever had it, or instead of the second officer's yes. A dead letter needs
-- no yes, and one that is out of its topic's retention can never be sent: its wish ends here, too.
CREATE FUNCTION kerja.command_withdraw(wanted bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known kerja.command%ROWTYPE;
BEGIN
    SELECT * INTO known FROM kerja.command WHERE number = wanted FOR UPDATE;
    IF known.number IS NULL THEN
        RAISE EXCEPTION 'there is no command %', wanted USING ERRCODE = 'KJ010';
    ELSIF known.withdrawn_at IS NOT NULL OR known.approved_at IS NOT NULL OR known.sent_at IS NOT NULL
            OR NOT (known.needs_second OR known.topic = 'dead.letter') THEN
        RAISE EXCEPTION 'command % does not wait for anybody', wanted USING ERRCODE = 'KJ010';
    END IF;
    UPDATE kerja.command SET withdrawn_by = session_user, withdrawn_at = now() WHERE number = wanted;
    INSERT INTO kerja.audit (actor, command, subject, command_number) VALUES (session_user, 'withdraw', known.subject, wanted);
END $$;

-- Kafka has it. Said again it changes nothing; of what may not be sent the table's check refuses it.
CREATE FUNCTION kerja.command_sent(wanted bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE kerja.command SET sent_at = now() WHERE number = wanted AND sent_at IS NULL
$$;

-- Who signed the control totals of a payout envelope, or waits for the second officer to; amounts in hundredths.
CREATE VIEW kerja.envelope_signature AS
    SELECT number, subject AS envelope_id, (event ->> 'payouts')::bigint AS payouts,
        ((event ->> 'amount')::numeric * 100)::bigint AS amount, event ->> 'currency' AS currency,
        requested_by, requested_at, approved_by, approved_at
    FROM kerja.command WHERE topic = 'envelope.signed' AND withdrawn_at IS NULL;
GRANT SELECT ON kerja.envelope_signature TO kerja_read, kerja_officer;
CREATE INDEX command_envelope ON kerja.command (subject) WHERE topic = 'envelope.signed';

REVOKE ALL ON FUNCTION kerja.command_request, kerja.command_approve, kerja.command_withdraw, kerja.command_sent FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kerja.command_request, kerja.command_approve, kerja.command_withdraw, kerja.command_sent
    TO kerja_officer;
GRANT SELECT ON kerja.command, kerja.command_award TO kerja_officer;

-- The other audited commands write their rows themselves: what they do, never who they are or when.
REVOKE INSERT ON kerja.audit FROM kerja_officer;
GRANT INSERT (second_actor, command, subject, detail) ON kerja.audit TO kerja_officer;
