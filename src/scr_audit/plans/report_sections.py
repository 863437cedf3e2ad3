"""The sections of a report: their names in audit plans, and which part of each format each is.

All else is the frame of a report, which no plan can leave out: what was audited and as of when, the
counts, all warnings, what the run cannot show, and what it rests on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Format = Literal["html", "markdown", "word", "pdf", "overview", "sheets", "terminal"]
"""A workbook is an `overview`, which is its first sheet, and other `sheets`."""

LIMITS = "limits"
"""The part that says what a run cannot show: of the frame, and never left out."""


@dataclass(frozen=True)
class ReportSection:
    """A section: its name where it is left out, its description for editors, and its parts.

    `needs` is what a bundle must hold something under for the section to say anything.
    `landscape` is whether its tables need a page on its side.
    """

    title: str
    said: str
    html: tuple[str, ...] = ()
    markdown: tuple[str, ...] = ()
    word: tuple[str, ...] = ()
    pdf: tuple[str, ...] = ()
    overview: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    terminal: tuple[str, ...] = ()
    needs: Literal["trend", "actions", "findings", "records"] | None = None
    landscape: bool = False

    def parts(self, name: Format) -> tuple[str, ...]:
        """The parts that the section is in a format; none where the format does not have it."""
        found: tuple[str, ...] = getattr(self, name)
        return found


# Of a house's templates, `html` are files; all else are names that the formats know.
SECTIONS: Mapping[str, ReportSection] = {
    "summary": ReportSection(
        "what to look at first",
        "what to look at first: standards, what is not met and what to do, what is not recorded",
        markdown=("not_met", "missing"),
        word=("summary",),
        pdf=("summary",),
        overview=("Look at first", "Missing facts that leave most open", "What falls due next"),
        sheets=("Actions",),
        terminal=("next",),
    ),
    "changes": ReportSection(
        "what changed",
        "what changed since an earlier run",
        html=("changes.html.j2",),
        markdown=("changes",),
        word=("changes",),
        pdf=("changes",),
        overview=("What changed",),
    ),
    "trend": ReportSection(
        "the trend",
        "the series of runs that this one ends, where earlier ones are given",
        html=("trend-part.html.j2",),
        markdown=("trend",),
        word=("trend",),
        pdf=("trend",),
        sheets=("Trend",),
        needs="trend",
    ),
    "actions": ReportSection(
        "what became of actions",
        "what became of the actions of a plan, where the run was given any",
        html=("actions.html.j2",),
        markdown=("actions",),
        word=("actions",),
        pdf=("actions",),
        overview=("What became of actions",),
        sheets=("Action plan",),
        terminal=("actions",),
        needs="actions",
    ),
    "charts": ReportSection(
        "charts",
        "pictures of outcomes and rates (HTML, Word, PDF)",
        html=("charts.html.j2",),
        word=("charts",),
        pdf=("charts",),
    ),
    "recommendations": ReportSection(
        "recommendations",
        "every recommendation with its counts and rates; agencies and themes",
        html=("recommendations.html.j2",),
        markdown=("recommendations", "groups"),
        word=("recommendations",),
        pdf=("recommendations",),
        sheets=("Recommendations", "Agencies and themes"),
        terminal=("recommendations",),
        landscape=True,
    ),
    "rules": ReportSection(
        "rules",
        "every rule with its counts, rates and standard",
        html=("findings.html.j2",),
        markdown=("rules",),
        word=("rules",),
        pdf=("rules",),
        sheets=("Rules",),
        landscape=True,
    ),
    "findings": ReportSection(
        "findings",
        "single verdicts with their reasons; in HTML they stand under their rules",
        html=("findings.html.j2",),
        markdown=("not_met",),
        word=("findings",),
        pdf=("findings",),
        sheets=("Findings",),
        needs="findings",
        landscape=True,
    ),
    "records": ReportSection(
        "records",
        "every record with its counts and its timeline (HTML, Excel)",
        html=("records.html.j2",),
        sheets=("Records",),
        needs="records",
    ),
}


def has_content(part: str, name: Format, bundle: Mapping[str, object]) -> bool:
    """Whether a bundle holds what a part of a format needs to say anything."""
    needs = next((each.needs for each in SECTIONS.values() if part in each.parts(name)), None)
    return not needs or bool(bundle.get(needs))


def _all_parts(name: Format) -> Iterator[str]:
    """The parts of every section; what a run cannot show stands after what became of actions."""
    for section, each in SECTIONS.items():
        yield from each.parts(name)
        if section == "actions":
            yield LIMITS


# The parts of a report whose plan says nothing of sections, in their order.
USUAL: Mapping[Format, tuple[str, ...]] = {
    "html": (
        "changes.html.j2", "actions.html.j2", "charts.html.j2", "trend-part.html.j2",
        "recommendations.html.j2", "findings.html.j2", "records.html.j2",
    ),
    "markdown": (
        "changes", "trend", "actions", "recommendations", "not_met", "missing", LIMITS, "groups",
        "rules",
    ),
    # Single findings are an annex by choice: a hundred of them are twenty pages.
    "word": tuple(part for part in _all_parts("word") if part not in ("findings", LIMITS)),
    "pdf": tuple(part for part in _all_parts("pdf") if part not in ("findings", LIMITS)),
    "overview": tuple(_all_parts("overview")),
    "sheets": (
        "Recommendations", "Rules", "Agencies and themes", "Findings", "Records", "Actions",
        "Action plan", "Trend",
    ),
    "terminal": ("recommendations", "next", "actions"),
}  # fmt: skip


def parts_of(sections: Sequence[str] | None, name: Format) -> list[str]:
    """The parts of a format between its head and what it rests on, in order, each once.

    `sections` are those that a plan names, of which unknown ones are passed over; None where it
    names none.
    """
    if sections is None:
        return list(USUAL[name])
    wanted = [
        part
        for section in sections
        if section in SECTIONS
        for part in SECTIONS[section].parts(name)
    ]
    has_limits = LIMITS in USUAL[name]
    return list(dict.fromkeys([*([LIMITS] if has_limits else []), *wanted]))
