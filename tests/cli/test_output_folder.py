"""Writing reports: a folder of pages, and what a process that was killed has left behind."""

import subprocess
import sys
from pathlib import Path

import pytest

from scr_audit.errors import InputError
from scr_audit.outputs import MADE_HERE, Written, check_writable, write_all


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
        if path.is_file() and path.name != MADE_HERE
    }


def test_pages_lie_in_the_folder_beside_the_report(tmp_path: Path) -> None:
    write_all([report(tmp_path, "one", "a.html", "b.html")])
    assert tree(tmp_path) == {
        "r.html": "one",
        "r-findings/a.html": "one",
        "r-findings/b.html": "one",
    }
    assert (tmp_path / "r-findings" / MADE_HERE).is_file()


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
        "by scr-audit; move it away, or name another file for the report"
    )
    assert tree(tmp_path) == {"r.html": "old", "r-findings/mine.txt": "mine"}
    write_all([report(tmp_path, "one")])
    assert tree(tmp_path) == {"r.html": "one", "r-findings/mine.txt": "mine"}


def test_a_failure_keeps_the_old_report_and_its_pages(tmp_path: Path) -> None:
    write_all([report(tmp_path, "old", "a.html")])
    failing = Written(tmp_path / "missing" / "x.html", (b"x",))
    with pytest.raises(InputError, match="No file was changed"):
        write_all([report(tmp_path, "new", "b.html"), failing])
    assert tree(tmp_path) == {"r.html": "old", "r-findings/a.html": "old"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r-findings", "r.html"]


WRITER = """
import sys
from pathlib import Path
from scr_audit.outputs import Written, write_all

def pieces():
    yield b"first "
    print("writing", flush=True)
    sys.stdin.readline()
    yield b"and last"

pages = {"a.html": b"x"}
page = Written(Path("r.html"), (b"x",), Path("r"), pages)
write_all([page, Written(Path("r.json"), pieces())])
"""


def writing(folder: Path) -> subprocess.Popen[str]:
    """A process that has a report half-written; a line to it lets it go on."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "writing\n"
    return process


def desks(folder: Path) -> list[str]:
    return [path.name for path in folder.glob(".*")]


def test_what_a_killed_process_left_is_removed_by_the_next_that_writes_there(
    tmp_path: Path,
) -> None:
    process = writing(tmp_path)
    process.kill()
    process.communicate()
    assert len(desks(tmp_path)) == 1
    write_all([Written(tmp_path / "r.json", (b"whole",))])
    assert [path.name for path in tmp_path.iterdir()] == ["r.json"]


def test_what_another_process_is_writing_is_left_alone(tmp_path: Path) -> None:
    process = writing(tmp_path)
    write_all([Written(tmp_path / "other.json", (b"whole",))])
    check_writable(tmp_path / "r.json")
    assert len(desks(tmp_path)) == 1
    process.communicate("go on\n")
    assert process.returncode == 0
    assert (tmp_path / "r.json").read_bytes() == b"first and last"
    assert (tmp_path / "r" / "a.html").read_bytes() == b"x"
    assert desks(tmp_path) == []
