"""Conditions of several parts: what each needs, what it may hold, and where it is wrong."""

from pathlib import Path

import pytest
from small_pack import RULE_FILE, condition_problem, pack_of, problems_of, rule_file

HEADS = "all, any, not, shown, some, every, none, latest, earliest, count, share and sum"
NEEDED = f"a condition needs exactly one of {HEADS}; this one has"
PARTS = "expected a list of at least one condition, each on a line of its own after -"
LOOP = "expected 'list as name', such as 'people as person'; found"
NUMBERS = "expected at least N, at most N, more than N, fewer than N or a number, found"
FORM = (
    "a condition is a line of text, a list, or a mapping with one of all, any, not, shown, some, "
    "every, none, latest, earliest, count, share and sum; found"
)
FORMS = [
    ("3", 0, f"{FORM} 3"),
    ("true", 0, f"{FORM} true"),
    ("{not: 3}", 6, f"{FORM} 3"),
    ("[paid, 3]", 7, f"{FORM} 3"),
    ("''", 1, "the condition is empty (YAML takes a word that begins with ! for a mark)"),
    ("[]", 0, PARTS),
    ("{any: paid}", 6, PARTS),
    ("{all: []}", 6, PARTS),
    ("{}", 0, f"{NEEDED} nothing."),
    (
        "{paid: yes}",
        0,
        f"{NEEDED} paid. A condition about a fact is one line, without a colon: paid is yes",
    ),
    (
        "{some: job.parts as p}",
        7,
        "found 'job.'; a fact of the record stands without its kind. Write: parts",
    ),
    ("{some: parts as p, that: worn}", 25, "unknown fact 'worn'. Did you mean 'p.worn'?"),
    ("{some: parts as p, all: [paid]}", 0, f"{NEEDED} both all and some."),
    ("{evry: parts as p, that: p.worn}", 0, f"{NEEDED} evry and that. Did you mean 'every'?"),
    ("{some: parts as p, of: 3}", 19, "unknown key 'of'. Allowed: some, where, called and that."),
    ("{all: [paid], that: safe}", 14, "unknown key 'that'. Allowed: all."),
    ("{shown: paid}", 1, "'shown:' needs 'said:', the answer that counts where nothing is shown"),
    (
        "{said: paid}",
        0,
        f"{NEEDED} said. 'said:' stands beside 'shown:', what the facts of the record show.",
    ),
    ("{shown: paid, said: safe, that: safe}", 26, "unknown key 'that'. Allowed: shown and said."),
    (
        "{count: parts as p, that: p.worn}",
        20,
        "unknown key 'that'. Allowed: count, is, where and called.",
    ),
    ("{every: parts as p}", 1, "'every:' needs 'that:', what each of them must satisfy"),
    ("{count: parts as p}", 1, "'count:' needs 'is:', such as 'is: at least 2'"),
]
LOOPS = [
    *(
        (f"{{some: {text}}}", 7, f"{LOOP} '{text}'")
        for text in ("parts", "parts in p", "parts as p q")
    ),
    ("{some: 3}", 7, f"{LOOP} 3"),
    ("{some: [parts]}", 7, f"{LOOP} [parts]"),
    ("{some: partz as p}", 7, "unknown fact 'partz'. Did you mean 'parts'?"),
    ("{some: paid as p}", 7, "expected a list of groups of facts; 'paid' is a yes/no fact"),
    ("{some: loan as p}", 7, "expected a list of groups of facts; 'loan' is a group of facts"),
    (
        "{some: labels as p, that: p}",
        26,
        "'p' is a text, so an operator is expected after it",
    ),
    (
        "{some: parts.checks as c}",
        13,
        "'parts' is a list; reach 'checks' with some:, every:, none: or count:",
    ),
    ("{some: parts as p.q}", 16, "'p.q' is not a plain word"),
    (
        "{some: parts as paid}",
        16,
        "'paid' already names something here; choose another name",
    ),
    (
        "{some: parts as p, that: {some: p.checks as p}}",
        44,
        "'p' already names something here; choose another name",
    ),
    ("{some: parts as p, that: p}", 25, "'p' is a whole part; name one of its facts"),
    ("{some: parts as p, where: p is recorded}", 26, "'p' is a whole part; name one of its facts"),
]
COUNTS = [
    (f"{{count: parts as p, is: '{text}'}}", 25 + offset, message)
    for text, offset, message in (
        ("2.5", 0, "expected a whole number from 0 to 36500, found 2.5"),
        ("-1", 0, "expected a whole number from 0 to 36500, found -1"),
        ("true", 0, "expected a whole number from 0 to 36500, found true"),
        ("at least paid", 9, "expected a whole number; 'paid' is a yes/no fact"),
        ("at least two", 9, "found 'two'; a number is written in digits. Write: at least 2"),
        ("less than 3", 0, "found 'less than'; expected 'fewer than'. Write: fewer than 3"),
        (
            ">= 2",
            0,
            "found '>='; expected words: 'at least', of days 'on or after'. Write: at least 2",
        ),
        ("more than 36501", 10, "expected a whole number from 0 to 36500, found 36501"),
        ("at least {as_of}", 9, "{as_of} is a day; expected a whole number from 0 to 36500"),
        ("at least {days}", 9, "unknown parameter 'days'. Did you mean 'most_days'?"),
        ("at lest 2", 0, f"{NUMBERS} 'at lest 2'. Did you mean 'at least'?"),
        ("exactly 2", 0, "found 'exactly'; expected 'is'. Write: is 2"),
        ("exactly x", 0, f"{NUMBERS} 'exactly x'."),
        ("is not 2", 0, f"{NUMBERS} 'is not 2'."),
        ("at least", 0, f"{NUMBERS} 'at least'."),
        ("[2]", 0, "a line has no brackets"),
    )
] + [
    ("{count: parts as p, is: }", 24, f"{NUMBERS} ''."),
    ("{count: parts as p, is: 2.5}", 24, "expected a whole number from 0 to 36500, found 2.5"),
    ("{count: parts as p, is: [1]}", 24, "a line has no brackets"),
]
TWO = "YAML divides what stands in brackets at its commas, and reads"
OWN = "or write each condition on a line of its own"
BRACKETS = [
    (
        "[model is one of city, paid]",
        1,
        f"{TWO} 'model is one of city' and 'paid' apart. Put the line in quotes, "
        f'"model is one of city, paid", {OWN}',
    ),
    (
        "{any: [paid, tools includes any of pump, 'safe']}",
        13,
        f"{TWO} 'tools includes any of pump' and 'safe' apart. Put the line in quotes, "
        f'"tools includes any of pump, safe", {OWN}',
    ),
    (
        "[model is one of city, racing, paid]",
        1,
        f"{TWO} 'model is one of city' and 'racing' apart. Put the line in quotes, "
        f'"model is one of city, racing", {OWN}',
    ),
    (
        "{not: model is one of city, racing}",
        6,
        f"{TWO} 'model is one of city' and 'racing' apart. Put the line in quotes, "
        f'"model is one of city, racing", {OWN}',
    ),
]
SHARES = [
    (f"{{share: parts as p, that: p.worn, is: '{text}'}}", 39 + offset, message)
    for text, offset, message in (
        ("at least 80%", 11, "found '%'; expected the number alone. Write: at least 80"),
        (
            "less than 20 per cent",
            0,
            "found 'less than'; expected 'fewer than'. Write: fewer than 20 per cent",
        ),
        (
            "at least 0.8",
            9,
            "a share is in per cent, such as 80; found 0.8, which is written 0.8 per cent",
        ),
    )
]
ALL = [*SHARES, *FORMS, *LOOPS, *COUNTS, *BRACKETS]


