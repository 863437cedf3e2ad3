"""The clauses of facts: both halves seen by their author, and no code in them."""

from __future__ import annotations

import re

import pytest

from scr_audit.language.phrases import Clause, clause_of, filled, places_of, unknown_of

YES_NO, DAY, VALUE = {}, {"of_day": True}, {"of_value": True}


def clause(text: str, of: dict[str, bool]) -> Clause:
    return clause_of(text, **{"of_day": False, "of_value": False, **of})


def test_a_clause_of_a_yes_no_fact_says_yes_and_no_of_one_subject() -> None:
    found = clause("{it} [was|was not] fitted", YES_NO)
    assert (found.subject, found.half(True), found.half(False)) == (
        "{it}",
        "was fitted",
        "was not fitted",
    )


@pytest.mark.parametrize(
    ("text", "of"),
    [
        ("[somebody|nobody] tried {it}", YES_NO),
        ("{it} [had a light|had no light]", YES_NO),
        ("{it} [was told|wasn't told]", YES_NO),
        ("{it} [rang|never rang]", YES_NO),
        ("{it} [was sold with|was sold without] a bell", YES_NO),
        ("{it} was fitted {on}", DAY),
        ("the bicycle [was|was not] a {value} bicycle", VALUE),
        ("{it} [had|did not have] {value}", VALUE),
    ],
)
def test_clauses(text: str, of: dict[str, bool]) -> None:
    assert places_of(text)
    clause(text, of)


ONE_BRACKET = "it needs one bracket with both halves, such as [was|was not]"
CODE = "is no word that a person says; write it in plain words"
NO_BRACKET = "the clause of a day has no bracket, as it says only when; such as {it} was made {on}"
SMALL = (
    "it is part of a sentence, which begins with a small letter; before a name write what it is, "
    "such as the hospital St Mary's"
)
WRONG = [
    ("{it} was fitted", YES_NO, ONE_BRACKET),
    ("{it} [was|was not] fitted and [was|was not] tried", YES_NO, ONE_BRACKET),
    ("{it} [was] fitted", YES_NO, ONE_BRACKET),
    ("{it} [was|was not fitted", YES_NO, ONE_BRACKET),
    ("{it} [was|was not|may be] fitted", YES_NO, ONE_BRACKET),
    ("{it} [was not|was] fitted", YES_NO, "the first half, 'was not', says no; the second is for "
     "that"),
    ("{it} [was|was never|no]", YES_NO, ONE_BRACKET),
    ("{it} [was|is] fitted", YES_NO, "the second half, 'is', has to say no: with *not*, *no* or "
     "the like"),
    ("{it} [was|was not] fitted {on}", YES_NO, "there is no place {on} here; the only place is "
     "{it}"),
    ("{it} [was|was not] {value}", YES_NO, "there is no place {value} here; the only place is "
     "{it}"),
    ("{it [was|was not] fitted", YES_NO, "a brace is not closed"),
    ("{it} [|was not] fitted", YES_NO, "the first half is empty; write both, such as "
     "[was|was not]"),
    ("it} [was|was not] fitted", YES_NO, "a brace is closed that was not opened"),
    ("{it} was fitted", DAY, "it needs {on} once"),
    ("{it} {on} was fitted {on}", DAY, "it needs {on} once"),
    ("{on} {it} was fitted", DAY, "the clause of a day ends in {on}"),
    ("{value} was fitted {on}", DAY, "there is no place {value} here; places are {it} and {on}"),
    ("{it} [had|did not have] wheels", VALUE, "it needs {value} once"),
    ("{it} had {value}", VALUE, ONE_BRACKET),
    ("{it} [was|was not] well_kept", YES_NO, f"'l_k' {CODE}"),
    ("{it} [was|was not] of part.fitted", YES_NO, f"'t.f' {CODE}"),
    ("{it} [was|was not] fitted by 2026-10-14", YES_NO, f"'2026-10' {CODE}"),
    ("[was|was not] {it} fitted?", YES_NO, f"'?' {CODE}"),
    ("{it} [was|was not] fitted.", YES_NO, "it is part of a sentence; leave the sign at its end "
     "out"),
    ("{it} [was|was not] fitted,", YES_NO, "it is part of a sentence; leave the sign at its end "
     "out"),
    (" ", YES_NO, "it is empty"),
    ("{it} [was|was not] fitted {on}", DAY, NO_BRACKET),
    ("{it} [was] fitted {on}", DAY, NO_BRACKET),
    *((f"{{it}} was fitted {word} {{on}}", DAY,
       f"leave out '{word}' before {{on}}, which brings its own: on 4 May 2010")
      for word in ("on", "in", "At")),
    ("The part [was|was not] fitted", YES_NO, SMALL),
    ("The part was fitted {on}", DAY, SMALL),
    ("A part [had|did not have] {value} wheels", VALUE, SMALL),
]  # fmt: skip


@pytest.mark.parametrize(("text", "of", "message"), WRONG)
def test_what_is_wrong_with_a_clause_is_said(text: str, of: dict[str, bool], message: str) -> None:
    with pytest.raises(ValueError, match=rf"\A{re.escape(message)}\Z"):
        clause(text, of)


@pytest.mark.parametrize("text", ["which parts were replaced", "by whom {it} was fitted"])
def test_indirect_questions(text: str) -> None:
    assert unknown_of(text) == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("the parts", "expected an indirect question: which, who, when, where, how, what ..."),
        (3, "expected an indirect question: which, who, when, where, how, what ..."),
        ("Which parts", "expected an indirect question: which, who, when, where, how, what ..."),
        ("whoever came", "expected an indirect question: which, who, when, where, how, what ..."),
        ("which parts were replaced?", f"'?' {CODE}"),
        ("when {it} came to {value}", "the only place is {it}"),
    ],
)
def test_what_is_wrong_with_an_indirect_question_is_said(text: object, message: str) -> None:
    with pytest.raises(ValueError, match=rf"\A{re.escape(message)}\Z"):
        unknown_of(text)


def test_places_are_filled() -> None:
    assert filled("{it} was fitted {on}", {"it": "the bell", "on": "in May 2026"}) == (
        "the bell was fitted in May 2026"
    )
