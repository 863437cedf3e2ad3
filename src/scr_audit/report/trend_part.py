"""The trend as a part of the reports of a run: what each format shows of it, or nothing."""

from __future__ import annotations

from typing import Any

from scr_audit.report.tables import Bundle, Table
from scr_audit.report.trend import BOX, trend_view
from scr_audit.report.trend_tables import points_table, trend_table

MOST_OPEN = 12
"""How many charts of a page stand open; those with signals come first."""
MOST_ROWS = 20
"""How many rules a paper names; those with signals come first."""


def trend_page(bundle: Bundle) -> dict[str, Any] | None:
    """For the HTML report: the charts that stand open, and those that are folded."""
    found = bundle.get("trend")
    if not found:
        return None
    view = trend_view(bundle["trend"])
    return {
        "it": view,
        "box": BOX,
        "open": view.rules[:MOST_OPEN],
        "folded": view.rules[MOST_OPEN:],
    }


def trend_sentences(bundle: Bundle) -> list[str]:
    """For the papers and Markdown: what is said of the whole series, and how to read it."""
    if not bundle.get("trend"):
        return []
    view = trend_view(bundle["trend"])
    more = len(view.rules) - MOST_ROWS
    cut = (
        f"Named are {MOST_ROWS} rules, those with a signal first; the HTML report and the workbook "
        f"have {more:,} more."
    )
    return [*view.sentences, *([cut] if more > 0 else []), *view.notes]


def trend_rows(bundle: Bundle) -> Table | None:
    """For the papers and Markdown: a row for each rule, at most `MOST_ROWS`."""
    found = bundle.get("trend")
    if not found:
        return None
    table = trend_table(found)
    return table._replace(rows=table.rows[:MOST_ROWS])


def trend_values(bundle: Bundle) -> dict[str, Any]:
    """For the papers: texts alone, by the names that `docs/report-templates.md` lists."""
    table = trend_rows(bundle)
    names = [] if table is None else [column.name for column in table.columns]
    rows = [] if table is None else table.rows
    return {
        "trend_sentences": trend_sentences(bundle),
        "trend": [dict(zip(names, row, strict=True)) for row in rows],
    }


def trend_sheet(bundle: Bundle) -> Table | None:
    """For the workbook: a row for each point of each rule."""
    found = bundle.get("trend")
    return points_table(found) if found else None
