"""The same bundle gives the same bytes, in any process, time zone and order of hashing."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from report_editions import board_document
from report_sample import sample_bundle

from scr_audit.report.formats import Look, Templates, render_report

HERE = Path(__file__).parent
LOOK = Look(Templates(HERE.parents[1] / "reports"))
SUFFIXES = (".xlsx", ".csv", ".md")
PROGRAM = """
import hashlib
from test_report_same_bytes import digest
print(*(digest(suffix) for suffix in {suffixes}))
"""


def digest(suffix: str) -> str:
    found = hashlib.sha256()
    for bundle in (sample_bundle(), board_document()):
        path = Path("x") / f"report{suffix}"
        found.update(render_report(bundle, path, LOOK)[path.name])
    return found.hexdigest()


@pytest.mark.parametrize(("zone", "seed"), [("Pacific/Auckland", "1"), ("America/New_York", "42")])
def test_another_process_writes_the_same_bytes(zone: str, seed: str) -> None:
    paths = os.pathsep.join([str(HERE), *sys.path])
    there = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(suffixes=SUFFIXES)],
        env={**os.environ, "PYTHONPATH": paths, "TZ": zone, "PYTHONHASHSEED": seed},
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert there.stdout.split() == [digest(suffix) for suffix in SUFFIXES]
