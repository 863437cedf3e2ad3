"""What imprecise dates cost the exact ones: `python -m benchmarks.dates`.

The same records with whole dates are judged by the engine as it is, and by one from which the
support of imprecise dates was taken: its decoder knows one struct type, and what does not fit is an
error. Then one record in ten has its dates cut to months, and all of them. Runs take turns in one
process pinned to one core; the ratio is that of the best rounds.
"""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import scr_audit
from benchmarks.records import write_ndjson

RECORDS, ROUNDS = 4_000, 15
_DAY = re.compile(rb'(":"[0-9]{4}-[0-9]{2})-[0-9]{2}"')


def main() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as folder:
        exact, some, every = (Path(folder) / f"{name}.ndjson" for name in ("exact", "some", "all"))
        write_ndjson(exact, RECORDS, seed=5)
        _with_months(exact, some, one_in=10)
        _with_months(exact, every, one_in=1)
        engine, without = scr_audit.compile_pack(_pack()), _without_imprecise()
        seconds = _in_turns(
            [
                lambda: without.run(exact),
                lambda: engine.run(exact),
                lambda: engine.run(some),
                lambda: engine.run(every),
            ]
        )
    names = (
        "whole dates, imprecise ones not supported",
        "whole dates, imprecise ones supported",
        "one record in ten with months",
        "every record with months",
    )
    print("| dates | µs a record | ratio |\n| --- | ---: | ---: |")
    for name, taken in zip(names, seconds, strict=True):
        print(f"| {name} | {taken / RECORDS * 1e6:.1f} | {taken / seconds[0]:.3f} |")


def _pack() -> scr_audit.Pack:
    return scr_audit.load_pack()


def _without_imprecise() -> scr_audit.Engine:
    """An engine whose records have whole dates or none: what there was before imprecise dates."""
    engine = scr_audit.compile_pack(_pack())
    decoder = engine._judges.decoder
    decode = decoder.kinds[decoder.default].decode_exact.decode
    decoder.from_raw = lambda record, kind=None: decode(record)  # type: ignore[method-assign]
    return engine


def _with_months(source: Path, target: Path, *, one_in: int) -> None:
    """A copy of the records, in which each `one_in`th has months in place of days."""
    lines = source.read_bytes().splitlines()
    cut = [_DAY.sub(rb'\1"', line) if n % one_in == 0 else line for n, line in enumerate(lines)]
    target.write_bytes(b"\n".join(cut) + b"\n")


def _in_turns(runs: list[Callable[[], scr_audit.Run]]) -> list[float]:
    """The best seconds of each run, over rounds in which all take their turn."""
    best = [float("inf")] * len(runs)
    for run in runs:
        assert run().left_out_count == 0
    for _ in range(ROUNDS):
        for place, run in enumerate(runs):
            start = time.perf_counter()
            run()
            best[place] = min(best[place], time.perf_counter() - start)
    return best


if __name__ == "__main__":
    main()
