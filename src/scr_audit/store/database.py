"""The database of a store: where it is, and how it is made, opened and migrated.

A change of a table needs a migration beside the others.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import (
    JSON,
    URL,
    Boolean,
    Column,
    Connection,
    Engine,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    column,
    create_engine,
    event,
    false,
    inspect,
    make_url,
    select,
    table,
    text,
)
from sqlalchemy.exc import ArgumentError, DBAPIError

from scr_audit.errors import InputError, library_needed
from scr_audit.outputs import staging_folder

DAMAGED = object()
_Result = TypeVar("_Result")
_WAIT_SECONDS = 30
_LEAST_BYTES = 512  # of a page of SQLite
_MIGRATION_LOCK = 0x5C2A0D17  # any number, the same for all: who migrates holds it
UNDECODABLE = "Could not decode"
"""What SQLite says of a text that is no UTF-8."""
_DAMAGED = "the store is damaged: {}. Take a copy from a backup; nothing was written"
_SAID = {
    "file is not a database": "is no store of scr-audit: it is another kind of file; name another",
    "malformed": "the store is damaged. Take a copy from a backup; nothing was written",
    UNDECODABLE: _DAMAGED.format("a text in it is no UTF-8"),
    "no such table": _DAMAGED.format("a table of it is missing"),
    "no such column": _DAMAGED.format("a column of it is missing"),
    "database is locked": "another program is writing to the store and did not finish; try again",
    "readonly": "the store cannot be written: its file or folder is read-only",
    "unable to open": "the store cannot be opened: look at the folder's permissions",
    "disk": "the store cannot be written: the disk is full or failing; nothing was kept",
}
_LOST = "the connection to the database was lost. What was being written was not kept; try again"
VARIABLE = "SCR_AUDIT_STORE"
FILE = "history.sqlite"
_POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg")
_EXPECTED = "a file such as history.sqlite, or postgresql://user@host/database"


class Store:
    """An open store. Each use of it is one transaction: all of it is kept, or nothing."""

    def __init__(self, place: Location, engine: Engine) -> None:
        self.place = place
        self._engine = engine

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes; it waits for other writers. Raises `InputError`."""
        with _database_errors(self.place), self._engine.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the store throughout. Raises `InputError`."""
        engine = self._engine.execution_options(sqlite_reads=True)
        if self.place.file is None:
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        with _database_errors(self.place), engine.connect() as connection:
            yield connection

    def check_writable(self) -> None:
        """Make sure that a run could be added now. Raises `InputError` where it could not."""
        nothing = runs.insert().from_select(list(runs.c), select(runs).where(false()))
        with self.writing() as connection:
            connection.execute(nothing)

    def close(self) -> None:
        """Give back the connections."""
        self._engine.dispose()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_store(named: str | Path | None = None, *, create: bool = True) -> Store:
    """Open the named store (see `location`), made or brought up to this version.

    Raises `InputError` where it cannot be reached, is damaged or newer, or, without `create`, is
    not there.
    """
    place = location(named)
    if place.file is not None:
        _check_file(place.file, create=create)
        if _is_new(place):
            _make(place, place.file, lambda _: None)
    engine = _connect(place)
    store = Store(place, engine)
    try:
        with _database_errors(place):
            revision = _revision(place, engine)
            if revision is None and not create:
                raise InputError(
                    f"{place}: is no store yet: nothing is in it. Name another; the "
                    "first run or action that is added makes it one"
                )
            if revision != REVISION:
                _migrate(place, engine)
    except BaseException:
        store.close()
        raise
    return store


def is_store(named: str | None) -> bool:
    """Whether the named store exists; nothing is written.

    Raises `InputError` where it cannot be reached, or is something else.
    """
    place = location(named)
    if place.file is not None:
        if not place.file.exists():
            return False
        _check_file(place.file, create=False)
    engine = _connect(place)
    with _database_errors(place), contextlib.closing(Store(place, engine)):
        return _revision(place, engine) is not None


def in_store(named: str | None, work: Callable[[Store], _Result]) -> _Result:
    """Do `work` on the named store; a new file gets its name only when that is done.

    If somebody else makes it meanwhile, the work is done again on theirs. Raises `InputError`; then
    no new file is left.
    """
    place = location(named)
    if place.file is not None and _is_new(place):
        _check_file(place.file, create=True)
        done, is_ours = _make(place, place.file, work)
        if is_ours:
            return done
    with contextlib.closing(open_store(named)) as store:
        return work(store)


def _is_new(place: Location) -> bool:
    """Whether it is a file still to be made, not in memory and without options in its URL."""
    file = place.file
    return file is not None and not (file.exists() or place.url.query or file.name == ":memory:")


def _make(place: Location, file: Path, work: Callable[[Store], _Result]) -> tuple[_Result, bool]:
    """Make a store beside its place and do `work` on it; whether it got its name then.

    So nobody sees half a store, and nothing is left where the disk is full.
    """
    try:
        with staging_folder(file.parent) as folder:
            beside = folder / "store"
            engine = _connect(Location(place.url.set(database=str(beside)), beside))
            with contextlib.closing(Store(place, engine)) as store:
                with _database_errors(place):
                    _migrate(place, engine)
                done = work(store)
            return done, _take_name(beside, file)
    except OSError as error:
        raise InputError(f"{place}: the store cannot be made: {error.strerror}") from error


def _take_name(beside: Path, file: Path) -> bool:
    """Rename a file unless the name is taken; whether it was renamed."""
    try:
        os.link(beside, file)
    except FileExistsError:
        return False
    except OSError:  # a disk without links, where two at once go unnoticed
        if file.exists():
            return False
        beside.rename(file)
    return True


def _check_file(path: Path, *, create: bool) -> None:
    if path.is_dir():
        raise InputError(f"{path}: is a folder; name a file for the store")
    if path.exists():
        if 0 < path.stat().st_size < _LEAST_BYTES:  # SQLite would take it for an empty one
            raise InputError(f"{path}: {_SAID['file is not a database']}")
        return
    if not create:
        raise InputError(
            f"{path}: there is no store yet; the first run or action that is added makes one"
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{path}: its folder cannot be made: {error.strerror}") from error


def _connect(place: Location) -> Engine:
    if place.file is None:
        # The driver would log a lost connection too, which we report.
        logging.getLogger("psycopg").addHandler(logging.NullHandler())
        try:
            return create_engine(place.url, pool_pre_ping=True)
        except ModuleNotFoundError as error:
            raise library_needed("a store in PostgreSQL", error.name, "postgresql") from error
    waits = {"timeout": _WAIT_SECONDS}
    engine = create_engine(place.url, connect_args=waits, json_deserializer=_json)
    event.listen(engine, "connect", _own_transactions)
    event.listen(engine, "begin", _begin)
    return engine


def _json(text: str) -> Any:
    """A kept value; `DAMAGED` where it is not JSON: the caller knows whose it is."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return DAMAGED


