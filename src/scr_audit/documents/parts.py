"""What every published document is built of, and the part that says what judged what.

The types are `TypedDict`s: the code that builds or reads a document is held to them by mypy, at no
cost when it runs, and the published JSON Schemas are made from them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date
from typing import TYPE_CHECKING, Annotated, Any, Literal, NotRequired

from annotated_types import Ge
from typing_extensions import TypedDict

from scr_audit.values.imprecise import Moment, parse_date, parse_datetime

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic_core import CoreSchema


class Closed(TypedDict):
    """An object with no keys but its own."""


# Pydantic reads it of every type below; a type checker allows no such line in the class.
setattr(Closed, "__pydantic_config__", {"extra": "forbid"})  # noqa: B010


@dataclass(frozen=True)
class Description:
    """What the schema says of a value."""

    text: str

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(core), "description": self.text}


@dataclass(frozen=True)
class _Read:
    """A text is one that `read` takes, which raises `ValueError`; `expected` says what that is."""

    read: Callable[[str], Moment]
    expected: str

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        from pydantic_core.core_schema import no_info_after_validator_function

        return no_info_after_validator_function(self._checked, handler(source))

    def _checked(self, text: str) -> str:
        from pydantic_core import PydanticCustomError

        try:
            self.read(text)
        except ValueError:
            told = {"found": repr(text), "expected": self.expected}
            raise PydanticCustomError("date", "found {found}; expected {expected}", told) from None
        return text


def _exact(text: str) -> date:
    found = parse_date(text)
    if not isinstance(found, date):
        raise ValueError
    return found


Day = Annotated[str, _Read(_exact, "a day such as 2026-11-24")]
AboutDay = Annotated[str, _Read(parse_date, "a day, month or year such as 2026-11-24 or 2026-11")]
AboutTime = Annotated[
    str,
    _Read(lambda text: parse_datetime(text, UTC), "a day or time such as 2026-11-24T22:30"),
]
"""Days of a document, which are held to the calendar where it is read."""


HowMany = Annotated[int, Ge(0)]


def checker(document: type[object]) -> Callable[[object], Any]:
    """A function that raises `pydantic.ValidationError` for a value that is no such document.

    Pydantic takes a fifth of a second to import, which only those that read a document need.
    """
    from pydantic import TypeAdapter

    return TypeAdapter(document).validate_python


CriterionOutcome = Literal["met", "not_met", "not_evidenced", "not_applicable"]
"""What a criterion may be; the last: it is not yet due."""
Outcome = Literal["met", "not_met", "not_evidenced", "not_applicable", "excepted", "error"]
JUDGED: tuple[Literal["met", "not_met", "not_evidenced"], ...] = ("met", "not_met", "not_evidenced")
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
    """The program that wrote the document."""

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
    """The pack that judged, and the SHA-256 of its files."""

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
    """The sample that the run judges, and what a draw can be repeated by."""

    seed: str
    frame_sha256: Annotated[str, Description("Of the sorted ids of the frame, one a line")]
    replaced: Annotated[list[str], Description("Why each replaced record could not be audited")]


class OfficeInfo(Closed):
    """Whose audit it is, and what the office says of it in its own words."""

    name: str
    commentary: Annotated[str, Description("Paragraphs are apart by a blank line")]


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
    """The audit plan, the SHA-256 of its file, and the sample."""

    sha256: str
    sample: NotRequired[SampleUsedInfo | None]


class FileInfo(Closed):
    """An input file by name; no hash for records that a program gave."""

    name: str
    sha256: str


class RecordsRead(Closed):
    """How many records the run read, and what became of them; `by_kind` are those judged."""

    read: HowMany
    judged: Annotated[HowMany, Description("Records that decoded and were judged by the rules")]
    left_out: HowMany
    outside: NotRequired[
        Annotated[HowMany, Description("Records that the plan's filter keeps out")]
    ]
    not_drawn: NotRequired[Annotated[HowMany, Description("Records that the sample did not draw")]]
    by_kind: dict[str, int]


class InputInfo(Closed):
    """What the run read: files by name, and how many records."""

    files: list[FileInfo]
    records: RecordsRead


_From = TypedDict("_From", {"from": Day | None})


class ValueInfo(_From, Closed):
    """A value in force from a day on; null: always."""

    value: Any


class ParameterInfo(Closed):
    """A parameter and its values, each from its day on; `overridden`: by a local settings file."""

    name: str
    title: str
    unit: str
    source: str
    overridden: bool
    values: list[ValueInfo]


class ProblemInfo(Closed):
    """One thing wrong with a record: where, as a JSON pointer, and what."""

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
