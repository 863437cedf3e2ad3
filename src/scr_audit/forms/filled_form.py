"""Reads a filled form back as a record, or refuses it as a whole; the file is opened read-only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args

from scr_audit.anonymity.gate import check_reason
from scr_audit.anonymity.patterns import IDENTIFIERS, check_name
from scr_audit.anonymity.scan import scan_record
from scr_audit.errors import InputError, RecordError, check_choice, listed
from scr_audit.forms import front
from scr_audit.forms.answers import as_text
from scr_audit.forms.assembly import Provenance, field_of_path
from scr_audit.forms.completed import CompletedForm
from scr_audit.forms.layout import (
    ALSO,
    HIDDEN,
    LABEL_HELP,
    QUESTIONS,
    START,
    WORDS,
    HiddenSheet,
    Slot,
    question_help,
    read_hidden_sheet,
)
from scr_audit.forms.marked_form import TO_MEND
from scr_audit.forms.own_words import read_words
from scr_audit.language.types import NUMBERS, FactType, Kind
from scr_audit.packs.pack import Pack
from scr_audit.records.decode import decoder_of
from scr_audit.records.plausible import doubts
from scr_audit.records.raw import BESIDE_FACTS, Json
from scr_audit.values.text import folded, normal_text, several
from scr_audit.workbooks.cells import CellValue, Fault, FormError, cell_name, listed_faults
from scr_audit.workbooks.grid import Grid, read_grids

OtherPack = Literal["refuse", "migrate"]
ID_CELL = "Start!B11"
_RENEW = "copy the answers into a new form"
_LABEL = 5  # the column of the labels in the hidden sheet


@dataclass(frozen=True)
class ReadForm:
    """A form that was read. `lost` is what a form says and this pack cannot hold.

    `typed` is what stood in each cell that was read, by its place.
    """

    kind: str
    record: Mapping[str, Any]
    lost: tuple[Fault, ...] = ()
    typed: Mapping[str, CellValue] = field(default_factory=dict)


def read_form(
    path: Path | str,
    pack: Pack,
    *,
    other_pack: OtherPack = "refuse",
    as_of: date | None = None,
    words: Path | None = None,
) -> ReadForm:
    """The record that a filled form gives, for a form of this pack or, to migrate, of another.

    Days long after `as_of` are refused where it is given; `words` is an office's own list of words.
    Raises `FormError` with everything that
    is wrong, and `InputError` where the file cannot be read or a library is missing.
    """
    check_choice("other_pack", other_pack, get_args(OtherPack))
    path = Path(path)
    grids = read_grids(path)
    stamp = _stamp(grids)
    _check_pack(stamp, pack, other_pack)
    lost: list[Fault] = []
    imported, gone = fitting_part(stamp.record, pack.kinds[stamp.origin.kind].type)
    lost += gone
    broken = list(structure_faults(grids, stamp.slots))
    if stamp.origin.pack_sha256 == pack.sha256:  # of another pack the help is not known
        moved = {START, *map(_sheet_of, broken)}
        broken += help_faults(grids, stamp.slots, pack.kinds[stamp.origin.kind].type, moved)
    kind = pack.kinds[stamp.origin.kind].type
    filled = CompletedForm(path.name, grids, stamp, imported, kind, read_words(words))
    filled.read(without=set(map(_sheet_of, broken)), as_of=as_of)
    faults = [*broken, *filled.faults, *comment_faults(grids, stamp.slots, filled.entries.typed)]
    record = filled.assembly.finished(stamp.origin.kind)
    read = ReadForm(stamp.origin.kind, record, (*lost, *filled.lost), filled.entries.typed)
    try:
        if faults:
            raise FormError(faults)
        _check_record(record, pack, filled, as_of)
    except FormError as error:
        error.read = read
        raise
    return read


class FormsError(InputError):
    """Of several forms some cannot be read: `wrong` has what is wrong with each of them.

    `fine` are the others.
    """

    def __init__(self, wrong: Mapping[Path, Sequence[Fault]], fine: Sequence[Path]) -> None:
        self.wrong, self.fine = wrong, tuple(fine)
        said = [listed_faults(str(path), faults) for path, faults in wrong.items()]
        if fine:
            said.append(f"fine: {listed((str(path) for path in fine), most=20)}")
        refusal = "nothing was written, because not every form can be read"
        super().__init__("\n".join([refusal, *said]))

    def __reduce__(self) -> tuple[Any, ...]:
        return FormsError, (self.wrong, self.fine)  # for pickling


def read_forms(
    paths: Iterable[Path | str] | Path | str,
    pack: Pack,
    *,
    other_pack: OtherPack = "refuse",
    as_of: date | None = None,
    allow_identifiable: str | None = None,
    words: Path | None = None,
) -> dict[Path, ReadForm]:
    """Read forms as `read_form` does, all of them or none, each about another record.

    Without a reason in `allow_identifiable`, one that tells who somebody is cannot be read. Raises
    `FormsError` with everything that is wrong, and `InputError` where a file cannot be read.
    """
    check_reason(allow_identifiable)
    read: dict[Path, ReadForm] = {}
    wrong: dict[Path, tuple[Fault, ...]] = {}
    for path in dict.fromkeys(map(Path, several(paths))):
        form: object
        faults: tuple[Fault, ...] = ()
        try:
            form = read_form(path, pack, other_pack=other_pack, as_of=as_of, words=words)
        except FormError as error:
            form, faults = error.read, error.faults
        if allow_identifiable is None and isinstance(form, ReadForm):
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
        raise FormsError(wrong, [path for path in read if path not in wrong])
    return read


def _repeats(read: Mapping[Path, ReadForm]) -> Iterator[tuple[Path, tuple[Fault, ...]]]:
    """Forms about a record that another form is about too."""
    first: dict[tuple[str, str], Path] = {}
    for path, form in read.items():
        key = form.kind, normal_text(form.record["id"])
        other = first.setdefault(key, path)
        if other is not path:
            message = f"is about the record '{key[1]}', and so is {other.name}; send one of them"
            yield path, (Fault(ID_CELL, message),)


def _sheet_of(fault: Fault) -> str:
    return fault.place.partition("!")[0]


def _stamp(grids: Mapping[str, Grid]) -> HiddenSheet:
    if HIDDEN not in grids:
        message = (
            f"is no form of scr-audit: it has no hidden sheet '{HIDDEN}'. Have a new "
            "form made, and fill in that file"
        )
        raise FormError([Fault("", message)])
    if strange := list(_identifying(grids)):
        raise FormError(strange)
    try:
        return read_hidden_sheet(grids[HIDDEN].values)
    except InputError as error:
        raise FormError([Fault("", str(error))]) from error


def _identifying(grids: Mapping[str, Grid]) -> Iterator[Fault]:
    """Cells of the hidden sheet that tell who somebody is, which messages would repeat.

    A label that another sheet shows is the pack's; a piece of the record is looked at by its facts.
    """
    others = [grid for name, grid in grids.items() if name != HIDDEN]
    shown = {str(value) for grid in others for row in grid.values for value in row}
    for row, values in enumerate(grids[HIDDEN].values):
        for column, value in enumerate(values):
            is_label = column == _LABEL and str(value) in shown
            is_piece = values[0] == "record" and str(value).startswith("_")
            if not is_label and not is_piece and scan_record(value):
                message = f"found '{as_text(value)}', which no form is made with; {_RENEW}"
                yield Fault(f"{HIDDEN}!{cell_name(row, column)}", message)


def _check_pack(stamp: HiddenSheet, pack: Pack, other_pack: OtherPack) -> None:
    origin = stamp.origin
    if origin.kind not in pack.kinds:
        raise FormError([Fault("", f"is about a '{origin.kind}', no kind of record of {pack.id}")])
    if origin.pack_sha256 == pack.sha256 or other_pack == "migrate":
        return
    made, here = f"{origin.pack} {origin.version}", f"{pack.id} {pack.version}"
    how = f"was made with the pack {made}; this is {here}"
    if made == here:
        how = f"was made with another copy of the pack {made}: its files have changed since"
    what = "Migrate it" if origin.pack == pack.id else "Read it with that pack, or migrate it"
    raise FormError([Fault("", f"{how}. {what}, which reads the facts that are still the same")])


def _check_record(
    record: Mapping[str, Json], pack: Pack, filled: CompletedForm, as_of: date | None
) -> None:
    """Check the record by its schema. Raises `FormError`; each fault names its cell."""
    facts = {key: value for key, value in record.items() if key != "provenance"}
    try:
        decoder_of(pack).from_values(facts)
    except RecordError as error:
        faults = list(_as_faults(error, filled.assembly.provenance))
        raise FormError(faults) from error
    unlikely = doubts(filled.type, record, as_of)
    if unlikely:
        raise FormError([Fault(problem.pointer, problem.message) for problem in unlikely])


def _as_faults(error: RecordError, provenance: Mapping[str, Provenance]) -> Iterator[Fault]:
    for problem in error.problems:
        source = provenance.get(problem.pointer, {})
        yield Fault(str(source.get("place", problem.pointer)), problem.message)


def fitting_part(record: Mapping[str, Json], fact: FactType) -> tuple[dict[str, Any], list[Fault]]:
    """The record without what the type has no fact for, and what was left out."""
    lost: list[Fault] = []
    beside = {key: record[key] for key in BESIDE_FACTS if key in record}
    facts = {key: value for key, value in record.items() if key not in BESIDE_FACTS}
    return {**_fitting_facts(facts, fact, "", lost), **beside}, lost


def _fitting_value(value: Json, fact: FactType, at: str, lost: list[Fault]) -> Json:
    """What of a value the type can hold; `None` where that is nothing."""
    if value is None:
        return None
    if not _holds(fact, value):
        lost.append(Fault(f"imported {at}", "the pack takes another kind of answer there now"))
        return None
    if isinstance(value, Mapping) and fact.kind is Kind.OBJECT:
        return _fitting_facts(value, fact, at, lost)
    if isinstance(value, list) and fact.item is not None:
        items = [_fitting_value(v, fact.item, f"{at}/{n}", lost) for n, v in enumerate(value)]
        return [item for item in items if item is not None]
    return value


def _fitting_facts(
    group: Mapping[str, Json], fact: FactType, at: str, lost: list[Fault]
) -> dict[str, Any]:
    found = {}
    for name, inner in group.items():
        place = f"{at}/{name}"
        if name in fact.fields:
            found[name] = _fitting_value(inner, fact.fields[name].type, place, lost)
        elif inner is not None:
            lost.append(Fault(f"imported {place}", "the pack has no such fact any more"))
    return found


def _holds(fact: FactType, value: object) -> bool:
    """Whether a value has the shape that a type asks for."""
    if fact.kind in (Kind.OBJECT, Kind.OPEN):
        return isinstance(value, Mapping)
    if fact.kind is Kind.LIST:
        is_text = fact.group_item is None
        return isinstance(value, list) and (is_text or all(isinstance(v, Mapping) for v in value))
    if fact.kind is Kind.CHOICE:
        return value in fact.choices
    if fact.kind in NUMBERS:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, bool if fact.kind is Kind.BOOLEAN else str)


_QUESTIONS_WIDTH = 6
_LOOK, _GO_TO = 4, 5  # the columns that say where to look, and link to the sheet of a list
_COLUMN_NAMES = 2  # the row of the questions' column headings
_ASKS_NOTHING = "the form asks nothing here; move what it says to a note, and clear it"
_UNDO = f"undo that, or {_RENEW}"


def structure_faults(grids: Mapping[str, Grid], slots: Sequence[Slot]) -> Iterator[Fault]:
    """Everything that was renamed, moved, merged or written where the form asks nothing."""
    sheets = list(dict.fromkeys(slot.sheet for slot in slots))
    yield from _sheet_faults(grids, sheets)
    for name in sheets:
        if name in grids:
            own = [slot for slot in slots if slot.sheet == name]
            yield from _faults_of_sheet(grids[name], own)


def help_faults(
    grids: Mapping[str, Grid], slots: Sequence[Slot], record: FactType, without: AbstractSet[str]
) -> Iterator[Fault]:
    """Texts that were written over the help of a question, or where it has none."""
    sheets = {slot.path: slot.sheet for slot in slots if slot.part == "row"}
    for slot in slots:
        if slot.sheet in without or slot.part == "label":
            continue
        asked, own = field_of_path(record, tuple(slot.path.split("."))), ""
        if slot.part == "answer" and asked is not None:
            own = question_help(asked, sheets.get(slot.path, ""))
        cells = {_help_cell(slot): own}
        if slot.sheet == QUESTIONS:
            if slot.part != "answer" or asked is None:
                continue
            link = f"{sheets[slot.path]} →" if slot.path in sheets else ""
            cells = {(slot.row, _LOOK): own, (slot.row, _GO_TO): link}
        for cell, text in cells.items():
            if folded(ALSO.sub("", str(grids[slot.sheet].at(cell)))) not in ("", folded(text)):
                yield Fault(f"{slot.sheet}!{cell_name(*cell)}", _ASKS_NOTHING)


def comment_faults(
    grids: Mapping[str, Grid], slots: Sequence[Slot], read: Mapping[str, CellValue]
) -> Iterator[Fault]:
    """Comments that are beside no answer and were not `read`, which would be lost silently."""
    for sheet in dict.fromkeys(slot.sheet for slot in slots):
        comments = grids[sheet].scanned.comments if sheet in grids else {}
        for cell, said in comments.items():
            if f"{sheet}!{cell}, comment" not in read and not said.startswith(f"{TO_MEND}:"):
                message = "has a comment beside no answer; write it beside one, or delete it"
                yield Fault(f"{sheet}!{cell}", message)


def _sheet_faults(grids: Mapping[str, Grid], sheets: Sequence[str]) -> Iterator[Fault]:
    strange = [
        name
        for name, grid in grids.items()
        if name not in (*sheets, WORDS, HIDDEN, TO_MEND)
        and any(value != "" for row in grid.values for value in row)
    ]
    missing = [name for name in sheets if name not in grids]
    quoted = listed(f"'{name}'" for name in strange)
    for name in missing:
        hint = f" Was it renamed? There is {quoted}." if strange else ""
        yield Fault(name, f"the sheet is missing; name it '{name}' again, or put it back.{hint}")
    if not missing:
        for name in strange:
            message = "the sheet is no part of the form; move what it says to notes, and delete it"
            yield Fault(name, message)


def _faults_of_sheet(grid: Grid, slots: Sequence[Slot]) -> Iterator[Fault]:
    for merged in sorted(grid.scanned.merged):
        yield Fault(f"{grid.name}!{merged}", "the cells are merged; unmerge them")
    wrong = next((slot for slot in slots if not _has_label(grid, slot)), None)
    if wrong is not None:
        yield _moved_fault(grid, wrong)
        return
    yield from _faults_outside(grid, slots)


def _has_label(grid: Grid, slot: Slot) -> bool:
    if slot.part == "label" and folded(str(grid.at(_help_cell(slot)))) != folded(LABEL_HELP):
        return False
    return folded(str(grid.at(_label_cell(slot)))) == folded(slot.label)


def _help_cell(slot: Slot) -> tuple[int, int]:
    """Where the help for the labels of rows stands: the first row is the one below it."""
    return slot.row + 1, slot.column


def _label_cell(slot: Slot) -> tuple[int, int]:
    """Where a slot's label stands: at the left on the fixed sheets, above on those of lists."""
    return slot.row, 0 if slot.sheet in (START, QUESTIONS) else slot.column


