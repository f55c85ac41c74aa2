"""What officers, registers and payees do to awards while the wave runs: a fixed share of the awarded meets each."""
import collections
import datetime
import random

from faults import people
from faults.findings import query
from faults.ids import Ids
from faults.people import Applicant, Record

SCHEME = "normal"
REQUESTED_BY, APPROVED_BY = "siti", "budi"  # what moves money or lifts a hold takes two officers
HELD, LISTED, REVOKED = 0.06, 0.04, 0.03  # shares of the awarded
HOLD_REASON, REGISTER = "FRAUD_SUSPECTED", "BLACKLIST"
REFUSED = "PROVIDER_REJECTED"


def at(month: int, day: int) -> datetime.datetime:
    return datetime.datetime(2023, month, day, 3, tzinfo=datetime.timezone.utc)


class Office:
    def __init__(self, servers, applicants: list[Applicant], seed: int):
        self.servers, self.ids = servers, Ids(servers)
        self._numbers = collections.Counter()  # of commands, by award
        chance = random.Random(seed + 2)
        awarded = [one for one in applicants if one.status == "AWARDED"]
        share = lambda part: [one for one in awarded if chance.random() < part]
        self.held, self.listed, self.revoked = share(HELD), share(LISTED), share(REVOKED)
        self.undecreed = [one for one in awarded if not one.decreed]
        self._payees = {self.person_id(one): one for one in applicants}

    def person_id(self, one: Applicant) -> str:
        return self.ids.person(people.national_id(one.number))

    def award_id(self, one: Applicant) -> str:
        return self.ids.award(people.PROGRAMME, SCHEME, people.WAVE, self.person_id(one))

    def _change(self, one: Applicant, change: str, when: datetime.datetime, reason: str, **more) -> Record:
        award_id = self.award_id(one)
        self._numbers[award_id] += 1
        event = {"award_id": award_id, "programme": people.PROGRAMME, "scheme": SCHEME, "change": change, "reason": reason,
                 "by": "OFFICER", "currency": "IDR", "occurred_at": when, "sequence": self._numbers[award_id],
                 "requested_by": REQUESTED_BY, "approved_by": None if change == "HELD" else APPROVED_BY, **more}
        return Record("award.changed", award_id, event, f"{award_id}/officer/{self._numbers[award_id]}")

    def _register(self, one: Applicant, listed: bool, when: datetime.datetime) -> Record:
        person_id = self.person_id(one)
        event = {"register": REGISTER, "snapshot": f"{when:%Y-%m}", "person_id": person_id, "listed": listed, "number": None,
                 "valid_from": people.LOADED_AT.date(), "loaded_at": when}
        return Record("register.listed", person_id, event, f"{person_id}/{REGISTER}/{when:%Y-%m}")

    # The parts of the wave.

    def hold(self) -> list[Record]:
        """Before most of them are awarded: the word waits for the award."""
        return [self._change(one, "HELD", people.DRAWN_AT, HOLD_REASON) for one in self.held]

    def release_some_list_some(self) -> list[Record]:
        records = [self._change(one, "RELEASED", at(7, 27), HOLD_REASON) for one in self.held[::2]]
        records += [self._change(one, "DECREED", at(7, 27), "", decree_no=people.DECREE) for one in self.undecreed]
        return records + [self._register(one, True, at(7, 27)) for one in self.listed]

    def release_the_rest_revoke_some(self) -> list[Record]:
        records = [self._change(one, "RELEASED", at(8, 27), HOLD_REASON) for one in self.held[1::2]]
        records += [self._change(one, "REVOKED", at(8, 27), HOLD_REASON) for one in self.revoked]
        return records + [self._register(one, False, at(8, 27)) for one in self.listed[::2]] + self.link_again(at(8, 27))

    def reinstate_some(self) -> list[Record]:
        records = [self._change(one, "REINSTATED", at(9, 27), HOLD_REASON) for one in self.revoked[::2]]
        return records + self.link_again(at(9, 27))

    def link_again(self, when: datetime.datetime) -> list[Record]:
        """Whoever a gateway refused links another account."""
        refused = query(self.servers, "SELECT DISTINCT a.payee_kind, a.payee_ref, a.revision FROM incentive.account a "
                        "JOIN incentive.entitlement e USING (payee_kind, payee_ref) "
                        "WHERE e.status = 'HELD' AND %s = ANY(e.reasons)", REFUSED)
        return [self._link(kind, ref, revision + 1, when) for kind, ref, revision in refused]

    def _link(self, kind: str, ref: str, revision: int, when: datetime.datetime) -> Record:
        event = {"payee_kind": kind, "payee_ref": ref, "revision": revision, "partner": "BNI", "account_scheme": "BBAN",
                 "account_no": f"{revision}{self.ids.token('account', ref)[:8]}", "active": True, "currency": "IDR",
                 "linked_at": when}
        if kind == "PARTICIPANT":
            number = self._payees[ref].number
            event |= {"holder_national_id": people.national_id(number), "msisdn": people.msisdn(number), "kyc_level": "FULL"}
        return Record("account.linked", ref, event, f"{ref}/account/{revision}")
