"""Inputs by folder and by pattern, and files packed with gzip."""

import gzip
import json
from pathlib import Path

import pytest
from small_pack import SMALL_PACK

from scr_audit.engine import Engine
from scr_audit.errors import InputError
from scr_audit.inputs.files import check_readable, expand_names, plain_suffix
from scr_audit.packs.load import load_folder

PACK = load_folder(SMALL_PACK)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.json", "a.ndjson", "c.yaml.gz", "notes.txt", ".hidden.json"):
        (tmp_path / name).write_text("{}", encoding="utf-8")
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "d.json").write_text("{}", encoding="utf-8")
    return tmp_path


def names(files: list[str]) -> list[str]:
    return [Path(file).name for file in files]


def test_a_folder_stands_for_its_files_of_records_by_name(folder: Path) -> None:
    assert names(expand_names([str(folder)])) == ["a.ndjson", "b.json", "c.yaml.gz"]


def test_a_pattern_stands_for_what_fits_it(folder: Path) -> None:
    assert names(expand_names([f"{folder}/*.json"])) == ["b.json"]
    assert names(expand_names([f"{folder}/?.*json", "-"])) == ["a.ndjson", "b.json", "-"]


def test_a_file_whose_name_is_like_a_pattern_is_that_file(folder: Path) -> None:
    odd = folder / "a[1].json"
    odd.write_text("{}", encoding="utf-8")
    assert expand_names([str(odd)]) == [str(odd)]


def test_what_stands_for_nothing_is_refused(folder: Path) -> None:
    (folder / "empty").mkdir()
    with pytest.raises(InputError) as caught:
        expand_names([str(folder / "empty")])
    assert str(caught.value) == (
        f"{folder / 'empty'}: holds no file of records; expected .json, .ndjson, .jsonl, .yaml, "
        ".yml, .csv, .parquet or .xlsx"
    )
    with pytest.raises(InputError, match=r"\*\.xml: no file fits this pattern"):
        expand_names([f"{folder}/*.xml"])


LEFT = ("~$form.xlsx", ".~lock.form.xlsx#", "._form.xlsx", ".DS_Store", "Thumbs.db")


def test_what_programs_leave_beside_a_file_is_passed_over_by_whatever_name(tmp_path: Path) -> None:
    for name in (*LEFT, "~$jobs.csv", "form.xlsx", "jobs.csv"):
        (tmp_path / name).write_bytes(b"x")
    every = [str(path) for path in tmp_path.iterdir()]
    both = [str(tmp_path / "form.xlsx"), str(tmp_path / "*.csv")]
    assert sorted(expand_names(every)) == sorted(both)
    assert expand_names([str(tmp_path)]) == both
    assert expand_names([f"{tmp_path}/*.xlsx"]) == both[:1]


def test_a_run_of_paths_passes_over_what_programs_leave(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[{"id": "J1"}]')
    (tmp_path / "~$a.json").write_bytes(b"x")
    assert Engine(PACK).run(sorted(tmp_path.glob("*.json"))).totals.read == {"job": 1}


def test_nothing_but_what_programs_leave_is_refused(tmp_path: Path) -> None:
    for name in LEFT[:2]:
        (tmp_path / name).write_bytes(b"x")
    left = (
        "left there by a program, as Excel does beside a file that is open, and no file of records"
    )
    form = tmp_path / "~$form.xlsx"
    for named, message in (
        (str(form), f"{form}: {left}; name the file itself"),
        (f"{tmp_path}/*", f"{tmp_path}/*: no file fits this pattern; {form}: {left}"),
        (
            str(tmp_path),
            f"{tmp_path}: holds no file of records; expected .json, .ndjson, .jsonl, .yaml, .yml, "
            f".csv, .parquet or .xlsx; .~lock.form.xlsx# and ~$form.xlsx: {left}",
        ),
    ):
        with pytest.raises(InputError) as caught:
            expand_names([named])
        assert str(caught.value) == message


def test_what_a_program_left_is_no_file_to_read_by_its_name() -> None:
    with pytest.raises(InputError, match=r"^~\$x\.xml: left there by a program, as Excel does"):
        check_readable(["~$x.xml"])


def test_other_names_stay_as_they_are_for_the_reader_to_refuse() -> None:
    assert expand_names(["missing.json", "-", "x" * 5000]) == ["missing.json", "-", "x" * 5000]


def test_the_suffix_within_a_packed_file_tells_its_format() -> None:
    assert plain_suffix(Path("a.ndjson.gz")) == ".ndjson"
    assert plain_suffix(Path("a.JSON")) == ".json"
    assert plain_suffix(Path("a.gz")) == ""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("jobs.json.gz", json.dumps([{"id": "J1"}, {"id": "J2"}])),
        ("jobs.ndjson.gz", '{"id": "J1"}\n{"id": "J2"}\n'),
        ("jobs.yaml.gz", "jobs: [{id: J1}, {id: J2}]\n"),
        ("list.yaml", "- id: J1\n- {id: J2, kind: job}\n"),
    ],
)
def test_a_file_is_read_as_what_it_holds(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    run = Engine(PACK).run(path)
    assert (run.totals.read, run.left_out) == ({"job": 2}, ())


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (gzip.compress(b'[{"id": "J1"}]', mtime=0)[:-6], "cannot be unpacked: it is cut short"),
        (b'[{"id": "J1"}]', "cannot be unpacked: it is damaged, or no gzip file"),
    ],
)
def test_a_damaged_packed_file_is_told(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "jobs.json.gz"
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        Engine(PACK).run(path)
    assert str(caught.value) == f"{path}: {said}"


def test_a_folder_that_may_not_be_read_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(folder: Path) -> None:
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(Path, "iterdir", refused)  # whoever runs this may read everything
    with pytest.raises(InputError) as caught:
        expand_names([str(tmp_path)])
    assert str(caught.value) == (
        f"{tmp_path}: you may not read this folder; ask whoever owns it for the right to, or name "
        "a copy"
    )
