"""Another program with another pack: what examples/embedding shows is what happens."""

import importlib
import json
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import scr_audit
from scr_audit.check.pack_check import check_pack
from scr_audit.language.operators import OPERATORS

EMBEDDING = Path(__file__).resolve().parents[2] / "examples" / "embedding"
README = (EMBEDDING / "README.md").read_text(encoding="utf-8")


def output(name, folder):
    """What the program prints, run from a folder that has nothing to do with it."""
    done = subprocess.run(
        [sys.executable, EMBEDDING / name],
        cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False,
        env={"PYTHONUTF8": "1", "PYTHONHASHSEED": "random"},
    )  # fmt: skip
    assert done.stderr == ""
    assert done.returncode == 0
    return done.stdout


@pytest.fixture(scope="module")
def pack():
    return scr_audit.load_pack(EMBEDDING / "fire-safety")


@pytest.mark.parametrize("name", ["embed.py", "serial_numbers.py"])
def test_the_program_prints_what_its_readme_shows(name, tmp_path):
    assert f"\n```text\n{output(name, tmp_path)}```\n" in README


def test_findings_of_several_processes_are_those_of_one_in_their_order(pack, monkeypatch, capsys):
    monkeypatch.syspath_prepend(str(EMBEDDING))
    program = importlib.import_module("several_processes")
    program.main()
    engine, records = scr_audit.compile_pack(pack), program.INSPECTIONS
    alone = [f.to_dict() for f in engine.findings(records, as_of=date(2025, 6, 30))]
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == alone


def test_worst_findings_come_first_and_say_why(tmp_path):
    lines = output("embed.py", tmp_path).splitlines()
    severities = [line.split(":")[0] for line in lines if line.startswith(("high", "medium"))]
    assert severities == ["high"] * 6 + ["medium"] * 3
    at = lines.index("high: I-102/alarm_tests/0: A fault of the alarm is repaired within days")
    assert lines[at + 1] == (
        "    The fault found at the alarm test of 1 May 2025 was repaired on 9 May 2025, "
        "3 working days late (due by 6 May 2025)."
    )


def test_an_empty_list_and_a_part_not_done_are_kept_apart(pack):
    engine = scr_audit.compile_pack(pack)
    bare = {"id": "I-1", "inspected_on": "2025-06-10"}

    def extinguishers(record):
        (found,) = [f for f in engine.evaluate(record) if f.rule == "extinguisher-ready"]
        return found.outcome, found.reason

    assert extinguishers({**bare, "extinguishers": []}) == (
        "not_met",
        "The record says that there were no extinguishers.",
    )
    assert extinguishers({**bare, "extinguishers": None}) == (
        "not_evidenced",
        "It is not recorded which extinguishers there are.",
    )


def test_totals_and_findings_agree(pack):
    sys.path.insert(0, str(EMBEDDING))
    try:
        import embed
    finally:
        sys.path.remove(str(EMBEDDING))
    engine = scr_audit.compile_pack(pack)
    records = list(embed.inspections(embed.open_database()))
    found = [finding for record in records for finding in engine.evaluate(record)]
    totals = engine.run(records).totals
    for rule in pack.rules:
        outcomes = [finding.outcome for finding in found if finding.rule == rule.id]
        counted = {name: n for name, n in totals.rules[rule.id].named().items() if n}
        assert counted == {name: outcomes.count(name) for name in set(outcomes)}


def test_the_pack_passes_its_own_check(pack):
    result = check_pack(pack)
    assert result.failures == []
    assert result.survivors == []
    assert pack.warnings == ()
    shown = f"{result.rules} rules, {result.examples} examples; "
    assert f"fire-safety 1.0.0: {shown}{result.mutants} of {result.mutants} mutants" in README


def test_the_pack_with_an_operator_of_its_own_is_refused_without_it():
    with pytest.raises(scr_audit.PackError, match="one object is expected after 'matches'"):
        scr_audit.load_pack(EMBEDDING / "serial-numbers")


def test_the_pack_with_an_operator_of_its_own_passes_its_check(monkeypatch):
    monkeypatch.syspath_prepend(str(EMBEDDING))
    before = dict(OPERATORS)
    try:
        import serial_numbers

        assert "matches serial format" in OPERATORS
        result = check_pack(scr_audit.load_pack(EMBEDDING / "serial-numbers"))
        assert (result.failures, result.survivors) == ([], [])
        assert serial_numbers.matches_serial_format("FE-4107-12")
    finally:
        OPERATORS.clear()
        OPERATORS.update(before)
        sys.modules.pop("serial_numbers", None)


def test_local_settings_and_chosen_rules_count_in_other_processes_too(tmp_path):
    settings = tmp_path / "local.yaml"
    settings.write_text("parameters: {repair_working_days: [{value: 100}]}", encoding="utf-8")
    pack = scr_audit.load_pack(EMBEDDING / "fire-safety", settings=settings)
    chosen = replace(pack, rules=(pack.rule("alarm-fault-repaired"),))
    fault = {"tested_on": "2025-05-01", "fault_found": True, "repaired_on": "2025-05-20"}
    records = [
        {"id": f"I-{n}", "inspected_on": "2025-06-01", "alarm_tests": [fault]} for n in range(3)
    ]
    engine = scr_audit.compile_pack(chosen)
    with ProcessPoolExecutor(1) as executor:
        parallel = engine.run(records, executor=executor).totals
    assert parallel == engine.run(records).totals
    assert parallel.rules["alarm-fault-repaired"].named()["met"] == 3
