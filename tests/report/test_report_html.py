"""The HTML report says what the bundle says, safely, in one offline file."""

import base64
import hashlib
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from report_editions import board_document
from report_page import Element, assert_links_lead_somewhere, read_page
from report_sample import CONTROLS, HEBREW, LONG, OUTCOMES, SCRIPT, rates, sample_bundle

from scr_audit.documents.parts import JUDGED
from scr_audit.report.findings import script_json
from scr_audit.report.formats import Look, ReportError, Templates
from scr_audit.report.html import render, render_html
from scr_audit.report.standings import missing_facts, missing_text, standard_text

ROOT = Path(__file__).parents[2]
TEMPLATES = Templates(ROOT / "reports")


@cache
def html() -> str:
    return render_html(sample_bundle(), TEMPLATES)


@cache
def page() -> Element:
    return read_page(html())


def findings_of(root: Element) -> list[Element]:
    """The findings that stand on the page in full: those that need somebody."""
    return root.within("details", "f")


def listed(root: Element, *outcomes: str) -> list[Element]:
    """The findings that stand on the page in short: what is met, or does not apply."""
    wanted = outcomes or ("met", "not_applicable")
    groups = [
        found
        for found in root.within("details", "group")
        for mark in found.within("b", "o")[:1]
        if mark.attributes["data-o"] in wanted
    ]
    return [item for found in groups for item in found.within("i") if "id" in item.attributes]


def with_one_fact(value: Any, **finding: Any) -> Element:
    """The page's only not met finding, whose only fact has this value."""
    bundle = sample_bundle(records=1, rules=1)
    first = bundle["findings"][0] | {"outcome": "not_met"} | finding
    fact = {"pointer": "/a/b", "value": value, "question": "Was it done?"}
    first["facts"] = finding.get("facts", [fact])
    bundle["findings"] = [first]
    return findings_of(read_page(render_html(bundle, TEMPLATES)))[0]


def test_every_finding_stands_on_the_page_once() -> None:
    """As many of each outcome as the bundle has."""
    shown = [item.attributes["data-o"] for item in findings_of(page())]
    shown += [outcome for outcome in ("met", "not_applicable") for _ in listed(page(), outcome)]
    expected = [finding["outcome"] for finding in sample_bundle()["findings"]]
    assert {name: shown.count(name) for name in OUTCOMES} == {
        name: expected.count(name) for name in OUTCOMES
    }


@pytest.mark.parametrize("bundle", [sample_bundle(), board_document()])
def test_totals_are_those_of_the_bundle(bundle: dict[str, Any]) -> None:
    tiles = read_page(render_html(bundle, TEMPLATES)).within("ul", "tiles")[0].within("li")
    units = bundle["totals"]["units"]
    assert [
        (tile.attributes["data-o"], tile.within("span")[0].text.split()[1]) for tile in tiles
    ] == [(name, str(units[name])) for name in JUDGED]


def test_recommendations_carry_their_counts_and_stand_worst_first() -> None:
    bundle = {item["id"]: item for item in sample_bundle()["recommendations"]}
    rows = page().within("table", "wide")[0].within("tbody")[0].within("tr")
    names = [row.within("th")[0].within("b")[0].text for row in rows]
    for name, row in zip(names, rows, strict=True):
        counts = [int(cell.text) for cell in row.within("td", "n")]
        assert counts == [bundle[name]["totals"][outcome] for outcome in OUTCOMES]
    found = [bundle[name] for name in names]
    shares = [item["totals"]["not_met"] / item["rates"]["judged"] for item in found[:-1]]
    assert sorted(names) == sorted(bundle)
    assert shares == sorted(shares, reverse=True)
    assert found[-1]["rates"]["judged"] == 0


def test_a_recommendation_with_nothing_judged_has_no_rate() -> None:
    row = page().within("table", "wide")[0].within("tbody")[0].within("tr")[-1]
    assert "A recommendation that no rule judges" in row.text
    assert row.within("td", "rate")[0].text == "no rate"


def test_a_rule_says_its_unit_its_records_and_its_rate() -> None:
    bundle = sample_bundle()
    rule = next(rule for rule in bundle["rules"] if rule["unit"] == "conference")
    section = page().by_id(f"rule-{rule['id']}").parent
    assert section is not None
    met, judged = rule["totals"]["met"], rule["rates"]["judged"]
    told, silent = met + rule["totals"]["not_met"], rule["totals"]["not_evidenced"]
    start = (
        f"{met} of {judged} conferences in {rule['totals']['records']} cases met, {silent} not "
        f"evidenced. Of the {told} that are evidenced, "
    )
    sentences = [paragraph.text for paragraph in section.within("p")]
    assert sentences[0].startswith(
        f"{start}{rule['rates']['evidenced'] * 100:.0f}% are met (95% interval"
    )
    assert sentences[1].startswith(
        f"{silent} conferences are not evidenced, so the true share can be anything from "
    )
    assert sentences[2] == f"Against the standard: {standard_text(rule)}."
    assert sentences[3].startswith(f"These {judged} conferences come from only")


