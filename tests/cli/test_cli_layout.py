"""`format`: rule files in one layout, written or only named."""

from __future__ import annotations

from pathlib import Path

from command_line import Result, scr_audit
from small_pack import write_pack

UGLY = "rules:\n- title: A\n  id: one\n"
PLAIN = "rules:\n  - id: one\n    title: A\n"


def test_files_that_would_change_are_named_or_written(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "pack", {"rules/a.yaml": UGLY, "rules/b.yaml": PLAIN})
    named = "rules/a.yaml\n"
    would = scr_audit("format", "--check", cwd=pack)
    assert would == Result(1, named, "1 of 2 rule files would change\n")
    assert (pack / "rules/a.yaml").read_text() == UGLY
    done = scr_audit("format", cwd=pack)
    assert done == Result(0, named, "1 of 2 rule files changed\n")
    assert (pack / "rules/a.yaml").read_text() == PLAIN
    again = scr_audit("format", "--check", "pack", "pack/rules/a.yaml", cwd=tmp_path)
    assert again == Result(0, "", "0 of 2 rule files would change\n")


def test_a_read_only_file_is_not_replaced(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "pack", {"rules/a.yaml": UGLY, "rules/b.yaml": UGLY})
    (pack / "rules/b.yaml").chmod(0o444)
    assert scr_audit("format", cwd=pack) == Result(
        2,
        "",
        "scr-audit: rules/b.yaml: is read-only, and no file was changed. Make it writable first\n",
    )
    assert (pack / "rules/a.yaml").read_text() == UGLY
    assert scr_audit("format", "--check", cwd=pack).code == 1


def test_what_is_no_pack_and_no_yaml_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(UGLY)
    (tmp_path / "b.yaml").write_text("rules: [")
    assert scr_audit("format", "nope", cwd=tmp_path) == Result(
        2, "", "scr-audit: nope: expected a pack's folder, with rules/, or a .yaml file\n"
    )
    wrong = scr_audit("format", "a.yaml", "b.yaml", cwd=tmp_path)
    assert (wrong.code, wrong.out) == (2, "")
    assert wrong.err.startswith("b.yaml:2:1: not readable as YAML: ")
    assert (tmp_path / "a.yaml").read_text() == UGLY
