"""Turns text files into C strings: embed.py OUT PREFIX ROOT FILE...

Writes OUT.h and OUT.c with `extern const char PREFIX_<path>[]` for each file, its path below ROOT
with every other character as an underscore ("sql/load_person.sql" -> PREFIX_sql_load_person_sql).
"""
import pathlib
import re
import sys


def main():
    out, prefix, root = sys.argv[1:4]
    header = [f"/* made by cmake/embed.py */\n#ifndef {prefix.upper()}_EMBEDDED_H\n#define {prefix.upper()}_EMBEDDED_H"]
    source = [f'#include "{pathlib.Path(out).name}.h"\n']
    for name in sys.argv[4:]:
        path = pathlib.Path(name)
        symbol = f"{prefix}_" + re.sub(r"\W", "_", str(path.relative_to(root)))
        body = path.read_bytes()
        header.append(f"extern const char {symbol}[];")
        numbers = ",".join(str(byte if byte < 128 else byte - 256) for byte in body + b"\0")
        source.append(f"const char {symbol}[] = {{{numbers}}};\n")
    header.append("#endif\n")
    pathlib.Path(out + ".h").write_text("\n".join(header))
    pathlib.Path(out + ".c").write_text("".join(source))


main()
