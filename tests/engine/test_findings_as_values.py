"""What a finding is to other programs: a document of plain values, and a pickle."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

import scr_audit
from scr_audit.audit import run_audit

CASES = Path(__file__).parent.parent.parent / "examples" / "cases.json"
AS_OF = date(2026, 11, 29)


@pytest.fixture(scope="module")
def findings() -> list[scr_audit.Finding]:
    """Every finding of the examples."""
    found: list[scr_audit.Finding] = []
    engine = scr_audit.compile_pack(scr_audit.load_pack())
    engine.run(CASES, as_of=AS_OF, on_findings=found.extend)
    return found


def test_the_documents_of_findings_are_those_of_the_bundle(
    findings: list[scr_audit.Finding],
) -> None:
    with run_audit([CASES], as_of=AS_OF, allow_identifiable="invented") as audit:
        kept = audit.bundle()["findings"]
    assert [json.loads(json.dumps(finding.to_dict())) for finding in findings] == kept