def _moved_fault(grid: Grid, slot: Slot) -> Fault:
    cell, expected = _label_cell(slot), slot.label
    what = "columns" if slot.sheet not in (START, QUESTIONS) else "rows"
    if folded(str(grid.at(cell))) == folded(slot.label):
        cell, expected, what = _help_cell(slot), LABEL_HELP, "rows"
    found = " ".join(str(grid.at(cell)).split())
    return Fault(
        f"{grid.name}!{cell_name(*cell)}",
        f"found {repr(found[:60]) if found else 'nothing'}, expected '{expected[:60]}'. Some "
        f"{what} of the sheet were deleted, inserted, moved or sorted; {_UNDO}",
    )


def _faults_outside(grid: Grid, slots: Sequence[Slot]) -> Iterator[Fault]:
    """Filled cells where the form asks nothing, since nothing is dropped silently."""
    first, width, height = slots[0].row, max(slot.column for slot in slots) + 1, grid.rows
    if grid.name == QUESTIONS:
        first, width, height = 0, _QUESTIONS_WIDTH, max(slot.row for slot in slots) + 1
    elif grid.name == START:
        first, width, height = 0, front.WIDTH, front.HEIGHT
    headings = _headings(grid, slots)
    for row, values in enumerate(grid.values):
        for column, value in enumerate(values):
            is_filled = not isinstance(value, str) or value.strip()
            is_outside = row >= height or (row >= first and column >= width)
            if is_filled and (is_outside or (row in headings and column >= headings[row])):
                yield Fault(f"{grid.name}!{cell_name(row, column)}", _ASKS_NOTHING)


