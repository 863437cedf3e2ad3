"""Charts draw what the bundle says."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_page import Element, read_page
from report_sample import OUTCOMES, sample_bundle

from scr_audit.report.charts import charts_view, heat_map, outcome_bars, rate_chart
from scr_audit.report.formats import Templates
from scr_audit.report.html import render_html
from scr_audit.report.wording import clipped, wrapped

TEMPLATES = Templates(Path(__file__).parents[2] / "reports")


def page_of(bundle: dict[str, Any]) -> Element:
    return read_page(render_html(bundle, TEMPLATES))


def test_the_parts_of_a_bar_fill_it() -> None:
    for bar in outcome_bars(sample_bundle()).shown:
        if bar.parts:
            assert sum(float(part.width) for part in bar.parts) == pytest.approx(100, abs=0.4)


def test_the_table_behind_the_bars_has_every_count() -> None:
    bundle = sample_bundle()
    chart = outcome_bars(bundle)
    order = [outcome for outcome, _, _ in chart.heads]
    wanted = {item["id"]: [f"{item['totals'][name]:,}" for name in order]
              for item in bundle["recommendations"]}  # fmt: skip
    assert {bar.id: bar.cells for bar in chart.shown + chart.folded} == wanted
    assert sorted(order) == sorted(OUTCOMES)


def test_seventy_bars_show_the_worst_twenty_and_fold_the_rest() -> None:
    chart = outcome_bars(sample_bundle(records=3, rules=140))
    assert (len(chart.shown), len(chart.folded)) == (20, 51)


def test_nothing_judged_is_said_and_not_drawn() -> None:
    bundle = sample_bundle(records=1, rules=1)
    bar = next(bar for bar in outcome_bars(bundle).shown if bar.id == "5.99")
    assert (bar.id, bar.said, bar.parts) == ("5.99", "nothing to judge", [])
    rows = rate_chart(bundle | {"rules": [], "findings": []}).shown
    row = next(row for row in rows if row.id == "5.99")
    assert (row.rate, row.whisker) == ("no rate", None)


def test_a_group_is_a_sum_and_no_average_of_rates() -> None:
    bundle = sample_bundle(records=3, rules=4)
    counts = [(9, 0, 1), (0, 90, 0)]
    for item, numbers in zip(bundle["recommendations"], counts, strict=False):
        item["totals"] |= dict(zip(("met", "not_met", "not_evidenced"), numbers, strict=True))
        item |= {"agency": "One", "theme": "Same"}
    found = heat_map(bundle)
    assert found is not None
    assert found.groups[-1] == ("(not stated)", "(not stated)", "no rate", "0", "0")
    assert found.groups[0] == ("One", "Same", "9%", "9", "99")


def test_there_is_no_map_where_no_agency_or_theme_is_told() -> None:
    bundle = sample_bundle(records=1, rules=2)
    for item in bundle["recommendations"]:
        item |= {"agency": "", "theme": ""}
    assert heat_map(bundle) is None
    assert "Agencies by theme" not in render_html(bundle, TEMPLATES)


@pytest.mark.parametrize(
    ("shares", "line", "said"),
    [
        ((None, None), "", "No standard was set, so none is drawn."),
        ((0.9, 0.9), "90", "The dashed line is the standard, 90%."),
        ((0.9, 0.8), "", "The dashed mark in a row is its standard."),
        ((0.9, None), "", "The dashed mark in a row is its standard. 1 of 2 rules has none."),
    ],
)
def test_standards_are_drawn_as_a_line_or_as_marks(
    shares: tuple[float | None, ...], line: str, said: str
) -> None:
    bundle = sample_bundle(records=3, rules=2)
    for rule, share in zip(bundle["rules"], shares, strict=True):
        rule["standard"] = None if share is None else {"share": share, "verdict": "cannot_tell"}
    chart = rate_chart(bundle)
    assert (chart.line, chart.standards) == (line, said)


def test_every_chart_has_a_text_alternative_and_a_table() -> None:
    figures = page_of(sample_bundle()).by_id("charts").within("figure")
    assert len(figures) == 3
    for figure in figures:
        pictures = [item for item in figure.within("*") if item.attributes.get("role") == "img"]
        assert all(len(item.attributes["aria-label"] or "") > 40 for item in pictures)
        assert pictures
        assert figure.within("table")


def test_no_inline_style_is_used_which_the_policy_would_refuse() -> None:
    assert not [e for e in page_of(sample_bundle()).within("*") if "style" in e.attributes]


def test_the_view_is_the_same_for_the_same_bundle() -> None:
    assert charts_view(sample_bundle()) == charts_view(sample_bundle())


@given(st.text(), st.integers(2, 60))
def test_clipped_text_is_never_longer_than_asked(text: str, most: int) -> None:
    assert len(clipped(text, most)) <= most


@given(st.text(), st.integers(5, 40), st.integers(1, 3))
def test_wrapped_text_keeps_to_its_lines(text: str, width: int, lines: int) -> None:
    found = wrapped(text, width, lines)
    assert 1 <= len(found) <= lines
    assert all(len(line) <= width for line in found)
