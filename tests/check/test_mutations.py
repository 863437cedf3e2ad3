"""Mutations: every operator, threshold, member, part and criterion changed in turn."""

from pathlib import Path

import pytest
from small_pack import RULE_FILE, pack_of, rule_file, write_pack

from scr_audit.check.mutations import mutants, mutants_of_sentences
from scr_audit.check.pack_check import check_pack
from scr_audit.language.conditions import AnyOf, DefinitionUse, walk
from scr_audit.packs.load import load_folder
from scr_audit.packs.pack import Pack

RULE = """
for_each: [parts as part, part.checks as check]
where: part.worn
applies_when: {all: [paid, not safe]}
require:
  passed: check.passed
  known:
    any:
      - part.name is one of 'a', 'b'
      - wheels at least 2
  few: {count: parts as other, where: other.fitted, is: fewer than 3}
except_when:
  quick: {some: parts as other, where: other.worn, that: other.recalled}
  late: returned_on within {most_days} days after booked_on
if_none: [not_applicable, not_met]
"""
CHANGES = [
    "2:5 'where' dropped",
    "8:12 'part.worn' is negated",
    "2:5 'applies_when' dropped",
    "9:26 'all' is 'any'",
    "9:26 this part dropped",
    "9:26 'paid' is negated",
    "9:36 this part dropped",
    "9:36 'not' removed",
    "9:36 'safe' is negated",
    "11:7 'passed' dropped",
    "11:15 'check.passed' is negated",
    "12:7 'known' dropped",
    "14:13 'any' is 'all'",
    "14:13 this part dropped",
    "14:13 'is one of' is 'is not one of'",
    "14:13 'a' left out",
    "14:13 'b' left out",
    "15:13 this part dropped",
    "15:13 'at least' is 'more than'",
    "15:13 'at least' is 'fewer than'",
    "15:13 2 is 3",
    "15:13 2 is 1",
    "16:7 'few' dropped",
    "16:13 'fewer than' is 'at most'",
    "16:13 'fewer than' is 'at least'",
    "16:13 3 is 4",
    "16:13 3 is 2",
    "16:13 'where' dropped",
    "16:43 'other.fitted' is negated",
    "18:7 'quick' dropped",
    "18:15 'some' is 'every'",
    "18:15 'where' dropped",
    "18:44 'other.worn' is negated",
    "18:62 'other.recalled' is negated",
    "19:7 'late' dropped",
    "19:13 'within N days after' is 'within N days before'",
    "19:13 10 is 11",
    "19:13 10 is 9",
    "2:5 'if_none' of parts is not_met",
    "2:5 'if_none' of parts is not_evidenced",
    "2:5 'if_none' of part.checks is not_applicable",
    "2:5 'if_none' of part.checks is not_evidenced",
]


def changes_of(folder: Path, rule: str) -> list[str]:
    """What the mutants of a rule change, and where."""
    found = mutants(pack_of(folder, rule).rules[0])
    return [f"{each.place.line}:{each.place.column} {each.change}" for each in found]


def test_the_mutants_of_a_rule_change_each_part_in_turn(tmp_path: Path) -> None:
    assert changes_of(tmp_path, RULE) == CHANGES


def test_every_mutant_differs_from_its_rule_and_from_the_others_in_place_or_change(
    tmp_path: Path,
) -> None:
    rule = pack_of(tmp_path, RULE).rules[0]
    found = list(mutants(rule))
    assert all(mutant.rule != rule for mutant in found)
    assert len({(mutant.place, mutant.change) for mutant in found}) == len(found)


@pytest.mark.parametrize(
    ("condition", "changes"),
    [
        ("paid", ["'paid' is negated"]),
        ("not paid", ["'not' removed", "'paid' is negated"]),
        ("paid is recorded", ["'is recorded' is 'is not recorded'"]),
        ("model is city", ["'is' is 'is not'"]),
        ("model is one of city", ["'is one of' is 'is not one of'"]),
        ("tools includes any of pump", []),
        (
            "tools includes any of pump, welder",
            ["'includes any of' is 'includes all of'", "'pump' left out", "'welder' left out"],
        ),
        (
            "tools includes all of {safe_tools}",
            ["'includes all of' is 'includes any of'", "'pump' left out", "'spanner' left out"],
        ),
        (
            "price at most 0",
            ["'at most' is 'fewer than'", "'at most' is 'more than'", "0 is 1"],
        ),
        ("booked_on before returned_on", ["'before' is 'on or before'", "'before' is 'after'"]),
        ("booked_on within 0 days after returned_on", ["0 is 1"]),
        ("{none: parts as p}", ["'none' is 'some'"]),
        ("{some: parts as p}", []),
        (
            "{every: parts as p, that: p.worn}",
            ["'every' is 'some'", "'p.worn' is negated"],
        ),
        ("{count: parts as p, is: 1}", ["1 is 2", "1 is 0"]),
        (
            "[paid, safe]",
            [
                "'all' is 'any'",
                "this part dropped",
                "'paid' is negated",
                "this part dropped",
                "'safe' is negated",
            ],
        ),
    ],
)
def test_the_mutants_of_a_condition(tmp_path: Path, condition: str, changes: list[str]) -> None:
    found = changes_of(tmp_path, f"require:\n  it: {condition}")
    assert [change.split(" ", 1)[1] for change in found] == changes


