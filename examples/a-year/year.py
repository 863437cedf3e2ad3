"""A year of audits, each in its folder: what an office types, and the commands between.

    python examples/a-year/year.py FOLDER

Everything in it is invented. Needs `pip install '.[excel,history,pdf,word]' openpyxl`.
"""

from __future__ import annotations

import contextlib
import gc
import json
import random
import shutil
import sys
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from families import QUARTERS, as_known_on, families, held_by_the_office, last_day
from reading import decide, fill_in, two_readings, type_rows

from scr_audit.cli.failures import run_app

SEED = 2025
CASES = 7  # drawn a quarter
PLAN = "quarterly-conference-plan"
SETTINGS = "settings-from-q3.yaml"
CHANGED = "2025Q3"  # the quarter from which the Board asks for minutes sooner
LOST = "2025Q2"  # the quarter in which a drawn file cannot be found

Files = Mapping[str, dict[str, Any]]


def main(arguments: list[str]) -> int:
    """Go through the year in a folder that is empty or not there yet."""
    if len(arguments) != 1:
        print("usage: python year.py FOLDER")
        return 2
    office = Path(arguments[0])
    if office.exists() and any(office.iterdir()):
        print(f"{office}: holds files already; name a new folder")
        return 2
    gc.set_threshold(100_000, 50, 50)  # as the command does: what is made lives until the end
    office.mkdir(parents=True, exist_ok=True)
    shutil.copy(Path(__file__).with_name(SETTINGS), office)
    whole = list(families(SEED))
    scr_audit(office, "start", PLAN, QUARTERS[0])  # the others are begun by the one before
    for quarter in QUARTERS:
        print(f"\n# {quarter}")
        audit(folder_of(office, quarter), quarter, files_at(whole, quarter))
        AFTERWARDS[quarter](folder_of(office, quarter))
    look_back(office)
    return 0


def folder_of(office: Path, quarter: str) -> Path:
    """The folder of a quarter's audit."""
    return office / f"{PLAN}-{quarter}"


def files_at(whole: Iterable[dict[str, Any]], quarter: str) -> Files:
    """Every family's file as it is on the last day of a quarter."""
    known = (as_known_on(record, last_day(quarter)) for record in whole)
    return {record["id"]: record for record in known if record is not None}


def audit(folder: Path, quarter: str, files: Files) -> None:
    """Draw, read twice, decide and report one quarter."""
    describe(folder, quarter)
    write(folder / "from-the-database.json", [held_by_the_office(one) for one in files.values()])
    step(folder, day_of(quarter, 1))
    if quarter == LOST:
        first = {"E": "The file cannot be found"}
        type_rows(folder / "1-cases-drawn.xlsx", "Drawn", {6: first})
        step(folder, day_of(quarter, 3))
    read_twice(folder, quarter, files)
    step(folder, day_of(quarter, 9))
    decisions = folder / "3-decisions.xlsx"
    decide(decisions, files, role="practice lead", on=day_of(quarter, 10))
    step(folder, day_of(quarter, 12))


def describe(folder: Path, quarter: str) -> None:
    """Say in audit.yaml what this office wants otherwise than the program proposes."""
    formats = ["html", "json", *(["pdf", "docx"] if quarter == QUARTERS[-1] else [])]
    own = {
        "size": CASES,
        "seed": f"Board meeting before {quarter}",
        "reports": ["report.html", *(f"board.{each}" for each in formats)],
        **({"settings": f"../{SETTINGS}"} if quarter >= CHANGED else {}),
    }
    path = folder / "audit.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line.partition(":")[0] not in own]
    said = [f"{name}: {json.dumps(value)}" for name, value in own.items()]
    path.write_text("\n".join([*said, *kept, ""]), encoding="utf-8")


def read_twice(folder: Path, quarter: str, files: Files) -> None:
    """Two auditors read each drawn file and fill in its forms."""
    chance = random.Random(f"{SEED} {quarter}")  # noqa: S311
    sample = json.loads((folder / ".scr-audit" / "sample.json").read_text(encoding="utf-8"))
    lost = {each["id"] for each in sample["replaced"]}
    roles = ("reviewing officer", "second reviewing officer")
    first, second = (folder / "2-forms" / f"{name} reader" for name in ("first", "second"))
    for form in sorted(first.iterdir()):
        if form.stem in lost:
            continue
        readings = two_readings(files[form.stem], chance)
        for place, role, reading in zip((first, second), roles, readings, strict=True):
            fill_in(place / form.name, reading, role=role, on=day_of(quarter, 8))