def _headings(grid: Grid, slots: Sequence[Slot]) -> Mapping[int, int]:
    """The rows that hold headings alone, and the column from which nothing stands in each."""
    if grid.name == START:
        return front.FRONT_HEADINGS
    if grid.name == QUESTIONS:
        asked = {slot.row for slot in slots}
        return {row: 1 for row in range(grid.rows) if row not in asked and row != _COLUMN_NAMES}
    return {0: 1, 1: 1}  # the rows below have links and the names of groups


def identifying_cells(form: ReadForm) -> Iterator[Fault]:
    """The cells of a form that identify somebody; `read_form` does not look for them.

    Each cell is scanned by itself, then the facts, whose names tell more, and what stands in no
    cell.
    """
    told = dict.fromkeys(
        (place, found.kind) for place, value in form.typed.items() for found in scan_record(value)
    )
    in_cells = {kind for _, kind in told}
    provenance = form.record.get("provenance", {})
    for found in scan_record(form.record):
        if not (found.pointer.startswith("/provenance/") and found.kind in in_cells):
            told[_cell_of(found.pointer, provenance), found.kind] = None
    for place, kind in told:
        yield Fault(place, f"holds {IDENTIFIERS[kind].name}; {IDENTIFIERS[kind].advice}")


def _cell_of(pointer: str, provenance: Mapping[str, Mapping[str, str]]) -> str:
    """The cell that a fact or a note beside it was read from; else the front sheet."""
    fact = pointer
    if pointer.startswith("/provenance/"):
        fact = pointer.split("/")[2].replace("~1", "/").replace("~0", "~")
    while fact and fact not in provenance:
        fact = fact.rpartition("/")[0]
    if pointer == "/id":
        return ID_CELL
    return str(provenance[fact].get("place", fact)) if fact else "Start"
