"""The forms of an audit folder: made for each case and reader, found again, and read."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from scr_audit.audit_folder.cases import replace_cases
from scr_audit.audit_folder.folder import (
    ACTIONS,
    CASE_LIST,
    CASES,
    DECISIONS,
    DRAWN,
    FORMS,
    HIDDEN,
    MARKED,
    SAMPLE,
    THEN,
    TO_MEND,
    WORDS,
    AuditFolder,
    sha256,
)
from scr_audit.errors import InputError, listed, translate_os_errors
from scr_audit.forms.blank_form import file_names, new_form
from scr_audit.forms.filled_form import FormsError, read_forms
from scr_audit.forms.layout import HIDDEN as FORM_SHEET
from scr_audit.forms.layout import read_hidden_sheet
from scr_audit.forms.marked_form import marked_copy
from scr_audit.outputs import Written, write_all
from scr_audit.packs.builtin import load_pack
from scr_audit.packs.pack import Pack, by_list
from scr_audit.records.provenance import KEY
from scr_audit.values.text import counted, is_leftover, json_bytes, normal_text
from scr_audit.workbooks.cells import Fault, FormError, listed_faults
from scr_audit.workbooks.grid import read_grids

_LINES_SHOWN = 15


class MendFormsError(InputError):
    """Some forms cannot be read: everything wrong with them at once, and where the list is."""


@dataclass
class Found:
    """What lies in the folder of one reader: filled forms by case, cases whose form is blank.

    `wrong` are sentences about what is no form of this audit, `missing` the cases without a form.
    """

    filled: dict[str, Path] = field(default_factory=dict)
    blank: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def form_pack(folder: AuditFolder) -> Pack:
    """The pack that asks the questions: local values change no question."""
    return folder.pack if folder.file.settings is None else load_pack(folder.pack_name)


def make_forms(folder: AuditFolder) -> list[str]:
    """Make the forms that were not made yet, one for each case and reader; the new cases.

    A form that is there already is never written over. A blank copy of each is kept.
    """
    pack, names, made = form_pack(folder), _names(folder), []
    for case, record in folder.cases().items():
        name = names[case]
        places = [f"{reader}/{name}.xlsx" for reader in folder.readers]
        if all(folder.own(f"forms/{place}").exists() for place in places):
            continue
        data = new_form(pack, folder.plan, kind=record["kind"], record=record).data
        made.append(case)
        for place in places:
            form, blank = folder.at(FORMS) / place, folder.own("forms") / place
            for each in (form, blank):
                with translate_os_errors(each):
                    each.parent.mkdir(parents=True, exist_ok=True)
            new = [each for each in (form, blank) if not each.exists()]
            write_all(Written(each, (data,)) for each in new)  # the blank last: it says 'made'
    return made


def _names(folder: AuditFolder) -> dict[str, str]:
    """The name of each case's form, of all that are listed: a replacement changes none."""
    every = folder.every_case()
    return dict(zip(every, file_names(every), strict=True))


def find_forms(folder: AuditFolder, reader: str) -> Found:
    """Which forms of a reader are filled, blank or missing, whatever their files are called."""
    found, cases = Found(), list(folder.cases())
    made = {
        case: folder.own(f"forms/{reader}/{name}.xlsx") for case, name in _names(folder).items()
    }
    blanks = {sha256(path): case for case, path in made.items() if path.exists()}
    for path in _files(folder, reader):
        case = blanks.get(sha256(path))
        if case is None:
            _look(folder, path, found)
        elif case in cases and case not in found.blank:
            found.blank.append(case)
    found.blank = [case for case in found.blank if case not in found.filled]
    found.missing = [case for case in cases if case not in (*found.filled, *found.blank)]
    return found


def _files(folder: AuditFolder, reader: str) -> Iterator[Path]:
    place = folder.at(FORMS) / reader
    if not place.is_dir():
        return
    for path in sorted(place.iterdir()):
        if path.is_file() and not is_leftover(path.name) and not path.name.startswith("."):
            yield path


def _look(folder: AuditFolder, path: Path, found: Found) -> None:
    """Tell of which case a filled form is, and whether it belongs here."""
    shown = path.relative_to(folder.path)
    if path.suffix.lower() != ".xlsx":
        found.wrong.append(f"{shown}: is no form; move it out of {FORMS}, or save it as .xlsx")
        return
    try:
        grids = read_grids(path)
        if FORM_SHEET not in grids:
            raise InputError("is no form of this program; move it out, or type into a form")
        record = read_hidden_sheet(grids[FORM_SHEET].values).record
    except FormError as error:
        found.wrong.append(listed_faults(str(shown), error.faults))
        return
    except InputError as error:
        found.wrong.append(f"{shown}: {error}")
        return
    case = normal_text(str(record.get("id", "")))
    stamp = _stamp_of(record)
    if stamp and stamp != folder.stamp:
        found.wrong.append(
            f"{shown}: is a form of another audit ({stamp}); move it to the folder of that one"
        )
    elif case in found.filled:
        found.wrong.append(
            f"{shown}: is about the case {case}, and so is {found.filled[case].name}; keep the one "
            "that counts, and move the other out"
        )
    elif case in folder.cases():
        found.filled[case] = path
    elif case in folder.replaced():
        folder.notes.append(f"{shown} is not read: another case took the place of {case}")
    else:
        found.wrong.append(
            f"{shown}: is about the case {case or 'of no reference'}, which was not drawn; see "
            f"{DRAWN}, and move it out"
        )


