"""everyone - all six schemes in one run: five programme files, two countries, two currencies, four years.

Time goes forward once: the training of Indonesia's workers in 2020, wave 18 of Kartu Prakerja in 2021, Malaysia's three
programmes in 2023, wave 69 in 2024. All that while every client listens, and each programme's deadlines and instalments
fall due on their days; time goes by several days at once, which none of the deadlines notices.
"""

import hashlib

from play import schemes
from play.officers import Officers
from play.schemes import ALL, BINA, DAYA, NORMAL, PROGRAMME_NAMES, SEMI_BANSOS, TVET, VOKASI
from play.world import CORRECTIONS, REGISTERS, REPEATS, start_workers, write_registers

STEP_DAYS = 7
GROUPS = ["integrator-example", "platform-example", "centre-example", "employers-example", "gateway-idr", "gateway-myr",
          "notifier-example"]
GATEWAYS = {"IDR": "gateway-idr", "MYR": "gateway-myr"}
REFUSED = 0.01  # payments; the published rate is 0.4 %, of which a small population would show none
DECREES = {SEMI_BANSOS: "SK-PKP-18-2021", NORMAL: "SK-PKP-69-2024"}
WAVES = {  # when it is drawn, and when the result is announced
    SEMI_BANSOS: ("2021-08-20", "2021-08-24"),
    NORMAL: ("2024-06-06", "2024-06-10"),
}

# Movement was restricted in Palembang while its branch trained: only online courses there.
RESTRICTED = ("--restrict", "1671:PSBB:2020-05-20:2020-06-16")


class Everyone:
    """One play. What the report needs stays on it."""

    def __init__(self, arguments, kerja, world):
        self.arguments, self.kerja, self.world = arguments, kerja, world
        self.folder, self.screen = kerja.folder, kerja.screen
        self.people = {scheme: self.folder / f"people-{scheme.name}.jsonl" for scheme in ALL}
        self.officers = None  # logins, once the workers have made the roles
        self.seats = {}
        self.status = None

    def play(self):
        self.begin()
        self.listen()
        self.apply(VOKASI)
        self.clock("2020-09-30", "trained in 2020; what nobody knows the amount of is not paid")
        self.wave(SEMI_BANSOS)
        self.clock("2021-10-31", "first and second instalments of wave 18, surveys")
        self.clock("2022-01-31", "third and fourth instalments")
        self.apply(DAYA, TVET, BINA)
        self.clock("2023-08-31", "courses in Malaysia, months of employment")
        self.clock("2024-03-31", "the last month of employment is paid")
        self.wave(NORMAL)
        self.clock("2024-09-30", "the incentive of wave 69, surveys")
        self.clock("2025-07-31", "all awards have ended; what was not paid is released")
        self.sign_off("2025-08-01")
        self.status = self.kerja.status()
        self.world.stop()
        self.screen.rest()
        return self

    # -- the acts -------------------------------------------------------------------------------

    def begin(self):
        arguments, kerja, screen = self.arguments, self.kerja, self.screen
        start_workers(self.folder, screen)
        self.officers = Officers(kerja)
        for scheme in {scheme.programme: scheme for scheme in ALL}.values():
            kerja.publish_programme(scheme.rules, *(RESTRICTED if scheme is VOKASI else ()))
        screen.say(f"published {len(PROGRAMME_NAMES)} programmes: " + " ".join(PROGRAMME_NAMES))
        for number, scheme in enumerate(ALL):
            people, seed = schemes.people_of(scheme, arguments.people), arguments.seed + number
            if scheme.wave:
                kerja.synthesize(self.people[scheme], people, seed, scheme.wave, *scheme.words)
            else:
                kerja.synthesize_programme(self.people[scheme], people, seed, scheme.rules, scheme.population)
        screen.say(f"made up {arguments.people:,} people for {len(ALL)} schemes (seed {arguments.seed})")
        drawn = schemes.joined([self.people[SEMI_BANSOS], self.people[NORMAL]], self.folder / "people-drawn.jsonl")
        for register, path in write_registers(self.folder, drawn, arguments.seed).items():
            kerja.load_register(register, path)
        screen.say(f"loaded {len(REGISTERS)} registers: " + " ".join(REGISTERS))

    def listen(self):
        world, seed = self.world, ("--seed", self.arguments.seed)
        known = lambda *of: [word for scheme in of for word in ("--people", self.people[scheme])]
        world.gateways, world.platforms = list(GATEWAYS.values()), ["training_platform", "training_centre"]
        world.start("training_platform", *known(SEMI_BANSOS, NORMAL), *seed)
        world.start("training_centre", *known(VOKASI, TVET, BINA), *seed)
        world.start("employer_portal", *known(DAYA, TVET), *seed)
        for currency, name in GATEWAYS.items():
            world.start("gateway", "--name", f"gateway/{currency.lower()}", "--currency", currency, "--refuse", REFUSED,
                        *seed, name=name)
        world.start("notifier", *seed)
        self.screen.say("a platform, centres, employers, a gateway of each currency and a notifier listen")

    def apply(self, *of):
        """Their people apply, in the order of time over all of them."""
        for scheme in of:
            words = REPEATS if scheme.wave is None else (*REPEATS, *CORRECTIONS)
            self.publish(scheme, words)
        self.screen.say("applied: " + ", ".join(
            f"{scheme.title} {schemes.people_of(scheme, self.arguments.people):,}" for scheme in of))

    def publish(self, scheme, words):
        """One portal at a time has the book; it follows again when all is published."""
        if "integrator" in self.world.processes:
            self.world.end("integrator")
        self.world.run("integrator", self.screen, self.people[scheme], "--publish-only", *words)
        self.world.start("integrator")

    def wave(self, scheme):
        """The seed is promised before the wave opens. It comes from --seed here, so that a demo can be repeated."""
        closed_on, notice_day = WAVES[scheme]
        seed = self.folder / f"seed-of-wave-{scheme.wave}"
        seed.write_text(hashlib.sha256(f"{self.arguments.seed} {scheme.wave}".encode()).hexdigest() + "\n")
        seed.chmod(0o600)
        self.kerja.run("draw", "announce", "--programme", scheme.programme, "--wave", scheme.wave, "--seed-file", seed)
        self.apply(scheme)
        self.clock(closed_on, f"wave {scheme.wave} is closed")
        self.seats[scheme] = max(1, int(schemes.people_of(scheme, self.arguments.people) * scheme.selected_of))
        self.kerja.draw(self.seats[scheme], scheme.wave, "--decree", DECREES[scheme], "--notice-day", notice_day,
                        "--seed-file", seed)
        self.kerja.verify_draw(scheme.wave)
        self.screen.say(f"drew {self.seats[scheme]:,} seats of wave {scheme.wave}, and verified the draw")

    def clock(self, until, sentence):
        self.kerja.clock(until, GROUPS, STEP_DAYS)
        self.screen.say(f"{until}: {sentence}", funnel=True)
        self.sign_off(until)

    def sign_off(self, until):
        """What gateways were asked for, by programme, partner and day: two officers sign count and sum of each day that
        is over, before the gateway's own file of it is compared."""
        if signed := self.officers.sign_off(until):
            self.screen.say(f"two officers signed count and sum of {signed:,} envelopes")
