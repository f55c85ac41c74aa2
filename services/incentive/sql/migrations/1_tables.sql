-- An award as this service knows it, with its own commitment: it is paid out of nothing else.
CREATE TABLE award (
    award_id uuid PRIMARY KEY,
    person_id uuid NOT NULL,
    programme text NOT NULL,
    scheme text NOT NULL,
    year int NOT NULL,
    wave int NOT NULL,
    application_sequence bigint NOT NULL,
    changes_heard text[] NOT NULL,
    holds text[] NOT NULL,
    revoked bool NOT NULL,
    closed bool NOT NULL,
    ended_at timestamptz,
    reinstated_at timestamptz,
    decree_no text,
    language text NOT NULL,
    contact_token uuid,
    contact_sealed bytea,
    contact_account_id uuid NOT NULL,
    currency text NOT NULL,
    parts bytea NOT NULL,
    enrolments bytea NOT NULL,
    stops bytea NOT NULL,
    entitlements text[] NOT NULL,
    transaction_count bigint NOT NULL,
    released_sequence bigint NOT NULL,
    releases bytea NOT NULL,
    decided_by text NOT NULL,
    version bigint NOT NULL);

-- One instalment of an item that an award is owed, and every attempt to pay it.
CREATE TABLE entitlement (
    entitlement_id uuid PRIMARY KEY,
    award_id uuid NOT NULL,
    programme text NOT NULL,
    scheme text NOT NULL,
    item text NOT NULL,
    instalment int NOT NULL,
    component text NOT NULL,
    payee_kind text NOT NULL,
    payee_ref text NOT NULL,
    amount bigint,
    currency text NOT NULL,
    due_on date NOT NULL,
    approved_at timestamptz NOT NULL,
    status text NOT NULL,
    reasons text[] NOT NULL,
    waived text[] NOT NULL,
    funded bool NOT NULL,
    mismatch bool NOT NULL,
    lapsed bool NOT NULL,
    lapsed_payable bool NOT NULL,
    overdrawn bigint NOT NULL,
    turns_missed int NOT NULL,
    retry_at timestamptz,
    attempts bytea NOT NULL,
    partner text,
    account_scheme text,
    account_no_sealed bytea,
    creditor_name_sealed bytea,
    registration_no text,
    paid_at timestamptz,
    sequence bigint NOT NULL,
    message_count bigint NOT NULL,
    decided_by text NOT NULL,
    version bigint NOT NULL);

-- Where a payee is paid, and which instalments wait for a change of it.
CREATE TABLE account (
    account_id uuid PRIMARY KEY,
    payee_kind text NOT NULL,
    payee_ref text NOT NULL,
    revision int NOT NULL,
    linked bool NOT NULL,
    linked_at timestamptz,
    number_token uuid,
    account_no_sealed bytea,
    holder_name_sealed bytea,
    registration_no text,
    partner text NOT NULL,
    account_scheme text NOT NULL,
    holder_is_payee bool,
    phone_token uuid,
    kyc_level text,
    active bool NOT NULL,
    currency text NOT NULL,
    headroom bigint,
    payout_count bigint NOT NULL,
    waiting text[] NOT NULL,
    erased bool NOT NULL,
    decided_by text NOT NULL,
    version bigint NOT NULL);

-- Who is paid to one account number.
CREATE TABLE account_number (
    number_token uuid PRIMARY KEY,
    payees text[] NOT NULL,
    version bigint NOT NULL);

-- What was published of a programme beside its file.
CREATE TABLE programme (
    programme_key uuid PRIMARY KEY,
    programme text NOT NULL,
    published_at timestamptz NOT NULL,
    paused_from date,
    paused_to date,
    appropriations text[] NOT NULL,
    decided_by text NOT NULL,
    version bigint NOT NULL);

-- One double entry: an amount leaves the account credited and stands on the account debited.
CREATE TABLE ledger_entry (
    entry_id uuid PRIMARY KEY,
    award_id uuid NOT NULL,
    number bigint NOT NULL,
    programme text NOT NULL,
    scheme text NOT NULL,
    year int NOT NULL,
    component text NOT NULL,
    debited text NOT NULL,
    credited text NOT NULL,
    amount bigint NOT NULL,
    currency text NOT NULL,
    cause text NOT NULL,
    subject uuid NOT NULL,
    attempt int NOT NULL,
    partner text,
    envelope_on date,
    occurred_at timestamptz NOT NULL,
    version bigint NOT NULL);

