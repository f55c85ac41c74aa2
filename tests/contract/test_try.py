"""`kerja try`: made-up cases judged by a programme file, without servers and without any setting."""
import hashlib
import hmac
import json
import re
import subprocess

import pytest

from harness.paths import ROOT, command_program

PROGRAMME = ROOT / "programmes" / "kartu-prakerja.yaml"
CASES = ROOT / "examples" / "cases"
SEED = bytes(range(32))


def run(text, *options, files=(PROGRAMME,), expect=0):
    made = subprocess.run([command_program(), "try", *files, *options], input=text.encode(), capture_output=True,
                          timeout=60, env={})
    assert made.returncode == expect, made.stderr.decode()
    return made.stdout.decode()


def judge(*cases, options=(), expect=0):
    text = "".join(json.dumps(case) + "\n" for case in cases)
    return [json.loads(line) for line in run(text, *options, expect=expect).splitlines()]


# ---- the documented examples, byte by byte

@pytest.mark.parametrize("name", ["fields", "events", "schedules", "draws", "ledgers"])
def test_the_examples_are_answered_to_the_byte(name):
    text = (CASES / f"{name}.jsonl").read_text()
    assert run(text) == (CASES / "answers" / f"{name}.jsonl").read_text()


def test_the_plans_of_all_programmes_are_answered_to_the_byte():
    text = (CASES / "programmes.jsonl").read_text()
    files = sorted((ROOT / "programmes").glob("*.yaml"))
    assert run(text, files=files) == (CASES / "answers" / "programmes.jsonl").read_text()


def test_each_mistake_is_answered_by_a_sentence_and_harms_no_other():
    text = (CASES / "mistakes.jsonl").read_text()
    assert run(text, expect=1) == (CASES / "answers" / "mistakes.jsonl").read_text()


def test_the_manual_tells_the_truth():
    """Each case of docs/try.md is followed by its answer."""
    lines = [line.strip() for line in (ROOT / "docs" / "try.md").read_text().splitlines() if line.startswith('    {"id"')]
    cases, answers = lines[0::2], lines[1::2]
    assert len(cases) == len(answers) >= 5
    assert run("".join(case + "\n" for case in cases)).splitlines() == answers


# ---- bounds: who passes on one side of each, and who does not on the other

WELL = {"wave.open": True, "applicant.age": 30, "application.citizenship": "ID",
        "application.in_formal_education": False, "register.education.listed": False,
        "application.occupation_class": "NONE", "register.occupation.code": "NONE",
        "application.employment_status": "JOB_SEEKER", "check.population": "MATCH", "check.family_card": "MATCH",
        "check.face": "MATCH", "application.email_verified_at": "2023-03-17T02:00:00Z",
        "application.msisdn_verified_at": "2023-03-17T02:00:00Z", "person.other_applications": 0,
        "register.dtks.listed": False, "register.pkh.listed": False, "register.bsu.listed": False,
        "register.bpum.listed": False,
        "application.ability_test_taken_on": "2024-01-05"}
ABSENT = {"absent": True}
PAYABLE = {"payment.item": "survey_incentive", "survey.number": 2, "survey.answered_on": "2021-10-20",
           "survey.days_to_answer": 30, "survey.earlier_unanswered": 0, "award.instalment_1_paid_on": "2021-09-25",
           "award.revoked": False, "award.holds": [], "award.decree_no": "1/2021", "programme.paused": False,
           "payment.payee_kind": "PARTICIPANT", "payment.amount": "50000.00",
           "account.linked_at": "2021-09-01T00:00:00Z", "account.active": True, "account.currency": "IDR",
           "account.headroom": "100000.00", "account.headroom_after": "0.00", "account.persons": 1,
           "account.kyc_level": "FULL", "account.holder_is_participant": True,
           "account.phone_is_participants": True, "account.partner": "OVO"}
BUYING = {"award.revoked": False, "award.intro_videos": 3, "award.account_linked_on": "2023-03-20",
          "purchase.days_since_notice": 14, "award.purchases": 0, "award.previous_training_done": True,
          "purchase.balance_after": "0.00", "purchase.days_since_first_training": ABSENT}

