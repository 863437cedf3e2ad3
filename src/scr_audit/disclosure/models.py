"""The board document as Pydantic models: its published, versioned JSON Schema."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from scr_audit.runs.input_models import Bundled, EngineInfo, PackInfo, ParameterInfo, PlanInfo
from scr_audit.runs.models import ComparedInfo, Fraction, RuleWords, ShownByInfo, Standing
from scr_audit.runs.trend_models import TrendDocument

FORMAT: Literal["scr-audit/board"] = "scr-audit/board"
FORMAT_VERSION: Literal[1] = 1

Count = Annotated[int, Field(ge=0, strict=True)] | None
"""A printed count; null: masked, which is never 0."""
Nothing = list[None]
"""A list that the board edition keeps empty."""


class ProfileInfo(Bundled):
    """The disclosure profile, whole."""

    id: str
    title: str
    threshold: int = Field(ge=2)
    rounding_base: int = Field(ge=1)
    mask_zero: bool
    source: str
    explanation: str


class EarlierInfo(Bundled):
    """An earlier board document that this one was checked against."""

    as_of: str | None
    sha256: str = Field(description="Of the earlier document as the engine writes it")


class DisclosureInfo(Bundled):
    profile: ProfileInfo
    masked: int = Field(description="How many counts are masked")
    made_kinds: list[str] = Field(
        description="Record kinds that the engine made of other records; not among those read"
    )
    compared_with: list[EarlierInfo]


class BoardRecordsRead(Bundled):
    read: Count
    judged: Count = Field(description="Records that decoded and were judged by the rules")
    left_out: Count
    by_kind: dict[str, Count]


class BoardInput(Bundled):
    files: Nothing = Field(max_length=0)
    records: BoardRecordsRead


class BoardUnits(Bundled):
    """Units by outcome."""

    met: Count
    not_met: Count
    not_evidenced: Count
    not_applicable: Count
    excepted: Count
    error: Count


class BoardRuleUnits(BoardUnits):
    records: Count = Field(description="Records with at least one judged unit of this rule")


class BoardRates(Bundled):
    """Fractions of the judged units; null where there are none, or a count needed is masked."""

    judged: Count
    assured: Fraction
    evidenced: Fraction
    low: Fraction
    high: Fraction
    interval: tuple[float, float] | None


class BoardRecordTotals(Bundled):
    judged: Count = Field(description="Records with at least one judged unit")
    all_met: Count = Field(description="Of those, records whose judged units are all met")


class BoardTotals(Bundled):
    units: BoardUnits
    rates: BoardRates
    records: BoardRecordTotals


class GroupInfo(Bundled):
    """The sums over the recommendations of one agency and theme."""

    agency: str
    theme: str
    totals: BoardUnits
    rates: BoardRates


class MarginInfo(Bundled):
    """The sums over the recommendations of one agency, or of one theme."""

    name: str
    totals: BoardUnits
    rates: BoardRates


class BoardRecommendation(Bundled):
    id: str
    title: str
    agency: str
    theme: str
    rules: list[str]
    totals: BoardUnits
    rates: BoardRates


class BoardStandard(Bundled):
    """The share that the audit plan asks for; 1: always. The verdict is null if it is masked."""

    share: float
    verdict: Standing | None


class BoardRule(RuleWords):
    """A rule with its printed counts."""

    totals: BoardRuleUnits
    rates: BoardRates
    standard: BoardStandard | None


class BoardAction(Bundled):
    """An action that named this run to show that it worked, and what the printed counts say of it.

    Null: it does not follow from the printed counts, and so is not told.
    """

    action: str
    recommendation: str | None
    agency: str | None
    task: str | None
    due: str | None
    shown_by: ShownByInfo
    verdict: Literal["worked", "not_yet", "cannot_tell"] | None
    reason: str
    status: Literal["open", "closed", "superseded"] | None
    overdue: bool | None


class BoardDocument(Bundled):
    """A run for publication: counts only, small ones masked; no records and no findings."""

    format: Literal["scr-audit/board"]
    format_version: Literal[1]
    engine: EngineInfo
    pack: PackInfo
    plan: PlanInfo | None
    as_of: str | None
    disclosure: DisclosureInfo
    input: BoardInput
    parameters: list[ParameterInfo]
    left_out: Nothing = Field(max_length=0)
    compared: ComparedInfo | None
    actions: list[BoardAction] | None = Field(
        default=None, description="Left out: the run was not held against a plan"
    )
    trend: TrendDocument | None = Field(
        default=None, description="Made of this document and earlier published ones alone"
    )
    totals: BoardTotals
    agencies: list[MarginInfo]
    themes: list[MarginInfo]
    groups: list[GroupInfo]
    recommendations: list[BoardRecommendation]
    rules: list[BoardRule]
    missing: list[str] = Field(
        max_length=10, description="The questions most often left without an answer, most first"
    )
    records: Nothing = Field(max_length=0)
    findings: Nothing = Field(max_length=0)


def board_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a board document."""
    schema = BoardDocument.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
