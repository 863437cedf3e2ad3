"""Text that an author chose reaches both reports as text that can be seen, whatever it is."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from checking import RULE, cases_of, check_of, junit_of, named, places_of, sarif_of
from hypothesis import assume, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from sarif_essentials import LOG

from scr_audit.check.pack_check import CheckResult, PackCheck
from scr_audit.check.sarif import sarif_bytes
from scr_audit.report.wording import one_line
from scr_audit.values.text import visible

HOSTILE = (
    "]]>",
    "<failure message='x'/>",
    "&amp; &#0; \"'",
    "a\x00b\x07\x1b[31m\x0b",
    "\ud800 half",
    "\ufffe\uffff",
    "\u202eright to left",
    "שלום",
    "two\nlines\r\n\tand a tab",
    "\x85\u2028",
    "",
    "   ",
    "{{ 7 * 7 }} {0}",
    "[click](http://example.org)",
    "x" * 10_000,
    "😀",
)
FOLDER = Path(tempfile.gettempdir())


@cache
def small_check() -> PackCheck:
    with tempfile.TemporaryDirectory() as folder:
        return check_of(Path(folder), RULE, strict=True)


def reads_back(text: str) -> None:
    found = named(small_check(), text)
    root = junit_of(found, FOLDER)
    cases = cases_of(root)
    shown = one_line(text)
    examples = [name for name in cases if name.startswith("bicycle-workshop.one/")][:3]
    assert examples[0].removeprefix("bicycle-workshop.one/") == (shown or "(no name)")
    failure = cases[examples[1]][0]
    assert failure.attrib["message"] == shown
    assert (failure.text or "").endswith(f"found: {visible(text)}")
    titles = [each.attrib["value"] for each in root.iter("property")
              if each.attrib["name"] == "title"]  # fmt: skip
    assert titles == [shown]
    data = sarif_bytes(found, places_of(FOLDER))
    Draft202012Validator(LOG).validate(json.loads(data))
    results = sarif_of(found, FOLDER)["results"]
    assert [each["properties"]["title"] for each in results[1:]] == [shown] * len(results[1:])
    for each in results:
        message = each["message"]["text"].replace("{{", "{").replace("}}", "}")
        assert message.endswith(shown.replace("](", "] ("))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_reads_back_as_text(text: str) -> None:
    reads_back(text)


any_text = st.text(st.characters(exclude_categories=()), max_size=30)


@given(any_text)
def test_any_text_reads_back_as_text(text: str) -> None:
    # An example that is called like a case of the report's own is numbered, to be told apart.
    assume(one_line(text) not in ("outcomes", "mutations"))
    reads_back(text)


@given(st.lists(any_text, min_size=3, max_size=3))
def test_any_names_are_told_apart(names: list[str]) -> None:
    (check,) = small_check().result.checks
    examples = tuple(
        replace(each, name=name) for each, name in zip(check.examples, names, strict=True)
    )
    result = CheckResult((replace(check, examples=examples, failures=()),))
    root = junit_of(replace(small_check(), result=result), FOLDER)
    assert len(cases_of(root)) == 7  # which asserts that none is like another
