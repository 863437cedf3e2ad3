"""What only a whole form shows: a list is what its cell says, and nothing needed is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scr_audit.forms import words
from scr_audit.forms.answers import NOT_RECORDED
from scr_audit.forms.assembly import Assembly, missing_required, pointer
from scr_audit.forms.faults import Fault
from scr_audit.forms.known import Steps
from scr_audit.language.types import FactType


@dataclass(frozen=True)
class State:
    """What a form says about a list or a group as a whole, and in which cell."""

    answer: Any
    place: str


def state_faults(states: Mapping[Steps, State], assembly: Assembly) -> Iterator[Fault]:
    """The lists and groups of which the form says another thing than its answers do."""
    for steps, state in states.items():
        value = assembly.value(steps)
        if state.answer is NOT_RECORDED and value is not None:
            message = "says 'not recorded', but there are answers about it; clear one of them"
            yield Fault(state.place, message)
        elif state.answer == words.LISTED and not value:
            yield Fault(state.place, "says 'listed', but no row of the list's sheet belongs to it")
        elif state.answer == [] and value:
            message = f"says '{words.NONE}', but the list's sheet has rows; clear one of them"
            yield Fault(state.place, message)


def filled_none(
    places: Mapping[Steps, str], imported: Assembly, assembly: Assembly
) -> Iterator[Fault]:
    """Lists of which the import says that there were none, and the form has rows."""
    for steps, place in places.items():
        if imported.value(steps) == [] and assembly.value(steps):
            yield Fault(place, f"the import says '{words.NONE}', but the list's sheet has rows")


def required_faults(
    record: FactType, assembly: Assembly, places: Mapping[Steps, str]
) -> Iterator[Fault]:
    """The facts that a record must have and does not; without a cell of its own, by pointer."""
    for steps in missing_required(record, assembly):
        message = f"is empty; '{steps[-1]}' is needed wherever the facts beside it are answered"
        yield Fault(places.get(steps) or pointer(steps), message)
