"""Authored files, and from YAML to a model, with every mistake in words and at its place."""

from __future__ import annotations

import pathlib
import re
from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from scr_audit.errors import Problem, did_you_mean, listed
from scr_audit.language.check import KeyPath
from scr_audit.language.types import Plain
from scr_audit.packs.models import IDENTIFIER, NAME, SPAN, VERSION, VISIBLE, YEAR_FROM
from scr_audit.packs.yaml_source import Document
from scr_audit.values.text import as_written, is_leftover

_FORMS = {
    IDENTIFIER: "small letters, digits and single hyphens, a letter first",
    NAME: "small letters, digits and _, a letter first",
    VISIBLE: "a text",
    VERSION: "three numbers such as 1.2.0",
    YEAR_FROM: "a month and a day of it up to the 28th, such as 04-01",
    SPAN: "a number of days, weeks, months or years, such as 12 months",
}

Model = TypeVar("Model", bound=BaseModel)

_TYPE_WORDS = {
    "string_type": "a text",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping of keys to values",
    "model_type": "a mapping of keys to values",
}


def authored_files(folder: pathlib.Path, pattern: str = "*.yaml") -> list[pathlib.Path]:
    """The files of a folder that people wrote, by name: none that a program hid or left there."""
    found = sorted(folder.glob(pattern))
    return [path for path in found if not (path.name.startswith(".") or is_leftover(path.name))]


def validate(model: type[Model], document: Document) -> tuple[Model | None, list[Problem]]:
    """The document as `model`, or None and every problem of its shape."""
    try:
        return model.model_validate(document.value), []
    except ValidationError as error:
        found = [(_document_path(document, each), each) for each in error.errors()]
        problems = {_problem(model, document, *each) for each in _without_echoes(found)}
        return None, sorted(problems)


FaultAt = tuple[KeyPath, ErrorDetails]


def _without_echoes(found: list[FaultAt]) -> Iterator[FaultAt]:
    """The errors, with those that the members of a union give at one place joined to one.

    Where one member fits but for something inside the value, or for its spelling, only that
    is of interest.
    """
    kinds: dict[KeyPath, list[str]] = {}
    outside: set[KeyPath] = set()
    for path, details in found:
        kinds.setdefault(path, []).append(details["type"])
        outside.update(path[:length] for length in range(len(path)))
    for path, details in found:
        if details["type"] not in _TYPE_WORDS:
            if details["type"] != "literal_error" or path not in outside:
                yield path, details
        elif path not in outside and all(kind in _TYPE_WORDS for kind in kinds[path]):
            words = [_TYPE_WORDS[kind] for kind in kinds[path]]
            yield path, {**details, "ctx": {"expected": words}}


def _problem(
    model: type[BaseModel], document: Document, path: KeyPath, details: ErrorDetails
) -> Problem:
    kind = details["type"]
    if kind == "extra_forbidden":
        key = str(path[-1])
        allowed = sorted(_allowed_keys(model, details["loc"][:-1]))
        message = (
            f"unknown key '{key}'.{did_you_mean(key, allowed)} Allowed: {listed(allowed, most=20)}."
        )
        return document.problem(document.key_place(path), message)
    if kind == "missing":
        place = document.key_place(path[:-1])
        return document.problem(place, f"the key '{path[-1]}' is missing here")
    if details["loc"][-1:] == ("[key]",):
        return document.problem(document.key_place(path), _message(kind, details))
    return document.problem(document.place(path), _message(kind, details))


def _message(kind: str, details: ErrorDetails) -> str:
    found = details.get("input")
    shown = as_written(found)
    context = details.get("ctx", {})
    if kind == "literal_error":
        hint = did_you_mean(str(found), re.findall("'([^']*)'", context["expected"]))
        return f"expected {context['expected']}, found {shown}.{hint}"
    if kind == "string_pattern_mismatch":
        form = _FORMS.get(context["pattern"], context["pattern"])
        return f"expected {form}, found {shown}"
    if kind in ("too_short", "too_long"):
        return "expected at least one entry"
    if kind in _TYPE_WORDS:
        expected = listed(dict.fromkeys(context["expected"]), last="or")
        quotes = "; write it in quotes" if _lacks_quotes(expected, found) else ""
        return f"expected {expected}, found {shown}{quotes}"
    return f"{details['msg']}; found {shown}"


def _lacks_quotes(expected: str, found: Plain) -> bool:
    """Whether a text was meant: `5.7` without quotes is a number."""
    return expected == _TYPE_WORDS["string_type"] and isinstance(found, bool | int | float)


def _document_path(document: Document, details: ErrorDetails) -> KeyPath:
    """The error's location without the parts Pydantic adds for unions and keys."""
    value: Plain = document.value
    path: list[str | int] = []
    for step in details["loc"]:
        if isinstance(value, dict) and step in value:
            value = value[str(step)]
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            continue  # Pydantic's name for a member of a union, or the key that is missing
        path.append(step)
    return (*path, details["loc"][-1]) if details["type"] == "missing" else tuple(path)


def _allowed_keys(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    """The keys of the model that stands at `location`."""
    current: Any = model
    for step in location:
        if isinstance(step, int):
            continue
        fields = getattr(current, "model_fields", {})
        found = next((f for n, f in fields.items() if step in (n, f.alias)), None)
        if found is not None:
            current = _model_in(found.annotation) or current
    return [field.alias or name for name, field in getattr(current, "model_fields", {}).items()]


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in getattr(annotation, "__args__", ()):
        found = _model_in(part)
        if found is not None:
            return found
    return None
