"""The record schema: the subset that is taken, and everything else refused at its place."""

from pathlib import Path

import pytest
from small_pack import SMALL_PACK, located, pack_files, problems_of, rule_file, write_pack

from scr_audit.language.types import FactType, Kind
from scr_audit.packs.load import load_folder
from scr_audit.packs.schema import extent

FILE = "records.yaml"
RULES = rule_file("require: {booked: booked_on is recorded}")
BEFORE = "      extra: {"
TYPES = "object, array, string, boolean, integer and number"
NOTES = (
    "title, description, x-ask, x-help, x-from, x-quasi-identifier, x-read-on, x-says, x-unknown, "
    "x-look and x-in-names"
)


def with_lines(lines: str, *, defs: str = "") -> str:
    """The schema with these lines among the facts of a job, and these definitions."""
    text = pack_files()[FILE].replace(BEFORE, f"{lines}{BEFORE}")
    return text.replace("  loan:\n    type", f"{defs}  loan:\n    type")


def outside(keyword: str, allowed: str, hint: str = "") -> str:
    return f"'{keyword}' is outside the record schema subset here.{hint} Allowed: {allowed}."


STRING = f"type, enum, format, x-limit, x-words, x-words-as, {NOTES}"
NUMBER = f"type, minimum, maximum, {NOTES}"
CLOSED = (
    "is closed, so that a misspelt fact is found; write 'x-open: true' in its place where facts "
    "that 'properties' does not name are to be passed over. 'additionalProperties: true' is for a "
    "group of which nothing else is said, such as "
    "extra: {type: object, additionalProperties: true}"
)
REFUSED_KEYWORDS = [
    ("{type: string, pattern: a}", 17, outside("pattern", STRING)),
    ("{type: string, minLength: 1}", 17, outside("minLength", STRING)),
    ("{type: string, minimum: 1}", 17, outside("minimum", STRING)),
    ("{type: string, const: a}", 17, outside("const", STRING)),
    ("{type: string, enums: [a]}", 17, outside("enums", STRING, " Did you mean 'enum'?")),
    ("{type: boolean, default: true}", 18, outside("default", f"type, {NOTES}")),
    ("{type: integer, multipleOf: 2}", 18, outside("multipleOf", NUMBER)),
    (
        "{type: number, exclusiveMinimum: 2}",
        17,
        outside("exclusiveMinimum", NUMBER, " Did you mean 'minimum'?"),
    ),
    ("{type: integer, enum: [1]}", 18, outside("enum", NUMBER)),
    (
        "{type: array, uniqueItems: true, items: {type: string}}",
        16,
        outside("uniqueItems", f"type, items, x-complete, {NOTES}", " Did you mean 'items'?"),
    ),
    (
        "{type: object, oneOf: [], properties: {a: {type: boolean}}}",
        17,
        outside(
            "oneOf",
            "type, properties, required, additionalProperties, x-open, x-same-by, x-called, x-key, "
            f"{NOTES}",
        ),
    ),
    (
        "{type: object, additionalProperties: true, properties: {a: {type: boolean}}}",
        17,
        f"a group with 'properties' {CLOSED}",
    ),
    (
        "{type: object, x-key: a, required: [b], additionalProperties: "
        "{type: object, properties: {b: {type: integer}}}}",
        27,
        outside("required", f"type, x-key, additionalProperties, x-complete, {NOTES}"),
    ),
    ('{$ref: "#/$defs/loan", minimum: 2}', 25, outside("minimum", f"$ref, {NOTES}")),
]
KEY = "the fact of each item that holds its key"
MAP = "a map needs 'additionalProperties': the group that stands under each key"
MAP_OF = "{type: object, x-key: a, additionalProperties: {type: object, properties:"
LIMIT = "'x-limit' is true, beside 'format: date'"
SAYS_ONCE = '"{it} [was|was not] {value}"'
REFUSED_VALUES = [
    ("string", 2, "expected a schema: a mapping with 'type' or '$ref'"),
    ("{enum: [a]}", 2, f"expected a type: {TYPES}; there is no 'type'."),
    ("{type: text}", 2, f"expected a type: {TYPES}; found 'text'."),
    (
        "{type: date}",
        2,
        f"expected a type: {TYPES}; found 'date'. Write type: string, and beside it format: date",
    ),
    ("{type: strng}", 2, f"expected a type: {TYPES}; found 'strng'. Did you mean 'string'?"),
    ("{type: null}", 2, f"expected a type: {TYPES}; found nothing."),
    ("{type: [string, boolean]}", 2, f"expected a type: {TYPES}; found [string, boolean]."),
    ('{$ref: "#/$defs/lone"}', 9, "there is no 'lone' in $defs. Did you mean 'loan'?"),
    ('{$ref: "other.yaml"}', 9, "expected #/$defs/name, found 'other.yaml'"),
    ("{$ref: 3}", 9, "expected #/$defs/name, found 3"),
    ("{type: object}", 2, "an object needs 'properties'"),
    ("{type: object, properties: {}}", 2, "an object needs 'properties'"),
    (
        "{type: object, additionalProperties: {}, properties: {a: {type: boolean}}}",
        39,
        "expected true or false; where the keys are data, 'x-key' in place of 'properties' names "
        "the fact of each item that holds its key, such as x-key: name",
    ),
    *(
        (f"{{type: object, x-key: {key}}}", 24, f"expected {KEY}, such as name; found {found}")
        for key, found in (("3", "3"), ("a b", "'a b'"), ("[a]", "[a]"), ("", "nothing"))
    ),
    ("{type: object, x-key: a}", 2, MAP),
    ("{type: object, x-key: a, additionalProperties: true}", 49, MAP),
    (
        "{type: object, x-key: a, additionalProperties: {type: string}}",
        49,
        "a map holds groups; found a text",
    ),
    (
        f"{MAP_OF} {{a: {{type: boolean}}}}}}}}",
        24,
        "'a' of each item is a yes/no fact; a key is a text",
    ),
    (
        f"{MAP_OF.replace('a,', 'a-b,')} {{a_b: {{type: string}}}}}}}}",
        24,
        "'a-b' and 'a_b' of each item differ in a hyphen alone; choose another name",
    ),
    (
        f"{{type: array, items: {MAP_OF} {{b: {{type: string}}}}}}}}}}",
        23,
        "a list holds objects, texts, choices or numbers",
    ),
    *(
        (
            f"{{type: object, required: {required}, properties: {{a: {{type: boolean}}}}}}",
            27,
            "'required' lists names that are in 'properties'",
        )
        for required in ("[b]", "a", "[[a]]")
    ),
    ("{type: array}", 2, "an array needs 'items'"),
    *(
        (
            f"{{type: array, items: {{{item}}}}}",
            23,
            "a list holds objects, texts, choices or numbers",
        )
        for item in (
            "type: boolean",
            "type: array, items: {type: string}",
            "type: string, format: date",
        )
    ),
    *(
        (f"{{type: string, enum: {choices}}}", 23, "'enum' is a list of different texts")
        for choices in ("[]", "a", "[a, 1]", "[a, null]", "[a, a]", "{a: 1}")
    ),
    ("{type: string, format: date, x-limit: false}", 31, LIMIT),
    ("{type: string, x-limit: true}", 17, LIMIT),
    ("{type: string, format: date-time, x-limit: true}", 36, LIMIT),
    ("{type: string, enum: [a], format: date}", 23, "'enum' is a list of different texts"),
    ("{type: string, format: time}", 25, "expected date or date-time; found 'time'"),
    ("{type: string, format: [date]}", 25, "expected date or date-time; found [date]"),
    ("{type: integer, minimum: 1.5}", 27, "'minimum' is a whole number here; found 1.5"),
    ("{type: integer, minimum: true}", 27, "'minimum' is a whole number here; found true"),
    ("{type: number, maximum: '5'}", 26, "'maximum' is a number here; found '5'"),
    ("{type: number, maximum: 1e400}", 26, "'maximum' is a number here; found '1e400'"),
    (
        "{type: object, x-open: yes, properties: {a: {type: boolean}}}",
        25,
        "'x-open' is true or false; found 'yes'",
    ),
    (
        "{type: boolean, x-in-names: no}",
        30,
        "'x-in-names' is true or false; found 'no'",
    ),
    (
        f"{{type: array, items: {{type: string, x-says: {SAYS_ONCE}}}}}",
        38,
        "'x-says' has no effect here; write it beside 'type: array'",
    ),
    (
        "{type: array, items: {type: number, x-ask: How many?}}",
        38,
        "'x-ask' has no effect here; write it beside 'type: array'",
    ),
    ("{type: number, minimum: 5, maximum: 2}", 38, "'maximum' is below 'minimum'"),
    ("{type: boolean, x-ask: {a: 1}}", 25, "'x-ask' is a text; found {a: 1}"),
]
CASES = [*REFUSED_KEYWORDS, *REFUSED_VALUES]


