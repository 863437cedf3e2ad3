"""Facts of actions as cells of a plan's workbook: shown, and never read back as changes.

A fact may be the judgement of a role on a day, which a cell that was typed over cannot say.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from scr_audit.actions.record import action_kind
from scr_audit.actions.state import Action
from scr_audit.packs.pack import Pack

HEADING = "Fact: "
COLUMN = "fact:"
"""What the names of the columns of facts begin with, in headings and among columns."""


def facts_shown(actions: Iterable[Action], pack: Pack) -> list[str]:
    """The facts that any of the actions has, in the order of the pack; those it lacks come last."""
    found = {name for action in actions for name in action.facts}
    known = [name for name in action_kind(pack).type.fields if name in found]
    return known + sorted(found - set(known))


def fact_cells(action: Action) -> dict[str, str]:
    """The facts of an action as texts, by the names of their columns."""
    return {f"{COLUMN}{name}": fact_text(value) for name, value in action.facts.items()}


def fact_text(value: Any) -> str:
    """A fact in words: `yes`, `yes (Auditor, 2026-11-03)`, a text as it is."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping) and {"value", "by_role", "on"} <= set(value):
        return f"{fact_text(value['value'])} ({value['by_role']}, {value['on']})"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
