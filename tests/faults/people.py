"""A wave of people who apply, and what must become of each: the reference that the workers are held to.

Everything follows from a seed. What an applicant's records must cause is known without running a worker: the
status at the end, and each output by its id, which is a function of service, cause and index alone.
"""
import dataclasses
import datetime
import hashlib
import pathlib
import random
import uuid

PROGRAMME = "kartu-prakerja"
WAVE = 50  # of the scheme "normal": no seats are known, so that the money of its year is the only limit
PACKAGE_HUNDREDTHS = 420_000_000  # what an award of that scheme commits
SUBMITTED_AT = datetime.datetime(2023, 7, 1, 3, tzinfo=datetime.timezone.utc)
DRAWN_AT = datetime.datetime(2023, 7, 10, 3, tzinfo=datetime.timezone.utc)
NOTICE_DAY = datetime.date(2023, 7, 11)
LOADED_AT = datetime.datetime(2023, 6, 1, tzinfo=datetime.timezone.utc)
SOURCE = "/integrator/faults"
SEATS = 100_000  # of the wave where it is limited: never all of them
DECREE, DECREE_LATER = "SK-50-2023", 0.05  # the share whose decree has no number yet on the day of the draw
REGISTERS = ("EDUCATION", "LAID_OFF", "BLACKLIST", "DTKS", "PKH", "BSU", "BPUM", "OCCUPATION", "FRAUD_CASE")
PROGRAMME_FILE = pathlib.Path(__file__).resolve().parents[2] / "programmes" / f"{PROGRAMME}.yaml"

# Kind to (how many of a hundred, status at the end).
KINDS = {"selected": (35, "AWARDED"), "passed over": (12, "NOT_DRAWN"), "pooled": (25, "POOLED"),
         "too young": (8, "REJECTED"), "foreign": (4, "REJECTED"), "unverified": (8, "HELD"),
         "corrected": (8, "POOLED")}


@dataclasses.dataclass
class Record:
    """One record to be sent, and the topics of the outputs that it must cause."""
    topic: str
    key: str | None
    event: dict | None
    event_id: str
    outputs: tuple[str, ...] = ()
    value: bytes | None = None  # garbage, in the place of an event
    early: bool = False  # waits for its application, so that its outputs have no place in its own order


@dataclasses.dataclass
class Applicant:
    application_id: str
    number: int
    status: str
    decreed: bool = True
    now: list[Record] = dataclasses.field(default_factory=list)  # sent while applications come
    later: list[Record] = dataclasses.field(default_factory=list)  # sent when all have been decided


def output_id(service: str, source: str, cause_id: str, index: int) -> str:
    """The id that an output has for ever: a UUID (version 8) of SHA-256 over its length-prefixed cause."""
    digest = hashlib.sha256()
    for part in (service, source, cause_id, str(index)):
        digest.update(len(part.encode()).to_bytes(4, "big") + part.encode())
    octets = bytearray(digest.digest()[:16])
    octets[6], octets[8] = octets[6] & 0x0F | 0x80, octets[8] & 0x3F | 0x80
    return str(uuid.UUID(bytes=bytes(octets)))


def national_id(number: int) -> str:
    return f"{number:016d}"


def msisdn(number: int) -> str:
    return f"+62811{number % 10**8:08d}"


def submitted(application_id: str, number: int, **changes) -> dict:
    """application.submitted of somebody whom nothing stands in the way of."""
    checked = [{"register": name, "result": "MATCH", "number": None, "text": None, "checked_at": SUBMITTED_AT}
               for name in ("POPULATION", "FAMILY_CARD", "FACE")]
    return {"application_id": application_id, "revision": 1, "programme": PROGRAMME, "wave": WAVE,
            "submitted_at": SUBMITTED_AT, "country": "ID", "citizenship": "ID", "national_id": national_id(number),
            "family_card_no": f"{number // 2:016d}", "birth_date": datetime.date(1990, 1, 1), "region_code": "31.71",
            "msisdn": msisdn(number), "msisdn_verified_at": SUBMITTED_AT,
            "email": "somebody@example.org", "email_verified_at": SUBMITTED_AT, "language": "id",
            "employment_status": "JOB_SEEKER", "occupation_class": "NONE", "in_formal_education": False,
            "wants_formal_job": True, "informal_only": False, "covid_affected": False, "declarations": [],
            "checks": checked, **changes}


