"""Stores for tests: a SQLite file, and a PostgreSQL database where a server was given.

`SCR_AUDIT_POSTGRESQL` is the URL of a server, such as
postgresql://audit@127.0.0.1:5432/postgres, on which databases may be made and dropped.
"""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

SERVER = os.environ.get("SCR_AUDIT_POSTGRESQL")
REQUIRED = os.environ.get("SCR_AUDIT_REQUIRE_POSTGRESQL") == "1"
KINDS = ("sqlite", "postgresql")


def needs_server() -> str:
    """The server's URL; without one the test is skipped, or fails where CI requires it."""
    if SERVER is None:
        if REQUIRED:
            pytest.fail("SCR_AUDIT_POSTGRESQL names no server")
        pytest.skip("needs a PostgreSQL server, named by SCR_AUDIT_POSTGRESQL")
    return SERVER


def a_store(kind: str, folder: Path) -> Iterator[str]:
    """The name of a new store, gone after the test."""
    if kind == "sqlite":
        yield str(folder / "history.sqlite")
        return
    url = make_url(needs_server()).set(drivername="postgresql+psycopg")
    name = f"test_{uuid.uuid4().hex}"
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield url.set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()
