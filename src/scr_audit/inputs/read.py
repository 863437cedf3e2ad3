"""Reading the inputs of a run, whatever their format: raw records in batches, in order."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from scr_audit.errors import RecordError, RecordProblem, translate_os_errors
from scr_audit.inputs.files import FORM, PARQUET, check_readable, plain_suffix
from scr_audit.inputs.json_files import read_batches
from scr_audit.packs.pack import Pack
from scr_audit.records.raw import TABLES, InputFile, Inputs, RawRecord
from scr_audit.workbooks.cells import FormError

Batches = Iterator[tuple[InputFile, list[RawRecord]]]


def read_inputs(paths: Iterable[str | Path], pack: Pack, inputs: Inputs) -> Batches:
    """Batches of raw records of the pack's kinds, from files and folders of tables, in order.

    A record that could not be put together has a `RecordError` for its data. The hashes in `inputs`
    are there once a file was read to its end. Raises `InputError`.
    """
    plurals = {kind.plural: name for name, kind in pack.kinds.items()}
    for path in paths:
        read = _READERS.get("" if str(path) == "-" else plain_suffix(Path(path)))
        if read is None:
            yield from read_batches([path], plurals, inputs)
        else:
            check_readable([str(path)])
            yield from read(Path(path), pack, inputs)


def _tables(path: Path, pack: Pack, inputs: Inputs) -> Batches:
    from scr_audit.inputs.csv_tables import folder_batches

    return folder_batches(path.parent, pack, inputs)


def _parquet(path: Path, pack: Pack, inputs: Inputs) -> Batches:
    from scr_audit.inputs.parquet import parquet_batches

    return parquet_batches(path, inputs.add(path), pack)


def _form(path: Path, pack: Pack, inputs: Inputs) -> Batches:
    """The record of a form. One with faults is left out, with each of them by sheet and cell."""
    from scr_audit.forms.filled_form import read_form

    source = inputs.add(path)
    with translate_os_errors(path):
        source.sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    try:
        form = read_form(path, pack)
    except FormError as error:
        problems = [
            RecordProblem(fault.place or "the form", fault.message) for fault in error.faults
        ]
        yield source, [RawRecord("", RecordError(problems))]
        return
    yield source, [RawRecord("", form.record, form.kind)]


_READERS: Mapping[str, Callable[[Path, Pack, Inputs], Batches]] = MappingProxyType(
    {TABLES: _tables, PARQUET: _parquet, FORM: _form}
)
