"""Mistakes in a mapping file: all of them at once, each at its place."""

import pytest
from importing import pack
from small_pack import located

from scr_audit.errors import InputError, PackError
from scr_audit.mappings.mapping_loader import chosen_mapping, load_mapping, mapping_files

HEAD = """\
id: small
version: 1.0.0
title: A small mapping
source: {title: A format}
format: xml
kind: case
record: Register/Child
codes:
  source: {a: police, b: null}
elements:
  Id: {fact: id, as: pseudonym, prefix: C}
  Referral: {item: referrals}
  Referral/By: {fact: "referrals[].by", as: code, codes: source}
"""
CONVERSIONS = (
    "date, month, flag, opposite flag, number, code, list of codes, postcode district, pseudonym, "
    "age in years and age in weeks"
)


def problems(folder, text):
    path = folder / "small.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PackError) as caught:
        load_mapping(path, pack())
    return str(caught.value).replace(f"{folder}/", "")


MISTAKES = [
    ('Referral/At: {fact: "referrals[].made_att", as: date}', 23,
     "there is no fact 'referrals[].made_att'. Did you mean 'referrals[].made_at'?"),
    ('Referral/At: {fact: "referrals[].made_at", as: dat}', 50,
     f"there is no conversion 'dat'. Did you mean 'date'? Known: {CONVERSIONS}."),
    ('Referral/At: {fact: "referrals[].made_at", as: flag}', 50,
     "'flag' gives true or 1 as yes, which fits a yes/no fact or an open group; "
     "'referrals[].made_at' is a date and time"),
    ("Born: {fact: extra.born, as: date}", 32,
     "'date' gives the day, which fits a date or a date and time; 'extra.born' is an open group"),
    ("Note: {fact: referrals, as: month}", 31,
     "'month' gives the month of a day, which fits a date or an open group; 'referrals' is a list "
     "(referral)"),
    ('Plan: {fact: "plans[].category", as: code, codes: source}', 16,
     "neither this element nor one around it adds an item to 'plans'"),
    ("Referral/More: {item: referal}", 25,
     "there is no list of groups 'referal' in the record. Did you mean 'referrals'?"),
    ("Age: {fact: siblings, as: age in years, at: Referral/By}", None, None),
    ("Age: {fact: siblings, as: age in years, at: Referral/Bi}", 47,
     "there is no element 'Referral/Bi' in this mapping. Did you mean 'Referral/By'?"),
    ("Age: {fact: siblings, as: age in years}", 29,
     "the conversion 'age in years' needs 'at'"),
    ("Sib: {fact: siblings, as: number, codes: source}", 44,
     "the conversion 'number' does not use 'codes'"),
    ('Referral/B: {fact: "referrals[].by", as: code, codes: sorce}', 57,
     "there is no table of codes 'sorce'. Did you mean 'source'?"),
    ("Open: {fact: open_to_social_care}", 16, "'fact' needs its conversion: as"),
    ("Open: {as: flag}", 14,
     "'as' needs the fact that it gives, or 'set' for what follows from it"),
    ("Open: {as: flag, set: {open_to_social_care: true}}", None, None),
    ("Open: {set: {open_to_social_care: true}}", None, None),
    ('Referral/Y: {set: {"referrals[].accepted": 1}}', 46, "expected true or false, found 1"),
    ('Referral/Y: {set: {"referrals[].by": polize}}', 40, None),
    ("Open: {only_if: true}", 19, "'only_if' goes with 'set' or 'excludes' and without 'fact'"),
    ("Flag: {excludes: [Id], why: x}", None, None),
    ("Flag: {excludes: [Referral/By], why: x}", 20,
     "there is no element 'Referral/By' beside this one in the mapping. Did you mean 'Referral'?"),
    ("Flag: {not_before: Referral/By}", 22,
     "there is no element 'Referral/By' beside this one in the mapping. Did you mean 'Referral'?"),
    ("Flag: {excludes: [Id]}", 20, "'excludes' needs its reason: why"),
    ("Open: {if_empty: plans, why: x}", 20, "only JSON has an explicit empty list"),
    ("Upn: {left_out: identifiable}", 19, "'left_out' needs its reason: why"),
    ("Upn: {left_out: unknown, why: x}", 19,
     "expected 'identifiable', 'no_fact' or 'not_needed', found 'unknown'."),
    ("Upn: {left_out: no_fact, why: x, item: plans}", 19,
     "an element that is left out gives nothing; remove the other keys"),
    ("Upn: {left-out: no_fact}", 9, None),
    ("Open: {}", 9,
     "expected 'fact', 'item', 'set', 'excludes', 'if_empty', 'withdraws' or 'left_out'"),
    ("Open//Door: {item: plans}", 3,
     "expected element names with / between them, such as Message/Order"),
    ("Id: {item: plans}", 3, "'Id' stands twice in the same place; first at line 11"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "column", "message"), MISTAKES, ids=[x[0] for x in MISTAKES])
