"""Words, percentages and order that every format shares."""

import io
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pypdf
import pytest
from report_sample import sample_bundle

from scr_audit.documents.parts import checker
from scr_audit.documents.run import RunBundle
from scr_audit.report.findings import Anchors
from scr_audit.report.formats import Look, Templates, render_report
from scr_audit.report.headline import headline, result_sentences
from scr_audit.report.standings import (
    chance_sentence,
    important_not_met,
    met_phrase,
    missing_facts,
    missing_sentence,
    missing_text,
    rule_phrase,
    standings,
    unit_text,
    worst_rules,
)
from scr_audit.report.wording import (
    all_listed,
    bounds_text,
    day_text,
    one_line,
    percent,
    place_text,
    rate_text,
    unit_words,
    visible,
)
from scr_audit.stats.shares import rates
from scr_audit.values.text import counted, plural


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (None, "no rate"),
        (0.0, "0%"),
        (0.001, "under 1%"),
        (0.625, "62%"),
        (0.996, "over 99%"),
        (0.9951, "over 99%"),
        (1.0, "100%"),
    ],
)
def test_a_percentage_never_rounds_to_all_or_nothing(share: float | None, said: str) -> None:
    assert percent(share) == said


@pytest.mark.parametrize(
    ("pointer", "said"),
    [
        ("", ""),
        ("/conferences/0", "action 1"),
        ("/plans/0/actions/2", "plans 1, action 3"),
        ("/plans/0/actions", "plans 1, list of actions"),
        ("/actions", "list of actions"),
    ],
)
def test_a_place_is_counted_from_one(pointer: str, said: str) -> None:
    assert place_text(pointer, "action", "actions") == said


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ([{"held": "2023-04-25"}], "contact of 25 April 2023"),
        ([{"held": "2023-09"}], "contact of September 2023"),
        ([{"held": "2023"}], "contact 2023"),
        ([{"held": "2023-04-25T09:30:00"}], "contact of 09:30 on 25 April 2023"),
        ([{"held": "2023-04-25T09:30:05.5"}], "contact of 09:30:05.5 on 25 April 2023"),
        ([{"name": "2023-04T09:30"}], "contact 2023-04T09:30"),
        ([{"name": "20230425"}], "contact 20230425"),
        ([{"name": "2023-13"}], "contact 2023-13"),
        (
            [{"booked": "2023-03-14", "due": "2023-09"}, {"held": "2023-04-25"}],
            "contact of 25 April 2023, within the one of 14 March 2023, due September 2023",
        ),
        ([{"name": "alpha"}, {}, {"name": "beta"}], "contact beta, within the one of alpha"),
        ([{"booked": "2023-03-14"}, {}], "contact 3"),
        ([], "contact 3"),
    ],
)
def test_a_unit_is_told_by_its_own_facts_and_then_by_those_it_is_in(
    key: list[dict[str, Any]], said: str
) -> None:
    assert unit_words(key, "/contacts/2", "contact", "contacts") == said


@pytest.mark.parametrize(
    ("pointer", "said"),
    [
        ("/pregnancies/0/contacts/2", "pregnancy of 14 March 2023, born in September 2023"),
        (
            "/people/0/youth/core_groups/1/contacts/2",
            "core group of 4 May 2023, within the one of x",
        ),
    ],
)
def test_what_a_unit_is_in_is_named_by_its_list(pointer: str, said: str) -> None:
    outer = [{"booked": "2023-03-14", "born_on_month": "2023-09"}]
    if "core_groups" in pointer:
        outer = [{"name": "x"}, {"date": "2023-05-04"}]
    key = [*outer, {"held": "2023-04-25"}]
    told = unit_words(key, pointer, "contact", "contacts")
    assert told == f"contact of 25 April 2023, within the {said}"


def test_hidden_characters_are_written_out_and_letters_are_not() -> None:
    assert visible("a\u200b\x9b\u2028שלום\n\t") == "a[U+200B][U+009B][U+2028]שלום\n\t"
    assert visible("\ufffd\ufffe\uffff") == "\ufffd[U+FFFE][U+FFFF]"
    assert one_line(" a\n\tb\r") == "a b[U+000D]"


