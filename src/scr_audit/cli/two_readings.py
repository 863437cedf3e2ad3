"""The readings of two auditors, each from the files that one of them filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from scr_audit.agreement.compare import Side
from scr_audit.agreement.facts import Reading
from scr_audit.anonymity.gate import Gate
from scr_audit.cli.look_alikes import LookAlikes
from scr_audit.cli.sources import Key, sources_in
from scr_audit.errors import InputError
from scr_audit.records.paths import expanded
from scr_audit.records.read import Inputs, check_readable


def files_of(names: Sequence[str]) -> list[str]:
    """The files of one reading: files, or folders of them."""
    files = expanded(names)
    check_readable(files)
    return files


def side(names: Sequence[str], gate: Gate, look_alikes: LookAlikes) -> Side:
    """One auditor's reading, as far as the gate admits it: ask `gate_stops` before it is used.

    Raises `InputError` where two of its records have one id.
    """
    inputs = Inputs()
    records: dict[Key, Reading] = {}
    for file in files_of(names):
        for key, source in sources_in(file, gate, inputs, look_alikes):
            if key in records:
                raise InputError(
                    f"{file}: an earlier file of the same reading has the {key[0]} {key[1]} too; "
                    "one auditor reads a record once"
                )
            records[key] = Reading(source.facts, source.origins)
    return Side(tuple(asdict(file) for file in inputs.files), records)
