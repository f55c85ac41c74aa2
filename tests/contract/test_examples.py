"""The foreign clients of examples/: stock Avro reads and writes every schema, and the clients keep their promises.

No server: a recorder stands for Kafka, and encodes what it is given, so that an event that does not fit its
schema fails here.
"""
import argparse
import datetime
import io
import json
import sys

import fastavro
import pytest
from fastavro.utils import generate_one

from harness.paths import ROOT, SCHEMAS

sys.path.insert(0, str(ROOT / "examples"))

import catalogue  # noqa: E402
import gateway as gateways  # noqa: E402
import integrator as integrators  # noqa: E402
import kerja_client  # noqa: E402
import notifier as notifiers  # noqa: E402
import training_platform as platforms  # noqa: E402

from contract import hand_made  # noqa: E402
from contract.recorder import SCHEMA_SET, Recorder, given  # noqa: E402

TOPICS = sorted(SCHEMA_SET.by_topic)


# -- the envelope ---------------------------------------------------------------------------------


def test_the_fingerprint_is_that_of_the_specification():
    # Avro 1.11 publishes no test vector, its Java implementation's test does: "int" is 0x7275d51a3f395c8f.
    mark = kerja_client.fingerprint(kerja_client.to_parsing_canonical_form("int"), "CRC-64-AVRO")
    assert int.from_bytes(bytes.fromhex(mark), "little") == 0x7275D51A3F395C8F


@pytest.mark.parametrize("topic", TOPICS)
def test_stock_avro_writes_and_reads(topic):
    # Once through, because the generator writes a UUID without its hyphens, which nobody else does.
    event = SCHEMA_SET.decode(topic, SCHEMA_SET.encode(topic, generate_one(SCHEMA_SET.by_topic[topic])))
    value = SCHEMA_SET.encode(topic, event)
    assert value[:2] == b"\xc3\x01" and len(value) > 10
    assert SCHEMA_SET.decode(topic, value) == event
    assert SCHEMA_SET.key(topic, event) == str(event[SCHEMA_SET.keys[topic]])


@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("history/*/*.avsc")),
                         ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_older_version_is_read(path):
    writer = json.loads(path.read_text())
    topic = json.loads((SCHEMAS / f"{path.parent.name}.avsc").read_text())["topics"][0]
    body = io.BytesIO()
    fastavro.schemaless_writer(body, fastavro.parse_schema(writer, named_schemas={}),
                               generate_one(fastavro.parse_schema(writer, named_schemas={})))
    mark = bytes.fromhex(kerja_client.fingerprint(kerja_client.to_parsing_canonical_form(writer), "CRC-64-AVRO"))
    event = SCHEMA_SET.decode(topic, b"\xc3\x01" + mark + body.getvalue())
    assert set(event) == {field["name"] for field in SCHEMA_SET.by_topic[topic]["fields"]}


GOOD = SCHEMA_SET.encode("payout.requested", hand_made.payout_requested(1))


@pytest.mark.parametrize("value", [
    pytest.param(None, id="tombstone"),
    pytest.param(b"", id="empty"),
    pytest.param(b"\xc3\x01", id="marker only"),
    pytest.param(b"{}", id="json"),
    pytest.param(GOOD[:30], id="truncated"),
    pytest.param(b"\xc3\x01" + bytes(8) + GOOD[10:], id="unknown schema"),
    pytest.param(b"\x00" + GOOD[1:], id="other framing"),
])
def test_what_is_no_event_is_unreadable(value):
    with pytest.raises(kerja_client.Unreadable):
        SCHEMA_SET.decode("payout.requested", value)


def test_a_misspelt_member_is_an_error_of_the_sender():
    event = hand_made.payout_requested(1)
    event["ammount"] = event["amount"]
    with pytest.raises(ValueError):
        SCHEMA_SET.encode("payout.requested", event)


def test_headers_are_those_of_cloudevents():
    headers = dict(kerja_client.cloud_event_headers("/gateway/x", "payout.settled", "1"))
    assert headers == {"ce_specversion": b"1.0", "ce_id": b"1", "ce_source": b"/gateway/x",
                       "ce_type": b"org.kerja.payout.settled.v1"}


