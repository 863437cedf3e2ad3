"""Records that are made of others: one for each recommendation, with the actions that serve it.

So a rule can ask for what no single record shows, such as a recommendation without a task.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from scr_audit.packs.pack import Pack, Recommended


def gathered_kinds(pack: Pack) -> frozenset[str]:
    """The kinds of which records are kept to make others."""
    return frozenset(
        gathering.kind for lists in pack.gathered.values() for gathering in lists.values()
    )


def plain_record(typed: Any) -> dict[str, Any]:
    """A typed record as plain values."""
    found: dict[str, Any] = msgspec.to_builtins(typed, enc_hook=str)
    for beside in ("kind", "provenance"):
        found.pop(beside, None)
    return found


def gathered_records(
    pack: Pack, kept: Mapping[str, list[dict[str, Any]]], *, complete: bool
) -> dict[str, list[dict[str, Any]]]:
    """The made records by kind; none where no record was read to make them of.

    Where some record was left out (not `complete`), a list in which nothing was found is not
    recorded rather than empty: what is missing may have been in the record left out.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    listing = pack.recommendations if pack.planning is None else pack.planning.recommendations
    wanted = {rule.kind for rule in pack.rules}
    for made, lists in pack.gathered.items():
        if pack.planning is not None and made not in wanted:
            continue
        if not any(kept.get(gathering.kind) for gathering in lists.values()):
            continue
        found[made] = [
            {
                "id": entry.id,
                **{
                    name: found_records
                    for name, found_records in _lists(entry, pack, made, kept).items()
                    if found_records or complete
                },
            }
            for entry in listing
            if entry.action_plan is not None
        ]
    return found


def _lists(
    entry: Recommended, pack: Pack, made: str, kept: Mapping[str, list[dict[str, Any]]]
) -> dict[str, list[dict[str, Any]]]:
    return {
        name: [
            record
            for record in kept.get(gathering.kind, ())
            if record.get(gathering.by) == entry.id
        ]
        for name, gathering in pack.gathered[made].items()
    }
