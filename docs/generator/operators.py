"""The operators: one section each, from the table of the language."""

from __future__ import annotations

from typing import Any

from generator import answers, samples
from generator.markdown import answer, shown, table
from scr_audit.language.conditions import Test
from scr_audit.language.line import parse_line
from scr_audit.language.operators import OPERATORS, Operator
from scr_audit.language.types import DATES, NUMBERS, WORDS, Kind


def shipped() -> list[Operator]:
    """The operators of the language itself, without any that a program registered."""
    return [operator for operator in OPERATORS.values() if not operator.registered]


def sections() -> str:
    """A heading, the sentence, what stands around it, an example and its truth table."""
    return "\n\n".join(section(operator) for operator in shipped())


def title(operator: Operator) -> str:
    return f"`{operator.name}`" if operator.name else "A fact standing alone"


def section(operator: Operator) -> str:
    return "\n\n".join(
        [
            f"### {title(operator)}",
            operator.sentence,
            f"- Before it: {_subjects(operator)}.\n"
            f"- After it: {_objects(operator)}{_end(operator)}.",
            f"```yaml\n{operator.example}\n```",
            truth_table(operator),
        ]
    )


def _subjects(operator: Operator) -> str:
    kinds = [kind.value for kind in Kind if kind in operator.subjects]
    if len(kinds) > len(Kind) - 2:
        return "any fact, a group of facts or a list"
    if operator.subjects == {Kind.LIST}:
        return "a list of choices, texts or numbers"
    return " or ".join([", ".join(kinds[:-1]), kinds[-1]] if len(kinds) > 1 else kinds)


def _objects(operator: Operator) -> str:
    if operator.objects == "none":
        return "nothing"
    if operator.takes_unknown:
        return "a fact"
    if operator.objects == "many":
        objects = "words, quoted texts or numbers with commas between them"
        return f"{objects}, or one `{{parameter}}` that is a list"
    if operator.period:
        dates = " and ".join(f"`{end}`" for end, _ in operator.period)
        return f"a group of facts that has the dates {dates}"
    if operator.subjects == {Kind.LIST}:
        return "a word of the list's choices, a quoted text, a number, a fact or a `{parameter}`"
    if operator.subjects <= DATES:
        if Kind.DATE not in operator.subjects:
            return "a date and time"
        return "a date, as a fact, written as `2010-04-01`, a `{parameter}` or `{as_of}`"
    if operator.subjects <= NUMBERS:
        return "a number, a fact or a `{parameter}`"
    if operator.written:
        return "a quoted pattern"
    if operator.subjects == {Kind.TEXT}:
        return "a quoted text, a fact or a `{parameter}`"
    if operator.subjects <= WORDS:
        return "a word of the choices, a quoted text, a fact or a `{parameter}`"
    return "a word, a quoted text, a number, a date, yes or no, a fact or a `{parameter}`"


def _end(operator: Operator) -> str:
    return f", then `{' '.join(operator.last_words)}`" if operator.last_words else ""


def truth_table(operator: Operator) -> str:
    """The operator's example on sample values, as the engine answers it."""
    heads, found = answered(operator)
    rows = [[*(shown(part) for part in row), answer(value)] for row, value in found]
    return table([*(f"`{head}`" for head in heads), "answer"], rows)


def answered(operator: Operator) -> tuple[list[str], list[tuple[tuple[Any, ...], bool | None]]]:
    """The facts of the operator's example; their sample values, each with its answer."""
    line = parse_line(operator.example)
    condition = answers.checked(operator.example)
    test = condition if isinstance(condition, Test) else None
    after = line.objects[0].text if line.objects else ""
    heads = samples.columns(operator, test, line.subject.text, after)
    found = []
    for row in samples.rows(operator, test):
        facts = dict(zip(heads, row, strict=True))
        as_of = facts.pop(samples.AS_OF, None)
        day = samples.DAY if as_of else None
        found.append((row, answers.answer(condition, answers.nested(facts), day)))
    return heads, found
