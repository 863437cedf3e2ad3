"""Shares over a series of runs: by rule, in stretches in which the rule asks the same.

A share is of what is evidenced: units met, of those met or not met. Where nothing is, there is no
share; what is not evidenced is counted beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Literal, get_args

import msgspec

from scr_audit._version import __version__
from scr_audit.documents.run import RuleInfo, RunBundle, RunHead
from scr_audit.documents.series import (
    ChartedRule,
    ChartedRun,
    DispersionInfo,
    PointInfo,
    SignalInfo,
    StretchInfo,
    TrendDocument,
)
from scr_audit.errors import ArgumentError, InputError, check_choice, did_you_mean
from scr_audit.series.comparison import meaning_of
from scr_audit.series.time_points import (
    By,
    SeriesRun,
    TimePoint,
    check_bundle,
    head_period,
    kind_of,
    overlap,
    series_of,
    time_points,
    usual_step,
)
from scr_audit.stats.shares import rates
from scr_audit.stats.signals import TIMES, Chart, ChartMaker, best_chart, expected_false, run_chart

TREND_FORMAT: Literal["scr-audit/trend"] = "scr-audit/trend"
TREND_VERSION: Literal[2] = 2

_Asked = tuple[str | None, PointInfo]
"""A point, and what the rule asks there; None where no run judged it, or runs differ."""


def trend(
    runs: Sequence[SeriesRun], *, rules: Collection[str] = (), by: By | None = None
) -> TrendDocument:
    """The trend as a document; no `rules`: all that have data. Raises `InputError`."""
    if not runs:
        raise InputError("the series has no runs; add one to the history")
    ordered = series_of(runs)
    step = by or usual_step(ordered)
    timed = time_points(ordered, step)
    known = [_rule(rule, timed) for rule in _rules_to_chart(ordered, rules)]
    rows = [row for row in known if rules or row["stretches"]]
    charts = [
        (
            [counts_of(point) for point in stretch["points"] if has_share(point)],
            _chart_of(stretch["independent"]),
        )
        for row in rows
        for stretch in row["stretches"]
        if stretch["gate"] != "plot"
    ]
    last = ordered[-1].head
    return {
        "format": TREND_FORMAT,
        "format_version": TREND_VERSION,
        "engine": {"name": "scr-audit", "version": __version__},
        "pack": {
            "id": last["pack"]["id"],
            "title": last["pack"]["title"],
            "version": last["pack"]["version"],
        },
        "plan": kind_of(last)[1],
        "by": step,
        "runs": [_run(run) for run in ordered],
        "times": [slot.label for slot in timed],
        "without_data": [slot.label for slot in timed if not slot.runs],
        "false_signals": {
            "charts": len(charts),
            "expected": round(expected_false(charts), 2),
            "simulated_series": TIMES,
        },
        "rules": rows,
        "never_judged": len(known) - len(rows),
    }


def trend_of(
    runs: Mapping[str, RunBundle], *, rules: Collection[str] = (), by: By | None = None
) -> TrendDocument:
    """The trend of runs, each by its name; in the order of their days.

    No `rules`: all that have data. `by` is the step of time, that of the runs if it is not given.
    Raises `InputError`.
    """
    if not isinstance(runs, Mapping):
        raise ArgumentError("runs", "takes run bundles by their names, such as {'spring': bundle}")
    if by is not None:
        check_choice("by", by, get_args(By))
    for name, one in runs.items():
        check_bundle(name, one)
    named = [SeriesRun(name, one, head_period(one)) for name, one in runs.items()]
    return trend(named, rules=rules, by=by)


def _run(run: SeriesRun) -> ChartedRun:
    return {
        "run": run.name,
        "as_of": run.head["as_of"],
        "period": None if run.period is None else run.period.label,
        "pack_version": run.head["pack"]["version"],
        "records": run.head["input"]["records"]["judged"],
    }


def _rules_to_chart(runs: Sequence[SeriesRun], wanted: Collection[str]) -> list[RuleInfo]:
    """The rules to chart, each as the latest run that has it."""
    known: dict[str, RuleInfo] = {}
    for run in reversed(runs):
        for rule in run.head["rules"]:
            known.setdefault(rule["id"], rule)
    for name in wanted:
        if name not in known:
            raise InputError(
                f"no run of the series has the rule '{name}'.{did_you_mean(name, known)}"
            )
    return [rule for name, rule in known.items() if not wanted or name in wanted]


def _rule(rule: RuleInfo, timed: Sequence[TimePoint]) -> ChartedRule:
    points = [_point(rule["id"], slot) for slot in timed]
    return {
        "id": rule["id"],
        "title": rule["title"],
        "recommendation": rule["recommendation"],
        "severity": rule["severity"],
        "unit_plural": rule["unit_plural"],
        "several_of_one_record": any(_has_several(point) for _, point in points),
        "stretches": [_stretch(part) for part in _stretches(points)],
    }


def _point(name: str, slot: TimePoint) -> _Asked:
    """The counts of a rule over the runs of a slot.

    Where the runs of the slot ask different things, they are no one point, and `mixed` says so.
    """
    found = [(run.head, rule) for run in slot.runs for rule in run.head["rules"]
             if rule["id"] == name]  # fmt: skip
    meanings = {meaning_of(head, rule) for head, rule in found}
    mixed = len(meanings) > 1
    rules = [] if mixed else [rule for _, rule in found]
    totals = [rule["totals"] for rule in rules]
    met, not_met, not_evidenced, records = (
        sum(each["met"] for each in totals),
        sum(each["not_met"] for each in totals),
        sum(each["not_evidenced"] for each in totals),
        sum(each["records"] for each in totals),
    )
    shares = rates(met, not_met, not_evidenced)
    meaning = next(iter(meanings)) if len(meanings) == 1 else None
    return meaning, {
        "at": slot.label,
        "met": met,
        "not_met": not_met,
        "not_evidenced": not_evidenced,
        "records": records,
        "share": shares.evidenced,
        "interval": shares.interval,
        "limits": None,
        "signals": [],
        "mixed": mixed,
    }


def _has_several(point: PointInfo) -> bool:
    """Whether several of the point's units come from one record."""
    return point["met"] + point["not_met"] + point["not_evidenced"] > point["records"]


