"""The parts of an HTML report between its summary and its basis, and what is there to link to."""

from collections.abc import Iterator
from typing import NamedTuple

from scr_audit.report.record_views import records_title
from scr_audit.report.sections import has_section, parts
from scr_audit.report.standings import Bundle


class Has(NamedTuple):
    """What stands in a report, and so can be linked to.

    `rules` are their headings, `counts` what is said of a rule below its heading.
    """

    rules: bool
    counts: bool
    findings: bool
    records: bool


class Part(NamedTuple):
    """A part: its template, its place on the page, and its name in the navigation.

    A `framed` one is given its section and its heading; others bring their own.
    """

    template: str
    anchor: str
    title: str
    framed: bool = False


_PARTS = {
    part.template: part
    for part in (
        Part("look-first.html.j2", "look-first", "What to look at first", framed=True),
        Part("changes.html.j2", "changes", "What changed", framed=True),
        Part("actions.html.j2", "actions", "What became of actions", framed=True),
        Part("trend-part.html.j2", "trend", "Trend", framed=True),
        Part("charts.html.j2", "charts", "Charts"),
        Part("recommendations.html.j2", "by-recommendation", "By recommendation"),
    )
}

# What a bundle must hold for a part to say anything.
_NEEDS = {"actions.html.j2": "actions", "trend-part.html.j2": "trend"}


def has(bundle: Bundle) -> Has:
    """What the report of a run has, by its plan and by what the run kept."""
    findings = has_section(bundle, "findings")
    counts = has_section(bundle, "rules")
    rules = counts or (findings and bool(bundle["findings"]))
    return Has(rules, counts, findings, has_section(bundle, "records"))


def page_parts(bundle: Bundle, *, finding_count: int, records: bool) -> Iterator[Part]:
    """The parts of the page in order; `records` says whether there are any to show."""
    for template in parts(bundle, "html"):
        if template == "findings.html.j2" and has(bundle).rules:
            yield Part(template, "findings", "Findings" if finding_count else "Rules")
        elif template == "records.html.j2" and records:
            yield Part(template, "records", records_title(bundle))
        elif template in _PARTS and (template not in _NEEDS or bundle.get(_NEEDS[template])):
            yield _PARTS[template]
