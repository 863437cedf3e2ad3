"""What a reader of a board document knows: the range of every cell, and the sums between cells.

Built from the printed document alone, so that it can check any document, however it was masked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from scr_audit.disclosure.cells import JUDGED, Cell, Counts, counts, tables
from scr_audit.disclosure.margins import agency_of, theme_of
from scr_audit.disclosure.profile import Profile
from scr_audit.evaluate.outcomes import OUTCOMES

Range = tuple[int, int | None]
Document = Mapping[str, Any]
_SUMMED = (*OUTCOMES, "judged")


class Row(NamedTuple):
    """The sum of `terms` (cell, factor) lies between `least` and `most`; None: no limit.

    `assumed`: it follows from what a rule looks like, not from how the document is made.
    """

    terms: tuple[tuple[Cell, int], ...]
    least: int | None = 0
    most: int | None = 0
    assumed: bool = False

    @property
    def exact(self) -> bool:
        """Whether the row is an equation."""
        return self.least == self.most


@dataclass
class Knowledge:
    """The ranges of the cells, and the rows that bind them. `masked` lists the masked cells."""

    ranges: dict[Cell, Range] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    masked: list[Cell] = field(default_factory=list)


def knowledge(document: Document) -> Knowledge:
    """What the printed document tells."""
    profile = Profile.model_validate(document["disclosure"]["profile"])
    return told(counts(document), [row for row in rows_of(document) if row.terms], profile)


def told(printed: Counts, rows: Iterable[Row], profile: Profile) -> Knowledge:
    """What cells printed by a profile, with these rows between them, tell."""
    ranges = {cell: profile.behind(shown) for cell, shown in printed.items()}
    for cell in printed:
        if cell.level == "rule" and cell.what == "judged" and ranges[cell][0] > 0:
            records = cell._replace(what="records")
            low, high = ranges[records]
            ranges[records] = max(low, 1), high
    masked = [cell for cell, shown in printed.items() if shown is None]
    return Knowledge(ranges, list(rows), masked)


def known_zeros(document: Document) -> frozenset[Cell]:
    """The cells that are 0 whatever the records say, since no rule counts there."""
    bare: dict[tuple[str, tuple[str, ...]], bool] = {}
    for item in document["recommendations"]:
        agency, theme = agency_of(item), theme_of(item)
        nothing = not item["rules"]
        for place in (
            ("recommendation", (item["id"],)),
            ("agency", (agency,)),
            ("theme", (theme,)),
            ("group", (agency, theme)),
        ):
            bare[place] = bare.get(place, True) and nothing
    places = [place for place, nothing in bare.items() if nothing]
    return frozenset(Cell(level, name, count) for level, name in places for count in _SUMMED)


def rows_of(document: Document) -> Iterator[Row]:
    """Every sum and every order between the cells of a document."""
    for level, name, _ in (*tables(document), ("overall", (), {})):
        judged = Cell(level, name, "judged")
        yield total(judged, [Cell(level, name, outcome) for outcome in JUDGED])
    for count in _SUMMED:
        yield from _sums(document, count)
    yield from _inputs(document)
    for rule in document["rules"]:
        yield from _records_of(rule, document)
    yield from _judged(document)


def total(whole: Cell, parts: Iterable[Cell]) -> Row:
    """The row that says that `whole` is the sum of `parts`."""
    return Row(((whole, 1), *((part, -1) for part in parts)))


def at_most(smaller: Cell, larger: Iterable[Cell]) -> Row:
    """The row that says that a cell is no larger than the sum of others."""
    return Row((*((cell, 1) for cell in larger), (smaller, -1)), 0, None)


def _sums(document: Document, count: str) -> Iterator[Row]:
    """One kind of count through the tables: rules, recommendations, cells, margins, overall."""
    listed: set[str] = set()
    overlap = False
    for item in document["recommendations"]:
        parts = [Cell("rule", (rule,), count) for rule in item["rules"]]
        yield total(Cell("recommendation", (item["id"],), count), parts)
        overlap = overlap or not listed.isdisjoint(item["rules"])
        listed.update(item["rules"])
    for group in document["groups"]:
        name = group["agency"], group["theme"]
        parts = [
            Cell("recommendation", (item["id"],), count)
            for item in document["recommendations"]
            if (agency_of(item), theme_of(item)) == name
        ]
        yield total(Cell("group", name, count), parts)
    for level, index in (("agency", 0), ("theme", 1)):
        yield from _margins(document, count, level, index)
    overall = Cell("overall", (), count)
    rules = [rule["id"] for rule in document["rules"]]
    if overlap:
        yield total(overall, [Cell("rule", (rule,), count) for rule in rules])
        return
    others = [Cell("rule", (rule,), count) for rule in rules if rule not in listed]
    for level, table in (("agency", "agencies"), ("theme", "themes")):
        margins = [Cell(level, (item["name"],), count) for item in document[table]]
        yield total(overall, [*margins, *others])


def _margins(document: Document, count: str, level: str, index: int) -> Iterator[Row]:
    cells = [(group["agency"], group["theme"]) for group in document["groups"]]
    for item in document["agencies" if level == "agency" else "themes"]:
        parts = [Cell("group", name, count) for name in cells if name[index] == item["name"]]
        yield total(Cell(level, (item["name"],), count), parts)


def _inputs(document: Document) -> Iterator[Row]:
    read, judged, left_out = (Cell("input", (), name) for name in ("read", "judged", "left_out"))
    kinds = [_kind(kind) for kind in document["input"]["records"]["by_kind"]]
    yield total(judged, kinds)
    made = [_kind(kind) for kind in document["disclosure"]["made_kinds"]]
    yield Row(((read, 1), (left_out, -1), (judged, -1), *((cell, 1) for cell in made)))
    yield at_most(Cell("records", (), "judged"), [judged])


def _kind(kind: str) -> Cell:
    return Cell("kind", (kind,), "records")


def _records_of(rule: Mapping[str, Any], document: Document) -> Iterator[Row]:
    """What binds a rule's units to records; where a unit is a record, each record has one."""
    name = (rule["id"],)
    records, judged = Cell("rule", name, "records"), Cell("rule", name, "judged")
    outcomes = [Cell("rule", name, outcome) for outcome in OUTCOMES]
    known = rule["record"] in document["input"]["records"]["by_kind"]
    of_kind = [_kind(rule["record"])] if known else []
    yield at_most(records, [judged])
    yield at_most(records, of_kind)
    yield at_most(records, [Cell("records", (), "judged")])
    if judges_records(rule):
        yield Row((*((cell, 1) for cell in outcomes), *((c, -1) for c in of_kind)), assumed=True)
        yield Row(((records, 1), (judged, -1)), assumed=True)


def judges_records(rule: Mapping[str, Any]) -> bool:
    """Whether a rule's unit is the whole record: it is called what the record kind is called."""
    return bool(rule["unit"] == rule["record"].replace("_", " "))


def _judged(document: Document) -> Iterator[Row]:
    """What binds records to units over all rules.

    A record judged is among those of some rule; a record all met has a unit met; one that is
    judged and not all met has a unit that is not met or not evidenced.
    """
    judged, all_met = (Cell("records", (), name) for name in ("judged", "all_met"))
    met, not_met, silent = (Cell("overall", (), outcome) for outcome in JUDGED)
    yield at_most(judged, [Cell("rule", (rule["id"],), "records") for rule in document["rules"]])
    yield at_most(all_met, [judged])
    yield at_most(all_met, [met])
    yield Row(((not_met, 1), (silent, 1), (all_met, 1), (judged, -1)), 0, None)
