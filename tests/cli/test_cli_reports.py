"""The reports of a run: every format at once, editions, earlier runs, templates of one's own."""

from pathlib import Path
from typing import Any

import pytest
from command_line import DAY, SMALL, audit, job, scr_audit, write_json

from scr_audit.runs.stored import read_bundle

FORMATS = ("html", "xlsx", "docx", "pdf", "csv", "md", "json", "ndjson")
PART: dict[str, Any] = {"name": "bell", "worn": True, "fitted": True, "recalled": False}
RECORD = "J-OF-NOBODY"


def jobs(number: int, *, fitted: int, name: str = RECORD) -> list[dict[str, Any]]:
    """Jobs with one part each, of which this many were fitted."""
    return [
        job(f"{name}-{each}", safe=True, parts=[{**PART, "fitted": each < fitted}])
        for each in range(number)
    ]


def outputs(name: str, formats: tuple[str, ...]) -> list[str]:
    return [word for each in formats for word in ("-o", f"{name}.{each}")]


def test_one_run_writes_every_format(tmp_path: Path) -> None:
    write_json(tmp_path / "in.json", jobs(12, fitted=10))
    result = scr_audit(*audit("in.json", "-q", *outputs("r", FORMATS)), cwd=tmp_path)
    assert result.code == 0, result.err
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        ["in.json", *(f"r.{each}" for each in FORMATS)]
    )
    assert all((tmp_path / f"r.{each}").stat().st_size > 500 for each in FORMATS)


@pytest.mark.parametrize("edition", ["board", "public"])
def test_other_editions_hold_nothing_of_a_record_in_any_format(
    tmp_path: Path, edition: str
) -> None:
    """Also not inside the packed formats, and none of the pages of the auditor's edition."""
    write_json(tmp_path / "in.json", jobs(30, fitted=28))
    formats = tuple(each for each in FORMATS if each != "ndjson")
    words = audit("in.json", "-q", "--edition", edition, *outputs("b", formats))
    result = scr_audit(*words, cwd=tmp_path)
    assert result.code == 0, result.err
    for each in formats:
        assert RECORD.encode() not in _unpacked(tmp_path / f"b.{each}"), each


def _unpacked(path: Path) -> bytes:
    """The bytes of a file; of an archive, those of everything in it."""
    import zipfile

    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def test_what_changed_since_an_earlier_run_is_told(tmp_path: Path) -> None:
    write_json(tmp_path / "q1.json", jobs(40, fitted=10))
    write_json(tmp_path / "q2.json", jobs(40, fitted=38, name="later"))
    scr_audit(*audit("q1.json", "-q", "-o", "run1.json"), cwd=tmp_path)
    words = audit("q2.json", "-q", "--earlier", "run1.json", "-o", "run2.json", "-o", "r.md")
    assert scr_audit(*words, cwd=tmp_path).code == 0
    compared = read_bundle(tmp_path / "run2.json")["compared"]
    by_rule = {row["id"]: row["verdict"] for row in compared["rules"]}
    assert by_rule["part-fitted"] == "higher"
    text = (tmp_path / "r.md").read_text(encoding="utf-8")
    assert "0 rules fell and 1 rose by more than chance explains" in text
    write_json(tmp_path / "q2.json", jobs(40, fitted=38))
    assert scr_audit(*words, cwd=tmp_path).code == 0
    compared = read_bundle(tmp_path / "run2.json")["compared"]
    by_rule = {row["id"]: row["verdict"] for row in compared["rules"]}
    assert by_rule["part-fitted"] == "same_records"
    text = (tmp_path / "r.md").read_text(encoding="utf-8")
    assert "both runs judged the same records" in text


def test_a_document_of_another_edition_is_no_earlier_run(tmp_path: Path) -> None:
    write_json(tmp_path / "in.json", jobs(30, fitted=28))
    board = ("--edition", "board", "-o", "b.json")
    assert scr_audit(*audit("in.json", "-q", *board), cwd=tmp_path).code == 0
    words = audit("in.json", "-q", "--earlier", "b.json", "-o", "r.json")
    refused = scr_audit(*words, cwd=tmp_path)
    assert (refused.code, refused.err) == (
        2,
        "scr-audit: b.json: is the board edition of a run, which has no findings. "
        "Give the auditor's run bundle that it was made from\n",
    )


def test_the_public_edition_is_refused_whole_with_the_reason(tmp_path: Path) -> None:
    write_json(tmp_path / "q1.json", jobs(30, fitted=20))
    write_json(tmp_path / "q2.json", jobs(31, fitted=20))
    public = ("--edition", "public", "-o", "p.json", "-o", "p.html")
    scr_audit(*audit("q1.json", "-q", "-o", "run1.json"), cwd=tmp_path)
    refused = scr_audit(*audit("q2.json", "-q", *public, "--earlier", "run1.json"), cwd=tmp_path)
    assert (refused.code, refused.err) == (
        2,
        "scr-audit: beside those published before, the public edition would show 1 job alone: it "
        "is in this run and in no other, or with other findings there. At least 20 are needed. "
        "Let them wait for the next period\n",
    )
    assert not (tmp_path / "p.json").exists()
    again = audit("q1.json", "-q", *public, "--earlier", "run1.json")
    assert scr_audit(*again, cwd=tmp_path).code == 0


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("html/summary.html.j2", "\n{{ view.nothing }}", "summary.html.j2:2: 'dict object' has no"),
        ("markdown/report.md.j2", "{% if %}", "report.md.j2:1: Expected an expression"),
    ],
)
def test_a_mistake_in_a_template_of_ones_own_keeps_the_old_reports(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    write_json(tmp_path / "in.json", jobs(2, fitted=1))
    reports = ("-o", "r.csv", "-o", "r.html", "-o", "r.md")
    assert scr_audit(*audit("in.json", "-q", *reports), cwd=tmp_path).code == 0
    before = {path.name: path.read_bytes() for path in tmp_path.glob("r.*")}
    house = tmp_path / "house" / name
    house.parent.mkdir(parents=True)
    house.write_text(text, encoding="utf-8")
    write_json(tmp_path / "in.json", jobs(3, fitted=0))
    words = audit("in.json", "-q", "--templates", "house", *reports)
    result = scr_audit(*words, cwd=tmp_path)
    assert result.code == 2
    assert said in result.err
    assert {path.name: path.read_bytes() for path in tmp_path.glob("r.*")} == before


def test_a_template_of_ones_own_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    write_json(tmp_path / "in.json", jobs(2, fitted=1))
    house = tmp_path / "house" / "markdown"
    house.mkdir(parents=True)
    (house / "report.md.j2").write_text("Our own report\n", encoding="utf-8")
    words = audit("in.json", "-q", "--templates", "house", "-o", "r.md")
    assert scr_audit(*words, cwd=tmp_path).code == 0
    assert (tmp_path / "r.md").read_text(encoding="utf-8").rstrip() == "Our own report"


def test_a_folder_without_a_shipped_templates_name_is_refused(tmp_path: Path) -> None:
    write_json(tmp_path / "in.json", jobs(2, fitted=1))
    (tmp_path / "house").mkdir()
    (tmp_path / "house" / "sumary.html.j2").write_text("", encoding="utf-8")
    result = scr_audit(
        "run", "in.json", *SMALL, *DAY, "-q", "--templates", "house", "-o", "r.html", cwd=tmp_path
    )
    assert result.code == 2
    assert "house: holds no file of the name of a shipped template, such as " in result.err
