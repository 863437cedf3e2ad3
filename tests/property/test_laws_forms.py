"""Laws of the form: what an auditor writes into it is the record that it gives."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from budget import share
from form_filling import answers, asked_part, form_of, saved
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import Audit, audits

from scr_audit import Engine, InputError, RecordError
from scr_audit.forms.filled_form import read_form
from scr_audit.language.types import FactType
from scr_audit.records.decode import decoder_of
from scr_audit.records.plausible import doubt

_BESIDE = ("kind", "provenance")


def read_back(pack: Any, kind: str, record: Any, imported: Any) -> dict[str, Any]:
    """The record that a form gives, into which `record` was written."""
    form = form_of(pack, kind, imported, rows=40)
    cells = answers(form.layout, record)
    with tempfile.TemporaryDirectory() as folder:
        path = saved(Path(folder) / "form.xlsx", form, cells)
        read = read_form(path, pack)
    assert read.kind == kind
    return {key: value for key, value in read.record.items() if key not in _BESIDE}


def decodes(pack: Any, kind: str, record: Any) -> bool:
    """Whether what a form asks is a record: of a required group it may ask nothing."""
    try:
        decoder_of(pack).from_values(record, kind)
    except RecordError:
        return False
    return True


def fit_for_cells(value: Any) -> Any:
    """The record with a word for every empty text, which a cell cannot hold, and no doubtful day.

    A form with a day that hardly anybody means, such as one before 1900, is refused.
    """
    if isinstance(value, dict):
        return {key: fit_for_cells(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [fit_for_cells(inner) for inner in value]
    if isinstance(value, str) and doubt(value):
        return "1901-01-01"
    return "a" if value == "" else value


def thinned(fact: FactType, value: Any, keep: Iterator[bool]) -> Any:
    """The record without some of its optional facts, as an import may give it; lists stay."""
    if isinstance(value, dict) and fact.fields:
        return {
            name: thinned(fact.fields[name].type, inner, keep)
            for name, inner in value.items()
            if name in fact.fields
            and (fact.fields[name].required or isinstance(inner, dict | list) or next(keep))
        }
    if isinstance(value, list) and fact.item is not None:
        return [thinned(fact.item, inner, keep) for inner in value]
    return value


@share(0.5)
@given(audits(count=1))
def test_a_form_gives_back_the_record_that_was_written_into_it(audit: Audit) -> None:
    record = fit_for_cells(audit.records[0])
    kind = record.get("kind", next(iter(audit.pack.kinds)))
    try:
        form = form_of(audit.pack, kind)
    except InputError:
        assume(False)
    expected = asked_part(form.layout.questions, audit.pack.kinds[kind].type, record)
    assume(decodes(audit.pack, kind, expected))
    assert read_back(audit.pack, kind, record, {}) == expected


@share(0.3)
@given(audits(count=1))
def test_a_form_asks_all_that_decides_the_verdicts(audit: Audit) -> None:
    record = fit_for_cells(audit.records[0])
    kind = record.get("kind", next(iter(audit.pack.kinds)))
    try:
        form = form_of(audit.pack, kind, {}, rows=40)
    except InputError:
        assume(False)
    asked = asked_part(form.layout.questions, audit.pack.kinds[kind].type, record)
    assume(decodes(audit.pack, kind, asked))
    read = read_back(audit.pack, kind, record, {})
    engine = Engine(audit.pack)
    told = [[(f.rule, f.unit, f.outcome) for f in engine.evaluate(r, kind=kind)]
            for r in (record, {**read, "kind": kind})]  # fmt: skip
    assert told[0] == told[1]


@share(0.3)
@given(audits(count=1), st.randoms(use_true_random=False))
def test_an_import_and_the_answers_give_the_record_together(audit: Audit, chance: Any) -> None:
    record = fit_for_cells(audit.records[0])
    kind = record.get("kind", next(iter(audit.pack.kinds)))
    fact = audit.pack.kinds[kind].type
    imported = thinned(fact, record, iter(lambda: chance.random() < 0.5, None))
    assume(decodes(audit.pack, kind, imported))  # of a group that has to be there something is left
    try:
        form = form_of(audit.pack, kind, imported)
    except InputError:
        assume(False)
    questions = form.layout.questions
    assume(decodes(audit.pack, kind, asked_part(questions, fact, record)))
    read = read_back(audit.pack, kind, record, imported)
    assert asked_part(questions, fact, read) == asked_part(questions, fact, record)
