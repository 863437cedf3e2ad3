"""The agreement of two readings as Pydantic models: its published, versioned JSON Schema."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from scr_audit.runs.input_models import Bundled, EngineInfo, FileInfo
from scr_audit.runs.models import OriginInfo, Outcome

Count = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Kappa = Annotated[float, Field(ge=-1, le=1)]


class PackRead(Bundled):
    """The pack whose facts and rules were compared."""

    id: str
    version: str
    title: str
    sha256: str


class RecordRead(Bundled):
    kind: str
    record: str


class ReadingInfo(Bundled):
    """One auditor's reading. `only_here`: records that the other one did not read."""

    files: list[FileInfo]
    roles: list[str]
    records: Count
    only_here: list[RecordRead]


class Numbers(Bundled):
    """How two readings agree over `n` things; null where there is no such number."""

    n: Count
    agreed: Count
    share: Share | None
    kappa: Kappa | None = Field(description="Cohen's; null where all answers are equal")
    interval: tuple[Kappa, Kappa] | None = Field(description="95 %, of kappa")
    note: str = Field(description="What a reader must know of these numbers; may be empty")


class VerdictsDiffer(Bundled):
    """A unit of the first reading, and the outcomes of both."""

    record: str
    unit: str = Field(description="JSON pointer into the first reading's record")
    key: list[dict[str, Any]] = Field(description="What tells the unit from others, by loop")
    first: Outcome
    second: Outcome


class RuleAgreement(Numbers):
    """The outcomes of the units that either reading has; what only one has is a disagreement.

    `neither`: units that are not evidenced for both, which are left out of `n`.
    """

    id: str
    title: str
    unit: str
    unit_plural: str
    differ: list[VerdictsDiffer]
    only_first: Count
    only_second: Count
    neither: Count


class HowOften(Bundled):
    """How often both recorded the same, or something else, or only one or none recorded it.

    Of a list its items are counted. `neither` is left out of `n`.
    """

    equal: Count
    different: Count
    first_only: Count
    second_only: Count
    neither: Count


class FactAgreement(Numbers):
    """A fact of the schema; kappa only where it has categories (`has_kappa`)."""

    kind: str
    fact: str = Field(description="Its path, such as conferences.*.quorate")
    question: str
    counts: HowOften
    has_kappa: bool


class Answer(Bundled):
    """What one auditor recorded, and where it comes from; null: not recorded.

    Of a list the items that only this one has; words where it has none but those of both.
    """

    pointer: str
    value: Any
    provenance: OriginInfo | None


class DisagreementInfo(Bundled):
    """A fact on which the two readings of a record differ."""

    kind: str
    record: str
    fact: str
    question: str
    how: Literal["different", "first_only", "second_only"]
    first: Answer
    second: Answer


class AgreementDocument(Bundled):
    """How far two auditors agree who read the same records: by rule, by fact, and where not."""

    format: Literal["scr-audit/agreement"]
    format_version: Literal[2]
    engine: EngineInfo
    pack: PackRead
    as_of: str | None
    first: ReadingInfo
    second: ReadingInfo
    records: Count = Field(description="Records that both read")
    rules: list[RuleAgreement]
    facts: list[FactAgreement]
    disagreements: list[DisagreementInfo]
    alike: Count = Field(
        description="Items paired with none, since another of their list has the same key"
    )
    not_for_publication: str = Field(
        default="", description="Why identifiable records were compared; empty: none were allowed"
    )


def agreement_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of an agreement."""
    schema = AgreementDocument.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
