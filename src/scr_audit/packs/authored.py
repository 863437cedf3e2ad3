"""From a YAML document to an authored model, with every mistake in words and at its place."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from scr_audit.errors import Problem, did_you_mean, listed
from scr_audit.packs.yaml_source import Document, Path

Model = TypeVar("Model", bound=BaseModel)

_TYPE_WORDS = {
    "string_type": "a text",
    "int_type": "a whole number",
    "bool_type": "yes or no, written true or false",
    "list_type": "a list",
    "dict_type": "a mapping of keys to values",
    "model_type": "a mapping of keys to values",
}


def validated(model: type[Model], document: Document) -> tuple[Model | None, list[Problem]]:
    """The document as `model`, or None and every problem of its shape."""
    try:
        return model.model_validate(document.value), []
    except ValidationError as error:
        problems = {_problem(model, document, details) for details in error.errors()}
        return None, sorted(problems)


def _problem(model: type[BaseModel], document: Document, details: ErrorDetails) -> Problem:
    path = _document_path(document, details["loc"])
    kind = details["type"]
    if kind == "extra_forbidden":
        key = str(path[-1])
        allowed = sorted(_allowed(model, details["loc"][:-1]))
        message = (
            f"unknown key '{key}'.{did_you_mean(key, allowed)} Allowed: {listed(allowed, most=20)}."
        )
        return document.problem(document.key_place(path), message)
    if kind == "missing":
        place = document.key_place(path[:-1])
        return document.problem(place, f"the key '{path[-1]}' is missing here")
    return document.problem(document.place(path), _message(kind, details))


def _message(kind: str, details: ErrorDetails) -> str:
    found = details.get("input")
    shown = "nothing" if found is None else f"{str(found)[:60]!r}"
    context = details.get("ctx", {})
    if kind == "literal_error":
        hint = did_you_mean(str(found), str(context["expected"]).replace("'", "").split(", "))
        return f"expected {context['expected']}, found {shown}.{hint}"
    if kind == "string_pattern_mismatch":
        return f"{shown} does not have the form {context['pattern']}"
    if kind in ("too_short", "too_long"):
        return "expected at least one entry"
    if kind in _TYPE_WORDS:
        return f"expected {_TYPE_WORDS[kind]}, found {shown}"
    return f"{details['msg']}; found {shown}"


def _document_path(document: Document, location: tuple[int | str, ...]) -> Path:
    """The location without the parts Pydantic adds for unions and keys."""
    value: Any = document.value
    path: list[str | int] = []
    for position, step in enumerate(location):
        if isinstance(value, dict) and step in value:
            value = value[str(step)]
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        elif position < len(location) - 1 or step == "[key]":
            continue  # Pydantic's name for a member of a union
        elif not isinstance(value, dict):
            continue
        path.append(step)
    return tuple(path)


def _allowed(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
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


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in getattr(annotation, "__args__", ()):
        found = _model_in(part)
        if found is not None:
            return found
    return None
