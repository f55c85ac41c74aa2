"""The clients of the programmes without a draw: centres whose courses pass or fail as they say, employers who tell their
months, and a gateway that serves one currency."""
import argparse
import collections
import datetime
import decimal
import io
import json
import subprocess

import pytest

from contract import hand_made
from contract.recorder import Recorder, given
from harness.paths import ROOT, command_program

import centres  # noqa: E402  of examples/, as the recorder found it
import employer_portal
import gateway as gateways
import training_centre
from kerja_client import KUALA_LUMPUR, local_time, month_later

AWARDED_AT = local_time(datetime.date(2023, 7, 3), KUALA_LUMPUR, 12)


# -- courses ----------------------------------------------------------------------------------------


def judged(courses: list[dict], programme: str, purchase: bool = False) -> list[list[str]]:
    """What the programme's file says of each course when it is listed, or bought on its first day."""
    cases = []
    for course in courses:
        event = json.loads(json.dumps(course, default=str))
        provider = {name: value for name, value in event.pop("provider").items() if value is not None}
        event = {name: value for name, value in event.items() if value is not None}
        case = {"id": course["course_id"], "programme": programme, "phase": "PROVIDER", "day": event["valid_from"]}
        if purchase:
            fields = {"award.revoked": False, "purchase.price": event["price"], "award.purchases": 0,
                      "course.mode": event["mode"], "training.place_restricted": False,
                      "course.category": event.get("category", {"absent": True})}
            case |= {"phase": "PURCHASE", "fields": fields}
        else:
            case["event"] = {**event, "programmes": [programme], "provider": provider}
        cases.append(case)
    done = subprocess.run([str(command_program()), "try", str(ROOT / "programmes" / f"{programme}.yaml")],
                          input="\n".join(map(json.dumps, cases)) + "\n", capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return [json.loads(line)["reasons"] for line in done.stdout.splitlines()]


@pytest.mark.parametrize("programme", centres.MALAYSIA + centres.INDONESIA)
def test_a_fit_course_is_accepted_and_an_unfit_one_refused_as_it_says(programme):
    fit, unfit = centres.courses()
    fit, unfit = centres.offered(fit, programme), centres.offered(unfit, programme)
    reasons = {title: reason for title, _, reason in centres.MALAYSIAN_UNFIT + centres.INDONESIAN_UNFIT}
    assert judged(fit, programme) == [[]] * len(fit) == judged(fit, programme, purchase=True)
    for course, listed, bought in zip(unfit, judged(unfit, programme), judged(unfit, programme, purchase=True), strict=True):
        assert listed + bought == [reasons[course["title"]]]


# -- centres ----------------------------------------------------------------------------------------


def centre_for(numbers):
    people = {f"A-18-{n}": {"national_id": f"{n:012}", "msisdn": f"+60{n}", "name": f"Person {n}"} for n in numbers}
    client = Recorder(training_centre.TABLES)
    return training_centre.Centre(client, 1, people), client


def awarded(number, scheme, **differences):
    programme = scheme.rpartition("-")[0]
    return hand_made.application_decided(number, programme=programme, scheme=scheme, wave=None, notice_day=None, currency="MYR",
                                         occurred_at=AWARDED_AT, region_code="MY-10", **differences)


def test_months_of_training_are_told_while_the_course_lasts():
    centre, client = centre_for(range(200))
    for number in range(200):
        centre.handle(given("application.decided", awarded(number, "bina-kerjaya-2023")))
    booked = client.events("course.enrolled")
    assert 160 < len(booked) < 200 and all(event["currency"] == "MYR" for event in booked)
    for event in booked:
        centre.handle(given("enrolment.decided", hand_made.enrolment_decided(
            event["award_id"], event["enrolment_id"], event["course_id"])))
    told = collections.defaultdict(list)
    for event in client.events("milestone.reached"):
        if event["kind"] == "TRAINING_MONTH":
            told[event["enrolment_id"]].append(event)
    for event in booked:
        months = told[event["enrolment_id"]]
        assert [month["number"] for month in months] == list(range(1, len(months) + 1)) and 1 <= len(months) <= 3
        for month in months:
            begun_on = month_later(event["starts_on"], month["number"] - 1)
            assert month["reached_at"].astimezone(KUALA_LUMPUR).date() == begun_on <= event["ends_on"]
        assert len(months) == 3 or month_later(event["starts_on"], len(months)) > event["ends_on"]


def test_a_refused_course_is_followed_by_one_other_and_no_third():
    centre, client = centre_for([1])
    centre.chance = lambda award, *names: 0.0 if names[0] == "unfit" else 0.5
    centre.handle(given("application.decided", awarded(1, "bina-kerjaya-2023")))
    for attempt in (1, 2):
        event = client.events("course.enrolled")[-1]
        assert event["enrolment_id"].endswith(f"/{attempt}")
        centre.handle(given("enrolment.decided", hand_made.enrolment_decided(
            event["award_id"], event["enrolment_id"], event["course_id"], "REJECTED")))
    assert len(client.events("course.enrolled")) == 2


# -- employers --------------------------------------------------------------------------------------


def portal_for(numbers):
    hires = {f"A-18-{n}": {"employer_no": f"E{n // 4}", "hired_on": datetime.date(2023, 5, 31)} for n in numbers}
    client = Recorder(employer_portal.TABLES)
    return employer_portal.Employers(client, 1, hires), client


def hire(number):
    return awarded(number, "daya-kerjaya-2023", payee={"kind": "EMPLOYER", "ref": f"ref-{number // 4}"})


def test_employers_tell_each_month_that_was_worked_and_when_the_job_ended():
    portal, client = portal_for(range(400))
    for number in range(400):
        portal.handle(given("application.decided", hire(number)))
    milestones = collections.defaultdict(lambda: collections.defaultdict(list))
    for event in client.events("milestone.reached"):
        milestones[event["award_id"]][event["kind"]].append(event)
    too_many = 0
    for award in milestones.values():
        months, ended = [event["number"] for event in award["MONTH_EMPLOYED"]], award["EMPLOYMENT_ENDED"]
        assert months == [event["number"] for event in award["CONTRIBUTION_RECEIVED"]]
        if not ended:
            assert months == [1, 2, 3]
            continue
        last_day = ended[0]["reached_at"].astimezone(KUALA_LUMPUR).date()
        worked = [n for n in (1, 2, 3) if month_later(datetime.date(2023, 5, 31), n) <= last_day]
        assert months in (worked, worked + [len(worked) + 1])
        too_many += months != worked
    assert 20 < sum(bool(award["EMPLOYMENT_ENDED"]) for award in milestones.values()) < 80 and too_many > 3
    # The last day of a month is one that the month has, and nothing is told before the award.
    first = min(event["reached_at"] for event in client.events("milestone.reached") if event["kind"] == "MONTH_EMPLOYED")
    assert month_later(datetime.date(2023, 5, 31), 1) == datetime.date(2023, 6, 30) and first > AWARDED_AT


def test_an_employer_links_one_account_and_another_when_a_payment_failed():
    portal, client = portal_for(range(40))
    for number in range(40):
        portal.handle(given("application.decided", hire(number)))
    linked = collections.Counter(event["payee_ref"] for event in client.events("account.linked"))
    assert set(linked.values()) == {1} and len(linked) in (8, 9, 10)
    failed = {**hand_made.payout_closed(hand_made.award_id(1), outcome="HELD"), "item": "hiring_incentive",
              "reasons": ["ACCT_CURRENCY"], "occurred_at": AWARDED_AT}
    for _ in range(2):  # told twice
        portal.handle(given("payout.closed", failed))
    assert {event["revision"] for event in client.events("account.linked") if event["payee_ref"] == "ref-0"} == {1, 2}
    assert portal.summary()["relinked"] == 1


# -- a gateway of one currency ------------------------------------------------------------------------


def gateway_of(currency):
    shares = dict.fromkeys(("refuse", "silent", "late", "twice", "returned", "lost", "contradict", "wrong_sum", "stray"), 0)
    client = Recorder(gateways.TABLES)
    return gateways.Gateway(client, argparse.Namespace(seed=1, shuffle=False, currency=currency, **shares)), client


def test_a_gateway_takes_its_currency_only_and_answers_only_for_what_it_took():
    gateway, client = gateway_of("MYR")
    rupiah, ringgit = hand_made.payout_requested(1), {**hand_made.payout_requested(2), "currency": "MYR"}
    for event in (rupiah, ringgit):
        gateway.handle(given("payout.requested", event))
    for event in (rupiah, ringgit):
        gateway.handle(given("payout.queried", hand_made.payout_queried(event)))
    assert {event["instruction_id"] for event in client.events("payout.settled")} == {ringgit["instruction_id"]}


def test_the_day_file_has_a_line_for_each_instruction_of_the_day():
    gateway, client = gateway_of(None)
    for number in (1, 2):
        gateway.handle(given("payout.requested", hand_made.payout_requested(number)))
    out = io.StringIO()
    gateways.write_day_file(client.book, "2021-09-20", "IDR", None, out)
    lines = out.getvalue().splitlines()
    assert lines[0] == "instruction_id,end_to_end_id,status,amount,currency,gateway_reference,settled_at" and len(lines) == 3
    number, end_to_end, status, amount, currency, reference, settled_at = lines[1].split(",")
    assert number == f"{end_to_end}-01" and (status, currency) == ("PAID", "IDR") and reference
    assert decimal.Decimal(amount) == 600000 and datetime.datetime.fromisoformat(settled_at)
    other = io.StringIO()
    gateways.write_day_file(client.book, "2021-09-21", None, None, other)
    assert len(other.getvalue().splitlines()) == 1
