"""What a person waits for: a pack, its first record, findings in words, whole commands.

Part of `python -m benchmarks`. Ratios are of the best rounds of one process, in which the ways take
turns; commands are processes of their own, of which the processor's time is told.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median

import msgspec

import scr_audit
from scr_audit import Finding, kept
from scr_audit.packs.builtin import pack_folder
from scr_audit.packs.load import load_folder

CASES = Path(__file__).parents[1] / "examples" / "cases.json"
AS_OF = date(2026, 11, 29)
ROUNDS = 5


def waiting(folder: Path) -> None:
    """Print the tables."""
    packs(folder)
    findings()
    commands(folder)


def best(*ways: Callable[[], object]) -> list[float]:
    """The seconds of each way's best round."""
    found = [float("inf")] * len(ways)
    for _ in range(ROUNDS):
        for place, way in enumerate(ways):
            start = time.process_time()
            way()
            found[place] = min(found[place], time.process_time() - start)
    return found


def packs(folder: Path) -> None:
    """A pack from its YAML and compiled; its first record with programs written and kept."""
    where = pack_folder("working-together")
    data = load_folder(where).to_bytes()
    pack = scr_audit.load_pack()
    record = msgspec.json.encode(msgspec.json.decode(CASES.read_bytes())["cases"][0])

    def first_record(folder: str) -> None:
        os.environ[kept.FOLDER] = folder
        kept.user_cache.cache_clear()
        scr_audit.compile_pack(pack).evaluate(record, as_of=AS_OF)

    before = os.environ.get(kept.FOLDER, "")
    yaml, compiled = best(lambda: load_folder(where), lambda: scr_audit.load_pack(data))
    written, found = best(lambda: first_record("off"), lambda: first_record(str(folder / "kept")))
    os.environ[kept.FOLDER] = before
    kept.user_cache.cache_clear()
    print(f"### A pack of {len(data) / 1e6:.1f} MB, and its first record\n")
    print("| what | made anew, ms | compiled or kept, ms | times as fast |")
    print("| --- | ---: | ---: | ---: |")
    for what, slow, fast in (
        ("the pack", yaml, compiled),
        ("the first record, its findings not read", written, found),
    ):
        print(f"| {what} | {slow * 1e3:,.0f} | {fast * 1e3:,.1f} | {slow / fast:,.0f} |")
    print()


def findings() -> None:
    """Findings of the example cases as JSON, against decoding these cases."""
    engine = scr_audit.compile_pack(scr_audit.load_pack())
    records = [
        msgspec.json.encode(each) for each in msgspec.json.decode(CASES.read_bytes())["cases"]
    ]

    def written(document: Callable[[Finding], object]) -> Callable[[], object]:
        return lambda: [
            msgspec.json.encode(document(each))
            for record in records
            for each in engine.evaluate(record, as_of=AS_OF)
        ]

    ways = {
        "outcomes and what is missing": written(Finding.outcome_to_dict),
        "with reasons": written(Finding.reason_to_dict),
        "with reasons and remedies": written(Finding.to_dict),
    }
    decoded, *times = best(lambda: [*map(msgspec.json.decode, records)], *ways.values())
    size = sum(map(len, records)) / len(records)
    print(f"### Findings of a case of {size / 1000:.1f} kB by all rules, as JSON\n")
    print("| what | ms a case | against msgspec.json.decode |")
    print("| --- | ---: | ---: |")
    for what, seconds in zip(ways, times, strict=True):
        print(f"| {what} | {seconds / len(records) * 1e3:.1f} | {seconds / decoded:,.0f} |")
    print()


def commands(folder: Path) -> None:
    """Whole commands: the processor's time, median of 5."""
    report, lines = str(folder / "report.html"), str(folder / "findings.ndjson")
    asked = {
        "scr-audit --version": ["--version"],
        "scr-audit run examples/cases.json -q": ["run", str(CASES), "-q"],
        "scr-audit run examples/cases.json": ["run", str(CASES)],
        "scr-audit run examples/cases.json -o findings.ndjson": ["run", str(CASES), "-o", lines],
        "scr-audit run examples/cases.json -o report.html": ["run", str(CASES), "-o", report],
        "scr-audit check --no-mutations": ["check", "--no-mutations"],
    }
    print("### Whole commands, the processor's time, median of 5\n")
    print("| command | seconds |")
    print("| --- | ---: |")
    for name, arguments in asked.items():
        times = []
        for _ in range(5):
            before = _of_children()
            command = [sys.executable, "-m", "scr_audit", *arguments]
            subprocess.run(command, check=True, capture_output=True)
            times.append(_of_children() - before)
        print(f"| {name} | {median(times):.2f} |")
    print()


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
