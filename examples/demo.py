"""demo - a wave of Kartu Prakerja, from application to payment, as `./run demo` shows it; or all six schemes.

    ./run demo
    ./run demo --people 50000 --seats 15000 --seed 7
    ./run demo --rough
    ./run demo --all --people 3000

Started by ./run with fresh servers. Three workers decide; four foreign clients of this folder are the
world around them: a portal, a training platform with its population, a payment gateway, an SMS notifier. Time
is simulated: `kerja clock` fires what is due and moves on when nothing is left to do, so half a year takes
minutes. With --rough all goes wrong that went wrong in these programmes, and officers mend it. With --all six
schemes of two countries run side by side from the five files in programmes/. At the end everything must add up; a
sum that does not ends the demo with status 1.
"""

import argparse
import contextlib
import sys

from harness.process import Failed
from harness.servers import current

from play import calm, everyone, everyone_report, report, rough, rough_report
from play.command import Kerja
from play.world import Screen, World

SEATS_SHARE = 0.3
ROUGH_PEOPLE_MIN = 1000
PEOPLE, ALL_PEOPLE, ALL_PEOPLE_MIN = 20_000, 3_000, 1_000


def parse_arguments():
    parser = argparse.ArgumentParser(prog="./run demo", description=__doc__.partition("\n")[0])
    parser.add_argument("--rough", action="store_true", help="with failures, late registers, an outage, and officers")
    parser.add_argument("--all", action="store_true", help="all six schemes of the five programmes, side by side")
    parser.add_argument("--people", type=int, help="applicants (20,000; with --all 3,000)")
    parser.add_argument("--seats", type=int, help="seats of the wave (30 %% of the people)")
    parser.add_argument("--seed", type=int, default=1, help="who they are and what they do (1)")
    parser.add_argument("--rate", type=float, default=0, help="registrations a second; 0: as fast as it goes")
    parser.add_argument("--no-wait", action="store_true", help="end at once, on a terminal too")
    arguments = parser.parse_args()
    if arguments.all and (arguments.rough or arguments.seats or arguments.rate):
        parser.error("--all goes alone, or with --people, --seed and --no-wait")
    arguments.people = arguments.people or (ALL_PEOPLE if arguments.all else PEOPLE)
    if arguments.all and arguments.people < ALL_PEOPLE_MIN:
        parser.error(f"--all takes {ALL_PEOPLE_MIN:,} people at least: of fewer, some reasons and languages may not show")
    if arguments.rough and arguments.people < ROUGH_PEOPLE_MIN:
        parser.error(f"--rough takes {ROUGH_PEOPLE_MIN:,} people at least: of fewer, some of what goes wrong may not")
    arguments.seats = arguments.seats or int(arguments.people * SEATS_SHARE)
    return arguments


def stay(arguments):
    """The servers end with this program: on a terminal they wait for the person."""
    if arguments.no_wait:
        return
    if sys.stdin.isatty() and sys.stdout.isatty():
        with contextlib.suppress(EOFError, KeyboardInterrupt):
            input("\nThe servers stay until you press Enter. ")
    else:
        print("\nThe servers end now; on a terminal they stay until you press Enter.")


def show(arguments, kerja, world):
    """Plays and prints what it came to; returns what cannot be so, and an award worth a look."""
    if arguments.all:
        return everyone_report.show(everyone.Everyone(arguments, kerja, world).play()), None
    if arguments.rough:
        play = rough.Rough(arguments, kerja, world).play()
        return rough_report.show(play), play.reinstated
    status = calm.play(arguments, kerja, world)
    wrong = report.print_funnel(world, arguments.people, arguments.seats)
    return wrong + report.print_money(status, world) + report.print_lag(status), None


def main():
    arguments = parse_arguments()
    folder = current().folder
    world = World(folder)
    try:
        wrong, award = show(arguments, Kerja(folder, Screen(world)), world)
    except Failed as failure:
        print(f"\ndemo: {failure}", file=sys.stderr)
        return 1
    finally:
        world.stop()
    for sentence in wrong:
        print(f"demo: {sentence}", file=sys.stderr)
    if not arguments.all:
        report.print_next(folder, world, award)
    stay(arguments)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
