"""What may be known of a person, where, by whom, and until when: a small wave on real servers, with workers that say all
they can and records that fail, then one person is erased and time goes on to the end of the year.

Places are searched for every personal value in many spellings; what comes in the wrong member, or in a gateway's own words,
too. Values that are there must be found, so the last test plants one in each place.
"""
import datetime
import json
import subprocess
import uuid

import psycopg2
import pytest

import harness
from chain import canary
from chain.watched import Watched, WAVE
from faults import people
from harness.paths import SERVICES, STATE

BEFORE_ERASURE = "2021-11-20"  # the third instalment of most is paid, the fourth is not due yet
ERASED_AT = datetime.datetime(2021, 11, 20, 16, 59, tzinfo=datetime.timezone.utc)
SETTLED_AT = datetime.datetime(2021, 11, 1, tzinfo=datetime.timezone.utc)

# Column to what leads from a person to its rows. A column that seals something and is not here fails a test.
SEALED = {
    ("application", "person", "msisdn_sealed"): "person_id = %(person)s",
    ("completion", "award", "contact_sealed"): "award_id = %(award)s",
    ("incentive", "award", "contact_sealed"): "award_id = %(award)s",
    ("incentive", "entitlement", "account_no_sealed"): "award_id = %(award)s AND payee_kind = 'PARTICIPANT'",
    ("incentive", "entitlement", "creditor_name_sealed"): "award_id = %(award)s AND payee_kind = 'PARTICIPANT'",
    ("incentive", "account", "account_no_sealed"): "payee_ref = %(person)s::text",
    ("incentive", "account", "holder_name_sealed"): "payee_ref = %(person)s::text",
}

# Outbox rows live for a second and waiting ones until what they wait for comes, so each is kept as it was written.
KEEP = """
CREATE TABLE public.kept (LIKE application.waiting INCLUDING DEFAULTS);
CREATE TABLE public.kept_payload (of text, payload bytea);
CREATE FUNCTION public.keep() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN INSERT INTO public.kept_payload VALUES (TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME, NEW.payload); RETURN NULL; END $$;
"""


# Records that fail or stop, with personal data where it belongs and where it does not.


def number(tail: int) -> str:
    return f"98761234{tail:08d}"


def submitted(tail: int, **changes) -> dict:
    return people.submitted(f"rough-{tail}", tail, **{
        "national_id": number(tail), "family_card_no": number(tail + 50), "name": f"Kanari Kuning {tail}",
        "msisdn": f"+62877665{tail:05d}", "email": f"kanari.{tail}@sangkar.example", "wave": WAVE.number,
        "submitted_at": datetime.datetime(2021, 8, 15, tzinfo=datetime.timezone.utc), **changes})


def completed(tail: int) -> dict:
    return {"enrolment_id": "nobody-knows", "award_id": str(uuid.uuid4()), "course_id": "c", "mode": "ONLINE",
            "attendee_national_id": number(tail), "completed_at": SETTLED_AT, "sessions_held": 1, "sessions_attended": 1,
            "assessments": []}


def linked(tail: int, **changes) -> dict:
    return {"payee_kind": "PARTICIPANT", "payee_ref": str(uuid.uuid4()), "revision": 1, "partner": "BNI",
            "account_no": number(tail), "account_scheme": "BBAN", "holder_name": f"Kanari Hijau {tail}",
            "holder_national_id": number(tail + 50), "msisdn": f"+62877665{tail:05d}", "active": True, "currency": "IDR",
            "linked_at": SETTLED_AT, **changes}


def settled(instruction_id: str, text: str) -> dict:
    return {"instruction_id": instruction_id, "end_to_end_id": instruction_id[:32], "status": "REJECTED",
            "reason_code": "AC04", "reason_text": text, "settled_at": SETTLED_AT}


