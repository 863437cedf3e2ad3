"""The actions that named a run to show that they worked, and what it says of each."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from scr_audit.actions.judgement import target_words
from scr_audit.report.tables import Column, Table
from scr_audit.report.wording import day_text

VERDICTS = {
    "worked": "worked",
    "not_yet": "not yet",
    "cannot_tell": "cannot tell",
}
UNTOLD = "(the task is not stated)"


class ActionLine(NamedTuple):
    """An action as texts: what was set, how far it is, the verdict of the run, and why.

    `serves` is the recommendation and the agency; `shown_by` the rule, target and quarter.
    """

    id: str
    task: str
    serves: str
    due: str
    status: str
    shown_by: str
    verdict: str
    reason: str


def action_lines(bundle: Mapping[str, Any]) -> list[ActionLine]:
    """The actions of a run, or of a board document; none where it was held against no plan."""
    return [
        ActionLine(
            action["action"],
            action["task"] or UNTOLD,
            _serves(action),
            day_text(action["due"]) if action.get("due") else "",
            _status(action),
            _shown_by(action["shown_by"]),
            VERDICTS[action["verdict"]],
            action["reason"],
        )
        for action in bundle.get("actions") or ()
    ]


def _serves(action: Mapping[str, Any]) -> str:
    agency = (action["agency"] or "").replace("_", " ")
    return ", ".join(part for part in (action["recommendation"], agency) if part)


def _status(action: Mapping[str, Any]) -> str:
    overdue = ", overdue" if action.get("overdue") else ""
    return f"{action['status']}{overdue}"


def _shown_by(asked: Mapping[str, Any]) -> str:
    return f"{asked['rule']}, {target_words(asked['target'])}, {asked['period']}"


def plan_table(bundle: Mapping[str, Any]) -> Table:
    """The actions with what became of them; without rows where the run was held against none."""
    columns = (
        Column("action", "Action"), Column("task", "Task"), Column("serves", "For"),
        Column("due", "Due"), Column("status", "Status"), Column("shown_by", "Shown by"),
        Column("verdict", "Worked?"), Column("reason", "Why"),
    )  # fmt: skip
    return Table("plan", "What became of actions", columns, list(action_lines(bundle)))
