"""A new exception: the unit that it names among findings, and its entry in the file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import yaml

from scr_audit.anonymity.patterns import refuse_identifier
from scr_audit.approvals.approved import ApprovedException
from scr_audit.approvals.exceptions_file import may_cover_one, read_exceptions
from scr_audit.errors import ArgumentError, InputError, PackError, did_you_mean, listed
from scr_audit.evaluate.finding import Finding
from scr_audit.evaluate.outcomes import Approval
from scr_audit.language.rule import Rule
from scr_audit.language.types import DATES, NUMBERS, FactType, Value
from scr_audit.language.unit_key import holds, item_types, key_facts, plain
from scr_audit.packs.pack import Pack
from scr_audit.packs.yaml_source import Document, read_yaml
from scr_audit.records.raw import Json, plain_value
from scr_audit.values.text import normal_text, several


def exception_for(
    findings: Iterable[Finding],
    rule: str,
    record: str,
    *,
    approval: Approval,
    pack: Pack,
    unit: Sequence[str] | str = (),
) -> ApprovedException:
    """The exception of a rule in a record, for one of its units or for every one.

    `findings` are those of a run or an engine; the unit is named by its JSON pointer, or by facts
    of its key, `NAME=VALUE` each. Raises `ArgumentError` where there is no such rule or record, or
    where the unit cannot be told from others.
    """
    known, id = known_rule(rule, pack), normal_text(record)
    of_rule = [each for each in findings if each.rule == rule]
    found = [each for each in of_rule if each.record == id]
    if not found:
        hint = did_you_mean(id, {each.record for each in of_rule})
        raise ArgumentError(f"record {id}", f"the rule {rule} has no finding on it.{hint}")
    # The record itself needs no key: nothing else in it could be meant.
    named = several(unit)
    key = find_unit(found, named, known).key if named else None
    return ApprovedException(rule, known.kind, id, key if known.loops else None, approval)


def known_rule(rule: str, pack: Pack) -> Rule:
    """The rule of this id. Raises `ArgumentError`."""
    known = [each.id for each in pack.rules]
    if rule not in known:
        hint = did_you_mean(rule, known)
        raise ArgumentError(f"rule {rule}", f"the pack {pack.id} has no such rule.{hint}")
    return pack.rule(rule)


def find_unit(findings: Sequence[Finding], said: Sequence[str], rule: Rule) -> Finding:
    """The finding on the named unit, among those of one record by one rule.

    The unit is named by its JSON pointer or by facts of its key, `NAME=VALUE` each. Raises
    `ArgumentError` where none or several fit, or where no key could tell the unit from the others.
    """
    found = [each for each in findings if all(_fits(each, part, rule) for part in said)]
    if len(found) != 1:
        names = {name for each in findings for facts in each.key for name in facts}
        unknown = next((n for n in (part.partition("=")[0] for part in said) if n not in names), "")
        what = f"{len(found)} units fit" if found else "no unit fits"
        raise ArgumentError(
            f"unit {' '.join(said)}",
            f"{what}.{did_you_mean(unknown, names)} The units of {findings[0].rule} in "
            f"{findings[0].record}: {listed((_unit_text(each) for each in findings), most=12)}",
        )
    key = found[0].key
    if not all(key) or sum(holds(key, each.key) for each in findings) > 1:
        raise ArgumentError(
            f"unit {' '.join(said)}",
            "nothing that is recorded tells this unit from the others of "
            f"{findings[0].rule} in {findings[0].record}; record a fact that does",
        )
    return found[0]


def _fits(finding: Finding, said: str, rule: Rule) -> bool:
    name, equals, value = said.partition("=")
    if not equals:
        return finding.unit == said
    parts = zip(item_types(rule), finding.key, strict=False)
    return any(
        name in facts and _states(normal_text(value), key_facts(kind)[name], facts[name])
        for kind, facts in parts
    )


def _states(text: str, fact: FactType, value: Value) -> bool:
    """Whether a text states a fact's value, as a file of exceptions may write it."""
    try:
        if fact.kind in NUMBERS:
            return bool(float(text) == value)
        if fact.kind in DATES:
            return bool(plain(fact, plain_value(fact, text)) == value)
    except (TypeError, ValueError):
        return False
    return text in _texts(value)


