"""Races for the same award: on one family card, in two waves, against a register, for the last seats and the last money.

Each has records that go before, records that are sent at one moment, each to another worker than its rivals, and
what is wrong afterwards: an empty list, when every rule held.
"""
import datetime
import itertools

from faults import people
from faults.ids import Ids

from .track import Runner, Track

REGISTER = "BLACKLIST"
HELD_BY_REGISTER = "APPLICATION:BLACKLISTED"
_national_ids = itertools.count(10**15)
_cards = itertools.count(2 * 10**15)


class Applicant:
    def __init__(self, wave: int, national_id: str, family_card: str):
        self.wave, self.national_id, self.family_card = wave, national_id, family_card
        self.application_id = f"W{wave}-{national_id}"

    def submitted(self, worker: int) -> Runner:
        event = people.submitted(self.application_id, 0, wave=self.wave, national_id=self.national_id,
                                 family_card_no=self.family_card, ability_test_taken_on=datetime.date(2023, 6, 1))
        return Runner(worker, "application.submitted", self.application_id, event)

    def drawn(self, worker: int) -> Runner:
        event = people.drawn(self.application_id, 1, "SELECTED", wave=self.wave)
        return Runner(worker, "application.drawn", self.application_id, event)


def anybody(wave: int) -> Applicant:
    return Applicant(wave, str(next(_national_ids)), str(next(_cards)))


class Race:
    """What all races have: applicants, whose decisions are told as they are stored."""
    TABLE = "application.person"  # where the rivals meet

    def __init__(self, track: Track):
        self.track = track
        self.applicants: list[Applicant] = []

    def before(self) -> list[list[Runner]]:
        """Rounds, each drained before the next."""
        return [[one.submitted(number) for number, one in enumerate(self.applicants)]]

    def at_once(self) -> list[Runner]:
        return [one.drawn(number) for number, one in enumerate(self.applicants)]

    def after(self) -> list[list[Runner]]:
        return []

    def stored(self) -> dict[str, tuple]:
        """(status, reasons, person, card, holds of the award) by application_id."""
        rows = self.track.query(
            "SELECT p.application_id, p.status, p.reasons, p.person_id::text, p.family_card_id::text, a.holds, a.award_id "
            "FROM application.application p LEFT JOIN application.award a "
            "ON a.application_key = p.application_key AND NOT a.revoked WHERE p.application_id = ANY(%s)",
            [one.application_id for one in self.applicants])
        return {application_id: rest for application_id, *rest in rows}

    def violations(self) -> list[str]:
        stored = self.stored()
        found = [f"{one.application_id} is not decided" for one in self.applicants if one.application_id not in stored]
        return found + told_otherwise(self.track, stored) + self.broken(stored)

    def broken(self, stored: dict[str, tuple]) -> list[str]:
        """What this race's own rule says of the rows."""
        raise NotImplementedError


def told_otherwise(track: Track, stored: dict[str, tuple]) -> list[str]:
    """Everybody was told, at last, what is stored; an award once; and who is awarded has one."""
    told: dict[str, dict] = {}
    awarded: dict[str, int] = {}
    for event in track.outputs.get("application.decided", []):
        application_id = event["application_id"]
        if application_id in stored:
            newest = told.get(application_id)
            told[application_id] = max(newest, event, key=lambda one: one["sequence"]) if newest else event
            awarded[application_id] = awarded.get(application_id, 0) + (event["status"] == "AWARDED")
    found = []
    for application_id, (status, reasons, _person, _card, _holds, award_id) in stored.items():
        said = told.get(application_id)
        if not said or (said["status"], sorted(said["reasons"])) != (status, sorted(reasons)):
            found.append(f"{application_id} is {status} {reasons}, and was told {said and said['status']}")
        if (status == "AWARDED") != (award_id is not None) or awarded.get(application_id, 0) != (status == "AWARDED"):
            found.append(f"{application_id} is {status}: told so {awarded.get(application_id, 0)} times, award {award_id}")
    return found


def grouped(stored: dict[str, tuple], member: int) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    groups: dict[str, list] = {}
    for row in stored.values():
        groups.setdefault(row[member], []).append((row[0], tuple(row[1])))
    return {name: sorted(outcomes) for name, outcomes in groups.items()}


class FamilyCards(Race):
    """Three members of each card are drawn; two may have an award."""
    TABLE = "application.family_card"
    WAVE, MEMBERS = 48, 3
    EXPECTED = [("AWARDED", ()), ("AWARDED", ()), ("REJECTED", ("FAMILY_CARD_LIMIT",))]

    def __init__(self, track: Track, cards: int):
        super().__init__(track)
        numbers = [str(next(_cards)) for _ in range(cards)]
        self.applicants = [Applicant(self.WAVE, str(next(_national_ids)), card)
                           for card in numbers for _member in range(self.MEMBERS)]

    def broken(self, stored):
        return [f"card {card}: {outcomes}" for card, outcomes in grouped(stored, 3).items() if outcomes != self.EXPECTED]


