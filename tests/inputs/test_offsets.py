"""A time with an offset is the same moment in every format."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest
from small_pack import SMALL_PACK

from scr_audit.engine import Engine
from scr_audit.forms.answers import time_text as forms_text
from scr_audit.packs.builtin import load_pack
from scr_audit.packs.load import load_folder
from scr_audit.packs.pack import Pack
from scr_audit.values.imprecise import moment_text

PACK = load_folder(SMALL_PACK)
DATA = Path(__file__).parents[1] / "data"
WRITTEN = "2026-07-14T10:30Z"
SHOWN = "2026-07-14T11:30:00"


def as_json(folder: Path) -> Path:
    path = folder / "jobs.json"
    path.write_text(json.dumps({"jobs": [{"id": "a", "opened_at": WRITTEN}]}), encoding="utf-8")
    return path


def as_yaml(folder: Path) -> Path:
    path = folder / "jobs.yaml"
    path.write_text(f"jobs: [{{id: a, opened_at: {WRITTEN}}}]", encoding="utf-8")
    return path


def as_csv(folder: Path) -> Path:
    path = folder / "jobs.csv"
    path.write_text(f"id,opened_at\na,{WRITTEN}\n", encoding="utf-8")
    return folder


def as_parquet(folder: Path) -> Path:
    path = folder / "jobs.parquet"
    moment = datetime(2026, 7, 14, 10, 30, tzinfo=UTC)
    kind = pyarrow.timestamp("us", tz="America/New_York")
    columns = {"id": ["a"], "opened_at": pyarrow.array([moment], kind)}
    pyarrow.parquet.write_table(pyarrow.table(columns), path)
    return path


@pytest.mark.parametrize("write", [as_json, as_yaml, as_csv, as_parquet])
def test_an_offset_is_converted(tmp_path: Path, write: Callable[[Path], Path]) -> None:
    assert opened(write(tmp_path)) == SHOWN


def test_a_moment_of_a_program_is_converted() -> None:
    moment = datetime(2026, 7, 14, 10, 30, tzinfo=UTC)
    assert opened([{"id": "a", "opened_at": moment}]) == SHOWN


def opened(records: Any, pack: Pack = PACK) -> str:
    seen: list[str] = []
    run = Engine(pack).run(
        records,
        on_findings=lambda found: seen.append(moment_text(found[0]._record.opened_at)),
    )
    assert run.left_out == ()
    [shown] = set(seen)
    return shown


def test_hours_over_a_change_of_the_clocks_count_as_they_passed() -> None:
    """From noon on Saturday to a quarter to one on Monday are 47 hours and 45 minutes."""
    seen: dict[str, str] = {}
    Engine(load_pack()).run(
        [DATA / "clock-change.json"],
        on_findings=lambda found: seen.update((one.rule, one.outcome) for one in found),
    )
    assert seen["wt-referral-in-writing"] == "met"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("14/07/2026 10:30Z", "2026-07-14T10:30Z"),
        ("14/07/2026 9:30", "2026-07-14T09:30"),
        ("2026-07-14T10:30+02:00", "2026-07-14T10:30+02:00"),
    ],
)
def test_a_cell_of_a_form_may_have_an_offset(cell: str, text: str) -> None:
    assert forms_text(cell) == text
