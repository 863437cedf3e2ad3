"""The public document: what is printed, what it is made of, and when it is refused."""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from invented import OUTCOMES, Record, bundle, records
from jsonschema import Draft202012Validator
from rich.console import Console

from scr_audit.editions import public_document
from scr_audit.editions.public import verdict
from scr_audit.editions.ranges import counts_behind, rounded
from scr_audit.errors import InputError
from scr_audit.report.formats import Look, Templates, render
from scr_audit.report.public import public_page
from scr_audit.report.terminal import render_terminal
from scr_audit.schemas import json_schema
from scr_audit.stats.shares import against_standard, rates

LOOK = Look(Templates(Path(__file__).parents[2] / "reports"))
FORMATS = ("html", "md", "csv", "xlsx", "docx", "pdf")
JUDGED = OUTCOMES[:3]
FORBIDDEN = {
    "records", "findings", "record", "facts", "reason", "remedy", "pointer", "criteria", "file",
    "files", "sha256", "frame_sha256", "meaning", "seed", "frame", "drawn", "reserve", "replaced",
    "missing", "interval", "low", "high", "not_applicable", "excepted", "error", "agency", "theme",
    "agencies", "themes", "groups", "recommendations", "anonymity", "k", "actions", "left_out",
    "exceptions", "moderation", "compared", "trend", "provenance", "location", "advice",
}  # fmt: skip


def of_counts(*rules: Sequence[int], number: int = 60) -> list[Record]:
    """Records that give each rule so many met, not met and not evidenced units, one a record."""
    columns = []
    for counts in rules:
        judged = [name for name, count in zip(JUDGED, counts, strict=True) for _ in range(count)]
        columns.append(judged + ["not_applicable"] * (number - len(judged)))
    return [{f"rule-{at}": [column[row]] for at, column in enumerate(columns)}
            for row in range(number)]  # fmt: skip


def with_standard(found: dict[str, Any], share: float) -> dict[str, Any]:
    for rule in found["rules"]:
        rule["standard"] = {"share": share, "verdict": "cannot_tell"}
    return found


def keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
    for item in value.values() if isinstance(value, dict) else value:
        if isinstance(item, dict | list):
            yield from keys(item)


def sentences(found: dict[str, Any]) -> str:
    return " ".join(public_page(public_document(found)).sentences)


@pytest.mark.parametrize(
    ("count", "printed"),
    [(0, None), (7, None), (8, 10), (12, 10), (13, 15), (17, 15), (18, 20), (302, 300)],
)
def test_a_count_is_rounded_to_the_nearest_5_or_fewer_than_8(
    count: int, printed: int | None
) -> None:
    assert rounded(count) == printed
    assert count in counts_behind(printed)


def test_what_may_lie_behind_a_printed_count_is_all_that_prints_so() -> None:
    for printed in (None, *range(10, 200, 5)):
        assert list(counts_behind(printed)) == [n for n in range(300) if rounded(n) == printed]


def test_no_key_of_a_record_a_draw_or_another_table_occurs() -> None:
    quarters = [bundle(records(20, "mixed", at), at * 20) for at in range(2)]
    document = public_document(with_standard(quarters[1], 0.9), quarters[:1])
    assert set(keys(document)) & FORBIDDEN == set()
    Draft202012Validator(json_schema("public")).validate(document)


def test_counts_changed_behind_the_same_printed_numbers_give_the_same_bytes(
    tmp_path: Path,
) -> None:
    first = with_standard(bundle(of_counts((50, 6, 4), (9, 40, 2), (3, 1, 0))), 0.9)
    second = with_standard(bundle(of_counts((49, 7, 4), (11, 40, 0), (2, 0, 3))), 0.9)
    assert first["rules"] != second["rules"]
    documents = [public_document(found) for found in (first, second)]
    assert documents[0] == documents[1]
    for each in FORMATS:
        name = f"r.{each}"
        assert len({render(made, tmp_path / name, LOOK)[name] for made in documents}) == 1, each
    assert len({terminal(made) for made in documents}) == 1


def terminal(document: dict[str, Any]) -> str:
    stream = io.StringIO()
    render_terminal(document, Console(file=stream, width=100))
    return stream.getvalue()


def test_every_split_of_one_line_is_told_by_its_printed_numbers_alone() -> None:
    """By printed numbers: one document, and a verdict that each split behind them agrees with."""
    splits: dict[tuple[int | None, ...], list[tuple[int, int, int]]] = {}
    for met in range(31):
        for not_met in range(31 - met):
            for silent in range(31 - met - not_met):
                counts = (met, not_met, silent)
                printed = tuple(map(rounded, (*counts, sum(counts))))
                splits.setdefault(printed, []).append(counts)
    told = set()
    for printed, found in splits.items():
        names = dict(zip((*JUDGED, "judged"), printed, strict=True))
        said = {share: verdict(names, share) for share in (0.3, 0.9, 1.0)}
        for share, word in said.items():
            true = {against_standard(rates(*counts), share) for counts in found}
            assert word == (true.pop() if true in ({"met"}, {"below"}) else "cannot_tell")
            told.add(word)
    assert told == {"met", "below", "cannot_tell"}