def _own_transactions(connection: Any, _: object) -> None:
    """Keep the driver from beginning transactions: SQLite's leave table changes outside."""
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")


def _begin(connection: Connection) -> None:
    """A writer takes the lock at once, so that two cannot both read and then wait for the other."""
    reads = connection.get_execution_options().get("sqlite_reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _revision(place: Location, engine: Engine) -> str | None:
    """The migration that a store has reached; None for a new one."""
    with engine.execution_options(sqlite_reads=True).connect() as connection:
        there = set(inspect(connection).get_table_names())
        if VERSION_TABLE in there:
            versions = table(VERSION_TABLE, column("version_num", String))
            found: str | None = connection.execute(select(versions.c.version_num)).scalar()
            if not found:
                raise InputError(f"{place}: {_DAMAGED.format('it does not say its version')}")
            return found
    if there & set(metadata.tables) or (there and engine.dialect.name == "sqlite"):
        raise InputError(f"{place}: is a database of something else; name another for the store")
    return None


def _migrate(place: Location, engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.attributes["version_table"] = VERSION_TABLE
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    with engine.begin() as connection:
        if place.file is None:  # of two that open a new store, one makes it
            connection.execute(text("SELECT pg_advisory_xact_lock(:it)"), {"it": _MIGRATION_LOCK})
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise InputError(
                f"{place}: the store was written by a newer scr-audit; install the newer one: "
                "pip install --upgrade scr-audit"
            ) from error


@contextlib.contextmanager
def _database_errors(place: Location) -> Iterator[None]:
    """Turn failures of the database into `InputError`."""
    try:
        yield
    except DBAPIError as error:
        words = _LOST if error.connection_invalidated else _failure_words(str(error.orig))
        raise InputError(f"{place}: {words}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{place}: {_failure_words(UNDECODABLE)}") from error


def _failure_words(said: str) -> str:
    for sign, words in _SAID.items():
        if sign in said:
            return words
    first = said.strip().splitlines()[0] if said.strip() else "the connection was lost"
    return f"the database failed: {first}. What was being written was not kept; try again"


@dataclass(frozen=True)
class Location:
    """The URL of a store; `file` where it is a SQLite file. As text it holds no password."""

    url: URL
    file: Path | None

    def __str__(self) -> str:
        return str(self.file) if self.file else self.url.render_as_string(hide_password=True)


def location(named: str | Path | None) -> Location:
    """Where the store is: as named, else as `SCR_AUDIT_STORE` says, else in the user's data folder.

    A name with `://` is a URL, and any other the path of a SQLite file. Raises `InputError`.
    """
    if isinstance(named, str) and not named.strip():
        raise InputError("the store's name is empty; expected " + _EXPECTED)
    text = str(named or os.environ.get(VARIABLE) or _own_folder() / FILE)
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


def _own_folder() -> Path:
    from platformdirs import user_data_path

    return user_data_path("scr-audit", appauthor=False)


REVISION = "0002"
"""The migration that makes the tables below; a test holds it against the newest one."""
VERSION_TABLE = "scr_audit_version"

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

runs = Table(
    "runs",
    metadata,
    Column("id", String, primary_key=True),  # SHA-256 of the bundle that was kept
    Column("added_at", String, nullable=False),  # UTC, to the second
    Column("pack", String, nullable=False),
    Column("pack_version", String, nullable=False),
    Column("pack_sha256", String, nullable=False),
    Column("plan", String),  # Null: no plan chose the rules
    Column("as_of", String),
    Column("period_start", String),
    Column("period_end", String),
    Column("detail", String, nullable=False),  # totals, findings or facts
    Column("head", JSON, nullable=False),  # The bundle without its records and findings
    Index("ix_runs_series", "pack", "plan", "period_start"),
)

rule_totals = Table(
    "rule_totals",
    metadata,
    Column("run", String, ForeignKey("runs.id"), primary_key=True),
    Column("rule", String, primary_key=True),
    Column("meaning", String),  # SHA-256 of what the rule asks; null: not known
    *(
        Column(name, Integer, nullable=False)
        for name in ("met", "not_met", "not_evidenced", "not_applicable", "excepted", "error")
    ),
    Column("records", Integer, nullable=False),  # Records with a judged unit
)

findings = Table(
    "findings",
    metadata,
    Column("run", String, ForeignKey("runs.id"), primary_key=True),
    Column("rule", String, primary_key=True),
    Column("record", String, primary_key=True),
    Column("unit", String, primary_key=True),  # JSON pointer; empty: the record
    Column("outcome", String, nullable=False),
    # Of the unit's key, whose facts are not kept; null: kept when units were known by their place
    Column("key_sha256", String),
    Column("key_named", Boolean),  # Whether the schema names the facts of the key
    Column("facts", JSON),  # The whole finding, where detail is facts; else null
)

action_events = Table(
    "action_events",
    metadata,
    Column("action", String, primary_key=True),
    Column("number", Integer, primary_key=True),  # 1 is what made the action
    Column("at", String, nullable=False),  # UTC, to the second
    Column("by_role", String, nullable=False),
    Column("what", JSON, nullable=False),  # The facts that this event set, and why
)
