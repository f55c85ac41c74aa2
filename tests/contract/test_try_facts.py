"""The rules as they were published, asked case by case through `kerja try`: days at the ends of their spans, months that
lack a day, ages and midnights, what is derived and what is not asked. The expectations are written from the published
text (programmes/facts.json and its sources), not from an answer."""
import json
import subprocess

import pytest

from contract.programme_files import PATHS
from harness.paths import command_program

PRAKERJA, VOKASI, DAYA, TVET, BINA = \
    "kartu-prakerja", "vokasi-indonesia-pekerja", "daya-kerjaya", "daya-kerjaya-tvet", "bina-kerjaya"


def answers(cases) -> list[dict]:
    made = subprocess.run([command_program(), "try", *PATHS], text=True, capture_output=True, timeout=60, env={},
                          input="".join(json.dumps(case) + "\n" for case in cases))
    assert made.returncode == 0, made.stdout[-2000:]
    return [json.loads(line) for line in made.stdout.splitlines()]


# Plans: the days on which money is due, counted from the start, never from the instalment before.

def plan(programme, item, dues, **case):
    return {"programme": programme, "phase": "SCHEDULE", **({"item": item} if item else {}), **case}, dues


def started(completed, rated, linked):
    return {"completion.day": completed, "review.rated_on": rated, "award.account_linked_on": linked}


def course(starts_on, ends_on):
    return {"day": "2023-05-02", "event": {"starts_on": starts_on, "ends_on": ends_on}}


PLANS = {
    "a start on the 31st": plan(PRAKERJA, "job_search_incentive", ["2021-01-31", "2021-02-28", "2021-03-31", "2021-04-30"],
                                wave=12, fields=started("2021-01-10", "2021-01-31", "2020-12-01")),
    "the account is linked last": plan(PRAKERJA, "job_search_incentive", ["2022-08-31", "2022-09-30", "2022-10-31", "2022-11-30"],
                                       wave=30, fields=started("2022-08-01", "2022-08-02", "2022-08-31")),
    "the normal scheme pays once": plan(PRAKERJA, "job_search_incentive", ["2023-05-20"], wave=50,
                                        fields=started("2023-05-20", "2023-05-19", "2023-03-20")),
    "a survey answered after the first instalment": plan(
        PRAKERJA, "survey_incentive", ["2021-10-20"], wave=18, instalment=2,
        fields={"survey.answered_on": "2021-10-20", "award.instalment_1_paid_on": "2021-10-01"}),
    "a survey answered before it": plan(
        PRAKERJA, "survey_incentive", ["2021-10-21"], wave=18, instalment=1,
        fields={"survey.answered_on": "2021-10-20", "award.instalment_1_paid_on": "2021-10-21"}),
    "hired on the last day of a year": plan(DAYA, None, ["2024-01-31", "2024-02-29", "2024-03-31"], scheme="daya-kerjaya-2023",
                                            fields={"hire.hired_on": "2023-12-31"}),
    "hired on 29 February, six months": plan(
        DAYA, None, ["2024-03-29", "2024-04-29", "2024-05-29", "2024-06-29", "2024-07-29", "2024-08-29"],
        scheme="daya-kerjaya-2024", fields={"hire.hired_on": "2024-02-29"}),
    "a course ends within its third month": plan(BINA, "training_allowance", ["2023-06-01", "2023-07-01", "2023-07-20"],
                                                 **course("2023-05-01", "2023-07-20")),
    "a course of a day": plan(BINA, "training_allowance", ["2023-05-01"], **course("2023-05-01", "2023-05-01")),
    "a course of five months, three are paid": plan(BINA, "training_allowance", ["2023-06-15", "2023-07-15", "2023-08-15"],
                                                    **course("2023-05-15", "2023-10-01")),
    "the second month begins on the last day": plan(BINA, "training_allowance", ["2023-02-28", "2023-02-28"],
                                                    **course("2023-01-31", "2023-02-28")),
    "the second month does not begin": plan(BINA, "training_allowance", ["2023-02-27"], **course("2023-01-31", "2023-02-27")),
}


def test_money_is_due_on_the_published_days():
    said = answers(case for case, _ in PLANS.values())
    assert {name: [one["due_on"] for one in answer["money"]] for name, answer in zip(PLANS, said, strict=True)} == \
        {name: dues for name, (_, dues) in PLANS.items()}


def test_money_comes_within_the_promised_days():
    """Five working days from a Friday, a Monday, a Wednesday and a New Year's Saturday; fourteen days for a survey."""
    work, survey = answers([
        {"programme": PRAKERJA, "wave": 18, "phase": "SCHEDULE", "item": "job_search_incentive",
         "fields": started("2021-10-01", "2021-10-01", "2021-09-01")},
        {"programme": PRAKERJA, "wave": 18, "phase": "SCHEDULE", "item": "survey_incentive", "instalment": 2,
         "fields": {"survey.answered_on": "2021-10-20", "award.instalment_1_paid_on": "2021-10-01"}}])
    assert [one["pay_by"] for one in work["money"]] == ["2021-10-08", "2021-11-08", "2021-12-08", "2022-01-07"]
    assert [one["pay_by"] for one in survey["money"]] == ["2021-11-03"]


