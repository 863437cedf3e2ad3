"""What people decided and what became of it: exceptions, moderation and actions in reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from scr_audit.actions.judgement import target_words
from scr_audit.documents.editions import Bundle, is_board
from scr_audit.documents.run import (
    ActionInfo,
    ExceptionInfo,
    ExceptionState,
    ModerationInfo,
    ShownByInfo,
)
from scr_audit.report.tables import Column, Row, Table
from scr_audit.report.wording import day_text, key_words, value_text
from scr_audit.values.text import counted

_DID: Mapping[ExceptionState, str] = {
    "applied": "excepted",
    "expired": "expired: it did nothing",
    "not_yet": "not yet in force: it did nothing",
    "rule_not_in_run": "the rule is not in this run",
    "record_not_judged": "no record of this id was judged",
    "unit_not_found": "no unit of this rule in the record has this key: it did nothing",
    "several_units": "several units of this rule in the record have this key: it did nothing",
    "nothing_to_except": "nothing to except: no unit is not met",
}
_IDLE: tuple[ExceptionState, ...] = ("rule_not_in_run", "record_not_judged", "nothing_to_except")
IDLE_NOUNS = ("exception that did nothing", "exceptions that did nothing")
_LOST: tuple[ExceptionState, ...] = ("unit_not_found", "several_units")
IN_FORCE = tuple(state for state in _DID if state not in ("expired", "not_yet"))


def exceptions_sentence(bundle: Bundle) -> str:
    """How many exceptions are in force, what they excepted, and which did nothing; or nothing."""
    entries = _entries(bundle)
    if not entries:
        return ""
    states = [entry["state"] for entry in entries]
    in_force = sum(state in IN_FORCE for state in states)
    units = sum(entry["units"] for entry in entries)
    lost = sum(states.count(state) for state in _LOST)
    idle = in_force - states.count("applied") - lost
    sentences = [
        f"{counted(in_force, 'approved exception')} in force: {counted(units, 'unit')} that "
        f"{'is' if units == 1 else 'are'} not met {'is' if units == 1 else 'are'} shown as "
        "excepted, and in no rate",
        f"{idle:,} of them found nothing to except" if idle else "",
        f"{lost:,} of them fit no unit, or several, and did nothing" if lost else "",
        f"{states.count('expired'):,} expired and did nothing" if "expired" in states else "",
        f"{states.count('not_yet'):,} not yet in force" if "not_yet" in states else "",
    ]
    return f"{'; '.join(filter(None, sentences))}."


def _entries(bundle: Bundle) -> Sequence[ExceptionInfo]:
    found = None if is_board(bundle) else bundle.get("exceptions")
    return found["entries"] if found else ()


def exceptions_table(bundle: Bundle) -> Table:
    """Every exception with its approval, and what it did in this run; in the order of the file."""
    columns = (
        Column("state", "In this run"), Column("excepted", "Units excepted", "count"),
        Column("rule", "Rule"), Column("record", "Record"), Column("unit", "Unit"),
        Column("reason", "Reason"), Column("approved_by_role", "Approved by"),
        Column("from", "From", "day"), Column("until", "Until", "day"),
    )  # fmt: skip
    entries = _entries(bundle)
    nouns = {rule["id"]: rule["unit"] for rule in bundle["rules"]}
    rows: list[Row] = [
        (
            _DID[entry["state"]], entry["units"], entry["rule"], entry["record"],
            _unit(entry, nouns.get(entry["rule"], "unit")), entry["reason"],
            entry["approved_by_role"], entry["from"], entry["until"],
        )
        for entry in entries
    ]  # fmt: skip
    return Table("exceptions", "Exceptions", columns, rows)


def _unit(entry: ExceptionInfo, noun: str) -> str:
    """Which units an exception is about."""
    if entry["key"] is None:
        return entry.get("unit") or "every unit"
    return key_words(entry["key"], noun) or "the record or list itself"


def idle_lines(bundle: Bundle) -> list[str]:
    """Each exception that expired, with its last day, and each that did nothing, with why."""
    entries = _entries(bundle)
    nouns = {rule["id"]: rule["unit"] for rule in bundle["rules"]}
    lines = []
    for entry in entries:
        if entry["state"] == "expired":
            said = f"expired, the last day was {day_text(entry['until'])}"
        elif entry["state"] in _IDLE:
            said = f"{_DID[entry['state']]}{_hint(entry)}"
        elif entry["state"] in _LOST:
            said = f"{_unit(entry, nouns.get(entry['rule'], 'unit'))}: {_DID[entry['state']]}"
        else:
            continue
        lines.append(f"{entry['rule']}, {entry['record']}: {said}")
    return lines


def _hint(entry: ExceptionInfo) -> str:
    like = entry.get("looks_like")
    return (
        f"; '{like}', which was read, looks like it: name that one if it is meant" if like else ""
    )


def _moderation(bundle: Bundle) -> ModerationInfo | None:
    return None if is_board(bundle) else bundle.get("moderation")


def moderation_sentence(bundle: Bundle) -> str:
    """How much two auditors' readings differed, and what moderation decided; or nothing."""
    found = _moderation(bundle)
    if not found:
        return ""
    rules = found["rules"]
    differ = sum(rule["first_second"] for rule in rules)
    first = sum(rule["first_moderated"] for rule in rules)
    second = sum(rule["second_moderated"] for rule in rules)
    alone = found["not_read_twice"]
    more = f" {counted(alone, 'record')} not read twice." if alone else ""
    return (
        f"{counted(found['records'], 'record')} read by two auditors and moderated: "
        f"{counted(len(found['decisions']), 'fact')} decided. By their own readings the two "
        f"auditors differ on {counted(differ, 'verdict')}; moderation changed {first:,} of the "
        f"first auditor's verdicts and {second:,} of the second's.{more}"
    )


