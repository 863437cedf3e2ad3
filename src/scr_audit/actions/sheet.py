"""The plan as a workbook that people change and give back: one row for each action.

A hidden column is the number of the event that the row shows. It tells, when the workbook comes
back, what was changed in the row and whether somebody else changed the action meanwhile.
"""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from scr_audit.actions.action_record import action_kind, verdict_words
from scr_audit.actions.state import Action
from scr_audit.errors import InputError, did_you_mean, library_needed, listed
from scr_audit.forms.answers import date_text
from scr_audit.packs.pack import Pack
from scr_audit.records.raw import Json
from scr_audit.stats.shares import ALWAYS
from scr_audit.values.text import cell_text
from scr_audit.workbooks.cells import AS_TEXT, Fault, FormError, cell_name, listed_faults
from scr_audit.workbooks.grid import MONTH, Grid, read_grids

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

SHEET = "Plan"
OF_REPORT = "Actions"  # the sheet of a run's workbook, of which a row with an owner is an action
_EMPTY_ROWS = 200  # rows for new actions that have the lists to choose from
_MADE = datetime(1980, 1, 1)  # the day that zip files begin with: the same plan, the same bytes


@dataclass(frozen=True)
class SheetColumn:
    """A column: its name, its heading, its width in characters, and whether it can be changed."""

    name: str
    heading: str
    width: int
    changes: bool = True


COLUMNS = (
    SheetColumn("id", "Action", 9),
    SheetColumn("recommendation", "Recommendation", 17),
    SheetColumn("agency", "Agency", 24),
    SheetColumn("task", "Task", 60),
    SheetColumn("owner_role", "Owner (post)", 26),
    SheetColumn("due", "Due", 12),
    SheetColumn("rule", "Shown by rule", 40),
    SheetColumn("target", "Target (%)", 10),
    SheetColumn("period", "In quarter", 11),
    SheetColumn("status", "Status", 11, changes=False),
    SheetColumn("worked", "Worked", 12, changes=False),
    SheetColumn("evidence", "New evidence", 40),
    SheetColumn("seen_by_role", "Seen by (post)", 22),
    SheetColumn("note", "New note", 40),
    SheetColumn("number", "Event", 7, changes=False),
)
# The columns that a run's workbook has of these, with the heading that one has there.
_IN_REPORT = {
    **{
        column.name: column.heading
        for column in COLUMNS
        if column.name in ("recommendation", "owner_role", "due", "target", "period")
    },
    "rule": "Rule",
    "task": "What to do",
}
AT = {column.name: index for index, column in enumerate(COLUMNS)}


def cells(action: Action) -> dict[str, Json]:
    """The row of an action by the names of the columns, dates as dates.

    Columns of facts come last, as texts.
    """
    asked, judged = action.shown_by, action.judged
    return {
        "id": action.id,
        "recommendation": action.recommendation,
        "agency": action.agency,
        "task": action.task,
        "owner_role": action.owner_role,
        "due": _day(action.due),
        "rule": asked and asked.rule,
        "target": asked and ("always" if asked.target == ALWAYS else round(asked.target * 100)),
        "period": asked and asked.period,
        "status": action.status,
        "worked": judged and verdict_words(judged.verdict),
        "number": action.number,
        **{f"{COLUMN}{name}": fact_text(value) for name, value in action.facts.items()},
    }


def _day(text: str | None) -> date | str | None:
    """A whole day as a date, so that it can be sorted; a month stays text.

    So does a day up to 1900: a workbook counts days from there, and one of them wrongly.
    """
    if text is None or len(text) < len("2026-12-31") or text < "1901":
        return text
    return date.fromisoformat(text)


