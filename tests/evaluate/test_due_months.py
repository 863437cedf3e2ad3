"""A date by which something is due (`x-limit`): of a month or a year there the last day counts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from small_pack import pack_files, rule_file, write_pack

import scr_audit

DUE = "customer: {type: string}\n      due_on: {type: string, format: date, x-limit: true}"
AUDIT = date(2026, 11, 30)


def limits(tmp_path: Path, rule: str) -> scr_audit.Engine:
    records = pack_files()["records.yaml"].replace("customer: {type: string}", DUE)
    changed = {"records.yaml": records, "rules/1.yaml": rule_file(rule)}
    return scr_audit.compile_pack(scr_audit.load_pack(write_pack(tmp_path, changed)))


@pytest.mark.parametrize(
    ("due_on", "returned_on", "outcome"),
    [
        ("2026-07", "2026-07-31", "met"),
        ("2026-07", "2026-08-01", "not_met"),
        ("2026-07", "2026-07", "met"),
        ("2026-07", "2026", "not_evidenced"),  # an event of that year may be later
        ("2026", "2026-12", "met"),
        ("2026-07-10", "2026-07", "not_evidenced"),
        ("2026-11", None, "not_applicable"),  # not yet due on its last day
        ("2026-10", None, "not_evidenced"),
    ],
)
def test_a_month_as_a_limit_ends_on_its_last_day(
    tmp_path: Path, due_on: str, returned_on: str | None, outcome: str
) -> None:
    engine = limits(tmp_path, "require: {in_time: returned_on on or before due_on}")
    record = {"id": "a", "due_on": due_on, "returned_on": returned_on}
    [finding] = engine.evaluate(record, as_of=AUDIT)
    assert finding.outcome == outcome
    assert engine.run([record], as_of=AUDIT).totals.rules["one"].named()[outcome] == 1


def test_it_is_told_as_it_was_written(tmp_path: Path) -> None:
    engine = limits(tmp_path, "require: {in_time: returned_on on or before due_on}")
    late = {"id": "a", "due_on": "2026-07", "returned_on": "2026-08-01"}
    [finding] = engine.evaluate(late, as_of=AUDIT)
    assert finding.reason == (
        "“When was the bicycle returned?” 1 August 2026, after “due on?” July 2026."
    )
