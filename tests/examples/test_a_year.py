"""The audit year of examples/a-year: one script, and what comes of each quarter."""

from __future__ import annotations

import contextlib
import io
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from scr_audit.cli.failures import run_app

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "a-year"
README = (EXAMPLE / "README.md").read_text(encoding="utf-8")
QUARTERS = ("2025Q1", "2025Q2", "2025Q3", "2025Q4")
CHANGED = "minutes-prompt"  # the rule that asks something else from the third quarter on
EXCUSED = "minutes-reach-gps"  # excuses minutes that are not sent, as long as that one has time


@dataclass(frozen=True)
class Year:
    """The folder that the script filled, and what it printed."""

    folder: Path
    printed: str

    def read(self, name: str) -> Any:
        return json.loads((self.folder / name).read_text(encoding="utf-8"))

    def of(self, quarter: str, name: str) -> Any:
        """What the program keeps in a quarter's folder."""
        return self.read(f"{self.audit(quarter).name}/.scr-audit/{name}")

    def audit(self, quarter: str) -> Path:
        return self.folder / f"quarterly-conference-plan-{quarter}"


@contextlib.contextmanager
def example_modules() -> Iterator[None]:
    """The example's own modules can be imported, as they can where its script runs."""
    sys.path.insert(0, str(EXAMPLE))
    try:
        yield
    finally:
        sys.path.remove(str(EXAMPLE))


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    folder = tmp_path_factory.mktemp("example") / "year"
    with example_modules(), contextlib.redirect_stdout(io.StringIO()) as printed:
        from year import main

        assert main([str(folder)]) == 0
    return Year(folder, printed.getvalue())


def counts(rule: dict[str, Any]) -> dict[str, int]:
    return {name: rule["totals"][name] for name in ("met", "not_met", "not_evidenced")}


def rules_of(bundle: dict[str, Any]) -> dict[str, dict[str, int]]:
    return {rule["id"]: counts(rule) for rule in bundle["rules"]}


def judged(year: Year, quarter: str) -> set[str]:
    """The records that the run of a quarter judged."""
    return {record["id"] for record in year.of(quarter, "run.json")["records"]}


def test_no_case_is_audited_twice_in_the_year(year: Year) -> None:
    audited = [record for quarter in QUARTERS for record in judged(year, quarter)]
    assert len(audited) == len(set(audited)) == 28


def test_a_file_that_cannot_be_found_is_replaced_and_the_draw_is_kept(year: Year) -> None:
    sample = year.of("2025Q2", "sample.json")
    [replaced] = sample["replaced"]
    drawn = {item["id"] for item in sample["drawn"]}
    assert replaced["reason"] == "The file cannot be found"
    assert replaced["id"] in drawn
    assert judged(year, "2025Q2") == drawn - {replaced["id"]} | {replaced["by"]}


@pytest.mark.parametrize("quarter", QUARTERS)
def test_what_two_auditors_and_a_moderator_found_is_what_the_files_say(
    year: Year, quarter: str, tmp_path: Path
) -> None:
    """The files themselves, judged without forms, readings and moderation, give the same counts."""
    with example_modules():
        from families import as_known_on, families, last_day
        from year import CHANGED as FROM
        from year import SEED, SETTINGS, day_of
    chosen = judged(year, quarter)
    whole = (as_known_on(record, last_day(quarter)) for record in families(SEED))
    read = {"files_read_on": day_of(quarter, 8)}  # the forms' date
    files = [{**each, **read} for each in whole if each is not None and each["id"] in chosen]
    (tmp_path / "files.json").write_text(json.dumps(files), encoding="utf-8")
    run = year.of(quarter, "run.json")
    settings = ("--settings", SETTINGS) if quarter >= FROM else ()
    with contextlib.chdir(year.folder):
        done = run_app([
            "run", str(tmp_path / "files.json"), "--audit", "quarterly-conference-plan",
            "--period", quarter, "--as-of", run["as_of"], *settings, "-q",
            "-o", str(tmp_path / "run.json"),
        ])  # fmt: skip
    assert done == 0
    expected = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert rules_of(run) == rules_of(expected)
    assert sum(counts["met"] for counts in rules_of(run).values()) > 40


@pytest.mark.parametrize("quarter", QUARTERS)
def test_every_disagreement_was_decided_and_the_run_says_what_that_changed(
    year: Year, quarter: str
) -> None:
    book = load_workbook(year.audit(quarter) / "3-decisions.xlsx")["Decisions"]
    rows = [row for row in book.iter_rows(min_row=10, values_only=True) if row[1]]
    decided = year.of(quarter, "run.json")["moderation"]["decisions"]
    assert len(decided) == len(rows) > 10
    assert {one["role"] for one in decided} == {"practice lead"}


def test_an_action_closes_only_once_a_run_shows_that_it_worked(year: Year) -> None:
    refused = year.printed.index("A1: an action closes only on evidence")
    worked = year.printed.index("A1: worked in 2025Q4")
    closed = year.printed.index("updated A1 (event 4); it is closed")
    assert refused < worked < closed
    assert "A2: cannot tell in 2025Q4: 6 of 8 actions met" in year.printed
    assert "A3: not yet in 2025Q2" in year.printed
    assert "updated A3 (event 3); it is superseded" in year.printed
    assert (year.audit("2025Q4") / "5-actions.xlsx").read_bytes().startswith(b"PK")


def test_a_change_of_the_rule_is_told_from_a_change_of_practice(year: Year) -> None:
    rows = {
        row["id"]: row
        for row in json.loads((year.audit("2025Q3") / "4-reports" / "compared.json").read_bytes())[
            "rules"
        ]
    }
    changed = {name for name, row in rows.items() if row["rule"] == "changed"}
    assert changed == {CHANGED, EXCUSED}
    split = rows[CHANGED]["split"]
    before = rules_of(year.of("2025Q2", "run.json"))[CHANGED]
    assert split["old_records"]["judged"] == sum(before.values())
    assert split["of_rule"] < -0.1
    assert split["of_practice"]["verdict"] == "cannot_tell"


def test_the_trend_has_a_point_a_quarter_and_breaks_where_the_rule_changed(year: Year) -> None:
    trend = year.read("trend.json")
    assert trend["times"] == list(QUARTERS)
    stretches = {row["id"]: len(row["stretches"]) for row in trend["rules"]}
    assert {name for name, number in stretches.items() if number == 2} == {CHANGED, EXCUSED}
    assert trend["false_signals"]["charts"] == 0  # four points are too few to look for signals
    assert year.of("2025Q4", "run.json")["trend"]["times"] == list(QUARTERS)


def test_the_boards_report_has_the_true_counts_and_names_no_case(year: Year) -> None:
    reports = year.audit("2025Q4") / "4-reports"
    board = json.loads((reports / "board.json").read_bytes())
    told = {rule["id"]: counts(rule) for rule in board["rules"]}
    assert told == rules_of(year.of("2025Q4", "run.json"))
    text = (reports / "board.html").read_text(encoding="utf-8")
    assert not re.search(r"\bF\d{3}\b", text)
    assert (reports / "board.pdf").read_bytes().startswith(b"%PDF")
    assert (reports / "board.docx").read_bytes().startswith(b"PK")


def test_the_readme_shows_what_the_script_prints(year: Year) -> None:
    for block in re.findall(r"\n```text\n(.*?)```\n", README, re.DOTALL):
        for line in block.splitlines():
            assert line in year.printed.splitlines(), line