BOUNDS = [
    # wave, phase, values that differ, verdict, reasons
    (47, "APPLY", {"applicant.age": 18}, "PASS", []),
    (47, "APPLY", {"applicant.age": 17}, "REJECT", ["AGE_BELOW_MIN"]),
    (47, "APPLY", {"applicant.age": 99}, "PASS", []),
    (48, "APPLY", {"applicant.age": 18}, "PASS", []),
    (48, "APPLY", {"applicant.age": 17}, "REJECT", ["AGE_OUT_OF_RANGE"]),
    (48, "APPLY", {"applicant.age": 64}, "PASS", []),
    (48, "APPLY", {"applicant.age": 65}, "REJECT", ["AGE_OUT_OF_RANGE"]),
    (50, "APPLY", {"application.citizenship": "MY"}, "REJECT", ["ID_NOT_CITIZEN"]),
    (50, "APPLY", {"register.occupation.code": "TNI"}, "REJECT", ["OCC_EXCLUDED"]),
    (50, "APPLY", {"register.occupation.code": "TNI", "application.occupation_class": "ASN"}, "REJECT", ["OCC_EXCLUDED"]),
    (50, "APPLY", {"check.face": "MISMATCH"}, "HOLD", ["ID_FACE_MISMATCH"]),
    (50, "APPLY", {"check.face": "MISMATCH", "applicant.age": 65}, "REJECT", ["AGE_OUT_OF_RANGE", "ID_FACE_MISMATCH"]),
    (50, "APPLY", {"check.face": None}, "HOLD", ["REGISTRY_UNAVAILABLE"]),
    (50, "APPLY", {"check.face": None, "applicant.age": 65}, "REJECT", ["AGE_OUT_OF_RANGE"]),
    (50, "APPLY", {"applicant.age": None}, "HOLD", ["REGISTRY_UNAVAILABLE"]),
    (50, "APPLY", {"application.email_verified_at": ABSENT}, "HOLD", ["CONTACT_EMAIL_UNVERIFIED"]),
    (62, "APPLY", {"application.ability_test_taken_on": ABSENT}, "PASS", []),
    (63, "APPLY", {"application.ability_test_taken_on": ABSENT}, "HOLD", ["TEST_NOT_TAKEN"]),
    (11, "APPLY", {"register.dtks.listed": True}, "PASS", []),
    (12, "APPLY", {"register.dtks.listed": True}, "REJECT", ["OTHER_AID_RECIPIENT"]),
    (48, "APPLY", {"register.dtks.listed": True}, "PASS", []),
    (50, "PURCHASE", {}, "PASS", []),
    (50, "PURCHASE", {"purchase.days_since_notice": 15}, "REVOKE", ["FIRST_TRAINING_LATE"]),
    (18, "PURCHASE", {"purchase.days_since_notice": 29, "purchase.day": "2021-11-30"}, "PASS", []),
    (18, "PURCHASE", {"purchase.days_since_notice": 30, "purchase.day": "2021-11-30"}, "REVOKE", ["FIRST_TRAINING_LATE"]),
    (18, "PURCHASE", {"award.purchases": 1, "purchase.day": "2021-12-01"}, "REJECT", ["PROGRAMME_YEAR_CLOSED"]),
    (50, "PURCHASE", {"award.purchases": 1, "purchase.days_since_first_training": 15}, "PASS", []),
    (50, "PURCHASE", {"award.purchases": 1, "purchase.days_since_first_training": 16}, "EXPIRE_ITEM",
     ["NEXT_TRAINING_LATE"]),
    (50, "PURCHASE", {"purchase.balance_after": "-0.01"}, "REJECT", ["BALANCE_INSUFFICIENT"]),
    (50, "PURCHASE", {"award.intro_videos": 2}, "HOLD", ["INTRO_NOT_WATCHED"]),
    (18, "PAY", {}, "PASS", []),
    (18, "PAY", {"survey.days_to_answer": 31}, "EXPIRE_ITEM", ["SURVEY_LATE"]),
    (18, "PAY", {"account.headroom_after": "-0.01"}, "RETRY", ["WALLET_LIMIT_EXCEEDED"]),
    (18, "PAY", {"account.headroom": ABSENT, "account.headroom_after": ABSENT}, "PASS", []),
    (18, "PAY", {"award.holds": ["AUDIT_FINDING"]}, "HOLD", ["AUDIT_FINDING"]),
    (18, "PAY", {"award.holds": ["AUDIT_FINDING"], "award.revoked": True}, "REJECT", ["AUDIT_FINDING", "AWARD_REVOKED"]),
    (18, "PAY", {"account.linked_at": ABSENT}, "HOLD", ["ACCT_NOT_LINKED"]),
    (18, "PAY", {"account.linked_at": None}, "HOLD", ["ACCT_NOT_LINKED"]),
]
DAYS = {"APPLY": "2023-03-18", "PURCHASE": "2021-11-01", "PAY": "2021-10-20"}
USUAL = {"APPLY": WELL, "PURCHASE": BUYING, "PAY": PAYABLE}


