"""Mistakes in rule files beyond conditions: each at its place, with what was expected."""

from pathlib import Path

import pytest
from small_pack import (
    RULE_FILE,
    located,
    pack_files,
    pack_of,
    problems_of,
    rule_file,
    write_pack,
)

from scr_audit.language.conditions import facts
from scr_audit.packs.load import load_folder

KEYS = (
    "advice, applies_when, called, define, examples, except_when, for_each, id, if_none, "
    "in_force_on, record, require, says, severity, source, title and where"
)
IF_NONE = "expected 'not_applicable', 'not_met' or 'not_evidenced', found"
VERDICT = "expected 'met', 'not_met', 'not_evidenced', 'not_applicable' or 'excepted', found"
NEEDS_IF_NONE = (
    "a rule with 'for_each' needs 'if_none': the outcome where there is nothing to judge "
    "(not_applicable, not_met or not_evidenced)"
)
FORM = (
    "a condition is a line of text, a list, or a mapping with one of all, any, not, shown, some, "
    "every, none, latest, earliest, count, share and sum; found nothing"
)
LOOP = "expected 'list as name', such as 'people as person'; found"
RESERVED = (
    "is a word of the language; give the criterion a name of its own, with the condition below it"
)
PAID = "require:\n  it: paid\n"
DATED = "require:\n  it: returned_on within {check_days} days after booked_on"
NEEDS_DATE = (
    "the parameter 'check_days' has effective dates, so the rule needs 'in_force_on': the date of "
    "the event that is judged"
)
NO_EFFECT = "'in_force_on' has no effect: the rule uses no parameter"
CASES = [
    (PAID + "requires: {}", (9, 5),
     f"unknown key 'requires'. Did you mean 'require'? Allowed: {KEYS}."),
    ("advice: x", (2, 5), "the key 'require' is missing here"),
    ("require: paid", (7, 14), "expected a mapping of keys to values, found 'paid'"),
    ("require: [paid]", (7, 14), "expected a mapping of keys to values, found [paid]"),
    ("require: {}", (7, 14), "expected at least one entry"),
    ("require:\n  It: paid", (8, 7),
     "expected small letters, digits and _, a letter first, found 'It'"),
    *((f"require:\n  {word}: [paid]", (8, 7), f"'{word}' {RESERVED}") for word in (
        "all", "any", "not", "some", "every", "none", "count", "where", "that", "is")),
    (PAID + "except_when: {any: paid}", (9, 19), f"'any' {RESERVED}"),
    (PAID + "applies_when:", (9, 18), FORM),
    (PAID + "for_each: parts as part", (9, 5), NEEDS_IF_NONE),
    (PAID + "for_each: parts as part\nif_none: met", (10, 14),
     f"{IF_NONE} 'met'. Did you mean 'not_met'?"),
    (PAID + "for_each: parts as part\nif_none: notmet", (10, 14), f"{IF_NONE} 'notmet'. "
     "Did you mean 'not_met'?"),
    (PAID + "for_each: parts as part\nif_none: [met]", (10, 15),
     f"{IF_NONE} 'met'. Did you mean 'not_met'?"),
    (PAID + "for_each: parts as part\nif_none: [not_met, not_met]", (10, 5), "'if_none' lists 2 "
     "outcomes for 1 loop"),
    (PAID + "for_each: [parts as part, part.checks as check]\nif_none: [not_met]", (10, 5),
     "'if_none' lists 1 outcome for 2 loops"),
    (PAID + "if_none: not_met", (9, 5), "'if_none' has no meaning without 'for_each'"),
    (PAID + "where: paid", (9, 5), "'where' has no meaning without 'for_each'"),
    (PAID + "for_each: parts as part\nif_none: not_met\nwhere:", (11, 11), FORM),
    (PAID + "for_each: 3\nif_none: not_met", (9, 15), f"{LOOP} 3"),
    (PAID + "for_each: [parts]\nif_none: not_met", (9, 16), f"{LOOP} 'parts'"),
    (PAID + "for_each: [parts as part, parts as other]\nif_none: not_met", (9, 31), "this list "
     "must be inside 'part', the loop above: write part.LIST as NAME"),
    (PAID + "called: ''", (9, 13), "expected a text, found ''"),
    (PAID + "for_each: []", (9, 15), "expected at least one loop"),
    (PAID + "in_force_on: booked_on", (9, 5), NO_EFFECT),
    (PAID + "in_force_on: paid", (9, 18), "'paid' is a yes/no fact, not a date"),
    (PAID + "in_force_on: parts.fitted_on", (9, 24), "'parts' is a list; reach 'fitted_on' with "
     "some:, every:, none: or count:"),
    (PAID + "in_force_on: bookd_on", (9, 18), "unknown fact 'bookd_on'. Did you mean 'booked_on'?"),
    (PAID + "in_force_on: 3", (9, 18), "expected a text, found 3; write it in quotes"),
    (DATED, (2, 5), NEEDS_DATE),
    ("require:\n  it: {count: parts as part, is: 'at least {check_days}'}", (2, 5), NEEDS_DATE),
    (PAID + "examples: [{name: a, expect: mett, given: {}}]", (9, 34), f"{VERDICT} 'mett'. "
     "Did you mean 'met'?"),
    (PAID + "examples: [{name: a, expect: 3, given: {}}]", (9, 34), f"{VERDICT} 3."),
    (PAID + "examples: [{name: a, expect: {/parts/0: no}, given: {}}]", (9, 45),
     f"{VERDICT} 'no'."),
    (PAID + "examples: [{name: a, expect: met, given: [a]}]", (9, 46), "expected a mapping of keys "
     "to values, found [a]"),
    (PAID + "examples: [{name: a, expect: met}]", (9, 16), "the key 'given' is missing here"),
    (PAID + "examples: [a]", (9, 16), "expected a mapping of keys to values, found 'a'"),
    (PAID + "examples: [{name: a, expect: met, given: {}, as_of: 2010-02-30}]", (9, 57),
     "expected a whole date"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "at", "message"), CASES, ids=[rule[-40:] for rule, *_ in CASES])
