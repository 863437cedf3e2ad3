"""The cases of an audit: their list read, the sample drawn, and the list of it to print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from scr_audit.anonymity.gate import Gate
from scr_audit.audit_folder.audit_file import NAME
from scr_audit.audit_folder.drawn_sheet import SHEET as DRAWN_SHEET
from scr_audit.audit_folder.drawn_sheet import drawn_sheet, read_reasons
from scr_audit.audit_folder.folder import (
    ACTIONS,
    CASE_LIST,
    CASES,
    DECISIONS,
    DRAWN,
    FRAME,
    HIDDEN,
    SAMPLE,
    THEN,
    AuditFolder,
    sha256,
)
from scr_audit.documents.sample import sample_bytes
from scr_audit.errors import InputError, RecordError, listed, within
from scr_audit.forms.layout import HIDDEN as FORM_SHEET
from scr_audit.inputs.read import read_inputs
from scr_audit.plans.pack_of_plan import chosen_plan, population
from scr_audit.readings.decision_sheet import (
    HIDDEN as DECISION_SHEET,
)
from scr_audit.records.decode import decoder_of
from scr_audit.records.provenance import KEY
from scr_audit.records.raw import RECORD_FORMATS, InputFile, Inputs, Json, RawRecord
from scr_audit.sampling.case_list import (
    case_columns,
    lists_cases,
    read_case_list,
)
from scr_audit.sampling.random_draw import FrameError
from scr_audit.sampling.sample_document import WholeFrameError
from scr_audit.sampling.samples import Wanted, draw, replace
from scr_audit.values.text import counted, json_bytes
from scr_audit.workbooks.cells import FormError
from scr_audit.workbooks.grid import read_grids

LIST_CASES = (
    f"Fill in {CASE_LIST}, a row for each case, or put a list of your own there as .xlsx or .csv. "
    f"{THEN}"
)


def is_drawn(folder: AuditFolder) -> bool:
    return folder.own(CASES).exists() and folder.kept.get("list") is not None


def draw_cases(folder: AuditFolder, as_of: date) -> str:
    path = _case_list(folder)
    if path is None:
        return LIST_CASES
    chosen_plan(folder.plan, folder.file.period, as_of=as_of)  # refuses one that has not begun
    records = _records(folder, path)
    of = len(records)
    if folder.file.whole_list:
        folder.did.append(f"took all {counted(of, 'case')} of {path.name}")
    else:
        frame = folder.own(FRAME)
        folder.write({frame: json_bytes(list(_as_frame(folder, records)), 1)})
        all_ids = _draw_sample(folder, frame, as_of)
        if sample := folder.sample:
            drawn, of = counted(len(sample.drawn), "case"), sample.frame.size
            folder.did.append(f"drew {drawn} of {of:,} that the audit is about, from {path.name}")
        else:
            of = len(all_ids)
            folder.did.append(
                f"took all {counted(of, 'case')} of {path.name} that the audit is about, since a "
                "sample would have no fewer"
            )
        if others := len(records) - of:
            folder.notes.append(
                f"{counted(others, 'listed case')} not drawn from: nothing listed of them is of "
                f"{folder.period}, or they were drawn too recently"
            )
        if not sample:
            records = [each for each in records if each["id"] in all_ids]
    folder.write({folder.own(CASES): json_bytes(records, 1)})
    _write_drawn(folder)
    folder.remember("list", [path.name, sha256(path)])  # last: it says that all of this is done
    return ""


def _records(folder: AuditFolder, path: Path) -> list[dict[str, Json]]:
    """The listed cases as records, with of which audit they are.

    Raises `IdentifiersFoundError` where one tells who somebody is, before anything of it is kept.
    """
    gate = Gate(folder.pack)
    if path.suffix.lower() in RECORD_FORMATS:
        found = [*_imported(folder, path, gate)]
    else:
        found = read_case_list(path, folder.pack, folder.plan, note=folder.stamp)
        raws = [RawRecord("", each, str(each["kind"])) for each in found]
        gate.admit(InputFile(path.name), raws)
    gate.check("nothing", may_stay=False)
    return found


def _as_frame(folder: AuditFolder, records: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The records to draw from. A case that is listed without a date is one of the period's year.

    So it may be of the period, which whoever listed it says, and the draw can be repeated.
    """
    columns = case_columns(folder.pack, folder.plan)
    lists = {each.list for each in columns if each.list}
    dates = {} if folder.plan.period is None else folder.plan.period.dates
    for record in records:
        if not lists or any(record.get(name) for name in lists):
            yield record
            continue
        name = next(each.list for each in columns if each.list)
        needed = {
            each.steps[0]: "listed" for each in columns if each.list == name and each.is_needed
        }
        yield {**record, name: [{**needed, **_nested(dates[name], str(folder.period.start.year))}]}


def _nested(path: str, value: str) -> dict[str, Any]:
    """A group in which only the fact at a path is known."""
    name, _, rest = path.partition(".")
    return {name: _nested(rest, value) if rest else value}


