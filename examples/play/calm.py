"""calm - the wave as it should go: from application to payment, in half a year."""

from play.command import PROGRAMME
from play.world import CORRECTIONS, REGISTERS, REPEATS, start_workers, write_registers

# Days of the wave, in order, and what has happened when the clock arrives there.
WAVE = 18
CLOSED_DAY = "2021-08-20"
DECREE = "SK-PKP-18-2021"  # names the recipients: no money moves without one
DAYS = [
    ("2021-08-25", "the result is announced"),
    ("2021-09-23", "the last day for a first purchase is over"),
    ("2021-10-31", "first and second instalments, surveys"),
    ("2021-11-30", "third instalments, the year's purchases close"),
    ("2022-01-31", "fourth instalments"),
]


def play(arguments, kerja, world):
    """Returns what `kerja status` says when all is done."""
    folder, screen = kerja.folder, kerja.screen
    people = folder / "people.jsonl"
    start_workers(folder, screen)
    kerja.publish_programme()
    screen.say(f"published the rules: programmes/{PROGRAMME}.yaml")
    kerja.synthesize(people, arguments.people, arguments.seed, WAVE)
    screen.say(f"made up {arguments.people:,} people of wave {WAVE} (seed {arguments.seed})")
    for register, path in write_registers(folder, people, arguments.seed).items():
        kerja.load_register(register, path)
    screen.say(f"loaded {len(REGISTERS)} registers: " + " ".join(REGISTERS))

    world.start("training_platform", "--people", people, "--seed", arguments.seed)
    world.start("gateway", "--seed", arguments.seed)
    world.start("notifier", "--seed", arguments.seed, "--show", 3)
    screen.say("a platform, a gateway and a notifier listen; the portal opens")
    world.run("integrator", screen, people, "--publish-only", "--rate", arguments.rate, *REPEATS, *CORRECTIONS)
    world.start("integrator")
    kerja.clock(CLOSED_DAY)
    screen.say(f"{CLOSED_DAY}: the wave is closed", funnel=True)
    kerja.draw(arguments.seats, WAVE, "--decree", DECREE)
    kerja.verify_draw(WAVE)
    screen.say(f"drew {arguments.seats:,} seats, and verified the draw from what is published")
    for day, sentence in DAYS:
        kerja.clock(day)
        screen.say(f"{day}: {sentence}", funnel=True)
    status = kerja.status()
    world.stop()
    screen.rest()
    return status
