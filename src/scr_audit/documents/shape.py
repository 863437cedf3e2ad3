"""What every published document is built of: closed objects whose schema says what a value is.

The types are `TypedDict`s: the code that builds or reads a document is held to them by mypy, at no
cost when it runs, and the published JSON Schemas are made from them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date
from typing import TYPE_CHECKING, Annotated, Any

from annotated_types import Ge
from typing_extensions import TypedDict

from scr_audit.values.imprecise import Moment, parse_date, parse_datetime

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic_core import CoreSchema


class Closed(TypedDict):
    """An object with no keys but its own."""


# Pydantic reads it of every type below; a type checker allows no such line in the class.
setattr(Closed, "__pydantic_config__", {"extra": "forbid"})  # noqa: B010


@dataclass(frozen=True)
class Description:
    """What the schema says of a value."""

    text: str

    def __get_pydantic_json_schema__(
        self, core: Any, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(core), "description": self.text}


@dataclass(frozen=True)
class _Read:
    """A text is one that `read` takes, which raises `ValueError`; `expected` says what that is."""

    read: Callable[[str], Moment]
    expected: str

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        from pydantic_core.core_schema import no_info_after_validator_function

        return no_info_after_validator_function(self._checked, handler(source))

    def _checked(self, text: str) -> str:
        from pydantic_core import PydanticCustomError

        try:
            self.read(text)
        except ValueError:
            told = {"found": repr(text), "expected": self.expected}
            raise PydanticCustomError("date", "found {found}; expected {expected}", told) from None
        return text


def _exact(text: str) -> date:
    found = parse_date(text)
    if not isinstance(found, date):
        raise ValueError
    return found


Day = Annotated[str, _Read(_exact, "a day such as 2026-11-24")]
AboutDay = Annotated[str, _Read(parse_date, "a day, month or year such as 2026-11-24 or 2026-11")]
AboutTime = Annotated[
    str,
    _Read(lambda text: parse_datetime(text, UTC), "a day or time such as 2026-11-24T22:30"),
]
"""Days of a document, which are held to the calendar where it is read."""


HowMany = Annotated[int, Ge(0)]


def checker(document: Any) -> Callable[[Any], Any]:
    """A function that raises `pydantic.ValidationError` for a value that is no such document.

    Pydantic takes a fifth of a second to import, which only those that read a document need.
    """
    from pydantic import TypeAdapter

    return TypeAdapter(document).validate_python
