"""The board and the public document as Pydantic models: their published JSON Schemas."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from scr_audit.runs.input_models import (
    Bundled,
    EngineInfo,
    PackWords,
    ParameterInfo,
    PlanWords,
    RecordsRead,
    SampleWords,
)
from scr_audit.runs.models import (
    ActionInfo,
    ComparedWords,
    FallsDueInfo,
    Fraction,
    PackVersion,
    RatesInfo,
    RecommendationInfo,
    RuleInfo,
    TotalsInfo,
    Units,
)
from scr_audit.runs.series_models import TrendDocument

Nothing = list[None]
"""A list that the board edition keeps empty."""
Printed = Annotated[int, Field(ge=10, multiple_of=5)] | None
"""A rounded count; null: fewer than 8, which can also mean none."""


class BoardPlan(PlanWords):
    sample: SampleWords | None = None


class BoardInput(Bundled):
    files: Nothing = Field(max_length=0)
    records: RecordsRead


class Sums(Bundled):
    totals: Units
    rates: RatesInfo


class MarginInfo(Sums):
    """The sums over the recommendations of one agency, or of one theme."""

    name: str


class GroupInfo(Sums):
    """The sums over the recommendations of one agency and theme."""

    agency: str
    theme: str


class MissingInfo(Bundled):
    """A question without an answer, how many findings it leaves open, how many by itself."""

    question: str
    findings: int
    alone: int


class BoardCompared(ComparedWords):
    pack: PackVersion


class BoardDocument(Bundled):
    """A run for its board: true counts, and nothing of any single record."""

    format: Literal["scr-audit/board"]
    format_version: Literal[2]
    confidential: str = Field(min_length=1)
    engine: EngineInfo
    pack: PackWords
    plan: BoardPlan | None
    as_of: str | None
    input: BoardInput
    parameters: list[ParameterInfo]
    left_out: Nothing = Field(max_length=0)
    compared: BoardCompared | None
    trend: TrendDocument | None = None
    actions: list[ActionInfo] | None = None
    totals: TotalsInfo
    falls_due: list[FallsDueInfo] = Field(default_factory=list)
    agencies: list[MarginInfo]
    themes: list[MarginInfo]
    groups: list[GroupInfo]
    recommendations: list[RecommendationInfo]
    rules: list[RuleInfo]
    missing: list[MissingInfo] = Field(max_length=10)
    records: Nothing = Field(max_length=0)
    findings: Nothing = Field(max_length=0)


class PublicPack(PackVersion):
    title: str


class PublicPeriod(Bundled):
    start: str
    end: str
    text: str


class PublicPlan(Bundled):
    """The audit plan, where one chose the rules."""

    id: str
    title: str
    question: str
    selection: str | None
    filter: str | None
    period: PublicPeriod | None


class RoundingInfo(Bundled):
    base: Literal[5]
    fewer_than: Literal[8]
    sentence: str


class KindInfo(Bundled):
    """A kind of record, its plural, and how many were judged; exact."""

    kind: str
    kinds: str
    number: int = Field(ge=20)


class PublicCounts(Bundled):
    """Units, each rounded from its true number, so that they need not add up."""

    met: Printed
    not_met: Printed
    not_evidenced: Printed
    judged: Printed


class PublicStandard(Bundled):
    """The share that the plan asks for; a verdict only where every count behind these agrees."""

    share: float
    verdict: Literal["met", "below", "cannot_tell"]


class PublicRule(PublicCounts):
    id: str
    title: str
    recommendation: str
    unit: str
    unit_plural: str
    share: Fraction = Field(lt=1, description="Met of judged as printed; null below 80 judged")
    standard: PublicStandard | None


class EarlierRule(PublicCounts):
    id: str


class EarlierInfo(Bundled):
    """What was published before of the rules that ask the same now."""

    as_of: str | None
    period: str | None
    rules: list[EarlierRule]


class PublicDocument(Bundled):
    """A run for publication: rounded counts, and what follows from them."""

    format: Literal["scr-audit/public"]
    format_version: Literal[2]
    engine: EngineInfo
    pack: PublicPack
    plan: PublicPlan | None
    as_of: str | None
    rounding: RoundingInfo
    number_of_records: list[KindInfo]
    kinds_left_out: list[str] = Field(
        description="Plurals of the kinds of which there are fewer than 20 records"
    )
    set_locally: list[str] = Field(description="Parameters that a local settings file changed")
    rules: list[PublicRule] = Field(description="The lowest printed share first")
    earlier: list[EarlierInfo]


def board_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a board document."""
    return _schema(BoardDocument)


def public_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a public document."""
    return _schema(PublicDocument)


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
