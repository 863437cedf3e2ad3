"""Prints a run, a board document or a public one on one screen: what to know in two minutes.

The parts are made at their fullest first. While they take too many rows, the next of `_LAYOUTS` is
tried, which shows fewer items or fewer rows of each and says how many it leaves out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.console import Console
from rich.text import Text

from scr_audit.documents.editions import Bundle, PublicDocument, is_board, is_public
from scr_audit.documents.run import RuleInfo
from scr_audit.evaluate.outcomes import OUTCOMES
from scr_audit.report import headline
from scr_audit.report.human_decisions import IDLE_NOUNS, action_lines, idle_lines
from scr_audit.report.public_page import public_page
from scr_audit.report.sections import (
    nothing_sentence,
    plan_period,
    population_sentence,
    wanted_parts,
)
from scr_audit.report.standings import (
    LOOK_AT_NEXT,
    by_importance,
    falls_due,
    missing_facts_of,
    none_not_met,
    unit_nouns,
)
from scr_audit.report.terminal import STYLES, Lines
from scr_audit.report.wording import LABELS, all_listed, day_text, percent
from scr_audit.values.text import count_text, counted

SCREEN_ROWS = 25


class _Layout(NamedTuple):
    """How many items of each part are shown, and how many rows each may take."""

    items: int = LOOK_AT_NEXT
    item_rows: int = 2
    facts: int = 5
    fact_rows: int = 2
    notice_rows: int = 4
    gaps: bool = True


_LAYOUTS = (
    _Layout(),
    _Layout(facts=3),
    _Layout(facts=3, fact_rows=1),
    _Layout(facts=2, fact_rows=1, notice_rows=2),
    _Layout(item_rows=1, facts=3, fact_rows=1, notice_rows=2),
    _Layout(item_rows=1, facts=1, fact_rows=1, notice_rows=1),
    _Layout(items=3, item_rows=1, facts=1, fact_rows=1, notice_rows=1),
    _Layout(items=2, item_rows=1, facts=1, fact_rows=1, notice_rows=1, gaps=False),
    _Layout(items=1, item_rows=1, facts=0, notice_rows=1, gaps=False),
)


def render_screen(
    document: Bundle | PublicDocument, console: Console, *, rows: int = SCREEN_ROWS
) -> None:
    """Prints what to know first, on so many rows; what is left out is told with its number.

    No text of a record is read as markup or control code, and no word is broken that fits.
    """
    lines = Lines(console)
    made: list[Text] = []
    for layout in _LAYOUTS:
        of_rows = _Rows(lines, layout)
        made = [*(of_rows.public(document) if is_public(document) else of_rows.run(document))]
        if len(made) <= rows:
            break
    for row in made:
        console.print(row, no_wrap=True, overflow="ignore", crop=False)


def rows_of(text: str, width: int) -> int:
    """How many rows of a terminal a line takes."""
    return max(1, -(-len(text) // width))


class _Rows(NamedTuple):
    """Makes the rows of each part."""

    lines: Lines
    layout: _Layout

    def run(self, bundle: Bundle) -> Iterator[Text]:
        yield from self.wrapped(_title(bundle), "bold", rows=min(2, self.layout.notice_rows))
        if is_board(bundle):
            yield from self.wrapped(bundle["confidential"], "bold")
        yield from self.wrapped(_read(bundle))
        for notice in headline.notices(bundle):
            yield from self.wrapped(notice, "bold", rows=self.layout.notice_rows)
        yield from self.some(idle_lines(bundle), self.layout.notice_rows // 2, *IDLE_NOUNS)
        yield from self.gap()
        yield from self.shares(bundle)
        if "next" in wanted_parts(bundle, "terminal"):
            yield from self.not_met(bundle)
            yield from self.not_recorded(bundle)
        yield from self.ahead(bundle)

    def shares(self, bundle: Bundle) -> Iterator[Text]:
        """The three shares of what applied, one row each."""
        units, judged = bundle["totals"]["units"], bundle["totals"]["rates"]["judged"]
        if not judged:
            yield from self.wrapped(nothing_sentence(bundle) or none_not_met(bundle))
            return
        width = len(count_text(judged))
        for name in OUTCOMES[:3]:
            meaning = (
                ": the record does not say, or contradicts itself"
                if name == "not_evidenced"
                else ""
            )
            share = percent(units[name] / judged)
            label = f"{self.lines.signs[name]} {share:>8} {count_text(units[name]):>{width}} "
            yield from self.wrapped(f"{LABELS[name]}{meaning}", STYLES[name], label=label)

    def not_met(self, bundle: Bundle) -> Iterator[Text]:
        """The rules that matter most of those not met, each with how many of how many."""
        rules = [rule for rule in by_importance(bundle["rules"]) if rule["totals"]["not_met"]]
        if not rules:
            return
        yield from self.part(
            "Not met, the most severe first",
            [f"{_part(rule)}: {rule['title']}" for rule in rules],
            f"{self.lines.signs['not_met']} ",
        )

    def not_recorded(self, bundle: Bundle) -> Iterator[Text]:
        """What is most often not recorded, with the findings that wait for it."""
        facts = missing_facts_of(bundle, self.layout.facts)
        if not facts:
            return
        yield from self.gap()
        yield from self.wrapped(
            "Most often not recorded, and how many findings wait for it", "bold"
        )
        width = max(len(f"{fact.findings:,}") for fact in facts)
        for fact in facts:
            label = f"{self.lines.signs['not_evidenced']} {fact.findings:>{width},} "
            yield from self.wrapped(fact.question, rows=self.layout.fact_rows, label=label)

    def ahead(self, bundle: Bundle) -> Iterator[Text]:
        """What falls due next, and what became of actions, in a row each."""
        verdicts = [action.verdict for action in action_lines(bundle)]
        found = {name: verdicts.count(name) for name in dict.fromkeys(verdicts)}
        due = falls_due(bundle)
        said = (
            f"Falls due next: {due[0][0]}, {due[0][1]}" if due else "",
            f"Actions: {all_listed(f'{number:,} {name}' for name, number in found.items())}"
            if found
            else "",
        )
        for line in filter(None, said):
            yield from self.wrapped(line, rows=1)

    def public(self, document: PublicDocument) -> Iterator[Text]:
        """The sentences of the public edition, and its rules, the least often met first."""
        page = public_page(document)
        yield from self.wrapped(page.title, "bold", rows=2)
        yield from self.wrapped(page.when)
        for sentence in page.sentences:
            yield from self.wrapped(sentence, rows=self.layout.notice_rows)
        columns = [column.name for column in page.rules.columns]
        rules = [dict(zip(columns, row, strict=True)) for row in page.rules.rows]
        yield from self.part(
            "Met, the lowest share first",
            [f"{rule['said']}: {rule['title']}" for rule in rules],
            "  ",
        )
        yield from self.gap()
        yield from self.wrapped(document["rounding"]["sentence"], "dim")

    def part(self, head: str, items: Sequence[str], label: str) -> Iterator[Text]:
        """A heading and the first of its rules."""
        yield from self.gap()
        yield from self.wrapped(head, "bold")
        yield from self.some(items, self.layout.items, "rule", "rules", label)

    def some(
        self, items: Sequence[str], most: int, noun: str, nouns: str, label: str = "  "
    ) -> Iterator[Text]:
        """The first items, and of the others how many there are."""
        for item in items[:most]:
            yield from self.wrapped(item, rows=self.layout.item_rows, label=label)
        if (more := len(items) - most) > 0:
            said = counted(more, f"more {noun}", f"more {nouns}")
            yield from self.wrapped(f"and {said}; --full shows all", "dim")

    def gap(self) -> Iterator[Text]:
        """An empty row, where there is room for one."""
        if self.layout.gaps:
            yield Text()

    def wrapped(
        self, words: str, style: str = "", *, rows: int = 3, label: str = ""
    ) -> Iterator[Text]:
        """Words behind a label on at most so many rows; an ellipsis ends what is cut."""
        width = self.lines.console.width - len(label)
        found = [*self.lines.text(words, style).wrap(self.lines.console, max(width, 1))]
        for row in found:
            row.rstrip()
        if len(found) > rows:
            found[rows - 1 :] = [_cut(found[rows - 1], width)]
        for number, row in enumerate(found):
            yield Text(label if not number else " " * len(label)).append(row)


def _cut(row: Text, width: int) -> Text:
    """A row that ends in an ellipsis, in the place of a word where there is no room for it."""
    words = row.plain
    while len(words) + 2 > width and " " in words.strip():
        words = words.rstrip().rpartition(" ")[0]
    return Text(f"{words.rstrip(' ,;:.')} …", style=row.style)


def _title(bundle: Bundle) -> str:
    """The title of the audit, and the days that it looks at; the pack's where no plan chose."""
    plan, period = bundle["plan"], plan_period(bundle)
    return (plan["title"] if plan else bundle["pack"]["title"]) + (
        f", {period['text']}" if period else ""
    )


def _read(bundle: Bundle) -> str:
    """What was read, and how many rules had something to judge."""
    records, judged = bundle["input"]["records"], bundle["totals"]["rates"]["judged"]
    kinds = all_listed(counted(number, kind) for kind, number in sorted(records["by_kind"].items()))
    at_work = sum(1 for rule in bundle["rules"] if rule["rates"]["judged"] != 0)
    beside = population_sentence(bundle)
    return (
        f"As of {day_text(bundle['as_of'])}: {kinds or 'no records'} judged by "
        f"{at_work:,} of {counted(len(bundle['rules']), 'rule')}, "
        f"{counted(judged, 'finding')}.{' ' if beside else ''}{beside}"
    )


def _part(rule: RuleInfo) -> str:
    """`26 of 95 actions`: how many are not met, of how many to which the rule applied."""
    units = counted(rule["rates"]["judged"], *unit_nouns(rule))
    return f"{count_text(rule['totals']['not_met'])} of {units}"
