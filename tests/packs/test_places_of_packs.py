"""A pack is the same from a folder, a zip and memory; what is no pack is told in words."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from small_pack import RULE_FILE, SMALL_PACK, pack_files, rule_file

import scr_audit
from scr_audit.packs import pack_files as pack_files_module
from scr_audit.runs.bundle import bundle_head

JOB = {"id": "J1", "parts": [{"name": "x", "worn": True, "fitted": False}]}


def zipped(path: Path, files: Mapping[str, str], **options: Any) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text, **options)
    return path


@pytest.mark.parametrize("top", ["", "bicycles/"])
def test_a_pack_decides_the_same_from_a_folder_a_zip_and_memory(top: str, tmp_path: Path) -> None:
    beside = {f"{top}README.md": "read me", f"__MACOSX/{top}._pack.yaml": "left by a program"}
    files = {top + name: text for name, text in pack_files().items()}
    path = zipped(tmp_path / "small.zip", {**files, **beside})
    packs = [scr_audit.load_pack(given) for given in (SMALL_PACK, path, pack_files())]
    heads = [bundle_head(scr_audit.compile_pack(pack).run([JOB])) for pack in packs]
    assert heads[0] == heads[1] == heads[2]
    assert sorted(tmp_path.iterdir()) == [path]  # nothing was unpacked


def test_a_mistake_is_told_with_its_place_wherever_the_file_is(tmp_path: Path) -> None:
    files = {**pack_files(), RULE_FILE: rule_file("require: {it: paid is truee}")}
    place = f"{RULE_FILE}:7:27: "
    for given, where in (
        (files, "(memory)"),
        (zipped(tmp_path / "a.zip", files), str(tmp_path / "a.zip")),
    ):
        with pytest.raises(scr_audit.PackError) as told:
            scr_audit.load_pack(given)
        assert str(told.value).startswith(f"{where}/{place}")


def test_a_zip_may_extend_a_pack_beside_it_and_one_in_memory_may_not(tmp_path: Path) -> None:
    own = {
        "pack.yaml": "{id: more, version: 1.0.0, title: More, source: {title: T}, licence: MIT, "
        f"extends: {scr_audit.load_pack(SMALL_PACK).id}}}\n",
        "rules/1.yaml": rule_file("require: {it: paid is true}").replace("one", "another"),
    }
    name = scr_audit.load_pack(SMALL_PACK).id
    zipped(tmp_path / f"{name}.zip", pack_files())
    pack = scr_audit.load_pack(zipped(tmp_path / "more.zip", own))
    assert pack.extends is not None
    assert [pack.extends.id, *(rule.id for rule in pack.rules)] == [name, "another"]
    with pytest.raises(scr_audit.PackError, match=f"there is no pack '{name}' in the folder"):
        scr_audit.load_pack(own)


def not_a_zip(path: Path) -> None:
    path.write_bytes(b"rules")


def cut_short(path: Path) -> None:
    path.write_bytes(zipped(path, pack_files()).read_bytes()[:-40])


def damaged_inside(path: Path) -> None:
    data = bytearray(zipped(path, pack_files()).read_bytes())
    data[60:90] = bytes(30)
    path.write_bytes(data)


def encrypted(path: Path) -> None:
    data = zipped(path, pack_files()).read_bytes()
    at = data.index(b"PK\x01\x02") + 8
    flags = struct.unpack_from("<H", data, at)[0] | 1
    path.write_bytes(data[:at] + struct.pack("<H", flags) + data[at + 2 :])


def twice(path: Path) -> None:
    zipped(path, pack_files())
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("pack.yaml", "id: other")


def holding(*names: str) -> Callable[[Path], object]:
    return lambda path: zipped(path, {**pack_files(), **dict.fromkeys(names, "")})


def oddly_packed(path: Path) -> None:
    zipped(path, pack_files(), compress_type=zipfile.ZIP_LZMA)


def without(name: str) -> Callable[[Path], object]:
    return lambda path: zipped(path, {k: v for k, v in pack_files().items() if k != name})


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (not_a_zip, "is damaged, or no zip file: File is not a zip file"),
        (cut_short, "is damaged, or no zip file: "),
        (damaged_inside, "is damaged, or no zip file: "),
        (encrypted, "is protected with a password; pack the folder without one"),
        (oddly_packed, "is packed in an unusual way; pack the folder as a plain zip"),
        (twice, "holds 'pack.yaml' twice; pack the folder anew"),
        (without("pack.yaml"), "not a pack: pack.yaml is missing in it"),
        (without("records.yaml"), "not a pack: records.yaml is missing in it"),
        *(
            (holding(name), f"holds '{name}', a place outside of it; pack the folder anew")
            for name in ("../evil.yaml", "/etc/evil", "rules/../../evil.yaml", "C:evil", "a\\b")
        ),
        (
            lambda path: zipped(path, {"a/pack.yaml": "", "b/pack.yaml": ""}),
            "holds several packs, a/ and b/; pack the folder of one",
        ),
    ],
)
def test_a_bad_zip_is_told_in_words_and_nothing_is_written(
    make: Callable[[Path], object], said: str, tmp_path: Path
) -> None:
    path = tmp_path / "pack.zip"
    make(path)
    with pytest.raises(scr_audit.InputError) as told:
        scr_audit.load_pack(path)
    assert str(told.value).startswith(f"{path}: {said}")
    assert sorted(tmp_path.iterdir()) == [path]


def test_a_zip_that_unpacks_to_too_much_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pack_files_module, "MOST_PACK_UNPACKED", 1_000_000)
    bomb = zipped(tmp_path / "bomb.zip", {**pack_files(), "rules/2.yaml": " " * 1_000_000})
    with pytest.raises(scr_audit.InputError, match="unpacks to more than 1 MB; no pack is so"):
        scr_audit.load_pack(bomb)
    monkeypatch.setattr(pack_files_module, "MOST_ENTRIES", 2)
    with pytest.raises(scr_audit.InputError, match="holds more than 2 files"):
        scr_audit.load_pack(bomb)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "(memory): not a pack: pack.yaml is missing in it"),
        ({"pack.yaml": ""}, "(memory): the pack has no rule files (rules/*.yaml)"),
        (
            {"pack.yaml": Path("pack.yaml")},
            "a pack in memory has the text of each file by its path; not str: PosixPath",
        ),
        (
            5,
            "load_pack takes a folder, a zip file, the id of a shipped pack, a compiled pack, or "
            "the text of each file by its path; found int",
        ),
    ],
)
def test_what_is_no_pack_is_told_in_words(given: Any, said: str) -> None:
    with pytest.raises(scr_audit.InputError) as told:
        scr_audit.load_pack(given)
    assert str(told.value) == said


def test_a_loaded_pack_comes_back_and_takes_no_settings() -> None:
    pack = scr_audit.load_pack(SMALL_PACK)
    assert scr_audit.load_pack(pack) is pack
    with pytest.raises(scr_audit.InputError) as told:
        scr_audit.load_pack(pack, settings="local.yaml")
    assert str(told.value) == "settings: this pack is loaded already; give load_pack both"


@pytest.mark.parametrize("text", ["id: small\ntitle: Small", "id: small " * 1_000, "x" * 300])
def test_the_text_of_a_pack_is_no_name_of_one(text: str) -> None:
    with pytest.raises(scr_audit.InputError) as told:
        scr_audit.load_pack(text)
    assert len(str(told.value)) < 400
