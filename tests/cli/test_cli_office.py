"""`run --for` and `--commentary`: whose audit it is, and its own words on the first page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import first_cases, scr_audit


def test_the_first_page_of_every_format_has_the_office_and_its_words(tmp_path: Path) -> None:
    said = tmp_path / "said.txt"
    said.write_text("We begin with GPs.\n\nThen bail.\n", encoding="utf-8")
    files = [word for name in ("html", "md", "json") for word in ("-o", f"r.{name}")]
    done = scr_audit(
        "run",
        first_cases(tmp_path, 2),
        "-q",
        "--for",
        "Anyshire",
        "--commentary",
        said,
        *files,
        cwd=tmp_path,
    )
    assert done.code == 0, done.err
    assert json.loads((tmp_path / "r.json").read_text())["office"] == {
        "name": "Anyshire",
        "commentary": "We begin with GPs.\n\nThen bail.",
    }
    for name in ("r.html", "r.md"):
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert "Anyshire" in text
        assert "We begin with GPs." in text


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xff\xfe\x00", "said.txt: is no text in UTF-8; save it as plain text"),
        (b"Ask dr.lee@example.org", "commentary: holds an e-mail address"),
        (None, "said.txt: cannot be read: No such file or directory"),
    ],
)
def test_a_commentary_that_cannot_be_used_is_told_and_nothing_is_written(
    content: bytes | None, told: str, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / "said.txt").write_bytes(content)
    asked = ("-q", "--commentary", "said.txt", "-o", "r.html")
    done = scr_audit("run", first_cases(tmp_path, 2), *asked, cwd=tmp_path)
    assert done.code == 2
    assert told in done.err
    assert not (tmp_path / "r.html").exists()
