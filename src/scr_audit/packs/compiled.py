"""A pack from its folder by way of its compiled pack: the YAML is read once, until it changes."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from scr_audit.errors import InputError, translate_os_errors
from scr_audit.kept import user_cache
from scr_audit.packs.artefact import from_bytes, to_bytes
from scr_audit.packs.pack import Pack
from scr_audit.packs.pack_files import files_of, sum_of

_log = logging.getLogger(__name__)


def compiled_pack(folder: Path, *, settings: Path | None, shipped: Path | None = None) -> Pack:
    """The checked pack in a folder or a zip, with the parameters of a local settings file if given.

    It is that of the `shipped` file or of the user's cache, where they were made of the same files
    by this version; else it is made of the files, and kept. Raises as `load_folder`.
    """
    files = files_of(folder)
    if shipped is not None and settings is None and shipped.exists():
        found = _read(shipped.read_bytes(), folder, files)
        if found is not None:
            return found
    kept = user_cache()
    key = _key(folder, files, settings) if kept else ""
    if kept and (data := kept.get(key)) and (found := _read(data, folder, files)):
        return _with_settings(found, settings)
    # Needs YAML and Pydantic, which take longer to import than a compiled pack to read.
    from scr_audit.packs.load import load_folder

    pack = load_folder(folder, settings=settings)
    try:
        data = to_bytes(pack)
    except InputError as error:  # an operator of this process
        _log.info("not kept: %s", error)
        return pack
    if kept:
        kept.put(key, data)
    return _with_settings(from_bytes(data, beside=folder.parent), settings)


def _with_settings(pack: Pack, settings: Path | None) -> Pack:
    """The pack with the path of its settings file, of which the bytes know the name alone."""
    if settings is None:
        return pack
    parent = None if pack.extends is None else _with_settings(pack.extends, settings)
    return replace(pack, settings=str(settings), extends=parent)


def _key(folder: Path, files: Mapping[str, bytes], settings: Path | None) -> str:
    local = ""
    if settings is not None:
        with translate_os_errors(settings):
            local = f"{settings} {hashlib.sha256(settings.read_bytes()).hexdigest()}"
    return f"pack {folder} {folder.resolve()} {sum_of(files, None)} {local}"


def _read(data: bytes, folder: Path, files: Mapping[str, bytes]) -> Pack | None:
    """The compiled pack; None where it is of other files, or of another version."""
    try:
        pack = from_bytes(data, beside=folder.parent)
        return pack if pack.sha256 == _sum(pack, files) else None
    except InputError as error:
        _log.info("made anew: %s", error)
        return None


def _sum(pack: Pack, files: Mapping[str, bytes]) -> str:
    """The sum of files, and of those that the packs now have which this one extends."""
    parent = pack.extends
    return sum_of(files, None if parent is None else _sum(parent, files_of(Path(parent.folder))))
