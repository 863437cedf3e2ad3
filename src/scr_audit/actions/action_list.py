"""Lists of actions; whether each says what the pack asks for, and what a run says of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, cast

from scr_audit.actions.action_record import (
    ACTION_KIND,
    OWN,
    action_kind,
    action_record,
    check_due,
    check_text,
    next_event,
    verdict_words,
)
from scr_audit.actions.judgement import Judgement, judge, known_meaning, parse_quarter, target_words
from scr_audit.actions.state import Action, Event, ShownBy
from scr_audit.documents.actions import (
    ActionDocument,
    ActionKept,
    CheckedAction,
    JudgedAction,
    JudgedSaid,
    JudgedWords,
    Settings,
)
from scr_audit.documents.run import ActionInfo, RunHead, ShownByInfo
from scr_audit.engine import Engine
from scr_audit.errors import ArgumentError, RecordError, did_you_mean, listed
from scr_audit.evaluate.finding import Finding
from scr_audit.language.rule import Rule
from scr_audit.language.types import FactType
from scr_audit.packs.pack import Pack
from scr_audit.records.decode import decoder_of
from scr_audit.records.plausible import decode_checked, expect_days
from scr_audit.records.raw import Json

ACTION_HEADINGS = {
    "id": "Action",
    "recommendation": "For",
    "agency": "Agency",
    "task": "Task",
    "owner_role": "Owner",
    "due": "Due",
    "shown_by": "Shown by",
    "status": "Status",
    "worked": "Worked",
}


@dataclass(frozen=True)
class ActionFilter:
    """Which actions to list; None does not filter. `overdue_on` and `due_by` are days."""

    overdue_on: str | None = None
    due_by: str | None = None
    agency: str | None = None
    status: str | None = None


def chosen_actions(actions: Iterable[Action], chosen: ActionFilter) -> list[Action]:
    """The actions that are asked for, in their order."""
    return [action for action in actions if _fits(action, chosen)]


def _fits(action: Action, chosen: ActionFilter) -> bool:
    if chosen.agency is not None and action.agency != chosen.agency:
        return False
    if chosen.status is not None and action.status != chosen.status:
        return False
    if chosen.due_by is not None and not (_open_until(action) <= chosen.due_by):
        return False
    return chosen.overdue_on is None or is_overdue(action, chosen.overdue_on)


def is_overdue(action: Action, day: str) -> bool:
    """Whether it is open and the last day of its date has passed on `day` (year-month-day)."""
    return _open_until(action) < day


def _open_until(action: Action) -> str:
    """The last day on which an open action is in time; one never due sorts after every day."""
    due = action.last_due_day
    return due if due is not None and action.status == "open" else "never"


def row(action: Action, as_of: str) -> dict[str, str]:
    """What a list says of an action, by the keys of `HEADINGS`."""
    overdue = ", overdue" if is_overdue(action, as_of) else ""
    instead = f" by {action.superseded_by}" if action.superseded_by else ""
    judged = action.judged
    return {
        "id": action.id,
        "recommendation": action.recommendation or "",
        "agency": action.agency or "",
        "task": action.task or "",
        "owner_role": action.owner_role or "",
        "due": action.due_now or "",
        "shown_by": shown_by_words(action),
        "status": f"{action.status}{instead}{overdue}",
        "worked": "" if judged is None else verdict_words(judged.verdict),
    }


def shown_by_words(action: Action) -> str:
    """`gp-invited, 90 %, 2027Q1`, or nothing."""
    found = action.shown_by
    return "" if found is None else f"{found.rule}, {target_words(found.target)}, {found.period}"


def action_document(action: Action, as_of: str) -> ActionDocument:
    """An action as JSON, with its evidence, its judgements and all its events."""
    judged = action.judged
    return {
        **cast("ActionKept", asdict(action)),
        "due_now": action.due_now,
        "overdue": is_overdue(action, as_of),
        "number": action.number,
        "worked": None if judged is None else judged.verdict,
    }


_YES_NO = {"yes": True, "no": False, "true": True, "false": False}
_PROGRESS = ("status", "completed", "completed_on", "evidence_seen", "measured")


def check_settings(
    settings: Settings,
    pack: Pack,
    where: Mapping[str, str] | None = None,
    *,
    today: date | None = None,
) -> None:
    """Check the parts of an action by the pack; `where` is the place of each, by its name.

    Raises `InputError` for a recommendation, agency or rule that the pack lacks, and for a day that
    is implausible on the day `today`.
    """
    parts: Mapping[str, Any] = {**settings}  # the type of each follows from its name
    for name, value in parts.items():
        place = name if where is None else where[name]
        if value is None:
            continue
        if name == "recommendation":
            _check_known(value, [item.id for item in pack.recommendations], place, name)
        elif name == "agency":
            check_agency(value, pack, place)
        elif name == "due":
            check_due(value, place, today)
        elif name == "shown_by":
            _check_known(value["rule"], [item.id for item in pack.rules], place, "rule")
            parse_quarter(value["period"])
        else:
            check_text(value, place)


def check_agency(agency: str, pack: Pack, where: str) -> None:
    """Refuse an agency that the pack does not list, where it lists them. Raises `InputError`."""
    choices = action_kind(pack).type.fields.get("agency")
    if choices is not None and choices.type.choices:
        _check_known(agency, choices.type.choices, where, "agency")
    else:
        check_text(agency, where)


def _check_known(value: str, known: Iterable[str], where: str, what: str) -> None:
    names = list(known)
    if value not in names:
        check_text(value, where)  # what is no id may be a text that must not be repeated
        hint = did_you_mean(value, names)
        hint = hint or (f" Known are {listed(names)}." if names else " It has none.")
        raise ArgumentError(where, f"the pack has no {what} '{value}'.{hint}")


def parse_facts(
    said: Mapping[str, bool | str | None], pack: Pack, *, by_role: str, on: str, today: date
) -> dict[str, Json]:
    """Facts by name: yes, no, a date or a text; an empty value takes one away.

    A fact that a person judges (a group with `by_role` and `on`) is kept as the judgement of
    `by_role` on the day `on`. Raises `ArgumentError`.
    """
    fields = action_kind(pack).type.fields
    facts: dict[str, Json] = {}
    for name, value in said.items():
        _check_fact(name, list(fields))
        facts[name] = _value(value, fields[name].type, name, {"by_role": by_role, "on": on})
    _check_facts(facts, pack, today)
    return facts


def _check_fact(name: str, known: list[str]) -> None:
    if name in OWN:
        part = OWN[name].replace("_", " ")
        raise ArgumentError(f"fact {name}", f"is a part of the action itself; say its {part}")
    if name in _PROGRESS:
        raise ArgumentError(
            f"fact {name}", "follows from what is recorded; update the action with evidence"
        )
    if name not in known:
        raise ArgumentError(
            f"fact {name}", f"the pack has no such fact.{did_you_mean(name, known)}"
        )


def _value(text: bool | str | None, kind: FactType, name: str, stamp: Mapping[str, str]) -> Json:
    if text is None or text == "":
        return None
    if {"value", *stamp} <= set(kind.fields):
        return {"value": _value(text, kind.fields["value"].type, name, {}), **stamp}
    if isinstance(text, bool):
        return text
    if kind.kind.name == "BOOLEAN":
        return _YES_NO.get(text, text)
    return check_text(text, f"fact {name}")


def _check_facts(facts: Mapping[str, Json], pack: Pack, today: date) -> None:
    """Check facts by the pack's record schema, and that their days are plausible today.

    Raises `ArgumentError`.
    """
    decoder = decoder_of(pack)
    expect_days(decoder.odd_days, today)
    said = {name: value for name, value in facts.items() if value is not None}
    try:
        decode_checked(decoder, {"id": "A", **said}, ACTION_KIND, today)
    except RecordError as error:
        problem = error.problems[0]
        raise ArgumentError(f"fact {problem.pointer.strip('/')}", problem.message) from error


def judgements(actions: Iterable[Action], bundle: RunHead) -> list[tuple[Action, Judgement]]:
    """Each action that is not superseded, and what the run says of it."""
    return [(action, judge(action, bundle)) for action in actions if action.status != "superseded"]


def judging_events(
    actions: Iterable[Action], bundle: RunHead, run: str, by_role: str, *, at: str
) -> list[Event]:
    """The events that keep a run's judgements, made at `at`; none for those kept already."""
    events = []
    for action, judgement in judgements(actions, bundle):
        asked = action.shown_by
        if action.status != "open" or not judgement.about or asked is None:
            continue
        last = action.judged
        if last is not None and (last.run, last.verdict) == (run, judgement.verdict):
            continue
        judged: JudgedSaid = {
            "verdict": judgement.verdict,
            "reason": judgement.reason,
            "run": run,
            "shown_by": _with_meaning(asked, judgement.meaning or asked.meaning),
        }
        event = next_event(action, {"judged": judged}, by_role=by_role, at=at)
        assert event is not None
        events.append(event)
    return events


