"""XML, element by element: entities, document types and the network stay out of it.

Only one record at a time is in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from scr_audit.errors import InputError, library_needed
from scr_audit.mappings.mapping import Node, OuterElement, RecordElement
from scr_audit.mappings.tally import safe_name
from scr_audit.values.text import recorded_text

MOST_ELEMENTS = 100_000
MOST_ATTRIBUTES = 1_000
MOST_XML_BYTES = 12_000_000
_ENCODING = (
    "not UTF-8 text, though the file declares no other encoding; save it as UTF-8, or let its "
    'first line declare what it is: <?xml version="1.0" encoding="Windows-1252"?>'
)
_CUT = "the file ends, or breaks off, inside an element; it may be cut short"
_NO_NAME = "no name follows a <; the file may be cut short there, or the < be one of a text (&lt;)"
_ENTITY = "uses an entity that XML does not have; expected none but &amp; and the like"
_UNKNOWN = "declares an encoding that is not known here; save it as UTF-8"
_TOO_BIG = (
    "a text, a name or an attribute of more than 10 MB, elements in more than 256 others, or "
    "entities that grow too much; write the file anew from its source"
)
_RESOURCE_LIMIT = 114  # libxml2's number, which older versions of lxml have no name for


def read_xml(
    stream: BinaryIO, name: str, record: Sequence[str]
) -> Iterator[RecordElement | OuterElement]:
    """The record elements of an XML file and the elements around them, in order.

    `record` is the path from the root. Raises `InputError` with the line for anything that is
    not such a file.
    """
    try:
        from lxml import etree
    except ImportError as error:
        raise library_needed(f"{name}: reading XML", "lxml", "xml") from error
    reader = _Reader(name, tuple(record))
    try:
        events = etree.iterparse(
            _Bounded(stream, name),
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            dtd_validation=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        for event, element in events:
            if event == "start":
                reader.start(element)
            elif (found := reader.end(element)) is not None:
                yield found
                reader.forget(element)
    except etree.XMLSyntaxError as error:
        # The exception itself may know neither place nor reason; the log of the parser does.
        logged = [(entry.type, entry.line, entry.column) for entry in events.error_log]
        code, line, column = logged[0] if logged else (error.code, *error.position)
        raise InputError(f"{name}: {_fault_words(code, line, column, etree.ErrorTypes)}") from None
    if not reader.number:
        raise InputError(f"{name}: there is no {'/'.join(record)} in it, so no records")


class _Bounded:
    """A stream that fails where no tag ends for long, since the parser would hold it all."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._stream = stream
        self._name = name
        self._since_tag = 0

    def read(self, size: int) -> bytes:
        """The next bytes. Raises `InputError`."""
        chunk = self._stream.read(size)
        ended = chunk.rfind(b">")
        self._since_tag = len(chunk) - ended if ended >= 0 else self._since_tag + len(chunk)
        if self._since_tag > MOST_XML_BYTES:
            raise InputError(f"{self._name}: {_TOO_BIG}")
        return chunk


class _Reader:
    """Where the parser is, and what of the record it is in.

    Elements are `Any`: the types of lxml are a package of their own.
    """

    def __init__(self, name: str, record: tuple[str, ...]) -> None:
        self.name = name
        self.record = record
        self.path: list[str] = []
        self.number = 0
        self.elements = 0

    def start(self, element: Any) -> None:
        self.path.append(str(element.tag))
        self.elements += 1
        if len(element.attrib) > MOST_ATTRIBUTES:
            raise InputError(
                f"{self.name}: line {element.sourceline}: more than {MOST_ATTRIBUTES:,} attributes "
                "in one element; expected none"
            )
        if len(self.path) == 1:
            self._check_root(element)
        elif self.elements > MOST_ELEMENTS:
            raise InputError(
                f"{self.name}: line {element.sourceline}: more than {MOST_ELEMENTS:,} elements "
                "belong together; no record is so long"
            )

    def _check_root(self, element: Any) -> None:
        tree = element.getroottree().docinfo
        if tree.doctype or tree.internalDTD is not None:
            raise InputError(
                f"{self.name}: has a document type (DOCTYPE) above line {element.sourceline}, "
                "which may define entities; expected none. Remove it"
            )
        if element.tag != self.record[0]:
            raise InputError(
                f"{self.name}: line {element.sourceline}: the outermost element is "
                f"{safe_name(str(element.tag))}; expected {self.record[0]}, in no namespace"
            )

    def end(self, element: Any) -> RecordElement | OuterElement | None:
        """The element, where a record or something beside the records is complete."""
        depth = len(self.path)
        if depth > len(self.record):
            self.path.pop()
            return None
        path = tuple(self.path)
        self.path.pop()
        if path == self.record:
            self.number += 1
            return RecordElement(self.number, _node(element))
        return OuterElement(path[:-1], _node(element)) if self._is_beside(path) else None

    def _is_beside(self, path: tuple[str, ...]) -> bool:
        """Whether an element stands beside the way that leads to the records."""
        way = self.record[: len(path)]
        return path[:-1] == way[:-1] and path != way

    def forget(self, element: Any) -> None:
        """Free the element, and all that stands before it beside it."""
        self.elements = 0
        parent = element.getparent()
        element.clear()
        if parent is not None:
            del parent[: parent.index(element)]
            parent.text = None


def _node(element: Any) -> Node:
    children = [_node(child) for child in element if isinstance(child.tag, str)]
    children += [
        Node(f"@{key}", recorded_text(value), (), element.sourceline)
        for key, value in element.attrib.items()
        if not key.startswith("{http://www.w3.org/2001/XMLSchema-instance}")
    ]
    text = element.text
    value = recorded_text(text) if text is not None and not len(element) else None
    return Node(element.tag, value, children, element.sourceline or 0)


def _fault_words(code: int, line: int, column: int, kinds: Any) -> str:
    """What is wrong with the file, without any text of it: that may identify somebody."""
    if code in (kinds.ERR_DOCUMENT_EMPTY, kinds.ERR_INTERNAL_ERROR) and line <= 1:
        return "the file is empty or does not begin as XML does; expected XML"
    reasons = {
        kinds.ERR_INVALID_ENCODING: _ENCODING,
        kinds.ERR_INVALID_CHAR: _ENCODING,
        kinds.ERR_TAG_NOT_FINISHED: _CUT,
        kinds.ERR_GT_REQUIRED: _CUT,
        kinds.ERR_LTSLASH_REQUIRED: _CUT,
        kinds.ERR_TAG_NAME_MISMATCH: "the end of one element stands where another was opened",
        kinds.ERR_UNDECLARED_ENTITY: _ENTITY,
        kinds.WAR_UNDECLARED_ENTITY: _ENTITY,
        kinds.ERR_UNSUPPORTED_ENCODING: _UNKNOWN,
        kinds.ERR_UNKNOWN_ENCODING: _UNKNOWN,
        kinds.ERR_COMMENT_NOT_FINISHED: _CUT,
        kinds.ERR_NAME_REQUIRED: _NO_NAME,
        _RESOURCE_LIMIT: _TOO_BIG,
    }
    reason = reasons.get(
        code,
        f"not well-formed XML (libxml2 error {code}); export it anew, in the encoding that its "
        "first line declares",
    )
    return f"line {line}, column {column}: {reason}"
