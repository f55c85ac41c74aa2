#!/usr/bin/env python3
"""Checks a published draw, with nothing but Python and this file.

    python3 verify_draw.py FOLDER [--seed-sha256 HASH] [--pool-sha256 HASH] [--quiet]

FOLDER holds what `kerja draw publish` wrote: draw.json, pool.tsv and result.tsv. The two hashes are those that you wrote
down when they were announced, before the draw; without them those in draw.json are used, which only shows that the
files agree with each other. Ends with 0 when the list is right, with 1 when it is not, and says in either case what
was looked at; up to ten lines are named of each thing that is wrong.

It shares no code with Kerja. Of a million people it takes about a quarter of a minute and half a gigabyte.
"""
import argparse
import hashlib
import hmac
import json
import pathlib
import re
import sys
from typing import Iterator, NamedTuple

NAMED = 10  # lines told of one kind of fault
ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
SELECTED, NOT_DRAWN = "SELECTED", "NOT_DRAWN"


class Applicant(NamedTuple):
    """A line of pool.tsv."""
    application_id: str
    region_code: str
    priority_class: int  # 0 is drawn first
    family: int  # number of the family card within this draw; 0: none
    family_awards: int  # awards on the card before the draw


class Entry(NamedTuple):
    """A line of result.tsv."""
    rank: int
    application_id: str
    digest: str
    outcome: str


# How a draw is made. These three functions are all of it.

def digest(seed: bytes, application_id: str) -> bytes:
    """The first 8 bytes of HMAC-SHA-256 with the seed as key and the application's id as message."""
    return hmac.digest(seed, application_id.encode(), "sha256")[:8]


def ranked(pool: list[Applicant], seed: bytes) -> list[tuple[Applicant, bytes]]:
    """By class, digest and the bytes of the id, all ascending."""
    return sorted(((one, digest(seed, one.application_id)) for one in pool),
                  key=lambda pair: (pair[0].priority_class, pair[1], pair[0].application_id.encode()))


def walk(order: list[tuple[Applicant, bytes]], seats: dict[str, int], family_limit: int) -> Iterator[Entry]:
    """From the first to the last: who finds a seat in every row of seats that holds the region, and fewer than the limit of
    awards on the family card, those of this walk included, is selected."""
    left, awards, rows = dict(seats), {}, {}
    for rank, (one, number) in enumerate(order, 1):
        if one.region_code not in rows:
            rows[one.region_code] = [row for row in seats if row == "ALL" or row and one.region_code.startswith(row)]
        card = awards.setdefault(one.family, one.family_awards) if one.family else 0
        room = all(left[row] > 0 for row in rows[one.region_code])
        selected = room and (not one.family or not family_limit or card < family_limit)
        if selected:
            for row in rows[one.region_code]:
                left[row] -= 1
            awards[one.family] = card + 1
        yield Entry(rank, one.application_id, number.hex(), SELECTED if selected else NOT_DRAWN)


# What was published.

def lines(path: pathlib.Path) -> Iterator[list[str]]:
    """Fields between tabs, as PostgreSQL's COPY writes them."""
    undo = lambda found: ESCAPES.get(found[1], found[1])
    with open(path, encoding="utf-8", newline="\n") as file:
        for line in file:
            fields = line.rstrip("\n").split("\t")
            yield [re.sub(r"\\(.)", undo, field) for field in fields] if "\\" in line else fields


def read_pool(path: pathlib.Path) -> list[Applicant]:
    return [Applicant(name, region, int(number), int(family), int(awards))
            for name, region, number, family, awards in lines(path)]


def read_result(path: pathlib.Path) -> list[Entry]:
    return [Entry(int(rank), name, number, outcome) for rank, name, number, outcome in lines(path)]


