"""Decoding records of the small pack, and what is wrong with them."""

from typing import Any

import pytest
from small_pack import SMALL_PACK

from scr_audit.errors import RecordError
from scr_audit.packs.load import load_folder
from scr_audit.records.decode import decoder_of

DECODER = decoder_of(load_folder(SMALL_PACK))


def decoded(facts: str, kind: str | None = None) -> Any:
    """The record with an id and these facts, as JSON text."""
    return DECODER.from_json(f'{{"id": "a", {facts}}}', kind)


def problems(record: Any, kind: str | None = None) -> list[tuple[str, str]]:
    """Everything wrong with a record, as pointers and sentences."""
    with pytest.raises(RecordError) as caught:
        DECODER.from_raw(record, kind)
    return [(problem.pointer, problem.message) for problem in caught.value.problems]


def wrong(facts: str) -> list[tuple[str, str]]:
    return problems(f'{{"id": "a", {facts}}}')


DATES = "expected a date such as 2009-08-14, 2009-08 or 2009, found"
TIMES = "expected a time such as 2009-08-14T22:30, or with an offset 2009-08-14T22:30+01:00, found"
NO_VALUE = "is no number; leave out what is not recorded"
