"""What workers share is sent to each once, and answers come in the order of the pieces."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from scr_audit.errors import ArgumentError
from scr_audit.runs import workers
from scr_audit.runs.workers import Work, Workers

BIG = b"a value that every piece needs" * 10


class Elsewhere(Executor):
    """Workers that get pickles, one after the other, each with a memory of its own."""

    def __init__(self, count: int) -> None:
        self.memories: list[Any] = [type(workers._kept)() for _ in range(count)]
        self.sent: list[bytes] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do it in the worker whose turn it is."""
        number = len(self.sent) % len(self.memories)
        self.sent.append(pickle.dumps((fn, args, kwargs)))
        here, workers._kept = workers._kept, self.memories[number]
        try:
            function, given, named = pickle.loads(self.sent[-1])  # noqa: S301  # our own
            future: Future[Any] = Future()
            future.set_result(function(*given, **named))
        finally:
            workers._kept = here
        return future


def length(value: bytes, number: int) -> tuple[int, int]:
    return number, len(value)


def answers(executor: Executor, count: int) -> list[tuple[int, int]]:
    found = Work(executor, length, BIG).answers((number,) for number in range(count))
    return [answer for _, answer in found]


@pytest.mark.parametrize(
    "make",
    [
        lambda: ThreadPoolExecutor(3),
        lambda: ProcessPoolExecutor(2),
        lambda: ProcessPoolExecutor(1, multiprocessing.get_context("spawn")),
        lambda: Workers(2),
        lambda: Workers(2, late=True),
        lambda: Elsewhere(3),
    ],
)
def test_every_executor_answers_each_piece_once_and_in_order(make: Callable[[], Executor]) -> None:
    with make() as executor:
        assert answers(executor, 100) == [(number, len(BIG)) for number in range(100)]


def test_only_the_first_pieces_bring_what_is_shared() -> None:
    executor = Elsewhere(2)
    answers(executor, 100)
    bringing = [len(sent) for sent in executor.sent if len(sent) > len(executor.sent[-1])]
    assert len(executor.sent) == 100
    assert len(bringing) == workers._AHEAD


class Heavy:
    """A value that counts how often it is read."""

    read = 0

    def __reduce__(self) -> tuple[Any, ...]:
        return _heavy, ()


def _heavy() -> Heavy:
    Heavy.read += 1
    return Heavy()


def test_who_passes_a_piece_on_reads_nothing_of_it() -> None:
    """The scheduler of a cluster unpickles and pickles each piece: that has to cost nothing."""
    sent = pickle.dumps(workers.Shared(Heavy()))
    passed_on = pickle.loads(pickle.dumps(pickle.loads(sent)))  # noqa: S301  # our own
    assert Heavy.read == 0
    assert isinstance(passed_on.value, Heavy)
    assert isinstance(passed_on.value, Heavy)
    assert Heavy.read == 1


def test_a_name_alone_stays_a_name_when_it_is_passed_on() -> None:
    named = workers._Named("of nothing", workers.Shared(BIG))
    assert named.value == BIG
    sent = pickle.dumps(named)
    assert pickle.loads(sent).value is None  # noqa: S301  # our own
    assert pickle.dumps(pickle.loads(sent)) == sent  # noqa: S301  # our own


def test_a_worker_that_came_later_gets_it_too() -> None:
    executor = Elsewhere(2)
    found = Work(executor, length, BIG).answers((number,) for number in range(100))
    first = [next(found)[1] for _ in range(50)]
    executor.memories[1].clear()
    assert [*first, *(answer for _, answer in found)] == [(n, len(BIG)) for n in range(100)]
    # Those that were out when it came: every second one is given once more, till one brings it.
    assert 100 < len(executor.sent) <= 100 + workers._AHEAD


def test_a_worker_keeps_few_values() -> None:
    executor = Elsewhere(1)
    for number in range(10):
        list(Work(executor, length, b"%d" % number).answers([(0,)]))
    assert len(executor.memories[0]) == workers._MOST_KEPT


def test_few_pieces_are_read_ahead_and_the_rest_given_up_with_the_first_failure() -> None:
    read: list[int] = []

    def pieces() -> Iterator[tuple[int]]:
        for number in range(10_000):
            read.append(number)
            yield (number,)

    with ThreadPoolExecutor(1) as executor:
        found = Work(executor, divided, 1).answers(pieces())
        with pytest.raises(ZeroDivisionError):
            next(found)
    assert len(read) == workers._AHEAD


def divided(one: int, number: int) -> float:
    return one / number


def process(_: object, number: int) -> int:
    return os.getpid()


def test_late_processes_begin_after_the_first_pieces() -> None:
    with Workers(2, late=True) as executor:
        by = [by for _, by in Work(executor, process, 1).answers((n,) for n in range(40))]
    assert set(by[: workers._HERE_FIRST]) == {os.getpid()}
    assert os.getpid() not in by[workers._HERE_FIRST :]


def test_where_there_can_be_no_processes_one_does_it_all_unless_they_were_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(workers, "_processes", no_room)
    with Workers(2, late=True) as executor:
        by = {by for _, by in Work(executor, process, 1).answers((n,) for n in range(40))}
    assert by == {os.getpid()}
    with (
        Workers(2) as executor,
        pytest.raises(
            ArgumentError, match=r"^jobs 2: no worker processes can be started \(.*No sp"
        ),
    ):
        executor.submit(int)


PARENT = """
import os, signal, sys
from scr_audit.runs.workers import Workers
workers = Workers(2)
print(*{workers.submit(os.getpid).result() for _ in range(50)}, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks for processes in /proc")
def test_no_worker_stays_behind_a_parent_that_was_killed() -> None:
    found = subprocess.run(
        [sys.executable, "-c", PARENT], capture_output=True, text=True, timeout=60
    )
    left = [Path("/proc", pid) for pid in found.stdout.split()]
    assert left
    for _ in range(100):
        if not any(is_running(path) for path in left):
            return
        time.sleep(0.1)
    raise AssertionError(f"still running: {left}")


def is_running(process: Path) -> bool:
    try:
        return process.joinpath("stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
