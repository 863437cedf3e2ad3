"""What conditions mean: Kleene's three values, lists, counts, periods and the day of the run."""

from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from judging import outcome
from small_pack import RULE_FILE, pack_files, rule_file, write_pack

from scr_audit.engine import Engine
from scr_audit.packs.load import load_folder

Truth = bool | None
TRUTHS: tuple[Truth, ...] = (True, False, None)
NAMES = {True: "met", False: "not_met", None: "not_evidenced"}


@pytest.mark.parametrize(("one", "other"), list(product(TRUTHS, TRUTHS)))
def test_all_any_and_not_follow_kleene(one: Truth, other: Truth) -> None:
    record = {"paid": one, "safe": other}
    both = False if False in (one, other) else None if None in (one, other) else True
    either = True if True in (one, other) else None if None in (one, other) else False
    assert outcome("[paid, safe]", record) == NAMES[both]
    assert outcome("{all: [paid, safe]}", record) == NAMES[both]
    assert outcome("{any: [paid, safe]}", record) == NAMES[either]
    assert outcome("{not: {any: [not paid, not safe]}}", record) == NAMES[both]
    assert outcome("{not: {all: [not paid, not safe]}}", record) == NAMES[either]


@pytest.mark.parametrize(
    "nested",
    [
        "{shown: wheels at least 3, said: {shown: paid, said: safe}}",
        "{shown: {shown: wheels at least 3, said: paid}, said: safe}",
    ],
)
@pytest.mark.parametrize(("count", "day", "tick"), list(product(TRUTHS, repeat=3)))
def test_all_that_is_shown_and_said_has_to_agree(
    nested: str, count: Truth, day: Truth, tick: Truth
) -> None:
    record = {"wheels": None if count is None else 2 + count, "paid": day, "safe": tick}
    known = {count, day, tick} - {None}
    assert outcome(nested, record) == NAMES[known.pop() if len(known) == 1 else None]


def items(*states: str) -> dict[str, Any]:
    """Parts by two letters each: whether worn, and whether fitted (t, f or ? for not recorded)."""
    said = {"t": True, "f": False, "?": None}
    return {
        "parts": [{"name": "x", "worn": said[worn], "fitted": said[fitted]}
                  for worn, fitted in states]
    }  # fmt: skip


SOME = "{some: parts as p, where: p.worn, that: p.fitted}"
NONE = SOME.replace("some", "none", 1)
EVERY = SOME.replace("some", "every", 1)


@pytest.mark.parametrize(
    ("record", "some", "every"),
    [
        ({}, None, None),
        ({"parts": []}, False, None),
        (items("tt"), True, True),
        (items("tf"), False, False),
        (items("t?"), None, None),
        (items("ft"), False, None),
        (items("ff"), False, None),
        (items("f?"), False, None),
        (items("?t"), None, None),
        (items("?f"), False, None),
        (items("??"), None, None),
        (items("tt", "tf"), True, False),
        (items("tt", "t?"), True, None),
        (items("tf", "t?"), None, False),
        (items("tf", "?t"), None, False),
        (items("tt", "?t"), True, True),
        (items("tt", "?f"), True, None),
        (items("tt", "??"), True, None),
        (items("tt", "f?"), True, True),
        (items("ff", "?t"), None, None),
    ],
)
def test_quantifiers_over_items_in_and_out_of_scope(
    record: dict[str, Any], some: Truth, every: Truth
) -> None:
    assert outcome(SOME, record) == NAMES[some]
    assert outcome(NONE, record) == NAMES[None if some is None else not some]
    assert outcome(EVERY, record) == NAMES[every]


@pytest.mark.parametrize(
    ("record", "some"),
    [({}, None), ({"parts": []}, False), (items("??"), True), (items("ff", "tt"), True)],
)
def test_without_where_and_that_mere_existence_counts(record: dict[str, Any], some: Truth) -> None:
    assert outcome("{some: parts as p}", record) == NAMES[some]
    assert outcome("{none: parts as p}", record) == NAMES[None if some is None else not some]


@pytest.mark.parametrize(
    ("least", "most"), [(0, 0), (0, 1), (1, 1), (1, 2), (2, 2), (0, 3), (2, 4), (3, 3), (4, 4)]
)
@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_a_count_is_decided_only_where_its_bounds_agree(least: int, most: int, number: int) -> None:
    record = items(*["tt"] * least, *["?t"] * (most - least), "ft")
    tests = {
        "at least": lambda n: n >= number,
        "at most": lambda n: n <= number,
        "more than": lambda n: n > number,
        "fewer than": lambda n: n < number,
        "is": lambda n: n == number,
    }
    for words, holds in tests.items():
        answers = {holds(n) for n in range(least, most + 1)}
        expected = answers.pop() if len(answers) == 1 else None
        condition = f"{{count: parts as p, where: p.worn, is: {words} {number}}}"
        assert outcome(condition, record) == NAMES[expected], condition


@pytest.mark.parametrize(
    ("record", "expected"), [({}, None), ({"parts": []}, False), (items("??", "ff"), True)]
)
def test_a_count_without_where_counts_all(record: dict[str, Any], expected: Truth) -> None:
    assert outcome("{count: parts as p, is: 2}", record) == NAMES[expected]


