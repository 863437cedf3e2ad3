"""The words of a schema for sentences: each mistake at its place, and what they are read as."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_pack import (
    RULE_FILE,
    condition_problem,
    located,
    pack_files,
    problems_of,
    rule_file,
    write_pack,
)

from scr_audit.language.phrases import Called, Clause, Words
from scr_audit.packs.load import load_folder

FILE = "records.yaml"
BEFORE = "      extra: {"
NEEDS_BRACKET = "it needs one bracket with both halves, such as [was|was not]"
NEEDS_TEXT = "expected a text, such as {it} [was|was not] made; found"
ENUM = "type: string, enum: [half_day, day]"
INDIRECT = "expected an indirect question: which, who, when, where, how, what ..."
ITEM = f"type: array, items: {{type: object, properties: {{a: {{type: boolean}}, b: {{{ENUM}}}}}"
NO_CHOICE = "there is no choice"
WHERE = "expected what to look in, such as the minutes of the meeting"
CAPITAL = (
    "it is part of a sentence, which begins with a small letter; before a name write what it is, "
    "such as the hospital St Mary's"
)
# "→" stands before the mistake.
WRONG = [
    ('{type: boolean, x-says: →"{it} was q"}', NEEDS_BRACKET),
    ("{type: boolean, x-says: →3}", f"{NEEDS_TEXT} 3"),
    ("{type: boolean, x-says: →{it: [was]}}", f"{NEEDS_TEXT} {{it: [was]}}"),
    ('{type: string, format: date, x-says: →"[was|was not] q"}', "it needs {on} once"),
    (f'{{{ENUM}, x-says: →"[was|was not] q"}}', "it needs {value} once"),
    ("{type: array, items: {type: string}, x-says: →'[was|was not]'}", "it needs {value} once"),
    ("{type: array, items: {$ref: '#/$defs/loan'}, x-says: →'[was|was not] q'}",
     "a list has no 'x-says'; its facts may have one"),
    ("{type: object, additionalProperties: true, x-says: →'[was|was not] q'}",
     "an open group has no 'x-says'; its facts may have one"),
    ('{type: boolean, x-unknown: →"the q"}', INDIRECT),
    ("{type: boolean, x-unknown: →[which q]}", INDIRECT),
    ("{type: boolean, x-unknown: →'which {foo q'}", "a brace is not closed"),
    ("{type: boolean, x-unknown: →'which [was|was not] q'}",
     "a bracket with a yes and a no stands in 'x-says' alone; write words"),
    (f"{{{ENUM}, x-words: {{day: →'a {{x}} b'}}}}",
     "the words of a choice have no places in braces"),
    ("{type: boolean, x-look: →3}", WHERE),
    ("{type: boolean, x-look: →' '}", WHERE),
    (f"{{type: boolean, x-look: →the {'q' * 57}}}", "it has 61 characters; expected at most 60"),
    ("{type: boolean, x-look: →'the file of {it}'}", "it has no places in braces"),
    ("{type: boolean, x-look: →The file}", CAPITAL),
    ("{type: boolean, x-look: →the case_file}", "'e_f' is no word that a person says; write it in "
     "plain words"),
    ("{type: object, x-look: →the file., properties: {a: {type: boolean}}}", "it is part of a "
     "sentence; leave the sign at its end out"),
    (f"{{{ENUM}, x-words: →half a day}}",
     "expected words for choices, such as {half_day: half-day}"),
    (f"{{{ENUM}, x-words: {{halfday: →half-day}}}}", f"{NO_CHOICE} 'halfday'. Did you mean "
     "'half_day'?"),
    (f"{{{ENUM}, x-words: {{half_day: →half_day}}}}", "'f_d' is no word that a person says; "
     "write it in plain words"),
    (f"{{{ENUM}, x-words-as: →half}}", "'x-words-as' has words for choices under each name"),
    (f"{{{ENUM}, x-words-as: {{short: {{dya: →d}}}}}}", f"{NO_CHOICE} 'dya'. Did you mean 'day'?"),
    ("{type: string, →x-words: {a: b}}", "'x-words' stands beside 'enum'"),
    ("{type: string, format: date, →x-words-as: {a: {b: c}}}", "'x-words-as' stands beside 'enum'"),
    (f"{{{ITEM}, x-called: →3}}}}", "a name is a text, such as the {type} meeting of {date}"),
    (f"{{{ITEM}, x-called: →[]}}}}", "expected at least one name, such as the {type} meeting of "
     "{date}"),
    (f'{{{ITEM}, x-called: →"the {{c}}"}}}}', "there is no 'c' here. Facts here: a and b."),
    (f'{{{ITEM}, x-called: [a day, →"a {{b as c}}"]}}}}', "there are no words of the form "
     "'c' of 'b'; expected x-words-as beside its enum, such as "
     "x-words-as: {c: {a_choice: its words}}"),
    (f'{{{ITEM}, x-called: →"the b."}}}}', "it is part of a sentence; leave the sign at its end "
     "out"),
    (f"{{{ITEM}, x-called: →{{by: a, day: x}}}}}}", "'by' names a choice of the item; found 'a'"),
    (f"{{{ITEM}, x-called: →{{by: [a], day: x}}}}}}", "'by' names a choice of the item; found [a]"),
    (f"{{{ITEM}, x-called: →{{day: the day}}}}}}", "'by' names a choice of the item; found ''"),
    (f"{{{ITEM}, x-called: {{by: b, days: →the day}}}}}}", "'days' is no choice of 'b'. Did you "
     "mean 'day'?"),
    (f'{{{ITEM}, x-called: {{by: b, day: →"the {{c}}"}}}}}}', "there is no 'c' here. "
     "Facts here: a and b."),
]  # fmt: skip


@pytest.mark.parametrize(("schema", "message"), WRONG)
def test_a_mistake_in_the_words_of_a_fact_is_at_its_place(
    tmp_path: Path, schema: str, message: str
) -> None:
    fact = schema.replace("→", "")
    text = pack_files()[FILE].replace(BEFORE, f"      q: {fact}\n{BEFORE}")
    expected = located(FILE, text, (38, 10), message, offset=schema.index("→"))
    assert problems_of(tmp_path, {FILE: text}) == expected


LONG = f"{{it}} [was|was not] {' '.join(['very'] * 18)} new"
TOO_MUCH = "and a name is read by everybody; leave it out, or write x-in-names: true beside"
QUASI = "x-quasi-identifier: true"
DOUBTFUL = [
    (f'{{type: boolean, x-says: →"{LONG}"}}',
     "a clause of 22 words; more than 20 are hard to read in a sentence; say it shorter"),
    ('{type: array, items: {type: object, properties: {a: {type: string}}, x-called: →"the {a}"}}',
     f"{{a}} is free text, {TOO_MUCH} 'a'"),
    (f"{{type: array, items: {{type: object, properties: {{a: {{{ENUM}, {QUASI}}}}}, "
     'x-called: [it, →"the {a}"]}}', f"{{a}} is a quasi-identifier, {TOO_MUCH} 'a'"),
    ("{type: array, items: {type: object, properties: {a: {type: object, properties: {b: "
     '{type: string}}}}, x-called: →"the {a.b}"}}', f"{{a.b}} is free text, {TOO_MUCH} 'b'"),
]  # fmt: skip


@pytest.mark.parametrize(("schema", "message"), DOUBTFUL)
def test_what_reads_badly_or_tells_too_much_is_a_warning_at_its_place(
    tmp_path: Path, schema: str, message: str
) -> None:
    fact = schema.replace("→", "")
    text = pack_files()[FILE].replace(BEFORE, f"      q: {fact}\n{BEFORE}")
    pack = load_folder(write_pack(tmp_path, {FILE: text}))
    assert [str(warning).replace(f"{tmp_path}/", "") for warning in pack.warnings] == [
        located(FILE, text, (38, 10), message, offset=schema.index("→"))
    ]


@pytest.mark.parametrize(
    "fact",
    [
        f'{{type: boolean, x-says: "{LONG.replace("very ", "", 2)}"}}',
        "{type: array, items: {type: object, properties: {a: {type: string, x-in-names: true}, "
        'b: {type: string, format: date}}, x-called: "the {a} of {b}"}}',
    ],
)
def test_what_is_short_or_meant_so_is_no_warning(tmp_path: Path, fact: str) -> None:
    text = pack_files()[FILE].replace(BEFORE, f"      q: {fact}\n{BEFORE}")
    assert load_folder(write_pack(tmp_path, {FILE: text})).warnings == ()


NOUN = (
    "expected what they are called: a, an, the, some, any or one in small letters and a noun, such "
    "as a worn part; found"
)
CALLED_WRONG = [
    ("worn part", f"{NOUN} 'worn part'."),
    ("the", f"{NOUN} 'the'."),
    ("[a part]", f"{NOUN} [a part]."),
    ("", f"{NOUN} ''."),
    ("A worn part.", f"{NOUN} 'A worn part.'. Write: a worn part"),
    ("the {name} part", "a name in a rule has no places in it"),
    ("a worn_part", "'n_p' is no word that a person says; write it in plain words"),
    ("a worn part.", "it is part of a sentence; leave the sign at its end out"),
]


@pytest.mark.parametrize(("called", "message"), CALLED_WRONG)
def test_a_mistake_in_what_a_question_is_about_is_at_its_place(
    tmp_path: Path, called: str, message: str
) -> None:
    quoted = called if called.startswith("[") else f'"{called}"'
    condition = f"{{some: parts as p, where: p.worn, called: {quoted}}}"
    found, expected = condition_problem(tmp_path, condition, 42, message)
    assert found == expected


def test_a_mistake_in_what_the_units_of_a_rule_are_called_is_at_its_place(tmp_path: Path) -> None:
    text = rule_file(
        "for_each: parts as part\nwhere: part.worn\ncalled: worn parts\nif_none: not_met\n"
        "require:\n  it: part.fitted"
    )
    assert problems_of(tmp_path, {RULE_FILE: text}) == located(
        RULE_FILE, text, (9, 13), f"{NOUN} 'worn parts'."
    )


RIGHT = """\
      asked: {type: boolean, x-says: "{it} [was|was not] asked", x-unknown: "who was asked"}
      trips:
        type: array
        items:
          type: object
          title: Trip
          x-called:
            by: length
            half_day: ["the {length as short} trip of {on}", a short trip]
            otherwise: "a trip of a {length}"
          properties:
            "on": {type: string, format: date}
            length:
              type: string
              enum: [half_day, day]
              x-words: {half_day: half-day}
              x-words-as: {short: {half_day: short}}
"""


def test_words_are_read(tmp_path: Path) -> None:
    text = pack_files()[FILE].replace(BEFORE, f"{RIGHT}{BEFORE}")
    job = load_folder(write_pack(tmp_path, {FILE: text})).kinds["job"].type
    assert job.fields["asked"].says == Words(
        Clause("{it}", "was", "was not", " asked"), "who was asked"
    )
    trip = job.fields["trips"].type.item
    assert trip is not None
    assert trip.called == Called(
        ("a trip of a {length}",),
        "length",
        {"half_day": ("the {length as short} trip of {on}", "a short trip")},
    )
    length = trip.fields["length"].type
    assert (length.words, length.forms) == (
        {"half_day": "half-day"},
        {"short": {"half_day": "short"}},
    )
