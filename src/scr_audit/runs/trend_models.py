"""The trend document as Pydantic models: its published, versioned JSON Schema."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from scr_audit.runs.input_models import Bundled, EngineInfo

Share = float | None


class ChartedPack(Bundled):
    """The pack of the last run."""

    id: str
    title: str
    version: str


class ChartedRun(Bundled):
    """A run of the series; `run` is its id in few signs."""

    run: str
    as_of: str | None
    period: str | None
    pack_version: str
    records: int = Field(description="Records judged")


class FalseSignals(Bundled):
    """How many charts would show a signal though nothing has changed."""

    charts: int = Field(description="Stretches that carry signals")
    expected: float
    simulated_series: int = Field(description="Simulated series of each chart")


class SignalInfo(Bundled):
    """Special cause variation, from the time `first` to the time `last`."""

    kind: Literal["outside", "one_side", "trend", "two_of_three", "long_run", "few_crossings"]
    first: str
    last: str
    direction: Literal["up", "down", ""]


class DispersionInfo(Bundled):
    """How widely the points scatter (1: as chance), and the most that is taken for chance."""

    sigma_z: float | None
    most: float
    laney: bool = Field(description="Whether Laney's correction has widened the limits")


class PointInfo(Bundled):
    """A point of time: its units, their share, and what is drawn there.

    The share is met, of met and not met. A gap has no units and no share; where nothing is
    evidenced there is no share either.
    """

    at: str
    met: int
    not_met: int
    not_evidenced: int = Field(description="In no share")
    records: int = Field(description="Records with a judged unit")
    share: Share
    interval: tuple[float, float] | None
    limits: tuple[float, float] | None
    signals: list[str]
    mixed: bool = Field(description="Runs of this time ask different things: no one point")


class StretchInfo(Bundled):
    """Points between two changes of what the rule asks; no signal reaches out of it."""

    gate: Literal["plot", "run_chart", "p_chart"]
    points_with_data: int = Field(description="Points with a share")
    independent: bool = Field(
        description="Whether each unit comes from a record of its own; if not, no p-chart is drawn"
    )
    centre: Share
    dispersion: DispersionInfo | None
    signals: list[SignalInfo]
    points: list[PointInfo]


class ChartedRule(Bundled):
    id: str
    title: str
    recommendation: str
    severity: Literal["high", "medium", "low"]
    unit_plural: str
    several_of_one_record: bool
    stretches: list[StretchInfo]


class TrendDocument(Bundled):
    """The shares over a series of runs by rule, and what is more than chance."""

    format: Literal["scr-audit/trend"]
    format_version: Literal[2]
    engine: EngineInfo
    pack: ChartedPack
    plan: str | None
    by: Literal["month", "quarter", "run"]
    runs: list[ChartedRun]
    times: list[str]
    without_data: list[str] = Field(description="Times without a run")
    false_signals: FalseSignals
    rules: list[ChartedRule]


def trend_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a trend."""
    schema = TrendDocument.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
