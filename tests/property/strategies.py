"""Whole packs and records that fit them: what every property test draws from.

A pack is drawn as the values of its YAML files, written out and loaded by the engine's own
reader, so that a test begins where a user does. Every rule stands in a file of its own:
where the check refuses one for testing nothing (which a random rule may do), that file is
left out and the rest is used. Any other refusal is a failure of the test.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from hypothesis import assume
from hypothesis import strategies as st

from scr_audit.errors import PackError
from scr_audit.evaluate.program import KindJudge
from scr_audit.language.checker import COMBINERS, NEEDED_KEYS
from scr_audit.language.operators import OPERATORS
from scr_audit.language.types import Kind
from scr_audit.packs.load import load_folder
from scr_audit.packs.pack import Pack

RECORDS = 20  # records an example judges by its pack
Draw = Callable[..., Any]
Files = dict[str, Any]

_TESTS_NOTHING = re.compile(
    r"nothing can satisfy both|"
    r"it tests nothing|says the same as|already demands it|^the rule (always|never) applies|"
    r"white space, so that"
)
_Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

_index = lru_cache(maxsize=None)(lambda last: st.integers(0, last))


def pick(draw: Draw, options: Sequence[Any]) -> Any:
    """One of the options, the first being the simplest; `sampled_from` made anew is slow."""
    return options[draw(_index(len(options) - 1))] if len(options) > 1 else options[0]


# --- schemas ---


def records_something(value: Any) -> bool:
    """Whether a value of a drawn record is recorded; a group is where something in it is."""
    if isinstance(value, dict):
        return any(map(records_something, value.values()))
    return value is not None and value != ""


def _some(group: Spec) -> dict[str, Any]:
    """One fact of a group, recorded."""
    spec = group.fields[0]
    days = {"date": "2010-04-01", "date-time": "2010-04-01T09:00"}
    return {spec.name: days.get(spec.kind, False)}


@dataclass(frozen=True, eq=False)
class Spec:
    """One fact of a drawn schema. `fields` are those of a group, or of a list's items.

    A list may be a map in JSON where it has a `key`, the first fact of its items.
    """

    name: str
    kind: str
    required: bool = False
    choices: tuple[str, ...] = ()
    fields: tuple[Spec, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    key: str = ""


Group = tuple[Spec, ...]

DATE_KINDS = ("date", "date-time")
NUMBER_KINDS = ("integer", "number")
NUMBER_LISTS = {"integers": "integer", "numbers": "number"}
WORD_KINDS = ("text", "choice")
WORDS = ("red", "blue", "green", "not_known", "other-thing", "two words", "before")
# Names that are words of the grammar, of the engine's source or of Python's builtins.
NAMES = {
    "boolean": ("asked", "all", "done", "recorded", "is-it"),
    "integer": ("age", "count", "N", "number"),
    "number": ("ratio", "v1", "float", "at"),
    "text": ("label", "free-text", "o0", "words"),
    "choice": ("colour", "some", "type", "state"),
    "date": ("day", "date", "as_of", "met-on"),
    "date-time": ("moment", "hours-at", "datetime", "time"),
    "words": ("colours", "includes", "tags", "set"),
    "texts": ("labels", "_notes", "lines-of", "names"),
    "integers": ("results", "hits-by-day", "int", "scores"),
    "numbers": ("rates", "sum", "weights", "max"),
    "group": ("plan", "self", "owner-s", "info"),
    "period": ("period", "term", "stay-1-2", "Spell"),
    "list": ("items", "home-visits", "r", "visits"),
}
# Half of the facts of each kind have words for sentences.
_WORDED = {kind: names[::2] for kind, names in NAMES.items()}
_VALUED = {"x-says": "{it} [was|was not] {value}", "x-unknown": "what {it} was"}
_SINGLE = {"x-says": "the {value} [was|was not] there"}
_WORDS: dict[str, dict[str, Any]] = {
    "boolean": {"x-says": "{it} [was|was not] so"},
    "date": {"x-says": "{it} came {on}"},
    "date-time": {"x-says": "{it} was seen {on}", "x-unknown": "when {it} was seen"},
    **dict.fromkeys(("integer", "number", "text"), _VALUED),
    "choice": {**_VALUED, "x-words": {"red": "crimson"}},
    **dict.fromkeys(("words", "texts", "integers", "numbers"), _SINGLE),
    "list": {"x-unknown": "which there were"},
}
_MENU = (*NAMES, "boolean", "choice", "date", "date-time", "list", "list")


@st.composite
def groups(draw: Draw, level: int = 0) -> Group:
    """The facts of a record (level 0) or of an item of its lists, nested up to three lists."""
    menu = draw(st.lists(st.sampled_from(_MENU), min_size=3 if level else 5, max_size=9))
    counts: dict[str, int] = {}
    fields = []
    for kind in ["boolean", "date", *menu]:
        counts[kind] = counts.get(kind, -1) + 1
        names = NAMES[kind]
        if counts[kind] >= len(names) or (kind in ("list", "group") and level > 2):
            continue
        fields.append(draw(_specs(names[counts[kind]], kind, level)))
    fields.append(Spec("unread", "text"))
    fields.append(Spec("unread_items", "list", fields=(Spec("unread", "boolean"),)))
    return tuple(fields)


@st.composite
def _specs(draw: Draw, name: str, kind: str, level: int) -> Spec:
    required = pick(draw, (False, False, False, True))
    if kind in (*NUMBER_KINDS, *NUMBER_LISTS):
        low, high = pick(draw, ((None, None), (0, None), (None, 10), (0, 10)))
        return Spec(name, kind, required, minimum=low, maximum=high)
    if kind in ("choice", "words"):
        extra = draw(st.lists(st.sampled_from(WORDS[2:]), max_size=3, unique=True))
        return Spec(name, kind, required, choices=(*WORDS[:2], *extra))
    if kind == "period":
        ends = (Spec("start", pick(draw, DATE_KINDS)), Spec("end", "date"))
        return Spec(name, "group", required, fields=ends)
    if kind == "group":
        return Spec(name, kind, required, fields=draw(groups(level=max(level + 1, 2))))
    if kind == "list":
        key = pick(draw, ("", "", "key-of"))
        keys = (Spec(key, "text", required=True),) if key else ()
        return Spec(name, kind, required, fields=(*keys, *draw(groups(level=level + 1))), key=key)
    return Spec(name, kind, required)


def schema_of(spec: Spec) -> dict[str, Any]:
    """The schema of a fact, as a pack writes it."""
    if spec.kind == "open":
        return {"type": "object", "additionalProperties": True}
    if spec.kind == "group":
        return object_schema(spec.fields)
    if spec.kind == "list":
        has_day = any(each.name == "day" for each in spec.fields)
        named = has_day and spec.name in _WORDED["list"]
        called = {"x-called": "the one of {day}"} if named else {}
        if spec.key:
            items = {**object_schema(spec.fields[1:]), **called}
            return {"type": "object", "x-key": spec.key, "additionalProperties": items}
        return {"type": "array", "items": {**object_schema(spec.fields), **called}}
    if spec.kind == "words":
        return {"type": "array", "items": {"type": "string", "enum": list(spec.choices)}}
    if spec.kind == "texts":
        return {"type": "array", "items": {"type": "string"}}
    if spec.kind in NUMBER_LISTS:
        return {"type": "array", "items": schema_of(_item_of(spec))}
    if spec.kind == "choice":
        return {"type": "string", "enum": list(spec.choices)}
    if spec.kind in DATE_KINDS:
        return {"type": "string", "format": spec.kind}
    schema: dict[str, Any] = {"type": {"text": "string"}.get(spec.kind, spec.kind)}
    bounds = {"minimum": spec.minimum, "maximum": spec.maximum}
    return {**schema, **{key: bound for key, bound in bounds.items() if bound is not None}}


def _item_of(spec: Spec) -> Spec:
    """An item of a list of words or numbers, which a variable names as it is."""
    kind = NUMBER_LISTS.get(spec.kind, "choice" if spec.choices else "text")
    return replace(spec, name="", kind=kind, required=True)


def _has_all(fields: Group) -> bool:
    return any(spec.name == "all" and spec.kind == "boolean" for spec in fields)


def is_open(fields: Group) -> bool:
    """Whether what a group does not name is passed over; so in some packs, and not in others."""
    return any(spec.kind == "texts" for spec in fields)


def object_schema(fields: Group) -> dict[str, Any]:
    """The schema of a group of facts."""
    return {
        "type": "object",
        "properties": {
            spec.name: {
                **schema_of(spec),
                **(_WORDS.get(spec.kind, {}) if spec.name in _WORDED.get(spec.kind, ()) else {}),
                # So that a list may lack items in some packs, and not in others.
                **({"x-complete": "all"} if spec.kind == "list" and _has_all(fields) else {}),
            }
            for spec in fields
        },
        "required": [spec.name for spec in fields if spec.required],
        **({"x-open": True} if is_open(fields) else {}),
    }


@lru_cache(maxsize=4096)
def reachable(fields: Group, prefix: str = "") -> tuple[tuple[str, Spec], ...]:
    """Every fact that a path may name, with its path; facts named `unread` are never read."""
    found: list[tuple[str, Spec]] = []
    for spec in fields:
        if spec.name.startswith("unread") or spec.kind == "open":
            continue
        path = f"{prefix}{spec.name}"
        found.append((path, spec))
        if spec.kind == "group":
            found += reachable(spec.fields, f"{path}.")
    return tuple(found)


# --- values ---

ABSENT = object()
DAYS = (
    *("2010-03-31", "2010-04-01", "2010-04-02", "2010-04-06", "2010-04-30", "2010-05-01"),
    *("2010-05-03", "2010-05-31", "2010-02-28", "2010-03-01", "2012-02-29", "2012-03-01"),
    *("2010-12-24", "2010-12-27", "2010-12-28", "2011-01-04", "2011-04-29", "2010-01-31"),
)
FAR_DAYS = ("0001-01-01", "1899-12-31", "1900-01-01", "2100-12-31", "2101-01-01", "9999-12-31")
_FAR = re.compile(r'"(?:0001|1899|1900|21\d\d|9999)[^"]*"')
VAGUE_DAYS = ("2010-04", "2010", "2012-02", "2010-12", "9999", "0001-01")
TIMES = (
    *("2010-04-01T09:00:00", "2010-04-01T09:30:00", "2010-04-01T23:59:59", "2010-04-03T09:00:00"),
    *("2010-04-02T00:00:00", "2010-04-01T09:34:12", "2010-04-01T09:30", "2010-04-01 10:00:00"),
    *("2010-04-30T12:00:00.5", "2012-02-29T23:00:00", "2010-12-24T17:00:00"),
)
VAGUE_TIMES = ("2010-04-01", "2010-04", "2010", "2010-04-02")
TEXTS = (
    "",
    "a",
    "red",
    "RED",
    "Straße",
    "STRASSE",
    "it's",
    'say "no"',
    "é",
    "{0}{as_of}",
    "\\n', 1)",
    "None",
    "not_known",
)
PATTERNS = ("a", "[a-z]+", "red|RED|", ".?e{1,2}.*", "[^S]*Straße", "", r"\d{1,3}x?")
_LISTS = (ABSENT, None, 0, 1, 1, 2, 2, 3)
_POOLS: dict[str, tuple[Any, ...]] = {
    "boolean": (True, True, False),
    "text": TEXTS,
    "date": (*DAYS, *DAYS, *FAR_DAYS, *VAGUE_DAYS),
    "date-time": (*TIMES, *TIMES, *VAGUE_TIMES),
    "texts": ([], ["a"], ["red", "é"], ["it's", "it's", ""]),
    "open": ({}, {"note": [1, {"x": None}]}),
}
_PASSED_OVER: tuple[dict[str, Any], ...] = (
    {},
    {"not-named": [{"day": 3, "": None}, 2.50]},
    {"day/~x": "é", "resourceType": {"id": "R", "kind": 1}},
)
_EXACT_POOLS = {
    **_POOLS,
    "date": (*DAYS, *DAYS, *FAR_DAYS),
    "date-time": tuple(text for text in TIMES if len(text) in (16, 19) and text[10] == "T"),
}
_NUMBERS = {"integer": (0, 1, 2, 3, 7, 10), "number": (0, 0.5, 1, 2.5, 3, 9.75)}


@dataclass(frozen=True)
class _Values:
    """Draws the values of facts from `pools`, by kind."""

    draw: Draw
    pools: Mapping[str, tuple[Any, ...]]

    def group(self, fields: Group, level: int = 0) -> dict[str, Any]:
        values = {spec.name: self.value(spec, level) for spec in fields}
        found = {name: value for name, value in values.items() if value is not ABSENT}
        if is_open(fields) and records_something(found):
            found |= pick(self.draw, _PASSED_OVER)
        return found

    def value(self, spec: Spec, level: int) -> Any:
        if spec.kind == "list":
            sizes = _LISTS[2 if spec.required else 0 : 8 if level < 1 else 7 if level < 2 else 5]
            size = pick(self.draw, sizes)
            if not isinstance(size, int):
                return size
            return [self.group(spec.fields, level + 1) for _ in range(size)]
        if spec.kind == "group":
            state = "" if spec.required else pick(self.draw, (ABSENT, None, "", "", ""))
            found = self.group(spec.fields, level) if state == "" else state
            return (
                found if not spec.required or records_something(found) else {**found, **_some(spec)}
            )
        values = self.scalars(spec)
        recorded = tuple(value for value in values if value != "")
        return pick(self.draw, recorded if spec.required else (ABSENT, None, *values))

    def scalars(self, spec: Spec) -> tuple[Any, ...]:
        if spec.kind == "choice":
            return spec.choices
        if spec.kind == "words":
            return ([], [spec.choices[0]], [spec.choices[-1]], list(spec.choices))
        if spec.kind in NUMBER_LISTS:
            items = self.scalars(_item_of(spec))
            return ([], [items[1]], [items[2], items[3]], [items[-1]] * 2)
        if spec.kind in NUMBER_KINDS:
            low = () if spec.minimum is not None else (-1, -(10**12))
            high = () if spec.maximum is not None else (11, 10**12)
            return (*_NUMBERS[spec.kind], *low, *high)
        return self.pools[spec.kind]


def by_key(values: dict[str, Any], fields: Group) -> dict[str, Any]:
    """A drawn record or item with maps for the lists that may be some."""
    found = dict(values)
    for spec in fields:
        value = found.get(spec.name)
        if spec.kind == "group" and isinstance(value, dict):
            found[spec.name] = by_key(value, spec.fields)
        elif spec.kind == "list" and isinstance(value, list):
            items = found[spec.name] = [by_key(item, spec.fields) for item in value]
            keys = {item[spec.key] for item in items if spec.key}
            if spec.key and len(keys) == len(items):
                found[spec.name] = {item.pop(spec.key): item for item in items}
    return found


# --- parameters ---

COUNTS = ("n_const", "n_float")
DATED_COUNTS = ("n_dated", "n_late")


@st.composite
def parameters(draw: Draw) -> dict[str, Any]:
    """A pack's parameters: each kind once constant and once with effective dates."""
    numbers = st.integers(0, 10)
    words = st.lists(st.sampled_from(WORDS[:2]), min_size=1, max_size=2, unique=True)
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "n": numbers,
        "hours": st.sampled_from((0, 0.57, 1, 1.1, 24, 48)),
        "flag": st.booleans(),
        "word": st.sampled_from(WORDS[:2]),
        "words": words,
        "label": st.sampled_from(TEXTS),
        "labels": st.lists(st.sampled_from(TEXTS), min_size=1, max_size=3),
        "day": st.sampled_from(DAYS),
        "amount": numbers,
        "ratio": st.sampled_from((0.5, 2.5, 3.0)),
    }
    found = {}
    for name, values in kinds.items():
        found[f"{name}_const"] = [{"value": draw(values)}]
        found[f"{name}_dated"] = draw(_dated(values))
    found["n_float"] = [{"value": float(draw(numbers))}]
    found["n_late"] = [{"value": draw(numbers), "from": "2010-04-02"}]
    return {name: {"title": name, "values": values} for name, values in found.items()}


