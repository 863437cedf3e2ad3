"""Findings one by one, in async programs too; and what a run writes to the log."""

from __future__ import annotations

import asyncio
import gc
import logging
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from small_pack import SMALL_PACK, write_pack

import scr_audit
from scr_audit.packs.load import load_folder

ENGINE = scr_audit.compile_pack(load_folder(SMALL_PACK))
CASES = Path(__file__).parent.parent.parent / "examples" / "cases.json"
PARTS = [{"name": "x", "worn": True, "fitted": False}]


def jobs(count: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        yield {"id": f"J{number}", "parts": PARTS} if number % 100 else {"id": number}


async def gathered(engine: scr_audit.Engine, ended: list[scr_audit.Run]) -> list[scr_audit.Finding]:
    found = engine.findings_async(CASES, as_of=date(2026, 11, 29), on_end=ended.append)
    return [finding async for finding in found]


def test_iterators_give_the_findings_of_the_callback_and_then_the_run() -> None:
    engine = scr_audit.compile_pack(scr_audit.load_pack())
    called: list[scr_audit.Finding] = []
    day = date(2026, 11, 29)
    run = engine.run(CASES, as_of=day, on_findings=called.extend)
    ended: list[scr_audit.Run] = []
    each = list(engine.findings(CASES, as_of=day, on_end=ended.append))
    with ThreadPoolExecutor(1) as apart:  # a test of a browser may have left a loop in this thread
        each_async = apart.submit(asyncio.run, gathered(engine, ended)).result()
    assert list(map(repr, each)) == list(map(repr, each_async)) == list(map(repr, called))
    assert [each.totals for each in ended] == [run.totals] * 2


def test_findings_of_records_made_of_others_come_last() -> None:
    engine = scr_audit.compile_pack(scr_audit.load_pack("baby-f-2010"))
    action = {"id": "a", "kind": "action", "recommendation": "5.9.5"}
    kinds = [finding.kind for finding in engine.findings([action])]
    assert kinds == sorted(kinds)
    assert set(kinds) == {"action", "recommendation"}


def test_memory_stays_flat_however_many_findings_are_handed_out() -> None:
    """But for the ids, of which 250 bytes each are kept to notice those that come twice."""
    peaks = []
    gc.set_threshold(700, 10, 10)  # Python's own; the command line in this process sets others
    for count in (500, 2_500):
        tracemalloc.start()
        for _ in ENGINE.findings(jobs(count)):
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] - peaks[0] < 2_000 * 250


def test_an_error_of_the_input_reaches_whoever_iterates() -> None:
    with pytest.raises(scr_audit.InputError, match="nowhere: there is no such file"):
        next(ENGINE.findings("nowhere"))
    with pytest.raises(scr_audit.InputError, match="run takes a path"):
        next(ENGINE.findings({"id": "a"}))


def test_a_run_tells_the_log_counts_and_times_and_nothing_of_a_record(
    caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    file = tmp_path / "SECRET-name.json"
    file.write_text('[{"id": "SECRET-1", "paid": "SECRET"}, {"id": "SECRET-2"}]', encoding="utf-8")
    with caplog.at_level(logging.DEBUG, logger="scr_audit"):
        pack = scr_audit.load_pack(write_pack(tmp_path / "pack", {}))
        scr_audit.compile_pack(pack).run([file, {"id": "SECRET-3"}])
    assert {record.name.partition(".")[0] for record in caplog.records} == {"scr_audit"}
    said = [
        record.getMessage().rpartition(" in ")[0] or record.getMessage()
        for record in caplog.records
    ]
    rules = f"pack {pack.id} {pack.version}: {len(pack.rules)} rules"
    assert said == [
        f"{rules}, loaded",
        f"{rules}, compiled",
        "1 records could be read, 1 left out",
        "2 records could be read, 1 left out",
        f"run by pack {pack.id} {pack.version}: 2 files, 2 records judged, 1 left out, "
        "0 not of the run,",
    ]
    assert "SECRET" not in caplog.text


def test_nothing_is_logged_where_nobody_asked() -> None:
    program = "import scr_audit as s; s.compile_pack(s.load_pack()).run([{'id': 'a'}, {'id': 5}])"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    assert (done.stdout, done.stderr) == (b"", b"")