def test_a_mistake_in_a_rule_is_at_its_place(
    tmp_path: Path, rule: str, at: tuple[int, int], message: str
) -> None:
    text = rule_file(rule)
    assert problems_of(tmp_path, {RULE_FILE: text}) == located(RULE_FILE, text, at, message)


def test_all_mistakes_of_a_file_are_told_though_its_shape_is_wrong(tmp_path: Path) -> None:
    first = rule_file(
        "forach: parts as part\nif_none: notmet\nrequire: {it: part.fited}\nwhere: part.wron\n"
        "examples: 3",
        "require: {it: paidd}",
    ).replace("    severity: low\n", "", 1)
    lines = problems_of(tmp_path, {RULE_FILE: first}).splitlines()[::3]
    assert [line.split(": ", 1)[1].split(".")[0] for line in lines] == [
        "the key 'severity' is missing here",
        "unknown key 'forach'",
        "expected 'not_applicable', 'not_met' or 'not_evidenced', found 'notmet'",
        "unknown fact 'fited' of part",
        "unknown fact 'wron' of part",
        "expected a list, found 3",
        "unknown fact 'paidd'",
    ]


def test_a_wrong_pack_file_hides_no_mistake_of_shape_in_the_others(tmp_path: Path) -> None:
    changed = {"pack.yaml": "a: 1", "records.yaml": "a: [", RULE_FILE: "rules: 3"}
    found = problems_of(tmp_path, changed)
    assert {line.split(":")[0] for line in found.splitlines() if line[0] != " "} == {
        "pack.yaml", "records.yaml", RULE_FILE
    }  # fmt: skip


HEAD = [
    ("record: job", "record: jobb", (5, 13), "there is no record kind 'jobb'. Did you mean 'job'? "
     "Kinds: job and depot."),
    ('paragraph: "1.1"', 'paragraph: "1.11"', (4, 25), "'1.11' is not in recommendations.yaml. "
     "Did you mean '1.1'?"),
    ('paragraph: "1.1"', "paragraph: 1.1", (4, 25),
     "expected a text, found 1.1; write it in quotes"),
    ("id: one", "id: One", (2, 9), "expected small letters, digits and single hyphens, a letter "
     "first, found 'One'"),
    ("severity: low", "severity: urgent", (6, 15), "expected 'high', 'medium' or 'low', found "
     "'urgent'."),
    ("title: One rule", "title: ''", (3, 12), "expected a text, found ''"),
    ("title: One rule", "title: ' '", (3, 12), "expected a text, found ' '"),
    ("title: One rule\n", "", (2, 5), "the key 'title' is missing here"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "at", "message"), HEAD, ids=[new or "no title" for _, new, *_ in HEAD]
)
def test_a_mistake_in_the_head_of_a_rule_is_at_its_place(
    tmp_path: Path, old: str, new: str, at: tuple[int, int], message: str
) -> None:
    text = rule_file(PAID).replace(old, new)
    if not new:
        text = text.replace("\n        source", "\n    source")
    assert problems_of(tmp_path, {RULE_FILE: text}) == located(RULE_FILE, text, at, message)