@pytest.mark.parametrize("lines", [0, 1, kerja_client.JSON_LINES_AT_ONCE - 1, kerja_client.JSON_LINES_AT_ONCE,
                                   kerja_client.JSON_LINES_AT_ONCE + 1, 2 * kerja_client.JSON_LINES_AT_ONCE + 1])
def test_no_line_is_lost_where_a_chunk_ends(tmp_path, lines):
    path = written(tmp_path, [hand_made.registration(n) for n in range(lines)])
    read = [event["application_id"] for event in SCHEMA_SET.read_json_lines("application.submitted", path)]
    assert read == [f"A-18-{n}" for n in range(lines)]


# -- integrator -----------------------------------------------------------------------------------


def written(folder, registrations):
    path = folder / "people.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in registrations))
    return path


def integrator_with(**shares):
    arguments = argparse.Namespace(**{"rate": 0, "repeats": 0, "corrections": 0, **shares})
    client = Recorder(integrators.TABLES)
    return integrators.Integrator(client, arguments), client


def test_registrations_are_published_as_they_stand(tmp_path):
    integrator, client = integrator_with()
    integrator.publish(written(tmp_path, [hand_made.registration(n) for n in range(3)]))
    events = client.events("application.submitted")
    assert [event["application_id"] for event in events] == ["A-18-0", "A-18-1", "A-18-2"]
    assert events[0]["birth_date"] == datetime.date(1991, 11, 27) and events[0]["wave"] == 18
    assert [key for _topic, key, _id, _value in client.sent] == ["A-18-0", "A-18-1", "A-18-2"]


def test_a_repeat_has_the_same_id_and_the_same_bytes(tmp_path):
    integrator, client = integrator_with(repeats=1)
    integrator.publish(written(tmp_path, [hand_made.registration(7)]))
    assert len(client.sent) == 2 and client.sent[0] == client.sent[1]


def test_a_correction_is_the_next_revision_of_the_same_application(tmp_path):
    integrator, client = integrator_with(corrections=1)
    integrator.publish(written(tmp_path, [hand_made.registration(7)]))
    first, second = client.events("application.submitted")
    assert (second["application_id"], second["revision"]) == (first["application_id"], 2)
    assert first["email_verified_at"] is None and second["email_verified_at"] == first["submitted_at"]
    assert [check["result"] for check in second["checks"]] == ["MATCH"]
    assert client.sent[0][2] != client.sent[1][2]


def test_the_summary_has_the_newest_word_on_our_applications_only(tmp_path):
    integrator, client = integrator_with()
    integrator.publish(written(tmp_path, [hand_made.registration(n) for n in range(3)]))
    told = [(0, "POOLED", 1), (0, "AWARDED", 2), (0, "POOLED", 1), (1, "REJECTED", 1), (99, "AWARDED", 1)]
    for number, status, sequence in told:
        reasons = ["AGE_BELOW_MIN"] if status == "REJECTED" else []
        integrator.handle(given("application.decided", hand_made.application_decided(
            number, status, sequence=sequence, reasons=reasons)))
    summary = integrator.summary()
    assert summary["statuses"] == {"AWARDED": 1, "REJECTED": 1, "UNANSWERED": 1}
    assert summary["reasons"] == {"REJECTED AGE_BELOW_MIN": 1}
    assert (summary["applied"], summary["answered"], summary["pooled"]) == (3, 2, 1)


# -- training platform ----------------------------------------------------------------------------


def platform_for(numbers, seed=1):
    people = {f"A-18-{n}": {"national_id": f"{n:016}", "msisdn": f"+62{n}", "name": f"Person {n}"} for n in numbers}
    client = Recorder(platforms.TABLES)
    return platforms.Platform(client, argparse.Namespace(seed=seed, changed_phone=0, withhold=0), people), client


def award_all(platform, numbers):
    for number in numbers:
        platform.handle(given("application.decided", hand_made.application_decided(number)))


