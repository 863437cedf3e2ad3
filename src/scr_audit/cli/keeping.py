"""Adding the run that was just made to a store of runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from scr_audit.cli.streams import say
from scr_audit.errors import InputError
from scr_audit.packs.period import Period, period_of
from scr_audit.runs.bundle import Spool, bundle_bytes


@dataclass(frozen=True)
class Keep:
    """Which store a run is added to; None: the user's own."""

    store: str | None


def keep_of(store: str | None, *, wanted: bool) -> Keep | None:
    """What `--store` and `--keep` ask for; None: nothing is kept."""
    return Keep(store) if wanted or store is not None else None


def keep_run(keep: Keep, head: dict[str, Any], spool: Spool | None) -> None:
    """Add a run whose reports are written, and say so. Raises `InputError` if the store fails."""
    history = history_library()
    try:
        run = history.NewRun(
            id=history.bundle_id(bundle_bytes(head, spool)),
            head=msgspec.to_builtins(head),
            findings=() if spool is None else map(msgspec.json.decode, spool.findings()),
            detail="totals" if spool is None else "findings",
            period=head_period(head),
        )
        _add(keep, run, history)
    except InputError as error:
        raise InputError(
            f"{error}\nThe run was not added to the history; its reports stand."
        ) from error


def _add(keep: Keep, run: Any, history: Any) -> None:
    from scr_audit.store.opening import open_store

    store = open_store(keep.store)
    try:
        said = history.add_run(store, run, at=history.now_text())
    finally:
        store.close()
    say_added(run.id, said, str(store.place))


def say_added(run: str, said: str, place: str) -> None:
    """What became of a run that was to be added."""
    if said == "known":
        say(f"{run[:12]}: this run is in {place} already; nothing was changed")
    else:
        say(f"{run[:12]}: added to {place}")


def head_period(head: Mapping[str, Any]) -> Period | None:
    """The period that the audit plan of a bundle tells; None where it tells none."""
    told = (head["plan"] or {}).get("period")
    return period_of(told["start"], told["end"]) if told else None


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
