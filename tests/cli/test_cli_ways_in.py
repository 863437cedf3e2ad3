"""Every command, with an identifier in each way in: it is refused, and never said again.

The table of ways in of the page on the gate is held against these.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import DAY, SMALL, scr_audit, write_json
from form_filling import answers, form_of, saved
from openpyxl import load_workbook
from sampled import JOBS, draw, ids, make_folder, sample_in
from test_cli_gate_law import repeats

from scr_audit.cli import app  # noqa: F401  # which declares the commands
from scr_audit.cli.options import command_line
from scr_audit.packs.load import load_folder

NUMBER, TOLD = "999 000 0018", "seen by 999 000 0018"
NAMED = "job 999 000 0018"  # of a file, before its suffix
PAGE = Path(__file__).parents[2] / "docs" / "anonymity.md"
CENSUS = Path(__file__).parents[1] / "data" / "national" / "cin-census-2022-sample.xml"
OUT = ("-o", "out.json")
ACTIONS = ("--store", "h.sqlite", "--pack", "baby-f-2010")
AT = (*SMALL, *DAY)
ADDED = ("--rule", "part-fitted", "-r", "J1", "--from", "2026-01-01", "--until", "2026-12-31",
         "--reason", "out of stock", "--by-role", "lead", *SMALL)  # fmt: skip

WAYS: dict[str, dict[str, tuple[str, ...]]] = {
    "run": {
        "records": ("bad.json", *AT, *OUT),
        "names of records' files": (f"{NAMED}.json", *AT, *OUT),
        "plan": ("jobs.json", *AT, "--audit", "bad-plan.yaml", *OUT),
        "settings": ("jobs.json", *AT, "--settings", "bad-settings.yaml", *OUT),
        "exceptions": ("jobs.json", *AT, "--exceptions", "bad-exceptions.yaml", *OUT),
        "names of these": ("jobs.json", *AT, "--exceptions", f"{NAMED}.yaml", *OUT),
        "sample": ("jobs.json", *AT, "--audit", "plan.yaml", "--sample", "bad-sample.json", *OUT),
        "earlier runs": ("jobs.json", *AT, "--earlier", "bad-run.json", *OUT),
        "readings": ("jobs.json", *AT, "--moderated-from", "jobs.json", "--moderated-from",
                     "bad.json", *OUT),
        "reason": ("jobs.json", *AT, "--allow-identifiable", TOLD, *OUT),
    },
    "explain": {
        "records": ("part-fitted", "bad.json", *AT),
        "names of records' files": ("part-fitted", f"{NAMED}.json", *AT),
        "settings": ("part-fitted", "jobs.json", *AT, "--settings", "bad-settings.yaml"),
        "exceptions": ("part-fitted", "jobs.json", *AT, "--exceptions", "bad-exceptions.yaml"),
        "reason": ("part-fitted", "jobs.json", *AT, "--allow-identifiable", TOLD),
    },
    "try": {
        "records": ("paid", "bad.json", *AT),
        "names of records' files": ("paid", f"{NAMED}.json", *AT),
        "reason": ("paid", "jobs.json", *AT, "--allow-identifiable", TOLD),
    },
    "form new": {
        "records": ("--prefill", "bad.json", *SMALL, "-o", "forms"),
        "names of records' files": ("--prefill", f"{NAMED}.json", *SMALL, "-o", "forms"),
        "plan": ("--audit", "bad-plan.yaml", *SMALL, "-o", "out.xlsx"),
    },
    "form read": {
        "cells": ("bad.xlsx", *SMALL, *OUT),
        "names of forms": (f"{NAMED}.xlsx", *SMALL, *OUT),
        "reason": ("form.xlsx", *SMALL, "--allow-identifiable", TOLD, *OUT),
    },
    "import": {
        "name of the file": (f"{NAMED}.xml", *OUT),
    },
    "merge": {
        "records": ("jobs.json", "bad.json", *SMALL, *OUT),
        "names of records' files": ("jobs.json", f"{NAMED}.json", *SMALL, *OUT),
        "decisions": ("jobs.json", "jobs.json", *SMALL, "--decisions", "bad-decisions.yaml", *OUT),
        "reason": ("jobs.json", "jobs.json", *SMALL, "--allow-identifiable", TOLD, *OUT),
    },
    "agree": {
        "readings": ("jobs.json", "bad.json", *AT, *OUT),
        "names of readings": ("jobs.json", f"{NAMED}.json", *AT, *OUT),
        "plan": ("jobs.json", "jobs.json", *AT, "--audit", "bad-plan.yaml", *OUT),
        "settings": ("jobs.json", "jobs.json", *AT, "--settings", "bad-settings.yaml", *OUT),
        "reason": ("jobs.json", "jobs.json", *AT, "--allow-identifiable", TOLD, *OUT),
    },
    "moderate": {
        "readings": ("jobs.json", "bad.json", *SMALL, "--decisions", "new.yaml", *OUT),
        "names of readings": ("jobs.json", f"{NAMED}.json", *SMALL, "--decisions", "new.yaml",
                              *OUT),
        "decisions": ("jobs.json", "jobs.json", *SMALL, "--decisions", "bad-decisions.yaml", *OUT),
        "reason": ("jobs.json", "jobs.json", *SMALL, "--decisions", "new.yaml",
                   "--allow-identifiable", TOLD, *OUT),
    },
    "sample": {
        "records": ("bad.json", *AT, "--audit", "plan.yaml", "--seed", "one", "--size", "2", *OUT),
        "names of records' files": (f"{NAMED}.json", *AT, "--audit", "plan.yaml", "--seed", "one",
                                    "--size", "2", *OUT),
        "plan": ("jobs.json", *AT, "--audit", "bad-plan.yaml", "--seed", "one", "--size", "2",
                 *OUT),
        "seed": ("jobs.json", *AT, "--audit", "plan.yaml", "--seed", TOLD, "--size", "2", *OUT),
        "earlier samples": ("jobs.json", *AT, "--audit", "plan.yaml", "--seed", "one", "--size",
                            "2", "--previous", "bad-sample.json", "--not-again-within",
                            "12 months", *OUT),
    },
    "redraw": {
        "sample": ("bad-sample.json", "jobs.json", *SMALL, "--audit", "plan.yaml"),
        "records": ("sample.json", "bad.json", *SMALL, "--audit", "plan.yaml"),
        "names of records' files": ("sample.json", f"{NAMED}.json", *SMALL, "--audit",
                                    "plan.yaml"),
        "plan": ("sample.json", "jobs.json", *SMALL, "--audit", "bad-plan.yaml"),
    },
    "replace": {
        "sample": ("bad-sample.json", "J1", "--reason", "lost", "--by-role", "lead", *OUT),
        "reason": ("sample.json", "J1", "--reason", TOLD, "--by-role", "lead", *OUT),
        "role": ("sample.json", "J1", "--reason", "lost", "--by-role", TOLD, *OUT),
    },
    "compare": {
        "runs": ("run.json", "bad-run.json", *OUT),
        "names of runs": ("run.json", f"{NAMED}.run.json", *OUT),
        "records": ("run.json", "run.json", "--records", "bad.json", *SMALL, *OUT),
        "names of records' files": ("run.json", "run.json", "--records", f"{NAMED}.json", *SMALL,
                                    *OUT),
        "plan": ("run.json", "run.json", "--records", "jobs.json", *SMALL, "--audit",
                 "bad-plan.yaml", *OUT),
        "settings": ("run.json", "run.json", "--records", "jobs.json", *SMALL, "--settings",
                     "bad-settings.yaml", *OUT),
        "reason": ("run.json", "run.json", "--records", "jobs.json", *SMALL,
                   "--allow-identifiable", TOLD, *OUT),
    },
    "start": {
        "plan": ("bad-plan.yaml", "2025Q1", *SMALL),
        "whose audit it is": ("plan.yaml", "2025Q1", "--for", TOLD, *SMALL),
    },
    "next": {
        "audit file": ("bad-audit", *DAY),
        "case list": ("bad-cases", *DAY),
        "reasons": ("bad-reason", *DAY),
        "forms": ("bad-forms", *DAY),
        "decisions": ("bad-decisions", *DAY),
    },
    "pack build": {
        "settings": (SMALL[1], "--settings", "bad-settings.yaml", "-o", "out.pack"),
    },
    "history add": {
        "runs": ("bad-run.json", "--store", "h.sqlite"),
        "names of runs": (f"{NAMED}.run.json", "--store", "h.sqlite"),
    },
    "exceptions add": {
        "records": ("new.yaml", "--records", "bad.json", *ADDED),
        "names of records' files": ("new.yaml", "--records", f"{NAMED}.json", *ADDED),
        "exceptions": ("bad-exceptions.yaml", "--records", "jobs.json", *ADDED),
        "name of the exceptions' file": (f"{NAMED}.yaml", "--records", "jobs.json", *ADDED),
        "reason": ("new.yaml", "--records", "jobs.json", *ADDED, "--reason", TOLD),
        "role": ("new.yaml", "--records", "jobs.json", *ADDED, "--by-role", TOLD),
    },
    "actions add": {
        "texts": ("--task", TOLD, "--by-role", "manager", *ACTIONS),
        "role": ("--task", "write to all", "--by-role", TOLD, *ACTIONS),
    },
    "actions update": {
        "texts": ("A1", "--note", TOLD, "--by-role", "manager", *ACTIONS),
        "role": ("A1", "--note", "written", "--by-role", TOLD, *ACTIONS),
    },
    "actions import": {
        "records": ("bad-actions.json", "--by-role", "manager", *ACTIONS),
        "role": ("actions.json", "--by-role", TOLD, *ACTIONS),
    },
    "actions judge": {
        "runs": ("bad-run.json", "--by-role", "manager", "--store", "h.sqlite"),
        "names of runs": (f"{NAMED}.run.json", "--by-role", "manager", "--store", "h.sqlite"),
        "role": ("run.json", "--by-role", TOLD, "--store", "h.sqlite"),
    },
}  # fmt: skip
NOTHING_COMES_IN = frozenset(
    {"check", "doctor", "format", "list", "schema", "sentences", "init", "trend", "status",
     "history list",
     "history export", "actions list", "actions show", "actions check", "actions records",
     "actions export"}
)  # fmt: skip


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what every command needs, and the same with an identifier in it."""
    folder = make_folder(tmp_path_factory.mktemp("x"))
    first = {**JOBS[0], "extra": {"note": TOLD}}
    write_json(folder / "bad.json", [first, *JOBS[1:]])
    plan = (folder / "plan.yaml").read_text("utf-8")
    (folder / "bad-plan.yaml").write_text(plan.replace("Quick look", TOLD), "utf-8")
    (folder / "bad-settings.yaml").write_text(f"parameters: {{most_days: 10}}\nnote: {TOLD}\n")
    (folder / f"{NAMED}.yaml").write_text("exceptions: []\n")
    (folder / "bad-exceptions.yaml").write_text(f"exceptions:\n  - reason: {TOLD}\n")
    (folder / "bad-decisions.yaml").write_text(f"decisions:\n  - reason: {TOLD}\n")
    shutil.copy(folder / "jobs.json", folder / f"{NAMED}.json")
    _make_sample(folder)
    _make_runs(folder)
    _make_forms(folder)
    _make_audits(folder)
    shutil.copy(CENSUS, folder / f"{NAMED}.xml")
    added = scr_audit("actions", "add", "--task", "write", "--by-role", "chair", *ACTIONS,
                      cwd=folder)  # fmt: skip
    assert added.code == 0, added.err
    action = {"id": "X1", "kind": "action", "task": "write to all"}
    write_json(folder / "actions.json", {"actions": [action]})
    write_json(folder / "bad-actions.json", {"actions": [{**action, "task": TOLD}]})
    return folder