def plan_workbook(
    actions: Iterable[Action], pack: Pack, as_of: str, *, asked: Collection[str] = ()
) -> bytes:
    """The workbook; the same actions give the same bytes. Raises `InputError`.

    `asked` are the ids of the rules to choose from, by default those of the pack.
    """
    try:
        from xlsxwriter import Workbook
    except ModuleNotFoundError as error:
        raise library_needed("writing a plan as .xlsx", "xlsxwriter", "excel") from error
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True, **AS_TEXT}) as book:
        book.set_properties({"title": f"Action plan, {as_of}", "created": _MADE})
        _fill(book, list(actions), pack, asked)
    return content.getvalue()


def _fill(book: Workbook, actions: list[Action], pack: Pack, asked: Collection[str]) -> None:
    sheet = book.add_worksheet(SHEET)
    looks = _Looks(book)
    for index, column in enumerate(COLUMNS):
        hidden = {"hidden": True} if column.name == "number" else {}
        sheet.set_column(index, index, column.width, looks.of(column), hidden)
        sheet.write_string(0, index, column.heading, looks.heading)
    facts = [
        SheetColumn(f"{COLUMN}{name}", f"{HEADING}{name}", 20, changes=False)
        for name in facts_shown(actions, pack)
    ]
    for index, column in enumerate(facts, start=len(COLUMNS)):
        sheet.set_column(index, index, column.width, looks.of(column))
        sheet.write_string(0, index, column.heading, looks.heading)
    at = {column.name: index for index, column in enumerate((*COLUMNS, *facts))}
    for row, action in enumerate(actions, start=1):
        for name, value in cells(action).items():
            if name == "rule":
                value = rule_titles(pack).get(str(value), value)
            _write(sheet, (row, at[name]), value, looks.of((*COLUMNS, *facts)[at[name]]))
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    last = len(actions) + _EMPTY_ROWS
    sheet.autofilter(0, 0, last, len(COLUMNS) + len(facts) - (1 if facts else 2))
    _lists(book, sheet, pack, asked, last)
    for name, said in _HELP.items():
        choice = {
            "validate": "any",
            "input_title": COLUMNS[AT[name]].heading,
            "input_message": said,
        }
        sheet.data_validation(1, AT[name], last, AT[name], choice)


# What is said beside a cell that is chosen.
_HELP = {
    "id": "Leave it empty for a new action; it gets its number when it is read.",
    "task": "What is to be done, in a sentence.",
    "owner_role": "The post that sees to it, never a name.",
    "due": "By when: a day, such as 31/01/2027, or a month, such as January 2027.",
    "target": "The share met that shows it worked: a per cent, such as 90, or always.",
    "period": "The quarter that is looked at for it, such as 2027 Q1.",
    "evidence": "What was seen of it since; it is added to what is known.",
    "seen_by_role": "The post that saw the new evidence.",
    "note": "Anything else; it is added to the action's notes.",
}


def rule_titles(pack: Pack) -> dict[str, str]:
    """The title of each rule by its id, where no other rule has the same."""
    times = Counter(rule.title for rule in pack.rules)
    return {rule.id: rule.title for rule in pack.rules if times[rule.title] == 1}


class _Looks:
    def __init__(self, book: Workbook) -> None:
        self.heading = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E7EBEF"}
        )
        plain = {"text_wrap": True, "valign": "top"}
        self._text = book.add_format({**plain, "num_format": "@"})
        self._day = book.add_format({**plain, "num_format": "dd/mm/yyyy", "align": "left"})
        self._number = book.add_format({**plain, "align": "left"})
        self._fixed = book.add_format({**plain, "italic": True, "font_color": "#505A5F"})

    def of(self, column: SheetColumn) -> Format:
        """The look of a column's cells."""
        if not column.changes:
            return self._fixed
        return {"due": self._day, "target": self._number}.get(column.name, self._text)


def _write(sheet: Worksheet, at: tuple[int, int], value: object, look: Format) -> None:
    if value is None:
        return
    if isinstance(value, date):
        sheet.write_datetime(*at, datetime(value.year, value.month, value.day), look)
    elif isinstance(value, int):
        sheet.write_number(*at, value, look)
    else:
        sheet.write_string(*at, cell_text(str(value)), look)


