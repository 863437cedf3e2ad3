"""Where in a record type a path leads."""

from __future__ import annotations

from scr_audit.forms.questions import Path, is_table
from scr_audit.language.types import FactType, Field, Kind


def field_at(record: FactType, path: Path) -> Field | None:
    """The fact that a path leads to, through groups and lists; `None` where there is none."""
    fact, field = record, None
    for step in path:
        inner = fact.item if fact.kind is Kind.LIST and fact.item is not None else fact
        field = inner.fields.get(step)
        if field is None:
            return None
        fact = field.type
    return field


def has_table(record: FactType, path: Path) -> bool:
    """Whether the path leads to a list whose items have facts of their own."""
    field = field_at(record, path)
    return field is not None and is_table(field.type)


def outer_list(record: FactType, path: Path) -> Path:
    """The list in whose items the list at `path` is."""
    ends = [end for end in range(1, len(path)) if has_table(record, path[:end])]
    return path[: ends[-1]] if ends else ()
