"""The report of an import in words: what came in, what did not, and why. It holds no value."""

from __future__ import annotations

from collections.abc import Iterator

from scr_audit.imports.mapping import ImportMapping
from scr_audit.imports.tally import Count, Fate, Tally

ALWAYS_LISTED = (Fate.COARSENED, Fate.IDENTIFIABLE, Fate.WITHDRAWN, Fate.UNFIT)
ON_REQUEST = (Fate.NO_FACT, Fate.NOT_NEEDED, Fate.SAYS_NOTHING, Fate.UNKNOWN)
SHOWN_UNKNOWN = 5
SHOWN_JOINED = 10


def report_lines(tally: Tally, mapping: ImportMapping, *, source: str, whole: bool) -> list[str]:
    """The report's lines; `whole` lists all that was not mapped, too."""
    plural = f"{tally.records:,} record{'' if tally.records == 1 else 's'}"
    lines = [f"{source}: {plural} by the mapping {mapping.name} ({mapping.title})"]
    lines += [f"joined, since they have one id: {places}" for places in tally.joined[:SHOWN_JOINED]]
    if len(tally.joined) > SHOWN_JOINED:
        lines.append(f"joined: {len(tally.joined) - SHOWN_JOINED:,} more, not listed")
    lines.append("")
    for fate in Fate:
        lines += _part(tally, fate, whole=whole)
    return lines


def _part(tally: Tally, fate: Fate, *, whole: bool) -> Iterator[str]:
    found = sorted(tally.of(fate), key=lambda entry: entry[:2])
    yield f"{tally.total(fate):>10,}  {fate.value}"
    if fate in ALWAYS_LISTED or (whole and fate in ON_REQUEST):
        for entry in found:
            yield from _entry(*entry)
    elif fate is Fate.UNKNOWN:
        for entry in found[:SHOWN_UNKNOWN]:
            yield from _entry(*entry)
        if len(found) > SHOWN_UNKNOWN:
            yield f"{'':>12}… and {len(found) - SHOWN_UNKNOWN:,} more: --report-unmapped"


def _entry(path: str, words: str, count: Count) -> Iterator[str]:
    yield f"{count.number:>14,}  {path}, first at {count.where}"
    if words:
        yield f"{'':>16}{words}"