def accept_all(platform, client):
    for event in client.events("course.enrolled"):
        platform.handle(given("enrolment.decided", hand_made.enrolment_decided(
            event["award_id"], event["enrolment_id"], event["course_id"])))


def test_every_course_and_provider_account_fits_its_schema():
    platform, client = platform_for([])
    platform.list_courses()
    assert len(client.events("course.listed")) == len(catalogue.COURSES) + len(catalogue.UNFIT)
    providers = {event["provider_id"] for event in client.events("course.listed")}
    assert providers == {event["payee_ref"] for event in client.events("account.linked")}


def test_an_unfit_course_lacks_one_thing():
    _fit, unfit = catalogue.courses()
    assert len(unfit) == len(catalogue.UNFIT)
    for listed, (_title, differences, _reason) in zip(unfit, catalogue.UNFIT):
        usual = catalogue.course(99, listed["title"], listed["mode"], 400_000, 6)
        ids = ("course_id", "provider_id", "platform_id", "provider")
        changed = {name for name in usual if usual[name] != listed[name] and name not in ids}
        changed |= {name for name in usual["provider"] if usual["provider"][name] != listed["provider"][name]}
        named = set(differences) - {"provider"} | set(differences.get("provider", {}))
        assert changed == named and len(named) == 1


def test_the_same_award_and_seed_act_alike_in_any_order():
    numbers = list(range(200))
    one, first = platform_for(numbers)
    award_all(one, numbers)
    accept_all(one, first)
    other, second = platform_for(numbers)
    award_all(other, reversed(numbers))
    accept_all(other, second)
    assert sorted(first.sent) == sorted(second.sent)
    different, third = platform_for(numbers, seed=2)
    award_all(different, numbers)
    accept_all(different, third)
    assert sorted(third.sent) != sorted(first.sent)


def test_the_shares_are_those_published():
    numbers = range(3000)
    platform, client = platform_for(numbers)
    award_all(platform, numbers)
    bought = len(client.events("course.enrolled"))
    accept_all(platform, client)
    completed = len(client.events("course.completed"))
    assert 0.915 < bought / len(numbers) < 0.945
    assert 0.935 < completed / bought < 0.965


def test_all_times_follow_from_the_notice_day():
    numbers = range(300)
    platform, client = platform_for(numbers)
    award_all(platform, numbers)
    accept_all(platform, client)
    notice = kerja_client.local_time(hand_made.NOTICE_DAY, kerja_client.JAKARTA)
    for event in client.events("course.enrolled"):
        assert notice + datetime.timedelta(days=1) <= event["enrolled_at"] < notice + datetime.timedelta(days=30)
    for event in client.events("milestone.reached"):
        assert notice <= event["reached_at"] < notice + datetime.timedelta(days=1)
    for event in client.events("course.completed"):
        assert notice < event["completed_at"] < notice + datetime.timedelta(days=45)


def test_each_person_has_an_account_of_their_own():
    numbers = range(500)
    platform, client = platform_for(numbers)
    award_all(platform, numbers)
    accounts = client.events("account.linked")
    assert len({(event["partner"], event["account_no"]) for event in accounts}) == len(accounts) == len(numbers)
    assert all(event["holder_national_id"] and event["msisdn"] and event["kyc_level"] == "FULL" for event in accounts)
    assert {event["partner"] for event in accounts} == {"BNI", "OVO", "LINKAJA", "GOPAY", "DANA"}


def test_an_award_of_another_portal_is_left_alone():
    platform, client = platform_for([1])
    award_all(platform, [2])
    assert client.sent == []


def test_a_refused_purchase_is_followed_by_another_once():
    numbers = range(10)
    platform, client = platform_for(numbers)
    award_all(platform, numbers)
    first = client.events("course.enrolled")[0]
    for attempt in (1, 2):
        newest = client.events("course.enrolled")[-1] if attempt == 2 else first
        platform.handle(given("enrolment.decided", hand_made.enrolment_decided(
            newest["award_id"], newest["enrolment_id"], newest["course_id"], "REJECTED")))
    mine = [event for event in client.events("course.enrolled") if event["award_id"] == first["award_id"]]
    assert [event["enrolment_id"][-2:] for event in mine] == ["/1", "/2"]


