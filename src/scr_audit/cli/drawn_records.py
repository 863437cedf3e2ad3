"""The records that a sample drew, written as they were read."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from scr_audit.cli.framing import Frame
from scr_audit.errors import InputError, RecordError
from scr_audit.inputs.read import read_inputs
from scr_audit.records.decode import RecordDecoder, decoder_of
from scr_audit.records.read import Inputs, RawRecord

FORMATS = (".ndjson", ".jsonl", ".json")


def check_can_be_written(kind: str, files: Sequence[Path], made: Iterable[str]) -> None:
    """Refuse records that are made of others, or read from where they can be read but once.

    Raises `InputError`.
    """
    if kind in made:
        raise InputError(
            f"records of the kind '{kind}' are made of others and stand in no file; leave out the "
            "second -o, and give 'run' all records with --sample"
        )
    if any(str(path) == "-" for path in files):
        raise InputError(
            "-: the drawn records are found by a second reading, and standard input can be read "
            "once; save the records to a file first"
        )


def records_of(ids: Iterable[str], files: Sequence[Path], frame: Frame) -> dict[str, RawRecord]:
    """The records of the frame's kind with these ids, in that order, by a second reading.

    Raises `InputError` where a file is not as it was when the frame was read.
    """
    wanted = dict.fromkeys(ids)
    decoder = decoder_of(frame.pack)
    inputs = Inputs()
    found: dict[str, RawRecord] = {}
    with contextlib.suppress(RecordError):  # it was none before: the file is another one now
        for _, raws in read_inputs(files, frame.pack, inputs):
            for raw in raws:
                typed = decoder.from_raw(raw.data, raw.kind)
                if typed.id in wanted and _is_of(frame.kind, typed, decoder):
                    found[typed.id] = raw
    if tuple((file.name, file.sha256) for file in inputs.files) != frame.files:
        raise InputError("a file of records was changed while the sample was drawn; draw again")
    return {name: found[name] for name in wanted}


def _is_of(kind: str, typed: Any, decoder: RecordDecoder) -> bool:
    return type(typed) in (decoder.kinds[kind].exact, decoder.kinds[kind].imprecise)


def record_pieces(output: Path, records: Iterable[RawRecord], frame: Frame) -> Iterator[bytes]:
    """The file that the suffix of `output` asks for; of a JSON text only the spaces change."""
    if output.suffix.lower() == ".json":
        plural = json.dumps(frame.pack.kinds[frame.kind].plural).encode()
        lines = b",\n".join(_text(raw) for raw in records)
        yield b"{" + plural + b": [\n" + lines + b"\n]}\n"
        return
    is_default = frame.kind == next(iter(frame.pack.kinds))
    for raw in records:
        text = _text(raw)
        yield (text if is_default or _names_kind(text) else _with_kind(text, frame.kind)) + b"\n"


def _text(raw: RawRecord) -> bytes:
    if isinstance(raw.data, bytes):
        return msgspec.json.format(raw.data, indent=0)
    values = msgspec.to_builtins(raw.data)
    try:
        return json.dumps(values, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half a character, which only an escape can hold
        return json.dumps(values).encode()


def _names_kind(text: bytes) -> bool:
    return "kind" in json.loads(text)


def _with_kind(text: bytes, kind: str) -> bytes:
    """A record of a kind that no list names any more says it itself."""
    return b'{"kind": ' + json.dumps(kind).encode() + b", " + text.removeprefix(b"{")