def decided_table(bundle: Bundle) -> Table:
    """Each fact that a moderator decided: what either auditor said, what counts, who, and why."""
    columns = (
        Column("record", "Record"), Column("pointer", "Pointer"), Column("question", "Question"),
        Column("first", "First auditor"), Column("second", "Second auditor"),
        Column("decided", "Decided"), Column("reason", "Reason"), Column("role", "By role"),
        Column("on", "On", "day"),
    )  # fmt: skip
    found = _moderation(bundle)
    rows: list[Row] = [
        (item["record"], item["pointer"], item["question"], value_text(item["first"]),
         value_text(item["second"]), value_text(item["decided"]), item["reason"], item["role"],
         item["on"] or "")
        for item in (found["decisions"] if found else ())
    ]  # fmt: skip
    return Table("decided", "Moderation: decisions", columns, rows)


def moderated_rules_table(bundle: Bundle) -> Table:
    """By rule: on how many units the verdicts of the two and the moderated one differ."""
    columns = (
        Column("rule", "Rule"), Column("units", "Units compared", "count"),
        Column("first_second", "First and second differ", "count"),
        Column("first_moderated", "First changed", "count"),
        Column("second_moderated", "Second changed", "count"),
    )  # fmt: skip
    found = _moderation(bundle)
    rows: list[Row] = [
        (rule["rule"], rule["units"], rule["first_second"], rule["first_moderated"],
         rule["second_moderated"])
        for rule in (found["rules"] if found else ())
    ]  # fmt: skip
    return Table("moderated_rules", "Moderation: verdicts by rule", columns, rows)


VERDICTS = {
    "worked": "worked",
    "not_yet": "not yet",
    "cannot_tell": "cannot tell",
}
NO_TASK = "(the task is not stated)"


class ActionLine(NamedTuple):
    """An action as texts: what was set, how far it is, the verdict of the run, and why.

    `serves` is the recommendation and the agency; `shown_by` the rule, target and quarter.
    """

    id: str
    task: str
    serves: str
    due: str
    status: str
    shown_by: str
    verdict: str
    reason: str


def action_lines(bundle: Bundle) -> list[ActionLine]:
    """The actions of a run, or of a board document; none where it was held against no plan."""
    return [_action_line(action) for action in bundle.get("actions") or ()]


def _action_line(action: ActionInfo) -> ActionLine:
    due: str | None = action.get("due")
    is_overdue: bool | None = action.get("overdue")
    agency = (action["agency"] or "").replace("_", " ")
    return ActionLine(
        action["action"],
        action["task"] or NO_TASK,
        ", ".join(filter(None, (action["recommendation"], agency))),
        day_text(due) if due else "",
        f"{action['status']}{', overdue' if is_overdue else ''}",
        _shown_by_words(action["shown_by"]),
        VERDICTS[action["verdict"]],
        action["reason"],
    )


def _shown_by_words(asked: ShownByInfo) -> str:
    target = "no share" if asked["target"] is None else target_words(asked["target"])
    return f"asked for: {target} in {asked['period']}"


def plan_table(bundle: Bundle) -> Table:
    """The actions with what became of them; without rows where the run was held against none."""
    columns = (
        Column("action", "Action"), Column("task", "Task"), Column("serves", "For"),
        Column("due", "Due"), Column("status", "Status"), Column("shown_by", "Shown by"),
        Column("verdict", "Worked?"), Column("reason", "Why"),
    )  # fmt: skip
    return Table("plan", "What became of actions", columns, list(action_lines(bundle)))
