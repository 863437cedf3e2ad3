"""The page about report templates names every value of a paper, and none that there is not."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "docs"), str(ROOT / "tests" / "report")]

from generator.paper_values import MEANINGS  # noqa: E402  # found through the line above
from report_editions import board_document  # noqa: E402  # likewise
from report_sample import sample_bundle  # noqa: E402  # likewise

from scr_audit.report.paper import paper_values  # noqa: E402  # likewise
from scr_audit.series.comparison import compare_with_earlier as compared_with  # noqa: E402  # likewise
from scr_audit.series.time_points import SeriesRun  # noqa: E402  # likewise
from scr_audit.series.trends import trend  # noqa: E402  # likewise

# Named once in words, with the others of their kind.
_TOLD = ("counts", "bar", "agencies[].", "themes[].", "outcomes[].")


def names(value: Any, name: str = "") -> Iterator[str]:
    """The name of every text in the values."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from names(item, f"{name}.{key}" if name else key)
    elif isinstance(value, list):
        for item in value:
            yield from names(item, f"{name}[]")
    else:
        yield name


def found() -> set[str]:
    compared = sample_bundle()
    earlier = sample_bundle()
    for rule in earlier["rules"]:
        rule["totals"] |= {"records": 90, "records_met": 90, "records_not_met": 0}
    compared["compared"] = compared_with(compared, earlier)
    compared["actions"] = [
        {"action": "A1", "recommendation": "5.1", "agency": None, "task": "invite", "due": None,
         "status": "open", "overdue": None, "verdict": "worked", "reason": "so",
         "shown_by": {"rule": "r", "target": 0.9, "period": "2026Q4"}}
    ]  # fmt: skip
    compared["office"] = {"name": "Anyshire", "commentary": "So it is."}
    compared["falls_due"] = [{"month": "2026-10", "rule": compared["rules"][0]["id"], "units": 1}]
    compared["trend"] = trend([SeriesRun("one", sample_bundle(), None)])
    return {name for bundle in (compared, board_document()) for name in names(paper_values(bundle))}


def test_every_value_is_documented() -> None:
    told = found() - set(MEANINGS)
    assert {name for name in told if not any(word in name for word in _TOLD)} == set()


def test_every_documented_value_exists() -> None:
    there = found()
    parents = {name[: name.rindex(".")] for name in there if "." in name}
    assert set(MEANINGS) - there - parents == set()
