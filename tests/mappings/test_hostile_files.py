"""Files that are not what they should be: a clear message with the place, and nothing else."""

import json
import tracemalloc

import pytest
from importing import KEY, imported, mapping

from scr_audit.errors import InputError
from scr_audit.mappings.importer import Import

CHILD = "<Child><ChildIdentifiers><LAchildID>SECRET</LAchildID></ChildIdentifiers></Child>"
BODY = f"<Message><Children>{CHILD}</Children></Message>"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
DOCTYPE = (
    "has a document type (DOCTYPE) above line 2, which may define entities; expected none. "
    "Remove it"
)
ENCODING = (
    "not UTF-8 text, though the file declares no other encoding; save it as UTF-8, or let its "
    'first line declare what it is: <?xml version="1.0" encoding="Windows-1252"?>'
)
CUT = "the file ends, or breaks off, inside an element; it may be cut short"
XML = {
    "external entity": (
        '<!DOCTYPE Message [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n'
        + BODY.replace("SECRET", "&x;"),
        DOCTYPE,
    ),
    "billion laughs": (
        f'<!DOCTYPE Message [<!ENTITY l0 "ha">{LAUGHS}]>\n{BODY}'.replace("SECRET", "&l9;"),
        DOCTYPE,
    ),
    "external DTD": (f'<!DOCTYPE Message SYSTEM "http://localhost/x.dtd">\n{BODY}', DOCTYPE),
    "undeclared entity": (
        BODY.replace("SECRET", "&nbsp;"),
        "line 1, column 62: uses an entity that XML does not have; expected none but &amp; and "
        "the like",
    ),
    "cut short": (BODY[:70], f"line 1, column 71: {CUT}"),
    "wrong root": (
        "<Schools/>", "line 1: the outermost element is Schools; expected Message, in no namespace"
    ),
    "a namespace": (
        '<Message xmlns="urn:x"/>',
        "line 1: the outermost element is (a name that may be a value); expected Message, in no "
        "namespace",
    ),
    "no children": ("<Message><Children/></Message>", "there is no Message/Children/Child in it, "
                    "so no records"),
    "wrong end": (
        BODY.replace("</LAchildID>", "</UPN>"),
        "line 1, column 68: the end of one element stands where another was opened",
    ),
    "empty": ("", "the file is empty or does not begin as XML does; expected XML"),
    "text": ("SECRET", "the file is empty or does not begin as XML does; expected XML"),
    "late header": (
        BODY.replace("</Message>", "<Header><CollectionDetails/></Header></Message>"),
        "line 1: Header stands after the records; expected before them, since they need it",
    ),
}  # fmt: skip


def refused(path, name):
    with pytest.raises(InputError) as caught:
        imported(path, name)
    text = str(caught.value)
    assert "SECRET" not in text
    assert text.startswith(f"{path}: ")
    return text.removeprefix(f"{path}: ")


@pytest.mark.parametrize("case", XML)
def test_xml_that_is_no_census_is_refused(tmp_path, case):
    text, message = XML[case]
    path = tmp_path / "census.xml"
    path.write_text(text, encoding="utf-8")
    assert refused(path, "cin-census") == message


def test_an_encoding_that_is_not_declared_is_refused_and_a_declared_one_is_read(tmp_path):
    path = tmp_path / "census.xml"
    path.write_bytes(BODY.replace("SECRET", "SECRET\u00e9").encode("cp1252"))
    assert refused(path, "cin-census") == f"line 1, column 62: {ENCODING}"
    head = b'<?xml version="1.0" encoding="Windows-1252"?>'
    path.write_bytes(head + BODY.replace("SECRET", "SECRET\u00e9").encode("cp1252"))
    (declared,) = imported(path).records
    path.write_bytes(BODY.replace("SECRET", "SECRET\u00e9").encode("utf-8"))
    (plain,) = imported(path).records
    assert declared["id"] == plain["id"] == KEY.pseudonym("SECRET\u00e9", prefix="C")


def test_one_record_may_not_be_endless(tmp_path):
    path = tmp_path / "census.xml"
    path.write_text(BODY.replace("</Child>", "<x/>\n" * 100_001 + "</Child>"), encoding="utf-8")
    assert refused(path, "cin-census").endswith(
        "more than 100,000 elements belong together; no record is so long"
    )


def test_a_hundred_levels_deep_is_a_message_and_no_crash(tmp_path):
    path = tmp_path / "census.xml"
    path.write_text(BODY.replace("</Child>", "<x>" * 500 + "</Child>"), encoding="utf-8")
    assert refused(path, "cin-census").startswith("line 1, column ")


KNOWN = (
    "la_child_id, mis_child_id, purge, child_details, health_and_wellbeing or social_care_episodes"
)
JSON = {
    "another shape": ([{"SECRET": 1}], "record /0: has none of the fields that the mapping knows; "
                      f"expected {KNOWN}"),
    "one of another shape": ({"SECRET": 1}, "the record: has none of the fields that the mapping "
                             f"knows; expected {KNOWN}"),
    "a text in the list": ([{"la_child_id": "A"}, "SECRET"], "record /1: found a text; expected a "
                           "record, such as {...}"),
    "an empty list": ([], "there are no records in it"),
}  # fmt: skip


