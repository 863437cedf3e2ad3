"""`scr-audit import` and `anonymise`: records of national data, and without identifiers."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scr_audit.anonymity.fixes import Anonymised, anonymise, anonymised_file, fixes_file
from scr_audit.anonymity.patterns import SafeNames
from scr_audit.cli.app_records import AnonymiseRequest, ImportRequest
from scr_audit.cli.gate import say_look_alikes
from scr_audit.cli.streams import OK, say
from scr_audit.errors import InputError
from scr_audit.inputs.files import check_readable, expand_names
from scr_audit.inputs.json_files import LINES
from scr_audit.inputs.read import read_inputs
from scr_audit.mappings.conversions import Key, others_may_read, random_key, read_key, write_new_key
from scr_audit.mappings.importer import Import, open_import, record_file
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
from scr_audit.packs.pack import Pack
from scr_audit.records.raw import Inputs, RawRecord
from scr_audit.values.text import counted, visible

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


def anonymise_command(request: AnonymiseRequest) -> int:
    """Write the records without identifiers, and what was done; the exit code."""
    outputs = [request.output, *([request.report] if request.report else [])]
    check_outputs(outputs[:1], FORMATS)
    check_outputs(outputs[1:], FORMATS[:1])
    _check_keys_stay(request, outputs)
    check_distinct([request.output], report=request.report)
    files = expand_names(request.files)
    check_readable(files)
    check_apart(outputs, [*files, request.pack])
    pack = load_pack(request.pack)
    key = _named_key(request)
    with _key_removed_on_failure(request.new_key):
        found = anonymise(_raws(files, pack), pack, key=key)
        write_all(_outputs(request, pack, found))
    say_look_alikes(found.look_alikes)
    say(
        f"wrote {request.output}: {counted(len(found.records), 'record')}, "
        f"{counted(len(found.fixes), 'change')}. Bare names are not looked for: read what you "
        "share."
    )
    return OK


@contextlib.contextmanager
def _key_removed_on_failure(new_key: Path | None) -> Iterator[None]:
    """Remove a new key if the command fails, so that it can be repeated."""
    try:
        yield
    except BaseException:
        if new_key is not None:
            new_key.unlink(missing_ok=True)
        raise


def _check_keys_stay(request: AnonymiseRequest, outputs: list[Path]) -> None:
    """Refuse to overwrite a key: without it the pseudonyms cannot be made again."""
    keys = [os.path.realpath(key) for key in (request.key, request.new_key) if key is not None]
    for path in outputs:
        if os.path.realpath(path) in keys:
            raise InputError(f"{path}: is the key; name another file")


def _named_key(request: AnonymiseRequest) -> Key | None:
    if request.key is not None and request.new_key is not None:
        raise InputError("--key and --new-key: name one of them")
    path = request.new_key or request.key
    if path is None:
        return None
    if request.new_key is not None:
        if path.exists():
            raise InputError(f"{path}: is there already; use it with --key {path}")
        write_new_key(path, random_key())
    return read_key(path)


def _raws(files: list[str], pack: Pack) -> Iterator[tuple[str, RawRecord]]:
    names = SafeNames()
    for source, raws in read_inputs(files, pack, Inputs()):
        shown, _ = names.safe(source.name)
        for raw in raws:
            yield shown, raw


def _outputs(request: AnonymiseRequest, pack: Pack, found: Anonymised) -> Iterator[Written]:
    yield Written(request.output, anonymised_file(found, pack, request.output.suffix))
    if request.report is not None:
        yield Written(request.report, (fixes_file(found),))