@pytest.mark.parametrize(("condition", "offset", "message"), ALL, ids=[text for text, *_ in ALL])
def test_a_wrong_condition_is_shown_with_a_caret(
    tmp_path: Path, condition: str, offset: int, message: str
) -> None:
    found, expected = condition_problem(tmp_path, condition, offset, message)
    assert found == expected


@pytest.mark.parametrize(
    "condition",
    [
        "[paid, model is one of city]",
        "['model is one of city', paid]",
        "['model is one of city, racing', paid]",
        "[model is one of city, safe is recorded]",
        "[model is city, paid]",
    ],
)
def test_a_list_in_brackets_that_can_only_be_read_one_way_is_taken(
    tmp_path: Path, condition: str
) -> None:
    assert pack_of(tmp_path, f"require:\n  it: {condition}").rules


def test_a_condition_left_empty_is_refused(tmp_path: Path) -> None:
    found, expected = condition_problem(tmp_path, "", 0, f"{FORM} nothing")
    assert found.splitlines()[0] == "rules/1.yaml:8:10: " + f"{FORM} nothing"
    assert expected.splitlines()[1] in found


def test_mistakes_in_every_part_are_reported_together(tmp_path: Path) -> None:
    text = rule_file(
        """
        applies_when: {any: [paidd, safee]}
        require:
          one: {some: parts as part, where: part.wornn, that: part.fittedd}
        """
    )
    assert problems_of(tmp_path, {RULE_FILE: text}) == (
        "rules/1.yaml:7:26: unknown fact 'paidd'. Did you mean 'paid'?\n"
        "        applies_when: {any: [paidd, safee]}\n"
        "                             ^\n"
        "rules/1.yaml:7:33: unknown fact 'safee'. Did you mean 'safe'?\n"
        "        applies_when: {any: [paidd, safee]}\n"
        "                                    ^\n"
        "rules/1.yaml:9:46: unknown fact 'wornn' of part. Did you mean 'worn'?\n"
        "          one: {some: parts as part, where: part.wornn, that: part.fittedd}\n"
        "                                                 ^\n"
        "rules/1.yaml:9:64: unknown fact 'fittedd' of part. Did you mean 'fitted'?\n"
        "          one: {some: parts as part, where: part.wornn, that: part.fittedd}\n"
        "                                                                   ^"
    )


def test_a_loop_variable_may_not_have_the_name_of_a_definition(tmp_path: Path) -> None:
    text = "define: {part: paid}\n" + rule_file(
        "require:\n  it: {some: parts as part, that: part.worn}\n  other: part"
    )
    assert problems_of(tmp_path, {RULE_FILE: text}) == (
        "rules/1.yaml:9:27: 'part' already names something here; choose another name\n"
        "          it: {some: parts as part, that: part.worn}\n"
        "                              ^"
    )


NESTED = "{any: [safe, {all: [paid, {not: {any: [paid, safe]}}]}]}"


def test_a_condition_nested_more_than_three_deep_is_a_warning(tmp_path: Path) -> None:
    pack = pack_of(tmp_path, f"require:\n  it: {NESTED}")
    assert [str(warning).replace(f"{tmp_path}/", "") for warning in pack.warnings] == [
        "rules/1.yaml:8:11: conditions nested more than 3 deep are hard to read aloud; "
        "name a part in define:\n"
        f"          it: {NESTED}\n"
        "              ^"
    ]


def test_three_deep_is_no_warning(tmp_path: Path) -> None:
    pack = pack_of(tmp_path, "require:\n  it: {any: [safe, {all: [paid, {not: safe}]}]}")
    assert pack.warnings == ()