def has_share(point: PointInfo) -> bool:
    """Whether it is a point of the chart: no gap."""
    return point["share"] is not None


def is_gap(point: PointInfo) -> bool:
    """Whether nothing was judged."""
    return point["met"] == point["not_met"] == point["not_evidenced"] == 0


def counts_of(point: PointInfo) -> tuple[int, int]:
    """Units met, and units met or not met."""
    return point["met"], point["met"] + point["not_met"]


def _stretches(points: Sequence[_Asked]) -> list[list[PointInfo]]:
    """The points between two changes of the rule; what is without data at the ends is left out."""
    found: list[list[PointInfo]] = []
    waiting: list[PointInfo] = []
    before: str | None = None
    for meaning, point in points:
        if is_gap(point):
            waiting.append(point)
            continue
        if found and before == meaning:
            found[-1] += [*waiting, point]
        else:
            found.append([point])
        waiting, before = [], meaning
    return found


def _stretch(points: Sequence[PointInfo]) -> StretchInfo:
    with_data = [point for point in points if has_share(point)]
    independent = not any(map(_has_several, points))
    chart = _chart_of(independent)([counts_of(point) for point in with_data])
    for number, limits in enumerate(chart.limits):
        with_data[number]["limits"] = limits
    signals: list[SignalInfo] = [
        {
            "kind": signal.kind,
            "first": with_data[signal.first]["at"],
            "last": with_data[signal.last]["at"],
            "direction": signal.direction,
        }
        for signal in chart.signals
    ]
    for signal in chart.signals:
        for point in with_data[signal.first : signal.last + 1]:
            if signal.kind not in point["signals"]:
                point["signals"].append(signal.kind)
    return {
        "gate": chart.gate,
        "points_with_data": len(with_data),
        "independent": independent,
        "centre": chart.centre,
        "dispersion": _dispersion(chart),
        "signals": signals,
        "points": list(points),
    }


def _chart_of(independent: bool) -> ChartMaker:
    """Limits suppose independent units; a run chart supposes nothing of the units of a point."""
    return best_chart if independent else run_chart


def _dispersion(chart: Chart) -> DispersionInfo | None:
    if chart.most_spread is None:
        return None
    return {"sigma_z": chart.spread, "most": chart.most_spread, "laney": chart.corrected}


THIS_RUN = "this run"


def run_trend(head: RunHead, earlier: Sequence[SeriesRun]) -> TrendDocument | None:
    """The trend document whose last point is the run of `head`; None: no earlier run leads to it.

    Of `earlier`, runs of other packs or plans, later ones, and the run itself are no points, and
    one that is given twice is one point. Raises `OverlapError` where two are about the same days.
    """
    now = SeriesRun(THIS_RUN, head, head_period(head))
    before = [run for run in without_repeats(earlier) if is_before(run, now)]
    return trend([*before, now]) if before else None


def is_before(run: SeriesRun, now: SeriesRun) -> bool:
    """Whether a run is of the series of `now`, and not after it."""
    if run.day is None or now.day is None or kind_of(run.head) != kind_of(now.head):
        return False
    if same_run(run.head, now.head):
        return False
    return run.day <= now.day or overlap(run, now)


def without_repeats(runs: Sequence[SeriesRun]) -> list[SeriesRun]:
    """The runs, each once, however often it is given."""
    found: list[SeriesRun] = []
    for run in runs:
        if not any(run.name == other.name or same_run(run.head, other.head) for other in found):
            found.append(run)
    return found


def same_run(first: RunHead, second: RunHead) -> bool:
    """Whether two bundles are of the same rules over the same files on the same day.

    What an earlier run or a plan of actions adds to a bundle does not make it another run. Where
    the files were not hashed, since a program gave the records, they are not taken for the same.
    """
    files = first["input"]["files"]
    if not files or not all(file["sha256"] for file in files):
        return False
    return _run_identity(first) == _run_identity(second)


def _run_identity(head: RunHead) -> bytes:
    """What identifies a run, encoded, since a bundle that was read has lists in place of tuples."""
    parts = (
        head["pack"], head["plan"], head["as_of"], head["input"], head["parameters"],
        head["totals"], head["recommendations"], head["rules"],
    )  # fmt: skip
    return msgspec.json.encode(parts, order="sorted")