def test_a_rule_id_used_in_two_files_names_the_first_place(tmp_path: Path) -> None:
    first, second = rule_file(PAID), rule_file(PAID.replace("paid", "safe"))
    assert problems_of(tmp_path, {"rules/a.yaml": first, "rules/b.yaml": second}) == (
        "rules/b.yaml:2:9: the rule id 'one' is already used at rules/a.yaml:2:9\n"
        "      - id: one\n            ^"
    )


def test_a_rule_id_used_twice_is_reported_even_where_the_first_rule_is_wrong(
    tmp_path: Path,
) -> None:
    first, second = rule_file(PAID.replace("paid", "paidd")), rule_file(PAID)
    found = problems_of(tmp_path, {"rules/a.yaml": first, "rules/b.yaml": second})
    assert found.splitlines()[::3] == [
        "rules/a.yaml:8:11: unknown fact 'paidd'. Did you mean 'paid'?",
        "rules/b.yaml:2:9: the rule id 'one' is already used at rules/a.yaml:2:9",
    ]


@pytest.mark.parametrize(
    ("define", "lines"),
    [
        ("{spare: paid}", ["1:10: the definition 'spare' is never used"]),
        (
            "{first: second, second: first}",
            [
                "1:10: the definition 'first' is never used",
                "1:25: the definition 'second' is never used",
            ],
        ),
        ("{safe: paid}", ["1:10: 'safe' is also a fact of job; rename one",
                          "1:10: the definition 'safe' is never used"]),
        ("{Spare: paid}", ["1:10: expected small letters, digits and _, a letter first, found "
                           "'Spare'"]),
        ("{known: paidd}", ["1:17: unknown fact 'paidd'. Did you mean 'paid'?"]),
        ("{known: known}", ["1:17: definition 'known' uses itself: known"]),
    ],
    ids=["unused", "unused ring", "a fact", "name", "mistake", "itself"],
)  # fmt: skip
def test_a_mistake_in_a_definition_is_at_its_place(
    tmp_path: Path, define: str, lines: list[str]
) -> None:
    use = "\n  other: known" if "known" in define else ""
    text = f"define: {define}\n" + rule_file(f"require:\n  it: paid{use}")
    found = problems_of(tmp_path, {RULE_FILE: text})
    assert found.splitlines()[::3] == [f"rules/1.yaml:{line}" for line in lines]


def test_a_definition_stands_alone_on_its_line(tmp_path: Path) -> None:
    text = "define: {known: paid}\n" + rule_file("require:\n  it: known is yes")
    message = "'known' is a definition and stands alone on its line"
    assert problems_of(tmp_path, {RULE_FILE: text}) == located(RULE_FILE, text, (9, 11), message)


def test_a_rule_of_an_unknown_kind_says_nothing_about_its_definitions(tmp_path: Path) -> None:
    text = "define: {known: paid}\n" + rule_file("require:\n  it: known").replace(": job", ": jab")
    found = problems_of(tmp_path, {RULE_FILE: text})
    assert found.splitlines()[0] == (
        "rules/1.yaml:6:13: there is no record kind 'jab'. Did you mean 'job'? "
        "Kinds: job and depot."
    )
    assert len(found.splitlines()) == 3


USES = "require:\n  it: known"


def with_definition(condition: str) -> str:
    """The small pack's pack.yaml with the definition `known` in its second line."""
    return f"define:\n  known: {condition}\n{pack_files()['pack.yaml']}"


