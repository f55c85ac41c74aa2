"""Decisions that may pass each other: ten thousand of each kind, sent to several workers of a service at one moment.

Keys differ, and so do partitions and workers: what keeps the racers apart is the version of a row that both of them
save, or a limit that is moved by one statement. Each race asserts that its workers met there at all, and each
rule is broken once in the database (races/sabotage.py): then the race must find what went wrong.
"""
import pytest

from faults import people
from faults.ids import Ids
from races import sabotage
from races.applications import FamilyCards, Money, Registers, Seats, TwoWaves
from races.payouts import Accounts
from races.track import Runner, Track

COUNT, FEW, TRIES = 10_000, 600, 10
SEATS, PACKAGES = COUNT // 2, COUNT // 2
SEATS_WAVE, MONEY_WAVE, MONEY_YEAR = 52, 64, 2024
FEW_SEATS_WAVES = range(53, 53 + TRIES)  # one for each try


def programme_text() -> str:
    """Kartu Prakerja with seats in waves that have none, and money for fewer awards in its last year."""
    text = people.PROGRAMME_FILE.read_text()
    seats = {SEATS_WAVE: SEATS, **dict.fromkeys(FEW_SEATS_WAVES, FEW // 2)}
    waves = "\nwaves:\n" + "".join(f"  - {{number: {wave}, seats: {count}}}\n" for wave, count in seats.items())
    money = PACKAGES * people.PACKAGE_HUNDREDTHS // 100
    changes = {"\nwaves:\n": waves, "component: ALL, amount: IDR 5961051600000.00": f"component: ALL, amount: IDR {money}.00"}
    for before, after in changes.items():
        assert text.count(before) == 1
        text = text.replace(before, after)
    return text


@pytest.fixture(scope="module")
def track(servers):
    track = Track(servers, programme_text())
    yield track
    track.close()


@pytest.fixture(scope="module")
def ids(servers):
    return Ids(servers)


@pytest.fixture
def payouts(track):
    """Three workers of incentive alone: what they are told of awards comes from the race."""
    track.serve("incentive")
    return track


@pytest.fixture
def applications(track):
    """Three workers of application, and registers that answer for everybody."""
    if track.serve("application"):
        track.run([Runner(0, one.topic, one.key, one.event) for one in people.snapshot_records()])
    return track


def run(track: Track, race, counter: str = "stale") -> int:
    """Plays the race; how often its workers met while it was run, by the counter."""
    for records in race.before():
        track.run(records)
    before = track.count(counter)
    track.race(race.at_once(), race.TABLE)
    met = track.count(counter) - before
    for records in race.after():
        track.run(records)
    return met


def met(track: Track, race, counter: str) -> int:
    """The same, and nothing went wrong."""
    times = run(track, race, counter)
    print(f"{type(race).__name__}: {counter} {times}")
    assert race.violations() == []
    assert track.dead == []
    assert len(track.output_ids) == len(set(track.output_ids)), "an output stands twice"
    return times


def noticed(track: Track, what: str, make_race) -> bool:
    """Some race finds it: who comes first is chance, and only one order of two does harm."""
    for _ in range(TRIES):
        race = make_race()
        run(track, race)
        if any(what in one for one in race.violations()):
            return True
    return False


def test_each_instalment_is_asked_for_once_to_the_account_linked_at_that_moment(payouts, ids):
    assert met(payouts, Accounts(payouts, ids, COUNT // 2, COUNT // 4, COUNT // 4), "stale") > 0


def test_an_account_saved_without_its_version_is_noticed(payouts, ids):
    with sabotage.unguarded(payouts, "incentive", "account"):
        assert noticed(payouts, "account of", lambda: Accounts(payouts, ids, 0, FEW, 0))


def test_of_three_on_a_family_card_drawn_at_once_two_are_awarded(applications):
    assert met(applications, FamilyCards(applications, COUNT), "stale") > 0


def test_who_is_drawn_in_two_waves_at_once_has_one_award(applications):
    assert met(applications, TwoWaves(applications, COUNT), "stale") > 0


def test_nobody_slips_through_whom_a_register_lists_at_that_moment(applications, ids):
    assert met(applications, Registers(applications, ids, COUNT // 2, COUNT // 4, COUNT // 4), "stale") > 0


def test_the_last_seats_are_given_exactly_once(applications):
    assert met(applications, Seats(applications, SEATS_WAVE, SEATS), "tight") > 0


def test_the_last_money_is_committed_exactly_once(applications):
    assert met(applications, Money(applications, MONEY_WAVE, MONEY_YEAR, PACKAGES), "tight") > 0


def test_a_card_saved_without_its_version_is_noticed(applications):
    with sabotage.unguarded(applications, "application", "family_card"):
        assert noticed(applications, "card", lambda: FamilyCards(applications, FEW))


def test_a_person_saved_without_a_version_is_noticed(applications):
    with sabotage.unguarded(applications, "application", "person"):
        assert noticed(applications, "person", lambda: TwoWaves(applications, FEW))


def test_a_register_that_does_not_bump_the_person_is_noticed(applications, ids):
    with sabotage.person_not_bumped(applications):
        assert noticed(applications, "slipped through", lambda: Registers(applications, ids, 0, FEW, 0))


def test_a_limit_that_is_read_and_then_written_is_noticed(applications):
    with sabotage.limit_read_then_written(applications):
        waves = iter(FEW_SEATS_WAVES)
        assert noticed(applications, "the limit says", lambda: Seats(applications, next(waves), FEW // 2))
