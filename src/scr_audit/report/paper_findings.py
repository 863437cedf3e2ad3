"""The findings that a paper lists: those not met or not evidenced, as many as a paper bears."""

import heapq
from collections.abc import Mapping
from typing import Any

from scr_audit.report.limits import missing_questions
from scr_audit.report.standings import Bundle, unit_text
from scr_audit.report.tables import edition
from scr_audit.report.wording import LABELS, SIGNS, counted

MOST_FINDINGS = 250
_RANKS = {"error": 0, "not_met": 1, "not_evidenced": 2}
_SEVERITIES = ("high", "medium", "low")
# Backgrounds on which dark text reads well; the sign and the word stand there too.
_WASHES = {
    "met": "D9F0EE",
    "not_met": "F4DFEA",
    "not_evidenced": "FDE3D3",
    "not_applicable": "ECEFF1",
    "excepted": "DDE7F1",
    "error": "D5DBE0",
}


def mark(outcome: str) -> dict[str, str]:
    """An outcome as name, word, sign and background colour."""
    return {
        "outcome": outcome,
        "label": LABELS[outcome],
        "sign": SIGNS[outcome],
        "wash": _WASHES[outcome],
    }


def findings_values(bundle: Bundle) -> dict[str, Any]:
    """The findings to look at, the most severe first, and a sentence about the rest.

    The board edition has none and says nothing about them.
    """
    if edition(bundle) == "board":
        return {"findings": [], "findings_note": ""}
    rules = {rule["id"]: rule for rule in bundle["rules"]}
    places = {name: place for place, name in enumerate(rules)}
    loud = [finding for finding in bundle["findings"] if finding["outcome"] in _RANKS]
    # Not sorted as a whole: of a hundred thousand findings only the first few are wanted.
    first = heapq.nsmallest(
        MOST_FINDINGS,
        enumerate(loud),
        key=lambda item: (
            _SEVERITIES.index(rules[item[1]["rule"]]["severity"]),
            _RANKS[item[1]["outcome"]],
            places[item[1]["rule"]],
            item[0],
        ),
    )
    return {
        "findings": [_finding(finding, rules[finding["rule"]]) for _, finding in first],
        "findings_note": _note(len(first), len(loud), bundle),
    }


def _note(shown: int, number: int, bundle: Bundle) -> str:
    if not bundle["findings"]:
        return "This run kept totals only, so no single findings can be listed."
    order = "The most severe first; within a severity, not met before not evidenced."
    if shown == number:
        return f"{counted(number, 'finding')} not met, not evidenced or in error. {order}"
    return (
        f"The first {shown:,} of {counted(number, 'finding')} not met, not evidenced or in error; "
        f"{number - shown:,} more are not listed here. The HTML and CSV reports of the same run "
        f"list all of them. {order}"
    )


def _finding(finding: Mapping[str, Any], rule: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **mark(finding["outcome"]),
        "severity": rule["severity"],
        "recommendation": rule["recommendation"],
        "rule": rule["title"],
        "record": finding["record"],
        "place": unit_text(finding, rule),
        "pointer": finding["unit"],
        "reason": finding["reason"],
        "remedy": finding["remedy"]["text"] if finding["remedy"] else "",
        "missing": "; ".join(missing_questions(finding)),
    }
