"""`scr-audit actions add`, `update` and `show`: changes of a plan, and the history of an action."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from scr_audit.actions.judgement import parse_quarter, parse_target
from scr_audit.actions.listing import check_settings, parse_facts
from scr_audit.actions.record import (
    KIND,
    action_kind,
    action_record,
    check_day,
    check_id,
    check_text,
    first_event,
    known_action,
    next_event,
    next_id,
)
from scr_audit.actions.state import Action, Event, applied, fold
from scr_audit.cli.app_actions import AddRequest, UpdateRequest
from scr_audit.cli.streams import OK, say
from scr_audit.engine import Engine
from scr_audit.errors import InputError
from scr_audit.evaluate.finding import Finding
from scr_audit.language.conditions import Rule
from scr_audit.packs.builtin import load_pack
from scr_audit.packs.pack import Pack

if TYPE_CHECKING:
    from scr_audit.store.opening import Store


OPTIONS = {
    "recommendation": "--recommendation",
    "agency": "--agency",
    "task": "--task",
    "owner_role": "--owner-role",
    "due": "--due",
    "shown_by": "--shown-by",
}


_Said = AddRequest | UpdateRequest


@contextlib.contextmanager
def opened(named: str | None, *, make: bool = True) -> Iterator[Store]:
    """The store, closed afterwards. Raises `InputError`; without `make`, where there is none."""
    if not make and _is_new(named):
        from scr_audit.store.opening import location

        raise InputError(
            f"{location(named)}: there is no store yet; 'scr-audit actions add' or 'import' makes "
            "one"
        )
    _check_library()
    from scr_audit.store.opening import open_store

    store = open_store(named, create=make)
    try:
        yield store
    finally:
        store.close()


def written(
    named: str | None, decide: Callable[[Mapping[str, Action]], Sequence[Event]]
) -> list[Event]:
    """Write the events that `decide` makes of the actions, and give them back.

    No store is made where nothing is to be written to it. Raises `InputError`.
    """
    if _is_new(named) and not decide({}):
        return []
    with opened(named) as place:
        from scr_audit.store.actions import write_events

        return write_events(place, decide)


def _is_new(named: str | None) -> bool:
    """Whether the store is a file that is not there yet."""
    _check_library()
    from scr_audit.store.opening import location

    file = location(named).file
    return file is not None and not file.exists()


def _check_library() -> None:
    try:
        import scr_audit.store.opening  # noqa: F401  # whether it can be
    except ModuleNotFoundError as error:
        raise InputError(
            f"actions are kept in a store, which needs the library {error.name}; "
            "pip install 'scr-audit[history]'"
        ) from error


def now_text() -> str:
    """The time in UTC, to the second, as the store keeps it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def add_command(said: AddRequest) -> int:
    """Add an action, and say what a plan should tell of it and this one does not; the exit code."""
    pack, name = load_pack(said.pack), said.name
    what = _what(said, pack, None, None)
    if not what["set"]:
        raise InputError("say what is to be done, such as with --task and --recommendation")

    def decide(actions: Any) -> list[Event]:
        wanted = next_id(actions) if name is None else check_id(name, actions)
        return [first_event(wanted, what, by_role=said.by_role, at=now_text())]

    events = written(said.store, decide)
    added = fold(events[0].action, events)
    say(f"added {added.id}")
    _say_lacks(added, pack)
    return OK


def update_command(said: UpdateRequest) -> int:
    """Add an event to an action; the exit code."""
    from scr_audit.store.actions import changed_meanwhile, write_events

    status = said.status
    pack, name = load_pack(said.pack), said.action
    kept: dict[str, Action] = {}

    def decide(actions: Any) -> Sequence[Event]:
        action = kept["before"] = known_action(name, actions)
        if said.seen is not None and said.seen != action.number:
            raise changed_meanwhile(action)
        if said.superseded_by is not None:
            _check_successor(action, known_action(said.superseded_by, actions))
        what = _what(said, pack, action, status)
        event = next_event(action, what, by_role=said.by_role, at=now_text())
        return [] if event is None else [event]

    with opened(said.store, make=False) as place:
        events = write_events(place, decide)
    if not events:
        say(f"{name}: it says so already; nothing was written")
        return OK
    updated = applied(kept["before"], events[0])
    say(f"updated {name} (event {updated.number}); it is {updated.status}")
    _say_lacks(updated, pack)
    return OK


