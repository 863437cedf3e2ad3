"""Bundles that are read as a stream: found whole or refused with the place, and held in little."""

import contextlib
import json
import sqlite3
import tracemalloc
from pathlib import Path
from typing import Any

import kept
import pytest

from scr_audit.errors import InputError
from scr_audit.runs.stored import read_bundle, stream_bundle

FINDINGS = [("a", f"R{n}", "", "met") for n in range(3)]


def _bundle(findings: list[kept.Finding] = FINDINGS) -> dict[str, Any]:
    return {**kept.head(findings), "records": [], "findings": kept.documents(findings)}


def _written(folder: Path, document: Any) -> Path:
    path = folder / "run.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return path


def test_a_streamed_bundle_is_the_one_that_is_read_whole(tmp_path: Path) -> None:
    path = _written(tmp_path, _bundle())
    streamed, whole = stream_bundle(path), read_bundle(path)
    assert list(streamed.each_finding()) == whole["findings"]
    assert streamed.findings == 3
    assert streamed.head == {n: v for n, v in whole.items() if n not in ("records", "findings")}


def _wrong(**more: Any) -> dict[str, Any]:
    return {**_bundle(), **more}


def _with_units(**counts: int) -> dict[str, Any]:
    totals = _bundle()["totals"]
    return _wrong(totals={**totals, "units": {**totals["units"], **counts}})


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("[1, 2]", "holds something else; expected a run bundle (scr-audit/run), as "
         "a run writes it"),
        (_wrong(format="scr-audit/trend"), "holds the format 'scr-audit/trend'; expected a run "
         "bundle (scr-audit/run), as a run writes it"),
        (_wrong(findings=[*kept.documents(FINDINGS), {"rule": "a"}]),
         "is not a whole run bundle: findings/3/record: field required and 11 more"),
        (_wrong(rules=[]), "is not a whole run bundle: findings/0/rule: there is no rule 'a' among "
         "its rules"),
        (_wrong(records=[{"id": 1}]),
         "is not a whole run bundle: records/0/id: input should be a valid string and 3 more"),
        ({n: v for n, v in _bundle().items() if n != "findings"},
         "is not a whole run bundle: findings: field required"),
        (_wrong(findings=5),
         "is not a whole run bundle: Expected `array`, got `int`"),
        (_wrong(as_of="2026-02-30"),
         "is not a whole run bundle: as_of: found '2026-02-30'; expected a day such as 2026-11-24"),
        (_wrong(as_of="20260224"),
         "is not a whole run bundle: as_of: found '20260224'; expected a day such as 2026-11-24"),
        (_wrong(plan={"id": "p", "title": "p", "question": "?", "selection": None, "sha256": "2",
                      "period": {"start": "2026-01-01", "end": "2026-02-29", "text": "",
                                 "not_limited": []}}),
         "is not a whole run bundle: plan/period/end: found '2026-02-29'; expected a day such as "
         "2026-11-24"),
        (_wrong(falls_due=[{"month": "2026-13", "rule": "a", "units": 1}]),
         "is not a whole run bundle: falls_due/0/month: found '2026-13'; expected a day, month or "
         "year such as 2026-11-24 or 2026-11"),
        (_wrong(records=[{"id": "R1", "kind": "job", "totals": dict.fromkeys(kept.OUTCOMES, 0),
                          "events": [{"pointer": "", "name": "n", "until": None,
                                      "date": "2026-11-24T25:00"}]}]),
         "is not a whole run bundle: records/0/events/0/date: found '2026-11-24T25:00'; expected a "
         "day or time such as 2026-11-24T22:30"),
        (_with_units(met=-5), "is not a whole run bundle: totals/units/met: input should be "
         "greater than or equal to 0"),
        (_with_units(met=2), "is not a whole run bundle: totals/units/met: found 2; its rules have "
         "3"),
        (_wrong(findings=kept.documents(FINDINGS[:2])), "is not a whole run bundle: "
         "rules/0/totals/met: found 3; its findings are 2"),
    ],
)  # fmt: skip
def test_what_is_no_whole_bundle_is_refused_with_its_place(
    tmp_path: Path, document: Any, said: str
) -> None:
    path = _written(tmp_path, document)
    with pytest.raises(InputError) as caught:
        stream_bundle(path)
    assert str(caught.value) == f"{path}: {said}"
    with pytest.raises(InputError):
        read_bundle(path)


def test_a_bundle_may_have_totals_alone(tmp_path: Path) -> None:
    path = _written(tmp_path, _wrong(findings=[]))
    assert read_bundle(path)["totals"] == stream_bundle(path).head["totals"]


@pytest.mark.parametrize("text", ["", "{", '{"format": "scr', '{"a": 1} x', '{"a": ' + "[" * 9999])
def test_what_is_no_json_is_told(tmp_path: Path, text: str) -> None:
    path = _written(tmp_path, text)
    with pytest.raises(InputError, match=r"run\.json: is not JSON: "):
        stream_bundle(path)


@pytest.mark.parametrize("cut", range(0, 2_000, 97))
def test_a_bundle_cut_short_or_with_bytes_changed_is_told_however_it_is_read(
    tmp_path: Path, cut: int
) -> None:
    path = _written(tmp_path, _bundle())
    whole = path.read_bytes()
    at = -1 - cut % len(whole)
    for data in (whole[:at], whole[:at] + b"\xff" + whole[at:]):
        path.write_bytes(data)
        for read in (read_bundle, stream_bundle):
            with pytest.raises(InputError, match=r"run\.json: is not JSON: "):
                read(path)


def test_a_key_twice_in_a_finding_is_refused(tmp_path: Path) -> None:
    twice = '"outcome": "met", "outcome": "not_met"'
    text = json.dumps(_bundle()).replace('"outcome": "met"', twice, 1)
    path = _written(tmp_path, text.replace('"findings"', '\n"findings"', 1))
    said = r"run\.json: the key 'outcome' stands twice in one group, at line 2, column "
    for read in (read_bundle, stream_bundle):
        with pytest.raises(InputError, match=said):
            read(path)


def test_a_byte_order_mark_is_no_part_of_a_bundle(tmp_path: Path) -> None:
    path = _written(tmp_path, _bundle())
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_bundle(path)["findings"] == list(stream_bundle(path).each_finding())


def test_a_bundle_that_changes_while_it_is_added_is_told(tmp_path: Path) -> None:
    streamed = stream_bundle(_written(tmp_path, _bundle()))
    path = _written(tmp_path, _bundle(FINDINGS[:1]))
    with pytest.raises(InputError) as caught:
        list(streamed.each_finding())
    assert str(caught.value) == (
        f"{path}: was changed while it was being added; nothing of it was kept. Add it again"
    )


def test_a_stream_holds_little_more_than_the_file(tmp_path: Path) -> None:
    path = _written(tmp_path, _bundle([("a", f"R{n}", "", "met") for n in range(1_000)]))
    assert _peak(stream_bundle, path) < 2.5 * path.stat().st_size
    assert _peak(read_bundle, path) > 4 * path.stat().st_size


def _peak(read: Any, path: Path) -> int:
    read(path)  # what is imported on first use is not counted
    tracemalloc.start()
    try:
        read(path)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_store_is_told_as_that_however_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    with contextlib.closing(sqlite3.connect(path)) as store:
        store.execute("CREATE TABLE runs (id)")
    for read in (read_bundle, stream_bundle):
        with pytest.raises(InputError) as caught:
            read(path)
        assert str(caught.value) == (
            f"{path}: is a store of runs, and is not JSON. Name one of its runs by its "
            "id, or last, and this file as the store"
        )
