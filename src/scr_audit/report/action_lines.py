"""The actions that named a run to show that they worked, and what it says of each."""

from collections.abc import Mapping
from typing import Any, NamedTuple

VERDICTS = {"worked": "worked", "not_yet": "not yet", "cannot_tell": "cannot tell"}
UNTOLD = "(the task is not stated)"


class ActionLine(NamedTuple):
    """An action as texts: what it set itself to do, the verdict, and why."""

    id: str
    task: str
    verdict: str
    reason: str


def action_lines(bundle: Mapping[str, Any]) -> list[ActionLine]:
    """The actions of a run; none in a board document, whose masked counts they would give away."""
    return [
        ActionLine(
            action["action"],
            action["task"] or UNTOLD,
            VERDICTS[action["verdict"]],
            action["reason"],
        )
        for action in bundle.get("actions") or ()
    ]
