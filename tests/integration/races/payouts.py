"""The race for an account: an instalment falls due in the moment in which its payee links, relinks or unlinks one."""
import datetime
import itertools
import uuid
from decimal import Decimal

from faults import people
from faults.ids import Ids

from .track import Runner, Track

WAVE, SCHEME, YEAR, ITEM = 48, "normal", 2023, "job_search_incentive"
AMOUNT = Decimal("600000.00")
JAKARTA = datetime.timezone(datetime.timedelta(hours=7))
APPROVED_AT = datetime.datetime(2023, 8, 1, 3, tzinfo=datetime.timezone.utc)
DUE_ON = datetime.date(2023, 9, 1)
DUE_AT = datetime.datetime(2023, 9, 1, tzinfo=JAKARTA)
_national_ids = itertools.count(3 * 10**15)


class Payee:
    """`linked`: how many accounts he or she has linked before the race."""

    def __init__(self, ids: Ids, linked: int):
        self.national_id = str(next(_national_ids))
        self.msisdn = f"+62{self.national_id[-10:]}"
        self.person_id = ids.person(self.national_id)
        self.award_id = ids.award(people.PROGRAMME, SCHEME, WAVE, self.person_id)
        self.entitlement_id = ids.entitlement(self.award_id, ITEM, 1, WAVE)
        self.contact_token = ids.token("msisdn", self.msisdn)
        self.revision = 0
        self.linked = linked

    def account_no(self, revision: int) -> str:
        return f"{revision}{self.national_id}"

    def awarded(self, worker: int) -> Runner:
        return Runner(worker, "application.decided", self.award_id, {
            "application_id": self.national_id, "award_id": self.award_id, "person_id": self.person_id,
            "programme": people.PROGRAMME, "scheme": SCHEME, "wave": WAVE, "status": "AWARDED", "sequence": 1,
            "occurred_at": people.DRAWN_AT, "decided_at": people.DRAWN_AT, "rules_hash": "", "decree_no": "SK-1",
            "language": "id", "contact_token": self.contact_token, "notice_day": people.NOTICE_DAY, "year": YEAR,
            "payee": {"kind": "PARTICIPANT", "ref": self.person_id},
            "commitment": Decimal(people.PACKAGE_HUNDREDTHS) / 100, "currency": "IDR"})

    def approved(self, worker: int) -> Runner:
        instalment = {"number": 1, "entitlement_id": self.entitlement_id, "amount": AMOUNT, "due_on": DUE_ON}
        return Runner(worker, "incentive.approved", self.award_id, {
            "approval_id": str(uuid.UUID(self.entitlement_id)), "award_id": self.award_id, "person_id": self.person_id,
            "programme": people.PROGRAMME, "scheme": SCHEME, "item": ITEM, "currency": "IDR", "instalments": [instalment],
            "payee": {"kind": "PARTICIPANT", "ref": self.person_id}, "budget_year": YEAR, "component": "INCENTIVE",
            "approved_at": APPROVED_AT, "approved_by": "kerja-completion", "sequence": 1})

    def links(self, worker: int, unlinked: bool = False) -> Runner:
        """The next revision: another account, or none."""
        self.revision += 1
        account = {"partner": "BNI", "account_no": self.account_no(self.revision), "account_scheme": "BBAN",
                   "holder_national_id": self.national_id, "msisdn": self.msisdn, "kyc_level": "FULL", "active": True}
        if unlinked:
            account = {"partner": "", "account_no": "", "account_scheme": "", "active": False}
        return Runner(worker, "account.linked", self.person_id, {
            "payee_kind": "PARTICIPANT", "payee_ref": self.person_id, "revision": self.revision, "currency": "IDR",
            "linked_at": DUE_AT, "unlinked": unlinked, **account})

    def due(self, worker: int) -> Runner:
        return timer(worker, self.entitlement_id, "PAY", DUE_AT)


def timer(worker: int, subject_id: str, kind: str, due_at: datetime.datetime) -> Runner:
    return Runner(worker, "timer.incentive", subject_id, {"timer_id": subject_id, "subject_id": subject_id, "kind": kind,
                                                          "due_at": due_at, "attempt": 1})


class Accounts:
    """Who had no account links one, others link another, others unlink theirs and link another later."""
    TABLE = "incentive.account"

    def __init__(self, track: Track, ids: Ids, first: int, again: int, away: int):
        self.track = track
        self.first = [Payee(ids, 0) for _ in range(first)]
        self.again = [Payee(ids, 1) for _ in range(again)]
        self.away = [Payee(ids, 1) for _ in range(away)]
        self.payees = self.first + self.again + self.away

    def before(self):
        yield [one.awarded(number) for number, one in enumerate(self.payees)]
        yield [one.approved(number) for number, one in enumerate(self.payees)] + \
              [one.links(number) for number, one in enumerate(self.again + self.away)]

    def at_once(self) -> list[Runner]:
        pairs = [(one.due(number), one.links(number + 1)) for number, one in enumerate(self.first + self.again)]
        pairs += [(one.due(number), one.links(number + 1, unlinked=True)) for number, one in enumerate(self.away)]
        return [runner for pair in pairs for runner in pair]

    def after(self):
        """Links anew whoever is without, and fires what was set to be looked at again."""
        yield [one.links(number) for number, one in enumerate(self.away)]
        due = self.track.query("SELECT subject_id, due_at FROM incentive.timer WHERE kind = 'RETRY' AND fired_at IS NULL "
                               "AND subject_id = ANY(%s)", [one.entitlement_id for one in self.payees])
        yield [timer(number, subject_id, "RETRY", due_at) for number, (subject_id, due_at) in enumerate(due)]

    def violations(self) -> list[str]:
        asked: dict[str, list[dict]] = {}
        for event in self.track.outputs.get("payout.requested", []):
            asked.setdefault(str(event["award_id"]), []).append(event)
        accounts = {ref: rest for ref, *rest in self.track.query(
            "SELECT payee_ref, revision, payout_count, decided_by, waiting FROM incentive.account WHERE payee_ref = ANY(%s)",
            [one.person_id for one in self.payees])}
        found = []
        for one in self.payees:
            attempts = [event["attempt"] for event in asked.get(one.award_id, [])]
            revision, payouts, decided_by, waiting = accounts.get(one.person_id, (0, 0, "", []))
            if attempts != [1]:
                found.append(f"payee {one.national_id} was paid by the attempts {attempts}")
            elif asked[one.award_id][0]["creditor_account"] != one.account_no(self.paid_to(one, decided_by)):
                found.append(f"payee {one.national_id} was not paid to the account linked at that moment")
            if (revision, payouts, waiting) != (one.revision, 1, []):
                found.append(f"account of {one.national_id}: revision {revision} of {one.revision}, {payouts} payouts, "
                             f"{len(waiting)} waiting")
        unbalanced = self.track.query("SELECT to_jsonb(c) FROM incentive_read.ledger_check c")
        return found + [f"ledger {row}" for (row,) in unbalanced if any(value is False for value in row.values())]

    @staticmethod
    def paid_to(one: Payee, decided_by: str) -> int:
        """The revision in force: an account's row says whether a link or a payout was decided about it last."""
        return one.revision if decided_by.startswith("timer.") or one.linked == 0 else one.linked