def case_of(wave, phase, values):
    return {"wave": wave, "phase": phase, "day": DAYS[phase], "fields": {**USUAL[phase], **values}}


@pytest.mark.parametrize("wave,phase,values,verdict,reasons", BOUNDS)
def test_both_sides_of_a_bound(wave, phase, values, verdict, reasons):
    answer, = judge(case_of(wave, phase, values))
    assert (answer["verdict"], answer["reasons"]) == (verdict, reasons)


def test_a_partner_counts_from_its_day_on():
    before, after = judge({**case_of(18, "PAY", {"account.partner": "DANA"}), "day": "2020-10-13"},
                          {**case_of(18, "PAY", {"account.partner": "DANA"}), "day": "2020-10-14"})
    assert (before["verdict"], after["verdict"]) == ("HOLD", "PASS")


def test_what_is_unknown_is_named_and_what_fails_is_explained():
    answer, = judge(case_of(50, "APPLY", {"check.face": None, "applicant.age": 65}))
    assert answer["unknown"] == ["check.face"]
    assert answer["explanation"][0] == \
        "Condition 5 is not met. Required: age on the day of the application is from 18 to 64 years. " \
        "Found: 65 years, 1 year above the limit. Therefore: refused (AGE_OUT_OF_RANGE)."
    assert {"number": 5, "result": "FAIL", "field": "applicant.age", "value": 65} in answer["conditions"]


def test_a_text_is_never_shown():
    answer, = judge(case_of(18, "PAY", {"award.decree_no": "secret 7"}))
    assert "secret" not in json.dumps(answer)


# ---- what is derived

BOUGHT = {"wave": 18, "phase": "PURCHASE", "event": {"enrolled_at": "2021-09-01T03:00:00Z", "price": "500000.00"}}
AWARD = {"training_granted": "500000.00", "notice_day": "2021-08-23", "purchase_from": "2021-08-23", "intro_videos": 7,
         "account_linked_on": "2021-08-25"}
COURSE = {"mode": "ONLINE", "price": "500000.00", "verdicts": [{"effect": "PASS"}]}


@pytest.mark.parametrize("award,course,verdict,reasons", [
    ({}, {}, "PASS", []),
    ({"training_granted": "499999.99"}, {}, "REJECT", ["BALANCE_INSUFFICIENT"]),
    ({"purchase_from": "2021-08-03", "notice_day": "2021-08-03"}, {}, "PASS", []),
    ({"purchase_from": "2021-08-02", "notice_day": "2021-08-02"}, {}, "REVOKE", ["FIRST_TRAINING_LATE"]),
    ({"intro_videos": 3}, {}, "HOLD", ["INTRO_NOT_WATCHED"]),
    ({}, {"verdicts": []}, "REJECT", ["COURSE_NOT_OFFERED"]),
    ({}, {"price": "499999.99"}, "REJECT", ["PRICE_ABOVE_LISTED"]),
    ({}, {"verdicts": [{"effect": "REJECT", "reasons": ["PROV_HOURS_SHORT"]}]}, "REJECT", ["PROV_HOURS_SHORT"]),
])
def test_a_purchase_is_derived_from_its_rows(award, course, verdict, reasons):
    answer, = judge({**BOUGHT, "facts": {"award": {**AWARD, **award}, "course": {**COURSE, **course}}})
    assert (answer["verdict"], answer["reasons"]) == (verdict, reasons)


