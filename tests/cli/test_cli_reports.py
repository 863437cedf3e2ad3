"""The reports of a run: editions, earlier runs, templates of one's own."""

from pathlib import Path
from typing import Any

import pytest
from command_line import audit, job, scr_audit, write_json

from scr_audit.report.formats import REPORT_FORMATS
from scr_audit.runs.stored import read_bundle

PART: dict[str, Any] = {"name": "bell", "worn": True, "fitted": True, "recalled": False}
RECORD = "J-OF-NOBODY"


def jobs(number: int, *, fitted: int, name: str = RECORD) -> list[dict[str, Any]]:
    """Jobs with one part each, of which this many were fitted."""
    return [
        job(f"{name}-{each}", safe=True, parts=[{**PART, "fitted": each < fitted}])
        for each in range(number)
    ]


@pytest.mark.parametrize("edition", ["board", "public"])
def test_other_editions_hold_nothing_of_a_record_in_any_format(
    tmp_path: Path, edition: str
) -> None:
    """Also not inside the packed formats, and none of the pages of the auditor's edition."""
    write_json(tmp_path / "in.json", jobs(30, fitted=28))
    names = [f"b{suffix}" for suffix in REPORT_FORMATS if suffix != ".ndjson"]
    outputs = [word for name in names for word in ("-o", name)]
    result = scr_audit(*audit("in.json", "-q", "--edition", edition, *outputs), cwd=tmp_path)
    assert result.code == 0, result.err
    for name in names:
        assert RECORD.encode() not in _unpacked(tmp_path / name), name


def _unpacked(path: Path) -> bytes:
    """The bytes of a file; of an archive, those of everything in it."""
    import zipfile

    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def test_a_run_is_compared_with_an_earlier_one(tmp_path: Path) -> None:
    write_json(tmp_path / "q1.json", jobs(40, fitted=10))
    scr_audit(*audit("q1.json", "-q", "-o", "run1.json"), cwd=tmp_path)
    words = audit("q2.json", "-q", "--earlier", "run1.json", "-o", "run2.json")
    for name, verdict in (("later", "higher"), (RECORD, "same_records")):
        write_json(tmp_path / "q2.json", jobs(40, fitted=38, name=name))
        assert scr_audit(*words, cwd=tmp_path).code == 0
        compared = read_bundle(tmp_path / "run2.json")["compared"]
        assert {row["id"]: row["verdict"] for row in compared["rules"]}["part-fitted"] == verdict


def test_the_public_edition_is_refused_whole_with_the_reason(tmp_path: Path) -> None:
    write_json(tmp_path / "q1.json", jobs(30, fitted=20))
    write_json(tmp_path / "q2.json", jobs(31, fitted=20))
    public = ("--edition", "public", "-o", "p.json", "-o", "p.html")
    scr_audit(*audit("q1.json", "-q", "-o", "run1.json"), cwd=tmp_path)
    refused = scr_audit(*audit("q2.json", "-q", *public, "--earlier", "run1.json"), cwd=tmp_path)
    said = "30 jobs of this run are in the public edition of the run as of "
    assert (refused.code, refused.err.partition(said)[0]) == (2, "scr-audit: ")
    assert not (tmp_path / "p.json").exists()
    again = audit("q1.json", "-q", *public, "--earlier", "run1.json")
    assert scr_audit(*again, cwd=tmp_path).code == 0


def test_a_mistake_in_a_template_of_ones_own_keeps_the_old_reports(tmp_path: Path) -> None:
    write_json(tmp_path / "in.json", jobs(2, fitted=1))
    reports = ("-o", "r.csv", "-o", "r.html", "-o", "r.md")
    assert scr_audit(*audit("in.json", "-q", *reports), cwd=tmp_path).code == 0
    before = {path.name: path.read_bytes() for path in tmp_path.glob("r.*")}
    template = tmp_path / "house" / "markdown" / "report.md.j2"
    template.parent.mkdir(parents=True)
    template.write_text("{% if %}", encoding="utf-8")
    write_json(tmp_path / "in.json", jobs(3, fitted=0))
    result = scr_audit(*audit("in.json", "-q", "--templates", "house", *reports), cwd=tmp_path)
    assert result.code == 2
    assert "report.md.j2:1: Expected an expression" in result.err
    assert {path.name: path.read_bytes() for path in tmp_path.glob("r.*")} == before


def test_a_folder_without_a_shipped_templates_name_is_refused(tmp_path: Path) -> None:
    write_json(tmp_path / "in.json", jobs(2, fitted=1))
    (tmp_path / "house").mkdir()
    (tmp_path / "house" / "sumary.html.j2").write_text("", encoding="utf-8")
    result = scr_audit(*audit("in.json", "--templates", "house", "-o", "r.html"), cwd=tmp_path)
    assert result.code == 2
    assert "house: holds no file of the name of a shipped template, such as " in result.err


def test_a_format_without_a_public_edition_is_refused_before_anything_is_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("scr_audit.report.markdown.render_public")
    words = audit("no-such-file.json", "--edition", "public", "-o", "r.md")
    result = scr_audit(*words, cwd=tmp_path)
    assert (result.code, result.err) == (
        2,
        "scr-audit: r.md: this format has no public edition; name another, such as report.html\n",
    )