@pytest.mark.parametrize("scheme,amounts", [("daya-kerjaya-2023", ["600.00"] * 3), ("daya-kerjaya-2024", ["1500.00"] * 6),
                                            ("daya-kerjaya-2025", ["600.00"] * 3)])
def test_each_version_pays_its_own_amount(scheme, amounts):
    said, = answers([{"programme": DAYA, "scheme": scheme, "phase": "SCHEDULE", "fields": {"hire.hired_on": "2025-01-15"}}])
    assert [one["amount"] for one in said["money"]] == amounts


def test_what_is_not_known_is_never_paid():
    said, = answers([{"programme": VOKASI, "day": "2020-03-01", "phase": "SCHEDULE", "fields": {"completion.day": "2020-05-01"}}])
    assert said["verdict"] == "HOLD" and "AMOUNT_UNKNOWN" in said["reasons"]
    assert all(one["amount"] is None for one in said["money"])


# Values that are derived from an event.

def applied(programme, at, **event):
    return {"programme": programme, "phase": "EMPLOYER" if "hire" in event else "APPLY", "event": {"submitted_at": at, **event}}


def in_wave(wave, at, **event):
    return {"programme": PRAKERJA, "phase": "APPLY", "wave": wave, "event": {"submitted_at": at, **event}}


def provider(**said):
    return {"programme": BINA, "phase": "PROVIDER", "day": "2023-05-02", "event": {
        "valid_from": "2023-05-01", "mode": "CLASSROOM", **{key: said.pop(key) for key in list(said) if key.endswith("_minutes")},
        "provider": {"operating_since": "2022-05-30", "applied_on": "2023-05-30", "registered_on": "2022-12-31",
                     "contribution_months": 12, **said}}}


MEMBER = {"category": "PU_LAID_OFF", "contribution_months": 12}
HIRE = {"employer_no": "E", "employer_type": "PRIVATE", "hired_on": "2023-05-02", "monthly_wage": "1500.00", "currency": "MYR"}
LEAP = {"birth_date": "2004-02-29"}  # has the birthday on 1 March in common years

VALUES = {
    "seventeen on 28 February": (in_wave(30, "2022-02-28T03:00:00Z", **LEAP), "applicant.age", 17),
    "seventeen an instant before midnight in Jakarta": (in_wave(30, "2022-02-28T16:59:59.999999Z", **LEAP), "applicant.age", 17),
    "eighteen from midnight in Jakarta": (in_wave(30, "2022-02-28T17:00:00Z", **LEAP), "applicant.age", 18),
    "wave 5 an instant before noon": (in_wave(5, "2020-08-23T04:59:59.999999Z"), "wave.open", True),
    "wave 5 at noon": (in_wave(5, "2020-08-23T05:00:00Z"), "wave.open", False),
    "wave 21 the evening before": (in_wave(21, "2021-09-15T16:59:59Z"), "wave.open", False),
    "wave 21 from midnight": (in_wave(21, "2021-09-15T17:00:00Z"), "wave.open", True),
    "wave 21 to the end of its last day": (in_wave(21, "2021-09-19T16:59:59Z"), "wave.open", True),
    "wave 21 after it": (in_wave(21, "2021-09-19T17:00:00Z"), "wave.open", False),
    "a month full from a 31st": (applied(VOKASI, "2019-11-30T03:00:00Z", employment_ended_on="2019-10-31", membership=MEMBER),
                                 "member.full_months_since_employment", 1),
    "a day before": (applied(VOKASI, "2019-11-29T03:00:00Z", employment_ended_on="2019-10-31", membership=MEMBER),
                     "member.full_months_since_employment", 0),
    "twenty-four months to the day": (applied(VOKASI, "2019-11-30T03:00:00Z", employment_ended_on="2017-11-30", membership=MEMBER),
                                      "member.months_begun_since_employment", 24),
    "a day more": (applied(VOKASI, "2019-12-01T03:00:00Z", employment_ended_on="2017-11-30", membership=MEMBER),
                   "member.months_begun_since_employment", 25),
    "six months without formal work": (applied(BINA, "2023-05-30T03:00:00Z",
                                               membership={**MEMBER, "last_formal_contribution_on": "2022-11-30"}),
                                       "member.months_since_formal_contribution", 6),
    "a day less": (applied(BINA, "2023-05-29T03:00:00Z", membership={**MEMBER, "last_formal_contribution_on": "2022-11-30"}),
                   "member.months_since_formal_contribution", 5),
    "two months without work, over a short February": (
        applied(DAYA, "2023-06-15T03:00:00Z", hire={**HIRE, "hired_on": "2023-02-28", "unemployed_since": "2022-12-31"}),
        "hire.months_unemployed", 2),
    "the day counts before the number": (
        applied(DAYA, "2023-06-15T03:00:00Z", hire={**HIRE, "unemployed_since": "2023-03-15", "months_unemployed_before": 9}),
        "hire.months_unemployed", 1),
    "the number where there is no day": (applied(DAYA, "2023-06-15T03:00:00Z", hire={**HIRE, "months_unemployed_before": 9}),
                                         "hire.months_unemployed", 9),
    "one claim, one worker": (applied(DAYA, "2023-06-15T03:00:00Z", hire={**HIRE, "headcount": 1}), "employer.excess_claims", 0),
    "one claim, no worker": (applied(DAYA, "2023-06-15T03:00:00Z", hire={**HIRE, "headcount": 0}), "employer.excess_claims", 1),
    "forty on the day of hire": (applied(TVET, "2023-06-15T03:00:00Z", birth_date="1982-05-03", hire=HIRE), "hire.age", 40),
    "a year of operation by the day of application": (provider(), "provider.months_operating", 12),
    "a day less of operation": (provider(operating_since="2022-05-31"), "provider.months_operating", 11),
}


