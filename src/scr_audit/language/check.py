"""Static checking: authored conditions and rules become typed ones, or problems with places.

Nothing here stops at the first mistake: a condition that cannot be checked is reported and
replaced by nothing, and the rest of the rule is checked all the same. A rule that passes can
never raise on a record that passes the schema.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from scr_audit.errors import Place, did_you_mean, listed
from scr_audit.language.conditions import (
    All,
    AnyOf,
    Condition,
    Constant,
    Count,
    Fact,
    Named,
    Not,
    Quantifier,
    Test,
)
from scr_audit.language.line import Line, LineError, parse_line, tokens
from scr_audit.language.operators import OPERATORS
from scr_audit.language.resolve import Names, resolve_fact, resolve_number, resolve_test
from scr_audit.language.types import FactType, Kind

Path = tuple[str | int, ...]
QUANTIFIERS = ("some", "every", "none")
COMBINERS = ("all", "any", "not")
MOST_NESTED = 3
MOST_DEFINITIONS_DEEP = 20
COUNT_OPERATORS = ("at least", "at most", "more than", "fewer than", "is")


@dataclass(frozen=True)
class Definition:
    """A named condition as authored: its raw value and its path in its file."""

    name: str
    raw: Any
    path: Path
    used: set[str] = field(default_factory=set, compare=False)


@dataclass(frozen=True)
class Reporter:
    """Where problems of one file go. `inside` places a character of the text at a path."""

    problem: Callable[[Place, str], None]
    warning: Callable[[Place, str], None]
    place: Callable[[Path], Place]
    key_place: Callable[[Path], Place]
    inside: Callable[[Path, int], Place]


@dataclass(frozen=True)
class Checker:
    """Checks conditions of one file against the names that are bound where they stand."""

    reporter: Reporter
    definitions: Mapping[str, Definition]

    def condition(self, raw: Any, path: Path, names: Names) -> Condition | None:
        """The typed condition, or None after its problems were reported."""
        checked = self._condition(raw, path, names, ())
        if checked is not None and _nesting(raw) > MOST_NESTED:
            message = f"conditions nested more than {MOST_NESTED} deep are hard to read aloud"
            self.reporter.warning(self.reporter.place(path), f"{message}; name a part in define:")
        return checked

    def _condition(
        self, raw: Any, path: Path, names: Names, using: tuple[str, ...]
    ) -> Condition | None:
        if isinstance(raw, str):
            return self._line(raw, path, names, using)
        if isinstance(raw, list):
            return self._all(raw, path, names, using)
        if isinstance(raw, dict):
            return self._mapping(raw, path, names, using)
        place = self.reporter.place(path)
        self.reporter.problem(
            place,
            f"a condition is a line of text, a list, or a mapping with one of "
            f"{listed([*COMBINERS, *QUANTIFIERS, 'count'])}; found {_described(raw)}",
        )
        return None

    def _all(
        self, raw: list[Any], path: Path, names: Names, using: tuple[str, ...]
    ) -> Condition | None:
        return self._parts(raw, path, names, using, All)

    def _parts(
        self,
        raw: Any,
        path: Path,
        names: Names,
        using: tuple[str, ...],
        build: Callable[[tuple[Condition, ...]], Condition],
    ) -> Condition | None:
        if not isinstance(raw, list) or not raw:
            self.reporter.problem(
                self.reporter.place(path), "expected a list of at least one condition"
            )
            return None
        parts = [self._condition(part, (*path, i), names, using) for i, part in enumerate(raw)]
        checked = tuple(part for part in parts if part is not None)
        if len(checked) < len(parts):
            return None
        return checked[0] if len(checked) == 1 else build(checked)

    def _mapping(
        self, raw: dict[str, Any], path: Path, names: Names, using: tuple[str, ...]
    ) -> Condition | None:
        heads = [key for key in (*COMBINERS, *QUANTIFIERS, "count") if key in raw]
        if len(heads) != 1:
            what = f"has both {listed(heads)}" if heads else f"has {listed(raw) or 'nothing'}"
            hint = "" if heads else _hint(raw)
            self.reporter.problem(
                self.reporter.place(path),
                f"a condition needs exactly one of "
                f"{listed([*COMBINERS, *QUANTIFIERS, 'count'])}; this one {what}.{hint}",
            )
            return None
        head = heads[0]
        allowed = {"all": (), "any": (), "not": (), "count": ("where", "is")}.get(
            head, ("where", "that")
        )
        if not self._only(raw, (head, *allowed), path):
            return None
        if head == "not":
            part = self._condition(raw["not"], (*path, "not"), names, using)
            return None if part is None else Not(part)
        if head in COMBINERS:
            build = All if head == "all" else AnyOf
            return self._parts(raw[head], (*path, head), names, using, build)
        return self._quantifier(raw, head, path, names, using)

    def _only(self, raw: dict[str, Any], allowed: tuple[str, ...], path: Path) -> bool:
        unknown = [key for key in raw if key not in allowed]
        for key in unknown:
            self.reporter.problem(
                self.reporter.key_place((*path, key)),
                f"unknown key '{key}'.{did_you_mean(key, allowed)} Allowed: {listed(allowed)}.",
            )
        return not unknown

    def _quantifier(
        self, raw: dict[str, Any], head: str, path: Path, names: Names, using: tuple[str, ...]
    ) -> Condition | None:
        bound = self.loop(raw[head], (*path, head), names)
        if bound is None:
            return None
        items, variable, item = bound
        inner = names.binding(variable, item)
        parts: dict[str, Condition | None] = {}
        for key in ("where", "that"):
            parts[key] = (
                self._condition(raw[key], (*path, key), inner, using) if key in raw else None
            )
        if any(parts[key] is None for key in ("where", "that") if key in raw):
            return None
        place = self.reporter.key_place((*path, head))
        if head == "count":
            return self._count(raw, path, names, items, variable, parts["where"])
        if head == "every" and parts["that"] is None:
            self.reporter.problem(place, "'every:' needs 'that:', what each of them must satisfy")
            return None
        return Quantifier(head, items, variable, parts["where"], parts["that"], place)

    def _count(
        self,
        raw: dict[str, Any],
        path: Path,
        names: Names,
        items: Fact,
        variable: str,
        where: Condition | None,
    ) -> Condition | None:
        place = self.reporter.key_place((*path, "count"))
        if "is" not in raw:
            self.reporter.problem(place, "'count:' needs 'is:', such as 'is: at least 2'")
            return None
        text, at = str(raw["is"]), (*path, "is")
        try:
            parts = tokens(text)
            words = " ".join(token.text for token in parts[:-1]) or "is"
            if words not in COUNT_OPERATORS or not parts:
                expected = listed([f"{name} N" for name in COUNT_OPERATORS[:-1]])
                hint = did_you_mean(words, COUNT_OPERATORS)
                raise LineError(0, f"expected {expected} or a number, found '{text}'.{hint}")
            number = resolve_number(names, parts[-1])
        except LineError as error:
            self.reporter.problem(self.reporter.inside(at, error.offset), error.message)
            return None
        return Count(items, variable, where, OPERATORS[words], number, place)

    def loop(self, raw: Any, path: Path, names: Names) -> tuple[Fact, str, FactType] | None:
        """`list as variable`: the list, the variable and the type of an item."""
        try:
            return self._loop(raw, names)
        except LineError as error:
            self.reporter.problem(self.reporter.inside(path, error.offset), error.message)
            return None

    def _loop(self, raw: Any, names: Names) -> tuple[Fact, str, FactType]:
        parts = tokens(raw) if isinstance(raw, str) else []
        if [token.kind for token in parts] != ["word"] * 3 or parts[1].text != "as":
            raise LineError(
                0, f"expected 'list as name', such as 'people as person'; found {raw!r}"
            )
        items = resolve_fact(names, parts[0].text, parts[0].offset)
        variable = parts[2]
        item = items.type.item
        if item is None or item.kind is not Kind.OBJECT:
            why = "a list of words; use 'includes'" if item else items.type.kind.value
            raise LineError(
                parts[0].offset, f"expected a list of groups of facts; '{items}' is {why}"
            )
        if "." in variable.text or variable.text in names.starts():
            raise LineError(
                variable.offset,
                f"'{variable.text}' already names something here; choose another name",
            )
        return items, variable.text, item

    def _line(
        self, text: str, path: Path, names: Names, using: tuple[str, ...]
    ) -> Condition | None:
        try:
            line = parse_line(text)
            if line.subject.text in self.definitions:
                checked = self._use(line, path, names, using)
            else:
                place = self.reporter.inside(path, line.subject.offset)
                checked = resolve_test(names, line, place, text[line.subject.offset :].rstrip())
        except LineError as error:
            self.reporter.problem(self.reporter.inside(path, error.offset), error.message)
            return None
        if checked is None:
            return None
        return Not(checked) if line.negated else checked

    def _use(
        self, line: Line, path: Path, names: Names, using: tuple[str, ...]
    ) -> Condition | None:
        name = line.subject.text
        definition = self.definitions[name]
        definition.used.add(name)
        if line.operator.name:
            raise LineError(
                line.subject.offset, f"'{name}' is a definition and stands alone on its line"
            )
        if name in using or len(using) >= MOST_DEFINITIONS_DEEP:
            raise LineError(
                line.subject.offset, f"definition '{name}' uses itself: {' → '.join(using)}"
            )
        part = self._condition(definition.raw, definition.path, names, (*using, name))
        return None if part is None else Named(name, part)


def _nesting(raw: Any) -> int:
    """How deep combiners and quantifiers stand in each other; a line is 0."""
    if isinstance(raw, dict):
        return 1 + max((_nesting(v) for v in raw.values()), default=0)
    if isinstance(raw, list):
        return max((_nesting(v) for v in raw), default=0)
    return 0


def _described(raw: Any) -> str:
    return "nothing" if raw is None else f"{type(raw).__name__} {raw!r}"


def _hint(raw: dict[str, Any]) -> str:
    heads = (*COMBINERS, *QUANTIFIERS, "count")
    return next((hint for key in raw if (hint := did_you_mean(key, heads))), "")


def settled(condition: Condition) -> bool | None:
    """The answer of a condition that is the same for every record that is recorded, else None.

    It finds the lines that compare a fact with itself, accept every choice, or test a bound
    that the schema already guarantees.
    """
    match condition:
        case Test():
            return _settled_test(condition)
        case Not(part):
            inner = settled(part)
            return None if inner is None else not inner
        case Named(part=part):
            return settled(part)
        case All(parts):
            return _settled_parts(parts, False)
        case AnyOf(parts):
            return _settled_parts(parts, True)
    return None


def _settled_parts(parts: tuple[Condition, ...], decisive: bool) -> bool | None:
    answers = [settled(part) for part in parts]
    if decisive in answers:
        return decisive
    return None if None in answers else not decisive


def _settled_test(test: Test) -> bool | None:
    subject = test.operands[0]
    name = test.operator.name
    if not isinstance(subject, Fact):
        return None
    if name in ("is recorded", "is not recorded"):
        always = subject.field.required and not subject.variable and len(subject.steps) == 1
        return (name == "is recorded") if always else None
    if len(test.operands) == 2 and subject == test.operands[1]:
        return name in (
            "is",
            "on or before",
            "on or after",
            "at least",
            "at most",
            "on the same day as",
        )
    other = test.operands[1] if len(test.operands) > 1 else None
    if isinstance(other, Constant) and name in ("is one of", "is not one of"):
        every_choice = bool(subject.type.choices) and set(subject.type.choices) <= set(other.value)
        return (name == "is one of") if every_choice else None
    if isinstance(other, Constant) and isinstance(other.value, int | float):
        return _settled_bound(name, subject.type, other.value)
    return None


def _settled_bound(name: str, fact: FactType, value: float) -> bool | None:
    low, high = fact.minimum, fact.maximum
    checks: dict[str, tuple[bool, bool]] = {
        "at least": (low is not None and low >= value, high is not None and high < value),
        "more than": (low is not None and low > value, high is not None and high <= value),
        "at most": (high is not None and high <= value, low is not None and low > value),
        "fewer than": (high is not None and high < value, low is not None and low >= value),
    }
    always, never = checks.get(name, (False, False))
    return True if always else False if never else None