def after_q1(folder: Path) -> None:
    """The Board sets itself three things to do."""
    set_actions(folder, {
        2: action("5.1", "Invite the GPs of both parents from one list, a week before the "
                  "conference",
                  "conference manager", "2025-06-30", "gp-invited", 60, "2025Q4"),
        3: action("5.6", "Chairs read each action of a plan against the five words before it is "
                  "minuted", "head of chairs", "2025-09-30", "smart-plan", 90, "2025Q4"),
        4: action("5.7", "Remind chairs of bail by letter", "head of chairs", "2025-06-30",
                  "bail-scrutinised", "always", "2025Q2"),
    })  # fmt: skip
    step(folder, day_of("2025Q1", 20))


def after_q2(folder: Path) -> None:
    """Nothing closes without evidence, and a letter did not do."""
    actions(folder, "judge", ".scr-audit/run.json")
    set_actions(folder, {
        2: {"L": "The list of GPs, and the invitations of June", "M": "Board chair"},
        5: action("5.7", "Bail is an item of every agenda, with the questions to ask",
                  "head of chairs", "2025-09-30", "bail-scrutinised", "always", "2025Q4"),
    })  # fmt: skip
    step(folder, day_of("2025Q2", 20))
    after = folder_of(folder.parent, "2025Q3")
    actions(after, "update", "A1", "--close", "--by-role", "Board manager", exit_code=2)
    actions(after, "update", "A3", "--superseded-by", "A4", "--by-role", "Board manager",
            "--note", "A letter changed nothing")  # fmt: skip


def after_q3(folder: Path) -> None:
    """The rule about minutes changed: is it the rule, or what is done?"""
    before = f"../{PLAN}-2025Q2/.scr-audit"
    scr_audit(
        folder, "compare", f"{before}/run.json", ".scr-audit/run.json",
        "--records", f"{before}/moderated.json", "--audit", PLAN, "--settings", f"../{SETTINGS}",
        "--quiet", "-o", "4-reports/compared.json", "-o", "4-reports/compared.html",
    )  # fmt: skip
    actions(folder, "list", "--overdue", "--as-of", day_of("2025Q3", 12))
    step(folder, day_of("2025Q3", 20), "--no-actions")


def after_q4(folder: Path) -> None:
    """What worked is closed, and the rest goes on."""
    actions(folder, "judge", ".scr-audit/run.json")
    actions(folder, "update", "A1", "--close", "--by-role", "Board manager")
    actions(folder, "list", "--as-of", day_of("2025Q4", 12))
    actions(folder, "export", "-o", "5-actions.xlsx")


def look_back(office: Path) -> None:
    """The year as a whole: every run in one store, and its trend."""
    runs = [f"{PLAN}-{quarter}/.scr-audit/run.json" for quarter in QUARTERS]
    scr_audit(office, "history", "add", *runs, "--store", "year.sqlite")
    scr_audit(office, "trend", "--store", "year.sqlite", "--quiet",
              "-o", "trend.json", "-o", "trend.html")  # fmt: skip


AFTERWARDS = {
    "2025Q1": after_q1, "2025Q2": after_q2, "2025Q3": after_q3, "2025Q4": after_q4,
}  # fmt: skip


def action(
    recommendation: str, task: str, owner: str, due: str, rule: str, target: object, quarter: str
) -> dict[str, object]:
    """A row of the workbook of actions, by its columns."""
    cells = (recommendation, "childrens_social_care", task, owner, due, rule, target, quarter)
    return dict(zip("BCDEFGHI", cells, strict=True))


def set_actions(folder: Path, rows: Mapping[int, Mapping[str, object]]) -> None:
    """Type into the workbook of actions."""
    type_rows(folder / "5-actions.xlsx", "Plan", rows)


def step(folder: Path, day: str, *more: str) -> None:
    """The next step of an audit. An office leaves out the day, which is today."""
    scr_audit(folder, "next", *more, "--as-of", day)


def actions(folder: Path, command: str, *more: str, exit_code: int = 0) -> None:
    """Run a command of `scr-audit actions` on the actions of an audit."""
    store = ("--store", ".scr-audit/office.sqlite")
    scr_audit(folder, "actions", command, *more, *store, exit_code=exit_code)


def scr_audit(folder: Path, *arguments: str, exit_code: int = 0) -> None:
    """Run a command in the folder of the year and print it; stop where it ends otherwise."""
    shown = " ".join(f'"{part}"' if " " in part else part for part in arguments)
    print(f"$ scr-audit {shown}", flush=True)
    with contextlib.chdir(folder), contextlib.redirect_stderr(sys.stdout):
        ended = run_app(arguments)  # a process for each command would only take longer
    print(flush=True)
    if ended != exit_code:
        raise SystemExit(f"ended with {ended}, and {exit_code} was expected")


def day_of(quarter: str, days: int) -> str:
    """So many days after the end of a quarter."""
    return (last_day(quarter) + timedelta(days)).isoformat()


def write(path: Path, what: Any) -> None:
    """Write a JSON file."""
    path.write_text(json.dumps(what, indent=1), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