@pytest.mark.parametrize("case", JSON)
def test_json_of_another_shape_is_refused(tmp_path, case):
    value, message = JSON[case]
    path = tmp_path / "children.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    assert refused(path, "dfe-api") == message


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("c.json", '[{"la_child_id": "SECRET"', "not JSON: Expecting ',' delimiter at line 1, "
         "column 26; mend it there, or take the file anew if it was cut short"),
        ("c.ndjson", '{"la_child_id": "A"}\n{"la_child_id": SECRET}\n', "line 2: not JSON: JSON is "
         "malformed: invalid character (byte 16)"),
        ("c.json", '{"la_child_id": "SECRET"', "the record: not JSON: Input data was truncated"),
    ],
)  # fmt: skip
def test_text_that_is_no_json_is_refused(tmp_path, name, text, message):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert refused(path, "dfe-api") == message


def test_lines_lists_and_single_documents_give_the_same_records(tmp_path):
    documents = [{"la_child_id": "A"}, {"la_child_id": "B", "social_care_episodes": []}]
    as_list, lines, one = (tmp_path / name for name in ("a.json", "a.ndjson", "b.json"))
    as_list.write_text(json.dumps(documents), encoding="utf-8")
    lines.write_text("".join(f"{json.dumps(each)}\n" for each in documents), encoding="utf-8")
    one.write_text(json.dumps(documents[0]), encoding="utf-8")
    facts = [{}, {"referrals": []}]
    assert imported(as_list, "dfe-api").facts == imported(lines, "dfe-api").facts == facts
    assert imported(one, "dfe-api").facts == facts[:1]


def test_one_child_at_a_time_is_in_memory(tmp_path):
    path = tmp_path / "census.xml"
    children = "".join(CHILD.replace("SECRET", f"A{number}") for number in range(4_000))
    path.write_text(f"<Message><Children>{children}</Children></Message>", encoding="utf-8")
    work = Import(path, mapping("cin-census"), KEY)
    tracemalloc.start()
    try:
        assert len({record["id"] for record in work.records()}) == 4_000
        assert tracemalloc.get_traced_memory()[1] < 3_000_000  # the ids, and no records
    finally:
        tracemalloc.stop()


TOO_BIG = (
    "a text, a name or an attribute of more than 10 MB, elements in more than 256 others, or "
    "entities that grow too much; write the file anew from its source"
)
LAUGHS_AT_ONCE = f'<!DOCTYPE Message [<!ENTITY l0 "ha">{LAUGHS}]>'


@pytest.mark.parametrize(
    "text",
    [
        BODY.replace("SECRET", "a" * 11_000_000),
        BODY.replace("<Child>", f'<Child a="{"a" * 13_000_000}">'),
        BODY.replace("<Child>", f"<!--{'a' * 13_000_000}--><Child>"),
        BODY.replace("SECRET", "<x>" * 100_000),
        LAUGHS_AT_ONCE + BODY.replace("<Message>", '<Message a="&l9;">'),
    ],
    ids=["text", "attribute", "comment", "depth", "laughs in an attribute"],
)
def test_what_would_fill_the_memory_is_refused_in_words(tmp_path, text):
    path = tmp_path / "census.xml"
    path.write_text(text, encoding="utf-8")
    assert refused(path, "cin-census").endswith(TOO_BIG)


def test_many_attributes_are_refused_before_they_are_read(tmp_path):
    path = tmp_path / "census.xml"
    many = " ".join(f'a{number}="SECRET"' for number in range(200_000))
    path.write_text(BODY.replace("<Child>", f"<Child {many}>"), encoding="utf-8")
    assert refused(path, "cin-census") == (
        "line 1: more than 1,000 attributes in one element; expected none"
    )


@pytest.mark.parametrize("length", range(len("<Message>"), len(BODY)))
def test_a_census_cut_anywhere_is_refused(tmp_path, length):
    path = tmp_path / "census.xml"
    path.write_text(BODY[:length], encoding="utf-8")
    message = refused(path, "cin-census")
    assert message.startswith(f"line 1, column {length + 1}: ")
    assert "may be cut short" in message


def test_a_declared_encoding_that_is_not_so_is_refused(tmp_path):
    path = tmp_path / "census.xml"
    path.write_text(f'<?xml version="1.0" encoding="UTF-16"?>{BODY}', encoding="utf-8")
    assert refused(path, "cin-census").endswith(
        "export it anew, in the encoding that its first line declares"
    )


def test_half_a_character_is_refused_in_words(tmp_path):
    path = tmp_path / "children.ndjson"
    path.write_text('{"la_child_id": "SECRET\\ud800"}\n', encoding="utf-8")
    assert refused(path, "dfe-api") == (
        "line 1: not JSON: a text in it may hold half of a character, such as \\ud800; "
        "export it anew"
    )
