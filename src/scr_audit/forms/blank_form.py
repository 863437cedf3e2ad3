"""A form for the questions that a pack's rules need, as the bytes of its workbook."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from scr_audit.anonymity.gate import Gate
from scr_audit.errors import ArgumentError, did_you_mean, library_needed, listed
from scr_audit.forms.layout import FormLayout, FormOrigin, lay_out
from scr_audit.forms.questions import questions_of
from scr_audit.packs.pack import Pack
from scr_audit.plans.pack_of_plan import apply_plan
from scr_audit.plans.plan import AuditPlan, find_plan
from scr_audit.records.decode import decoder_of
from scr_audit.records.plausible import decode_checked
from scr_audit.records.provenance import KEY
from scr_audit.records.raw import BESIDE_FACTS, InputFile, Json, RawRecord

MOST_FORM_ROWS = 200
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_.-]+")


@dataclass(frozen=True)
class NewForm:
    """The bytes of a workbook (XLSX), and how its questions are laid out."""

    data: bytes
    layout: FormLayout


def new_form(
    pack: Pack,
    plan: str | Path | AuditPlan | None = None,
    *,
    kind: str | None = None,
    record: Mapping[str, Json] | None = None,
    rows: int = 15,
) -> NewForm:
    """Make a form; of a `record` that is known in part, it asks what is left.

    A plan, by itself or by its file or id, chooses the rules. `kind` is that of the record, the
    pack's first if it is not given; `rows` is how many empty rows a list has. Raises `RecordError`
    where the record does not fit its schema, and `InputError` where it tells who somebody is, or
    the library is missing.
    """
    if not 1 <= rows <= MOST_FORM_ROWS:
        raise ArgumentError("rows", f"is a number from 1 to {MOST_FORM_ROWS}; found {rows}")
    chosen = None if plan is None else find_plan(plan)
    asked = pack if chosen is None else apply_plan(pack, chosen)
    of_kind = kind or next(iter(pack.kinds))
    if of_kind not in pack.kinds:
        hint = did_you_mean(of_kind, pack.kinds)
        raise ArgumentError(f"kind {of_kind}", f"the kinds are {listed(pack.kinds)}.{hint}")
    known = {} if not record else _checked(record, of_kind, asked)
    facts = {key: value for key, value in known.items() if key not in BESIDE_FACTS}
    layout = lay_out(questions_of(asked, of_kind), facts, rows=rows)
    named = ("", "") if chosen is None else (chosen.id, chosen.sha256)
    origin = FormOrigin(pack.id, pack.version, pack.sha256, *named, of_kind)
    try:
        from scr_audit.forms.form_sheets import Form, form_bytes
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("scr_audit"):
            raise
        raise library_needed("a form", error.name, "excel") from error
    titles = (pack.title, "" if chosen is None else chosen.title)
    return NewForm(form_bytes(Form(layout, origin, titles, known)), layout)


def _checked(record: Mapping[str, Json], kind: str, pack: Pack) -> dict[str, Json]:
    """The record as plain values, which fits its schema and tells of nobody who it is."""
    gate, decoder = Gate(pack), decoder_of(pack)
    gate.admit(InputFile("record"), [RawRecord("", record, kind)])
    gate.check("no form", may_stay=False)
    known = decoder.plain(record, kind)
    decode_checked(decoder, {name: known[name] for name in known if name != KEY}, kind, None)
    return known


def file_names(ids: Iterable[str]) -> list[str]:
    """A file name for each id; numbered where two would be equal."""
    names: list[str] = []
    for id in ids:
        plain = _NOT_IN_NAMES.sub("-", id).strip(".-")[:100] or "record"
        name, number = plain, 1
        while name.casefold() in {taken.casefold() for taken in names}:
            number += 1
            name = f"{plain}-{number}"
        names.append(name)
    return names
