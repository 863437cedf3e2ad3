"""The board document: what is masked, what is left out, and what stays as it is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from bundles import Case, Counted, bundle
from opened import changed, complements, true_counts, unmasked

import scr_audit
from scr_audit.disclosure import (
    DisclosureError,
    Profile,
    assert_safe,
    board_bytes,
    board_document,
    load_profile,
)
from scr_audit.disclosure.cells import Cell, counts
from scr_audit.disclosure.models import BoardDocument
from scr_audit.errors import InputError
from scr_audit.runs.bundle import Spool, bundle_document, bundle_head

STANDARD, STRICT = load_profile("standard"), load_profile("strict")
ONE_OF_TWENTY = Case([Counted("r", "5.1", met=19, not_met=1, whole=True)],
                     [("5.1", "Police", "Plans")], judged=20)  # fmt: skip
TABLE = Case(
    [
        Counted("a", "5.1", met=30, not_met=2),
        Counted("b", "5.2", met=40, not_met=11),
        Counted("c", "5.3", met=20, not_met=12),
        Counted("d", "5.4", met=50, not_met=13),
        Counted("unlisted", "5.9", met=6, not_met=7),
    ],
    [("5.1", "Police", "Plans"), ("5.2", "Police", "Visits"),
     ("5.3", "Health", "Plans"), ("5.4", "Health", "Visits")],
    {"case": 80}, judged=80, all_met=35,
)  # fmt: skip


def rule(document: dict[str, Any], name: str) -> dict[str, Any]:
    [found] = [rule for rule in document["rules"] if rule["id"] == name]
    return found


def cell(name: str, what: str, level: str = "rule") -> Cell:
    return Cell(level, (name,), what)


def test_one_of_twenty_not_met_does_not_give_itself_away_as_nineteen_of_twenty() -> None:
    document = board_document(bundle(ONE_OF_TWENTY), STANDARD)
    found = rule(document, "r")
    assert found["totals"]["not_met"] is None
    assert found["totals"]["met"] is None
    assert found["rates"] == {
        "judged": 20, "assured": None, "evidenced": None, "low": None, "high": None,
        "interval": None,
    }  # fmt: skip
    assert document["totals"]["records"] == {"judged": 20, "all_met": None}


def test_a_small_cell_of_a_two_way_table_takes_a_rectangle_with_it() -> None:
    document = board_document(bundle(TABLE), STANDARD)
    shown = {(g["agency"], g["theme"]): g["totals"]["not_met"] for g in document["groups"]}
    margins = [item["totals"]["not_met"] for item in document["agencies"] + document["themes"]]
    hidden = [count for count in (*shown.values(), *margins) if count is None]
    assert shown["Police", "Plans"] is None
    assert len(hidden) >= 3
    assert document["totals"]["units"]["not_met"] == 45
    assert_safe(document)


@pytest.mark.parametrize("case", [ONE_OF_TWENTY, TABLE])
def test_a_complement_printed_after_all_is_refused_each_time(case: Case) -> None:
    made = bundle(case)
    document = board_document(made, STANDARD)
    assert complements(document, made)
    for each in complements(document, made):
        with pytest.raises(DisclosureError, match=r"masked counts can be recomputed") as caught:
            assert_safe(unmasked(document, each, made))
        assert caught.value.cells


def test_the_refusal_names_the_cells() -> None:
    made = bundle(ONE_OF_TWENTY)
    opened = unmasked(board_document(made, STANDARD), cell("r", "met"), made)
    with pytest.raises(DisclosureError) as caught:
        assert_safe(opened)
    assert str(caught.value).startswith(
        "the board document is not safe to publish: masked counts can be recomputed from those "
        "that are printed: "
    )
    assert str(caught.value).endswith("It is not written")
    assert cell("r", "not_met") in caught.value.cells


def test_nothing_of_a_case_is_in_the_board_document() -> None:
    made = bundle(TABLE)
    document = board_document(made, STANDARD)
    assert b"secret" not in board_bytes(document)
    assert [document[name] for name in ("findings", "records", "left_out")] == [[], [], []]
    assert document["input"]["files"] == []


@pytest.mark.parametrize("name", ["findings", "records", "left_out"])
def test_a_document_with_anything_of_a_case_in_it_is_refused(name: str) -> None:
    document = board_document(bundle(TABLE), STANDARD)
    with pytest.raises(DisclosureError, match=f"this is not a board document: at /{name}"):
        assert_safe({**document, name: [{"id": "C01"}]})


def test_a_small_count_printed_is_refused() -> None:
    document = board_document(bundle(TABLE), STANDARD)
    with pytest.raises(DisclosureError) as caught:
        assert_safe(changed(document, cell("a", "not_met"), 2))
    assert str(caught.value) == (
        "the board document is not safe to publish: counts below 5 are not masked: "
        "rule 'a': not met. It is not written"
    )


def test_a_rate_from_the_true_counts_is_refused() -> None:
    document = board_document(bundle(ONE_OF_TWENTY), STANDARD)
    rule(document, "r")["rates"]["assured"] = 0.95
    with pytest.raises(DisclosureError) as caught:
        assert_safe(document)
    assert str(caught.value) == (
        "the board document is not safe to publish: rates do not follow from the printed counts: "
        "rule 'r': rates. It is not written"
    )


def test_a_document_that_contradicts_itself_is_refused() -> None:
    document = board_document(bundle(TABLE), STANDARD)
    with pytest.raises(DisclosureError, match=r"contradict each other"):
        assert_safe(changed(document, cell("b", "met"), 400))


def test_published_counts_of_a_profile_that_does_not_round_are_the_true_ones() -> None:
    made = bundle(TABLE)
    document = board_document(made, STANDARD)
    true = true_counts(document, made)
    shown = {each: count for each, count in counts(document).items() if count is not None}
    assert shown == {each: true[each] for each in shown}
    assert document["disclosure"]["masked"] == len(true) - len(shown)


def test_the_strict_profile_rounds_and_hides_zero() -> None:
    document = board_document(bundle(TABLE), STRICT)
    shown = [count for count in counts(document).values() if count is not None]
    assert all(count >= 10 and count % 5 == 0 for count in shown)
    assert rule(document, "a")["totals"] == {
        "met": 30, "not_met": None, "not_evidenced": None, "not_applicable": None,
        "excepted": None, "error": None, "records": 30,
    }  # fmt: skip
    assert document["input"]["records"]["by_kind"] == {"case": 80, "agency": None}


def test_a_recommendation_without_a_rule_shows_zero_in_any_profile() -> None:
    case = Case(TABLE.rules, [*TABLE.recommendations, ("5.5", "Housing", "Homes")],
                TABLE.kinds, judged=80, all_met=35)  # fmt: skip
    document = board_document(bundle(case), STRICT)
    assert document["recommendations"][-1]["totals"]["met"] == 0
    assert document["agencies"][-1]["totals"]["met"] == 0


def test_everything_is_masked_where_nothing_less_is_safe() -> None:
    case = Case([Counted("r", "5.1", met=1, whole=True)], [("5.1", "Police", "Plans")],
                {"case": 1}, judged=1)  # fmt: skip
    shown = counts(board_document(bundle(case), STANDARD)).values()
    assert set(shown) == {0, None}


def test_one_record_left_out_cannot_be_told_from_those_read_and_judged() -> None:
    case = Case(TABLE.rules, TABLE.recommendations, TABLE.kinds, 1, 80, 35)
    records = board_document(bundle(case), STANDARD)["input"]["records"]
    assert records["left_out"] is None
    assert records["read"] is None
    assert records["by_kind"] == {"case": 80}


def test_questions_missing_only_a_few_times_are_not_told() -> None:
    made = bundle(TABLE)
    made["findings"] = [*finding("Often?", 9), *finding("Sometimes?", 5), *finding("Rarely?", 4)]
    assert board_document(made, STANDARD)["missing"] == ["Often?", "Sometimes?"]


def finding(question: str, times: int) -> list[dict[str, Any]]:
    fact = {"pointer": "/a", "value": None, "question": question}
    return [{"facts": [fact], "missing": ["/a", "/without-question"]}] * times


def test_a_bundle_that_contradicts_itself_is_refused_in_words() -> None:
    made = bundle(TABLE)
    made["totals"]["units"]["met"] += 1
    with pytest.raises(InputError, match=r"^the counts of the run bundle contradict each other"):
        board_document(made, STANDARD)


def test_a_board_document_is_not_made_of_a_board_document() -> None:
    document = board_document(bundle(TABLE), STANDARD)
    with pytest.raises(InputError) as caught:
        board_document(document, STANDARD)
    assert str(caught.value) == (
        'the board edition is made from a run bundle ("format": "scr-audit/run"), '
        "found 'scr-audit/board'"
    )


def test_a_rule_that_only_looks_as_if_its_unit_were_the_record_does_no_harm() -> None:
    """Its counts do not sum to the records, so the attacker gives the assumption up."""
    case = Case([Counted("r", "5.1", met=30, not_met=3, records=12, whole=True)],
                [("5.1", "Police", "Plans")], judged=12, all_met=9)  # fmt: skip
    document = board_document(bundle(case), STANDARD)
    assert rule(document, "r")["totals"]["not_met"] is None
    assert rule(document, "r")["totals"]["met"] is None


@pytest.fixture(scope="module")
def example() -> dict[str, Any]:
    """The bundle of the records that ship as an example."""
    from datetime import date
    from pathlib import Path

    path = Path(__file__).parents[2] / "examples" / "cases.json"
    engine = scr_audit.compile_pack(scr_audit.load_pack())
    with Spool(engine.pack) as spool:
        run = engine.run(path, as_of=date(2026, 11, 24), on_findings=spool.add)
        return bundle_document(bundle_head(run), spool)


def test_the_examples_give_a_safe_document_and_the_same_bytes_twice(
    example: dict[str, Any],
) -> None:
    once, again = (board_document(example, STANDARD) for _ in range(2))
    assert board_bytes(once) == board_bytes(again)
    assert BoardDocument.model_validate_json(board_bytes(once)).disclosure.masked > 100
    assert len(once["missing"]) == 10
    assert json.loads(board_bytes(once)) == once


def test_a_profile_of_ones_own_hides_less(example: dict[str, Any]) -> None:
    three = STANDARD.model_copy(update={"threshold": 3})
    fewer = board_document(example, three)["disclosure"]["masked"]
    assert fewer < board_document(example, STANDARD)["disclosure"]["masked"]
    assert isinstance(three, Profile)
