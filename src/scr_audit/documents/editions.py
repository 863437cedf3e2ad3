"""The board's and the public document of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Never, NotRequired

from annotated_types import Ge, Lt, MaxLen, MinLen, MultipleOf
from typing_extensions import TypeIs

from scr_audit.documents.parts import (
    Closed,
    Description,
    EngineInfo,
    OfficeInfo,
    PackWords,
    ParameterInfo,
    PlanWords,
    RecordsRead,
    SampleWords,
)
from scr_audit.documents.run import (
    ActionInfo,
    ComparedWords,
    FallsDueInfo,
    Fraction,
    PackVersion,
    RatesInfo,
    RecommendationInfo,
    RuleInfo,
    RunBundle,
    TotalsInfo,
    Units,
)
from scr_audit.documents.series import TrendDocument

# The schema says null of the items of a list that the board edition keeps empty; to a type checker
# it has none, so that what reads the items of an auditor's run reads a board's too.
if TYPE_CHECKING:
    Nothing = list[Never]
else:
    Nothing = list[None]
Printed = Annotated[int, Ge(10), MultipleOf(5)] | None
"""A rounded count; null: fewer than 8, which can also mean none."""


class BoardPlan(PlanWords):
    """The audit plan, and the sample in numbers alone."""

    sample: NotRequired[SampleWords | None]


class BoardInput(Closed):
    """How many records were read; the files are not named."""

    files: Annotated[Nothing, MaxLen(0)]
    records: RecordsRead


class Sums(Closed):
    """Units of several rules together, and their shares."""

    totals: Units
    rates: RatesInfo


class MarginInfo(Sums):
    """The sums over the recommendations of one agency, or of one theme."""

    name: str


class GroupInfo(Sums):
    """The sums over the recommendations of one agency and theme."""

    agency: str
    theme: str


class MissingInfo(Closed):
    """A question without an answer, how many findings it leaves open, how many by itself."""

    question: str
    findings: int
    alone: int


class BoardCompared(ComparedWords):
    """What changed since an earlier run, whose pack is named without its hash."""

    pack: PackVersion


class BoardDocument(Closed):
    """A run for its board: true counts, and nothing of any single record."""

    format: Literal["scr-audit/board"]
    format_version: Literal[2]
    confidential: Annotated[str, MinLen(1)]
    engine: EngineInfo
    pack: PackWords
    plan: BoardPlan | None
    office: NotRequired[OfficeInfo]
    as_of: str | None
    input: BoardInput
    parameters: list[ParameterInfo]
    left_out: Annotated[Nothing, MaxLen(0)]
    compared: BoardCompared | None
    trend: NotRequired[TrendDocument | None]
    actions: NotRequired[list[ActionInfo] | None]
    totals: TotalsInfo
    falls_due: NotRequired[list[FallsDueInfo]]
    agencies: list[MarginInfo]
    themes: list[MarginInfo]
    groups: list[GroupInfo]
    recommendations: list[RecommendationInfo]
    rules: list[RuleInfo]
    missing: Annotated[list[MissingInfo], MaxLen(10)]
    records: Annotated[Nothing, MaxLen(0)]
    findings: Annotated[Nothing, MaxLen(0)]


Bundle = RunBundle | BoardDocument
"""A run with true counts: the auditor's in full, or the board's."""


def is_board(bundle: Bundle) -> TypeIs[BoardDocument]:
    """Whether a run is as its board has it, without anything of a single record."""
    return bundle["format"] == "scr-audit/board"


class PublicPack(PackVersion):
    """The pack that judged, by its id, version and title."""

    title: str


class PublicPeriod(Closed):
    """The days that the run looks at, and the same in words."""

    start: str
    end: str
    text: str


class PublicPlan(Closed):
    """The audit plan, where one chose the rules."""

    id: str
    title: str
    question: str
    selection: str | None
    filter: str | None
    period: PublicPeriod | None


class RoundingInfo(Closed):
    """How counts are rounded: to the nearest 5, fewer than 8 not printed; the same in words."""

    base: Literal[5]
    fewer_than: Literal[8]
    sentence: str


class KindInfo(Closed):
    """A kind of record, its plural, and how many were judged; exact."""

    kind: str
    kinds: str
    number: Annotated[int, Ge(20)]


class PublicCounts(Closed):
    """Units, each rounded from its true number, so that they need not add up."""

    met: Printed
    not_met: Printed
    not_evidenced: Printed
    judged: Printed


class PublicStandard(Closed):
    """The share that the plan asks for; a verdict only where every count behind these agrees."""

    share: float
    verdict: Literal["met", "below", "cannot_tell"]


class PublicRuleWords(Closed):
    """What a rule says of itself; `unit` and `unit_plural` name what its counts count."""

    id: str
    title: str
    recommendation: str
    unit: str
    unit_plural: str


class PublicRule(PublicRuleWords, PublicCounts):
    """A rule with its rounded counts."""

    share: Annotated[Fraction, Description("Met of judged as printed; null below 80 judged"), Lt(1)]
    standard: PublicStandard | None


class EarlierRule(PublicCounts):
    """The rounded counts of a rule in an earlier publication."""

    id: str


class EarlierInfo(Closed):
    """What was published before of the rules that ask the same now."""

    as_of: str | None
    period: str | None
    rules: list[EarlierRule]


class PublicDocument(Closed):
    """A run for publication: rounded counts, and what follows from them."""

    format: Literal["scr-audit/public"]
    format_version: Literal[3]
    engine: EngineInfo
    pack: PublicPack
    plan: PublicPlan | None
    as_of: str | None
    rounding: RoundingInfo
    number_of_records: list[KindInfo]
    kinds_left_out: Annotated[
        list[str], Description("Plurals of the kinds of which there are fewer than 20 records")
    ]
    kinds_told_before: Annotated[
        list[str], Description("Plurals of the kinds whose records were published before")
    ]
    set_locally: Annotated[list[str], Description("Parameters that a local settings file changed")]
    rules: Annotated[list[PublicRule], Description("The lowest printed share first")]
    earlier: list[EarlierInfo]


def is_public(document: Bundle | PublicDocument) -> TypeIs[PublicDocument]:
    """Whether a document is that of the public edition."""
    return document["format"] == "scr-audit/public"
