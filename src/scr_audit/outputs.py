"""Reports are written in a hidden folder, then moved: old reports survive a failure.

A report may have a folder of pages beside it, which is replaced as a whole. One that scr-audit made
is known by a file in it. What a killed process left is removed by the next one that writes there.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from scr_audit.anonymity.patterns import check_name
from scr_audit.errors import InputError, did_you_mean, listed
from scr_audit.inputs.files import is_tables, tables_of

Pieces = Iterable[bytes]
MADE_HERE = "made-by-scr-audit.txt"
_MARKED = b"The pages of a report. The whole folder is replaced when the report is made anew.\n"
_PREFIX, _UNLOCKED, _LOCKED = ".scr-audit-", ".new", ".part"
_AUTHORED = (".yaml", ".yml", ".j2")  # the files of packs and of templates


def check_output_name(path: Path) -> None:
    """Refuse to make a file or folder whose name tells who somebody is. Raises `InputError`."""
    check_name(path, "and whoever sees the file reads its name; name the output otherwise")


def check_format(path: Path, formats: Sequence[str]) -> None:
    """Refuse a name whose suffix is none of `formats` (`.html`), or that tells who somebody is.

    Raises `InputError`.
    """
    check_output_name(path)
    suffixes = listed(formats, last="or")
    if not path.suffix:
        raise InputError(f"{path}: the suffix gives the format; end the name in {suffixes}")
    suffix = path.suffix.lower()
    if suffix not in formats:
        hint = did_you_mean(suffix, formats)
        raise InputError(f"{path}: unknown format '{path.suffix}'; expected {suffixes}.{hint}")


def check_outputs(paths: Sequence[Path], formats: Sequence[str]) -> None:
    """Refuse reports of other formats, or that cannot be written. Raises `InputError`."""
    for path in paths:
        check_format(path, formats)
        check_writable(path)
    check_distinct(paths)


def check_distinct(paths: Sequence[Path], **others: Path | None) -> None:
    """Refuse two outputs that are one file. Raises `InputError`.

    `paths` are those of `-o`; `others` are by the name of their own option, such as `key`.
    """
    named = [("-o", path) for path in paths]
    named += [(f"--{name.replace('_', '-')}", path) for name, path in others.items() if path]
    first: dict[str, tuple[str, Path]] = {}
    for option, path in named:
        place = os.path.realpath(path)
        if place in first:
            before, shown = first[place]
            if before == option:
                raise InputError(
                    f"{shown}: two outputs have the same name; each needs its own file"
                )
            both = f"{before} and {option}"
            raise InputError(f"{shown}: is named by {both}; each of them needs its own file")
        first[place] = option, path


def check_apart(outputs: Iterable[Path], inputs: Iterable[str | Path | None]) -> None:
    """Refuse an output that would overwrite something that is read. Raises `InputError`.

    `inputs` are all that was named: files, tables of a folder, the folders of a pack or of
    templates, and names that are no files, such as those of shipped plans.
    """
    read = [str(name) for name in inputs if name is not None]
    for path in outputs:
        if path.exists() and any(_is_read(path, name) for name in read):
            raise InputError(f"{path}: is one of the files that are read; name another file")


def _is_read(path: Path, name: str) -> bool:
    if is_tables(name):
        return any(path.samefile(table) for table in tables_of(Path(name).parent))
    named, target = Path(name), Path(os.path.realpath(path))
    if named.is_dir():
        return target.suffix.lower() in _AUTHORED and named.resolve() in target.parents
    return named.exists() and path.samefile(named)


def check_writable(path: Path) -> None:
    """Refuse a place that cannot be written, or whose name tells who somebody is, before any work.

    Raises `InputError`.
    """
    check_output_name(path)
    folder = path.parent
    if not folder.is_dir():
        what = "is not a folder" if folder.exists() else "does not exist"
        raise InputError(f"{path}: the folder {folder} {what}; make it, or name another place")
    if path.is_dir():
        raise InputError(f"{path}: is a folder; name a file in it, such as {path / 'report.html'}")
    if path.exists() and not path.is_file():
        raise InputError(f"{path}: is a device or a pipe, not a file; name a file")
    try:
        with contextlib.ExitStack() as stack:
            _stage(path, (), _Staging(stack))
    except OSError as error:
        raise InputError(f"{path}: cannot be written there: {error.strerror}") from error


@dataclass(frozen=True)
class Written:
    """A report to write: its file in pieces, and the pages of the folder beside it, by name.

    `folder` is where its pages lie, if any; that of an earlier report is removed, so that no page
    of another run is taken for one of this.
    """

    path: Path
    pieces: Pieces
    folder: Path | None = None
    pages: Mapping[str, bytes] = field(default_factory=dict)


def write_all(reports: Iterable[Written]) -> None:
    """Write every report, or none of them. Raises `InputError` where that fails."""
    staged: list[tuple[Path, Path | None]] = []
    with contextlib.ExitStack() as stack:
        staging = _Staging(stack)
        for report in reports:
            try:
                staged.append((report.path, _stage(report.path, report.pieces, staging)))
                if report.folder is not None and (report.pages or _is_ours(report.folder)):
                    staged.append(
                        (report.folder, _stage_pages(report.folder, report.pages, staging))
                    )
            except OSError as error:
                raise InputError(
                    f"{report.path}: could not be written: {error.strerror}. No file was changed."
                ) from error
        for path, part in staged:
            try:
                _move_to_place(part, path, staging)
            except OSError as error:
                raise InputError(f"{path}: could not be written: {error.strerror}.") from error


class _Staging:
    """Where reports are written before they are moved: a hidden folder in each target folder."""

    def __init__(self, stack: contextlib.ExitStack) -> None:
        self._stack = stack
        self._in: dict[Path, Path] = {}
        self._numbers = count()

    def place(self, folder: Path) -> Path:
        """A new path in the hidden folder of a folder. Raises `OSError` where none can be made."""
        real = Path(os.path.realpath(folder))
        if real not in self._in:
            self._in[real] = self._stack.enter_context(staging_folder(real))
        return self._in[real] / str(next(self._numbers))


@contextlib.contextmanager
def staging_folder(folder: Path) -> Iterator[Path]:
    """A hidden folder in `folder`, removed afterwards; abandoned ones are removed before.

    Its lock ends with the process, so that one without a lock is abandoned. Until it is locked it
    has another name.
    """
    _remove_abandoned(folder)
    hidden = Path(tempfile.mkdtemp(prefix=_PREFIX, suffix=_UNLOCKED, dir=folder))
    lock = None
    try:
        lock = _locked(hidden)
        hidden = hidden.rename(hidden.with_suffix(_LOCKED))
        yield hidden
    finally:
        shutil.rmtree(hidden, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def _remove_abandoned(folder: Path) -> None:
    for hidden in folder.glob(f"{_PREFIX}*{_LOCKED}"):
        lock = _locked(hidden) if _is_own(hidden) else None
        if lock is not None:
            shutil.rmtree(hidden, ignore_errors=True)
            os.close(lock)


def _is_own(hidden: Path) -> bool:
    """Whether it was made by who runs this: a folder for temporary files is everybody's."""
    try:
        return sys.platform == "win32" or hidden.lstat().st_uid == os.getuid()
    except OSError:  # gone meanwhile
        return False


