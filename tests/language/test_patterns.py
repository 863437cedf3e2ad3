"""Patterns: what matches them, and that one which may take long is refused with what is allowed."""

from pathlib import Path

import pytest
from small_pack import condition_problem

from scr_audit.language import pattern

POSTCODE = "[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][A-Z]{2}"
MAIL = r"[^@ .]+@[^@ .]+\.[a-z]+"


@pytest.mark.parametrize(
    ("written", "fits", "fails"),
    [
        ("CP-1", ("CP-1",), ("cp-1", "CP-12", " CP-1", "CP-1\n")),
        ("CP|AB|", ("CP", "AB", ""), ("CPAB", "C")),
        (r"\d{3}", ("123",), ("12", "1234", "١٢٣")),
        (r"a.\.\[", ("ab.[", "a\n.["), ("abc[",)),
        (POSTCODE, ("M1 1AA", "EC1A 1BB"), ("EC1A1BB", "E 1AA")),
        (MAIL, ("a@b.uk",), ("a@b", "@b.uk", "a@b.u2")),
        ("[^,]*,?", ("a,", "a", ""), (",a", "a,,")),
        ("[^\\]\\d-]+-?", ("aa-", "[x"), ("]", "3", "-a")),
    ],
)
def test_a_pattern_is_held_against_the_whole_text(
    written: str, fits: tuple[str, ...], fails: tuple[str, ...]
) -> None:
    assert pattern.objection(written) == ""
    assert all(pattern.matches(text, written) for text in (*fits, pattern.witness(written)))
    assert not any(pattern.matches(text, written) for text in fails)


@pytest.mark.parametrize(
    ("written", "can_hold"),
    [("", False), (" *", False), (" x", False), (" ?x +", False), (" x|", False), ("x[\t ]", False),
     (" x|x", True), (" ?x", True), ("x x", True), ("[ x]", True), (" {0}x", True)],
)  # fmt: skip
def test_a_pattern_that_no_recorded_text_fits_is_refused(written: str, can_hold: bool) -> None:
    message = "no recorded text is blank, or begins or ends with white space"
    assert pattern.objection(written).startswith(message) is not can_hold


FOLLOWED = "after '{}{}' the next character must be one that '{}' does not include, else "


@pytest.mark.parametrize(
    ("written", "message"),
    [
        *(
            (written, f"found '{said}'; a pattern has ")
            for written, said in (
                ("(a+)+", "(a+)+"),
                (r"(a)\1", r"(a)\1"),
                (r"a\1", r"\1"),
                ("a(?=b)", "(?=b)"),
                ("^a$", "^a$"),
                ("a++", "+"),
                ("a*?", "?"),
                ("a{2,}", "{2,}"),
                ("a{200}", "a{200}"),
                ("a{3,2}", "a{3,2}"),
                (r"\w", r"\w"),
                ("[a&&b]", "[a&&b]"),
                ("[]", "[]"),
                ("a\\", "\\"),
            )
        ),
        ("[z-a]", "bad character range z-a at position 1; a pattern has "),
        *(
            (written, FOLLOWED.format(one, sign, one))
            for written, one, sign in (
                ("a*a*", "a", "*"),
                (".*x", ".", "*"),
                (r"\d+[0-9]", r"\d", "+"),
                ("[a-z]+-?[a-z]+", "[a-z]", "+"),
                ("[^x]+é", "[^x]", "+"),
            )
        ),
        ("a?" * 8 + "b", "there are more than 100 ways to read a text by this pattern; "),
        (
            "[ab]{1,11}[bc]{1,11}[c]{1,2}",
            "there are more than 100 ways to read a text by this pattern; ",
        ),
    ],
)
def test_what_may_take_long_or_is_no_pattern_is_refused(written: str, message: str) -> None:
    assert pattern.objection(written).startswith(message)


@pytest.mark.parametrize(
    ("line", "offset", "message"),
    [
        ("customer matches 'a*a*'", 17, pattern.objection("a*a*")),
        ("customer does not match customer", 24, "'does not match' needs a text in quotes"),
        ("customer matches {most_days}", 17, "'matches' needs a text in quotes"),
    ],
)
def test_a_wrong_pattern_is_shown_with_a_caret(
    tmp_path: Path, line: str, offset: int, message: str
) -> None:
    found, expected = condition_problem(tmp_path, line, offset, message)
    assert found == expected
