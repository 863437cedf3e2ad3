"""Everything wrong with a record that does not decode, by JSON pointer, in words.

The JSON Schema used here is made from the same fact types as the structs, so the two
cannot drift apart.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date
from typing import Any, Literal

from jsonschema import Draft202012Validator, FormatChecker, ValidationError

from scr_audit.errors import RecordError, RecordProblem, did_you_mean, listed
from scr_audit.language.types import FactType, Field, Kind
from scr_audit.packs.pack import RecordKind
from scr_audit.records import provenance
from scr_audit.records.json_text import encodable, escaped, not_in_json
from scr_audit.records.raw import day_of_text, names_another, year_first
from scr_audit.values.imprecise import parse_date, parse_datetime
from scr_audit.values.text import NOTHING_VISIBLE, VISIBLE, WHITE, is_blank, normal_text

MOST_PROBLEMS = 100
_DAY_READ = FactType(Kind.DATE)  # of an origin
_NORMAL: tuple[Literal["NFC", "NFD"], ...] = ("NFC", "NFD")
_JSON_TYPES = {
    Kind.BOOLEAN: "boolean",
    Kind.INTEGER: "integer",
    Kind.NUMBER: "number",
    Kind.TEXT: "string",
    Kind.CHOICE: "string",
    Kind.DATE: "string",
    Kind.DATETIME: "string",
}
_WORDS = {
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "string": "a text",
    "array": "a list",
    "object": "a group of facts",
}


def record_schema(kind: RecordKind) -> dict[str, Any]:
    """The JSON Schema (2020-12) of the records of a kind.

    Where a fact may be left out, it may be null, a blank text or a group of nothing as well. Its
    patterns state every text of a date, so that it needs no checker of formats.
    """
    schema = _schema(kind.type)
    schema["properties"] = {
        "kind": {"const": kind.name},
        **schema["properties"],
        provenance.KEY: provenance.origin_schema(_or_nothing(_DAY_READ, _schema(_DAY_READ))),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": kind.name,
        **schema,
        "$defs": {"nothing": _nothing(FactType(Kind.OPEN))},
    }


def _schema(fact: FactType) -> dict[str, Any]:
    """The schema of a fact that is recorded, or of an item of a list."""
    if fact.kind is Kind.OPEN:
        return {"type": "object"}
    if fact.kind is Kind.LIST:
        assert fact.item is not None
        is_group = fact.item.kind is Kind.OBJECT
        item = _schema(fact.item)
        found = {"type": "array", "items": item if is_group else _or_blank(fact.item, item)}
        return _map_or_list(fact.item, found) if fact.item.key else found
    if fact.kind is Kind.OBJECT:
        return {
            "type": "object",
            "properties": {name: _property(field) for name, field in fact.fields.items()},
            "required": [name for name, field in fact.fields.items() if field.required],
            "additionalProperties": fact.is_open,
        }
    schema: dict[str, Any] = {"type": _JSON_TYPES[fact.kind]}
    if fact.kind is Kind.CHOICE:
        schema["anyOf"] = _choices(fact)
    if fact.kind is Kind.TEXT:
        schema["pattern"] = VISIBLE
    if fact.kind in _FORMATS:
        schema["format"], pattern = _FORMATS[fact.kind]
        schema["pattern"] = _whole(_in_white(pattern))
    for key in ("minimum", "maximum"):
        if getattr(fact, key) is not None:
            schema[key] = getattr(fact, key)
    return schema


_KEY = {"type": "string", "pattern": VISIBLE}


def _map_or_list(item: FactType, as_list: Mapping[str, object]) -> dict[str, Any]:
    """The schema of a list whose items may stand under their keys."""
    by_key = replace(item.fields[item.key], required=False)
    inner = _schema(replace(item, fields={**item.fields, item.key: by_key}))
    return {
        "type": ["array", "object"],
        "if": {"type": "object"},
        "then": {"propertyNames": _KEY, "additionalProperties": inner},
        "else": {"items": as_list["items"]},
    }


def _property(field: Field) -> dict[str, Any]:
    schema = _schema(field.type)
    if not field.required:
        schema = _or_nothing(field.type, schema)
    elif field.type.kind in (Kind.OBJECT, Kind.OPEN, Kind.LIST):
        schema["not"] = _nothing(field.type)
    if field.ask:
        schema["description"] = field.ask
    return schema


def _or_nothing(fact: FactType, schema: Mapping[str, object]) -> dict[str, Any]:
    """The schema of a fact that may be left out."""
    if schema.get("required"):
        return {"anyOf": [schema, _nothing(fact)]}
    found = _or_blank(fact, schema)
    return {**found, "type": [*found["type"], "null"]}


def _types(schema: Mapping[str, object]) -> list[str]:
    kind = schema["type"]
    return [*kind] if isinstance(kind, list) else [str(kind)]


def _or_blank(fact: FactType, schema: Mapping[str, object]) -> dict[str, Any]:
    """The schema of a value that may be a blank text as well."""
    found: dict[str, Any] = {**schema, "type": _types(schema)}
    if fact.kind is Kind.TEXT:
        del found["pattern"]
    elif fact.kind is Kind.CHOICE:
        found["anyOf"] = [*found["anyOf"], {"pattern": _BLANK}]
    elif fact.kind in _FORMATS:
        found["pattern"] = _whole(f"{_in_white(_FORMATS[fact.kind][1])}|{NOTHING_VISIBLE}")
    else:
        found["type"], found["pattern"] = [*found["type"], "string"], _BLANK
    return found


def _nothing(fact: FactType) -> dict[str, Any]:
    """The schema of values that are there and record nothing."""
    blank = {"type": ["string", "null"], "pattern": _BLANK}
    if fact.kind is Kind.OPEN:
        inner = {"$ref": "#/$defs/nothing"}
        return {**blank, "type": ["object", *blank["type"]], "additionalProperties": inner}
    if fact.kind is Kind.OBJECT:
        facts = {name: _nothing(field.type) for name, field in fact.fields.items()}
        known = {"properties": facts, "additionalProperties": fact.is_open}
        return {**blank, "type": ["object", *blank["type"]], **known}
    if fact.item is not None and fact.item.kind is not Kind.OBJECT:
        items = {"minItems": 1, "items": {"type": "string", "pattern": _BLANK}}
        return {**blank, "type": ["array", *blank["type"]], **items}
    return blank


_SIGN = re.compile(r"[\\^$.|?*+()\[\]{}]")  # `re.escape` escapes more than others let it


def _choices(fact: FactType) -> list[dict[str, Any]]:
    """The choices, and how else they may be written: in white space, accents apart."""
    forms = {unicodedata.normalize(form, choice) for choice in fact.choices for form in _NORMAL}
    written = "|".join(_SIGN.sub(r"\\\g<0>", form) for form in sorted(forms))
    return [{"enum": list(fact.choices)}, {"pattern": _whole(_in_white(written))}]


def _in_white(pattern: str) -> str:
    return f"{WHITE}(?:{pattern}){WHITE}"


def _whole(pattern: str) -> str:
    """The pattern of a text that is nothing else; Python's `$` would let a line end follow."""
    return f"^(?:{pattern})$(?!\\n)"