@st.composite
def _dated(draw: Draw, values: st.SearchStrategy[Any]) -> list[dict[str, Any]]:
    days = pick(draw, ((None, "2010-04-02"), ("2010-03-01", "2010-05-01")))
    entries = [{"value": draw(values)} for _ in days]
    return [
        {**entry, **({} if day is None else {"from": day})}
        for entry, day in zip(entries, days, strict=True)
    ]


# --- conditions ---


@dataclass(frozen=True)
class Scope:
    """What a condition may name: the record, variables, definitions, dated parameters or not."""

    record: Group
    variables: tuple[tuple[str, Group], ...] = ()
    definitions: tuple[str, ...] = ()
    dated: bool = False
    presence: bool = True
    tag: str = ""  # keeps the variables of definitions apart from those where they are used

    def binding(self, variable: str, item: Group) -> Scope:
        return replace(self, variables=(*self.variables, (variable, item)))

    def facts(self) -> list[tuple[str, Spec]]:
        """The facts of the record, and three times those of the variables."""
        found = list(reachable(self.record))
        for variable, item in self.variables:
            inside = reachable(item, f"{variable}.")
            found += 3 * tuple((path.rstrip("."), spec) for path, spec in inside)
        return found

    def of_kinds(self, *kinds: str) -> list[tuple[str, Spec]]:
        return [fact for fact in self.facts() if fact[1].kind in kinds]

    def suffixes(self) -> tuple[str, ...]:
        return ("const", "dated") if self.dated else ("const",)


