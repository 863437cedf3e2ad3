"""The elements that the published schemas have, read from them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from importing import NATIONAL
from lxml import etree

from scr_audit.mappings.mapping import Step

XS = "{http://www.w3.org/2001/XMLSchema}"
_XSD = etree.parse(NATIONAL / "cin-census-2024.xsd").getroot()
_API = json.loads((NATIONAL / "dfe-children-in-social-care-openapi.json").read_text("utf-8"))
_TYPES = {each.get("name"): each for each in _XSD if each.tag != f"{XS}element"}


def census_elements() -> set[str]:
    """The paths, from the root, of all elements of the census that hold no others."""
    return set(_below(_XSD.find(f"{XS}element"), ""))


def _below(element: Any, path: str) -> Iterator[str]:
    here = f"{path}/{element.get('name')}".lstrip("/")
    kind = _TYPES.get(element.get("type"), element)
    inner = [each for each in kind.iter(f"{XS}element") if each is not element]
    nested = {x for each in inner for x in each.iter(f"{XS}element") if x is not each}
    if not inner:
        yield here
    for each in inner:
        if each not in nested:
            yield from _below(each, here)


def census_codes(name: str) -> set[str]:
    """The codes of a simple type of the census."""
    return {each.get("value") for each in _TYPES[name].iter(f"{XS}enumeration")}


def api_fields() -> set[str]:
    """The paths of all fields of a document of the API that hold no others."""
    return set(_fields(_API["components"]["schemas"]["CSC"]["items"], ""))


def _fields(schema: Mapping[str, Any], path: str) -> Iterator[str]:
    for name, each in schema["properties"].items():
        inner = each.get("items", each)
        here = f"{path}/{name}".lstrip("/")
        if "properties" in inner:
            yield from _fields(inner, here)
        else:
            yield here


def api_example() -> dict[str, Any]:
    """The document that the API's description gives as an example."""
    return dict(_API["components"]["schemas"]["CSC"]["items"]["example"])


def leaves(step: Step) -> set[str]:
    """The paths of the elements of a mapping that hold no others."""
    if not step.steps:
        return {step.path}
    return {path for below in step.steps.values() for path in leaves(below)}