def bundle_rows(actions: Iterable[Action], bundle: RunHead) -> list[ActionInfo]:
    """For the run bundle: the actions that name this run, and what it says of them."""
    as_of, rows = bundle["as_of"], []
    for action, judgement in judgements(actions, bundle):
        said = _judged_words_document(action, judgement)
        if judgement.about and (asked := said["shown_by"]) is not None:
            overdue = None if as_of is None else is_overdue(action, as_of)
            row: ActionInfo = {
                **said, "shown_by": asked, "due": action.due_now, "overdue": overdue
            }  # fmt: skip
            rows.append(row)
    return rows


def judged_rows(judged: Iterable[tuple[Action, Judgement]]) -> list[JudgedAction]:
    """The judgements as data."""
    return [{**_judged_words_document(*each), "about": each[1].about} for each in judged]


def _judged_words_document(action: Action, judgement: Judgement) -> JudgedWords:
    """A judgement as data, with what the action's rule asked then, where that is known."""
    asked = action.shown_by
    return {
        "action": action.id,
        "recommendation": action.recommendation,
        "agency": action.agency,
        "task": action.task,
        "status": action.status,
        "shown_by": None if asked is None else _with_meaning(asked, known_meaning(action)),
        "verdict": judgement.verdict,
        "reason": judgement.reason,
    }


