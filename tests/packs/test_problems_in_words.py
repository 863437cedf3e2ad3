"""Problems in words: the line with a caret, nearest names, and lists of names."""

import pytest

from scr_audit.errors import (
    PackError,
    Place,
    Problem,
    RecordError,
    RecordProblem,
    did_you_mean,
    listed,
)


@pytest.mark.parametrize(
    ("column", "line", "shown"),
    [
        (1, "a: b", "    a: b\n    ^"),
        (4, "a: b", "    a: b\n       ^"),
        (3, "\ta: b", "    \ta: b\n    \t ^"),
        (90, "a: b", "    a: b\n        ^"),
        (1, "", ""),
    ],
)
def test_a_caret_stands_below_the_character(column: int, line: str, shown: str) -> None:
    problem = Problem(Place("a.yaml", 2, column), "wrong", line)
    assert str(problem) == f"a.yaml:2:{column}: wrong" + (f"\n{shown}" if shown else "")


@pytest.mark.parametrize(
    ("at", "shown", "before"),
    [
        (0, "x" * 80 + "…", 0),
        (200, "…" + "x" * 160 + "…", 81),
        (399, "…" + "x" * 81, 81),
    ],
)
def test_a_long_line_is_cut_around_the_character(at: int, shown: str, before: int) -> None:
    problem = Problem(Place("a.yaml", 1, at + 1), "wrong", "x" * 400)
    assert str(problem).splitlines()[1:] == [f"    {shown}", f"    {' ' * before}^"]


def test_a_pack_error_holds_each_problem_once_in_order_of_place() -> None:
    places = [Place("b", 1, 1), Place("a", 2, 1), Place("a", 1, 9), Place("a", 1, 9)]
    error = PackError(Problem(place, "wrong") for place in places)
    assert [str(problem.place) for problem in error.problems] == ["a:1:9", "a:2:1", "b:1:1"]
    assert str(error) == "a:1:9: wrong\na:2:1: wrong\nb:1:1: wrong"


def test_a_record_error_names_the_record_itself() -> None:
    error = RecordError([RecordProblem("", "wrong"), RecordProblem("/a", "bad")], record_id="x")
    assert str(error) == "(the record): wrong\n/a: bad"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("paidd", " Did you mean 'paid'?"),
        ("PAID", " Did you mean 'paid'?"),
        ("paid", " Did you mean 'paid'?"),
        ("zzz", ""),
        ("", ""),
    ],
)
def test_the_nearest_name_is_suggested(name: str, hint: str) -> None:
    assert did_you_mean(name, ["safe", "paid"]) == hint


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (list("abcdefgh"), "a, b, c, d, e, f, g and h"),
        (list("abcdefghi"), "a, b, c, d, e, f, g, h, … (9 in all)"),
    ],
)
def test_names_are_listed_as_text(names: list[str], text: str) -> None:
    assert listed(names) == text