def _locked(hidden: Path) -> int | None:
    """The handle of a lock; None where another process has it, or where there are no such locks."""
    if sys.platform == "win32":
        return None
    import fcntl

    handle = None
    try:
        handle = os.open(hidden, os.O_RDONLY)
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        if handle is not None:
            os.close(handle)
        return None
    return handle


def _move_to_place(part: Path | None, path: Path, staging: _Staging) -> None:
    """Move what was staged to its place; with nothing staged, clear the place of a folder."""
    if part is not None and part.is_file():
        part.replace(os.path.realpath(path))
        return
    if path.exists():
        path.replace(staging.place(path.parent))
    if part is not None:
        part.replace(path)


def _is_ours(folder: Path) -> bool:
    try:
        return (folder / MADE_HERE).is_file()
    except OSError:  # a name so long that there can be no such folder
        return False


def _stage_pages(folder: Path, pages: Mapping[str, bytes], staging: _Staging) -> Path | None:
    """A new folder with the pages, to take the place of `folder`; None without pages."""
    if not pages:
        return None
    if folder.exists() and not _is_ours(folder):
        raise InputError(
            f"{folder}: the pages of this report belong there, but it was not made by scr-audit; "
            "move it away, or name another file for the report"
        )
    part = staging.place(folder.parent)
    part.mkdir()
    for name, content in {**pages, MADE_HERE: _MARKED}.items():
        (part / name).write_bytes(content)
    return part


def _stage(path: Path, pieces: Pieces, staging: _Staging) -> Path:
    """A new file with the content, to take the place of `path` (where that is a link: its target).

    It has the permissions of the file that it replaces, which may be private.
    """
    target = Path(os.path.realpath(path))
    part = staging.place(target.parent)
    with part.open("wb") as stream:
        if target.exists():
            part.chmod(stat.S_IMODE(target.stat().st_mode))
        stream.writelines(pieces)
        stream.flush()
        os.fsync(stream.fileno())
    return part
