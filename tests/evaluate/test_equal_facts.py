"""`is … or neither is recorded`: equality that takes *not recorded* for a value."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from judging import judge, outcome
from small_pack import RULE_FILE, condition_problem, rule_file, write_pack
from worded import records

from scr_audit.evaluate.read_aloud import rule_lines
from scr_audit.packs.load import load_folder

SAME = "returned_on is booked_on or neither is recorded"
TIMED = "opened_at is booked_on or neither is recorded"
FLAGS = "safe is paid or neither is recorded"


@pytest.mark.parametrize(
    ("condition", "record", "expected"),
    [
        (SAME, {}, "met"),
        (SAME, {"booked_on": "2024-01-02"}, "not_met"),
        (SAME, {"returned_on": "2024-01"}, "not_met"),
        (SAME, {"booked_on": "2024-01-02", "returned_on": "2024-01-02"}, "met"),
        (SAME, {"booked_on": "2024-01-02", "returned_on": "2024-01-03"}, "not_met"),
        (SAME, {"booked_on": "2024-01-02", "returned_on": "2024-01"}, "not_evidenced"),
        (SAME, {"booked_on": "2024-01-02", "returned_on": "2024-02"}, "not_met"),
        (f"not {SAME}", {"booked_on": "2024-01-02"}, "met"),
        (TIMED, {}, "met"),
        (TIMED, {"opened_at": "2024-01-02T09:00"}, "not_met"),
        (TIMED, {"opened_at": "2024-01-02T09:00", "booked_on": "2024-01-02"}, "met"),
        (FLAGS, {"safe": False, "paid": False}, "met"),
        (FLAGS, {"safe": False}, "not_met"),
        ("wheels is price or neither is recorded", {"wheels": 2, "price": 2.0}, "met"),
        ("{some: parts as p, that: p.name is customer or neither is recorded}",
         {"parts": [{"name": "Al"}]}, "not_met"),
    ],
)  # fmt: skip
def test_what_is_not_recorded_is_a_value(
    condition: str, record: dict[str, Any], expected: str
) -> None:
    assert outcome(condition, record) == expected


def test_the_reason_tells_both_and_the_remedy_makes_them_one() -> None:
    [finding] = judge(f"require:\n  it: {SAME}", {"booked_on": "2024-01-02"})
    booked, returned = "“When was the job booked?”", "“When was the bicycle returned?”"
    assert finding.reason == f"{booked} 2 January 2024. Not recorded: {returned}"
    assert finding.missing == ()
    assert finding.remedy is not None
    assert [change.then for change in finding.remedy.changes] == ["2024-01-02"]


@pytest.mark.parametrize(
    ("line", "offset", "message"),
    [
        *(
            (
                f"{fact} is {value} or neither is recorded",
                len(fact) + 4,
                f"a fact is expected, which {value} is not",
            )
            for fact, value in (("wheels", "3"), ("model", "city"), ("safe", "yes"))
        ),
        (
            "wheels is booked_on or neither is recorded",
            10,
            "'wheels' is a whole number and 'booked_on' is a date; 'is … or neither is recorded' "
            "cannot compare them",
        ),
    ],
)
def test_only_facts_that_can_be_compared_are_taken(
    tmp_path: Path, line: str, offset: int, message: str
) -> None:
    found, expected = condition_problem(tmp_path, line, offset, message)
    assert found == expected


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (FLAGS, "the answer to “Was the bicycle safe to ride?” is the answer to “paid?” or neither "
         "is recorded"),
        ("not safe is paid", "not: the answer to “Was the bicycle safe to ride?” is the same as "
         "the answer to “paid?”"),
    ],
)  # fmt: skip
def test_facts_that_are_compared_are_read_aloud(tmp_path: Path, line: str, said: str) -> None:
    files = {
        RULE_FILE: rule_file(f"require:\n  it: {line}"),
        "records.yaml": records(("the {name}",)),
    }
    pack = load_folder(write_pack(tmp_path, files))
    assert [each.text for each in rule_lines(pack.rules[0], pack.parameters)][-2] == said
