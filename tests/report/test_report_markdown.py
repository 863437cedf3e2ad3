"""The Markdown report says what the bundle says, and every text comes out as markdown_text text."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from report_editions import (
    HOSTILE_TEXTS,
    board_document,
    changed_bundle,
    hostile_bundle,
    totals_only,
)
from report_sample import OUTCOMES, sample_bundle

from scr_audit.report.formats import Look, ReportError, Templates
from scr_audit.report.markdown import render
from scr_audit.report.wording import LABELS, SIGNS, markdown_text, one_line, percent

ROOT = Path(__file__).parents[2]
LOOK = Look(Templates(ROOT / "reports"))
PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
# What the template itself makes; nothing else may come of a bundle's texts.
OURS = {"heading", "paragraph", "bullet_list", "list_item", "table", "thead", "tbody", "tr", "th",
        "td"}  # fmt: skip
LITERAL = {"text", "text_special", "code_inline"}
Row = dict[str, str]


def markdown_of(bundle: dict[str, Any], look: Look = LOOK) -> str:
    return render(bundle, look, Path("out") / "report.md")["report.md"].decode()


def test_a_source_that_does_not_say_its_publisher_has_no_line_for_it() -> None:
    bundle = sample_bundle()
    assert "publisher" in markdown_of(bundle)
    bundle["pack"]["source"]["publisher"] = ""
    assert "publisher" not in markdown_of(bundle)


@pytest.mark.parametrize(
    ("judged", "evidenced", "said"),
    [
        (4, 1.0, "Nothing was found not met."),
        (4, None, "Nothing is recorded well enough to be found met or not met."),
        (0, None, "Nothing was judged."),
    ],
)
def test_where_no_rule_is_not_met_it_says_why(
    judged: int, evidenced: float | None, said: str
) -> None:
    bundle = sample_bundle()
    for rule in bundle["rules"]:
        rule["totals"]["not_met"] = 0
    bundle["totals"]["rates"].update(judged=judged, evidenced=evidenced)
    assert said in markdown_of(bundle).splitlines()


@cache
def hostile_report() -> str:
    return markdown_of(hostile_bundle())


def words(inline: Any) -> str:
    """What a reader sees of a piece of text."""
    return "".join(child.content for child in inline.children)


def tables_of(text: str) -> list[list[Row]]:
    """Every table of the report as rows by their headings."""
    found: list[list[list[str]]] = []
    tokens = PARSER.parse(text)
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "table_open":
            found.append([])
        elif token.type == "tr_open":
            found[-1].append([])
        elif before is not None and before.type in ("th_open", "td_open"):
            found[-1][-1].append(words(token))
    return [[dict(zip(rows[0], row, strict=True)) for row in rows[1:]] for rows in found]


def table_of(text: str, first: str) -> list[Row]:
    """The table whose first heading is this one."""
    return next(rows for rows in tables_of(text) if rows and next(iter(rows[0])) == first)


def counts(row: Row) -> list[int | str]:
    cells = [row[f"{SIGNS[name]} {LABELS[name].capitalize()}"] for name in OUTCOMES]
    return [int(cell.replace(",", "")) for cell in cells]


def shown(totals: dict[str, Any]) -> list[int | str]:
    return [totals[name] for name in OUTCOMES]


@pytest.mark.parametrize("bundle", [sample_bundle(), board_document(), totals_only()])
def test_the_totals_read_back_are_those_of_the_bundle(bundle: dict[str, Any]) -> None:
    text = markdown_of(bundle)
    assert [(row["Outcome"], row["Findings"]) for row in table_of(text, "Outcome")] == [
        (f"{SIGNS[name]} {LABELS[name]}", str(count))
        for name, count in zip(OUTCOMES, shown(bundle["totals"]["units"]), strict=True)
    ]
    recommendations = {
        row["Recommendation"]: counts(row) for row in table_of(text, "Recommendation")
    }
    assert recommendations == {
        item["id"]: shown(item["totals"]) for item in bundle["recommendations"]
    }
    rules = {row["Rule"]: counts(row) for row in table_of(text, "Rule")}
    assert rules == {rule["id"]: shown(rule["totals"]) for rule in bundle["rules"]}


def test_rates_are_the_percentages_that_every_report_prints() -> None:
    found = {
        row["Rule"]: row["Met, of what is evidenced"]
        for row in table_of(markdown_of(sample_bundle()), "Rule")
    }
    assert found == {
        rule["id"]: percent(rule["rates"]["evidenced"]) for rule in sample_bundle()["rules"]
    }


def test_what_is_not_met_has_reasons_and_remedies_and_says_how_many_more() -> None:
    text = markdown_of(sample_bundle())
    part = text[text.index("## Not met") : text.index("## Missing facts")]
    assert part.count("\n### ") == 10
    bundle = sample_bundle()
    rules = {rule["id"]: rule for rule in bundle["rules"] if rule["severity"] == "high"}
    worst = max(rules.values(), key=lambda rule: rule["totals"]["not_met"])
    first = next(f for f in bundle["findings"]
                 if f["rule"] == worst["id"] and f["outcome"] == "not_met")  # fmt: skip
    assert part.split("\n### ")[1].startswith(markdown_text(worst["title"]))
    assert markdown_text(first["reason"]) in part
    assert markdown_text(first["remedy"]["text"]) in part
    assert f"- and {worst['totals']['not_met'] - 3} more, see the HTML report" in part
    others = sum(bool(rule["totals"]["not_met"]) for rule in bundle["rules"]) - 10
    assert f"And {others} more rules, see the table of rules below" in part


def test_a_board_report_is_confidential_and_names_no_record() -> None:
    board = board_document()
    text = markdown_of(board)
    assert f"**{board['confidential']}**" in text
    assert "**Records left out**: 1" in text
    assert "C01" not in text
    assert counts(table_of(text, "Agency")[0]) == [
        board["agencies"][0]["totals"][name] for name in OUTCOMES
    ]


def test_what_changed_and_how_records_were_chosen_are_told() -> None:
    text = markdown_of(changed_bundle())
    assert "- Since 24 August 2026: 5 rules fell and 0 rose by more than chance explains;" in text
    assert (
        "- **5.1: fell**: Each conference is attended by all who know the family: then 100 of 100 "
        "met (100%), now 2 of 5 met (40%); −60 percentage points, 95% interval −88 to −23."
    ) in text
    assert "- **How records were chosen**: Every third case." in text


def test_a_hostile_bundle_makes_no_markup_of_its_own() -> None:
    for token in PARSER.parse(hostile_report()):
        if token.type == "inline":
            made = {child.type for child in token.children}
            assert made <= LITERAL | {"softbreak", "strong_open", "strong_close"}, token.content
        else:
            assert token.type.removesuffix("_open").removesuffix("_close") in OURS
    assert "<script" not in PARSER.render(hostile_report())


def test_a_hostile_bundle_has_as_many_rows_and_headings_as_a_harmless_one() -> None:
    def shape(text: str) -> list[str]:
        return [token.type for token in PARSER.parse(text)]

    harmless = shape(markdown_of(changed_bundle()))
    assert shape(hostile_report()).count("tr_open") == harmless.count("tr_open")
    assert shape(hostile_report()).count("heading_open") == harmless.count("heading_open")


def literal_in(before: str, after: str, text: str) -> tuple[set[str], str]:
    """The kinds of markup, and the words, of a text between two others."""
    inlines = [token for token in PARSER.parse(before + markdown_text(text) + after)
               if token.type == "inline"]  # fmt: skip
    last = inlines[-1]
    return {child.type for child in last.children}, words(last)


TEXTS = st.one_of(
    st.text(),
    st.text(st.sampled_from("`*_[]()<>|~#&$@!\\-+=:.{}^%\"' \t\n1aw/é")),
    st.lists(st.sampled_from([text[:99] for text in HOSTILE_TEXTS])).map("".join),
)


@pytest.mark.parametrize(
    ("before", "after"),
    [("", ""), ("- ", ""), ("| a |\n| --- |\n| ", " |"), ("# ", ""), ("> ", "")],
)
@given(text=TEXTS)
def test_any_text_comes_out_as_itself(before: str, after: str, text: str) -> None:
    plain = one_line(text).strip()
    if not plain or len(plain) > 2_000:
        return
    made, said = literal_in(before, after, plain)
    assert made <= LITERAL
    assert said.strip() == plain


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("not_met 5.7 a-b (c)", "not_met 5.7 a-b (c)"),
        ("1. one", "1\\. one"),
        ("- one", "\\- one"),
        ("# head", "\\# head"),
        ("a|b", "a\\|b"),
        ("<b>", "\\<b\\>"),
        ("_a_", "\\_a\\_"),
        ("ask @team now", "ask `@team` now"),
        ("see http://a.example/x_y_z.", "see `http://a.example/x_y_z.`"),
        ("WWW.a.example", "`WWW.a.example`"),
        ("$x$ and &amp; and #12", "`$x$` and `&amp;` and `#12`"),
        ("two\nlines", "two lines"),
        ("x" * 2_001, "x" * 2_000 + " … (the first 2,000 of 2,001 characters)"),
    ],
)
def test_text_stays_as_readable_as_it_can(text: str, escaped: str) -> None:
    assert markdown_text(text) == escaped


def test_a_house_folder_overrides_the_template(tmp_path: Path) -> None:
    (tmp_path / "markdown").mkdir()
    (tmp_path / "markdown" / "report.md.j2").write_text("{{ title }}!")
    look = Look(Templates(ROOT / "reports", tmp_path))
    assert markdown_of(sample_bundle(), look) == (
        "Invented review: what was agreed, and whether it is done!"
    )


def test_a_wrong_template_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "markdown").mkdir()
    template = tmp_path / "markdown" / "report.md.j2"
    template.write_text("# {{ title }}\n{{ titel }}\n")
    with pytest.raises(ReportError) as caught:
        markdown_of(sample_bundle(), Look(Templates(ROOT / "reports", tmp_path)))
    assert str(caught.value) == f"{template}:2: 'titel' is undefined"
