"""`scr-audit merge`: the records of several files, those of the same kind and id made one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from scr_audit.cli.deciding import (
    check_merged,
    check_places,
    conflicts_in,
    decisions_in,
    merged_pieces,
    refuse_unused,
    stopped,
)
from scr_audit.cli.exits import OK
from scr_audit.cli.output import Written, write_all
from scr_audit.cli.sources import Key, sources_in
from scr_audit.cli.streams import say
from scr_audit.merging.decisions import Decisions
from scr_audit.merging.merge import Merged, alone, merged
from scr_audit.packs.builtin import load_pack
from scr_audit.packs.pack import Pack
from scr_audit.records.paths import expanded
from scr_audit.records.read import Inputs, check_readable
from scr_audit.report.wording import counted


@dataclass(frozen=True)
class MergeRequest:
    """What the command line asked for."""

    files: tuple[str, ...]
    output: Path
    decisions: Path | None
    pack: str | None


def merge_command(request: MergeRequest) -> int:
    """Write the merged records, or nothing and the conflicts; the exit code."""
    files = expanded(request.files)
    check_readable(files)
    check_places(request.output, request.decisions, files)
    pack = load_pack(request.pack)
    decisions = decisions_in(request.decisions)
    records = _merged(files, pack, decisions)
    conflicts = conflicts_in(records)
    refuse_unused(decisions, request.decisions)
    if conflicts:
        return stopped(request.decisions, conflicts)
    check_merged(records, pack)
    write_all([Written(request.output, merged_pieces(request.output, records, pack))])
    say(f"wrote {request.output}: {counted(len(records), 'record')}")
    return OK


def _merged(files: list[str], pack: Pack, decisions: Decisions) -> dict[Key, Merged]:
    """The records by kind and id, in the order in which they first come."""
    found: dict[Key, Merged] = {}
    for name in files:
        for key, source in sources_in(name, pack, Inputs()):
            type_ = pack.kinds[key[0]].type
            if key not in found:
                found[key] = alone(type_, source)
                continue
            before = found[key]
            made = merged(type_, before.source, source, partial(decisions.of, *key))
            made.conflicts[:0] = before.conflicts
            made.remarks[:0] = before.remarks
            found[key] = made
    return found
