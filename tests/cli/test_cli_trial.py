"""`try`: one condition of every record and item, in the words of a rule's verdict."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import DAY, SMALL, Result, job, scr_audit, write_json

PARTS = ("--for-each", "parts as part")


@pytest.fixture
def jobs(tmp_path: Path) -> Path:
    pump = {"name": "pump", "fitted": True, "worn": True}
    bell = {"name": "bell", "fitted": False, "fitted_on": "2025-05-04"}
    records = [
        job("A", paid=True, parts=[pump, bell, {"name": "light"}]),
        job("B", paid=False, parts=[]),
        job("C", booked_on="2025-12-30"),
    ]
    return write_json(tmp_path / "in.json", records)


def tried(condition: str, file: Path, *more: str) -> Result:
    return scr_audit("try", condition, file, *SMALL, *DAY, *more)


def test_each_record_has_a_line_with_the_answer_and_why(jobs: Path) -> None:
    result = tried("paid", jobs)
    assert (result.code, result.err) == (0, "")
    assert [line.split(". ")[0] for line in result.out.splitlines()] == [
        "A: yes", "B: no", "C: not recorded",
    ]  # fmt: skip
    assert result.out.splitlines()[2].endswith("Not recorded: “paid?”")


def test_what_is_wrong_with_a_condition_that_names_somebody_is_not_repeated(jobs: Path) -> None:
    assert tried("Mrs Mockley is recorded", jobs).err == (
        "scr-audit: the condition holds an identifier; say it without\n"
    )


def test_each_item_of_a_list_is_named_as_an_auditor_names_it(jobs: Path) -> None:
    result = tried("part.fitted", jobs, *PARTS)
    assert (result.code, result.err) == (0, "")
    assert [line.split(". ")[0] for line in result.out.splitlines()] == [
        "A, part pump, fitted yes, worn yes: yes",
        "A, part of 4 May 2025, bell, fitted no: no",
        "A, part light: not recorded",
        "B, list of parts: nothing to ask",
        "C, list of parts: not recorded",
    ]


@pytest.mark.parametrize(
    ("condition", "answers"),
    [
        ("{some: parts as part, that: part.fitted}", "yes no not recorded"),
        ("[paid, 'parts is recorded']", "yes no no"),
        ("any:\n  - paid\n  - none: parts as part", "yes yes not recorded"),
        ("returned_on within {most_days} days after booked_on",
         "not recorded not recorded not yet due"),
    ],
)  # fmt: skip
def test_a_condition_may_be_of_several_lines_and_a_duty_may_not_be_due(
    jobs: Path, condition: str, answers: str
) -> None:
    result = tried(condition, jobs)
    assert (result.code, result.err) == (0, "")
    found = [line.split(": ")[1].split(". ")[0] for line in result.out.splitlines()]
    assert " ".join(found) == answers


@pytest.mark.parametrize(
    ("condition", "for_each", "err"),
    [
        ("wheels >= 3", "",
         "(given):1:8: found '>='; expected words: 'at least', of days 'on or after'. "
         "Write: wheels at least 3\n    wheels >= 3\n           ^\n"),
        ("[paid, booked_on before {as_of}]", "",
         "(given):1:25: not readable as YAML: did not find expected ',' or ']'. For YAML a { "
         'begins a group of its own: put the text in quotes, "booked_on before {as_of}"\n'
         "    [paid, booked_on before {as_of}]\n                            ^\n"),
        ("paid", "prts as part",
         "(given):2:1: unknown fact 'prts'. Did you mean 'parts'?\n    prts as part\n    ^\n"),
    ],
)  # fmt: skip
def test_a_wrong_condition_is_told_as_in_a_rule_file(
    jobs: Path, condition: str, for_each: str, err: str
) -> None:
    more = ("--for-each", for_each) if for_each else ()
    assert tried(condition, jobs, *more) == Result(2, "", f"{err}1 problem; nothing was run.\n")


def test_the_pack_is_named_where_none_was(jobs: Path) -> None:
    result = scr_audit("try", "wheels at least 3", jobs, *DAY)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(
        "scr-audit: no pack is named with -p; the condition is asked of "
        "baby-f-2010+working-together.\n(given):1:1: unknown fact 'wheels'."
    )


def test_another_kind_is_asked_by_its_name_and_wrong_records_are_told(tmp_path: Path) -> None:
    file = write_json(tmp_path / "in.json", {"depots": [{"id": "D", "name": "x", "open": True}]})
    assert tried("open", file, "--kind", "depot").out.startswith("D: yes. ")
    assert tried("open", file, "--kind", "depo").err.endswith(
        "has no record kind 'depo'. Did you mean 'depot'? Kinds: job and depot.\n"
    )
    assert tried("paid", file).err == "scr-audit: nothing to ask: no job record was judged.\n"
    wrong = write_json(tmp_path / "wrong.json", [job("A", wheels=9), job("B", paid=True)])
    result = tried("paid", wrong)
    assert (result.code, result.out.split(". ")[0]) == (2, "B: yes")
    assert result.err.startswith("left out: ")
