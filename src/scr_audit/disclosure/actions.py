"""What a board document says of actions: only what follows from its printed counts.

An action closes only after a run said that it worked, so that *closed* says something of counts,
and *open and past its date* too. Status and verdict are therefore told only where the verdict
follows from what is printed, here and in each of the earlier documents.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from scr_audit.actions.judgement import changed, target_words
from scr_audit.disclosure.open_verdicts import only_verdict
from scr_audit.disclosure.profile import Profile

Document = Mapping[str, Any]
_KEPT = ("action", "recommendation", "agency", "task", "due", "shown_by")
_MASKED = "[c]"


def printed_actions(
    rows: Iterable[Mapping[str, Any]], document: Document, earlier: Sequence[Document]
) -> list[dict[str, Any]]:
    """The actions of a run, or of a board document, as that document may tell them.

    It reads nothing of the rows that follows from counts but `status` and `overdue`, which it
    keeps or leaves out. So a safe document gives its own actions back.
    """
    return [_printed(row, document, earlier) for row in rows]


def _printed(
    row: Mapping[str, Any], document: Document, earlier: Sequence[Document]
) -> dict[str, Any]:
    asked = row["shown_by"]
    verdict, reason = _verdict(asked, document)
    told = all(_follows(asked, each) for each in (document, *earlier))
    return {
        **{name: row.get(name) for name in _KEPT},
        "verdict": verdict,
        "reason": reason,
        "status": row["status"] if told else None,
        "overdue": row.get("overdue") if told else None,
    }


def _rule(asked: Mapping[str, Any], document: Document) -> Mapping[str, Any] | None:
    return next((rule for rule in document["rules"] if rule["id"] == asked["rule"]), None)


def _by_counts(asked: Mapping[str, Any], document: Document) -> str | None:
    rule = _rule(asked, document)
    if rule is None:
        return None
    profile = Profile.model_validate(document["disclosure"]["profile"])
    return only_verdict(rule, asked["target"], profile)


def _follows(asked: Mapping[str, Any], document: Document) -> bool:
    """Whether a document has nothing to say of it, or its counts say it to every reader."""
    return _rule(asked, document) is None or _by_counts(asked, document) is not None


def _verdict(asked: Mapping[str, Any], document: Document) -> tuple[str | None, str]:
    rule = _rule(asked, document)
    if rule is None:
        return None, f"the document does not have the rule {asked['rule']}"
    if changed(asked.get("meaning"), rule.get("meaning")):
        return (
            "cannot_tell",
            f"the rule {asked['rule']} asks something else than when the action was set",
        )
    verdict = _by_counts(asked, document)
    said = _figures(rule, asked["target"])
    if verdict is None:
        return None, f"{said}; the true counts may lie on either side"
    return verdict, said


def _figures(rule: Mapping[str, Any], target: float) -> str:
    """The printed counts that the verdict follows from."""
    totals = rule["totals"]
    met, not_met, silent = (
        _MASKED if totals[name] is None else f"{totals[name]:,}"
        for name in ("met", "not_met", "not_evidenced")
    )
    return (
        f"{rule['unit_plural']} as published: {met} met, {not_met} not met, "
        f"{silent} not evidenced; {target_words(target)} asked for"
    )
