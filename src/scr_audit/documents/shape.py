"""What every published document is built of: closed objects whose schema says what a value is.

The types are `TypedDict`s: the code that builds or reads a document is held to them by mypy, at no
cost when it runs, and the published JSON Schemas are made from them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from typing_extensions import TypedDict

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler


class Closed(TypedDict):
    """An object with no keys but its own."""


# Pydantic reads it of every type below; a type checker allows no such line in the class.
setattr(Closed, "__pydantic_config__", {"extra": "forbid"})  # noqa: B010


@dataclass(frozen=True)
class Said:
    """What the schema says of a value."""

    text: str

    def __get_pydantic_json_schema__(
        self, core: Any, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(core), "description": self.text}


def checker(document: Any) -> Callable[[Any], Any]:
    """A function that raises `pydantic.ValidationError` for a value that is no such document.

    Pydantic takes a fifth of a second to import, which only those that read a document need.
    """
    from pydantic import TypeAdapter

    return TypeAdapter(document).validate_python