@dataclass(frozen=True)
class _Lines:
    """Draws conditions in a scope."""

    draw: Draw

    def pick(self, options: Sequence[Any]) -> Any:
        return pick(self.draw, options)

    def condition(self, scope: Scope, depth: int) -> Any:
        if depth == 0:
            return self.line(scope)
        lists = [(path, spec) for path, spec in scope.of_kinds("list") if spec.fields]
        lists += scope.of_kinds("words", "texts", *NUMBER_LISTS)
        quantifiers = tuple(NEEDED_KEYS)[len(COMBINERS) + 1 :] if lists else ()
        weighed = ("shown",) if scope.presence else ()  # with both more evidence may tell less
        head = self.pick(("line", "line", "list", "all", "any", "not", *weighed, *quantifiers))
        if head == "line":
            return self.line(scope)
        if head == "not":
            return {"not": self.condition(scope, depth - 1)}
        if head == "shown":
            return {part: self.condition(scope, depth - 1) for part in ("shown", "said")}
        if head in quantifiers:
            return self.quantifier(head, scope, lists, depth)
        parts = [self.condition(scope, depth - 1) for _ in range(self.pick((1, 2, 2, 3)))]
        return parts if head == "list" else {head: parts}

    def quantifier(
        self, head: str, scope: Scope, lists: list[tuple[str, Spec]], depth: int
    ) -> dict[str, Any]:
        path, spec = self.pick(lists)
        variable = f"{self.pick(('x', 'u', 'item'))}{len(scope.variables)}{scope.tag}"
        inner = scope.binding(variable, spec.fields or (_item_of(spec),))
        found: dict[str, Any] = {head: f"{path} as {variable}"}
        if self.pick((True, False)):
            found["where"] = self.condition(inner, depth - 1)
        if len(path) % 2:
            found["called"] = f"{self.pick(('a', 'the'))} wanted one"
        for key, kinds in (("by", DATE_KINDS), ("of", NUMBER_KINDS)):
            if key in NEEDED_KEYS[head]:
                found_in = (each for each, _ in inner.of_kinds(*kinds))
                own = [each for each in found_in if each.split(".")[0] == variable]
                if not own:
                    return {"some": found.pop(head), **found}
                found[key] = self.pick(own)
        if "is" in NEEDED_KEYS[head]:
            found["is"] = self.amount(scope, head)
        if (
            head != "count"
            and head != "sum"
            and ("that" in NEEDED_KEYS[head] or self.pick((1, 1, 0)))
        ):
            found["that"] = self.condition(inner, depth - 1)
        return found

    def amount(self, scope: Scope, head: str) -> str | int:
        """What the number of a count, a share or a sum has to be."""
        operators = ("at least ", "at most ", "more than ", "fewer than ", "is ", "")
        operator = self.pick(operators[: None if head != "share" else -1])
        number = self.pick(("0", "1", "2", "3", f"{{{self.pick(COUNTS)}}}"))
        if head != "count":
            number = self.pick((number, "50", "2.5", "99"))
        number = self.limit(scope, number) if head != "share" else number.replace("0", "1", 1)
        if scope.dated:
            number = self.pick((number, f"{{{self.pick(DATED_COUNTS)}}}"))
        if head == "share":
            number += self.pick(("", " per cent"))
        return int(number) if number.isdigit() and not operator else operator + number

    def line(self, scope: Scope) -> str:
        if scope.definitions and self.pick((True, False, False)):
            return f"{self.pick(('', 'not '))}{self.pick(scope.definitions)}"
        path, spec = self.pick(scope.facts())
        if scope.presence and spec.kind in _KIN and self.pick((*[False] * 9, True)):
            return f"{path} {self.pick(_OF_FACTS).around(self.fact(scope, path, *_KIN[spec.kind]))}"
        if scope.presence and (spec.kind in ("group", "list") or self.pick((True, *[False] * 7))):
            return f"{path} {self.pick(('is recorded', 'is not recorded'))}"
        if spec.kind in ("group", "list"):
            path, spec = self.pick(scope.of_kinds("boolean", "date"))
        negation = self.pick(("", "", "", "not ")) if spec.kind == "boolean" else ""
        return negation + _FORMS[spec.kind](self, scope, path, spec)

    # one form for each kind of fact

    def operator(self, kind: Kind) -> str:
        """An operator of the table that may follow such a fact, and has an object after it."""
        return str(self.pick(_OPERATORS[kind]))

    def parameter(self, scope: Scope, *names: str) -> str:
        return f"{{{self.pick(names)}_{self.pick(scope.suffixes())}}}"

    def fact(self, scope: Scope, otherwise: str, *kinds: str) -> str:
        """Another fact to compare with; after `is`, the word *recorded* would be no fact."""
        found = [path for path, _ in scope.of_kinds(*kinds) if path != "recorded"]
        return str(self.pick(found)) if found else otherwise

    def limit(self, scope: Scope, otherwise: str, *kinds: str) -> str:
        """A number, or sometimes a fact in its place, of which no record has less than 0."""
        facts = scope.of_kinds("integer", *kinds)
        found = [path for path, spec in facts if spec.minimum is not None and spec.minimum >= 0]
        return str(self.pick((otherwise, otherwise, self.pick(found)))) if found else otherwise

    def boolean(self, scope: Scope, path: str, spec: Spec) -> str:
        operator = self.pick(("", "", "", " is ", " is not "))
        if not operator:
            return path
        words = self.pick(("yes", "no", "true", "false"))
        other = self.pick((words, self.fact(scope, words, "boolean")))
        return f"{path}{operator}{self.pick((other, self.parameter(scope, 'flag')))}"

    def number(self, scope: Scope, path: str, spec: Spec) -> str:
        operator = self.pick((self.operator(Kind.NUMBER), *_SHARES))
        literal = self.pick(("0", "1", "2", "3", "-1", "2.5", "7"))
        if OPERATORS[operator].objects == "many":
            return f"{path} {operator} {self.pick((literal, f'{literal}, 5'))}"
        names = ("amount", "ratio") if spec.kind == "number" else ("amount",)
        objects = (
            literal,
            self.parameter(scope, *names),
            self.fact(scope, literal, *NUMBER_KINDS),
        )
        operator = operator.replace("N", self.limit(scope, "50"))
        return f"{path} {operator} {self.pick(objects)}"

    def words(self, scope: Scope, path: str, spec: Spec) -> str:
        operator = self.operator(Kind.CHOICE if spec.choices else Kind.TEXT)
        return f"{path} {OPERATORS[operator].around(self.word_objects(scope, spec, operator))}"

    def word_list(self, scope: Scope, path: str, spec: Spec) -> str:
        operator = self.operator(Kind.LIST)
        return f"{path} {operator} {self.word_objects(scope, spec, operator)}"

    def number_list(self, scope: Scope, path: str, spec: Spec) -> str:
        operator = self.operator(Kind.LIST)
        objects = ["0", "3", "2.5", "7"]
        if OPERATORS[operator].objects == "many":
            objects += ["1, 3"]
        else:
            objects += [self.parameter(scope, "amount"), self.fact(scope, "1", *NUMBER_KINDS)]
        return f"{path} {operator} {self.pick(objects)}"

    def word_objects(self, scope: Scope, spec: Spec, operator: str) -> str:
        choices = spec.choices or tuple(filter(None, TEXTS))
        parameter = "word" if spec.choices else self.pick(("word", "label"))
        if OPERATORS[operator].objects == "many":
            parts = [_word(self.pick(choices), spec) for _ in range(self.pick((1, 2, 3)))]
            return str(self.pick((", ".join(parts), self.parameter(scope, f"{parameter}s"))))
        if OPERATORS[operator].written is not None:
            return f"'{self.pick(PATTERNS)}'"
        literal = _word(self.pick(choices), spec)
        other = self.fact(scope, literal, *WORD_KINDS)
        return str(self.pick((literal, self.parameter(scope, parameter), other)))

    def moment(self, scope: Scope, path: str, spec: Spec) -> str:
        periods = [
            other
            for other, group in scope.of_kinds("group")
            if {"start", "end"} <= {inner.name for inner in group.fields}
        ]
        forms = ["compare", "within", "within"]
        forms += ["during"] if periods else []
        forms += ["hours"] if spec.kind == "date-time" else []
        form = self.pick(forms)
        if form == "during":
            return f"{path} during {self.pick(periods)}"
        direction = self.pick(("after", "before"))
        if form == "hours":
            number = self.pick(("0", "24", "0.57", "1.1", self.parameter(scope, "hours")))
            number = self.limit(scope, number, "number")
            other = self.fact(scope, path, "date-time")
            return f"{path} within {number} hours {direction} {other}"
        if form == "compare":
            return f"{path} {self.operator(Kind.DATE)} {self.day(scope)}"
        number = self.pick(("0", "1", "2", "5", "10", "30", "36500", "{n_const}", "{n_float}"))
        if scope.dated:
            number = self.pick((number, f"{{{self.pick(DATED_COUNTS)}}}"))
        unit = self.pick(_UNITS)
        unit = unit.removesuffix("s") if number == "1" else unit
        return f"{path} within {self.limit(scope, number)} {unit} {direction} {self.day(scope)}"

    def day(self, scope: Scope) -> str:
        literal = self.pick(DAYS)
        objects = (
            literal,
            "{as_of}",
            self.parameter(scope, "day"),
            *[self.fact(scope, literal, *DATE_KINDS) for _ in range(3)],
        )
        return str(self.pick(objects))


