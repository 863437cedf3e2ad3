"""The front sheet: what the form is, how to answer, who fills it in; what a cell lets one enter.

The cells of dates are text, because a spreadsheet turns a typed `2009-08` into the first of August.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from scr_audit.forms.answers import NONE, NOT_RECORDED, choice_words, number_range
from scr_audit.forms.layout import QUESTIONS, START_ROWS, FormLayout
from scr_audit.language.types import FactType, Kind, in_words
from scr_audit.records.raw import Json
from scr_audit.values.text import cell_text

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

DATE_HINT = "Write 14/08/2009 or 2009-08-14. A month (2009-08) or a year (2009) counts too."

_INTRODUCTION = (
    "This form asks what the rules of the audit need to know about one record. Answer from the "
    "file alone, in the yellow cells. Grey cells are known already, or are not to be changed."
)
_ANSWERS = (
    ("yes", "The file shows that it was so, or was done."),
    ("no", "The file shows that it was not so, or was not done."),
    ("not recorded", "The file does not say. An empty cell means the same."),
    (
        "not applicable",
        "Only where the list of answers offers it. Elsewhere leave the cell empty: the rules see "
        "from the other answers whether a question applies.",
    ),
)
_HINTS = {
    "id": "The local reference of the record. It identifies nobody outside the audit office.",
    "role": "What you are in this audit, such as lead auditor. Never your name.",
    "on": f"The day on which you filled the form in. {DATE_HINT}",
}
_HOW = (
    (
        "Lists",
        "Lists have a sheet each: one row for each {item} and so on. Where a list is asked about, "
        "say 'there were none' if the file says so; leave it empty if the file does not say. "
        "A list in a list says in 'Belongs to' which row it belongs to.",
    ),
    (
        "Evidence",
        "Beside an answer there is room for a note and the page on which you found it. Neither is "
        "needed.",
    ),
    (
        "Dates",
        "14/08/2009 or 2009-08-14. If the file says no more: a month (2009-08) or a year (2009).",
    ),
    ("Several words", "Separate them by semicolons{words}."),
    (
        "Please",
        "Write no names of people anywhere. Do not add, delete, move or merge rows, columns or "
        "sheets, and save the form as .xlsx.",
    ),
)
_TEXT_WIDTH = 84
_TEXTS: dict[int, tuple[str, ...]] = {
    2: ("This form", _INTRODUCTION),
    3: ("The four answers",),
    **dict(enumerate(_ANSWERS, 4)),
    9: ("Fill in first",),
    **{row: (label, "", _HINTS[part]) for part, (row, label) in START_ROWS.items()},
    14: ("How to answer",),
    **dict(enumerate(_HOW, 15)),
}
"""The texts of each row below the titles: one of a section, two of an entry, three of an answer.

