"""`scr-audit import`, `anonymise` and `form`: records that `run` reads, from what an office has."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from scr_audit.anonymity.fixes import Anonymised, anonymise, anonymised_file, fixes_file
from scr_audit.anonymity.gate import Gate, check_reason
from scr_audit.anonymity.patterns import SafeNames, check_name
from scr_audit.anonymity.scan import check_authored
from scr_audit.cli.app_records import AnonymiseRequest, FormRequest, ImportRequest, ReadRequest
from scr_audit.cli.gate import say_look_alikes
from scr_audit.cli.streams import OK, print_json, say
from scr_audit.errors import InputError, RecordError, did_you_mean, listed, within
from scr_audit.forms.blank_form import new_form
from scr_audit.forms.filled_form import ID_CELL, ReadForm, identifying_cells, read_form
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
from scr_audit.plans.plan import find_plan
from scr_audit.records.decode import decoder_of
from scr_audit.records.plausible import decode_checked
from scr_audit.records.raw import RECORD_FORMATS, Inputs, Json, RawRecord
from scr_audit.values.text import counted, json_bytes, normal_text, visible
from scr_audit.workbooks.cells import Fault, FormError, listed_faults


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
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_.-]+")


def new_command(request: FormRequest) -> int:
    """Write a form, or one for each imported record; the exit code."""
    check_authored(request.plan)
    pack = load_pack(request.pack)
    plan = None if request.plan is None else find_plan(request.plan)
    chosen = pack if plan is None else apply_plan(pack, plan)
    gate = Gate(chosen)
    records = _prefills(request, gate)
    gate.check("no form")
    targets = _targets(request.output, [record for record, _ in records])
    forms = [
        new_form(pack, plan, kind=kind, record=record, rows=request.rows)
        for record, kind in records
    ]
    write_all(Written(path, (form.data,)) for path, form in zip(targets, forms, strict=True))
    layout = forms[-1].layout
    count = counted(len(layout.questions.all), "question")
    say(f"wrote {listed(map(str, targets))}: {count}, {counted(len(layout.lists), 'list')}")
    return OK


def _prefills(request: FormRequest, gate: Gate) -> list[tuple[dict[str, Json], str]]:
    """The records to make forms for, each with its kind: an empty one where none is imported."""
    pack = gate.pack
    default = request.kind or next(iter(pack.kinds))
    if default not in pack.kinds:
        hint = did_you_mean(default, pack.kinds)
        raise InputError(f"--kind {default}: the kinds are {listed(pack.kinds)}.{hint}")
    if request.prefill is None:
        return [({}, default)]
    found = [
        (record, kind)
        for record, kind in _read_records(request.prefill, gate)
        if request.kind in (None, kind)
    ]
    if not found and not gate.count:
        raise InputError(f"{request.prefill}: has no record of the kind '{request.kind}'")
    return found


def _read_records(path: Path, gate: Gate) -> Iterator[tuple[dict[str, Json], str]]:
    check_readable(expand_names([str(path)]))
    pack = gate.pack
    decoder = decoder_of(pack)
    for file, raws in read_inputs(expand_names([str(path)]), pack, Inputs()):
        if not gate.admit(file, raws):
            continue
        for raw in raws:
            try:
                record = decoder.plain(raw.data, raw.kind)
                kind = raw.kind or record.get("kind") or decoder.default
                facts = {key: value for key, value in record.items() if key != "provenance"}
                decode_checked(decoder, facts, kind, None)
            except RecordError as error:
                problems = "\n".join(f"  {problem}" for problem in error.problems)
                raise InputError(f"{within(str(path), raw.position)}:\n{problems}") from error
            yield record, kind


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
        targets = [output / f"{name}{_SUFFIX}" for name in _file_names(records)]
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


def _file_names(records: Sequence[Mapping[str, Json]]) -> list[str]:
    """A file name for each record, made of its id; numbered where two would be equal."""
    names: list[str] = []
    for record in records:
        plain = _NOT_IN_NAMES.sub("-", str(record["id"])).strip(".-")[:100] or "record"
        name, number = plain, 1
        while name.casefold() in {taken.casefold() for taken in names}:
            number += 1
            name = f"{plain}-{number}"
        names.append(name)
    return names


# reading


def read_command(request: ReadRequest) -> int:
    """Read forms as records, all of them or none; the exit code."""
    check_reason(request.allow_identifiable)
    files = _forms(request.files)
    _check_output(request)
    check_apart([request.output] if request.output else [], [*files, request.pack])
    pack = load_pack(request.pack)
    read: dict[Path, ReadForm] = {}
    wrong: dict[Path, tuple[Fault, ...]] = {}
    for path in dict.fromkeys(files):
        form: object
        faults: tuple[Fault, ...] = ()
        try:
            form = read_form(
                path,
                pack,
                other_pack="migrate" if request.migrate else "refuse",
                as_of=date.today(),
            )
        except FormError as error:
            form, faults = error.read, error.faults
        if request.allow_identifiable is None and isinstance(form, ReadForm):
            check_name(path)
            telling = list(identifying_cells(form))
            places = {fault.place for fault in telling}  # of which other messages quote the text
            faults = (*telling, *(fault for fault in faults if fault.place not in places))
        if faults:
            wrong[path] = faults
        elif isinstance(form, ReadForm):
            read[path] = form
    wrong.update(_repeats(read))
    if wrong:
        raise InputError(_refusal(wrong, [path for path in read if path not in wrong]))
    records = by_list(((form.kind, form.record) for form in read.values()), pack)
    _say_lost(read)
    if request.output is None:
        print_json(records)
        return OK
    write_all([Written(request.output, (json_bytes(records, 2),))])
    say(f"wrote {request.output} from {counted(len(read), 'form')}")
    return OK


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


def _repeats(read: Mapping[Path, ReadForm]) -> Iterator[tuple[Path, tuple[Fault, ...]]]:
    """Forms about a record that another form is about too."""
    first: dict[tuple[str, str], Path] = {}
    for path, form in read.items():
        key = form.kind, normal_text(form.record["id"])
        other = first.setdefault(key, path)
        if other is not path:
            message = f"is about the record '{key[1]}', and so is {other.name}; send one of them"
            yield path, (Fault(ID_CELL, message),)


def _refusal(wrong: Mapping[Path, Sequence[Fault]], fine: Sequence[Path]) -> str:
    said = [listed_faults(str(path), faults) for path, faults in wrong.items()]
    if fine:
        said.append(f"fine: {listed((str(path) for path in fine), most=20)}")
    return "\n".join(["nothing was written, because not every form can be read", *said])


def _say_lost(read: Mapping[Path, ReadForm]) -> None:
    for path, form in read.items():
        for fault in form.lost:
            say(f"left out: {path}: {fault}")