@pytest.mark.parametrize(("schema", "offset", "message"), CASES, ids=[text for text, *_ in CASES])
def test_what_is_outside_the_subset_is_refused(
    tmp_path: Path, schema: str, offset: int, message: str
) -> None:
    text = with_lines(f"      q: {schema}\n")
    expected = located(FILE, text, (38, 8), message, offset=offset)
    assert problems_of(tmp_path, {FILE: text}) == expected


@pytest.mark.parametrize(
    "name", ["two words", "__hidden", "9lives", "café", "a--b", "-a", "a-", "''"]
)
def test_a_fact_has_a_plain_name(tmp_path: Path, name: str) -> None:
    text = with_lines(f"      {name}: {{type: boolean}}\n")
    shown = name.strip("'")
    expected = located(
        FILE,
        text,
        (38, 7),
        f"'{shown}' is not a plain word of letters, digits, _ and single hyphens inside it",
    )
    assert problems_of(tmp_path, {FILE: text}) == expected


@pytest.mark.parametrize(
    ("changes", "place", "message"),
    [
        (("  depot:", "  depots:"), (3, 3), "the record kind 'depot' has no entry here. "
         "Did you mean 'depots'?"),
        (("required: [id, name]", "required: [name]"), (64, 5), "a record kind needs a required "
         "text 'id'"),
        (("      id: {type: string}\n      name", "      id: {type: integer}\n      name"), (64, 5),
         "a record kind needs a required text 'id'"),
        (("      open: {", "      kind: {"), (69, 7), "'kind' is taken: it tells record kinds "
         "apart"),
        (("$defs:", "definitions:\n  a: 1\n$defs:"), (2, 1), "unknown key 'definitions'. Allowed: "
         "$schema, $id, $defs, title, description and $comment."),
    ],
    ids=["missing", "optional id", "number id", "fact called kind", "other key"],
)  # fmt: skip
def test_every_kind_is_an_object_with_an_id(
    tmp_path: Path, changes: tuple[str, str], place: tuple[int, int], message: str
) -> None:
    text = pack_files()[FILE].replace(*changes)
    expected = located(FILE, text, place, message)
    assert problems_of(tmp_path, {FILE: text, "rules/1.yaml": RULES}) == expected