`{item}` and `{words}` are words of the pack.
"""
_LINK = 21
WIDTH, HEIGHT = 3, _LINK + 1
FRONT_HEADINGS = {
    row: len(_TEXTS.get(row, ())) or int(row in (0, 1, _LINK))
    for row in range(HEIGHT)
    if len(_TEXTS.get(row, ())) < WIDTH
}
"""The rows without an answer, and how many cells of each have a text."""


def write_front(
    sheet: Worksheet,
    layout: FormLayout,
    formats: Formats,
    titles: tuple[str, str],
    imported: Mapping[str, Json],
) -> None:
    """Fill the front sheet. `titles` are those of the pack and of the plan."""
    for column, width in enumerate((20, _TEXT_WIDTH, 52)):
        sheet.set_column(column, column, width)
    sheet.hide_gridlines(2)
    sheet.fit_to_pages(1, 0)
    sheet.set_row(0, 28)
    kind = layout.questions.kind.replace("_", " ")
    sheet.write_string(0, 0, f"Audit form: one {kind}", formats.title)
    sheet.write_string(1, 0, cell_text(titles[1] or titles[0]), formats.one_line)
    known = {START_ROWS["id"][0]: imported.get("id")}
    said = {"item": _first_item(layout), "words": _two_words(layout)}
    for row, raw in _TEXTS.items():
        texts = tuple(text.format(**said) for text in raw)
        if len(texts) == WIDTH:
            _answer(sheet, row, texts, known.get(row), formats)
        else:
            (_section, _entry)[len(texts) - 1](sheet, row, texts, formats)
    sheet.write_url(_LINK, 0, f"internal:'{QUESTIONS}'!A1", formats.link, "To the questions →")


def _first_item(layout: FormLayout) -> str:
    """What a row of the first list is: `visit`."""
    first = layout.lists[0].question.type.group_item if layout.lists else None
    return in_words(first.name) if first is not None and first.name else "item"


def _two_words(layout: FormLayout) -> str:
    """The first words that a list of this form offers, as they would be written: `: a; b`."""
    for question in layout.questions.all:
        item = question.type.item
        if item is not None and len(item.choices) > 1:
            return f": {'; '.join([*choice_words(item).values()][:2])}"
    return ""


def _section(sheet: Worksheet, row: int, texts: tuple[str, ...], formats: Formats) -> None:
    sheet.set_row(row, 22)
    for column in range(WIDTH):
        sheet.write_blank(row, column, None, formats.section)
    sheet.write_string(row, 0, texts[0], formats.section)


def _answer(
    sheet: Worksheet, row: int, texts: tuple[str, ...], known: Json, formats: Formats
) -> None:
    sheet.set_row(row, 28)
    sheet.write_string(row, 0, texts[0], formats.strong)
    if known is None:
        sheet.write_blank(row, 1, None, formats.answer_text)
    else:
        sheet.write_string(row, 1, cell_text(str(known)), formats.known)
    sheet.write_string(row, 2, texts[2], formats.small)


def _entry(sheet: Worksheet, row: int, texts: tuple[str, ...], formats: Formats) -> None:
    word, text = texts
    sheet.write_string(row, 0, word, formats.strong)
    sheet.write_string(row, 1, text, formats.plain)
    sheet.set_row(row, -(-len(text) // (_TEXT_WIDTH + 4)) * 15.5 + 4)


_INK, _BLUE, _GREY, _PALE, _WHITE = "#0B0C0C", "#12436D", "#EEF0F1", "#FFF9E8", "#FFFFFF"
_LINE = "#B6BCC0"


class Formats:
    """The formats of one form, each made once and in a fixed order."""

    def __init__(self, book: Workbook) -> None:
        def made(**settings: object) -> Any:
            base = {"valign": "top", "text_wrap": True, "font_size": 11, "font_color": _INK}
            return book.add_format(base | settings)

        boxed: dict[str, Any] = {"border": 1, "border_color": _LINE}
        self.title = made(bold=True, font_size=18, text_wrap=False, font_color=_BLUE)
        self.one_line = made(text_wrap=False, font_size=12)
        self.aside = made(text_wrap=False, font_size=10)
        self.plain = made()
        self.strong = made(bold=True)
        self.small = made(font_size=9, font_color="#40474B")
        self.link = made(font_size=10, font_color=_BLUE, underline=1)
        self.section = made(bold=True, font_size=13, text_wrap=False, valign="vcenter",
                            bg_color=_BLUE, font_color=_WHITE)  # fmt: skip
        self.group = made(**boxed, bold=True, bg_color="#DCE5EE")
        self.band = made(bold=True, font_size=9, bg_color="#DCE5EE", text_wrap=True)
        self.heading = made(**boxed, bold=True, bg_color="#2B3A42", font_color=_WHITE)
        self.side_heading = made(**boxed, font_size=9, bg_color="#5A6870", font_color=_WHITE)
        self.help = made(**boxed, font_size=9, font_color="#40474B", bg_color="#F7F8F8")
        self.question = made(**boxed)
        self.known = made(**boxed, bg_color=_GREY, font_color="#40474B", num_format="@",
                          align="left")  # fmt: skip
        self.answer = made(**boxed, bg_color=_PALE, locked=False, align="left")
        self.answer_text = made(**boxed, bg_color=_PALE, locked=False, num_format="@",
                                align="left")  # fmt: skip
        self.note = made(**boxed, locked=False, num_format="@", font_size=9)


_LONGEST_TITLE, _LONGEST_HINT = 32, 255  # characters, by the file format
TIME_HINT = "Write 14/08/2009 22:30. Where the time is not recorded, the day alone."
TEXT_HINT = "A few words, no names."

CellOptions = dict[str, Any]


def validation(fact: FactType, cell: str, source: str, hint: str) -> CellOptions:
    """The settings of a cell's validation. `source` is where its words stand, if it has any."""
    settings = _settings(fact, cell, source)
    return {
        **settings,
        "ignore_blank": True,
        "input_title": _title(fact)[:_LONGEST_TITLE],
        "input_message": _cut(" ".join(part for part in (settings["input_message"], hint) if part)),
    }


