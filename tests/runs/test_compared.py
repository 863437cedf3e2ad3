"""What changed since an earlier run, and earlier bundles read back."""

import json
from pathlib import Path

import kept
import pytest
from jsonschema import Draft202012Validator
from test_run_bundle import PACK, RECORDS, audited

from scr_audit.documents.parts import checker
from scr_audit.documents.run import RunBundle
from scr_audit.engine import Engine
from scr_audit.errors import InputError
from scr_audit.report.changes import change_sentences, changes
from scr_audit.runs.bundle import bundle_document, bundle_head
from scr_audit.runs.stored import read_bundle, stream_bundle
from scr_audit.schemas import json_schema
from scr_audit.series.comparison import compare_with_earlier

DAY = "2026-01-01"


def test_rules_are_compared_by_records_and_units_over_all_rules_are_told() -> None:
    """Five parts of one bicycle are one record; a record that does not say is in no share."""
    then = kept.head([("a", "R1", f"/{n}", "not_met") for n in range(5)])
    now = kept.head([("a", "R1", "", "met"), ("a", "R2", "", "not_evidenced")])
    found = compare_with_earlier(now, then)
    (row,) = found["rules"]
    sides = [
        [row[side][name] for name in ("records", "records_met", "records_not_met")]
        for side in ("then", "now")
    ]
    assert sides == [[1, 0, 1], [2, 1, 0]]
    assert (row["difference"], row["verdict"], row["p_value"]) == (1.0, "cannot_tell", 1.0)
    assert (found["as_of"], found["period"]) == ("2026-03-31", None)
    assert found["units"]["not_met"] == 5


def test_the_same_records_are_no_two_samples() -> None:
    """What changed in them did change, however few they are, and no chance is told of it."""
    findings = [("a", f"R{n}", "", "met" if n else "not_met") for n in range(4)]
    then = {**kept.head(findings), "findings": kept.documents(findings)}
    better = [(*each[:3], "met") for each in findings]
    now = {**kept.head(better, as_of="2026-06-30"), "findings": kept.documents(better)}
    now["compared"] = compare_with_earlier(now, then, iter(now["findings"]))
    [row] = now["compared"]["rules"]
    told = [row[name] for name in ("verdict", "difference", "p_value", "records_in_both")]
    assert told == ["same_records", 0.25, None, 4]
    assert change_sentences(now)[0] == (
        "Since 31 March 2026: 0 rules fell and 0 rose by more than chance explains; 0 unchanged; "
        "judged on the same records then and now, 1 with a higher share; for 0 there are too few "
        "records to tell, and 0 cannot be compared."
    )
    assert change_sentences(now)[-1] == (
        "By 1 rule both runs judged the same records, so there is no chance of sampling and "
        "nothing to test: what differs is what changed in these records."
    )
    assert [change.verdict for change in changes(now)] == [
        "the same records, so no chance of sampling"
    ]
    totals_only = compare_with_earlier(now, {**then, "findings": []}, iter(now["findings"]))[
        "rules"
    ][0]
    assert (totals_only["verdict"], totals_only["records_in_both"]) == ("cannot_tell", None)


def test_the_earlier_run_is_called_by_its_period() -> None:
    then = kept.head([("a", "R1", "", "met")], plan="p")
    then["plan"]["period"] = {"start": "2026-07-01", "end": "2026-09-30"}
    assert compare_with_earlier(then, then)["period"] == "2026Q3"


def test_a_bundle_holds_its_comparison_and_still_fits_its_schema() -> None:
    earlier = audited(RECORDS[:1])[2]
    head = bundle_head(Engine(PACK).run(RECORDS))
    head["compared"] = compare_with_earlier(head, earlier)
    document = bundle_document(head, None)
    assert document["compared"]["as_of"] == "2024-03-01"
    checker(RunBundle)(document)
    assert list(Draft202012Validator(json_schema("run")).iter_errors(document)) == []


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
    approval = {"reason": "why", "approved_by_role": "lead", "from": DAY, "until": DAY}
    entry = {"rule": "a", "record": "b", "unit": "/x/0", **approval, "state": "applied", "units": 1}
    exceptions = {"file": "e.yaml", "sha256": "", "entries": [entry]}
    path.write_text(json.dumps({**old, "exceptions": exceptions}), encoding="utf-8")
    assert read_bundle(path)["exceptions"]["entries"] == [{"key": None, **entry}]
    streamed = stream_bundle(path)
    assert streamed.head["format_version"] == 2
    assert list(streamed.each_finding()) == read_bundle(path)["findings"]


def test_a_finding_of_version_2_without_its_key_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    document = json.loads(audited()[1])
    del document["findings"][0]["key"]
    path.write_text(json.dumps(document), encoding="utf-8")
    for read in (read_bundle, stream_bundle):
        with pytest.raises(InputError, match="whole run bundle: findings/0/key: field required"):
            read(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "is not JSON: Input data was truncated"),
        ("[]", "holds something else; expected a run bundle (scr-audit/run), as a run writes it"),
        (
            '{"format": "scr-audit/board"}',
            "is the board edition of a run, which has no findings. Give the auditor's run bundle "
            "that it was made from",
        ),
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


def test_a_bundle_of_version_1_is_read_with_intervals_of_chance_alone(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    found = json.loads(audited()[1])
    rule = found["rules"][0]
    assert (rule["totals"]["met"], rule["totals"]["not_evidenced"]) == (1, 1)
    now = rule["rates"]["interval"]
    rule["rates"]["interval"] = [0.09, 1.0]
    old = {"as_of": None, "pack": {}, "rules_changed": True, "total": {}, "rules": []}
    path.write_text(json.dumps({**found, "format_version": 1, "compared": old}))
    read = read_bundle(path)
    assert read["rules"][0]["rates"]["interval"] == now
    assert read["compared"] is None


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
