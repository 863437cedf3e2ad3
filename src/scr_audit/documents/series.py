"""The comparison of two runs, and the trend of a series of them."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from scr_audit.documents.parts import (
    Closed,
    Day,
    Description,
    EngineInfo,
    HowMany,
    Outcome,
    Severity,
    UnitKeyInfo,
)
from scr_audit.stats.signals import ChartGate, Direction, SignalKind

ShareVerdict = Literal["higher", "lower", "same_records", "cannot_tell", "no_rate", "not_compared"]
RuleKept = Literal["same", "changed", "only_now", "only_then"]
ChangeKind = Literal[
    "regressed",
    "opened",
    "still_open",
    "closed",
    "lost_evidence",
    "no_longer_judged",
    "newly_met",
    "not_matched",
    "open_in_new_record",
    "open_in_record_gone",
    "unchanged",
    "other",
    "other_records",
]


class ComparedPack(Closed):
    """The pack that both runs are of."""

    id: str
    title: str


class ComparedRun(Closed):
    """One of the two runs; `run` is its file's name or its id in few signs."""

    run: str
    as_of: Day | None
    period: str | None
    plan: str | None
    pack_version: str
    pack_sha256: str
    records: HowMany


class ComparedCounts(Closed):
    """Units of a rule, and records with at least one judged unit.

    A record is met where all of its judged units are, not met where one is not, and otherwise not
    evidenced. Null: not counted by the run.
    """

    met: HowMany
    not_met: HowMany
    not_evidenced: HowMany
    judged: HowMany
    records: HowMany
    records_met: HowMany | None
    records_not_met: HowMany | None


class DifferenceInfo(Closed):
    """The share of records met, of those met or not met, now minus then, as a fraction."""

    difference: float | None
    interval: Annotated[tuple[float, float] | None, Description("Newcombe's, 95 %")]
    p_value: Annotated[float | None, Description("Fisher's exact test, two-sided")]
    adjusted_p_value: Annotated[
        float | None,
        Description("Of all rules compared (Benjamini and Hochberg); 0.05 or less is a change"),
    ]
    needed: Annotated[
        int | None,
        Description(
            "Too few to tell: about how many records on each side would tell such shares "
            "apart, or if equal, a fall from 90 % to 70 %; null: told, or equal and unchanged"
        ),
    ]
    verdict: ShareVerdict
    power: Annotated[
        float | None,
        Description("The chance that such samples show a fall from 90 % to 70 %, by itself"),
    ]
    records_in_both: NotRequired[
        Annotated[
            int | None,
            Description(
                "Records that both runs judged by the rule; null: not known. Where they are "
                "all, the verdict is same_records: nothing was sampled, so nothing is tested"
            ),
        ]
    ]


class SplitInfo(Closed):
    """A change in two steps: of the rule, on the old records; then of practice, by the new rule."""

    old_records: Annotated[ComparedCounts, Description("The old records by the new rule")]
    of_rule: float | None
    of_practice: DifferenceInfo


class RuleComparison(DifferenceInfo):
    """A rule of either run; `findings` counts its units by class of change."""

    id: str
    title: str
    recommendation: str
    severity: Severity
    unit: str
    record: str
    unit_plural: str
    rule: RuleKept
    then: ComparedCounts | None
    now: ComparedCounts | None
    split: SplitInfo | None
    findings: dict[ChangeKind, int] | None


class UnitChangeInfo(Closed):
    """What became of a unit; null: the run has no such unit.

    A unit that is not matched, since its key is not unique or not known, has one run only.
    """

    rule: str
    record: str
    key: UnitKeyInfo
    unit_then: Annotated[str | None, Description("JSON pointer into the record of the earlier run")]
    unit_now: Annotated[str | None, Description("JSON pointer into the record of the later run")]
    change: ChangeKind
    then: Outcome | None
    now: Outcome | None


class ComparisonDocument(Closed):
    """Two runs of a pack: what became of each rule's share and of each unit."""

    format: Literal["scr-audit/comparison"]
    format_version: Literal[2]
    engine: EngineInfo
    pack: ComparedPack
    then: ComparedRun
    now: ComparedRun
    rejudged: Annotated[bool, Description("Whether the old records were judged by the new rules")]
    fall_of_power: tuple[float, float]
    findings_kept: bool
    rules: list[RuleComparison]
    changes: list[UnitChangeInfo]


class KeptRunInfo(Closed):
    """A run of a store, as a list of them tells it."""

    id: Annotated[str, Description("SHA-256 of its bundle")]
    added_at: str
    pack: str
    pack_version: str
    plan: str | None
    as_of: Day | None
    period: str | None
    detail: Annotated[str, Description("What was kept: totals, findings or facts")]
    rules: HowMany
    records: Annotated[HowMany, Description("Records judged")]


MaybeShare = float | None


class ChartedPack(Closed):
    """The pack of the last run."""

    id: str
    title: str
    version: str


class ChartedRun(Closed):
    """A run of the series; `run` is its id in few signs."""

    run: str
    as_of: Day | None
    period: str | None
    pack_version: str
    records: Annotated[HowMany, Description("Records judged")]


class FalseSignals(Closed):
    """How many charts would show a signal though nothing has changed."""

    charts: Annotated[HowMany, Description("Stretches that carry signals")]
    expected: float
    simulated_series: Annotated[HowMany, Description("Simulated series of each chart")]


class SignalInfo(Closed):
    """Special cause variation, from the time `first` to the time `last`."""

    kind: SignalKind
    first: str
    last: str
    direction: Direction


class DispersionInfo(Closed):
    """How widely the points scatter (1: as chance), and the most that is taken for chance."""

    sigma_z: float | None
    most: float
    laney: Annotated[bool, Description("Whether Laney's correction has widened the limits")]


class PointInfo(Closed):
    """A point of time: its units, their share, and what is drawn there.

    The share is met, of met and not met. A gap has no units and no share; where nothing is
    evidenced there is no share either.
    """

    at: str
    met: HowMany
    not_met: HowMany
    not_evidenced: Annotated[HowMany, Description("In no share")]
    records: Annotated[HowMany, Description("Records with a judged unit")]
    share: MaybeShare
    interval: tuple[float, float] | None
    limits: tuple[float, float] | None
    signals: list[str]
    mixed: Annotated[bool, Description("Runs of this time ask different things: no one point")]


class StretchInfo(Closed):
    """Points between two changes of what the rule asks; no signal reaches out of it."""

    gate: ChartGate
    points_with_data: Annotated[HowMany, Description("Points with a share")]
    independent: Annotated[
        bool,
        Description(
            "Whether each unit comes from a record of its own; if not, no p-chart is drawn"
        ),
    ]
    centre: MaybeShare
    dispersion: DispersionInfo | None
    signals: list[SignalInfo]
    points: list[PointInfo]


class ChartedRule(Closed):
    """A rule over the series: its points in stretches within which it asks the same."""

    id: str
    title: str
    recommendation: str
    severity: Severity
    unit_plural: str
    several_of_one_record: bool
    stretches: list[StretchInfo]


class TrendDocument(Closed):
    """The shares over a series of runs by rule, and what is more than chance."""

    format: Literal["scr-audit/trend"]
    format_version: Literal[2]
    engine: EngineInfo
    pack: ChartedPack
    plan: str | None
    by: Literal["month", "quarter", "run"]
    runs: list[ChartedRun]
    times: list[str]
    without_data: Annotated[list[str], Description("Times without a run")]
    false_signals: FalseSignals
    rules: list[ChartedRule]
    never_judged: NotRequired[
        Annotated[HowMany, Description("Rules left out, since no run judged anything by them")]
    ]