def test_small_words() -> None:
    assert [plural(noun) for noun in ("case", "agency", "day", "box")] == [
        "cases", "agencies", "days", "boxes",
    ]  # fmt: skip
    assert [counted(number, "case") for number in (0, 1, 1200)] == [
        "0 cases",
        "1 case",
        "1,200 cases",
    ]
    assert [all_listed("abc"[:number]) for number in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert [day_text(day) for day in ("2026-11-24", "2026-11")] == ["24 November 2026", "2026-11"]


def test_the_headline_says_what_was_audited() -> None:
    assert headline(sample_bundle())[0] == (
        "As of 24 November 2026, 21 records from 1 file were read: 20 cases were judged and "
        "1 left out."
    )


def test_without_anything_judged_there_are_no_bounds() -> None:
    assert bounds_text({"low": None, "high": None}) == ""


def counts(met: int, not_met: int, not_evidenced: int) -> dict[str, Any]:
    """A group: its totals, and its rates as the run bundle has them."""
    return {
        "totals": {"met": met, "not_met": not_met, "not_evidenced": not_evidenced,
                   "not_applicable": 3, "excepted": 1, "error": 0},
        "rates": asdict(rates(met, not_met, not_evidenced)),
    }  # fmt: skip


def test_the_headline_tells_three_shares_then_chance_then_what_is_not_evidenced() -> None:
    whole = counts(40, 12, 8)
    bundle = {
        "totals": {
            "units": whole["totals"],
            "rates": whole["rates"],
            "records": {"judged": 20},
        },
        "rules": [{"rates": {"judged": 60}}, {"rates": {"judged": 0}}],
    }
    assert result_sentences(bundle) == [
        "1 of 2 rules made 60 findings that applied: 40 met (67%), 12 not met (20%) and 8 not "
        "evidenced (13%).",
        "Of the 52 that are evidenced, 77% are met (95% interval 64% to 86%, of chance alone). The "
        "interval takes each finding by itself, though several are of one record, so it is too "
        "narrow.",
        "8 are not evidenced, since the record does not say. Had none or all of that been done, "
        "67% to 80% of what applied would be met.",
        "Outside the rates: 3 not applicable, 1 excepted and 0 errors.",
    ]


@pytest.mark.parametrize(
    ("group", "chance", "missing"),
    [
        # The check value: 9 of 10 gives 0.596 to 0.982.
        (counts(9, 1, 0),
         "Of the 10 that are evidenced, 90% are met (95% interval 60% to 98%, of chance alone).",
         ""),
        (counts(0, 0, 4), "No rate, because nothing is evidenced.",
         "4 are not evidenced, since the record does not say. Had none or all of that been done, "
         "0% to 100% of what applied would be met."),
        (counts(0, 0, 0), "No rate, because nothing was judged.", ""),
    ],
)  # fmt: skip
def test_chance_and_missing_evidence_are_two_sentences(
    group: dict[str, Any], chance: str, missing: str
) -> None:
    assert chance_sentence(**group) == chance
    assert missing_sentence(**group) == missing
    assert rate_text(group["rates"]) == ("90%" if group["totals"]["met"] else "no rate")


def test_missing_evidence_makes_nothing_look_worse() -> None:
    """One of ten found not met is worse than nothing met where nothing is evidenced."""
    silent, failing, fine = counts(1, 0, 9), counts(9, 1, 0), counts(10, 0, 0)
    nothing = counts(0, 0, 0)
    ordered = worst_rules([nothing, silent, fine, failing, counts(5, 5, 0)])
    assert ordered == [counts(5, 5, 0), failing, silent, fine, nothing]


def rule(**changes: Any) -> dict[str, Any]:
    return {"unit": "conference", "unit_plural": "conferences", "record": "case",
            "totals": {"met": 14, "records": 11}, "rates": {"judged": 18}} | changes  # fmt: skip


def test_the_counting_unit_is_always_said() -> None:
    assert rule_phrase(rule()) == "14 of 18 conferences in 11 cases"
    assert rule_phrase(rule(unit="case", unit_plural="cases")) == "14 of 18 cases"
    assert rule_phrase(rule(rates={"judged": 0})) == "no conferences judged"
    silent = rule(totals={"met": 14, "records": 11, "not_evidenced": 2})
    assert met_phrase(silent) == "14 of 18 conferences in 11 cases met, 2 not evidenced"


def test_units_of_several_rules_are_judgements_of_named_things() -> None:
    row = next(row for row in standings(sample_bundle()) if row.id == "5.1")
    assert row.phrase == (
        f"{row.totals['met']} of {row.rates['judged']} findings on conferences and plans "
        "in 19 cases"
    )
    assert row.clustered


def test_the_most_important_are_the_most_severe_then_the_most_frequent() -> None:
    found = important_not_met(sample_bundle(), most=100)
    ranks = [("high", "medium", "low").index(rule["severity"]) for rule in found]
    assert ranks == sorted(ranks)
    highest = [rule["totals"]["not_met"] for rule in found if rule["severity"] == "high"]
    assert highest == sorted(highest, reverse=True)


def test_missing_facts_are_counted_by_question_once_a_finding() -> None:
    """A fact without a question goes by its pointer, whatever its position."""
    facts = [{"pointer": "/a/0", "value": None, "question": "Why?"},
             {"pointer": "/a/1", "value": None, "question": "Why?"}]  # fmt: skip
    findings = [
        {"outcome": "not_evidenced", "missing": ["/a/0", "/a/1"], "facts": facts},
        {"outcome": "not_evidenced", "missing": ["/b/7/c"], "facts": []},
        {"outcome": "not_evidenced", "missing": ["/b/12/c", "/a/2"], "facts": []},
        {"outcome": "not_met", "missing": ["/a/0"], "facts": facts},
    ]
    found = missing_facts(findings, 5)
    assert found == [("/b/*/c", 2, 1), ("Why?", 1, 1), ("/a/*", 1, 0)]
    assert missing_facts(findings, 1) == found[:1]
    assert missing_text(found[0]) == "leaves 2 findings open, 1 by itself"


def test_addresses_are_readable_and_never_the_same() -> None:
    anchors = Anchors()
    assert anchors.new("finding", "in-time", "C01", "/plans/0") == "finding-in-time-C01-plans-0"
    assert anchors.new("finding", "in-time", "C01", "/plans/0") == "finding-in-time-C01-plans-0-2"
    first, second = anchors.new("record", "א"), anchors.new("record", "ב")
    assert first != second
    assert first == Anchors().new("record", "א")


def test_the_sample_of_these_tests_is_a_run_bundle() -> None:
    assert checker(RunBundle)(sample_bundle())


@pytest.mark.parametrize("name", ["r.html", "r.md", "r.docx", "r.xlsx", "r.pdf"])
def test_every_report_is_stamped_where_identifiable_records_were_allowed(name: str) -> None:
    anonymity = {"allowed": "A court asked for it", "findings": 2, "uniqueness": [], "least_k": 3}
    bundle = {**sample_bundle(records=2, rules=2), "anonymity": anonymity}
    look = Look(Templates(Path(__file__).parents[2] / "reports"))
    text = text_of(render_report(bundle, Path(name), look)[name])
    assert "Not for publication: identifiable records were allowed" in text
    assert "A court asked for it" in text


def text_of(data: bytes) -> str:
    """The text of a report in any format, its spaces made even."""
    if data.startswith(b"%PDF"):
        pages = pypdf.PdfReader(io.BytesIO(data)).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())
    if not data.startswith(b"PK"):
        return data.decode()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "".join(archive.read(name).decode(errors="ignore") for name in archive.namelist())


def test_a_finding_tells_its_unit_by_a_key_that_the_schema_names_else_by_its_place() -> None:
    rule = {"unit": "referral", "unit_plural": "referrals", "record": "case"}
    finding = {"unit": "/referrals/1", "key": [{"received_on": "2026-05-05"}], "key_named": True}
    assert unit_text(finding, rule) == "referral of 5 May 2026"
    assert unit_text({**finding, "key_named": False}, rule) == "referral 2"
    assert unit_text({**finding, "key": None}, rule) == "referral 2"
    assert unit_text({**finding, "unit": "", "key": []}, rule) == ""
