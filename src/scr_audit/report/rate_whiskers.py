"""Shares met with their intervals and bounds, as dots and whiskers against the standard."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from scr_audit.report.drawing import WORST_SHOWN, clipped, place
from scr_audit.report.limits import standard_text
from scr_audit.report.standings import Bundle, standings, worst_rules
from scr_audit.report.wording import (
    bounds_text,
    count_text,
    interval_text,
    percent,
)

_MOST_RULES = 40  # more rows than that are read by recommendation


class Whisker(NamedTuple):
    """Where to draw a rate; places in per cent of the width. Empty text: not to be drawn."""

    dot: str
    first: str
    span: str
    low: str
    open: str


class RateRow(NamedTuple):
    """One rule or recommendation; `whisker` is None where there is no rate to draw."""

    id: str
    title: str
    rate: str
    interval: str
    bounds: str
    judged: str
    standard: str
    verdict: str
    whisker: Whisker | None


class RateChart(NamedTuple):
    """The chart: what its rows are, the worst of them, the folded rest, and its standards.

    `line` is the place of the standard that all rows share, or empty.
    """

    subject: str
    shown: list[RateRow]
    folded: list[RateRow]
    line: str
    standards: str
    gist: str


def rate_chart(bundle: Bundle) -> RateChart:
    """By rule where few rules were chosen, otherwise by recommendation; worst first."""
    by_rule = _is_by_rule(bundle)
    rows = _rule_rows(bundle) if by_rule else _recommendation_rows(bundle)
    shares = {
        rule["standard"] and rule["standard"]["share"] for rule in bundle["rules"]
    } if by_rule else set()  # fmt: skip
    line = place(shares.pop() or 0) if len(shares) == 1 and None not in shares else ""
    subject = "rule" if by_rule else "recommendation"
    return RateChart(
        subject,
        rows[:WORST_SHOWN],
        rows[WORST_SHOWN:],
        line,
        _standards(bundle, subject),
        _gist(rows, subject),
    )


def _is_by_rule(bundle: Bundle) -> bool:
    chosen = bundle["plan"] is not None or any(rule["standard"] for rule in bundle["rules"])
    return chosen and len(bundle["rules"]) <= _MOST_RULES


def _rule_rows(bundle: Bundle) -> list[RateRow]:
    return [_row(rule, rule["standard"], standard_text(rule))
            for rule in worst_rules(bundle["rules"])]  # fmt: skip


def _recommendation_rows(bundle: Bundle) -> list[RateRow]:
    return [_row(row._asdict(), None, "") for row in standings(bundle)]


def _row(item: Mapping[str, Any], standard: Mapping[str, Any] | None, verdict: str) -> RateRow:
    rates = item["rates"]
    return RateRow(
        id=item["id"],
        title=item["title"],
        rate=percent(rates["evidenced"]),
        interval=interval_text(rates),
        bounds=bounds_text(rates),
        judged=count_text(rates["judged"]),
        standard=place(standard["share"]) if standard else "",
        verdict=verdict,
        whisker=None if rates["evidenced"] is None else _whisker(rates),
    )


def _whisker(rates: Mapping[str, Any]) -> Whisker:
    first, last = rates["interval"] or (None, None)
    low, high = rates["low"], rates["high"]
    return Whisker(
        dot=place(rates["evidenced"]),
        first="" if first is None else place(first),
        span="" if first is None else place(last - first),
        low="" if low is None else place(low),
        open="" if low is None or high == low else place(high - low),
    )


def _standards(bundle: Bundle, subject: str) -> str:
    shares = sorted({rule["standard"]["share"] for rule in bundle["rules"] if rule["standard"]})
    if not shares:
        return "No standard was set, so none is drawn."
    if subject == "recommendation":
        return (
            "The plan sets standards by rule, so none is drawn for a recommendation; the rules "
            "say how they stand."
        )
    unset = sum(1 for rule in bundle["rules"] if not rule["standard"])
    if len(shares) == 1 and not unset:
        return f"The dashed line is the standard, {percent(shares[0])}."
    none = f" {unset} of {len(bundle['rules'])} rules have none." if unset else ""
    return f"The dashed mark in a row is its standard.{none}"


def _gist(rows: list[RateRow], subject: str) -> str:
    rated = [row for row in rows if row.whisker]
    if not rated:
        return f"No {subject} has a rate."
    ordered = sorted(rated, key=_dot)
    first, last = ordered[0], ordered[-1]
    silent = len(rows) - len(rated)
    without = f" {silent} of {len(rows)} have no rate." if silent else ""
    return (
        f"Shares met, of what is evidenced, of {len(rated)} {subject}s, from {first.rate} "
        f"({_named(first)}) to {last.rate} ({_named(last)}), with 95% intervals.{without}"
    )


def _dot(row: RateRow) -> float:
    return float(row.whisker.dot) if row.whisker else 0.0


def _named(row: RateRow) -> str:
    return f"{row.id} {clipped(row.title, 60)}"
