"""What was made once and may be made again at any time, kept in the user's cache folder by its key.

Nothing depends on it: where the folder cannot be read or written, or somebody else may write in it,
what is asked for is simply not there. `SCR_AUDIT_CACHE` names another folder, or is `off`.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import sys
import tempfile
from functools import cache
from pathlib import Path

from scr_audit._version import __version__

FOLDER = "SCR_AUDIT_CACHE"  # the environment variable that names it
_MOST = 100  # files; of more, those that were read longest ago are removed
_SUFFIX = ".scr-audit-kept"  # by which its own files are told from those of anybody else
_SUM = 32  # bytes in front of each, by which damage is noticed
_SOURCE = Path(__file__).parent


class Kept:
    """The files of a folder, each under the hash of its key and of the program that made it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> bytes | None:
        """What was kept under a key; None where there is nothing, or nothing whole."""
        path = self._path(key)
        try:
            if not _is_own(self._folder):
                return None
            data = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        body = data[_SUM:]
        return body if _sum(key, body) == data[:_SUM] else None

    def put(self, key: str, data: bytes) -> None:
        """Keep something, where that can be done."""
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _is_own(self._folder):
                return
            handle, name = tempfile.mkstemp(dir=self._folder, suffix=f"{_SUFFIX}.part")
            try:
                with os.fdopen(handle, "wb") as stream:
                    stream.write(_sum(key, data) + data)
                Path(name).replace(self._path(key))
            except OSError:
                Path(name).unlink(missing_ok=True)
                raise
            self._drop_oldest()

    def _path(self, key: str) -> Path:
        name = hashlib.sha256(f"{_program()}\0{key}".encode()).hexdigest()
        return self._folder / f"{name}{_SUFFIX}"

    def _drop_oldest(self) -> None:
        own = (*self._folder.glob(f"*{_SUFFIX}"), *self._folder.glob(f"*{_SUFFIX}.part"))
        files = [(path.stat().st_mtime_ns, path) for path in own if path.is_file()]
        for _, path in sorted(files, reverse=True)[_MOST:]:
            path.unlink(missing_ok=True)


@cache
def user_cache() -> Kept | None:
    """The cache of who runs this; None where it is off, or there is no place for it."""
    named = os.environ.get(FOLDER)
    if named and named.lower() == "off":
        return None
    if named:
        return Kept(Path(named).expanduser())
    from platformdirs import user_cache_path  # few runs need it

    try:
        return Kept(user_cache_path("scr-audit", appauthor=False))
    except (OSError, RuntimeError):  # without a home
        return None


def _sum(key: str, data: bytes) -> bytes:
    """What stands in front of a file: of its key too, so that it is not taken for another one."""
    return hashlib.sha256(f"{_program()}\0{key}\0".encode() + data).digest()


def _is_own(folder: Path) -> bool:
    """Whether nobody but this user can put anything there: part of it is run."""
    if not hasattr(os, "geteuid"):  # on Windows a folder of the profile is
        return True
    found = folder.stat()
    return found.st_uid == os.geteuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


@cache
def _program() -> str:
    """The program by its version and its files, and Python: others make other things."""
    files = sorted(
        (entry.path, entry.stat().st_size, entry.stat().st_mtime_ns)
        for folder in ("", "language", "packs", "evaluate", "records", "values")
        for entry in os.scandir(_SOURCE / folder)
        if entry.name.endswith(".py")
    )
    return f"{__version__} {sys.version} {files}"
