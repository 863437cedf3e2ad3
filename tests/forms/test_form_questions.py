"""Which questions a form asks, in which order, and how its sheets are laid out."""

from __future__ import annotations

from io import BytesIO

from form_filling import CONFERENCE_PLAN, form_of
from openpyxl import load_workbook
from small_pack import SMALL_PACK

from scr_audit import load_pack
from scr_audit.forms.form_sheets import form_bytes
from scr_audit.forms.layout import lay_out, sheet_names
from scr_audit.forms.questions import facts_read, questions_of
from scr_audit.packs.load import load_folder
from scr_audit.plans.pack_of_plan import apply_plan
from scr_audit.plans.plan import load_plan

ALL = load_pack()
PACK = apply_plan(ALL, load_plan(CONFERENCE_PLAN))


def test_every_fact_that_a_rule_mentions_is_asked_and_of_a_group_its_facts() -> None:
    for kind in ("case", "agency", "action"):
        asked = {question.path for question in questions_of(ALL, kind).all}
        for rule in ALL.rules:
            if rule.kind == kind:
                for path in set(facts_read(rule)) - {("id",)}:
                    assert any(found[: len(path)] == path for found in asked), (rule.id, path)


def test_what_no_rule_needs_is_not_asked() -> None:
    asked = {question.name for question in questions_of(PACK, "case").all}
    assert "conferences.on_bail" in asked
    assert "conferences.unanimous" not in asked
    assert "visits" not in asked


def test_what_a_group_cannot_be_without_is_asked_with_it() -> None:
    asked = [q for q in questions_of(PACK, "case").all if q.group[-1:] == ("category_fits",)]
    # The role and the day are those of the front sheet.
    assert [q.path[-1] for q in asked] == ["value"]
    assert asked[0].field.question == (
        "Is the category the right one for the risks that were known?"
    )
    assert all(q.together for q in asked)


def test_a_question_of_several_themes_stands_under_the_first_and_names_the_others() -> None:
    layout = form_of(PACK, "case").layout
    lines = [(line.kind, line.text, line.also) for line in layout.lines]
    place = lines.index(("section", "Fathers and other significant males", ()))
    assert lines[place + 2] == (
        "question", "Which child protection conferences were held?",
        ("Enquiries, conferences and child protection plans", "Bail conditions",
         "Information sharing and professional challenge"),
    )  # fmt: skip


def test_the_sheets_of_lists_have_names_that_excel_takes_and_that_differ() -> None:
    for kind in ("case", "agency"):
        names = list(sheet_names(questions_of(ALL, kind)).values())
        assert len({name.casefold() for name in names}) == len(names)
        assert all(0 < len(name) <= 31 for name in names)
        assert not any(set("[]:*?/\\'") & set(name) for name in names)


def test_imported_items_have_rows_and_there_is_room_for_more() -> None:
    record = {"id": "R1", "conferences": [{"date": "2010"}, {}]}
    sheet = lay_out(questions_of(PACK, "case"), record, rows=3).sheet_of(("conferences",))
    assert [(row.id, row.item is not None) for row in sheet.rows] == [
        ("conference 1", True), ("conference 2", True), ("conference 3", False),
        ("conference 4", False), ("conference 5", False),
    ]  # fmt: skip


def test_the_front_sheet_takes_its_examples_from_the_pack() -> None:
    for pack, kind, item, words in (
        (load_folder(SMALL_PACK), "job", "part", "semicolons."),
        (PACK, "case", "person", "semicolons: "),
    ):
        book = load_workbook(BytesIO(form_bytes(form_of(pack, kind))))
        said = {row[0].value: row[1].value for row in book["Start"].iter_rows(min_row=15)}
        assert f"one row for each {item} and so on" in said["Lists"]
        assert words in said["Several words"], said


def test_the_same_form_gives_the_same_bytes() -> None:
    assert form_bytes(form_of(PACK, "case")) == form_bytes(form_of(PACK, "case"))
