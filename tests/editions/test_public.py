"""The public document: what is printed, what it is made of, and when it is refused."""

from __future__ import annotations

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
from scr_audit.editions.public import counts_behind, rounded, verdict
from scr_audit.errors import InputError
from scr_audit.report.formats import Look, Templates, render_report
from scr_audit.report.public_page import public_page
from scr_audit.report.screen import render_screen
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
        assert len({render_report(made, tmp_path / name, LOOK)[name] for made in documents}) == 1, (
            each
        )
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


def test_a_record_is_published_once() -> None:
    quarters = [records(20, "mixed", at) for at in range(4)]
    first, year = bundle(quarters[0]), bundle([record for each in quarters for record in each])
    changed = bundle([{**quarters[0][0], "a-record": ["error"]}, *quarters[0][1:]])
    one_more = bundle([*quarters[0], quarters[1][0]])
    for now, earlier in ((year, first), (first, year), (changed, first), (one_more, first)):
        with pytest.raises(InputError) as caught:
            public_document(now, [earlier])
        assert str(caught.value) == (
            "20 cases of this run are in the public edition of the run as of 24 November 2026, and "
            "a record is published once: publications that share some tell small counts together. "
            "Publish the year or its quarters, not both; the board edition may have both"
        )
    document = public_document(bundle(quarters[1], 20), [first])
    assert [run["as_of"] for run in document["earlier"]] == ["2026-11-24"]


def test_all_of_the_same_records_may_be_told_of_alike_or_by_other_rules() -> None:
    people = of_counts((20, 10, 0), number=30)
    other = _renamed(bundle(people), "rule-0", "other")
    for rule in other["rules"]:
        rule["meaning"] = "other"
    assert public_document(other, [bundle(people)])["rules"]
    assert public_document(bundle(people), [bundle(people), other])["rules"]  # it was lost, say
    changed = bundle(of_counts((19, 11, 0), number=30))
    with pytest.raises(InputError, match="a record is published once"):
        public_document(changed, [bundle(people), other])
    fewer = _renamed(bundle(people[:25]), "rule-0", "third")
    with pytest.raises(InputError, match="25 cases of this run are in the public edition"):
        public_document(fewer, [bundle(people)])


def test_a_kind_whose_records_were_published_is_left_out_and_said() -> None:
    def audit(first: int) -> dict[str, Any]:
        of_returns = (30, 20 - first // 60, 10)
        made = bundle(of_counts((30, 20, 10), of_returns), first)
        made["pack"]["kinds"]["return"] = "returns"
        made["rules"][1]["record"] = "return"
        returns = [{**each, "id": f"S{at}", "kind": "return"}
                   for at, each in enumerate(made["records"])]  # fmt: skip
        made["records"] += returns
        return made

    document = public_document(audit(60), [audit(0)])
    assert [rule["id"] for rule in document["rules"]] == ["rule-0"]
    assert document["kinds_told_before"] == ["returns"]
    told = "Rules that judge returns are left out: the same were published before."
    assert told in public_page(document).sentences
    Draft202012Validator(json_schema("public")).validate(document)
    after = public_document(audit(120), [audit(0), audit(60)])
    assert [[line["id"] for line in run["rules"]] for run in after["earlier"]] == [
        ["rule-0", "rule-1"], ["rule-0"],
    ]  # fmt: skip


def _renamed(made: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    """The bundle with another id of a rule that asks the same."""
    for rule in made["rules"]:
        rule["id"] = new if rule["id"] == old else rule["id"]
    for finding in made["findings"]:
        finding["rule"] = new if finding["rule"] == old else finding["rule"]
    return made


def test_a_rule_that_asks_the_same_under_another_id_is_the_same() -> None:
    people, changed = of_counts((20, 10, 0), number=30), of_counts((19, 11, 0), number=30)
    with pytest.raises(InputError, match="a record is published once"):
        public_document(_renamed(bundle(changed), "rule-0", "new"), [bundle(people)])
    document = public_document(_renamed(bundle(people, 30), "rule-0", "new"), [bundle(people)])
    assert [line["id"] for run in document["earlier"] for line in run["rules"]] == ["new"]


def test_ids_that_look_alike_are_taken_for_one_record() -> None:
    first = records(20, "mixed", 0)
    respelled = bundle([*first, *records(1, "mixed", 9)])
    for item in [*respelled["records"], *respelled["findings"]]:
        name = "id" if "id" in item else "record"
        item[name] = item[name].replace("R", "r")
    with pytest.raises(InputError, match="20 cases of this run are in"):
        public_document(respelled, [bundle(first)])


def test_an_earlier_run_without_records_cannot_be_laid_beside_it() -> None:
    before = bundle(records(20, "mixed", 1), records=[], findings=[])
    with pytest.raises(InputError, match="keeps no records, so nobody can tell"):
        public_document(bundle(records(20, "mixed", 2), 20), [before])


@pytest.mark.parametrize("number", [1, 5, 6, 13])
def test_the_screen_shows_five_rules_and_counts_the_others_and_the_table_shows_all(
    number: int,
) -> None:
    found = bundle(of_counts(*[(20, 20, 0)] * number))
    for at, rule in enumerate(found["rules"]):
        rule["title"] = f"Title-{at}"
    document = public_document(found)
    titles = [rule["title"] for rule in document["rules"]]
    render_screen(document, Console(file=(screen := io.StringIO()), width=100))
    assert re.findall(r"Title-\d+", screen.getvalue()) == titles[:5]
    assert re.findall(r"^and (.*); --full shows all$", screen.getvalue(), re.MULTILINE) == {
        6: ["1 more rule"], 13: ["8 more rules"],
    }.get(number, [])  # fmt: skip
    assert re.findall(r"Title-\d+", terminal(document)) == titles
