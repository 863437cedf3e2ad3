"""A year of audits, from the first draw to the Board's report, by the command line alone.

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
from reading import decide, fill_in, two_readings

from scr_audit.cli.failures import run_app

SEED = 2025
CASES = 7  # drawn a quarter
PLAN = ("--audit", "quarterly-conference-plan")
STORE = ("--store", "year.sqlite")
SETTINGS = "settings-from-q3.yaml"
CHANGED = "2025Q3"  # the quarter from which the Board asks for minutes sooner
LOST = "2025Q2"  # the quarter in which a drawn file cannot be found

Files = Mapping[str, dict[str, Any]]


def main(arguments: list[str]) -> int:
    """Go through the year in a folder that is empty or not there yet."""
    if len(arguments) != 1:
        print("usage: python year.py FOLDER")
        return 2
    folder = Path(arguments[0])
    if folder.exists() and any(folder.iterdir()):
        print(f"{folder}: holds files already; name a new folder")
        return 2
    gc.set_threshold(100_000, 50, 50)  # as the command does: what is made lives until the end
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(Path(__file__).with_name(SETTINGS), folder)
    whole = list(families(SEED))
    for quarter in QUARTERS:
        print(f"\n# {quarter}")
        audit(folder, quarter, files_at(whole, quarter))
        AFTERWARDS[quarter](folder)
        publish(folder, quarter)
    return 0


def files_at(whole: Iterable[dict[str, Any]], quarter: str) -> Files:
    """Every family's file as it is on the last day of a quarter."""
    known = (as_known_on(record, last_day(quarter)) for record in whole)
    return {record["id"]: record for record in known if record is not None}


def audit(folder: Path, quarter: str, files: Files) -> None:
    """Draw, read twice, moderate and judge one quarter."""
    (folder / quarter).mkdir()
    draw(folder, quarter, files)
    read_twice(folder, quarter, files)
    moderate(folder, quarter, files)
    judge(folder, quarter)


def draw(folder: Path, quarter: str, files: Files) -> None:
    """Draw cases from what the office's database holds; none that was drawn this year."""
    write(folder / quarter / "office.json", [held_by_the_office(one) for one in files.values()])
    earlier = [f"{before}/sample.json" for before in QUARTERS if before < quarter]
    again = [part for path in earlier for part in ("--previous", path)]
    scr_audit(
        folder, "sample", f"{quarter}/office.json", *PLAN, "--period", quarter,
        "--as-of", day_of(quarter, 1), "--size", str(CASES),
        "--seed", f"Board meeting before {quarter}",
        *again, "-o", f"{quarter}/sample.json", "-o", f"{quarter}/drawn.ndjson",
        "--reserve-output", f"{quarter}/reserve.ndjson",
    )  # fmt: skip
    if quarter == LOST:
        replace_lost(folder, quarter)


def replace_lost(folder: Path, quarter: str) -> None:
    """One paper file cannot be found: the first of the reserve takes its place."""
    drawn, reserve = (folder / quarter / f"{name}.ndjson" for name in ("drawn", "reserve"))
    first, *others = drawn.read_text(encoding="utf-8").splitlines()
    spare = reserve.read_text(encoding="utf-8").splitlines()[0]
    scr_audit(
        folder, "replace", f"{quarter}/sample.json", json.loads(first)["id"],
        "--reason", "The file cannot be found", "--by-role", "audit lead",
        "--on", day_of(quarter, 3),
    )  # fmt: skip
    drawn.write_text("\n".join([*others, spare, ""]), encoding="utf-8")


def read_twice(folder: Path, quarter: str, files: Files) -> None:
    """Give a form for each drawn case to either auditor, who reads the file and fills it in."""
    chance = random.Random(f"{SEED} {quarter}")  # noqa: S311
    for reader in ("first", "second"):
        scr_audit(
            folder, "form", "new", *PLAN, "--prefill", f"{quarter}/drawn.ndjson", "--rows", "12",
            "-o", f"{quarter}/{reader}/",
        )  # fmt: skip
    roles = ("reviewing officer", "second reviewing officer")
    for form in sorted((folder / quarter / "first").iterdir()):
        readings = two_readings(files[form.stem], chance)
        for reader, role, reading in zip(("first", "second"), roles, readings, strict=True):
            path = folder / quarter / reader / form.name
            fill_in(path, reading, role=role, on=day_of(quarter, 8))
    for reader in ("first", "second"):
        scr_audit(folder, "form", "read", f"{quarter}/{reader}/", "-o", f"{quarter}/{reader}.json")
    scr_audit(
        folder, "agree", *what_was_read(quarter), *PLAN, *settings(quarter),
        "-o", f"{quarter}/agreement.json", "-o", f"{quarter}/agreement.html",
    )  # fmt: skip


def what_was_read(quarter: str) -> tuple[str, str]:
    """What either auditor read, one file each."""
    return f"{quarter}/first.json", f"{quarter}/second.json"


def moderate(folder: Path, quarter: str, files: Files) -> None:
    """Ask for the decisions, have the moderator look each one up, and make one reading."""
    command = (
        "moderate", *what_was_read(quarter),
        "--decisions", f"{quarter}/decisions.yaml", "-o", f"{quarter}/moderated.json",
    )  # fmt: skip
    scr_audit(folder, *command, exit_code=2)  # there is something to decide first
    decide(folder / quarter / "decisions.yaml", files, role="practice lead", on=day_of(quarter, 10))
    scr_audit(folder, *command)


