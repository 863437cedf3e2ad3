"""Decisions as a workbook: what two readers differ in, with a drop-down to decide each.

The hidden sheet keeps what a row is about, by the number in its first column, so that rows may be
sorted and the workbook renamed.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scr_audit.anonymity.patterns import IDENTIFIERS
from scr_audit.anonymity.scan import scan_record
from scr_audit.errors import InputError, library_needed, listed
from scr_audit.forms.answers import ABSENT, answer_choices, answer_words, date_text, fact_of
from scr_audit.forms.assembly import field_of_path
from scr_audit.language.types import FactType, Kind, in_words, is_judgement
from scr_audit.packs.pack import Pack
from scr_audit.readings.decisions import DecisionEntry, Decisions, by_key, origin_words
from scr_audit.readings.merged_record import BOTH, FIRST, NEITHER, OWN, SECOND, Conflict
from scr_audit.records.plausible import doubt
from scr_audit.records.raw import Json
from scr_audit.report.wording import said_text
from scr_audit.values.text import cell_text, folded
from scr_audit.workbooks.cells import AS_TEXT, Fault, FormError, cell_name, listed_faults
from scr_audit.workbooks.grid import Grid, read_grids

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

SHEET, HIDDEN = "Decisions", "rows"
_MADE = datetime(1980, 1, 1)  # the day that zip files begin with: the same rows, the same bytes
_PIECE = 30_000  # characters, of the most that a cell holds
_WORDS = {
    FIRST: "first", SECOND: "second", BOTH: "both", NEITHER: "not recorded", OWN: "something else"
}  # fmt: skip
_HEAD = (
    (4, "Your role (a post, no name)", "role"),
    (5, "Date", "on"),
    (6, "Reason, where a row has none", "reason"),
)
_HEADING = 8
_COLUMNS = (
    ("No.", 5), ("Case", 11), ("About", 24), ("Question", 34), ("First reader", 22),
    ("Second reader", 22), ("Decision", 15), ("Something else", 20), ("Reason", 26),
)  # fmt: skip
_DECISION, _VALUE, _REASON = 6, 7, 8
_SAID = (
    "Look each one up in the file. In the yellow cells choose whose answer is right, or write "
    "something else. Then save."
)


def decision_sheet(entries: Sequence[DecisionEntry], pack: Pack, *, about: str = "") -> bytes:
    """The workbook of what is to be decided; what is decided already stands in it.

    `about` says of which audit it is. Raises `InputError` where the library is missing.
    """
    try:
        from xlsxwriter import Workbook
    except ModuleNotFoundError as error:
        raise library_needed("a workbook of decisions", error.name, "excel") from error
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True, **AS_TEXT}) as book:
        book.set_properties({"title": "Decisions", "author": "scr-audit", "created": _MADE})
        _fill(book, entries, pack, about)
    return content.getvalue()


def to_decide(conflicts: Iterable[tuple[str, str, Conflict]]) -> list[DecisionEntry]:
    """An entry for each conflict, with its record's kind and id, in which nothing is decided."""
    return [
        DecisionEntry.model_validate({
            "record": record, "kind": kind, "fact": conflict.fact, "item": list(conflict.item),
            "question": conflict.question,
            "first": {"value": conflict.first, "from": origin_words(conflict.first_origin)},
            "second": {"value": conflict.second, "from": origin_words(conflict.second_origin)},
        })
        for kind, record, conflict in conflicts
    ]  # fmt: skip