def test_a_rule_names_the_missing_facts_that_matter_most() -> None:
    bundle = sample_bundle()
    rule = next(rule for rule in bundle["rules"] if rule["unit"] == "conference")
    mine = [finding for finding in bundle["findings"] if finding["rule"] == rule["id"]]
    section = page().by_id(f"rule-{rule['id']}").parent
    assert section is not None
    assert [item.text for item in section.within("ul", "lacking")[0].within("li")] == [
        f"{fact.question} {missing_text(fact)}" for fact in missing_facts(mine, 3)
    ]


def test_links_lead_to_places_on_the_page() -> None:
    links = {item.attributes["href"] for item in page().within("a")}
    assert {link for link in links if not (link or "").startswith("#")} == set()
    assert_links_lead_somewhere({"report.html": page()})


def test_each_record_links_to_each_of_its_findings_that_needs_somebody() -> None:
    bundle = sample_bundle()
    for record, section in zip(bundle["records"], page().within("section", "case"), strict=True):
        lines = [link for found in section.within("ul", "lines") for link in found.within("a")]
        assert record["id"].split()[0] in section.within("h3")[0].text
        totals = record["totals"]
        assert len(lines) == totals["not_met"] + totals["not_evidenced"] + sum(
            totals[name] for name in ("excepted", "error")
        )


def test_a_finding_shows_facts_criteria_and_where_it_comes_from() -> None:
    finding = with_one_fact(
        False, criteria={"in_time": "not_met"}, reason="Too late.", unit="/conferences/0"
    )
    summary = finding.within("summary")[0].text
    assert summary == "not met C01 · conference of 4 May 2026, number 0 Too late."
    assert finding.within("p")[0].text == "Not met: in time."
    assert [item.text for item in finding.within("p", "fact")] == ["Was it done? no"]
    assert finding.within("a")[0].text == "All of case C01"


def test_a_finding_sets_its_remedy_apart() -> None:
    remedy = {"changes": [], "text": "To be met: it was done."}
    finding = with_one_fact(False, remedy=remedy)
    assert finding.within("p", "remedy")[0].text == "To be met: it was done."


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (False, "no"),
        (True, "yes"),
        ([], "none (recorded that there were none)"),
        (0, "0"),
        ("", "(empty text)"),
        (["police", "health"], "police, health"),
        ("2026-05-04", "4 May 2026"),
        (["social_work", "2026-05"], "social work, May 2026"),
        (SCRIPT, SCRIPT),
        (HEBREW, HEBREW),
        ("a\u202eb\x07", "a[U+202E]b[U+0007]"),
        ("\ud800", "[U+D800]"),
    ],
)
def test_a_value_is_said_in_words(value: Any, said: str) -> None:
    [fact] = with_one_fact(value).within("p", "fact")
    assert fact.text == f"Was it done? {said}"


def test_a_missing_fact_that_no_condition_reached_is_still_shown() -> None:
    finding = with_one_fact(True, missing=["/a/c"])
    assert finding.within("p", "fact")[0].text == "Was it done? yes"
    assert finding.within("p", "none")[0].text == "Not recorded: c:"


def test_the_facts_of_an_item_are_told_in_one_line() -> None:
    facts = [
        {"pointer": f"/talks/{place}/{name}", "value": value, "question": f"{name.capitalize()}?"}
        for place, value in enumerate((True, "2026-05-04"))
        for name in ("held", "noted")
    ]
    finding = with_one_fact(None, facts=facts)
    assert [line.text for line in finding.within("p", "fact")] == [
        "talks 1: Held? yes · Noted? yes",
        "talks 2: Held? 4 May 2026 · Noted? 4 May 2026",
    ]


def test_what_is_not_recorded_is_told_together_and_each_with_its_item() -> None:
    facts = [
        {"pointer": f"/talks/{place}/held", "value": None, "question": "Was it held?"}
        for place in range(2)
    ]
    finding = with_one_fact(None, facts=facts, missing=["/talks/0/held", "/talks/1/held"])
    [line] = finding.within("p", "none")
    assert line.text == "Not recorded: talks 1: Was it held? talks 2: Was it held?"