def _lists(book: Workbook, sheet: Worksheet, pack: Pack, asked: Collection[str], last: int) -> None:
    """The agencies and rules to choose from, on a sheet of their own."""
    field = action_kind(pack).type.fields.get("agency")
    titles = rule_titles(pack)
    helps = {
        "agency": "The agency that has to do it.",
        "rule": "The question of the audit whose share met is to show that it worked. Needs a "
        "target and a quarter too.",
        "recommendation": "The recommendation that it carries out.",
    }
    choices = {
        "agency": list(field.type.choices) if field is not None else [],
        "rule": [
            titles.get(rule.id, rule.id) for rule in pack.rules if not asked or rule.id in asked
        ],
        "recommendation": [item.id for item in pack.recommendations],
    }
    lists = book.add_worksheet("Lists")
    for index, (name, values) in enumerate(choices.items()):
        lists.write_string(0, index, COLUMNS[AT[name]].heading)
        for row, value in enumerate(values, start=1):
            lists.write_string(row, index, value)
        if values:
            letter = "ABC"[index]
            source = f"=Lists!${letter}$2:${letter}${len(values) + 1}"
            rule = {
                "validate": "list", "source": source, "error_type": "warning",
                "input_title": COLUMNS[AT[name]].heading, "input_message": helps[name],
            }  # fmt: skip
            sheet.data_validation(1, AT[name], last, AT[name], rule)


# Facts of actions as cells of a plan's workbook: shown, and never read back as changes.
#
# A fact may be the judgement of a role on a day, which a cell that was typed over cannot say.

HEADING = "Fact: "
COLUMN = "fact:"
"""The prefix of columns of facts, in headings and in names of columns."""


def facts_shown(actions: Iterable[Action], pack: Pack) -> list[str]:
    """The facts that any of the actions has, in the order of the pack; those it lacks come last."""
    found = {name for action in actions for name in action.facts}
    known = [name for name in action_kind(pack).type.fields if name in found]
    return known + sorted(found - set(known))


