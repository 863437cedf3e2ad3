"""The run bundle."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired

from typing_extensions import TypedDict

from scr_audit.documents.parts import (
    AboutDay,
    AboutTime,
    AnonymityInfo,
    Closed,
    CriterionOutcome,
    Day,
    Description,
    EngineInfo,
    FileInfo,
    HowMany,
    InputInfo,
    LeftOutInfo,
    OfficeInfo,
    Outcome,
    PackInfo,
    ParameterInfo,
    PlanInfo,
    RemarksInfo,
    Severity,
    UnitKeyInfo,
)
from scr_audit.documents.series import RuleComparison, TrendDocument
from scr_audit.stats.shares import AgainstStandard

ExceptionState = Literal[
    "applied",
    "expired",
    "not_yet",
    "rule_not_in_run",
    "record_not_judged",
    "unit_not_found",
    "several_units",
    "nothing_to_except",
]
Fraction = float | None


class Units(Closed):
    """Units by outcome."""

    met: HowMany
    not_met: HowMany
    not_evidenced: HowMany
    not_applicable: HowMany
    excepted: HowMany
    error: HowMany


class RuleUnits(Units):
    """Units of one rule by outcome, and their records."""

    records: Annotated[HowMany, Description("Records with at least one judged unit of this rule")]
    records_met: NotRequired[
        Annotated[HowMany | None, Description("Of those, records whose judged units are all met")]
    ]
    records_not_met: NotRequired[
        Annotated[
            HowMany | None,
            Description("Of those, records with a unit not met; the rest does not say"),
        ]
    ]


class RatesInfo(Closed):
    """Shares met, as fractions; null where there is nothing to divide by.

    `assured`, `low` and `high` are of the `judged` units (met, not met or not evidenced),
    `evidenced` and its `interval` of those met or not met.
    """

    judged: HowMany
    assured: Fraction
    evidenced: Fraction
    low: Fraction
    high: Fraction
    interval: tuple[float, float] | None


class RecordTotals(Closed):
    """Records by all rules together."""

    judged: Annotated[HowMany, Description("Records with at least one judged unit")]
    all_met: Annotated[HowMany, Description("Of those, records whose judged units are all met")]


class TotalsInfo(Closed):
    """Units, shares and records over all rules."""

    units: Units
    rates: RatesInfo
    records: RecordTotals


class RecommendationInfo(Closed):
    """A recommendation and the sums over its rules; `rules` is empty where none encodes it."""

    id: str
    title: str
    agency: str
    theme: str
    rules: list[str]
    totals: Units
    rates: RatesInfo


class StandardInfo(Closed):
    """The share that the audit plan asks for; 1: always, and no interval is used."""

    share: float
    verdict: AgainstStandard


class RuleWords(Closed):
    """What a rule says of itself; `unit` and `unit_plural` name what its totals count."""

    id: str
    recommendation: str
    see: list[str]
    title: str
    record: str
    severity: Severity
    unit: str
    unit_plural: str
    advice: str | None
    criteria: list[str]
    location: str
    meaning: NotRequired[
        Annotated[
            str | None,
            Description("SHA-256 of what the rule asks; null: an older run, which has none"),
        ]
    ]


class RuleInfo(RuleWords):
    """A rule with its counts."""

    totals: RuleUnits
    rates: RatesInfo
    standard: StandardInfo | None


class EventInfo(Closed):
    """A dated thing of a record: the item at `pointer`, called `name`."""

    pointer: str
    name: str
    date: Annotated[AboutTime | None, Description("May be imprecise; null: not recorded")]
    until: AboutTime | None


class RecordInfo(Closed):
    """A record that was judged: its units by outcome, and its dated events."""

    id: str
    kind: str
    totals: Units
    events: Annotated[list[EventInfo], Description("Earliest first, those without a date last")]


class SourceInfo(Closed):
    """A file and a place in it; by which role a fact was judged, and when."""

    file: str
    place: NotRequired[str | None]
    role: NotRequired[str | None]
    on: NotRequired[AboutDay | None]
    note: NotRequired[str | None]
    page: NotRequired[str | None]


class SaidInfo(SourceInfo):
    """What one source says of a fact on which sources differed."""

    value: Any


class OriginInfo(SourceInfo):
    """Where a fact comes from; of one that was decided: whose decision, and what sources said."""

    also: NotRequired[Annotated[list[SourceInfo] | None, Description("Others that say the same")]]
    said: NotRequired[list[SaidInfo] | None]


class FactInfo(Closed):
    """A fact behind a verdict; value null: not recorded."""

    pointer: str
    value: Any
    question: str
    provenance: NotRequired[OriginInfo | None]


class LateInfo(Closed):
    """A date that came too late for a time limit: the day it was due, and by how much."""

    pointer: str
    due: Day
    text: str


class FactChange(Closed):
    """A fact that would have been different; only: no other value would do.

    A value null is *not recorded*; `{}` is a group or an item of which no more is needed. A
    pointer past the end of a list adds an item.
    """

    pointer: str
    question: str
    now: Any
    then: Any
    only: bool


class RemedyInfo(Closed):
    """The smallest change of facts found that would have made the unit met; none: none was found.

    `text` tells it. A unit that is not evidenced has no changes here, since its `missing` facts are
    the answer: then `text` is where to look for them.
    """

    changes: list[FactChange]
    text: str


_From = TypedDict("_From", {"from": Annotated[Day, Description("The first day it is in force")]})


class ApprovalInfo(_From, Closed):
    """Why a unit may be not met, in which role somebody approved it, and for how long."""

    reason: str
    approved_by_role: str
    until: Annotated[Day, Description("The last day it is in force")]


class ExceptedByInfo(ApprovalInfo):
    """The approval by which a finding is excepted; its outcome by the rule alone is kept."""

    original_outcome: Literal["not_met"]


class ExceptionInfo(ApprovalInfo):
    """An entry of the file of exceptions, and what it did; `units` are those it excepted."""

    rule: str
    record: str
    key: Annotated[
        list[dict[str, Any]] | None,
        Description("The facts that name the unit, or some of them; null: every unit of the rule"),
    ]
    unit: NotRequired[
        Annotated[
            str | None,
            Description("In a run of format version 1: JSON pointer of the unit instead"),
        ]
    ]
    state: ExceptionState
    looks_like: NotRequired[
        Annotated[
            str, Description("Where no record of this id was judged: an id that looks like it")
        ]
    ]
    units: HowMany


class ExceptionsInfo(Closed):
    """The file of exceptions, where the run had one."""

    file: str
    sha256: str
    entries: list[ExceptionInfo]


class JudgedUnit(Closed):
    """Which record a rule judged, and the outcome."""

    rule: str
    record: str
    outcome: Outcome


class UnitVerdict(JudgedUnit):
    """The verdict on one unit, known by its key."""

    unit: Annotated[str, Description("JSON pointer into the record; empty: the record itself")]
    key: UnitKeyInfo
    key_named: Annotated[
        bool,
        Description(
            "Whether the schema names the facts of the key; if not, all facts are in it, and "
            "correcting one changes it"
        ),
    ]


class KeptVerdict(UnitVerdict):
    """The verdict on one unit as a store may keep it: of the key no more than its hash."""

    key_sha256: NotRequired[str]


class FindingInfo(UnitVerdict):
    """A verdict with everything behind it."""

    criteria: dict[str, CriterionOutcome]
    exception: str | None
    facts: list[FactInfo]
    missing: list[str]
    reason: str
    remedy: RemedyInfo | None
    late: list[LateInfo]
    excepted_by: NotRequired[ExceptedByInfo | None]


class FallsDueInfo(Closed):
    """Units that were not yet due when their files were read, by the month of their last day."""

    month: AboutDay
    rule: str
    units: HowMany


class PackVersion(Closed):
    """A pack by its id and version."""

    id: str
    version: str


class EarlierPack(PackVersion):
    """The pack of an earlier run, with its SHA-256."""

    sha256: str


class ComparedWords(Closed):
    """What changed since an earlier run: its units over all rules, and each rule then and now."""

    as_of: Day | None
    period: str | None
    other_period: NotRequired[
        Annotated[str, Description("In what the period is not the one that the plan compares with")]
    ]
    units: Units
    rules: list[RuleComparison]


class ComparedInfo(ComparedWords):
    """What changed since an earlier run, and the pack of that run."""

    pack: EarlierPack


class ShownByInfo(Closed):
    """The rule, share and quarter that are to show that an action worked."""

    rule: str
    target: Fraction
    period: str
    meaning: NotRequired[str | None]


class ActionInfo(Closed):
    """An action that named this run to show that it worked, and what the run says of it."""

    action: str
    recommendation: str | None
    agency: str | None
    task: str | None
    due: NotRequired[AboutDay | None]
    status: Literal["open", "closed", "superseded"]
    overdue: NotRequired[
        Annotated[
            bool | None, Description("On the day of the run; null: it has no day, or nobody said")
        ]
    ]
    shown_by: ShownByInfo
    verdict: Literal["worked", "not_yet", "cannot_tell"]
    reason: str


class DecidedInfo(Closed):
    """A fact on which two auditors differed, and what a moderator decided; null: not recorded."""

    kind: str
    record: str
    pointer: str
    question: str
    first: Any
    second: Any
    decided: Any
    reason: str
    role: str
    on: AboutDay | None


class ModeratedRule(Closed):
    """By rule: units compared, and on how many of them two of the three verdicts differ."""

    rule: str
    units: HowMany
    first_second: HowMany
    first_moderated: HowMany
    second_moderated: HowMany


class ModerationInfo(Closed):
    """Two auditors' readings beside the moderated records that this run judged."""

    first: list[FileInfo]
    second: list[FileInfo]
    records: HowMany
    not_read_twice: HowMany
    decisions: list[DecidedInfo]
    rules: list[ModeratedRule]


