"""A series of runs as points: gaps, breaks where the rule changed, runs that overlap."""

from typing import Any

import kept
import pytest

from scr_audit.errors import InputError
from scr_audit.report.trend import trend_view
from scr_audit.series.time_points import SeriesRun
from scr_audit.series.trends import trend
from scr_audit.values.period import parse_period


def _run(period: str, met: int, judged: int, **more: Any) -> SeriesRun:
    findings = [("a", f"R{n}", "", "met" if n < met else "not_met") for n in range(judged)]
    return SeriesRun(f"run {period}", kept.head(findings, **more), parse_period(period))


QUARTERS = [f"{2020 + n // 4}Q{n % 4 + 1}" for n in range(16)]


def test_the_points_are_the_quarters_in_order_and_one_without_a_run_is_a_gap() -> None:
    runs = [_run(quarter, 5, 10) for quarter in ("2020Q4", "2020Q1", "2020Q2")]
    found = trend(runs)
    assert (found["by"], found["times"]) == ("quarter", ["2020Q1", "2020Q2", "2020Q3", "2020Q4"])
    assert found["without_data"] == ["2020Q3"]
    (stretch,) = found["rules"][0]["stretches"]
    told = [(point["at"], point["met"], point["share"]) for point in stretch["points"]]
    assert told == [("2020Q1", 5, 0.5), ("2020Q2", 5, 0.5), ("2020Q3", 0, None), ("2020Q4", 5, 0.5)]
    assert stretch["gate"] == "plot"


@pytest.mark.parametrize(
    ("met", "said"),
    [
        (
            [14] * 12 + [0],
            "From 2020Q1 to 2023Q1: special cause variation of a concerning nature: a point below "
            "the limits, 2023Q1; special cause variation: seven or more points above the centre, "
            "2020Q1 to 2022Q4 (centre 65%).",
        ),
        (
            [6] * 12 + [20],
            "From 2020Q1 to 2023Q1: special cause variation of an improving nature: a point above "
            "the limits, 2023Q1; special cause variation: seven or more points below the centre, "
            "2020Q1 to 2022Q4 (centre 35%).",
        ),
        (
            [8] * 7 + [14] * 7,
            "From 2020Q1 to 2023Q2: special cause variation: seven or more points below the "
            "centre, 2020Q1 to 2021Q3; special cause variation of an improving nature: seven or "
            "more points above the centre, 2021Q4 to 2023Q2 (centre 55%).",
        ),
    ],
)
def test_only_what_reaches_the_latest_point_is_called_improving_or_concerning(
    met: list[int], said: str
) -> None:
    runs = [_run(quarter, each, 20) for quarter, each in zip(QUARTERS, met, strict=False)]
    (rule,) = trend_view(trend(runs)).rules
    assert rule.verdicts == [said]


def test_the_short_words_say_the_same_of_earlier_signals() -> None:
    runs = [_run(q, met, 20) for q, met in zip(QUARTERS, [14] * 12 + [0], strict=False)]
    assert trend_view(trend(runs)).rules[0].shows == (
        "special cause variation of a concerning nature: a point below the limits; special cause "
        "variation: seven or more points above the centre"
    )


def test_months_are_gathered_into_quarters() -> None:
    runs = [_run("2020-01", 1, 10), _run("2020-03", 2, 10), _run("2020-04", 3, 10)]
    found = trend(runs, by="quarter")
    points = found["rules"][0]["stretches"][0]["points"]
    assert [(p["at"], p["met"], p["not_met"]) for p in points] == [
        ("2020Q1", 3, 17), ("2020Q2", 3, 7),
    ]  # fmt: skip


def _of(period: str, *outcomes: str, units: int = 1) -> SeriesRun:
    findings = [
        ("a", f"R{n // units}", f"/parts/{n % units}", each) for n, each in enumerate(outcomes)
    ]
    return SeriesRun(f"run {period}", kept.head(findings), parse_period(period))


def test_what_is_not_evidenced_is_in_no_share_and_told_beside_it() -> None:
    silent = ("not_evidenced",) * 3
    runs = [
        _of("2020Q1", "met", "not_met", *silent), _of("2020Q2", *silent), _of("2020Q3", "met"),
    ]  # fmt: skip
    (stretch,) = trend(runs)["rules"][0]["stretches"]
    told = [(p["met"], p["not_met"], p["not_evidenced"], p["share"]) for p in stretch["points"]]
    assert told == [(1, 1, 3, 0.5), (0, 0, 3, None), (1, 0, 0, 1.0)]
    assert stretch["points_with_data"] == 2
    assert stretch["points"][1]["interval"] is None


