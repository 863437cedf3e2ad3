"""`scr-audit merge`: the records of several files, those of the same kind and id made one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from scr_audit.anonymity.gate import Gate
from scr_audit.cli.deciding import (
    check_merged,
    check_places,
    conflicts_in,
    decisions_in,
    merged_pieces,
    refuse_unused,
    stopped,
)
from scr_audit.cli.exits import OK, WRONG
from scr_audit.cli.gating import check_reason, gate_stops, say_allowed
from scr_audit.cli.look_alikes import LookAlikes
from scr_audit.cli.output import Written, write_all
from scr_audit.cli.sources import Key, sources_in
from scr_audit.cli.streams import say
from scr_audit.merging.decisions import Decisions
from scr_audit.merging.merge import Merged, alone, merged
from scr_audit.packs.builtin import load_pack
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
    allow_identifiable: str | None = None


def merge_command(request: MergeRequest) -> int:
    """Write the merged records, or nothing and the conflicts; the exit code."""
    check_reason(request.allow_identifiable)
    files = expanded(request.files)
    check_readable(files)
    check_places(request.output, request.decisions, files, request.pack)
    pack = load_pack(request.pack)
    decisions = decisions_in(request.decisions, request.allow_identifiable)
    gate = Gate(pack, request.allow_identifiable)
    look_alikes = LookAlikes()
    records = _merged(files, gate, decisions, look_alikes)
    if gate_stops(gate, unwritten="nothing"):
        return WRONG
    look_alikes.say()
    conflicts = conflicts_in(records)
    refuse_unused(decisions, request.decisions)
    if conflicts:
        return stopped(request.decisions, conflicts)
    check_merged(records, pack)
    write_all([Written(request.output, merged_pieces(request.output, records, pack))])
    say_allowed(gate)
    say(f"wrote {request.output}: {counted(len(records), 'record')}")
    return OK


def _merged(
    files: list[str], gate: Gate, decisions: Decisions, look_alikes: LookAlikes
) -> dict[Key, Merged]:
    """The records by kind and id, in the order in which they first come."""
    found: dict[Key, Merged] = {}
    for name in files:
        for key, source in sources_in(name, gate, Inputs(), look_alikes):
            type_ = gate.pack.kinds[key[0]].type
            if key not in found:
                found[key] = alone(type_, source)
                continue
            before = found[key]
            made = merged(type_, before.source, source, partial(decisions.of, *key))
            made.conflicts[:0] = before.conflicts
            made.remarks[:0] = before.remarks
            found[key] = made
    return found