def _make_sample(folder: Path) -> None:
    assert draw(folder, "--size", "3", "--reserve", "2").code == 0
    sample = sample_in(folder)
    sample["replaced"] = [{"id": ids(sample["drawn"])[0], "by": ids(sample["reserve"])[0],
                           "reason": TOLD, "by_role": "lead", "on": "2026-01-02"}]  # fmt: skip
    write_json(folder / "bad-sample.json", sample)


def _make_runs(folder: Path) -> None:
    assert scr_audit("run", "jobs.json", *AT, "-q", "-o", "run.json", cwd=folder).code == 0
    bundle = json.loads((folder / "run.json").read_bytes())
    shutil.copy(folder / "run.json", folder / f"{NAMED}.run.json")
    bundle["pack"]["title"] = TOLD
    write_json(folder / "bad-run.json", bundle)


def _make_forms(folder: Path) -> None:
    form = form_of(load_folder(Path(SMALL[1])), "job")
    for name, part in (("form", "bell"), ("bad", TOLD), (NAMED, "bell")):
        job = {"id": "J1", "parts": [{"name": part}]}
        saved(folder / f"{name}.xlsx", form, answers(form.layout, job))


def _make_audits(folder: Path) -> None:
    """An audit folder in each of its states, with an identifier in what is read next."""
    assert scr_audit("start", "plan.yaml", "2025Q1", "--folder", "a", *SMALL, cwd=folder).code == 0
    audit = folder / "a" / "audit.yaml"
    audit.write_text("size: 1\nreports: [report.html]\n" + audit.read_text("utf-8").replace(
        "reports:", "# reports:"), "utf-8")  # fmt: skip
    shutil.copytree(folder / "a", folder / "bad-audit")
    (folder / "bad-audit" / "audit.yaml").write_text(
        audit.read_text("utf-8").replace("commentary: |", f"commentary: {TOLD}"), "utf-8"
    )
    table = "Ref,Part name,Part fitted on\nJ1,bell,10/01/2025\nJ2,bell,10/02/2025\n"
    shutil.copytree(folder / "a", folder / "bad-cases")
    (folder / "bad-cases" / "list.csv").write_text(f"{table}{NUMBER},bell,10/03/2025\n", "utf-8")
    (folder / "a" / "list.csv").write_text(table, "utf-8")
    assert scr_audit("next", "a", *DAY, cwd=folder).code == 0
    _type(folder, "bad-reason", "1-cases-drawn.xlsx", "Drawn", E6=TOLD)
    forms = sorted((folder / "a" / "2-forms").glob("*/*.xlsx"))
    for form, paid in zip(forms, ("yes", "no"), strict=True):
        _fill(form, "blank", paid)
    _type(folder, "bad-forms", str(forms[0].relative_to(folder / "a")), "Start", B12=TOLD)
    assert scr_audit("next", "a", *DAY, cwd=folder).code == 0
    _type(folder, "bad-decisions", "3-decisions.xlsx", "Decisions", I10=TOLD)


