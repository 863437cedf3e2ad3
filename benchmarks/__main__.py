"""Side by side with peers: `python -m benchmarks`, printed as a table of ratios from one run.

Everything is timed in this one process, pinned to one core, best of several rounds that take
turns, so that a machine that slows down slows all alike. `--quick` takes fewer records;
`--memory` adds the peak memory of runs over few and over 200,000 records; `--processes` measures
two processes against one, and nothing else.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import re
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import orjson

import scr_audit
from benchmarks import processes
from benchmarks.expression_peers import cel, rule_engine, zen_decision, zen_engine, zen_one_by_one
from benchmarks.gate import gate, gate_memory, peak
from benchmarks.peers import duckdb, pandas, polars
from benchmarks.records import write_ndjson
from benchmarks.ten_rules import plain
from benchmarks.waiting import waiting

ROUNDS = 5
TEN = Path(__file__).with_name("ten_rules.yaml")

Timed = Callable[[], object]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer records")
    parser.add_argument("--memory", action="store_true", help="peak memory, takes minutes")
    parser.add_argument("--processes", action="store_true", help="two processes against one")
    options = parser.parse_args()
    if options.processes:
        processes.main()
        return
    count = 500 if options.quick else 2000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        throughput(folder, count)
        gate(folder, count)
        single_record(folder)
        waiting(folder)
        if options.memory:
            memory(folder)
            gate_memory(folder)


def throughput(folder: Path, count: int) -> None:
    """Records a second: reading NDJSON, deciding, totalling."""
    path = folder / "records.ndjson"
    write_ndjson(path, count, seed=1)
    lines = path.read_bytes().splitlines()
    seventy = scr_audit.compile_pack(case_rules(70))
    ten = scr_audit.compile_pack(ten_rule_pack(folder / "ten"))
    rows: list[tuple[str, int, Timed, int]] = [
        ("orjson.loads, nothing decided", 0, lambda: parsed(lines), 1),
        (named("scr-audit"), 70, lambda: seventy.run(path), 1),
        (named("scr-audit"), 10, lambda: ten.run(path), 1),
        (f"{named('zen-engine')}, one compiled list", 70, zen_engine(lines), 1),
        (f"{named('zen-engine')}, a decision graph", 70, zen_decision(lines[: count // 4]), 4),
        (f"{named('zen-engine')}, one by one", 70, zen_one_by_one(lines[: count // 4]), 4),
        (f"{named('zen-engine')}, one compiled list", 10, zen_engine(lines, 1), 1),
        (named("cel-expr-python"), 70, cel(lines[: count // 2]), 2),
        (named("cel-expr-python"), 10, cel(lines[: count // 2], 1), 2),
        (named("rule-engine"), 10, rule_engine(lines[: count // 20]), 20),
        (named("duckdb"), 10, duckdb(lines), 1),
        (named("polars"), 10, polars(lines), 1),
        (named("pandas"), 10, pandas(lines), 1),
        ("plain Python, hand-written", 10, plain(lines[: count // 2]), 2),
    ]
    best = in_turns([(run, scale) for _, _, run, scale in rows])
    base, ours = best[0], best[1]
    size = sum(map(len, lines)) / len(lines)
    print(f"## {count:,} case records of {size:,.0f} bytes, NDJSON to totals, one core\n")
    print("| what | rules | µs a record | against orjson.loads | against scr-audit, 70 rules |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for (name, rules, _, _), seconds in zip(rows, best, strict=True):
        micro = seconds / count * 1e6
        print(
            f"| {name} | {rules or ''} | {micro:,.1f} | {seconds / base:.2f} | "
            f"{seconds / ours:.2f} |"
        )
    print()


def parsed(lines: list[bytes]) -> None:
    """The yardstick: every record parsed and dropped, one after the other."""
    for line in lines:
        orjson.loads(line)


def in_turns(runs: list[tuple[Timed, int]]) -> list[float]:
    """The best time of each, over rounds in which all take their turn, for as many records."""
    best = [float("inf")] * len(runs)
    for run, _ in runs:
        run()
    for _ in range(ROUNDS):
        for place, (run, scale) in enumerate(runs):
            start = time.perf_counter()
            run()
            best[place] = min(best[place], (time.perf_counter() - start) * scale)
    return best


def case_rules(count: int) -> scr_audit.Pack:
    """The built-in pack with its first rules for cases, and no others."""
    pack = scr_audit.load_pack()
    kind = next(iter(pack.kinds))
    rules = tuple(rule for rule in pack.rules if rule.kind == kind)
    assert len(rules) >= count
    return dataclasses.replace(pack, rules=rules[:count])


def ten_rule_pack(folder: Path) -> scr_audit.Pack:
    """The schema of the pack on the review with the ten rules of the comparison and no others."""
    pack = scr_audit.load_pack("baby-f-2010")
    shutil.copytree(pack.folder, folder, ignore=lambda where, names: {"rules"} & set(names))
    (folder / "rules").mkdir()
    shutil.copy(TEN, folder / "rules" / "ten.yaml")
    pack_file = folder / "pack.yaml"  # without the definitions of the rules that were left out
    text = pack_file.read_text(encoding="utf-8")
    pack_file.write_text(re.sub(r"(?ms)^define:\n.*?(?=^[a-z]|\Z)", "", text), encoding="utf-8")
    return scr_audit.load_pack(folder)


def named(package: str) -> str:
    return f"{package} {metadata.version(package)}"


def single_record(folder: Path) -> None:
    """`engine.evaluate(record)` from a dict: the median over records."""
    engine = scr_audit.compile_pack(case_rules(70))
    lines = (folder / "records.ndjson").read_bytes().splitlines()[:500]
    records = [orjson.loads(line) for line in lines]

    def decided(record: dict[str, object]) -> object:
        return [(finding.outcome, finding.failed) for finding in engine.evaluate(record)]

    def explained(record: dict[str, object], *wanted: str) -> object:
        found = engine.evaluate(record)
        return [(f.outcome, f.criteria, f.facts, f.reason) for f in found if f.outcome in wanted]

    jobs: list[tuple[str, Callable[[dict[str, object]], object]]] = [
        ("outcomes and failed criteria", decided),
        ("and full reasons of what is not met", lambda r: explained(r, "not_met")),
        (
            "and full reasons of what is not met or not evidenced",
            lambda r: explained(r, "not_met", "not_evidenced"),
        ),
    ]
    print("## engine.evaluate(record) from a dict, 70 case rules, median\n")
    print("| what | µs | findings explained |")
    print("| --- | ---: | ---: |")
    for name, job in jobs:
        times = []
        for record in records:
            start = time.perf_counter()
            job(record)
            times.append(time.perf_counter() - start)
        counts = [len(job(record)) for record in records]  # type: ignore[arg-type]  # lists
        shown = "" if job is decided else f"{statistics.median(counts):.0f}"
        print(f"| {name} | {statistics.median(times) * 1e6:,.0f} | {shown} |")
    print()


def memory(folder: Path) -> None:
    """Peak memory of whole commands over 20,000 and 200,000 records."""
    print("## Peak memory\n")
    print("| run | 20,000 records | 200,000 records | ratio |")
    print("| --- | ---: | ---: | ---: |")
    paths = [folder / "20k.ndjson", folder / "200k.ndjson"]
    for path, count in zip(paths, (20_000, 200_000), strict=True):
        write_ndjson(path, count, seed=2)
    for name, options in (
        ("totals only", ["--totals-only", "-o", str(folder / "totals.json")]),
        ("findings to NDJSON", ["--quiet", "-o", str(folder / "findings.ndjson")]),
    ):
        peaks = [peak(path, options) for path in paths]
        print(f"| {name} | {peaks[0]:.0f} MB | {peaks[1]:.0f} MB | {peaks[1] / peaks[0]:.2f} |")


main()
