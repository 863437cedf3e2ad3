"""The meaning of a rule: the same whatever words it is told in, another where it asks another."""

from pathlib import Path

import pytest
from small_pack import RULE_FILE, pack_files, rule_file, write_pack

from scr_audit.language.meaning import meaning
from scr_audit.packs.load import load_folder

RULE = """
for_each: parts as part
where: part.worn
applies_when: {any: [paid, safe]}
require:
  fitted: part.fitted
  soon: part.fitted_on within {check_days} days after booked_on
  checked: {count: part.checks as made, is: at least 2}
if_none: not_applicable
in_force_on: part.fitted_on
"""


def _meaning(folder: Path, rule: str = RULE, *, pack: str | None = None) -> str:
    changed = {RULE_FILE: rule_file(rule)}
    if pack is not None:
        changed["pack.yaml"] = pack
    loaded = load_folder(write_pack(folder, changed))
    return meaning(loaded.rules[0], loaded.parameters)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("for_each: parts as part", "advice: Fit it.\nfor_each: parts as part"),
        ("require:", "# A comment.\nrequire:"),
        ("  fitted: part.fitted\n", "  in_place: part.fitted\n"),
        ("any: [paid, safe]", "any: [safe, paid]"),
        ("checks as made", "checks as one"),
        ("applies_when: {", "define: {fit: {any: [paid, safe]}}\napplies_when: fit #"),
    ],
    ids=["advice", "comment", "criterion's name", "order", "variable", "definition"],
)  # fmt: skip
def test_other_words_keep_the_meaning(tmp_path: Path, old: str, new: str) -> None:
    assert old in RULE
    changed = RULE.replace(old, new)
    assert _meaning(tmp_path / "new", changed) == _meaning(tmp_path / "old")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("at least 2", "at least 3"),
        ("at least 2", "at most 2"),
        ("  fitted: part.fitted\n", ""),
        ("part.fitted\n", "part.recalled\n"),
        ("where: part.worn\n", ""),
        ("any: [paid, safe]", "all: [paid, safe]"),
        ("if_none: not_applicable", "if_none: not_met"),
        ("in_force_on: part.fitted_on", "in_force_on: booked_on"),
    ],
)
def test_what_is_asked_is_the_meaning(tmp_path: Path, old: str, new: str) -> None:
    assert old in RULE
    changed = RULE.replace(old, new, 1)
    assert _meaning(tmp_path / "new", changed) != _meaning(tmp_path / "old")


def test_a_changed_title_keeps_the_meaning(tmp_path: Path) -> None:
    text = rule_file(RULE)
    one = load_folder(write_pack(tmp_path / "one", {RULE_FILE: text}))
    text = text.replace("One rule", "Another title").replace("severity: low", "severity: high")
    two = load_folder(write_pack(tmp_path / "two", {RULE_FILE: text}))
    assert meaning(one.rules[0], one.parameters) == meaning(two.rules[0], two.parameters)


def test_a_parameter_in_force_is_part_of_the_meaning_and_no_other(tmp_path: Path) -> None:
    own, pack = _meaning(tmp_path / "own"), pack_files()["pack.yaml"]
    used = pack.replace("value: 3\n", "value: 4\n")
    unused = pack.replace("value: 10\n", "value: 12\n")
    assert used != pack != unused
    assert _meaning(tmp_path / "used", pack=used) != own
    assert _meaning(tmp_path / "unused", pack=unused) == own
