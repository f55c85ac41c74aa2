-- What all services share: the function that raises, programme files, draws, audit.
CREATE FUNCTION kerja.must(got bigint, want bigint, code text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF got IS DISTINCT FROM want THEN
        RAISE EXCEPTION '% of % rows matched', got, want USING ERRCODE = code;
    END IF;
END $$;

CREATE TABLE kerja.programme (
    number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    programme text NOT NULL,
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    text text NOT NULL,
    published_at timestamptz NOT NULL DEFAULT now(),
    published_by text NOT NULL DEFAULT session_user,
    PRIMARY KEY (programme, sha256));
COMMENT ON TABLE kerja.programme IS 'published programme files; never changed, the highest number of a programme rules';

CREATE TABLE kerja.draw (
    draw_id uuid PRIMARY KEY,
    programme text NOT NULL,
    wave int NOT NULL,
    seed_sha256 bytea NOT NULL CHECK (length(seed_sha256) = 32),
    announced_at timestamptz NOT NULL DEFAULT now(),
    pool_sha256 bytea CHECK (length(pool_sha256) = 32),
    pool_announced_at timestamptz,
    seed bytea CHECK (length(seed) = 32),
    positions jsonb,
    pooled int,
    drawn_at timestamptz,
    UNIQUE (programme, wave));
COMMENT ON TABLE kerja.draw IS 'one draw a wave: the hash of its seed before it opens, that of its pool before it is drawn, the rest then';

-- Whoever draws gives the seed that was announced, once; only the owner of the table stands above that.
ALTER TABLE kerja.draw ENABLE ROW LEVEL SECURITY;
CREATE POLICY published ON kerja.draw FOR SELECT USING (true);
CREATE POLICY announced ON kerja.draw FOR INSERT WITH CHECK (seed IS NULL AND drawn_at IS NULL);
CREATE POLICY drawn_once ON kerja.draw FOR UPDATE USING (drawn_at IS NULL) WITH CHECK (seed IS NULL OR sha256(seed) = seed_sha256);

-- The ordered list, with all that its order and its choice follow from. No foreign key: a draw's row is written in the
-- same transaction, and a check for each of a million entries would take as long as storing them.
CREATE TABLE kerja.draw_entry (
    draw_id uuid NOT NULL,
    rank int NOT NULL,
    application_id text NOT NULL,
    region_code text NOT NULL,
    priority_class int NOT NULL,
    family int NOT NULL,
    family_awards int NOT NULL,
    digest bytea NOT NULL,
    selected bool NOT NULL,
    PRIMARY KEY (draw_id, rank));
COMMENT ON COLUMN kerja.draw_entry.family IS 'number of the family card within this draw; 0: none';
COMMENT ON COLUMN kerja.draw_entry.family_awards IS 'not-revoked awards on the card before the draw';

CREATE TABLE kerja.audit (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    actor text NOT NULL DEFAULT session_user,
    second_actor text,
    command text NOT NULL,
    subject text NOT NULL,
    detail jsonb NOT NULL DEFAULT '{}');
COMMENT ON TABLE kerja.audit IS 'what officers commanded; only ever added to';

-- What a line of a report stands for. A province is the first two digits of a district's code; an ISO 3166-2 code stands for
-- itself; wave 0 is that of a programme without waves.
CREATE FUNCTION kerja.report_key(grouping_name text, region_code text, wave int, scheme text, provider_id text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE grouping_name WHEN 'district' THEN region_code
        WHEN 'province' THEN regexp_replace(region_code, '^([0-9]{2}).*$', '\1') WHEN 'wave' THEN nullif(wave, 0)::text
        WHEN 'scheme' THEN scheme WHEN 'provider' THEN provider_id END
$$;

-- An amount in the column of its account, in the order of a report about money; what was appropriated is given away.
CREATE FUNCTION kerja.report_accounts(account text, amount bigint)
RETURNS TABLE (appropriated bigint, committed bigint, used bigint, payable bigint, in_flight bigint, paid bigint, released bigint, recovered bigint)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE account WHEN 'APPROPRIATION' THEN -amount ELSE 0 END,
        CASE account WHEN 'COMMITTED' THEN amount ELSE 0 END,
        CASE account WHEN 'USED' THEN amount ELSE 0 END,
        CASE account WHEN 'PAYABLE' THEN amount ELSE 0 END,
        CASE account WHEN 'IN_FLIGHT' THEN amount ELSE 0 END,
        CASE account WHEN 'PAID' THEN amount ELSE 0 END,
        CASE account WHEN 'RELEASED' THEN amount ELSE 0 END,
        CASE account WHEN 'RECOVERED' THEN amount ELSE 0 END
$$;

GRANT USAGE ON SCHEMA kerja TO kerja_read, kerja_clock, kerja_officer;
GRANT SELECT ON kerja.programme, kerja.draw, kerja.draw_entry TO kerja_read, kerja_clock, kerja_officer;
-- Who publishes or announces writes what, never by whom or when; and a seed that was announced does not change.
GRANT INSERT (programme, sha256, text) ON kerja.programme TO kerja_officer;
GRANT INSERT (draw_id, programme, wave, seed_sha256),
    UPDATE (pool_sha256, pool_announced_at, seed, positions, pooled, drawn_at) ON kerja.draw TO kerja_officer;
GRANT INSERT ON kerja.draw_entry TO kerja_officer;
GRANT SELECT, INSERT ON kerja.audit TO kerja_officer;
