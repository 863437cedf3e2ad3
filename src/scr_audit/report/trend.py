"""A trend in words and as a drawing: what every format of it shows."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from scr_audit.documents.parts import JUDGED
from scr_audit.documents.series import (
    ChartedRule,
    PointInfo,
    SignalInfo,
    StretchInfo,
    TrendDocument,
)
from scr_audit.report.wording import LABELS, all_listed, percent, percents
from scr_audit.series.trends import has_share, is_gap
from scr_audit.values.text import count_text, counted

LEFT, RIGHT, TOP, FLOOR, STEP = 44, 16, 12, 172, 36
BOX = {"left": LEFT, "right": RIGHT, "top": TOP, "floor": FLOOR}
"""The frame of a drawing, in pixels."""
_PER_SIGN, _BETWEEN = 7, 10  # pixels that a sign of a label takes at most, and between labels
_BARS = "▁▂▃▄▅▆▇█"
_KINDS = {
    "outside": "a point {outside} the limits",
    "one_side": "seven or more points {side} the centre",
    "trend": "seven or more points in a row, each {way} than the one before",
    "two_of_three": "two of three points beyond two sigma{beyond}",
    "long_run": "a long run of points {side} the median",
    "few_crossings": "fewer crossings of the median than chance gives",
}
_WAYS = {
    "up": {"outside": "above", "side": "above", "way": "higher", "beyond": " above the centre"},
    "down": {"outside": "below", "side": "below", "way": "lower", "beyond": " below the centre"},
    "": {"outside": "outside", "side": "on one side of", "way": "further", "beyond": ""},
}


class SignalMark(NamedTuple):
    """A point of the drawing; `low` and `high` are the ends of its interval. In pixels."""

    x: str
    y: str
    low: str
    high: str
    special: bool


class PointRow(NamedTuple):
    """A point of the table behind the drawing."""

    at: str
    counts: str
    share: str
    interval: str
    centre: str
    limits: str
    said: str


class TrendChart(NamedTuple):
    """The chart of one rule: lines as SVG paths, marks, labels of time, places of breaks."""

    width: int
    line: str
    centre: str
    limits: str
    marks: list[SignalMark]
    times: list[tuple[str, str]]
    gaps: list[str]
    breaks: list[str]


class RuleTrend(NamedTuple):
    """One rule: its verdicts (a sentence for each stretch), drawing, and rows.

    `shows` is what its last stretch shows, in few words.
    """

    id: str
    title: str
    verdicts: list[str]
    shows: str
    last: str
    points: int
    spark: str
    special: bool
    drawing: TrendChart
    rows: list[PointRow]


class TrendView(NamedTuple):
    """A series in words and drawings; rules with special cause variation first."""

    title: str
    sentences: list[str]
    notes: list[str]
    rules: list[RuleTrend]


def trend_view(found: TrendDocument) -> TrendView:
    """The trend in words, with every number that the document has."""
    rules = [_rule(row, found["times"]) for row in found["rules"]]
    return TrendView(
        found["pack"]["title"], _sentences(found, rules), _notes(found),
        sorted(rules, key=lambda rule: not rule.special),
    )  # fmt: skip


def _sentences(found: TrendDocument, rules: list[RuleTrend]) -> list[str]:
    times, special = found["times"], sum(rule.special for rule in rules)
    plan = " of this plan" if found["plan"] else ""
    sentences = [
        f"{counted(len(found['runs']), 'run')}{plan}, from {times[0]} to {times[-1]}: "
        f"{counted(len(times), 'point')} by {found['by']}."
    ]
    if found["without_data"]:
        sentences.append(
            f"No run is of {all_listed(found['without_data'])}: a gap, which is neither 0% nor "
            "filled in."
        )
    if never := found.get("never_judged"):
        sentences.append(f"Not shown: {counted(never, 'rule')}, which judged nothing in any run.")
    false = found["false_signals"]
    if not false["charts"]:
        return [*sentences, "No rule has enough for signals, so none are looked for."]
    return [
        *sentences,
        f"{counted(special, 'rule')} of {len(rules):,} "
        f"{'shows' if special == 1 else 'show'} special cause variation. If nothing had changed, "
        f"about {false['expected']:.1f} of the {counted(false['charts'], 'chart')} would show a "
        f"signal all the same (from {false['simulated_series']:,} simulated series of each).",
    ]


def _notes(found: TrendDocument) -> list[str]:
    notes = [
        "Shares are of what is evidenced; what is not evidenced stands beside them.",
        "Signals are looked for where the numbers carry them: in 13 points or more with limits at "
        "three sigma (a p-chart), where at each at least 5 units are expected to be met and 5 not "
        "to be, each from a record of its own; otherwise in 10 points or more off the median (a "
        "run chart), at least a third of them on either side. Otherwise the points stand with "
        "their 95% intervals: too few for signals.",
    ]
    if any(_has_laney(stretch) for row in found["rules"] for stretch in row["stretches"]):
        notes.append(
            "Where neighbouring points differ more than binomial chance explains (Laney's sigma "
            "above what steady series exceed once in twenty), the limits are widened by Laney's "
            "correction."
        )
    if any(len(row["stretches"]) > 1 for row in found["rules"]):
        notes.append(
            "Where a rule asks something else from a point on, its series breaks: each stretch has "
            "its own centre, and no signal reaches across."
        )
    if any(row["several_of_one_record"] for row in found["rules"]):
        notes.append(
            "Of some rules several units come from one record. They are not independent: chance "
            "varies more than the intervals say, and no limits are drawn."
        )
    return notes


def _points(row: ChartedRule) -> list[PointInfo]:
    return [point for stretch in row["stretches"] for point in stretch["points"]]


def _has_laney(stretch: StretchInfo) -> bool:
    return stretch["dispersion"] is not None and stretch["dispersion"]["laney"]


def _rule(row: ChartedRule, times: list[str]) -> RuleTrend:
    stretches = row["stretches"]
    points = _points(row)
    with_data = [point for point in points if has_share(point)]
    return RuleTrend(
        id=row["id"],
        title=row["title"],
        verdicts=[_stretch_words(stretch) for stretch in stretches] or ["no data"],
        shows=_last_stretch_words(stretches),
        last=f"{share_text(with_data[-1])} ({with_data[-1]['at']})" if with_data else "no rate",
        points=len(with_data),
        spark=_spark(points),
        special=any(stretch["signals"] for stretch in stretches),
        drawing=_drawing(stretches, times),
        rows=[_row(point, stretch) for stretch in stretches for point in stretch["points"]],
    )


def share_text(point: PointInfo) -> str:
    """The share of a point, a dash where there is a gap."""
    return percent(point["share"]) if has_share(point) else "–"


def _stretch_words(stretch: StretchInfo) -> str:
    """What a stretch shows, in the words of NHS England's Making Data Count."""
    points, first = stretch["points_with_data"], stretch["points"][0]["at"]
    from_to = f"From {first} to {stretch['points'][-1]['at']}"
    if stretch["gate"] == "plot":
        return f"{from_to}: {counted(points, 'point')}, too few for signals."
    name = "median" if stretch["gate"] == "run_chart" else "centre"
    laney = "; limits widened by Laney's correction" if _has_laney(stretch) else ""
    about = f"{name} {percent(stretch['centre'])}{laney}"
    if not stretch["signals"]:
        return f"{from_to}: common cause variation, no significant change ({about})."
    said = "; ".join(_signal_words(signal, stretch) for signal in stretch["signals"])
    return f"{from_to}: {said} ({about})."


