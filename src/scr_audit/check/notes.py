"""Notes on a pack in which nothing is wrong: what no rule asks, and what has no words yet.

A fact may be there for reading alone, and one without words is told by its question.
"""

from __future__ import annotations

from collections.abc import Iterator

from scr_audit.errors import listed
from scr_audit.forms.assembly import field_of_path
from scr_audit.forms.questions import facts_read
from scr_audit.language.conditions import Count, Quantifier, parameter_names, walk
from scr_audit.language.phrases import NO_WORDS
from scr_audit.language.types import FactPath, FactType, Field, Kind
from scr_audit.packs.files import PACK_FILE, SCHEMA_FILE
from scr_audit.packs.pack import Pack
from scr_audit.values.text import counted

_FEW = 3  # so that a note stays in one line


def notes_on(pack: Pack) -> tuple[str, ...]:
    """A note about each sort of what is unused or has no words, with how many and the first."""
    return (*_unused(pack), *_wordless(pack))


def _unused(pack: Pack) -> Iterator[str]:
    used = {
        name
        for rule in pack.rules
        for condition in rule.conditions()
        for name in parameter_names(condition)
    }
    shared = {} if pack.extends is None else pack.extends.parameters
    facts = [] if pack.extends else [name for kind in pack.kinds for name in _facts(pack, kind)]
    parameters = [name for name in pack.parameters if name not in used and name not in shared]
    for file, names, noun, nouns in (
        (SCHEMA_FILE, facts, "fact with a question", "facts with a question"),
        (PACK_FILE, parameters, "parameter", "parameters"),
    ):
        yield from _note(f"{file}: no rule asks for", names, noun, nouns)


def _wordless(pack: Pack) -> Iterator[str]:
    """What a reason would tell by a question, or by no name, in a pack that has words."""
    facts: dict[str, bool] = {}
    unnamed = []
    for rule in pack.rules:
        for path in facts_read(rule):
            record = pack.kinds[rule.kind].type
            field, group = (field_of_path(record, steps) for steps in (path, path[:-1]))
            if field is not None and field.type.kind not in (Kind.OBJECT, Kind.OPEN):
                is_told = group is not None and group.type.kind is Kind.OBJECT and _has_words(group)
                facts[f"{rule.kind}.{'.'.join(path)}"] = _has_words(field) or is_told
        asked = [each for condition in rule.conditions() for each in walk(condition)]
        lists = [each for each in asked if isinstance(each, Quantifier | Count) and each.where]
        if (rule.where and not rule.called) or any(not each.called for each in lists):
            unnamed.append(rule.id)
    if any(facts.values()):
        without = [name for name, has_words in facts.items() if not has_words]
        told = f"{SCHEMA_FILE}: no x-says and no x-unknown for"
        yield from _note(told, without, "fact that rules read", "facts that rules read")
        yield from _note("rules: no 'called' where items of a list are chosen, in",
                         unnamed, "rule", "rules")  # fmt: skip


def _has_words(field: Field) -> bool:
    return field.says is not NO_WORDS


def _note(what: str, names: list[str], noun: str, nouns: str) -> Iterator[str]:
    if names:
        few = f": {listed(names)}" if len(names) <= _FEW else f", such as {listed(names[:_FEW])}"
        yield f"{what} {counted(len(names), noun, nouns)}{few}"


def _facts(pack: Pack, kind: str) -> Iterator[str]:
    if kind in pack.gathered:
        return  # nobody is asked about these
    read = {path for rule in pack.rules if rule.kind == kind for path in facts_read(rule)}
    reached = {path[:length] for path in read for length in range(1, len(path) + 1)}
    for path in _not_reached(pack.kinds[kind].type, (), reached):
        yield f"{kind}.{'.'.join(path)}"


def _not_reached(group: FactType, before: FactPath, reached: set[FactPath]) -> Iterator[FactPath]:
    """The facts that have a question and no rule, but for those that tell things apart."""
    apart = {group.read_on, *(steps[0] for steps in group.same_by)}
    for name, field in group.fields.items():
        path = (*before, name)
        if path in reached:
            yield from _not_reached(field.type.item or field.type, path, reached)
        elif field.ask and not field.required and name not in apart:
            yield path
