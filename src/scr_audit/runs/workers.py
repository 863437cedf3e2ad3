"""Work in several processes or on several machines: given out in pieces, answered in their order.

What all pieces need is sent to each worker once. It is known by the hash of its pickle: the first
pieces bring it along, and a worker keeps it; later ones only name it. A worker that does not know
it, since it came later or in the place of one that ended, says so, and gets the piece once more.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import signal
import sys
import zlib
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from scr_audit.errors import ArgumentError

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

_AHEAD = 32  # pieces that workers may have at a time
_HERE_FIRST = 10  # pieces that are done before processes begin late
_MOST_KEPT = 4

Piece: TypeAlias = tuple[Any, ...]


class Shared:
    """A value that every piece needs. Here it is just that; its pickle brings it to a worker."""

    def __init__(self, value: Any) -> None:
        self.value = value

    @cached_property
    def packed(self) -> bytes:
        """The pickled value."""
        return zlib.compress(pickle.dumps(self.value))

    @cached_property
    def sha256(self) -> str:
        """The hash that it is known by."""
        return hashlib.sha256(self.packed).hexdigest()

    def __reduce__(self) -> tuple[Any, ...]:
        return _Arrived, (self.sha256, self.packed)


# What passes a piece on, such as the scheduler of a cluster, may unpickle it and pickle it again:
# so what has arrived is its hash and its bytes, until somebody asks for the value.


class _Arrived(NamedTuple):
    """What is shared, as it was sent."""

    sha256: str
    packed: bytes

    @property
    def value(self) -> Any:
        if self.sha256 not in _kept:
            _keep(self.sha256, pickle.loads(zlib.decompress(self.packed)))  # noqa: S301  # our own
        return _kept[self.sha256]


class _Named:
    """The same by its name alone; the value is None for a worker that has it not."""

    def __init__(self, sha256: str, here: Shared | None = None) -> None:
        self._sha256, self._here = sha256, here

    @property
    def value(self) -> Any:
        return _kept.get(self._sha256) if self._here is None else self._here.value

    def __reduce__(self) -> tuple[Any, ...]:
        return _Named, (self._sha256,)


_kept: OrderedDict[str, Any] = OrderedDict()


def _keep(sha256: str, value: Any) -> None:
    _kept[sha256] = value
    if len(_kept) > _MOST_KEPT:
        _kept.popitem(last=False)


class Work:
    """A function to be called with a shared value and with each of many pieces, by an executor."""

    def __init__(self, executor: Executor, function: Callable[..., Any], value: Any) -> None:
        self._executor, self._function, self._shared = executor, function, Shared(value)
        self._has_arrived = False
        if isinstance(executor, Workers):
            executor.shared = self._shared

    def answers(self, pieces: Iterable[Piece]) -> Iterator[tuple[Piece, Any]]:
        """Each piece and its answer in the order of the pieces, of which few are held at a time."""
        pending = iter(pieces)
        waiting: deque[tuple[Piece, Future[Any]]] = deque()
        try:
            while True:
                for piece in islice(pending, _AHEAD - len(waiting)):
                    waiting.append((piece, self._give(piece)))
                if not waiting:
                    return
                piece, given = waiting.popleft()
                yield piece, self._answer(piece, given)
        finally:
            for _, given in waiting:
                given.cancel()

    def answer(self, piece: Piece) -> Any:
        """The answer to one more piece."""
        return self._answer(piece, self._give(piece))

    def _give(self, piece: Piece, *, bring: bool = False) -> Future[Any]:
        all_of_it = bring or not self._has_arrived
        shared = self._shared if all_of_it else _Named(self._shared.sha256, self._shared)
        return self._executor.submit(_do, self._function, shared, piece)

    def _answer(self, piece: Piece, given: Future[Any]) -> Any:
        found = given.result()
        if found is None:
            found = self._give(piece, bring=True).result()
        self._has_arrived = True
        return found[0]


def _do(
    function: Callable[..., Any], shared: Shared | _Arrived | _Named, piece: Piece
) -> tuple[Any] | None:
    """The answer to a piece; None where this worker does not know what is shared."""
    return None if shared.value is None else (function(shared.value, *piece),)


class Workers(Executor):
    """Processes of this machine, to be shut down by who made them.

    `late`: the first pieces are done here, and so are all where there can be no processes. `shared`
    is what they get when they begin; one that begins as a copy of this process has it.
    """

    def __init__(self, count: int, *, late: bool = False) -> None:
        self.count = count
        self.shared = Shared(None)
        self._late = late
        self._here = _HERE_FIRST if late else 0
        self._pool: ProcessPoolExecutor | None = None

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Call a function in one of the processes, or at once."""
        if self._pool is None and not self._here:
            self._begin()
        if self._pool is not None:
            return self._pool.submit(fn, *args, **kwargs)
        self._here -= 1
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes when they have done what they were given."""
        if self._pool is not None:
            self._pool.shutdown(wait, cancel_futures=cancel_futures)

    def _begin(self) -> None:
        try:
            self._pool = _processes(self.count, self.shared)
        except (OSError, ImportError, NotImplementedError) as error:  # no room, or no such system
            if not self._late:
                raise ArgumentError(
                    f"jobs {self.count}", f"no worker processes can be started ({error}); use 1"
                ) from error
            self._here = sys.maxsize


def _processes(count: int, shared: Shared) -> ProcessPoolExecutor:
    """Processes of which none is interrupted, not even while it begins: Ctrl-C is held so long."""
    from concurrent.futures import ProcessPoolExecutor

    # The hash is worked out before there are copies of this process: they are to have the same one.
    begun = shared.sha256, shared
    pool = ProcessPoolExecutor(count, initializer=_begin_worker, initargs=begun)
    if hasattr(signal, "pthread_sigmask"):  # which Windows lacks
        held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            for _ in range(count):
                pool.submit(int)  # begins a process, which inherits what is held
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, held)
    return pool


def _begin_worker(sha256: str, shared: Shared) -> None:
    """Ctrl-C reaches every process of a terminal; the first one answers for all."""
    import threading

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _keep(sha256, shared.value)


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for work for ever."""
    import multiprocessing

    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
