"""Everything wrong with a record that does not decode, by JSON pointer, in words.

The JSON Schema used here is made from the same fact types as the structs, so the two
cannot drift apart.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from datetime import UTC, date
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import extend

from scr_audit.errors import RecordError, RecordProblem, did_you_mean, listed
from scr_audit.language.types import FactType, Field, Kind
from scr_audit.packs.pack import RecordKind
from scr_audit.records import provenance
from scr_audit.values.imprecise import parse_date, parse_datetime

MOST_PROBLEMS = 100
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
    """The JSON Schema (2020-12) that records of a kind follow, nullable where not required."""
    schema = _schema(kind.type)
    schema["properties"] = {
        "kind": {"const": kind.name},
        **schema["properties"],
        provenance.KEY: provenance.ORIGIN_SCHEMA,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": kind.name,
        **schema,
    }


def _schema(fact: FactType) -> dict[str, Any]:
    if fact.kind is Kind.OPEN:
        return {"type": "object"}
    if fact.kind is Kind.LIST:
        assert fact.item is not None
        return {"type": "array", "items": _schema(fact.item)}
    if fact.kind is Kind.OBJECT:
        return {
            "type": "object",
            "properties": {name: _property(field) for name, field in fact.fields.items()},
            "required": [name for name, field in fact.fields.items() if field.required],
            "additionalProperties": False,
        }
    schema: dict[str, Any] = {"type": _JSON_TYPES[fact.kind]}
    if fact.kind is Kind.CHOICE:
        schema["enum"] = list(fact.choices)
    if fact.kind in (Kind.DATE, Kind.DATETIME):
        schema["format"] = "imprecise-date" if fact.kind is Kind.DATE else "local-time"
    for key in ("minimum", "maximum"):
        if getattr(fact, key) is not None:
            schema[key] = getattr(fact, key)
    return schema


def _property(field: Field) -> dict[str, Any]:
    schema = _schema(field.type)
    if not field.required:
        schema["type"] = [schema["type"], "null"]
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
    if field.ask:
        schema["description"] = field.ask
    return schema


_formats = FormatChecker(formats=())
_ANYWHERE = UTC  # whether a text is a time does not depend on the place


@_formats.checks("imprecise-date", raises=ValueError)
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or parse_date(value) is not None


@_formats.checks("local-time", raises=ValueError)
def _is_time(value: object) -> bool:
    return not isinstance(value, str) or parse_datetime(value, _ANYWHERE) is not None


# Decoding reads 3.0 as no whole number, where JSON Schema would.
_Validator: type[Draft202012Validator] = extend(  # type: ignore[no-untyped-call]  # untyped there
    Draft202012Validator,
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine(
        "integer", lambda _, value: isinstance(value, int) and not isinstance(value, bool)
    ),
)


def record_validator(kind: RecordKind) -> Draft202012Validator:
    """The validator of records of a kind: what decodes passes it, and nothing else."""
    return _Validator(record_schema(kind), format_checker=_formats)


class _UnreadableError(ValueError):
    pass


def explain_json(data: bytes | str, kind: RecordKind, failure: Exception) -> RecordError:
    """What is wrong with JSON text that did not decode as a record of `kind`."""
    try:
        value = json.loads(data, object_pairs_hook=_no_duplicates)
    except _UnreadableError as error:
        return RecordError([RecordProblem("", str(error))])
    except RecursionError:
        return RecordError([RecordProblem("", "nested too deeply to be a record")])
    except json.JSONDecodeError as error:
        where = (
            f"line {error.lineno}, column {error.colno}"
            if error.lineno > 1
            else (f"character {error.pos + 1}")
        )
        what = error.msg.removesuffix(" at")
        return RecordError([RecordProblem("", f"not JSON: {what} at {where}")])
    except UnicodeDecodeError:
        return RecordError([RecordProblem("", "not UTF-8 text; save the file as UTF-8")])
    except ValueError:
        return RecordError([RecordProblem("", "a number in it has thousands of digits")])
    return explain_values(value, kind, failure)


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _UnreadableError(
                f"the key '{key}' stands twice in one group; only one can be right"
            )
        found[key] = value
    return found


def explain_values(record: Any, kind: RecordKind, failure: Exception) -> RecordError:
    """What is wrong with plain values that did not convert to a record of `kind`."""
    record_id = record.get("id") if isinstance(record, Mapping) else None
    validator = record_validator(kind)
    plain = _plain(record)
    problems: list[RecordProblem] = []
    try:
        for error in validator.iter_errors(plain):
            problems += _problems(error)
            if len(problems) > MOST_PROBLEMS:
                break
    except RecursionError:
        problems = [RecordProblem("", "nested too deeply to be a record")]
    problems += _not_in_json(record)
    if not problems:
        problems = [_from_failure(failure)]
    problems = sorted(
        (RecordProblem(_encodable(p.pointer), _encodable(p.message)) for p in problems),
        key=lambda problem: problem.pointer,
    )
    return RecordError(
        problems, record_id=_encodable(record_id) if isinstance(record_id, str) else None
    )


def _not_in_json(record: Any) -> Iterator[RecordProblem]:
    """Values that Python's parser lets pass although JSON has no such values."""
    waiting: list[tuple[str, Any]] = [("", record)]
    while waiting:
        pointer, value = waiting.pop()
        if isinstance(value, Mapping):
            for key, inner in value.items():
                waiting += [(f"{pointer}/{_escaped(str(key))}", part) for part in (inner, str(key))]
        elif isinstance(value, list | tuple):
            waiting += [(f"{pointer}/{index}", inner) for index, inner in enumerate(value)]
        elif isinstance(value, float) and not math.isfinite(value):
            name = json.dumps(value)
            yield RecordProblem(
                pointer, f"{name} is not a value in JSON; leave out what is not recorded"
            )
        elif isinstance(value, str) and value != _encodable(value):
            found = _encodable(value)[:60]
            message = f"holds half of a character: {found}; write the character itself"
            yield RecordProblem(pointer, message)


