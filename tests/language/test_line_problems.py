"""What is wrong with a line is said with the character where it is, and the nearest known word."""

from pathlib import Path

import pytest
from small_pack import condition_problem, pack_of

from scr_audit.language import operators
from scr_audit.language.slips import SIGNS_FOR_WORDS

GRAMMAR = [
    ("not", 0, "unknown fact 'not'."),
    ("paid;", 4, "found ';'; leave the sign at the end out. Write: paid"),
    ("paid is ünlaut", 8, "unexpected 'ü'; a text stands in quotes"),
    ("3 is wheels", 0, "a line begins with a fact, a definition or a parameter, not with 3"),
    ("paid is", 7, "'is' needs an object"),
    ("wheels at least", 15, "'at least' needs an object"),
    (
        "wheels at least 3, 4",
        17,
        "one object is expected after 'at least': a fact, a number, a day "
        "such as 2026-01-31, or a text in quotes",
    ),
    (
        "model is city, racing",
        13,
        "found 'is'; expected 'is one of', and commas between the "
        "values. Write: model is one of city, racing",
    ),
    ("loan is recorded now", 17, "nothing is expected after 'is recorded'"),
    ("model is one of city racing", 21, "objects are separated by single commas"),
    ("model is one of , city", 16, "'is one of' needs an object"),
    ("model is one of city,", 20, "an object is missing after the comma"),
]
OPERATORS = [
    ("wheels at leats 3", 7, "no operator begins with 'at leats N'. Did you mean 'at least'?"),
    (
        "booked_on befor returned_on",
        10,
        "no operator begins with 'befor returned_on'. Did you mean 'before'?",
    ),
    *(
        (
            f"booked_on {words}",
            10,
            f"no operator begins with '{said}'. Expected: "
            "within N minutes|hours|days|working days|weeks|months|years after|before ...",
        )
        for words, said in (
            ("within 3 days", "within N days"),
            ("within 3 decades after returned_on", "within N decades after returned_on"),
        )
    ),
]
FACTS = [
    (
        "job.wheels at least 3",
        0,
        "found 'job.'; a fact of the record stands without its kind. Write: wheels",
    ),
    (
        "loan.agreed is job.paid",
        15,
        "found 'job.'; a fact of the record stands without its kind. Write: paid",
    ),
    ("paidd", 0, "unknown fact 'paidd'. Did you mean 'paid'?"),
    ("paid is maybe", 8, "'paid' is yes or no, and never 'maybe'."),
    ("paid is saef", 8, "'paid' is yes or no, and never 'saef'. Did you mean 'safe'?"),
    ("loan.agred", 5, "unknown fact 'agred' of loan. Did you mean 'agreed'?"),
    ("loan.zzz", 5, "unknown fact 'zzz' of loan. It has agreed, start and end."),
    ("loan.agreed.x", 12, "'agreed' is a yes/no fact and has no 'x'"),
    ("extra.a", 6, "'extra' is an open group and has no 'a'"),
    (
        "parts.fitted",
        6,
        "'parts' is a list; reach 'fitted' with some:, every:, none: or count:",
    ),
    ("wheels", 0, "'wheels' is a whole number, so an operator is expected after it"),
    ("loan", 0, "'loan' is a group of facts, so an operator is expected after it"),
    ("parts", 0, "'parts' is a list, so an operator is expected after it"),
]
OBJECTS = [
    ("paid is 3", 8, "a yes/no fact cannot be compared with 3"),
    ("wheels is 'three'", 10, "a whole number cannot be compared with 'three'"),
    (
        "wheels is booked_on",
        10,
        "'wheels' is a whole number and 'booked_on' is a date; 'is' cannot compare them",
    ),
    (f"wheels is {'9' * 31}", 10, "a number has at most 30 digits"),
    ("model is citty", 9, "'model' is never 'citty'. Did you mean 'city'?"),
    ("model is bogus", 9, "'model' is never 'bogus'. Choices: city, racing and cargo."),
    ("model is 'citty'", 9, "'citty' is not one of the choices. Did you mean 'city'?"),
    (
        "model is one of city, bogus",
        22,
        "'bogus' is not one of the choices. Choices: city, racing and cargo.",
    ),
    (
        "model is paid",
        9,
        "'model' is a choice and 'paid' is a yes/no fact; 'is' cannot compare them",
    ),
    ("customer is bob", 12, "a text stands in quotes: 'bob'"),
    ("customer is one of 'a', bob", 24, "a text stands in quotes: 'bob'"),
    *(
        (
            f"customer {line}",
            offset,
            f"no text begins or ends with white space, so that this is never so. Write: {write}",
        )
        for line, offset, write in (
            ("starts with ' '", 21, "is recorded"),
            ("starts with ' x'", 21, "starts with 'x'"),
            ("ends with 'x ' in any case", 19, "ends with 'x' in any case"),
        )
    ),
    (
        "customer contains ''",
        18,
        "nothing stands in this text, so it is a part of every text; "
        "expected 'is recorded', or part of a text",
    ),
    ("customer is 3", 12, "a text cannot be compared with 3"),
    ("labels includes bob", 16, "a text stands in quotes: 'bob'"),
    ("tools includes hammer", 15, "'tools' is never 'hammer'. Choices: pump, spanner and welder."),
    ("tools includes model", 15, "'tools' and 'model' have no choice in common"),
    ("parts includes 'a'", 15, "'includes' needs a list of words or numbers; 'parts' holds groups"),
    ("booked_on is 2010-02-30", 13, "there is no day 2010-02-30"),
    ("booked_on is 2010-02", 13, "a rule needs a whole date such as 2010-04-01"),
    ("booked_on is 2010", 13, "a date cannot be compared with 2010"),
    *(
        (
            f"booked_on during {period}",
            17,
            "'during' needs a group of facts with the dates 'start' and 'end'",
        )
        for period in ("parts", "paid", "2010-01-01", "'loan'")
    ),
    (
        "opened_at within 1.5 hours after booked_on",
        33,
        "hours need a date and time; 'booked_on' is a date",
    ),
    (
        "opened_at within 1 hour after 2010-01-01",
        30,
        "a date and time cannot be compared with 2010-01-01",
    ),
    (
        "opened_at within 1 hour after {as_of}",
        30,
        "hours need a date and time; {as_of} is a day",
    ),
]
PARAMETERS = [
    ("wheels at least {}", 16, "unknown parameter ''."),
    (
        "price at least {most_dayz}",
        15,
        "unknown parameter 'most_dayz'. Did you mean 'most_days'?",
    ),
    (
        "wheels at least {most_days}",
        16,
        "parameter 'most_days' has the value 10; expected a whole number from 1 to 4",
    ),
    ("wheels at least {as_of}", 16, "{as_of} is a day; expected a whole number from 1 to 4"),
    ("booked_on after {most_days}", 16, "parameter 'most_days' has the value 10; expected a date"),
    ("paid is {most_days}", 8, "parameter 'most_days' has the value 10; expected a yes/no fact"),
    ("customer is {safe_tools}", 12, "parameter 'safe_tools' is not one value"),
    ("tools includes any of {most_days}", 22, "parameter 'most_days' is not a list"),
    (
        "model is one of {safe_tools}",
        16,
        "parameter 'safe_tools' has the value pump; expected one of city, racing and cargo",
    ),
    (
        "booked_on within {safe_tools} days after returned_on",
        17,
        "parameter 'safe_tools' is not one value",
    ),
]
NUMBERS_OF_UNITS = [
    (
        f"booked_on within {number} days after returned_on",
        17,
        f"expected a whole number from 0 to 36500, found {number}",
    )
    for number in ("-3", "36501", "1.5")
] + [
    *(
        (f"booked_on within {fact} days after returned_on", 17, message)
        for fact, message in (
            ("price", "expected a whole number; 'price' is a number"),
            ("paid", "expected a whole number; 'paid' is a yes/no fact"),
            ("wheelz", "unknown fact 'wheelz'. Did you mean 'wheels'?"),
        )
    ),
    (
        "opened_at within -0.5 hours after closed_at",
        17,
        "expected a number from 0 to 36500, found -0.5",
    ),
]
EMPTY = "expected 'is recorded' or 'is not recorded' (that a list has no items is asked with none:)"
ONLY = "'is' stands only before a value, and in 'is one of' and 'is recorded'"
VALUES = "found 'or'; expected 'is one of', and commas between the values."
CAPITALS = "found capital letters; expected small ones."
QUOTES = "days, numbers, yes and no stand without quotes."
YEAR = "a day is written with its year first."
SPAN = "expected 'within' before a span of time. Write: returned_on within 3 days after booked_on"
DIGITS = "a number is written in digits. Write: returned_on within"
STRAIGHT = "expected straight quotation marks"
NAME = "the words of a name are joined with _."
IF = (
    "found 'if'; a line is one condition. Write 'applies_when: {gate}' beside 'require:', and here "
    "'paid'; or write 'any:', and below it each on a line of its own: - {other} - paid"
)
UNIT = "a number that a fact is held against has no unit."
SLIPS = [
    ("wheels at least 3 wheels", 18, f"found 'wheels'; {UNIT} Write: wheels at least 3"),
    ("wheels is 3 wheels", 12, f"found 'wheels'; {UNIT} Write: wheels is 3"),
    ("price > 3 pounds", 6, "found '>'; expected words: 'more than', of days 'after'; found "
     f"'pounds'; {UNIT} Write: price more than 3"),
    *(
        (
            f"wheels {sign} 3",
            7,
            f"found '{sign}'; expected words: '{word}'{of_days}. Write: wheels {word} 3",
        )
        for sign, word, of_days in (
            (">=", "at least", ", of days 'on or after'"),
            ("<=", "at most", ", of days 'on or before'"),
            (">", "more than", ", of days 'after'"),
            ("<", "fewer than", ", of days 'before'"),
            ("==", "is", ""),
            ("=", "is", ""),
            ("!=", "is not", ""),
            ("<>", "is not", ""),
        )
    ),
    (
        "booked_on>=2026-05-04",
        9,
        "found '>='; expected words: 'at least', of days 'on or after'. "
        "Write: booked_on on or after 2026-05-04",
    ),
    ("AGE >= 18", 4, "found '>='; expected words: 'at least', of days 'on or after'"),
    ("booked_on is empty", 13, f"found 'is empty'; {EMPTY}. Write: booked_on is not recorded"),
    ("model is none", 9, f"found 'is none'; {EMPTY}. Write: model is not recorded"),
    ("paid is not null", 12, f"found 'is not null'; {EMPTY}. Write: paid is recorded"),
    ("parts is missing", 0, f"found 'is missing'; {EMPTY}. Write: parts is not recorded"),
    ("loan exists", 5, f"found 'exists'; {EMPTY}. Write: loan is recorded"),
    ('booked_on after "2026-05-04"', 16, f"{QUOTES} Write: booked_on after 2026-05-04"),
    ("booked_on is '2026-05-04'", 13, f"{QUOTES} Write: booked_on is 2026-05-04"),
    (
        "booked_on before 04/05/2026",
        19,
        "found '04/05/2026'; a day is written with its year first. "
        "Write: booked_on before 2026-05-04",
    ),
    ("model is city or racing", 14, f"{VALUES} Write: model is one of city, racing"),
    ("model is 'city' or 'racing'", 16, f"{VALUES} Write: model is one of 'city', 'racing'"),
    ("model is not city, racing or cargo", 17,
     f"{VALUES} Write: model is not one of city, racing, cargo"),
    ("wheels is less than 3", 15, "found 'is less than'; expected 'fewer than'. "
     "Write: wheels fewer than 3"),
    ("wheels is at least 3", 13, f"found 'is'; {ONLY}. Write: wheels at least 3"),
    ("Loan.Agreed", 0, f"{CAPITALS} Write: loan.agreed"),
    ("model IS city", 6, f"{CAPITALS} Write: model is city"),
    ("customer Is 'Bob'", 9, f"{CAPITALS} Write: customer is 'Bob'"),
    ("tools includes Pump", 15, f"{CAPITALS} Write: tools includes pump"),
    ("NOT paid", 4, f"{CAPITALS} Write: not paid"),
    (
        "paid AND safe",
        5,
        "found 'and'; a line is one condition. Write 'all:', and below it each on a line of its "
        "own: - paid - safe",
    ),
    (
        "booked_on on or after 2026-05-04 or safe",
        33,
        "found 'or'; a line is one condition. Write 'any:', and below it each on a line of its "
        "own: - booked_on on or after 2026-05-04 - safe",
    ),
    ("booked_on after 4 May 2026", 18, f"found '4 May 2026'; {YEAR} Write: booked_on after "
     "2026-05-04"),
    ("booked_on after 31st February 2026", 16, "unexpected '3'; a text stands in quotes"),
    ("returned_on <= 3 days after booked_on", 12, f"found '<='; {SPAN}"),
    ("returned_on <= {most_days} days after booked_on", 12,
     f"found '<='; {SPAN}".replace("3 days", "{most_days} days")),
    ("returned_on no later than 3 days after booked_on", 12, f"found 'no later than'; {SPAN}"),
    ("returned_on no later than 3 days before booked_on", 12,
     "no operator begins with 'no later than N days'. Did you mean 'more than'?"),
    ("returned_on within three days after booked_on", 19, f"found 'three'; {DIGITS} 3 days "
     "after booked_on"),
    ("returned_on within a week of booked_on", 12, "found 'a'; a number is written in digits; "
     "found 'of'; expected 'after' or 'before'. Write: returned_on within 1 week after booked_on"),
    ("returned_on within 3 workdays after booked_on", 12, "found 'workdays'; expected 'working "
     "days'. Write: returned_on within 3 working days after booked_on"),
    ("booked_on after “2026-05-04”", 16, f"{STRAIGHT}; {QUOTES} Write: "
     "booked_on after 2026-05-04"),
    ("customer is ‘Bob’", 12, f"{STRAIGHT}. Write: customer is 'Bob'"),
    ("not booked on is recorded", 11, f"found 'booked on'; {NAME} Write: not booked_on is "
     "recorded"),
    ("not not paid", 8, "found 'not not'; 'not not' cancels itself; leave both out. Write: paid"),
    ("if safe then paid", 3, IF.format(gate="safe", other="not safe")),
    ("if not safe, then paid", 3, IF.format(gate="not safe", other="safe")),
]  # fmt: skip
TABLE = Path(__file__).parents[1] / "data" / "slips.tsv"
SLIPS += [
    (line, int(offset), message)
    for row in TABLE.read_text(encoding="utf-8").splitlines()
    for line, offset, message in [row.split("\t")]
]
UNCLOSED = [
    ('customer is "Bob', 12, "a quotation mark is not closed"),
    ("returned_on within {most_days days after booked_on", 19, "a brace is not closed"),
    ("returned_on within most_days} days after booked_on", 28, "a brace is closed that was not "
     "opened"),
]  # fmt: skip
ALL = [*UNCLOSED, *GRAMMAR, *OPERATORS, *FACTS, *OBJECTS, *PARAMETERS, *SLIPS, *NUMBERS_OF_UNITS]


