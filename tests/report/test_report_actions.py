"""What became of actions, in the words of every format, whatever the texts of an action hold."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from report_editions import board_document
from report_sample import sample_bundle

from scr_audit.packs.builtin import shipped
from scr_audit.report.formats import Look, Templates, render_report
from scr_audit.report.human_decisions import ActionLine, action_lines

LOOK = Look(Templates(shipped("reports")))
TASK = "=1+1 <b>invite</b> {{ 7*7 }} #panic() | *all*"
ACTION: dict[str, Any] = {
    "action": "A1", "recommendation": "5.1", "agency": "general_practice", "task": TASK,
    "due": "2026-10-31", "status": "open", "overdue": True, "verdict": "not_yet",
    "reason": "3 of 9 visits met", "shown_by": {"rule": "r", "target": 0.9, "period": "2026Q4"},
}  # fmt: skip
FORMATS = (".html", ".md", ".xlsx", ".docx", ".pdf")


def report(bundle: dict[str, Any], suffix: str) -> str:
    """All that a report says, as text, with its blanks made single."""
    content = render_report(bundle, Path(f"r{suffix}"), LOOK)[f"r{suffix}"]
    if suffix == ".pdf":
        text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    elif suffix in (".xlsx", ".docx"):
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            parts = [file.read(name).decode() for name in file.namelist() if name.endswith(".xml")]
        text = re.sub(r"<[^>]+>", " ", " ".join(parts))
    else:
        text = content.decode()
    return " ".join(text.replace("\u200b", "").split())


def test_the_words_of_an_action() -> None:
    assert action_lines({"actions": [ACTION]}) == [
        ActionLine(
            "A1", TASK, "5.1, general practice", "31 October 2026", "open, overdue",
            "asked for: 90 % in 2026Q4", "not yet", "3 of 9 visits met",
        )
    ]  # fmt: skip


def test_what_is_not_stated_is_said_to_be_so() -> None:
    bare = {**ACTION, **dict.fromkeys(("recommendation", "agency", "task", "due"))}
    [line] = action_lines({"actions": [{**bare, "overdue": None}]})
    assert (line.task, line.serves, line.due) == ("(the task is not stated)", "", "")
    assert line.status == "open"


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("bundle", [sample_bundle(records=2, rules=2), board_document()])
def test_every_format_tells_it_and_runs_nothing(bundle: dict[str, Any], suffix: str) -> None:
    text = report({**bundle, "actions": [ACTION]}, suffix)
    for said in ("What became of actions", "open, overdue", "not yet", "3 of 9 visits met"):
        assert said in text
    assert "49" not in re.findall(r"invite.{0,40}", text)[0]


@pytest.mark.parametrize("suffix", [".html", ".md"])
def test_a_text_is_no_markup(suffix: str) -> None:
    text = report({**sample_bundle(records=2, rules=2), "actions": [ACTION]}, suffix)
    assert "invite" in text
    assert "<b>invite</b>" not in text


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_report_without_actions_says_nothing_of_them(suffix: str) -> None:
    assert "What became of actions" not in report(sample_bundle(records=2, rules=2), suffix)
