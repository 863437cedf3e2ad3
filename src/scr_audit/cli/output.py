"""Writing output files beside their place, then renaming: an old report survives a failure."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from scr_audit.errors import InputError


def check_writable(path: Path) -> None:
    """Refuse a place that cannot be written, before any work is done. Raises `InputError`."""
    folder = path.parent
    if not folder.is_dir():
        raise InputError(f"{path}: the folder {folder} does not exist")
    if path.is_dir():
        raise InputError(f"{path}: is a folder; name a file")
    if not os.access(folder, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise InputError(f"{path}: cannot be written; is the place read-only?")


def write_atomically(path: Path, pieces: Iterable[bytes]) -> None:
    """Write `pieces` to `path`, all or nothing. Raises `InputError` where that fails."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.writelines(pieces)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(path)
    except BaseException as error:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        if isinstance(error, OSError):
            old = " The old file is unchanged." if path.exists() else ""
            raise InputError(f"{path}: could not be written: {error.strerror}.{old}") from error
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
