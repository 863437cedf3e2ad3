"""What of an output is its own: not the folder it was made in, and not the time."""

from __future__ import annotations

import hashlib
import re
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

_ZIPPED = (".xlsx", ".docx")
MADE_AT = datetime(2026, 11, 30, 9, tzinfo=UTC)  # outputs hold the day on which they were made
_TIME_OF_MAKING = re.compile(
    rf"{MADE_AT:%Y-%m-%d}[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|\+\d\d:\d\d| UTC)?".encode()
)
_SAVED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def sum_of(path: Path, places: dict[Path, str]) -> str:
    """The SHA-256 of a file as it would be in any folder, at any time."""
    data = path.read_bytes()
    if path.suffix in _ZIPPED and zipfile.is_zipfile(path):
        data = b"".join(name.encode() + inside for name, inside in _members(data))
    for place, word in places.items():
        data = data.replace(str(place).encode(), word.encode())
    return hashlib.sha256(_TIME_OF_MAKING.sub(b"TIME", data)).hexdigest()


def settle_workbook(path: Path) -> None:
    """Take the time of saving out of a workbook: runs hold the SHA-256 of what they have read."""
    members = _members(path.read_bytes())
    with zipfile.ZipFile(path, "w") as book:
        for name, inside in members:
            book.writestr(zipfile.ZipInfo(name), inside)


def _members(data: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(BytesIO(data)) as book:
        return [
            (name, _SAVED.sub(rb"\g<1>2000-01-01T00:00:00Z", book.read(name)))
            for name in book.namelist()
        ]
