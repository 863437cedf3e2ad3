"""The files of a pack, from a folder, a zip file or memory; nothing is written anywhere."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from scr_audit.errors import InputError, listed, translate_os_errors
from scr_audit.values.text import is_leftover

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

PACK_FILE = "pack.yaml"
SCHEMA_FILE = "records.yaml"
RECOMMENDATIONS_FILE = "recommendations.yaml"
RULES_FOLDER = "rules"
NO_FOLDER = Path("(memory)")  # what stands for the folder of a pack that has none
MOST_ENTRIES = 5_000
MOST_PACK_UNPACKED = 50_000_000
ZIP = ".zip"


def files_of(path: Path) -> dict[str, bytes]:
    """The pack's files in a folder or a zip file, by their path inside it, in a fixed order.

    Raises `InputError` where it is neither, is no pack, or cannot be read.
    """
    if path.suffix.lower() == ZIP and path.is_file():
        return _of_zip(path)
    if not path.is_dir():
        what = "is a file; a pack is a folder" if path.exists() else "there is no such folder"
        is_other = ", and the name of a compiled one ends in .pack" if path.exists() else ""
        raise InputError(
            f"{path}: {what} with {PACK_FILE}, {SCHEMA_FILE} and {RULES_FOLDER}/{is_other}"
        )
    found = (*path.glob("*.yaml"), *(path / RULES_FOLDER).glob("*.y*ml"))
    names = [each.relative_to(path).as_posix() for each in found if each.is_file()]

    def read(name: str) -> bytes:
        with translate_os_errors(path / name):
            return (path / name).read_bytes()

    return _pick(path, names, read)


def files_given(texts: Mapping[str, str | bytes]) -> dict[str, bytes]:
    """The pack's files among texts by their path, such as `rules/one.yaml`.

    Raises `InputError` where they are no pack.
    """
    for name, text in texts.items():
        if not isinstance(name, str) or not isinstance(text, str | bytes):
            found = f"{type(name).__name__}: {type(text).__name__}"
            raise InputError(f"a pack in memory has the text of each file by its path; not {found}")

    def read(name: str) -> bytes:
        text = texts[name]
        return text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")

    return _pick(NO_FOLDER, list(texts), read)


def sum_of(files: Mapping[str, bytes], parent: str | None) -> str:
    """The SHA-256 of a pack's files, and of the pack that it extends, whose sum is `parent`."""
    digest = hashlib.sha256()
    if parent is not None:
        digest.update(f"extends\0{parent}\0".encode())
    for name, data in sorted(files.items()):
        digest.update(f"{name}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()


def _pick(where: Path, names: Collection[str], read: Callable[[str], bytes]) -> dict[str, bytes]:
    rules = [name for name in sorted(names) if _is_rule_file(name)]
    for name in rules:
        if name.endswith(".yml"):
            raise InputError(f"{where / name}: is not read; the name of a rule file ends in .yaml")
    beside = (name for name in (PACK_FILE, SCHEMA_FILE, RECOMMENDATIONS_FILE) if name in names)
    files = {name: read(name) for name in (*beside, *rules)}
    if PACK_FILE not in files:
        raise InputError(f"{where}: not a pack: {PACK_FILE} is missing in it")
    if not rules:
        raise InputError(f"{where}: the pack has no rule files ({RULES_FOLDER}/*.yaml)")
    return files


def _is_rule_file(name: str) -> bool:
    """Whether a person wrote it as a rule file: none that a program hid or left there."""
    folder, _, file = name.rpartition("/")
    return (
        folder == RULES_FOLDER
        and file.endswith((".yaml", ".yml"))
        and not (file.startswith(".") or is_leftover(file))
    )


def _of_zip(path: Path) -> dict[str, bytes]:
    """The files of a zip; they may stand in one folder, as where a folder was packed."""
    from zipfile import BadZipFile, ZipFile  # slow to import, and few packs are zips

    # What the library says of a damaged zip; a ValueError is a place outside of the file.
    is_damaged = (BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OSError)
    try:
        with translate_os_errors(path), ZipFile(path) as archive:
            entries = {entry.filename: entry for entry in _safe_entries(path, archive)}
            top = _top(path, entries)
            inside = {
                name.removeprefix(top): entry
                for name, entry in entries.items()
                if name.startswith(top)
            }
            left = MOST_PACK_UNPACKED

            def read(name: str) -> bytes:
                nonlocal left  # what really comes out is counted: a zip may say otherwise of itself
                with archive.open(inside[name]) as stream:
                    data = stream.read(left + 1)
                left -= len(data)
                if left < 0:
                    raise _too_much(path)
                return data

            return _pick(path, inside, read)
    except is_damaged as error:
        raise InputError(f"{path}: is damaged, or no zip file: {error}") from error


def _top(path: Path, names: Collection[str]) -> str:
    """The folder of a zip in which the pack is, with its slash; empty where it is in none."""
    tops = [name.removesuffix(PACK_FILE) for name in names if name.endswith(f"/{PACK_FILE}")]
    tops = [] if PACK_FILE in names else [top for top in tops if top.count("/") == 1]
    if len(tops) > 1:
        raise InputError(f"{path}: holds several packs, {listed(tops)}; pack the folder of one")
    return "".join(tops)


def _safe_entries(path: Path, archive: ZipFile) -> Iterator[ZipInfo]:
    """The files of a zip. Refuses those that lead out of it, are encrypted or there twice."""
    from zipfile import ZIP_DEFLATED, ZIP_STORED

    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MOST_ENTRIES:
        raise _too_much(path)
    names: set[str] = set()
    for entry in entries:
        name = entry.filename
        if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
            raise InputError(f"{path}: holds '{name}', a place outside of it; pack the folder anew")
        if name in names:
            raise InputError(f"{path}: holds '{name}' twice; pack the folder anew")
        names.add(name)
        if entry.flag_bits & 1:
            raise InputError(f"{path}: is protected with a password; pack the folder without one")
        if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise InputError(f"{path}: is packed in an unusual way; pack the folder as a plain zip")
        yield entry


def _too_much(path: Path) -> InputError:
    return InputError(
        f"{path}: holds more than {MOST_ENTRIES:,} files or unpacks to more than "
        f"{MOST_PACK_UNPACKED // 1_000_000} MB; no pack is so large"
    )
