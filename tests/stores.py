"""Stores for tests: a SQLite file, and a PostgreSQL database where a server was given.

`SCR_AUDIT_POSTGRESQL` is the URL of a server, such as
postgresql://audit@127.0.0.1:5432/postgres, on which databases may be made and dropped.
"""

import multiprocessing
import os
import signal
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, event, make_url, text
from sqlalchemy.engine import Engine

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


_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(
    ["scr_audit.cli.action_plan", "scr_audit.store.history", "alembic.command"]
)


def exit_codes(work: Callable[..., None], *given: tuple[Any, ...]) -> list[int | None]:
    """How processes of their own ended that did the work at once, each with what it was given.

    0: done; less than 0: ended by that signal.
    """
    started = [_PROCESSES.Process(target=work, args=each) for each in given]
    for process in started:
        process.start()
    for process in started:
        process.join(timeout=120)
    return [process.exitcode for process in started]


def kill_at(step: int) -> None:
    """End this process, as a power cut would, at a step of what it asks of a database, from 1."""
    left = step

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    for name in ("begin", "before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(Engine, name, count)
