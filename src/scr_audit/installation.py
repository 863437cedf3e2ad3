"""What of scr-audit is installed here, and the command that adds what is missing.

It asks the environment that it runs in, and no network.
"""

from __future__ import annotations

import os
import platform
import shlex
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path

from scr_audit._version import __version__

__all__ = ["EXTRAS", "Environment", "Extra", "environment", "install_command", "installed_version"]


@dataclass(frozen=True)
class Extra:
    """What an extra gives, and the libraries that it installs; whether an auditor needs it."""

    gives: str
    libraries: tuple[str, ...]
    of_auditor: bool = False


EXTRAS: Mapping[str, Extra] = {
    "excel": Extra(
        "forms, Excel reports and plans",
        ("XlsxWriter", "openpyxl", "python-calamine"),
        of_auditor=True,
    ),
    "word": Extra("Word reports", ("docxtpl", "typst"), of_auditor=True),
    "pdf": Extra("PDF reports", ("typst",), of_auditor=True),
    "history": Extra("kept runs, trends and actions", ("SQLAlchemy", "alembic"), of_auditor=True),
    "xml": Extra("the children in need census", ("lxml",), of_auditor=True),
    "parquet": Extra("records in Parquet files", ("pyarrow",)),
    "postgresql": Extra("a history in PostgreSQL", ("psycopg",)),
    "dask": Extra("judging on several machines", ("dask", "distributed")),
}
"""The extras that people install; those for tests and development are none of them."""


@dataclass(frozen=True)
class Environment:
    """Where Python packages are installed to, and which program installs them there.

    `manager` is `pip`, `pipx`, `uv` (an environment that it made), `uv tool` or `system` (a Python
    that the operating system keeps, which pip may not change).
    """

    manager: str
    words: str
    python: Path


def environment(
    prefix: Path | None = None, python: Path | None = None, *, has_pip: bool | None = None
) -> Environment:
    """The environment at a prefix; by default that of the running Python."""
    found = Path(sys.prefix) if prefix is None else prefix
    program = Path(sys.executable) if python is None else python
    can_pip = util.find_spec("pip") is not None if has_pip is None else has_pip
    manager, words = _kind(found, has_pip=can_pip)
    return Environment(manager, f"{words} {found}", program)


def _kind(prefix: Path, *, has_pip: bool) -> tuple[str, str]:
    if (prefix / "pipx_metadata.json").is_file():
        return "pipx", "the environment of pipx at"
    if (prefix / "uv-receipt.toml").is_file():
        return "uv tool", "the environment of uv tool at"
    if (prefix / "conda-meta").is_dir():
        return "pip", "the conda environment"
    settings = prefix / "pyvenv.cfg"
    if settings.is_file():
        of_uv = any(
            line.partition("=")[0].strip() == "uv"
            for line in settings.read_text("utf-8", "replace").splitlines()
        )
        return ("pip" if has_pip or not of_uv else "uv"), "the virtual environment"
    library = Path(sysconfig.get_path("stdlib", vars={"base": str(prefix)}))
    kept = (library / "EXTERNALLY-MANAGED").is_file()
    return ("system" if kept else "pip"), "the Python of the system," if kept else "the Python at"


def install_command(extras: Iterable[str], where: Environment | None = None) -> str:
    """The command that adds extras to an environment, to be typed as it stands.

    The extra `auditor` is all that an auditor needs.
    """
    where, wanted = where or environment(), tuple(extras)
    target = f"scr-audit[{','.join(wanted)}]"
    if where.manager == "pipx":  # it adds to what is there, wherever scr-audit came from
        return _typed("pipx", "inject", "scr-audit", *_libraries(wanted))
    if where.manager == "uv tool":  # it installs anew, without what is not named
        kept = [name for name, extra in EXTRAS.items() if is_installed(extra)]
        names = ",".join(dict.fromkeys([*wanted, *kept]))
        return _typed("uv", "tool", "install", f"scr-audit[{names}]{_source()}")
    if where.manager == "uv":
        return _typed("uv", "pip", "install", "--python", _near(where.python), target)
    if where.manager == "system":
        return _typed("pipx", "install", target)
    return _typed(_near(where.python), "-m", "pip", "install", target)


def is_installed(extra: Extra) -> bool:
    """Whether all libraries of an extra are installed."""
    return all(map(installed_version, extra.libraries))


def installed_version(library: str) -> str:
    """The version of a library that is installed; empty where it is not."""
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return ""


def versions() -> str:
    """The versions of scr-audit and Python."""
    return f"scr-audit {__version__}, Python {platform.python_version()}"


def _libraries(extras: Iterable[str]) -> list[str]:
    names: list[str] = []
    for name in extras:
        wanted = (
            [extra for extra in EXTRAS.values() if extra.of_auditor]
            if name == "auditor"
            else [EXTRAS[name]]
        )
        names += [library for extra in wanted for library in extra.libraries]
    names = list(dict.fromkeys(names))
    return [f"{name}[binary]" if name == "psycopg" else name for name in names]


def _source() -> str:
    """What scr-audit was installed from, ` @ ADDRESS`; nothing for the index of packages."""
    import json

    try:
        said = metadata.distribution("scr-audit").read_text("direct_url.json")
    except metadata.PackageNotFoundError:
        said = None
    return f" @ {json.loads(said)['url']}" if said else ""


def _near(program: Path) -> str:
    """A program as it is typed here: `.venv/bin/python` where it lies below this folder."""
    try:
        return str(program.relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(program)


def _typed(*words: str) -> str:
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)
