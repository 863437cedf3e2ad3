"""What a line may tell beside earlier publications of the same rule that share records with it.

Publications are subtracted from one another: two halves of 22 in which all or nearly all is met,
beside a year with not met “10”, tell that it is 4 in each. So such a line prints one new number,
how often the rule was met, as a range; whatever else it tells is added up from what was published.

The range is the class that the count is rounded in, made wider where it would not leave room. What
was published bounds the count already (in two halves of 18 to 22: from 36 to 44), and at either end
of these bounds the count of every part would be known. So a class of which only such an end lies
within them is told together with its neighbour. The bounds, and with them where one range ends and
the next begins, follow from what was published before, never from the count. With room at both ends
no count of a part is sure: what one part has less, another can have more.

A line that shares no records with earlier ones, or is put together of such as print no count below
8, is printed in full.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf
from typing import Literal, NamedTuple

from scr_audit.documents.editions import PublicCounts, RangeInfo, Ranges
from scr_audit.documents.run import RuleInfo, RunBundle
from scr_audit.editions.overlap import Held, Records

BASE: Literal[5] = 5
FEWER_THAN: Literal[8] = 8
COUNTS = ("met", "not_met", "not_evidenced", "judged")
IF_EACH = "met, by a rule that judges each record once"
Ends = tuple[float, float]


def rounded(number: int) -> int | None:
    """A count as it is printed; None: fewer than 8."""
    return None if number < FEWER_THAN else (number + BASE // 2) // BASE * BASE


def counts_behind(printed: int | None) -> range:
    """The counts that a printed one may stand for."""
    if printed is None:
        return range(FEWER_THAN)
    return range(max(FEWER_THAN, printed - BASE // 2), printed + BASE // 2 + 1)


def all_behind(counts: PublicCounts) -> Iterator[tuple[int, int, int]]:
    """Met, not met and not evidenced that the four printed counts may stand for together."""
    judged = counts_behind(counts["judged"])
    for met in counts_behind(counts["met"]):
        for not_met in counts_behind(counts["not_met"]):
            for silent in counts_behind(counts["not_evidenced"]):
                if met + not_met + silent in judged:
                    yield met, not_met, silent


class Line(NamedTuple):
    """What a publication prints of a rule, None where in ranges, and the ends of each count.

    Under `IF_EACH` are the ends of met for a reader who knows that the rule judges each record.
    """

    printed: PublicCounts | None
    ends: dict[str, Ends]


Published = tuple[Records, Line]


def lines(runs: Sequence[RunBundle], overlay: Sequence[Held]) -> list[dict[str, Line]]:
    """By run, in the order in which they are published: the lines of rules that the last has.

    They are named as in the last run, whatever their own id was.
    """
    found: list[dict[str, Line]] = [{} for _ in runs]
    for held in overlay:
        for name in held.rules[len(runs) - 1]:
            before: list[Published] = []
            for at, records in held.records.items():
                found[at][name] = line_of(held.rules[at][name], records, before)
                before.append((records, found[at][name]))
    return found


def line_of(rule: RuleInfo, records: Records, before: Sequence[Published]) -> Line:
    """The line of a rule found in these records, beside those of it that were published before."""
    sharing = [each for each in before if each[0] & records]
    if _is_put_together(records, sharing) and all(_has_no_small_count(line) for _, line in sharing):
        return _in_full(rule, len(records))
    bounds = {name: _bounds(records, before, name) for name in (*COUNTS, IF_EACH)}
    met = _with_room(rule["totals"]["met"], [bounds["met"], bounds[IF_EACH]])
    ends = bounds | {name: _overlap(met, bounds[name]) for name in ("met", IF_EACH)}
    units = (0, len(records) if rule["unit"] == rule["record"] else inf)
    known = {name: _overlap(each, units) for name, each in ends.items()}
    # A contradiction: ids of one run that look alike, or a rule that does not judge each record.
    return Line(None, {
        name: each if each[0] <= each[1] else (0, inf) for name, each in known.items()
    })  # fmt: skip


def counts_of(rule: RuleInfo) -> PublicCounts:
    """The four printed counts of a rule: true ones summed first, then rounded."""
    true = rule["totals"]
    return {
        "met": rounded(true["met"]),
        "not_met": rounded(true["not_met"]),
        "not_evidenced": rounded(true["not_evidenced"]),
        "judged": rounded(true["met"] + true["not_met"] + true["not_evidenced"]),
    }


def ranges_of(line: Line) -> Ranges:
    """The four counts in ranges."""
    return {
        "met": _range(line.ends["met"]),
        "not_met": _range(line.ends["not_met"]),
        "not_evidenced": _range(line.ends["not_evidenced"]),
        "judged": _range(line.ends["judged"]),
    }


def _range(ends: Ends) -> RangeInfo:
    least, most = ends
    return {"least": int(least), "most": None if most == inf else int(most)}


def _in_full(rule: RuleInfo, number: int) -> Line:
    printed = counts_of(rule)
    behind = [(*counts, sum(counts)) for counts in all_behind(printed)]
    columns = dict(zip(COUNTS, zip(*behind, strict=True), strict=True))
    columns[IF_EACH] = tuple(counts[0] for counts in behind if counts[-1] == number)
    return Line(printed, {name: (min(each), max(each)) for name, each in columns.items() if each})


def _has_no_small_count(line: Line) -> bool:
    return line.printed is not None and None not in line.printed.values()


def _is_put_together(records: Records, sharing: Sequence[Published]) -> bool:
    """Whether none is shared, or each with one publication, and these have no others."""
    together: Records = frozenset().union(*(each for each, _ in sharing))
    number = sum(len(each) for each, _ in sharing)
    return not sharing or (together == records and number == len(records))


def _bounds(records: Records, before: Sequence[Published], name: str) -> Ends:
    """Between which numbers a count lies by what was published.

    It is that of each earlier publication, less that of the records which only the earlier has, and
    with that of those which only this one has.
    """
    found = _inside(records, before, name)
    for others, line in before:
        if others & records and name in line.ends:
            least, most = line.ends[name]
            less = _inside(others - records, before, name)
            more = _inside(records - others, before, name)
            found = _overlap(found, (least - less[1] + more[0], most - less[0] + more[1]))
    return found


def _inside(records: Records, before: Sequence[Published], name: str) -> Ends:
    """The same by the publications that lie in these records, the largest first."""
    least = most = 0.0
    left = records
    for others, line in sorted(before, key=lambda each: -len(each[0])):
        if others <= left and name in line.ends:
            least, most = least + line.ends[name][0], most + line.ends[name][1]
            left -= others
    if not left:
        return least, most
    return least, most + (len(left) if name == IF_EACH else inf)


def _overlap(first: Ends, second: Ends) -> Ends:
    return max(first[0], second[0]), min(first[1], second[1])


def _with_room(count: int, bounds: Sequence[Ends]) -> Ends:
    """The class of a count, with its neighbour where one has no more than an end of the bounds."""
    least, most = _class_of(count)
    while _cuts_off_an_end(least, bounds):
        least = _class_of(least - 1)[0]
    while _cuts_off_an_end(most + 1, bounds):
        most = _class_of(most + 1)[1]
    return least, most


def _class_of(count: int) -> tuple[int, int]:
    behind = counts_behind(rounded(count))
    return behind[0], behind[-1]


def _cuts_off_an_end(first: int, bounds: Sequence[Ends]) -> bool:
    """Whether of bounds only one end lies before the number `first`, or from it on."""
    return any(least < most and (first - 1 == least or first == most) for least, most in bounds)
