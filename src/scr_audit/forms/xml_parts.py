"""The XML parts of a workbook, and which part is which sheet."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any
from xml.parsers import expat

from scr_audit.forms.faults import Fault, FormError

Start = Callable[[str, dict[str, str]], None]
_WORKBOOK = "xl/workbook.xml"


def parse(data: bytes, start: Start, **handlers: Any) -> None:
    """Call `start` for every element. Raises `FormError` where the part is no XML."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _no_doctype
    for name, handler in handlers.items():
        setattr(parser, name, handler)
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError) as error:  # or an encoding that is none
        raise damaged(error) from error


def check_counts(attributes: Mapping[str, str], data: bytes) -> None:
    """Refuse an element that says it holds more than its part has bytes. Raises `FormError`.

    The reader of values believes such a number and asks for memory at once, without which the
    process ends.
    """
    for name in ("count", "uniqueCount"):
        said = attributes.get(name, "")
        if said.isdecimal() and (len(said) > 18 or int(said) > len(data)):
            raise damaged(f"{name} {said[:20]}")


def damaged(what: object) -> FormError:
    """What is told of a workbook that was cut short, or lost or changed bytes on its way."""
    message = f"is damaged: a part of it cannot be read ({what}). Ask for the file again"
    return FormError([Fault("", message)])


def _no_doctype(*_: object) -> None:
    raise FormError([Fault("", "is no workbook that a spreadsheet program wrote")])


@lru_cache(maxsize=1_000)  # a sheet has a few names, ten thousand times each
def local(name: str) -> str:
    """The name of an element or attribute without its namespace."""
    return name.rpartition(" ")[2]


def relations(parts: Mapping[str, bytes], part: str) -> dict[str, str]:
    """The parts that a part points at, by the ids of the relations."""
    folder, _, name = part.rpartition("/")
    found: dict[str, str] = {}

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if local(tag) == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.join(f"/{folder}", attributes.get("Target", ""))
            found[attributes.get("Id", "")] = posixpath.normpath(target).lstrip("/")

    parse(parts.get(f"{folder}/_rels/{name}.rels", b"<none/>"), relation)
    return found


def sheet_parts(parts: Mapping[str, bytes]) -> dict[str, str]:
    """The part of each sheet by the sheet's name."""
    ids: dict[str, str] = {}

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if local(tag) == "sheet":
            found = {local(key): value for key, value in attributes.items()}
            ids[found.get("name", "")] = found.get("id", "")

    parse(parts[_WORKBOOK], sheet)
    targets = relations(parts, _WORKBOOK)
    return {name: targets.get(relation_id, "") for name, relation_id in ids.items()}
