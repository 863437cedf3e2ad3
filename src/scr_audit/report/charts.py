"""The charts of a report as plain numbers and words, for templates to draw.

Source of the forms: the Analysis Function's guidance on charts and on colour.
"""

from typing import Any

from scr_audit.report.heat_map import heat_map
from scr_audit.report.outcome_bars import outcome_bars
from scr_audit.report.rate_whiskers import rate_chart
from scr_audit.report.standings import Bundle


def charts_view(bundle: Bundle) -> dict[str, Any]:
    """`outcomes`, `rates` and `agencies` (None where neither agency nor theme is told)."""
    return {
        "outcomes": outcome_bars(bundle),
        "rates": rate_chart(bundle),
        "agencies": heat_map(bundle),
    }
