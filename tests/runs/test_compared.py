"""What changed since an earlier run, and earlier bundles read back."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from test_run_bundle import PACK, RECORDS, audited

from scr_audit.engine import Engine
from scr_audit.errors import InputError
from scr_audit.runs.bundle import bundle_document, bundle_head
from scr_audit.runs.compared import compared
from scr_audit.runs.models import RunBundle, bundle_schema
from scr_audit.runs.stored import read_bundle
from scr_audit.runs.streamed import stream_bundle


def totals(met: int | None, not_met: int | None, not_evidenced: int | None) -> dict[str, Any]:
    return {"met": met, "not_met": not_met, "not_evidenced": not_evidenced}


def bundle(*counts: dict[str, Any], pack: str = "a") -> dict[str, Any]:
    """A bundle of as many rules; the whole has the counts of the first."""
    return {
        "as_of": "2026-06-30",
        "pack": {"id": "p", "version": "1", "sha256": pack},
        "totals": {"units": counts[0]},
        "recommendations": [],
        "rules": [{"id": f"r{place}", "totals": each} for place, each in enumerate(counts)],
    }


def test_a_rise_and_a_fall_that_chance_does_not_explain_are_told_from_noise() -> None:
    then = bundle(totals(48, 32, 0), totals(56, 14, 0), totals(8, 2, 0))
    now = bundle(totals(56, 14, 0), totals(48, 30, 2), totals(9, 1, 0))
    found = compared(now, then)
    assert [row["verdict"] for row in found["rules"]] == ["higher", "lower", "cannot_tell"]
    first = found["rules"][0]
    assert first["then"] == {"met": 48, "judged": 80}
    assert first["now"] == {"met": 56, "judged": 70}
    assert first["difference"] == pytest.approx(0.2)
    assert first["interval"] == pytest.approx([0.0524, 0.3339], abs=0.0001)
    assert found["total"] == {**first, "id": ""}


def test_what_is_not_evidenced_counts_as_judged_on_both_sides() -> None:
    (row,) = compared(bundle(totals(1, 1, 2)), bundle(totals(2, 2, 0)))["rules"]
    assert (row["then"]["judged"], row["now"]["judged"]) == (4, 4)
    assert row["difference"] == -0.25


def test_no_rate_gives_no_difference() -> None:
    then = bundle(totals(0, 0, 0))
    now = bundle(totals(5, 0, 0))
    rows = compared(now, then)["rules"]
    assert [row["verdict"] for row in rows] == ["no_rate"]
    assert [row["difference"] for row in rows] == [None]


def test_only_what_both_runs_have_is_compared_and_changed_rules_are_said() -> None:
    then = bundle(totals(1, 0, 0), pack="old")
    now = bundle(totals(1, 0, 0), totals(1, 0, 0), pack="new")
    found = compared(now, then)
    assert [row["id"] for row in found["rules"]] == ["r0"]
    assert found["rules_changed"]
    assert not compared(now, now)["rules_changed"]


def test_a_bundle_holds_its_comparison_and_still_fits_its_schema() -> None:
    earlier = audited(RECORDS[:1])[2]
    head = bundle_head(Engine(PACK).run(RECORDS), earlier=earlier)
    document = bundle_document(head, None)
    assert document["compared"]["as_of"] == "2024-03-01"
    RunBundle.model_validate(document)
    assert list(Draft202012Validator(bundle_schema()).iter_errors(document)) == []


def test_a_bundle_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    _, data, document = audited()
    path.write_bytes(data)
    assert read_bundle(path) == document


def test_a_bundle_of_version_1_is_read_and_knows_no_key_but_of_a_record_and_a_list(
    tmp_path: Path,
) -> None:
    path = tmp_path / "run.json"
    document = audited()[2]
    new = ("key", "key_named")
    found = [{n: v for n, v in each.items() if n not in new} for each in document["findings"]]
    old = {**document, "format_version": 1, "findings": found}
    path.write_text(json.dumps(old), encoding="utf-8")
    keys = [None if "/0" in each["unit"] or "/1" in each["unit"] else [] for each in found]
    assert read_bundle(path) == {
        **old,
        "format_version": 2,
        "findings": [
            {**each, "key": key, "key_named": key is not None}
            for each, key in zip(found, keys, strict=True)
        ],
    }
    approval = {"reason": "why", "approved_by_role": "lead", "from": "", "until": ""}
    entry = {"rule": "a", "record": "b", "unit": "/x/0", **approval, "state": "applied", "units": 1}
    exceptions = {"file": "e.yaml", "sha256": "", "entries": [entry]}
    path.write_text(json.dumps({**old, "exceptions": exceptions}), encoding="utf-8")
    assert read_bundle(path)["exceptions"]["entries"] == [{"key": None, **entry}]
    streamed = stream_bundle(path)
    assert streamed.head["format_version"] == 2
    assert list(streamed.each_finding()) == read_bundle(path)["findings"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "is not JSON: Input data was truncated"),
        ("[]", "holds something else; expected a run bundle (scr-audit/run), as `run -o run.json`"),
        ('{"format": "other"}', "holds the format 'other'; expected a run bundle"),
        (
            '{"format": "scr-audit/run", "format_version": 3}',
            "is a run bundle of format version 3; this scr-audit reads versions up to 2. Run the "
            "audit again, or use the scr-audit that wrote it",
        ),
        (
            '{"format": "scr-audit/run", "format_version": 1}',
            "is not a whole run bundle: engine: field required and ",
        ),
    ],
)
def test_what_is_no_run_bundle_is_refused_in_words(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "run.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_bundle(path)
    assert str(caught.value).startswith(f"{path}: {said}")


def test_a_bundle_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: No such file or directory"):
        read_bundle(tmp_path / "run.json")


def test_a_bundle_with_a_wrong_count_is_told_at_its_place(tmp_path: Path) -> None:
    document = json.loads(audited()[1])
    document["rules"][0]["totals"]["met"] = "many"
    path = tmp_path / "run.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(InputError, match="rules/0/totals/met: input should be a valid integer"):
        read_bundle(path)