_LEAP = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)"
_YEAR = "(?!0000)[0-9]{4}"
_YEAR_FIRST = (
    f"{_YEAR}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    f"|(?!0000){_LEAP}-02-29"
)
_DAY_FIRST = (  # between the same signs
    r"(?=[0-9]+(?:/[0-9]+/|\.[0-9]+\.|-[0-9]+-))(?:"
    "(?:(?:0?[1-9]|[12][0-9]|3[01])[/.-](?:0?[13578]|1[02])"
    "|(?:0?[1-9]|[12][0-9]|30)[/.-](?:0?[469]|11)"
    f"|(?:0?[1-9]|1[0-9]|2[0-8])[/.-]0?2)[/.-]{_YEAR}|29[/.-]0?2[/.-](?!0000){_LEAP})"
)
_DAY = f"(?:{_YEAR_FIRST}|{_DAY_FIRST})"
_MONTH_OR_YEAR = f"{_YEAR}(?:-(?:0[1-9]|1[0-2]))?"
_MIDNIGHT = r"[T ]+0?0:00(?::00(?:\.0+)?)?"
_TIME = r"[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?"
_OFFSET = "(?:Z|[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9])?"
_FORMATS: Mapping[Kind, tuple[str, str]] = {
    Kind.DATE: ("imprecise-date", f"{_DAY}(?:{_MIDNIGHT})?|{_MONTH_OR_YEAR}"),
    Kind.DATETIME: ("local-time", f"{_DAY}(?:{_TIME}{_OFFSET})?|{_MONTH_OR_YEAR}"),
}
_BLANK = _whole(NOTHING_VISIBLE)


