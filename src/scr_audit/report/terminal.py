"""Prints a run bundle to a terminal, a pipe or a log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from scr_audit.documents.editions import Bundle, PublicDocument, is_board, is_public
from scr_audit.documents.parts import Outcome
from scr_audit.errors import listed
from scr_audit.evaluate.outcomes import OUTCOMES
from scr_audit.report import headline, standings
from scr_audit.report.human_decisions import (
    IDLE_NOUNS,
    action_lines,
    exceptions_sentence,
    idle_lines,
    moderation_sentence,
)
from scr_audit.report.public_page import public_page, with_columns
from scr_audit.report.sections import leaves_out, wanted_parts
from scr_audit.report.standings import Standing, falls_due, missing_facts_of, missing_text
from scr_audit.report.wording import LABELS, SIGNS, day_text, interval_text, one_line, rate_text
from scr_audit.values.text import count_text, counted

# For terminals whose encoding lacks the usual signs.
_PLAIN_SIGNS = {"met": "+", "not_met": "x", "not_applicable": "-"}
STYLES = {
    "met": "green",
    "not_met": "bold red",
    "not_evidenced": "yellow",
    "not_applicable": "dim",
    "excepted": "blue",
    "error": "bold reverse",
}


class Lines:
    """A console that takes only plain text, made safe for its encoding."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._encoding = console.encoding
        self.has_signs = self._encoding.lower().startswith("utf")
        """Whether the encoding has more than letters, such as the bars of a sparkline."""
        self.signs = SIGNS if self.has_signs else {**SIGNS, **_PLAIN_SIGNS}

    def say(self, words: str, *, style: str = "", indent: int = 0) -> None:
        """One line, wrapped at the console's width."""
        text = self.text(words, style)
        self.console.print(Padding.indent(text, indent) if indent else text)

    def gap(self) -> None:
        """An empty line."""
        self.console.print()

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """A table of texts, whose words are not broken while there is room for the longest."""
        table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
        cells = [[self.text(cell) for cell in row] for row in rows]
        for head, *column in zip(map(self.text, heads), *cells, strict=True):
            longest = max(len(word) for cell in (head, *column) for word in cell.plain.split())
            table.add_column(head, overflow="fold", min_width=longest)
        for row in cells:
            table.add_row(*row)
        self.console.print(table)

    def text(self, words: str, style: str = "") -> Text:
        """Words on one line, with what the encoding lacks written out."""
        safe = one_line(words).encode(self._encoding, "backslashreplace").decode(self._encoding)
        return Text(safe, style=style)


_MOST_IDLE = 10
_MOST_IDS = 20


def render_public(document: PublicDocument, console: Console) -> None:
    """Prints the public edition: its sentences, and what is met by rule."""
    page, lines = public_page(document), Lines(console)
    lines.say(page.title, style="bold")
    for text in (page.when, *page.sentences):
        lines.say(text)
    lines.gap()
    table = with_columns(page.rules, ("title", "said", "standard"))
    rules = [[str(cell) for cell in row] for row in table.rows]
    lines.table([column.title for column in table.columns], rules)
    lines.gap()
    lines.say(document["rounding"]["sentence"], style="dim")


def render_terminal(bundle: Bundle | PublicDocument, console: Console) -> None:
    """Prints the headline, the recommendations worst first, and what to look at next.

    Nothing is shown by colour alone, and no text of a record is read as markup or control code.
    """
    if is_public(bundle):
        render_public(bundle, console)
        return
    lines = Lines(console)
    lines.say(bundle["pack"]["title"], style="bold")
    lines.say(f"Compliance audit as of {day_text(bundle['as_of'])}", style="dim")
    if is_board(bundle):
        lines.say(bundle["confidential"], style="bold")
    _notices(bundle, lines)
    lines.gap()
    for sentence in headline.headline(bundle):
        lines.say(sentence)
    left_out = leaves_out(bundle, "terminal")
    if left_out:
        lines.say(left_out)
    for part in wanted_parts(bundle, "terminal"):
        _PARTS[part](bundle, lines)


def _notices(bundle: Bundle, lines: Lines) -> None:
    errors = headline.errors_sentence(bundle)
    left_out = headline.left_out_sentence(bundle)
    identifiable = headline.anonymity_sentence(bundle)
    excepted, moderated = exceptions_sentence(bundle), moderation_sentence(bundle)
    if errors or left_out or identifiable or excepted or moderated:
        lines.gap()
    for said in filter(None, (identifiable, errors, left_out)):
        lines.say(f"{lines.signs['error']} {said}", style="bold")
    if excepted:
        lines.say(f"{lines.signs['excepted']} {excepted}", style="bold")
        idle = idle_lines(bundle)
        for line in idle[:_MOST_IDLE]:
            lines.say(line, indent=2)
        if (more := len(idle) - _MOST_IDLE) > 0:
            noun, nouns = IDLE_NOUNS
            lines.say(
                f"and {counted(more, f'more {noun}', f'more {nouns}')}", style="dim", indent=2
            )
    if moderated:
        lines.say(moderated, style="bold")