def _texts(value: Value) -> tuple[str, ...]:
    """The texts that stand for a fact's value."""
    if isinstance(value, bool):
        return ("yes", "true") if value else ("no", "false")
    return (", ".join(value) if isinstance(value, list) else str(value),)


def _unit_text(finding: Finding) -> str:
    facts = [f"{name}={_texts(value)[0]}" for part in finding.key for name, value in part.items()]
    return " ".join(
        [finding.unit or "the record itself", *([f"({', '.join(facts)})"] * bool(facts))]
    )


_NONE_YET = re.compile(r"^(exceptions:)[ \t]*\[\s*\]", re.MULTILINE)


def with_entry(path: Path, content: bytes | None, entry: ApprovedException, pack: Pack) -> bytes:
    """The content of a file of exceptions with one more entry; all that stands there is kept.

    None: there is no file yet. Raises `PackError` for what is wrong with the entry or the file,
    `ArgumentError` where its reason or role holds an identifier, and `InputError` where another
    entry covers the same, or where the file is written so that nothing can be added at its end.
    """
    for name, told in (("reason", entry.approval.reason), ("by_role", entry.approval.by_role)):
        refuse_identifier(name, told, "reports repeat it")
    before = [] if content is None else list(read_exceptions(content, path, pack).entries)
    if content is not None:
        _check_alone(entry, before, read_yaml(content, str(path)))
    text = "exceptions:\n" if content is None else _NONE_YET.sub(r"\1", content.decode(), count=1)
    end = "\r\n" if "\r\n" in text else "\n"
    added = end.join(_lines(entry, _indent(text, path)))
    made = f"{text}{'' if text.endswith(end) else end}{added}{end}".encode()
    if not _is_list_of(made, path, len(before) + 1):
        raise InputError(
            f"{path}: its entries do not stand one below the other, so none can be added. "
            f"Write it in yourself:\n{added}"
        )
    found = read_exceptions(made, path, pack).entries
    assert found == (*before, entry), "the entry that was written is not the one that was meant"
    return made


def _check_alone(
    entry: ApprovedException, before: Sequence[ApprovedException], document: Document
) -> None:
    """Refuse an entry that may cover what one in the file covers. Raises `InputError`."""
    for number, other in enumerate(before):
        if (other.rule, other.record) == (entry.rule, entry.record) and may_cover_one(entry, other):
            raise InputError(
                f"{document.place(('exceptions', number))}: the entry there can cover the same "
                "unit on the same days; nothing was written. Part their days, name more facts, or "
                "change the entry that is there"
            )


def _is_list_of(made: bytes, path: Path, number: int) -> bool:
    try:
        return len(read_yaml(made, str(path)).value["exceptions"]) == number
    except (PackError, TypeError):
        return False


def _indent(text: str, path: Path) -> str:
    """What stands before the hyphen of the first entry."""
    document = read_yaml(text.encode(), str(path))
    place = document.values.get(("exceptions", 0))
    if place is None:
        return "  "
    before = document.lines[place[0] - 1][: place[1] - 1]
    return before[: before.find("-")] if "-" in before else "  "


def _lines(entry: ApprovedException, indent: str) -> Iterator[str]:
    key = entry.key
    facts: Mapping[str, Json] = {
        "rule": entry.rule,
        "record": entry.record,
        "unit": key[0] if key is not None and len(key) == 1 else key,
        "reason": entry.approval.reason,
        "approved_by_role": entry.approval.by_role,
        "from": entry.approval.since.isoformat(),
        "until": entry.approval.until.isoformat(),
    }
    start = "- "
    for name, value in facts.items():
        if value is not None:
            yield f"{indent}{start}{name}: {_inline(value)}"
            start = "  "


class _Dumper(yaml.SafeDumper):
    """Writes days without quotes, since our files read them as text."""


_Dumper.yaml_implicit_resolvers = {
    sign: [(tag, form) for tag, form in resolvers if not tag.endswith(":timestamp")]
    for sign, resolvers in yaml.SafeDumper.yaml_implicit_resolvers.items()
}


def _inline(value: object) -> str:
    dumped: str = yaml.dump(
        value, Dumper=_Dumper, default_flow_style=True, allow_unicode=True, sort_keys=False,
        width=float("inf"),
    )  # fmt: skip
    return dumped.removesuffix("...\n").strip()
