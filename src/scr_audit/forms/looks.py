"""How the cells of a form look."""

from __future__ import annotations

from typing import Any

from xlsxwriter import Workbook

_INK, _BLUE, _GREY, _PALE, _WHITE = "#0B0C0C", "#12436D", "#EEF0F1", "#FFF9E8", "#FFFFFF"
_LINE = "#B6BCC0"


class Looks:
    """The formats of one form, each made once and in a fixed order."""

    def __init__(self, book: Workbook) -> None:
        def made(**settings: Any) -> Any:
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
