"""Filled forms as inputs of a run: one record each, or everything that is wrong with it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from scr_audit.errors import InputError, RecordError, RecordProblem
from scr_audit.forms.faults import FormError
from scr_audit.forms.reading import read_form
from scr_audit.packs.pack import Pack
from scr_audit.records.read import InputFile, RawRecord


def form_batches(
    path: Path, source: InputFile, pack: Pack
) -> Iterator[tuple[InputFile, list[RawRecord]]]:
    """The record of a form. One with faults is left out, with each of them by sheet and cell."""
    try:
        source.sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        form = read_form(path, pack)
    except FormError as error:
        problems = [
            RecordProblem(fault.place or "the form", fault.message) for fault in error.faults
        ]
        yield source, [RawRecord("", RecordError(problems))]
        return
    yield source, [RawRecord("", form.record, form.kind)]