@pytest.mark.parametrize(("line", "offset", "message"), ALL, ids=[line for line, *_ in ALL])
def test_a_wrong_line_is_shown_with_a_caret(
    tmp_path: Path, line: str, offset: int, message: str
) -> None:
    text = f'"{line}"' if line.startswith(("'", "{")) else line
    found, expected = condition_problem(tmp_path, text, offset, message)
    assert found == expected


def test_the_words_for_signs_are_operators() -> None:
    assert {
        word for words in SIGNS_FOR_WORDS.values() for word in words
    } <= operators.OPERATORS.keys()


def test_without_a_near_operator_all_are_listed(tmp_path: Path) -> None:
    entries = operators.OPERATORS.values()
    names = [each.name for each in entries if each.name and not (each.unit or each.last_words)]
    units = "minutes|hours|days|working days|weeks|months|years after|before"
    message = (
        f"no operator begins with 'are city'. Operators: {', '.join(names)}, within N {units} and "
        f"at least N {units}."
    )
    found, expected = condition_problem(tmp_path, "model are city", 6, message)
    assert found == expected


@pytest.mark.parametrize(
    "line",
    [
        "not paid",
        "paid is yes",
        "paid is not no",
        "paid is safe",
        "wheels is price",
        "model is 'city'",
        "model is customer",
        '''customer is "bob's"''',
        "customer is one of {safe_tools}",
        "tools includes all of {safe_tools}",
        "tools includes pump",
        "loan is recorded",
        "booked_on before closed_at",
        "booked_on after {as_of}",
        "booked_on during loan",
        "opened_at within 1.5 hours after closed_at",
        "opened_at within 1 day after booked_on",
        "returned_on within {most_days} working days after booked_on",
        "price more than 3.5",
    ],
)
def test_a_right_line_is_taken(tmp_path: Path, line: str) -> None:
    pack = pack_of(tmp_path, f"require:\n  it: {line}")
    assert pack.warnings == ()


@pytest.mark.parametrize(
    ("written", "caret"),
    [
        ("paid is  maybe", (8, 20)),
        ("'paid is maybe'", (8, 20)),
        ('"paid is maybe"', (8, 20)),
        ('"p\\x61id is maybe"', (8, 11)),
        ("'customer is ''a'' b'", (8, 11)),
        ("|\n    paid is maybe", (8, 11)),
        (">\n    paid is maybe", (8, 11)),
        ("paid is\n    maybe", (8, 11)),
        ("paid\n    is maybe", (8, 11)),
        ("&a paid is maybe", (8, 11)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_caret_is_at_the_word_or_at_the_beginning_of_a_text_that_is_folded_or_escaped(
    tmp_path: Path, written: str, caret: tuple[int, int]
) -> None:
    found, _ = condition_problem(tmp_path, written, 0, "")
    line, column = caret
    assert found.startswith(f"rules/1.yaml:{line}:{column}: ")
    assert found.endswith("\n    " + " " * (column - 1) + "^")
