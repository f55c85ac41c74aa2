"""rough - the wave in which everything goes wrong that went wrong in these programmes.

The year has just enough money for wave 18, so that nobody of wave 22 is awarded but from money that was freed. The
gateway refuses, loses, returns and contradicts itself; wallets have old numbers; SMS are lost; registers come
after the awards; a worker is dead when a deadline comes. Two officers mend what only people can mend.
"""

import os
import random
import re

import kerja_client
from confluent_kafka import Producer
from harness.process import wait_until

from play.calm import CLOSED_DAY, WAVE
from play.command import PROGRAMME, PROGRAMME_FILE, clock_words, named
from play.officers import HOUR, Officers
from play.store import query
from play.world import CORRECTIONS, LIVE_SECONDS, REGISTERS, REPEATS, start_workers, write_register, write_registers

RECOVERY_WAVE = 22  # of the same budget year
PACKAGE = 3_550_000  # rupiah: what one award of these waves commits
BUDGET = re.compile(r"^(\s*- \{year: 2021, component: ALL, amount: IDR )[\d.]+(\})", re.MULTILINE)
DECREES = {"early": "SK-PKP-18-2021", "late": "SK-PKP-18B-2021", "recovery": "SK-PKP-22-2021"}

PLATFORM = ("--changed-phone", 0.02)
WITHHOLD = ("--withhold", 0.03)
GATEWAY = ("--refuse", 0.004, "--silent", 0.001, "--late", 0.01, "--twice", 0.01, "--shuffle", "--returned", 0.003,
           "--lost", 0.001, "--contradict", 0.001, "--wrong-sum", 0.001, "--stray", 0.001)
NOTIFIER = ("--undelivered", 0.02, "--expired", 0.005)

DECREED_EARLY = 0.8    # of the awards; the others' decree comes five weeks later
LATE_REGISTERS = ("EDUCATION", "OCCUPATION", "BLACKLIST")
LISTED_LATE = 0.005    # of the seats, by each of them
SUSPECTS = 6           # awards that the officers hold for fraud
FORGED_AT = "2021-10-05T12:00:00+07:00"
RECOVERY_APPLICANTS = 0.1
RECOVERY_APPLICANTS_MIN = 200
HOLD_CODES = {"EDUCATION": "EDU_ENROLLED", "OCCUPATION": "OCC_EXCLUDED", "BLACKLIST": "BLACKLISTED"}