class RunHead(Closed):
    """A run without its records and findings: what was judged by what, and the totals."""

    format: Literal["scr-audit/run"]
    format_version: Literal[2]
    engine: EngineInfo
    pack: PackInfo
    plan: PlanInfo | None
    office: NotRequired[
        Annotated[OfficeInfo, Description("Left out: nobody said whose audit it is")]
    ]
    as_of: Day | None
    input: InputInfo
    parameters: list[ParameterInfo]
    left_out: list[LeftOutInfo]
    remarks: NotRequired[
        Annotated[
            RemarksInfo | None,
            Description("Left out: there is nothing to know of the records judged"),
        ]
    ]
    anonymity: NotRequired[
        Annotated[
            AnonymityInfo | None, Description("Null: the records did not pass through the gate")
        ]
    ]
    exceptions: NotRequired[
        Annotated[ExceptionsInfo | None, Description("Left out: the run had no file of exceptions")]
    ]
    moderation: NotRequired[
        Annotated[
            ModerationInfo | None,
            Description("Left out: the records are not moderated, or nobody said so"),
        ]
    ]
    compared: ComparedInfo | None
    trend: NotRequired[
        Annotated[
            TrendDocument | None, Description("Left out: no earlier run of the series was given")
        ]
    ]
    actions: NotRequired[
        Annotated[
            list[ActionInfo] | None, Description("Left out: the run was not held against a plan")
        ]
    ]
    totals: TotalsInfo
    falls_due: NotRequired[
        Annotated[
            list[FallsDueInfo], Description("In the order of the months, and of the rules in each")
        ]
    ]
    recommendations: list[RecommendationInfo]
    rules: list[RuleInfo]


class RunBundle(RunHead):
    """One run: what was judged by what, the totals, and every finding with its reasons."""

    records: list[RecordInfo]
    findings: list[FindingInfo]
