"""Keyed pseudonyms: the same id and the same key give the same word, and no way back.

HMAC-SHA256 (RFC 2104) of the id, cut to 61 bits and written in small letters alone: with capitals
or digits among them, one in some ten thousand looks like a name, a number or a postcode, and the
anonymity gate stops the run. Without the key nobody can try all ids until one fits, as one could
with a plain hash.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path

from scr_audit.anonymity.fixes import keyed_letters
from scr_audit.errors import InputError, translate_os_errors

LENGTH = 13
_HEX = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True)
class Key:
    """A secret of 32 bytes, which its `repr` does not show."""

    secret: bytes = field(repr=False)

    def __bytes__(self) -> bytes:
        """As its file has it, which is how records are made anonymous with it."""
        return self.secret.hex().encode()

    def pseudonym(self, value: str, *, prefix: str) -> str:
        """The pseudonym of an id: the prefix, a hyphen and thirteen small letters."""
        data = f"{prefix}\0{value}".encode()
        return f"{prefix}-{keyed_letters(self.secret, data, LENGTH)}"


def random_key() -> Key:
    """A new key from the system's source of secrets."""
    return Key(secrets.token_bytes(32))


def read_key(path: Path) -> Key:
    """The key in a file. Raises `InputError`."""
    with translate_os_errors(path), path.open("rb") as stream:
        text = stream.read(1000).decode("ascii", "replace").strip()
    if not _HEX.match(text):
        raise InputError(
            f"{path}: is no key; expected 64 digits 0-9 and a-f. Name the file of a key that was "
            "made before, or have a new one made"
        )
    return Key(bytes.fromhex(text))


def others_may_read(path: Path) -> bool:
    """Whether the file's permissions let others than its owner read it."""
    return os.name == "posix" and bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def write_new_key(path: Path, key: Key) -> None:
    """Write a key to a new file that only its owner may read. Raises `InputError`."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(f"{key.secret.hex()}\n")
    except OSError as error:
        raise InputError(f"{path}: the key cannot be written: {error.strerror}") from error
