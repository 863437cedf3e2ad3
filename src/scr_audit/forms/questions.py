"""Which facts the chosen rules need, as the questions of a form, in the order they are asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from scr_audit.errors import ArgumentError
from scr_audit.language.conditions import (
    Condition,
    Count,
    DayOf,
    Fact,
    Quantifier,
    children,
    operands,
)
from scr_audit.language.rule import Rule
from scr_audit.language.types import (
    SIGNED,
    FactPath,
    FactType,
    Field,
    Kind,
    asked_within,
    is_judgement,
)
from scr_audit.packs.pack import Pack
from scr_audit.records.raw import Json, value_at

OTHER_THEME = "Other questions"
_MOST_ON_A_LINE = 4


@dataclass(frozen=True)
class Question:
    """One fact that is asked.

    `path` leads to it from the record, without the places in lists; `home` is the list whose
    item it is a fact of (`()`: the record). `group` is the innermost group around it and
    `group_words` what that is asked with. `together`: the facts of the group stand on one line
    and share one evidence note. `themes` are the themes of the rules that need it, in order.
    """

    path: FactPath
    home: FactPath
    field: Field = field(compare=False)
    group: FactPath = ()
    group_words: str = ""
    together: bool = False
    themes: tuple[str, ...] = ()

    @property
    def type(self) -> FactType:
        return self.field.type

    @property
    def is_list(self) -> bool:
        """Whether its items have a sheet of their own."""
        return self.type.group_item is not None

    @property
    def name(self) -> str:
        """The fact as a rule would write it: `plans.actions.specific.value`."""
        return ".".join(self.path)


@dataclass(frozen=True)
class Questions:
    """The questions about one kind of record: first the record's, then list by list."""

    kind: str
    all: tuple[Question, ...]
    themes: tuple[str, ...]

    def of(self, home: FactPath) -> tuple[Question, ...]:
        """The questions about the record (`()`) or about each item of a list."""
        return tuple(question for question in self.all if question.home == home)

    @property
    def lists(self) -> tuple[Question, ...]:
        """The questions whose items have a sheet of their own, outer lists first."""
        return tuple(question for question in self.all if question.is_list)


def questions_of(pack: Pack, kind: str) -> Questions:
    """The questions that the pack's rules about records of `kind` need answered.

    Raises `ArgumentError` where no rule needs anything, or the engine makes such records itself.
    """
    if kind in pack.gathered:
        raise ArgumentError(
            f"kind {kind}", "the engine makes these records itself; nobody is asked"
        )
    needed = _needed_paths(pack, kind)
    used = {theme for themes in needed.values() for theme in themes}
    order = tuple(theme for theme in _theme_order(pack) if theme in used)
    found = tuple(_QuestionWalk(needed, order).questions(pack.kinds[kind].type))
    if not needed or not found:
        with_rules = sorted({rule.kind for rule in pack.rules} - set(pack.gathered))
        raise ArgumentError(
            f"kind {kind}",
            "the chosen rules need no fact of such a record. "
            f"They are about: {', '.join(with_rules) or 'nothing'}.",
        )
    first = {question.themes[0] for question in found if not question.home}
    return Questions(kind, found, tuple(theme for theme in _theme_order(pack) if theme in first))


def _theme_order(pack: Pack) -> tuple[str, ...]:
    named = [item.theme for item in pack.recommendations if item.theme]
    return (*dict.fromkeys(named), OTHER_THEME)


def _needed_paths(pack: Pack, kind: str) -> dict[FactPath, set[str]]:
    """The paths that rules mention, each with the themes of those rules."""
    themes = {item.id: item.theme for item in pack.recommendations}
    needed: dict[FactPath, set[str]] = {}
    for rule in pack.rules:
        if rule.kind == kind:
            for path in facts_read(rule):
                needed.setdefault(path, set()).add(themes.get(rule.paragraph) or OTHER_THEME)
    return needed


def facts_read(rule: Rule) -> Iterator[FactPath]:
    """The path from the record to every fact that a rule reads, its lists among them."""
    places: dict[str, FactPath] = {"": ()}
    for loop in rule.loops:
        places[loop.variable] = _path(loop.items, places)
        yield places[loop.variable]
    for condition in rule.conditions():
        yield from _facts_in(condition, places)
    if rule.in_force_on is not None:
        yield _path(rule.in_force_on, places)


def _facts_in(condition: Condition, places: Mapping[str, FactPath]) -> Iterator[FactPath]:
    for operand in operands(condition):
        fact = operand.operand if isinstance(operand, DayOf) else operand
        if isinstance(fact, Fact):
            yield _path(fact, places)
    if isinstance(condition, Quantifier | Count):
        places = {**places, condition.variable: _path(condition.items, places)}
    for child in children(condition):
        yield from _facts_in(child, places)