def _last_stretch_words(stretches: list[StretchInfo]) -> str:
    """What the last stretch shows: each kind of signal once, with how often there is one."""
    if not stretches:
        return "no data"
    stretch = stretches[-1]
    changed = "; before that the rule asked something else" if len(stretches) > 1 else ""
    if stretch["gate"] == "plot":
        return f"{counted(stretch['points_with_data'], 'point')}, too few for signals{changed}"
    found = Counter(
        (_nature(signal, stretch), _kind(signal["kind"], signal["direction"]))
        for signal in stretch["signals"]
    )
    parts = []
    for nature in _NATURES.values():
        kinds = [
            kind + (f" ({times} times)" if times > 1 else "")
            for (of, kind), times in found.items()
            if of == nature
        ]
        if kinds:
            parts.append(f"special cause variation{nature}: {', '.join(kinds)}")
    return ("; ".join(parts) or "common cause variation, no significant change") + changed


_NATURES = {"down": " of a concerning nature", "up": " of an improving nature", "": ""}


def _nature(signal: SignalInfo, stretch: StretchInfo) -> str:
    """What the latest points show; a later fall makes earlier points stand high, not improve."""
    latest = [point["at"] for point in stretch["points"] if has_share(point)][-1]
    return _NATURES[signal["direction"]] if signal["last"] == latest else ""


