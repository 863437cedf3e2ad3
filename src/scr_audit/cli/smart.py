"""`scr-audit actions check`: each action judged by the pack's own rules for a plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from scr_audit.actions.record import KIND, action_kind, action_record
from scr_audit.actions.state import Action
from scr_audit.engine import Engine
from scr_audit.evaluate.finding import Finding
from scr_audit.language.conditions import Rule
from scr_audit.packs.pack import Pack

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
