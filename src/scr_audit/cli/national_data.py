"""`scr-audit import`: a file of national data becomes records that `run` reads."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scr_audit.cli.app_records import ImportRequest
from scr_audit.cli.gate import say_look_alikes
from scr_audit.cli.streams import OK, say
from scr_audit.errors import InputError
from scr_audit.inputs.json_files import LINES
from scr_audit.mappings.importer import Import, open_import, record_file
from scr_audit.mappings.pseudonyms import Key, others_may_read, random_key, read_key, write_new_key
from scr_audit.mappings.tally import report_lines
from scr_audit.outputs import (
    Written,
    check_apart,
    check_distinct,
    check_outputs,
    check_writable,
    write_all,
)
from scr_audit.packs.builtin import load_pack
from scr_audit.values.text import visible

FORMATS = (".json", *LINES)


@dataclass(frozen=True)
class _KeyFile:
    """The key in use; `path` is where a new one is saved after the import."""

    key: Key
    path: Path | None


def import_command(request: ImportRequest) -> int:
    """Import one file and print what became of its elements; the exit code."""
    _check_places(request)
    kept = _key(request.key)
    pack = load_pack(request.pack)
    work = open_import(request.file, pack, mapping=request.mapping, key=kept.key)
    write_all([Written(request.output, _pieces(work, request.output, kept))])
    for line in report_lines(
        work.tally, work.mapping, source=work.name, whole=request.whole_report,
        hint="--report-unmapped",
    ):  # fmt: skip
        print(visible(line))  # noqa: T201  # the command's result
    say_look_alikes(work.look_alikes)
    _say_key(request.key, kept)
    return OK


def _check_places(request: ImportRequest) -> None:
    check_outputs([request.output], FORMATS)
    check_apart([request.output], [request.file, request.mapping, request.pack])
    if request.key is not None:
        check_distinct([request.output], key=request.key)
        if os.path.realpath(request.file) == os.path.realpath(request.key):
            raise InputError(f"{request.key}: is the file to import; name another for --key")


def _key(path: Path | None) -> _KeyFile:
    if path is None:
        return _KeyFile(random_key(), None)
    if path.exists():
        return _KeyFile(read_key(path), None)
    check_writable(path)
    return _KeyFile(random_key(), path)


def _pieces(work: Import, output: Path, kept: _KeyFile) -> Iterator[bytes]:
    """The output in pieces. A new key is kept once the source was read without a mistake."""
    yield from record_file(work, output.suffix)
    if kept.path is not None:
        write_new_key(kept.path, kept.key)


def _say_key(path: Path | None, kept: _KeyFile) -> None:
    if path is None:
        say(
            "The pseudonyms were made with a random key that was thrown away: another import "
            "gives others. Keep a key with --key FILE to have the same ones again."
        )
    elif kept.path is not None:
        say(
            f"{path}: a new key was made. Whoever has it and knows an id can find its record: "
            "keep it apart from the records."
        )
    elif others_may_read(path):
        say(f"{path}: others than you may read this key; chmod 600 {path}")
