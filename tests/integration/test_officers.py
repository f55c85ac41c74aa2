"""What officers command, on real servers with the real workers: two logins, every command end to end.

A small wave is played up to its awards once; each test takes an award of its own, so that they may run in any
order. What another service makes of a command is its own matter: here it is seen that it hears the right thing.
"""
import datetime
import json
import signal
import subprocess

import psycopg2
import pytest

import harness
from harness.paths import SERVICES, STATE, command_program
from officers import AT, FILE, LATER_WAVE, PATIENCE_S, PROGRAMME, WAVE, Officers, plain


@pytest.fixture(scope="module")
def officers():
    with Officers(STATE / "officers") as world:
        yield world


def held_everywhere(officers, award: str, held: bool) -> None:
    for service in SERVICES:
        officers.wait(f"SELECT ('OFFICER:FRAUD_SUSPECTED' = ANY (holds)) = %s FROM {service}_read.award WHERE award_id = %s",
                      held, award)


def test_a_hold_is_set_by_one_officer_and_lifted_by_two(officers):
    award = officers.award()
    assert "not held" in officers.kerja("ani", "award", "release", award, "--reason", "FRAUD_SUSPECTED", status=1)
    told = officers.kerja("ani", "award", "hold", award, "--reason", "FRAUD_SUSPECTED", "--at", AT)
    assert told.endswith(f"sent: award hold {award}\n")
    held_everywhere(officers, award, True)
    [event] = officers.said("award.changed", int(told.split()[1]))
    assert (event["change"], event["by"], event["requested_by"], event["approved_by"]) == ("HELD", "OFFICER", "ani", None)
    assert event["occurred_at"] == datetime.datetime(2021, 9, 30, 17, tzinfo=datetime.timezone.utc)  # midnight in Jakarta
    again = officers.kerja("ani", "award", "hold", award, "--reason", "FRAUD_SUSPECTED", status=1)
    assert "held for FRAUD_SUSPECTED by an officer already" in again
    wrong = officers.kerja("ani", "award", "release", award, "--reason", "AUDIT_FINDING", status=1)
    assert "its holds are OFFICER:FRAUD_SUSPECTED" in wrong

    number = officers.request("award", "release", award, "--reason", "FRAUD_SUSPECTED", "--at", AT)
    assert officers.said("award.changed", number) == []  # nothing is said before the second word
    assert "is your own" in officers.kerja("ani", "approve", number, status=1)
    assert f" {number} " in " " + officers.kerja("budi", "approve", "--list")
    assert officers.kerja("budi", "approve", number) == f"command {number} sent: award release {award}\n"
    assert "nothing was done" in officers.kerja("budi", "approve", number)
    held_everywhere(officers, award, False)
    [event] = officers.said("award.changed", number)
    assert (event["change"], event["requested_by"], event["approved_by"]) == ("RELEASED", "ani", "budi")
    assert officers.letters("SECOND_OFFICER_MISSING") == [] or all(
        award not in letter["sentence"] for letter in officers.letters("SECOND_OFFICER_MISSING"))


def test_without_a_time_it_happens_when_the_second_officer_says_so(officers):
    award = officers.award()
    number = officers.request("award", "revoke", award, "--reason", "FRAUD_IDENTITY_FORGED")
    officers.change("UPDATE kerja.command SET requested_at = requested_at - interval '1 day' WHERE number = %s", number)
    officers.kerja("budi", "approve", number)
    [event] = officers.said("award.changed", number)
    assert officers.query("SELECT approved_at FROM kerja.command WHERE number = %s", number) == [(event["occurred_at"],)]


def test_the_audit_shows_both_names(officers):
    award = officers.award()
    number = officers.both("award", "revoke", award, "--reason", "FRAUD_IDENTITY_FORGED", "--at", AT)
    approved, asked = officers.audit("--subject", award)
    assert (asked["actor"], asked["command"], asked["approved_by"]) == ("ani", "award revoke", "budi")
    assert (approved["actor"], approved["command"]) == ("budi", "approve")
    assert asked["command_number"] == approved["command_number"] == number
    assert asked["sent_at"] >= asked["approved_at"] >= asked["at"]
    line = officers.kerja("ani", "audit", "--subject", award).splitlines()[-1]
    assert f"ani: award revoke {award}, FRAUD_IDENTITY_FORGED (command {number}; approved by budi at " in line
    assert [row["number"] for row in officers.audit("--officer", "budi", "--subject", award)] == [approved["number"], asked["number"]]
    assert officers.audit("--since", "2199-01-01") == []
    officers.wait("SELECT revoked FROM application_read.award WHERE award_id = %s", award)