def drawn(application_id: str, position: int, outcome: str, **changes) -> dict:
    return {"application_id": application_id, "programme": PROGRAMME, "wave": WAVE, "draw_id": str(uuid.UUID(int=WAVE)),
            "region_code": "31.71", "position": position, "pool_size": 10**6, "outcome": outcome,
            "drawn_at": DRAWN_AT, "notice_day": NOTICE_DAY, **changes}


def snapshot_end(register: str, snapshot: str = "2023") -> dict:
    """The record that makes a register's snapshot valid: whoever is not in it is not listed."""
    return {"register": register, "snapshot": snapshot, "person_id": str(uuid.UUID(int=0)), "listed": False, "number": 0,
            "valid_from": LOADED_AT.date(), "loaded_at": LOADED_AT}


def snapshot_records() -> list[Record]:
    return [Record("register.listed", name, snapshot_end(name), f"snapshot-{name}") for name in REGISTERS]


def applicants(count: int, seed: int, first: int = 0) -> list[Applicant]:
    """People number `first` and following; the same number is the same person."""
    chance = random.Random(seed)
    names, weights = list(KINDS), [share for share, _status in KINDS.values()]
    return [applicant(f"F{seed}-{number:06d}", number, chance.choices(names, weights)[0], chance)
            for number in range(first, first + count)]


def applicant(application_id: str, number: int, kind: str, chance: random.Random) -> Applicant:
    one = Applicant(application_id, number, KINDS[kind][1])
    changes = {"too young": {"birth_date": datetime.date(2010, 1, 1)}, "foreign": {"citizenship": "MY"},
               "unverified": {"email_verified_at": None}, "corrected": {"email_verified_at": None}}.get(kind, {})
    event = submitted(application_id, number, **changes)
    told = ("application.decided",) if not changes else ("application.decided", "notification.requested")
    one.now.append(Record("application.submitted", application_id, event, f"{application_id}/1", told))
    if kind == "corrected":
        better = submitted(application_id, number, revision=2)
        one.now.append(Record("application.submitted", application_id, better, f"{application_id}/2",
                              ("application.decided",)))
    if chance.random() < 0.15:  # a portal that got no answer sends the same again
        one.now.append(dataclasses.replace(one.now[-1], outputs=()))
    if kind in ("selected", "passed over"):
        add_draw(one, number, "SELECTED" if kind == "selected" else "NOT_DRAWN", chance)
    return one


def add_draw(one: Applicant, number: int, outcome: str, chance: random.Random) -> None:
    early = chance.random() < 0.2
    one.decreed = chance.random() >= DECREE_LATER
    event = drawn(one.application_id, number + 1, outcome, decree_no=DECREE if one.decreed else None)
    draw = Record("application.drawn", one.application_id, event,
                  f"{one.application_id}/drawn", ("application.decided", "notification.requested"), early=early)
    records = [draw] + [dataclasses.replace(draw, outputs=())] * (chance.random() < 0.1)
    if early:
        one.now[:0] = records  # before the application
    else:
        one.later += records


def garbage(count: int, seed: int) -> list[Record]:
    """What no decoder can read; each becomes one dead letter."""
    chance = random.Random(seed + 1)
    shapes = (lambda: chance.randbytes(chance.randrange(1, 200)), lambda: b"", lambda: b"\xc3\x01" + chance.randbytes(40),
              lambda: b"\x00\x00\x00\x00\x07" + chance.randbytes(20))
    return [Record(chance.choice(("application.submitted", "application.drawn")), f"garbage-{number}", None,
                   f"garbage-{seed}-{number}", ("dead.letter",), value=chance.choice(shapes)())
            for number in range(count)]


def limited_programme(seats: int = SEATS) -> str:
    """The published file, with seats for the wave, so that there are some to be counted."""
    text = PROGRAMME_FILE.read_text()
    assert text.count("\nwaves:\n") == 1
    return text.replace("\nwaves:\n", f"\nwaves:\n  - {{number: {WAVE}, seats: {seats}}}\n")


def publish_programme(cursor, text: str | None = None) -> None:
    """What `kerja programme publish` stores: the file that workers judge by."""
    text = text or PROGRAMME_FILE.read_text()
    cursor.execute("INSERT INTO kerja.programme (programme, sha256, text) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
                   (PROGRAMME, hashlib.sha256(text.encode()).digest(), text))
