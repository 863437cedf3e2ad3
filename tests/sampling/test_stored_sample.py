"""A sample's file read back: any change of it is refused, and any bytes in words."""

from __future__ import annotations

import contextlib
import copy
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scr_audit.documents.sample import SampleDocument, sample_bytes, with_hash
from scr_audit.errors import InputError
from scr_audit.sampling.sample_document import ids_in_use, read_sample, with_replacement

DRAWN = [{"id": f"C{n}", "stratum": []} for n in range(4)]
SAMPLE = with_hash(
    SampleDocument.model_validate(
        {
            "format": "scr-audit/sample", "format_version": 1,
            "plan": {"id": "quick", "sha256": "1"},
            "pack": {"id": "bicycle-workshop", "version": "1.0.0", "sha256": "2"},
            "drawn_on": "2026-01-01", "seed": "one", "method": "simple random",
            "asked": {"size": 2, "precision": None, "expect": 0.5, "confidence": 0.95,
                      "strata": [], "reserve": 2, "not_again_within": None},
            "frame": {"size": 9, "sha256": "3", "kind": "job", "filter": None, "period": None},
            "strata": [], "drawn": DRAWN[:2], "reserve": DRAWN[2:],
            "not_again": [{"id": "C9", "drawn_on": "2025-12-01"}], "words": ["Nothing."],
            "sha256": "", "replaced": [],
        }
    )
)  # fmt: skip
SHARED = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # the file is written anew
    deadline=None,
    max_examples=300,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


def read(folder: Path, data: bytes) -> SampleDocument:
    path = folder / "sample.json"
    path.write_bytes(data)
    return read_sample(path)


def test_a_sample_is_read_as_it_was_written(tmp_path: Path) -> None:
    for made in (replaced("C0"), replaced("C0", "C2")):
        assert read(tmp_path, sample_bytes(made)) == made
    assert ids_in_use(replaced("C0")) == ("C2", "C1")
    assert ids_in_use(replaced("C0", "C2")) == ("C3", "C1")


def replaced(*names: str, of: SampleDocument = SAMPLE) -> SampleDocument:
    for name in names:
        of = with_replacement(of, name, reason="lost", by_role="auditor", on=date(2026, 1, 2))
    return of


LATE = (
    "Draw the sample again with the same seed and a larger reserve: the same records are drawn, "
    "and replacements can be entered anew"
)
STRATA = SAMPLE.model_copy(
    update={
        part: [item.model_copy(update={"stratum": ["city" if item.id in "C0 C1 C2" else "cargo"]})
               for item in getattr(SAMPLE, part)]
        for part in ("drawn", "reserve")
    }
)  # fmt: skip


@pytest.mark.parametrize(
    ("sample", "name", "message"),
    [
        (replaced("C0"), "C0", "'C0' was replaced already, by 'C2' on 2026-01-02: lost"),
        (SAMPLE, "C3", "'C3' is in the reserve and not in use: there is nothing to replace"),
        (SAMPLE, "X-1", "the sample did not draw 'X-1'."),
        (replaced("C0", "C2"), "C1", f"the reserve has no record left for 'C1'. {LATE}"),
        (replaced("C0", of=STRATA), "C1",
         f"the reserve has no record of the stratum city left for 'C1'. {LATE}"),
    ],
)  # fmt: skip
def test_what_cannot_be_replaced_is_told(sample: SampleDocument, name: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        replaced(name, of=sample)
    assert str(caught.value) == message


def test_nothing_is_replaced_before_it_was_drawn() -> None:
    with pytest.raises(InputError) as caught:
        with_replacement(SAMPLE, "C0", reason="lost", by_role="auditor", on=date(2025, 12, 31))
    assert str(caught.value) == (
        "'C0' cannot be replaced on 2025-12-31: the sample was drawn on 2026-01-01"
    )


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The pointer of every value inside a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for key, each in inner:
        found.append((*path, key))
        if isinstance(each, dict | list):
            found += places(each, (*path, key))
    return found


DOCUMENT = json.loads(sample_bytes(SAMPLE))


@SHARED
@given(place=st.sampled_from(places(DOCUMENT)), value=JSON)
def test_no_change_of_a_draw_goes_unseen(
    tmp_path: Path, place: tuple[Any, ...], value: Any
) -> None:
    changed = copy.deepcopy(DOCUMENT)
    owner = changed
    for step in place[:-1]:
        owner = owner[step]
    owner[place[-1]] = value
    with contextlib.suppress(InputError):
        assert read(tmp_path, json.dumps(changed).encode()) == SAMPLE


@SHARED
@given(st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_no_sample_and_said_in_words(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(InputError, match="is not"):
        read(tmp_path, data)


EDITED = SAMPLE.model_copy(update={"seed": "two"})
CHOSEN = replaced("C0").model_copy(
    update={"replaced": [replaced("C0").replaced[0].model_copy(update={"by": "C3"})]}
)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "is not JSON: Input data was truncated. If it was cut short or damaged, take a copy "
         "or make it anew"),
        (b"[" * 100_000, "is not JSON: "),
        (b"[]", "is not the file of a sample: the whole file: input should be "
         "a valid dictionary or instance of sampledocument"),
        (b'{"format": "scr-audit/run"}', "is not the file of a sample: "
         "format: input should be 'scr-audit/sample'"),
        (sample_bytes(EDITED), "is not as it was drawn: its content does not have the SHA-256 that "
         f"it names ({SAMPLE.sha256[:12]}…). Take the file as it was written, or draw "
         "again with the same seed; replacements are entered with 'replace'"),
        (sample_bytes(CHOSEN), "replaced: 'C0' is replaced by 'C3'; the file was edited by hand: "
         "'C2' comes next from the reserve"),
    ],
)  # fmt: skip
def test_what_is_no_sample_or_no_longer_as_it_was_is_refused(
    tmp_path: Path, content: bytes, message: str
) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, content)
    assert str(caught.value).startswith(f"{tmp_path}/sample.json: {message}")
