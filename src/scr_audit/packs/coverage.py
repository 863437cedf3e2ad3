"""Traceability: from each paragraph of the source document to rules, facts and examples."""

from __future__ import annotations

from dataclasses import dataclass

from scr_audit.language.conditions import Rule, facts
from scr_audit.language.types import FactType, Kind
from scr_audit.packs.pack import Pack

ENCODED, BY_A_PERSON, NOT_ENCODABLE, NOT_ENCODED = (
    "encoded",
    "encoded, in part judged by a person",
    "not encodable",
    "not encoded",
)
ATTESTATION = {"value", "by_role", "on"}


@dataclass(frozen=True)
class Coverage:
    """What encodes one paragraph. `attested` are the facts that only a person can judge.

    `reason` says why a paragraph without rules needs none; `agency` and `theme` are empty for
    paragraphs that recommend nothing.
    """

    id: str
    title: str
    agency: str
    theme: str
    status: str
    reason: str
    rules: tuple[str, ...]
    facts: tuple[str, ...]
    attested: tuple[str, ...]
    examples: int


def coverage(pack: Pack) -> list[Coverage]:
    """The paragraphs of the narrative, then the recommendations, in the document's order."""
    narrative = [
        _row(pack, item.id, item.title, "", "", item.not_encodable, _citing(pack, item.id))
        for item in pack.narrative
    ]
    recommended = [
        _row(pack, item.id, item.title, item.agency, item.theme, "", _for(pack, item.id))
        for item in pack.recommendations
    ]
    return [*narrative, *recommended]


def _for(pack: Pack, paragraph: str) -> list[Rule]:
    return [rule for rule in pack.rules if rule.paragraph == paragraph]


def _citing(pack: Pack, paragraph: str) -> list[Rule]:
    return [rule for rule in pack.rules if paragraph in (rule.paragraph, *rule.see)]


def _row(
    pack: Pack,
    paragraph: str,
    title: str,
    agency: str,
    theme: str,
    reason: str,
    rules: list[Rule],
) -> Coverage:
    paths = [path for rule in rules for path in _paths(pack, rule)]
    used = tuple(dict.fromkeys(path for path, _ in paths))
    attested = tuple(dict.fromkeys(path for path, by_person in paths if by_person))
    status = BY_A_PERSON if attested else ENCODED
    if not rules:
        status = NOT_ENCODABLE if reason else NOT_ENCODED
    return Coverage(
        paragraph,
        title,
        agency,
        theme,
        status,
        "" if rules else reason,
        tuple(rule.id for rule in rules),
        used,
        attested,
        sum(len(pack.examples[rule.id]) for rule in rules),
    )


def _paths(pack: Pack, rule: Rule) -> list[tuple[str, bool]]:
    """The facts a rule reads, each with whether it is a person's attestation."""
    record = pack.kinds[rule.kind].type
    variables = {loop.variable: loop.items.type.item for loop in rule.loops}
    found = []
    for condition in rule.conditions():
        for fact in facts(condition):
            owner = variables.get(fact.variable, None if fact.variable else record)
            found.append((f"{fact}", _is_attested(owner, fact.steps)))
    return found


def _is_attested(owner: FactType | None, steps: tuple[str, ...]) -> bool:
    for step in steps[:-1]:
        if owner is None or step not in owner.fields:
            return False
        owner = owner.fields[step].type
    return owner is not None and owner.kind is Kind.OBJECT and set(owner.fields) >= ATTESTATION
