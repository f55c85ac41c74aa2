"""Control totals and a gateway's day file on real servers: the worker pays, the example gateway answers and writes its
statement, `kerja envelope` and `kerja reconcile` say whether both books are one."""
import contextlib
import csv
import decimal
import json
import signal
import subprocess
import sys

import psycopg2
import pytest

import harness
from faults import people
from faults.ids import Ids
from harness.paths import ROOT, STATE, command_program
from harness.process import PATIENCE_S
from harness.worker import program_environment
from test_incentive import APPROVED_AT, approved, awarded, linked

PHONE = "+62811000"
AWARDS = 24
DAY = APPROVED_AT.date().isoformat()
ENVELOPE = f"{people.PROGRAMME}/BNI/{DAY}"
AMOUNT = 60_000_000  # hundredths, of each


class Money:
    """A worker, a gateway that refuses half of what it is asked for, two officers and an auditor who may only read."""

    def __init__(self, folder):
        self.folder, self.servers = folder, harness.Servers(folder, fresh=True)
        self.worker = self.gateway = None
        self.next = 0

    def __enter__(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.servers.start()
        try:
            harness.topics.create(self.servers.kafka.address)
            self.worker = harness.Worker("incentive", self.folder, self.servers.worker_environment()).start()
            for name, roles in (("ani", "kerja_read, kerja_officer"), ("budi", "kerja_read, kerja_officer"),
                                ("auditor", "kerja_read")):
                self.query("kerja", f"CREATE ROLE {name} LOGIN; GRANT {roles} TO {name}")
            with contextlib.closing(psycopg2.connect(self.address("kerja"))) as connection:
                with connection, connection.cursor() as cursor:
                    people.publish_programme(cursor)
            assert harness.wait_until(lambda: "programme in force" in self.worker.process.log.read_text(), PATIENCE_S)
            self.ids, self.sender = Ids(self.servers), harness.Sender(self.servers.kafka.address)
            self.open_gateway()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_reason):
        if self.gateway is not None:
            self.gateway.send_signal(signal.SIGTERM)
            self.gateway.wait(PATIENCE_S)
        if self.worker is not None:
            self.worker.stop()
        self.servers.stop()

    def open_gateway(self):
        with open(self.folder / "gateway.log", "ab") as log:
            self.gateway = subprocess.Popen(
                [sys.executable, ROOT / "examples/gateway.py", "--kafka", self.servers.kafka.address, "--book",
                 self.folder / "gateway.db", "--refuse", "0.5"], stdout=log, stderr=log)

    def address(self, login):
        own = self.servers.postgres.address
        return own if login == "kerja" else f"postgresql://{login}@{own.rpartition('@')[2]}"

    def query(self, login, sql, *values):
        with contextlib.closing(psycopg2.connect(self.address(login))) as connection:
            with connection, connection.cursor() as cursor:
                cursor.execute(sql, values or None)
                return cursor.fetchall() if cursor.description else []

    def kerja(self, login, *words, status=0):
        environment = {**program_environment(self.servers.environment()), "KERJA_POSTGRES": self.address(login)}
        done = subprocess.run([command_program(), *map(str, words)], env=environment, cwd=self.folder, text=True,
                              capture_output=True, timeout=PATIENCE_S)
        assert done.returncode == status, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout if status == 0 else done.stdout + done.stderr

    def pay(self, count):
        """So many more are asked for and answered. Nobody fires timers here, so accounts are known before approvals."""
        numbers = range(self.next + 1, self.next + count + 1)
        awards = {number: awarded(self.ids, number) for number in numbers}
        self.next += count
        for number, award in awards.items():
            self.sender.send("application.decided", award["award_id"],
                             {**award, "contact_token": self.ids.token("msisdn", PHONE)})
            self.sender.send("account.linked", award["person_id"], linked(award, number))
        self.sender.flush()
        self.wait("SELECT count(*) = %s FROM incentive_read.account WHERE linked", self.next)
        for award in awards.values():
            self.sender.send("incentive.approved", award["award_id"], approved(self.ids, award))
        self.sender.flush()
        self.wait("SELECT count(*) FILTER (WHERE status IN ('PAID', 'REJECTED')) = %s AND count(*) = %s"
                  " FROM incentive_read.instruction", self.next, self.next)

    def wait(self, sql, *values):
        assert harness.wait_until(lambda: self.query("auditor", sql, *values)[0][0], PATIENCE_S), sql

    def day_file(self):
        written = subprocess.run([sys.executable, ROOT / "examples/gateway.py", "--book", self.folder / "gateway.db",
                                  "--day-file", DAY, "--partner", "BNI"], text=True, capture_output=True, check=True)
        return list(csv.reader(written.stdout.splitlines()))

    def reconcile(self, lines, *words, status=0):
        with open(self.folder / "day.csv", "w", newline="") as file:
            csv.writer(file).writerows(lines)
        return self.kerja("auditor", "reconcile", "day.csv", *words, status=status)

    def envelope(self):
        [one] = json.loads(self.kerja("auditor", "envelope", "list", "--programme", people.PROGRAMME, "--json"))
        return one


