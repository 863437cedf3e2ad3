"""Reports have the sections that their plan names, in its order, and never less than they must."""

import io
import re
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
import python_calamine as calamine
from hypothesis import given, settings
from hypothesis import strategies as st
from report_editions import board_document
from report_page import Element, assert_links_lead_somewhere, ids_of, read_page
from report_sample import sample_bundle
from rich.console import Console

from scr_audit.plans.report_sections import LIMITS, SECTIONS, USUAL
from scr_audit.report.formats import Look, Templates, render_report
from scr_audit.report.html import render_html
from scr_audit.report.markdown import render as render_markdown
from scr_audit.report.paper import paper_values
from scr_audit.report.sections import leaves_out
from scr_audit.report.terminal import render_terminal
from scr_audit.report.workbook import workbook_bytes

SHIPPED = Path(__file__).parents[2] / "reports"
TEMPLATES = Templates(SHIPPED)
LOOK = Look(TEMPLATES)
NAMES = list(SECTIONS)
PLAN = {"id": "quarter", "title": "A quarter", "question": "Is it done?",
        "selection": "Every third case.", "sha256": "cd"}  # fmt: skip
ACTIONS = [
    {
        "action": "A-7",
        "recommendation": "5.1",
        "agency": None,
        "task": "Train the chairs",
        "due": None,
        "status": "open",
        "overdue": None,
        "verdict": "worked",
        "reason": "9 of 9 met.",
        "shown_by": {"rule": "r", "target": 0.9, "period": "2026Q4"},
    },
]
WARNING = "Not for publication: identifiable records were allowed, and no identifiers were found"
HEADS = {
    "changes": "What changed",
    "actions": "What became of actions",
    "charts": "Charts",
    "recommendations": "By recommendation",
    "rules": "Rules by recommendation",
    "findings": "Findings by recommendation",
    "records": "Cases",
}
COMBINATIONS = (
    *([name for name in NAMES if name != left_out] for left_out in NAMES),
    *([name] for name in NAMES),
    ["rules", "records"], ["findings", "records"], ["records", "summary", "recommendations"],
    ["summary", "recommendations"], NAMES[::-1],
)  # fmt: skip


ANNEX = ["Annex: how to read this", "Annex: what it rests on"]


def by_plan(sections: Sequence[str] | None, bundle: dict[str, Any] | None = None) -> dict[str, Any]:
    """A small run with a finding in error, a record left out and an action, by such a plan."""
    found = sample_bundle(records=4, rules=6) if bundle is None else bundle
    if found["findings"]:
        found["findings"][0]["outcome"] = "error"
        found["totals"]["units"]["error"] = 1
    plan = PLAN if sections is None else {**PLAN, "sections": list(sections)}
    allowed = {"findings": 0, "allowed": "for a test", "uniqueness": [], "least_k": 3}
    return {**found, "plan": plan, "anonymity": allowed, "actions": ACTIONS}


def page(sections: Sequence[str] | None) -> Element:
    return read_page(render_html(by_plan(sections), TEMPLATES))


def headings(root: Element) -> list[str]:
    return [item.text for item in root.within("h2")]


@pytest.mark.parametrize("sections", COMBINATIONS, ids=" ".join)
def test_no_link_leads_into_what_is_left_out(sections: list[str]) -> None:
    assert_links_lead_somewhere({"report.html": page(sections)})


