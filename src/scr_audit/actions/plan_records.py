"""A plan that is given as records of the kind `action`."""

from __future__ import annotations

from typing import Any

from scr_audit.actions.changes import check_id
from scr_audit.actions.record import KIND, from_record
from scr_audit.actions.texts import check_anonymous
from scr_audit.actions.wanted import check_settings
from scr_audit.errors import InputError
from scr_audit.packs.pack import Pack
from scr_audit.records.decode import decoder_of
from scr_audit.records.read import RawRecord


def record_event(raw: RawRecord, file: str, pack: Pack) -> tuple[str, dict[str, Any]]:
    """The id of a record, and the first event's facts of the action that it describes.

    Raises `RecordError` where it does not fit the record schema, else `InputError`.
    """
    decoder = decoder_of(pack)
    record = decoder.plain(raw.data, raw.kind)
    kind = raw.kind or record.get("kind", decoder.default)
    if kind != KIND:
        raise InputError(f"{raw.position}: is a record of the kind '{kind}', not '{KIND}'")
    decoder.from_values(record, KIND)
    where = f"{raw.position} "
    check_anonymous(record, where)
    name = check_id(str(record["id"]), ())
    what = from_record(record, file)
    check_settings(what["set"], pack, {part: f"{where}{part}" for part in what["set"]})
    return name, what
