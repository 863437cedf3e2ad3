"""Audit plans as Pydantic models: their shape, and their JSON Schema for editors."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from scr_audit.documents.parts import Comparison
from scr_audit.errors import listed
from scr_audit.packs.models import SPAN, YEAR_FROM, Authored, Identifier, Name, WrittenCondition
from scr_audit.plans.report_sections import SECTIONS


def _standard(value: object) -> Any:
    if value == "always" or (type(value) is int and 1 <= value <= 99):
        return value
    raise PydanticCustomError("standard", "expected a per cent from 1 to 99, or always")


Standard = Annotated[
    int | Literal["always"],
    BeforeValidator(_standard),
    WithJsonSchema(
        {"anyOf": [{"type": "integer", "minimum": 1, "maximum": 99}, {"const": "always"}]}
    ),
]


def _section(value: object) -> Any:
    if value in list(SECTIONS):
        return value
    known = listed([repr(name) for name in SECTIONS], last="or", most=len(SECTIONS))
    raise PydanticCustomError("literal_error", "unknown section", {"expected": known})


SectionName = Annotated[
    str,
    BeforeValidator(_section),
    WithJsonSchema(
        {
            "enum": list(SECTIONS),
            "description": "; ".join(f"{name}: {each.said}" for name, each in SECTIONS.items()),
        }
    ),
]


class PlanRecords(Authored):
    """Which records the audit is about."""

    kind: Name | None = Field(None, description="The record kind; left out: the pack's first")
    where: WrittenCondition = Field(
        description="A condition over the record. Where it is false the record is not judged"
    )


class PlanPeriod(Authored):
    """How a period chooses what is judged."""

    dates: dict[str, str] = Field(
        min_length=1,
        description="A list of the record (plans, plans.changes): the fact that dates an item",
    )
    falls_due: dict[str, Annotated[str, Field(pattern=SPAN)]] = Field(
        default_factory=dict,
        description=(
            "Rule id: how long after its date an item belongs to the period, since what the rule "
            "asks of it falls due then: 3 months"
        ),
    )
    year_from: Annotated[str, Field(pattern=YEAR_FROM)] = Field(
        "01-01", description="Month and day on which the office's year begins, such as 04-01"
    )


class PlanSample(Authored):
    """How records are drawn for the audit, where not all are looked at."""

    size: int | None = Field(None, ge=1, description="How many records are drawn")
    precision: int | None = Field(
        None, ge=1, le=49, description="In place of `size`: per cent to either side"
    )
    expect: int = Field(50, ge=1, le=99, description="The per cent met that is expected")
    confidence: Literal[90, 95, 99] = Field(
        95, description="Per cent, of the size by `precision` and of what the sample can show"
    )
    strata: str | list[str] = Field(
        default_factory=list,
        description="A fact of the record, or a list of them; each value is drawn from by itself",
    )
    frame: list[str] = Field(
        default_factory=list,
        description=(
            "Lists that the period dates: a record is drawn from where one of their items is dated "
            "in the period, or may be. Left out: all that the period dates"
        ),
    )
    reserve: int = Field(0, ge=0, description="How many more, for records that cannot be audited")
    not_again_within: Annotated[str, Field(pattern=SPAN)] | None = Field(
        None, description="How long a record that was drawn is not drawn again: 12 months"
    )

    def strata_facts(self) -> tuple[str, ...]:
        """The facts that divide the records, whether one or a list is written."""
        return (self.strata,) if isinstance(self.strata, str) else tuple(self.strata)


# An empty list would mean all, which is hardly what its author means.
_Some = Annotated[list[str], Field(min_length=1)]


class PlanFile(Authored):
    """An audit plan: which rules of a pack an audit uses, and the question it answers."""

    id: Identifier = Field(description="The plan's name for programs")
    title: str = Field(description="The plan's name for people")
    question: str = Field(description="The question that the audit answers")
    pack: str | Annotated[list[str], Field(min_length=1)] = Field(
        description="The id of the pack, or the ids of the packs that are used together"
    )
    rules: _Some = Field(default_factory=list, description="Rule ids")
    recommendations: _Some = Field(
        default_factory=list,
        description="Recommendations whose rules are used. With none of the lists: all rules",
    )
    themes: _Some = Field(
        default_factory=list, description="Themes whose recommendations' rules are used"
    )
    records: PlanRecords | None = Field(
        None, description="Which records are audited; left out: all that are given"
    )
    period: PlanPeriod | None = Field(
        None, description="What dates the things that are judged, where a run is of a period"
    )
    sample: PlanSample | None = Field(
        None, description="How records are drawn where a draw asks for nothing else"
    )
    comparison: Comparison | None = Field(
        None, description="What the results are to be held against"
    )
    sections: (
        Annotated[list[SectionName], Field(min_length=1, json_schema_extra={"uniqueItems": True})]
        | None
    ) = Field(
        None,
        description="The sections of its reports, in order; left out: all. What was audited, the "
        "counts, the warnings and what the run rests on are in every report",
    )
    selection: str = Field("", description="How the records were chosen, in words")
    standard: Standard | None = Field(
        None, description="The per cent of a rule's units that must be met, or always"
    )
    standards: dict[str, Standard] = Field(
        default_factory=dict, description="Rule id: a standard of its own"
    )
