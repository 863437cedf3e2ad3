"""The trend of a board document: made of what is published, and of nothing else."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from bundles import Case, Counted, bundle

from scr_audit.disclosure import (
    DisclosureError,
    assert_safe,
    board_bytes,
    board_document,
    load_profile,
)
from scr_audit.disclosure.published import board_sha256
from scr_audit.runs.false_signals import expected_false

STANDARD, STRICT = load_profile("standard"), load_profile("strict")
ROWS = [("5.1", "Police", "Plans"), ("5.2", "Health", "Plans")]
DAYS = [f"{2022 + n // 4}-{n % 4 * 3 + 3:02d}-28" for n in range(14)]


def _case(first: int, second: int) -> Case:
    """Rule `a` has counts to publish; of rule `b` few are not met, which masks its share."""
    rules = [
        Counted("a", "5.1", met=first, not_met=60 - first),
        Counted("b", "5.2", met=60 - second, not_met=second),
    ]
    failing = max(60 - first, second)
    return Case(rules, ROWS, {"case": 60}, judged=60, all_met=60 - failing)


def _series(profile: Any, firsts: Sequence[int], seconds: Sequence[int]) -> list[dict[str, Any]]:
    """Documents published one after another; the last is made with all before it."""
    made = [bundle(_case(a, b), day) for a, b, day in zip(firsts, seconds, DAYS, strict=False)]
    before = [board_document(it, profile) for it in made[:-1]]
    return [*before, board_document(made[-1], profile, before)]


def _published(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The documents as a reader has them."""
    return [json.loads(board_bytes(document)) for document in found]


FIRSTS = [20, 45, 25, 40, 20, 45, 25, 40, 20, 45, 25, 40, 20, 30]
SECONDS = [2, 20, 3, 20, 0, 30, 20, 20, 20, 20, 20, 20, 20, 3]


@pytest.fixture(scope="module")
def documents() -> list[dict[str, Any]]:
    return _published(_series(STANDARD, FIRSTS, SECONDS))


def _rules(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {rule["id"]: rule for rule in document["rules"]}


def test_every_point_is_what_its_document_prints(documents: list[dict[str, Any]]) -> None:
    found = documents[-1]["trend"]
    names = [*(board_sha256(document)[:12] for document in documents[:-1]), "this run"]
    assert [run["run"] for run in found["runs"]] == names
    assert [run["records"] for run in found["runs"]] == [
        document["input"]["records"]["judged"] for document in documents
    ]
    for row in found["rules"]:
        (stretch,) = row["stretches"]
        for point, document in zip(stretch["points"], documents, strict=True):
            rule = _rules(document)[row["id"]]
            assert point["at"] == document["as_of"]
            assert (point["met"], point["records"]) == (
                rule["totals"]["met"], rule["totals"]["records"],
            )  # fmt: skip
            assert (point["judged"], point["share"], point["interval"]) == (
                rule["rates"]["judged"], rule["rates"]["assured"], rule["rates"]["interval"],
            )  # fmt: skip


def test_centres_limits_and_false_signals_follow_from_the_printed_counts(
    documents: list[dict[str, Any]],
) -> None:
    found, charted = documents[-1]["trend"], []
    for row in found["rules"]:
        (stretch,) = row["stretches"]
        printed = [_rules(document)[row["id"]] for document in documents]
        counts = [
            (rule["totals"]["met"], rule["rates"]["judged"])
            for rule in printed
            if rule["rates"]["assured"] is not None
        ]
        assert stretch["points_with_data"] == len(counts)
        if stretch["gate"] == "plot":
            assert (stretch["centre"], stretch["signals"]) == (None, [])
            continue
        charted.append(counts)
        met, judged = np.array(counts, dtype=float).T
        if stretch["gate"] == "run_chart":
            assert stretch["centre"] == pytest.approx(np.median(met / judged))
            continue
        centre = met.sum() / judged.sum()
        sigma = np.sqrt(centre * (1 - centre) / judged)
        spread = np.abs(np.diff((met / judged - centre) / sigma)).mean() / 1.128
        assert stretch["centre"] == pytest.approx(centre)
        assert stretch["dispersion"]["sigma_z"] == pytest.approx(spread)
        reach = 3 * sigma * (spread if stretch["dispersion"]["laney"] else 1.0)
        limits = np.clip([centre - reach, centre + reach], 0, 1).T
        shown = [point["limits"] for point in stretch["points"] if point["limits"]]
        np.testing.assert_allclose(shown, limits, atol=1e-9)
    assert len(charted) == found["false_signals"]["charts"] > 0
    assert found["false_signals"]["expected"] == round(expected_false(charted), 2)


def test_a_masked_share_is_no_point_and_is_not_taken_for_nought(
    documents: list[dict[str, Any]],
) -> None:
    rows = {row["id"]: row["stretches"][0]["points"] for row in documents[-1]["trend"]["rules"]}
    masked = [n for n, point in enumerate(rows["b"]) if point["share"] is None]
    assert masked
    assert masked == [
        n for n, document in enumerate(documents)
        if _rules(document)["b"]["rates"]["assured"] is None
    ]  # fmt: skip
    assert all(rows["b"][n]["judged"] != 0 for n in masked)
    assert all(rows["b"][n]["limits"] is None and not rows["b"][n]["signals"] for n in masked)


def test_true_counts_that_give_the_same_documents_give_the_same_trend() -> None:
    """What is masked plays no part: two runs that print alike have one trend."""
    one = _series(STANDARD, FIRSTS[:3], [2, 20, 3])
    other = _series(STANDARD, FIRSTS[:3], [3, 20, 3])
    assert one[0] == other[0]
    assert one[-1]["trend"] == other[-1]["trend"]
    assert one[-1]["trend"] is not None


def test_rounded_counts_make_a_trend_that_is_safe_and_follows_from_them() -> None:
    found = _published(_series(STRICT, [20, 45, 30], [30, 30, 30]))
    assert_safe(found[-1], found[:-1])
    assert found[-1]["trend"] is not None


def test_a_trend_that_does_not_follow_from_the_documents_is_refused(
    documents: list[dict[str, Any]],
) -> None:
    assert_safe(documents[-1], documents[:-1])
    for name, value in (("met", 1), ("share", 0.123), ("interval", [0.1, 0.2])):
        told = copy.deepcopy(documents[-1])
        (point, *_) = (
            p for row in told["trend"]["rules"] for p in row["stretches"][0]["points"]
            if p["share"] is None
        )  # fmt: skip
        point[name] = value
        with pytest.raises(DisclosureError) as caught:
            assert_safe(told, documents[:-1])
        assert str(caught.value) == (
            "the board document is not safe to publish: its trend does not follow from its "
            "printed counts and those of the earlier documents given. It is not written"
        )


def test_documents_about_the_same_day_make_no_trend() -> None:
    before = board_document(bundle(_case(20, 20), DAYS[0]), STANDARD)
    assert board_document(bundle(_case(40, 20), DAYS[0]), STANDARD, [before])["trend"] is None
    assert board_document(bundle(_case(40, 20), DAYS[1]), STANDARD)["trend"] is None
