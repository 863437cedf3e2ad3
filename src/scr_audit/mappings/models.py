"""The shape of a mapping file, as it is authored."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, GetJsonSchemaHandler
from pydantic_core import CoreSchema

from scr_audit.packs.models import VERSION, Authored, Identifier, Name, SourceDocument

LeftOut = Literal["identifiable", "no_fact", "not_needed"]
WrittenScalar = bool | int | str
CodeValue = bool | int | str | list[str] | None


def _as_list(value: object) -> object:
    return [value] if isinstance(value, dict) else value


class UseModel(Authored):
    """What becomes of one source element: a fact, something it implies, or nothing and why."""

    fact: str | None = Field(None, description="The fact it gives: referrals[].made_at")
    convert: str | None = Field(None, alias="as", description="The conversion, by its name")
    codes: str | None = Field(None, description="The table of codes that the conversion uses")
    at: str | None = Field(None, description="For an age: the element with the day of the event")
    prefix: str | None = Field(
        None, pattern=r"^[A-Za-z]{1,8}$", description="For a pseudonym: what it begins with"
    )
    item: str | None = Field(None, description="The list to which each such element adds an item")
    set: dict[str, WrittenScalar] = Field(
        default_factory=dict, description="Facts that hold wherever the element stands"
    )
    only_if: bool | None = Field(None, description="The flag value for which `set` holds")
    excludes: list[str] = Field(
        default_factory=list,
        description="Elements beside it that contradict it where it stands, or has the value of "
        "`only_if`: then neither is recorded, and both are reported",
    )
    not_before: str | None = Field(
        None,
        description="The element beside it with a day before which its own cannot lie; where it "
        "does, neither is recorded, and both are reported",
    )
    if_empty: str | None = Field(None, description="The list of which [] says: there were none")
    withdraws: Literal[True] | None = Field(
        None, description="The flag true takes back all that stands beside it"
    )
    left_out: LeftOut | None = Field(None, description="Why it is not imported, in one word")
    why: str = Field("", description="The reason, for whoever reads the mapping or its report")


class _OneOrMore:
    """Publishes a list as what may be written: its item alone, or the list."""

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        whole = handler(core)
        return {"anyOf": [whole["items"], whole]}


Uses = Annotated[list[UseModel], BeforeValidator(_as_list), Field(min_length=1), _OneOrMore()]


class MappingFile(Authored):
    """A mapping from one national format to records of a kind."""

    id: Identifier
    version: str = Field(pattern=VERSION)
    title: str
    source: SourceDocument
    format: Literal["xml", "json"]
    kind: Name = Field(description="The record kind of the pack that is made")
    record: str = Field(description="The element that becomes a record: Message/Children/Child")
    codes: dict[Name, dict[str, CodeValue]] = Field(default_factory=dict)
    outside: dict[str, Uses] = Field(
        default_factory=dict, description="Known elements outside the records, by path"
    )
    elements: dict[str, Uses] = Field(
        description="Known elements inside a record, by their path below it"
    )