_OPERATORS = {
    kind: [
        name
        for name, operator in OPERATORS.items()
        if kind in operator.subjects
        and operator.objects != "none"
        and not operator.takes_unknown
        and not operator.has_number
        and not operator.period  # which has a form of its own
    ]
    for kind in Kind
}
_SHARES = [
    name for name, operator in OPERATORS.items() if operator.has_number and not operator.unit
]
_OF_FACTS = [op for op in OPERATORS.values() if op.takes_unknown and op.objects == "one"]
_KIN: dict[str, tuple[str, ...]] = {
    **{kind: (kind,) for kind in ("boolean", "text", "choice")},
    **dict.fromkeys(NUMBER_KINDS, NUMBER_KINDS),
    **dict.fromkeys(DATE_KINDS, DATE_KINDS),
}
_UNITS = [
    operator.unit
    for operator in OPERATORS.values()
    if operator.direction > 0 and Kind.DATE in operator.subjects
]
_FORMS: dict[str, Callable[[_Lines, Scope, str, Spec], str]] = {
    "boolean": _Lines.boolean,
    "integer": _Lines.number,
    "number": _Lines.number,
    "text": _Lines.words,
    "choice": _Lines.words,
    "words": _Lines.word_list,
    "texts": _Lines.word_list,
    **dict.fromkeys(NUMBER_LISTS, _Lines.number_list),
    "date": _Lines.moment,
    "date-time": _Lines.moment,
}


