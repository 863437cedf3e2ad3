"""A quarter of an invented office, done in an audit folder as a person does it, with Excel."""

from __future__ import annotations

import contextlib
import copy
import io
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

from scr_audit.cli.failures import run_app

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "a-year"
sys.path.insert(0, str(EXAMPLE))
from families import as_known_on, families, last_day  # noqa: E402
from reading import FIRST_ITEM_BELOW, fill_in  # noqa: E402, F401

PLAN, QUARTER = "quarterly-conference-plan", "2025Q2"
DAY = ("--as-of", "2025-07-12")
NAME = f"{PLAN}-{QUARTER}"
FIRST, SECOND = "2-forms/first reader", "2-forms/second reader"
Record = dict[str, Any]


@dataclass(frozen=True)
class Result:
    """What a command left: its exit code, and what it wrote to both streams."""

    code: int
    out: str
    err: str


def scr_audit(*words: str, cwd: Path) -> Result:
    """The result of a command in a folder."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.chdir(cwd), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run_app(words)
    assert "fault of scr-audit" not in err.getvalue(), err.getvalue()
    return Result(code, out.getvalue(), err.getvalue())


def files_of(quarter: str = QUARTER) -> dict[str, Record]:
    """What the files of the office say at the end of the quarter, by reference."""
    known = (as_known_on(each, last_day(quarter)) for each in families(2025))
    return {each["id"]: each for each in known if each is not None}


def start(parent: Path, *more: str) -> Path:
    result = scr_audit("start", PLAN, QUARTER, *more, cwd=parent)
    assert result.code == 0, result.err
    return parent / NAME


def step(folder: Path, *more: str, code: int = 0) -> Result:
    """What `scr-audit next` says."""
    result = scr_audit("next", *DAY, *more, cwd=folder)
    assert result.code == code, result.err + result.out
    return Result(result.code, " ".join(result.out.split()), result.err)


def set_lines(folder: Path, **lines: Any) -> None:
    """Change lines of audit.yaml, as in a text editor."""
    path = folder / "audit.yaml"
    kept = [
        line for line in path.read_text("utf-8").splitlines() if line.partition(":")[0] not in lines
    ]
    new = [f"{name}: {json.dumps(value)}" for name, value in lines.items()]
    path.write_text("\n".join([*new, *kept, ""]), "utf-8")


def export(path: Path, records: Iterable[Record]) -> None:
    """A list of conferences as the office's own system writes it."""
    book = Workbook()
    sheet = book.active
    sheet.append(["Conferences, exported for the audit"])
    sheet.append([])
    sheet.append(["Team", "System ref.", "Conference date", "Conference type"])
    for record in records:
        for one in record["conferences"]:
            sheet.append(["North", record["id"], one["date"], one["type"]])
    book.save(path)


def read_twice(folder: Path, files: Mapping[str, Record]) -> int:
    """Fill in every form; the second reader errs a few times. How often."""
    number = 0
    for place, form in enumerate(sorted((folder / FIRST).glob("*.xlsx"))):
        said = copy.deepcopy(files[form.stem])
        fill_in(form, said, role="reviewing officer", on="2025-07-08")
        if place % 3 == 0:
            seen = said["conferences"][0]["professionals"][0]
            seen["invited"] = not seen["invited"]
            number += 1
        fill_in(folder / SECOND / form.name, said, role="second officer", on="2025-07-08")
    return number


def change(path: Path, sheet: str, cells: Mapping[str, Any]) -> None:
    """Type into cells of a workbook, and save it."""
    book = load_workbook(path)
    for cell, value in cells.items():
        book[sheet][cell] = value
    book.save(path)


def decide_all(folder: Path) -> None:
    """Decide every row for the first reader, who is right."""
    path = folder / "3-decisions.xlsx"
    book = load_workbook(path)
    sheet = book["Decisions"]
    sheet["D5"], sheet["D6"], sheet["D7"] = "practice lead", "10/07/2025", "looked up in the file"
    for row in range(10, sheet.max_row + 1):
        sheet.cell(row, 7).value = "first"
    book.save(path)


def add_action(folder: Path) -> None:
    cells = ("5.1", "childrens_social_care", "Invite the GPs of both parents", "conference manager",
             "2025-09-30", "gp-invited", 90, "2025Q3")  # fmt: skip
    typed = {f"{letter}2": value for letter, value in zip("BCDEFGHI", cells, strict=True)}
    change(folder / "5-actions.xlsx", "Plan", typed)


def everything(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def places(path: Path) -> Callable[[str, str], str]:
    """The cell of a fact on a form, as its hidden sheet tells it."""
    rows = load_workbook(path)["form"].iter_rows(values_only=True)
    found = {(row[4] or "", row[3]): f"{row[1]}!{row[2]}" for row in rows if row[0] == "cell"}
    return lambda fact, part: found[fact, part]