def _fill(book: Workbook, entries: Sequence[DecisionEntry], pack: Pack, about: str) -> None:
    sheet = book.add_worksheet(SHEET)
    plain: dict[str, Any] = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#B1B4B6"}  # noqa: E501  # fmt: skip
    look = book.add_format(plain)
    fill = book.add_format({**plain, "bg_color": "#FFF7D6", "num_format": "@", "locked": False})
    bold = book.add_format({"bold": True})
    heading = book.add_format({**plain, "bold": True, "bg_color": "#E7EBEF"})
    sheet.write_string(0, 0, "Where the two readers differ", book.add_format({"bold": True, "font_size": 14}))  # noqa: E501  # fmt: skip
    sheet.write_string(1, 0, cell_text(about))
    sheet.write_string(2, 0, _SAID)
    known = next((entry for entry in entries if entry.take is not None), None)
    said = {"role": known and known.by_role, "on": known and known.on}
    for row, label, name in _HEAD:
        sheet.write_string(row, 0, label, bold)
        sheet.write_string(row, 3, said.get(name) or "", fill)
    for column, (text, width) in enumerate(_COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(_HEADING, column, text, heading)
    for row, entry in enumerate(entries, _HEADING + 1):
        _write_row(sheet, row, entry, pack, (look, fill))
    sheet.freeze_panes(_HEADING + 1, 2)
    sheet.repeat_rows(_HEADING)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&A&RPage &P of &N")
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    sheet.protect("", {"format_columns": True, "format_rows": True})
    hidden = book.add_worksheet(HIDDEN)
    hidden.write_string(0, 0, cell_text(about))
    for row, entry in enumerate(entries, 1):
        text = entry.model_dump_json(by_alias=True)
        for column, start in enumerate(range(0, len(text), _PIECE), 1):
            hidden.write_string(row, column, text[start : start + _PIECE])
    hidden.very_hidden()


def _write_row(
    sheet: Any, row: int, entry: DecisionEntry, pack: Pack, looks: tuple[Format, Format]
) -> None:
    look, fill = looks
    sheet.set_row(row, 15 * _lines(entry, pack))
    fact = _type_of(entry, pack)
    sheet.write_number(row, 0, row - _HEADING, look)
    told = (
        entry.record, _about(entry, pack), entry.question,
        *_both(fact, entry),
    )  # fmt: skip
    for column, text in enumerate(told, 1):
        sheet.write_string(row, column, cell_text(text), look)
    take = "" if entry.take is None else _WORDS[str(entry.take)]
    value = _shown(fact, entry.value) if str(entry.take) == OWN else ""
    for column, text in ((_DECISION, take), (_VALUE, value), (_REASON, entry.reason or "")):
        sheet.write_string(row, column, cell_text(text), fill)
    takes = [_WORDS[take] for take in _takes(entry, fact)]
    sheet.data_validation(row, _DECISION, row, _DECISION, {
        "validate": "list", "source": takes, "error_type": "stop",
        "error_title": "Choose from the list", "error_message": listed(takes, last="or"),
    })  # fmt: skip
    words = list(answer_choices(_typed(fact)))
    if OWN in _takes(entry, fact) and words and len(",".join(words)) < 250:
        sheet.data_validation(row, _VALUE, row, _VALUE, {
            "validate": "list", "source": words, "show_error": False,
        })  # fmt: skip


def _lines(entry: DecisionEntry, pack: Pack) -> int:
    """How many lines the longest cell of a row takes, so that nothing is cut in print."""
    fact = _type_of(entry, pack)
    shown = (_about(entry, pack), entry.question, *_both(fact, entry))
    widths = [width for _, width in _COLUMNS[2:6]]
    return max(
        -(-len(text) * 11 // (10 * width)) or 1 for text, width in zip(shown, widths, strict=True)
    )


def _takes(entry: DecisionEntry, fact: FactType) -> tuple[str, ...]:
    """What may be decided; a value of one's own only where a cell can hold it."""
    if fact.group_item is not None:
        lists = isinstance(entry.first.value, list) and isinstance(entry.second.value, list)
        return (FIRST, SECOND, *([BOTH] if lists else []), NEITHER)
    is_plain = is_judgement(fact) or fact.kind is not Kind.OBJECT
    return (FIRST, SECOND, NEITHER, *([OWN] if is_plain else []))


def _typed(fact: FactType) -> FactType:
    """The type of what is typed for a fact: of a judgement its value."""
    return fact.fields["value"].type if is_judgement(fact) else fact


def _type_of(entry: DecisionEntry, pack: Pack) -> FactType:
    steps = tuple(entry.fact.replace("[]", "").split("."))
    field = field_of_path(pack.kinds[entry.kind].type, steps)
    if field is None:
        return FactType(Kind.TEXT)
    item = field.type.group_item
    return item if item is not None and entry.fact.endswith("[]") else field.type


def _about(entry: DecisionEntry, pack: Pack) -> str:
    """Which item of its record a fact is about: `conference: 14 October 2026, initial`."""
    parts = entry.fact.split("[]")[: len(entry.item)]
    found, kind = [], pack.kinds[entry.kind].type
    for number, key in enumerate(entry.item):
        steps = tuple("".join(parts[: number + 1]).strip(".").split("."))
        field = field_of_path(kind, steps)
        item = None if field is None else field.type.group_item
        noun = (item.name if item is not None else "") or in_words(steps[-1])
        facts = ", ".join(said_text(value) for value in key.values())
        found.append(f"{noun}: {facts}" if facts else noun)
    return "; ".join(found)


def _item(item: Mapping[str, Json]) -> str:
    """An item of a list: `bell, worn: yes, 2 January 2026`."""
    return ", ".join(
        said_text(value) if isinstance(value, str) else f"{in_words(name)}: {said_text(value)}"
        for name, value in item.items()
    )


def _both(fact: FactType, entry: DecisionEntry) -> tuple[str, str]:
    """What each reader says; where that looks the same, where to look for what differs."""
    first, second = (_shown(fact, each.value) for each in (entry.first, entry.second))
    if first != second:
        return first, second
    return f"{first} (see {entry.first.origin})", f"{second} (see {entry.second.origin})"


def _shown(fact: FactType, value: Json) -> str:
    """What a reader said, in words."""
    if isinstance(value, str) and fact.group_item is not None:
        return value  # words that say how many others it lists
    if value is None:
        return "(not recorded)"
    if isinstance(value, Mapping) and is_judgement(fact):
        return _shown(_typed(fact), value.get("value"))
    if isinstance(value, list) and fact.group_item is not None:
        return "; ".join(map(_item, value)) or "none"
    if fact.kind in (Kind.DATE, Kind.DATETIME):
        return said_text(value)
    try:
        return str(answer_words(fact, value))
    except (KeyError, AttributeError):  # what the schema does not know
        return said_text(value)


def read_decision_sheet(
    path: Path, pack: Pack, *, today: date | None = None, allowed: str | None = None
) -> tuple[Decisions, list[DecisionEntry]]:
    """The decisions in a workbook, and every row of it, decided or not.

    Raises `InputError` with everything wrong by its cell; without a reason why identifiers are
    `allowed`, a cell that holds one is refused.
    """
    faults: list[Fault] = []
    try:
        grids = read_grids(path)
        if SHEET not in grids or HIDDEN not in grids:
            raise FormError([Fault("", "is no workbook of decisions; have it written anew")])
        grid = grids[SHEET]
        faults += [] if allowed else _identifying(grid)
        entries = [] if faults else list(_entries(grid, _known(grids[HIDDEN]), pack, today, faults))
    except FormError as error:
        faults, entries = list(error.faults), []
    if faults:
        raise InputError(listed_faults(str(path), faults))
    return by_key((entry, f"{path}: {entry.fact} of {entry.record}") for entry in entries), entries


def _identifying(grid: Grid) -> list[Fault]:
    return [
        Fault(_place(row, column), f"holds {IDENTIFIERS[found.kind].name}; say it without")
        for row, values in enumerate(grid.values)
        for column, value in enumerate(values)
        for found in scan_record(value)
    ]


def _place(row: int, column: int) -> str:
    return f"{SHEET}!{cell_name(row, column)}"


def _known(hidden: Grid) -> dict[int, DecisionEntry]:
    try:
        return {
            row: DecisionEntry.model_validate_json("".join(map(str, values[1:])), by_alias=True)
            for row, values in enumerate(hidden.values)
            if row
        }
    except ValueError as error:
        message = "its hidden sheet was changed; take the workbook as it was written"
        raise FormError([Fault("", message)]) from error


def _entries(
    grid: Grid, known: Mapping[int, DecisionEntry], pack: Pack, today: date | None,
    faults: list[Fault],
) -> Iterator[DecisionEntry]:  # fmt: skip
    head = {name: _cell(grid, row, 3, faults) for row, _, name in _HEAD}
    rows = list(_rows(grid, known, faults))
    any_decided = any(_text(grid, row, _DECISION) for row, _ in rows)
    by_role, on = _who(head, today, faults) if any_decided else ("", "")
    for row, entry in rows:
        take = _take(grid, row, entry, pack, faults)
        if not take:
            if take == "" and (_text(grid, row, _VALUE) or _text(grid, row, _REASON)):
                faults.append(Fault(_place(row, _DECISION), "is empty; choose what is right"))
            yield entry.model_copy(update=_NOTHING)
            continue
        reason = _text(grid, row, _REASON) or str(head["reason"] or "")
        if not reason:
            message = "is empty; say why in a few words, or once for all rows at the top"
            faults.append(Fault(_place(row, _REASON), message))
        value = _value(grid, row, entry, pack, faults) if take == OWN else None
        if take == OWN and is_judgement(_type_of(entry, pack)):
            value = {"value": value, "by_role": by_role, "on": on}
        if take != OWN and _text(grid, row, _VALUE):
            message = f"is filled in, and '{_WORDS[take]}' is chosen beside it; clear one of them"
            faults.append(Fault(_place(row, _VALUE), message))
        number = int(take) if take.isdecimal() else take
        yield entry.model_copy(update={
            "take": number, "value": value, "reason": reason, "by_role": by_role, "on": on,
        })  # fmt: skip


_NOTHING = dict.fromkeys(("take", "value", "reason", "by_role", "on"))


def _rows(
    grid: Grid, known: Mapping[int, DecisionEntry], faults: list[Fault]
) -> Iterator[tuple[int, DecisionEntry]]:
    seen: set[int] = set()
    for row in range(_HEADING + 1, grid.rows):
        found = grid.at((row, 0))
        number = int(found) if isinstance(found, int | float) else 0
        if found == "" and not any(_text(grid, row, column) for column in range(1, _REASON + 1)):
            continue
        if number not in known or number in seen:
            message = "is no number of a row, or one that is there twice; undo the change"
            faults.append(Fault(_place(row, 0), message))
            continue
        seen.add(number)
        yield row, known[number]
    if missing := sorted(set(known) - seen):
        numbers = listed(map(str, missing))
        faults.append(Fault(SHEET, f"the rows with the numbers {numbers} are missing; put them back"))  # noqa: E501  # fmt: skip


def _who(head: Mapping[str, Any], today: date | None, faults: list[Fault]) -> tuple[str, str]:
    on = ""
    for row, label, name in _HEAD[:2]:
        if head[name] == "":
            faults.append(Fault(_place(row, 3), f"is empty; fill in '{label}'"))
    try:
        on = date_text(head["on"]) if head["on"] != "" else ""
        if message := on and doubt(on, today):
            raise ValueError(message)
    except ValueError as error:
        faults.append(Fault(_place(_HEAD[1][0], 3), str(error)))
    return str(head["role"]).strip(), on


def _cell(grid: Grid, row: int, column: int, faults: list[Fault]) -> Any:
    if (row, column) in grid.scanned.formulas:
        faults.append(Fault(_place(row, column), "holds a formula; write the answer itself"))
        return ""
    return grid.at((row, column))


def _text(grid: Grid, row: int, column: int) -> str:
    return str(grid.at((row, column))).strip()


def _take(
    grid: Grid, row: int, entry: DecisionEntry, pack: Pack, faults: list[Fault]
) -> str | None:
    """What is decided in a row: empty where nothing is yet, None where it is no decision."""
    said = folded(str(_cell(grid, row, _DECISION, faults)))
    if not said:
        return ""
    said = said.removeprefix("the ").removesuffix(" reader")
    takes = _takes(entry, _type_of(entry, pack))
    found = next((take for take in takes if said in (folded(_WORDS[take]), take)), None)
    if found is None:
        expected = listed([_WORDS[take] for take in takes], last="or")
        message = f"found '{_text(grid, row, _DECISION)}'; expected {expected}"
        faults.append(Fault(_place(row, _DECISION), message))
    return found


def _value(grid: Grid, row: int, entry: DecisionEntry, pack: Pack, faults: list[Fault]) -> Json:
    found = _cell(grid, row, _VALUE, faults)
    if found == "":
        message = "is empty; write what is right instead of what the readers say"
        faults.append(Fault(_place(row, _VALUE), message))
        return None
    try:
        value = fact_of(_typed(_type_of(entry, pack)), found)
    except ValueError as error:
        faults.append(Fault(_place(row, _VALUE), str(error)))
        return None
    if value is ABSENT:
        message = f"says 'not recorded'; choose '{_WORDS[NEITHER]}' as the decision"
        faults.append(Fault(_place(row, _VALUE), message))
        return None
    return value


def undecided(entries: Iterable[DecisionEntry]) -> list[int]:
    """The numbers of the rows in which nothing is decided yet."""
    return [number for number, entry in enumerate(entries, 1) if entry.take is None]
