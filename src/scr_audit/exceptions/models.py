"""The file of exceptions as Pydantic models: its shape, and its JSON Schema for editors."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from scr_audit.packs.models import Authored
from scr_audit.packs.publish import model_schema

# The reader says in words what these patterns tell an editor.
Day = Annotated[str, Field(json_schema_extra={"pattern": r"^\d{4}-\d{2}-\d{2}$"})]
Told = Annotated[str, Field(json_schema_extra={"pattern": r"\S"})]


class ExceptionEntry(Authored):
    """One approved exception: a unit of a record may be not met, from a day until a day."""

    rule: str = Field(description="The rule's id")
    record: str = Field(description="The record's id")
    unit: str | None = Field(
        None,
        json_schema_extra={"pattern": "^(/.*)?$"},
        description="JSON pointer of the unit, such as /conferences/0; '' is the record itself; "
        "left out: every unit of the rule in the record",
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
