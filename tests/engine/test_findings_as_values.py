"""What a finding is to other programs: a document of plain values, and a pickle."""

from __future__ import annotations

import json
import pickle
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from small_pack import SMALL_PACK

import scr_audit
from scr_audit.anonymity.gate import Gate, IdentifiersFoundError
from scr_audit.audit import run_audit
from scr_audit.errors import ArgumentError
from scr_audit.evaluate.outcomes import Approval
from scr_audit.forms.filled_form import FormsError
from scr_audit.language import operators
from scr_audit.packs.load import load_folder
from scr_audit.readings.jobs import OtherRecordsError
from scr_audit.records.raw import InputFile, RawRecord
from scr_audit.runs.bundle import bundle_head
from scr_audit.sampling.random_draw import FrameError, IncompleteFrameError
from scr_audit.workbooks.cells import Fault

CASES = Path(__file__).parent.parent.parent / "examples" / "cases.json"
AS_OF = date(2026, 11, 29)


@pytest.fixture(scope="module")
def some_cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every fifth of the example cases: a finding with its remedy takes long."""
    path = tmp_path_factory.mktemp("values") / "cases.json"
    path.write_text(json.dumps({"cases": json.loads(CASES.read_text("utf-8"))["cases"][::5]}))
    return path


@pytest.fixture(scope="module")
def findings(some_cases: Path) -> list[scr_audit.Finding]:
    """Every finding of them."""
    found: list[scr_audit.Finding] = []
    engine = scr_audit.compile_pack(scr_audit.load_pack())
    engine.run(some_cases, as_of=AS_OF, on_findings=found.extend)
    return found


def test_the_documents_of_findings_are_those_of_the_bundle(
    findings: list[scr_audit.Finding], some_cases: Path
) -> None:
    with run_audit([some_cases], as_of=AS_OF, allow_identifiable="invented") as audit:
        kept = audit.bundle()["findings"]
    assert [json.loads(json.dumps(finding.to_dict())) for finding in findings] == kept


def test_an_audit_that_kept_no_findings_says_so() -> None:
    with run_audit([CASES], as_of=AS_OF, keep_findings=False) as audit:
        assert audit.bundle()["findings"] == []
        with pytest.raises(scr_audit.InputError, match="run it with keep_findings=True"):
            audit.findings()


def again(value: Any) -> Any:
    """The value as another process gets it."""
    return pickle.loads(pickle.dumps(value))  # noqa: S301  # our own


def test_what_is_printed_of_a_pack_an_engine_and_a_run_is_one_line() -> None:
    engine = scr_audit.compile_pack(load_folder(SMALL_PACK))
    pack = f"Pack(bicycle-workshop 1.2.3: {len(engine.pack.rules)} rules)"
    assert repr(engine) == f"Engine({pack})"
    run = engine.run([{"id": "a"}], as_of=AS_OF)
    assert repr(run) == f"Run(1 record, as of {AS_OF}, by {pack})"


def test_findings_say_the_same_after_they_were_pickled(findings: list[scr_audit.Finding]) -> None:
    some = findings[::3]
    assert [finding.to_dict() for finding in again(some)] == [each.to_dict() for each in some]


def test_an_excepted_finding_can_be_pickled() -> None:
    pack = load_folder(SMALL_PACK)
    engine = scr_audit.compile_pack(pack)
    approval = Approval("why", "head", date(2026, 1, 1), date(2026, 2, 1))
    findings = engine.evaluate(
        {"id": "a", "parts": [{"name": "bell", "worn": True, "fitted": False}]}
    )
    found = next(each for each in findings if each.outcome == "not_met").excepted(approval)
    with pytest.raises(ArgumentError, match="excepts a unit that is not met; this one is excepted"):
        found.excepted(approval)
    assert again(found).to_dict() == found.to_dict()
    assert again(found).outcome == "excepted"


def test_a_pack_an_engine_and_a_run_decide_the_same_after_they_were_pickled() -> None:
    engine = scr_audit.compile_pack(scr_audit.load_pack())
    run = engine.run(CASES, as_of=AS_OF)
    for other in (again(engine), scr_audit.compile_pack(again(engine.pack))):
        assert other.run(CASES, as_of=AS_OF).totals == run.totals
        assert other.pack.sha256 == engine.pack.sha256
        assert other.source("wt-referral-decided-in-time") == engine.source(
            "wt-referral-decided-in-time"
        )
    assert again(run).totals == run.totals
    assert bundle_head(again(run)) == bundle_head(run)


def test_a_process_without_a_registered_operator_says_which_it_lacks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = pickle.dumps(scr_audit.load_pack())
    monkeypatch.setattr(operators, "OPERATORS", {})
    with pytest.raises(scr_audit.InputError, match="is not known in this process"):
        pickle.loads(data)  # noqa: S301  # our own


def test_what_is_raised_can_be_pickled() -> None:
    run = scr_audit.compile_pack(load_folder(SMALL_PACK)).run([{"id": "a"}], as_of=AS_OF)
    gate = Gate(scr_audit.load_pack())
    gate.admit(InputFile("who.json"), [RawRecord("/0", {"id": "Mrs Mockley"})])
    raised = [
        FormsError({Path("a.xlsx"): [Fault("Start!B1", "is empty")]}, [Path("b.xlsx")]),
        FrameError("no frame", run),
        IncompleteFrameError(run),
        OtherRecordsError("others", ["C1"]),
        IdentifiersFoundError(gate, "no report", may_stay=False),
    ]
    for error in raised:
        other = again(error)
        assert (type(other), str(other)) == (type(error), str(error))
