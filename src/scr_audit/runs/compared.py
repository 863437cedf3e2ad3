"""What changed since an earlier run: shares met then and now, and whether it can be chance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scr_audit.runs.statistics import difference

Bundle = Mapping[str, Any]


def compared(now: Bundle, then: Bundle) -> dict[str, Any]:
    """The comparison of two runs, for the bundle's `compared`.

    Rows are only of recommendations and rules that both runs have. Differences are of the
    assured rates, with Newcombe's 95 % interval; None where a side has no rate.
    """
    return {
        "as_of": then["as_of"],
        "pack": {key: then["pack"][key] for key in ("id", "version", "sha256")},
        "rules_changed": then["pack"]["sha256"] != now["pack"]["sha256"],
        "total": _row("", then["totals"]["units"], now["totals"]["units"]),
        "recommendations": _rows(now["recommendations"], then["recommendations"]),
        "rules": _rows(now["rules"], then["rules"]),
    }


def _rows(now: list[Mapping[str, Any]], then: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    earlier = {item["id"]: item["totals"] for item in then}
    return [
        _row(item["id"], earlier[item["id"]], item["totals"])
        for item in now
        if item["id"] in earlier
    ]


def _row(name: str, then: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    before, after = _judged(then), _judged(now)
    row: dict[str, Any] = {
        "id": name,
        "then": {"met": then["met"], "judged": before},
        "now": {"met": now["met"], "judged": after},
        "difference": None,
        "interval": None,
    }
    if not (before and after):
        return {**row, "verdict": "no_rate"}
    found = difference((then["met"], before), (now["met"], after))
    return {
        **row,
        "difference": found.change,
        "interval": list(found.interval),
        "verdict": found.verdict,
    }


def _judged(totals: Mapping[str, int]) -> int:
    return sum(totals[name] for name in ("met", "not_met", "not_evidenced"))
