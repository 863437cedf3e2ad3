"""What the identifier gate costs a run of totals, and how its memory grows: `python -m benchmarks`.

The records are those of `examples/cases.json` over and over, each with an id of its own. The gate's
share is the ratio of the best rounds of one process, in which both runs take turns; each begins
with a gate that has seen nothing. Peak memory is that of whole commands, a process each.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from itertools import cycle, islice
from pathlib import Path

import scr_audit
from scr_audit.anonymity import Gate

CASES = Path(__file__).parents[1] / "examples" / "cases.json"
AS_OF = date(2026, 11, 29)
ROUNDS = 5
FEW, MANY = 5_000, 200_000

LAUNCHER = """
import os, subprocess, sys
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(os.wait4(child.pid, 0)[2].ru_maxrss)
"""


def write_examples(path: Path, count: int) -> None:
    """Write `count` records to a file, one a line."""
    cases = json.loads(CASES.read_bytes())["cases"]
    with path.open("w") as file:
        for number, case in enumerate(islice(cycle(cases), count), 1):
            record = {**case, "id": f"C{number:06}"}
            file.write(json.dumps(record, separators=(",", ":")) + "\n")


def gate(folder: Path, count: int) -> None:
    """Print what totals take with the gate, against totals without it."""
    path = folder / "examples.ndjson"
    write_examples(path, count)
    pack = scr_audit.load_pack()
    engine = scr_audit.compile_pack(pack)

    def without() -> None:
        engine.run(path, as_of=AS_OF)

    def gated() -> None:
        found = Gate(pack)
        engine.run(path, as_of=AS_OF, admit=found.admit, on_judged=found.count_alike)
        found.check()

    runs: list[Callable[[], None]] = [without, gated]
    best = [float("inf")] * len(runs)
    for _ in range(ROUNDS):
        for place, run in enumerate(runs):
            start = time.process_time()
            run()
            best[place] = min(best[place], time.process_time() - start)
    print(f"## {count:,} example records, totals with and without the identifier gate\n")
    print("| totals | µs a record | ratio |\n| --- | ---: | ---: |")
    for name, seconds in zip(("without the gate", "with the gate"), best, strict=True):
        print(f"| {name} | {seconds / count * 1e6:,.0f} | {seconds / best[0]:.2f} |")
    print()


def gate_memory(folder: Path) -> None:
    """Print the peak memory of totals with the gate over few and many example records."""
    print(f"| run | {FEW:,} records | {MANY:,} records | growth |")
    print("| --- | ---: | ---: | ---: |")
    peaks = []
    for count in (FEW, MANY):
        path = folder / f"examples-{count}.ndjson"
        write_examples(path, count)
        peaks.append(peak(path, ["--totals-only", "-o", str(folder / "totals.json")]))
        path.unlink()
    few, many = peaks
    print(f"| totals of example records | {few:.0f} MB | {many:.0f} MB | {many - few:.0f} MB |\n")


def peak(path: Path, options: list[str]) -> float:
    """The peak memory of one run in MB, as the operating system accounts for the process.

    A small process starts it: a child is charged with the memory of the process it came from.
    """
    command = [sys.executable, "-m", "scr_audit", "run", str(path), *options]
    found = subprocess.run(
        [sys.executable, "-c", LAUNCHER, *command], check=True, capture_output=True, text=True
    )
    return int(found.stdout) / 1024