def test_a_kind_that_is_open_is_told_once(tmp_path: Path) -> None:
    head = "  depot:\n    type: object\n"
    text = pack_files()[FILE].replace(head, f"{head}    additionalProperties: true\n")
    expected = located(FILE, text, (65, 5), f"a record kind {CLOSED}")
    assert problems_of(tmp_path, {FILE: text}) == expected


def test_a_kind_that_is_no_object_is_refused(tmp_path: Path) -> None:
    text = pack_files()[FILE].split("  depot:")[0] + "  depot: {type: string}\n"
    expected = located(FILE, text, (63, 10), "a record kind is an object")
    assert problems_of(tmp_path, {FILE: text, "rules/1.yaml": RULES}) == expected


@pytest.mark.parametrize("text", ["- a\n", "a\n", "$defs: 3\n", ""])
def test_a_schema_is_a_mapping_with_definitions(tmp_path: Path, text: str) -> None:
    found = problems_of(tmp_path, {FILE: text})
    assert "a record schema is a mapping with '$defs'" in found.splitlines()[0]


def test_a_group_may_not_contain_itself(tmp_path: Path) -> None:
    line = '      next: {$ref: "#/$defs/job"}\n'
    text = with_lines(line)
    message = (
        "'job' contains itself, directly or through another group; a group cannot stand inside "
        "itself"
    )
    expected = located(FILE, text, (38, 20), message)
    assert problems_of(tmp_path, {FILE: text}) == expected


def chain(length: int, *names: str) -> str:
    """Groups `d0` to `d<length>`, each holding the next under every name."""
    links = []
    for number in range(length):
        inner = ", ".join(f'{name}: {{$ref: "#/$defs/d{number + 1}"}}' for name in names)
        links.append(f"  d{number}: {{type: object, properties: {{{inner}}}}}\n")
    last = f"  d{length}: {{type: object, properties: {{end: {{type: boolean}}}}}}\n"
    return "".join(links) + last


FIRST = '      deep: {$ref: "#/$defs/d0"}\n'


def test_groups_stand_at_most_20_deep_in_each_other(tmp_path: Path) -> None:
    write_pack(tmp_path, {FILE: with_lines(FIRST, defs=chain(18, "a"))})
    assert extent(load_folder(tmp_path).kinds["job"].type, {})[0] == 20
    text = with_lines(FIRST, defs=chain(19, "a"))
    message = "groups stand more than 20 deep in each other"
    assert problems_of(tmp_path, {FILE: text}) == located(FILE, text, (4, 5), message)


def test_a_chain_of_3000_groups_is_refused_without_a_crash(tmp_path: Path) -> None:
    found = problems_of(tmp_path, {FILE: with_lines(FIRST, defs=chain(3000, "a"))})
    assert found.startswith("records.yaml:4:5: groups stand more than 20 deep in each other\n")


