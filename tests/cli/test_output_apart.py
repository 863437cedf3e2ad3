"""No output takes the place of what its command reads, by whatever option that was named."""

from pathlib import Path

import pytest

from scr_audit.errors import InputError
from scr_audit.outputs import check_apart


def refused(output: Path, *inputs: str | Path | None) -> str:
    with pytest.raises(InputError) as told:
        check_apart([output], inputs)
    return str(told.value)


def test_a_file_that_is_read_is_not_written(tmp_path: Path) -> None:
    run, link = tmp_path / "run.json", tmp_path / "link.json"
    run.write_bytes(b"{}")
    link.symlink_to(run)
    for output in (run, link, tmp_path / "a" / ".." / "run.json"):
        (tmp_path / "a").mkdir(exist_ok=True)
        message = f"{output}: is one of the files that are read; name another file"
        assert refused(output, None, "quarterly", "-", run) == message
    assert refused(run, link).startswith(str(run))


def test_no_file_of_a_pack_or_a_table_is_written(tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    pack.mkdir()
    for name in ("pack/pack.yaml", "pack/report.html", "jobs.csv"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "report.html").symlink_to(pack / "pack.yaml")
    assert refused(tmp_path / "report.html", pack)
    assert refused(tmp_path / "jobs.csv", tmp_path / "*.csv")
    check_apart([pack / "report.html"], [pack])


def test_names_that_are_no_files_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_bytes(b"{}")
    names = (
        "-",
        "last~1",
        "baby-f-2010",
        "postgresql://audit@host/db",
        tmp_path / "gone.json",
        None,
    )
    check_apart([tmp_path / "run.json", tmp_path / "new.json"], names)