@pytest.fixture(scope="module")
def money():
    with Money(STATE / "money") as world:
        world.pay(AWARDS)
        yield world


def kinds(told):
    return {total["agreement"]: total["payouts"] for total in json.loads(told)["totals"]}


def test_both_books_agree_to_the_rupiah(money):
    titles, *rows = money.day_file()
    assert len(rows) == money.next
    assert titles == ["instruction_id", "end_to_end_id", "status", "amount", "currency", "gateway_reference", "settled_at"]
    told = money.reconcile([titles, *rows], "--json")
    answer = json.loads(told)
    assert (answer["partner"], answer["day"], answer["agrees"]) == ("BNI", DAY, True)
    [total] = answer["totals"]
    assert (total["agreement"], total["payouts"]) == ("agrees", money.next)
    assert total["ledger_hundredths"] == total["gateway_hundredths"] == money.next * AMOUNT
    assert "all agree" in money.reconcile([titles, *reversed(rows)], "--partner", "ALL", "--day", DAY)
    nobody = ("--partner", 'A"B', "--day", DAY)
    assert "0 instructions here, 0 rows there: there is nothing to compare" in money.reconcile([titles], *nobody)
    assert json.loads(money.reconcile([titles], *nobody, "--json"))["partner"] == 'A"B'


def test_what_is_committed_stands_beside_the_budget(money):
    """Rp2,400,000 of each package is for the incentive; one year's money is a rupiah too little."""
    whole = money.next * 3_550_000
    money.sender.send("programme.published", people.PROGRAMME, {
        "programme": people.PROGRAMME, "sha256": "", "published_at": APPROVED_AT, "effective_from": APPROVED_AT.date(),
        "appropriations": [{"year": year, "component": component, "amount": decimal.Decimal(amount), "currency": "IDR"}
                           for year, component, amount in ((2020, "INCENTIVE", money.next * 2_400_000),
                                                           (2020, "ALL", whole - 1), (2021, "ALL", 1))]})
    money.sender.flush()
    rows = "SELECT year, component, currency, appropriated, committed, covered FROM incentive_read.budget ORDER BY 1, 2"
    money.wait("SELECT count(*) = 3 FROM incentive_read.budget")
    assert money.query("auditor", rows) == [(2020, "ALL", "IDR", (whole - 1) * 100, whole * 100, False),
                                            (2020, "INCENTIVE", "IDR", money.next * 240_000_000, money.next * 240_000_000, True),
                                            (2021, "ALL", "IDR", 100, 0, True)]
    assert money.query("auditor", "SELECT bool_and(agrees AND balanced), count(DISTINCT currency) FROM "
                                  "incentive_read.ledger_check") == [(True, 1)]


def spoiled(rows, what):
    """The rows with one of them otherwise, and the kind that it is told as."""
    rows = [list(row) for row in rows]
    paid = next(row for row in rows if row[2] == "PAID")
    refused = next(row for row in rows if row[2] == "REJECTED")
    if what == "paid_here_only":
        paid[2] = "REJECTED"
    elif what == "paid_there_only":
        refused[2] = "PAID"
    elif what == "status_differs":
        refused[2] = "RETURNED"
    elif what == "amount_differs":
        paid[3] = "600000.01"
    elif what == "twice":
        rows.append(paid)
    elif what == "not_ours":
        rows.append(["0" * 32 + "-01", "0" * 32, *paid[2:]])
    elif what == "no_row":
        rows.remove(refused)
    return rows


@pytest.mark.parametrize("what", ["paid_here_only", "paid_there_only", "status_differs", "amount_differs", "twice",
                                  "not_ours", "no_row"])