def test_a_schema_that_unfolds_to_too_many_facts_is_refused(tmp_path: Path) -> None:
    text = with_lines(FIRST, defs=chain(12, "a", "b"))
    message = "the record kind 'job' has more than 5,000 facts"
    assert problems_of(tmp_path, {FILE: text}) == located(FILE, text, (4, 5), message)


def test_the_facts_of_a_map_count_twice(tmp_path: Path) -> None:
    """Its published schema has them twice, and one in the other four times."""
    link = "additionalProperties: {$ref:"
    text = with_lines(
        FIRST, defs=chain(12, "a").replace("{$ref:", f"{{type: object, x-key: k, {link}")
    )
    text = text.replace('"}}}\n', '"}}}}\n')
    found = problems_of(tmp_path, {FILE: text})
    assert "the record kind 'job' has more than 5,000 facts" in found.splitlines()[0]


def test_a_sound_schema_gives_the_types_of_facts() -> None:
    job = load_folder(SMALL_PACK).kinds["job"].type
    kinds = {name: field.type.kind for name, field in job.fields.items()}
    assert kinds == {
        "id": Kind.TEXT,
        "customer": Kind.TEXT,
        "model": Kind.CHOICE,
        "safe": Kind.BOOLEAN,
        "paid": Kind.BOOLEAN,
        "wheels": Kind.INTEGER,
        "price": Kind.NUMBER,
        "booked_on": Kind.DATE,
        "returned_on": Kind.DATE,
        "opened_at": Kind.DATETIME,
        "closed_at": Kind.DATETIME,
        "labels": Kind.LIST,
        "tools": Kind.LIST,
        "loan": Kind.OBJECT,
        "parts": Kind.LIST,
        "extra": Kind.OPEN,
    }
    wheels: FactType = job.fields["wheels"].type
    assert (wheels.minimum, wheels.maximum) == (1, 4)
    assert job.fields["model"].type.choices == ("city", "racing", "cargo")
    assert [name for name, field in job.fields.items() if field.required] == ["id"]
    assert job.fields["safe"].question == "Was the bicycle safe to ride?"
    assert job.fields["booked_on"].question == "When was the job booked?"
    assert job.fields["paid"].question == "paid?"


def test_two_uses_of_one_definition_are_one_type(tmp_path: Path) -> None:
    write_pack(tmp_path, {FILE: with_lines('      spare: {$ref: "#/$defs/loan"}\n')})
    fields = load_folder(tmp_path).kinds["job"].type.fields
    assert fields["spare"].type is fields["loan"].type


@pytest.mark.parametrize("named", ["", "name: {type: string, x-ask: Which?}, "])
def test_a_map_is_a_list_of_groups_that_are_known_by_their_key(tmp_path: Path, named: str) -> None:
    group = f"{{type: object, x-look: the log, properties: {{{named}value: {{type: integer}}}}}}"
    lines = (
        f"      q: {{type: object, x-key: name, x-complete: paid, additionalProperties: {group}}}\n"
    )
    write_pack(tmp_path, {FILE: with_lines(lines)})
    found = load_folder(tmp_path).kinds["job"].type.fields["q"]
    item = found.type.group_item
    assert item is not None
    assert (item.key, item.same_by, item.look) == ("name", (("name",),), "the log")
    assert [(name, field.required) for name, field in item.fields.items()] == [
        ("name", True),
        ("value", False),
    ]
    assert item.fields["name"].question == ("Which?" if named else "name?")
    assert found.complete is not None


def test_what_tells_items_of_a_map_apart_may_be_said_otherwise(tmp_path: Path) -> None:
    group = "{type: object, x-same-by: [value], properties: {value: {type: integer}}}"
    lines = f"      q: {{type: object, x-key: name, additionalProperties: {group}}}\n"
    write_pack(tmp_path, {FILE: with_lines(lines)})
    item = load_folder(tmp_path).kinds["job"].type.fields["q"].type.group_item
    assert item is not None
    assert item.same_by == (("value",),)


def test_two_facts_that_differ_in_a_hyphen_alone_are_refused(tmp_path: Path) -> None:
    text = with_lines("      booked-on: {type: boolean}\n")
    message = (
        "'booked-on' and 'booked_on' differ in a hyphen alone, and a rule could take one for the "
        "other; leave one of them out"
    )
    assert problems_of(tmp_path, {FILE: text}) == located(FILE, text, (38, 7), message)


def test_words_beside_a_type_that_facts_share_are_told_to_have_no_effect(tmp_path: Path) -> None:
    text = with_lines(
        '      q: {$ref: "#/$defs/size"}\n', defs="  size: {type: integer, x-ask: How large?}\n"
    )
    message = "'x-ask' has no effect here; write it beside each '$ref' to it"
    assert problems_of(tmp_path, {FILE: text}) == located(FILE, text, (40, 25), message)