class Rough:
    """One play. What the report needs stays on it."""

    def __init__(self, arguments, kerja, world):
        self.arguments, self.kerja, self.world = arguments, kerja, world
        self.folder, self.screen = kerja.folder, kerja.screen
        self.people = self.folder / "people.jsonl"
        self.dice = random.Random(arguments.seed)
        self.money = {}  # what the year's limit says, by moment
        self.outage = {}
        self.officers = None
        self.status = None

    def play(self):
        self.open_the_wave()
        self.draw_without_decree()
        self.registers_come_late()
        self.die_before_the_deadline()
        self.officers_at_work()
        self.give_again()
        self.play_to_the_end()
        self.status = self.kerja.status()
        self.world.stop()
        self.screen.rest()
        return self

    # -- the acts -------------------------------------------------------------------------------

    def open_the_wave(self):
        arguments, kerja, screen, seats = self.arguments, self.kerja, self.screen, self.arguments.seats
        self.workers = {worker.service: worker for worker in start_workers(self.folder, screen)}
        kerja.publish_programme(self.tight_programme())
        screen.say(f"published the rules, with money for {seats:,} awards and not one more")
        kerja.synthesize(self.people, arguments.people, arguments.seed, WAVE)
        recovery = self.folder / "people-again.jsonl"
        more = max(RECOVERY_APPLICANTS_MIN, int(arguments.people * RECOVERY_APPLICANTS))
        kerja.synthesize(recovery, more, arguments.seed + 1, RECOVERY_WAVE)
        self.people_count = arguments.people + more
        everybody = self.folder / "everybody.jsonl"
        everybody.write_text(self.people.read_text() + recovery.read_text())
        screen.say(f"made up {arguments.people:,} people of wave {WAVE}, {more:,} of wave {RECOVERY_WAVE}")
        for register, path in write_registers(self.folder, everybody, arguments.seed).items():
            kerja.load_register(register, path)
        screen.say(f"loaded {len(REGISTERS)} registers: " + " ".join(REGISTERS))
        self.platform_words = ("--people", everybody, "--seed", arguments.seed, *PLATFORM)
        self.world.start("training_platform", *self.platform_words, *WITHHOLD)
        self.world.start("gateway", "--seed", arguments.seed, *GATEWAY)
        self.world.start("notifier", "--seed", arguments.seed, *NOTIFIER)
        screen.say("a gateway that errs and a notifier that loses listen; the portal opens")
        self.publish(self.people)
        kerja.clock(CLOSED_DAY)
        screen.say(f"{CLOSED_DAY}: the wave is closed", funnel=True)
        self.officers = Officers(kerja)

    def draw_without_decree(self):
        self.kerja.draw(self.arguments.seats, WAVE)
        self.kerja.verify_draw(WAVE)
        self.clock("2021-08-25", f"drew {self.arguments.seats:,} seats; no decree names the recipients yet")
        awards = [award for award, _ in self.awards()]
        early = sorted(self.dice.sample(awards, int(len(awards) * DECREED_EARLY)))
        self.officers.decree(early, DECREES["early"], on="2021-08-25")
        self.remember_money("wave 18 awarded")
        self.clock("2021-09-05", f"a decree for {len(early):,} of {len(awards):,} awards")

    def registers_come_late(self):
        """Snapshots that list people who have an award by now; and two suspicions of the officers' own."""
        ids = {line["application_id"]: line["national_id"] for line in kerja_client.load_json_lines(self.people)}
        awards = self.awards()
        self.dice.shuffle(awards)
        each = max(4, int(len(awards) * LISTED_LATE))
        self.listed_before = {name: self.listed(name) for name in LATE_REGISTERS}
        self.late = {name: [awards.pop() for _ in range(each)] for name in LATE_REGISTERS}
        for name, found in self.late.items():
            self.load_late(name, [ids[application] for _, application in found], "2021-09-05")
        self.ids = ids
        self.suspects = [awards.pop()[0] for _ in range(SUSPECTS)]
        for award in self.suspects:
            self.officers.hold(award, "FRAUD_SUSPECTED", on="2021-09-05")
        held = each * len(LATE_REGISTERS)
        self.clock("2021-09-21", f"registers list {held} people with an award: held; officers hold {SUSPECTS} more")

    def die_before_the_deadline(self):
        """Purchases of the last day lie in Kafka, nobody reads them, and the deadline comes."""
        completion = self.workers["completion"]
        self.clock("2021-09-22", "the last day for a first purchase")
        self.world.end("training_platform")
        completion.kill()
        buyers = self.world.rows("training_platform", "SELECT award_id FROM withheld")
        self.world.start("training_platform", *self.platform_words)
        sold = lambda: self.world.summary("training_platform").get("bought_on_the_last_day") == len(buyers)
        if not wait_until(sold, 60, LIVE_SECONDS):
            raise self.world.processes["training_platform"].failed("did not sell on the last day")
        clock = self.kerja.begin(*clock_words("2021-09-23"))
        revoked = "SELECT count(*) FROM completion_read.award WHERE revoked"
        before = query(revoked)[0][0]
        stood = not wait_until(lambda: clock.process.poll() is not None, 5)
        unread = sum(place["lag"] for place in self.kerja.status()["positions"] if place["service"] == "completion")
        self.outage = {"buyers": [award for (award,) in buyers], "unread": unread, "clock_stood": stood,
                       "revoked_meanwhile": query(revoked)[0][0] - before}
        self.screen.say(f"completion was killed; {len(buyers)} people bought; the deadline is due, and the clock\n"
                        f"{'':10}waits: completion has {unread:,} records to hear first")
        completion.launch()
        completion.wait_ready()
        self.kerja.finish(clock)
        self.screen.say("2021-09-23: it is back, and heard them before the deadline fired", funnel=True)

    def officers_at_work(self):
        officers, day = self.officers, "2021-10-05"
        self.clock("2021-09-30", "four in five are paid their first instalment")
        officers.two("award", "decree", *named(WAVE), "--decree-no", DECREES["late"], on="2021-09-30")
        self.clock(day, "the decree of the others came, five weeks late")
        self.registers_again(day)
        released, revoked, wrongly, self.watched = self.suspects[:2], self.suspects[2:4], *self.suspects[4:]
        officers.alone("award", "release", released[0], "--reason", "FRAUD_SUSPECTED", on=day)
        officers.release(released[1], "FRAUD_SUSPECTED", on=day)
        for award in (*revoked, wrongly):
            officers.revoke(award, "FRAUD_IDENTITY_FORGED", on=day)
        self.forge_release(self.watched)
        self.review_mismatches(day)
        day = "2021-10-15"
        self.clock(day, "officers released, revoked, waived and upheld")
        officers.reinstate(wrongly, "FRAUD_IDENTITY_FORGED", on=day)
        self.reinstated = wrongly
        self.approve_without_review(day)
        self.clock("2021-10-24", "one award was reinstated: the papers were genuine")

    def registers_again(self, day):
        """Half of those listed late are gone from the next snapshot; officers decide on the others."""
        for name, found in self.late.items():
            stay = found[len(found) // 2:]
            self.load_late(name, [self.ids[application] for _, application in stay], day)
            for number, (award, _) in enumerate(stay):
                decide = self.officers.uphold if number % 2 else self.officers.waive
                decide(award, HOLD_CODES[name], on=day)

    def give_again(self):
        """A recovery wave, drawn with as many seats as deadline, registers and officers have freed."""
        self.remember_money("before the recovery wave")
        freed = query("SELECT count(*) FROM application_read.award JOIN application_read.application USING (application_key)"
                      " WHERE wave = %s AND revoked", WAVE)[0][0]
        free = self.money["before the recovery wave"]
        self.seats_again = min(freed, (free["budget"] - free["committed"]) // (PACKAGE * 100))
        self.publish(self.folder / "people-again.jsonl")
        self.clock("2021-10-28", f"{freed:,} awards of wave {WAVE} were revoked: wave {RECOVERY_WAVE} applies")
        self.kerja.draw(self.seats_again, RECOVERY_WAVE, "--notice-day", "2021-10-30", "--decree", DECREES["recovery"])
        self.kerja.verify_draw(RECOVERY_WAVE)
        self.clock("2021-10-31", f"drew {self.seats_again:,} seats, all from freed money")
        self.remember_money("wave 22 awarded")

    def play_to_the_end(self):
        for day, sentence in [("2021-11-30", "third instalments, the year's purchases close"),
                              ("2022-01-31", "fourth instalments"),
                              ("2022-06-01", "the last who linked another account are paid")]:
            self.clock(day, sentence)
            self.review_mismatches(day)
        self.clock("2022-07-01", "the awards end; what was not paid is released")
        self.remember_money("the end")

    # -- parts of them --------------------------------------------------------------------------

    def clock(self, day, sentence):
        self.kerja.clock(day)
        self.screen.say(f"{day}: {sentence}", funnel=True)

    def publish(self, path):
        """The portal sends a file of registrations, and follows what becomes of them."""
        if "integrator" in self.world.processes:
            self.world.end("integrator")
        self.world.run("integrator", self.screen, path, "--publish-only", "--rate", self.arguments.rate,
                       *REPEATS, *CORRECTIONS)
        self.world.start("integrator")

    def tight_programme(self):
        text, changed = BUDGET.subn(rf"\g<1>{self.arguments.seats * PACKAGE}.00\2", PROGRAMME_FILE.read_text())
        assert changed == 1, "the programme's file has one budget of 2021"
        path = self.folder / PROGRAMME_FILE.name
        path.write_text(text)
        return path

    def awards(self):
        """(award, application) of the wave, in a fixed order of the applications."""
        return query("SELECT award_id::text, application_id FROM application_read.application"
                     " WHERE wave = %s AND status = 'AWARDED' ORDER BY application_id", WAVE)

    def listed(self, register):
        with open(self.folder / f"{register.lower()}.csv", encoding="utf-8") as file:
            return [line.split(",")[0] for line in file.read().split()[1:]]

    def load_late(self, register, national_ids, day):
        path = write_register(self.folder, register, [*self.listed_before[register], *national_ids])
        self.kerja.load_register(register, path, "--at", day + HOUR)

    def forge_release(self, award):
        """Somebody who can write to Kafka releases an award in one officer's name, past the command."""
        schemas = kerja_client.Schemas()
        event = {"award_id": award, "programme": PROGRAMME, "scheme": "semi-bansos", "change": "RELEASED",
                 "reason": "FRAUD_SUSPECTED", "by": "OFFICER", "amount": None, "decree_no": None, "currency": "IDR",
                 "occurred_at": kerja_client.datetime.fromisoformat(FORGED_AT), "sequence": 1_000_000,
                 "requested_by": "officer_siti", "approved_by": None}
        producer = Producer(kerja_client.producer_settings(os.environ["KERJA_KAFKA"]))
        headers = kerja_client.cloud_event_headers("/somebody", "award.changed", f"{award}/forged")
        producer.produce("award.changed", schemas.encode("award.changed", event), award, headers=headers)
        producer.flush()

    def review_mismatches(self, on):
        """Where the gateway's words contradict each other, its book says that it paid."""
        for (subject,) in query("SELECT entitlement_id::text FROM incentive_read.entitlement WHERE mismatch"):
            self.officers.waive(subject, "RECONCILE_MISMATCH", on=on)

    def approve_without_review(self, on):
        """Somebody's review was lost by the platform: the first instalment is approved by hand."""
        found = query("SELECT award_id::text FROM completion_read.award WHERE verified_completions > 0 AND NOT revoked"
                      " AND review_rated_on IS NULL AND first_completion_on < %s ORDER BY award_id LIMIT 1", on)
        for (award,) in found:
            self.officers.two("incentive", "approve", award, "--item", "job_search_incentive", "--instalment", 1,
                              "--amount", "600000", "--due-on", on, on=on)

    def remember_money(self, moment):
        committed, budget = query("SELECT used, ceiling FROM application_read.quota WHERE kind = 'MONEY'"
                                  " AND scope = 'ALL' AND year = 2021")[0]
        self.money[moment] = {"committed": committed, "budget": budget}
