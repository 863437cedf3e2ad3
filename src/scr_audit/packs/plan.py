"""Audit plans: which rules of a pack an audit uses, and the question it answers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from scr_audit.errors import InputError, PackError, did_you_mean
from scr_audit.packs.authored import validated
from scr_audit.packs.models import PlanFile
from scr_audit.packs.pack import Pack
from scr_audit.packs.yaml_source import Document, read_yaml


@dataclass(frozen=True)
class AuditPlan:
    """A checked audit plan; no `rules` and no `recommendations`: all rules of the pack.

    `selection` says in words how the records were chosen; `standard` is for every rule that
    `standards` does not name.
    """

    id: str
    title: str
    question: str
    pack: str
    rules: tuple[str, ...]
    recommendations: tuple[str, ...]
    selection: str
    standard: float | None
    standards: Mapping[str, float]
    sha256: str
    document: Document

    def standard_of(self, rule: str) -> float | None:
        """The share of a rule's units that must be met, 1 for always; None: no standard is set."""
        return self.standards.get(rule, self.standard)


def load_plan(path: Path) -> AuditPlan:
    """The plan in a YAML file. Raises `PackError` or, where it cannot be read, `InputError`."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    document = read_yaml(data, str(path))
    authored, problems = validated(PlanFile, document)
    if authored is None or document.problems:
        raise PackError([*problems, *document.problems])
    return AuditPlan(
        authored.id,
        authored.title,
        authored.question,
        authored.pack,
        tuple(authored.rules),
        tuple(authored.recommendations),
        authored.selection,
        None if authored.standard is None else _share(authored.standard),
        {rule: _share(standard) for rule, standard in authored.standards.items()},
        hashlib.sha256(data).hexdigest(),
        document,
    )


def _share(standard: int | Literal["always"]) -> float:
    return 1.0 if standard == "always" else standard / 100


def planned(pack: Pack, plan: AuditPlan) -> Pack:
    """The pack with only the rules that the plan uses.

    Raises `PackError` where the plan names another pack, or a rule or recommendation that
    the pack does not have.
    """
    problems = []
    if plan.pack not in (pack.id, *pack.members):
        place = plan.document.place(("pack",))
        message = f"the plan is for the pack '{plan.pack}', not '{pack.id}'"
        problems.append(plan.document.problem(place, message))
    known = {
        "rules": [rule.id for rule in pack.rules],
        "recommendations": [rule.paragraph for rule in pack.rules],
    }
    for key, names in known.items():
        for index, wanted in enumerate(getattr(plan, key)):
            if wanted not in names:
                place = plan.document.place((key, index))
                what = "rule" if key == "rules" else "recommendation with rules"
                message = f"the pack has no {what} '{wanted}'.{did_you_mean(wanted, names)}"
                problems.append(plan.document.problem(place, message))
    for wanted in plan.standards:
        if wanted not in known["rules"]:
            place = plan.document.place(("standards", wanted))
            message = f"the pack has no rule '{wanted}'.{did_you_mean(wanted, known['rules'])}"
            problems.append(plan.document.problem(place, message))
    if problems:
        raise PackError(problems)
    if not plan.rules and not plan.recommendations:
        return pack
    chosen = tuple(
        rule
        for rule in pack.rules
        if rule.id in plan.rules or rule.paragraph in plan.recommendations
    )
    cited = {rule.paragraph for rule in chosen}
    listing = tuple(item for item in pack.recommendations if item.id in cited)
    return replace(pack, rules=chosen, recommendations=listing)
