"""The public names of the package, with their own words."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import textwrap
from dataclasses import fields, is_dataclass
from typing import Any

import scr_audit


def public_names() -> str:
    """A section for each name of `scr_audit.__all__`, in the order of that list."""
    return "\n\n".join(_section(name, getattr(scr_audit, name)) for name in scr_audit.__all__)


def names_by_module() -> str:
    """A table of the modules of whole jobs, each with its `__all__`."""
    rows = ["| module | names |", "| --- | --- |"]
    for found in pkgutil.iter_modules(scr_audit.__path__, "scr_audit."):
        if not found.name.startswith("scr_audit._"):
            names = getattr(importlib.import_module(found.name), "__all__", ())
            if names:
                rows.append(f"| `{found.name}` | {', '.join(f'`{name}`' for name in names)} |")
    return "\n".join(rows)


def _section(name: str, value: Any) -> str:
    heading = f"### `{name}`"
    if inspect.isfunction(value):
        return "\n\n".join([heading, _code(f"{name}{_signature(value)}"), _text(value)])
    members = [_member(item, member) for item, member in _members(value)]
    parts = [heading, _text(value)]
    if is_dataclass(value):
        named = ", ".join(f"`{field.name}`" for field in fields(value) if field.name[0] != "_")
        parts.append(f"Fields: {named}.")
    if members:
        parts.append("\n".join(members))
    return "\n\n".join(parts)


def _members(value: type) -> list[tuple[str, Any]]:
    """The documented methods and properties that the class itself defines, in its order."""
    return [
        (name, member)
        for name, member in vars(value).items()
        if not name.startswith("_")
        and (inspect.isfunction(member) or isinstance(member, property))
        and inspect.getdoc(member)
    ]


def _member(name: str, member: Any) -> str:
    head = f"`{name}`" if isinstance(member, property) else f"`{name}{_signature(member)}`"
    return f"- {head} – {' '.join(_text(member).split())}"


def _signature(value: Any) -> str:
    """The parameters and the result as they are written, without `self`."""
    signature = inspect.signature(value)
    kept = [part for name, part in signature.parameters.items() if name != "self"]
    return str(signature.replace(parameters=kept)).replace("'", "")


def _code(text: str) -> str:
    return f"```python\n{text}\n```"


def _text(value: Any) -> str:
    return textwrap.dedent(inspect.getdoc(value) or "")