def sha256_of(path: pathlib.Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# What is looked at.

def faults_of_commitments(draw: dict, seed_sha256: str, pool_sha256: str, found_pool: str) -> Iterator[str]:
    seed = hashlib.sha256(bytes.fromhex(draw["seed"])).hexdigest()
    if seed != seed_sha256:
        yield f"the seed is not the announced one: its SHA-256 is {seed}, announced was {seed_sha256}"
    if found_pool != pool_sha256:
        yield f"the pool is not the announced one: its SHA-256 is {found_pool}, announced was {pool_sha256}"


def faults_of_pool(draw: dict, pool: list[Applicant]) -> Iterator[str]:
    if len(pool) != draw["pooled"]:
        yield f"the pool has {len(pool)} applications, and {draw['pooled']} were drawn"
    if any(before.application_id.encode() >= one.application_id.encode() for before, one in zip(pool, pool[1:])):
        yield "the pool is not in the order of the ids, or somebody is in it twice"
    awards: dict[int, int] = {}
    for one in pool:
        if one.family and awards.setdefault(one.family, one.family_awards) != one.family_awards:
            yield f"family card {one.family} has two numbers of awards"


def faults_of_people(pool: list[Applicant], result: list[Entry]) -> Iterator[str]:
    """Everybody of the pool once, and nobody else."""
    expected, told = {one.application_id for one in pool}, set()
    for one in result:
        if one.application_id in told:
            yield f"{one.application_id} stands in the result twice"
        elif one.application_id not in expected:
            yield f"{one.application_id} stands in the result and not in the pool"
        told.add(one.application_id)
    for name in sorted(expected - told):
        yield f"{name} was in the pool and is left out of the result"


def faults_of_list(draw: dict, pool: list[Applicant], result: list[Entry]) -> Iterator[str]:
    """Rank by rank, against the list that this program makes."""
    made = walk(ranked(pool, bytes.fromhex(draw["seed"])), draw["seats"], draw["family_card_limit"])
    for expected, found in zip(made, result):
        if found == expected:
            continue
        if found.application_id != expected.application_id:
            yield f"rank {expected.rank} is {expected.application_id}'s, and {found.application_id} stands there"
        elif found.outcome != expected.outcome:
            yield f"rank {expected.rank}, {found.application_id}: {found.outcome}, and should be {expected.outcome}"
        else:
            yield f"rank {expected.rank}, {found.application_id}: rank or digest is wrong"


class Verification:
    """Says what was checked, and keeps whether all of it was right."""

    def __init__(self, quiet: bool):
        self.quiet, self.right = quiet, True

    def check(self, what: str, faults: Iterator[str]) -> None:
        found = 0
        for fault in faults:
            found += 1
            if found <= NAMED:
                print(f"WRONG: {fault}")
        if found > NAMED:
            print(f"WRONG: ... and {found - NAMED} more")
        if not found and not self.quiet:
            print(f"right: {what}")
        self.right = self.right and not found


def verify(folder: pathlib.Path, seed_sha256: str | None, pool_sha256: str | None, quiet: bool) -> bool:
    draw = json.loads((folder / "draw.json").read_text())
    pool, result = read_pool(folder / "pool.tsv"), read_result(folder / "result.tsv")
    verification = Verification(quiet)
    announced = seed_sha256 or draw["seed_sha256"], pool_sha256 or draw["pool_sha256"]
    verification.check("seed and pool have the announced SHA-256",
                       faults_of_commitments(draw, *announced, sha256_of(folder / "pool.tsv")))
    verification.check(f"{len(pool)} applications are in the pool, each once", faults_of_pool(draw, pool))
    verification.check("the result has everybody of the pool once, and nobody else", faults_of_people(pool, result))
    verification.check("every rank, digest and outcome is what the seed gives", faults_of_list(draw, pool, result))
    taken = sum(one.outcome == SELECTED for one in result)
    print(f"draw {draw['draw_id']} of {draw['programme']} wave {draw['wave']}: {len(result)} ranks, {taken} selected: "
          f"{'the list is right' if verification.right else 'THE LIST IS WRONG'}")
    if not (seed_sha256 and pool_sha256) and not quiet:
        print("the hashes were taken from draw.json: compare them with what was announced before the draw")
    return verification.right


def main() -> int:
    parser = argparse.ArgumentParser(description="checks a published draw")
    parser.add_argument("folder", type=pathlib.Path, help="with draw.json, pool.tsv and result.tsv")
    parser.add_argument("--seed-sha256", help="as announced before the wave opened")
    parser.add_argument("--pool-sha256", help="as announced before the draw")
    parser.add_argument("--quiet", action="store_true", help="only what is wrong, and the verdict")
    options = parser.parse_args()
    try:
        return 0 if verify(options.folder, options.seed_sha256, options.pool_sha256, options.quiet) else 1
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"WRONG: cannot read what was published: {error}")
        return 1


if __name__ == "__main__":
    sys.exit(main())
