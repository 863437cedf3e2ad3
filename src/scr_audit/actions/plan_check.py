"""Whether a plan says of its actions what the rules over plans ask for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from scr_audit.actions.record import KIND, action_kind, action_record
from scr_audit.actions.state import Action
from scr_audit.documents.actions import CheckedAction
from scr_audit.engine import Engine
from scr_audit.evaluate.finding import Finding
from scr_audit.language.conditions import Rule
from scr_audit.packs.pack import Pack

PlanFindings = Sequence[tuple[Rule, Finding]]
"""What each rule over plans says of one action."""


def plan_findings(
    actions: Iterable[Action], pack: Pack, *, as_of: date | None = None
) -> dict[str, PlanFindings]:
    """By action, what the pack's rules over the kind `action` say of it, by default today.

    Raises `InputError` where the pack has no such kind.
    """
    kind, day = action_kind(pack), as_of or date.today()
    rules = {rule.id: rule for rule in pack.rules if rule.kind == KIND}
    engine = Engine(replace(pack, rules=tuple(rules.values())))
    return {
        action.id: [
            (rules[finding.rule], finding)
            for finding in engine.evaluate(action_record(action, kind), kind=KIND, as_of=day)
        ]
        for action in actions
    }


def lacks(found: PlanFindings) -> list[str]:
    """What the plan should say of an action and does not, a line each."""
    return [
        _words(rule, finding)
        for rule, finding in found
        if finding.outcome in ("not_met", "not_evidenced")
    ]


def _words(rule: Rule, finding: Finding) -> str:
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
