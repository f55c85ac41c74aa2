"""The files of a source tree, as the rules of shape look at them."""
import dataclasses
import pathlib
import re
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
MADE = {".git", ".run", "build", "__pycache__", ".pytest_cache"}  # by ./run and by tools: not the project


@dataclasses.dataclass(frozen=True)
class Tree:
    root: pathlib.Path

    def files(self, *suffixes: str, under: str = "") -> list[str]:
        """Paths below the root, sorted: those that git knows or would add, or all where there is no git."""
        names = self._git() or self._walk()
        return sorted(name for name in names if name.startswith(under) and (not suffixes or name.endswith(suffixes))
                      and (self.root / name).is_file())

    def text(self, name: str) -> str:
        return (self.root / name).read_text(errors="replace")

    def lines(self, name: str) -> list[str]:
        return self.text(name).splitlines()

    def _git(self) -> list[str]:
        if not (self.root / ".git").exists() or not shutil.which("git"):
            return []
        done = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=self.root,
                              capture_output=True, text=True)
        return done.stdout.splitlines() if done.returncode == 0 else []

    def _walk(self) -> list[str]:
        return [str(path.relative_to(self.root)) for path in self.root.rglob("*")
                if path.is_file() and not MADE & set(path.relative_to(self.root).parts)]


def fake(folder: pathlib.Path, files: dict[str, str]) -> Tree:
    """A small tree with these files, to show that a rule catches what it forbids."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Tree(folder)


def obeys(wrong: list[str]) -> None:
    """Fails with one sentence a line."""
    assert not wrong, "\n" + "\n".join(wrong)


@dataclasses.dataclass(frozen=True)
class Function:
    name: str
    line: int   # of its opening brace
    length: int  # from brace to brace


def c_functions(lines: list[str]) -> list[Function]:
    """Functions of C as .clang-format writes them: only a function's braces stand alone in column 0."""
    found, opened, name = [], 0, ""
    for number, line in enumerate(lines, 1):
        if line == "{":
            opened, name = number, _name_before(lines, number)
        elif line == "}" and opened:
            found.append(Function(name, opened, number - opened + 1))
            opened = 0
    return found


def _name_before(lines: list[str], brace: int) -> str:
    """The function's name: the last word before the first parenthesis of the signature above its brace."""
    above = brace - 2
    while above > 0 and lines[above].startswith((" ", "\t")):
        above -= 1
    words = re.findall(r"(\w+)\(", lines[above])
    return words[0] if words else "?"


def c_code(text: str) -> str:
    """The text with comments and literals blanked, lines kept."""
    def blank(match: re.Match) -> str:
        return re.sub(r"[^\n]", " ", match.group())
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', blank, text, flags=re.S)
