"""Which missing facts matter most: those that leave most verdicts open."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from scr_audit.report.wording import counted

_POSITION = re.compile(r"/\d+(?=/|$)")


class MissingFact(NamedTuple):
    """A question without an answer.

    `findings` are not evidenced and lack it; for `alone` of them nothing else is missing, so
    that this answer by itself would settle them.
    """

    question: str
    findings: int
    alone: int


def missing_facts(findings: Iterable[Mapping[str, Any]], most: int) -> list[MissingFact]:
    """The questions whose answers would settle the most findings, the most telling first."""
    lacking: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    for finding in findings:
        if finding["outcome"] != "not_evidenced":
            continue
        questions = set(missing_questions(finding))
        lacking.update(questions)
        if len(questions) == 1:
            alone.update(questions)
    found = [MissingFact(name, number, alone[name]) for name, number in lacking.items()]
    return sorted(found, key=lambda fact: (-fact.findings, -fact.alone, fact.question))[:most]


def missing_of(bundle: Mapping[str, Any], most: int) -> list[MissingFact]:
    """Those of a run; a board document, which has no findings, brings its own along."""
    if "missing" in bundle:
        return [MissingFact(**fact) for fact in bundle["missing"][:most]]
    return missing_facts(bundle["findings"], most)


def missing_text(fact: MissingFact) -> str:
    """How many verdicts the answer would help to settle, and how many by itself."""
    return f"leaves {counted(fact.findings, 'finding')} open, {fact.alone:,} by itself"


def missing_questions(finding: Mapping[str, Any]) -> Sequence[str]:
    """The question of each missing fact; its pointer, without positions, where it has none."""
    questions = {fact["pointer"]: fact["question"] for fact in finding["facts"]}
    return [
        questions.get(pointer) or _POSITION.sub("/*", pointer) for pointer in finding["missing"]
    ]
