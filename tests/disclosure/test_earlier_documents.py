"""What was published earlier counts: small differences, and counts that have only grown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bundles import Case, Counted, bundle
from opened import changed

from scr_audit.disclosure import (
    DisclosureError,
    assert_safe,
    board_bytes,
    board_document,
    load_profile,
    read_published,
)
from scr_audit.disclosure.cells import Cell, counts
from scr_audit.disclosure.published import board_sha256
from scr_audit.errors import InputError

STANDARD = load_profile("standard")
ROWS = [("5.1", "Police", "Plans"), ("5.2", "Health", "Plans"), ("5.3", "Health", "Visits")]


def case(first: int, *, cases: int = 60, **more: int) -> Case:
    rules = [
        Counted("a", "5.1", met=first, not_met=20),
        Counted("b", "5.2", met=30, not_met=20),
        Counted("c", "5.3", met=40, not_met=20),
    ]
    rules[1] = replace(rules[1], **more)
    return Case(rules, ROWS, {"case": cases}, judged=60, all_met=10)


def published(made: Case) -> dict[str, Any]:
    return board_document(bundle(made, "2025-12-31"), STANDARD)


def test_a_count_that_differs_by_less_than_the_threshold_from_an_earlier_one_is_masked() -> None:
    before = published(case(30))
    now = board_document(bundle(case(33)), STANDARD, [before])
    cell = Cell("rule", ("a",), "met")
    assert counts(published(case(33)))[cell] == 33
    assert counts(before)[cell] == 30
    assert counts(now)[cell] is None
    assert_safe(now, [before])


def test_counts_that_have_not_changed_or_by_much_are_printed() -> None:
    before = published(case(30))
    assert counts(board_document(bundle(case(30)), STANDARD, [before])) == counts(before)
    much = counts(board_document(bundle(case(36)), STANDARD, [before]))
    assert much[Cell("rule", ("a",), "met")] == 36


def test_each_cell_masked_for_an_earlier_document_is_refused_if_printed_after_all() -> None:
    before, alone = published(case(30)), published(case(33))
    now = board_document(bundle(case(33)), STANDARD, [before])
    shown, first = counts(alone), counts(before)
    hidden = [cell for cell, count in counts(now).items() if count is None]
    small = [
        (cell, count)
        for cell in hidden
        if (count := shown[cell]) is not None
        and (earlier := first[cell]) is not None
        and 0 < abs(count - earlier) < 5
    ]
    assert len(small) > 5
    for cell, count in small:
        with pytest.raises(DisclosureError):
            assert_safe(changed(now, cell, count), [before])


def test_a_document_made_without_the_earlier_one_is_refused_with_its_day() -> None:
    before = published(case(30))
    with pytest.raises(DisclosureError) as caught:
        assert_safe(published(case(33)), [before])
    assert str(caught.value).startswith(
        "the board document is not safe to publish: counts differ by less than 5 from those "
        "published for 2025-12-31: overall: met"
    )
    assert Cell("rule", ("a",), "met") in caught.value.cells


def test_the_document_says_what_it_was_compared_with() -> None:
    before = published(case(30))
    now = board_document(bundle(case(36)), STANDARD, [before])
    assert now["disclosure"]["compared_with"] == [
        {"as_of": "2025-12-31", "sha256": board_sha256(before)}
    ]


def test_a_count_masked_both_times_does_not_follow_from_growth() -> None:
    """Both hide two cells of a sum; if the sum grew by none, neither did they: that is told."""
    before = published(case(30, not_evidenced=2))
    now = board_document(bundle(case(40, not_evidenced=3)), STANDARD, [before])
    assert counts(now)[Cell("rule", ("b",), "not_evidenced")] is None
    assert_safe(now, [before])


def test_counts_that_have_shrunk_were_not_counted_up() -> None:
    before = published(case(40))
    now = board_document(bundle(case(30)), STANDARD, [before])
    assert counts(now)[Cell("rule", ("a",), "met")] == 30


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "board.json"
    path.write_bytes(board_bytes(published(case(30))))
    assert read_published(path) == published(case(30))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "this is not JSON: "),
        (
            "[]",
            'expected a board document (JSON with "format": "scr-audit/board"), found '
            "something else",
        ),
        (
            '{"format": "scr-audit/run"}',
            "this is an auditor's run bundle, with every count and finding; it was never "
            "published and must not be. Give the board document that was published",
        ),
        (
            '{"format": "scr-audit/board", "format_version": 2}',
            "the board document has format version 2; this scr-audit reads version 1. Use the "
            "scr-audit that wrote it, or a newer one",
        ),
        (
            '{"format": "scr-audit/board", "format_version": "1"}',
            "expected format_version 1, found '1'",
        ),
        ('{"format": "scr-audit/board", "format_version": 1}', "not a board document: at /engine"),
    ],
)
def test_what_is_no_earlier_board_document_is_refused_in_words(
    tmp_path: Path, content: str, words: str
) -> None:
    path = tmp_path / "earlier.json"
    path.write_text(content)
    with pytest.raises(InputError) as caught:
        read_published(path)
    assert str(caught.value).startswith(f"{path}: {words}")


def test_a_file_that_is_not_there_is_told() -> None:
    with pytest.raises(InputError) as caught:
        read_published("nowhere.json")
    assert str(caught.value) == "nowhere.json: cannot be read: No such file or directory"
