"""The keys of the authored files, from the models that check them, and the record subset."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from generator.markdown import table
from generator.operators import shipped
from scr_audit.language.operators import BY_THE_CLOCK, Operator
from scr_audit.language.types import Kind
from scr_audit.packs.models import IdText, PlainName
from scr_audit.packs.schema import ANNOTATIONS, DAY_FORMATS, KEYWORDS, OF_MAPS
from scr_audit.schemas import json_schema

_TYPES = {
    "string": "text",
    "boolean": "true or false",
    "integer": "whole number",
    "number": "number",
}
_PATTERNS = {
    TypeAdapter(IdText).json_schema()["pattern"]: "id, such as `fire-safety`",
    TypeAdapter(PlainName).json_schema()["pattern"]: "name, such as `visit_days`",
}
_FACTS = {
    "object": (Kind.OBJECT,),
    "array": (Kind.LIST,),
    "string": (Kind.TEXT, Kind.CHOICE, *DAY_FORMATS.values()),
    "boolean": (Kind.BOOLEAN,),
    "integer": (Kind.INTEGER,),
    "number": (Kind.NUMBER,),
}


def keys(schema_name: str, definition: str = "") -> str:
    """The keys of a file, or of one group in it: name, type, whether needed, meaning."""
    schema = json_schema(schema_name)
    found = schema["$defs"][definition] if definition else schema
    needed = found.get("required", [])
    rows = [
        [f"`{key}`", _type(part), "yes" if key in needed else "", part.get("description", "")]
        for key, part in found["properties"].items()
    ]
    return table(["key", "holds", "needed", "meaning"], rows)


def _type(schema: dict[str, Any]) -> str:
    """Words for a JSON Schema type."""
    if "allOf" in schema:  # older versions of Pydantic wrap a reference so
        return _type(schema["allOf"][0])
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/$defs/")
        return "condition" if name == "Condition" else f"group: {_group(name)}"
    if "enum" in schema:
        return ", ".join(f"`{word}`" for word in schema["enum"])
    if "anyOf" in schema:
        return _either(schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}"
    if schema.get("type") == "object":
        return _mapping(schema)
    if schema.get("pattern") in _PATTERNS:
        return _PATTERNS[schema["pattern"]]
    return _TYPES.get(str(schema.get("type")), "")


def _either(choices: list[dict[str, Any]]) -> str:
    words = [_type(choice) for choice in choices if choice.get("type") != "null"]
    return " or ".join(dict.fromkeys(words))


def _mapping(schema: dict[str, Any]) -> str:
    inner = next(iter(schema.get("patternProperties", {}).values()), None)
    if inner is None and isinstance(schema.get("additionalProperties"), dict):
        inner = schema["additionalProperties"]
    return "mapping" if inner is None else f"mapping to {_type(inner)}"


def _group(name: str) -> str:
    """The words of a model's name: `ParameterModel` is `parameter`."""
    plain = name.removesuffix("Model")
    return "".join(f" {c.lower()}" if c.isupper() else c for c in plain).strip()


def record_types() -> str:
    """The types of the record schema, the keywords that each allows, and what facts they make."""
    rows = []
    for name, keywords in KEYWORDS.items():
        allowed = ", ".join(f"`{word}`" for word in keywords) or "–"
        rows.append([f"`{name}`", allowed, ", ".join(kind.value for kind in _FACTS[name])])
    allowed = ", ".join(f"`{word}`" for word in OF_MAPS)
    rows.insert(1, ["`object` with `x-key`", allowed, f"{Kind.LIST.value}, as a map"])
    return table(["`type`", "keywords beside it", "the fact is"], rows)


def annotation_words() -> str:
    """The words that may stand beside any type."""
    return ", ".join(f"`{name}`" for name in ANNOTATIONS)


def formats() -> str:
    return " or ".join(f"`{name}`" for name in DAY_FORMATS)


def operators_of_kinds() -> str:
    """Which operators may follow which sort of fact."""
    rows = []
    for kind in Kind:
        taken = [entry for entry in shipped() if kind in entry.subjects]
        short = dict.fromkeys(_family(entry) for entry in taken)
        rows.append([kind.value, ", ".join(short) or "none: nothing can be said about it"])
    return table(["a fact that is", "takes"], rows)


def _family(entry: Operator) -> str:
    """`within N days after` and its like are one entry of a list."""
    if entry.unit:
        limited = entry.name.partition(" N ")[0]
        units = (
            "minutes or hours"
            if entry.unit in BY_THE_CLOCK
            else ("days, working days, weeks, months or years")
        )
        return f"`{limited} N {units} …`"
    if entry.last_words and not entry.takes_unknown:
        return f"those before with `… {' '.join(entry.last_words)}`"
    return f"`{entry.name}`" if entry.name else "nothing (it stands alone)"
