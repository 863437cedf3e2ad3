"""The part of the run bundle that says what judged what: engine, pack, plan, files, parameters."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

UnitKeyInfo = Annotated[
    list[dict[str, Any]] | None,
    Field(
        description="The facts that tell the unit from others, a mapping for each list that the "
        "rule walks; null: not known, in a run of format version 1"
    ),
]


class Bundled(BaseModel):
    """The root of the bundle's models: closed."""

    model_config = ConfigDict(extra="forbid")


class EngineInfo(Bundled):
    name: Literal["scr-audit"]
    version: str


class PackWords(Bundled):
    """The pack that judged; `kinds` gives the plural of each record kind."""

    id: str
    version: str
    title: str
    licence: str
    source: dict[str, str]
    kinds: dict[str, str]


class PackInfo(PackWords):
    sha256: str


class PeriodInfo(Bundled):
    """The days that the run looks at; rules whose units have no date are not limited to them."""

    start: str
    end: str
    text: str
    not_limited: list[str] = Field(description="Ids of the rules that look at all records hold")
    falls_due: dict[str, str] = Field(
        default_factory=dict, description="Rule id: how long after its date a unit is of the period"
    )


class SampleWords(Bundled):
    """The sample that the run judges."""

    method: str
    frame: int = Field(description="Records that were drawn from")
    drawn: int
    missing: int = Field(description="Drawn records that are not in the input")


class SampleUsedInfo(SampleWords):
    seed: str
    frame_sha256: str = Field(description="Of the sorted ids of the frame, one a line")
    replaced: list[str] = Field(description="Why each replaced record could not be audited")


class PlanWords(Bundled):
    """The audit plan, where one chose the rules."""

    id: str
    title: str
    question: str
    selection: str | None = Field(description="How the records were chosen, in words")
    filter: str | None = Field(default=None, description="What was asked of a record, in words")
    period: PeriodInfo | None = None
    comparison: Literal["previous_period", "same_period_last_year", "none"] | None = None
    sections: list[str] | None = Field(
        default=None, description="The sections of reports, in order; left out: all"
    )


class PlanInfo(PlanWords):
    sha256: str
    sample: SampleUsedInfo | None = None


class FileInfo(Bundled):
    """An input file by name; no hash for records that a program gave."""

    name: str
    sha256: str


class RecordsRead(Bundled):
    read: int
    judged: int = Field(description="Records that decoded and were judged by the rules")
    left_out: int
    outside: int = Field(default=0, description="Records that the plan's filter keeps out")
    not_drawn: int = Field(default=0, description="Records that the sample did not draw")
    by_kind: dict[str, int]


class InputInfo(Bundled):
    files: list[FileInfo]
    records: RecordsRead


class ValueInfo(Bundled):
    """A value in force from a day on; null: always."""

    since: str | None = Field(alias="from")
    value: Any


class ParameterInfo(Bundled):
    name: str
    title: str
    unit: str
    source: str
    overridden: bool
    values: list[ValueInfo]


class ProblemInfo(Bundled):
    pointer: str
    message: str


class LeftOutInfo(Bundled):
    """A record that was not judged, and everything wrong with it."""

    file: str
    position: str
    record: str | None
    problems: list[ProblemInfo]


class RemarkInfo(Bundled):
    """What must be known of a record that was judged: an id or a row that may be there twice."""

    file: str
    position: str
    record: str
    text: str


class RemarksInfo(Bundled):
    """How many remarks there are; the first 1,000 are listed."""

    count: int
    listed: list[RemarkInfo]


class UniquenessInfo(Bundled):
    """How alone the records of one kind stand; k null: not worked out."""

    kind: str
    records: int
    k: int | None = Field(description="The size of the smallest group of like records")
    below: int | None = Field(description="Records in groups smaller than `least_k`")
    quasi_identifiers: list[str]


class AnonymityInfo(Bundled):
    """What the gate found in the records; `allowed`: the reason why they were judged anyway."""

    allowed: str | None
    findings: int
    kinds: dict[str, int]
    k: int | None
    least_k: int
    uniqueness: list[UniquenessInfo]
