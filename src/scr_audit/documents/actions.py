"""An action of a plan as it is kept and shown: its events, what the rules and a run say of it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from typing_extensions import TypedDict

from scr_audit.documents.parts import AboutDay, Closed, Day, Description
from scr_audit.documents.run import ShownByInfo

Status = Literal["open", "closed", "superseded"]
ActionVerdict = Literal["worked", "not_yet", "cannot_tell"]


class Settings(TypedDict, total=False):
    """Parts of an action; null takes one away."""

    recommendation: str | None
    agency: str | None
    task: str | None
    owner_role: str | None
    due: AboutDay | None
    shown_by: ShownByInfo | None


class EvidenceSaid(Closed):
    """What shows that it was done, which post has seen it, and when."""

    what: str
    seen_by_role: str
    on: Day


class JudgedSaid(Closed):
    """What a run said of an action; `run` is the SHA-256 of its bundle."""

    verdict: ActionVerdict
    reason: str
    run: str
    shown_by: ShownByInfo


class EventWhat(TypedDict, total=False):
    """What one event says of an action: any of these."""

    set: Settings
    facts: Annotated[dict[str, Any], Description("Further facts of the pack; null takes one away")]
    evidence: list[EvidenceSaid]
    judged: JudgedSaid
    status: Status | None
    superseded_by: str | None
    note: str | None
    read_from: Annotated[str, Description("The file whose record made the action")]


class ActionEvent(Closed):
    """One change: its number from 1, the time in UTC, and in which role it was made."""

    action: str
    number: int
    at: str
    by_role: str
    what: EventWhat


class EvidenceKept(EvidenceSaid):
    """What shows that an action was done, as the store keeps it."""

    number: Annotated[int, Description("Of the event that recorded it")]


class JudgedKept(JudgedSaid):
    """What a run said of an action, as the store keeps it."""

    number: Annotated[int, Description("Of the event that recorded it")]


class ActionKept(Closed):
    """The sum of an action's events, and the events."""

    id: str
    recommendation: str | None
    agency: str | None
    task: str | None
    owner_role: str | None
    due: AboutDay | None
    first_due: AboutDay | None
    shown_by: ShownByInfo | None
    facts: dict[str, Any]
    evidence: list[EvidenceKept]
    judgements: list[JudgedKept]
    status: Status
    superseded_by: str | None
    closed_at: str | None
    renewed: Annotated[int, Description("The event that opened it last")]
    read_from: str | None
    events: list[ActionEvent]


class ActionDocument(ActionKept):
    """An action as it stands, with its evidence, its judgements and all its events."""

    due_now: Annotated[AboutDay | None, Description("Where a later date was agreed, that one")]
    overdue: bool
    number: Annotated[int, Description("Of the last event")]
    worked: ActionVerdict | None


class PlanFinding(Closed):
    """What a rule over plans says of an action."""

    rule: str
    outcome: str
    title: str
    reason: str


class CheckedAction(Closed):
    """An action, and whether the plan says of it what the rules ask for."""

    action: str
    findings: list[PlanFinding]


class JudgedWords(Closed):
    """What a run says of an action."""

    action: str
    recommendation: str | None
    agency: str | None
    task: str | None
    status: Status
    shown_by: ShownByInfo | None
    verdict: ActionVerdict
    reason: str


class JudgedAction(JudgedWords):
    """What a run says of an action, and whether it could say it of this one."""

    about: Annotated[bool, Description("Whether the run is of the named quarter and has the rule")]
