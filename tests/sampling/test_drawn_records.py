"""The second reading, which finds the drawn records, is of the files that were drawn from."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from small_pack import SMALL_PACK

from scr_audit.errors import InputError
from scr_audit.packs.load import load_folder
from scr_audit.sampling.random_draw import Frame, records_of

TEXT = b'{"id": "A"}\n{"id": "B"}\n'


def frame(text: bytes) -> Frame:
    """The frame of two jobs that a file with this text gave."""
    read = (("jobs.ndjson", hashlib.sha256(text).hexdigest()),)
    return Frame(load_folder(SMALL_PACK), "job", {"A": (), "B": ()}, read)


def test_the_records_are_found_in_the_order_of_the_draw(tmp_path: Path) -> None:
    path = tmp_path / "jobs.ndjson"
    path.write_bytes(TEXT)
    found = records_of(["B", "A"], [path], frame(TEXT))
    assert [(name, raw.data) for name, raw in found.items()] == [
        ("B", b'{"id": "B"}'), ("A", b'{"id": "A"}'),
    ]  # fmt: skip


@pytest.mark.parametrize("now", [b'{"id": "A"}\n', TEXT + b'{"id": "C"}\n', b'{"id": 3}\n'])
def test_a_file_that_changed_meanwhile_is_told(tmp_path: Path, now: bytes) -> None:
    path = tmp_path / "jobs.ndjson"
    path.write_bytes(now)
    with pytest.raises(InputError) as caught:
        records_of(["A"], [path], frame(TEXT))
    assert str(caught.value) == (
        "a file of records was changed while the sample was drawn; draw again"
    )
