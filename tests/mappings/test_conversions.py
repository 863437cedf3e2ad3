"""The closed table of conversions, entry by entry, and the pseudonyms."""

import json
from datetime import date

import pytest
from importing import KEY, census_file, imported

from scr_audit.anonymity.patterns import identifiers_in
from scr_audit.mappings.conversions import CONVERSIONS, Key, Surroundings, Unfit

AROUND = Surroundings({"1A": "word", "2": None}, date(2024, 3, 1), date(2026, 5, 4), KEY, "C")
GOOD = [
    ("date", "2024-02-29", "2024-02-29"),
    ("date", " 2024-02-29Z ", "2024-02-29"),
    ("date", "2024-02-29+01:00", "2024-02-29"),
    ("month", "2024-02-29", "2024-02"),
    *(("flag", value, True) for value in ("true", "TRUE", "1", True, 1)),
    *(("flag", value, False) for value in ("false", "FALSE", "0", False, 0)),
    ("opposite flag", "1", False),
    ("opposite flag", False, True),
    ("number", "12", 12),
    ("number", 12, 12),
    ("code", "1A", "word"),
    ("code", "2", None),
    ("list of codes", "1A", "word"),
    *(
        ("postcode district", f"{outward}{between}9ZZ", outward.upper())
        for outward in ("Z9", "Z99", "Z9Z", "ZZ9", "ZZ99", "ZZ9Z", "GIR", "zz99")
        for between in (" ", "")
    ),
    ("pseudonym", "A1", KEY.pseudonym("A1", prefix="C")),
    ("age in years", "2024-03-01", 0),
    ("age in years", "2020-03-02", 3),
    ("age in years", "2020-02-29", 4),
    ("age in weeks", "2024-02-24", 0),
    ("age in weeks", "2024-02-23", 1),
]
BAD = [
    *(("date", value) for value in ("2023-02-29", "2024-2-1", "٢٠٢٤-٠١-٠١", 20240101, True)),
    *(
        (name, day)
        for name in ("date", "month", "age in years", "age in weeks")
        for day in ("1899-12-31", "1900-01-01", "1905-06-27", "2046-05-05", "2199-10-06")
    ),
    *(("flag", value) for value in ("yes", "2", "True", "")),
    *(("number", value) for value in ("1.5", "-1", "x", "1234567890", 1.5)),
    *(("code", value) for value in ("1a", "1A1", "")),
    *(
        ("postcode district", value)
        for value in (
            "ZZ99",
            "ZZ99 9",
            "ZZ99  9ZZ",
            "ZZZ9 9ZZ",
            "99 9ZZ",
            "ZZ99 9CZ",
            "ZZ99 9ZZ x",
            "\uff3a\uff3a99 9ZZ",
            "",
        )
    ),
    ("age in years", "2024-03-02"),
    ("age in weeks", "2025-01-01"),
]


@pytest.mark.parametrize(("name", "value", "expected"), GOOD)
def test_a_value_that_fits_is_converted(name, value, expected):
    assert CONVERSIONS[name].convert(value, AROUND) == expected


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_value_that_does_not_fit_is_refused_without_being_shown(name, value):
    with pytest.raises(Unfit) as caught:
        CONVERSIONS[name].convert(value, AROUND)
    assert len(str(value)) < 3 or str(value) not in str(caught.value)


def test_every_conversion_is_tried_here():
    assert {name for name, *_ in GOOD} == set(CONVERSIONS)


def test_a_pseudonym_depends_on_key_prefix_and_id_and_shows_none_of_them():
    made = {
        key.pseudonym(id, prefix=prefix)
        for key in (KEY, Key(bytes([1]) * 32))
        for prefix in ("C", "P")
        for id in ("A1", "A2")
    }
    assert len(made) == 8
    assert all(len(each) == 15 for each in made)
    assert "\\x" not in repr(KEY)


def test_no_pseudonym_is_taken_for_an_identifier():
    made = [Key(bytes(32)).pseudonym(f"LA{number}", prefix="C") for number in range(50_000)]
    assert len(set(made)) == len(made)
    assert [each for each in made if identifiers_in(each)] == []


def test_the_same_child_has_the_same_pseudonym_from_both_sources(tmp_path):
    path = tmp_path / "child.json"
    path.write_text(json.dumps({"la_child_id": "A1"}), encoding="utf-8")
    (from_api,) = imported(path, "dfe-api").records
    (from_census,) = imported(census_file(tmp_path, "")).records
    assert from_api["id"] == from_census["id"] == KEY.pseudonym("A1", prefix="C")
