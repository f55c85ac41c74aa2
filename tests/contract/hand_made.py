"""Events as the workers would send them, made by hand for the tests of the foreign clients."""
import datetime
import decimal
import uuid

NOTICE_DAY = datetime.date(2021, 8, 24)
NOON = datetime.datetime(2021, 9, 20, 5, 0, tzinfo=datetime.timezone.utc)  # 12:00 in Jakarta


def award_id(number: int, prefix: int = 18) -> uuid.UUID:
    """Version 8, the wave in front, as Kerja makes them."""
    return uuid.UUID(f"{prefix:04x}0000-0000-8000-8000-{number:012x}")


def application_decided(number: int, status: str = "AWARDED", prefix: int = 18, **differences) -> dict:
    return {
        "application_id": f"A-{prefix}-{number}", "award_id": award_id(number, prefix),
        "person_id": uuid.UUID(f"{prefix:08x}-0000-8000-8000-{number:012x}"), "programme": "kartu-prakerja",
        "scheme": "semi-bansos", "wave": 18, "region_code": "32", "status": status, "reasons": [], "sequence": 3,
        "occurred_at": NOON, "decided_at": NOON, "rules_hash": "0" * 16, "decree_no": "SK-18", "language": "id",
        "contact_token": None, "contact_sealed": None, "payee": {"kind": "PARTICIPANT", "ref": "r"},
        "hired_on": None, "notice_day": NOTICE_DAY, "year": 2021, "commitment": decimal.Decimal("3550000.00"), "currency": "IDR",
        **differences}


def enrolment_decided(award: uuid.UUID, enrolment_id: str, course_id: str, status: str = "ACCEPTED") -> dict:
    return {
        "enrolment_id": enrolment_id, "award_id": award, "course_id": course_id, "status": status,
        "reasons": [], "price": None, "training_balance": decimal.Decimal("400000.00"), "currency": "IDR",
        "sequence": 1, "decided_at": NOON, "rules_hash": "0" * 16}


def completion_decided(award: uuid.UUID, enrolment_id: str, course_id: str, status: str, reasons=()) -> dict:
    return {
        "enrolment_id": enrolment_id, "award_id": award, "person_id": award, "programme": "kartu-prakerja",
        "scheme": "semi-bansos", "course_id": course_id, "status": status, "reasons": list(reasons),
        "completed_at": NOON, "certificate_id": None, "first_completion": True, "sequence": 1, "decided_at": NOON,
        "rules_hash": "0" * 16}


def payout_requested(number: int, amount: str = "600000.00", attempt: int = 1, prefix: int = 18) -> dict:
    entitlement = f"{prefix:04x}{number:028x}"
    return {
        "instruction_id": f"{entitlement}-{attempt:02}", "end_to_end_id": entitlement, "attempt": attempt,
        "award_id": award_id(number, prefix), "programme": "kartu-prakerja", "scheme": "semi-bansos",
        "item": "job_search_incentive", "instalment": 1, "instalments": 4, "amount": decimal.Decimal(amount),
        "currency": "IDR", "partner": "OVO", "creditor_name": "Somebody", "creditor_account": "0812000000000000",
        "account_scheme": "WALLET", "debtor": "Kartu Prakerja", "purpose_code": "GOVT",
        "remittance_information": "incentive 1 of 4", "requested_execution_date": NOON.date(),
        "answer_by": NOON + datetime.timedelta(days=1), "requested_at": NOON,
        "envelope_id": "kartu-prakerja/OVO/2021-09-20"}


def payout_queried(request: dict, query: int = 1) -> dict:
    asked_at = request["answer_by"]
    return {
        "instruction_id": request["instruction_id"], "end_to_end_id": request["end_to_end_id"],
        "award_id": request["award_id"], "query": query, "queried_at": asked_at,
        "answer_by": asked_at + datetime.timedelta(days=1)}


def payout_closed(award: uuid.UUID, instalment: int = 1, outcome: str = "PAID") -> dict:
    return {
        "end_to_end_id": award.hex, "entitlement_id": award, "award_id": award, "item": "job_search_incentive",
        "instalment": instalment, "outcome": outcome, "reasons": [], "amount": decimal.Decimal("600000.00"),
        "currency": "IDR", "paid_at": NOON if outcome == "PAID" else None, "attempts": 1, "sequence": 1}


def notification_requested(number: int, text: str, prefix: int = 18) -> dict:
    return {
        "notification_id": uuid.UUID(f"{prefix:08x}-1111-8000-8000-{number:012x}"),
        "award_id": award_id(number, prefix), "programme": "kartu-prakerja", "kind": "RESULT", "language": "id", "channel": "SMS", "to": "+628120000001",
        "text": text, "not_before": None, "not_after": NOON + datetime.timedelta(days=2), "requested_at": NOON}


def registration(number: int, prefix: int = 18, **differences) -> dict:
    """One application.submitted as `kerja synthesize` prints it: Avro's JSON encoding."""
    return {
        "application_id": f"A-{prefix}-{number}", "revision": 1, "programme": "kartu-prakerja", "wave": {"int": 18},
        "submitted_at": 1629250000000000, "country": "ID", "citizenship": "ID",
        "national_id": f"{3200000000000000 + number}", "family_card_no": {"string": f"{3300000000000000 + number}"},
        "name": {"string": f"Person {number}"}, "birth_date": 8000, "region_code": "32.04",
        "msisdn": f"+62812{number:08}", "msisdn_verified_at": {"long": 1629250000000000},
        "email": {"string": f"p{number}@example.org"}, "email_verified_at": None, "language": "id",
        "employment_status": {"string": "JOB_SEEKER"}, "occupation_class": {"string": "NONE"},
        "employment_ended_on": None, "highest_qualification": None, "in_formal_education": {"boolean": False},
        "wants_formal_job": None, "informal_only": None, "covid_affected": {"boolean": True},
        "ability_test_taken_on": None, "declarations": ["STATEMENT_SIGNED"],
        "checks": [{"register": "FACE", "result": "NO_MATCH", "number": None, "text": None,
                    "checked_at": 1629250000000000}],
        "membership": None, "hire": None, "channel": {"string": "web"}, **differences}