def _with_meaning(asked: ShownBy, meaning: str | None) -> ShownByInfo:
    return replace(asked, meaning=meaning).document()


PlanFindings = Sequence[tuple[Rule, Finding]]
"""What each rule over plans says of one action."""


def plan_findings(
    actions: Iterable[Action], pack: Pack, *, as_of: date | None = None
) -> dict[str, PlanFindings]:
    """By action, what the pack's rules over the kind `action` say of it, by default today.

    Raises `InputError` where the pack has no such kind.
    """
    kind, day = action_kind(pack), as_of or date.today()
    rules = {rule.id: rule for rule in pack.rules if rule.kind == ACTION_KIND}
    engine = Engine(replace(pack, rules=tuple(rules.values())))
    return {
        action.id: [
            (rules[finding.rule], finding)
            for finding in engine.evaluate(action_record(action, kind), kind=ACTION_KIND, as_of=day)
        ]
        for action in actions
    }


def shortfalls(found: PlanFindings) -> list[str]:
    """What the plan should say of an action and does not, a line each."""
    return [
        _finding_words(rule, finding)
        for rule, finding in found
        if finding.outcome in ("not_met", "not_evidenced")
    ]


def _finding_words(rule: Rule, finding: Finding) -> str:
    """The outcome, what the rule asks, and what to do."""
    if finding.outcome == "not_met":
        return f"not met: {rule.title}. {rule.advice}".rstrip()
    return f"not evidenced: {rule.title}. {finding.explanation.reason}".rstrip()


def checked_document(found: dict[str, PlanFindings]) -> list[CheckedAction]:
    """The findings as data."""
    return [
        {
            "action": name,
            "findings": [
                {
                    "rule": rule.id,
                    "outcome": finding.outcome,
                    "title": rule.title,
                    "reason": finding.explanation.reason,
                }
                for rule, finding in findings
            ],
        }
        for name, findings in found.items()
    ]
