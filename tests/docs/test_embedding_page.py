"""The page about embedding: its code is run when it is generated, and this checks the rest."""

from pathlib import Path

import pytest

import scr_audit

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "embedding.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", scr_audit.__all__)
def test_every_public_name_is_documented(name):
    section = PAGE.split(f"\n### `{name}`\n", 1)[1].split("\n### ")[0]
    assert len(section.strip()) > 20


def test_a_duplicate_key_is_named_only_in_a_record_that_is_wrong_anyway():
    engine = scr_audit.compile_pack(
        scr_audit.load_pack(ROOT / "examples" / "embedding" / "fire-safety")
    )
    twice = '{"id": "I-1", "inspected_on": "2025-06-10", "inspected_on": "2024-06-10"}'
    engine.evaluate(twice)
    with pytest.raises(scr_audit.RecordError, match="'inspected_on' stands twice in one group"):
        engine.evaluate(twice.replace("2024-06-10", "2024-60-10"))


def test_an_operator_that_asks_about_what_is_not_recorded_cannot_be_registered():
    with pytest.raises(ValueError, match="a registered operator is called with recorded values"):
        scr_audit.register_operator(
            scr_audit.Operator(
                "is strange", frozenset(), "none", "", "", bool, "", takes_unknown=True
            )
        )