def row_choice(source: str) -> CellOptions:
    """The drop-down of the outer rows to which a row may belong."""
    return {
        "validate": "list", "source": source, "input_title": "Belongs to",
        "input_message": "Choose the row that this one belongs to.",
        "error_title": "No such row", "error_message": "Choose one of the rows in the list.",
    }  # fmt: skip


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_HINT else f"{text[: _LONGEST_HINT - 2].rstrip()} …"


def _title(fact: FactType) -> str:
    return {
        Kind.BOOLEAN: "Yes, no or not recorded", Kind.DATE: "A date",
        Kind.DATETIME: "Date and time",
        Kind.INTEGER: "A whole number", Kind.NUMBER: "A number", Kind.TEXT: "Text",
        Kind.LIST: "Several, or none",
    }.get(fact.kind, "Choose one")  # fmt: skip


def _settings(fact: FactType, cell: str, source: str) -> CellOptions:
    if fact.kind is Kind.LIST:
        return _list_settings(fact, source)
    if source:
        return {
            "validate": "list", "source": source, "input_message": "",
            "error_title": "Please choose", "error_message": "Choose an answer from the list.",
        }  # fmt: skip
    return _WRITTEN[fact.kind](fact, cell)


def _list_settings(fact: FactType, source: str) -> CellOptions:
    """Words separated by semicolons: a drop-down that lets more be written."""
    if fact.group_item is not None:
        return {
            "validate": "list", "source": source,
            "input_message": "listed: there is a row for each on the list's own sheet.",
            "error_title": "Please choose", "error_message": "Choose an answer from the list.",
        }  # fmt: skip
    message = "Separate several by semicolons. All words are on the sheet Words."
    if not source:
        message = f"Separate several by semicolons; write '{NONE}' if so."
        return {"validate": "any", "input_message": message}
    return {"validate": "list", "source": source, "show_error": False, "input_message": message}


def _text_settings(fact: FactType, cell: str) -> CellOptions:
    return {"validate": "any", "input_message": TEXT_HINT}


def _number_settings(fact: FactType, cell: str) -> CellOptions:
    whole = fact.kind is Kind.INTEGER
    tests = [f"ISNUMBER({cell})", *([f"{cell}=INT({cell})"] if whole else [])]
    if fact.minimum is not None:
        tests.append(f"{cell}>={fact.minimum}")
    if fact.maximum is not None:
        tests.append(f"{cell}<={fact.maximum}")
    wanted = number_range(fact)
    return _formula_settings(f'OR({cell}="{NOT_RECORDED}",AND({",".join(tests)}))', wanted, wanted)


def _moment_settings(fact: FactType, cell: str) -> CellOptions:
    hint = DATE_HINT if fact.kind is Kind.DATE else TIME_HINT
    day = f'SUBSTITUTE({cell},"T"," ")'
    tests = (
        f'{cell}="{NOT_RECORDED}"', f"ISNUMBER({cell})",
        f"AND(LEN({cell})=4,ISNUMBER(-{cell}))", f'ISNUMBER(DATEVALUE({cell}&"-01"))',
        f"ISNUMBER(DATEVALUE({day}))",
    )  # fmt: skip
    # The program's own idea of a date depends on where it runs: it warns and does not forbid.
    return {**_formula_settings(f"OR({','.join(tests)})", hint, hint), "error_type": "warning"}


def _formula_settings(formula: str, message: str, expected: str) -> CellOptions:
    return {
        "validate": "custom", "value": f"={formula}",
        "input_message": f"{message[:1].upper()}{message[1:]}",
        "error_title": "Is this right?", "error_message": f"Expected: {expected}"[:255],
    }  # fmt: skip


_WRITTEN: dict[Kind, Callable[[FactType, str], CellOptions]] = {
    Kind.TEXT: _text_settings,
    Kind.INTEGER: _number_settings,
    Kind.NUMBER: _number_settings,
    Kind.DATE: _moment_settings,
    Kind.DATETIME: _moment_settings,
}