def test_a_row_that_is_not_named_is_not_known_and_nothing_is_concluded_from_it():
    answer, = judge({**BOUGHT, "facts": {"award": AWARD}})
    assert (answer["verdict"], answer["reasons"], answer["unknown"]) == ("PASS", [], [])
    answer, = judge(BOUGHT)
    assert answer["verdict"] == "HOLD" and "award.revoked" in answer["unknown"]


@pytest.mark.parametrize("person,known", [({}, False), ({"person": []}, True), ({"person": {}}, True)])
def test_nobody_known_is_not_the_same_as_not_known(person, known):
    answer, = judge({"wave": 50, "phase": "SELECT", "day": "2023-03-18", "event": {}, "facts": person})
    assert ("person.awards_in_programme" not in answer["unknown"]) is known


@pytest.mark.parametrize("awards,verdict,reasons", [(1, "PASS", []), (2, "REJECT", ["FAMILY_CARD_LIMIT"])])
def test_a_drawn_application_is_judged_by_the_awards_of_its_card(awards, verdict, reasons):
    application = {"application_id": "A1", "wave": 50, "status": "POOLED",
                   "family_card_id": "00000000-0000-8000-8000-0000000000aa"}
    answer, = judge({"wave": 50, "phase": "SELECT", "event": {"outcome": "SELECTED", "application_id": "A1",
                                                              "drawn_at": "2023-03-20T00:00:00Z",
                                                              "notice_day": "2023-03-20"},
                     "facts": {"application": application, "person": {},
                               "register_snapshot": [{"register": "BLACKLIST"}],
                               "family_card": {"awards": [{"programme": "kartu-prakerja"}] * awards}}})
    assert (answer["verdict"], answer["reasons"]) == (verdict, reasons)


def test_an_unknown_field_wins_over_what_the_event_says():
    answer, = judge({"wave": 50, "phase": "APPLY", "day": "2023-03-18", "event": {"birth_date": "1950-01-01"},
                     "fields": {"applicant.age": None}})
    assert "applicant.age" in answer["unknown"] and "AGE_OUT_OF_RANGE" not in answer["reasons"]


# ---- how it runs

def test_answers_come_in_the_order_of_the_cases_and_stay_the_same():
    lines = (CASES / "fields.jsonl").read_text().splitlines(keepends=True)
    answers = dict(zip(lines, run("".join(lines)).splitlines(), strict=True))
    mixed = lines[::-1] + lines
    assert run("".join(mixed)).splitlines() == [answers[line] for line in mixed]


def test_an_answer_comes_before_the_next_case():
    with subprocess.Popen([command_program(), "try", PROGRAMME], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          env={}) as trying:
        for number in range(3):
            trying.stdin.write(json.dumps({"id": number, **case_of(50, "APPLY", {})}).encode() + b"\n")
            trying.stdin.flush()
            assert json.loads(trying.stdout.readline())["id"] == number
        trying.stdin.close()


def test_blank_lines_are_no_cases_but_count_as_lines():
    assert run("\n\r\n[]\n", expect=1).splitlines() == \
        ['{"id":null,"error":"line 3: expected a case, an object with id, phase and more"}']


@pytest.mark.parametrize("identity", [7, "x", None, {"a": [1]}, "\u00e9\u4e16"])
def test_any_id_comes_back(identity):
    answer, = judge({"id": identity, **case_of(50, "APPLY", {})})
    assert answer["id"] == identity


def test_reasons_are_told_in_the_language_asked_for():
    english, = judge(case_of(50, "APPLY", {"applicant.age": 65}))
    indonesian, = judge(case_of(50, "APPLY", {"applicant.age": 65}), options=("--language", "id"))
    assert english["reasons"] == indonesian["reasons"]
    assert english["explanation"][-1] != indonesian["explanation"][-1]