def fact_text(value: Json) -> str:
    """A fact in words: `yes`, `yes (Auditor, 2026-11-03)`, a text as it is."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping) and {"value", "by_role", "on"} <= set(value):
        return f"{fact_text(value['value'])} ({value['by_role']}, {value['on']})"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


_EXACT = ("id", "recommendation")  # a number has lost what was typed: 5.10 has become 5.1


@dataclass(frozen=True)
class PlanRow:
    """A row: its values as text by column, without empty cells, and the place of each."""

    values: dict[str, str]
    places: dict[str, str]


def read_plan(path: Path) -> list[PlanRow]:
    """The rows of a plan that is not empty, or of a run's workbook those with an owner.

    Raises `InputError` with every fault by its cell.
    """
    try:
        grids = read_grids(path)
        is_report = SHEET not in grids and OF_REPORT in grids
        sheet = OF_REPORT if is_report else SHEET
        if sheet not in grids:
            raise FormError([Fault("", _no_sheet(list(grids)))])
        grid = grids[sheet]
        headings = _IN_REPORT if is_report else {each.name: each.heading for each in COLUMNS}
        columns = _columns(grid, sheet, headings)
        faults = [*_structure(grid, sheet), *_cell_faults(grid, sheet, columns)]
        if faults:
            raise FormError(faults)
    except FormError as error:
        raise plan_faults(path.name, list(error.faults)) from error
    rows = [_row(grid, sheet, number, columns) for number in range(1, grid.rows)]
    return [*_of_report(rows)] if is_report else [row for row in rows if row.values]


def _of_report(rows: Iterable[PlanRow]) -> Iterator[PlanRow]:
    """The rows with an owner; with a target or a quarter their rule is to show that they worked."""
    for row in rows:
        if "owner_role" in row.values:
            if not {"target", "period"} & row.values.keys():
                del row.values["rule"]
            yield row


def plan_faults(name: str, faults: list[Fault]) -> InputError:
    """The error that lists the faults of a plan."""
    return InputError(f"{listed_faults(name, faults)}\nNothing was written.")


def _no_sheet(found: list[str]) -> str:
    return (
        f"has no sheet '{SHEET}', and no '{OF_REPORT}' of a report, only {listed(found)}. Give the "
        "sheet its name back, or export the plan again"
    )


def _columns(grid: Grid, sheet: str, wanted: Mapping[str, str]) -> dict[str, int]:
    """The place of each wanted column, by its name, and of the facts that are shown."""
    headings = [str(value).strip() for value in (grid.values[0] if grid.values else [])]
    faults = [
        Fault(f"{sheet}!1:1", f"the column '{heading}' is missing.{_near(heading, headings)}")
        for heading in wanted.values()
        if heading not in headings
    ]
    facts = [heading for heading in headings if heading.startswith(HEADING)]
    faults += [
        Fault(f"{sheet}!{cell_name(0, index)}", f"the column '{heading}' is there twice")
        for index, heading in enumerate(headings)
        if heading in (*wanted.values(), *facts) and heading in headings[:index]
    ]
    if faults:
        raise FormError(faults)
    shown = {f"{COLUMN}{name.removeprefix(HEADING)}": headings.index(name) for name in facts}
    return {name: headings.index(heading) for name, heading in wanted.items()} | shown


def _near(heading: str, headings: list[str]) -> str:
    return did_you_mean(heading, [each for each in headings if each])


def _structure(grid: Grid, sheet: str) -> Iterator[Fault]:
    for cell in sorted(grid.scanned.formulas):
        yield Fault(f"{sheet}!{cell_name(*cell)}", "holds a formula; write the value itself")
    for cell in sorted(grid.scanned.errors):
        yield Fault(f"{sheet}!{cell_name(*cell)}", "holds an error of the spreadsheet")
    for merged in grid.scanned.merged:
        yield Fault(f"{sheet}!{merged}", "is merged; take the cells apart again")


def _cell_faults(grid: Grid, sheet: str, columns: dict[str, int]) -> Iterator[Fault]:
    for row in range(1, grid.rows):
        for name, index in columns.items():
            value, shown = grid.at((row, index)), grid.scanned.shown.get((row, index))
            less = "" if shown == MONTH else grid.date_fault((row, index))
            message = _fault(name, value) or less
            if message:
                yield Fault(f"{sheet}!{cell_name(row, index)}", message)


def _fault(name: str, value: object) -> str | None:
    if value == "":
        return None
    if isinstance(value, bool):
        return f"is {str(value).lower()}; write it in words"
    if isinstance(value, date) and name != "due":
        return "is a date; write it as text"
    if isinstance(value, int | float) and name in _EXACT:
        return "is a number; format the cell as text and write it anew, so that 5.10 is not 5.1"
    if name == "due" and isinstance(value, str):
        return _date_fault(value)
    if name == "due" and not isinstance(value, date):
        return "is a number; expected a day such as 31/12/2026, or a month such as December 2026"
    if name == "number" and not (isinstance(value, int | float) and value == int(value) > 0):
        return "is no event's number; this column belongs to the plan. Export it again"
    return None


def _date_fault(text: str) -> str | None:
    try:
        date_text(text)
    except ValueError as error:
        return str(error)
    return None


def _row(grid: Grid, sheet: str, row: int, columns: dict[str, int]) -> PlanRow:
    values, places = {}, {}
    for name, index in columns.items():
        places[name] = f"{sheet}!{cell_name(row, index)}"
        value = grid.at((row, index))
        text = _as_text(value, month=grid.scanned.shown.get((row, index)) == MONTH)
        if name == "target" and isinstance(value, float) and 0 < value < 1:
            text = _as_text(round(value * 100, 6), month=False)  # a cell of 90 %
        elif name == "due" and isinstance(value, str) and text:
            text = date_text(value)
        if text:
            values[name] = text
    return PlanRow(values, places)


def _as_text(value: object, *, month: bool) -> str:
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()[:7] if month else value.isoformat()
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return str(value).strip()
