"""The charts of a report as plain numbers and words, for templates to draw.

Source of the forms: the Analysis Function's guidance on charts and on colour.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from scr_audit.documents.editions import Bundle
from scr_audit.documents.parts import Outcome
from scr_audit.documents.run import RatesInfo, StandardInfo, Units
from scr_audit.report.standings import Standing, standard_text, standings, worst_rules
from scr_audit.report.wording import (
    LABELS,
    SIGNS,
    all_listed,
    bounds_text,
    clipped,
    interval_text,
    percent,
    percent_along,
    wrapped,
)
from scr_audit.values.text import count_text, counted


def charts_view(bundle: Bundle) -> dict[str, Any]:
    """`outcomes`, `rates` and `agencies` (None where neither agency nor theme is stated)."""
    return {
        "outcomes": outcome_bars(bundle),
        "rates": rate_chart(bundle),
        "agencies": heat_map(bundle),
    }


WORST_SHOWN = 20  # rows of a chart before the rest is folded away
DRAWN: tuple[Outcome, ...] = (
    "met",
    "not_met",
    "not_evidenced",
    "excepted",
    "not_applicable",
    "error",
)
# Widths in pixels that a bar has at the least, on a screen for a desk and on a phone.
_WIDE, _NARROW = 420, 270
_DIGIT, _MARGIN = 8, 8


class BarPart(NamedTuple):
    """One outcome's part of a bar; places in per cent of the width.

    `fits` says where there is room for the number: `always`, `wide` (not on phones) or `never`.
    """

    outcome: str
    start: str
    width: str
    middle: str
    number: str
    fits: str


class Bar(NamedTuple):
    """One recommendation: its bar, or in words why it has none; `cells` is its table row."""

    id: str
    title: str
    total: str
    parts: list[BarPart]
    said: str
    cells: list[str]


class OutcomeBars(NamedTuple):
    """The chart: the worst bars, the folded rest, and what it says in a sentence."""

    heads: list[tuple[str, str, str]]  # outcome, label, sign
    shown: list[Bar]
    folded: list[Bar]
    gist: str


def outcome_bars(bundle: Bundle) -> OutcomeBars:
    """The bars of every recommendation, worst first as in the table of recommendations."""
    rows = standings(bundle)
    bars = [_bar(row) for row in rows]
    return OutcomeBars(
        [(name, LABELS[name], SIGNS[name]) for name in DRAWN],
        bars[:WORST_SHOWN],
        bars[WORST_SHOWN:],
        _outcomes_gist(rows, bundle["totals"]["units"]),
    )


def _bar(row: Standing) -> Bar:
    counts = [row.totals[name] for name in DRAWN]
    whole = sum(counts)
    return Bar(
        id=row.id,
        title=row.title,
        total=f"{whole:,}",
        parts=list(_parts(row.totals, whole)) if whole else [],
        said="" if whole else "nothing to judge",
        cells=[count_text(number) for number in counts],
    )


def _parts(totals: Units, whole: int) -> Iterable[BarPart]:
    start = 0.0
    for name in DRAWN:
        width = totals[name] / whole
        if width:
            number = f"{totals[name]:,}"
            middle = percent_along(start + width / 2)
            yield BarPart(name, percent_along(start), percent_along(width), middle, number,
                       _fits(width, number))  # fmt: skip
        start += width


def _fits(width: float, number: str) -> str:
    needed = len(number) * _DIGIT + _MARGIN
    if width * _NARROW >= needed:
        return "always"
    return "wide" if width * _WIDE >= needed else "never"


def _outcomes_gist(rows: list[Standing], units: Units) -> str:
    counts = all_listed(f"{count_text(units[name])} {LABELS[name]}" for name in DRAWN)
    worst = [
        f"{row.id} {clipped(row.title, 60)} ({count_text(row.totals['not_met'])} not met; "
        f"{row.phrase} met)"
        for row in rows[:3]
        if row.totals["not_met"]
    ]
    lowest = f" Most often not met: {'; '.join(worst)}." if worst else ""
    return f"Bars of {counted(len(rows), 'recommendation')} by outcome. Over all: {counts}.{lowest}"


STEPS = ("under 20%", "20% to under 40%", "40% to under 60%", "60% to under 80%", "80% and over")
NOT_STATED = "(not stated)"
# Sizes in pixels; a label has room for so many characters.
_ROW, _COLUMN, _LEFT, _TOP, _RIGHT = 38, 46, 214, 168, 84
_LABEL, _LINES, _HEAD = 32, 2, 28


class ShareCell(NamedTuple):
    """Where an agency meets a theme; `step` 1 to 5 is its shade, 0 none for want of a rate."""

    x: int
    y: int
    rate: str
    judged: str
    step: int


class MapRow(NamedTuple):
    """One row of the table behind the map."""

    agency: str
    theme: str
    rate: str
    met: str
    judged: str


class HeatMap(NamedTuple):
    """The map: its size, its labels with their places, its cells and its table."""

    width: int
    height: int
    column: int
    row: int
    themes: list[tuple[int, list[str]]]  # y, lines
    agencies: list[tuple[int, str]]  # x, label
    cells: list[ShareCell]
    groups: list[MapRow]
    steps: tuple[str, ...]
    gist: str


def heat_map(bundle: Bundle) -> HeatMap | None:
    """The rates by agency and theme; None where neither is stated."""
    sums = sorted(_sums(bundle), key=lambda found: (
        _last_if_not_stated(found.agency), _last_if_not_stated(found.theme)
    ))  # fmt: skip
    agencies = _names(found.agency for found in sums)
    themes = _names(found.theme for found in sums)
    if {*agencies, *themes} <= {NOT_STATED}:
        return None
    return HeatMap(
        width=_LEFT + len(agencies) * _COLUMN + _RIGHT,
        height=_TOP + len(themes) * _ROW + 2,
        column=_COLUMN,
        row=_ROW,
        themes=[(_TOP + at * _ROW, wrapped(theme, _LABEL, _LINES))
                for at, theme in enumerate(themes)],
        agencies=[(_LEFT + at * _COLUMN, wrapped(agency, _HEAD, 1)[0])
                  for at, agency in enumerate(agencies)],
        cells=[_cell(found, agencies.index(found.agency), themes.index(found.theme))
               for found in sums],
        groups=[MapRow(found.agency, found.theme, percent(found.share), count_text(found.met),
                      count_text(found.evidenced)) for found in sums],
        steps=STEPS,
        gist=_agencies_gist(sums, len(agencies), len(themes)),
    )  # fmt: skip


class _Sum(NamedTuple):
    """Units of the recommendations of an agency and theme; `evidenced` are met or not met."""

    agency: str
    theme: str
    met: int
    evidenced: int

    @property
    def share(self) -> float | None:
        return self.met / self.evidenced if self.evidenced else None


def _sums(bundle: Bundle) -> Iterable[_Sum]:
    """Sums over recommendations: met, of what is evidenced; no average of rates."""
    parts: dict[tuple[str, str], list[Units]] = defaultdict(list)
    for item in bundle["recommendations"]:
        parts[item["agency"] or "", item["theme"] or ""].append(item["totals"])
    for (agency, theme), counts in sorted(parts.items()):
        met = sum(count["met"] for count in counts)
        not_met = sum(count["not_met"] for count in counts)
        yield _Sum(agency or NOT_STATED, theme or NOT_STATED, met, met + not_met)


def _names(names: Iterable[str]) -> list[str]:
    return sorted(set(names), key=_last_if_not_stated)


def _last_if_not_stated(name: str) -> tuple[bool, str]:
    return name == NOT_STATED, name


def _cell(found: _Sum, column: int, row: int) -> ShareCell:
    rate = percent(found.share)
    return ShareCell(
        _LEFT + column * _COLUMN,
        _TOP + row * _ROW,
        "–" if found.share is None else rate.replace("under ", "<").replace("over ", ">"),
        f"of {found.evidenced:,}" if found.evidenced else "",
        0 if found.share is None else min(int(found.share * 5), 4) + 1,
    )


def _agencies_gist(sums: list[_Sum], agencies: int, themes: int) -> str:
    rated = sorted(
        (share, found.agency, found.theme) for found in sums if (share := found.share) is not None
    )
    size = f"Shares met of {agencies} agencies by {themes} themes; {len(rated)} have a rate."
    if not rated:
        return size
    (low, *lowest), (high, *highest) = rated[0], rated[-1]
    return (
        f"{size} Lowest: {', '.join(lowest)}, {percent(low)}. "
        f"Highest: {', '.join(highest)}, {percent(high)}."
    )


_MOST_RULES = 40  # more rows than that are read by recommendation


class Whisker(NamedTuple):
    """Where to draw a rate; places in per cent of the width. Empty text: not to be drawn."""

    dot: str
    first: str
    span: str
    low: str
    open: str


class RateRow(NamedTuple):
    """One rule or recommendation; `whisker` is None where there is no rate to draw."""

    id: str
    title: str
    rate: str
    interval: str
    bounds: str
    judged: str
    standard: str
    verdict: str
    whisker: Whisker | None


class RateChart(NamedTuple):
    """The chart: what its rows are, the worst of them, the folded rest, and its standards.

    `line` is the place of the standard that all rows share, or empty.
    """

    subject: str
    shown: list[RateRow]
    folded: list[RateRow]
    line: str
    standards: str
    gist: str


def rate_chart(bundle: Bundle) -> RateChart:
    """By rule where few rules were chosen, otherwise by recommendation; worst first."""
    by_rule = _is_by_rule(bundle)
    rows = (
        [
            _row(
                rule["recommendation"],
                rule["title"],
                rule["rates"],
                rule["standard"],
                standard_text(rule),
            )
            for rule in worst_rules(bundle["rules"])
        ]
        if by_rule
        else [_row(row.id, row.title, row.rates, None, "") for row in standings(bundle)]
    )
    shares = {
        rule["standard"] and rule["standard"]["share"] for rule in bundle["rules"]
    } if by_rule else set()  # fmt: skip
    line = percent_along(shares.pop() or 0) if len(shares) == 1 and None not in shares else ""
    subject = "rule" if by_rule else "recommendation"
    return RateChart(
        subject,
        rows[:WORST_SHOWN],
        rows[WORST_SHOWN:],
        line,
        _standards(bundle, subject),
        _rates_gist(rows, subject),
    )


def _is_by_rule(bundle: Bundle) -> bool:
    chosen = bundle["plan"] is not None or any(rule["standard"] for rule in bundle["rules"])
    return chosen and len(bundle["rules"]) <= _MOST_RULES


def _row(
    name: str, title: str, rates: RatesInfo, standard: StandardInfo | None, verdict: str
) -> RateRow:
    return RateRow(
        id=name,
        title=title,
        rate=percent(rates["evidenced"]),
        interval=interval_text(rates),
        bounds=bounds_text(rates),
        judged=count_text(rates["judged"]),
        standard=percent_along(standard["share"]) if standard else "",
        verdict=verdict,
        whisker=_whisker(rates),
    )


def _whisker(rates: RatesInfo) -> Whisker | None:
    low, high = rates["low"], rates["high"]
    if rates["evidenced"] is None or low is None or high is None:
        return None
    interval = rates["interval"]
    return Whisker(
        dot=percent_along(rates["evidenced"]),
        first="" if interval is None else percent_along(interval[0]),
        span="" if interval is None else percent_along(interval[1] - interval[0]),
        low=percent_along(low),
        open="" if high == low else percent_along(high - low),
    )


def _standards(bundle: Bundle, subject: str) -> str:
    shares = sorted({rule["standard"]["share"] for rule in bundle["rules"] if rule["standard"]})
    if not shares:
        return "No standard was set, so none is drawn."
    if subject == "recommendation":
        return (
            "The plan sets standards by rule, so none is drawn for a recommendation; the rules "
            "say how they stand."
        )
    unset = sum(1 for rule in bundle["rules"] if not rule["standard"])
    if len(shares) == 1 and not unset:
        return f"The dashed line is the standard, {percent(shares[0])}."
    have, rules = "has" if unset == 1 else "have", counted(len(bundle["rules"]), "rule")
    none = f" {unset:,} of {rules} {have} none." if unset else ""
    return f"The dashed mark in a row is its standard.{none}"


def _rates_gist(rows: list[RateRow], subject: str) -> str:
    rated = [row for row in rows if row.whisker]
    if not rated:
        return f"No {subject} has a rate."
    ordered = sorted(rated, key=lambda row: float(row.whisker.dot) if row.whisker else 0.0)
    first, last = ordered[0], ordered[-1]
    silent = len(rows) - len(rated)
    without = f" {silent} of {len(rows)} have no rate." if silent else ""
    return (
        f"Shares met, of what is evidenced, of {len(rated)} {subject}s, from {first.rate} "
        f"({_named(first)}) to {last.rate} ({_named(last)}), with 95% intervals.{without}"
    )


def _named(row: RateRow) -> str:
    return f"{row.id} {clipped(row.title, 60)}"