def test_a_missing_certificate_comes_with_the_next_revision():
    numbers = range(300)
    platform, client = platform_for(numbers)
    award_all(platform, numbers)
    accept_all(platform, client)
    without = [event for event in client.events("course.completed") if event["certificate_id"] is None]
    assert without
    platform.handle(given("completion.decided", hand_made.completion_decided(
        without[0]["award_id"], without[0]["enrolment_id"], without[0]["course_id"], "HELD", ["CERT_MISSING"])))
    last = client.events("course.completed")[-1]
    assert (last["enrolment_id"], last["revision"]) == (without[0]["enrolment_id"], 2) and last["certificate_id"]


@pytest.mark.parametrize("scheme, surveys", [("semi-bansos", 3), ("normal", 2)])
def test_the_first_instalment_opens_the_surveys(scheme, surveys):
    platform, client = platform_for([1])
    platform.handle(given("application.decided", hand_made.application_decided(1, scheme=scheme)))
    platform.handle(given("payout.closed", hand_made.payout_closed(hand_made.award_id(1), instalment=2)))
    platform.handle(given("payout.closed", hand_made.payout_closed(hand_made.award_id(1), outcome="HELD")))
    assert not [event for event in client.events("milestone.reached") if event["kind"].startswith("SURVEY")]
    platform.handle(given("payout.closed", hand_made.payout_closed(hand_made.award_id(1))))
    opened = [event for event in client.events("milestone.reached") if event["kind"] == "SURVEY_OPENED"]
    assert [event["number"] for event in opened] == list(range(1, surveys + 1))
    assert all(event["reached_at"] > hand_made.NOON for event in opened)


# -- gateway --------------------------------------------------------------------------------------


def gateway_with(**manners):
    shares = ("refuse", "silent", "late", "twice", "returned", "lost", "contradict", "wrong_sum", "stray")
    usual = {"seed": 1, "shuffle": False, "currency": None, **dict.fromkeys(shares, 0)}
    client = Recorder(gateways.TABLES)
    return gateways.Gateway(client, argparse.Namespace(**{**usual, **manners})), client


def request(gateway, event):
    gateway.handle(given("payout.requested", event))


def statuses(client):
    return [event["status"] for event in client.events("payout.settled")]


def paid(client):
    return sum(row["amount_hundredths"] for row in gateways.totals(client.book) if row["state"] == "PAID")


def test_an_instruction_is_accepted_and_paid_in_time():
    gateway, client = gateway_with()
    event = hand_made.payout_requested(1)
    request(gateway, event)
    accepted, settled = client.events("payout.settled")
    assert (accepted["status"], settled["status"], settled["amount"]) == ("ACCEPTED", "PAID", event["amount"])
    assert event["requested_at"] < accepted["settled_at"] < settled["settled_at"] < event["answer_by"]
    assert {key for _topic, key, _id, _value in client.sent} == {str(event["award_id"]).encode()}


def test_an_instruction_is_paid_once_and_answered_alike():
    gateway, client = gateway_with()
    for _ in range(3):
        request(gateway, hand_made.payout_requested(1))
    assert paid(client) == 60_000_000
    assert client.sent[:2] == client.sent[2:4] == client.sent[4:]


def test_the_same_reference_for_another_sum_is_refused():
    gateway, client = gateway_with()
    request(gateway, hand_made.payout_requested(1))
    request(gateway, hand_made.payout_requested(1, "6000000.00"))
    assert paid(client) == 60_000_000
    assert client.events("payout.settled")[-1]["reason_code"] == "AM05"


