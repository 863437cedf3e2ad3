"""The report works in a browser: filter, links, keyboard, print, scripts off; and is safe there."""

import csv
import io
import re
from typing import Any

import pytest
from report_sample import sample_bundle

from scr_audit.report.tables import findings_table
from scr_audit.report.wording import LABELS

Page = Any
SAID = "#filter-said"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

EVERYTHING_LAID_OUT = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { content-visibility: visible !important; }");
  document.adoptedStyleSheets = [sheet];
}"""


def fitting(**wanted: str) -> int:
    """How many findings of the sample have these columns."""
    table = findings_table(sample_bundle())
    names = [column.name for column in table.columns]
    return sum(
        all(row[names.index(name)] == value for name, value in wanted.items()) for row in table.rows
    )


def said(number: int) -> str:
    return f"{number} of 1,004 findings fit."


@pytest.mark.parametrize(
    ("place", "columns"),
    [
        ("outcome=not_met", {"outcome": "not_met"}),
        ("agency=Police", {"agency": "Police"}),
        ("theme=Planning", {"theme": "Planning"}),
        ("recommendation=5.3", {"recommendation": "5.3"}),
        ("severity=high", {"severity": "high"}),
        ("case=C07", {"record": "C07"}),
        (
            "outcome=not_met&agency=Police&severity=medium&case=C07",
            {"outcome": "not_met", "agency": "Police", "severity": "medium", "record": "C07"},
        ),
    ],
)
@pytest.mark.parametrize("name", ["auditor.html", "split.html"])
def test_a_filter_in_the_address_shows_what_fits(
    watched: Any, name: str, place: str, columns: dict[str, str]
) -> None:
    page = watched(f"{name}#{place}").page
    number = fitting(**columns)
    assert page.locator(SAID).text_content() == said(number)
    assert page.locator("#results tbody tr").count() == min(number, 200)


def test_choosing_puts_the_filter_in_the_address_and_back_undoes_it(watched: Any) -> None:
    page = watched("auditor.html").page
    page.check("#filter [value=not_met]")
    page.select_option("#filter-agency", "Police")
    assert page.url.endswith("#outcome=not_met&agency=Police")
    assert page.locator(SAID).text_content() == said(fitting(outcome="not_met", agency="Police"))
    page.go_back()
    assert page.locator(SAID).text_content() == said(fitting(outcome="not_met"))
    assert page.locator("#filter-agency").input_value() == ""
    page.go_forward()
    assert page.locator("#filter-agency").input_value() == "Police"
    page.go_back()
    page.go_back()
    assert page.locator("#results").is_hidden()
    assert page.locator("#by-rule").is_visible()


def test_words_are_looked_for_in_reasons_too(watched: Any) -> None:
    page = watched("auditor.html").page
    page.fill("#filter-text", "adult BAIL")
    page.wait_for_url(re.compile("text=adult"))
    table = findings_table(sample_bundle())
    wanted = sum("adult was on bail" in str(row) for row in table.rows)
    assert page.locator(SAID).text_content() == said(wanted)
    page.click("text=Show all")
    page.locator("#results").wait_for(state="hidden")


@pytest.mark.parametrize("name", ["auditor.html", "split.html"])
def test_a_result_leads_to_its_finding_and_opens_it(watched: Any, name: str) -> None:
    page = watched(f"{name}#outcome=met&case=C07").page
    page.locator("#results tbody a").first.click()
    place = page.url.partition("#")[2]
    target = page.locator(f"[id='{place}']")
    assert target.is_visible()
    assert "C07" in target.text_content()
    page.go_back()
    assert page.locator(SAID).text_content() == said(fitting(outcome="met", record="C07"))


def test_the_address_of_a_finding_works_on_the_report_that_was_split(watched: Any) -> None:
    page = watched("auditor.html#outcome=met").page
    place = page.locator("#results tbody a").first.get_attribute("href")
    page = watched(f"split.html{place}").page
    page.wait_for_url(re.compile("split-findings/rule-"))
    assert page.locator(f"[id='{place[1:]}']").is_visible()


def test_expand_and_collapse_all(watched: Any) -> None:
    page = watched("auditor.html").page
    page.click("text=Expand all")
    assert page.locator("main details:not([open])").count() == 0
    page.click("text=Collapse all")
    assert page.locator("main details[open]").count() == 0


@pytest.mark.parametrize("name", ["auditor.html", "split.html"])
@pytest.mark.parametrize(("place", "columns"), [("", {}), ("#agency=Police", {"agency": "Police"})])
def test_the_download_holds_the_findings_of_the_bundle(
    watched: Any, name: str, place: str, columns: dict[str, str]
) -> None:
    page = watched(f"{name}{place}").page
    with page.expect_download() as waiting:
        page.click("#download")
    text = waiting.value.path().read_text(encoding="utf-8-sig")
    _, *rows = csv.reader(io.StringIO(text, newline=""))
    table = findings_table(sample_bundle())
    names = [column.name for column in table.columns]
    found = [dict(zip(names, row, strict=True)) for row in table.rows]
    wanted = [row for row in found if all(row[name] == value for name, value in columns.items())]
    asked = ("kind", "record", "recommendation", "title", "severity", "agency", "theme", "reason",
             "remedy")  # fmt: skip
    places = (1, 2, 4, 5, 6, 7, 8, 9, 10)
    assert [[row[place] for place in places] for row in rows] == [
        [str(row[name]) for name in asked] for row in wanted
    ]
    assert [row[0] for row in rows] == [LABELS[row["outcome"]] for row in wanted]
    silent = [row["questions"].split("; ") for row in wanted]
    for row, questions in zip(rows, silent, strict=True):
        assert all(question in row[11] for question in questions) or row[0] != "not evidenced"
    assert not re.search("/[a-z_]+/[0-9]", text)  # no pointer, where people read


def test_a_formula_in_the_download_is_text(watched: Any) -> None:
    page = watched("hostile.html").page
    with page.expect_download() as waiting:
        page.click("#download")
    text = waiting.value.path().read_text(encoding="utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert [cell for cell in cells if cell.startswith("'=HYPERLINK")]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]


def test_hostile_texts_are_shown_as_text(watched: Any) -> None:
    page = watched("hostile.html").page
    page.fill("#filter-text", "criteria")
    page.wait_for_url(re.compile("text="))
    page.click("text=Expand all")
    assert page.evaluate("window.pwned") is None
    assert page.locator("img").count() == 0
    assert "<script>window.pwned" in page.locator("body").inner_text()


def test_what_is_open_prints(watched: Any) -> None:
    page = watched("small.html").page
    shut = page.pdf()
    page.click("text=Expand all")
    page.emulate_media(media="print")
    assert page.locator("#filter").is_hidden()
    assert page.locator("p.fact").first.is_visible()
    assert len(page.pdf()) > len(shut) > 10_000


def test_the_keyboard_is_enough(watched: Any) -> None:
    page = watched("auditor.html").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.locator("#filter [value=not_met]").focus()
    page.keyboard.press("Space")
    assert page.locator(SAID).text_content() == said(fitting(outcome="not_met"))
    page.go_back()
    summary = page.locator("details.f > summary").first
    summary.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert summary.evaluate("item => item === document.activeElement")
    assert summary.evaluate("item => getComputedStyle(item).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert summary.evaluate("item => item.parentElement.open")
    page.keyboard.press("Space")
    assert not summary.evaluate("item => item.parentElement.open")


def test_everything_is_there_with_scripts_off(watched: Any) -> None:
    page = watched("auditor.html", java_script_enabled=False).page
    assert page.locator("#filter").is_hidden()
    assert page.locator("p.tools").is_hidden()
    page.locator("details.f > summary").first.click()
    assert page.locator("details.f p.fact").first.is_visible()
    page = watched("split.html", java_script_enabled=False).page
    page.locator("p.leads a").first.click()
    page.locator("details.f > summary").first.click()
    assert page.locator("details.f p.fact").first.is_visible()
    page.click("text=Back to the report")
    assert page.locator("h1").text_content() == sample_bundle()["pack"]["title"]


def test_the_board_edition_has_no_findings_no_filter_and_no_dead_link(watched: Any) -> None:
    page = watched("board.html").page
    assert page.locator("#filter, #records, details.f").count() == 0
    assert "Confidential to the partnership" in page.locator("header").inner_text()
    dead = page.evaluate(
        "[...document.links].map(a => a.hash.slice(1)).filter(id => !document.getElementById(id))"
    )
    assert dead == []


@pytest.mark.parametrize(
    ("name", "width", "scheme"),
    [("small.html", 1280, "light"), ("small.html", 390, "light"),
     ("small.html#outcome=not_met", 390, "dark"),
     ("board.html", 1280, "dark"), ("board.html", 390, "light"),
     ("small-split.html", 1280, "light"),
     ("small-split-findings/rule-001.html", 390, "dark"),
     ("small-split-findings/records-001.html", 390, "light")],
)  # fmt: skip
def test_nothing_stands_in_the_way_of_readers(
    watched: Any, axe: str, name: str, width: int, scheme: str
) -> None:
    page = watched(name, viewport={"width": width, "height": 900}, color_scheme=scheme).page
    opened = page.evaluate(
        "[...document.querySelectorAll('main details')].slice(0, 40).forEach(d => d.open = true)"
    )
    assert opened is None
    # What is not in sight has no size yet, and would be taken for too small.
    page.evaluate(EVERYTHING_LAID_OUT)
    # As the browser's own tool and not as the page's script, which its policy would refuse.
    page.evaluate(axe)
    found = page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", AXE_TAGS)
    assert [
        (item["id"], [node["html"][:200] for node in item["nodes"]][:3])
        for item in found["violations"]
    ] == []


@pytest.mark.parametrize("name", ["auditor.html#outcome=not_met", "board.html", "split.html"])
def test_nothing_is_cut_off_on_a_narrow_screen(watched: Any, name: str) -> None:
    page = watched(name, viewport={"width": 320, "height": 640}).page
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
