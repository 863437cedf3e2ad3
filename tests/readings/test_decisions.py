"""A decision is about the item that it names, wherever that stands."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from keyed_job import keyed_job

from scr_audit.errors import PackError
from scr_audit.packs.yaml_source import read_yaml
from scr_audit.readings.alignment import origins_of
from scr_audit.readings.decisions import (
    CHANGED,
    NO_DIFFERENCE,
    NO_LISTS,
    TURNED,
    Decisions,
    decisions_text,
    read_decisions,
)
from scr_audit.readings.merged_record import Conflict, Merged, OneSided, Source, merge_sources
from scr_audit.records.plausible import doubt

JOB = keyed_job()
DECIDED = "take: 2\n  reason: seen\n  by_role: lead\n  'on': 2026-01-05\n"
BELL, CHAIN = ({"name": name, "fitted_on": "2026-01-02"} for name in ("bell", "chain"))


def both(
    first: list[dict[str, Any]],
    second: list[dict[str, Any]],
    decide: Any = None,
    one_sided: OneSided = "kept",
) -> Merged:
    sources = [
        Source({"id": "J1", "parts": parts}, origins_of({}, file=file, place=""))
        for file, parts in (("a.json", first), ("b.json", second))
    ]
    return merge_sources(JOB, *sources, decide or (lambda _: None), one_sided=one_sided)


def read(text: str) -> Decisions:
    return read_decisions(read_yaml(text.encode(), "d.yaml"), date(2026, 5, 4))


def filled(conflicts: list[Conflict]) -> str:
    text = decisions_text(("job", "J1", conflict) for conflict in conflicts)
    return text.replace("take:\n  reason:\n  by_role:\n  'on':\n", DECIDED)


def decided(text: str, *parts: list[dict[str, Any]]) -> Merged:
    decisions = read(text)
    return both(*parts, decide=lambda conflict: decisions.of("job", "J1", conflict))


BEFORE = [{**BELL, "worn": True}], [{**BELL, "worn": False}]


def test_a_decision_names_its_item_by_what_tells_it_from_others() -> None:
    text = filled(both(*BEFORE).conflicts)
    assert "  fact: parts[].worn\n  item:\n  - name: bell\n    fitted_on: '2026-01-02'\n" in text
    assert decided(text, *BEFORE).facts["parts"] == [{**BELL, "worn": False}]


def test_an_item_inserted_before_it_takes_no_decision_from_it() -> None:
    newer = [[{**CHAIN, **part[0], "name": "chain"}, *part] for part in BEFORE]
    found = decided(filled(both(*BEFORE).conflicts), *newer)
    assert found.facts["parts"] == [CHAIN, {**BELL, "worn": False}]
    assert [(each.pointer, each.item) for each in found.conflicts] == [("/parts/0/worn", [CHAIN])]


MANY = [{"name": f"part {n}", "fitted_on": "2026-01-02"} for n in range(11)]


@pytest.mark.parametrize("older", [False, True])
def test_a_list_that_lacks_an_item_is_not_called_empty_and_keeps_its_others(older: bool) -> None:
    text = filled(both(MANY, MANY[1:], one_sided="asked").conflicts)
    said = "value: does not list this one (lists 10 others)\n"
    assert f"  second:\n    {said}" in text
    decisions = read(text.replace(said, "value: []\n") if older else text)
    found = both(MANY, MANY[1:], lambda each: decisions.of("job", "J1", each), "asked")
    assert found.facts["parts"] == MANY[1:]
    assert [each["value"] for each in found.origins["/parts"]["said"]] == [
        MANY[:1], "does not list this one (lists 10 others)",
    ]  # fmt: skip


def test_lists_with_nothing_in_common_are_not_recorded_where_neither_is_taken() -> None:
    found = both([BELL], [CHAIN], one_sided="asked")
    assert "parts" not in found.facts
    [conflict] = both([BELL], [], one_sided="asked").conflicts
    assert (conflict.first, conflict.second) == ([BELL], [])


def test_of_two_items_with_one_key_none_is_matched_and_it_is_told() -> None:
    twice = [{**BELL, "worn": True}, {**BELL, "worn": False}]
    found = both(twice, [{**BELL, "fitted": True}])
    assert [(each.fact, len(each.first), len(each.second)) for each in found.conflicts] == [
        ("parts", 2, 1)
    ]
    assert found.remarks == [
        "/parts: several items of one source have the same key, so none of them was matched (2)"
    ]


OWN = DECIDED.replace("take: 2", "take: own\n  value: [{name: lamp}]")


def test_own_items_are_taken_from_the_file() -> None:
    text = filled(both([BELL], [CHAIN]).conflicts).replace(DECIDED, OWN)
    assert decided(text, [BELL], [CHAIN]).facts["parts"] == [{"name": "lamp"}]


@pytest.mark.parametrize(
    ("take", "now", "fault"),
    [
        ("2", [{**BELL, "worn": False}], None),
        ("both", [{**BELL, "worn": False}], NO_LISTS),
        ("2", [{**BELL, "worn": None}], NO_DIFFERENCE),
    ],
)
def test_why_an_entry_decides_nothing(take: str, now: Any, fault: str | None) -> None:
    text = filled(both(*BEFORE).conflicts).replace("take: 2", f"take: {take}")
    decisions = read(text)
    both(BEFORE[0], now, lambda conflict: decisions.of("job", "J1", conflict))
    where = ["d.yaml:9: parts[].worn of J1"]
    assert decisions.unused() == ({} if fault is None else {fault: where})


def test_an_entry_of_other_values_that_differ_still_is_told_as_such() -> None:
    decisions = read(filled(both([BELL], [CHAIN]).conflicts))
    both([BELL], [{**CHAIN, "name": "lamp"}], lambda each: decisions.of("job", "J1", each))
    assert decisions.unused() == {CHANGED: ["d.yaml:9: parts of J1"]}
    turned = read(filled(both([BELL], [CHAIN]).conflicts))
    both([CHAIN], [BELL], lambda each: turned.of("job", "J1", each))
    assert turned.unused() == {TURNED: ["d.yaml:9: parts of J1"]}


OLD = f"""\
decisions:
- record: J1
  kind: job
  fact: FACT
  first: {{value: true, from: a.json}}
  second: {{value: false, from: b.json}}
  {DECIDED}"""


SAFE = OLD.replace("FACT", "safe")
LACKS_VALUE = "'take' is 'own': give 'value', what counts instead of both"
SPARE_VALUE = "'value' is given, but 'take' is not 'own'; leave one of them out"


def test_a_decision_of_an_older_file_is_read_where_no_place_in_a_list_names_it() -> None:
    [conflict] = merge_sources(
        JOB,
        Source({"id": "J1", "loan": {"agreed": True}}, {"": {"file": "a.json"}}),
        Source({"id": "J1", "loan": {"agreed": False}}, {"": {"file": "b.json"}}),
    ).conflicts
    found = read(OLD.replace("FACT", "/loan/agreed")).of("job", "J1", conflict)
    assert found is not None
    assert found.take == "2"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            OLD.replace("FACT", "/parts/0/worn"),
            "'/parts/0/worn' names an item by its place in a list, which changes when another is "
            "added; have a new file written (name one that does not exist), and copy take, "
            "reason, by_role and on into its entries",
        ),
        (
            SAFE + OLD.replace("FACT", "/safe").partition("\n")[2],
            "decides what the entry at d.yaml:2: safe of J1 decides too; keep one of them",
        ),
        (SAFE.replace("seen", ""), "'take' is filled in, and 'reason' is not"),
        (
            SAFE.replace("2026-01-05", "5/5/26"),
            "expected a day such as 2026-05-04, found '5/5/26'",
        ),
        (SAFE.replace("2026-01-05", "2199-05-04"), doubt("2199-05-04", date(2026, 5, 4))),
        (
            SAFE.replace("take: 2", "take: second"),
            "expected 1, 2, 'both', 'neither' or 'own', found 'second'.",
        ),
        (SAFE.replace("take: 2", "take: own"), LACKS_VALUE),
        (SAFE.replace("take: 2", "take: 1\n  value: true"), SPARE_VALUE),
    ],
)
def test_a_decision_that_is_half_or_about_no_one_fact_is_refused(text: str, message: str) -> None:
    with pytest.raises(PackError) as caught:
        read(text)
    assert [problem.message for problem in caught.value.problems] == [message]
