"""The latest or earliest item of a list, shares and sums: verdict, reason and remedy."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from judging import judge, outcome
from small_pack import RULE_FILE, condition_problem, rule_file, write_pack
from worded import records

from scr_audit import Engine, Finding
from scr_audit.check.mutations import mutants
from scr_audit.evaluate.read_aloud import rule_lines
from scr_audit.packs.load import load_folder

LATEST = "{latest: parts as p, by: p.fitted_on, called: a part, that: p.worn}"
FIRST_WORN = "{earliest: parts as p, by: p.fitted_on, where: p.worn, that: p.fitted}"
SHARE = "{share: parts as p, where: p.fitted, called: a fitted part, that: p.worn, is: at least 50}"
MANY = "{share: parts as p, that: p.worn, is: at most 40 per cent}"
SUM = "{sum: parts as p, of: p.cost, where: p.fitted, called: a fitted part, is: at least 0.3}"
MAY, JUNE = "2026-05-04", "2026-06-01"


def part(name: str, **facts: Any) -> dict[str, Any]:
    return {"name": name, **facts}


OLD = part("bell", fitted_on=MAY, worn=True)
NEW = part("brake", fitted_on=JUNE, worn=False)


@cache
def engine_of(condition: str, says: str = "") -> Engine:
    schema = yaml.safe_load(records(("the {name}",)))
    schema["$defs"]["part"]["properties"]["cost"] = {
        "type": "number", "x-ask": "What did the part cost?", **({"x-says": says} if says else {}),
    }  # fmt: skip
    with TemporaryDirectory() as folder:
        files = {
            "records.yaml": yaml.safe_dump(schema, sort_keys=False),
            RULE_FILE: rule_file(f"require:\n  it: {condition}"),
        }
        return Engine(load_folder(write_pack(Path(folder), files)))


ALL_BRAKES = "{every: parts as q, that: q.name is 'brake'}"  # not met by a bell


def found(condition: str, *parts: dict[str, Any]) -> Finding:
    [finding] = engine_of(condition).evaluate({"id": "a", "parts": list(parts)})
    return finding


@pytest.mark.parametrize(
    ("condition", "parts", "expected", "reason"),
    [
        (LATEST, [OLD], "met", None),
        (LATEST, [OLD, NEW], "not_met", "The brake that was replaced was not worn."),
        (LATEST, [OLD, part("brake", worn=False)], "not_evidenced",
         "It is not recorded when the brake was fitted."),
        (LATEST, [OLD, part("brake", fitted_on="2026-05", worn=False)], "not_evidenced",
         "The brake was fitted in May 2026, and the day is not recorded. So it is open whether the "
         "rule is met."),
        (LATEST, [part("bell", fitted_on=JUNE, worn=True), NEW], "not_evidenced",
         "It cannot be told which of the parts of one day is the latest."),
        (LATEST, [part("bell", fitted_on=JUNE, worn=False), NEW], "not_met",
         "The bell that was replaced and the brake that was replaced were not worn."),
        (LATEST, [OLD, part("brake", fitted_on=JUNE)], "not_evidenced",
         "It is not recorded whether the brake that was replaced was worn."),
        (LATEST, [], "not_met", "The record says that there were no parts."),
        (FIRST_WORN, [{**NEW, "fitted_on": MAY}, {**OLD, "fitted_on": JUNE, "fitted": True}],
         "met", None),
        (FIRST_WORN, [NEW], "not_met", "The only part listed is not such a one."),
        (SHARE, [part("bell", fitted=True, worn=True), part("brake", fitted=True, worn=False)],
         "met", None),
        (SHARE, [part("bell", fitted=True, worn=False), part("brake", fitted=False)], "not_met",
         "The only part that counts as a fitted part is not as asked, and the rule asks for at "
         "least 50 per cent."),
        (SHARE, [part("bell", fitted=False)], "not_evidenced",
         "The only part listed is not a fitted part."),
        (SHARE, [part("bell", fitted=True)], "not_evidenced",
         "It is not recorded whether the bell that was replaced was worn."),
        (MANY, [part("bell", worn=True), part("brake", worn=False)], "not_met",
         "1 of the 2 parts is as asked, and the rule asks for at most 40 per cent."),
        (SUM, [part(name, fitted=True, cost=0.1) for name in ("bell", "brake", "front_light")],
         "met", None),
        (SUM, [part("bell", fitted=True, cost=0.25), part("brake", cost=0, fitted=True)], "not_met",
         "“What did the part cost?” comes to 0.25 for the 2 parts that count as a fitted part, and "
         "the rule asks for at least 0.3."),
        (SUM, [part("bell", fitted=True)], "not_evidenced",
         "Not recorded: “What did the part cost?”"),
        (SUM, [part("bell", fitted=True, cost=0.1), part("brake", fitted=True, cost=0.1999999)],
         "not_met", "“What did the part cost?” comes to 0.2999999 for the 2 parts that count as a "
         "fitted part, and the rule asks for at least 0.3."),
        (MANY, [*(part("bell", worn=True) for _ in range(3)), part("brake")], "not_met",
         "75 to 100 per cent of the 4 parts are as asked, and the rule asks for at most 40 per "
         "cent."),
    ],
)  # fmt: skip
def test_the_verdict_and_its_reason(
    condition: str, parts: list[dict[str, Any]], expected: str, reason: str | None
) -> None:
    finding = found(condition, *parts)
    assert finding.outcome == expected
    assert reason is None or finding.reason == reason


@pytest.mark.parametrize(
    ("condition", "parts"),
    [
        (LATEST, [OLD, NEW]),
        (f"[{LATEST}, {ALL_BRAKES}]", [OLD, part("brake", worn=False)]),
        (LATEST, []),
        (SHARE, [part("bell", fitted=True, worn=False), part("brake", fitted=True, worn=False)]),
        (MANY, [part("bell", worn=True), part("brake", worn=False)]),
        (SUM, [part("bell", fitted=True, cost=0.25), part("brake", fitted=True, cost=0)]),
        (f"[{SUM}, {ALL_BRAKES}]", [part("bell", fitted=True)]),
    ],
)
def test_what_would_have_to_be_different(condition: str, parts: list[dict[str, Any]]) -> None:
    remedy = found(condition, *parts).remedy
    assert remedy is not None
    assert remedy.changes


def test_the_number_that_leaves_a_sum_open_is_among_what_is_missing() -> None:
    finding = found(SUM, part("bell", fitted=True, cost=0.25), part("brake", fitted=True))
    assert finding.missing == ("/parts/1/cost",)


def test_what_may_still_come_in_time_is_not_yet_late() -> None:
    rule = "{latest: parts as p, by: p.fitted_on, that: p.fitted_on within 10 days after booked_on}"
    record = {"booked_on": "2026-05-01", "parts": [part("bell", fitted_on="2026-04-20")]}
    assert outcome(rule, record, date(2026, 5, 11)) == "not_applicable"
    assert outcome(rule, record, date(2026, 5, 12)) == "not_met"


def test_the_day_of_the_latest_is_told_with_how_late_it_was() -> None:
    rule = "{latest: parts as p, by: p.fitted_on, that: p.fitted_on within 10 days after booked_on}"
    record = {"booked_on": "2026-05-01", "parts": [part("bell", fitted_on="2026-05-13")]}
    [finding] = judge(f"require:\n  it: {rule}", record, date(2026, 6, 1))
    assert [late.text for late in finding.late] == ["2 days late"]


def test_the_questions_are_read_aloud() -> None:
    read = [
        f"{'  ' * line.depth}{line.text}"
        for condition in (LATEST, FIRST_WORN, SHARE, SUM)
        for line in list(rule_lines(engine_of(condition).pack.rules[0], {}))[2:-1]
    ]
    assert read == [
        "  of the latest part, by “When was the part fitted?”:",
        "    the part that was replaced was worn",
        "  of the earliest part, by “When was the part fitted?”:",
        "    where this is so:",
        "      the part that was replaced was worn",
        "    this is so:",
        "      the part was fitted",
        "  at least 50 per cent of the parts listed:",
        "    where this is so:",
        "      the fitted part was fitted",
        "    this is so:",
        "      the fitted part that was replaced was worn",
        "  “What did the part cost?” comes to at least 0.3 for the parts listed, of which this is "
        "so:",
        "    the fitted part was fitted",
    ]


@pytest.mark.parametrize(
    ("says", "several", "one", "asked"),
    [
        ("{it} [costs|does not cost] {value} pounds",
         "The 2 parts that count as a fitted part cost 0.2 pounds in all",
         "The 1 part that counts as a fitted part costs 0.2 pounds in all",
         "the parts listed cost at least 0.3 pounds in all"),
        ("the price of {it} [was|was not] {value}",
         "The price of the 2 parts that count as a fitted part was 0.2 in all",
         "The price of the 1 part that counts as a fitted part was 0.2 in all",
         "the price of the parts listed was at least 0.3 in all"),
    ],
)  # fmt: skip
def test_a_sum_is_said_in_the_words_of_its_fact(
    says: str, several: str, one: str, asked: str
) -> None:
    engine = engine_of(SUM, says)
    halves = [part(name, fitted=True, cost=0.1) for name in ("bell", "brake")]
    for parts, said in ((halves, several), ([part("bell", fitted=True, cost=0.2)], one)):
        [finding] = engine.evaluate({"id": "a", "parts": parts})
        assert finding.reason == f"{said}, and the rule asks for at least 0.3."
    lines = [line.text for line in rule_lines(engine.pack.rules[0], {})]
    assert f"{asked}, of which this is so:" in lines


def test_thousands_of_items_are_judged_and_named_in_time_that_grows_with_them() -> None:
    rule = "for_each: parts as part\nrequire: {it: part.fitted}\nif_none: not_applicable"
    parts = [part(f"part {number}", fitted=False) for number in range(3_000)]
    assert len({finding.reason for finding in judge(rule, {"parts": parts})}) == 1
    dated = [part("bell", fitted_on=MAY, worn=True) for _ in range(3_000)]
    assert found(LATEST, *dated).outcome == "met"


def test_each_part_of_them_is_mutated() -> None:
    changes = [
        mutant.change
        for condition in (FIRST_WORN, SUM)
        for mutant in mutants(engine_of(condition).pack.rules[0])
    ]
    assert changes == [
        "'earliest' is 'latest'", "'where' dropped", "'p.worn' is negated", "'p.fitted' is negated",
        "'at least' is 'more than'", "'at least' is 'fewer than'", "0.3 is 1.3", "'where' dropped",
        "'p.fitted' is negated",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("condition", "offset", "message"),
    [
        ("{latest: parts as p, that: p.worn}", 1, "'latest:' needs 'by:', the day of an item"),
        ("{latest: parts as p, by: p.worn, that: p.worn}", 25,
         "expected a date or a date and time; 'p.worn' is a yes/no fact"),
        ("{earliest: parts as p, by: booked_on, that: p.worn}", 27,
         "expected a fact of 'p', such as p.fitted_on; found booked_on"),
        ("{share: parts as p, that: p.worn, is: 50}", 38,
         "expected at least N, at most N, more than N or fewer than N, found '50'."),
        ("{share: parts as p, that: p.worn, is: more than 100 per cent}", 38,
         "no share is more than 100 per cent"),
        ("{share: parts as p, that: p.worn, is: at least price}", 47,
         "'price' may be above 100, which is no share; the record schema has to say "
         "'maximum: 100' of it"),
        ("{share: parts as p, that: p.worn, is: at least 101 per cent}", 47,
         "expected a number from 0 to 100, found 101"),
        ("{sum: parts as p, of: p.name, is: at least 3}", 22,
         "expected a number or a whole number; 'p.name' is a text"),
        ("{count: parts as p, of: p.name, is: at least 3}", 20,
         "unknown key 'of'. Allowed: count, is, where and called."),
    ],
)  # fmt: skip
def test_a_mistake_is_shown_with_its_place(
    tmp_path: Path, condition: str, offset: int, message: str
) -> None:
    problem, expected = condition_problem(tmp_path, condition, offset, message)
    assert expected in problem
