"""Comments on cells, which a reader of values passes over."""

from __future__ import annotations

from collections.abc import Mapping

from scr_audit.forms.xml_parts import local, parse, relations


def comment_cells(parts: Mapping[str, bytes], sheet: str) -> list[str]:
    """The names of the cells of a sheet (by its part) that have a comment, in order."""
    found: dict[str, None] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if local(tag) in ("comment", "threadedComment"):
            found[attributes.get("ref", "")] = None

    for part in relations(parts, sheet).values():
        if "comment" in part.lower() and part.endswith(".xml"):
            parse(parts.get(part, b"<none/>"), start)
    return list(found)
