"""The gate of `agree`, `moderate` and `merge`: what `run` stops, they stop, and never repeat it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from command_line import DAY, SMALL, Result, audit, job, scr_audit, write_json

NUMBER = "999 000 0018"
REASON = ("--allow-identifiable", "agreed with the data owner")
COMMANDS: dict[str, tuple[str, ...]] = {
    "agree": ("agree", "a.json", "b.json", "-o", "out.json", *SMALL, *DAY),
    "moderate": ("moderate", "a.json", "b.json", "-o", "out.json", "--decisions", "d.yaml", *SMALL),
    "merge": ("merge", "a.json", "b.json", "-o", "out.json", "--decisions", "d.yaml", *SMALL),
}
WRITTEN = {"agree": "no report", "moderate": "nothing", "merge": "nothing"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two readings that differ, of which the second holds an NHS number."""
    write_json(tmp_path / "a.json", {"jobs": [job("J1", safe=True)]})
    note = {"note": f"see {NUMBER}"}
    write_json(tmp_path / "b.json", {"jobs": [job("J1", safe=False, extra=note)]})
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS)
def test_what_is_wrong_with_an_identifiable_record_is_not_told(folder: Path, command: str) -> None:
    write_json(folder / "b.json", {"jobs": [job("J1", safe=f"so says {NUMBER}")]})
    result = scr_audit(*COMMANDS[command], cwd=folder)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(
        "identifiable: b.json, /jobs/0: /safe: an NHS number; take it out\n"
        f"scr-audit: 1 identifier in 1 record; {WRITTEN[command]} was written. "
    )
    assert NUMBER not in result.err
    assert sorted(path.name for path in folder.iterdir()) == ["a.json", "b.json"]


def test_the_reason_stands_in_every_report_of_an_agreement(folder: Path) -> None:
    outputs = [word for name in ("out.md", "out.html", "out.csv") for word in ("-o", name)]
    done = scr_audit(*COMMANDS["agree"], *REASON, *outputs, cwd=folder)
    assert done.code == 0, done.err
    said = (
        "Not for publication: identifiable records were allowed, and 1 identifier was found in "
        "them. Reason given: agreed with the data owner"
    )
    assert done.out.splitlines()[0] == said
    assert json.loads((folder / "out.json").read_text("utf-8"))["not_for_publication"] == said
    for name in ("out.md", "out.html"):
        assert said in (folder / name).read_text("utf-8")
    rows = list(csv.DictReader(io.StringIO((folder / "out.csv").read_text("utf-8-sig"))))
    assert [row["not_for_publication"] for row in rows] == [said] * 2


def decided(folder: Path, command: str, take: str) -> Result:
    """Decide all conflicts for one side, and run the command again."""
    assert scr_audit(*COMMANDS[command], *REASON, cwd=folder).code == 2
    path = folder / "d.yaml"
    text = path.read_text("utf-8").replace("take:\n", f"take: {take}\n")
    for name, value in (("reason", "seen"), ("by_role", "moderator"), ("'on'", "2026-02-01")):
        text = text.replace(f"  {name}:\n", f"  {name}: {value}\n")
    path.write_text(text, "utf-8")
    return scr_audit(*COMMANDS[command], *REASON, cwd=folder)


@pytest.mark.parametrize("command", ["moderate", "merge"])
def test_with_a_reason_nothing_is_lost_and_the_run_asks_again(folder: Path, command: str) -> None:
    done = decided(folder, command, "2")
    assert done.code == 0, done.err
    assert done.err == (
        "1 identifier in 1 record let through, for the reason given; 'scr-audit run' will "
        "ask for it again\nwrote out.json: 1 record\n"
    )
    [record] = json.loads((folder / "out.json").read_text("utf-8"))["jobs"]
    assert record["safe"] is False
    assert record["extra"] == {"note": f"see {NUMBER}"}
    assert scr_audit(*audit(folder / "out.json")).code == 2