def test_the_speed_is_told_beside_the_answers():
    made = subprocess.run([command_program(), "try", PROGRAMME, "--speed"], capture_output=True, env={},
                          input=json.dumps(case_of(50, "APPLY", {})).encode() + b"\n", check=True, timeout=60)
    assert re.fullmatch(rb"1 cases in \d+\.\d{3} s: \d+ a second\n", made.stderr)
    assert made.stdout.count(b"\n") == 1


def test_a_draft_is_tried_beside_the_programme_in_force(tmp_path):
    draft = tmp_path / "draft.yaml"
    text = PROGRAMME.read_text()
    changed = text.replace("value: [18, 64]", "value: [18, 60]").replace("programme: kartu-prakerja", "programme: draft", 1)
    assert changed.count("value: [18, 60]") == 1
    draft.write_text(changed)
    case = case_of(50, "APPLY", {"applicant.age": 61})
    lines = "".join(json.dumps({"programme": name, **case}) + "\n" for name in ("kartu-prakerja", "draft"))
    answers = [json.loads(line) for line in run(lines, files=(PROGRAMME, draft)).splitlines()]
    assert [answer["verdict"] for answer in answers] == ["PASS", "REJECT"]


def test_a_file_with_a_fault_is_told_by_line(tmp_path):
    draft = tmp_path / "draft.yaml"
    draft.write_text(PROGRAMME.read_text().replace("field: applicant.age", "field: applicant.height", 1))
    made = subprocess.run([command_program(), "try", draft], input=b"", capture_output=True, timeout=60, env={})
    assert made.returncode == 1 and re.search(rb"draft\.yaml:\d+:\d+: ", made.stderr)


def test_one_programme_in_two_files_is_refused():
    made = subprocess.run([command_program(), "try", PROGRAMME, PROGRAMME], input=b"", capture_output=True, timeout=60,
                          env={})
    assert made.returncode == 1 and b"another file has" in made.stderr


# ---- a draw, against an implementation of its own

def walk(pool, seats, limit):
    def digest(one):
        return hmac.new(SEED, one["application_id"].encode(), hashlib.sha256).digest()[:8]
    cards, taken, drawn = {}, 0, []
    for one in sorted(pool, key=lambda one: (digest(one), one["application_id"])):
        card = one.get("family_card")
        cards.setdefault(card, one.get("family_card_awards", 0))
        selected = taken < seats and (card is None or cards[card] < limit)
        taken += selected
        cards[card] += selected
        drawn.append((one["application_id"], digest(one).hex(), selected))
    return drawn


def test_a_draw_of_a_thousand_is_the_one_that_anybody_can_repeat():
    pool = [{"application_id": f"A-{n:04}", "priorities": ["PRIO_COVID"], **({"family_card": f"F-{n % 90}",
             "family_card_awards": n % 90 % 3} if n % 4 else {})} for n in range(1000)]
    answer, = judge({"wave": 18, "phase": "DRAW", "seed": SEED.hex(), "seats": 100, "pool": pool})
    assert [(one["application_id"], one["digest"], one["selected"]) for one in answer["list"]] == walk(pool, 100, 2)
    assert (answer["pooled"], answer["selected"]) == (1000, 100)
    assert answer["seed_sha256"] == hashlib.sha256(SEED).hexdigest()


def test_a_draw_is_the_same_whatever_the_order_of_the_pool():
    pool = [{"application_id": f"A-{n}"} for n in range(50)]
    one, other = judge(*({"wave": 18, "phase": "DRAW", "seed": SEED.hex(), "seats": 9, "pool": order}
                         for order in (pool, pool[::-1])))
    assert one == other


def test_the_totals_of_a_ledger_add_to_nothing():
    for answer in map(json.loads, (CASES / "answers" / "ledgers.jsonl").read_text().splitlines()):
        assert sum(round(float(amount) * 100) for amount in answer["totals"].values()) == 0
