"""The agreement of two readings."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired

from annotated_types import Ge, Le

from scr_audit.documents.parts import Closed, Description, EngineInfo, FileInfo, HowMany, Outcome
from scr_audit.documents.run import OriginInfo

Share = Annotated[float, Ge(0), Le(1)]
Kappa = Annotated[float, Ge(-1), Le(1)]


class PackRead(Closed):
    """The pack whose facts and rules were compared."""

    id: str
    version: str
    title: str
    sha256: str


class RecordRead(Closed):
    """A record that one reading has, by its kind and id."""

    kind: str
    record: str


class ReadingInfo(Closed):
    """One auditor's reading. `only_here`: records that the other one did not read."""

    files: list[FileInfo]
    roles: list[str]
    records: HowMany
    only_here: list[RecordRead]


class Numbers(Closed):
    """How two readings agree over `n` things; null where there is no such number."""

    n: HowMany
    agreed: HowMany
    share: Share | None
    kappa: Annotated[Kappa | None, Description("Cohen's; null where all answers are equal")]
    interval: Annotated[tuple[Kappa, Kappa] | None, Description("95 %, of kappa")]
    note: Annotated[str, Description("What a reader must know of these numbers; may be empty")]


class VerdictsDiffer(Closed):
    """A unit, and its outcome in both readings; null: that reading does not have it."""

    record: str
    unit: Annotated[
        str, Description("JSON pointer into the first reading's record, else the second's")
    ]
    key: Annotated[list[dict[str, Any]], Description("What tells the unit from others, by loop")]
    first: Outcome | None
    second: Outcome | None


class RuleAgreement(Numbers):
    """The outcomes of the units that either reading has; what only one has is a disagreement.

    `neither`: units that are not evidenced for both, which are left out of `n`.
    """

    id: str
    title: str
    unit: str
    unit_plural: str
    differ: list[VerdictsDiffer]
    only_first: HowMany
    only_second: HowMany
    neither: HowMany


class HowOften(Closed):
    """How often both recorded the same, or something else, or only one or none recorded it.

    Of a list its items are counted. `neither` is left out of `n`.
    """

    equal: HowMany
    different: HowMany
    first_only: HowMany
    second_only: HowMany
    neither: HowMany


class FactAgreement(Numbers):
    """A fact of the schema; kappa only where it has categories (`has_kappa`)."""

    kind: str
    fact: Annotated[str, Description("Its path, such as visits.*.planned")]
    question: str
    counts: HowOften
    has_kappa: bool


class Answer(Closed):
    """What one auditor recorded, and where it comes from; null: not recorded.

    Of a list the items that only this one has; words where it has none but those of both.
    """

    pointer: str
    value: Any
    provenance: OriginInfo | None


class DisagreementInfo(Closed):
    """A fact on which the two readings of a record differ."""

    kind: str
    record: str
    fact: str
    question: str
    how: Literal["different", "first_only", "second_only"]
    by_rest: Annotated[bool, Description("Of items paired by the rest of what is recorded")]
    first: Answer
    second: Answer


class AgreementDocument(Closed):
    """How far two auditors agree who read the same records: by rule, by fact, and where not."""

    format: Literal["scr-audit/agreement"]
    format_version: Literal[2]
    engine: EngineInfo
    pack: PackRead
    as_of: str | None
    first: ReadingInfo
    second: ReadingInfo
    records: Annotated[HowMany, Description("Records that both read")]
    rules: list[RuleAgreement]
    facts: list[FactAgreement]
    disagreements: list[DisagreementInfo]
    alike: Annotated[
        HowMany, Description("Items paired with none, since another of their list has the same key")
    ]
    by_rest: Annotated[
        HowMany, Description("Items whose keys differ, paired by the rest of what is recorded")
    ]
    about: NotRequired[Annotated[str, Description("Of which audit the readings are")]]
    not_for_publication: NotRequired[
        Annotated[
            str, Description("Why identifiable records were compared; empty: none were allowed")
        ]
    ]
