"""Opening a store: made, found again, brought up to date, or refused with a reason."""

import errno
import logging
import resource
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import stores
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, func, select, text

from scr_audit.errors import InputError
from scr_audit.store.database import (
    VERSION_TABLE,
    Store,
    action_events,
    in_store,
    is_store,
    location,
    metadata,
    open_store,
    runs,
)

EVENT = {"action": "A1", "number": 1, "at": "2026-01-01T00:00:00", "by_role": "chair", "what": {}}


def test_what_was_written_is_there_when_opened_again(store_name: str) -> None:
    with open_store(store_name).writing() as connection:
        connection.execute(action_events.insert(), [EVENT])
    with open_store(store_name).reading() as connection:
        assert [dict(row._mapping) for row in connection.execute(action_events.select())] == [EVENT]


def test_the_migrations_make_just_the_tables_of_this_version(store_name: str) -> None:
    open_store(store_name).close()
    with create_engine(location(store_name).url).connect() as connection:
        options = {"version_table": VERSION_TABLE}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def test_a_transaction_that_fails_leaves_nothing(store_name: str) -> None:
    store = open_store(store_name)
    with pytest.raises(RuntimeError, match="in the middle"):
        _add_and_fail(store)
    assert _count(store) == 0


def _add_and_fail(store: Store) -> None:
    with store.writing() as connection:
        connection.execute(action_events.insert(), [EVENT])
        raise RuntimeError("in the middle")


def test_a_reader_sees_one_state_while_another_writes(store_name: str) -> None:
    store = open_store(store_name)
    with store.reading() as reader:
        before = reader.execute(select(func.count()).select_from(action_events)).scalar()
        if location(store_name).file is None:
            with open_store(store_name).writing() as writer:
                writer.execute(action_events.insert(), [EVENT])
        assert reader.execute(select(func.count()).select_from(action_events)).scalar() == before


def _open_and_write(store_name: str, action: str) -> None:
    with open_store(store_name).writing() as connection:
        connection.execute(action_events.insert(), [{**EVENT, "action": action}])


def test_processes_that_open_a_new_store_at_once_make_it_once(store_name: str) -> None:
    given = [(store_name, f"A{n}") for n in range(4)]
    assert stores.exit_codes(_open_and_write, *given) == [0] * 4
    assert _count(open_store(store_name)) == 4


def test_a_newer_store_is_refused(store_name: str) -> None:
    store = open_store(store_name)
    with store.writing() as connection:
        connection.execute(text("UPDATE scr_audit_version SET version_num = '9999'"))
    with pytest.raises(InputError, match=r"was written by a newer scr-audit; install the newer"):
        open_store(store_name)


def test_a_database_of_something_else_is_left_alone(store_name: str) -> None:
    with create_engine(location(store_name).url).begin() as connection:
        connection.execute(text("CREATE TABLE runs (other INTEGER)"))
    with pytest.raises(InputError, match=r"is a database of something else; name another for the"):
        open_store(store_name)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"x", "is no store of scr-audit: it is another kind of"),
        (b"records of another kind\n" * 300, "is no store of scr-audit: it is another kind of"),
        (b"SQLite format 3\x00" + b"\xff" * 5000, "is no store of scr-audit: it is another kind"),
    ],
)
def test_a_file_that_is_no_store_is_refused_and_kept(
    content: bytes, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "history.sqlite"
    path.write_bytes(content)
    with pytest.raises(InputError, match=said):
        open_store(str(path))
    assert path.read_bytes() == content


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        open_store(str(tmp_path))
    assert str(caught.value) == f"{tmp_path}: is a folder; name a file for the store"


def test_a_store_cut_short_is_told(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    open_store(str(path)).close()
    path.write_bytes(path.read_bytes()[:9000])
    with pytest.raises(InputError, match=r"the store is damaged\. Take a copy from a backup"):
        open_store(str(path))


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        ("DROP TABLE action_events", "a table of it is missing"),
        ("UPDATE scr_audit_version SET version_num = ''", "it does not say its version"),
        ("UPDATE action_events SET at = CAST(x'ff' AS text)", "a text in it is no UTF-8"),
    ],
)
def test_a_damaged_store_is_told_with_what_to_do(tmp_path: Path, harm: str, said: str) -> None:
    path = tmp_path / "history.sqlite"
    with open_store(str(path)).writing() as connection:
        connection.execute(action_events.insert(), [EVENT])
    with sqlite3.connect(path) as raw:
        raw.execute(harm)
    with pytest.raises(InputError) as caught, open_store(str(path)).reading() as connection:
        connection.execute(action_events.select()).all()
    told = f"the store is damaged: {said}. Take a copy from a backup; nothing was written"
    assert str(caught.value) == f"{path}: {told}"


def test_a_writer_that_does_not_finish_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scr_audit.store.database._WAIT_SECONDS", 0.1)
    path = tmp_path / "history.sqlite"
    store = open_store(str(path))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with (
        pytest.raises(InputError, match="another program is writing to the store"),
        store.writing(),
    ):
        pass
    other.close()


def test_a_store_that_must_be_there_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    with pytest.raises(
        InputError, match="there is no store yet; the first run or action that is added makes"
    ):
        open_store(str(path), create=False)
    assert not path.exists()


