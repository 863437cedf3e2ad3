"""A condition that is tried on records: a rule with nothing else in it, judged as any other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from scr_audit.anonymity.patterns import identifiers_in
from scr_audit.errors import InputError, PackError
from scr_audit.evaluate.finding import Finding
from scr_audit.language.check import KeyPath
from scr_audit.language.line import LineError, parse_line
from scr_audit.language.types import Plain
from scr_audit.packs.models import RuleFile
from scr_audit.packs.pack import Pack
from scr_audit.packs.rules import CheckedRules, PackNames, RuleText, check_rule_file
from scr_audit.packs.yaml_source import Document, Spot, read_yaml
from scr_audit.values.calendar import calendar_named

GIVEN = "(given)"  # what stands for the file that a condition is in
ID = "trial"
_AT: KeyPath = ("rules", 0, "require", "it")


def trial_pack(pack: Pack, condition: str, kind: str, for_each: Sequence[str] = ()) -> Pack:
    """The pack with one rule, which is met by each unit that the condition holds for.

    `condition` is a line or, as in a rule file, YAML; `for_each` are lists, `visits as visit`.
    Raises `PackError` with all that is wrong, `InputError` where that would name somebody.
    """
    given = _read(condition)
    rule: dict[str, Plain] = {
        "id": ID,
        "title": "The condition that is tried",
        "source": {"paragraph": ""},
        "record": kind,
        "require": {"it": given.value},
        "severity": "low",
    }
    if for_each:
        rule |= {"for_each": [*for_each], "if_none": "not_applicable"}
    document = _placed(given, for_each, {"rules": [rule]})
    known = PackNames(pack.kinds, pack.parameters, (), calendar_named(pack.calendar))
    checked = CheckedRules()
    check_rule_file(RuleText(document, RuleFile.model_validate(document.value)), known, checked)
    if checked.problems:
        if identifiers_in(condition):  # a part of it, repeated, would no longer look like one
            raise InputError("the condition holds an identifier; say it without")
        raise PackError(
            replace(each, message=each.message.replace("the criterion 'it'", "the condition"))
            for each in checked.problems
        )
    return replace(pack, rules=tuple(checked.rules.values()), examples=checked.examples)


def answer(finding: Finding) -> str:
    """What a condition that is tried says of a unit, in words."""
    if finding.outcome == "not_applicable":
        return "not yet due" if finding.judgement.waiting else "nothing to ask"
    return {"met": "yes", "not_met": "no"}.get(finding.outcome, "not recorded")


def _placed(read: Document, for_each: Sequence[str], value: Plain) -> Document:
    """The condition where it stands in a rule file of this value, and the lists on lines below."""
    values: dict[KeyPath, Spot] = {(*_AT, *path): spot for path, spot in read.values.items()}
    for number in range(len(for_each)):
        values["rules", 0, "for_each", number] = len(read.lines) + number + 1, 1
    return replace(
        read,
        value=value,
        lines=[*read.lines, *for_each],
        values=values,
        keys={(*_AT, *path): spot for path, spot in read.keys.items()},
        quoted={(*_AT, *path): style for path, style in read.quoted.items()},
        brackets={(*_AT, *path) for path in read.brackets},
    )


def _read(condition: str) -> Document:
    line = Document(GIVEN, [condition], condition, {(): (1, 1)})
    try:
        read = read_yaml(condition.encode(), GIVEN)
    except PackError:
        if "\n" not in condition and (_is_line(condition) or condition[:1] not in ("{", "[")):
            return line
        raise
    return line if isinstance(read.value, str) and "\n" not in condition else read


def _is_line(text: str) -> bool:
    try:
        parse_line(text)
    except LineError:
        return False
    return True
