"""What a file of exceptions may say, and what is said of one that is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from exception_files import entry, exceptions
from jsonschema import Draft202012Validator
from small_pack import SMALL_PACK

from scr_audit import InputError, PackError
from scr_audit.approvals.exceptions_file import load_exceptions
from scr_audit.packs.load import load_folder
from scr_audit.schemas import json_schema


def problem_of(folder: Path, *entries: dict[str, Any]) -> str:
    with pytest.raises(PackError) as caught:
        exceptions(folder, *entries)
    return str(caught.value).replace(f"{folder}/", "")


@pytest.mark.parametrize(
    ("changed", "place", "message"),
    [
        ({"rule": "part-fited"}, "2:9",
         "the pack bicycle-workshop has no rule 'part-fited'. Did you mean 'part-fitted'?"),
        ({"unit": "/parts/0"}, "4:9",
         "'/parts/0' is a place, where another unit may stand tomorrow; name the unit by its "
         "facts, such as {name: …}. Added anew, the exception gets them by itself"),
        ({"unit": "bell"}, "4:9",
         "expected the facts that tell the unit from others, such as {name: …}"),
        ({"unit": {}}, "4:9",
         "names no fact; name one that tells the unit, or leave 'unit' out for all"),
        ({"unit": [{"name": "bell"}, {"passed": True}]}, "5:3",
         "expected facts for parts, such as {name: …}"),
        ({"unit": {"nam": "bell"}}, "5:5",
         "part has no fact 'nam' to name it by. Did you mean 'name'?"),
        ({"unit": {"checks": "bell"}}, "5:5",
         "part has no fact 'checks' to name it by. Facts: name, fitted, fitted_on, worn and "
         "recalled."),
        ({"unit": {"name": 5}}, "5:11", "expected a text, found 5; write it in quotes"),
        ({"unit": {"worn": "yes"}}, "5:11", "expected a yes/no fact, found 'yes'"),
        ({"unit": {"fitted_on": " "}}, "5:16", "expected a date, found nothing that can be seen"),
        ({"unit": {"fitted_on": "2026-13"}}, "5:16", "there is no month 13 in '2026-13'"),
        ({"rule": "back-in-time", "unit": {"safe": False}}, "5:5",
         "the rule 'back-in-time' judges the record itself, which needs no 'unit'; leave it out"),
        ({"reason": " "}, "6:11", "'reason' is empty"),
        ({"from": "2026-13-01"}, "8:9", "expected a day such as 2026-05-04, found '2026-13-01'"),
        ({"from": "2026-1-1"}, "8:9", "expected a day such as 2026-05-04, found '2026-1-1'"),
        ({"until": "2025-12-31"}, "9:10", "'until' is before 'from', which is 2026-01-01"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_place(
    tmp_path: Path, changed: dict[str, Any], place: str, message: str
) -> None:
    told = problem_of(tmp_path, entry(**changed))
    assert told.splitlines()[0] == f"exceptions.yaml:{place}: {message}"
    assert told.splitlines()[2].strip() == "^"


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    told = problem_of(
        tmp_path,
        entry(**{"from": "2026-02-30"}, until=2026),
        entry(reason=" ", approved_by_role="\u200b", rule="part-fited"),
        entry(unit={"nam": "bell"}, record=5),
    )
    found = [line.split(":", 1)[1] for line in told.splitlines() if line.startswith("exc")]
    assert [line.partition(": ")[2] for line in found] == [
        "expected a day such as 2026-05-04, found '2026-02-30'",
        "expected a text, found 2026; write it in quotes",
        "the pack bicycle-workshop has no rule 'part-fited'. Did you mean 'part-fitted'?",
        "'reason' is empty",
        "'approved_by_role' is empty",
        "expected a text, found 5; write it in quotes",
        "part has no fact 'nam' to name it by. Did you mean 'name'?",
    ]


def test_a_key_that_is_missing_is_told(tmp_path: Path) -> None:
    told = problem_of(tmp_path, entry(until=None))
    assert told.startswith("exceptions.yaml:2:3: the key 'until' is missing here\n")


def test_an_identifier_is_refused_and_not_repeated(tmp_path: Path) -> None:
    told = problem_of(tmp_path, entry(reason="told by Mr Pimm", rule="nonsense"))
    assert told == (
        "exceptions.yaml:6:11: 'reason' holds a name, and reports repeat it; say it without"
    )


@pytest.mark.parametrize(
    "unit", [{"name": "bell"}, {"name": "bell", "worn": True}, {"worn": True}, None]
)
def test_two_entries_may_not_cover_a_unit_on_the_same_day(
    tmp_path: Path, unit: dict[str, Any] | None
) -> None:
    later = entry(unit=unit, **{"from": "2026-01-31", "until": "2026-03-01"})
    told = problem_of(tmp_path, entry(), later)
    assert told.splitlines()[0] == (
        "exceptions.yaml:10:3: can cover the unit of the entry at line 2 on the same days; keep "
        "one of them, part their days, or name more facts"
    )
    apart = entry(unit=unit, **{"from": "2026-02-01", "until": "2026-03-01"})
    assert len(exceptions(tmp_path, entry(), apart).entries) == 2


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load_exceptions(tmp_path / "none.yaml", load_folder(SMALL_PACK))
    assert str(caught.value) == f"{tmp_path}/none.yaml: cannot be read: No such file or directory"


def test_the_published_schema_takes_an_entry_and_refuses_a_wrong_day() -> None:
    validator = Draft202012Validator(json_schema("exceptions"))
    assert validator.is_valid({"exceptions": [entry()]})
    assert validator.is_valid({"exceptions": [entry(unit=[{"name": "bell"}, {"passed": True}])]})
    assert not validator.is_valid({"exceptions": [entry(until="soon")]})
    assert not validator.is_valid({"exceptions": [entry(unit="/parts/0")]})


NUMBER = "999 000 0018"
FLOW = "exceptions: [{rule: part-fitted, record: J1, reason: %s, approved_by: chair, from: soon}]\n"


def told_of(folder: Path, text: str) -> str:
    path = folder / "exceptions.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(PackError) as caught:
        load_exceptions(path, load_folder(SMALL_PACK))
    return str(caught.value).replace(f"{folder}/", "")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            FLOW % f"'see {NUMBER}'",
            "exceptions.yaml:1:54: 'reason' holds an NHS number, and reports repeat it; "
            "say it without",
            id="a line with other mistakes in it",
        ),
        pytest.param(
            f"exceptions:\n- 'see {NUMBER}': 1\n",
            "exceptions.yaml:2:3: '(an NHS number)' holds an NHS number, and reports repeat it; "
            "say it without",
            id="a key",
        ),
        pytest.param(
            FLOW % f"see {NUMBER}]",
            "exceptions.yaml:1:70: not readable as YAML, and its lines are not shown, since the "
            "file holds something that tells who somebody is; say it without",
            id="no YAML",
        ),
    ],
)
def test_no_message_repeats_an_identifier(tmp_path: Path, text: str, told: str) -> None:
    assert told_of(tmp_path, text) == told


def test_a_line_whose_remark_identifies_is_not_shown(tmp_path: Path) -> None:
    told = told_of(tmp_path, (FLOW % "late").rstrip() + f" # {NUMBER}\n")
    assert "unknown key 'approved_by'" in told
    assert NUMBER not in told
    assert "^" not in told
