"""The value of a parameter on the day of an event."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scr_audit.language.conditions import Parameter
from scr_audit.values.imprecise import Moment, as_day, bounds


def in_force(parameter: Parameter) -> Callable[[Moment | None], Any]:
    """A function from the day of an event to the value in force on it.

    It gives None, not known, where the day is not recorded, lies before the first value, or
    is too imprecise to tell.
    """

    def value_on(moment: Moment | None) -> Any:
        if moment is None:
            return None
        low, high = (as_day(day) for day in bounds(moment))
        found = {_index(parameter, low), _index(parameter, high)}
        if len(found) > 1 or None in found:
            return None
        return parameter.values[found.pop() or 0].value

    return value_on


def _index(parameter: Parameter, day: Any) -> int | None:
    found = None
    for index, entry in enumerate(parameter.values):
        if entry.since is None or entry.since <= day:
            found = index
    return found