def _check_successor(action: Action, other: Action) -> None:
    if other.id == action.id:
        raise InputError(f"{action.id}: cannot take its own place")
    if other.status == "superseded":
        raise InputError(f"{other.id}: is superseded by {other.superseded_by} itself; name that")


def _what(said: _Said, pack: Pack, action: Action | None, status: str | None) -> dict[str, Any]:
    settings = {name: getattr(said, name) for name in OPTIONS if getattr(said, name) is not None}
    settings.pop("shown_by", None)
    shown_by = _shown_by(said, action)
    if shown_by is not None:
        settings["shown_by"] = shown_by
    today = date.today()
    check_settings(settings, pack, OPTIONS, today)
    if said.on is not None:
        check_day(said.on, "--on", today)
    day = (said.on or today).isoformat()
    return {
        "set": settings,
        "facts": parse_facts(said.facts, pack, by_role=said.by_role, on=day, today=today),
        "evidence": _evidence(said, day),
        "status": status,
        "superseded_by": said.superseded_by,
        "note": None if said.note is None else check_text(said.note, "--note"),
    }


def _shown_by(said: _Said, action: Action | None) -> dict[str, Any] | None:
    """The rule, target and quarter; on an update, those not given stay as they are."""
    if said.shown_by is None and said.target is None and said.period is None:
        return None
    before = action.shown_by if action is not None else None
    rule = said.shown_by or (before and before.rule)
    target = before.target if said.target is None and before else None
    period = before.period if said.period is None and before else None
    if said.period is not None:
        period = parse_quarter(said.period, "--in").label
    if said.target is not None:
        target = parse_target(said.target)
    if not rule or target is None or not period:
        raise InputError(
            "what is to show that it worked needs all of --shown-by RULE, --target and --in QUARTER"
        )
    return {"rule": rule, "target": target, "period": period}


def _evidence(said: _Said, day: str) -> list[dict[str, str]]:
    if said.evidence is None and said.seen_by_role is None:
        return []
    if said.evidence is None or said.seen_by_role is None:
        raise InputError("evidence needs both: --evidence TEXT and --seen-by-role ROLE")
    return [
        {
            "what": check_text(said.evidence, "--evidence"),
            "seen_by_role": check_text(said.seen_by_role, "--seen-by-role"),
            "on": day,
        }
    ]


def _say_lacks(action: Action, pack: Pack) -> None:
    if action.status == "open":
        for line in said_of(action, pack):
            say(f"  {line}")


LACKS = ("not_met", "not_evidenced")


def plan_findings(
    actions: Iterable[Action], pack: Pack, *, as_of: date
) -> dict[str, list[tuple[Rule, Finding]]]:
    """By action, what the pack's rules over the kind `action` say of it."""
    kind = action_kind(pack)
    rules = tuple(rule for rule in pack.rules if rule.kind == KIND)
    engine = Engine(replace(pack, rules=rules))
    by_id = {rule.id: rule for rule in rules}
    return {
        action.id: [
            (by_id[finding.rule], finding)
            for finding in engine.evaluate(action_record(action, kind), kind=KIND, as_of=as_of)
        ]
        for action in actions
    }


def said_of(action: Action, pack: Pack, as_of: date | None = None) -> list[str]:
    """What the plan should say of an action and does not, a line each."""
    day = as_of or date.today()
    found = plan_findings([action], pack, as_of=day)[action.id]
    return [lack_words(rule, finding) for rule, finding in found if finding.outcome in LACKS]


def lack_words(rule: Rule, finding: Finding) -> str:
    """One line: the outcome, what the rule asks, and what to do."""
    if finding.outcome == "not_met":
        return f"not met: {rule.title}. {rule.advice}".rstrip()
    return f"not evidenced: {rule.title}. {finding.explanation.reason}".rstrip()


def check_document(actions: Iterable[Action], pack: Pack, as_of: date) -> list[dict[str, Any]]:
    """What `actions check --json` prints: each action with its findings."""
    found = plan_findings(actions, pack, as_of=as_of)
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
