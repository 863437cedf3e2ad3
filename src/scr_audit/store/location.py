"""Where the store is: a SQLite file, or the URL of a PostgreSQL database."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from scr_audit.errors import InputError

VARIABLE = "SCR_AUDIT_STORE"
FILE = "history.sqlite"
_POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg")


@dataclass(frozen=True)
class Location:
    """The URL of a store; `file` where it is a SQLite file. As text it holds no password."""

    url: URL
    file: Path | None

    def __str__(self) -> str:
        return str(self.file) if self.file else self.url.render_as_string(hide_password=True)


def location(named: str | None) -> Location:
    """Where the store is: as named, else as `SCR_AUDIT_STORE` says, else in the user's data folder.

    A name with `://` is a URL, and any other the path of a SQLite file. Raises `InputError`.
    """
    text = named or os.environ.get(VARIABLE) or str(_own_folder() / FILE)
    if "://" not in text:
        path = Path(text)
        return Location(URL.create("sqlite", database=str(path)), path)
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise InputError(f"the store's URL cannot be read; expected {_EXPECTED}") from None
    if url.drivername in _POSTGRESQL:
        return Location(url.set(drivername="postgresql+psycopg"), None)
    if url.drivername == "sqlite" and url.database:
        return Location(url, Path(url.database))
    raise InputError(f"{url.drivername}: no store of this kind; expected {_EXPECTED}")


_EXPECTED = "a file such as history.sqlite, or postgresql://user@host/database"


def _own_folder() -> Path:
    from platformdirs import user_data_path

    return user_data_path("scr-audit", appauthor=False)
