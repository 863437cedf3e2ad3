"""Where the packs, audit plans and report templates that ship with the engine are."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from time import perf_counter
from typing import TypeGuard

from scr_audit.errors import ArgumentError, InputError, did_you_mean, listed, translate_os_errors
from scr_audit.packs.artefact import COMPILED, from_bytes
from scr_audit.packs.compiled import compiled_pack
from scr_audit.packs.pack import Pack, with_parent
from scr_audit.packs.pack_files import PACK_FILE
from scr_audit.values.text import counted, id_of

_log = logging.getLogger(__name__)
DEFAULT_PACK = "working-together"  # judged together with the pack that it extends


def shipped(folder: str) -> Path:
    """The shipped folder `rules`, `audits` or `reports`: in the installed package or a checkout."""
    package = Path(__file__).resolve().parent.parent
    for root in (package / "_data", package.parent.parent):
        if (root / folder).is_dir():
            return root / folder
    raise FileNotFoundError(f"the folder {folder} of scr-audit is missing from this installation")


def shipped_packs() -> list[str]:
    """The ids of the packs that ship with the engine."""
    return sorted(path.parent.name for path in shipped("rules").glob(f"*/{PACK_FILE}"))


_LONGEST_PATH = 4096  # characters: longer ones no system has


def load_pack(
    pack: str | Path | bytes | Mapping[str, str | bytes] | Pack | None = None,
    *,
    settings: str | Path | None = None,
) -> Pack:
    """A checked pack: a folder, a zip, the id of a shipped one, or by default all that is shipped.

    A mapping is a pack in memory: the text of each file by its path, `{"pack.yaml": ...}`. Bytes,
    or a file whose name ends in `.pack`, are a compiled pack. A loaded pack comes back as it is.
    `settings` is a local file whose parameter values replace the pack's. Raises `PackError` with
    every problem of the pack's files, `InputError` where there is no such pack, or a compiled one
    is damaged or of another version. A shipped pack is loaded once a process; the files of a folder
    are read each time anew, for whoever names one may change it.
    """
    if isinstance(pack, Pack):
        if settings is not None:
            raise ArgumentError("settings", "this pack is loaded already; give load_pack both")
        return pack
    started = perf_counter()
    found = _load(pack, None if settings is None else Path(settings))
    _log.info(
        "pack %s %s: %s, loaded in %.2f s",
        found.id, found.version, counted(len(found.rules), "rule"), perf_counter() - started,
    )  # fmt: skip
    return found


def _load(pack: str | Path | bytes | Mapping[str, str | bytes] | None, local: Path | None) -> Pack:
    if isinstance(pack, Mapping):
        from scr_audit.packs.load import load_files  # needs YAML and Pydantic, as few packs do

        return load_files(pack, settings=local)
    if not isinstance(pack, str | Path | bytes | None):
        raise InputError(
            "load_pack takes a folder, a zip file, the id of a shipped pack, a compiled pack, or "
            f"the text of each file by its path; found {type(pack).__name__}"
        )
    if isinstance(pack, str) and ("\n" in pack or len(pack) > _LONGEST_PATH):
        raise InputError(
            "load_pack takes the name of a folder, and this text is none; the texts of a pack are "
            'given by their paths: {"pack.yaml": ..., "records.yaml": ..., "rules/one.yaml": ...}'
        )
    if isinstance(pack, bytes) or _is_compiled(pack):
        if local is not None:
            raise ArgumentError(
                "settings",
                "take effect when a pack is compiled; give the folder of the pack with them",
            )
        if isinstance(pack, bytes):
            return from_bytes(pack)
        with translate_os_errors(Path(pack)):
            return from_bytes(Path(pack).read_bytes(), name=str(pack))
    if pack is not None:
        with translate_os_errors(Path(pack)):
            is_there = Path(pack).exists()
        if is_there:
            return compiled_pack(Path(pack), settings=local)
    held = local.stat() if local is not None and local.exists() else None
    edited = None if held is None else (held.st_ino, held.st_size, held.st_mtime_ns)
    loaded = _load_once(pack_folder(pack), local, edited)
    return with_parent(loaded) if pack is None else loaded


def _is_compiled(pack: str | Path | None) -> TypeGuard[str | Path]:
    """Whether a name is that of a file with a compiled pack; a folder may end so too."""
    return pack is not None and Path(pack).suffix == COMPILED and not Path(pack).is_dir()


@lru_cache(maxsize=16)
def _load_once(folder: Path, settings: Path | None, _edited: tuple[int, int, int] | None) -> Pack:
    """Load a shipped pack once, since it is frozen."""
    compiled = folder.parent.parent / "compiled" / f"{folder.name}{COMPILED}"
    return compiled_pack(folder, settings=settings, shipped=compiled)


def pack_folder(pack: str | Path | None = None) -> Path:
    """The folder of a pack: a path as it stands, or the shipped one of an id.

    Raises `InputError` where there is neither; whether a pack is in the folder is not asked.
    """
    name = str(pack or DEFAULT_PACK)
    path = Path(name)
    if pack is not None and path.exists():
        return path
    if (named := id_of(name, shipped_packs())) in shipped_packs():
        return shipped("rules") / named
    if path.name == name:
        known = shipped_packs()
        raise InputError(
            f"{name}: there is no such folder and no shipped pack of that name."
            f"{did_you_mean(name, known)} Shipped: {listed(known)}."
        )
    return path
