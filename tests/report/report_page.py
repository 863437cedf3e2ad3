"""Reads a rendered page for the tests: its elements, their text, and what is wrong in them."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

_VOID = {"meta", "input", "br", "img", "link"}


@dataclass
class Element:
    """One element: its tag, attributes, children in order, and its place in the tree."""

    tag: str
    attributes: dict[str, str | None]
    parent: "Element | None" = None
    children: "list[Element | str]" = field(default_factory=list)

    @property
    def text(self) -> str:
        words = (child if isinstance(child, str) else child.text for child in self.children)
        return " ".join("".join(words).split())

    def within(self, tag: str, css_class: str = "") -> "list[Element]":
        """Every element of this tag and class below this one."""
        found: list[Element] = []
        for child in self.children:
            if isinstance(child, str):
                continue
            classes = (child.attributes.get("class") or "").split()
            if tag in (child.tag, "*") and (not css_class or css_class in classes):
                found.append(child)
            found += child.within(tag, css_class)
        return found

    def by_id(self, name: str) -> "Element":
        return next(item for item in self.within("*") if item.attributes.get("id") == name)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.here = Element("", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs), self.here)
        self.here.children.append(element)
        if tag not in _VOID:
            self.here = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.here.children.append(Element(tag, dict(attrs), self.here))

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.here.tag, f"</{tag}> closes <{self.here.tag}>"
        assert self.here.parent is not None
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.children.append(data)


def read_page(text: str) -> Element:
    """The page as a tree. Asserts that every element is closed where it was opened."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert reader.here is reader.root, f"<{reader.here.tag}> is never closed"
    return reader.root


def ids_of(root: Element) -> list[str]:
    """The address of each place on a page that has one."""
    return [item.attributes["id"] or "" for item in root.within("*") if "id" in item.attributes]


def assert_links_lead_somewhere(pages: Mapping[str, Element]) -> None:
    """Every link of these pages leads to one of them and to a place on it, and no place is double.

    `pages` are by the path of their file.
    """
    ids = {name: ids_of(root) for name, root in pages.items()}
    for name, root in pages.items():
        assert len(ids[name]) == len(set(ids[name])), name
        for link in root.within("a"):
            file, _, place = (link.attributes["href"] or "").partition("#")
            target = name if not file else os.path.normpath(Path(name).parent / unquote(file))
            assert target in pages, (name, file)
            assert not place or place in ids[target], (name, file, place)
