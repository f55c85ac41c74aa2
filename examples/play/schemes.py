"""schemes - the six schemes of `./run demo --all`: who comes, when, and from which file; a table and nothing else."""

import dataclasses
import itertools

from harness.paths import ROOT

POPULATIONS = ROOT / "examples" / "populations"
PROGRAMMES = ROOT / "programmes"


@dataclasses.dataclass(frozen=True)
class Scheme:
    name: str                # as the programme file calls it
    title: str
    programme: str
    share: float             # of all people who apply
    paid_by: str             # the client that knows who bought and completed; "" where nobody buys
    wave: int | None = None
    words: tuple = ()        # of `kerja synthesize`: what the file does not say of the wave
    selected_of: float = 0   # seats of the wave, as a share of who applies

    @property
    def rules(self):
        return PROGRAMMES / f"{self.programme}.yaml"

    @property
    def population(self):
        return POPULATIONS / f"{self.programme}.json"


VOKASI = Scheme("vokasi-2020", "Vokasi Indonesia Pekerja", "vokasi-indonesia-pekerja", 0.12, "training_centre")
SEMI_BANSOS = Scheme("semi-bansos", "Kartu Prakerja semi-bansos", "kartu-prakerja", 0.30, "training_platform", wave=18,
                     selected_of=0.3)
# No source gives the day on which wave 69 opened: five days before it closed, as other waves did.
NORMAL = Scheme("normal", "Kartu Prakerja normal", "kartu-prakerja", 0.22, "training_platform", wave=69, selected_of=0.3,
                words=("--opens", "2024-05-31T17:00:00Z"))
DAYA = Scheme("daya-kerjaya-2023", "Daya Kerjaya", "daya-kerjaya", 0.14, "")
TVET = Scheme("daya-kerjaya-tvet-2023", "Daya Kerjaya TVET", "daya-kerjaya-tvet", 0.12, "training_centre")
BINA = Scheme("bina-kerjaya-2023", "Bina Kerjaya", "bina-kerjaya", 0.10, "training_centre")
ALL = [SEMI_BANSOS, NORMAL, VOKASI, DAYA, TVET, BINA]
PROGRAMME_NAMES = list(dict.fromkeys(scheme.programme for scheme in ALL))
COUNTRIES = {"ID": [SEMI_BANSOS, NORMAL, VOKASI], "MY": [DAYA, TVET, BINA]}


def people_of(scheme, people):
    return max(1, round(people * scheme.share))


def joined(parts, whole):
    """One file of several, lines in the order of their parts."""
    with open(whole, "w", encoding="utf-8") as out:
        for part in parts:
            with open(part, encoding="utf-8") as lines:
                out.writelines(itertools.chain(lines))
    return whole
