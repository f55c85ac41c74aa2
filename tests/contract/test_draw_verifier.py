"""Two implementations of the draw, in C and in examples/verify_draw.py, and what the second says of a list that somebody
has touched.

The C code answers through `kerja try`, which ranks and walks with the functions of `kerja draw`; its list is written down
as `kerja draw publish` writes it. What is published of a draw on real servers is judged in integration/test_draw.py.
"""
import hashlib
import json
import pathlib
import random
import runpy
import subprocess
import sys

import pytest

from harness.paths import ROOT, command_program

PROGRAMME, WAVE, LIMIT = ROOT / "programmes" / "kartu-prakerja.yaml", 18, 2
VERIFIER = ROOT / "examples" / "verify_draw.py"
SEED = bytes(range(32))


def tried(pool: list[dict], seats, seed: bytes = SEED) -> list[dict]:
    """The list, as the C code makes it."""
    case = {"wave": WAVE, "phase": "DRAW", "seed": seed.hex(), "seats": seats, "pool": pool}
    done = subprocess.run([command_program(), "try", PROGRAMME], input=json.dumps(case), capture_output=True, text=True,
                          timeout=60, env={})
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["list"]


def made_up(chance: random.Random, people: int) -> tuple[list[dict], dict[str, int]]:
    """People of four districts, in families, some with a priority, some of whose cards have awards already."""
    cards = {f"F-{number}": chance.choice((0, 0, 0, 1, 2, 3)) for number in range(1 + people // 3)}
    pool = []
    for number in range(people):
        one = {"application_id": f"{chance.choice(('A', 'B-é', 'c'))}{number}",
               "region_code": chance.choice(("3171", "3273", "32", "1101"))}
        if chance.random() < 0.3:
            one["priorities"] = ["PRIO_COVID"]
        if chance.random() < 0.8:
            one["family_card"] = chance.choice(list(cards))
            one["family_card_awards"] = cards[one["family_card"]]
        pool.append(one)
    some = lambda: chance.randrange(people // 2 + 1)
    return pool, chance.choice(({"ALL": some()}, {"ALL": some(), "32": some(), "3273": some()},
                                {"31": some(), "1101": some()}))


def publish(folder: pathlib.Path, pool: list[dict], seats: dict, drawn: list[dict]) -> None:
    """The three files, by the C code's list."""
    folder.mkdir(exist_ok=True)
    of = {one["application_id"]: one for one in drawn}
    cards = {card: number for number, card in enumerate(sorted({one.get("family_card", "") for one in pool} - {""}), 1)}
    rows = sorted(((one["application_id"], one["region_code"], of[one["application_id"]]["class"],
                    cards.get(one.get("family_card"), 0), one.get("family_card_awards", 0)) for one in pool),
                  key=lambda row: row[0].encode())
    (folder / "pool.tsv").write_text("".join("\t".join(map(str, row)) + "\n" for row in rows))
    outcome = {True: "SELECTED", False: "NOT_DRAWN"}
    (folder / "result.tsv").write_text("".join(
        f"{one['rank']}\t{one['application_id']}\t{one['digest']}\t{outcome[one['selected']]}\n" for one in drawn))
    (folder / "draw.json").write_text(json.dumps({
        "programme": "kartu-prakerja", "wave": WAVE, "draw_id": "made-up", "seed": SEED.hex(), "pooled": len(pool),
        "seed_sha256": hashlib.sha256(SEED).hexdigest(), "pool_sha256": sha256(folder / "pool.tsv"), "seats": seats,
        "family_card_limit": LIMIT}))


def sha256(path: pathlib.Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def verified(folder: pathlib.Path, *options) -> tuple[int, str]:
    done = subprocess.run([sys.executable, "-I", VERIFIER, folder, *options], capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    return done.returncode, done.stdout


@pytest.mark.parametrize("number", range(12))
def test_both_implementations_make_one_list(tmp_path, number):
    chance = random.Random(number)
    pool, seats = made_up(chance, chance.choice((1, 2, 40, 400)))
    drawn = tried(pool, seats)
    publish(tmp_path / "draw", pool, seats, drawn)
    status, said = verified(tmp_path / "draw")
    assert status == 0 and "the list is right" in said and "WRONG" not in said, said


@pytest.fixture
def published(tmp_path):
    """A draw of sixty people, and the hashes that were announced before it."""
    pool, seats = made_up(random.Random(5), 60)[0], {"ALL": 20, "32": 8}
    publish(tmp_path / "draw", pool, seats, tried(pool, seats))
    folder = tmp_path / "draw"
    announced = ("--seed-sha256", hashlib.sha256(SEED).hexdigest(), "--pool-sha256", sha256(folder / "pool.tsv"))
    assert verified(folder, *announced)[0] == 0
    return folder, announced


def lines_of(path: pathlib.Path) -> list[str]:
    return path.read_text().splitlines(keepends=True)


def swap_ids(folder):
    """Two people change places: the ranks, digests and outcomes stay where they are."""
    rows = [line.split("\t") for line in lines_of(folder / "result.tsv")]
    rows[3][1], rows[40][1] = rows[40][1], rows[3][1]
    (folder / "result.tsv").write_text("".join("\t".join(row) for row in rows))


def swap_neighbours(folder):
    """The same of two whole lines, with their ranks put right again."""
    rows = [line.split("\t") for line in lines_of(folder / "result.tsv")]
    rows[10], rows[11] = rows[11], rows[10]
    rows[10][0], rows[11][0] = rows[11][0], rows[10][0]
    (folder / "result.tsv").write_text("".join("\t".join(row) for row in rows))


def leave_out(folder):
    rows = lines_of(folder / "result.tsv")
    (folder / "result.tsv").write_text("".join(rows[:30] + rows[31:]))


def leave_out_the_last(folder):
    (folder / "result.tsv").write_text("".join(lines_of(folder / "result.tsv")[:-1]))


def add_twice(folder):
    rows = lines_of(folder / "result.tsv")
    (folder / "result.tsv").write_text("".join(rows + [rows[0].replace("1", "61", 1)]))


def select_one_more(folder):
    text = (folder / "result.tsv").read_text()
    (folder / "result.tsv").write_text(text.replace("NOT_DRAWN", "SELECTED", 1))


def change_the_seed(folder):
    draw = json.loads((folder / "draw.json").read_text())
    draw["seed"] = "ff" * 32
    (folder / "draw.json").write_text(json.dumps(draw))


def made_anew(folder, seed: bytes, draw: dict) -> None:
    """A list that follows from that seed and the pool as it is now, so that the files agree with each other."""
    verifier = runpy.run_path(str(VERIFIER))
    order = verifier["ranked"](verifier["read_pool"](folder / "pool.tsv"), seed)
    entries = verifier["walk"](order, draw["seats"], draw["family_card_limit"])
    (folder / "result.tsv").write_text("".join("\t".join(map(str, entry)) + "\n" for entry in entries))
    (folder / "draw.json").write_text(json.dumps(draw))


def another_seed(folder):
    draw, other = json.loads((folder / "draw.json").read_text()), b"\xff" * 32
    made_anew(folder, other, draw | {"seed": other.hex(), "seed_sha256": hashlib.sha256(other).hexdigest()})


def another_pool(folder):
    """Somebody joins after the announcement."""
    rows = lines_of(folder / "pool.tsv") + ["zz-late\t3171\t0\t0\t0\n"]
    (folder / "pool.tsv").write_text("".join(rows))
    draw = json.loads((folder / "draw.json").read_text())
    made_anew(folder, SEED, draw | {"pooled": len(rows), "pool_sha256": sha256(folder / "pool.tsv")})


def another_region(folder):
    """Somebody is moved to where there are seats."""
    (folder / "pool.tsv").write_text((folder / "pool.tsv").read_text().replace("\t3273\t", "\t1101\t", 1))


TOUCHED = {"two people swapped": (swap_ids, "stands there"), "two neighbours swapped": (swap_neighbours, "stands there"),
           "one left out": (leave_out, "is left out of the result"),
           "the last left out": (leave_out_the_last, "is left out of the result"),
           "one twice": (add_twice, "stands in the result twice"), "one selected more": (select_one_more, "should be NOT_DRAWN"),
           "another seed": (change_the_seed, "the seed is not the announced one"),
           "another seed throughout": (another_seed, "the seed is not the announced one"),
           "another pool throughout": (another_pool, "the pool is not the announced one"),
           "a region changed": (another_region, "the pool is not the announced one")}


@pytest.mark.parametrize("how", TOUCHED)
def test_a_list_that_was_touched_is_noticed(published, how):
    folder, announced = published
    touch, told = TOUCHED[how]
    touch(folder)
    status, said = verified(folder, *announced)
    assert status == 1 and told in said and said.endswith("THE LIST IS WRONG\n"), said


@pytest.mark.parametrize("how", ["another seed throughout", "another pool throughout"])
def test_only_what_was_announced_tells_a_draw_made_anew(published, how):
    """The files agree with each other; who did not keep the hashes of before is told to compare them."""
    folder, _announced = published
    TOUCHED[how][0](folder)
    status, said = verified(folder)
    assert status == 0 and "compare them with what was announced" in said


def test_files_that_cannot_be_read_are_told(tmp_path):
    status, said = verified(tmp_path)
    assert status == 1 and "cannot read what was published" in said