def test_a_definition_is_mutated_where_it_is_written(tmp_path: Path) -> None:
    text = "define:\n  known: price at most 5\n" + rule_file("require:\n  it: not known")
    pack = load_folder(write_pack(tmp_path, {RULE_FILE: text}))
    found = [f"{each.place.line}:{each.place.column} {each.change}"
             for each in mutants(pack.rules[0])]  # fmt: skip
    assert found == [
        "10:7 'not' removed",
        "2:10 'at most' is 'fewer than'",
        "2:10 'at most' is 'more than'",
        "2:10 5 is 6",
        "2:10 5 is 4",
    ]


WITHOUT_LIMIT = """
require:
  it: many_wheels
examples:
  - {name: four, expect: met, given: {wheels: 4}}
  - {name: one, expect: not_met, given: {wheels: 1}}
  - {name: silent, expect: not_evidenced, given: {}}
"""


def test_a_change_of_a_definition_is_noticed_by_the_examples_of_one_rule(tmp_path: Path) -> None:
    at_limit = WITHOUT_LIMIT.replace("wheels: 4", "wheels: 2")
    define = "define:\n  many_wheels: wheels at least 2\n"
    loose = define + rule_file(WITHOUT_LIMIT, WITHOUT_LIMIT)
    pack = load_folder(write_pack(tmp_path / "loose", {RULE_FILE: loose}))
    assert survived(pack) == ["'at least' is 'more than'", "2 is 3"]  # each once, of the first rule
    assert (
        len(check_pack(pack, rules=("two",)).survivors) == 2
    )  # which the other does not show either

    tight = define + rule_file(WITHOUT_LIMIT, at_limit)
    pack = load_folder(write_pack(tmp_path / "tight", {RULE_FILE: tight}))
    whole, alone = check_pack(pack), check_pack(pack, rules=("one",))
    assert (whole.survivors, whole.mutants) == ([], 8)
    assert (alone.rules, alone.survivors, alone.mutants) == (1, [], 4)  # noticed by the other


def test_a_definition_is_changed_wherever_a_rule_uses_it(tmp_path: Path) -> None:
    rule = """
    require:
      x: {any: [[both, loan.agreed], [{not: both}, tools includes pump]]}
    examples:
      - {name: lent, expect: met, given: {paid: true, safe: true, loan: {agreed: true}}}
    """
    text = "define:\n  both: [paid, safe]\n" + rule_file(rule)
    pack = load_folder(write_pack(tmp_path, {RULE_FILE: text}))
    [first, *_] = [each for each in mutants(pack.rules[0]) if each.of_definition is not None]
    assert (first.change, str(first.place)[-4:]) == ("'all' is 'any'", "2:10")
    uses = [
        part for part in walk(first.rule.require[0].condition) if isinstance(part, DefinitionUse)
    ]
    assert [type(use.part) for use in uses] == [AnyOf, AnyOf]


def test_that_a_rule_needs_its_definition_has_to_be_shown_by_its_own_examples(
    tmp_path: Path,
) -> None:
    both = WITHOUT_LIMIT.replace("it: many_wheels", "it: [many_wheels, paid]")
    unshown = both.replace("{wheels: 4}", "{wheels: 4, paid: true}").replace(
        "{wheels: 1}", "{wheels: 1, paid: false}"
    )
    text = "define:\n  many_wheels: wheels at least 2\n" + rule_file(
        WITHOUT_LIMIT.replace("wheels: 4", "wheels: 2"), unshown
    )
    found = survived(load_folder(write_pack(tmp_path, {RULE_FILE: text})))
    assert "this part dropped" in found


WHEELS = """
require:
  it: wheels at least 3
examples:
  - {name: four, expect: met, given: {wheels: 4}}
  - {name: two, expect: not_met, given: {wheels: 2}}
  - {name: silent, expect: not_evidenced, given: {}}
"""


def survived(pack: Pack) -> list[str]:
    return [mutant.change for mutant in check_pack(pack).survivors]


def test_a_mutant_survives_where_no_example_tells_it_apart(tmp_path: Path) -> None:
    assert survived(pack_of(tmp_path, WHEELS)) == ["'at least' is 'more than'", "3 is 4"]


