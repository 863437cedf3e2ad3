"""Outcomes by recommendation, as bars of which each part is the share of one outcome."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from scr_audit.report.drawing import WORST_SHOWN, clipped, place
from scr_audit.report.standings import Bundle, Standing, standings
from scr_audit.report.wording import LABELS, SIGNS, count_text, listed

DRAWN = ("met", "not_met", "not_evidenced", "excepted", "not_applicable", "error")
# Widths in pixels that a bar has at the least, on a screen for a desk and on a phone.
_WIDE, _NARROW = 420, 270
_DIGIT, _MARGIN = 8, 8


class Part(NamedTuple):
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
    parts: list[Part]
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
        _gist(rows, bundle["totals"]["units"]),
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


def _parts(totals: Mapping[str, int], whole: int) -> Iterable[Part]:
    start = 0.0
    for name in DRAWN:
        width = totals[name] / whole
        if width:
            number = f"{totals[name]:,}"
            yield Part(name, place(start), place(width), place(start + width / 2), number,
                       _fits(width, number))  # fmt: skip
        start += width


def _fits(width: float, number: str) -> str:
    needed = len(number) * _DIGIT + _MARGIN
    if width * _NARROW >= needed:
        return "always"
    return "wide" if width * _WIDE >= needed else "never"


def _gist(rows: list[Standing], units: Mapping[str, int]) -> str:
    counts = listed(f"{count_text(units[name])} {LABELS[name]}" for name in DRAWN)
    worst = [
        f"{row.id} {clipped(row.title, 60)} ({count_text(row.totals['not_met'])} not met; "
        f"{row.phrase} met)"
        for row in rows[:3]
        if row.totals["not_met"]
    ]
    lowest = f" Most often not met: {'; '.join(worst)}." if worst else ""
    return f"Bars of {len(rows)} recommendations by outcome. Over all: {counts}.{lowest}"