def test_one_row_otherwise_is_found(money, what):
    titles, *rows = money.day_file()
    told = money.reconcile([titles, *spoiled(rows, what)], "--json", status=1)
    found = kinds(told)
    assert {name: count for name, count in found.items() if name != "agrees"} == {what: 1}
    assert found["agrees"] == money.next - (what not in ("twice", "not_ours"))
    assert [one["agreement"] for one in json.loads(told)["differences"]] == [what]


def test_a_file_that_is_no_statement_is_refused_by_its_line(money):
    titles, *rows = money.day_file()
    bad = [titles, rows[0], [*rows[1][:3], "6 lakh", *rows[1][4:]]]
    told = money.reconcile(bad, status=1)
    assert "day.csv:3: amount must be" in told and "6 lakh" not in told
    assert "no column status" in money.reconcile([titles[:2] + titles[3:]], status=1)
    (money.folder / "open.csv").write_text(",".join(titles) + '\n"never closed,\n')
    assert "open.csv:2: a quote is not closed" in money.kerja("auditor", "reconcile", "open.csv", "--day", DAY,
                                                               "--partner", "BNI", status=1)
    assert "say --partner and --day" in money.reconcile([titles], status=1)


def test_whoever_only_reads_signs_nothing(money):
    assert "permission denied" in money.kerja("auditor", "envelope", "sign", ENVELOPE, status=1)
    assert "expected programme/partner/day" in money.kerja("ani", "envelope", "sign", "BNI", status=2)
    assert money.envelope()["state"] == "unsigned"


def test_two_officers_sign_what_the_books_say_and_later_payouts_stand_out(money):
    one = money.envelope()
    assert (one["envelope_id"], one["payouts"], one["amount_hundredths"], one["state"]) == (
        ENVELOPE, money.next, money.next * AMOUNT, "unsigned")
    told = money.kerja("ani", "envelope", "sign", ENVELOPE)
    number = int(told.split()[1])
    assert "waits for a second officer" in told and f"{money.next} payouts" in told
    assert money.envelope()["state"] == "waits"
    assert "waits for a second officer" in money.kerja("budi", "envelope", "sign", ENVELOPE, status=1)
    assert "is your own" in money.kerja("ani", "approve", number, status=1)
    money.pay(1)  # between both words
    assert "has changed since" in money.kerja("budi", "approve", number, status=1)
    money.kerja("budi", "withdraw", number)

    number = int(money.kerja("ani", "envelope", "sign", ENVELOPE).split()[1])
    assert money.kerja("budi", "approve", number).startswith(f"command {number} sent: envelope sign {ENVELOPE}")
    signed = money.envelope()
    assert (signed["state"], signed["signed_by"], signed["approved_by"]) == ("signed", "ani", "budi")
    assert signed["signed_payouts"] == signed["payouts"] == money.next
    assert "was signed by ani and budi" in money.kerja("budi", "envelope", "sign", ENVELOPE, status=1)
    [record] = [one.event for one in harness.read(money.servers.kafka.address, ["envelope.signed"], quiet_s=0.3)]
    assert (record["envelope_id"], record["payouts"], record["amount"] * 100, record["sequence"]) == (
        ENVELOPE, money.next, money.next * AMOUNT, number)
    assert (record["requested_by"], record["approved_by"]) == ("ani", "budi")
    [asked] = [row for row in json.loads(money.kerja("budi", "audit", "--subject", ENVELOPE, "--officer", "ani", "--json"))
               if row["command_number"] == number and row["command"] == "envelope sign"]
    assert asked["approved_by"] == "budi" and f"{money.next} payouts" in asked["detail"]

    money.pay(1)  # is paid like any other, and shown
    late = money.envelope()
    assert (late["state"], late["payouts"], late["signed_payouts"]) == ("RECONCILE_MISMATCH", money.next, money.next - 1)
    shown = json.loads(money.kerja("auditor", "envelope", "show", ENVELOPE, "--json"))
    assert sum(part["payouts"] for part in shown["states"]) == money.next
    assert [one["command"] for one in shown["signatures"]] == [number]
    number = int(money.kerja("ani", "envelope", "sign", ENVELOPE).split()[1])
    money.kerja("budi", "approve", number)
    assert money.envelope()["state"] == "signed"


@pytest.mark.parametrize("words, told", [
    (("envelope", "sign", "kartu-prakerja/BNI/2020-06-02"), "nothing was asked of"),
    (("envelope", "show", "kartu-prakerja/OVO/2020-06-01"), "nothing was asked of"),
])
def test_an_envelope_that_is_none_is_told(money, words, told):
    assert told in money.kerja("ani", *words, status=1)
