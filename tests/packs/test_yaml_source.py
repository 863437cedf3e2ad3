"""YAML with positions: values as YAML 1.2 has them, and files that are refused with a place."""

from typing import Any

import pytest

from scr_audit.errors import PackError, Place
from scr_audit.packs.yaml_source import MAX_BYTES, MAX_DEPTH, MAX_NODES, Document, read_yaml


def read(text: str) -> Document:
    """The document in a text that has no mistakes."""
    document = read_yaml(text.encode(), "a.yaml")
    assert document.problems == []
    return document


def refused(data: bytes | str) -> str:
    """Why a file is refused, as it is printed."""
    with pytest.raises(PackError) as caught:
        read_yaml(data.encode() if isinstance(data, str) else data, "a.yaml")
    return str(caught.value)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        *((word, word) for word in ("no", "yes", "on", "off", "y", "No", "NO", "tRue", "nULL")),
        *((word, True) for word in ("true", "True", "TRUE")),
        *((word, False) for word in ("false", "False", "FALSE")),
        *((word, None) for word in ("", "~", "null", "Null", "NULL")),
        ("0", 0),
        ("-0", 0),
        ("+5", 5),
        ("-12", -12),
        ("999999999999999999", 999999999999999999),
        ("1000000000000000000", 10**18),
        ("1" * 4300, int("1" * 4300)),
        ("1" * 4301, "1" * 4301),
        ("1.5", 1.5),
        ("-0.25", -0.25),
        ("1.5e3", 1500.0),
        ("1e3", 1000.0),
        ("-2E-1", -0.2),
        (".5", 0.5),
        ("5.", 5.0),
        ("1.0e400", "1.0e400"),
        *((word, word) for word in ("012", "1_000", "0x1F", "0o17", ".", "e3", "1:30")),
        *((word, word) for word in (".inf", "-.inf", ".nan", "2010-03-01", "2010-03-01T10:00")),
        *((word, word) for word in ("1.2.3", "5.7a", "<<", "=")),
        ("'5.7'", "5.7"),
        ('"12"', "12"),
        ("'true'", "true"),
        ("''", ""),
        ("'it''s'", "it's"),
        ('"a\\tb"', "a\tb"),
        ("!!str 12", "12"),
        ("!!int 12", "12"),
    ],
)
def test_a_plain_value_is_what_yaml_1_2_says(written: str, value: Any) -> None:
    found = read(f"key: {written}\n").value["key"]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("key", ["no", "on", "1", "2010-03-01", "null", "true", "~", "''"])
def test_a_key_is_always_text(key: str) -> None:
    assert list(read(f"{key}: 1\n").value) == [key.strip("'")]


@pytest.mark.parametrize(
    ("block", "value"),
    [("|\n  a\n  b\n", "a\nb\n"), (">\n  a\n  b\n", "a b\n"), ("|-\n  1\n", "1")],
)
def test_a_block_is_text(block: str, value: str) -> None:
    assert read(f"key: {block}").value == {"key": value}


def test_an_anchor_may_be_used_again() -> None:
    document = read("a: &one {b: [1, 2]}\nc: *one\nd: &two x\ne: [*two, *two]\n")
    assert document.value == {"a": {"b": [1, 2]}, "c": {"b": [1, 2]}, "d": "x", "e": ["x", "x"]}
    assert document.place(("c",)) == Place("a.yaml", 2, 4)
    assert document.place(("c", "b", 0)) == Place("a.yaml", 2, 4)


def test_a_merge_key_is_a_key_like_any_other() -> None:
    assert read("a: &a {b: 1}\nc: {<<: *a}\n").value["c"] == {"<<": {"b": 1}}


def test_an_empty_file_is_nothing() -> None:
    for text in ("", "\n", "# only this\n", "---\n"):
        assert read(text).value is None


def test_tabs_may_stand_between_and_inside_values() -> None:
    assert read("a:\t1\nb: x\ty\n").value == {"a": 1, "b": "x\ty"}


def test_two_equal_keys_are_a_problem_at_the_second() -> None:
    document = read_yaml(b"a: 1\nb:\n  c: 1\n  'c': 2\na: 3\n", "a.yaml")
    assert [str(problem) for problem in document.problems] == [
        "a.yaml:4:3: 'c' stands twice in the same place; first at line 3\n      'c': 2\n      ^",
        "a.yaml:5:1: 'a' stands twice in the same place; first at line 1\n    a: 3\n    ^",
    ]


