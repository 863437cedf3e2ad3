"""Agencies by theme: the share met where they meet, as shades and as text."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from scr_audit.report.drawing import wrapped
from scr_audit.report.standings import Bundle
from scr_audit.report.wording import JUDGED, count_text, percent, rate_text

STEPS = ("under 20%", "20% to under 40%", "40% to under 60%", "60% to under 80%", "80% and over")
NOT_STATED = "(not stated)"
# Sizes in pixels; a label has room for so many characters.
_ROW, _COLUMN, _LEFT, _TOP, _RIGHT = 38, 46, 214, 168, 84
_LABEL, _LINES, _HEAD = 32, 2, 28


class Cell(NamedTuple):
    """Where an agency meets a theme; `step` 1 to 5 is its shade, 0 none for want of a rate."""

    x: int
    y: int
    rate: str
    judged: str
    step: int


class Group(NamedTuple):
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
    cells: list[Cell]
    groups: list[Group]
    steps: tuple[str, ...]
    gist: str


def heat_map(bundle: Bundle) -> HeatMap | None:
    """The rates by agency and theme; None where neither is told."""
    groups = _summed(bundle)
    named = [{**group, "agency": group["agency"] or NOT_STATED,
              "theme": group["theme"] or NOT_STATED} for group in groups]  # fmt: skip
    named.sort(key=lambda group: (_last_if_not_stated(group["agency"]),
                                  _last_if_not_stated(group["theme"])))  # fmt: skip
    agencies = _names(group["agency"] for group in named)
    themes = _names(group["theme"] for group in named)
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
        cells=[_cell(group, agencies.index(group["agency"]), themes.index(group["theme"]))
               for group in named],
        groups=[_group(group) for group in named],
        steps=STEPS,
        gist=_gist(named, len(agencies), len(themes)),
    )  # fmt: skip


def _summed(bundle: Bundle) -> list[dict[str, Any]]:
    """Sums over recommendations: met, of what is evidenced; no average of rates."""
    parts: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for item in bundle["recommendations"]:
        parts[item["agency"] or "", item["theme"] or ""].append(item["totals"])
    groups = []
    for (agency, theme), counts in sorted(parts.items()):
        totals = {name: sum(count[name] for count in counts) for name in JUDGED}
        judged, told = sum(totals.values()), _told(totals)
        rates = {
            "judged": judged,
            "assured": totals["met"] / judged if judged else None,
            "evidenced": totals["met"] / told if told else None,
        }
        groups.append({"agency": agency, "theme": theme, "totals": totals, "rates": rates})
    return groups


def _told(totals: Mapping[str, int]) -> int:
    """What is evidenced: met or not met."""
    return totals["met"] + totals["not_met"]


def _names(names: Iterable[str]) -> list[str]:
    return sorted(set(names), key=_last_if_not_stated)


def _last_if_not_stated(name: str) -> tuple[bool, str]:
    return name == NOT_STATED, name


def _cell(group: Mapping[str, Any], column: int, row: int) -> Cell:
    rate = rate_text(group["rates"])
    share = group["rates"]["evidenced"]
    number = _told(group["totals"])
    return Cell(
        _LEFT + column * _COLUMN,
        _TOP + row * _ROW,
        "–" if rate == percent(None) else rate.replace("under ", "<").replace("over ", ">"),
        f"of {number:,}" if number else "",
        0 if share is None else min(int(share * 5), 4) + 1,
    )


def _group(group: Mapping[str, Any]) -> Group:
    return Group(
        group["agency"],
        group["theme"],
        rate_text(group["rates"]),
        count_text(group["totals"]["met"]),
        count_text(_told(group["totals"])),
    )


def _gist(groups: list[dict[str, Any]], agencies: int, themes: int) -> str:
    rated = sorted(
        (group for group in groups if group["rates"]["evidenced"] is not None),
        key=lambda group: (group["rates"]["evidenced"], group["agency"], group["theme"]),
    )  # fmt: skip
    size = f"Shares met of {agencies} agencies by {themes} themes; {len(rated)} have a rate."
    if not rated:
        return size
    low, high = rated[0], rated[-1]
    return (
        f"{size} Lowest: {low['agency']}, {low['theme']}, {percent(low['rates']['evidenced'])}. "
        f"Highest: {high['agency']}, {high['theme']}, {percent(high['rates']['evidenced'])}."
    )
