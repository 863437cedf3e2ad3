"""What a pack has and none of its rules asks: facts with a question, and parameters.

Nothing is wrong with either, so these are notes: a fact may be there for reading alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from scr_audit.errors import listed
from scr_audit.forms.questions import facts_read
from scr_audit.language.conditions import parameter_names
from scr_audit.language.types import FactPath, FactType
from scr_audit.packs.files import PACK_FILE, SCHEMA_FILE
from scr_audit.packs.pack import Pack
from scr_audit.values.text import counted

_FEW = 3  # so that the note stays in one line


def unused(pack: Pack) -> tuple[str, ...]:
    """A note about each sort of what no rule asks, with how many and the first of them."""
    used = {
        name
        for rule in pack.rules
        for condition in rule.conditions()
        for name in parameter_names(condition)
    }
    shared = {} if pack.extends is None else pack.extends.parameters
    facts = [] if pack.extends else [name for kind in pack.kinds for name in _facts(pack, kind)]
    parameters = [name for name in pack.parameters if name not in used and name not in shared]
    return (
        *_note(SCHEMA_FILE, facts, "fact with a question", "facts with a question"),
        *_note(PACK_FILE, parameters, "parameter", "parameters"),
    )


def _note(file: str, names: list[str], noun: str, nouns: str) -> Iterator[str]:
    if names:
        how_many = counted(len(names), noun, nouns)
        few = f": {listed(names)}" if len(names) <= _FEW else f", such as {listed(names[:_FEW])}"
        yield f"{file}: no rule asks for {how_many}{few}"


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