def test_a_share_is_told_of_80_judged_or_more_and_never_of_all() -> None:
    counts = [(70, 9, 0), (78, 10, 0), (90, 0, 1), (100, 0, 0), (3, 96, 0)]
    document = public_document(bundle(of_counts(*counts, number=100)))
    assert {rule["id"]: rule["share"] for rule in document["rules"]} == {
        "rule-0": 70 / 80, "rule-1": 80 / 90, "rule-2": None, "rule-3": None, "rule-4": None,
    }  # fmt: skip
    said = {row[0]: row[3] for row in public_page(document).rules.rows}
    assert said["rule-1"] == "about 80 of about 90 cases, 89%"
    assert said["rule-3"] == "all or nearly all of about 100 cases"
    assert said["rule-4"] == "fewer than 8 of about 100 cases"


def test_the_order_is_by_printed_share_those_without_one_last_then_by_id() -> None:
    counts = [(3, 0, 0), (58, 0, 0), (30, 30, 0), (2, 50, 0), (31, 29, 0)]
    document = public_document(bundle(of_counts(*counts)))
    assert [rule["id"] for rule in document["rules"]] == [
        "rule-2", "rule-4", "rule-1", "rule-0", "rule-3",
    ]  # fmt: skip


def test_sentences_never_say_that_there_is_nothing() -> None:
    told = sentences(with_standard(bundle(of_counts((0, 0, 0), (5, 0, 0), (40, 20, 0))), 1))
    assert "60 cases were judged by 3 rules." in told
    assert "2 checks rest on too few cases to publish." in told
    assert "0 met, 1 below and 2 cannot be told from rounded numbers" in told
    found = public_page(public_document(bundle(of_counts((60, 0, 0))))).rules.rows
    assert found[0][3:7] == ("all or nearly all of about 60 cases", 60, *["fewer than 8"] * 2)
    assert not re.search(r"\bnothing\b|\bnone\b|\bno \w+ (was|were)\b", f"{told} {found}")


def test_fewer_than_20_records_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        public_document(bundle(records(19, "mixed", 1)))
    assert str(caught.value) == (
        "the public edition needs at least 20 records of a kind; this run judged 19 cases. "
        "Publish a longer period, or give the board edition to those who may see it"
    )


def test_identifiable_records_are_refused() -> None:
    found = bundle(records(20, "mixed", 1), anonymity={"allowed": "agreed"})
    with pytest.raises(InputError, match="not made of identifiable records"):
        public_document(found)


def test_a_kind_of_which_there_are_few_is_left_out_and_said() -> None:
    found = bundle(of_counts((30, 20, 10), (30, 20, 10)))
    found["pack"]["kinds"]["return"] = "returns"
    found["rules"][1]["record"] = "return"
    found["findings"] = [each for each in found["findings"] if each["rule"] == "rule-0"]
    document = public_document(found)
    assert [rule["id"] for rule in document["rules"]] == ["rule-0"]
    assert "Rules that judge returns are left out: there are fewer than 20 records of each." in (
        public_page(document).sentences
    )


def test_a_quarter_beside_its_year_is_allowed_and_one_record_more_is_not() -> None:
    quarters = [records(20, "mixed", at) for at in range(4)]
    year = [record for quarter in quarters for record in quarter]
    first = bundle(quarters[0])
    document = public_document(bundle(year), [first])
    assert [run["as_of"] for run in document["earlier"]] == ["2026-11-24"]
    with pytest.raises(InputError) as caught:
        public_document(bundle([*quarters[0], quarters[1][0]]), [first])
    assert str(caught.value) == (
        "beside those published before, the public edition would show 1 case alone: it is in this "
        "run and in no other, or with other findings there. At least 20 are needed. Let them wait "
        "for the next period"
    )