@pytest.mark.parametrize("words, told", [
    (("award", "hold", "0012c606-a942-87d4-b7d2-fe4026c1cd66", "--reason", "AUDIT_FINDING"), "there is no award"),
    (("award", "hold", "A021-00000001", "--reason", "AUDIT_FINDING"), "no award's id"),
    (("award", "hold", "AWARD", "--reason", "BECAUSE"), 'has no reason "BECAUSE"'),
    (("award", "reinstate", "AWARD", "--reason", "AUDIT_FINDING"), "has not ended"),
    (("award", "repaid", "AWARD", "--amount", "1", "--reason", "AUDIT_FINDING"), "only 0.00 is to be paid back"),
    (("award", "decree", "AWARD", "0012c606-a942-87d4-b7d2-fe4026c1cd66", "--decree-no", "1"), "1 of them exist"),
    (("incentive", "approve", "AWARD", "--item", "gold"), 'has no benefit "gold"'),
    (("incentive", "approve", "AWARD", "--item", "job_search_incentive", "--instalment", "5"), "has 4 instalments, not 5"),
    (("incentive", "approve", "AWARD", "--item", "training"), "no purchase number 1"),
    (("review", "AWARD", "--reason", "AUDIT_FINDING", "--waive"), "is not held"),
    (("review", "nothing", "--reason", "AUDIT_FINDING", "--waive"), "nothing is known of"),
    (("person", "erase", "0012c606-a942-87d4-b7d2-fe4026c1cd66", "--authority", "x"), "no service knows"),
    (("approve", "999999"), "there is no command 999999"),
    (("withdraw", "999999"), "there is no command 999999"),
    (("dead-letters", "show", "0:999999"), "no dead letter stands at 0:999999"),
])
def test_what_cannot_be_is_told_at_once(officers, words, told):
    award = officers.query("SELECT max(award_id::text) FROM application_read.award WHERE NOT revoked AND holds = '{}'")[0][0]
    before = officers.query("SELECT count(*) FROM kerja.command")
    assert told in officers.kerja("ani", *(award if word == "AWARD" else word for word in words), status=1)
    assert officers.query("SELECT count(*) FROM kerja.command") == before


@pytest.mark.parametrize("words, told", [
    (("award", "hold", "x"), "--reason CODE"),
    (("award", "recover", "x", "--reason", "y", "--amount", "a lot"), "expected an amount"),
    (("award", "hold", "x", "--reason", "y", "--amount", "1"), "no option"),
    (("award", "decree", "--programme", "x", "--decree-no", "1"), "--programme P and --wave N"),
    (("award", "decree", "x", "--programme", "x", "--wave", "1", "--decree-no", "1"), "expected awards, or"),
    (("review", "x", "--reason", "y"), "--waive or --uphold"),
    (("review", "3201010101010001", "--reason", "y", "--waive"), "national ids are not accepted"),
    (("person", "erase", "--country", "ID"), "--authority"),
    (("dead-letters", "show", "7"), "PARTITION:OFFSET"),
    (("approve",), "NUMBER or --list"),
    (("approve", "seven"), "no command's number"),
    (("import", "x", "--topic", "case.resolved"), "officers and workers say this"),
    (("award", "hold", "AWARD", "--reason", "FRAUD_SUSPECTED", "--at", "2999-01-01"), "expected an instant such as"),
    (("award", "hold", "AWARD", "--reason", "FRAUD_SUSPECTED", "--at", "2199-01-01"), "still to come"),
    (("award", "decree", "AWARD", "--decree-no", "SK-1\r\x1b[2K"), "word 5 holds a control character"),
    (("programme", "publish", FILE, "--paused", "2021-09-01:9999-12-31"), "--paused expects FROM[:TO]"),
    (("programme", "publish", FILE, "--restrict", "31:LEVEL_4:2021-09-01:9999-12-31"), "--restrict expects"),
    (("person", "erase", "--authority", "x", "--employer", "E-1", "--country", "my"), "expected two capitals"),
])
def test_a_wrong_call_ends_with_status_2(officers, words, told):
    award = officers.query("SELECT min(award_id::text) FROM application_read.award")[0][0]
    before = officers.query("SELECT count(*) FROM kerja.command")
    assert told in officers.kerja("ani", *(award if word == "AWARD" else word for word in words), status=2)
    assert officers.query("SELECT count(*) FROM kerja.command") == before