def test_a_very_long_value_is_cut_and_says_so() -> None:
    shown = with_one_fact(LONG).within("p", "fact")[0].text
    assert shown.endswith(f"… (the first 2,000 of {len(LONG):,} characters)")


def test_an_exception_gives_its_reason() -> None:
    finding = with_one_fact(True, outcome="excepted", exception="child_born_after")
    assert "Permitted reason: child born after" in finding.text


def test_text_of_records_is_never_markup_or_template() -> None:
    """Hostile strings stay text; nothing of them becomes an element, a script or an expression."""
    assert html().count("<script") == 3
    assert not page().within("img")
    assert "{{ 7 * 7 }}" in page().text
    assert "[U+001B][31mred" in page().text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", html())
    assert CONTROLS not in html()


def test_the_policy_allows_exactly_the_style_and_the_script_of_the_page() -> None:
    policy = next(
        item.attributes["content"]
        for item in page().within("meta")
        if item.attributes.get("http-equiv") == "Content-Security-Policy"
    )
    style, folds, search = (
        "sha256-" + base64.b64encode(hashlib.sha256(found.encode()).digest()).decode()
        for found in (
            *re.findall("<style>(.*?)</style>", html(), re.DOTALL),
            *re.findall("<script>(.*?)</script>", html(), re.DOTALL),
        )
    )
    assert policy == (
        f"default-src 'none'; style-src '{style}'; script-src '{folds}' '{search}'; "
        "base-uri 'none'; form-action 'none'"
    )


def test_the_page_needs_nothing_from_outside() -> None:
    attributes = {name for item in page().within("*") for name in item.attributes}
    assert not {"src", "style", "action"} & attributes
    assert not {name for name in attributes if name.startswith("on")}
    assert "@import" not in html()
    assert set(re.findall(r"url\((.)", html())) == {"#"}


def test_the_same_bundle_gives_the_same_bytes() -> None:
    """Also where sets and dictionaries hash otherwise."""
    program = (
        "import sys; from pathlib import Path; from report_sample import sample_bundle; "
        "from scr_audit.report.html import render_html; "
        "from scr_audit.report.formats import Templates; "
        "sys.stdout.buffer.write(render_html(sample_bundle(), Templates(Path('reports'))).encode())"
    )
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests" / "report")])
    made = [
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": paths},
            cwd=ROOT,
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert made == [html().encode()] * 2


def test_what_was_left_out_and_what_failed_come_before_everything() -> None:
    notice, first_heading = page().within("div", "notice")[0], page().within("h2")[0]
    everything = page().within("*")
    assert everything.index(notice) < everything.index(first_heading)
    assert "1 of 21 records was left out" in notice.text
    assert "C99 <i>, at /cases/3 of cases.json" in notice.text
    assert "/plans: should be a list, not a number" in notice.text
    assert "findings are errors" in notice.text


def test_without_left_out_or_errors_there_is_no_notice() -> None:
    bundle = sample_bundle()
    bundle["left_out"] = []
    bundle["input"]["records"] |= {"read": 20, "left_out": 0}
    bundle["totals"]["units"]["error"] = 0
    assert "Read this first" not in render_html(bundle, TEMPLATES)


def test_met_and_not_applicable_findings_are_folded_away() -> None:
    for finding in findings_of(page()):
        assert finding.attributes["data-o"] not in ("met", "not_applicable")
    assert not [item for item in page().within("details") if "open" in item.attributes]


def test_headings_come_in_order() -> None:
    levels = [int(item.tag[1]) for item in page().within("*") if re.fullmatch("h[1-6]", item.tag)]
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_every_table_has_a_caption_and_scoped_headers() -> None:
    for table in page().within("table"):
        # The table behind a timeline has the timeline's own caption.
        assert table.within("caption") or "Timeline" in _figure(table).text
        assert all(
            header.attributes.get("scope") in ("row", "col") for header in table.within("th")
        )


def _figure(element: Element) -> Element:
    while element.tag != "figure":
        assert element.parent is not None
        element = element.parent
    return element.within("figcaption")[0]


def test_language_landmarks_and_skip_link() -> None:
    assert page().within("html")[0].attributes["lang"] == "en-GB"
    assert all(len(page().within(tag)) == 1 for tag in ("header", "nav", "main", "footer"))
    assert page().within("a")[0].attributes["href"] == "#main"


def test_the_basis_of_the_report_is_shown() -> None:
    basis, bundle = page().by_id("basis").text, sample_bundle()
    assert bundle["pack"]["sha256"] in basis
    assert bundle["input"]["files"][0]["sha256"] in basis
    assert "scr-audit 0.1.0" in basis
    assert "10 working days15 working days from 1 March 2010" in basis
    assert basis.count("Changed by local settings") == 1


def test_a_rule_that_no_recommendation_lists_is_not_dropped() -> None:
    bundle = sample_bundle()
    bundle["recommendations"] = []
    root = read_page(render_html(bundle, TEMPLATES))
    assert len(findings_of(root)) + len(listed(root)) == len(bundle["findings"])


def test_a_run_of_nothing_has_no_rate_anywhere() -> None:
    bundle = sample_bundle(records=0)
    bundle["input"]["records"]["by_kind"] = {}
    text = read_page(render_html(bundle, TEMPLATES)).text
    assert "No rate, because nothing was judged." in text
    assert rates(bundle["totals"]["units"])["judged"] == 0


def changed(folder: Path, name: str, text: str) -> Templates:
    """A copy of the templates in which one file has this text."""
    shutil.copytree(TEMPLATES.shipped, folder / "reports")
    (folder / "reports" / "html" / name).write_text(text, encoding="utf-8")
    return Templates(folder / "reports")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("report.html.j2", "one\n{% if %}", "report.html.j2:2: Expected an expression, got "),
        ("report.html.j2", "\n\n{{ view.nothing }}", "report.html.j2:3: 'dict object' has no "),
        ("records.html.j2", "\n{{ 1 / 0 }}", "records.html.j2:2: ZeroDivisionError: division by"),
        ("basis.html.j2", "{{ ''.__class__ }}", "basis.html.j2:1: access to attribute '__class__'"),
        ("filter.js", "\n'</script>'", "filter.js:2: contains `</`"),
        (
            "finding.html.j2",
            "\n\n{% macro all(a, b) %}{{ a.none }}{% endmacro %}",
            "finding.html.j2:3: ",
        ),
    ],
)
def test_a_wrong_template_is_named_with_its_line(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    with pytest.raises(ReportError) as caught:
        render_html(sample_bundle(records=1, rules=1), changed(tmp_path, name, text))
    assert str(caught.value).startswith(f"{tmp_path / 'reports' / 'html'}/{said}")


def test_a_missing_template_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"^style\.css: is missing from .*html"):
        render_html(sample_bundle(records=1, rules=1), Templates(tmp_path))


