"""The store of runs beside a run: opened before anything is judged, added to after the reports."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from scr_audit.cli.streams import say
from scr_audit.errors import InputError
from scr_audit.runs.bundle import Spool, bundle_bytes
from scr_audit.runs.series import SeriesRun, head_period


@dataclass(frozen=True)
class Keeper:
    """An open store that a run will be added to."""

    store: Any

    def series(self, pack: str, plan: str | None) -> tuple[SeriesRun, ...]:
        """The runs of a pack and a plan that it has. Raises `InputError` if the store fails."""
        kept = history_library().kept_runs(self.store, plan=plan, pack=pack)
        return tuple(kept_series(run) for run in kept if run.plan == plan)

    def add(self, head: dict[str, Any], spool: Spool | None) -> None:
        """Add a run whose reports are written, and say so. Raises `InputError` if that fails."""
        history = history_library()
        run = history.NewRun(
            id=history.bundle_id(bundle_bytes(head, spool)),
            head=msgspec.to_builtins(head),
            findings=() if spool is None else map(msgspec.json.decode, spool.findings()),
            detail="totals" if spool is None else "findings",
            period=head_period(head),
        )
        try:
            said = history.add_run(self.store, run, at=history.now_text())
        except InputError as error:
            raise InputError(
                f"{error}\nThe run was not added to the history; its reports stand."
            ) from error
        say_added(run.id, said, str(self.store.place))


@contextlib.contextmanager
def keeper_of(named: str | None) -> Iterator[Keeper]:
    """The store, known to be one that can be written. Raises `InputError` where it is not."""
    history_library()
    from scr_audit.store.opening import open_store

    try:
        store = open_store(named)
        try:
            store.check_writable()
        except InputError:
            store.close()
            raise
    except InputError as error:
        raise InputError(f"{error}\nNothing was judged, and no report was written.") from error
    try:
        yield Keeper(store)
    finally:
        store.close()


def kept_series(run: Any) -> SeriesRun:
    """A run of the store as one of a series, named by the first signs of its id."""
    return SeriesRun(run.id[:12], run.head, run.period)


def say_added(run: str, said: str, place: str) -> None:
    """What became of a run that was to be added."""
    if said == "known":
        say(f"{run[:12]}: this run is in {place} already; nothing was changed")
    else:
        say(f"{run[:12]}: added to {place}")


def history_library() -> Any:
    """The module of the history, whose libraries are an extra. Raises `InputError`."""
    try:
        from scr_audit.store import history
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("scr_audit"):
            raise
        raise InputError(
            f"the history of runs needs the library {error.name}, which is not installed; "
            "pip install 'scr-audit[history]'"
        ) from error
    return history