class TwoWaves(Race):
    """Each person is drawn in two waves; one award is all that he or she may have."""
    WAVES = (49, 50)
    EXPECTED = [("AWARDED", ()), ("REJECTED", ("ALREADY_BENEFITED",))]

    def __init__(self, track: Track, persons: int):
        super().__init__(track)
        for _ in range(persons):
            national_id = str(next(_national_ids))
            # Cards differ, so that nothing but the person's own row tells the two decisions apart.
            self.applicants += [Applicant(wave, national_id, str(next(_cards))) for wave in self.WAVES]

    def broken(self, stored):
        return [f"person {person}: {outcomes}" for person, outcomes in grouped(stored, 2).items()
                if outcomes != self.EXPECTED]


class Registers(Race):
    """A register lists people in the moment in which they are drawn, or apply: known before, or never heard of."""
    WAVE = 51

    def __init__(self, track: Track, ids: Ids, drawn: int, known: int, unknown: int):
        super().__init__(track)
        self.ids = ids
        self.drawn = [anybody(self.WAVE) for _ in range(drawn)]
        self.known = [anybody(self.WAVE) for _ in range(known)]
        self.applying = self.known + [anybody(self.WAVE) for _ in range(unknown)]
        self.applicants = self.drawn + self.applying

    def _listed(self, one: Applicant, register: str, worker: int) -> Runner:
        person_id = self.ids.person(one.national_id)
        event = {"register": register, "snapshot": "2023-07", "person_id": person_id, "listed": True, "number": None,
                 "valid_from": people.LOADED_AT.date(), "loaded_at": people.SUBMITTED_AT}
        return Runner(worker, "register.listed", person_id, event)

    def before(self):
        """Who is known is so because of a register that bars nobody from this scheme."""
        return [[one.submitted(number) for number, one in enumerate(self.drawn)] +
                [self._listed(one, "LAID_OFF", number) for number, one in enumerate(self.known)]]

    def at_once(self):
        """One worker reads the register alone: a batch that applies to some and lists others would be decided again, as a
        whole, for any of them."""
        pairs = [(one.drawn(number % 2), self._listed(one, REGISTER, 2)) for number, one in enumerate(self.drawn)]
        pairs += [(one.submitted(number % 2), self._listed(one, REGISTER, 2)) for number, one in enumerate(self.applying)]
        return [runner for pair in pairs for runner in pair]

    def broken(self, stored):
        """Refused with the register's reason or, where the award came first, held with it; the hold is told."""
        held = {str(event["award_id"]) for event in self.track.outputs.get("award.changed", [])
                if (event["change"], event["reason"]) == ("HELD", "BLACKLISTED")}
        found = []
        for application_id, (status, reasons, _person, _card, holds, award_id) in stored.items():
            refused = status == "REJECTED" and "BLACKLISTED" in reasons
            stopped = status == "AWARDED" and HELD_BY_REGISTER in (holds or ()) and str(award_id) in held
            if not refused and not stopped:
                found.append(f"{application_id} slipped through: {status} {reasons}, holds {holds}")
        return found


class Limit(Race):
    """More are drawn than a limit has room for."""
    TABLE = "application.quota"
    KIND, REFUSED = "", ("", ())

    def __init__(self, track: Track, wave: int, room: int, unit: int, applicants: int):
        super().__init__(track)
        self.wave, self.room, self.unit = wave, room, unit
        self.applicants = [anybody(wave) for _ in range(applicants)]

    def quota(self) -> list[tuple[int, int]]:
        raise NotImplementedError

    def broken(self, stored):
        outcomes = [(status, tuple(reasons)) for status, reasons, *_rest in stored.values()]
        awarded = outcomes.count(("AWARDED", ()))
        found = [f"{outcome}" for outcome in set(outcomes) - {("AWARDED", ()), self.REFUSED}]
        if awarded != self.room:
            found.append(f"{awarded} awards, and room for {self.room}")
        for used, ceiling in self.quota():
            if used != awarded * self.unit or used > ceiling or ceiling != self.room * self.unit:
                found.append(f"{awarded} awards, and the limit says {used} of {ceiling}")
        return found


class Seats(Limit):
    REFUSED = ("REJECTED", ("QUOTA_FULL",))

    def __init__(self, track: Track, wave: int, seats: int):
        super().__init__(track, wave, seats, 1, 2 * seats)

    def quota(self):
        return self.track.query("SELECT used, ceiling FROM application.quota WHERE kind = 'SEATS' AND wave = %s", self.wave)


class Money(Limit):
    REFUSED = ("HELD", ("BUDGET_EXHAUSTED",))

    def __init__(self, track: Track, wave: int, year: int, packages: int):
        super().__init__(track, wave, packages, people.PACKAGE_HUNDREDTHS, 2 * packages)
        self.year = year

    def quota(self):
        return self.track.query("SELECT used, ceiling FROM application.quota WHERE kind = 'MONEY' AND year = %s", self.year)
