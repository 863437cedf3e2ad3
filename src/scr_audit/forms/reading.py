"""Reads a filled form back as a record. The file is opened read-only, and refused as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from scr_audit.errors import InputError, RecordError
from scr_audit.forms.faults import Fault, FormError
from scr_audit.forms.filled import Filled
from scr_audit.forms.grid import Grid, read_grids
from scr_audit.forms.layout import STAMP
from scr_audit.forms.migration import fitting
from scr_audit.forms.stamp import Stamp, read_stamp
from scr_audit.forms.structure import comment_faults, structure_faults
from scr_audit.packs.builtin import shipped_packs
from scr_audit.packs.pack import Pack
from scr_audit.records.decode import decoder_of
from scr_audit.records.plausible import doubts

OtherPack = Literal["refuse", "migrate"]


@dataclass(frozen=True)
class ReadForm:
    """A form that was read. `lost` is what a form says and this pack cannot hold.

    `typed` is what stood in each cell that was read, by its place.
    """

    kind: str
    record: Mapping[str, Any]
    lost: tuple[Fault, ...] = ()
    typed: Mapping[str, Any] = field(default_factory=dict)


def read_form(
    path: Path, pack: Pack, *, other_pack: OtherPack = "refuse", as_of: date | None = None
) -> ReadForm:
    """The record that a filled form gives, for a form of this pack or, to migrate, of another.

    Days long after `as_of` are refused where it is given. Raises `FormError` with everything that
    is wrong, and `InputError` where a library is missing.
    """
    grids = read_grids(path)
    stamp = _stamp(grids)
    _check_pack(stamp, pack, other_pack)
    lost: list[Fault] = []
    imported, gone = fitting(stamp.record, pack.kinds[stamp.origin.kind].type)
    lost += gone
    broken = list(structure_faults(grids, stamp.slots))
    filled = Filled(path.name, grids, stamp, imported, pack.kinds[stamp.origin.kind].type)
    filled.read(without={fault.place.partition("!")[0] for fault in broken})
    faults = [*broken, *filled.faults, *comment_faults(grids, stamp.slots)]
    if faults:
        raise FormError(faults)
    record = filled.assembly.finished(stamp.origin.kind)
    _check_record(record, pack, filled, as_of)
    return ReadForm(stamp.origin.kind, record, (*lost, *filled.lost), filled.entries.typed)


def _stamp(grids: Mapping[str, Grid]) -> Stamp:
    if STAMP not in grids:
        message = (
            f"is no form of scr-audit: it has no hidden sheet '{STAMP}'. Make forms with "
            "'scr-audit form new', and fill in that file"
        )
        raise FormError([Fault("", message)])
    try:
        return read_stamp(grids[STAMP].values)
    except InputError as error:
        raise FormError([Fault("", str(error))]) from error


def _check_pack(stamp: Stamp, pack: Pack, other_pack: OtherPack) -> None:
    origin = stamp.origin
    if origin.kind not in pack.kinds:
        raise FormError(
            [Fault("", f"is about a '{origin.kind}', a kind of record that {pack.id} has not")]
        )
    if origin.pack_sha256 == pack.sha256 or other_pack == "migrate":
        return
    made, here = f"{origin.pack} {origin.version}", f"{pack.id} {pack.version}"
    how = f"was made with the pack {made}; this is {here}"
    if made == here:
        how = f"was made with another copy of the pack {made}: its files have changed since"
    named = (
        origin.pack if origin.pack in shipped_packs() else f"FOLDER, the folder of {origin.pack}"
    )
    wanted = f"Name that pack with --pack {named}, or " if origin.pack != pack.id else ""
    message = (
        f"{how}. {wanted}{'use' if wanted else 'Use'} --migrate to read the facts that are still "
        "the same"
    )
    raise FormError([Fault("", message)])


def _check_record(
    record: Mapping[str, Any], pack: Pack, filled: Filled, as_of: date | None
) -> None:
    """What was read from sound cells fits the schema; if not, say so with the cell."""
    facts = {key: value for key, value in record.items() if key != "provenance"}
    try:
        decoder_of(pack).from_values(facts)
    except RecordError as error:
        faults = list(_as_faults(error, record))
        raise FormError(faults) from error
    unlikely = doubts(filled.type, record, as_of)
    if unlikely:
        raise FormError([Fault(problem.pointer, problem.message) for problem in unlikely])


def _as_faults(error: RecordError, record: Mapping[str, Any]) -> Iterator[Fault]:
    for problem in error.problems:
        source = record.get("provenance", {}).get(problem.pointer, {})
        yield Fault(source.get("place", problem.pointer), problem.message)
