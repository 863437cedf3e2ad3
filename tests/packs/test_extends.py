"""A pack that extends another shares its record schema, kinds and parameters."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_pack import write_pack

from scr_audit.engine import Engine
from scr_audit.errors import PackError
from scr_audit.packs.load import load_folder
from scr_audit.packs.pack import Pack, with_parent

PACK_FILE = """\
id: later
version: 0.1.0
title: Later demands
extends: bicycle-workshop
source: {title: A later handbook}
licence: MIT
parameters:
  later_price:
    title: A price
    values: [{value: 7}]
"""
RULES = """\
rules:
  - id: later-price
    title: Nothing is dear
    source: {paragraph: "9"}
    record: job
    require: {cheap: "price at most {later_price}"}
    severity: low
"""


def folders(tmp_path: Path, pack_file: str = PACK_FILE, rules: str = RULES) -> Path:
    """The small pack, and beside it a pack that extends it; the folder of the second."""
    write_pack(tmp_path / "bicycle-workshop", {})
    folder = tmp_path / "later"
    (folder / "rules").mkdir(parents=True)
    (folder / "pack.yaml").write_text(pack_file, encoding="utf-8")
    (folder / "rules" / "1.yaml").write_text(rules, encoding="utf-8")
    return folder


def test_schema_kinds_and_parameters_are_shared(tmp_path: Path) -> None:
    pack = load_folder(folders(tmp_path))
    parent = pack.extends
    assert isinstance(parent, Pack)
    assert pack.kinds == parent.kinds
    assert set(pack.parameters) == {*parent.parameters, "later_price"}
    assert [rule.id for rule in pack.rules] == ["later-price"]


def test_together_judges_by_both(tmp_path: Path) -> None:
    pack = load_folder(folders(tmp_path))
    both = with_parent(pack)
    assert both.id == "bicycle-workshop+later"
    assert pack.extends is not None
    assert both.rules == (*pack.extends.rules, *pack.rules)
    kind = next(iter(both.kinds))
    findings = Engine(both).evaluate({"id": "a", "price": 8})
    assert {f.rule for f in findings} == {rule.id for rule in both.rules if rule.kind == kind}
    assert next(f.outcome for f in findings if f.rule == "later-price") == "not_met"


def test_a_change_of_the_extended_pack_changes_the_hash(tmp_path: Path) -> None:
    folder = folders(tmp_path)
    before = load_folder(folder).sha256
    records = tmp_path / "bicycle-workshop" / "records.yaml"
    records.write_text(records.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    assert load_folder(folder).sha256 != before


def test_settings_reach_the_rules_of_both(tmp_path: Path) -> None:
    folder = folders(tmp_path)
    settings = tmp_path / "settings.yaml"
    settings.write_text("parameters: {later_price: [{value: 9}]}\n", encoding="utf-8")
    engine = Engine(with_parent(load_folder(folder, settings=settings)))
    found = engine.evaluate({"id": "a", "price": 8})
    assert next(f.outcome for f in found if f.rule == "later-price") == "met"
    assert engine.pack.parameters["later_price"].overridden


@pytest.mark.parametrize(
    ("pack_file", "message"),
    [
        (
            PACK_FILE.replace("extends: bicycle-workshop", "extends: tricycle"),
            "there is no pack 'tricycle' in the folder beside this one",
        ),
        (
            PACK_FILE.replace("extends: bicycle-workshop", "extends: later"),
            "the pack 'later' extends itself",
        ),
        (
            PACK_FILE + "kinds: {job: jobs}\n",
            "a pack with 'extends' has no 'kinds' and no records.yaml: it shares them",
        ),
    ],
)
def test_a_wrong_extension_is_told_at_its_place(
    tmp_path: Path, pack_file: str, message: str
) -> None:
    with pytest.raises(PackError) as caught:
        load_folder(folders(tmp_path, pack_file))
    [problem] = caught.value.problems
    assert (problem.place.line, problem.message) == (4, message)


def test_a_rule_id_of_the_extended_pack_is_taken(tmp_path: Path) -> None:
    own = load_folder(write_pack(tmp_path / "x", {})).rules[0].id
    with pytest.raises(PackError, match=f"the pack 'bicycle-workshop' has a rule '{own}' too"):
        load_folder(folders(tmp_path, rules=RULES.replace("later-price", own)))


def test_a_wrong_extension_hides_no_mistake_of_the_rules(tmp_path: Path) -> None:
    wrong = PACK_FILE.replace("extends: bicycle-workshop", "extends: tricycle")
    with pytest.raises(PackError) as caught:
        load_folder(folders(tmp_path, wrong, rules="rules: 3\n"))
    assert [Path(problem.place.file).name for problem in caught.value.problems] == [
        "pack.yaml", "1.yaml",
    ]  # fmt: skip