def _recommendations(bundle: Bundle, lines: Lines) -> None:
    rows = standings.standings(bundle)
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    table.add_column("", no_wrap=True)
    table.add_column("Recommendations, most often not met first", ratio=1)
    shown = [row for row in rows if _has_any(row)]
    outcomes = [name for name in OUTCOMES if any(row.totals[name] != 0 for row in shown)]
    for name in outcomes:
        table.add_column(Text(lines.signs[name], style=STYLES[name]), justify="right")
    table.add_column("Met, of\nevidenced\n(95%)", justify="right")
    for row in shown:
        table.add_row(*_cells(row, outcomes, lines))
    lines.gap()
    lines.console.print(table)
    legend = Text("  ").join(
        Text(f"{lines.signs[name]} {LABELS[name]}", style=STYLES[name]) for name in OUTCOMES
    )
    lines.console.print(legend)
    _not_shown(rows, lines)
    if any(row.clustered for row in shown):
        lines.say(
            "* Several findings come from one record. They are not independent: the true "
            "uncertainty is wider than the interval.",
            style="dim",
        )


def _has_any(row: Standing) -> bool:
    """Whether a recommendation has any findings."""
    return any(count != 0 for count in row.totals.values())


def _not_shown(rows: list[Standing], lines: Lines) -> None:
    """The recommendations about which this run says nothing, and why."""
    silent = [row for row in rows if not _has_any(row)]
    for words, found in (
        ("no record of the kind that its rules judge", [row for row in silent if row.rules]),
        ("no rule of the pack encodes it", [row for row in silent if not row.rules]),
    ):
        if found:
            count = counted(len(found), "recommendation")
            ids = listed([row.id for row in found], most=_MOST_IDS)
            lines.say(f"{count} not shown, {words}: {ids}.", style="dim")


def _cells(row: Standing, outcomes: list[Outcome], lines: Lines) -> list[Text]:
    met = " met" if row.rates["judged"] else ""
    title = Text("\n").join([lines.text(row.title), lines.text(row.phrase + met, "dim")])
    counts = [
        Text(count_text(row.totals[name]), style="dim" if row.totals[name] == 0 else STYLES[name])
        for name in outcomes
    ]
    interval = interval_text(row.rates) + ("*" if row.clustered else "")
    rate = Text.assemble((rate_text(row.rates), "bold"), f"\n{interval}")
    return [lines.text(row.id, "bold"), title, *counts, rate]


def _next(bundle: Bundle, lines: Lines) -> None:
    rules, facts = (
        standings.important_not_met(bundle),
        missing_facts_of(bundle, standings.LOOK_AT_NEXT),
    )
    if rules:
        lines.gap()
        lines.say("Look at next: not met, the most severe first", style="bold")
    for rule in rules:
        not_met = f"{count_text(rule['totals']['not_met'])} not met"
        lines.say(f"{lines.signs['not_met']} {rule['title']}", indent=2)
        details = f"{rule['recommendation']}, {rule['severity']} severity, {not_met}: {rule['id']}"
        lines.say(details, style="dim", indent=4)
    due = falls_due(bundle)
    if due:
        lines.gap()
        lines.say("Falls due next: not yet due when the files were read", style="bold")
    for month, duties in due:
        lines.say(f"{month}: {duties}", indent=2)
    if facts:
        lines.gap()
        lines.say("Most often not recorded", style="bold")
    for fact in facts:
        lines.say(f"{lines.signs['not_evidenced']} {fact.question}", indent=2)
        lines.say(missing_text(fact), style="dim", indent=4)


def _actions(bundle: Bundle, lines: Lines) -> None:
    actions = action_lines(bundle)
    if not actions:
        return
    lines.gap()
    lines.say("What became of actions", style="bold")
    for action in actions:
        lines.say(f"{action.id}: {action.verdict}: {action.task}", indent=2)
        lines.say(f"{action.reason} ({action.status})", style="dim", indent=4)


# By the names of `plans.report_sections`.
_PARTS: Mapping[str, Callable[[Bundle, Lines], None]] = {
    "recommendations": _recommendations,
    "next": _next,
    "actions": _actions,
}