def test_examples_at_the_threshold_kill_all_mutants(tmp_path: Path) -> None:
    exact = WHEELS.replace("wheels: 4", "wheels: 3")
    result = check_pack(pack_of(tmp_path, exact))
    assert (result.survivors, result.mutants, result.failures) == ([], 4, [])


def test_a_rule_without_examples_is_told_once_and_not_with_every_mutant(tmp_path: Path) -> None:
    result = check_pack(pack_of(tmp_path, WHEELS.split("examples")[0]))
    assert (len(result.failures), result.mutants, result.survivors) == (1, 0, [])
    assert result.checks[0].unmutated == "there are no examples"


def test_mutations_may_be_left_out(tmp_path: Path) -> None:
    result = check_pack(pack_of(tmp_path, WHEELS), mutate=False)
    assert (result.rules, result.examples, result.mutants, result.survivors) == (1, 3, 0, [])


SAYS = """
require:
  paid: paid
says:
  paid:
    no: ["The {model} job was not paid.", "The job was not paid."]
    unknown: Nobody wrote down whether the job was paid.
examples:
"""
SHOWN = """
  - name: of a model
    expect: not_met
    given: {paid: false, model: city}
    says: The city job was not paid.
  - {name: of none, expect: not_met, given: {paid: false}, says: The job was not paid.}
  - name: open
    expect: not_evidenced
    given: {}
    says: Nobody wrote down whether the job was paid.
  - {name: paid, expect: met, given: {paid: true}}
"""


def test_each_sentence_of_a_rule_is_shown_by_an_example(tmp_path: Path) -> None:
    assert check_pack(pack_of(tmp_path / "all", SAYS + SHOWN)).survivors == []
    unsaid = SHOWN.replace(", says: The job was not paid.", "")
    [mutant] = check_pack(pack_of(tmp_path / "one", SAYS + unsaid)).survivors
    assert mutant.change == "the sentence “The job was not paid.” left out"


PLACES = """
for_each: [parts as part, part.checks as check]
require:
  made: check.on within 5 days after part.fitted_on
  pair: {all: [check.passed, part.recalled, part.worn]}
says:
  made: {no: "{check} of {part} was made on {check.on}, {late}; it was due by {due}."}
  pair: {no: "The check was passed: {check.passed}; the part was worn: {part.worn}."}
if_none: [not_applicable, not_met]
"""
ANSWERS = ("check.passed", "part.recalled", "part.worn")
EXCHANGED = [
    ("check", "part"), ("part", "check"), ("check.on", "part.fitted_on"), ("check.on", "due"),
    ("due", "check.on"), ("due", "part.fitted_on"),
    *((place, other) for place in (ANSWERS[0], ANSWERS[2]) for other in ANSWERS if other != place),
]  # fmt: skip


def test_each_place_in_a_sentence_is_replaced_by_each_other_of_its_type(tmp_path: Path) -> None:
    pack = pack_of(tmp_path, PLACES)
    changes = [mutant.change for mutant in mutants_of_sentences(pack, *pack.rules)]
    found = [change.partition(" in ")[0] for change in changes if change.startswith("{")]
    assert found == [f"{{{place}}} is {{{other}}}" for place, other in EXCHANGED]


ONE_PLACE = """
require:
  back: returned_on on or before booked_on
says:
  back: {no: "The bicycle was returned on {returned_on}."}
examples:
  - name: back
    expect: met
    given: {booked_on: 2026-05-04, returned_on: 2026-05-04}
  - name: open
    expect: not_evidenced
    given: {booked_on: 2026-05-04}
  - name: late
    expect: not_met
    given: {booked_on: 2026-05-04, returned_on: 2026-05-05}
    says: The bicycle was returned on 5 May 2026.
"""


def test_a_place_that_no_example_tells_from_another_is_told(tmp_path: Path) -> None:
    assert check_pack(pack_of(tmp_path / "told", ONE_PLACE)).survivors == []
    untold = ONE_PLACE.replace("    says: The bicycle was returned on 5 May 2026.\n", "")
    told = check_pack(pack_of(tmp_path / "untold", untold)).survivors
    assert [mutant.change for mutant in told] == [
        "the sentence “The bicycle was returned on {returned_on}.” left out",
        *(
            f"{{returned_on}} is {{{other}}} in “The bicycle was returned on {{returned_on}}.”"
            for other in ("booked_on", "due")
        ),
    ]


def test_an_example_that_says_something_else_fails_with_both(tmp_path: Path) -> None:
    wrong = SHOWN.replace("says: The job was not", "says: The job was never")
    [failure] = check_pack(pack_of(tmp_path, SAYS + wrong), mutate=False).failures
    assert failure.message == (
        "example 'of none' says “The job was never paid.”; found “The job was not paid.”"
    )
