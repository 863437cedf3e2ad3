"""Laws of imports: what is written into a national file is what comes out, and nothing more."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from xml.etree import ElementTree

import census
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "mappings"))

from importing import KEY, imported, mapping  # found through the line above

from scr_audit.errors import InputError
from scr_audit.mappings.importer import Import
from scr_audit.mappings.tally import Fate, report_lines


@settings(max_examples=150)
@given(randoms=st.randoms(use_true_random=False), number=st.integers(1, 3))
def test_a_census_gives_the_facts_that_were_written(tmp_path_factory, randoms, number):
    them = [census.invented(randoms, each) for each in range(1, number + 1)]
    path = tmp_path_factory.mktemp("census") / "census.xml"
    path.write_text("".join(census.census(them)), encoding="utf-8")
    found = imported(path)
    assert found.facts == [census.expected_of_census(child) for child in them]
    _no_identifier(found.records, them)


@settings(max_examples=150)
@given(randoms=st.randoms(use_true_random=False), number=st.integers(1, 3))
def test_api_documents_give_the_facts_that_were_written(tmp_path_factory, randoms, number):
    them = [census.invented(randoms, each) for each in range(1, number + 1)]
    path = tmp_path_factory.mktemp("api") / "children.json"
    path.write_text(census.documents(them), encoding="utf-8")
    found = imported(path, "dfe-api")
    assert found.facts == [census.expected_of_api(child) for child in them]
    _no_identifier(found.records, them)


@settings(max_examples=100)
@given(randoms=st.randoms(use_true_random=False), number=st.integers(1, 3))
def test_each_value_has_one_fate_in_the_report(tmp_path_factory, randoms, number):
    them = [census.invented(randoms, each) for each in range(1, number + 1)]
    folder = tmp_path_factory.mktemp("fates")
    text = "".join(census.census(them)).replace("2023-05", "2023-35", 3)  # days that are none
    (folder / "census.xml").write_text(text, encoding="utf-8")
    (folder / "children.json").write_text(census.documents(them), encoding="utf-8")
    leaves = [each for each in ElementTree.fromstring(text).iter() if not len(each)]  # noqa: S314
    tally = imported(folder / "census.xml").tally
    assert sum(tally.total(fate) for fate in Fate) == len(leaves)
    tally = imported(folder / "children.json", "dfe-api").tally
    values = _values(json.loads(census.documents(them)))
    assert sum(tally.total(fate) for fate in Fate) == values


def _values(value):
    inner = value.values() if isinstance(value, dict) else value
    return sum(map(_values, inner)) if isinstance(value, dict | list) and value else 1


@settings(max_examples=150)
@given(
    randoms=st.randoms(use_true_random=False),
    name=st.sampled_from(("census.xml", "children.json")),
    place=st.floats(0, 1, exclude_max=True),
    put=st.sampled_from(("", "<", "&", '"', "x", "[", "}", "\x00", "\u00e9", "]]>", "<!--")),
    cut=st.integers(0, 9),
)
def test_no_message_repeats_an_identifier(tmp_path_factory, randoms, name, place, put, cut):
    child = census.invented(randoms, 1)
    is_xml = name.endswith("xml")
    text = "".join(census.census([child])) if is_xml else census.documents([child])
    at = int(place * len(text))
    path = tmp_path_factory.mktemp("damaged") / name
    path.write_text(text[:at] + put + text[at + cut :], encoding="utf-8")
    shipped = "cin-census" if is_xml else "dfe-api"
    work = Import(path, mapping(shipped), KEY)
    said = ""
    try:
        list(work.records())
    except InputError as error:
        said = str(error)
    said += "\n".join(report_lines(work.tally, work.mapping, source=work.name, whole=True))
    for identifier in (*child.identifiers, "of-nobody"):
        assert identifier not in said


def _no_identifier(records, them):
    text = json.dumps(records)
    for child in them:
        days = json.dumps([census.expected_of_census(child)])  # an event may be on that day
        for identifier in child.identifiers:
            assert identifier not in text or identifier in days
    assert "of-nobody" not in text
