"""A folder of invented bicycle jobs with a plan, and samples drawn from it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from command_line import DAY, SMALL, Result, scr_audit
from small_plan import HEAD

PERIOD = "period: {dates: {parts: fitted_on}}\n"
JOBS = [
    {"id": f"J{n}", "paid": n % 3 != 0, "model": "city" if n % 2 else "cargo",
     "parts": [{"name": "bell", "worn": True, "fitted": True, "recalled": False,
                "fitted_on": f"2025-{n:02d}-10"}]}
    for n in range(1, 13)
]  # fmt: skip


def make_folder(folder: Path) -> Path:
    """Twelve jobs in `jobs.json`, and `plan.yaml`."""
    (folder / "jobs.json").write_text(json.dumps(JOBS), encoding="utf-8")
    write_plan(folder, PERIOD)
    return folder


def write_plan(folder: Path, more: str) -> None:
    (folder / "plan.yaml").write_text(HEAD + more, encoding="utf-8")


def draw(
    folder: Path,
    *more: str,
    records: str = "jobs.json",
    output: str = "sample.json",
    **options: Any,
) -> Result:
    """The result of a draw with the seed `one`."""
    return scr_audit(
        "sample", records, *SMALL, *DAY, "--audit", "plan.yaml", "--seed", "one", "-o", output,
        *more, cwd=folder, **options,
    )  # fmt: skip


def redraw(folder: Path, *more: str, records: str = "jobs.json") -> Result:
    return scr_audit(
        "redraw", "sample.json", records, *SMALL, "--audit", "plan.yaml", *more, cwd=folder
    )


def replace(folder: Path, name: str, *more: str, reason: str = "file lost") -> Result:
    return scr_audit(
        "replace", "sample.json", name, "--reason", reason, "--by-role", "lead auditor",
        "--on", "2026-01-02", *more, cwd=folder,
    )  # fmt: skip


def run(folder: Path, *more: str, records: tuple[str, ...] = ("jobs.json",)) -> Result:
    return scr_audit("run", *records, *SMALL, *DAY, "--audit", "plan.yaml", *more, cwd=folder)


def sample_in(folder: Path, name: str = "sample.json") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / name).read_text(encoding="utf-8"))
    return found


def ids(items: list[dict[str, Any]]) -> list[str]:
    return [item["id"] for item in items]
