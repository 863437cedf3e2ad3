"""The trend as a part of reports: what each format shows of it, and that texts stay texts."""

from pathlib import Path
from typing import Any

import pytest
from paper_sample import HOSTILE
from report_sample import sample_bundle

from scr_audit.packs.builtin import shipped
from scr_audit.report.formats import Look, Templates, render_report
from scr_audit.report.series_formats import (
    MOST_TREND_ROWS,
    points_table,
    trend_page,
    trend_rows,
    trend_sentences,
)
from scr_audit.series.time_points import SeriesRun
from scr_audit.series.trends import trend

LOOK = Look(Templates(shipped("reports")))
DAYS = ("2026-03-31", "2026-06-30")


def _with_trend(bundle: dict[str, Any]) -> dict[str, Any]:
    runs = [SeriesRun(day, {**bundle, "as_of": day}, None) for day in DAYS]
    return {**bundle, "trend": trend(runs)}


def test_a_report_without_a_trend_shows_nothing_of_it() -> None:
    bundle = sample_bundle()
    assert trend_page(bundle) is None
    assert trend_rows(bundle) is None
    assert trend_sentences(bundle) == []


def test_a_paper_names_the_first_rules_and_says_how_many_more_there_are() -> None:
    bundle = _with_trend(sample_bundle(rules=MOST_TREND_ROWS + 3))
    rules = len(bundle["trend"]["rules"])
    table = trend_rows(bundle)
    assert table is not None
    assert (len(table.rows), rules > MOST_TREND_ROWS) == (MOST_TREND_ROWS, True)
    assert (
        f"Named are {MOST_TREND_ROWS} rules, those with a signal first; the HTML report and the "
        f"workbook have {rules - MOST_TREND_ROWS} more." in trend_sentences(bundle)
    )
    page = trend_page(bundle)
    assert page is not None
    assert len(page["open"]) + len(page["folded"]) == rules


def test_a_gap_has_no_share_in_tables() -> None:
    found = _with_trend(sample_bundle())["trend"]
    points = found["rules"][0]["stretches"][0]["points"]
    none = {"records": 0, "share": None, "interval": None}
    points[0].update(met=0, not_met=0, not_evidenced=0, **none)
    assert points_table(found).rows[0][2:8] == (0, 0, 0, None, None, None)


@pytest.mark.parametrize("suffix", ["html", "md", "docx", "pdf", "xlsx"])
def test_hostile_texts_of_rules_stay_texts_in_every_format(suffix: str, tmp_path: Path) -> None:
    bundle = sample_bundle()
    for rule in bundle["rules"]:
        rule["title"] = HOSTILE[:400]
    bundle = _with_trend(bundle)
    name = f"r.{suffix}"
    content = render_report(bundle, tmp_path / name, LOOK)[name]
    assert len(content) > 1_000
    if suffix == "html":
        (_, part) = content.decode().split('<section id="trend"')
        part = part.split("</section>")[0]
        assert "{{ 7*7 }}" in part
        assert "<!--" not in part
    if suffix == "md":
        assert "<!--" not in content.decode().replace("\\<", "")