def _word(word: str, spec: Spec) -> str:
    """A word as a line writes it: bare where it can be, in the quotes that it does not hold."""
    if spec.choices and word.isidentifier():
        return word
    return f'"{word}"' if "'" in word else f"'{word}'"


# --- rules and packs ---


@st.composite
def rule_files(
    draw: Draw, kind: str, record: Group, number: int, presence: bool = True
) -> dict[str, Any]:
    """A rule file with one rule; `presence` allows the operators that ask what is recorded."""
    lines = _Lines(draw)
    loops, variables = _loops(lines, record)
    dates = Scope(record, variables).of_kinds(*DATE_KINDS)
    in_force_on = lines.pick((None, lines.pick(dates)[0]))
    scope = Scope(record, variables, dated=in_force_on is not None, presence=presence)
    definitions: dict[str, Any] = {}
    for place in range(lines.pick((0, 0, 1, 2))):
        inner = replace(scope, definitions=tuple(definitions), tag=f"_{place}")
        definitions[f"known_{place}"] = lines.condition(inner, place + 1)
    scope = replace(scope, definitions=tuple(definitions))
    rule: dict[str, Any] = {
        "id": f"rule-{number}",
        "title": f"Rule {number}",
        "source": {"paragraph": str(number)},
        "record": kind,
        "severity": "high",
    }
    if loops:
        rule["for_each"] = loops if len(loops) > 1 else lines.pick((loops, loops[0]))
        rule["if_none"] = _if_none(lines, len(loops))
        if lines.pick((True, False)):
            rule["where"] = lines.condition(scope, lines.pick((0, 1)))
    if lines.pick((True, False)):
        rule["applies_when"] = lines.condition(scope, lines.pick((0, 1, 2)))
    rule["require"] = _criteria(lines, scope, lines.pick((1, 1, 2, 3, 4)), "needs")
    excused = lines.pick((0, 0, 1, 2))
    if excused:
        rule["except_when"] = _criteria(lines, scope, excused, "excused")
    return _finished(rule, definitions, in_force_on, shared=lines.pick((True, False)))


