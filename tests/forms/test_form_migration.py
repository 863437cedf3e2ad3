"""A form of an older stand of a pack: what still fits is read, and all else is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from form_filling import answers, form_of, saved
from small_pack import SMALL_PACK, pack_files, write_pack

from scr_audit.forms.filled_form import read_form
from scr_audit.packs.load import load_folder
from scr_audit.workbooks.cells import FormError

NOW = load_folder(SMALL_PACK)
_OLD_FACTS = """\
      bell: {type: boolean, x-ask: Did the bell ring?}
      spokes:
        type: array
        items: {$ref: "#/$defs/spoke"}
        x-ask: Which spokes were replaced?
      extra:"""
_OLD_GROUP = """\
  spoke:
    type: object
    properties:
      bent: {type: boolean, x-ask: Was the spoke bent?}
  loan:
    type: object"""
_RULE = """\
rules:
  - id: one
    title: One rule
    source: {paragraph: "1.1"}
    record: job
    severity: low
    require:
      bell: bell
      model: model is tandem
      safe: safe is good
      spokes: {some: spokes as spoke, that: spoke.bent}
      booked: booked_on is recorded
    examples: []
"""
RECORD: dict[str, Any] = {
    "id": "J1",
    "bell": True,
    "model": "tandem",
    "safe": "good",
    "booked_on": "2026-01-02",
    "spokes": [{"bent": True}],
}
LOST = [
    "imported /bell: the pack has no such fact any more",
    "imported /model: the pack takes another kind of answer there now",
    "imported /safe: the pack takes another kind of answer there now",
    "imported /spokes: the pack has no such fact any more",
]


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The pack as it was: a fact and a list more, other choices, and a fact of another type."""
    facts = pack_files()["records.yaml"]
    for now, then in (
        ("enum: [city, racing, cargo]", "enum: [city, racing, cargo, tandem]"),
        ("safe:\n        type: boolean", "safe:\n        type: string\n        enum: [good, bad]"),
        ("      extra:", _OLD_FACTS),
        ("  loan:\n    type: object", _OLD_GROUP),
    ):
        assert now in facts
        facts = facts.replace(now, then, 1)
    folder = tmp_path_factory.mktemp("older")
    return load_folder(write_pack(folder, {"records.yaml": facts, "rules/1.yaml": _RULE}))


def test_a_filled_form_names_every_answer_that_has_no_place(older: Any, tmp_path: Path) -> None:
    form = form_of(older, "job")
    path = saved(tmp_path / "f.xlsx", form, answers(form.layout, RECORD))
    with pytest.raises(FormError) as told:
        read_form(path, NOW, other_pack="migrate")
    assert [str(fault).partition(": ")[2] for fault in told.value.faults] == [
        "found 'tandem'; expected city, racing, cargo or not recorded.",
        "found 'good'; expected yes, no or not recorded.",
    ]
    kept = {key: value for key, value in RECORD.items() if key not in ("model", "safe")}
    path = saved(tmp_path / "g.xlsx", form, answers(form.layout, kept))
    read = read_form(path, NOW, other_pack="migrate")
    assert (read.record["booked_on"], "bell" in read.record) == ("2026-01-02", False)
    assert [str(fault).partition(": ")[2] for fault in read.lost] == [
        "says 'yes'; the pack has no fact 'bell' any more",
        "says 'listed'; the pack has no fact 'spokes' any more",
        "the row 'spoke 1' is left out: the pack has no list 'spokes' any more",
    ]


def test_an_imported_record_keeps_what_fits_and_names_the_rest(older: Any, tmp_path: Path) -> None:
    form = form_of(older, "job", RECORD)
    path = saved(tmp_path / "f.xlsx", form, answers(form.layout, RECORD))
    read = read_form(path, NOW, other_pack="migrate")
    facts = {k: v for k, v in read.record.items() if k not in ("kind", "provenance")}
    assert {k: v for k, v in facts.items() if v is not None} == {
        "id": "J1",
        "booked_on": "2026-01-02",
    }
    assert [str(fault) for fault in read.lost][: len(LOST)] == LOST