def test_a_house_may_override_one_part_and_a_mistake_in_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "html").mkdir()
    (tmp_path / "html" / "rule.html.j2").write_text("<p>House</p>\n{{ rule.nothing }}")
    with pytest.raises(ReportError) as caught:
        render_html(sample_bundle(records=1, rules=1), Templates(ROOT / "reports", tmp_path))
    assert str(caught.value).startswith(f"{tmp_path / 'html'}/rule.html.j2:2: ")
    assert "nothing" in str(caught.value)
    (tmp_path / "html" / "rule.html.j2").write_text("<p>House</p>")
    assert "<p>House</p>" in render_html(
        sample_bundle(records=1, rules=1), Templates(ROOT / "reports", tmp_path)
    )


def test_json_within_the_page_cannot_end_its_element() -> None:
    text = script_json({"a": "</script><!-- \u2028 & \ud800"})
    assert text == r'{"a":"\u003c/script\u003e\u003c!-- [U+2028] \u0026 [U+D800]"}'


def split(monkeypatch: pytest.MonkeyPatch, name: str = "a report.html") -> dict[str, Element]:
    """The sample with its findings on pages of their own."""
    monkeypatch.setattr("scr_audit.report.html.FINDINGS_IN_ONE_FILE", 10)
    monkeypatch.setattr("scr_audit.report.rule_views.FINDINGS_ON_A_PAGE", 30)
    files = render(sample_bundle(), Look(TEMPLATES), Path("somewhere") / name)
    return {file: read_page(content.decode()) for file, content in files.items()}


def test_past_a_size_the_findings_are_on_pages_of_a_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pages = split(monkeypatch)
    assert all(re.fullmatch(r"a report(\.html|-findings/[a-z0-9-]+\.html)", name) for name in pages)
    shown = [len(findings_of(root)) + len(listed(root)) for root in pages.values()]
    assert sum(shown) == len(sample_bundle()["findings"])
    assert max(shown) == 30
    assert findings_of(pages["a report.html"]) == []
    assert "more than 10 findings" in pages["a report.html"].by_id("findings").text


def test_links_between_the_pages_lead_somewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = split(monkeypatch)
    assert_links_lead_somewhere(pages)
