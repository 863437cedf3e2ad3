"""What helps to find a command: the sections of the help, completion, and what is installed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from command_line import scr_audit

from scr_audit import installation
from scr_audit.cli import app  # noqa: F401  # which declares the commands
from scr_audit.cli.options import SECTIONS, command_line


def test_every_command_stands_in_one_section_of_the_help() -> None:
    placed = [name for names in SECTIONS.values() for name in names]
    assert sorted(placed) == sorted(command_line([]).commands)  # type: ignore[attr-defined]


def test_the_help_lists_the_sections_each_command_on_one_whole_line() -> None:
    shown = scr_audit("--help", env={"COLUMNS": "80"}).out
    assert re.findall(r"^(\w[\w ]+):$", shown, re.MULTILINE) == ["Options", *SECTIONS]
    rows = [line for line in shown.splitlines() if re.match(r"  [a-z]+ ", line)]
    commands = [row.split()[0] for row in rows]
    assert commands == [name for names in SECTIONS.values() for name in names]
    assert all(len(row) <= 80 and row.endswith(".") and "..." not in row for row in rows)


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("scr-audit comp", ["compare"]),
        ("scr-audit history ex", ["export"]),
        ("scr-audit run --audit quart", ["quarterly-conference-plan"]),
        ("scr-audit run --pack baby", ["baby-f-2010"]),
        ("scr-audit explain gp-", ["gp-contributes", "gp-invited"]),
    ],
)
def test_a_shell_completes_commands_plans_packs_and_rules(typed: str, completed: list[str]) -> None:
    asked = {
        "_SCR_AUDIT_COMPLETE": "complete_bash",
        "COMP_WORDS": typed,
        "COMP_CWORD": str(len(typed.split()) - 1),
    }
    result = scr_audit(env=asked)
    assert (result.code, result.err) == (0, "")
    assert sorted(result.out.split()) == completed


def test_doctor_names_what_is_missing_and_the_command_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lacking = {"docxtpl", "pyarrow"}
    monkeypatch.setattr(
        "scr_audit.cli.doctor.installed_version", lambda name: "" if name in lacking else "1"
    )
    monkeypatch.setattr(
        "scr_audit.cli.doctor.is_installed", lambda extra: not lacking & {*extra.libraries}
    )
    (tmp_path / "pipx_metadata.json").touch()
    here = installation.environment(tmp_path)
    monkeypatch.setattr("scr_audit.cli.doctor.environment", lambda: here)
    result = scr_audit("doctor")
    assert (result.code, result.err) == (0, "")
    lines = result.out.splitlines()
    assert len(lines) <= 25
    assert f"in the environment of pipx at {tmp_path}" in lines
    assert "✗ Word reports                   [word]       lacks docxtpl" in lines
    assert "✓ PDF reports                    [pdf]        installed" in lines
    auditor = lines[lines.index("All that an auditor needs comes with:") + 1]
    assert auditor.startswith("  pipx inject scr-audit XlsxWriter")
    assert "  pipx inject scr-audit pyarrow" in lines


def test_doctor_says_that_all_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scr_audit.cli.doctor.is_installed", lambda extra: True)
    assert "\nAll that an auditor needs is installed.\nTab" in scr_audit("doctor").out


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (("check", "Quarterly_Conference plan"), "quarterly-conference-plan: nothing wrong"),
        (("list", "--pack", "Baby F 2010"), "police-act-at-once"),
        (("run", "x.json", "--audit", "quarterly"), "Shipped: action-plan-monitoring, "),
        (("run", "x.json", "--audit", "mine/x.yaml"), "Shipped: action-plan-monitoring, "),
        (("list", "--pack", "babyf"), "Did you mean 'baby-f-2010'? Shipped: "),
    ],
)
def test_plans_and_packs_are_found_as_people_type_them(words: tuple[str, ...], shown: str) -> None:
    result = scr_audit(*words)
    assert shown in result.out + result.err