ROUGH = {
    "held for an unverified e-mail": ("application.submitted", submitted(1, email_verified_at=None)),
    "letters in a national id": ("application.submitted", submitted(2, national_id="kanari merah " + number(2))),
    "a phone number without its sign": ("application.submitted", submitted(3, msisdn="0877 6650 0003")),
    "a national id as programme": ("application.submitted", submitted(4, programme=number(104))),
    "a name as programme": ("application.submitted", submitted(5, programme="Kanari Biru Langit")),
    "cut in the middle": ("application.submitted", submitted(6)),
    "text": ("application.submitted", submitted(7)),
    "a completion that waits for ever": ("course.completed", completed(8)),
    "a link of nobody known": ("account.linked", linked(9)),
    "an account number as partner": ("account.linked", linked(10, partner=number(110))),
    "a name as currency": ("account.linked", linked(11, currency="Kanari Jingga Tua")),
    "a link without an account number": ("account.linked", linked(12, account_no="", holder_name="Kanari Ungu Muda")),
}
MISPLACED = {"programme": {number(104), "Kanari Biru Langit", "0877 6650 0003", "kanari merah " + number(2)},
             "partner": {number(110)}, "currency": {"Kanari Jingga Tua"},
             "a gateway's words": {number(120), "Kanari Abu Gelap"}}