def test_where_several_units_come_from_one_record_no_limits_are_drawn() -> None:
    shares = ["met"] * 13 + ["not_met"] * 7, ["met"] * 14 + ["not_met"] * 6
    gates = []
    for units in (1, 4):
        runs = [_of(quarter, *shares[n % 2], units=units) for n, quarter in enumerate(QUARTERS)]
        (stretch,) = trend(runs)["rules"][0]["stretches"]
        gates.append((stretch["independent"], stretch["gate"]))
    assert gates == [(True, "p_chart"), (False, "run_chart")]


def test_twenty_quarters_of_three_units_show_no_signal() -> None:
    """58 of 60 met, two failures: the runs of all met between them come by chance."""
    quarters = [f"{2020 + n // 4}Q{n % 4 + 1}" for n in range(20)]
    runs = [_run(quarter, 2 if n in (3, 17) else 3, 3) for n, quarter in enumerate(quarters)]
    found = trend(runs)
    (stretch,) = found["rules"][0]["stretches"]
    assert (stretch["gate"], stretch["points_with_data"], stretch["signals"]) == ("plot", 20, [])
    assert found["false_signals"]["charts"] == 0
    assert trend_view(found).rules[0].shows == "20 points, too few for signals"


def test_a_changed_rule_breaks_the_series_and_no_signal_reaches_across() -> None:
    """Sixteen quarters at two levels are a shift, but not where the rule changed between them."""
    one = [_run(quarter, 30 if n < 8 else 10, 50) for n, quarter in enumerate(QUARTERS)]
    (row,) = trend(one)["rules"]
    assert [s["kind"] for s in row["stretches"][0]["signals"]].count("one_side") == 2
    changed = [
        _run(quarter, 30 if n < 8 else 10, 50, meanings={"a": "old" if n < 8 else "new"})
        for n, quarter in enumerate(QUARTERS)
    ]
    (row,) = trend(changed)["rules"]
    assert [(s["gate"], s["points_with_data"], s["signals"]) for s in row["stretches"]] == [
        ("plot", 8, []), ("plot", 8, []),
    ]  # fmt: skip


def test_a_rule_that_changed_within_a_quarter_has_no_point_there() -> None:
    runs = [
        _run("2020-01", 1, 10),
        _run("2020-02", 1, 10, meanings={"a": "new"}),
        _run("2020-04", 1, 10, meanings={"a": "new"}),
    ]
    (row,) = trend(runs, by="quarter")["rules"]
    assert [p["at"] for s in row["stretches"] for p in s["points"]] == ["2020Q2"]


def test_expected_false_signals_are_told_for_all_charts() -> None:
    runs = [_run(quarter, 30, 50) for quarter in QUARTERS]
    false = trend(runs)["false_signals"]
    assert (false["charts"], false["simulated_series"]) == (1, 400)
    assert 0.03 < false["expected"] < 0.15


@pytest.mark.parametrize(
    ("runs", "message"),
    [
        (
            [_run("2020Q1", 1, 2), _run("2020-03", 1, 2)],
            "run 2020-03 (2020-03) and run 2020Q1 (2020Q1) overlap: what was done then would count "
            "twice. Leave one of them out",
        ),
        (
            [_run("2020Q1", 1, 2), _run("2020Q2", 1, 2, pack="other")],
            "these runs are of 2 series: other (no plan) and workshop (no plan); name the "
            "plan or the pack of one",
        ),
        (
            [SeriesRun("it", kept.head([("a", "R", "", "met")], as_of=None), None)],
            "it: has neither a period nor a day; leave it out",
        ),
        ([], "the series has no runs; add one to the history"),
    ],
    ids=["overlap", "two packs", "no day", "none"],
)
def test_what_is_no_series_is_refused(runs: list[SeriesRun], message: str) -> None:
    with pytest.raises(InputError) as caught:
        trend(runs)
    assert str(caught.value) == message


def test_a_run_of_a_year_is_no_point_of_quarters() -> None:
    with pytest.raises(InputError) as caught:
        trend([_run("2020", 1, 2)], by="quarter")
    assert (
        str(caught.value)
        == "by quarter: run 2020 (2020) is about more than one quarter; chart by run"
    )


def test_rules_that_never_judged_anything_are_told() -> None:
    run = kept.head([("a", "R1", "", "met"), ("b", "R1", "", "not_applicable")])
    found = trend([SeriesRun("run", run, parse_period("2020"))])
    assert [row["id"] for row in found["rules"]] == ["a"]
    assert "Not shown: 1 rule, which judged nothing in any run." in trend_view(found).sentences


def test_an_unknown_rule_is_told_with_the_nearest_known_one() -> None:
    with pytest.raises(InputError) as caught:
        trend([_run("2020", 1, 2)], rules=["aa"])
    assert str(caught.value) == "no run of the series has the rule 'aa'. Did you mean 'a'?"
