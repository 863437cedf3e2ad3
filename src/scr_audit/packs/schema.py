"""The record schema: the JSON Schema subset, read into fact types.

The subset is what a compiler can turn into types. Anything else is refused with its place,
so that no keyword is silently without effect.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from scr_audit.errors import Problem, did_you_mean, listed
from scr_audit.language.checker import KeyPath
from scr_audit.language.types import NUMBERS, WORDS, FactType, Field, Kind, attribute
from scr_audit.packs.words import (
    CALLED,
    CHOICES,
    FORMS,
    IN_NAMES,
    LOOK,
    SAYS,
    UNKNOWN,
    WordsReader,
)
from scr_audit.packs.yaml_source import Document
from scr_audit.values.text import as_written, is_blank, lower_first

_TEXTS = ("title", "description", "x-ask", "x-help", "x-from")
_QUASI = "x-quasi-identifier"
_READ_ON = "x-read-on"
_SAME = "x-same-by"
_COMPLETE = "x-complete"
_LIMIT = "x-limit"
_OPEN = "x-open"
_KEY = "x-key"
ANNOTATIONS = (*_TEXTS, _QUASI, _READ_ON, SAYS, UNKNOWN, LOOK, IN_NAMES)
SCALARS = {
    "string": Kind.TEXT,
    "boolean": Kind.BOOLEAN,
    "integer": Kind.INTEGER,
    "number": Kind.NUMBER,
}
DAY_FORMATS = {"date": Kind.DATE, "date-time": Kind.DATETIME}
KEYWORDS = {
    "object": ("properties", "required", "additionalProperties", _OPEN, _SAME, CALLED, _KEY),
    "array": ("items", _COMPLETE),
    "string": ("enum", "format", _LIMIT, CHOICES, FORMS),
    "boolean": (),
    "integer": ("minimum", "maximum"),
    "number": ("minimum", "maximum"),
}
OF_MAPS = (_KEY, "additionalProperties", _COMPLETE)
_REF = "#/$defs/"
_FACT_NAME = re.compile(r"_?[A-Za-z][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*\Z")
DEEPEST_SCHEMA = 20
MOST_FACTS = 5_000
MOST_READING = 4 * DEEPEST_SCHEMA  # schemas in each other while reading: a group may need several
_TOP = ("$schema", "$id", "$defs", "title", "description", "$comment")


class SchemaReader:
    """Reads one document. Types are read once a name.

    `problems` collects what is wrong, `warnings` what reads badly or tells too much.

    `zone` is where date-times without an offset are.
    """

    def __init__(self, document: Document, zone: ZoneInfo) -> None:
        self.document = document
        self.zone = zone
        self._kinds: tuple[str, ...] = ()
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self._types: dict[str, FactType | None] = {}
        self._reading: list[str] = []
        self._depth = 0
        self._words = WordsReader(self._problem, self._warning)

    def kinds(self, names: Mapping[str, str]) -> dict[str, FactType]:
        """The record type of each kind."""
        top = self.document.value
        if not isinstance(top, dict) or not isinstance(top.get("$defs"), dict):
            self._problem((), "a record schema is a mapping with '$defs'")
            return {}
        self._kinds = tuple(names)
        for key in top:
            if key not in _TOP:
                self._problem((key,), f"unknown key '{key}'. Allowed: {listed(_TOP)}.", key=True)
        for name in top["$defs"]:
            self._definition(name, ("$defs", name))
        kinds = {kind: self._types.get(kind) for kind in names}
        for kind, found in kinds.items():
            self._check_kind(kind, found)
        return {kind: found for kind, found in kinds.items() if found is not None}

    def _check_kind(self, kind: str, found: FactType | None) -> None:
        if kind not in self.document.value["$defs"]:
            hint = did_you_mean(kind, self.document.value["$defs"])
            self._problem(("$defs",), f"the record kind '{kind}' has no entry here.{hint}")
        elif found is not None and found.kind is not Kind.OBJECT:
            self._problem(("$defs", kind), "a record kind is an object")
        elif found is not None:
            field = found.fields.get("id")
            if field is None or field.type.kind is not Kind.TEXT or not field.required:
                self._problem(("$defs", kind), "a record kind needs a required text 'id'")
            self._check_extent(kind, found)
            if "kind" in found.fields:
                at = ("$defs", kind, "properties", "kind")
                self._problem(at, "'kind' is taken: it tells record kinds apart", key=True)
            if "provenance" in found.fields:
                at = ("$defs", kind, "properties", "provenance")
                message = "'provenance' is taken: it tells where the facts of a record come from"
                self._problem(at, message, key=True)

    def _check_extent(self, kind: str, found: FactType) -> None:
        """Refuse what the compiler, the form and the explanation of records could not unfold."""
        deep, facts = extent(found, {})
        at = ("$defs", kind)
        if deep > DEEPEST_SCHEMA:
            self._problem(at, f"groups stand more than {DEEPEST_SCHEMA} deep in each other")
        elif facts > MOST_FACTS:
            self._problem(at, f"the record kind '{kind}' has more than {MOST_FACTS:,} facts")

    def _problem(self, path: KeyPath, message: str, *, key: bool = False) -> None:
        place = self.document.key_place(path) if key else self.document.place(path)
        self.problems.append(self.document.problem(place, message))

    def _warning(self, path: KeyPath, message: str) -> None:
        self.warnings.append(self.document.problem(self.document.place(path), message))

    def _definition(self, name: str, path: KeyPath) -> FactType | None:
        if name in self._types:
            return self._types[name]
        if name in self._reading:
            self._problem(
                path,
                f"'{name}' contains itself, directly or through another group; a group cannot "
                "stand inside itself",
            )
            return None
        self._reading.append(name)
        raw, path = self.document.value["$defs"][name], ("$defs", name)
        self._types[name] = found = self._type(raw, path, name)
        if found is not None and found.kind is not Kind.OBJECT:
            self._check_effect(raw, path, "beside each '$ref' to it")
        self._reading.pop()
        return self._types[name]

    def _type(self, raw: object, path: KeyPath, name: str = "") -> FactType | None:
        if self._depth == MOST_READING:
            self._problem(path, f"groups stand more than {DEEPEST_SCHEMA} deep in each other")
            return None
        self._depth += 1
        found = self._form(raw, path, name)
        self._depth -= 1
        return found

    def _form(self, raw: object, path: KeyPath, name: str) -> FactType | None:
        if not isinstance(raw, dict):
            self._problem(path, "expected a schema: a mapping with 'type' or '$ref'")
            return None
        if "$ref" in raw:
            return self._reference(raw, path)
        kind = raw.get("type")
        if not isinstance(kind, str) or kind not in KEYWORDS:
            hint = did_you_mean(str(kind), KEYWORDS)
            if kind in list(DAY_FORMATS):
                hint = f" Write type: string, and beside it format: {kind}"
            found = f"found {as_written(kind)}" if "type" in raw else "there is no 'type'"
            self._problem(path, f"expected a type: {listed(KEYWORDS)}; {found}.{hint}")
            return None
        keywords = OF_MAPS if kind == "object" and _KEY in raw else KEYWORDS[kind]
        self._only(raw, ("type", *keywords, *ANNOTATIONS), path)
        if keywords == OF_MAPS:
            return self._map(raw, path)
        if kind == "object":
            return self._object(raw, path, name)
        if kind == "array":
            return self._array(raw, path)
        return self._scalar(raw, kind, path)

    def _only(self, raw: Mapping[str, object], allowed: tuple[str, ...], path: KeyPath) -> None:
        for key in raw:
            if key not in allowed:
                message = (
                    f"'{key}' is outside the record schema subset here.{did_you_mean(key, allowed)}"
                )
                self._problem(
                    (*path, key), f"{message} Allowed: {listed(allowed, most=20)}.", key=True
                )

    def _reference(self, raw: Mapping[str, object], path: KeyPath) -> FactType | None:
        self._only(raw, ("$ref", *ANNOTATIONS), path)
        ref = raw["$ref"]
        name = ref.removeprefix(_REF) if isinstance(ref, str) else ""
        if not isinstance(ref, str) or not ref.startswith(_REF):
            self._problem((*path, "$ref"), f"expected {_REF}name, found {as_written(ref)}")
            return None
        if name not in self.document.value["$defs"]:
            hint = did_you_mean(name, self.document.value["$defs"])
            self._problem((*path, "$ref"), f"there is no '{name}' in $defs.{hint}")
            return None
        return self._definition(name, (*path, "$ref"))

    def _object(self, raw: Mapping[str, object], path: KeyPath, name: str) -> FactType | None:
        properties = raw.get("properties")
        if raw.get("additionalProperties") is True and (self._is_kind(path) or properties):
            what = "a record kind" if self._is_kind(path) else "a group with 'properties'"
            message = (
                f"{what} is closed, so that a misspelt fact is found; write 'x-open: true' in its "
                "place where facts that 'properties' does not name are to be passed over. "
                "'additionalProperties: true' is for a group of which nothing else is said, such "
                "as extra: {type: object, additionalProperties: true}"
            )
            self._problem((*path, "additionalProperties"), message, key=True)
        elif raw.get("additionalProperties") is True:
            self._only(raw, ("type", "additionalProperties", *ANNOTATIONS), path)
            return FactType(Kind.OPEN)
        if raw.get("additionalProperties", False) not in (True, False):
            message = (
                "expected true or false; where the keys are data, 'x-key' in place of 'properties' "
                "names the fact of each item that holds its key, such as x-key: name"
            )
            self._problem((*path, "additionalProperties"), message)
            return None
        if not isinstance(properties, dict) or not properties:
            self._problem(path, "an object needs 'properties'")
            return None
        required = raw.get("required", [])
        if not isinstance(required, list) or any(key not in list(properties) for key in required):
            self._problem((*path, "required"), "'required' lists names that are in 'properties'")
            required = []
        fields = {}
        attributes: dict[str, str] = {}
        for key, inner in properties.items():
            other = attributes.setdefault(attribute(str(key)), key)
            if other != key:
                message = (
                    f"'{key}' and '{other}' differ in a hyphen alone, and a rule could take one "
                    "for the other; leave one of them out"
                )
                self._problem((*path, "properties", key), message, key=True)
                continue
            found = self._field(key, inner, (*path, "properties", key), key in required)
            if found is not None:
                fields[key] = found
        if not isinstance(raw.get(_OPEN, False), bool):
            message = f"'{_OPEN}' is true or false; found {as_written(raw[_OPEN])}"
            self._problem((*path, _OPEN), message)
        same_by = tuple(self._same_by(raw.get(_SAME, []), fields, (*path, _SAME)))
        fields = {
            key: self._with_complete(f, fields, properties, path) for key, f in fields.items()
        }
        title = lower_first(str(raw.get("title", name)))
        read_on = self._read_on(properties, fields, path)
        called = self._words.called(raw.get(CALLED), fields, (*path, CALLED))
        return FactType(
            Kind.OBJECT,
            fields=fields,
            name=title,
            is_open=raw.get(_OPEN) is True,
            same_by=same_by,
            read_on=read_on,
            called=called,
            look=self._words.look(raw, path),
        )

    def _check_effect(self, raw: Mapping[str, object], path: KeyPath, where: str) -> None:
        """Tell what stands beside a type and is read only of a fact."""
        for key in ANNOTATIONS:
            if key.startswith("x-") and key in raw:
                message = f"'{key}' has no effect here; write it {where}"
                self._problem((*path, key), message, key=True)

    def _is_kind(self, path: KeyPath) -> bool:
        return path[:1] == ("$defs",) and len(path) == 2 and path[1] in self._kinds

    def _with_complete(
        self,
        field: Field,
        beside: Mapping[str, Field],
        properties: Mapping[str, object],
        path: KeyPath,
    ) -> Field:
        """A list with the fact beside it that says whether everything is in the list."""
        raw = properties[field.name]
        if not isinstance(raw, dict) or _COMPLETE not in raw:
            return field
        name = raw[_COMPLETE]
        found = beside.get(name) if isinstance(name, str) else None
        if found is None or found.type.kind is not Kind.BOOLEAN:
            what = (
                f"'{name}' is {found.type.kind.value}"
                if found
                else f"there is no {as_written(name)}"
            )
            hint = "" if found else did_you_mean(str(name), beside)
            at = (*path, "properties", field.name, _COMPLETE)
            self._problem(at, f"expected the name of a yes/no fact beside the list; {what}.{hint}")
            return field
        return replace(field, complete=found)

    def _read_on(
        self, properties: Mapping[str, object], fields: Mapping[str, Field], path: KeyPath
    ) -> str:
        """The fact that says when the files of a record were read; empty: there is none."""
        found = ""
        for key, raw in properties.items():
            if not isinstance(raw, dict) or _READ_ON not in raw:
                continue
            at = (*path, "properties", key, _READ_ON)
            if raw[_READ_ON] is not True:
                self._problem(at, f"'{_READ_ON}' is true, or left out")
            elif not self._is_kind(path):
                self._problem(at, f"'{_READ_ON}' marks a fact of a record kind itself")
            elif key not in fields or fields[key].type.kind is not Kind.DATE:
                self._problem(at, f"'{_READ_ON}' marks a date")
            elif found:
                self._problem(at, f"'{_READ_ON}' marks one fact; '{found}' has it already")
            else:
                found = key
        return found

    def _same_by(
        self, names: object, fields: Mapping[str, Field], path: KeyPath
    ) -> Iterator[tuple[str, ...]]:
        """The facts that tell whether two of these objects are the same thing, by their steps."""
        if not isinstance(names, list):
            self._problem(path, f"'{_SAME}' is a list of facts, such as [date, type]")
            return
        for place, name in enumerate(names):
            if not isinstance(name, str):
                message = f"expected the name of a fact, found {as_written(name)}"
                self._problem((*path, place), message)
                continue
            steps = tuple(name.split("."))
            known, fact = fields, None
            for step in steps:
                fact = known[step].type if step in known else None
                known = fact.fields if fact is not None else {}
            if fact is None:
                hint = did_you_mean(name, fields)
                self._problem((*path, place), f"there is no fact '{name}' here.{hint}")
            elif fact.kind in (Kind.OBJECT, Kind.OPEN, Kind.LIST):
                self._problem((*path, place), f"'{name}' is {fact.kind.value}; name a single fact")
            else:
                yield steps

    def _field(self, key: str, raw: object, path: KeyPath, required: bool) -> Field | None:
        if not _FACT_NAME.match(key):
            message = (
                f"'{key}' is not a plain word of letters, digits, _ and single hyphens inside it"
            )
            self._problem(path, message, key=True)
            return None
        fact = self._type(raw, path)
        if fact is None or not isinstance(raw, dict):
            return None
        texts = {name: raw.get(name, "") for name in _TEXTS}
        for name, text in texts.items():
            if not isinstance(text, str | list):
                self._problem((*path, name), f"'{name}' is a text; found {as_written(text)}")
        for name in (_QUASI, IN_NAMES):
            if not isinstance(raw.get(name, False), bool):
                message = f"'{name}' is true or false; found {as_written(raw[name])}"
                self._problem((*path, name), message)
        return Field(
            key,
            fact,
            required=required,
            ask=str(texts["x-ask"]),
            help=str(texts["x-help"] or texts["description"]),
            source=str(texts["x-from"]),
            title=str(texts["title"]),
            quasi_identifier=raw.get(_QUASI) is True,
            says=self._words.says(raw, fact, path),
            look="" if "properties" in raw else self._words.look(raw, path),  # else its type's
            in_names=raw.get(IN_NAMES) is True,
        )

    def _array(self, raw: Mapping[str, object], path: KeyPath) -> FactType | None:
        if "items" not in raw:
            self._problem(path, "an array needs 'items'")
            return None
        inner = raw["items"]
        item = self._type(inner, (*path, "items"))
        if item is None:
            return None
        if item.kind is not Kind.OBJECT and isinstance(inner, dict):
            self._check_effect(inner, (*path, "items"), "beside 'type: array'")
        if item.kind not in (Kind.OBJECT, *WORDS, *NUMBERS):
            self._problem((*path, "items"), "a list holds objects, texts, choices or numbers")
            return None
        return FactType(Kind.LIST, item=item)

    def _map(self, raw: Mapping[str, object], path: KeyPath) -> FactType | None:
        """A list of groups, each of which may stand under a fact of its own as its key."""
        key = raw[_KEY]
        if not isinstance(key, str) or not _FACT_NAME.match(key):
            message = "the fact of each item that holds its key, such as name"
            self._problem((*path, _KEY), f"expected {message}; found {as_written(key)}")
            return None
        held, at = raw.get("additionalProperties"), (*path, "additionalProperties")
        if not isinstance(held, dict):
            message = "a map needs 'additionalProperties': the group that stands under each key"
            self._problem(path if held is None else at, message)
            return None
        item = self._type(held, at)
        if item is None:
            return None
        if item.kind is not Kind.OBJECT:
            self._problem(at, f"a map holds groups; found {item.kind.value}")
            return None
        own = self._key_field(key, item, (*path, _KEY))
        if own is None:
            return None
        fields = {key: own, **item.fields} | {key: own}
        same_by = item.same_by or ((key,),)
        return FactType(Kind.LIST, item=replace(item, fields=fields, same_by=same_by, key=key))

    def _key_field(self, key: str, item: FactType, path: KeyPath) -> Field | None:
        """The fact of each item that holds its key, whether or not the group names it."""
        own = item.fields.get(key, Field(key, FactType(Kind.TEXT)))
        if own.type.kind is not Kind.TEXT:
            message = f"'{key}' of each item is {own.type.kind.value}; a key is a text"
            self._problem(path, message)
            return None
        for other in item.fields:
            if other != key and attribute(other) == attribute(key):
                message = f"'{key}' and '{other}' of each item differ in a hyphen alone"
                self._problem(path, f"{message}; choose another name")
                return None
        return replace(own, required=True)

    def _scalar(self, raw: Mapping[str, object], kind: str, path: KeyPath) -> FactType | None:
        if kind == "string":
            return self._text(raw, path)
        if kind == "boolean":
            return FactType(Kind.BOOLEAN)
        return self._number(raw, SCALARS[kind], path)

    def _text(self, raw: Mapping[str, object], path: KeyPath) -> FactType | None:
        if _LIMIT in raw and (raw[_LIMIT] is not True or raw.get("format") != "date"):
            self._problem((*path, _LIMIT), f"'{_LIMIT}' is true, beside 'format: date'", key=True)
        if "enum" in raw:
            enum = raw["enum"]
            choices = [c for c in enum if isinstance(c, str)] if isinstance(enum, list) else []
            if not choices or choices != enum or len({*choices}) < len(choices) or "format" in raw:
                self._problem((*path, "enum"), "'enum' is a list of different texts")
                return None
            if any(map(is_blank, choices)):
                message = "a choice is blank, and a blank text is not recorded; give it a word"
                self._problem((*path, "enum"), message)
                return None
            forms = raw.get(FORMS, {})
            if not isinstance(forms, dict):
                self._problem((*path, FORMS), f"'{FORMS}' has words for choices under each name")
                forms = {}
            read = self._words.choices
            return FactType(
                Kind.CHOICE,
                choices=tuple(choices),
                words=read(raw.get(CHOICES, {}), choices, (*path, CHOICES)),
                forms={
                    name: read(form, choices, (*path, FORMS, name)) for name, form in forms.items()
                },
            )
        for key in (CHOICES, FORMS):
            if key in raw:
                self._problem((*path, key), f"'{key}' stands beside 'enum'", key=True)
        if "format" in raw:
            if raw["format"] not in list(DAY_FORMATS):
                found = as_written(raw["format"])
                expected = f"expected {listed(DAY_FORMATS, last='or')}; found {found}"
                self._problem((*path, "format"), expected)
                return None
            return FactType(DAY_FORMATS[raw["format"]], zone=self.zone, is_limit=_LIMIT in raw)
        return FactType(Kind.TEXT)

    def _number(self, raw: Mapping[str, object], kind: Kind, path: KeyPath) -> FactType | None:
        wanted = int if kind is Kind.INTEGER else int | float
        bounds: dict[str, Any] = {key: raw[key] for key in ("minimum", "maximum") if key in raw}
        for key, bound in bounds.items():
            if isinstance(bound, bool) or not isinstance(bound, wanted):
                message = f"'{key}' is {kind.value} here; found {as_written(bound)}"
                self._problem((*path, key), message)
                return None
        if len(bounds) == 2 and bounds["minimum"] > bounds["maximum"]:
            self._problem((*path, "maximum"), "'maximum' is below 'minimum'")
            return None
        return FactType(kind, **bounds)


def extent(fact: FactType, known: dict[int, tuple[int, int]]) -> tuple[int, int]:
    """How deep groups stand in each other in `fact`, and how many facts it unfolds to.

    Those of a map count twice: its published schema is that of a map and of a list.
    """
    inner = fact.item if fact.kind is Kind.LIST else fact
    if inner is None or inner.kind is not Kind.OBJECT:
        return 0, 0
    if id(inner) not in known:
        parts = [extent(field.type, known) for field in inner.fields.values()]
        deep = 1 + max((part[0] for part in parts), default=0)
        times = 2 if inner.key else 1
        known[id(inner)] = deep, times * (len(parts) + sum(part[1] for part in parts))
    return known[id(inner)]