_formats = FormatChecker(formats=())
_ANYWHERE = UTC  # whether a text is a time does not depend on the place


@_formats.checks("imprecise-date", raises=ValueError)
def _is_date(value: object) -> bool:
    return (
        not isinstance(value, str)
        or is_blank(value)
        or parse_date(day_of_text(normal_text(value))) is not None
    )


@_formats.checks("local-time", raises=ValueError)
def _is_time(value: object) -> bool:
    if not isinstance(value, str) or is_blank(value):
        return True
    return parse_datetime(year_first(normal_text(value)), _ANYWHERE) is not None


def record_validator(kind: RecordKind) -> Draft202012Validator:
    """The validator of records of a kind: what decodes passes it, and nothing else.

    But for items of maps that say another key than their own, which no JSON Schema can tell.
    """
    return Draft202012Validator(record_schema(kind), format_checker=_formats)


def explain_values(record: object, kind: RecordKind, failure: Exception) -> RecordError:
    """What is wrong with plain values that did not convert to a record of `kind`."""
    record_id = record.get("id") if isinstance(record, Mapping) else None
    validator = record_validator(kind)
    problems: list[RecordProblem] = []
    try:
        for error in validator.iter_errors(_plain(record)):
            problems += _problems(error)
            if len(problems) > MOST_PROBLEMS:
                break
    except RecursionError:
        problems = [RecordProblem("", "nested too deeply to be a record")]
    else:
        odd = [*not_in_json(record), *_named_otherwise(kind.type, record, "")]
        told = {problem.pointer for problem in odd}  # what else is said of them is only its echo
        problems = [*(each for each in problems if each.pointer not in told), *odd]
    if not problems:
        problems = [_from_failure(failure)]
    problems = sorted(
        (RecordProblem(encodable(p.pointer), encodable(p.message)) for p in problems),
        key=lambda problem: problem.pointer,
    )
    shown = encodable(normal_text(record_id)) if isinstance(record_id, str) else None
    return RecordError(problems, record_id=shown)


def _named_otherwise(fact: FactType, value: object, pointer: str) -> Iterator[RecordProblem]:
    """The items of maps that say another key than they stand under."""
    if isinstance(value, Mapping) and (item := fact.item) is not None and item.key:
        for key, inner in value.items():
            at = f"{pointer}/{escaped(str(key))}"
            said = inner.get(item.key) if isinstance(inner, Mapping) else None
            if isinstance(said, str) and names_another(said, str(key)):
                message = (
                    f"the item stands under the key {_quoted(key)}, and its '{item.key}' is "
                    f"{_quoted(said)}; write the same, or leave '{item.key}' out"
                )
                yield RecordProblem(f"{at}/{escaped(item.key)}", message)
            yield from _named_otherwise(item, inner, at)
    elif isinstance(value, Mapping):
        for name, field in fact.fields.items():
            yield from _named_otherwise(field.type, value.get(name), f"{pointer}/{escaped(name)}")
    elif isinstance(value, list | tuple) and fact.item is not None:
        for number, inner in enumerate(value):
            yield from _named_otherwise(fact.item, inner, f"{pointer}/{number}")


