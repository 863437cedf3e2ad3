"""Writing reports beside their places, then renaming: old reports survive a failure."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from scr_audit.errors import InputError, did_you_mean, listed

Pieces = Iterable[bytes]


def check_format(path: Path, formats: Sequence[str]) -> None:
    """Refuse a name whose suffix is none of `formats` (`.html`). Raises `InputError`."""
    suffixes = listed(formats, last="or")
    if not path.suffix:
        shown = "-o ''" if path == Path() else path
        raise InputError(f"{shown}: the name tells the format; let it end in {suffixes}")
    suffix = path.suffix.lower()
    if suffix not in formats:
        hint = did_you_mean(suffix, formats)
        raise InputError(f"{path}: unknown format '{path.suffix}'; expected {suffixes}.{hint}")


def check_distinct(paths: Sequence[Path]) -> None:
    """Refuse two names of one place. Raises `InputError`."""
    places = [os.path.realpath(path) for path in paths]
    for path, place in zip(paths, places, strict=True):
        if places.count(place) > 1:
            raise InputError(f"{path}: is named by two -o; each report needs its own file")


def check_writable(path: Path) -> None:
    """Refuse a place that cannot be written, before any work is done. Raises `InputError`."""
    folder = path.parent
    if not folder.is_dir():
        what = "is not a folder" if folder.exists() else "does not exist"
        raise InputError(f"{path}: the folder {folder} {what}; make it, or name another place")
    if path.is_dir():
        raise InputError(f"{path}: is a folder; name a file in it, such as {path / 'report.html'}")
    if path.exists() and not path.is_file():
        raise InputError(f"{path}: is a device or a pipe, not a file; name a file")
    try:
        _stage(path, ()).unlink()
    except OSError as error:
        raise InputError(f"{path}: cannot be written there: {error.strerror}") from error


def write_all(reports: Iterable[tuple[Path, Pieces]]) -> None:
    """Write every report, or none of them. Raises `InputError` where that fails."""
    staged: list[tuple[Path, Path]] = []
    with _removed_on_failure(staged):
        for path, pieces in reports:
            try:
                staged.append((path, _stage(path, pieces)))
            except OSError as error:
                raise InputError(
                    f"{path}: could not be written: {error.strerror}. No report was changed."
                ) from error
        for path, part in staged:
            try:
                part.replace(os.path.realpath(path))
            except OSError as error:
                raise InputError(f"{path}: could not be written: {error.strerror}.") from error


def _stage(path: Path, pieces: Pieces) -> Path:
    """A new file beside `path` (where that is a link: beside its target) with the content."""
    target = Path(os.path.realpath(path))
    handle, name = tempfile.mkstemp(prefix=".scr-audit-", suffix=".part", dir=target.parent)
    part = Path(name)
    with _removed_on_failure([(path, part)]), os.fdopen(handle, "wb") as stream:
        stream.writelines(pieces)
        stream.flush()
        os.fsync(stream.fileno())
        part.chmod(_mode(target))
    return part


@contextlib.contextmanager
def _removed_on_failure(staged: list[tuple[Path, Path]]) -> Iterator[None]:
    try:
        yield
    except BaseException:
        for _, part in staged:
            with contextlib.suppress(OSError):
                part.unlink()
        raise


def _mode(target: Path) -> int:
    """The permissions of the file that is replaced (it may be private), else the usual ones."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
