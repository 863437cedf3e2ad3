"""Actions in a store: nothing lost, nothing half-written, whoever writes at once or is ended."""

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import stores
from sqlalchemy import create_engine, event, text

from scr_audit.actions.action_record import first_event, next_id
from scr_audit.actions.state import Event
from scr_audit.errors import InputError
from scr_audit.store.actions import read_actions, write_events
from scr_audit.store.database import Store, location, open_store

AT = "2026-11-24T10:00:00Z"


def made(name: str, number: int = 1, role: str = "Chair", **what: Any) -> Event:
    return Event(name, number, AT, role, what or {"set": {"task": "send"}})


def numbers(store: Store) -> dict[str, int]:
    return {name: action.number for name, action in read_actions(store).items()}


def test_actions_come_back_in_the_order_in_which_they_were_made(store_name: str) -> None:
    store = open_store(store_name)
    write_events(store, lambda _: [made("A10"), made("A2"), made("A2", 2, note="x")])
    assert numbers(store) == {"A2": 2, "A10": 1}
    store.close()


def test_a_change_that_came_second_is_told_whose_was_first(store_name: str) -> None:
    store, other = open_store(store_name), open_store(store_name)
    write_events(store, lambda _: [made("A1")])

    def decide(_: Any) -> list[Event]:
        write_events(other, lambda _: [made("A1", 2, "Matron", note="first")])
        return [made("A7"), made("A1", 2, note="second")]

    with pytest.raises(InputError) as told:
        write_events(store, decide)
    assert str(told.value) == (
        f"A1: was changed meanwhile by Matron at {AT} (event 2); nothing was written. "
        "Look at it as it is now, and do it again"
    )
    assert numbers(store) == {"A1": 2}
    store.close()
    other.close()


def test_a_new_action_takes_the_next_id_where_its_own_was_taken(store_name: str) -> None:
    store, other = open_store(store_name), open_store(store_name)

    def decide(actions: Any) -> list[Event]:
        name = f"A{len(actions) + 1}"
        if name == "A1":
            write_events(other, lambda _: [made("A1", role="Matron")])
        return [made(name)]

    write_events(store, decide)
    assert {name: a.events[0].by_role for name, a in read_actions(store).items()} == {
        "A1": "Matron",
        "A2": "Chair",
    }
    store.close()
    other.close()


def _add_ten(store_name: str, role: str) -> None:
    store = open_store(store_name)
    for _ in range(10):
        write_events(
            store,
            lambda actions: [first_event(next_id(actions), {"note": "x"}, by_role=role, at="2026")],
        )


def test_two_processes_that_add_at_once_lose_nothing(store_name: str) -> None:
    open_store(store_name).close()
    assert stores.exit_codes(_add_ten, *((store_name, f"Role {n}") for n in range(2))) == [0, 0]
    store = open_store(store_name)
    actions = read_actions(store)
    assert sorted(actions) == sorted(f"A{n}" for n in range(1, 21))
    roles = [action.events[0].by_role for action in actions.values()]
    assert (roles.count("Role 0"), roles.count("Role 1")) == (10, 10)
    store.close()


def _write_until(store_name: str, step: int) -> None:
    store = open_store(store_name)
    stores.kill_at(step)
    write_events(
        store,
        lambda _: [
            *(Event(f"B{n}", 1, "2026", "Chair", {"note": "x"}) for n in range(3)),
            Event("A1", 2, "2026", "Chair", {"note": "x"}),
        ],
    )


def test_a_process_that_is_killed_anywhere_leaves_all_or_nothing(store_name: str) -> None:
    store = open_store(store_name)
    write_events(store, lambda _: [made("A1")])
    whole = {"A1": 2, "B0": 1, "B1": 1, "B2": 1}
    for step in range(1, 30):
        (ended,) = stores.exit_codes(_write_until, (store_name, step))
        if ended == 0:
            break
        assert ended == -signal.SIGKILL
        assert numbers(store) == {"A1": 1}
    assert (ended, numbers(store)) == (0, whole)
    assert step > 5
    store.close()


@pytest.fixture
def server_store(tmp_path: Path) -> Iterator[str]:
    """A store on a PostgreSQL server."""
    yield from stores.a_store("postgresql", tmp_path)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_server_that_ends_the_connection_leaves_nothing(when: str, server_store: str) -> None:
    store = open_store(server_store)
    write_events(store, lambda _: [made("A1")])

    def end(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("INSERT"):
            _end_connections(server_store)

    event.listen(store._engine, f"{when}_cursor_execute", end)
    with pytest.raises(InputError) as told:
        write_events(store, lambda _: [made("A2"), made("A1", 2)])
    assert str(told.value).endswith("What was being written was not kept; try again")
    event.remove(store._engine, f"{when}_cursor_execute", end)
    assert numbers(store) == {"A1": 1}
    store.close()


def _end_connections(name: str) -> None:
    engine = create_engine(location(name).url)
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    engine.dispose()


@pytest.mark.parametrize(
    "what", ["{", "{}", "3", '{"set": {"nothing": 1}}', '{"set": {"due": "soon"}}']
)
def test_an_action_whose_event_is_damaged_is_told_by_its_id(tmp_path: Path, what: str) -> None:
    name = str(tmp_path / "history.sqlite")
    store = open_store(name)
    write_events(store, lambda _: [made("A1", 1), made("A2", 1)])
    with store.writing() as connection:
        query = text("UPDATE action_events SET what = :what WHERE action = 'A2'")
        connection.execute(query, {"what": what})
    with pytest.raises(InputError) as told:
        read_actions(store)
    assert str(told.value) == (
        f"{name}: an event of the action A2 is damaged: what was kept of it cannot be read. Take a "
        "copy of the store from a backup; nothing was written"
    )


@pytest.mark.parametrize(
    ("events", "message"),
    [
        ([made("A7", 5)], "event 5 of the action A7 cannot be written, since event 1 is next"),
        ([made("A7"), made("A7")], "of several new actions, give each its id"),
        ([Event("A7", 1, AT, "Chair", {})], "event 1 of the action A7 says nothing"),
        ([made("A7", role="Mrs Mockley")], "by_role: holds a name"),
        (
            [made("A7", set={"task": "ring 07700 900123"})],
            "what/set/task: holds a telephone number",
        ),
    ],
)
def test_what_could_not_be_read_again_is_never_written(
    store_name: str, events: list[Event], message: str
) -> None:
    with open_store(store_name) as store:
        write_events(store, lambda _: [made("A1")])
        with pytest.raises(InputError) as told:
            write_events(store, lambda _: events)
        assert message in str(told.value)
        assert numbers(store) == {"A1": 1}