def test_values_are_derived_as_published():
    said = answers(case for case, _, _ in VALUES.values())
    seen = {name: {one["field"]: one["value"] for one in answer["conditions"]} for name, answer in zip(VALUES, said, strict=True)}
    assert {name: seen[name].get(field) for name, (_, field, _) in VALUES.items()} == \
        {name: value for name, (_, _, value) in VALUES.items()}


# Which condition judges what.

RESULTS = {
    "29 February 2020 is of the version of 2019: forty-one is too old": (
        applied(VOKASI, "2020-02-29T16:59:59Z", birth_date="1979-02-28"), 104, "FAIL"),
    "from midnight it is of 2020: forty-one is not": (
        applied(VOKASI, "2020-02-29T17:00:00Z", birth_date="1979-02-28"), 108, "PASS"),
    "fifty, a day before the birthday": (applied(VOKASI, "2020-06-01T03:00:00Z", birth_date="1969-06-02"), 108, "PASS"),
    "fifty-one on it": (applied(VOKASI, "2020-06-01T03:00:00Z", birth_date="1969-06-01"), 108, "FAIL"),
    "no wage floor is known, so none is asked": (
        applied(VOKASI, "2019-12-01T03:00:00Z", membership={**MEMBER, "reported_wage": "1.00"}), 100, "NOT_APPLICABLE"),
    "savings not withdrawn": (applied(VOKASI, "2019-12-01T03:00:00Z", membership=MEMBER), 105, "PASS"),
    "savings withdrawn": (applied(VOKASI, "2019-12-01T03:00:00Z",
                                  membership={**MEMBER, "savings_withdrawn_on": "2019-10-01"}), 105, "FAIL"),
    "self-employed member before April: informal work is not asked": (
        applied(BINA, "2023-05-29T03:00:00Z", membership={**MEMBER, "self_employed_member_since": "2023-03-31"}),
        199, "NOT_APPLICABLE"),
    "from April on it is": (
        applied(BINA, "2023-05-29T03:00:00Z", membership={**MEMBER, "self_employed_member_since": "2023-04-01"}), 199, "UNKNOWN"),
    "SPM": (applied(BINA, "2023-05-29T03:00:00Z", highest_qualification="SPM"), 197, "PASS"),
    "above SPM": (applied(BINA, "2023-05-29T03:00:00Z", highest_qualification="STPM"), 197, "FAIL"),
    "the last local day": (applied(BINA, "2023-12-31T15:59:59Z"), 201, "PASS"),
    "the day after": (applied(BINA, "2023-12-31T16:00:00Z"), 201, "FAIL"),
    "registered in 2022": (provider(contribution_exempt=False), 207, "PASS"),
    "registered in 2023": (provider(contribution_exempt=False, registered_on="2023-01-01"), 207, "FAIL"),
    "exempt": (provider(contribution_exempt=True, registered_on="2023-01-01"), 207, "NOT_APPLICABLE"),
    "applied on 31 May": (provider(applied_on="2023-05-31"), 211, "PASS"),
    "applied on 1 June": (provider(applied_on="2023-06-01"), 211, "FAIL"),
    "forty hours": (provider(synchronous_minutes=2000, video_minutes=400), 215, "PASS"),
    "a minute less": (provider(synchronous_minutes=2000, video_minutes=399), 215, "FAIL"),
}


def test_conditions_judge_as_published():
    said = answers(case for case, _, _ in RESULTS.values())
    found = {name: {one["number"]: one["result"] for one in answer["conditions"]} for name, answer in zip(RESULTS, said, strict=True)}
    assert {name: found[name].get(number) for name, (_, number, _) in RESULTS.items()} == \
        {name: result for name, (_, _, result) in RESULTS.items()}
