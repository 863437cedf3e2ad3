"""Renders a run bundle as one offline HTML file, or as one with a folder of pages beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from scr_audit.documents.editions import Bundle, PublicDocument, is_board
from scr_audit.documents.parts import ParameterInfo
from scr_audit.evaluate.outcomes import OUTCOMES
from scr_audit.plans.report_sections import has_content
from scr_audit.report import headline, standings
from scr_audit.report.charts import charts_view
from scr_audit.report.findings import (
    MARKS,
    Anchors,
    FindingView,
    counts_view,
    finding_views,
    group_by,
    index_json,
    page_findings,
    words_json,
)
from scr_audit.report.first_page import first_page
from scr_audit.report.formats import Look, Templates, page_assets, pages_folder
from scr_audit.report.human_decisions import (
    decided_table,
    exceptions_sentence,
    exceptions_table,
    moderated_rules_table,
    moderation_sentence,
)
from scr_audit.report.public_page import COLUMNS_TO_READ, public_page, with_columns
from scr_audit.report.rule_views import (
    FINDINGS_IN_ONE_FILE,
    FindingsPage,
    RecordsPage,
    RuleFindings,
    RuleView,
    findings_pages,
    record_pages,
    record_views,
    row_view,
    rule_view,
)
from scr_audit.report.sections import (
    has_section,
    leaves_out,
    sections_of,
    wanted_parts,
    wanted_sections,
)
from scr_audit.report.series_formats import trend_page
from scr_audit.report.summary import summary_view
from scr_audit.report.tables import confidential_words, edition
from scr_audit.report.wording import (
    MEANINGS,
    bounds_text,
    day_text,
    interval_text,
    rate_text,
    said_text,
    value_text,
)

MOST_PAGE_BYTES = 25_000_000
"""A single file that would be larger is split, however few its findings are."""
_REPORT = "report.html.j2"
_FOLDS, _FILTER = "folds.js", "filter.js"


def render(bundle: Bundle, look: Look, path: Path) -> dict[str, bytes]:
    """The report named as `path` is; past a size, its findings are in a folder beside it."""
    there = contents_of(bundle)
    divides = there.findings or there.records  # else nothing would lie in the folder
    if not divides or len(bundle["findings"]) <= FINDINGS_IN_ONE_FILE:
        whole = render_html(bundle, look.templates).encode()
        if not divides or len(whole) <= MOST_PAGE_BYTES:
            return {path.name: whole}
    return dict(_split_report(bundle, look.templates, path))


def render_html(bundle: Bundle, templates: Templates) -> str:
    """The whole report as one HTML page that needs no network; the same bundle, the same text.

    Raises `ReportError` if a template is missing, wrong, or reaches for what is not there.
    """
    view, _ = build_view(bundle)
    return templates.render(
        "html", _REPORT, {"view": view, **page_assets(templates, _FOLDS, _FILTER)}
    )


def render_public(document: PublicDocument, look: Look, path: Path) -> dict[str, bytes]:
    """The public edition as one offline page. Raises `ReportError`."""
    page = public_page(document)
    values = {
        "view": {**document, "as_of": day_text(document["as_of"])},
        "page": page,
        "rules": with_columns(page.rules, COLUMNS_TO_READ),
        **page_assets(look.templates),
    }
    return {path.name: look.templates.render("html", "public.html.j2", values).encode()}


def _split_report(bundle: Bundle, templates: Templates, path: Path) -> Iterator[tuple[str, bytes]]:
    folder = pages_folder(path).name
    view, beside = build_view(bundle, folder)
    assets = page_assets(templates, _FOLDS, _FILTER)
    yield path.name, templates.render("html", _REPORT, {"view": view, **assets}).encode()
    shared = {"view": view, "report": f"../{quote(path.name)}", **page_assets(templates, _FOLDS)}
    for name, text in _pages(templates, shared, beside):
        yield f"{folder}/{name}", text.encode()


def _pages(
    templates: Templates, shared: Mapping[str, Any], beside: FolderPages
) -> Iterator[tuple[str, str]]:
    fill = templates.template("html", "findings-page.html.j2")
    rules = {rule.anchor: rule for rule in shared["view"]["rules"].values()}
    for page in beside.findings:
        rule = rules[page.rule_anchor]
        yield (
            page.name,
            fill({**shared, "page": page, "rule": rule, "shown": page_findings(page.findings)}),
        )
    fill = templates.template("html", "records-page.html.j2")
    for number, found in enumerate(beside.records):
        near = (beside.records[number - 1 : number], beside.records[number + 1 : number + 2])
        yield found.name, fill({**shared, "page": found, "before": near[0], "after": near[1]})


class FolderPages(NamedTuple):
    """What lies in the folder beside a report: pages of findings by rule, and of records."""

    findings: list[FindingsPage]
    records: list[RecordsPage]


def build_view(bundle: Bundle, folder: str = "") -> tuple[dict[str, Any], FolderPages]:
    """What the templates print, in the order they print it, and what goes into `folder`.

    Without a folder everything is on one page, and nothing is beside it.
    """
    # As an address: a name of a file may hold what an address gives a meaning to.
    link = f"{quote(folder)}/" if folder else ""
    anchors = Anchors()
    rule_anchors = {rule["id"]: anchors.new("rule", rule["id"]) for rule in bundle["rules"]}
    record_anchors = {
        (record["kind"], record["id"]): anchors.new("record", record["id"])
        for record in bundle["records"]
    }
    there = contents_of(bundle)
    findings = finding_views(bundle, rule_anchors, record_anchors)
    shown = findings if there.findings else []
    indexed: Bundle = bundle if there.findings or is_board(bundle) else {**bundle, "findings": []}
    pages = findings_pages(shown, list(rule_anchors.values())) if folder else []
    page_of = {finding.anchor: page.name for page in pages for finding in page.findings}
    rules = _rules(bundle, shown, rule_anchors, pages)
    rows = [row_view(standing, rules, anchors) for standing in standings.standings(bundle)]
    linked = findings if there.findings else [each._replace(anchor="") for each in findings]
    records = record_views(bundle, linked, record_anchors, page_of) if there.records else []
    beside = FolderPages(pages, record_pages(records) if folder else [])
    return {
        **_front(bundle),
        "sections": wanted_sections(bundle),
        "leaves_out": leaves_out(bundle, "html"),
        "has": there,
        "parts": list(
            page_parts(bundle, finding_count=len(shown), records=bool(records or beside.records))
        ),
        "first": first_page(bundle),
        "anchors": rule_anchors if there.rules else {},
        "summary": summary_view(bundle),
        "charts": charts_view(bundle),
        "trend": trend_page(bundle),
        "rows": rows,
        "judged_rows": [row for row in rows if row.rules],
        "rules": rules,
        "records": [] if folder else records,
        "records_title": standings.records_title(bundle),
        "errors": _errors(findings, there, folder),
        "finding_count": len(shown),
        "folder": link,
        "beside": beside,
        "index": index_json(
            indexed, shown, record_anchors=record_anchors, pages=page_of, folder=link
        ),
        "words": words_json(shown) if folder else "",
    }, beside  # fmt: skip


def _errors(findings: Sequence[FindingView], there: Contents, folder: str) -> list[FindingView]:
    errors = [finding for finding in findings if finding.outcome == "error"]
    if there.findings and not folder:
        return errors
    # Where the findings are on other pages or nowhere, their rule is what this page has of them.
    return [error._replace(anchor=error.rule_anchor if there.rules else "") for error in errors]


def _rules(
    bundle: Bundle,
    findings: Sequence[FindingView],
    anchors: Mapping[str, str],
    pages: Sequence[FindingsPage],
) -> dict[str, RuleView]:
    plain = dict(group_by(bundle["findings"], lambda finding: finding["rule"]))
    views = dict(group_by(findings, lambda finding: finding.rule_anchor))
    of_rule = dict(group_by(pages, lambda page: page.rule_anchor))
    return {
        rule["id"]: rule_view(
            rule,
            anchor,
            RuleFindings(plain.get(rule["id"], []), views.get(anchor, []), of_rule.get(anchor, [])),
        )
        for rule in bundle["rules"]
        for anchor in [anchors[rule["id"]]]
    }


def _front(bundle: Bundle) -> dict[str, Any]:
    rates = bundle["totals"]["rates"]
    return {
        "edition": edition(bundle),
        "confidential": confidential_words(bundle),
        "pack": bundle["pack"],
        "pack_source": [
            (name.replace("_", " "), value_text(value))
            for name, value in (bundle["pack"].get("source") or {}).items()
        ],
        "plan": bundle["plan"],
        "engine": bundle["engine"],
        "format_version": bundle["format_version"],
        "as_of": day_text(bundle["as_of"]),
        "overall_rate": rate_text(rates),
        "overall_interval": interval_text(rates),
        "overall_bounds": bounds_text(rates),
        "totals": counts_view(bundle["totals"]["units"]),
        "anonymity_sentence": headline.anonymity_sentence(bundle),
        "left_out_sentence": headline.left_out_sentence(bundle),
        "left_out": bundle["left_out"],
        "remarks_sentence": headline.remarks_sentence(bundle),
        "exceptions_sentence": exceptions_sentence(bundle),
        "moderation_sentence": moderation_sentence(bundle),
        "exceptions": exceptions_table(bundle),
        "moderation": [decided_table(bundle), moderated_rules_table(bundle)],
        "errors_sentence": headline.errors_sentence(bundle),
        "files": bundle["input"]["files"],
        "parameters": [_parameter(parameter) for parameter in bundle["parameters"]],
        "outcomes": [(*MARKS[name], MEANINGS[name]) for name in OUTCOMES],
        "most_in_one_file": f"{FINDINGS_IN_ONE_FILE:,}",
    }


def _parameter(parameter: ParameterInfo) -> dict[str, Any]:
    return {
        "name": parameter["name"],
        "title": parameter["title"],
        "unit": parameter["unit"] or "",
        "source": parameter["source"] or "",
        "overridden": parameter["overridden"],
        "values": [
            (said_text(entry["value"]), day_text(entry["from"]) if entry["from"] else "")
            for entry in parameter["values"]
        ],
    }


class Contents(NamedTuple):
    """What stands in a report, and so can be linked to.

    `rules` are their headings, `counts` what stands below the heading of a rule.
    """

    rules: bool
    counts: bool
    findings: bool
    records: bool


class PagePart(NamedTuple):
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
        PagePart("changes.html.j2", "changes", "What changed", framed=True),
        PagePart("actions.html.j2", "actions", "What became of actions", framed=True),
        PagePart("trend-part.html.j2", "trend", "Trend", framed=True),
        PagePart("charts.html.j2", "charts", "Charts"),
        PagePart("recommendations.html.j2", "by-recommendation", "By recommendation"),
    )
}


def contents_of(bundle: Bundle) -> Contents:
    """What the report of a run has, by its plan and by what the run kept."""
    findings = has_section(bundle, "findings")
    counts = has_section(bundle, "rules")
    rules = counts or (findings and bool(bundle["findings"]))
    return Contents(rules, counts, findings, has_section(bundle, "records"))


def page_parts(bundle: Bundle, *, finding_count: int, records: bool) -> Iterator[PagePart]:
    """The parts of the page in order; `records` says whether there are any to show."""
    for template in wanted_parts(bundle, "html"):
        if template == "findings.html.j2" and contents_of(bundle).rules:
            yield PagePart(template, "findings", "Findings" if finding_count else "Rules")
        elif template == "records.html.j2" and records:
            yield PagePart(template, "records", standings.records_title(bundle))
        elif template == "changes.html.j2" and not (bundle["compared"] or sections_of(bundle)):
            continue  # the first page says that there is no earlier run
        elif template in _PARTS and has_content(template, "html", bundle):
            yield _PARTS[template]
