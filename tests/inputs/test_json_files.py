"""Reading input files: every form of them, positions, batches, and what cannot be read."""

import hashlib
import io
from pathlib import Path
from typing import Any

import pytest

from scr_audit.errors import InputError
from scr_audit.inputs import json_files
from scr_audit.inputs.json_files import read_batches
from scr_audit.records.raw import Inputs, RawRecord

PLURALS = {"jobs": "job", "depots": "depot"}
LISTS = "an object with 'jobs' or 'depots'"
Found = list[tuple[str, bytes, str | None]]
NESTED = b"[" * 50_000 + b"]" * 50_000  # its record says so


def plain(records: list[RawRecord]) -> Found:
    return [(record.position, bytes(record.data), record.kind) for record in records]


def read_file(path: Path) -> Found:
    """Every record of a file: position, text and kind."""
    inputs = Inputs()
    found = [each for _, batch in read_batches([path], PLURALS, inputs) for each in plain(batch)]
    [source] = inputs.files
    assert source.name == path.name
    assert source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def file_of(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b'[{"id":"a"}, {"id":"b"}]', [("/0", b'{"id":"a"}', None), ("/1", b'{"id":"b"}', None)]),
        (b'{"id":"a"}', [("", b'{"id":"a"}', None)]),
        (b'\n {"id":"a"}\r\n', [("", b'\n {"id":"a"}\r\n', None)]),
        (
            b'{"jobs": [{"id":"a"}], "depots": [{"id":"b"}, 3], "about": "x", "$schema": "y"}',
            [
                ("/jobs/0", b'{"id":"a"}', "job"),
                ("/depots/0", b'{"id":"b"}', "depot"),
                ("/depots/1", b"3", "depot"),
            ],
        ),
        (b"[3, null]", [("/0", b"3", None), ("/1", b"null", None)]),
        (b'[{"id":"a","price":NaN}]', [("/0", b'{"id":"a","price":NaN}', None)]),
        (b'[{"id":"a"},{"x":' + NESTED + b"}]",
         [("/0", b'{"id":"a"}', None), ("/1", b'{"x":' + NESTED + b"}", None)]),
    ],
)  # fmt: skip
def test_json_is_a_list_of_records_one_record_or_lists_by_kind(
    tmp_path: Path, text: bytes, found: Found
) -> None:
    assert read_file(file_of(tmp_path, "a.json", text)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b'{"id":"a"}\n{"id":"b"}\n', [1, 2]),
        (b'{"id":"a"}\n{"id":"b"}', [1, 2]),
        (b'\n\n{"id":"a"}\n \t\n{"id":"b"}\n\n', [3, 5]),
        (b'{"id":"a"}\r\n{"id":"b"}\r\n', [1, 2]),
        (b"\n\n\nnot json", [4]),
    ],
)
@pytest.mark.parametrize("name", ["a.ndjson", "a.jsonl", "A.NDJSON"])
@pytest.mark.parametrize("chunk", [1, 2, 11, 2_000_000])
def test_lines_are_records_wherever_a_chunk_ends(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    text: bytes,
    found: list[int],
    name: str,
    chunk: int,
) -> None:
    monkeypatch.setattr(json_files, "CHUNK", chunk)
    lines = read_file(file_of(tmp_path, name, text))
    assert [position for position, *_ in lines] == [f"line {number}" for number in found]
    written = [line.strip() for line in text.split(b"\n") if line.strip()]
    assert [data.strip() for _, data, _ in lines] == written


@pytest.mark.parametrize("size", range(1, 14))
def test_a_line_is_whole_wherever_a_chunk_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(json_files, "CHUNK", size)
    lines = [b'{"id":"a"}', b"", b'{"id":"\xc3\xa9"}', b"x"]
    found = read_file(file_of(tmp_path, "a.jsonl", b"\n".join(lines)))
    assert found == [("line 1", lines[0], None), ("line 3", lines[2], None), ("line 4", b"x", None)]


@pytest.mark.parametrize(
    ("name", "text", "position"),
    [
        ("a.json", b'[{"id":"a"}]', "/0"),
        ("a.json", b'{"id":"a"}', ""),
        ("a.ndjson", b'{"id":"a"}\n', "line 1"),
    ],
)
def test_a_byte_order_mark_is_no_part_of_the_text(
    tmp_path: Path, name: str, text: bytes, position: str
) -> None:
    found = read_file(file_of(tmp_path, name, b"\xef\xbb\xbf" + text))
    assert found == [(position, b'{"id":"a"}', None)]


def test_json_is_given_in_batches_and_lines_in_chunks(tmp_path: Path) -> None:
    path = file_of(tmp_path, "a.json", b"[" + b",".join([b"{}"] * 1201) + b"]")
    batches = [len(batch) for _, batch in read_batches([path], PLURALS, Inputs())]
    assert batches == [500, 500, 201]


def test_files_are_read_in_the_order_given(tmp_path: Path) -> None:
    paths = [file_of(tmp_path, name, b"{}\n") for name in ("b.jsonl", "a.jsonl", "c.jsonl")]
    inputs = Inputs()
    found = [source.name for source, _ in read_batches(paths, PLURALS, inputs)]
    assert found == [file.name for file in inputs.files] == ["b.jsonl", "a.jsonl", "c.jsonl"]