-- Balance of one account: its debits less its credits.
CREATE TABLE ledger_balance (
    balance_id uuid PRIMARY KEY,
    programme text NOT NULL,
    scheme text NOT NULL,
    year int NOT NULL,
    account text NOT NULL,
    currency text NOT NULL,
    used bigint NOT NULL,
    ceiling bigint NOT NULL,
    version bigint NOT NULL);

-- How many payouts a partner was asked for in a minute, where the programme file limits them.
CREATE TABLE partner_minute (
    minute_id uuid PRIMARY KEY,
    programme text NOT NULL,
    partner text NOT NULL,
    minute timestamptz NOT NULL,
    used bigint NOT NULL,
    ceiling bigint NOT NULL,
    version bigint NOT NULL);

-- For officers and statistics; entries are read by award, instalments by what holds them.
CREATE INDEX ledger_entry_award ON ledger_entry (award_id, number);
CREATE INDEX ledger_entry_envelope ON ledger_entry (envelope_on, partner) WHERE envelope_on IS NOT NULL;
CREATE INDEX entitlement_award ON entitlement (award_id);
CREATE INDEX entitlement_held ON entitlement (due_on) WHERE status = 'HELD';

-- The published views: no sealed column, no number of an account.
DO $$
DECLARE
    published text := current_schema() || '_read';
