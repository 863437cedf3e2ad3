"""The file of exceptions as Pydantic models: its shape, and its JSON Schema for editors."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, WithJsonSchema

from scr_audit.packs.models import Authored
from scr_audit.packs.publish import model_schema

# The reader says in words what these patterns tell an editor.
Day = Annotated[str, Field(json_schema_extra={"pattern": r"^\d{4}-\d{2}-\d{2}$"})]
Told = Annotated[str, Field(json_schema_extra={"pattern": r"\S"})]
_FACTS: dict[str, Any] = {"type": "object", "minProperties": 1}
# What else stands here is told in words too, since files of an older format have a pointer.
Unit = Annotated[
    Any, WithJsonSchema({"anyOf": [_FACTS, {"type": "array", "items": _FACTS}, {"type": "null"}]})
]


class ExceptionEntry(Authored):
    """One approved exception: a unit of a record may be not met, from a day until a day."""

    rule: str = Field(description="The rule's id")
    record: str = Field(description="The record's id")
    unit: Unit = Field(
        None,
        description="The unit, by the facts that tell it from others, such as "
        "{received_on: 2026-05-05}; of lists in lists a mapping for each, from the outside in; "
        "[]: the list as a whole; left out: every unit of the rule in the record",
    )
    reason: Told = Field(description="Why, without names")
    approved_by_role: Told = Field(description="In which role it was approved")
    since: Day = Field(alias="from", description="The first day it is in force")
    until: Day = Field(description="The last day it is in force")


class ExceptionsFile(Authored):
    """Approved exceptions: findings that are not met, and are shown as excepted."""

    exceptions: list[ExceptionEntry]


def exceptions_schema() -> dict[str, Any]:
    """The JSON Schema of a file of exceptions."""
    return model_schema(ExceptionsFile)
