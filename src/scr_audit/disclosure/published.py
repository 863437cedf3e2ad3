"""Board documents as files: the bytes that are written, and reading one published earlier."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from pydantic import ValidationError

from scr_audit.disclosure.models import FORMAT, FORMAT_VERSION, BoardDocument
from scr_audit.errors import InputError
from scr_audit.runs.bundle import FORMAT as RUN_FORMAT


def board_bytes(document: Mapping[str, Any]) -> bytes:
    """A board document as JSON text; the same document gives the same bytes."""
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def board_sha256(document: Mapping[str, Any]) -> str:
    """The hash of a board document as the engine writes it."""
    return hashlib.sha256(board_bytes(document)).hexdigest()


def read_published(path: str | Path) -> dict[str, Any]:
    """The board document in a file.

    Raises `InputError` where the file cannot be read or is no board document, such as an
    auditor's run bundle, or has a newer format.
    """
    try:
        found = msgspec.json.decode(Path(path).read_bytes())
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{path}: this is not JSON: {error}") from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise InputError(f"{path}: {_other(found)}")
    _check_version(path, found.get("format_version"))
    try:
        BoardDocument.model_validate(found)
    except ValidationError as error:
        first = error.errors()[0]
        where = "/".join(str(step) for step in first["loc"])
        raise InputError(f"{path}: not a board document: at /{where}: {first['msg']}") from error
    return found


def _check_version(path: str | Path, version: Any) -> None:
    if version == FORMAT_VERSION:
        return
    if isinstance(version, int) and version > FORMAT_VERSION:
        raise InputError(
            f"{path}: the board document has format version {version}; this scr-audit reads "
            f"version {FORMAT_VERSION}. Use the scr-audit that wrote it, or a newer one"
        )
    raise InputError(f"{path}: expected format_version {FORMAT_VERSION}, found {version!r}")


def _other(found: Any) -> str:
    if isinstance(found, dict) and found.get("format") == RUN_FORMAT:
        return (
            "this is an auditor's run bundle, with every count and finding; it was never published "
            "and must not be. Give the board document that was published"
        )
    return f'expected a board document (JSON with "format": "{FORMAT}"), found something else'
