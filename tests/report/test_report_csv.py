"""The delimited file reads back as the table it was made of, and no spreadsheet runs it."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_editions import board_document, hostile_bundle, totals_only
from report_sample import OUTCOMES, sample_bundle

from scr_audit.report.csv_file import render, without_formulas
from scr_audit.report.formats import Look, Templates
from scr_audit.report.tables import findings_table

LOOK = Look(Templates(Path("reports")))
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def csv_of(bundle: dict[str, Any]) -> bytes:
    return render(bundle, LOOK, Path("out") / "findings.csv")["findings.csv"]


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def test_findings_read_back_with_all_columns_in_their_order() -> None:
    rows = rows_of(csv_of(sample_bundle()))
    table = findings_table(sample_bundle())
    assert list(rows[0]) == [column.name for column in table.columns]
    assert [tuple(row.values()) for row in rows] == [
        tuple(without_formulas(str(cell)) for cell in row) for row in table.rows
    ]


def test_counted_findings_are_the_totals_of_the_bundle() -> None:
    bundle = sample_bundle()
    rows = rows_of(csv_of(bundle))

    def units(found: list[dict[str, str]]) -> dict[str, int]:
        outcomes = [row["outcome"] for row in found]
        return {name: outcomes.count(name) for name in OUTCOMES}

    assert units(rows) == bundle["totals"]["units"]
    for item in bundle["recommendations"]:
        assert units([row for row in rows if row["recommendation"] == item["id"]]) == item["totals"]
    for rule in bundle["rules"]:
        expected = {name: rule["totals"][name] for name in OUTCOMES}
        assert units([row for row in rows if row["rule"] == rule["id"]]) == expected


@pytest.mark.parametrize("bundle", [board_document(), totals_only()])
def test_without_findings_it_holds_the_rules(bundle: dict[str, Any]) -> None:
    rows = rows_of(csv_of(bundle))
    assert [[row["rule"], *(row[name] for name in OUTCOMES)] for row in rows] == [
        [
            rule["id"],
            *(str(rule["totals"][name]) for name in OUTCOMES),
        ]
        for rule in bundle["rules"]
    ]


def test_shares_read_back_exactly_and_none_is_no_number() -> None:
    for bundle in (totals_only(), board_document()):
        for row, rule in zip(rows_of(csv_of(bundle)), bundle["rules"], strict=True):
            share = rule["rates"]["evidenced"]
            if share is not None:
                assert float(row["evidenced"]) == share
            else:
                assert row["evidenced"] == "no rate"


def test_excel_and_others_can_tell_the_encoding_and_the_lines() -> None:
    content = csv_of(sample_bundle(records=1, rules=1))
    assert content.startswith(b"\xef\xbb\xbfoutcome,record,rule,")
    assert content.endswith(b"\r\n")
    assert content.count(b"\n") == content.count(b"\r\n")


def test_no_cell_of_a_hostile_bundle_can_begin_a_formula() -> None:
    bundle = hostile_bundle()
    rows = rows_of(csv_of(bundle))
    assert len(rows) == len(bundle["findings"])
    for row in rows:
        for cell in row.values():
            assert not cell.lstrip().startswith(FORMULA)
            assert not cell.startswith(("\t", "\r", "\n"))


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("plain", "plain"),
        ("", ""),
        ("a-b = c", "a-b = c"),
        ("=1+1", "'=1+1"),
        ("+44", "'+44"),
        ("-5", "'-5"),
        ("@SUM(1)", "'@SUM(1)"),
        ("＝1+1", "'＝1+1"),
        ("  =1", "'  =1"),
        ("\u00a0=1", "'\u00a0=1"),
        ("\ttab", "'\ttab"),
        ("\n=1", "'\n'=1"),
        ("\r=1", "[U+000D]=1"),
        ("\ufeff=1", "[U+FEFF]=1"),
        ("nul\x00", "nul[U+0000]"),
        ("a;=1", "a;'=1"),
        ("a; -1", "a;' -1"),
        ("a\n@b", "a\n'@b"),
    ],
)
def test_an_apostrophe_keeps_text_from_being_a_formula(text: str, cell: str) -> None:
    assert without_formulas(text) == cell


@given(st.text(st.sampled_from("=+-@ \t\r\n;,\"'a\ufeff\u00a0\x00＝")))
def test_no_text_begins_a_formula_however_it_is_split(text: str) -> None:
    cell = without_formulas(text)
    pieces = [cell, *cell.replace("\n", ";").split(";")]
    assert not [piece for piece in pieces if piece.lstrip().startswith(FORMULA)]
    assert without_formulas(cell) == cell


@given(st.lists(st.text(), min_size=1))
def test_any_cells_read_back_from_a_file(cells: list[str]) -> None:
    bundle = sample_bundle(records=1, rules=1)
    first = bundle["findings"][0]
    bundle["findings"] = [{**first, "reason": cell} for cell in cells]
    assert [row["reason"] for row in rows_of(csv_of(bundle))] == [
        without_formulas(cell) for cell in cells
    ]