def _renamed(made: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    """The bundle with another id of a rule that asks the same."""
    for rule in made["rules"]:
        rule["id"] = new if rule["id"] == old else rule["id"]
    for finding in made["findings"]:
        finding["rule"] = new if finding["rule"] == old else finding["rule"]
    return made


def test_a_rule_that_asks_the_same_under_another_id_is_the_same() -> None:
    *halves, year = _halves((18, 4, 0), (18, 4, 0))
    for first, last in (("old", "rule-0"), ("rule-0", "new"), ("old", "new")):
        parts = [_renamed(copy.deepcopy(half), "rule-0", first) for half in halves]
        document = public_document(_renamed(copy.deepcopy(year), "rule-0", last), parts)
        assert document["rules"] == []
        assert [line["id"] for line in document["in_ranges"]] == [last]
        assert _in_ranges(document)["met"] == (36, 37)
        assert [line["id"] for part in document["earlier"] for line in part["rules"]] == [last] * 2
    people = [{"rule-0": ["met"]}] * 21
    with pytest.raises(InputError, match="would show 1 case alone"):
        public_document(_renamed(bundle(people), "rule-0", "new"), [bundle(people[:20])])


def test_of_rules_that_changed_their_ids_each_is_held_against_what_asked_the_same() -> None:
    first, second = (
        of_counts((18, 4, 0), (11, 11, 0), number=22),
        of_counts((18, 4, 0), (9, 13, 0), number=22),
    )
    halves = [bundle(first), bundle(second, 22)]
    for half in halves:
        _renamed(_renamed(_renamed(half, "rule-0", "x"), "rule-1", "rule-0"), "x", "rule-1")
    lines = public_document(bundle([*first, *second]), halves)["in_ranges"]
    assert {line["id"]: line["met"]["least"] for line in lines} == {"rule-0": 36, "rule-1": 18}


def test_ids_that_look_alike_are_taken_for_one_record() -> None:
    first = records(20, "mixed", 0)
    respelled = bundle([*first, *records(1, "mixed", 9)])
    for item in [*respelled["records"], *respelled["findings"]]:
        name = "id" if "id" in item else "record"
        item[name] = item[name].replace("R", "r")
    with pytest.raises(InputError, match="would show 1 case alone"):
        public_document(respelled, [bundle(first)])


def test_a_record_with_changed_findings_is_another_record() -> None:
    before = of_counts((40, 20, 0))
    now = [{"rule-0": ["not_met"]}, *before[1:]]
    assert before[0] != now[0]
    with pytest.raises(InputError, match="1 case alone: it is in the run as of 24 November 2026 "):
        public_document(bundle(now), [bundle(before)])


def test_three_publications_together_are_looked_at() -> None:
    """Each pair shares or differs by 20 at least; what all three leave over is 10."""
    people = records(60, "mixed", 1)
    first, second = bundle(people[:40]), bundle([*people[:20], *people[30:50]])
    second["records"], second["findings"] = _as(people, [*range(20), *range(30, 50)])
    with pytest.raises(InputError, match="10 cases alone"):
        public_document(bundle(people), [first, second])


def _halves(*counts: Sequence[int]) -> list[dict[str, Any]]:
    """The bundles of parts with such counts of one rule, and of their year."""
    parts = [of_counts(each, number=sum(each)) for each in counts]
    firsts = [sum(map(sum, counts[:at])) for at in range(len(counts))]
    made = [bundle(part, first) for part, first in zip(parts, firsts, strict=True)]
    return [*made, bundle([record for part in parts for record in part])]


def _in_ranges(document: dict[str, Any]) -> dict[str, tuple[int, int | None]]:
    [line] = document["in_ranges"]
    return {name: (line[name]["least"], line[name]["most"]) for name in (*JUDGED, "judged")}


def test_beside_its_halves_a_year_tells_met_in_a_range_and_what_they_told_added_up() -> None:
    *halves, year = _halves((18, 4, 0), (18, 4, 0))
    document = public_document(year, halves)
    assert document["rules"] == []
    # The halves allow 36 to 44; of the class of 33 to 37 that leaves two.
    assert _in_ranges(document) == {
        "met": (36, 37), "not_met": (0, 8), "not_evidenced": (0, 8), "judged": (36, 44),
    }  # fmt: skip
    Draft202012Validator(json_schema("public")).validate(document)


def test_the_range_of_a_class_that_holds_only_an_end_is_made_wider() -> None:
    quarters = [(18, 2, 0)] * 4  # of 20 each: 72 to 80, and a class ends with 72
    *parts, year = _halves(*quarters)
    assert _in_ranges(public_document(year, parts))["met"] == (72, 77)
    *parts, year = _halves(*quarters[:3], (20, 0, 0))
    assert _in_ranges(public_document(year, parts))["met"] == (72, 77)
    *parts, year = _halves(*[(20, 0, 0)] * 3, (18, 2, 0))
    assert _in_ranges(public_document(year, parts))["met"] == (78, 82)


def test_of_a_rule_that_judges_records_no_more_are_told_than_there_are() -> None:
    *parts, year = _halves(*[(20, 0, 0)] * 4)
    for each in (*parts, year):
        each["rules"][0]["unit"] = "case"
    told = _in_ranges(public_document(year, parts))
    assert (told["met"], told["judged"]) == ((78, 80), (72, 80))


def test_a_rest_that_nothing_tells_of_has_no_most() -> None:
    first, _, year = _halves((18, 4, 0), (10, 20, 0))
    told = _in_ranges(public_document(year, [first]))
    assert told["met"] == (28, 32)
    assert told["not_met"] == (0, None)


def test_a_year_of_parts_without_small_counts_is_printed_in_full() -> None:
    *halves, year = _halves((20, 10, 12), (10, 30, 12))
    document = public_document(year, halves)
    assert document["in_ranges"] == []
    assert [line["not_met"] for line in document["rules"]] == [40]


def test_a_part_after_its_whole_is_told_in_ranges() -> None:
    first, _, year = _halves((20, 10, 12), (10, 30, 12))
    assert _in_ranges(public_document(first, [year]))["met"] == (18, 22)


def test_where_ids_of_one_run_look_alike_so_that_nothing_adds_up_nothing_is_told() -> None:
    twice = bundle(of_counts((40, 0, 0), number=40))
    for item in [*twice["records"], *twice["findings"]]:
        name = "id" if "id" in item else "record"
        number = int(item[name].removeprefix("R"))
        item[name] = f"{'Rr'[number % 2]}{number // 2}"
    document = public_document(twice, [bundle(of_counts((20, 0, 0), number=20))])
    assert _in_ranges(document)["met"] == (0, None)


def test_what_was_told_in_ranges_before_is_not_repeated_as_rounded() -> None:
    *halves, whole = _halves((18, 4, 0), (18, 4, 0))
    halves_of_it = of_counts((18, 4, 0), number=22)
    later = bundle([*halves_of_it, *halves_of_it, *of_counts((20, 0, 0), number=20)])
    document = public_document(later, [*halves, whole])
    assert [[line["id"] for line in run["rules"]] for run in document["earlier"]] == [
        ["rule-0"], ["rule-0"], [],
    ]  # fmt: skip


def test_counts_changed_behind_the_same_class_give_the_same_ranges() -> None:
    *first, year = _halves((18, 4, 0), (19, 1, 2))
    *second, other = _halves((19, 0, 3), (18, 4, 0))
    assert public_document(year, first) == public_document(other, second)


def test_ranges_are_said_in_every_format_and_on_the_terminal(tmp_path: Path) -> None:
    *halves, year = _halves((18, 4, 0), (18, 4, 0))
    document = public_document(year, halves)
    page = public_page(document)
    assert (
        "1 rule is told in ranges, without a standard, and last: beside what was published before, "
        "rounded numbers could tell counts below 5. Only what is met is new; the other ranges are "
        "added up from what was published."
    ) in page.sentences
    assert page.rules.rows[0][3:] == (
        "36 to 37 of 36 to 44 cases", "36 to 37", "0 to 8", "0 to 8", "36 to 44", None, "",
    )  # fmt: skip
    assert page.earlier.rows[0] == ("rule-0", *["all or nearly all of about 20"] * 2, "36 to 37")
    for each in ("html", "md", "csv"):
        name = f"r.{each}"
        assert b"36 to 37 of 36 to 44 cases" in render(document, tmp_path / name, LOOK)[name]
    assert "36 to 37 of 36 to 44 cases" in terminal(document)


def _as(people: list[Record], numbers: list[int]) -> tuple[list[Any], list[Any]]:
    whole = bundle(people)
    ids = {f"R{number}" for number in numbers}
    return (
        [each for each in whole["records"] if each["id"] in ids],
        [each for each in whole["findings"] if each["record"] in ids],
    )


def test_an_earlier_run_without_records_cannot_be_laid_beside_it() -> None:
    before = bundle(records(20, "mixed", 1), records=[], findings=[])
    with pytest.raises(InputError, match="keeps no records, so nobody can tell"):
        public_document(bundle(records(20, "mixed", 2), 20), [before])


@pytest.mark.parametrize("number", [1, 9, 10, 11, 13])
def test_the_terminal_lists_the_rules_from_the_first_and_counts_the_others(number: int) -> None:
    document = public_document(bundle(of_counts(*[(20, 20, 0)] * number)))
    lines = terminal(document).splitlines()
    listed = [line.split()[0] for line in lines if line.startswith("rule-")]
    assert listed == [rule["id"] for rule in document["rules"]][:10]
    more = [line for line in lines if line.startswith("and ")]
    assert more == {
        11: ["and 1 more rule; every other format has them"],
        13: ["and 3 more rules; every other format has them"],
    }.get(number, [])
