"""The reference says what the engine does.

That nothing in it is out of date is checked by `python docs/generate.py --check`, beside the tests.
"""

import json
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from scr_audit.check.pack_check import check_pack
from scr_audit.packs.load import load_folder
from scr_audit.packs.yaml_source import read_yaml
from scr_audit.schemas import NAMES, json_schema

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs"))

import generate  # noqa: E402  # found through the line above
from generator import answers, operators  # noqa: E402  # likewise

PAGE = ROOT / "docs" / "rule-language.md"
SCHEMAS = ROOT / "rules" / "schemas"
OPERATORS = operators.shipped()
PACKS = [
    *sorted(path.parent for path in ROOT.glob("rules/*/pack.yaml")),
    *sorted(path.parent for path in ROOT.glob("examples/**/pack.yaml")),
    answers.PACK,
]


def ids(operator):
    return operator.name or "(bare)"


def test_check_names_the_stale_file_and_writing_mends_it(tmp_path, monkeypatch, capsys):
    path = tmp_path / "docs" / "page.md"
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    monkeypatch.setattr(generate, "generated", lambda: {path: "new\n"})

    assert generate.main(["--check"]) == 1
    assert capsys.readouterr().out == "docs/page.md is stale; run: python docs/generate.py\n"
    assert not path.exists()

    assert generate.main([]) == 0
    assert capsys.readouterr().out == "docs/page.md written\n"
    assert generate.main(["--check"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("operator", OPERATORS, ids=ids)
def test_every_operator_has_a_section(operator):
    assert f"\n### {operators.title(operator)}\n\n{operator.sentence}\n" in PAGE.read_text("utf-8")


@pytest.mark.parametrize("operator", OPERATORS, ids=ids)
def test_every_example_line_parses_and_checks(operator):
    answers.checked(operator.example)


@pytest.mark.parametrize("operator", OPERATORS, ids=ids)
def test_every_truth_table_shows_each_answer_that_there_is(operator):
    _, rows = operators.answered(operator)
    found = {value for _, value in rows}
    assert found == ({True, False} if operator.takes_unknown else {True, False, None})


@pytest.mark.parametrize("operator", OPERATORS, ids=ids)
def test_a_fact_not_recorded_never_makes_a_line_true(operator):
    _, rows = operators.answered(operator)
    if not operator.takes_unknown:
        assert not [row for row, value in rows if value is True and None in row]


def test_a_stale_example_would_be_noticed():
    with pytest.raises(answers.RefusedError, match="unknown fact 'minute_sent_on' of conference"):
        answers.checked("conference.minute_sent_on is recorded")


def test_the_pack_behind_the_reference_passes_its_own_check():
    result = check_pack(load_folder(answers.PACK))
    assert result.failures == []
    assert result.survivors == []


@pytest.mark.parametrize("name", NAMES)
def test_published_schema_is_a_valid_schema(name):
    Draft202012Validator.check_schema(json_schema(name))


@pytest.mark.parametrize("pack", PACKS, ids=lambda path: path.name)
def test_packs_follow_the_published_schemas(pack):
    files = {pack / "pack.yaml": "pack", pack / "recommendations.yaml": "recommendations"}
    files |= dict.fromkeys(sorted(pack.glob("rules/*.yaml")), "rule")
    files |= dict.fromkeys(sorted(pack.glob("imports/*.yaml")), "mapping")
    for path, name in files.items():
        if path.exists():
            value = read_yaml(path.read_bytes(), str(path)).value
            errors = Draft202012Validator(published(name)).iter_errors(value)
            assert [f"{path.name} {e.json_path}: {e.message}" for e in errors] == []


@pytest.mark.parametrize("plan", sorted(ROOT.glob("audits/*.yaml")), ids=lambda path: path.name)
def test_audit_plans_follow_the_schema(plan):
    value = read_yaml(plan.read_bytes(), str(plan)).value
    Draft202012Validator(published("plan")).validate(value)


def test_published_schema_refuses_what_the_engine_refuses():
    rule = {"id": "a", "title": "t", "source": {"paragraph": "1"}, "record": "case"}
    validator = Draft202012Validator(published("rule"))
    for wrong in (
        {"severity": "grave", "require": {"c": "x"}},
        {"severity": "high", "require": {}},
        {"severity": "high", "require": {"c": {"every": "xs as x"}}},
        {"severity": "high", "require": {"c": {"some": "xs as x", "thta": "x.y"}}},
    ):
        assert not validator.is_valid({"rules": [{**rule, **wrong}]})
    assert validator.is_valid({"rules": [{**rule, "severity": "high", "require": {"c": "x"}}]})


def published(name):
    return json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