def test_a_mistake_is_at_its_place(tmp_path, line, column, message):
    text = f"{HEAD}  {line}\n"
    if column is None:
        path = tmp_path / "small.yaml"
        path.write_text(text, encoding="utf-8")
        assert load_mapping(path, pack()).id == "small"
        return
    found = problems(tmp_path, text)
    if message is None:
        assert found.startswith(f"small.yaml:14:{column}: ")
    else:
        assert located("small.yaml", text, (14, column), message) in found


def test_all_mistakes_are_told_at_once(tmp_path):
    text = HEAD + "  A: {fact: x, as: date}\n  B: {fact: siblings, as: x}\n  C: {item: y}\n"
    found = problems(tmp_path, text)
    assert [line.split(": ")[0] for line in found.splitlines() if line.startswith("small")] == [
        "small.yaml:14:13",
        "small.yaml:15:27",
        "small.yaml:16:13",
    ]


@pytest.mark.parametrize(
    ("use", "column", "message"),
    [
        ("{item: plans}", 18, "'item' is for elements inside a record"),
        ("{set: {open_to_social_care: true}}", 17, "'set' is for elements inside a record"),
        ("{fact: extra.age, as: age in years, at: Id}", 51, "'at' is for elements inside a record"),
    ],
)
def test_an_element_outside_the_records_gives_a_plain_fact_alone(tmp_path, use, column, message):
    text = f"{HEAD}outside:\n  Source: {use}\n"
    assert f"small.yaml:15:{column}: {message}" in problems(tmp_path, text)


def test_a_code_fits_the_fact_that_it_is_for(tmp_path):
    text = HEAD.replace("a: police", "a: polize")
    assert "small.yaml:9:15: 'referrals[].by': expected childrens_social_care" in problems(
        tmp_path, text
    )
    assert "found 'polize'. Did you mean 'police'?" in problems(tmp_path, text)


def test_a_table_of_codes_that_nobody_uses_is_a_mistake(tmp_path):
    text = HEAD.replace("codes:\n", "codes:\n  spare: {a: b}\n")
    message = "no element uses the table of codes 'spare'"
    assert problems(tmp_path, text) == located("small.yaml", text, (9, 3), message)


def test_a_record_has_its_id_as_a_pseudonym(tmp_path):
    text = HEAD.replace("  Id: {fact: id, as: pseudonym, prefix: C}\n", "")
    message = "no element gives the fact 'id' as a pseudonym; each record needs it"
    assert problems(tmp_path, text) == located("small.yaml", text, (11, 3), message)


def test_the_kind_is_one_of_the_pack(tmp_path):
    text = HEAD.replace("kind: case", "kind: cases")
    message = "the pack has no record kind 'cases'. Did you mean 'case'?"
    assert problems(tmp_path, text) == located("small.yaml", text, (6, 7), message)


@pytest.mark.parametrize(
    ("wanted", "source", "message"),
    [
        ("cin-cencus", "a.xml", "cin-cencus: there is no such file and no mapping of that name in "
         "the pack. Did you mean 'cin-census'? Known: cin-census and dfe-api."),
        (None, "a.xml.gz", "a.xml.gz: is packed with gzip; unpack it first"),
        (None, "a.csv", "a.csv: the name does not tell the format (.xml, .json, .ndjson and "
         ".jsonl); name the mapping: cin-census or dfe-api"),
    ],
)  # fmt: skip
def test_a_mapping_is_found_by_name_or_format(wanted, source, message):
    with pytest.raises(InputError) as caught:
        chosen_mapping(wanted, source, pack())
    assert str(caught.value) == message


def test_the_shipped_mappings_have_no_mistake():
    assert list(mapping_files(pack())) == ["cin-census", "dfe-api"]
    assert chosen_mapping(None, "a.XML", pack()).id == "cin-census"
    assert chosen_mapping(None, "a.ndjson", pack()).id == "dfe-api"