def _path(fact: Fact, places: Mapping[str, FactPath]) -> FactPath:
    return (*places[fact.variable], *fact.steps)


class _QuestionWalk:
    """Walks a record type in the schema's order and keeps what is needed."""

    def __init__(self, needed: Mapping[FactPath, set[str]], order: tuple[str, ...]) -> None:
        self.needed = needed
        self.order = order
        self.on_the_way = {path[:end] for path in needed for end in range(1, len(path) + 1)}

    def questions(self, record: FactType) -> Iterator[Question]:
        # The record's id is asked on the front sheet.
        fields = [field for field in record.fields.values() if field.name != "id"]
        asked = list(self._facts(fields, Question((), (), Field("", record))))
        yield from _outer_first(asked)

    def _facts(self, fields: Iterable[Field], around: Question) -> Iterator[Question]:
        for item in fields:
            path = (*around.path, item.name)
            # Whoever fills in the form judges, in the role and on the day that it begins with.
            if is_judgement(around.type) and item.name in SIGNED and path not in self.needed:
                continue
            if path in self.on_the_way or item.required:
                themes = self._themes(path) or around.themes or (OTHER_THEME,)
                yield from self._fact(item, path, around, themes)

    def _fact(
        self, item: Field, path: FactPath, around: Question, themes: tuple[str, ...]
    ) -> Iterator[Question]:
        asked = replace(around, path=path, field=item, themes=themes)
        if item.type.kind in (Kind.OBJECT, Kind.OPEN):
            yield from self._group(asked)
            return
        yield asked
        if item.type.group_item is not None:
            inner = Question(path, path, item, themes=themes)
            yield from self._facts(item.type.group_item.fields.values(), inner)

    def _group(self, group: Question) -> Iterator[Question]:
        """The facts of a group: all of them where a rule asks whether anything in it is recorded.

        The group alone cannot be asked for: one in which nothing is recorded is not recorded.
        """
        within = set(_within(group.type, group.path))
        if group.path in self.needed or self.on_the_way.isdisjoint(within):
            self.on_the_way |= within
        fields = [asked_within(group.field, inner) for inner in group.type.fields.values()]
        inner = replace(group, group=group.path, group_words=group.field.question, together=False)
        found = list(self._facts(fields, inner))
        here = [question for question in found if question.group == group.path]
        if not found:  # an open group, whose facts nobody has named
            found = [inner]
        elif len(here) == len(found) <= _MOST_ON_A_LINE and not any(q.is_list for q in found):
            found = [replace(question, together=True) for question in found]
        yield from found

    def _themes(self, path: FactPath) -> tuple[str, ...]:
        """The themes of the rules that need the fact or, of a group or list, anything in it."""
        used: set[str] = set()
        for needed, themes in self.needed.items():
            if needed[: len(path)] == path:
                used |= themes
        return tuple(theme for theme in self.order if theme in used)


def _within(group: FactType, path: FactPath) -> Iterator[FactPath]:
    """The paths of all facts in a group, those of the groups in it among them."""
    for name, inner in group.fields.items():
        yield (*path, name)
        if inner.type.kind is Kind.OBJECT:
            yield from _within(inner.type, (*path, name))


def _outer_first(asked: list[Question]) -> Iterator[Question]:
    """List by list: an item's facts stand together, before those of the lists in it."""
    homes = dict.fromkeys(question.home for question in asked)
    for home in homes:
        yield from (question for question in asked if question.home == home)


KnownFacts = Mapping[str, Json]
Steps = tuple[str | int, ...]


@dataclass(frozen=True)
class Item:
    """An item of a list: where it is in the record, its facts, and the item it belongs to."""

    steps: Steps
    facts: KnownFacts
    outer: Steps = ()


def items_of(record: KnownFacts, home: FactPath) -> list[Item]:
    """Every item of the list at `home`, in the record's order; of no list: the record itself."""
    found = [Item((), record)]
    rest = home
    while rest:
        found, rest = _inner(found, rest)
    return found


def _inner(items: list[Item], steps: FactPath) -> tuple[list[Item], FactPath]:
    """The items of the first list on the way from `items`, and the steps that are left."""
    for end in range(1, len(steps) + 1):
        inner = [
            Item((*item.steps, *steps[:end], place), facts, item.steps)
            for item in items
            if isinstance(values := value_at(item.facts, steps[:end]), list)
            for place, facts in enumerate(values)
            if isinstance(facts, Mapping)
        ]
        if inner:
            return inner, steps[end:]
    return [], ()