def _encodable(text: str) -> str:
    """The text with halves of characters, which no file can hold, written out: `\\ud800`."""
    return text.encode("utf-8", "backslashreplace").decode()


def _plain(value: Any) -> Any:
    """Values as JSON has them: `date` becomes text."""
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def _from_failure(failure: Exception) -> RecordProblem:
    """msgspec's own words, where the schema finds nothing: `... - at `$.a[0].b``."""
    message, _, path = str(failure).partition(" - at `$")
    steps = path.rstrip("`").replace("[", ".").replace("]", "").split(".")
    return RecordProblem("".join(f"/{step}" for step in steps if step), message)


def _problems(error: ValidationError) -> list[RecordProblem]:
    schema: Any = error.schema
    instance: Any = error.instance
    pointer = "".join(f"/{_escaped(str(step))}" for step in error.absolute_path)
    if error.validator == "additionalProperties":
        known = list(schema["properties"])
        unknown = [key for key in instance if key not in known]
        extra = " What has no place may stand in 'extra'." if "extra" in known else ""
        return [
            RecordProblem(
                f"{pointer}/{_escaped(str(key))}",
                f"unknown fact '{key}'.{did_you_mean(str(key), known) or _facts(known)}{extra}",
            )
            for key in unknown
        ]
    if error.validator == "required":
        missing = [key for key in schema["required"] if key not in instance]
        return [
            RecordProblem(f"{pointer}/{_escaped(key)}", f"'{key}' is required and is missing")
            for key in missing
            if f"'{key}' is" in error.message
        ]
    return [RecordProblem(pointer, _words(error))]


def _facts(known: list[str]) -> str:
    return f" Facts here: {listed(known)}."


def _words(error: ValidationError) -> str:
    expected: Any = error.validator_value
    found = _shown(error.instance)
    if error.validator == "type":
        names = expected if isinstance(expected, list) else [expected]
        words = listed([_WORDS[name] for name in names if name != "null"])
        if isinstance(error.schema, Mapping) and "format" in error.schema:
            words = "a date in quotes"
        hint = "" if "null" not in names else ", or null where it is not recorded"
        return f"expected {words}{hint}; found {found}"
    if error.validator == "enum":
        choices = [choice for choice in expected if choice is not None]
        hint = did_you_mean(str(error.instance), choices)
        return f"{found} is not one of the choices.{hint} Choices: {listed(choices, most=12)}."
    if error.validator == "format":
        reason = str(error.cause)
        shown = "" if str(error.instance) in reason else f"{found} is "
        return f"{shown}not a date: {reason}"
    if error.validator in ("minimum", "maximum"):
        side = "at least" if error.validator == "minimum" else "at most"
        return f"expected {side} {error.validator_value}, found {found}"
    if error.validator == "const":
        return f"expected {error.validator_value!r}, found {found}"
    return error.message


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return "a group of facts"
    if isinstance(value, list):
        return "a list"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")