@pytest.mark.parametrize(
    ("day", "start", "end", "expected"),
    [
        ("2024-01-31", "2024-02-01", "2024-02-03", False),
        ("2024-02-01", "2024-02-01", "2024-02-03", True),
        ("2024-02-03", "2024-02-01", "2024-02-03", True),
        ("2024-02-04", "2024-02-01", "2024-02-03", False),
        ("2024-02-02", "2024-02-01", None, None),
        ("2024-01-31", "2024-02-01", None, False),
        ("2024-02-02", None, "2024-02-03", None),
        ("2024-02-04", None, "2024-02-03", False),
        (None, "2024-02-01", "2024-02-03", None),
        ("2024-02-02", None, None, None),
        ("2024-02", "2024-02-01", "2024-02-29", True),
        ("2024-02", "2024-02-02", "2024-02-29", None),
        ("2024", "2025-01", None, False),
        ("2024-02-02", "2024-02", "2024-03", None),
    ],
)
def test_during_is_decided_by_what_is_recorded(
    day: str | None, start: str | None, end: str | None, expected: Truth
) -> None:
    record = {"booked_on": day, "loan": {"start": start, "end": end}}
    assert outcome("booked_on during loan", record) == NAMES[expected]


def test_during_a_period_that_is_not_recorded_is_unknown() -> None:
    for loan in ({}, {"loan": None}, {"loan": {}}):
        assert outcome("booked_on during loan", {"booked_on": "2024-01-01", **loan}) == (
            "not_evidenced"
        )


@pytest.mark.parametrize(
    ("as_of", "day", "expected"),
    [
        (None, "2024-01-01", None),
        (date(2024, 1, 2), "2024-01-01", True),
        (date(2024, 1, 1), "2024-01-01", False),
        (date(2024, 1, 1), None, None),
        (date(2024, 2, 1), "2024-01", True),
        (date(2024, 1, 15), "2024-01", None),
        (date(2024, 1, 1), "2024-01", False),
    ],
)
def test_without_the_day_of_the_run_what_asks_for_it_is_unknown(
    as_of: date | None, day: str | None, expected: Truth
) -> None:
    assert outcome("booked_on before {as_of}", {"booked_on": day}, as_of) == NAMES[expected]


@pytest.mark.parametrize(
    ("condition", "record", "expected"),
    [
        ("parts is recorded", {"parts": []}, True),
        ("parts is not recorded", {"parts": []}, False),
        ("paid is recorded", {"paid": False}, True),
        ("paid is not recorded", {"paid": None}, True),
        ("loan is recorded", {"loan": {"agreed": False}}, True),
        ("loan.agreed is not recorded", {}, True),
        ("labels includes 'a'", {"labels": []}, False),
        ("labels includes ' e\u0301'", {"labels": ["\u00e9 "]}, True),
        ("customer is one of 'x', ' e\u0301'", {"customer": "\u00e9 "}, True),
        ("labels does not include 'a'", {"labels": []}, True),
        ("labels includes any of 'a', 'b'", {"labels": ["b"]}, True),
        ("labels includes all of 'a', 'b'", {"labels": ["b"]}, False),
        ("labels includes customer", {"labels": ["b"], "customer": "b"}, True),
        ("tools includes all of {safe_tools}", {"tools": ["spanner", "pump"]}, True),
        ("opened_at on the same day as booked_on",
         {"opened_at": "2024-01-01T23:59", "booked_on": "2024-01-01"}, True),
        ("opened_at after booked_on",
         {"opened_at": "2024-01-01T23:59", "booked_on": "2024-01-01"}, False),
        ("closed_at within 1.5 hours after opened_at",
         {"opened_at": "2024-01-01T10:00", "closed_at": "2024-01-01T11:30"}, True),
        ("closed_at within 1.5 hours after opened_at",
         {"opened_at": "2024-01-01T10:00", "closed_at": "2024-01-01T11:30:01"}, False),
        ("closed_at within 1 hour after opened_at",
         {"opened_at": "2024-01-01", "closed_at": "2024-01-01T11:30"}, None),
    ],
)  # fmt: skip
def test_lines_mean_what_they_say(condition: str, record: dict[str, Any], expected: Truth) -> None:
    assert outcome(condition, record) == NAMES[expected]


@pytest.mark.parametrize("fact", ["class", "from", "None", "print", "r", "as_of", "add"])
def test_a_fact_may_have_any_plain_name(fact: str, tmp_path: Path) -> None:
    new = f"      {fact}: {{type: boolean}}\n      agreed:"
    schema = pack_files()["records.yaml"].replace("      agreed:", new)
    rules = rule_file(f"require:\n  it: loan.{fact}")
    engine = Engine(load_folder(write_pack(tmp_path, {"records.yaml": schema, RULE_FILE: rules})))
    record = {"id": "a", "loan": {fact: True}}
    assert [finding.outcome for finding in engine.evaluate(record)] == ["met"]
    assert engine.run([record]).totals.rules["one"].units[0] == 1