def test_reading_makes_no_store_of_what_is_empty(store_name: str) -> None:
    file = location(store_name).file
    if file is not None:
        file.touch()
    assert not is_store(store_name)
    with pytest.raises(
        InputError, match=r"is no store yet: nothing is in it\. Name another; the first"
    ):
        open_store(store_name, create=False)
    assert not is_store(store_name)
    if file is not None:
        assert (file.read_bytes(), list(file.parent.iterdir())) == (b"", [file])
    open_store(store_name).close()
    assert is_store(store_name)


@pytest.mark.parametrize("most_bytes", [0, 4096, 30_000])
def test_a_store_for_which_there_is_no_room_is_not_begun(most_bytes: int, tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, hard))
    try:
        with pytest.raises(InputError, match=r"history\.sqlite: the store cannot be written"):
            open_store(str(path))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []


def test_a_new_store_takes_its_name_when_what_it_is_for_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"

    def failing(_: Store) -> None:
        assert not path.exists()
        raise InputError("full")

    with pytest.raises(InputError, match="full"):
        in_store(str(path), failing)
    assert list(tmp_path.iterdir()) == []
    assert in_store(str(path), _count) == 0
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_killed_process_left_of_a_store_is_gone_with_the_next(tmp_path: Path) -> None:
    left = tmp_path / ".scr-audit-killed.part"
    left.mkdir()
    (left / "store").write_bytes(b"half a store")
    in_store(str(tmp_path / "history.sqlite"), _count)
    assert list(tmp_path.iterdir()) == [tmp_path / "history.sqlite"]


@pytest.mark.parametrize("has_links", [True, False])
def test_a_store_that_somebody_else_makes_meanwhile_is_the_one_that_is_written(
    *, has_links: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "history.sqlite"
    if not has_links:
        monkeypatch.setattr("os.link", _no_link)
    seen: list[int] = []

    def work(store: Store) -> None:
        if not seen:
            with open_store(str(path)).writing() as connection:
                connection.execute(action_events.insert(), [EVENT])
        seen.append(_count(store))

    in_store(str(path), work)
    assert seen == [0, 1]
    assert list(tmp_path.iterdir()) == [path]


def _no_link(*_: object) -> None:
    raise OSError(errno.EPERM, "no links here")


@pytest.fixture
def server_store(tmp_path: Path) -> Iterator[str]:
    """A store on a PostgreSQL server."""
    yield from stores.a_store("postgresql", tmp_path)


def test_a_server_that_goes_away_in_the_middle_leaves_nothing(server_store: str) -> None:
    store = open_store(server_store)
    with pytest.raises(InputError, match=r"What was being written was not kept; try again"):
        _add_across_an_end(store, server_store)
    assert _count(store) == 0
    store.close()


def _add_across_an_end(store: Store, name: str) -> None:
    with store.writing() as connection:
        connection.execute(action_events.insert(), [EVENT])
        _end_connections(name)
        connection.execute(action_events.insert(), [{**EVENT, "action": "A2"}])


def _end_connections(name: str) -> None:
    """As an administrator would, end every other connection to a database."""
    with create_engine(location(name).url).connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nope://x", "nope: no store of this kind; expected a file such as history.sqlite, or"),
        ("mysql://host/audit", "mysql: no store of this kind; expected a file such as"),
        ("postgresql://host:port/x", "the store's URL cannot be read; expected a file such as"),
    ],
)
def test_other_kinds_of_store_are_refused(name: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        location(name)


def test_the_name_of_a_store_holds_no_password() -> None:
    named = location("postgresql://audit:secret@host/audit")
    assert "secret" not in str(named)


def test_without_a_name_the_store_is_where_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SCR_AUDIT_STORE", str(tmp_path / "own.sqlite"))
    assert location(None).file == tmp_path / "own.sqlite"


def _count(store: Store) -> int:
    with store.reading() as connection:
        return connection.execute(select(func.count()).select_from(action_events)).scalar_one()


def test_looking_whether_a_store_can_be_written_writes_nothing(store_name: str) -> None:
    store = open_store(store_name)
    store.check_writable()
    with store.reading() as connection:
        assert connection.execute(select(func.count()).select_from(runs)).scalar() == 0


# As another user, since root may write what is read-only.
_READ_ONLY = """
import os, sys
from scr_audit.errors import InputError
from scr_audit.store.database import open_store
open_store(sys.argv[2]).close()
if os.geteuid() == 0:
    os.seteuid(65534)
store = open_store(sys.argv[1])
try:
    store.check_writable()
except InputError as error:
    print(error)
"""


def test_a_read_only_store_can_be_opened_and_is_known_not_to_take_a_run() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, path = Path(name), Path(name) / "history.sqlite"
        open_store(str(path)).close()
        path.chmod(0o444)
        folder.chmod(0o555)
        words = [sys.executable, "-c", _READ_ONLY, str(path), ":memory:"]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        folder.chmod(0o755)
    assert (done.stdout, done.stderr) == (
        f"{path}: the store cannot be written: its file or folder is read-only\n", "",
    )  # fmt: skip


def test_the_driver_of_postgresql_does_not_speak_beside_us(tmp_path: Path) -> None:
    """Without a handler of its own, what it logs of a lost connection goes to standard error."""
    for name in stores.a_store("postgresql", tmp_path):
        open_store(name).close()
        assert logging.getLogger("psycopg").hasHandlers()
        handlers = logging.getLogger("psycopg").handlers
        assert any(isinstance(handler, logging.NullHandler) for handler in handlers)
