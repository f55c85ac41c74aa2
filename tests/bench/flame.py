"""A flame graph: where processes spend their CPU, as one SVG file that needs nothing else.

    perf script ... | python3 flame.py > flame.svg

Each box is a function; what it calls stands on it; its width is its part of all samples. Boxes side by side are in
alphabetical order, not in that of time. The name of a box and its part are shown when the mouse rests on it. Nothing but names
of processes and functions is taken over.
"""
import collections
import html
import re
import sys

WIDTH, ROW, FONT, LETTER = 1200, 16, 11, 6.6
SMALLEST = 0.001  # of all samples; narrower boxes are left out
STATIC = re.compile(r"\.(constprop|isra|part|cold)\b.*$|@.*$")
COLOURS = {"postgres": (205, 140, 60), "": (190, 190, 190)}  # a process of PostgreSQL, and what is unknown


def stacks(script: str) -> collections.Counter:
    """`perf script` as stack, outermost first, to samples. A sample is a headline, frames from the innermost, an empty line."""
    found: collections.Counter = collections.Counter()
    for sample in script.split("\n\n"):
        lines = sample.strip("\n").splitlines()
        if not lines or lines[0].startswith((" ", "\t")):
            continue
        frames = [function(line) for line in reversed(lines[1:])]
        known = [frame for frame, before in zip(frames, [None, *frames]) if frame != before or not frame.startswith("[")]
        found[(process(lines[0]), *known)] += 1
    return found


def process(headline: str) -> str:
    """The name before the numbers; a thread of the worker is named by what it does."""
    return re.match(r"\s*(.*?)\s+\d", headline)[1]


def function(line: str) -> str:
    """Address, name, and in brackets where it is from: of an unknown one only the file's name."""
    words = line.split(None, 1)[1] if " " in line.strip() else line
    name, _, place = words.rpartition(" (")
    if not name or name == "[unknown]":
        return f"[{place.rstrip(')').rpartition('/')[2] or 'unknown'}]".replace("[[", "[").replace("]]", "]")
    return STATIC.sub("", name.partition("+0x")[0])


class Box:
    """A function under those that called it."""

    def __init__(self, name: str):
        self.name, self.samples, self.above = name, 0, {}

    def add(self, stack: tuple, samples: int) -> None:
        self.samples += samples
        if stack:
            self.above.setdefault(stack[0], Box(stack[0])).add(stack[1:], samples)

    def height(self, least: float) -> int:
        return 1 + max((box.height(least) for box in self.above.values() if box.samples >= least), default=0)


def tree(found: collections.Counter) -> Box:
    root = Box("all")
    for stack, samples in found.items():
        root.add(stack, samples)
    return root


def share(root: Box, name: str) -> float:
    """The part of all samples that has `name` somewhere in its stack."""
    def under(box: Box) -> int:
        return box.samples if box.name == name else sum(map(under, box.above.values()))
    return under(root) / max(1, root.samples)


def svg(root: Box, title: str) -> str:
    least = root.samples * SMALLEST
    height = (root.height(least) + 2) * ROW
    boxes: list[str] = []
    draw(root, 0.0, height - ROW, root, least, "", boxes)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="monospace" '
            f'font-size="{FONT}">\n<rect width="100%" height="100%" fill="#fff"/>\n'
            f'<text x="4" y="{ROW - 4}">{html.escape(title)}</text>\n' + "\n".join(boxes) + "\n</svg>\n")


def draw(box: Box, left: float, top: float, root: Box, least: float, owner: str, boxes: list[str]) -> None:
    width = box.samples / root.samples * WIDTH
    letters = int((width - 4) / LETTER)
    name = html.escape(box.name if len(box.name) <= letters else box.name[:letters - 1] + "…")
    text = f'<text x="{left + 2:.1f}" y="{top + ROW - 4:.0f}">{name}</text>' if letters > 2 else ""
    boxes.append(f'<g><title>{html.escape(box.name)} {box.samples / root.samples:.1%}</title><rect x="{left:.1f}" '
                 f'y="{top:.0f}" width="{max(0.1, width - 0.3):.1f}" height="{ROW - 1}" fill="{colour(box.name, owner)}"/>'
                 f"{text}</g>")
    for name in sorted(box.above):
        if box.above[name].samples >= least:
            draw(box.above[name], left, top - ROW, root, least, owner or (name if box is root else ""), boxes)
        left += box.above[name].samples / root.samples * WIDTH


def colour(name: str, owner: str) -> str:
    """Of one hue for each process; a little lighter or darker for each name."""
    red, green, blue = COLOURS["" if name.startswith("[") else "postgres"] \
        if name.startswith("[") or owner.startswith("postgres") else (105, 155, 205)
    shade = sum(name.encode()) % 30
    return f"#{red + shade:02x}{green + shade:02x}{blue + shade:02x}"


if __name__ == "__main__":
    sys.stdout.write(svg(tree(stacks(sys.stdin.read())), "CPU"))