def _stamp_of(record: Mapping[str, object]) -> str:
    """Of which audit a form is; empty where it does not say."""
    origins = record.get(KEY)
    origin = origins.get("/id") if isinstance(origins, Mapping) else None
    return str(origin.get("note") or "") if isinstance(origin, Mapping) else ""


def read_all(folder: AuditFolder, as_of: date) -> str:
    """Read the forms of every reader, and keep them; what is left to fill in, or nothing.

    Raises `MendFormsError` with everything that is wrong with any of them.
    """
    found = {reader: find_forms(folder, reader) for reader in folder.readers}
    wrong = [line for each in found.values() for line in each.wrong]
    wrong += [line for reader, each in found.items() for line in _missing(reader, each)]
    readings: dict[Path, bytes] = {}
    unread: dict[Path, Sequence[Fault]] = {}
    pack, own = form_pack(folder), folder.at(WORDS)
    words = own if own.exists() else None
    for number, each in enumerate(found.values(), 1):
        try:
            forms = list(each.filled.values())
            read = read_forms(forms, pack, as_of=as_of, words=words) if forms else {}
        except FormsError as error:
            unread |= error.wrong
            wrong += [
                listed_faults(str(path.relative_to(folder.path)), faults)
                for path, faults in error.wrong.items()
            ]
            continue
        records = by_list(((form.kind, form.record) for form in read.values()), pack)
        readings[folder.own(f"reader-{number}.json")] = json_bytes(records, 2)
    left = [_left(name, each) for name, each in found.items() if each.blank]
    _mark(folder, unread)
    _tell(folder, wrong, left)
    if left:
        return "; ".join(left)
    folder.write(readings)
    return ""


def _mark(folder: AuditFolder, unread: Mapping[Path, Sequence[Fault]]) -> None:
    """Write a marked copy of each form that cannot be read; those of before are gone."""
    shutil.rmtree(folder.at(MARKED), ignore_errors=True)
    for path, faults in unread.items():
        target = folder.at(MARKED) / path.relative_to(folder.at(FORMS))
        if (data := marked_copy(path, faults)) is not None:
            with translate_os_errors(target):
                target.parent.mkdir(parents=True, exist_ok=True)
            write_all([Written(target, (data,))])


def _left(reader: str, found: Found) -> str:
    if not found.filled:
        return f"{reader}: all {len(found.blank)}"
    number = len(found.blank)
    return f"{reader}: {number} of {number + len(found.filled)}, {listed(found.blank, most=6)}"


def _missing(reader: str, found: Found) -> Iterator[str]:
    if found.missing:
        yield (
            f"{FORMS}/{reader}: {counted(len(found.missing), 'form')} not there, of "
            f"{listed(found.missing)}. Put them back; blank copies are in {HIDDEN}/forms/{reader}"
        )


def _tell(folder: AuditFolder, wrong: list[str], left: list[str]) -> None:
    """Write down everything that is wrong, or clear what was written before. Raises."""
    path = folder.at(TO_MEND)
    if not wrong:
        path.unlink(missing_ok=True)
        return
    lines = [line for each in wrong for line in each.splitlines()]
    write_all([Written(path, ("\n".join([folder.title, "", *lines, ""]).encode(),))])
    more = len(lines) - _LINES_SHOWN
    shown = [*lines[:_LINES_SHOWN], *([f"… and {more} lines more"] if more > 0 else [])]
    blank = f" Not filled in yet: {'; '.join(left)}." if left else ""
    said = (
        f"some forms cannot be read yet; the whole list is in {path}, and copies in which it is "
        f"marked are in {MARKED}. Mend your own forms in Excel, save, and run: scr-audit "
        f"next.{blank}"
    )
    raise MendFormsError("\n".join([said, *shown]))


def are_read(folder: AuditFolder) -> bool:
    return folder.is_done_with("read", of_forms(folder), *readings_of(folder))


def read_forms_of(folder: AuditFolder, as_of: date) -> str:
    replace_cases(folder, as_of)
    made = make_forms(folder)
    if made:
        each = " for each reader" if folder.file.readers > 1 else ""
        folder.did.append(f"made forms of {counted(len(made), 'case')}{each} in {FORMS}")
    left = read_all(folder, as_of)
    if left:
        asked = f"Print {DRAWN}. Fill in the forms" if made else "Fill in the forms that are left"
        return f"{asked} in {FORMS} ({left}). {THEN}"
    folder.done_with("read", of_forms(folder))
    number = len(folder.cases())
    folder.did.append(f"read {counted(number * folder.file.readers, 'form')}")
    return ""


def readings_of(folder: AuditFolder) -> list[Path]:
    return [folder.own(f"reader-{number}.json") for number in range(1, folder.file.readers + 1)]


def of_forms(folder: AuditFolder) -> list[Path]:
    """What the readings are made of."""
    forms = sorted(folder.at(FORMS).glob("*/*.xlsx"))
    others = folder.workbooks(but=(CASE_LIST, DECISIONS, ACTIONS))
    return [*forms, *others, folder.own(SAMPLE), folder.own(CASES)]
