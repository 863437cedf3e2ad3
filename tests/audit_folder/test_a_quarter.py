"""A whole quarter through the audit folder, by five commands and what a person types in Excel."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from quarter import (
    DAY,
    NAME,
    PLAN,
    QUARTER,
    add_action,
    decide_all,
    everything,
    export,
    files_of,
    read_twice,
    scr_audit,
)

from scr_audit.audit import run_audit

NEXT = "quarterly-conference-plan-2025Q3"


@dataclass
class Office:
    """A parent folder, what was typed on the command line, and what came back."""

    parent: Path
    commands: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    errors: int = 0

    @property
    def folder(self) -> Path:
        return self.parent / NAME

    def run(self, *words: str, cwd: Path) -> None:
        self.commands.append(" ".join(["scr-audit", *words]))
        dated = DAY if words[0] == "next" else ()
        result = scr_audit(*words, *dated, cwd=cwd)
        assert result.code == 0, result.err
        self.said.append(" ".join(f"{result.err} {result.out}".split()))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    made, files = Office(tmp_path_factory.mktemp("office")), files_of()
    made.run("start", PLAN, QUARTER, cwd=made.parent)
    export(made.folder / "from the system.xlsx", files.values())
    made.run("next", cwd=made.folder)
    made.errors = read_twice(made.folder, files)
    made.run("next", cwd=made.folder)
    decide_all(made.folder)
    made.run("next", cwd=made.folder)
    add_action(made.folder)
    made.run("next", cwd=made.folder)
    return made


def bundle(folder: Path) -> Any:
    return json.loads((folder / ".scr-audit" / "run.json").read_bytes())


def counts(document: Any) -> dict[str, tuple[int, ...]]:
    wanted = ("met", "not_met", "not_evidenced")
    return {r["id"]: tuple(r["totals"][name] for name in wanted) for r in document["rules"]}


def test_a_quarter_of_twenty_cases_takes_five_short_commands(office: Office) -> None:
    assert len(office.commands) == 5
    assert max(map(len, office.commands)) <= 60
    assert len(bundle(office.folder)["records"]) == 20


def test_each_command_says_what_the_person_does_now(office: Office) -> None:
    now = [said.partition("Now: ")[2] for said in office.said]
    assert now[0].startswith(f"go into {NAME}. Fill in 1-case-list.xlsx")
    assert now[1].startswith("Print 1-cases-drawn.xlsx. Fill in the forms in 2-forms")
    assert now[2] == (
        f"In 3-decisions.xlsx decide where the readers differ: {office.errors} of {office.errors} "
        "are left. Then run: scr-audit next"
    )
    assert now[3].startswith("Read 4-reports, and write what is to be done into 5-actions.xlsx")
    assert now[4].startswith(f"This audit is done. The next one is {NEXT}")


def test_the_results_are_those_of_the_files_themselves(office: Office, tmp_path: Path) -> None:
    """Forms, two readers, decisions and the folder between them change no count."""
    found, files = bundle(office.folder), files_of()
    judged = {record["id"] for record in found["records"]}
    chosen = [{**files[name], "files_read_on": "2025-07-08"} for name in judged]
    (tmp_path / "files.json").write_text(json.dumps(chosen), "utf-8")
    with run_audit(
        tmp_path / "files.json", plan=PLAN, period=QUARTER, as_of=date.fromisoformat(found["as_of"])
    ) as audit:
        assert counts(found) == counts(audit.head)
    assert sum(row[0] for row in counts(found).values()) > 100


def test_the_run_says_what_was_decided(office: Office) -> None:
    found = bundle(office.folder)
    assert len(found["moderation"]["decisions"]) == office.errors
    assert {one["role"] for one in found["moderation"]["decisions"]} == {"practice lead"}


def test_the_reports_that_the_audit_names_are_written(office: Office) -> None:
    names = {path.name for path in (office.folder / "4-reports").iterdir()}
    wanted = {"report.html", "report.pdf", "report.xlsx", "board.pdf", "agreement.html"}
    assert wanted <= names


def test_the_next_audit_begins_beside_it_with_actions_and_reviews_that_fall_due(
    office: Office,
) -> None:
    after = office.parent / NEXT
    assert 'earlier_audits: ["../quarterly-conference-plan-2025Q2"]' in (
        after / "audit.yaml"
    ).read_text("utf-8")
    assert load_workbook(after / "5-actions.xlsx")["Plan"]["A2"].value == "A1"
    rows = list(load_workbook(after / "1-case-list.xlsx")["Falls due"].values)
    assert rows[0] == ("Case", "Since", "What falls due", "At the latest")
    judged = {record["id"] for record in bundle(office.folder)["records"]}
    assert {row[0] for row in rows[1:]} <= judged
    assert all(row[3].endswith("2025") for row in rows[1:])


def test_a_step_done_twice_changes_nothing(office: Office) -> None:
    before = everything(office.parent)
    result = scr_audit("next", *DAY, cwd=office.folder)
    assert (result.code, result.out) == (0, f"Now: This audit is done. Go on in {NEXT}.\n")
    assert everything(office.parent) == before


def test_status_says_in_words_where_each_audit_stands(office: Office) -> None:
    done = scr_audit("status", cwd=office.folder)
    assert done.out.count("  done   ") == 6
    assert done.out.endswith("This audit is done.\n")
    begun = scr_audit("status", NEXT, cwd=office.parent)
    assert "  now    List the cases, and draw\n  later  Fill in the forms\n" in begun.out
    assert "Now: Fill in 1-case-list.xlsx, a row for each case" in begun.out