def _if_none(lines: _Lines, loops: int) -> Any:
    """One outcome where there are no units, or one for each list that is walked."""
    outcomes = [lines.pick(("not_applicable", "not_met", "not_evidenced")) for _ in range(loops)]
    return lines.pick((outcomes[0], outcomes)) if loops > 1 else outcomes[0]


def _loops(lines: _Lines, record: Group) -> tuple[list[str], tuple[tuple[str, Group], ...]]:
    depth = lines.pick((0, 1, 1, 2))
    group, prefix = record, ""
    loops: list[str] = []
    variables: list[tuple[str, Group]] = []
    for level in range(depth):
        lists = [fact for fact in reachable(group, prefix) if fact[1].kind == "list"]
        if not lists:
            break
        path, spec = lines.pick(lists)
        variable = f"{lines.pick(('unit', 'x', 'class'))}_{level}"
        loops.append(f"{path} as {variable}")
        variables.append((variable, spec.fields))
        group, prefix = spec.fields, f"{variable}."
    return loops, tuple(variables)


def _criteria(lines: _Lines, scope: Scope, number: int, name: str) -> dict[str, Any]:
    return {
        f"{name}_{place}": lines.condition(scope, lines.pick((0, 1, 1, 2)))
        for place in range(number)
    }


def _finished(
    rule: dict[str, Any], definitions: dict[str, Any], in_force_on: str | None, *, shared: bool
) -> dict[str, Any]:
    """The file, without the definitions and the date that the rule does not need."""
    used: dict[str, Any] = {}
    for name in reversed(definitions):  # a definition may use those above it
        if re.search(rf"\b{name}\b", json.dumps([rule, used])):
            used = {name: definitions[name], **used}
    if in_force_on is not None and re.search(r"\{\w+_(dated|late)\}", json.dumps([rule, used])):
        rule["in_force_on"] = in_force_on
    if used and not shared:
        rule["define"] = used
    return {"define": used, "rules": [rule]} if used and shared else {"rules": [rule]}


