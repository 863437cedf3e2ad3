"""The board edition of a run: its true counts, and nothing of any single record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, Literal

from scr_audit.evaluate.outcomes import OUTCOMES
from scr_audit.report.standings import missing_facts
from scr_audit.stats.shares import rates

FORMAT: Literal["scr-audit/board"] = "scr-audit/board"
FORMAT_VERSION: Literal[2] = 2
CONFIDENTIAL = (
    "Confidential to the partnership. Counts are true, and a count of one about a known family is "
    "personal data."
)
MOST_QUESTIONS = 10
_KEPT = (
    "engine", "pack", "plan", "as_of", "parameters", "compared", "trend", "actions", "totals",
    "falls_due", "recommendations", "rules",
)  # fmt: skip
# Seeds, hashes, and what was written about single records.
_DROPPED = frozenset({"sha256", "frame_sha256", "seed", "meaning", "replaced"})
Bundle = Mapping[str, Any]


def board_document(bundle: Bundle) -> dict[str, Any]:
    """The board document of an auditor's run bundle."""
    kept = {name: _without(bundle[name], _DROPPED) for name in _KEPT if name in bundle}
    for number, run in enumerate((kept.get("trend") or {"runs": []})["runs"], 1):
        run["run"] = f"run {number}"  # its name was the beginning of a hash
    recommendations = bundle["recommendations"]
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "confidential": CONFIDENTIAL,
        **kept,
        "input": {"files": [], "records": dict(bundle["input"]["records"])},
        "left_out": [],
        "agencies": _sums(recommendations, ("agency",)),
        "themes": _sums(recommendations, ("theme",)),
        "groups": _sums(recommendations, ("agency", "theme")),
        "missing": [fact._asdict() for fact in missing_facts(bundle["findings"], MOST_QUESTIONS)],
        "records": [],
        "findings": [],
    }


def _without(value: Any, names: frozenset[str]) -> Any:
    """The value without the keys of these names, however deep."""
    if isinstance(value, Mapping):
        return {name: _without(each, names) for name, each in value.items() if name not in names}
    return [_without(each, names) for each in value] if isinstance(value, list) else value


def _sums(recommendations: Iterable[Bundle], by: tuple[str, ...]) -> list[dict[str, Any]]:
    """The sums over recommendations that are alike in `by`, in the order in which they come."""
    found: dict[tuple[str, ...], list[Bundle]] = {}
    for item in recommendations:
        found.setdefault(tuple(item[name] or "" for name in by), []).append(item["totals"])
    names = ("name",) if len(by) == 1 else by
    rows = []
    for place, counts in found.items():
        totals = {name: sum(count[name] for count in counts) for name in OUTCOMES}
        shares = asdict(rates(totals["met"], totals["not_met"], totals["not_evidenced"]))
        rows.append({**dict(zip(names, place, strict=True)), "totals": totals, "rates": shares})
    return rows
