-- The tables of a service's loop, in the service's own schema.
CREATE TABLE source_position (
    service text, cluster_id text, topic text COLLATE "C", partition int,
    next_offset bigint NOT NULL, published_next bigint NOT NULL,
    owner_epoch bigint NOT NULL DEFAULT 0, owner text,
    state text NOT NULL DEFAULT 'run' CHECK (state IN ('run', 'conflict')), reason text,
    CHECK (published_next <= next_offset),
    PRIMARY KEY (service, cluster_id, topic, partition)) WITH (fillfactor = 50);

CREATE TABLE outbox (
    service text, cluster_id text, topic text COLLATE "C", partition int,
    from_offset bigint, next_offset bigint NOT NULL, record_count int NOT NULL, payload bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (service, cluster_id, topic, partition, from_offset))
    WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
-- A sealed payload does not compress: trying costs time and saves nothing.
ALTER TABLE outbox ALTER payload SET STORAGE EXTERNAL;

CREATE TABLE waiting (
    key uuid, topic text COLLATE "C", partition int, record_offset bigint,
    event_id text NOT NULL, occurred_at timestamptz NOT NULL, expires_at timestamptz NOT NULL,
    payload bytea NOT NULL,
    PRIMARY KEY (key, topic, partition, record_offset));

CREATE TABLE timer (
    due_at timestamptz, timer_id uuid, subject_id text NOT NULL, kind text NOT NULL,
    attempt int NOT NULL DEFAULT 0, fired_at timestamptz,
    PRIMARY KEY (due_at, timer_id));
CREATE INDEX timer_due ON timer (due_at, timer_id) WHERE fired_at IS NULL;

-- Sealing keys that values of this schema may name: each that a worker started with, until none needs it any more.
CREATE TABLE sealing_key (number bigint PRIMARY KEY, since timestamptz NOT NULL DEFAULT now());

-- One insert-only row a batch and source partition, under the outbox row's key. No unique index:
-- the position's compare-and-set already lets each batch in once.
CREATE TABLE decision_segment (
    service text NOT NULL, cluster_id text NOT NULL, topic text COLLATE "C" NOT NULL, partition int NOT NULL,
    from_offset bigint NOT NULL, next_offset bigint NOT NULL, decision_count int NOT NULL,
    segment bytea COMPRESSION lz4 NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()) PARTITION BY RANGE (created_at);
CREATE INDEX decision_segment_key ON decision_segment (topic, partition, from_offset);

-- The role that fires timers sees them and the positions that say whether it may. It finds rows by their place (ctid),
-- which a grant of columns does not give.
GRANT SELECT, UPDATE (fired_at) ON timer TO kerja_clock;
GRANT SELECT ON source_position TO kerja_clock;

-- Whoever commands positions is an officer.
GRANT SELECT, UPDATE (next_offset, published_next, owner_epoch, owner, state, reason) ON source_position TO kerja_officer;
GRANT SELECT (service, cluster_id, topic, partition, from_offset, next_offset, record_count, created_at), DELETE
    ON outbox TO kerja_officer;

-- The published views of the loop itself; those of the facts are the service's own migrations.
DO $$
BEGIN
    EXECUTE format('CREATE VIEW %I.source_position AS SELECT service, cluster_id, topic, partition, next_offset,
        published_next, owner_epoch, owner, state, reason FROM source_position', current_schema() || '_read');
    EXECUTE format('CREATE VIEW %I.outbox AS SELECT service, cluster_id, topic, partition, from_offset, next_offset,
        record_count, created_at FROM outbox', current_schema() || '_read');
    EXECUTE format('CREATE VIEW %I.waiting AS SELECT key, topic, partition, record_offset, occurred_at, expires_at
        FROM waiting', current_schema() || '_read');
    EXECUTE format('CREATE VIEW %I.timer AS SELECT due_at, timer_id, subject_id, kind, attempt, fired_at
        FROM timer', current_schema() || '_read');
    EXECUTE format('CREATE VIEW %I.decision_segment AS SELECT service, cluster_id, topic, partition, from_offset,
        next_offset, decision_count, segment, created_at FROM decision_segment', current_schema() || '_read');
END $$;
