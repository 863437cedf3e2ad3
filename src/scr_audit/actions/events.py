"""The events of an action. They are only ever added; what an action is, is their sum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SETTABLE = ("recommendation", "agency", "task", "owner_role", "due", "shown_by")


@dataclass(frozen=True)
class Event:
    """One change of an action: its number (from 1), the time (UTC), and by which role.

    `what` has any of: `set` (of `SETTABLE`) and `facts`, each by name, null takes one away;
    `evidence` (what, seen_by_role, on); `judged` (see `Judgement`); `status`, `superseded_by`;
    `note`; `read_from`, the file whose record made the action.
    """

    action: str
    number: int
    at: str
    by_role: str
    what: Mapping[str, Any]
