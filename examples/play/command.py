"""command - every call of the command `kerja`, in one place."""

import contextlib
import json
import pathlib
import subprocess

from harness.paths import ROOT, command_program
from harness.process import Failed
from harness.worker import program_environment

from play.world import GROUPS, tail

PROGRAMME = "kartu-prakerja"
PROGRAMME_FILE = ROOT / "programmes" / f"{PROGRAMME}.yaml"
LIVE_SECONDS = 0.5
SHOWN_WORDS = 12  # of a command that failed


class Kerja:
    """`login` is what differs from this process's environment: an officer's own KERJA_POSTGRES."""

    def __init__(self, folder, screen, login=None):
        self.folder, self.screen = folder, screen
        self.environment = program_environment(login or {})
        self.log = folder / "kerja.log"

    def publish_programme(self, path=PROGRAMME_FILE, *words):
        self.run("programme", "publish", path, *words)

    def synthesize(self, path, people, seed, wave, *words):
        self.run("synthesize", "--wave", wave, "--people", people, "--seed", seed, *words, output=path)

    def synthesize_programme(self, path, people, seed, rules, population):
        self.run("synthesize", "--programme", rules, "--population", population, "--people", people, "--seed", seed, output=path)

    def load_register(self, register, path, *words):
        self.run("register", "load", register, path, "--programme", PROGRAMME, *words)

    def draw(self, seats, wave, *words):
        self.run("draw", *named(wave), "--seats", seats, *words)

    def verify_draw(self, wave):
        return self.run("draw", "--verify", *named(wave))

    def clock(self, until, groups=GROUPS.values(), step=1):
        self.run(*clock_words(until, groups), "--step", step)

    def status(self):
        return json.loads(self.run("status", "--json"))

    def run(self, *words, output=None):
        """Runs it to its end while the screen lives; returns what it printed."""
        return self.finish(self.begin(*words, output=output))

    def begin(self, *words, output=None):
        command = [str(word) for word in (command_program(), *words)]
        kept = pathlib.Path(output or self.folder / f"kerja-{words[0]}.out")
        with open(kept, "w", encoding="utf-8") as out, open(self.log, "a", encoding="utf-8") as log:
            process = subprocess.Popen(command, stdout=out, stderr=log, stdin=subprocess.DEVNULL, env=self.environment)
        return Running(process, command[1:], kept, shown=output is None)

    def finish(self, running):
        try:
            while running.process.poll() is None:
                self.screen.renew()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    running.process.wait(LIVE_SECONDS)
        finally:
            running.stop()
        if running.process.returncode != 0:
            told = "\n".join(tail(self.log) + (tail(running.kept) if running.shown else []))
            raise Failed(f"kerja {shown(running.words)} ended with status {running.process.returncode}:\n{told}")
        return running.kept.read_text(encoding="utf-8") if running.shown else None

    def refusal(self, *words):
        """Runs what must be refused; returns the sentence."""
        command = [str(word) for word in (command_program(), *words)]
        done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, env=self.environment)
        if done.returncode == 0:
            raise Failed(f"kerja {shown(command[1:])} was not refused:\n{done.stdout}")
        return done.stderr.strip()


class Running:
    """A call under way. `shown`: what it prints is an answer, and not a file that somebody asked for."""

    def __init__(self, process, words, kept, shown):
        self.process, self.words, self.kept, self.shown = process, words, kept, shown

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait()


def shown(words):
    return " ".join(words if len(words) <= SHOWN_WORDS else [*words[:SHOWN_WORDS], "..."])


def named(wave):
    return "--programme", PROGRAMME, "--wave", wave


def clock_words(until, groups=GROUPS.values()):
    return "clock", "--until", until, "--wait-for", ",".join(groups)
