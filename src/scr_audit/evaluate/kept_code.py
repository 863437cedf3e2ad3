"""The code of a program as bytes, with the objects that it names, for the same version of Python.

It is kept where only its user can write, and never travels: whoever reads it runs it.
"""

from __future__ import annotations

import marshal
from collections.abc import Mapping
from datetime import date
from types import CodeType
from typing import Any

from scr_audit.language.due import ANOTHER_ITEM, waiting
from scr_audit.language.operators import Operator, operator_named
from scr_audit.language.types import Value
from scr_audit.values.calendar import Calendar, calendar_named

_Packed = tuple[str, object]


def packed(code: CodeType, objects: Mapping[str, Value]) -> bytes | None:
    """The code and its objects; None where one of them only this process knows."""
    found = {name: _packed(value) for name, value in objects.items()}
    return None if None in found.values() else marshal.dumps((code, found))


def unpacked(data: bytes) -> tuple[CodeType, dict[str, Value]]:
    """What `packed` gave."""
    code, objects = marshal.loads(data)  # noqa: S302  # our own, see above
    return code, {name: _unpacked(*value) for name, value in objects.items()}


def _packed(value: Value) -> _Packed | None:
    match value:
        case Operator(waits_for=Operator() as duty) if not duty.registered:
            return "waiting", duty.name
        case Operator() if value is ANOTHER_ITEM:
            return "another item", ""
        case Operator(registered=False, waits_for=None):
            return "operator", value.name
        case Calendar():
            return "calendar", (value.name, value.table)
        case date() if type(value) is date:
            return "day", value.isoformat()
        case None | bool() | int() | float() | str():
            return "value", value
    return None


def _unpacked(what: str, said: Any) -> Value:
    match what:
        case "waiting":
            return waiting(operator_named(said))
        case "another item":
            return ANOTHER_ITEM
        case "operator":
            return operator_named(said)
        case "calendar":
            return calendar_named(*said)
        case "day":
            return date.fromisoformat(said)
    return said