def _imported(folder: AuditFolder, path: Path, gate: Gate) -> Iterator[dict[str, Json]]:
    """The records of the plan's kind in a file of records, with all that is known of them."""
    decoder, kind = decoder_of(folder.pack), population(folder.pack, folder.plan)[0].kind
    for file, raws in read_inputs([str(path)], folder.pack, Inputs()):
        if not gate.admit(file, raws):
            continue
        for raw in raws:
            try:
                record = decoder.plain(raw.data, raw.kind)
            except RecordError as error:
                raise InputError(f"{within(str(path), raw.position)}: {error}") from error
            if str(raw.kind or record.get("kind") or decoder.default) == kind:
                origin = {"file": path.name, "place": raw.position, "note": folder.stamp}
                origins = {**(record.get(KEY) or {}), "/id": origin}
                yield {**record, "kind": kind, KEY: origins}


def _draw_sample(folder: AuditFolder, cases: Path, as_of: date) -> Sequence[str]:
    """Draw, and keep the sample. Where it would be all of the frame, its ids, and no sample."""
    earlier = [each / HIDDEN / SAMPLE for each in earlier_folders(folder)]
    try:
        sample = draw(
            [cases], folder.plan, seed=folder.file.seed, wanted=Wanted(size=folder.file.size),
            pack=folder.pack, period=folder.file.period, as_of=as_of,
            previous=[path for path in earlier if path.exists()],
        )  # fmt: skip
    except FrameError as error:
        if isinstance(error.__cause__, WholeFrameError):
            return error.__cause__.ids
        wrong = "".join(
            f"\n  {each.record or each.position}: {problem}"
            for each in error.run.left_out
            for problem in each.problems
        )
        raise InputError(
            f"{error}{wrong}\nMend {CASE_LIST}; or say in {NAME} how many to draw (size: 12), or "
            "that every listed case is audited (whole_list: yes)"
        ) from error
    folder.write({folder.own(SAMPLE): sample_bytes(sample.document)})
    return ()


def _write_drawn(folder: AuditFolder) -> None:
    data = drawn_sheet(folder.title, list(folder.cases()), folder.readers, folder.replaced())
    folder.write({folder.at(DRAWN): data})


def _case_list(folder: AuditFolder) -> Path | None:
    """The case list: the template once it is filled in, or what else was put there.

    That is a workbook, a table, or a file of records, such as an import makes.
    Raises `InputError` where several could be it.
    """
    found = [
        path
        for path in folder.workbooks()
        if _what_is(path) == "list" and not folder.is_as_written(path) and lists_cases(path)
    ]
    found += [path for path in folder.at("").iterdir() if path.suffix.lower() in RECORD_FORMATS]
    if len(found) > 1:
        names = listed(path.name for path in found)
        raise InputError(
            f"{folder.path}: {names} could each be the list of cases; keep the one that counts, "
            "and move the others out"
        )
    return found[0] if found else None


def _what_is(path: Path) -> str:
    """What a workbook of the folder is, by its sheets, since it may have been renamed."""
    if path.suffix.lower() == ".csv":
        return "list"
    try:
        sheets = read_grids(path)
    except FormError:
        return "list" if path.name == CASE_LIST else "damaged"
    known = {
        DECISION_SHEET: "decisions", DRAWN_SHEET: "drawn", "Plan": "actions", FORM_SHEET: "form"
    }  # fmt: skip
    return next((what for sheet, what in known.items() if sheet in sheets), "list")


def the_workbook(folder: AuditFolder, name: str) -> Path:
    """A workbook by its name, or the one of the folder that has become of it under another.

    Raises `InputError` where there are two.
    """
    wanted = {DECISIONS: "decisions", DRAWN: "drawn", ACTIONS: "actions"}[name]
    found = [path for path in folder.workbooks() if _what_is(path) == wanted]
    if len(found) > 1:
        names = listed(path.name for path in found)
        raise InputError(
            f"{folder.path}: {names} are copies of one workbook; keep the one that is filled in, "
            f"as {name}, and move the others out"
        )
    if found and found[0].name != name:
        folder.notes.append(f"{found[0].name} is read as {name}")
    return found[0] if found else folder.at(name)


def replace_cases(folder: AuditFolder, as_of: date) -> None:
    """Take cases of the reserve for those that the printed list says cannot be audited."""
    path = the_workbook(folder, DRAWN)
    if not path.exists() or folder.is_as_written(path):
        return
    sample, new = folder.sample, []
    for case, reason in read_reasons(path).items():
        if case not in folder.cases():
            continue
        if sample is None:
            raise InputError(
                f"{path}: {case}: every case of the list is audited, so none can take its place"
            )
        sample = replace(sample, case, reason=reason, by_role=folder.file.role, on=as_of)
        new.append(f"{sample.replaced[-1].by} takes the place of {case}")
    if sample is not None and new:
        folder.write({folder.own(SAMPLE): sample_bytes(sample)})
        folder.did += new
        _write_drawn(folder)


def earlier_folders(folder: AuditFolder) -> list[Path]:
    """The folders of earlier audits. Raises `InputError` where one is not there."""
    found = [folder.path / name for name in folder.file.earlier_audits]
    for path in found:
        if not (path / HIDDEN).is_dir():
            raise InputError(
                f"{folder.at(NAME)}: earlier_audits: there is no audit folder {path}; it was moved "
                "or renamed. Write where it is now, or take the line out"
            )
    return found