@dataclass
class Audit:
    """A loaded pack, the files it came from, and records that fit its schema, as JSON has them."""

    pack: Pack
    files: Files
    kinds: dict[str, Group]
    records: list[dict[str, Any]] = field(default_factory=list)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What a failing example shows: the files as text, and the records."""
        files = "".join(f"\n--- {name}\n{as_yaml(value)}" for name, value in self.files.items())
        records = "\n".join(json.dumps(record) for record in self.records)
        printer.text(f"{files}\n--- records\n{records}\n")


@st.composite
def packs(draw: Draw, *, rules: int = 4, presence: bool = True) -> Audit:
    """A pack of up to `rules` rules over one record kind or two, without records."""
    names = pick(draw, (("case",), ("case",), ("case", "staff_member")))
    kinds = {
        name: (
            Spec("id", "text", required=True),
            *draw(groups(level=min(place, 1))),
            Spec("extra", "open"),
        )
        for place, name in enumerate(names)
    }
    files = pack_files(kinds, draw(parameters()))
    for number in range(rules):
        kind = pick(draw, names)
        files[f"rules/{number}.yaml"] = draw(rule_files(kind, kinds[kind], number, presence))
    pack, used = _load_sound(_without_idle_parameters(files))
    return Audit(pack, used, kinds)


def pack_files(kinds: Mapping[str, Group], found: Mapping[str, Any]) -> Files:
    """A pack's files as values, without rules."""
    return {
        "pack.yaml": {
            "id": "drawn",
            "version": "0.1.0",
            "title": "Drawn",
            "source": {"title": "Nothing"},
            "licence": "MIT",
            "kinds": {name: f"{name}s" for name in kinds},
            "parameters": dict(found),
        },
        "records.yaml": {"$defs": {name: object_schema(group) for name, group in kinds.items()}},
    }