def send_rough(world) -> None:
    sender = harness.Sender(world.servers.kafka.address, source=people.SOURCE)
    for name, (topic, event) in ROUGH.items():
        key = str(event.get("application_id") or event.get("payee_ref") or event["award_id"])
        value = sender.events.encode(topic, event)
        value = {"cut in the middle": value[:len(value) * 2 // 3], "text": repr(event).encode()}.get(name, value)
        sender.send_bytes(topic, key, value, {"ce_id": name, "ce_source": people.SOURCE})
    sender.flush()


def send_words(world) -> None:
    """A gateway says why, and says too much: about an instruction nobody gave, and about one that is paid."""
    [(paid,)] = world.query("SELECT end_to_end_id FROM incentive_read.payout WHERE status = 'PAID' LIMIT 1")
    sender = harness.Sender(world.servers.kafka.address, source="/gateway/loud")
    for instruction in ("f" * 32 + "-01", f"{paid}-01"):
        sender.send("payout.settled", instruction, settled(instruction, f"account {number(120)} of Kanari Abu Gelap is closed"))
    sender.flush()


# One person goes.


def chosen(world) -> dict:
    """Somebody who is owed one more instalment."""
    [(person, award, application)] = world.query(
        "SELECT a.person_id, a.award_id, p.application_id FROM incentive.entitlement AS e JOIN incentive.award AS a USING (award_id)"
        " JOIN application.application AS p USING (award_id) WHERE item = 'job_search_incentive' AND instalment = 4"
        " AND e.status = 'APPROVED' AND NOT EXISTS (SELECT FROM incentive.entitlement AS other"
        " WHERE other.award_id = e.award_id AND other.status = 'HELD') ORDER BY award_id LIMIT 1")
    return {"person": person, "award": award, "application": application}


def erase(world, person: dict) -> None:
    sender = harness.Sender(world.servers.kafka.address, source="/kerja/ctl")
    sender.send("person.erased", person["person"], {"person_id": person["person"], "award_ids": [person["award"]],
                                                    "requested_at": ERASED_AT, "authority": "the person"})
    sender.flush()


def sealed(world, person: dict) -> dict[tuple, tuple[int, int]]:
    """Column to how many values it has of the person, and of everybody else."""
    found = {}
    for (schema, table, column), mine in SEALED.items():
        mine = mine.replace("%(person)s", f"'{person['person']}'").replace("%(award)s", f"'{person['award']}'")
        [found[schema, table, column]] = world.query(
            f"SELECT count({column}) FILTER (WHERE {mine}), count({column}) FILTER (WHERE NOT ({mine})) FROM {schema}.{table}")
    return found


@pytest.fixture(scope="module")
def world():
    if any(harness.settings.named(f"KERJA_{name}") for name in ("KAFKA", "POSTGRES", "REDIS")):
        pytest.skip("existing servers are named, and this needs fresh ones")
    with Watched(STATE / "personal") as world:
        execute(world.servers.postgres.address, KEEP + "".join(
            f"CREATE TRIGGER keep AFTER INSERT ON {service}.{table} FOR EACH ROW EXECUTE FUNCTION public.keep();"
            for service in SERVICES for table in ("outbox", "waiting")))
        world.open_wave()
        send_rough(world)
        world.draw()
        world.clock(BEFORE_ERASURE)
        send_words(world)
        world.person = chosen(world)
        world.sealed_before = sealed(world, world.person)
        world.records_before = world.records()
        world.redis_before = canary.redis(world.servers)
        erase(world, world.person)
        world.clock(WAVE.end)
        yield world


@pytest.fixture(scope="module")
def records(world):
    return world.records()


def execute(address: str, sql: str) -> list[tuple]:
    """Whatever it changes is taken back, unless the owner does it."""
    connection = psycopg2.connect(address)
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            rows = cursor.fetchall() if cursor.description else []
        if "//kerja:" in address:
            connection.commit()
        return rows
    finally:
        connection.close()


# Nowhere in clear.


@pytest.fixture(scope="module")
def places(world, records) -> dict[str, bytes]:
    for one in (event["application_id"] for topic, event in ROUGH.values() if topic == "application.submitted"):
        for words in (("show", one), ("explain", one)):
            world.kerja(*words, status=None)
    for words in (("status",), ("status", "--json"), ("position", "list")):
        world.kerja(*words)
    said = "".join(world.transcript).encode()
    tails = [world.kerja("tail", topic, "--from-beginning") for topic in sorted(canary.personal())]
    letters = [one.headers for one in records if one.topic == "dead.letter"]
    others = [one.headers for one in records if one.topic != "dead.letter"]
    return {**canary.places(world, records), "said by programs": said, "redis before": world.redis_before,
            "shown by all tails": "".join(tails).encode(), "headers of letters": repr(letters).encode(),
            "headers of others": repr(others).encode()}


def test_personal_data_stands_nowhere_in_clear(world, records, places):
    secrets = canary.of_schemas(records)
    assert secrets.keys() == {"national_id", "family_card_no", "name", "msisdn", "email", "account_no", "holder_name",
                              "holder_national_id", "attendee_national_id", "to", "creditor_account", "creditor_name"}
    assert b"kept_payload" in places["dump"] and len(places["redis before"]) > 1000
    kept = dict(world.query("SELECT of, count(*) FROM public.kept_payload GROUP BY 1"))
    assert kept.keys() >= {"application.outbox", "completion.outbox", "incentive.outbox", "completion.waiting"}
    assert canary.found(secrets, places) == []


def test_data_in_the_wrong_member_is_not_passed_on(places):
    """It stands in the sender's own record, whoever reads that, and in the sentence of the dead letter that the record
    became, which is kept as personal data is. No log, view or other record has it."""
    letter = {"headers of letters", "headers of all", "shown by all tails"}
    tail = {"shown by its tail"}  # of application.submitted
    own = {"programme": letter | tail, "a gateway's words": {"topic payout.settled"}, "partner": {"shown by all tails"},
           "currency": {"shown by all tails"}}
    assert [(kind, place) for kind, place in canary.found(MISPLACED, places) if place not in own[kind]] == []


def test_each_bad_record_ended_as_it_should(world, records):
    letters = {one.headers["ce_id"]: one.headers["kerja_reason"] for one in records if one.topic == "dead.letter"}
    assert {"letters in a national id", "a phone number without its sign", "a national id as programme", "a name as programme",
            "cut in the middle", "text"} <= letters.keys()
    assert letters["a completion that waits for ever"] == "NEVER_KNOWN"
    assert {letters[name] for name in ("an account number as partner", "a name as currency",
                                       "a link without an account number")} == {"BAD_ACCOUNT"}
    held = [one.event["status"] for one in records if one.topic == "application.decided"
            and one.event["application_id"] == "rough-1"]
    assert held == ["HELD", "REJECTED"]  # when the wave closed


# Gone when asked.


def test_every_sealed_column_is_known(world):
    assert set(world.query("SELECT table_schema, table_name, column_name FROM information_schema.columns"
                           " WHERE table_schema = ANY(%s) AND column_name LIKE '%%sealed%%'", list(SERVICES))) == SEALED.keys()


def test_nothing_of_an_erased_person_can_be_unsealed(world):
    after = sealed(world, world.person)
    assert all(mine > 0 for mine, _others in world.sealed_before.values()), world.sealed_before
    assert {column: mine for column, (mine, _others) in after.items()} == {column: 0 for column in SEALED}


def test_other_people_keep_what_is_theirs(world):
    after = sealed(world, world.person)
    for column, (_mine, others) in world.sealed_before.items():
        assert after[column][1] >= others > 0, column


def test_an_erased_person_is_paid_no_more_and_told_no_more(world, records):
    award, known = world.person["award"], {one.headers["ce_id"] for one in world.records_before}
    later = [one for one in records if one.event and str(one.event.get("award_id")) == award
             and one.headers["ce_id"] not in known]
    assert [one.topic for one in later if one.topic in ("payout.requested", "notification.requested")] == []
    closed = [one.event for one in later if one.topic == "payout.closed" and one.event["instalment"] == 4]
    assert closed and closed[0]["outcome"] == "HELD" and closed[0]["reasons"]
    others = world.query("SELECT count(*) FROM incentive.entitlement WHERE award_id <> %s AND status = 'PAID'"
                         " AND item = 'job_search_incentive' AND instalment = 4", award)
    assert others[0][0] > 5


def test_the_decisions_about_an_erased_person_stay_and_explain_themselves(world):
    shown = world.kerja("show", world.person["application"])
    assert world.person["award"] in shown and "AWARDED" in shown
    for subject in (world.person["application"], world.person["award"]):
        assert world.kerja("explain", subject, "--check").endswith(" 0 different\n")


# By nobody who need not.


def test_a_process_comes_in_by_its_password_only(world):
    for service in SERVICES:
        with pytest.raises(psycopg2.OperationalError, match="no password supplied|password authentication failed"):
            execute(world.login(service).replace(f"{service}.pgpass", "nothing"), "SELECT 1")


REFUSED = {
    "reader": ("kerja_read", [
        "SELECT * FROM application.person", "SELECT * FROM application.application", "SELECT * FROM completion.award",
        "SELECT * FROM incentive.account", "SELECT account_no_sealed FROM incentive.entitlement",
        "SELECT payload FROM application.outbox", "SELECT payload FROM completion.waiting", "SELECT * FROM kerja.audit",
        "INSERT INTO kerja.programme (programme, sha256, text) VALUES ('x', sha256('x'), 'x')",
        "UPDATE application_read.award SET holds = '{}'", "DELETE FROM incentive_read.ledger_entry"]),
    "clock": (None, [
        "UPDATE application.timer SET due_at = now()", "DELETE FROM application.timer",
        "INSERT INTO application.timer VALUES (now(), gen_random_uuid(), 'x', 'x')",
        "UPDATE incentive.source_position SET next_offset = 0", "SELECT * FROM incentive.account",
        "SELECT * FROM application.application", "SELECT * FROM kerja.audit"]),
    "officer": ("kerja_officer,kerja_read", [
        "UPDATE kerja.audit SET actor = 'x'", "DELETE FROM kerja.audit", "TRUNCATE kerja.audit",
        "UPDATE kerja.programme SET text = 'x'", "DELETE FROM kerja.programme", "DELETE FROM kerja.draw",
        "SELECT * FROM application.person", "SELECT * FROM incentive.account", "SELECT payload FROM incentive.outbox",
        "UPDATE incentive.award SET holds = '{}'", "UPDATE application.quota SET used = 0",
        "INSERT INTO incentive.ledger_entry SELECT * FROM incentive.ledger_entry LIMIT 0"]),
    **{service: (None, [sql for other in SERVICES if other != service for sql in (
        f"SELECT * FROM {other}.award", f"SELECT * FROM {other}_read.award", f"DELETE FROM {other}.timer",
        f"SET ROLE kerja_{other}")] + ["SELECT * FROM kerja.audit", "INSERT INTO kerja.audit (command, subject) VALUES ('x', 'x')",
                                      "UPDATE kerja.programme SET text = 'x'", "CREATE SCHEMA mine", "SET ROLE kerja"])
       for service in SERVICES}}

ALLOWED = {
    "reader": ["SELECT * FROM application_read.application", "SELECT * FROM incentive_read.account",
               "SELECT * FROM completion_read.award"],
    "clock": ["SELECT * FROM application.timer", "UPDATE incentive.timer SET fired_at = now()", "SELECT * FROM kerja.programme"],
    "officer": ["SELECT * FROM kerja.audit", "INSERT INTO kerja.audit (command, subject) VALUES ('x', 'x')"],
    "application": ["SELECT * FROM application.person"], "completion": ["SELECT * FROM completion.award"],
    "incentive": ["SELECT * FROM incentive.account"]}


@pytest.mark.parametrize("login", REFUSED)
def test_a_login_may_what_it_must_and_no_more(world, login):
    roles, refused = REFUSED[login]
    if roles:
        execute(world.servers.postgres.address,
                f"DO $$ BEGIN IF to_regrole('{login}') IS NULL THEN CREATE ROLE {login} LOGIN; END IF; END $$; GRANT {roles} TO {login}")
    for sql in ALLOWED[login]:
        execute(world.login(login), sql)
    granted = []
    for sql in refused:
        try:
            execute(world.login(login), sql)
            granted.append(sql)
        except psycopg2.Error as error:
            # 42501: no right. 55000: a view of more than one table, which nobody can write.
            assert error.pgcode in ("42501", "55000"), f"{sql}: {error}"
    assert granted == []


def test_an_explanation_leaves_out_what_its_login_may_not_read(world):
    """Whoever answers applicants need not see what anybody was paid; what is left out is named."""
    execute(world.servers.postgres.address, "DO $$ BEGIN IF to_regrole('desk') IS NULL THEN CREATE ROLE desk LOGIN; END IF; END $$;"
            " GRANT USAGE ON SCHEMA kerja, application_read TO desk; GRANT SELECT ON kerja.programme, kerja.draw, kerja.draw_entry TO desk;"
            " GRANT SELECT ON ALL TABLES IN SCHEMA application_read TO desk")
    [(award,)] = world.query("SELECT award_id::text FROM incentive_read.entitlement ORDER BY 1 LIMIT 1")
    told = json.loads(world.kerja("explain", award, "--json", login="desk"))
    assert {one["service"] for one in told["decisions"]} == {"application"} and told["instalments"] == []
    assert told["withheld"] == ["incentive_read.entitlement", "incentive_read.ledger_entry", "completion_read.award",
                                "completion_read.enrolment", "incentive_read.award"]


def test_no_published_view_has_a_sealed_column(world):
    assert world.query("SELECT table_schema, table_name, column_name FROM information_schema.columns WHERE table_schema"
                       " LIKE '%%_read' AND (column_name LIKE '%%sealed%%' OR column_name IN ('payload', 'answers'))") == []


# The search can fail.


@pytest.mark.parametrize("value", ["3174094507890001", "+6281234567890", "Siti Nurhaliza Kuswandi", "siti.n@contoh.example"])
def test_each_spelling_is_found(value):
    for form in canary.spellings(value):
        assert canary.found({"x": {value}}, {"log": b"key=" + form + b" end"}) == [("x", "log")]
    assert canary.found({"x": {value}}, {"log": b"3174094507890002 +6281234567891 Siti Nurhaliza siti@contoh.example"}) == []


def test_the_usual_ways_to_write_a_number_are_among_them():
    for written in (b"3174-0945-0789-0001", b"317409 450789 0001", b"0812-3456-7890", b"6281234567890", b"0812 3456 7890"):
        secrets = {"national_id": {"3174094507890001"}, "msisdn": {"+6281234567890"}}
        assert canary.found(secrets, {"log": b"... " + written + b" ..."})


def test_a_planted_value_is_found_in_each_place(world, records):
    """Last, because it stays there."""
    planted = "Burung Kenari 5550001112223334"
    clear, quoted = planted.encode(), "'" + planted + "'"
    owner = world.servers.postgres.address
    execute(owner, f"CREATE TABLE public.planted AS SELECT {quoted}::text AS text")
    assert canary.found({"x": {planted}}, {"dump": canary.dump(world)}) == [("x", "dump")]
    execute(owner, f"DROP TABLE public.planted; INSERT INTO completion.waiting VALUES (gen_random_uuid(), 'x', 0, 0, 'x', now(),"
            f" now() + interval '1 year', convert_to({quoted}, 'UTF8'))")
    host, port = world.servers.redis.address.rsplit(":", 1)
    subprocess.run(["redis-cli", "-h", host, "-p", port, "SET", "planted", planted], check=True, capture_output=True)
    sender = harness.Sender(world.servers.kafka.address)
    sender.send_bytes("course.listed", planted, b"\x01\x02" + clear + b"\x03", {"ce_id": "planted", "kerja_sentence": planted})
    sender.flush()
    for worker in world.workers.values():
        with open(worker.process.log, "a") as log:
            log.write(f'fact="planted" reason="{planted}"\n')
    after = {**canary.places(world, world.records()), "said by programs": world.kerja("explain", planted, status=None).encode()
              + "".join(world.transcript).encode()}
    seen = {place for _kind, place in canary.found({"x": {planted}}, after)}
    assert seen >= {"dump", "redis", "topic course.listed", "headers of all", "keys of all", "said by programs",
                    *(f"log {service}" for service in SERVICES)}