def _plain(value: object) -> object:
    """Values as JSON has them: `date` becomes text."""
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def _from_failure(failure: Exception) -> RecordProblem:
    """Where the schema finds nothing: msgspec's `Expected `str`, got `int64` - at `$.a[0].b``."""
    message, of_key, path = str(failure).partition(" - at `key` in `$")
    if not of_key:
        message, _, path = str(failure).partition(" - at `$")
    steps = path.rstrip("`").replace("[", ".").replace("]", "").split(".")
    _, got, found = message.rstrip("`").rpartition("got `")
    if of_key:
        message = f"a key is a text; found one that is none ({found})"
    elif got:
        message = (
            f"found {found}, which is no plain value; expected a text, a number, true or false, a "
            "date, a list or a mapping, as Python or JSON has them"
        )
    return RecordProblem("".join(f"/{step}" for step in steps if step), message)


def _problems(error: ValidationError) -> list[RecordProblem]:
    schema: Any = error.schema
    instance: Any = error.instance
    pointer = "".join(f"/{escaped(str(step))}" for step in error.absolute_path)
    if error.validator == "anyOf":  # the first says what is expected, the rest what is nothing
        first = [part for part in error.context or () if part.schema_path[0] == 0]
        return [problem for part in first for problem in _problems(part)]
    if schema is _KEY:
        message = "nothing can be seen in this key; write what its item is known by"
        if not isinstance(instance, str):
            message = f"a key is a text; found {_quoted(instance)}"
        return [RecordProblem(f"{pointer}/{escaped(str(instance))}", message)]
    if error.validator == "pattern" and "format" in schema:
        return []  # told as a format that does not fit
    if error.validator == "additionalProperties":
        known = list(schema["properties"])
        unknown = [key for key in instance if key not in known]
        extra = " What has no place may stand in 'extra'." if "extra" in known else ""
        return [
            RecordProblem(
                f"{pointer}/{escaped(str(key))}",
                f"unknown fact '{key}'."
                f"{did_you_mean(str(key), known) or _facts_hint(known)}{extra}",
            )
            for key in unknown
        ]
    if error.validator == "required":
        missing = [key for key in schema["required"] if key not in instance]
        return [
            RecordProblem(f"{pointer}/{escaped(key)}", f"'{key}' is required and is missing")
            for key in missing
            if f"'{key}' is" in error.message
        ]
    return [RecordProblem(pointer, _mistake_words(error))]


def _facts_hint(known: list[str]) -> str:
    return f" Facts here: {listed(known)}."


_DAY_OR_CLOCK = re.compile(r"[0-9][0-9:-]{4,}")


def _mistake_words(error: ValidationError) -> str:
    expected: Any = error.validator_value
    found = _quoted(error.instance)
    if error.validator in ("type", "pattern") and isinstance(error.schema, Mapping):
        names = _types(error.schema)
        words = _WORDS[names[0]]
        if "if" in error.schema:
            words = "a list, or a group that holds each item under its key"
        if "format" in error.schema:
            is_time = error.schema["format"] == _FORMATS[Kind.DATETIME][0]
            words = f'a {"time" if is_time else "date"} such as "2026-05-09{"T14:30" * is_time}"'
        hint = "" if "null" not in names else ", or null where it is not recorded"
        return f"expected {words}{hint}; found {found}"
    if error.validator == "enum":
        choices = [choice for choice in expected if choice is not None]
        hint = did_you_mean(str(error.instance), choices)
        return f"{found} is not one of the choices.{hint} Choices: {listed(choices, most=12)}."
    if error.validator == "format":
        reason, text = str(error.cause), normal_text(str(error.instance))
        is_said = text in reason or any(part in text for part in _DAY_OR_CLOCK.findall(reason))
        what = "time" if expected == _FORMATS[Kind.DATETIME][0] else "date"
        return f"{'' if is_said else f'{found} is '}not a {what}: {reason}"
    if error.validator in ("minimum", "maximum"):
        side = "at least" if error.validator == "minimum" else "at most"
        return f"expected {side} {error.validator_value}, found {found}"
    if error.validator == "const":
        return f"expected {error.validator_value!r}, found {found}"
    return error.message


def _quoted(value: object) -> str:
    if isinstance(value, Mapping):
        return "a group of facts"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bytes):
        return "bytes, which are no text"
    text = json.dumps(value, ensure_ascii=False, default=_with_type)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _with_type(value: object) -> str:
    """A value that JSON has not, with its type: `2 (numpy.int64)`."""
    return f"{value} ({type(value).__module__}.{type(value).__qualname__})"
