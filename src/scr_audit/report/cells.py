"""Cells of a workbook: how each kind of them looks, and the days that they can hold."""

from datetime import date, datetime
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from scr_audit.report.tables import Kind

_INK, _WHITE = "#0B0C0C", "#FFFFFF"
# Fill and ink, with a contrast of 4.5 or more: of headings, and of the many cells below them.
_STRONG = {
    "met": ("#28A197", _INK),
    "not_met": ("#801650", _WHITE),
    "not_evidenced": ("#F46A25", _INK),
    "not_applicable": ("#EEEFEF", _INK),
    "excepted": ("#12436D", _WHITE),
    "error": (_INK, _WHITE),
}
_PALE = {
    "met": ("#DFF3F1", "#0F5A54"),
    "not_met": ("#F3E3EB", "#801650"),
    "not_evidenced": ("#FDE8DE", "#8A3A0C"),
    "not_applicable": ("#F3F4F4", "#40474B"),
    "excepted": ("#DCE5EE", "#12436D"),
    "error": (_INK, _WHITE),
}
_CELL: dict[str, Any] = {
    "valign": "top",
    "text_wrap": True,
    "font_size": 10,
    "border": 1,
    "border_color": "#D0D3D6",
}
_DAY = "d mmm yyyy"


class Styles:
    """The formats of one workbook, each made once and in a fixed order."""

    def __init__(self, book: Workbook) -> None:
        def made(**settings: Any) -> Format:
            return book.add_format(_CELL | settings)

        plain: dict[str, Any] = {"border": 0}
        page = {**plain, "font_size": 11}
        heading = {"bold": True, "valign": "vcenter", "bg_color": "#2B3A42", "font_color": _WHITE}
        self.text = made()
        self.link = made(font_color="#12436D", underline=1)
        self.no_number = made(align="right")
        self.day = made(num_format=_DAY, align="left")
        self.entry = made(**page)
        self.moment = made(num_format=f"{_DAY} hh:mm", align="left")
        self.day_entry = made(**page, num_format="d mmmm yyyy", align="left")
        self.count = made(num_format="#,##0")
        self.count_entry = made(**page, num_format="#,##0", align="left")
        self.share = made(num_format="0%")
        # As the words of reports do: never rounded up to all or down to nothing.
        self.share_low = made(num_format='"under 1%"')
        self.share_high = made(num_format='"over 99%"')
        self.heading = made(**heading)
        self.fill_in = made(bg_color="#FFF7E0", num_format=_DAY, align="left")
        self.label = made(**page, bold=True)
        self.link_entry = made(**page, font_color="#12436D", underline=1)
        self.title = made(**plain, bold=True, font_size=16, text_wrap=False)
        self.section = made(**plain, bold=True, font_size=13, text_wrap=False, bottom=2,
                            bottom_color="#12436D", font_color="#12436D")  # fmt: skip
        self.outcome_heading = {
            name: made(bg_color=fill, font_color=ink, bold=True, valign="vcenter")
            for name, (fill, ink) in _STRONG.items()
        }
        self.outcome = {
            name: made(bg_color=fill, font_color=ink, bold=True)
            for name, (fill, ink) in _PALE.items()
        }

    def number(self, value: float, kind: Kind) -> Format:
        """How a count or a share looks."""
        if kind != "share":
            return self.count
        if 0 < value < 0.005:
            return self.share_low
        return self.share_high if 0.995 <= value < 1 else self.share


def real_day(text: str) -> date | None:
    """The day that a text names; none for an imprecise one, or one before Excel's calendar."""
    try:
        day = date.fromisoformat(text) if len(text) == len("2010-07-12") else None
    except ValueError:
        return None
    # Excel thinks that 1900 was a leap year.
    return day if day and day.year > 1900 else None


def real_moment(text: str) -> datetime | None:
    """The day and time that a text names, as `real_day`; none where it has a time zone."""
    try:
        moment = datetime.fromisoformat(text) if len(text) > len("2010-07-12T09") else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo is None and moment.year > 1900 else None
