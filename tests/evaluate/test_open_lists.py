"""What is not in a list proves nothing, unless the record says that everything is in it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from small_pack import RULE_FILE, pack_files, rule_file, write_pack

from scr_audit import Engine
from scr_audit.errors import PackError
from scr_audit.evaluate.read_aloud import rule_lines
from scr_audit.packs.load import load_folder

PARTS = '      parts:\n        type: array\n        items: {$ref: "#/$defs/part"}\n'
RECORDS = pack_files()["records.yaml"].replace(
    PARTS,
    "      all_parts: {type: boolean, x-ask: Are these all the parts?}\n"
    f"{PARTS}        x-complete: all_parts\n",
)
SOME = "require:\n  bell: {some: parts as part, where: part.worn, that: part.fitted}"
NONE = "require:\n  bell: {none: parts as part, that: part.recalled}"
SOME_FITTED = "require:\n  bell: {some: parts as part, that: part.fitted}"
LATEST = "require:\n  bell: {latest: parts as part, by: part.fitted_on, that: part.fitted}"
SHARE = "require:\n  bell: {share: parts as part, that: part.worn, is: at least 60 per cent}"
FEW = "require:\n  bell: {count: parts as part, where: part.worn, is: at least 2}"
NOT_MANY = "require:\n  bell: {count: parts as part, where: part.worn, is: at most 2}"
WEIGHED = (
    "require:\n  bell:\n    shown: {some: parts as part, where: part.worn, that: part.fitted}\n"
    "    said: safe"
)
WORN = {"name": "bell", "worn": True, "fitted": True}
LOOSE = {"name": "bell", "worn": True, "fitted": False}
OTHER = {"name": "chain", "worn": False}


def engine_of(folder: Path, rule: str, records: str = RECORDS) -> Engine:
    changed = {"records.yaml": records, RULE_FILE: rule_file(rule)}
    return Engine(load_folder(write_pack(folder, changed)))


@pytest.mark.parametrize(
    ("rule", "record", "outcome"),
    [
        (SOME, {"parts": [OTHER]}, "not_evidenced"),
        (SOME, {"parts": [OTHER], "all_parts": False}, "not_evidenced"),
        (SOME, {"parts": [OTHER], "all_parts": True}, "not_met"),
        (SOME, {"parts": []}, "not_met"),
        # One of the sort that `where` names is there: what it lacks, it lacks.
        (SOME, {"parts": [OTHER, LOOSE]}, "not_met"),
        (SOME, {"parts": [OTHER, LOOSE], "all_parts": True}, "not_met"),
        # That there are more is in so many words on record: one of them may be as asked.
        (SOME, {"parts": [OTHER, LOOSE], "all_parts": False}, "not_evidenced"),
        (SOME, {"parts": [], "all_parts": False}, "not_evidenced"),
        (SOME, {"parts": [], "all_parts": True}, "not_met"),
        (FEW, {"parts": [], "all_parts": False}, "not_evidenced"),
        (SOME, {"parts": [LOOSE, WORN], "all_parts": False}, "met"),
        (SOME, {"parts": [{"name": "bell", "fitted": False}]}, "not_evidenced"),
        (SOME, {"parts": [{"name": "bell", "worn": True}]}, "not_evidenced"),
        (SOME, {"all_parts": True}, "not_evidenced"),
        (SOME, {"parts": [OTHER, WORN]}, "met"),
        (SOME, {"parts": [OTHER, WORN], "all_parts": False}, "met"),
        (FEW, {"parts": [WORN]}, "not_evidenced"),
        (FEW, {"parts": [WORN], "all_parts": True}, "not_met"),
        (FEW, {"parts": [WORN, WORN]}, "met"),
        # Without a sort any other item may be the one.
        (SOME_FITTED, {"parts": [LOOSE]}, "not_evidenced"),
        (SOME_FITTED, {"parts": [LOOSE], "all_parts": True}, "not_met"),
        (LATEST, {"parts": [LOOSE | {"fitted_on": "2026-01-01"}]}, "not_met"),
        (
            LATEST,
            {"parts": [LOOSE | {"fitted_on": "2026-01-01"}], "all_parts": False},
            "not_evidenced",
        ),
        (SHARE, {"parts": [OTHER, WORN]}, "not_evidenced"),
        (SHARE, {"parts": [OTHER, WORN], "all_parts": True}, "not_met"),
        # What a rule asks not to be there is not there: a longer list is another record.
        (NONE, {"parts": [OTHER | {"recalled": False}]}, "met"),
        (NOT_MANY, {"parts": [WORN]}, "met"),
        (WEIGHED, {"parts": [OTHER], "safe": True}, "met"),
        (WEIGHED, {"parts": [OTHER], "safe": False}, "not_met"),
        (WEIGHED, {"parts": [OTHER], "safe": True, "all_parts": True}, "not_evidenced"),
    ],
)
def test_an_item_that_is_not_listed_may_be_there_unless_all_are(
    tmp_path: Path, rule: str, record: dict[str, Any], outcome: str
) -> None:
    engine = engine_of(tmp_path, rule)
    [finding] = engine.evaluate({"id": "a", **record})
    assert finding.outcome == outcome
    counts = engine.run([{"id": "a", **record}]).totals.rules["one"].named()
    assert counts[outcome] == 1


def test_what_is_lacking_in_one_that_is_listed_is_told_and_not_the_list(tmp_path: Path) -> None:
    [finding] = engine_of(tmp_path, SOME).evaluate({"id": "a", "parts": [LOOSE]})
    assert "it is not recorded whether they are all" not in finding.reason
    assert "“parts.worn” holds" not in finding.reason
    assert finding.missing == ()


def test_the_reason_and_what_is_missing_name_the_list(tmp_path: Path) -> None:
    [finding] = engine_of(tmp_path, SOME).evaluate({"id": "a", "parts": [OTHER]})
    assert finding.reason == ("The only part listed is not such a one, and there may be more.")
    assert "/all_parts" in finding.missing
    [finding] = engine_of(tmp_path / "b", SOME).evaluate(
        {"id": "a", "parts": [OTHER], "all_parts": False}
    )
    assert finding.reason == (
        "The only part listed is not such a one. “Are these all the parts?” no."
    )


def test_where_one_had_to_come_in_time_the_reason_says_when(tmp_path: Path) -> None:
    rule = (
        "require:\n  checked:\n    some: parts as part\n    called: a part fitted in time\n"
        "    that: part.fitted_on within 10 days after booked_on"
    )
    early = {"name": "bell", "fitted_on": "2026-09-30"}
    record = {"id": "a", "booked_on": "2026-10-02", "parts": [early, early]}
    [finding] = engine_of(tmp_path, rule).evaluate(record, as_of=date(2026, 11, 30))
    assert finding.reason == (
        "No part fitted in time is among the 2 parts listed (one was due by 12 October 2026), and "
        "there may be more."
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("al_parts", "there is no 'al_parts'. Did you mean 'all_parts'?"),
        ("wheels", "'wheels' is a whole number"),
    ],
)
def test_what_says_that_a_list_is_complete_is_a_yes_no_fact_beside_it(
    tmp_path: Path, name: str, said: str
) -> None:
    records = RECORDS.replace("x-complete: all_parts", f"x-complete: {name}")
    with pytest.raises(PackError) as caught:
        engine_of(tmp_path, SOME, records)
    assert f"expected the name of a yes/no fact beside the list; {said}" in str(caught.value)


NOT_COMPLETE = "and the list may not be complete"
NONE_THERE = f" (not evidenced where there is none {NOT_COMPLETE}"
OR_LACKS = ", or where the record says that it is not"


@pytest.mark.parametrize(
    ("condition", "head", "sort"),
    [
        ("{some: parts as p}", f"a part is listed{NONE_THERE})",
         ""),
        ("{some: parts as p, that: p.fitted}",
         f"a part is listed{NONE_THERE}), of which this is "
         "so:", ""),
        ("{some: parts as p, where: p.worn, that: p.fitted}", "a part is listed:",
         f"where this is so{NONE_THERE}{OR_LACKS}):"),
        ("{latest: parts as p, by: p.fitted_on, that: p.fitted}",
         "of the latest part, by “When was the part fitted?” (not evidenced where there is none "
         f"{NOT_COMPLETE}{OR_LACKS}):", ""),
        ("{count: parts as p, where: p.worn, is: at least 2}",
         f"at least 2 listed that count as parts (not evidenced where it is less {NOT_COMPLETE}), "
         "of which this is so:", ""),
        ("{share: parts as p, that: p.worn, is: at least 50 per cent}",
         "at least 50 per cent of the parts listed (not evidenced where it is less "
         f"{NOT_COMPLETE}):", ""),
        # Of these a list decides as it is.
        ("{every: parts as p, where: p.worn, that: p.fitted}", "of every part:",
         "where this is so:"),
        ("{none: parts as p, where: p.worn, that: p.fitted}",
         "no part is listed, of which this is so:", ""),
        ("{count: parts as p, where: p.worn, is: at most 2}",
         "at most 2 listed that count as parts, of which this is so:", ""),
    ],
)  # fmt: skip
def test_a_rule_read_aloud_says_where_its_list_may_lack_items(
    tmp_path: Path, condition: str, head: str, sort: str
) -> None:
    said = read(tmp_path, f"require:\n  it: {condition}")
    assert said[2] == head
    assert [line for line in said[3:] if line.startswith("where")] == ([sort] if sort else [])


def test_outside_what_is_required_a_list_decides_as_it_is(tmp_path: Path) -> None:
    some = "{some: parts as p, that: p.fitted}"
    rule = f"applies_when: {some}\nrequire:\n  it: safe\n  too: {{not: {{all: [paid, {some}]}}}}"
    rule += f"\nexcept_when:\n  fitted: {some}"
    assert not [line for line in read(tmp_path, rule) if NOT_COMPLETE in line]


def read(folder: Path, rule: str) -> list[str]:
    pack = engine_of(folder, rule).pack
    return [line.text for line in rule_lines(pack.rules[0], pack.parameters)]