def _fill(form: Path, role: str, paid: str) -> None:
    book = load_workbook(form)
    book["Start"]["B12"], book["Start"]["B13"] = role, "01/01/2026"
    for row in book["form"].iter_rows(values_only=True):
        if row[0] == "cell" and row[4] == "paid" and row[3] == "answer":
            book[row[1]][row[2]] = paid
    book.save(form)


def _type(folder: Path, name: str, workbook: str, sheet: str, **cells: str) -> None:
    """A copy of the audit in which something was typed into a workbook."""
    path = shutil.copytree(folder / "a", folder / name) / workbook
    book = load_workbook(path)
    for cell, text in cells.items():
        book[sheet][cell] = text
    book.save(path)


def each_way() -> Iterator[tuple[str, str]]:
    for command, ways in WAYS.items():
        for way in ways:
            yield command, way


@pytest.mark.parametrize(("command", "way"), [*each_way()])
def test_an_identifier_is_refused_and_not_said(ready: Path, command: str, way: str) -> None:
    before = {path.name: path.read_bytes() for path in ready.iterdir() if path.is_file()}
    result = scr_audit(*command.split(), *WAYS[command][way], cwd=ready)
    assert result.code == 2, result.err
    assert repeats(NUMBER, result.out + result.err) is None, result.err
    why = result.err.replace("[an NHS number]", "")  # in place of a number that was repeated
    assert re.search("an NHS number|holds an identifier|holds something that", why), result.err
    assert {path.name: path.read_bytes() for path in ready.iterdir() if path.is_file()} == before