BEGIN
    EXECUTE format('CREATE VIEW %I.award AS SELECT award_id, person_id, programme, scheme, year, wave, holds, revoked,
        closed, ended_at, reinstated_at, decree_no, currency, transaction_count, decided_by, version FROM award', published);
    EXECUTE format('CREATE VIEW %I.entitlement AS SELECT entitlement_id, award_id, programme, scheme, item, instalment,
        component, payee_kind, payee_ref, amount, currency, due_on, approved_at, status, reasons, waived, funded, mismatch,
        lapsed, overdrawn, turns_missed, retry_at, partner, paid_at, decided_by, version FROM entitlement', published);
    EXECUTE format($view$CREATE VIEW %I.payout AS SELECT entitlement_id,
        replace(entitlement_id::text, '-', '') AS end_to_end_id, award_id, programme, scheme, item, instalment, payee_kind,
        amount, currency, status, reasons, partner, paid_at, sequence FROM entitlement
        WHERE partner IS NOT NULL$view$, published);
    EXECUTE format('CREATE VIEW %I.account AS SELECT account_id, payee_kind, payee_ref, revision, linked, linked_at,
        partner, account_scheme, registration_no, holder_is_payee, kyc_level, active, currency, headroom, payout_count, waiting, erased, version
        FROM account', published);
    EXECUTE format('CREATE VIEW %I.shared_account AS SELECT payees, version FROM account_number
        WHERE cardinality(payees) > 1', published);
    EXECUTE format('CREATE VIEW %I.programme AS SELECT programme, published_at, paused_from, paused_to, version
        FROM programme', published);
    EXECUTE format('CREATE VIEW %I.partner_minute AS SELECT programme, partner, minute, used, ceiling
        FROM partner_minute', published);
    EXECUTE format('CREATE VIEW %I.ledger_entry AS SELECT entry_id, award_id, number, programme, scheme, year, component,
        debited, credited, amount, currency, cause, subject, attempt, partner, envelope_on, occurred_at FROM ledger_entry', published);
    EXECUTE format('CREATE VIEW %I.ledger AS SELECT programme, scheme, year, account, used AS balance, currency
        FROM ledger_balance', published);
    -- What each entry does to the account debited and to the one credited, for sums over anything.
    EXECUTE format($view$CREATE VIEW %I.movement AS
        SELECT award_id, programme, scheme, year, component, currency, debited AS account, amount FROM ledger_entry
        UNION ALL
        SELECT award_id, programme, scheme, year, component, currency, credited, -amount FROM ledger_entry$view$, published);
    -- Both columns are true everywhere while the books are right: each balance is the sum of its entries, and
    -- the balances of a programme, scheme, year and currency add to zero.
    EXECUTE format($view$CREATE VIEW %I.ledger_check AS
        WITH moved AS (
            SELECT programme, scheme, year, currency, debited AS account, sum(amount) AS amount
                FROM ledger_entry GROUP BY 1, 2, 3, 4, 5
            UNION ALL
            SELECT programme, scheme, year, currency, credited, -sum(amount) FROM ledger_entry GROUP BY 1, 2, 3, 4, 5),
        entries AS (
            SELECT programme, scheme, year, currency, account, sum(amount) AS amount FROM moved GROUP BY 1, 2, 3, 4, 5)
        SELECT programme, scheme, year, currency, account, coalesce(b.used, 0) AS balance, coalesce(e.amount, 0) AS entries,
            coalesce(b.used, 0) = coalesce(e.amount, 0) AS agrees,
            sum(coalesce(b.used, 0)) OVER (PARTITION BY programme, scheme, year, currency) = 0 AS balanced
        FROM ledger_balance AS b FULL JOIN entries AS e USING (programme, scheme, year, currency, account)$view$, published);

    -- What is committed now, of each budget of a programme's file. `covered` is true everywhere: application commits within the
    -- budget before this service hears of it, and takes back what was released only after. What a gateway paid beyond its
    -- award's money is in it too, and that alone may make it false.
    EXECUTE format($view$CREATE VIEW %I.budget AS
        WITH moved AS (
            SELECT programme, year, component, currency, CASE 'APPROPRIATION' WHEN credited THEN amount WHEN debited THEN -amount
                ELSE 0 END - CASE 'RELEASED' WHEN debited THEN amount WHEN credited THEN -amount ELSE 0 END AS amount
            FROM ledger_entry WHERE 'APPROPRIATION' IN (credited, debited) OR 'RELEASED' IN (credited, debited)),
        committed AS (
            SELECT programme, year, currency, component, sum(amount) AS amount FROM moved GROUP BY 1, 2, 3, 4
            UNION ALL
            SELECT programme, year, currency, 'ALL', sum(amount) FROM moved WHERE component <> 'ALL' GROUP BY 1, 2, 3),
        appropriated AS (
            SELECT programme, split_part(one, '/', 1)::int AS year, split_part(one, '/', 2) AS currency,
                split_part(one, '/', 3)::bigint AS amount, split_part(one, '/', 4) AS component
            FROM programme, unnest(appropriations) AS one)
        SELECT a.programme, a.year, a.component, a.currency, a.amount AS appropriated,
            coalesce(sum(c.amount), 0)::bigint AS committed, coalesce(sum(c.amount), 0) <= a.amount AS covered
        FROM appropriated AS a LEFT JOIN committed AS c USING (programme, year, currency, component)
        GROUP BY a.programme, a.year, a.component, a.currency, a.amount$view$, published);

    -- Control totals. What a gateway is asked for is an entry that names its envelope; whatever became of it later is in
    -- the entries that name the same instruction.
    EXECUTE format($view$CREATE VIEW %I.envelope AS
        SELECT programme || '/' || partner || '/' || envelope_on AS envelope_id, programme, partner, envelope_on,
            currency, count(*) AS payouts, sum(amount)::bigint AS amount, max(occurred_at) AS last_requested_at
        FROM ledger_entry WHERE envelope_on IS NOT NULL GROUP BY programme, partner, envelope_on, currency$view$, published);
    EXECUTE format($view$CREATE VIEW %I.instruction AS
        SELECT replace(r.subject::text, '-', '') || '-' || lpad(r.attempt::text, 2, '0') AS instruction_id,
            r.subject AS entitlement_id, r.attempt, r.award_id, r.programme, r.scheme, r.component, r.partner, r.envelope_on,
            r.amount, r.currency, r.occurred_at AS requested_at,
            CASE WHEN m.paid > 0 THEN 'PAID' WHEN m.in_flight > 0 THEN 'IN_FLIGHT' WHEN m.was_paid THEN 'RETURNED'
                ELSE 'REJECTED' END AS status, m.moved_at
        FROM ledger_entry AS r, LATERAL (
            SELECT sum(CASE 'PAID' WHEN debited THEN amount WHEN credited THEN -amount ELSE 0 END) AS paid,
                sum(CASE 'IN_FLIGHT' WHEN debited THEN amount WHEN credited THEN -amount ELSE 0 END) AS in_flight,
                bool_or(debited = 'PAID') AS was_paid, max(occurred_at) AS moved_at
            FROM ledger_entry AS e WHERE e.award_id = r.award_id AND e.subject = r.subject AND e.attempt = r.attempt) AS m
        WHERE r.envelope_on IS NOT NULL$view$, published);
END $$;
