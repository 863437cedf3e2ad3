"""The trend that a run ends: which runs lead to it, and that it is the document of its schema."""

import json
from typing import Any

import kept
import pytest
from jsonschema import Draft202012Validator

from scr_audit.errors import InputError
from scr_audit.schemas import json_schema
from scr_audit.series.comparison import RunSide, compare, compare_runs
from scr_audit.series.time_points import OverlapError, SeriesRun
from scr_audit.series.trends import run_trend, trend, trend_of
from scr_audit.values.period import parse_period

FILES = [{"name": "cases.json", "sha256": "3" * 64}]
QUARTERS = [f"{2020 + n // 4}Q{n % 4 + 1}" for n in range(16)]


def as_json(document: Any) -> Any:
    """A document as its file has it: lists where it holds pairs."""
    return json.loads(json.dumps(document))


def _head(met: int, judged: int = 10, **more: Any) -> dict[str, Any]:
    findings = [("a", f"R{n}", "", "met" if n < met else "not_met") for n in range(judged)]
    return kept.head(findings, **more)


def _run(period: str, met: int, **more: Any) -> SeriesRun:
    return SeriesRun(f"run {period}", _head(met, **more), parse_period(period))


def _now(met: int = 7, **more: Any) -> dict[str, Any]:
    return _head(met, as_of="2026-06-30", **more)


def _points(found: dict[str, Any] | None) -> list[tuple[str, int]]:
    assert found is not None
    (row,) = found["rules"]
    return [(point["at"], point["met"]) for point in row["stretches"][0]["points"]]


def test_the_run_is_the_last_point_and_earlier_ones_stand_before_it() -> None:
    found = run_trend(_now(), [_run("2026Q1", 5), _run("2025Q4", 4)])
    assert _points(found) == [("2025Q4", 4), ("2026Q1", 5), ("2026-06-30", 7)]
    assert found is not None
    assert found["runs"][-1]["run"] == "this run"
    assert found["rules"][0]["stretches"][0]["gate"] == "plot"


@pytest.mark.parametrize(
    "other",
    [
        _run("2026Q1", 5, pack="other"),
        _run("2026Q1", 5, plan="quarterly"),
        _run("2026Q3", 5),
        SeriesRun("without a day", _head(5, as_of=None), None),
    ],
    ids=["another pack", "another plan", "a later run", "no day"],
)
def test_what_does_not_lead_to_the_run_is_no_point(other: SeriesRun) -> None:
    assert run_trend(_now(), [other]) is None
    assert _points(run_trend(_now(), [other, _run("2025Q4", 4)])) == [
        ("2025Q4", 4), ("2026-06-30", 7),
    ]  # fmt: skip


def test_a_run_given_twice_is_one_point_and_the_run_itself_is_none() -> None:
    now, before = _now(), _run("2026Q1", 5)
    before.head["input"]["files"][:] = FILES
    now["input"]["files"][:] = [{"name": "cases.json", "sha256": "4" * 64}]
    again = SeriesRun("under another name", before.head, None)
    itself = SeriesRun("kept before", {**now, "trend": None, "actions": []}, None)
    assert _points(run_trend(now, [before, before, again, itself])) == [
        ("2026Q1", 5), ("2026-06-30", 7),
    ]  # fmt: skip


def test_runs_of_the_same_days_are_told_as_a_pair() -> None:
    first = SeriesRun("one", _head(5, as_of="2026-06-30"), None)
    with pytest.raises(OverlapError) as caught:
        run_trend(_now(), [first])
    assert [run.name for run in caught.value.pair] == ["one", "this run"]


@pytest.mark.parametrize("points", [2, 11, 16])
def test_trends_of_every_gate_are_what_the_schema_says(points: int) -> None:
    runs = [_run(quarter, 9 if n < 8 else 2) for n, quarter in enumerate(QUARTERS[:points])]
    found = trend(runs)
    Draft202012Validator(json_schema("trend")).validate(as_json(found))
    assert len(found["rules"][0]["stretches"][0]["points"]) == points


def test_a_comparison_is_what_the_schema_says() -> None:
    then = [("a", "R1", "", "met"), ("b", "R1", "", "met"), ("c", "R1", "", "not_met")]
    now = [("a", "R1", "", "not_met"), ("b", "R2", "", "not_met"), ("d", "R1", "", "met")]
    sides = [
        RunSide(name, kept.head(findings, meanings=meanings), kept.documents(findings))
        for name, findings, meanings in (("one", then, {"b": "old"}), ("two", now, {"b": "new"}))
    ]
    found = compare_runs(*sides)
    Draft202012Validator(json_schema("comparison")).validate(as_json(found))
    assert [row["rule"] for row in found["rules"]] == ["same", "changed", "only_now", "only_then"]
    old = [(rule, "R1", unit, outcome) for rule, _, unit, outcome in now]
    again = RunSide("old", kept.head(old, meanings={"b": "new"}), kept.documents(old))
    rejudged = compare_runs(*sides, rejudged=again)
    Draft202012Validator(json_schema("comparison")).validate(as_json(rejudged))
    assert [row["split"] is not None for row in rejudged["rules"]] == [False, True, False, False]
    bundles = [{**side.head, "findings": list(side.findings or ())} for side in (*sides, again)]
    assert compare(bundles[0], bundles[1], rejudged=bundles[2])["rules"] == rejudged["rules"]  # type: ignore[arg-type]
    later: Any = {**bundles[2], "as_of": "2030-01-01"}
    with pytest.raises(InputError, match=r"^the old records were judged for 2030-01-01; judge the"):
        compare(bundles[0], bundles[1], rejudged=later)  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"^2 of the old records could be judged, but the earlier"):
        compare(bundles[0], bundles[1], rejudged=bundles[1])  # type: ignore[arg-type]


def test_a_trend_of_bundles_takes_its_rules_and_its_step() -> None:
    first, second = _head(5, as_of="2026-06-30"), _head(6, as_of="2026-09-30")
    found = trend_of({"one": first, "two": second}, rules=["a"], by="run")
    assert (found["by"], [row["id"] for row in found["rules"]]) == ("run", ["a"])
    with pytest.raises(InputError, match=r"^by: "):
        trend_of({"one": first}, by="week")  # type: ignore[arg-type]  # is refused
    with pytest.raises(InputError, match="takes run bundles by their names"):
        trend_of([first])  # type: ignore[arg-type]  # is refused