def test_what_waits_is_not_asked_a_second_time(officers):
    """Two officers, each of whom notes it, and a third who says yes to both, would have it done twice."""
    award = officers.award()
    revoke = ("award", "revoke", award, "--reason", "FRAUD_IDENTITY_FORGED")
    number = officers.request(*revoke)
    assert f"command {number} of ani asks the same and waits" in officers.kerja("budi", *revoke, status=1)
    other = officers.request("award", "revoke", award, "--reason", "AUDIT_FINDING")  # another matter
    for one in (number, other):
        officers.kerja("ani", "withdraw", one)
    officers.kerja("ani", "withdraw", officers.request(*revoke))


def test_the_second_officer_reads_what_the_event_says(officers):
    """By SQL an officer may call it what he likes, and name another subject."""
    award, other = officers.award(), officers.award()
    [(number,)] = officers.query(
        "SELECT kerja.command_request('award release', %s, 'award.changed', %s)", award,
        json.dumps({"award_id": other, "change": "REINSTATED", "reason": "AUDIT_FINDING"}), login="ani")
    [shown] = [row for row in json.loads(officers.kerja("budi", "approve", "--list", "--json")) if row["number"] == number]
    assert shown["what"].startswith(f"REINSTATED, of {other}, AUDIT_FINDING")
    officers.kerja("budi", "withdraw", number)


@pytest.mark.parametrize("sql", [
    "UPDATE kerja.command SET approved_by = 'budi', approved_at = now()",
    "INSERT INTO kerja.command (command, subject, topic, event, requested_by) VALUES ('a', 'b', 'dead.letter', '{}', 'budi')",
    "DELETE FROM kerja.command",
    "INSERT INTO kerja.audit (actor, command, subject) VALUES ('budi', 'award release', 'x')",
    "INSERT INTO kerja.audit (at, command, subject) VALUES ('2021-01-01', 'award release', 'x')",
    "UPDATE kerja.audit SET actor = 'budi'",
    "DELETE FROM kerja.audit",
    "ALTER TABLE kerja.command DROP CONSTRAINT another_login_approves",
    "SET SESSION AUTHORIZATION budi",
    "SET ROLE budi",
    "INSERT INTO kerja.command_award VALUES (1, gen_random_uuid(), 'normal')",
])
def test_sql_forges_nobody(officers, sql):
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        officers.query(sql, login="ani")


def test_the_database_itself_wants_two_logins(officers):
    release = '{"change": "RELEASED", "by": "OFFICER"}'
    ask = "SELECT kerja.command_request('award release', 'x', 'award.changed', %s)"
    [(number,)] = officers.query(ask, release, login="ani")
    for trick in ("SELECT kerja.command_approve({})", "SET ROLE kerja_officer; SELECT kerja.command_approve({})"):
        with pytest.raises(psycopg2.Error, match="is your own"):
            officers.query(trick.format(number), login="ani")
    with pytest.raises(psycopg2.errors.CheckViolation):  # it cannot be made to look sent either
        officers.query("SELECT kerja.command_sent(%s)", number, login="ani")
    # What needs a second officer follows from the event, whatever the command is called.
    [(hidden,)] = officers.query(ask.replace("'award release'", "'award hold'"), release, login="ani")
    assert "waits for a second officer" in officers.kerja("ani", "audit", "--subject", "x")
    with pytest.raises(psycopg2.Error, match="is your own"):
        officers.query("SELECT kerja.command_approve(%s)", hidden, login="ani")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):  # who is no officer
        officers.query("CREATE ROLE cici LOGIN; GRANT kerja_read TO cici")
        officers.query(ask, release, login="cici")
    for waiting in (number, hidden):
        officers.kerja("budi", "withdraw", waiting)
        assert f"withdrawn by budi" in officers.kerja("budi", "approve", waiting, status=1)
    assert officers.said("award.changed", number) == []