EXPECTED = f"expected a list of records, one record, or {LISTS}"
MILLIONS = 10_000_000
DEEP = b"[" * MILLIONS


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.json", b"", "the file is empty; expected JSON records"),
        ("a.json", b" \n", "the file is empty; expected JSON records"),
        ("a.json", b"[]", "there are no records in it"),
        ("a.json", b'{"jobs": [], "depots": []}', "there are no records in it"),
        ("a.jsonl", b"", "the file has no records"),
        ("a.jsonl", b"\n \n", "the file has no records"),
        ("a.json", b"3", f"found a number; {EXPECTED}"),
        ("a.json", b'"a"', f"found a text; {EXPECTED}"),
        ("a.json", b"null", f"found null; {EXPECTED}"),
        ("a.json", b" false", f"found false; {EXPECTED}"),
        ("a.json", b'{"format": "scr-audit/run", "rules": []}', "is a report of scr-audit; name "
         "the records it was made of"),
        ("a.json", DEEP, "nested too deeply to be records"),
        ("a.json", DEEP + b"]" * MILLIONS, "nested too deeply to be records"),
        ("a.json", b'[{"id": "A", "extra": {"a": ' + DEEP + b"]" * MILLIONS + b'}}, {"id": "B"}]',
         "nested too deeply to be records"),
        ("a.json", b"{}", f"is empty: {{}}; expected {LISTS}."),
        ("a.json", b'{"job": []}', f"has job; expected {LISTS}. Did you mean 'jobs'?"),
        ("a.json", b'{"jobs": [], "depot": []}', "unknown key 'depot'. Did you mean 'depots'? "
         "Allowed: jobs, depots, about and $schema."),
        ("a.json", b'{"jobs": {}}', "'jobs': found a group; expected a list of records"),
        ("a.json", b'{"jobs": 3}', "'jobs': found a number; expected a list of records"),
        ("a.json", b'[{"id": "a"}\n{"id": "b"}]', "not JSON: Expecting ',' delimiter at line 2, "
         "column 1; mend it there, or take the file anew if it was cut short"),
        ("a.json", b'{"id": "a"}\n{"id": "b"}', "not JSON: Extra data at line 2, column 1. Has it "
         "one record a line? Then its name must end in .ndjson or .jsonl"),
        ("a.json", "[]".encode("utf-16"), "is UTF-16 text; save it as UTF-8"),
        ("a.json", b"\xfe\xff" + "[]".encode("utf-16-be"), "is UTF-16 text; save it as UTF-8"),
        ("a.json", "[]".encode("utf-16-le"), "is UTF-16 or UTF-32 text; save it as UTF-8"),
        ("a.jsonl", "{}\n".encode("utf-32"), "is UTF-32 text; save it as UTF-8"),
        ("a.jsonl", b"\0\0\xfe\xff" + "{}".encode("utf-32-be"), "is UTF-32 text; save it as UTF-8"),
    ],
)  # fmt: skip
def test_a_file_without_records_is_refused_in_words(
    tmp_path: Path, name: str, data: bytes, message: str
) -> None:
    path = file_of(tmp_path, name, data)
    with pytest.raises(InputError) as caught:
        read_file(path)
    assert str(caught.value) == f"{path}: {message}"


def test_a_file_or_folder_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    expected = {
        tmp_path / "none.json": "there is no such file",
        tmp_path: f"is a folder; name the files in it, such as {tmp_path}/*.json",
    }
    for path, message in expected.items():
        with pytest.raises(InputError) as caught:
            read_file(path)
        assert str(caught.value) == f"{path}: {message}"


def test_a_line_beyond_the_limit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_files, "CHUNK", 10)
    monkeypatch.setattr(json_files, "MOST_LINE_BYTES", 50)
    path = file_of(tmp_path, "a.jsonl", b"{}\n" + b"x" * 100)
    with pytest.raises(InputError) as caught:
        read_file(path)
    assert str(caught.value) == f"{path}: a line is longer than 50 bytes"


class _Stdin:
    """Standard input with these bytes."""

    def __init__(self, data: bytes) -> None:
        self.buffer: Any = io.BytesIO(data)


@pytest.mark.parametrize(
    ("data", "positions"),
    [
        (b'{"id":"a"}\n{"id":"b"}\n', ["line 1", "line 2"]),
        (b'\n{"id":"a"}\n\n{"id":"b"}', ["line 2", "line 4"]),
        (b'{"id":"a"}\r\n{"id":"b"}\r\n', ["line 1", "line 2"]),
        (b'{"id":"a"}', [""]),
        (b'{"id":"a"}\n', [""]),
        (b'[{"id":"a"},\n{"id":"b"}]', ["/0", "/1"]),
        (b'{"jobs": [{"id":"a"}]}\n', ["/jobs/0"]),
        (b'{\n"depots": [{"id":"a"}]}\n', ["/depots/0"]),
        (b'{"id":"a"}\n{"id": }\n', ["line 1", "line 2"]),
    ],
)
def test_standard_input_is_json_or_lines(
    monkeypatch: pytest.MonkeyPatch, data: bytes, positions: list[str]
) -> None:
    monkeypatch.setattr(json_files.sys, "stdin", _Stdin(data))
    inputs = Inputs()
    batches = [batch for _, batch in read_batches(["-"], PLURALS, inputs)]
    assert [each.position for batch in batches for each in batch] == positions
    assert [file.name for file in inputs.files] == ["(standard input)"]
    assert inputs.files[0].sha256 == hashlib.sha256(data).hexdigest()


def test_empty_standard_input_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_files.sys, "stdin", _Stdin(b""))
    with pytest.raises(InputError) as caught:
        list(read_batches(["-"], PLURALS, Inputs()))
    assert str(caught.value) == "(standard input): the file is empty; expected JSON records"
