"""The golden net: by SHA-256, whether the program still gives what it gave.

`python tests/golden write` and `python tests/golden compare [--keep FOLDER]`. Other versions of
libraries (Typst, openpyxl) change sums too: write and compare with the same ones.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SUMS = Path(__file__).resolve().with_name("sums.txt")
TESTS = ("cli", "inputs", "language", "mappings", "packs")
for folder in ("examples/a-year", *(f"tests/{each}" for each in TESTS), "tests", "src"):
    sys.path.insert(0, str(ROOT / folder))

import time_machine  # noqa: E402
from outputs import PARTS, Outputs  # noqa: E402
from settled import MADE_AT, sum_of  # noqa: E402

# Pages of a store hold the time of each event, and what an audit folder keeps says where it is.
_LEFT_OUT = (".sqlite", "kept.json")


def main() -> int:
    """Write the sums, or say which outputs are others than those written."""
    parser = argparse.ArgumentParser(prog="tests/golden", description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("write", "compare"))
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="leave the outputs here")
    asked = parser.parse_args()
    if asked.keep and asked.keep.exists():
        parser.error(f"--keep {asked.keep}: is there already; name a new folder")
    with tempfile.TemporaryDirectory() as temporary:
        sums = made((asked.keep or Path(temporary) / "outputs").resolve())
    if asked.what == "write":
        lines = [f"{sums[name]} {name}\n" for name in sorted(sums)]
        SUMS.write_text("".join(lines), encoding="utf-8")
        return say([f"{len(sums)} outputs written to {SUMS.relative_to(ROOT)}"], 0)
    found = differences(written(), sums)
    return say([*found, f"{len(sums)} outputs, {len(found)} differ"], 1 if found else 0)


def made(folder: Path) -> dict[str, str]:
    """Every output made anew in a folder, and its sum by its name."""
    folder.mkdir(parents=True)
    with ProcessPoolExecutor() as processes:
        for part in [processes.submit(make, part, folder) for part in PARTS]:
            part.result()
    places = {folder: "OUTPUTS", ROOT: "CHECKOUT"}
    return {
        path.relative_to(folder).as_posix(): sum_of(path, places)
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(_LEFT_OUT)
    }


def make(part: Callable[[Outputs], None], folder: Path) -> None:
    """One part, in a folder of its own, as if it were made on the same day each time."""
    with time_machine.travel(MADE_AT, tick=True):
        part(Outputs(folder / part.__name__))


def written() -> dict[str, str]:
    """The sums that were written last, by name."""
    lines = SUMS.read_text("utf-8").splitlines()
    return {name: known for known, name in (line.split(" ", 1) for line in lines)}


def differences(before: dict[str, str], now: dict[str, str]) -> list[str]:
    """A line for each output that is new, gone or changed."""
    found = dict.fromkeys(before.keys() - now.keys(), "gone")
    found |= dict.fromkeys(now.keys() - before.keys(), "new")
    found |= {name: "changed" for name in before.keys() & now.keys() if before[name] != now[name]}
    return [f"{found[name]}: {name}" for name in sorted(found)]


def say(lines: list[str], code: int) -> int:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return code


if __name__ == "__main__":
    sys.exit(main())