def judge(folder: Path, quarter: str) -> None:
    """Judge the moderated records, keep the run, and write the auditor's report."""
    scr_audit(
        folder, "run", f"{quarter}/moderated.json", *the_audit(quarter), *STORE, "--quiet",
        *(part for name in what_was_read(quarter) for part in ("--moderated-from", name)),
        "-o", f"{quarter}/run.json", "-o", f"{quarter}/report.html",
    )  # fmt: skip


def publish(folder: Path, quarter: str) -> None:
    """Write the Board's edition: true counts, and nothing of a single case."""
    earlier = [f"{each}/run.json" for each in QUARTERS if each < quarter]
    before = [part for path in earlier for part in ("--earlier", path)]
    formats = ["json", "html", *(["pdf", "docx"] if quarter == QUARTERS[-1] else [])]
    plan = ["--actions", "year.sqlite"] if quarter == QUARTERS[-1] else []
    outputs = [part for suffix in formats for part in ("-o", f"{quarter}/board.{suffix}")]
    scr_audit(
        folder, "run", f"{quarter}/moderated.json", *the_audit(quarter), "--quiet",
        "--edition", "board", *plan, *before, *outputs,
    )  # fmt: skip


def after_q1(folder: Path) -> None:
    """The Board sets itself three things to do."""
    add(
        folder, "--recommendation", "5.1", "--agency", "childrens_social_care",
        "--task", "Invite the GPs of both parents from one list, a week before the conference",
        "--owner-role", "conference manager", "--due", "2025-06-30",
        "--shown-by", "gp-invited", "--target", "60", "--in", "2025Q4",
    )  # fmt: skip
    add(
        folder, "--recommendation", "5.6", "--agency", "childrens_social_care",
        "--task", "Chairs read each action of a plan against the five words before it is minuted",
        "--owner-role", "head of chairs", "--due", "2025-09-30",
        "--shown-by", "smart-plan", "--target", "90", "--in", "2025Q4",
    )  # fmt: skip
    add(
        folder, "--recommendation", "5.7", "--agency", "childrens_social_care",
        "--task", "Remind chairs of bail by letter",
        "--owner-role", "head of chairs", "--due", "2025-06-30",
        "--shown-by", "bail-scrutinised", "--target", "always", "--in", "2025Q2",
    )  # fmt: skip


def after_q2(folder: Path) -> None:
    """Nothing closes without evidence, and a letter did not do."""
    actions(folder, "judge", "2025Q2/run.json", "--by-role", "audit lead")
    evidence(folder, "A1", "The list of GPs, and the invitations of June", "2025-07-02")
    actions(folder, "update", "A1", "--close", "--by-role", "Board manager", exit_code=2)
    add(
        folder, "--recommendation", "5.7", "--agency", "childrens_social_care",
        "--task", "Bail is an item of every agenda, with the questions to ask",
        "--owner-role", "head of chairs", "--due", "2025-09-30",
        "--shown-by", "bail-scrutinised", "--target", "always", "--in", "2025Q4",
    )  # fmt: skip
    actions(folder, "update", "A3", "--superseded-by", "A4", "--by-role", "Board manager",
            "--note", "A letter changed nothing")  # fmt: skip


def after_q3(folder: Path) -> None:
    """The rule about minutes changed: is it the rule, or what is done?"""
    scr_audit(
        folder, "compare", "2025Q2/run.json", "2025Q3/run.json",
        "--records", "2025Q2/moderated.json", *PLAN, "--settings", SETTINGS, "--quiet",
        "-o", "2025Q3/compared.json", "-o", "2025Q3/compared.html",
    )  # fmt: skip
    actions(folder, "list", "--overdue", "--as-of", day_of("2025Q3", 12))


def after_q4(folder: Path) -> None:
    """What worked is closed, the rest goes on, and the year is looked at as a whole."""
    actions(folder, "judge", "2025Q4/run.json", "--by-role", "audit lead")
    actions(folder, "update", "A1", "--close", "--by-role", "Board manager")
    actions(folder, "list", "--as-of", day_of("2025Q4", 12))
    actions(folder, "export", "-o", "plan.xlsx")
    scr_audit(folder, "trend", *STORE, "--quiet", "-o", "trend.json", "-o", "trend.html")


AFTERWARDS = {
    "2025Q1": after_q1, "2025Q2": after_q2, "2025Q3": after_q3, "2025Q4": after_q4,
}  # fmt: skip


def the_audit(quarter: str) -> tuple[str, ...]:
    """What every run of a quarter's audit is given."""
    return (
        *PLAN, "--period", quarter, "--sample", f"{quarter}/sample.json", *settings(quarter),
        "--as-of", day_of(quarter, 12),
    )  # fmt: skip


def settings(quarter: str) -> tuple[str, ...]:
    """The settings in force in a quarter."""
    return ("--settings", SETTINGS) if quarter >= CHANGED else ()


def add(folder: Path, *what: str) -> None:
    """Add an action that the Board's manager judged to be a good one."""
    judged = ("serves_recommendation", "specific", "achievable", "realistic")
    facts = [part for fact in judged for part in ("--fact", f"{fact}=yes")]
    facts += ["--fact", "evidence_stated=The next audit of conferences"]
    facts += ["--fact", "outcome_stated=What the GP knows is known before a plan is made"]
    actions(folder, "add", *what, *facts, "--by-role", "Board manager")


def evidence(folder: Path, action: str, what: str, on: str) -> None:
    """Record what shows that an action was done."""
    actions(
        folder, "update", action, "--evidence", what, "--seen-by-role", "Board chair", "--on", on,
        "--by-role", "audit lead",
    )  # fmt: skip


def actions(folder: Path, command: str, *more: str, exit_code: int = 0) -> None:
    """Run a command of `scr-audit actions` on the store of the year."""
    scr_audit(folder, "actions", command, *more, *STORE, exit_code=exit_code)


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
