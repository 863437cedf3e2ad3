"""A report's folder of pages: written whole, replaced whole, and never somebody else's."""

from pathlib import Path

import pytest

from scr_audit.cli.output import MARK, Written, write_all
from scr_audit.errors import InputError


def report(folder: Path, text: str, *pages: str) -> Written:
    """A report of one line, with pages of the same line."""
    content = text.encode()
    return Written(
        folder / "r.html",
        (content,),
        folder / "r-findings",
        dict.fromkeys(pages, content),
    )


def tree(folder: Path) -> dict[str, str]:
    """Every file below `folder`, hidden ones too, with its text."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MARK
    }


def test_pages_lie_in_the_folder_beside_the_report(tmp_path: Path) -> None:
    write_all([report(tmp_path, "one", "a.html", "b.html")])
    assert tree(tmp_path) == {
        "r.html": "one",
        "r-findings/a.html": "one",
        "r-findings/b.html": "one",
    }
    assert (tmp_path / "r-findings" / MARK).is_file()


def test_the_pages_of_the_report_before_are_gone(tmp_path: Path) -> None:
    write_all([report(tmp_path, "one", "a.html", "b.html")])
    write_all([report(tmp_path, "two", "b.html")])
    assert tree(tmp_path) == {"r.html": "two", "r-findings/b.html": "two"}


def test_a_report_without_pages_leaves_none_of_the_report_before(tmp_path: Path) -> None:
    """Else the pages of cases would lie beside a report that is safe to publish."""
    write_all([report(tmp_path, "one", "a.html")])
    write_all([report(tmp_path, "two")])
    assert tree(tmp_path) == {"r.html": "two"}
    assert not (tmp_path / "r-findings").exists()


def test_a_folder_of_somebody_else_is_neither_replaced_nor_removed(tmp_path: Path) -> None:
    (tmp_path / "r-findings").mkdir()
    (tmp_path / "r-findings" / "mine.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "r.html").write_text("old", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        write_all([report(tmp_path, "one", "a.html")])
    assert str(caught.value) == (
        f"{tmp_path / 'r-findings'}: the pages of this report belong there, but it was not made "
        "by scr-audit; move it away, or name another file for -o"
    )
    assert tree(tmp_path) == {"r.html": "old", "r-findings/mine.txt": "mine"}
    write_all([report(tmp_path, "one")])
    assert tree(tmp_path) == {"r.html": "one", "r-findings/mine.txt": "mine"}


def test_a_failure_keeps_the_old_report_and_its_pages(tmp_path: Path) -> None:
    write_all([report(tmp_path, "old", "a.html")])
    failing = Written(tmp_path / "missing" / "x.html", (b"x",))
    with pytest.raises(InputError, match="No report was changed"):
        write_all([report(tmp_path, "new", "b.html"), failing])
    assert tree(tmp_path) == {"r.html": "old", "r-findings/a.html": "old"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r-findings", "r.html"]
