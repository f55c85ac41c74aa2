"""Reinstatements that pass something else: another member's award on the same family card, the money that the award's
end gives back. Three workers, a thousand of each at one moment; the key of each rival leads to another worker."""
import collections
import datetime
import decimal

import pytest

from faults import people
from faults.ids import Ids
from races.applications import Applicant, Race, anybody
from races.track import Runner, Track

COUNT, ROUNDS = 1_000, 5
SCHEME, YEAR = "normal", 2023
PARTS = {"TRAINING": 350_000_000, "INCENTIVE": 60_000_000, "SURVEY": 10_000_000}
END = datetime.datetime(2023, 8, 1, tzinfo=datetime.timezone.utc)
BACK = datetime.datetime(2023, 8, 20, tzinfo=datetime.timezone.utc)


@pytest.fixture(scope="module")
def applications(servers):
    track = Track(servers, people.PROGRAMME_FILE.read_text())
    track.serve("application")
    track.run([Runner(0, one.topic, one.key, one.event) for one in people.snapshot_records()])
    yield track
    track.close()


class Reinstatements(Race):
    """Of each family two have an award, and the first one's was revoked."""

    def __init__(self, track: Track, ids: Ids, families: list[list[Applicant]]):
        super().__init__(track)
        self.ids, self.families = ids, families
        self.applicants = [one for family in families for one in family]

    def award(self, one: Applicant) -> str:
        return self.ids.award(people.PROGRAMME, SCHEME, one.wave, self.ids.person(one.national_id))

    def change(self, worker: int, one: Applicant, change: str, by: str, on: datetime.datetime, **officers) -> Runner:
        event = {"award_id": self.award(one), "programme": people.PROGRAMME, "scheme": SCHEME, "change": change,
                 "reason": "FIRST_TRAINING_LATE", "by": by, "currency": "IDR", "occurred_at": on, "sequence": 1, **officers}
        return Runner(worker, "award.changed", self.award(one), event)

    def reinstated(self, worker: int, one: Applicant) -> Runner:
        return self.change(worker, one, "REINSTATED", "OFFICER", BACK, requested_by="officer-7", approved_by="officer-8")

    def before(self) -> list[list[Runner]]:
        drawn = [one.drawn(number) for number, one in enumerate(one for family in self.families for one in family[:2])]
        revoked = [self.change(number, family[0], "REVOKED", "COMPLETION", END)
                   for number, family in enumerate(self.families)]
        return [*super().before(), drawn, revoked]

    def revoked(self) -> dict[str, bool]:
        """By award: every one that was given."""
        rows = self.track.query("SELECT award_id::text, revoked FROM application.award WHERE award_id = ANY(%s::uuid[])",
                                [self.award(one) for one in self.applicants])
        return dict(rows)


class OneCard(Reinstatements):
    """The third is drawn while the first gets the award back: the card takes one of them."""

    TABLE = "application.family_card"

    def __init__(self, track: Track, ids: Ids, count: int):
        families = [[anybody(56)] for _ in range(count)]
        for family in families:
            family += [Applicant(56, anybody(56).national_id, family[0].family_card) for _ in range(2)]
        super().__init__(track, ids, families)

    def at_once(self) -> list[Runner]:
        return [runner for number, (first, _second, third) in enumerate(self.families)
                for runner in (self.reinstated(number, first), third.drawn(number + 1))]

    def outcomes(self) -> collections.Counter:
        """How many of a card's three hold an award, and who the second of them is."""
        revoked = self.revoked()
        return collections.Counter(tuple(revoked.get(self.award(one)) is False for one in family)
                                   for family in self.families)


class Money(Reinstatements):
    """The end's money comes back while the award does."""

    TABLE = "application.award"

    def __init__(self, track: Track, ids: Ids, count: int):
        super().__init__(track, ids, [[anybody(57)] for _ in range(count)])

    def release(self, worker: int, one: Applicant, component: str, sequence: int) -> Runner:
        event = {"award_id": self.award(one), "programme": people.PROGRAMME, "year": YEAR, "component": component,
                 "amount": decimal.Decimal(PARTS[component]).scaleb(-2), "currency": "IDR",
                 "reason": "FIRST_TRAINING_LATE", "occurred_at": END, "sequence": sequence}
        return Runner(worker, "commitment.released", self.award(one), event)

    def at_once(self) -> list[Runner]:
        return [runner for number, [one] in enumerate(self.families)
                for runner in (self.release(number, one, "TRAINING", 1), self.reinstated(number + 1, one),
                               self.release(number + 2, one, "INCENTIVE", 2), self.release(number, one, "SURVEY", 3))]

    def committed(self) -> int:
        return int(self.track.query("SELECT coalesce(sum(used), 0) FROM application.quota WHERE kind = 'MONEY' AND year = %s",
                                    YEAR)[0][0])


def run(track: Track, race: Reinstatements) -> int:
    """Plays it; how often the workers met."""
    for records in race.before():
        track.run(records)
    before = track.count("stale")
    track.dead.clear()
    track.race(race.at_once(), race.TABLE)
    assert len(track.output_ids) == len(set(track.output_ids)), "an output stands twice"
    return track.count("stale") - before


def until_met(play) -> None:
    """A busy machine may let the workers decide one after the other: then they are sent on their way again."""
    assert any(play() for _ in range(ROUNDS)), f"nobody met in {ROUNDS} races"


def test_the_card_takes_one_of_two_who_come_at_once(applications, servers):
    def play() -> int:
        race = OneCard(applications, Ids(servers), COUNT)
        met, outcomes = run(applications, race), race.outcomes()
        print(f"stale {met}, {dict(outcomes)}")
        assert set(outcomes) <= {(True, True, False), (False, True, True)}
        assert collections.Counter(applications.dead) == collections.Counter(FAMILY_CARD_LIMIT=outcomes[False, True, True])
        return met

    until_met(play)


def test_money_that_comes_back_at_that_moment_is_counted_once(applications, servers):
    def play() -> int:
        race = Money(applications, Ids(servers), COUNT)
        committed, met = race.committed(), run(applications, race)
        print(f"stale {met}")
        assert set(race.revoked().values()) == {False} and applications.dead == []
        assert race.committed() == committed + COUNT * sum(PARTS.values())
        return met

    until_met(play)
