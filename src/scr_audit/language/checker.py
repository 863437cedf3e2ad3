"""Static checking: authored conditions and rules become typed ones, or problems with places.

Nothing here stops at the first mistake: a condition that cannot be checked is reported and
replaced by nothing, and the rest of the rule is checked all the same. A rule that passes can
never raise on a record that passes the schema.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import pairwise

from scr_audit.errors import Place, did_you_mean, listed
from scr_audit.language.conditions import (
    All,
    AnyOf,
    Condition,
    Count,
    DefinitionUse,
    Fact,
    Not,
    Operand,
    Quantifier,
    ShownOrSaid,
    Test,
    recorded,
)
from scr_audit.language.line import Line, LineError, parse_line, tokens
from scr_audit.language.operators import OPERATORS, UNSAID, Operator
from scr_audit.language.phrases import check_words, places_of
from scr_audit.language.resolve import (
    LONGEST_SPAN,
    MOST_AMOUNT,
    MOST_SHARE,
    Scope,
    number_value,
    resolve_fact,
    resolve_number,
    resolve_test,
)
from scr_audit.language.slips import conditional, joined_conditions, meant
from scr_audit.language.types import DATES, NUMBERS, FactType, Kind, Plain
from scr_audit.values.text import as_written

KeyPath = tuple[str | int, ...]
COMBINERS = ("all", "any", "not")
_EACH = {"that": "what each of them must satisfy"}
_ONE = {"by": "the day of an item", "that": "what that item must satisfy"}
_MUST_BE = "such as 'is: at least {}'"
NEEDED_KEYS: Mapping[str, Mapping[str, str]] = {
    **{head: {} for head in COMBINERS},
    "shown": {"said": "the answer that counts where nothing is shown"},
    "some": {},
    "every": _EACH,
    "none": {},
    "latest": _ONE,
    "earliest": _ONE,
    "count": {"is": _MUST_BE.format(2)},
    "share": {"that": "what is asked of them", "is": _MUST_BE.format("80 per cent")},
    "sum": {"of": "the number of an item", "is": _MUST_BE.format(10)},
}
"""What begins a condition, and what has to stand beside it, with why."""
ALLOWED_KEYS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("some", "none"), ("where", "called", "that")),
    **dict.fromkeys(("every", "latest", "earliest", "count", "share", "sum"), ("where", "called")),
}
"""What else may stand beside it."""
HEADS = tuple(NEEDED_KEYS)
_NOUN = re.compile(r"(?:an?|the|some|any|one) \S")
_NOWHERE = Place("", 0, 0)
MOST_NESTED = 3
MOST_CONDITIONS = 2_000  # of a rule, definitions unfolded: what the compiler can take
DEEPEST_RULE = 60
MOST_WALKED = 8


@dataclass(frozen=True)
class Definition:
    """A named condition as authored: its raw value and its path in the file of `reporter`.

    `beside` are the definitions that it may use, `uses` what each use of it came to.
    """

    name: str
    raw: Plain
    path: KeyPath
    reporter: Reporter
    beside: Mapping[str, Definition] = field(compare=False, repr=False)
    used: set[str] = field(default_factory=set, compare=False)
    uses: list[Use] = field(default_factory=list, compare=False)

    @property
    def place(self) -> Place:
        return self.reporter.key_place(self.path)

    def settle(self) -> None:
        """Report it where no rule uses it, and what is wrong: at its place, or at that of a use.

        What is wrong in each use is wrong in the definition; else it cannot be used there.
        """
        wrong = [use for use in self.uses if use.problems]
        if not self.used:
            self.reporter.problem(self.place, f"the definition '{self.name}' is never used")
        for use in wrong:
            if len(wrong) == len(self.uses):
                for place, message in use.problems:
                    self.reporter.problem(place, message)
            else:
                message = f"'{self.name}' cannot be used here: {use.problems[0][1]}"
                use.reporter.problem(use.place, message)


@dataclass(frozen=True)
class Use:
    """A use of a definition: where, and what is wrong with what the definition says there."""

    place: Place
    reporter: Reporter
    problems: list[tuple[Place, str]] = field(default_factory=list)


class _TooLargeError(Exception):
    """A rule whose conditions cannot be unfolded; the text says which limit they pass."""


@dataclass
class Extent:
    """How much of a rule has been unfolded: its conditions, and how deep the present one is.

    `failed`: a definition cannot be used where it is, which is told once all rules were seen.
    """

    conditions: int = 0
    depth: int = 0
    failed: bool = False

    def enter(self) -> None:
        """Count one more condition. Raises `_TooLargeError` beyond the limits."""
        self.conditions += 1
        self.depth += 1
        if self.conditions > MOST_CONDITIONS:
            raise _TooLargeError(
                f"with its definitions the rule has more than {MOST_CONDITIONS:,} conditions"
            )
        if self.depth > DEEPEST_RULE:
            raise _TooLargeError(
                f"with its definitions this condition is nested more than {DEEPEST_RULE} deep"
            )


@dataclass(frozen=True)
class Reporter:
    """Where problems of one file go. `inside` places a character of the text at a path.

    `ends_at_comma` says whether a text was cut off by a comma in a list in brackets.
    """

    problem: Callable[[Place, str], None]
    warning: Callable[[Place, str], None]
    place: Callable[[KeyPath], Place]
    key_place: Callable[[KeyPath], Place]
    inside: Callable[[KeyPath, int], Place]
    ends_at_comma: Callable[[KeyPath], bool]


@dataclass(frozen=True)
class Checker:
    """Checks conditions of one rule against the names that are bound where they stand."""

    reporter: Reporter
    definitions: Mapping[str, Definition]
    extent: Extent = field(default_factory=Extent)

    def condition(self, raw: Plain, path: KeyPath, names: Scope) -> Condition | None:
        """The typed condition, or None after its problems were reported."""
        if self.extent.conditions > MOST_CONDITIONS:
            return None  # reported already
        self.extent.depth = 0
        try:
            checked = self.nested(raw, path, names, ())
        except _TooLargeError as error:
            self.reporter.problem(self.reporter.place(path), str(error))
            self.mark_all_used()
            return None
        if checked is not None and _nesting(raw) > MOST_NESTED:
            message = f"conditions nested more than {MOST_NESTED} deep are hard to read aloud"
            self.reporter.warning(self.reporter.place(path), f"{message}; name a part in define:")
        return checked

    def mark_all_used(self) -> None:
        """Count every definition as used, where checking stops early."""
        for definition in self.definitions.values():
            definition.used.add(definition.name)

    def nested(
        self, raw: Plain, path: KeyPath, names: Scope, using: tuple[str, ...]
    ) -> Condition | None:
        self.extent.enter()
        checked = self._form(raw, path, names, using)
        self.extent.depth -= 1
        return checked

    def _form(
        self, raw: Plain, path: KeyPath, names: Scope, using: tuple[str, ...]
    ) -> Condition | None:
        if isinstance(raw, str):
            return self._line(raw, path, names, using)
        if isinstance(raw, list):
            return self._parts(raw, path, names, using, All)
        if isinstance(raw, dict):
            return self._mapping(raw, path, names, using)
        place = self.reporter.place(path)
        self.reporter.problem(
            place,
            f"a condition is a line of text, a list, or a mapping with one of "
            f"{listed(HEADS, most=20)}; found {as_written(raw)}",
        )
        return None

    def _parts(
        self,
        raw: Plain,
        path: KeyPath,
        names: Scope,
        using: tuple[str, ...],
        build: Callable[[tuple[Condition, ...]], Condition],
    ) -> Condition | None:
        if not isinstance(raw, list) or not raw:
            self.reporter.problem(
                self.reporter.place(path),
                "expected a list of at least one condition, each on a line of its own after -",
            )
            return None
        rest = {
            number
            for number, (part, following) in enumerate(pairwise(raw), start=1)
            if self._divided(part, following, (*path, number - 1))
        }
        parts = [
            None if number in rest else self.nested(part, (*path, number), names, using)
            for number, part in enumerate(raw)
        ]
        checked = tuple(part for part in parts if part is not None)
        if len(checked) < len(parts):
            return None
        return checked[0] if len(checked) == 1 else build(checked)

    def divided(self, raw: Mapping[str, Plain], key: str, path: KeyPath) -> bool:
        """Whether a key is the end of the line before it, cut off by YAML; that is reported."""
        before = dict(pairwise([*raw][::-1])).get(key, "")
        alone = raw[key] is None and before != ""
        return alone and self._divided(raw[before], key, (*path, before))

    def _divided(self, part: Plain, following: Plain, path: KeyPath) -> bool:
        if not self.reporter.ends_at_comma(path) or not _one_line(part, following):
            return False
        self.mark_all_used()
        self.reporter.problem(
            self.reporter.place(path),
            f"YAML divides what stands in brackets at its commas, and reads '{part}' and "
            f"'{following}' apart. Put the line in quotes, \"{part}, {following}\", or write each "
            "condition on a line of its own",
        )
        return True

    def _mapping(
        self, raw: dict[str, Plain], path: KeyPath, names: Scope, using: tuple[str, ...]
    ) -> Condition | None:
        heads = [key for key in HEADS if key in raw]
        if len(heads) != 1:
            what = f"has both {listed(heads)}" if heads else f"has {listed(raw) or 'nothing'}"
            hint = "" if heads else _hint(raw)
            message = f"a condition needs exactly one of {listed(HEADS, most=20)}"
            self.reporter.problem(self.reporter.place(path), f"{message}; this one {what}.{hint}")
            return None
        head = heads[0]
        if not self._only(raw, (head, *NEEDED_KEYS[head], *ALLOWED_KEYS.get(head, ())), path):
            return None
        if missing := [key for key in NEEDED_KEYS[head] if key not in raw]:
            for key in missing:
                place = self.reporter.key_place((*path, head))
                message = f"'{head}:' needs '{key}:', {NEEDED_KEYS[head][key]}"
                self.reporter.problem(place, message)
            return None
        if head == "not":
            part = self.nested(raw["not"], (*path, "not"), names, using)
            return None if part is None else Not(part)
        if head == "shown":
            return self._weighed(raw, path, names, using)
        if head in COMBINERS:
            build = All if head == "all" else AnyOf
            return self._parts(raw[head], (*path, head), names, using, build)
        return self._over_items(raw, head, path, names, using)

    def _weighed(
        self, raw: dict[str, Plain], path: KeyPath, names: Scope, using: tuple[str, ...]
    ) -> Condition | None:
        shown, said = (
            self.nested(raw[key], (*path, key), names, using) for key in ("shown", "said")
        )
        if shown is None or said is None:
            return None
        return ShownOrSaid((*_sides(shown), *_sides(said)))

    def _only(self, raw: dict[str, Plain], allowed: tuple[str, ...], path: KeyPath) -> bool:
        unknown = [key for key in raw if key not in allowed]
        for key in unknown:
            if self.divided(raw, key, path):
                continue
            self.reporter.problem(
                self.reporter.key_place((*path, key)),
                f"unknown key '{key}'.{did_you_mean(key, allowed)} Allowed: {listed(allowed)}.",
            )
        return not unknown

    def _over_items(
        self, raw: dict[str, Plain], head: str, path: KeyPath, names: Scope, using: tuple[str, ...]
    ) -> Condition | None:
        bound = self.loop(raw[head], (*path, head), names, words=True)
        if bound is None:
            return None
        items, variable, item = bound
        inner = names.binding(variable, item, items.field)
        parts: dict[str, Condition | None] = {}
        for key in ("where", "that"):
            parts[key] = self.nested(raw[key], (*path, key), inner, using) if key in raw else None
        for key, kinds in (("by", DATES), ("of", NUMBERS)):
            parts[key] = self._recorded(raw, key, path, inner, kinds) if key in raw else None
        if any(part is None for key, part in parts.items() if key in raw):
            return None
        place = self.reporter.key_place((*path, head))
        called = self.called(raw, path)
        where, that = parts["where"], parts["that"] or parts["of"]
        if "is" in NEEDED_KEYS[head]:
            compared = self._compared(raw, path, names)
            if compared is None:
                return None
            return Count(items, variable, where, *compared, place, called, head, that)
        return Quantifier(head, items, variable, where, that, place, called, parts["by"])

    def _recorded(
        self,
        raw: Mapping[str, Plain],
        key: str,
        path: KeyPath,
        names: Scope,
        kinds: frozenset[Kind],
    ) -> Test | None:
        """The line that asks whether a fact of an item is recorded: its day, or its number."""
        at = (*path, key)
        try:
            written, (variable, item) = raw[key], list(names.variables.items())[-1]
            parts = tokens(written) if isinstance(written, str) else []
            if [token.kind for token in parts] != ["word"]:
                raise LineError(0, f"expected a fact of '{variable}', found {as_written(written)}")
            if parts[0].text.split(".")[0] != variable:
                fits = [each for each, field in item.fields.items() if field.type.kind in kinds]
                such = f", such as {variable}.{fits[0]}" if fits else ""
                raise LineError(0, f"expected a fact of '{variable}'{such}; found {parts[0].text}")
            fact = resolve_fact(names, parts[0].text, parts[0].offset)
            if fact.type.kind not in kinds:
                expected = listed(sorted(kind.value for kind in kinds), last="or")
                raise LineError(0, f"expected {expected}; '{fact}' is {fact.type.describe()}")
        except LineError as error:
            self.reporter.problem(self.reporter.inside(at, error.offset), error.message)
            return None
        text = f"{fact} is recorded"
        return recorded(fact, self.reporter.inside(at, 0), text)

    def called(self, raw: Mapping[str, Plain], path: KeyPath) -> str:
        """What the items that are asked about are called: a noun with its article."""
        if "called" not in raw:
            return ""
        found = raw["called"]
        try:
            if not isinstance(found, str) or not _NOUN.match(found):
                raise ValueError(_no_noun(found))
            if places_of(check_words(found)):
                raise ValueError("a name in a rule has no places in it")
        except ValueError as error:
            self.reporter.problem(self.reporter.place((*path, "called")), str(error))
            return ""
        return found

    def _compared(
        self, raw: dict[str, Plain], path: KeyPath, names: Scope
    ) -> tuple[Operator, Operand] | None:
        """The operator and the number that a count, a share or a sum is compared by."""
        text, at = "" if raw["is"] is None else str(raw["is"]), (*path, "is")
        try:
            return _comparison(text, raw, names)
        except LineError as error:
            message = _comparison_as_meant(text, raw, names) or error.message
            self.reporter.problem(self.reporter.inside(at, error.offset), message)
            return None

    def loop(
        self, raw: Plain, path: KeyPath, names: Scope, *, words: bool = False
    ) -> tuple[Fact, str, FactType] | None:
        """`list as variable`: the list, the variable and the type of an item, which may be words.

        An item of words is no unit, so that only the questions about lists take them.
        """
        try:
            return self._loop(raw, names, words=words)
        except LineError as error:
            self.reporter.problem(self.reporter.inside(path, error.offset), error.message)
            return None

    def _loop(self, raw: Plain, names: Scope, *, words: bool) -> tuple[Fact, str, FactType]:
        parts = tokens(raw) if isinstance(raw, str) else []
        if [token.kind for token in parts] != ["word"] * 3 or parts[1].text != "as":
            raise LineError(
                0, f"expected 'list as name', such as 'people as person'; found {as_written(raw)}"
            )
        items = resolve_fact(names, parts[0].text, parts[0].offset)
        variable = parts[2]
        item = items.type.item
        if item is None or (item.kind is not Kind.OBJECT and not words):
            why = items.type.describe() + ("; use 'includes' or 'some:'" if item else "")
            raise LineError(
                parts[0].offset, f"expected a list of groups of facts; '{items}' is {why}"
            )
        if not variable.text.isidentifier():
            raise LineError(variable.offset, f"'{variable.text}' is not a plain word")
        if variable.text in (*names.starts(), *names.definitions):
            raise LineError(
                variable.offset,
                f"'{variable.text}' already names something here; choose another name",
            )
        if len(names.variables) == MOST_WALKED:
            self.mark_all_used()
            raise LineError(
                parts[0].offset, f"more than {MOST_WALKED} lists are walked inside each other"
            )
        return items, variable.text, item

    def _line(
        self, text: str, path: KeyPath, names: Scope, using: tuple[str, ...]
    ) -> Condition | None:
        try:
            line = parse_line(text)
            if line.subject.text in self.definitions:
                checked = self._use(line, path, names, using)
            else:
                place = self.reporter.inside(path, line.subject.offset)
                checked = resolve_test(names, line, place, text[line.subject.offset :].rstrip())
        except LineError as error:
            message = self._as_meant(text, names) or error.message
            self.reporter.problem(self.reporter.inside(path, error.offset), message)
            return None
        if checked is None:
            return None
        return Not(checked) if line.negated else checked

    def _as_meant(self, text: str, names: Scope) -> str:
        """How a wrong line is written, where another one is surely meant; else nothing."""
        for why, line in meant(text):
            if self._is_right(line, names):
                return f"{why}. Write: {line}"
        if_then = conditional(text)
        if if_then is not None and all(self._is_right(part, names) for part in if_then):
            gate, part = if_then
            other = gate.removeprefix("not ") if gate.startswith("not ") else f"not {gate}"
            return (
                f"found 'if'; a line is one condition. Write 'applies_when: {gate}' beside "
                f"'require:', and here '{part}'; or write 'any:', and below it each on a line of "
                f"its own: - {other} - {part}"
            )
        word, parts = joined_conditions(text)
        of_first = f"{text.split(' ')[0]} "  # which a part may leave out
        parts = [self._right(part, names) or self._right(of_first + part, names) for part in parts]
        if parts and all(parts):
            each = " ".join(f"- {part}" for part in parts)
            head = "any" if word in ("or", "||") else "all"
            return (
                f"found '{word}'; a line is one condition. Write '{head}:', and below it each "
                f"on a line of its own: {each}"
            )
        return ""

    def _right(self, text: str, names: Scope) -> str:
        """A line, or the first meant by it, that would be taken here; or nothing."""
        lines = (text, *(line for _, line in meant(text)))
        return next((line for line in lines if self._is_right(line, names)), "")

    def _is_right(self, text: str, names: Scope) -> bool:
        """Whether a line would be taken here."""
        try:
            line = parse_line(text)
            if line.subject.text in self.definitions:
                return not line.operator.name
            resolve_test(names, line, _NOWHERE, text)
        except LineError:
            return False
        return True

    def _use(
        self, line: Line, path: KeyPath, names: Scope, using: tuple[str, ...]
    ) -> Condition | None:
        name = line.subject.text
        definition = self.definitions[name]
        definition.used.add(name)
        if line.operator.name:
            raise LineError(
                line.subject.offset, f"'{name}' is a definition and stands alone on its line"
            )
        if name in using:
            raise LineError(
                line.subject.offset, f"definition '{name}' uses itself: {' → '.join(using)}"
            )
        use = Use(self.reporter.inside(path, line.subject.offset), self.reporter)
        reporter = replace(
            definition.reporter, problem=lambda at, message: use.problems.append((at, message))
        )
        inside = replace(self, reporter=reporter, definitions=definition.beside)
        inside_names = replace(names, definitions=frozenset(definition.beside))
        part = inside.nested(definition.raw, definition.path, inside_names, (*using, name))
        definition.uses.append(use)
        if part is None:
            self.extent.failed = True
            return None
        return DefinitionUse(name, part, use.place, definition.place)


def _comparison(text: str, raw: Mapping[str, Plain], names: Scope) -> tuple[Operator, Operand]:
    """The operator and the number of a text after `is:`. Raises `LineError`."""
    is_share, whole = "share" in raw, "count" in raw
    parts = tokens(text)
    per_cent = is_share and [token.text for token in parts[-2:]] == ["per", "cent"]
    if per_cent:
        parts = parts[:-2]
    words = " ".join(token.text for token in parts[:-1])
    known = {name: entry for name, entry in OPERATORS.items() if entry.count is not None}
    operator = known.get(words) or (None if words or is_share else UNSAID)
    if not parts or operator is None:
        names_of = [f"{name} N" for name, entry in known.items() if not entry.unsaid]
        expected = listed([*names_of, *([] if is_share else ["a number"])], last="or")
        raise LineError(0, f"expected {expected}, found '{text}'.{did_you_mean(words, known)}")
    most = LONGEST_SPAN if whole else MOST_SHARE if is_share else MOST_AMOUNT
    written = parts[-1]
    number = resolve_number(names, written, whole=whole, most=most)
    if is_share and written.kind == "number":
        share = number_value(written)
        if not any(operator.test(found, share) for found in (0, share, MOST_SHARE)):
            raise LineError(0, f"no share is {words} {written.text} per cent")
        if 0 < share < 1 and not per_cent:
            message = f"a share is in per cent, such as 80; found {written.text}"
            raise LineError(written.offset, f"{message}, which is written {written.text} per cent")
    return operator, number


def _comparison_as_meant(text: str, raw: Mapping[str, Plain], names: Scope) -> str:
    """How a wrong text after `is:` is written, where another one is surely meant; else nothing."""
    for why, line in meant(f"it {text}"):
        right = line.removeprefix("it ")
        with suppress(LineError):
            _comparison(right, raw, names)
            return f"{why}. Write: {right}"
    return ""


def _no_noun(found: Plain) -> str:
    """What to say of what is no noun with its article, with the noun where one is surely meant."""
    meant = str(found).strip().rstrip(".").lower()
    write = f" Write: {meant}" if isinstance(found, str) and _NOUN.match(meant) else ""
    return (
        "expected what they are called: a, an, the, some, any or one in small letters and a noun, "
        f"such as a worn part; found {as_written(found)}.{write}"
    )


def _one_line(part: Plain, following: Plain) -> bool:
    """Whether two texts, with a comma between them, are one line of the language."""
    try:
        parse_line(f"{part}, {following}")
    except LineError:
        return False
    return True


def _nesting(raw: Plain) -> int:
    """How deep combiners and quantifiers stand in each other; a line is 0."""
    if isinstance(raw, dict):
        return 1 + max((_nesting(v) for v in raw.values()), default=0)
    if isinstance(raw, list):
        return max((_nesting(v) for v in raw), default=0)
    return 0


_OTHER_HEADS = {"and": "all", "or": "any", "exists": "some", "forall": "every", "each": "every"}


def _hint(raw: dict[str, Plain]) -> str:
    if any(key.startswith("not {") for key in raw):
        return " Write 'not:', with a colon, before the {."
    if "said" in raw:
        return " 'said:' stands beside 'shown:', what the facts of the record show."
    meant = (_OTHER_HEADS.get(key.lower(), key) for key in raw)
    hint = next((hint for key in meant if (hint := did_you_mean(key, HEADS))), "")
    if not hint and len(raw) == 1 and isinstance(value := next(iter(raw.values())), str | int):
        return (
            f" A condition about a fact is one line, without a colon: {next(iter(raw))} is {value}"
        )
    return hint


def _sides(condition: Condition) -> tuple[Condition, ...]:
    """What is weighed: a contradiction within one side is one, and no silence."""
    whole = condition
    while isinstance(whole, DefinitionUse):
        whole = whole.part
    return whole.parts if isinstance(whole, ShownOrSaid) else (condition,)