BOMB = "a0: &a0 [x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            BOMB,
            f"a.yaml:7:10: unfolds to more than {MAX_NODES:,} values\n"
            "    a6: &a6 [*a5, *a5, *a5, *a5, *a5, *a5, *a5, *a5, *a5, *a5]\n"
            "             ^",
        ),
        (
            "a: &a [1, *a]\n",
            "a.yaml:1:11: '*a' names nothing that is complete above it\n"
            "    a: &a [1, *a]\n"
            "              ^",
        ),
        (
            "a: *b\nb: &b 1\n",
            "a.yaml:1:4: '*b' names nothing that is complete above it\n    a: *b\n       ^",
        ),
        (
            "[a, b]: 1\n",
            "a.yaml:1:1: a key must be a plain word, not a list or a mapping\n    [a, b]: 1\n    ^",
        ),
        (
            "? {a: 1}\n: 2\n",
            "a.yaml:1:3: a key must be a plain word, not a list or a mapping\n"
            "    ? {a: 1}\n      ^",
        ),
        (
            "a: 1\n---\nb: 2\n",
            "a.yaml:2:1: a second document; expected only one\n    ---\n    ^",
        ),
        (
            "a:\n\t- 1\n",
            "a.yaml:2:1: not readable as YAML: found character that cannot start any token. "
            "Indent with spaces and not with tabs; a text that begins with a sign stands in "
            "quotes\n"
            "    \t- 1\n    ^",
        ),
        (
            "a: [1\n",
            "a.yaml:2:1: not readable as YAML: did not find expected ',' or ']'. "
            "A bracket is not closed, or a text in brackets needs quotes",
        ),
        (
            "a: [b, c before {day}]\n",
            "a.yaml:1:17: not readable as YAML: did not find expected ',' or ']'. For YAML a { "
            'begins a group of its own: put the text in quotes, "c before {day}"\n    a: [b, c',
        ),
        (
            "a:\n- {day} before c\n",
            "a.yaml:2:9: not readable as YAML: did not find expected key. For YAML a { "
            'begins a group of its own: put the text in quotes, "{day} before c"\n    - {day}',
        ),
        (
            "a: 'x\n",
            "a.yaml:2:1: not readable as YAML: found unexpected end of stream. "
            "A quotation mark or a bracket above is not closed",
        ),
        (
            "a: b: c\n",
            "a.yaml:1:5: not readable as YAML: mapping values are not allowed in "
            "this context. A text with ': ' in it stands in quotes; keys of one group are indented "
            "alike\n    a: b: c\n        ^",
        ),
    ],
    ids=lambda text: text[:12],
)
def test_what_is_no_single_finite_document_is_refused(text: str, message: str) -> None:
    assert refused(text).startswith(message)


def test_a_byte_order_mark_is_no_part_of_the_document() -> None:
    document = read("\ufeffa: 1\n")
    assert (document.value, document.lines, document.values[("a",)]) == ({"a": 1}, ["a: 1"], (1, 4))


@pytest.mark.parametrize("opening", ["[", "- ", "a: {", "{a: "])
def test_100_000_levels_are_refused_without_a_crash(opening: str) -> None:
    found = refused(opening * 100_000)
    assert found.startswith(f"a.yaml:1:{found.split(':')[2]}: ")


@pytest.mark.parametrize(("depth", "sound"), [(MAX_DEPTH, True), (MAX_DEPTH + 1, False)])
def test_the_limit_of_nesting(depth: int, sound: bool) -> None:
    text = "[" * depth + "]" * depth
    if sound:
        assert read(text).value is not None
        return
    assert refused(text) == (
        f"a.yaml:1:{depth}: nested more than {MAX_DEPTH} deep\n    {text}\n{' ' * (depth + 3)}^"
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a: 1\nb: caf\xe9\n", "2:1: the file is not UTF-8 text"),
        ("a: 1\n".encode("utf-16"), "1:1: the file is UTF-16 text"),
        ("a: 1\n".encode("utf-32"), "1:1: the file is UTF-32 text"),
        ("a: 1\n".encode("utf-16-le"), "1:1: the file is UTF-16 or UTF-32 text"),
    ],
)
def test_a_file_that_is_not_utf_8_is_refused(data: bytes, said: str) -> None:
    assert refused(data).startswith(f"a.yaml:{said}; save it as UTF-8")


def test_a_huge_file_is_refused() -> None:
    assert refused(b"#" * (MAX_BYTES + 1)) == (
        "a.yaml:1:1: the file has 5,000,001 bytes; at most 5,000,000"
    )


TEXT = """\
# a comment
list:
  - one
  - {inner: 'two', other: "t\\u0068ree"}
block: |
  first
  second
folded: plain
  and more
empty:
é: ü ü x
"""


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        ((), (2, 1), (2, 1)),
        (("list",), (3, 3), (2, 1)),
        (("list", 0), (3, 5), (3, 5)),
        (("list", 1, "inner"), (4, 13), (4, 6)),
        (("block",), (5, 8), (5, 1)),
        (("empty",), (10, 7), (10, 1)),
        (("é",), (11, 4), (11, 1)),
        (("list", 7, "nothing"), (3, 3), (3, 3)),
        (("nothing",), (2, 1), (2, 1)),
    ],
)
def test_every_value_and_key_has_its_place(
    path: tuple[str | int, ...], value: tuple[int, int], key: tuple[int, int]
) -> None:
    document = read(TEXT)
    assert document.place(path) == Place("a.yaml", *value)
    assert document.key_place(path) == Place("a.yaml", *key)


@pytest.mark.parametrize(
    ("path", "offset", "at"),
    [
        (("list", 0), 2, (3, 7)),
        (("list", 1, "inner"), 1, (4, 15)),
        (("list", 1, "other"), 1, (4, 29)),
        (("list", 1, "other"), 3, (4, 27)),
        (("block",), 3, (5, 8)),
        (("folded",), 3, (8, 12)),
        (("folded",), 8, (8, 9)),
        (("é",), 4, (11, 8)),
        (("nothing",), 3, (2, 1)),
    ],
)
def test_a_character_has_its_place_unless_the_text_is_written_otherwise(
    path: tuple[str | int, ...], offset: int, at: tuple[int, int]
) -> None:
    assert read(TEXT).inside(path, offset) == Place("a.yaml", *at)