@pytest.mark.parametrize("sections", COMBINATIONS, ids=" ".join)
def test_no_link_leads_into_what_is_left_out_of_many_pages(
    sections: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scr_audit.report.html.FINDINGS_IN_ONE_FILE", 10)
    monkeypatch.setattr("scr_audit.report.rule_views.FINDINGS_ON_A_PAGE", 5)
    files = render_report(by_plan(sections), Path("report.html"), LOOK)
    pages = {name: read_page(content.decode()) for name, content in files.items()}
    assert_links_lead_somewhere(pages)
    beside = {re.sub(r"-\d.*", "", Path(name).name) for name in pages} - {"report.html"}
    assert beside == {
        kind for kind, name in (("rule", "findings"), ("records", "records")) if name in sections
    }


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
def test_whatever_the_sections_all_links_lead_somewhere_and_the_frame_is_there(
    sections: list[str],
) -> None:
    root = page(sections)
    assert_links_lead_somewhere({"report.html": root})
    assert headings(root)[0] == "Summary"
    assert headings(root)[-2:] == ["Annex: how to read this", "Annex: what it rests on"]
    for said in (
        WARNING,
        "What we found",
        "What this cannot show",
        "was left out",
        "is an error",
    ):
        assert said in root.by_id("summary").text


def test_the_html_report_has_the_sections_in_the_order_of_the_plan() -> None:
    for sections in permutations(("changes", "recommendations", "records")):
        between = headings(page(sections))[1:-2]
        assert between == [HEADS[name] for name in sections]
        assert [item.text for item in page(sections).within("nav")[0].within("a")][:-1] == [
            {"recommendations": "By recommendation"}.get(name, HEADS[name]) for name in sections
        ]


def test_rules_without_findings_and_findings_without_rules() -> None:
    rules, findings = page(["rules"]), page(["findings"])
    assert headings(rules)[1] == "Rules by recommendation"
    assert headings(findings)[1] == "Findings by recommendation"
    assert not rules.within("details", "f")
    assert findings.within("details", "f")
    assert rules.within("ul", "counts")
    assert not findings.within("ul", "counts")
    assert [item.text for item in rules.within("h4")] == [
        item.text for item in findings.within("h4")
    ]
    assert "index" not in ids_of(rules)


def test_findings_of_a_run_of_totals_are_no_section() -> None:
    bundle = by_plan(["findings", "changes"], {**sample_bundle(), "records": [], "findings": []})
    root = read_page(render_html(bundle, TEMPLATES))
    assert headings(root) == ["Summary", "What changed", *ANNEX]
    assert_links_lead_somewhere({"report.html": root})


@pytest.mark.parametrize("formats", [("html",), ("markdown",), ("word",), ("pdf",), ("terminal",)])
def test_a_report_names_only_what_it_would_have_had(formats: tuple[Any, ...]) -> None:
    bundle = by_plan(["recommendations"])
    said = leaves_out(bundle, *formats)
    titles = {
        section.title
        for name, section in SECTIONS.items()
        if name != "recommendations"
        and section.parts(formats[0])
        and (not section.needs or bundle.get(section.needs))
    }
    found = re.fullmatch("This report leaves out: (.*), as the plan says[.]", said)
    assert found is not None
    assert set(re.split(", | and ", found[1])) == titles


def test_what_a_run_has_nothing_of_is_not_left_out() -> None:
    bundle = by_plan(["summary", "changes", "charts", "recommendations", "rules"], board_document())
    assert leaves_out({**bundle, "actions": []}, "html") == ""
    assert leaves_out({**bundle}, "html") == (
        "This report leaves out: what became of actions, as the plan says."
    )


def test_without_sections_nothing_is_said_to_be_left_out() -> None:
    bundle = by_plan(None)
    assert leaves_out(bundle, "html", "markdown", "pdf") == ""
    assert "leaves out" not in render_html(bundle, TEMPLATES)
    assert headings(page(None)) == [
        "Summary", "What became of actions", "Charts", "By recommendation",
        "Findings by recommendation", "Cases", *ANNEX,
    ]  # fmt: skip


def test_markdown_keeps_to_the_sections_and_to_its_frame() -> None:
    sections = ["rules", "changes"]
    text = render_markdown(by_plan(sections), LOOK, Path("r.md"))["r.md"].decode()
    assert re.findall("^## (.*)$", text, re.MULTILINE) == [
        "What we looked at", "What we found", "What the files do not say",
        "What changed, in short", "What happens next", "What this cannot show, in short",
        "What this cannot show", "Rules", "What changed", "Records left out",
        "What the outcomes mean", "What the rates mean", "What came out", "What was audited",
        "What it rests on",
    ]  # fmt: skip
    assert (
        "This report leaves out: what to look at first, what became of actions, recommendations "
        "and findings, as the plan says." in text
    )


def test_markdown_names_no_single_record_where_findings_are_left_out() -> None:
    found = {
        name: render_markdown(by_plan([name]), LOOK, Path("r.md"))["r.md"].decode()
        for name in ("summary", "findings")
    }
    assert "- **C0" not in found["summary"]
    assert "- **C0" in found["findings"]
    assert "see the HTML report" not in found["summary"].partition("## Records left out")[0]


def test_a_workbook_has_the_sheets_of_the_sections_and_of_its_frame() -> None:
    content = workbook_bytes(by_plan(["findings", "summary", "rules", "changes"]))
    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names == [
        "Summary", "Findings", "Actions", "Rules", "Left out", "Parameters", "Basis",
    ]  # fmt: skip
    said = [row[0] for row in book.get_sheet_by_name("Summary").to_python()]
    heads = ["What was audited", "What came out", "What this cannot show", "Look at first",
             "Missing facts that leave most open", "What changed"]  # fmt: skip
    assert [word for word in said if word in heads] == heads
    assert "What became of actions" not in said


def test_a_workbook_has_no_link_to_a_sheet_that_is_left_out() -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="reads the links of a workbook back")
    for sections in (["findings"], ["summary", "rules"], ["recommendations", "records"]):
        book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(by_plan(sections))))
        targets = {
            cell.hyperlink.location.split("!")[0].strip("'")
            for sheet in book
            for row in sheet.iter_rows()
            for cell in row
            if cell.hyperlink
        }
        assert targets <= set(book.sheetnames)


def terminal(sections: Sequence[str] | None) -> str:
    out = io.StringIO()
    render_terminal(by_plan(sections), Console(file=out, width=200))
    return out.getvalue()


def test_the_terminal_keeps_to_the_sections_and_to_its_warnings() -> None:
    text = terminal(["actions"])
    assert WARNING in text
    assert "What became of actions" in text
    assert "worst first" not in text
    assert "This report leaves out: what to look at first and recommendations" in text
    assert "leaves out" not in terminal(None)


