"""A rule read aloud: in the words of the schema, with what each item is called."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_pack import RULE_FILE, rule_file, write_pack
from worded import records

from scr_audit.evaluate.read_aloud import rule_lines
from scr_audit.packs.load import load_folder

RULE = """
for_each: parts as part
where: part.worn
applies_when: [not paid, returned_on is not recorded]
require:
  checked:
    some: part.checks as check
    where: check.passed
    called: a passed check
    that: check.on within {check_days} days after part.fitted_on
  fitted: {shown: part.fitted_on is recorded, said: part.fitted}
  kept: {not: {all: [safe, part.recalled]}}
  wheels: {any: [[wheels at least 2, 'model is one of city, cargo'], {none: parts as other}]}
except_when:
  returned: [returned_on on or before booked_on, paid]
  tools: tools includes all of pump, spanner
if_none: not_evidenced
in_force_on: booked_on
"""
READ = """\
Asked of each part of a job.
  Where no part is listed it is not evidenced.
It is about those only of which this is so:
  the part that was replaced was worn
It applies when this is so:
  the bicycle was not paid for
But not where it is recorded when the bicycle was returned.
Met when all of this is so:
  a passed check is listed for the part, of which this is so:
    the passed check was passed
    the passed check was made within 5 (3 from 1 July 2024) days after the part was fitted
  shown by this:
    it is recorded when the part was fitted
  or, where nothing shows it, said by this:
    the part was fitted
  not all of this:
    the bicycle was safe to ride
    the part has been recalled
  one of these:
    all of this together:
      the bicycle had at least 2 wheels
      the job was about a city or load-carrying bicycle
    no part is listed
No shortfall where both are so:
  the bicycle was returned on or before the day on which the job was booked
  the bicycle was paid for
No shortfall where this is so:
  the pump and spanner was used
Not evidenced where what would decide is not recorded, or where each item of a list has to be so \
and the list has none.
A date or a list counts first, and a bare yes or no only where there is none; not evidenced where \
one contradicts the other.
"""


def read(folder: Path, rule: str) -> str:
    files = {RULE_FILE: rule_file(rule), "records.yaml": records(("the {name}",))}
    pack = load_folder(write_pack(folder, files))
    lines = rule_lines(pack.rules[0], pack.parameters)
    return "".join(f"{'  ' * line.depth}{line.text}\n" for line in lines)


def test_a_rule_is_read_aloud(tmp_path: Path) -> None:
    assert read(tmp_path, RULE) == READ


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("safe", "the bicycle was safe to ride"),
        ("not safe", "the bicycle was not safe to ride"),
        ("model is city", "the job was about a city bicycle"),
        ("model is not cargo", "the job was not about a load-carrying bicycle"),
        ("wheels fewer than 3", "the bicycle had fewer than 3 wheels"),
        ("returned_on is recorded", "it is recorded when the bicycle was returned"),
        ("safe is not recorded", "it is not recorded whether the bicycle was safe to ride"),
        ("returned_on after booked_on", "the bicycle was returned after the job was booked"),
        ("booked_on before {as_of}", "the job was booked before the day of the audit"),
        ("not booked_on before 2026-01-01", "the job was booked not before 1 January 2026"),
        ("tools includes any of pump, spanner", "the pump or spanner was used"),
        ("labels includes several", "the bicycle carried more than one"),
        ("labels includes any of 'a', 'b'", "the bicycle carried at least one of “a” or “b”"),
        ("not labels includes any of 'a', 'b'", "the bicycle did not carry any of “a” or “b”"),
        ("labels includes all of 'a', 'b'", "the bicycle carried “a” and “b”"),
        (
            "labels includes any of 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'",
            "the bicycle carried at least one of “a”, “b”, “c”, “d”, “e”, “f”, “g”, “h” or “i”",
        ),
        (
            "{not: {any: [safe, paid]}}",
            "not:\n    one of these:\n      the bicycle was safe to ride",
        ),
        ("{count: parts as p, is: at least 2}", "at least 2 listed that count as parts"),
        (
            "{none: parts as p, called: a worn part, where: p.worn}",
            "no worn part is listed, of which this is so:\n"
            "    the worn part that was replaced was worn",
        ),
        (
            "{some: parts as p, that: {some: parts as q, that: q.fitted_on before p.fitted_on}}",
            "the other part was fitted before the part was fitted",
        ),
        (
            "{all: [opened_at within 1 hours after closed_at]}",
            "the job was opened within 1 hour after “closed at?”",
        ),
    ],
)
def test_a_line_is_said_in_the_words_of_its_fact(tmp_path: Path, condition: str, said: str) -> None:
    assert f"  {said}\n" in read(tmp_path, f"require:\n  it: {condition}")


@pytest.mark.parametrize(
    ("rule", "end"),
    [
        ("for_each: parts as part\nwhere: {WEIGHED}\nrequire: {it: safe}\nif_none: not_met",
         "not evidenced"),
        ("applies_when: {WEIGHED}\nrequire: {it: safe}", "not evidenced"),
        ("define: {sure: {WEIGHED}}\napplies_when: sure\nrequire: {it: safe}", "not evidenced"),
        ("require: {it: safe}\nexcept_when: {sure: {WEIGHED}}", "no permitted reason"),
        ("require: {it: {WEIGHED}}\nexcept_when: {sure: {WEIGHED}}",
         "not evidenced or no permitted reason"),
    ],
)  # fmt: skip
def test_what_a_contradiction_ends_in_is_said_wherever_it_stands(
    tmp_path: Path, rule: str, end: str
) -> None:
    said = read(tmp_path, rule.replace("{WEIGHED}", "{shown: returned_on is recorded, said: paid}"))
    assert said.splitlines()[-1] == (
        "A date or a list counts first, and a bare yes or no only where there is none; "
        f"{end} where one contradicts the other."
    )


def test_a_rule_applies_unless_a_fact_is_recorded(tmp_path: Path) -> None:
    said = read(tmp_path, "applies_when: returned_on is not recorded\nrequire: {it: safe}")
    assert "It applies unless it is recorded when the bicycle was returned.\n" in said


def test_facts_that_are_compared_are_said_as_what_they_tell(tmp_path: Path) -> None:
    said = read(tmp_path, "require: {it: {some: parts as p, that: p.name is customer}}")
    assert "    what the part was is the same as who asked for the job\n" in said
