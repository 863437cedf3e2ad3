"""The store of an audit office: runs of the past, and what became of actions.

    with open_store("office.sqlite") as store:
        add_run(store, new_run(stream_bundle(Path("run.json"))))
        kept_bundle(store, named_run(store, "last"))

A SQLite file of one's own, or a PostgreSQL database that several people write to.
"""

from scr_audit.runs.stored import stream_bundle
from scr_audit.store.actions import read_actions, write_events
from scr_audit.store.database import Store, open_store
from scr_audit.store.history import (
    KeptRun,
    NewRun,
    add_run,
    find_run,
    judged_run,
    kept_bundle,
    kept_findings,
    kept_info,
    kept_runs,
    named_run,
    new_run,
    series_run,
)

__all__ = [
    "KeptRun", "NewRun", "Store", "add_run", "find_run", "judged_run", "kept_bundle",
    "kept_findings", "kept_info", "kept_runs", "named_run", "new_run", "open_store",
    "read_actions", "series_run", "stream_bundle", "write_events",
]  # fmt: skip
