"""officers - two people with a database login each, who command the programme.

What moves money or lifts a hold takes both: the first one's command waits until the second says yes.
"""

import datetime
import json
import os
import re
import secrets
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg2

from play.command import Kerja

ROLES = ("kerja_officer", "kerja_read")
WAITS = re.compile(r"command (\d+) waits for a second officer")
HOUR = "T23:00:00+07:00"   # of a day that the clock has played to its end
AT_ONCE = 60               # awards, envelopes or commands on one command line


class Officers:
    def __init__(self, kerja):
        self.first = Kerja(kerja.folder, kerja.screen, login("siti"))
        self.second = Kerja(kerja.folder, kerja.screen, login("budi"))
        self.commands = 0  # that were sent
        self.refused = []  # what one officer alone was told

    def one(self, *words, on):
        """A command that the first officer gives alone."""
        self.first.run(*words, "--at", on + HOUR)
        self.commands += 1

    def two(self, *words, on):
        """A command that takes both."""
        self.second.run("approve", self._wish(words, on))
        self.commands += 1

    def alone(self, *words, on):
        """The first officer tries to be both; then the second agrees."""
        number = self._wish(words, on)
        self.refused.append((f"kerja approve {number}", self.first.refusal("approve", number)))
        self.second.run("approve", number)
        self.commands += 1

    def _wish(self, words, on):
        return WAITS.search(self.first.run(*words, "--at", on + HOUR)).group(1)

    # -- what they do ---------------------------------------------------------------------------

    def decree(self, awards, decree_no, on):
        for some in in_parts(awards):
            self.two("award", "decree", *some, "--decree-no", decree_no, on=on)

    def hold(self, award, reason, on):
        self.one("award", "hold", award, "--reason", reason, on=on)

    def release(self, award, reason, on):
        self.two("award", "release", award, "--reason", reason, on=on)

    def revoke(self, award, reason, on):
        self.two("award", "revoke", award, "--reason", reason, on=on)

    def reinstate(self, award, reason, on):
        self.two("award", "reinstate", award, "--reason", reason, on=on)

    def waive(self, subject, reason, on):
        self.two("review", subject, "--reason", reason, "--waive", on=on)

    def uphold(self, subject, reason, on):
        self.two("review", subject, "--reason", reason, "--uphold", on=on)


    def sign_off(self, until):
        """Every envelope of a day before `until` that nobody has signed; how many. One of them is tried alone first."""
        last = datetime.date.fromisoformat(until) - datetime.timedelta(days=1)
        listed = json.loads(self.first.run("envelope", "list", "--state", "unsigned", "--to", last, "--json"))
        for some in in_parts([one["envelope_id"] for one in listed]):
            numbers = WAITS.findall(self.first.run("envelope", "sign", *some))
            if not self.refused:
                self.refused.append((f"kerja approve {numbers[0]}", self.first.refusal("approve", numbers[0])))
            self.second.run("approve", *numbers)
            self.commands += len(numbers)
        return len(listed)


def in_parts(many):
    return [many[begin:begin + AT_ONCE] for begin in range(0, len(many), AT_ONCE)]


def login(name):
    """Makes the login where it is missing; returns what tells the command to use it."""
    role, password = f"officer_{name}", secrets.token_hex(16)
    address = os.environ["KERJA_POSTGRES"]
    connection = psycopg2.connect(address)
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,))
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE ROLE {role} LOGIN")
        cursor.execute(f"ALTER ROLE {role} PASSWORD %s", (password,))
        cursor.execute(f"GRANT {', '.join(ROLES)} TO {role}")
    connection.close()
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    return {"KERJA_POSTGRES": urlunsplit(parts._replace(netloc=f"{role}:{quote(password)}@{host}"))}
