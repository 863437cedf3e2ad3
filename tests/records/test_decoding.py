"""Decoding: what a record says is kept apart from what it does not, and mistakes are explained."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from decoding import DATES, DECODER, NO_VALUE, TIMES, decoded, problems, wrong

from scr_audit.errors import RecordError
from scr_audit.values.imprecise import Imprecise

NULL = ", or null where it is not recorded; found"
HALF, ITSELF = "holds half of a character:", "write the character itself"
EXTRA = " What has no place may stand in 'extra'."


def test_absent_null_empty_and_no_are_kept_apart() -> None:
    record = decoded('"paid": null, "safe": false, "parts": [], "labels": null, "loan": {}')
    assert (record.paid, record.safe, record.parts, record.labels) == (None, False, [], None)
    assert (record.tools, record.customer) == (None, None)
    assert record.loan is None


@pytest.mark.parametrize(
    ("facts", "name", "value"),
    [
        ('"price": 3', "price", 3.0),
        ('"wheels": 3', "wheels", 3),
        ('"wheels": 3.0', "wheels", 3),
        ('"booked_on": "2024-02-29T00:00:00"', "booked_on", date(2024, 2, 29)),
        ('"booked_on": "2024-02-29 00:00"', "booked_on", date(2024, 2, 29)),
        ('"booked_on": "2024-02-29"', "booked_on", date(2024, 2, 29)),
        ('"booked_on": "29/02/2024 00:00"', "booked_on", date(2024, 2, 29)),
        ('"booked_on": "29.2.2024T00:00:00.000"', "booked_on", date(2024, 2, 29)),
        ('"booked_on": "\u00a02024-02-01 "', "booked_on", date(2024, 2, 1)),
        ('"customer": " Zoe\\u0301\\n"', "customer", "Zo\u00e9"),
        ('"labels": [" a", "e\\u0301"]', "labels", ["a", "\u00e9"]),
        ('"model": " city "', "model", "city"),
        ('"tools": ["pump ", "\u00a0welder"]', "tools", ["pump", "welder"]),
        ('"booked_on": "1/2/2024"', "booked_on", date(2024, 2, 1)),
        ('"opened_at": "01/02/2024 10:00"', "opened_at", datetime(2024, 2, 1, 10, tzinfo=UTC)),
        ('"opened_at": "2024-01-01T10:00"', "opened_at", datetime(2024, 1, 1, 10, tzinfo=UTC)),
        (
            '"opened_at": "2024-01-01T10:00:30"',
            "opened_at",
            datetime(2024, 1, 1, 10, 0, 30, tzinfo=UTC),
        ),
        (
            '"opened_at": "2024-01-01T10:00:30.5"',
            "opened_at",
            datetime(2024, 1, 1, 10, 0, 30, 500_000, tzinfo=UTC),
        ),
        ('"extra": {"anything": [1, {"x": null}]}', "extra", {"anything": [1, {"x": None}]}),
        ('"labels": ["a", "a"]', "labels", ["a", "a"]),
    ],
)
def test_a_sound_fact_is_decoded(facts: str, name: str, value: Any) -> None:
    found = getattr(decoded(facts), name)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("facts", "name", "low", "high"),
    [
        ('"booked_on": "2024-02"', "booked_on", date(2024, 2, 1), date(2024, 2, 29)),
        ('"booked_on": "2024"', "booked_on", date(2024, 1, 1), date(2024, 12, 31)),
        (
            '"opened_at": "2024-02-03"',
            "opened_at",
            datetime(2024, 2, 3, tzinfo=UTC),
            datetime(2024, 2, 3, 23, 59, 59, 999_999, tzinfo=UTC),
        ),
    ],
)
def test_an_imprecise_date_is_a_span(facts: str, name: str, low: date, high: date) -> None:
    found = getattr(decoded(facts), name)
    assert isinstance(found, Imprecise)
    assert (found.low, found.high) == (low, high)


TYPES = {
    "paid": ('"yes"', f'expected true or false{NULL} "yes"'),
    "wheels": ("2.5", f"expected a whole number{NULL} 2.5"),
    "price": ('"3"', f'expected a number{NULL} "3"'),
    "customer": ("3", f"expected a text{NULL} 3"),
    "labels": ('"a"', f'expected a list{NULL} "a"'),
    "parts": ("{}", f"expected a list{NULL} a group of facts"),
    "loan": ("[]", f"expected a group of facts{NULL} a list"),
    "extra": ("[]", f"expected a group of facts{NULL} a list"),
    "booked_on": ("3", f'expected a date such as "2026-05-09"{NULL} 3'),
    "opened_at": ("true", f'expected a time such as "2026-05-09T14:30"{NULL} true'),
}
FACTS = [
    *((f'"{name}": {value}', f"/{name}", said) for name, (value, said) in TYPES.items()),
    ('"padi": true', "/padi", f"unknown fact 'padi'. Did you mean 'paid'?{EXTRA}"),
    ('"loan": {"agred": true}', "/loan/agred", "unknown fact 'agred'. Did you mean 'agreed'?"),
    ('"loan": {"zzz": 1}', "/loan/zzz", "unknown fact 'zzz'. Facts here: agreed, start and end."),
    (
        '"loan": {"zzz": null}',
        "/loan/zzz",
        "unknown fact 'zzz'. Facts here: agreed, start and end.",
    ),
    (
        '"loan": {"a~b/c": 1}',
        "/loan/a~0b~1c",
        "unknown fact 'a~b/c'. Facts here: agreed, start and end.",
    ),
    ('"parts": [{}]', "/parts/0/name", "'name' is required and is missing"),
    ('"parts": [{"name": null}]', "/parts/0/name", "expected a text; found null"),
    ('"parts": [null]', "/parts/0", "expected a group of facts; found null"),
    ('"labels": ["a", null]', "/labels/1", "expected a text; found null"),
    (
        '"model": "citty"',
        "/model",
        "\"citty\" is not one of the choices. Did you mean 'city'? "
        "Choices: city, racing and cargo.",
    ),
    (
        '"tools": ["pump", "saw"]',
        "/tools/1",
        '"saw" is not one of the choices. Choices: pump, spanner and welder.',
    ),
    ('"wheels": 0', "/wheels", "expected at least 1, found 0"),
    ('"wheels": 5', "/wheels", "expected at most 4, found 5"),
    ('"price": -0.5', "/price", "expected at least 0, found -0.5"),
    ('"price": NaN', "/price", f"NaN {NO_VALUE}"),
    ('"price": Infinity', "/price", f"Infinity {NO_VALUE}"),
    ('"price": 1e400', "/price", f"Infinity {NO_VALUE}"),
    ('"extra": {"a": [-Infinity]}', "/extra/a/0", f"-Infinity {NO_VALUE}"),
    ('"customer": "x\\ud800"', "/customer", f"{HALF} x\\ud800; {ITSELF}"),
    ('"extra": {"\\udfff": 1}', "/extra/\\udfff", f"{HALF} \\udfff; {ITSELF}"),
    (
        f'"paid": "{"y" * 100}"',
        "/paid",
        f'expected true or false{NULL} "{"y" * 56}…',
    ),
]


@pytest.mark.parametrize(
    ("facts", "at", "message"),
    [
        ({"customer": "x\ud800"}, "/customer", f"{HALF} x\\ud800; {ITSELF}"),
        ({"extra": {1: 2}}, "/extra", "a key is a text; found one that is none (int)"),
        ({"labels": ["a", "\ud800"]}, "/labels/1", f"{HALF} \\ud800; {ITSELF}"),
    ],
)
def test_a_value_from_python_that_no_file_could_hold_is_told(
    facts: dict[str, Any], at: str, message: str
) -> None:
    assert problems({"id": "a", **facts}) == [(at, message)]


@pytest.mark.parametrize(("facts", "pointer", "message"), FACTS, ids=[f[:40] for f, *_ in FACTS])
def test_a_mistake_is_told_by_its_pointer(facts: str, pointer: str, message: str) -> None:
    assert wrong(facts) == [(pointer, message)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2024-02-30", 'not a date: there is no day 2024-02-30'),
        ("2023-02-29", 'not a date: there is no day 2023-02-29'),
        ("2024-13", "not a date: there is no month 13 in '2024-13'"),
        ("2024-00", "not a date: there is no month 00 in '2024-00'"),
        ("0000", 'not a date: there is no year 0000'),
        *(
            (text, f"not a date: {DATES} '{text}'")
            for text in (
                "24-01-01", "2024-1-1", "20240101", "2024-W01-1",
                "2024-01-01T10:00", "２０２４-01-01", "30/02/2024 00:00", "2/13/2024", "1/2-2024",
                "01/02/2024 00:01", "01/02/0000", "02/2024",
            )
        ),
    ],
)  # fmt: skip
def test_an_impossible_date_is_refused(text: str, message: str) -> None:
    assert wrong(f'"booked_on": "{text}"') == [("/booked_on", message)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2024-01-01T24:00",
         "not a time: there is no hour 24 in '2024-01-01T24:00'; expected 00 to 23"),
        ("2026-02-01 14:30:60",
         "not a time: there is no second 60 in '2026-02-01 14:30:60'; expected 00 to 59"),
        ("01/02/2026 14:30:60",
         "not a time: there is no second 60 in '2026-02-01 14:30:60'; expected 00 to 59"),
        ("2024-02-30T10:00", "not a time: there is no day 2024-02-30"),
        (" 2024-01-01T10 ", f"not a time: {TIMES} '2024-01-01T10'"),
        *(
            (text, f"not a time: {TIMES} '{text}'")
            for text in (
                "2024-01-01T10:00z", "2024-01-01T10:00+1",
                "2024-01-01T10", "2024-W01-1T10:00", "2024-01-01T10:00:00.1234567",
            )
        ),
    ],
)  # fmt: skip
def test_an_impossible_time_is_refused(text: str, message: str) -> None:
    assert wrong(f'"opened_at": "{text}"') == [("/opened_at", message)]


def test_everything_wrong_is_told_at_once_in_order_of_pointer() -> None:
    facts = '"wheels": 9, "parts": [{"checks": [{"on": "2024-02-30"}]}], "aaa": 1, "paid": 0'
    assert wrong(facts) == [
        (
            "/aaa",
            "unknown fact 'aaa'. Facts here: kind, id, customer, model, safe, paid, wheels, price, "
            f"… (18 in all).{EXTRA}",
        ),
        ("/paid", f"expected true or false{NULL} 0"),
        (
            "/parts/0/checks/0/on",
            "not a date: there is no day 2024-02-30",
        ),
        ("/parts/0/name", "'name' is required and is missing"),
        ("/wheels", "expected at most 4, found 9"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not JSON: Expecting value at character 1"),
        (
            '{"id":"a",}',
            "not JSON: Expecting property name enclosed in double quotes at character 11",
        ),
        ('{"id":"a"} x', "not JSON: Extra data at character 12"),
        ('{"id":"a"\n,,}', "not JSON: Expecting property name enclosed in double quotes at "
         "line 2, column 2"),
        ("[]", "expected a group of facts; found a list"),
        ("3", "expected a group of facts; found 3"),
        ("null", "expected a group of facts; found null"),
        ('"a"', 'expected a group of facts; found "a"'),
        (b'{"id":"\xe9"}', "not UTF-8 text; save the file as UTF-8"),
        ("[" * 100_000, "nested too deeply to be a record"),
        ('{"id":"a","price":' + "9" * 5000 + "}", "a number in it has thousands of digits"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)  # fmt: skip
def test_text_that_holds_no_record_is_refused(text: str | bytes, message: str) -> None:
    assert problems(text) == [("", message)]


TWICE = [
    (  # 1e13 written in full is longer by as much as the second key and its value take
        '{"id":"a","price":1e13,"paid":true,"paid":true}',
        "/paid",
        "'paid' stands twice in one group, at characters 24 and 36",
    ),
    (
        '{"id": "a", "paid": true, "paid": 3}',
        "/paid",
        "'paid' stands twice in one group, at characters 13 and 27",
    ),
    (
        '{"id": "a",\n "loan": {"agreed": null,\n  "start": null, "\\u0061greed" : true}}',
        "/loan/agreed",
        "'agreed' stands twice in one group, at line 2, column 11 and line 3, column 18",
    ),
    (
        '{"id": "a", "parts": [{"name": "\\u0022"}, {"name": "x", "name": "y"}]}',
        "/parts/1/name",
        "'name' stands twice in one group, at characters 44 and 57",
    ),
    (
        '{"id": "a", "extra": {"/~": [], "x": [1, {"/~": 1, "/~": 2}]}}',
        "/extra/x/1/~1~0",
        "'/~' stands twice in one group, at characters 43 and 52",
    ),
]


@pytest.mark.parametrize(("text", "pointer", "message"), TWICE)
def test_a_key_that_stands_twice_is_told_with_both_places(
    text: str, pointer: str, message: str
) -> None:
    told = f"the key {message} of the record; take the wrong one out"
    for data in (text, text.encode()):
        with pytest.raises(RecordError) as caught:
            DECODER.from_json(data)
        assert [(p.pointer, p.message) for p in caught.value.problems] == [(pointer, told)]
        assert caught.value.record_id == "a"


def test_a_key_that_stands_twice_is_told_before_what_is_no_json_behind_it() -> None:
    with pytest.raises(RecordError) as caught:
        DECODER.from_json('{"id": "a", "paid": true, "paid": 3} x')
    assert "'paid' stands twice" in caught.value.problems[0].message
    assert caught.value.record_id is None


def test_the_id_is_given_with_the_problems_where_it_can_be_read() -> None:
    for text, record_id in (('{"id": "a", "paid": 3}', "a"), ('{"id": 3}', None), ("{}", None)):
        with pytest.raises(RecordError) as caught:
            DECODER.from_json(text)
        assert caught.value.record_id == record_id
    assert str(caught.value) == "/id: 'id' is required and is missing"