def test_no_definition_hides_one_of_the_file_or_of_the_pack(tmp_path: Path) -> None:
    own = rule_file(f"{USES}\ndefine: {{known: safe}}", USES)
    again = "'known' is already defined at {}; choose another name"
    of_file = "define: {known: paid}\n" + own
    found = problems_of(tmp_path, {RULE_FILE: of_file})
    assert found == located(RULE_FILE, of_file, (10, 14), again.format(f"{RULE_FILE}:1:10"))
    found = problems_of(tmp_path, {RULE_FILE: own, "pack.yaml": with_definition("paid")})
    assert found == located(RULE_FILE, own, (9, 14), again.format("pack.yaml:2:3"))


def test_a_definition_of_the_pack_serves_every_file(tmp_path: Path) -> None:
    files = {
        RULE_FILE: rule_file(USES),
        "rules/2.yaml": rule_file(PAID, USES).replace("id: one", "id: x"),
    }
    pack = load_folder(write_pack(tmp_path, {**files, "pack.yaml": with_definition("safe")}))
    asked = [[str(fact) for fact in facts(rule.require[0].condition)] for rule in pack.rules]
    assert asked == [["safe"], ["paid"], ["safe"]]


@pytest.mark.parametrize(
    ("condition", "column", "message"),
    [
        ("sfae", 10, "unknown fact 'sfae'. Did you mean 'safe'?"),
        ("known", 10, "definition 'known' uses itself: known"),
    ],
)
def test_a_mistake_in_a_definition_of_the_pack_is_told_once_at_its_place(
    tmp_path: Path, condition: str, column: int, message: str
) -> None:
    text = with_definition(condition)
    found = problems_of(tmp_path, {RULE_FILE: rule_file(USES, USES), "pack.yaml": text})
    assert found == located("pack.yaml", text, (2, column), message)


def test_a_definition_that_fits_one_rule_and_not_another_is_told_where_it_does_not(
    tmp_path: Path,
) -> None:
    fits = "for_each: parts as part\nrequire:\n  it: known\nif_none: not_met"
    text = rule_file(fits, USES)
    found = problems_of(tmp_path, {RULE_FILE: text, "pack.yaml": with_definition("part.worn")})
    message = "'known' cannot be used here: unknown fact 'part'. Did you mean 'parts'?"
    assert found == located(RULE_FILE, text, (17, 11), message)


def test_a_definition_of_the_pack_knows_none_of_a_file(tmp_path: Path) -> None:
    text = "define: {in_hand: paid}\n" + rule_file("require:\n  it: [known, in_hand]")
    pack = with_definition("in_hand")
    found = problems_of(tmp_path, {RULE_FILE: text, "pack.yaml": pack})
    assert found == located("pack.yaml", pack, (2, 10), "unknown fact 'in_hand'.")


def test_a_definition_is_no_group_of_facts(tmp_path: Path) -> None:
    text = "define: {known: paid}\n" + rule_file("require:\n  it: [known, known.paid]")
    message = "'known' is a definition and stands alone on its line"
    assert problems_of(tmp_path, {RULE_FILE: text}) == located(RULE_FILE, text, (9, 19), message)


def test_a_definition_of_the_pack_that_no_rule_uses_is_told_where_nothing_else_is_wrong(
    tmp_path: Path,
) -> None:
    text, unused = with_definition("safe"), "the definition 'known' is never used"
    found = problems_of(tmp_path, {RULE_FILE: rule_file(PAID), "pack.yaml": text})
    assert found == located("pack.yaml", text, (2, 3), unused)
    found = problems_of(tmp_path, {RULE_FILE: "rules: [", "pack.yaml": text})
    assert unused not in found


def test_without_recommendations_any_paragraph_may_be_cited(tmp_path: Path) -> None:
    text = rule_file(PAID).replace('"1.1"', '"9.9"')
    write_pack(tmp_path, {RULE_FILE: text})
    (tmp_path / "recommendations.yaml").unlink()
    pack = load_folder(tmp_path)
    assert pack.recommendations == ()
    assert pack.rules[0].paragraph == "9.9"


def test_one_if_none_serves_every_loop_and_a_list_gives_each_its_own(tmp_path: Path) -> None:
    loops = "for_each: [parts as part, part.checks as check]\n"
    for given, expected in (
        ("not_met", ["not_met", "not_met"]),
        ("[not_applicable, not_met]", ["not_applicable", "not_met"]),
    ):
        pack = pack_of(tmp_path, f"{PAID}{loops}if_none: {given}")
        assert [loop.if_none for loop in pack.rules[0].loops] == expected
        assert (pack.rules[0].unit, pack.rules[0].units) == ("check", "checks")