def _without_idle_parameters(files: Files) -> Files:
    text = json.dumps([value for name, value in files.items() if name.startswith("rules/")])
    found = files["pack.yaml"]["parameters"]
    used = {name: value for name, value in found.items() if f"{{{name}}}" in text}
    return {**files, "pack.yaml": {**files["pack.yaml"], "parameters": used}}


def _load_sound(files: Files) -> tuple[Pack, Files]:
    """The pack without the rules that test nothing, and its files."""
    try:
        return load(files), files
    except PackError as error:
        refused = set()
        for problem in error.problems:
            assert _TESTS_NOTHING.search(problem.message), str(problem)
            refused.add(f"rules/{Path(problem.place.file).name}")
    sound = {name: value for name, value in files.items() if name not in refused}
    assume(any(name.startswith("rules/") for name in sound))
    return load(sound), sound


def load(files: Files) -> Pack:
    """The pack of these files: values, or text as it is."""
    with tempfile.TemporaryDirectory() as folder:
        return load_folder(write_pack(files, Path(folder)))


def write_pack(files: Files, folder: Path) -> Path:
    """Write a pack's files into a folder; returns the folder."""
    (folder / "rules").mkdir()
    for name, value in files.items():
        data = value if isinstance(value, bytes) else as_yaml(value).encode()
        (folder / name).write_bytes(data)
    return folder


def as_yaml(value: Any) -> str:
    """Values as a YAML file."""
    return str(yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True))


# --- records ---


@st.composite
def records(draw: Draw, kinds: Mapping[str, Group], *, exact: bool = False) -> dict[str, Any]:
    """A record of one of the kinds that fits its schema; `exact`: no imprecise dates."""
    names = list(kinds)
    kind = pick(draw, names) if len(names) > 1 else names[0]
    values = _Values(draw, _EXACT_POOLS if exact else _POOLS)
    record = values.group(tuple(spec for spec in kinds[kind] if spec.name != "id"))
    return {"id": "R", **({} if kind == names[0] else {"kind": kind}), **record}


@st.composite
def audits(
    draw: Draw,
    *,
    rules: int = 4,
    count: int = RECORDS,
    presence: bool = True,
    exact: bool = False,
    likely: bool = False,
) -> Audit:
    """A pack and `count` records with different ids.

    If `likely`, no record has a day that hardly anybody means, which a run would leave out.
    """
    audit: Audit = draw(packs(rules=rules, presence=presence))
    drawn = [draw(records(audit.kinds, exact=exact)) for _ in range(count)]
    if likely:
        drawn = [json.loads(_FAR.sub(f'"{DAYS[1]}"', json.dumps(record))) for record in drawn]
    audit.records = [{**record, "id": f"R{n}"} for n, record in enumerate(drawn)]
    return audit


def as_of_days() -> st.SearchStrategy[date | None]:
    """The day an audit is run for, or none."""
    return st.sampled_from((None, *(date.fromisoformat(day) for day in DAYS[:8])))


def judges(pack: Pack) -> dict[str, KindJudge]:
    """A judge for each kind of the pack, whose programs a test may call."""
    return {
        kind: KindJudge(kind, tuple(r for r in pack.rules if r.kind == kind), pack.parameters)
        for kind in pack.kinds
    }
