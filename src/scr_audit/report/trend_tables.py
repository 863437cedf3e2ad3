"""A trend as tables: a row for each point, for programs; a row for each rule, for papers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scr_audit.report.tables import Cell, Column, Row, Table
from scr_audit.report.trend import Trend, share_text, trend_view
from scr_audit.report.wording import OUTCOMES

MOST_POINTS = 8
"""How many points, the last ones, a row of a paper names."""
_POINTS = (
    Column("rule", "Rule"), Column("at", "Time"), Column("met", "Met", "count"),
    Column("not_met", "Not met", "count"), Column("not_evidenced", "Not evidenced", "count"),
    Column("share", "Met, of what is evidenced", "share"),
    Column("interval_low", "95% interval from", "share"),
    Column("interval_high", "95% interval to", "share"), Column("gate", "Judged as"),
    Column("centre", "Centre", "share"), Column("limit_low", "Limit from", "share"),
    Column("limit_high", "Limit to", "share"), Column("signals", "Signals"),
    Column("stretch", "Stretch", "count"),
)  # fmt: skip
_RULES = (
    Column("rule", "Rule"), Column("title", "Title"), Column("points", "Points, last one last"),
    Column("last", "Last"), Column("shows", "What it shows"),
)  # fmt: skip


def points_table(found: Trend) -> Table:
    """Every point of every rule."""
    rows = [
        _point(row["id"], number, stretch, point)
        for row in found["rules"]
        for number, stretch in enumerate(row["stretches"], 1)
        for point in stretch["points"]
    ]
    return Table("trend", "Trend", _POINTS, rows)


def _point(rule: str, number: int, stretch: Mapping[str, Any], point: Mapping[str, Any]) -> Row:
    counts: list[Cell] = [point[name] for name in OUTCOMES[:3]]
    return (
        rule, point["at"], *counts,
        point["share"], *(point["interval"] or (None, None)),
        stretch["gate"], stretch["centre"], *(point["limits"] or (None, None)),
        " ".join(point["signals"]), number,
    )  # fmt: skip


def trend_table(found: Trend) -> Table:
    """Every rule: its last points, where it stands, and what the series shows."""
    shares = {
        row["id"]: [share_text(p) for stretch in row["stretches"] for p in stretch["points"]]
        for row in found["rules"]
    }
    rows: list[Row] = [
        (rule.id, rule.title, _course(shares[rule.id]), rule.last, rule.shows)
        for rule in trend_view(found).rules
    ]
    return Table("trend_rules", "Trend", _RULES, rows)


def _course(shares: list[str]) -> str:
    cut = "… " if len(shares) > MOST_POINTS else ""
    return cut + ", ".join(shares[-MOST_POINTS:])
