"""Plain lines and tables on a console: no text of a record is read as markup or control code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from scr_audit.report.wording import one_line


class Lines:
    """A console that takes only plain text, made safe for its encoding."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._encoding = console.encoding

    @property
    def has_signs(self) -> bool:
        """Whether the encoding has more than letters, such as the bars of a sparkline."""
        return self._encoding.lower().startswith("utf")

    def say(self, words: str, *, style: str = "", indent: int = 0) -> None:
        """One line, wrapped at the console's width."""
        text = self._safe(words, style)
        self._console.print(Padding.indent(text, indent) if indent else text)

    def gap(self) -> None:
        """An empty line."""
        self._console.print()

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """A table of texts."""
        table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 2, 0, 0), show_edge=False)
        for head in heads:
            table.add_column(self._safe(head, ""), overflow="fold")
        for row in rows:
            table.add_row(*(self._safe(cell, "") for cell in row))
        self._console.print(table)

    def _safe(self, words: str, style: str) -> Text:
        safe = one_line(words).encode(self._encoding, "backslashreplace").decode(self._encoding)
        return Text(safe, style=style)
