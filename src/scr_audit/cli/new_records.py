"""`scr-audit import`, `anonymise` and `form`: records that `run` reads, from what an office has."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from scr_audit.anonymity.fixes import Anonymised, anonymise, anonymised_file, fixes_file
from scr_audit.anonymity.gate import Gate
from scr_audit.anonymity.patterns import SafeNames
from scr_audit.anonymity.scan import check_authored
from scr_audit.cli.app_records import AnonymiseRequest, FormRequest, ImportRequest, ReadRequest
from scr_audit.cli.gate import say_look_alikes
from scr_audit.cli.packs import kind_or_first
from scr_audit.cli.streams import OK, print_json, say, working
from scr_audit.errors import InputError, RecordError, listed, within
from scr_audit.forms.blank_form import NewForm, file_names, new_form
from scr_audit.forms.filled_form import FormsError, ReadForm, read_forms
from scr_audit.forms.marked_form import marked_copy
from scr_audit.inputs.files import check_readable, expand_names, is_tables
from scr_audit.inputs.read import read_inputs
from scr_audit.mappings.conversions import Key, others_may_read, random_key, read_key, write_new_key
from scr_audit.mappings.importer import Import, open_import, record_file
from scr_audit.mappings.tally import report_lines
from scr_audit.outputs import (
    Written,
    check_apart,
    check_distinct,
    check_output_name,
    check_outputs,
    check_writable,
    write_all,
)
from scr_audit.packs.builtin import load_pack
from scr_audit.packs.pack import Pack, by_list
from scr_audit.plans.pack_of_plan import apply_plan
from scr_audit.plans.plan import AuditPlan, find_plan
from scr_audit.records.decode import decoder_of
from scr_audit.records.raw import RECORD_FORMATS, Inputs, Json, RawRecord
from scr_audit.values.text import counted, json_bytes, visible
from scr_audit.workbooks.cells import Fault


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
    check_outputs([request.output], RECORD_FORMATS)
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
    check_outputs(outputs[:1], RECORD_FORMATS)
    check_outputs(outputs[1:], (".json",))
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


_SUFFIX = ".xlsx"


def new_command(request: FormRequest) -> int:
    """Write a form, or one for each imported record; the exit code."""
    check_authored(request.plan)
    pack = load_pack(request.pack)
    plan = None if request.plan is None else find_plan(request.plan)
    gate = Gate(pack if plan is None else apply_plan(pack, plan))
    known = list(_prefills(request, gate))
    gate.check("no form", may_stay=False)
    forms = list(_forms_of(known, pack, plan, request.rows))
    targets = _targets(request.output, [prefill.record for prefill in known])
    write_all(Written(path, (form.data,)) for path, form in zip(targets, forms, strict=True))
    layout = forms[-1].layout
    count = counted(len(layout.questions.all), "question")
    say(f"wrote {listed(map(str, targets))}: {count}, {counted(len(layout.lists), 'list')}")
    return OK


class _Prefill(NamedTuple):
    """A record to make a form of, its kind if it is known, and where it stands."""

    record: dict[str, Json]
    kind: str | None
    place: str


def _prefills(request: FormRequest, gate: Gate) -> Iterator[_Prefill]:
    """The records to make forms of: an empty one where none is imported."""
    if request.prefill is None:
        yield _Prefill({}, request.kind, "")
        return
    kind_or_first(gate.pack, request.kind)
    files = expand_names([str(request.prefill)])
    check_readable(files)
    decoder, found = decoder_of(gate.pack), 0
    for file, raws in read_inputs(files, gate.pack, Inputs()):
        if not gate.admit(file, raws):
            continue
        for raw in raws:
            place = within(str(request.prefill), raw.position)
            with _record_at(place):
                record = decoder.plain(raw.data, raw.kind)
            kind = str(raw.kind or record.get("kind") or decoder.default)
            if request.kind in (None, kind):
                found += 1
                yield _Prefill(record, kind, place)
    if not found and not gate.count:
        raise InputError(f"{request.prefill}: has no record of the kind '{request.kind}'")


def _forms_of(
    known: Sequence[_Prefill], pack: Pack, plan: AuditPlan | None, rows: int
) -> Iterator[NewForm]:
    for record, kind, place in known:
        with _record_at(place):
            yield new_form(pack, plan, kind=kind, record=record, rows=rows)


@contextlib.contextmanager
def _record_at(place: str) -> Iterator[None]:
    """Name the place of a record that is wrong."""
    try:
        yield
    except RecordError as error:
        problems = "\n".join(f"  {problem}" for problem in error.problems)
        raise InputError(f"{place}:\n{problems}") from error


def _targets(output: Path, records: Sequence[Mapping[str, Json]]) -> list[Path]:
    """The workbook of each record. Refuses one that exists, since it may hold answers."""
    if output.suffix.lower() == _SUFFIX:
        if len(records) > 1:
            raise InputError(
                f"{output}: there are {len(records)} records, and a form is about one; name a "
                "folder for -o, such as forms/"
            )
        targets = [output]
    elif not records[0]:
        raise InputError(f"{output}: a form is an Excel workbook; let its name end in {_SUFFIX}")
    else:
        targets = [
            output / f"{name}{_SUFFIX}" for name in file_names(str(each["id"]) for each in records)
        ]
    for target in targets:
        if target.exists():
            raise InputError(
                f"{target}: is there already, and may hold answers; name another file, or move it"
            )
    if output.suffix.lower() != _SUFFIX:
        _make_folder(output)
    check_writable(targets[0])
    return targets


def _make_folder(folder: Path) -> None:
    check_output_name(folder)
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder}: cannot be made a folder: {error.strerror}") from error


# reading


def read_command(request: ReadRequest) -> int:
    """Read forms as records, all of them or none; the exit code."""
    files = _forms(request.files)
    _check_output(request)
    check_apart([request.output] if request.output else [], [*files, request.pack])
    pack = load_pack(request.pack)
    try:
        with working(f"reading {counted(len(files), 'form')}"):
            read = read_forms(
                files,
                pack,
                other_pack="migrate" if request.migrate else "refuse",
                as_of=date.today(),
                allow_identifiable=request.allow_identifiable,
                words=request.words,
            )
    except FormsError as error:
        if request.marked is not None:
            _write_marked(error.wrong, request.marked)
        raise
    records = by_list(((form.kind, form.record) for form in read.values()), pack)
    _say_lost(read)
    if request.output is None:
        print_json(records)
        return OK
    write_all([Written(request.output, (json_bytes(records, 2),))])
    say(f"wrote {request.output} from {counted(len(read), 'form')}")
    return OK


def _write_marked(wrong: Mapping[Path, Sequence[Fault]], folder: Path) -> None:
    """Write a marked copy of each form that cannot be read into a folder."""
    _make_folder(folder)
    targets = {path: folder / path.name for path in wrong}
    check_apart(list(targets.values()), list(wrong))
    for path, target in targets.items():
        if (data := marked_copy(path, wrong[path])) is not None:
            write_all([Written(target, (data,))])
            say(f"wrote {target}, in which what is wrong is marked")


def _forms(files: Sequence[Path]) -> list[Path]:
    names = expand_names(map(str, files))
    check_readable(names)
    if tables := listed(name for name in names if is_tables(name)):
        raise InputError(f"{tables}: tables are no forms; a form is an Excel workbook ({_SUFFIX})")
    return [Path(name) for name in names]


def _check_output(request: ReadRequest) -> None:
    if request.output is None:
        return
    if request.output.suffix.lower() != ".json":
        raise InputError(f"{request.output}: records are JSON; let the name end in .json")
    check_writable(request.output)


def _say_lost(read: Mapping[Path, ReadForm]) -> None:
    for path, form in read.items():
        for fault in form.lost:
            say(f"left out: {path}: {fault}")
