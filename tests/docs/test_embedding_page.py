"""The page about embedding: its code is run when it is generated, and this checks the rest."""

from pathlib import Path

import pytest

import scr_audit
from scr_audit.language.types import Kind

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "embedding.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", scr_audit.__all__)
def test_every_public_name_is_documented(name):
    section = PAGE.split(f"\n### `{name}`\n", 1)[1].split("\n### ")[0]
    assert len(section.strip()) > 20


def test_an_operator_that_asks_about_what_is_not_recorded_cannot_be_registered():
    with pytest.raises(ValueError, match="a registered operator is called with recorded values"):
        scr_audit.register_operator(
            scr_audit.Operator(
                "is strange", frozenset({Kind.TEXT}), "none", "", "", bool, "", takes_unknown=True
            )
        )
