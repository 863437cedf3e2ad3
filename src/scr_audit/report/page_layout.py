"""Which page holds which finding: one page for all, or a folder of pages beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from scr_audit.report.findings import FindingView, grouped, worst_first

FINDINGS_IN_ONE_FILE = 8_000
"""A report with more findings is split: measured, so that it still opens in two seconds."""
FINDINGS_ON_A_PAGE = 1_000


class FindingsPage(NamedTuple):
    """A page of findings of one rule: the `number`th of `of` pages."""

    name: str
    rule_anchor: str
    number: int
    of: int
    findings: list[FindingView]


def findings_pages(
    findings: Iterable[FindingView], rule_anchors: Sequence[str]
) -> list[FindingsPage]:
    """Pages by rule, what there is to look at first.

    Their names are of digits and plain letters, so that they are safe everywhere.
    """
    of_rule = dict(grouped(findings, lambda finding: finding.rule_anchor))
    pages = []
    for place, anchor in enumerate(rule_anchors, 1):
        parts = list(_batched(worst_first(of_rule.get(anchor, []))))
        pages += [
            FindingsPage(_name(place, number), anchor, number, len(parts), part)
            for number, part in enumerate(parts, 1)
        ]
    return pages


def _name(rule: int, page: int) -> str:
    return f"rule-{rule:03}.html" if page == 1 else f"rule-{rule:03}-{page}.html"


def _batched(findings: Sequence[FindingView]) -> Iterable[list[FindingView]]:
    for start in range(0, len(findings), FINDINGS_ON_A_PAGE):
        yield list(findings[start : start + FINDINGS_ON_A_PAGE])


def record_batches(sizes: Sequence[int]) -> list[range]:
    """Which records share a page, by how many findings each has; a record is never divided."""
    batches, start, held = [], 0, 0
    for place, size in enumerate(sizes):
        if place > start and held + size > FINDINGS_ON_A_PAGE:
            batches.append(range(start, place))
            start, held = place, 0
        held += size
    return [*batches, range(start, len(sizes))] if sizes else []


def records_page_name(number: int) -> str:
    """The name of the `number`th page of records, from 1."""
    return f"records-{number:03}.html"


# In no key, so that the parts of a finding's address can be told apart again.
