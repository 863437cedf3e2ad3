"""What a run cannot show, and which missing facts matter most."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from scr_audit.report.wording import counted, percent
from scr_audit.stats.shares import ALWAYS, units_to_show

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


Bundle = Mapping[str, Any]
_LEAST = 0.7  # the lowest standard that the notes of auditors speak of


def limits(bundle: Bundle) -> list[str]:
    """Sentences about how far the run's numbers reach."""
    return [
        _chosen(bundle),
        _too_few(bundle),
        *_clustered(bundle),
        "It says what the files record. What was done and not written down counts as not "
        "evidenced, and what was written down and not done counts as met.",
    ]


def _chosen(bundle: Bundle) -> str:
    plan = bundle["plan"]
    if plan is not None and plan["selection"]:
        return (
            "The intervals hold for the records from which these were drawn, and only if they "
            f"were drawn at random. The plan says: {plan['selection']}"
        )
    return (
        "How these records were chosen was not stated. The intervals hold only for records "
        "drawn at random; otherwise the numbers are about these records and no others."
    )


def _too_few(bundle: Bundle) -> str:
    judged = [rule["rates"]["judged"] for rule in bundle["rules"]]
    needed = units_to_show(_LEAST)
    few = sum(1 for number in judged if 0 < number < needed)
    none = sum(1 for number in judged if number == 0)
    shares = ", ".join(f"{units_to_show(share)} for {percent(share)}" for share in (0.8, 0.9, 0.95))
    sentence = (
        f"Even if all is met, it takes {needed} units to show that {percent(_LEAST)} is reached, "
        f"{shares}. {counted(few, 'rule')} judged fewer than {needed} here"
    )
    nothing = f", and {none:,} nothing at all" if none else ""
    return f"{sentence}{nothing}."


def _clustered(bundle: Bundle) -> list[str]:
    several = [
        rule for rule in bundle["rules"] if rule["rates"]["judged"] > rule["totals"]["records"] > 0
    ]
    if not several:
        return []
    return [
        f"For {counted(len(several), 'rule')} several units come from one record. They are not "
        "independent, so the true uncertainty is wider than the intervals."
    ]


def standard_text(rule: Mapping[str, Any]) -> str:
    """How a rule stands against the plan's standard, or nothing where none is set."""
    standard = rule["standard"]
    if standard is None:
        return ""
    wanted = "always" if standard["share"] == ALWAYS else percent(standard["share"])
    found = {
        "met": "the standard is met",
        "below": "below the standard",
        "cannot_tell": "cannot tell whether the standard is met",
        "no_rate": "nothing was judged",
    }[standard["verdict"]]
    return f"{found} ({wanted})"