@pytest.mark.parametrize("manner, told, after_query, hundredths", [
    ({}, ["ACCEPTED", "PAID"], "PAID", 60_000_000),
    ({"refuse": 1}, ["ACCEPTED", "REJECTED"], "REJECTED", 0),
    ({"silent": 1}, [], "PAID", 60_000_000),
    ({"late": 1}, ["ACCEPTED"], "PAID", 60_000_000),
    ({"twice": 1}, ["ACCEPTED", "ACCEPTED", "PAID", "PAID"], "PAID", 60_000_000),
], ids=["prompt", "refuses", "silent", "late", "twice"])
def test_manners_of_a_gateway(manner, told, after_query, hundredths):
    gateway, client = gateway_with(**manner)
    event = hand_made.payout_requested(1)
    request(gateway, event)
    assert statuses(client) == told
    gateway.handle(given("payout.queried", hand_made.payout_queried(event)))
    assert statuses(client)[-1] == after_query and paid(client) == hundredths


def test_a_shuffling_gateway_tells_some_outcomes_first():
    gateway, client = gateway_with(shuffle=True)
    for number in range(20):
        request(gateway, hand_made.payout_requested(number))
    firsts = set(statuses(client)[::2])
    assert firsts == {"ACCEPTED", "PAID"} and paid(client) == 20 * 60_000_000


def test_an_unknown_instruction_is_not_found():
    gateway, client = gateway_with()
    gateway.handle(given("payout.queried", hand_made.payout_queried(hand_made.payout_requested(5))))
    assert statuses(client) == ["NOT_FOUND"] and paid(client) == 0


# -- notifier -------------------------------------------------------------------------------------


@pytest.mark.parametrize("text, fault", [
    ("Selamat! Anda terpilih di gelombang 18. Beli pelatihan pertama paling lambat 22 September 2021.", None),
    ("Insentif ke-1 sebesar Rp600.000 telah dikirim ke OVO Anda.", None),
    ("Incentive 1 of Rp 600000 was sent on 2021-09-20.", None),
    ("Klik https://prakerja.vip untuk mengambil dana.", "LINK_IN_TEXT"),
    ("Buka www.prakerja12.info", "LINK_IN_TEXT"),
    ("Masuk ke prakerja.go.id sekarang", "LINK_IN_TEXT"),
    ("Kode OTP Anda adalah rahasia", "CODE_IN_TEXT"),
    ("Your code is 482913", "CODE_IN_TEXT"),
    (" ", "EMPTY_TEXT"),
])
def test_a_text_with_a_link_or_a_code_is_refused(text, fault):
    assert notifiers.fault_of(text) == fault


def notifier_with(undelivered=0):
    client = Recorder(notifiers.TABLES)
    return notifiers.Notifier(client, argparse.Namespace(seed=1, undelivered=undelivered, expired=0, show=0)), client


def test_a_message_is_sent_once_and_answered_each_time():
    notifier, client = notifier_with()
    for _ in range(2):
        notifier.handle(given("notification.requested", hand_made.notification_requested(1, "Selamat!")))
    assert notifier.summary()["told"] == 1
    assert client.sent[0] == client.sent[1]
    assert client.events("notification.settled")[0]["status"] == "DELIVERED"


@pytest.mark.parametrize("undelivered, text, status, reason", [
    (1, "Selamat!", "FAILED", "ABSENT_SUBSCRIBER"), (0, "www.a.vip", "FAILED", "LINK_IN_TEXT")])
def test_what_is_not_delivered_says_why(undelivered, text, status, reason):
    notifier, client = notifier_with(undelivered)
    notifier.handle(given("notification.requested", hand_made.notification_requested(1, text)))
    answer = client.events("notification.settled")[0]
    assert (answer["status"], answer["reason"], notifier.summary()["told"]) == (status, reason, 0)


def test_a_number_is_shown_masked():
    assert notifiers.masked("+628123456789") == "+62812*****89"


@pytest.mark.parametrize("text, parts", [("a" * 160, 1), ("a" * 161, 2), ("é" * 70, 1), ("é" * 71, 2)])
def test_long_texts_cost_more_than_one_sms(text, parts):
    assert notifiers.sms_parts(text) == parts
