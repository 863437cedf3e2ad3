"""The file that a workbook is: checked before anything in it is believed.

A workbook is a zip of XML files. It is opened read-only, unpacked within limits, and handed on
as a plain zip of what was unpacked, so that no later reader meets more than was counted here.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from xml.parsers import expat

from scr_audit.errors import translate_os_errors
from scr_audit.workbooks.cells import Fault, FormError

MOST_WORKBOOK_BYTES = 30_000_000
MOST_WORKBOOK_UNPACKED = 150_000_000
MOST_PARTS = 2_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CHUNK = 1_000_000
# What the library says of a damaged zip; a ValueError is a place outside of the file.
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OSError)
SAVE_AS = "open it, and save it as an Excel workbook (.xlsx)"


def read_package(path: Path) -> dict[str, bytes]:
    """The parts of a workbook by name. Raises `FormError` where the file is not a workbook."""
    with translate_os_errors(path), path.open("rb") as stream:
        data = stream.read(MOST_WORKBOOK_BYTES + 1)
    if len(data) > MOST_WORKBOOK_BYTES:
        raise _refused(f"is larger than {MOST_WORKBOOK_BYTES // 1_000_000} MB; no form is so large")
    _check_kind(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = _unpack(archive)
    except _DAMAGED as error:
        raise _refused("is damaged and cannot be unpacked. Ask for the file again") from error
    _check_parts(parts)
    return parts


def plain_zip(parts: dict[str, bytes]) -> io.BytesIO:
    """The parts as a zip without compression, in memory."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part)
    content.seek(0)
    return content


def _refused(message: str) -> FormError:
    return FormError([Fault("", message)])


def _check_kind(data: bytes) -> None:
    if not data:
        raise _refused("is empty")
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise _refused("is protected with a password; save a copy without one")
        raise _refused(f"is an old Excel workbook (.xls), whatever its name says; {SAVE_AS}")
    if not data.startswith(b"PK"):
        raise _refused("is no Excel workbook (perhaps a CSV or text file); send the form itself")


def _unpack(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """Every part, by counting what really comes out: what a zip says of itself may be wrong."""
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    too_much = f"unpacks to more than {MOST_WORKBOOK_UNPACKED // 1_000_000} MB; no form is so large"
    if (
        len(entries) > MOST_PARTS
        or sum(entry.file_size for entry in entries) > MOST_WORKBOOK_UNPACKED
    ):
        raise _refused(too_much)
    if len(set(names)) < len(names):
        raise _refused("is damaged: it has two parts of one name")
    left = MOST_WORKBOOK_UNPACKED
    parts: dict[str, bytes] = {}
    for entry in entries:
        if entry.flag_bits & 1:
            raise _refused("is protected with a password; save a copy without one")
        pieces = []
        with archive.open(entry) as stream:
            while piece := stream.read(_CHUNK):
                left -= len(piece)
                if left < 0:
                    raise _refused(too_much)
                pieces.append(piece)
        parts[entry.filename] = b"".join(pieces)
    return parts


def _check_parts(parts: dict[str, bytes]) -> None:
    if parts.get("mimetype", b"").startswith(b"application/vnd.oasis"):
        raise _refused(f"is an OpenDocument spreadsheet (.ods), whatever its name says; {SAVE_AS}")
    if "xl/workbook.bin" in parts:
        raise _refused(f"is a binary Excel workbook (.xlsb); {SAVE_AS}")
    if "xl/workbook.xml" not in parts:
        raise _refused("is a zip file but no Excel workbook")


Start = Callable[[str, dict[str, str]], None]
_WORKBOOK = "xl/workbook.xml"


def parse(data: bytes, start: Start, **handlers: Callable[[str], object]) -> None:
    """Call `start` for every element. Raises `FormError` where the part is no XML."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _no_doctype
    for name, handler in handlers.items():
        setattr(parser, name, handler)
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError) as error:  # or an encoding that is none
        raise damaged_error(error) from error


def check_counts(attributes: Mapping[str, str], data: bytes) -> None:
    """Refuse an element that says it holds more than its part has bytes. Raises `FormError`.

    The reader of values believes such a number and asks for memory at once, without which the
    process ends.
    """
    for name in ("count", "uniqueCount"):
        said = attributes.get(name, "")
        if said.isdecimal() and (len(said) > 18 or int(said) > len(data)):
            raise damaged_error(f"{name} {said[:20]}")


def damaged_error(what: object) -> FormError:
    """The error of a workbook that was cut short, or whose bytes changed on the way."""
    message = f"is damaged: a part of it cannot be read ({what}). Ask for the file again"
    return FormError([Fault("", message)])


def _no_doctype(*_: object) -> None:
    raise FormError([Fault("", "is no workbook that a spreadsheet program wrote")])


@lru_cache(maxsize=1_000)  # a sheet has a few names, ten thousand times each
def local_name(name: str) -> str:
    """The name of an element or attribute without its namespace."""
    return name.rpartition(" ")[2]


def relations(parts: Mapping[str, bytes], part: str) -> dict[str, str]:
    """The parts that a part points at, by the ids of the relations."""
    folder, _, name = part.rpartition("/")
    found: dict[str, str] = {}

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if local_name(tag) == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.join(f"/{folder}", attributes.get("Target", ""))
            found[attributes.get("Id", "")] = posixpath.normpath(target).lstrip("/")

    parse(parts.get(f"{folder}/_rels/{name}.rels", b"<none/>"), relation)
    return found


def sheet_parts(parts: Mapping[str, bytes]) -> dict[str, str]:
    """The part of each sheet by the sheet's name."""
    ids: dict[str, str] = {}

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if local_name(tag) == "sheet":
            found = {local_name(key): value for key, value in attributes.items()}
            ids[found.get("name", "")] = found.get("id", "")

    parse(parts[_WORKBOOK], sheet)
    targets = relations(parts, _WORKBOOK)
    return {name: targets.get(relation_id, "") for name, relation_id in ids.items()}


def counts_from_1904(parts: Mapping[str, bytes]) -> bool:
    """Whether the days of a workbook are counted from 1904, as on older Macs, and not from 1900."""
    said: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if local_name(tag) == "workbookPr":
            said.append(attributes.get("date1904", ""))

    parse(parts[_WORKBOOK], start)
    return said[-1:] in (["1"], ["true"])
