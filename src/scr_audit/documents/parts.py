"""The part of the run bundle that says what judged what: engine, pack, plan, files, parameters."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired

from typing_extensions import TypedDict

from scr_audit.documents.shape import Closed, Day, Description, HowMany

Judged = Literal["met", "not_met", "not_evidenced", "not_applicable"]
"""What a criterion may be; the last: it is not yet due."""
Outcome = Literal["met", "not_met", "not_evidenced", "not_applicable", "excepted", "error"]
Comparison = Literal["previous_period", "same_period_last_year", "none"]
RecordKey = tuple[str, str]  # a record's kind and its id
Severity = Literal["high", "medium", "low"]
UnitKeyInfo = Annotated[
    list[dict[str, Any]] | None,
    Description(
        "The facts that tell the unit from others, a mapping for each list that the "
        "rule walks; null: not known, in a run of format version 1"
    ),
]


class EngineInfo(Closed):
    name: Literal["scr-audit"]
    version: str


class PackWords(Closed):
    """The pack that judged; `kinds` gives the plural of each record kind."""

    id: str
    version: str
    title: str
    licence: str
    source: dict[str, str]
    kinds: dict[str, str]


class PackInfo(PackWords):
    sha256: str


class PeriodInfo(Closed):
    """The days that the run looks at; rules whose units have no date are not limited to them."""

    start: Day
    end: Day
    text: str
    not_limited: Annotated[list[str], Description("Ids of the rules that look at all records hold")]
    falls_due: NotRequired[
        Annotated[
            dict[str, str], Description("Rule id: how long after its date a unit is of the period")
        ]
    ]


class SampleWords(Closed):
    """The sample that the run judges."""

    method: str
    frame: Annotated[HowMany, Description("Records that were drawn from")]
    drawn: HowMany
    missing: Annotated[HowMany, Description("Drawn records that are not in the input")]


class SampleUsedInfo(SampleWords):
    seed: str
    frame_sha256: Annotated[str, Description("Of the sorted ids of the frame, one a line")]
    replaced: Annotated[list[str], Description("Why each replaced record could not be audited")]


class PlanWords(Closed):
    """The audit plan, where one chose the rules."""

    id: str
    title: str
    question: str
    selection: Annotated[str | None, Description("How the records were chosen, in words")]
    filter: NotRequired[Annotated[str | None, Description("What was asked of a record, in words")]]
    period: NotRequired[PeriodInfo | None]
    comparison: NotRequired[Comparison | None]
    sections: NotRequired[
        Annotated[list[str] | None, Description("The sections of reports, in order; left out: all")]
    ]


class PlanInfo(PlanWords):
    sha256: str
    sample: NotRequired[SampleUsedInfo | None]


class FileInfo(Closed):
    """An input file by name; no hash for records that a program gave."""

    name: str
    sha256: str


class RecordsRead(Closed):
    read: HowMany
    judged: Annotated[HowMany, Description("Records that decoded and were judged by the rules")]
    left_out: HowMany
    outside: NotRequired[
        Annotated[HowMany, Description("Records that the plan's filter keeps out")]
    ]
    not_drawn: NotRequired[Annotated[HowMany, Description("Records that the sample did not draw")]]
    by_kind: dict[str, int]


class InputInfo(Closed):
    files: list[FileInfo]
    records: RecordsRead


_From = TypedDict("_From", {"from": Day | None})


class ValueInfo(_From, Closed):
    """A value in force from a day on; null: always."""

    value: Any


class ParameterInfo(Closed):
    name: str
    title: str
    unit: str
    source: str
    overridden: bool
    values: list[ValueInfo]


class ProblemInfo(Closed):
    pointer: str
    message: str


class LeftOutInfo(Closed):
    """A record that was not judged, and everything wrong with it."""

    file: str
    position: str
    record: str | None
    problems: list[ProblemInfo]


class RemarkInfo(Closed):
    """What must be known of a record that was judged: an id or a row that may be there twice."""

    file: str
    position: str
    record: str
    text: str


class RemarksInfo(Closed):
    """How many remarks there are; the first 1,000 are listed."""

    count: HowMany
    listed: list[RemarkInfo]


class UniquenessInfo(Closed):
    """How alone the records of one kind stand; k null: not worked out."""

    kind: str
    records: HowMany
    k: Annotated[HowMany | None, Description("The size of the smallest group of like records")]
    below: Annotated[HowMany | None, Description("Records in groups smaller than `least_k`")]
    quasi_identifiers: list[str]


class AnonymityInfo(Closed):
    """What the gate found in the records; `allowed`: the reason why they were judged anyway."""

    allowed: str | None
    findings: HowMany
    kinds: dict[str, int]
    k: HowMany | None
    least_k: HowMany
    uniqueness: list[UniquenessInfo]