def test_the_page_lists_every_command_and_every_way_in() -> None:
    rows = re.findall(r"^\| `([a-z ]+)` \| (.+?) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert {command: told.split("; ") for command, told in rows if command in WAYS} == {
        command: list(ways) for command, ways in WAYS.items()
    }
    assert {*WAYS, *NOTHING_COMES_IN, "anonymise"} == set(_commands(command_line([])))


def _commands(group: object, before: str = "") -> Iterator[str]:
    for name, command in group.commands.items():  # type: ignore[attr-defined]  # of a group
        if hasattr(command, "commands"):
            yield from _commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}"


def test_a_form_is_told_by_sheet_and_cell_and_passes_with_a_reason(ready: Path) -> None:
    read = ("form", "read", "bad.xlsx", *SMALL)
    refused = scr_audit(*read, cwd=ready)
    assert (refused.code, refused.out, refused.err) == (
        2,
        "",
        "scr-audit: nothing was written, because not every form can be read\n"
        "bad.xlsx: 1 thing is wrong\n  parts!C7: holds an NHS number; take it out\n",
    )
    passed = scr_audit(*read, "--allow-identifiable", "agreed", cwd=ready)
    assert (passed.code, json.loads(passed.out)["jobs"][0]["parts"]) == (0, [{"name": TOLD}])


def test_explain_and_compare_go_on_with_a_reason(ready: Path) -> None:
    reason = ("--allow-identifiable", "agreed")
    let_through = (
        "1 identifier in 1 record let through, for the reason given; 'scr-audit run' will ask for "
        "it again\n"
    )
    explained = scr_audit("explain", "part-fitted", "bad.json", *AT, *reason, "--full", cwd=ready)
    assert (explained.code, explained.err) == (0, let_through)
    compared = ("compare", "run.json", "run.json", "--records", "bad.json", *SMALL, "-q")
    done = scr_audit(*compared, *reason, cwd=ready)
    assert (done.code, done.err) == (0, let_through)


def test_a_bundle_that_was_allowed_passes(ready: Path) -> None:
    reason = ("--allow-identifiable", "agreed")
    done = scr_audit("run", "bad.json", *AT, *reason, "-q", "-o", "allowed.json", cwd=ready)
    assert done.code == 0, done.err
    assert scr_audit("compare", "allowed.json", "allowed.json", "-q", cwd=ready).code == 0
    (ready / "allowed.json").unlink()


def test_a_message_gives_the_kind_of_what_it_repeats(ready: Path) -> None:
    result = scr_audit("explain", "part-fitted", "jobs.json", *AT, "-r", "Mr_Sampleton", cwd=ready)
    assert (result.code, result.out) == (2, "")
    assert result.err == ("scr-audit: no job record '[a name]' was judged in jobs.json.\n")
