"""What a seed does to workers and servers, act by act: kinds, victims and times are all drawn beforehand, each act from
its own stream, so that a seed that failed does the same again whatever was up at which moment. Only instants differ."""
import dataclasses
import itertools
import random
from typing import Iterator

from faults import points

STOPPED_S = (1, 5)  # shorter than the session: the stopped worker goes on where it was
LATE_S = (0.05, 0.4)  # what each chunk of bytes waits on a slow network
NETWORK_S = (1, 6)  # how long a network is slow or silent
DOWN_S = (0, 2)
PAUSED_S = (0.5, 5)
PAUSE_S = (0.2, 1.4)  # between two acts: about one act in 1 to 2 seconds, with those that take long
BUSY_S = (0, 0.3)  # from a burst of records to the act: they are being worked on


@dataclasses.dataclass(frozen=True)
class Kind:
    weight: int
    victims: str  # the list of which it hits one
    lasts_s: tuple[float, float] = (0, 0)


KINDS = {
    "kill_worker": Kind(30, "workers", DOWN_S),
    "strike_at_point": Kind(10, "workers", points.ZOMBIE_S),
    "stop_worker": Kind(10, "workers", STOPPED_S),
    "make_zombie": Kind(9, "workers", points.ZOMBIE_S),
    "restart_worker": Kind(7, "workers"),
    "kill_server": Kind(11, "servers", DOWN_S),
    "restart_server": Kind(4, "servers", DOWN_S),
    "stop_immediately": Kind(4, "postgres", DOWN_S),
    "pause_server": Kind(5, "servers", PAUSED_S),
    "cut_network": Kind(5, "proxies"),
    "slow_network": Kind(3, "proxies", NETWORK_S),
    "silence_network": Kind(2, "proxies", NETWORK_S),
    "add_or_remove": Kind(4, "spares"),
}


@dataclasses.dataclass(frozen=True)
class Act:
    kind: str
    victim: int  # its place in the list
    after_s: float  # the act before
    busy_s: float
    lasts_s: float
    late_s: float
    strike: str = ""  # point and kind, of strike_at_point


def acts(seed: int, lists: dict[str, int]) -> Iterator[Act]:
    """Without end. `lists` says how many victims there are of each sort."""
    struck = strikes(seed)
    for number in itertools.count():
        chance = random.Random(f"{seed} act {number}")
        [kind] = chance.choices(list(KINDS), [one.weight for one in KINDS.values()])
        yield Act(kind, chance.randrange(lists[KINDS[kind].victims]), chance.uniform(*PAUSE_S), chance.uniform(*BUSY_S),
                  chance.uniform(*KINDS[kind].lasts_s), chance.uniform(*LATE_S),
                  next(struck) if kind == "strike_at_point" else "")


def strikes(seed: int) -> Iterator[str]:
    """Every point with every kind before any comes again: chance alone would leave some out of a hundred."""
    chance = random.Random(f"{seed} strikes")
    while True:
        every = [f"{name}:{kind}" for name in points.names() for kind in points.KINDS]
        chance.shuffle(every)
        yield from every
