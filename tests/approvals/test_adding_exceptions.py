"""An entry added to a file of exceptions: what stands in it is kept, and what is added is read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_pack import SMALL_PACK, pack_files, write_pack

from scr_audit import Engine, Finding, InputError, PackError, load_pack
from scr_audit.approvals.approved import ApprovedException
from scr_audit.approvals.exceptions_file import read_exceptions
from scr_audit.approvals.new_entry import exception_for, find_unit, with_entry
from scr_audit.errors import ArgumentError
from scr_audit.evaluate.outcomes import Approval
from scr_audit.language.unit_key import UnitKey
from scr_audit.packs.load import load_folder
from scr_audit.values.text import normal_text

PACK = load_folder(SMALL_PACK)
PART_FITTED = PACK.rule("part-fitted")
FILE = Path("e.yaml")
APPROVAL = Approval("out of stock", "workshop lead", date(2026, 1, 1), date(2026, 1, 31))
BELL = {"name": "bell", "worn": True}
ADDED = """\
- rule: part-fitted
  record: J1
  unit: {name: bell}
  reason: out of stock
  approved_by_role: workshop lead
  from: 2026-01-01
  until: 2026-01-31
"""


def entry(key: UnitKey | None, record: str = "J1") -> ApprovedException:
    return ApprovedException("part-fitted", "job", record, key, APPROVAL)


def added(before: str | None, key: UnitKey | None, record: str = "J1") -> str:
    content = None if before is None else before.encode()
    return with_entry(FILE, content, entry(key, record), PACK).decode()


def indented(text: str, by: str) -> str:
    return "".join(by + line for line in text.splitlines(keepends=True))


@pytest.mark.parametrize("start", [None, "exceptions: []\n", "exceptions:  [ ]  # none yet\n"])
def test_the_first_entry_is_indented_by_two(start: str | None) -> None:
    head = "exceptions:  # none yet\n" if start and "#" in start else "exceptions:\n"
    assert " ".join(added(start, [{"name": "bell"}]).split()) == " ".join(
        (head + indented(ADDED, "  ")).split()
    )


def test_a_name_in_the_reason_is_told_by_its_argument() -> None:
    named = replace(entry(None), approval=replace(APPROVAL, reason="Mr Mockley is away"))
    with pytest.raises(ArgumentError) as caught:
        with_entry(FILE, None, named, PACK)
    assert str(caught.value) == "reason: holds a name, and reports repeat it; say it without"


@pytest.mark.parametrize("indent", ["", "  ", "      "])
def test_comments_and_entries_are_kept_and_the_new_entry_stands_as_they_do(indent: str) -> None:
    other = ADDED.replace("bell", "fork").replace("stock", "stock  # the red one").rstrip()
    before = f"# approved in January\nexceptions:\n{indented(other, indent)}  # no newline"
    made = added(before, [{"name": "bell"}])
    assert made == f"{before}\n{indented(ADDED, indent)}"
    assert len(read_exceptions(made.encode(), FILE, PACK).entries) == 2


def test_every_unit_needs_no_unit_and_lists_in_lists_have_a_mapping_each() -> None:
    assert "unit" not in added(None, None)
    made = with_entry(
        FILE, None,
        ApprovedException("part-checked", "job", "J1",
                          [{"name": "bell"}, {"on": "2026-01-02", "passed": False}], APPROVAL),
        PACK,
    ).decode()  # fmt: skip
    assert "    unit: [{name: bell}, {'on': 2026-01-02, passed: false}]\n" in made


def test_lines_end_as_they_do_in_the_file() -> None:
    before = "exceptions:\r\n" + indented(ADDED, "  ").replace("\n", "\r\n")
    made = added(before, [{"name": "fork"}])
    assert made.count("\r\n") == made.count("\n") == 15


def test_a_file_to_whose_end_nothing_can_be_added_is_told_with_the_entry() -> None:
    before = (
        "exceptions: [{rule: part-fitted, record: J2, reason: out, approved_by_role: lead, "
        "from: 2026-01-01, until: 2026-01-02}]\n"
    )
    with pytest.raises(InputError) as caught:
        added(before, [{"name": "bell"}])
    assert str(caught.value) == (
        "e.yaml: its entries do not stand one below the other, so none can be added. Write "
        f"it in yourself:\n{indented(ADDED, '  ').rstrip()}"
    )


def test_an_entry_for_a_unit_that_another_covers_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        added(added(None, [{"name": "bell"}]), None)
    assert str(caught.value) == (
        "e.yaml:2:5: the entry there can cover the same unit on the same days; nothing was "
        "written. Part their days, name more facts, or change the entry that is there"
    )


def test_an_identifier_in_a_fact_of_the_key_is_refused() -> None:
    with pytest.raises(PackError) as caught:
        added(None, [{"name": "see 999 000 0018"}])
    assert str(caught.value) == (
        "e.yaml:4:18: 'name' holds an NHS number, and reports repeat it; say it without"
    )


texts = st.text(min_size=1).filter(lambda text: normal_text(text) == text and text.isprintable())


@given(texts, texts, st.booleans(), st.sampled_from(["2026", "2026-01", "2026-01-02"]))
def test_whatever_is_added_is_read_back_as_it_was_meant(
    name: str, record: str, worn: bool, day: str
) -> None:
    key = [{"name": name, "worn": worn, "fitted_on": day}]
    try:
        made = added(None, key, record)
    except PackError:  # a text that looks like an identifier
        return
    assert read_exceptions(made.encode(), FILE, PACK).entries == (entry(key, normal_text(record)),)


def findings(*parts: dict[str, Any]) -> list[Finding]:
    found = Engine(PACK).evaluate({"id": "J1", "parts": list(parts)})
    return [each for each in found if each.rule == "part-fitted"]


@pytest.mark.parametrize(
    "said", [("/parts/1",), ("name=fork",), ("worn=no",), ("name=fork", "worn=false")]
)
def test_a_unit_is_named_by_its_pointer_or_by_facts(said: tuple[str, ...]) -> None:
    found = find_unit(findings(BELL, {"name": "fork", "worn": False}), said, PART_FITTED)
    assert found.key == [{"name": "fork", "worn": False}]


@pytest.mark.parametrize(
    ("parts", "said", "told"),
    [
        ([BELL, {"name": "fork", "worn": True}], "worn=yes",
         "unit worn=yes: 2 units fit. The units of part-fitted in J1: /parts/0 (name=bell, "
         "worn=yes) and /parts/1 (name=fork, worn=yes)"),
        ([BELL, {"name": "fork"}], "nam=fork",
         "unit nam=fork: no unit fits. Did you mean 'name'? The units of part-fitted in J1: "
         "/parts/0 (name=bell, worn=yes) and /parts/1 (name=fork)"),
        ([BELL, BELL], "/parts/0",
         "unit /parts/0: nothing that is recorded tells this unit from the others of part-fitted "
         "in J1; record a fact that does"),
        ([BELL, {"name": "bell"}], "/parts/1",
         "unit /parts/1: nothing that is recorded tells this unit from the others of part-fitted "
         "in J1; record a fact that does"),
    ],
)  # fmt: skip
def test_a_unit_is_never_guessed(parts: list[dict[str, Any]], said: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        find_unit(findings(*parts), (said,), PART_FITTED)
    assert str(caught.value) == told


def test_a_day_of_the_key_may_stand_first() -> None:
    pack = load_pack("working-together")
    made = {"decision": "plan_made", "type": "initial"}
    conferences = [{"date": day, **made} for day in ("2026-05-05", "2026-05-06")]
    record = {"id": "C1", "conferences": conferences}
    found = Engine(pack).evaluate(record, as_of=date(2026, 6, 1))
    rule = pack.rule("wt-first-review-in-time")
    of_rule = [each for each in found if each.rule == rule.id]
    said = [find_unit(of_rule, (f"date={day}",), rule).unit for day in ("05/05/2026", "2026-05-05")]
    assert said == ["/conferences/0", "/conferences/0"]


@pytest.mark.parametrize(
    "said",
    [
        *("at=2026-06-05T10:00", "at=05/06/2026 10:00", "at=2026-06-05T09:00Z"),
        *("turns=3.0", "turns=3", "name=Cafe\u0301"),
    ],
)
def test_the_facts_of_a_unit_are_compared_as_values(said: str, tmp_path: Path) -> None:
    records = pack_files()["records.yaml"]
    more = "at: {type: string, format: date-time}\n      turns: {type: number}\n      fitted:"
    changed = records.replace("fitted: {", f"{more} {{", 1)
    pack = load_folder(write_pack(tmp_path, {"records.yaml": changed}))
    parts = [
        {"name": "Caf\u00e9", "worn": True, "at": "2026-06-05T10:00", "turns": 3},
        {"name": "bell", "worn": True, "at": "2026-06-06T10:00", "turns": 1},
    ]
    rule = pack.rule("part-fitted")
    found = Engine(pack).evaluate({"id": "J1", "parts": parts})
    assert (
        find_unit([each for each in found if each.rule == rule.id], (said,), rule).unit
        == "/parts/0"
    )


@pytest.mark.parametrize(
    ("rule", "record", "argument", "words"),
    [
        ("part-fited", "J1", "rule part-fited", "has no such rule. Did you mean 'part-fitted'?"),
        ("part-fitted", "J2", "record J2", "has no finding on it."),
    ],
)
def test_an_exception_is_for_a_rule_and_a_record_that_there_are(
    rule: str, record: str, argument: str, words: str
) -> None:
    found = findings(BELL)
    assert exception_for(found, "part-fitted", "J1 ", approval=APPROVAL, pack=PACK) == entry(None)
    by_pointer = exception_for(
        found, "part-fitted", "J1", approval=APPROVAL, pack=PACK, unit=found[0].unit
    )
    assert by_pointer == entry(found[0].key)
    with pytest.raises(ArgumentError) as caught:
        exception_for(found, rule, record, approval=APPROVAL, pack=PACK)
    assert caught.value.argument == argument
    assert caught.value.message.endswith(words)
