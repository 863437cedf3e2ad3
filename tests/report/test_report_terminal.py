"""The terminal report is complete, plain where it must be, and never obeys a record."""

import io

import pytest
from report_sample import CONTROLS, OUTCOMES, sample_bundle
from rich.cells import cell_len
from rich.console import Console

from scr_audit.report.terminal import render_terminal


def printed(bundle: dict[str, object], width: int = 120) -> str:
    out = io.StringIO()
    render_terminal(bundle, Console(file=out, width=width))
    return out.getvalue()


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    lines = printed(sample_bundle(), width).splitlines()
    assert max(cell_len(line) for line in lines) <= width


def test_every_recommendation_is_in_the_table_or_named_below_it() -> None:
    text = printed(sample_bundle())
    lines = text.splitlines()
    outcomes = [
        name
        for name in OUTCOMES
        if any(item["totals"][name] for item in sample_bundle()["recommendations"])
    ]
    for item in sample_bundle()["recommendations"]:
        if not any(item["totals"].values()):
            assert item["id"] in text.partition("not shown")[2]
            continue
        row = next(line for line in lines if line.startswith(f"{item['id']} "))
        counts = [str(item["totals"][outcome]) for outcome in outcomes]
        assert " ".join(row.split()).split(item["title"])[1].split()[: len(counts)] == counts


def test_the_first_lines_say_what_was_audited() -> None:
    assert printed(sample_bundle()).splitlines()[:2] == [
        "Invented review: what was agreed, and whether it is done",
        "Compliance audit as of 24 November 2026",
    ]


def test_what_was_left_out_is_said_before_the_counts() -> None:
    text = printed(sample_bundle())
    assert text.index("! 1 of 21 records was left out") < text.index("742 findings")


def test_colour_is_never_alone() -> None:
    """The legend names each sign, and a pipe gets no escape codes at all."""
    text = printed(sample_bundle())
    assert "✓ met  ✗ not met  ? not evidenced  – not applicable  E excepted  ! error" in text
    assert "\x1b" not in text


def test_no_color_is_respected_on_a_terminal() -> None:
    out = io.StringIO()
    render_terminal(sample_bundle(), Console(file=out, force_terminal=True, no_color=True))
    # Bold and dim stay; colours (30 to 49) do not.
    assert "\x1b[3" not in out.getvalue()
    assert "\x1b[4" not in out.getvalue()


def test_text_of_records_is_neither_control_code_nor_markup() -> None:
    bundle = sample_bundle()
    bundle["recommendations"][0]["title"] = CONTROLS
    text = printed(bundle)
    assert "[bold]markup[/bold]" in " ".join(text.split())
    assert not {"\x1b", "\x07", "\x00", "\u202e", "\r"} & set(text)


def test_a_terminal_without_the_signs_gets_plain_ones() -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    bundle = sample_bundle()
    bundle["pack"]["title"] = "Ätna"
    render_terminal(bundle, Console(file=out, width=80))
    out.flush()
    text = out.buffer.getvalue().decode("ascii")
    assert text.startswith("\\xc4tna\n")
    assert "+ met  x not met  ? not evidenced  - not applicable  E excepted  ! error" in text


def test_look_at_next_is_the_most_severe_then_the_most() -> None:
    lines = printed(sample_bundle()).splitlines()
    start = lines.index("Look at next: not met, the most severe first")
    rules = [rule for rule in sample_bundle()["rules"] if rule["severity"] == "high"]
    worst = max(rules, key=lambda rule: rule["totals"]["not_met"])
    assert lines[start + 1].strip() == f"✗ {worst['title']}"
    assert lines[start + 2].strip() == (
        f"{worst['recommendation']}, high severity, {worst['totals']['not_met']} not met: "
        f"{worst['id']}"
    )


def test_a_clean_run_prints_no_notice_and_nothing_to_look_at() -> None:
    bundle = sample_bundle(records=0)
    bundle["input"]["records"] |= {"read": 0, "left_out": 0, "by_kind": {}}
    text = printed(bundle)
    assert "left out, because" not in text
    assert "Look at next" not in text
    assert "No rate, because nothing was judged." in " ".join(text.split())
