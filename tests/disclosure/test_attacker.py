"""The attacker's bounds are those that counting out every possibility gives."""

from __future__ import annotations

from typing import Any

import pytest
from bundles import Case, Counted, bundle
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opened import complements, true_counts, unmasked
from oracle import printed, spans

from scr_audit.disclosure import DisclosureError, Profile, assert_safe, board_document
from scr_audit.disclosure.attack import bounds, determined
from scr_audit.disclosure.cells import Cell, counts
from scr_audit.disclosure.knowledge import knowledge

MOST = 6
SMALL = Profile(id="small", title="Small", threshold=3, source="Invented", explanation="Invented")
HIDING_ZERO = SMALL.model_copy(update={"mask_zero": True})
AGENCIES, THEMES = ("Police", "Health"), ("Plans", "Visits")


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A few rules with small counts, under recommendations of two agencies and two themes."""
    number = draw(st.integers(3, 5))
    rules = [draw(_rules(f"r{index}", number)) for index in range(draw(st.integers(1, 3)))]
    rows = [
        (f"5.{index}", draw(st.sampled_from(AGENCIES)), draw(st.sampled_from(THEMES)))
        for index in range(3)
    ]
    highest = max(rule.records or rule.judged for rule in rules)
    judged = draw(
        st.integers(highest, min(number, sum(rule.records or rule.judged for rule in rules)))
    )
    return Case(rules, rows, {"case": number}, draw(st.integers(0, 1)), judged)


@st.composite
def _rules(draw: st.DrawFn, name: str, number: int) -> Counted:
    # 5.9 is no recommendation that is listed
    recommendation = draw(st.sampled_from(("5.0", "5.1", "5.9")))
    met = draw(st.integers(0, number))
    not_met = draw(st.integers(0, min(4, number - met)))
    whole = draw(st.booleans())
    rest = number - met - not_met if whole else draw(st.integers(0, 3))
    judged = met + not_met
    records = judged if whole else draw(st.integers(min(judged, 1), judged))
    return Counted(name, recommendation, met, not_met, not_applicable=rest, records=records,
                   whole=whole)  # fmt: skip


def named(cell: Cell) -> str:
    """The cell by the oracle's name."""
    return f"{cell.level}:{'|'.join(cell.name)}:{cell.what}"


def attacked(document: dict[str, Any]) -> dict[str, tuple[int, int | None]]:
    """The attacker's bounds of each masked cell, told that no count goes beyond the oracle's."""
    known = knowledge(document)
    for cell, (least, most) in known.ranges.items():
        if most is None and leaf(named(cell)):
            known.ranges[cell] = least, MOST
    return {named(cell): span for cell, span in bounds(known, known.masked).items()}


def leaf(name: str) -> bool:
    """Whether the oracle chooses this count, rather than sums it up."""
    if name.startswith("rule"):
        return not name.endswith((":judged", ":records"))
    return name.startswith("kind") or name == "input::left_out"


def small_enough(document: dict[str, Any]) -> bool:
    """Whether the oracle can count everything out in reasonable time."""
    masked = [name for name, shown in printed(document).items() if shown is None and leaf(name)]
    return len(masked) <= 4


@settings(max_examples=40, deadline=None, derandomize=True, database=None,
          suppress_health_check=list(HealthCheck))  # fmt: skip
@given(case=cases())
def test_the_attackers_bounds_are_those_of_counting_everything_out(case: Case) -> None:
    document = board_document(bundle(case), SMALL)
    assert_safe(document)
    if small_enough(document):
        assert attacked(document) == spans(document, MOST)
        assert all(least < most for least, most in spans(document, MOST).values())


@settings(max_examples=40, deadline=None, derandomize=True, database=None,
          suppress_health_check=list(HealthCheck))  # fmt: skip
@given(case=cases(), data=st.data())
def test_a_document_masked_badly_is_refused_just_where_counting_shows_one_value(
    case: Case, data: st.DataObject
) -> None:
    made = bundle(case)
    document = board_document(made, SMALL)
    able = complements(document, made)
    if not able or not small_enough(document):
        return
    opened = unmasked(document, data.draw(st.sampled_from(able)), made)
    single = {name for name, (low, high) in spans(opened, MOST).items() if low == high}
    known = knowledge(opened)
    assert {named(cell) for cell in determined(known, known.masked)} == single
    if single:
        with pytest.raises(DisclosureError, match="can be recomputed"):
            assert_safe(opened)
    else:
        assert_safe(opened)


@settings(max_examples=80, deadline=None, derandomize=True, database=None,
          suppress_health_check=list(HealthCheck))  # fmt: skip
@given(case=cases(), profile=st.sampled_from((SMALL, HIDING_ZERO)))
def test_published_counts_are_the_true_ones_and_no_small_one_is_among_them(
    case: Case, profile: Profile
) -> None:
    made = bundle(case)
    document = board_document(made, profile)
    true = true_counts(document, made)
    for cell, shown in counts(document).items():
        if shown is not None:
            assert shown == true[cell]
            assert not profile.hides(shown) or has_no_rule(cell, document), cell


def has_no_rule(cell: Cell, document: dict[str, Any]) -> bool:
    """Whether a cell sums up recommendations of which none has a rule."""
    keys = {"recommendation": ("id",), "agency": ("agency",), "theme": ("theme",),
            "group": ("agency", "theme")}.get(cell.level)  # fmt: skip
    return keys is not None and not any(
        item["rules"]
        for item in document["recommendations"]
        if tuple(item[key] for key in keys) == cell.name
    )