def test_a_paper_says_where_its_parts_stand() -> None:
    values = paper_values(by_plan(["findings", "changes", "actions", "recommendations", "rules"]))
    assert values["pages"] == [
        {"landscape": False, "parts": []},
        {"landscape": True, "parts": ["findings"]},
        {"landscape": False, "parts": ["changes", "actions"]},
        {"landscape": True, "parts": ["recommendations", "rules"]},
    ]
    assert values["annexes"] == {
        "recommendations": "B", "rules": "C", "findings": "A", "basis": "D",
    }  # fmt: skip
    assert values["leaves_out"] == (
        "This report leaves out: what to look at first and charts, as the plan says."
    )


def test_the_board_has_no_annex_of_findings() -> None:
    values = paper_values({**board_document(), "plan": {**PLAN, "sections": ["findings", "rules"]}})
    assert values["pages"][1:] == [{"landscape": True, "parts": ["rules"]}]
    assert values["annexes"] == {
        "recommendations": "", "rules": "A", "findings": "", "basis": "B",
    }  # fmt: skip


PAPER_HEADS = {
    "findings": "Annex A: findings to look at", "actions": "What became of actions",
    "rules": "Annex B: rules",
}  # fmt: skip
PAPER_ANNEX = "Annex: how to read this, and what it rests on"


def test_word_has_the_sections_in_order_on_pages_that_lie_as_they_need() -> None:
    docx = pytest.importorskip("docx", reason="needs the extra scr-audit[word]")
    sections = ["findings", "changes", "actions", "rules"]
    content = render_report(by_plan(sections), Path("p.docx"), LOOK)["p.docx"]
    document = docx.Document(io.BytesIO(content))
    heads = [each.text for each in document.paragraphs if each.style.name == "Heading 1"]
    assert heads == ["Summary", "Contents", *PAPER_HEADS.values(), PAPER_ANNEX]
    told = [each.text for each in document.paragraphs if each.style.name == "Table Text"]
    assert told == ["Summary", *PAPER_HEADS.values(), PAPER_ANNEX]
    lying = [section.page_width > section.page_height for section in document.sections]
    assert lying == [False, True, False, True, False]
    said = [each.text for each in document.paragraphs]
    assert any(each.endswith(f" {leaves_out(by_plan(sections), 'word')}") for each in said)


def test_pdf_has_the_sections_in_order_on_pages_that_lie_as_they_need() -> None:
    pypdf = pytest.importorskip("pypdf", reason="needs pypdf to read PDFs back")
    pytest.importorskip("typst", reason="needs the extra scr-audit[pdf]")
    sections = ["findings", "changes", "actions", "rules"]
    content = render_report(by_plan(sections), Path("p.pdf"), LOOK)["p.pdf"]
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    text = " ".join(" ".join(each.extract_text() for each in pages).split())
    found = [text.rindex(head) for head in PAPER_HEADS.values()]
    assert found == sorted(found)
    assert text.rindex("Annex C: how to read this") > found[-1]
    assert "Annex D" not in text
    assert leaves_out(by_plan(sections), "pdf") in text
    lying = [each.mediabox.width > each.mediabox.height for each in pages]
    assert [side for n, side in enumerate(lying) if n == 0 or side is not lying[n - 1]] == [
        False, True, False, True, False,
    ]  # fmt: skip


def test_data_is_never_cut() -> None:
    cut, whole = (
        render_report(by_plan(sections), Path("r.csv"), LOOK)["r.csv"]
        for sections in (["changes"], None)
    )
    assert cut == whole


def test_a_house_template_is_told_the_sections(tmp_path: Path) -> None:
    for kind, name, said in (
        ("html", "first-page.html.j2", "{{ view.sections|join(' ') }}"),
        ("markdown", "report.md.j2", "{{ sections|join(' ') }}: {{ leaves_out }}"),
    ):
        (tmp_path / kind).mkdir()
        (tmp_path / kind / name).write_text(said)
    look = Look(Templates(SHIPPED, tmp_path))
    html = render_report(by_plan(["rules", "charts"]), Path("r.html"), look)["r.html"].decode()
    assert '<main id="main" tabindex="-1">\nrules charts' in html
    text = render_report(by_plan(None), Path("r.md"), look)["r.md"].decode()
    assert text == f"{' '.join(NAMES)}: "


def test_every_part_of_the_table_is_one_that_its_format_has() -> None:
    """A section whose part a format does not know would be dropped without a word."""
    for section in SECTIONS.values():
        assert all((SHIPPED / "html" / part).is_file() for part in section.html)
        assert section.said
    template = (SHIPPED / "markdown" / "report.md.j2").read_text()
    known = set(re.findall(r'part == "(\w+)"', template))
    assert known == {LIMITS, *(part for each in SECTIONS.values() for part in each.markdown)}
    for name, parts in USUAL.items():
        everywhere = {part for each in SECTIONS.values() for part in each.parts(name)}
        assert set(parts) <= {LIMITS, *everywhere}


def test_a_section_that_this_version_does_not_know_is_passed_over() -> None:
    """A run bundle of a later version may name one."""
    assert headings(page(["changes", "weather"]))[1:-2] == ["What changed"]