def test_a_crash_between_approval_and_sending_is_mended_by_approving_again(officers):
    award = officers.award()
    number = officers.request("award", "revoke", award, "--reason", "FRAUD_IDENTITY_FORGED", "--at", AT)
    environment = {**officers.environment("budi"), "KERJA_KAFKA": "127.0.0.1:1"}  # it approves, and cannot send
    dying = subprocess.Popen([command_program(), "approve", str(number)], env=environment, cwd=officers.folder,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        officers.wait("SELECT approved_at IS NOT NULL FROM kerja.command WHERE number = %s", number)
    finally:
        dying.send_signal(signal.SIGKILL)
        dying.wait()
    assert officers.said("award.changed", number) == []
    [unsent] = [row for row in json.loads(officers.kerja("ani", "approve", "--list", "--json")) if row["number"] == number]
    assert unsent["state"] == "unsent"
    assert officers.kerja("ani", "approve", number).startswith(f"command {number} sent")  # by anybody: it is allowed
    officers.wait("SELECT revoked FROM application_read.award WHERE award_id = %s", award)
    # Dead once more after sending, before the row says so: the same record, and a repeat everywhere.
    officers.change("UPDATE kerja.command SET sent_at = NULL WHERE number = %s", number)
    officers.kerja("budi", "approve", number)
    one, other = officers.said("award.changed", number)
    assert one == other and (one["requested_by"], one["approved_by"]) == ("ani", "budi")
    ids = {record.headers["ce_id"] for record in harness.read(officers.servers.kafka.address, ["award.changed"], quiet_s=0.3)
           if record.event["sequence"] == number}
    assert len(ids) == 1


def test_the_replay_of_a_letter_that_is_gone_can_be_withdrawn(officers):
    [(number,)] = officers.query("SELECT kerja.command_request('dead-letters replay', 'gone', 'dead.letter', %s)",
                                 '{"partition": 0, "offset": 999999}', login="ani")
    assert "is stored and not sent" in officers.kerja("ani", "approve", number, status=1)
    assert "withdrawn" in officers.kerja("budi", "withdraw", number)
    assert str(number) not in officers.kerja("ani", "approve", "--list").split()
    assert "was withdrawn" in officers.kerja("ani", "approve", number, status=1)


def test_what_is_allowed_is_not_withdrawn(officers):
    """Part of it may be with the workers already."""
    award = officers.award()
    hold = officers.kerja("ani", "award", "hold", award, "--reason", "FRAUD_SUSPECTED", "--at", AT).split()[1]
    held_everywhere(officers, award, True)  # or there is nothing to release yet
    sent = officers.both("award", "release", award, "--reason", "FRAUD_SUSPECTED", "--at", AT)
    for number in (hold, sent):
        officers.change("UPDATE kerja.command SET sent_at = NULL WHERE number = %s", number)
        assert "does not wait for anybody" in officers.kerja("ani", "withdraw", number, status=1)
        officers.kerja("ani", "approve", number)


def test_an_award_comes_back_by_two_officers(officers):
    award = officers.award()
    officers.both("award", "revoke", award, "--reason", "FRAUD_IDENTITY_FORGED", "--at", AT)
    ended = [f"SELECT revoked = %s FROM {service}_read.award WHERE award_id = %s" for service in SERVICES]
    for service in ended:
        officers.wait(service, True, award)
    number = officers.both("award", "reinstate", award, "--reason", "AUDIT_FINDING", "--at", "2021-10-02")
    [event] = [event for event in officers.said("award.changed", number) if event["by"] == "OFFICER"]
    assert (event["change"], event["requested_by"], event["approved_by"]) == ("REINSTATED", "ani", "budi")
    for service in ended:
        officers.wait(service, False, award)
    assert officers.query("SELECT bool_and(agrees AND balanced) FROM incentive_read.ledger_check") == [(True,)]


def test_a_registers_hold_is_reviewed_not_released(officers):
    kept, lost = officers.award(), officers.award()
    people = {one["application_id"]: one for one in map(json.loads, (officers.folder / "people.jsonl").read_text().splitlines())}
    listed = [people[name]["national_id"] for name, in officers.query(
        "SELECT application_id FROM application_read.application WHERE status = 'AWARDED' AND award_id IN (%s, %s)", kept, lost)]
    (officers.folder / "barred.csv").write_text("national_id\n" + "".join(one + "\n" for one in listed))
    officers.kerja("ani", "register", "load", "BLACKLIST", "barred.csv", "--programme", PROGRAMME, "--at", "2021-10-01T00:00:00Z")
    for award in (kept, lost):
        officers.wait("SELECT holds = '{APPLICATION:BLACKLISTED}' FROM application_read.award WHERE award_id = %s", award)
    told = officers.kerja("ani", "award", "release", kept, "--reason", "BLACKLISTED", status=1)
    assert "a service does: `kerja review` answers that" in told
    review = ("--reason", "BLACKLISTED", "--at", "2021-10-02")
    number = officers.both("review", kept, *review, "--waive")
    assert [event["subject_id"] for event in officers.said("case.resolved", number)] == [kept]
    officers.both("review", lost, *review, "--uphold")
    officers.wait("SELECT holds = '{}' AND NOT revoked FROM application_read.award WHERE award_id = %s", kept)
    officers.wait("SELECT revoked FROM application_read.award WHERE award_id = %s", lost)


def test_one_decree_is_of_a_whole_wave(officers):
    waiting = {award for award, in officers.query(
        "SELECT a.award_id::text FROM application_read.award AS a JOIN application_read.application USING (application_key) "
        "WHERE NOT revoked AND NOT closed AND decree_no IS NULL")}
    one = min(waiting)
    officers.both("award", "decree", one, "--decree-no", "SK-0", "--at", AT)
    officers.wait("SELECT decree_no = 'SK-0' FROM incentive_read.award WHERE award_id = %s", one)
    officers.wait("SELECT decree_no = 'SK-0' FROM application_read.application WHERE award_id = %s AND status = 'AWARDED'", one)
    assert 'number "SK-0"' in officers.kerja("ani", "award", "decree", one, "--decree-no", "SK-1", status=1)
    number = officers.both("award", "decree", "--programme", PROGRAMME, "--wave", WAVE, "--decree-no", "SK-21", "--at", AT)
    events = officers.said("award.changed", number)
    assert {event["award_id"] for event in events} == waiting - {one} and len(events) == len(waiting) - 1
    assert {(event["change"], event["decree_no"], event["scheme"]) for event in events} == {("DECREED", "SK-21", "semi-bansos")}
    for award in waiting - {one}:
        officers.wait("SELECT decree_no = 'SK-21' FROM incentive_read.award WHERE award_id = %s", award)
    assert "no award of that wave waits" in officers.kerja(
        "ani", "award", "decree", "--programme", PROGRAMME, "--wave", WAVE, "--decree-no", "SK-22", status=1)
    assert {row["command"] for row in officers.audit("--subject", max(waiting - {one}))} >= {"award decree", "approve"}


def test_what_is_owed_is_noticed_by_one_and_repaid_by_two(officers):
    award = officers.award()
    officers.kerja("ani", "award", "recover", award, "--amount", "600000", "--reason", "FRAUD_IDENTITY_FORGED", "--at", AT)
    officers.wait("SELECT recovery_noticed = 60000000 FROM completion_read.award WHERE award_id = %s", award)
    repaid = ("award", "repaid", award, "--reason", "FRAUD_IDENTITY_FORGED", "--at", AT, "--amount")
    assert "only 600000.00 is to be paid back" in officers.kerja("ani", *repaid, "600000.01", status=1)
    number = officers.both(*repaid, "250000.50")
    officers.wait("SELECT recovery_repaid = 25000050 FROM completion_read.award WHERE award_id = %s", award)
    [event] = officers.said("award.changed", number)
    assert event["change"] == "REPAID" and str(event["amount"]) == "250000.50"


def test_a_benefit_falls_due_by_two_officers(officers):
    award = officers.award()
    survey = ("incentive", "approve", award, "--item", "survey_incentive", "--instalment", 2, "--at", AT)
    number = officers.both(*survey)
    [event] = officers.said("incentive.approved", number)
    [instalment] = event["instalments"]
    assert (instalment["number"], str(instalment["amount"]), event["component"]) == (2, "50000.00", "SURVEY")
    assert (event["requested_by"], event["approved_by"], event["budget_year"]) == ("ani", "budi", 2021)
    assert event["payee"] == {"kind": "PARTICIPANT", "ref": event["person_id"]}
    known = "SELECT amount = 5000000 AND due_on = '2021-10-01' FROM incentive_read.entitlement WHERE entitlement_id = %s"
    officers.wait(known, instalment["entitlement_id"])
    assert "approved already" in officers.kerja("ani", *survey, status=1)
    # The account is what is missing, and the file says that no officer ends that.
    officers.wait("SELECT status = 'HELD' FROM incentive_read.entitlement WHERE entitlement_id = %s",
                  instalment["entitlement_id"])
    [(reason,)] = officers.query("SELECT reasons[1] FROM incentive_read.entitlement WHERE entitlement_id = %s",
                                 instalment["entitlement_id"])
    told = officers.kerja("ani", "review", instalment["entitlement_id"], "--reason", reason, "--waive", status=1)
    assert f"no officer ends {reason}: the programme's file says that it ends by account.linked" in told
    other = officers.both("incentive", "approve", award, "--item", "job_search_incentive", "--amount", "500000", "--due-on",
                          "2021-12-01", "--at", AT)
    [event] = officers.said("incentive.approved", other)
    assert str(event["instalments"][0]["amount"]) == "500000.00"
    assert event["instalments"][0]["due_on"] == datetime.date(2021, 12, 1)
    officers.wait(known.replace("5000000", "50000000").replace("2021-10", "2021-12"), event["instalments"][0]["entitlement_id"])
    assert officers.query("SELECT bool_and(agrees AND balanced) FROM incentive_read.ledger_check") == [(True,)]


def test_a_courses_price_falls_due_as_it_was_bought(officers):
    award = officers.award()
    enrolment = officers.buy(award, "COURSE-1")
    officers.wait("SELECT status = 'ACCEPTED' FROM completion_read.enrolment WHERE enrolment_id = %s", enrolment)
    number = officers.both("incentive", "approve", award, "--item", "training", "--at", "2021-10-03")
    [event] = officers.said("incentive.approved", number)
    assert event["payee"] == {"kind": "PROVIDER", "ref": "PROVIDER-1"} and event["component"] == "TRAINING"
    assert str(event["instalments"][0]["amount"]) == "400000.00"
    officers.wait("SELECT count(*) = 1 FROM incentive_read.entitlement WHERE award_id = %s AND amount = 40000000", award)


def test_a_held_purchase_is_reviewed_by_the_id_that_the_platform_gave_it(officers):
    enrolment = officers.buy(officers.award(), "COURSE-2", conflict=True)
    known = "SELECT status = %s FROM completion_read.enrolment WHERE enrolment_id = %s"
    officers.wait(known, "HELD", enrolment)
    review = ("--reason", "PROV_CONFLICT_OF_INTEREST", "--waive", "--at", "2021-10-03")
    number = officers.both("review", enrolment, *review)
    [event] = officers.said("case.resolved", number)
    [(key,)] = officers.query("SELECT enrolment_key::text FROM completion_read.enrolment WHERE enrolment_id = %s", enrolment)
    assert event["subject_id"] == key
    officers.wait(known, "ACCEPTED", enrolment)
    course = officers.both("review", "COURSE-2", *review)
    assert [event["subject_id"] for event in officers.said("case.resolved", course)] == ["COURSE-2"]


def test_a_held_application_is_reviewed_by_the_id_that_the_portal_gave_it(officers):
    people = [json.loads(line) for line in (officers.folder / "later.jsonl").read_text().splitlines()[1:]]
    whole = [one for one in people if one["msisdn_verified_at"] and one["email_verified_at"] and one["family_card_no"]]
    for check in [check for one in whole for check in one["checks"]]:
        check["result"] = "FAIL" if check["register"] == "FACE" else check["result"]
    (officers.folder / "held.jsonl").write_text("".join(json.dumps(one) + "\n" for one in whole))
    officers.kerja("ani", "import", "held.jsonl", "--topic", "application.submitted")
    held = "FROM application_read.application WHERE wave = %s AND reasons = '{ID_FACE_MISMATCH}' AND status = 'HELD'"
    officers.wait(f"SELECT count(*) > 1 {held}", LATER_WAVE)
    (application_id, key), (other, _key) = officers.query(
        f"SELECT application_id, application_key::text {held} ORDER BY application_id LIMIT 2", LATER_WAVE)
    assert "but for" in officers.kerja("ani", "review", application_id, "--reason", "AUDIT_FINDING", "--waive", status=1)
    review = ("--reason", "ID_FACE_MISMATCH", "--at", "2021-10-27T12:00:00Z")
    number = officers.both("review", application_id, *review, "--uphold")
    [event] = officers.said("case.resolved", number)
    assert (event["subject_id"], event["outcome"], event["by"], event["approved_by"]) == (key, "UPHELD", "ani", "budi")
    status = "SELECT status = %s FROM application_read.application WHERE application_id = %s"
    officers.wait(status, "REJECTED", application_id)
    officers.both("review", other, *review, "--waive")
    officers.wait(status, "POOLED", other)


def test_a_person_is_erased_by_a_line_that_is_no_argument(officers):
    person = json.loads((officers.folder / "people.jsonl").read_text().splitlines()[0])
    [(person_id, award)] = officers.query("SELECT person_id::text, award_id::text FROM application_read.application "
                                          "WHERE application_id = %s", person["application_id"])
    erase = ("person", "erase", "--authority", "letter 7/2021", "--at", AT)
    assert "with --country" in officers.kerja("ani", *erase, status=1, text=person["national_id"] + "\n")
    assert "no person's id" in officers.kerja("ani", *erase, person["national_id"], status=1)
    path = officers.folder / "person"
    path.write_text(f"ID {person['national_id']}\n")
    path.chmod(0o640)
    assert "let its owner alone read it" in officers.kerja("ani", *erase, "--file", "person", status=1)
    path.chmod(0o600)
    told = officers.kerja("ani", *erase, "--file", "person")
    assert told.endswith(f"sent: person erase {person_id}\n") and person["national_id"] not in told
    officers.kerja("ani", *erase, "--country", "ID", text=person["national_id"] + "\n")
    [one, other] = [plain(record.event) for record in harness.read(officers.servers.kafka.address, ["person.erased"], quiet_s=0.3)]
    assert one == other and one["person_id"] == person_id and award in one["award_ids"]
    assert one["authority"] == "letter 7/2021"
    officers.wait("SELECT msisdn_sealed IS NULL FROM application.person WHERE person_id = %s", person_id)
    everything = officers.query("SELECT string_agg(c::text, ' ') || (SELECT string_agg(a::text, ' ') FROM kerja.audit AS a) "
                                "FROM kerja.command AS c")[0][0]
    assert person["national_id"] not in everything and "letter 7/2021" in everything


def test_a_dead_letter_goes_through_once_its_cause_is_mended(officers):
    [letter] = [one for one in officers.letters("UNKNOWN_PROGRAMME") if one["topic"] == "application.submitted"]
    person = json.loads((officers.folder / "too-early.jsonl").read_text())
    assert letter["service"] == "application" and "publish" in letter["sentence"]
    assert officers.query("SELECT count(*) FROM application_read.application WHERE application_id = %s",
                          person["application_id"]) == [(0,)]
    shown = officers.kerja("ani", "dead-letters", "show", letter["place"])
    assert letter["sentence"] in shown and "kerja_topic       application.submitted" in shown
    assert '"national_id": "(hidden)"' in shown and person["national_id"] not in shown
    assert person["national_id"] in officers.kerja("ani", "dead-letters", "show", letter["place"], "--show-personal")

    assert "sent: dead-letters replay" in officers.kerja("ani", "dead-letters", "replay", letter["place"])
    officers.wait("SELECT count(*) = 1 FROM application_read.application WHERE application_id = %s", person["application_id"])
    assert "--again" in officers.kerja("budi", "dead-letters", "replay", letter["place"], status=1)
    officers.kerja("budi", "dead-letters", "replay", letter["place"], "--again")
    records = [record for record in harness.read(officers.servers.kafka.address, ["application.submitted"], quiet_s=0.3)
               if record.event["application_id"] == person["application_id"]]
    assert len(records) == 3 and len({(record.key, record.value, tuple(sorted(record.headers.items()))) for record in records}) == 1
    decided = lambda: [record.headers["ce_id"] for record in
                       harness.read(officers.servers.kafka.address, ["application.decided"], quiet_s=0.3)
                       if record.event["application_id"] == person["application_id"]]
    assert harness.wait_until(decided, PATIENCE_S)
    assert len(decided()) == 1  # the repeat changed nothing
    assert [row["actor"] for row in officers.audit("--subject", letter["place"])] == ["budi", "ani"]
    assert officers.kerja("ani", "dead-letters", "list", "--topic", "payout.settled") == "none\n"
    assert letter["place"] in officers.kerja("ani", "dead-letters", "list", "--service", "application")


def test_a_replay_that_was_interrupted_goes_on(officers):
    sender = harness.Sender(officers.servers.kafka.address)
    sender.send_bytes("course.listed", "c1", b"no event at all", {"ce_source": "/integrator/test"})
    sender.flush()
    letter = officers.wait_letter("UNKNOWN_FRAMING")
    place = letter["place"]
    event = json.dumps(dict(zip(("partition", "offset"), map(int, place.split(":")))))
    [(number,)] = officers.query("SELECT kerja.command_request('dead-letters replay', %s, 'dead.letter', %s::jsonb)", place, event,
                                 login="ani")  # as the command leaves it when it dies before it sends
    assert officers.kerja("budi", "dead-letters", "replay", place).startswith(f"command {number} sent")
    again = [record for record in harness.read(officers.servers.kafka.address, ["course.listed"], quiet_s=0.3)
             if record.value == b"no event at all"]
    first, second = sorted(again, key=lambda record: record.offset)
    assert second.headers["ce_id"] == f"course.listed/{first.partition}/{first.offset}"  # by which it was known


def test_a_letter_from_elsewhere_is_refused_before_anything_is_stored(officers):
    """A command that can never be sent could not be ended either."""
    sender = harness.Sender(officers.servers.kafka.address)
    sender.send_bytes("dead.letter", "x1", b"of another system", {"kerja_topic": "no.such.topic", "kerja_partition": "0",
                                                                 "kerja_offset": "0", "kerja_reason": "FROM_ELSEWHERE"})
    sender.flush()
    place = officers.wait_letter("FROM_ELSEWHERE")["place"]
    assert '"no.such.topic" is no topic of Kerja' in officers.kerja("ani", "dead-letters", "replay", place, status=1)
    assert officers.query("SELECT count(*) FROM kerja.command WHERE subject = %s", place) == [(0,)]


def test_what_changes_something_is_audited(officers):
    (officers.folder / "courses.jsonl").write_text("")
    officers.kerja("budi", "course", "load", "courses.jsonl")
    done = {row["command"] for row in officers.audit()}
    assert done >= {"programme publish", "register load", "draw announce", "draw", "course load"}


def test_an_officers_record_with_one_name_has_no_effect(officers):
    award = officers.award()
    [(scheme,)] = officers.query("SELECT scheme FROM application_read.application WHERE award_id = %s AND status = 'AWARDED'", award)
    officers.kerja("ani", "award", "hold", award, "--reason", "FRAUD_SUSPECTED", "--at", AT)
    held_everywhere(officers, award, True)
    sender = harness.Sender(officers.servers.kafka.address)
    moment = datetime.datetime(2021, 10, 2, tzinfo=datetime.timezone.utc)
    for names in ({"requested_by": "ani", "approved_by": None}, {"requested_by": "ani", "approved_by": "ani"}, {}):
        sender.send("award.changed", award, {
            "award_id": award, "programme": PROGRAMME, "scheme": scheme, "change": "RELEASED", "reason": "FRAUD_SUSPECTED",
            "by": "OFFICER", "currency": "IDR", "occurred_at": moment, "sequence": 1_000_000, **names})
    sender.flush()
    dead = lambda: [letter for letter in officers.letters("SECOND_OFFICER_MISSING") if letter["topic"] == "award.changed"]
    assert harness.wait_until(lambda: len(dead()) >= 9, PATIENCE_S, pause_s=0.5)  # each service refuses each
    held_everywhere(officers, award, True)