def _kind(kind: str, direction: str) -> str:
    return _KINDS[kind].format(**_WAYS[direction])


def _signal_words(signal: SignalInfo, stretch: StretchInfo) -> str:
    when = signal["first"] if signal["first"] == signal["last"] else (
        f"{signal['first']} to {signal['last']}"
    )  # fmt: skip
    kind = _kind(signal["kind"], signal["direction"])
    return f"special cause variation{_nature(signal, stretch)}: {kind}, {when}"


def _spark(points: list[PointInfo]) -> str:
    """A bar for each point, from 0 % to 100 %; a space is a gap."""
    shares = (point["share"] for point in points)
    return "".join(" " if share is None else _BARS[min(7, int(share * 8))] for share in shares)


def _row(point: PointInfo, stretch: StretchInfo) -> PointRow:
    said = ", ".join(_kind(kind, "") for kind in point["signals"])
    if not has_share(point):
        said = "the rule changed within it" if point["mixed"] else (
            "no data" if is_gap(point) else "nothing evidenced"
        )  # fmt: skip
    return PointRow(
        point["at"],
        _counts(point),
        percent(point["share"]),
        "–" if point["interval"] is None else percents(*point["interval"]),
        "–" if stretch["centre"] is None else percent(stretch["centre"]),
        "–" if point["limits"] is None else percents(*point["limits"]),
        said,
    )


def _counts(point: PointInfo) -> str:
    """`5 met, 1 not met, 2 not evidenced`; the last only where there are any."""
    if is_gap(point):
        return "–"
    names = [name for name in JUDGED if name != "not_evidenced" or point[name] != 0]
    return ", ".join(f"{count_text(point[name])} {LABELS[name]}" for name in names)


def _drawing(stretches: list[StretchInfo], times: list[str]) -> TrendChart:
    place = {label: LEFT + STEP // 2 + number * STEP for number, label in enumerate(times)}
    lines, centres, limits, marks, gaps = [], [], [], [], []
    for stretch in stretches:
        points = stretch["points"]
        lines.append(_path([(place[p["at"]], p["share"]) for p in points]))
        if stretch["centre"] is not None:
            ends = [place[points[0]["at"]] - 12, place[points[-1]["at"]] + 12]
            centres.append(_path([(x, stretch["centre"]) for x in ends]))
        for side in (0, 1):
            limits.append(
                _path([(place[p["at"]], p["limits"] and p["limits"][side]) for p in points])
            )
        marks += [
            _mark(p, share, place[p["at"]]) for p in points if (share := p["share"]) is not None
        ]
        gaps += [str(place[p["at"]]) for p in points if not has_share(p)]
    breaks = [str(place[s["points"][0]["at"]] - STEP // 2) for s in stretches[1:]]
    widest = max(len(label) for label in times) * _PER_SIGN + _BETWEEN
    every = max(1, -(-len(times) // 12), -(-widest // STEP))
    labels = [(str(place[label]), label) for label in times[::every]]
    width = LEFT + RIGHT + STEP * max(3, len(times))
    return TrendChart(
        width,
        "".join(lines),
        "".join(centres),
        "".join(limits),
        marks,
        labels,
        gaps,
        breaks,
    )


def _path(places: list[tuple[int, float | None]]) -> str:
    """A line through the points, interrupted where there is none."""
    parts, drawn = [], False
    for x, share in places:
        if share is not None:
            parts.append(f"{'L' if drawn else 'M'}{x} {_y(share)}")
        drawn = share is not None
    return "".join(parts)


def _mark(point: PointInfo, share: float, x: int) -> SignalMark:
    low, high = point["interval"] or (share, share)
    return SignalMark(str(x), _y(share), _y(low), _y(high), bool(point["signals"]))


def _y(share: float) -> str:
    return f"{FLOOR - share * (FLOOR - TOP):.1f}".removesuffix(".0")
