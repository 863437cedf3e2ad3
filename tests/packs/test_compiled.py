"""Compiled packs: the same pack from bytes, refused where they are not what they say, and kept."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import msgspec
import pytest
from small_pack import RULE_FILE, SMALL_PACK, rule_file, write_pack

import scr_audit
from scr_audit import InputError, PackError, kept, load_pack
from scr_audit.language.operators import OPERATORS, Operator
from scr_audit.language.types import Kind
from scr_audit.packs import artefact, compiled
from scr_audit.packs.load import load_folder
from scr_audit.packs.pack import Pack, coverage, with_parent
from scr_audit.runs.bundle import rule_location

ROOT = Path(__file__).parents[2]
CASES = ROOT / "examples" / "cases.json"
DAY = date(2026, 11, 24)


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a cache that only this test uses."""
    monkeypatch.setenv(kept.FOLDER, str(tmp_path / "kept"))
    kept.user_cache.cache_clear()
    yield tmp_path / "kept"
    kept.user_cache.cache_clear()


def findings(pack: Pack) -> bytes:
    """The findings of some records as JSON."""
    engine = scr_audit.compile_pack(pack)
    records = json.loads(CASES.read_bytes())["cases"][:3]
    found = [each.to_dict() for record in records for each in engine.evaluate(record, as_of=DAY)]
    return msgspec.json.encode(found)


def from_its_files(name: str) -> Pack:
    return load_folder(ROOT / "rules" / name)


@pytest.mark.parametrize("name", ["baby-f-2010", "working-together", "review-process"])
def test_a_compiled_pack_says_the_same_as_its_files(name: str) -> None:
    pack = from_its_files(name)
    again = artefact.from_bytes(pack.to_bytes(), beside=ROOT / "rules")
    assert again.to_bytes() == pack.to_bytes()
    assert repr(again) == repr(pack)
    assert [rule.place for rule in again.rules] == [rule.place for rule in pack.rules]
    assert coverage(with_parent(again)) == coverage(with_parent(pack))
    assert again.schema == pack.schema


def test_findings_of_a_compiled_pack_are_those_of_its_files() -> None:
    name = "working-together"
    pack = with_parent(from_its_files(name))
    assert findings(load_pack()) == findings(pack)


def test_it_is_read_without_yaml_pydantic_and_the_calendars(tmp_path: Path) -> None:
    path = tmp_path / "baby-f.pack"
    path.write_bytes(from_its_files("baby-f-2010").to_bytes())
    program = (
        "import sys; from datetime import date\n"
        "for name in ('yaml', 'pydantic', 'holidays', 'jsonschema'): sys.modules[name] = None\n"
        "import scr_audit\n"
        f"engine = scr_audit.compile_pack(scr_audit.load_pack({str(path)!r}))\n"
        f"run = engine.run({str(CASES)!r}, as_of=date(2026, 11, 24))\n"
        "print(sum(counts.units[0] for counts in run.totals.rules.values()))"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    run = scr_audit.compile_pack(from_its_files("baby-f-2010")).run(CASES, as_of=DAY)
    assert found.stderr == ""
    assert int(found.stdout) == sum(counts.units[0] for counts in run.totals.rules.values()) > 1000


def test_places_do_not_tell_where_the_pack_was_compiled(tmp_path: Path) -> None:
    data = [load_folder(write_pack(tmp_path / place / "shop", {})).to_bytes() for place in "ab"]
    assert data[0] == data[1]
    assert str(tmp_path).encode() not in data[0]
    assert load_pack(data[0]).rules[0].place.file == str(Path("(compiled)/shop/rules/1-parts.yaml"))


def rewritten(data: bytes, old: bytes, new: bytes) -> bytes:
    """The bytes with something else in them, and the right sum of it."""
    name, head, body = data.split(b"\n", 2)
    body = body.replace(old, new)
    version, shape, _ = head.split(b" ")
    head = b" ".join((version, shape, hashlib.sha256(body).hexdigest().encode()))
    return b"\n".join((name, head, body))


SMALL = load_folder(SMALL_PACK).to_bytes()
DAMAGED = "is cut off or was changed since it was compiled"
BAD = {
    "nothing": (b"", "is no compiled pack"),
    "another file": (b"rules: []\n", "is no compiled pack"),
    "cut": (SMALL[:-1], DAMAGED),
    "cut in its head": (SMALL[:40], DAMAGED),
    "longer": (SMALL + b"\0", DAMAGED),
    "edited": (SMALL.replace(b"bicycle", b"bycicle"), DAMAGED),
    "older": (
        SMALL.replace(b"0.1.0 ", b"0.0.9 ", 1),
        r"another scr-audit \(0.0.9; this is 0.1.0\)",
    ),
    "no tables": (
        rewritten(SMALL, SMALL.split(b"\n", 2)[2], b"\x92\x90\x90"),
        "is no compiled pack",
    ),
    "code for a fact": (rewritten(SMALL, b"\xa5price", b"\xa5p:x()"), "is no compiled pack"),
}


@pytest.mark.parametrize(("data", "message"), BAD.values(), ids=BAD)
def test_what_is_no_compiled_pack_is_refused_in_words(
    data: bytes, message: str, tmp_path: Path
) -> None:
    assert data != SMALL
    with pytest.raises(InputError, match=message):
        load_pack(data)
    path = tmp_path / "some.pack"
    path.write_bytes(data)
    with pytest.raises(InputError, match=f"some.pack: .*{message}"):
        load_pack(path)


def test_the_folder_of_a_pack_may_have_the_name_of_a_compiled_one(tmp_path: Path) -> None:
    assert load_pack(write_pack(tmp_path / "shop.pack", {})).id == "bicycle-workshop"


def test_settings_take_effect_before_a_pack_is_compiled(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="settings: take effect when a pack is compiled"):
        load_pack(SMALL, settings=tmp_path / "local.yaml")


def test_a_pack_with_an_operator_of_this_process_is_not_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator = Operator(
        "is odd", frozenset({Kind.INTEGER}), "none", "", "", lambda n: n % 2 == 1, "",
        registered=True,
    )  # fmt: skip
    monkeypatch.setitem(OPERATORS, "is odd", operator)
    pack = load_folder(write_pack(tmp_path, {RULE_FILE: rule_file(RULE)}))
    with pytest.raises(InputError, match="cannot be compiled: it uses the operator 'is odd'"):
        pack.to_bytes()
    assert compiled.compiled_pack(tmp_path, settings=None).rules == pack.rules


RULE = """
require: {odd: wheels is odd}
examples:
  - {name: one, expect: met, given: {wheels: 1}}
  - {name: two, expect: not_met, given: {wheels: 2}}
  - {name: none, expect: not_evidenced, given: {}}
"""


# the user's cache


def files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.exists() else []


def loaded_from_yaml(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders whose YAML is read from now on."""
    found: list[Path] = []

    def noted(folder: Path, *, settings: Path | None = None) -> Pack:
        found.append(folder)
        return load_folder(folder, settings=settings)

    monkeypatch.setattr("scr_audit.packs.load.load_folder", noted)
    return found


def test_a_pack_is_read_from_yaml_until_it_changes(
    own_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_pack(tmp_path / "shop", {})
    read = loaded_from_yaml(monkeypatch)
    first, second = load_pack(folder), load_pack(folder)
    assert read == [folder]
    assert first.to_bytes() == second.to_bytes()
    assert first.folder == second.folder == str(folder)
    pack_file = folder / "pack.yaml"
    pack_file.write_text(pack_file.read_text().replace("1.2.3", "1.2.4"))
    assert load_pack(folder).version == "1.2.4"
    assert read == [folder, folder]
    (folder / "rules" / "2-jobs.yaml").write_text("rules: 3")
    with pytest.raises(PackError, match=r"2-jobs\.yaml:1"):
        load_pack(folder)


def test_a_pack_is_read_anew_where_the_one_that_it_extends_changed(
    own_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = write_pack(tmp_path / "bicycle-workshop", {})
    more = tmp_path / "more"
    (more / "rules").mkdir(parents=True)
    head = "id: more\nversion: 1.0.0\ntitle: More\nextends: bicycle-workshop\nlicence: MIT\n"
    (more / "pack.yaml").write_text(f"{head}source: {{title: More}}\n")
    (more / RULE_FILE).write_text(rule_file(RULE.replace("is odd", "at most 1")))
    read = loaded_from_yaml(monkeypatch)
    before = load_pack(more)
    assert load_pack(more).sha256 == before.sha256
    assert len(read) == 1
    pack_file = parent / "pack.yaml"
    pack_file.write_text(pack_file.read_text().replace("1.2.3", "1.2.4"))
    after = load_pack(more)
    assert len(read) == 2
    assert after.extends is not None
    assert (after.extends.version, after.sha256 != before.sha256) == ("1.2.4", True)


def test_settings_are_read_each_time(own_cache: Path, tmp_path: Path) -> None:
    local = tmp_path / "local.yaml"
    for days in (3, 4, 3):
        local.write_text(f"parameters:\n  most_days: [{{value: {days}}}]\n")
        pack = load_pack(SMALL_PACK, settings=local)
        assert [each.value for each in pack.parameters["most_days"].values] == [days]
        assert pack.settings == str(local)


def test_what_is_kept_and_damaged_is_made_again(own_cache: Path, tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "shop", {})
    pack = load_pack(folder)
    run = scr_audit.compile_pack(pack).run([{"id": "a"}], as_of=DAY)
    before = files(own_cache)
    assert len(before) == 2  # the pack, and the code that counts
    for path in before:
        path.write_bytes(path.read_bytes()[:-9])
    again = load_pack(folder)
    assert again.to_bytes() == pack.to_bytes()
    assert scr_audit.compile_pack(again).run([{"id": "a"}], as_of=DAY).totals == run.totals
    assert files(own_cache) == before
    assert not [path for path in before if path.stat().st_mode & 0o077]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps permissions otherwise")
def test_what_somebody_else_may_write_is_not_read(own_cache: Path, tmp_path: Path) -> None:
    own_cache.mkdir(mode=0o777)
    own_cache.chmod(0o777)
    load_pack(write_pack(tmp_path / "shop", {}))
    assert files(own_cache) == []


def test_without_a_place_to_keep_anything_all_goes_on(
    own_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_cache.write_text("a file where the folder should be")
    assert scr_audit.compile_pack(load_pack(SMALL_PACK)).run([{"id": "a"}], as_of=DAY).totals.read

    def full(**_: object) -> None:
        raise OSError(28, "No space left on device")

    own_cache.unlink()
    monkeypatch.setattr("tempfile.mkstemp", full)
    assert load_pack(write_pack(tmp_path / "shop", {})).rules
    assert files(own_cache) == []
    monkeypatch.setenv(kept.FOLDER, "off")
    kept.user_cache.cache_clear()
    assert load_pack(SMALL_PACK).rules


def test_the_oldest_are_dropped_when_there_are_too_many(tmp_path: Path) -> None:
    store = kept.Kept(tmp_path / "kept")
    for number in range(kept._MOST + 20):
        store.put(str(number), b"data")
        if number:
            assert store.get("0") == b"data"  # which was read last
    assert len(files(tmp_path / "kept")) == kept._MOST
    assert store.get("1") is None


def test_a_second_run_imports_nothing_that_it_does_not_need(own_cache: Path) -> None:
    program = (
        "import sys; from scr_audit.cli import main\n"
        f"sys.argv = ['scr-audit', 'run', {str(CASES)!r}, '--quiet', '-j', '1']\n"
        "try: main()\n"
        "except SystemExit as end: assert end.code == 0\n"
        "print(*sys.modules)"
    )
    done = [
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        for _ in range(2)
    ]
    loaded = set(done[1].stdout.split())
    slow = (
        "yaml",
        "holidays",
        "jinja2",
        "jsonschema",
        "scr_audit.language.checker",
        "scr_audit.plans.plan",
        "scr_audit.evaluate.reasons",
        "scr_audit.evaluate.emit",
    )
    assert "yaml" in set(done[0].stdout.split())
    assert not loaded & set(slow)


def test_files_of_others_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    store = kept.Kept(folder)
    store.put("0", b"data")
    (folder / "subfolder").mkdir()
    others = [folder / f"letter {number}.txt" for number in range(kept._MOST)]
    for path in others:
        path.write_text("mine")
    for number in range(kept._MOST + 5):
        store.put(str(number), b"data")
    assert all(path.exists() for path in others)
    assert len(files(folder)) == 2 * kept._MOST + 1


def test_what_was_kept_under_another_key_is_not_taken(tmp_path: Path) -> None:
    store = kept.Kept(tmp_path / "kept")
    store.put("one", b"first")
    store.put("two", b"second")
    one, two = files(tmp_path / "kept")
    two.write_bytes(one.read_bytes())
    assert sorted(map(str, (store.get("one"), store.get("two")))) != ["b'first'", "b'first'"]
    assert None in (store.get("one"), store.get("two"))


def test_both_packs_in_one_file_are_as_they_were(tmp_path: Path) -> None:
    pack = load_pack()
    both = tmp_path / "both.pack"
    both.write_bytes(pack.to_bytes())
    again = load_pack(both)
    assert [rule_location(again, rule) for rule in again.rules] == [
        rule_location(pack, rule) for rule in pack.rules
    ]
    plan = "quarterly-conference-plan"
    run = scr_audit.compile_pack(again, plan=plan).run(CASES, as_of=DAY)
    assert run.totals == scr_audit.compile_pack(pack, plan=plan).run(CASES, as_of=DAY).totals


def test_where_the_settings_lay_does_not_travel(own_cache: Path, tmp_path: Path) -> None:
    local = tmp_path / "somebody" / "local.yaml"
    local.parent.mkdir()
    local.write_text("parameters:\n  most_days: [{value: 3}]\n")
    for _ in range(2):  # made, and then kept
        pack = load_pack(SMALL_PACK, settings=local)
        assert pack.settings == str(local)
        assert b"somebody" not in pack.to_bytes()
    assert load_pack(pack.to_bytes()).settings == "local.yaml"


def test_several_processes_keep_the_same_at_once(own_cache: Path, tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "shop", {})
    program = (
        "import scr_audit; from datetime import date\n"
        f"engine = scr_audit.compile_pack(scr_audit.load_pack({str(folder)!r}))\n"
        "print(engine.run([{'id': 'a'}], as_of=date(2026, 11, 24)).totals)"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
        for _ in range(4)
    ]  # fmt: skip
    assert len({process.communicate()[0] for process in started}) == 1
    assert [process.returncode for process in started] == [0] * 4
    assert len(files(own_cache)) == 2


# the code of programs


def test_kept_code_gives_the_same_findings_and_totals(own_cache: Path) -> None:
    pack = load_pack()

    def judged() -> tuple[bytes, object]:
        return findings(pack), scr_audit.compile_pack(pack).run(CASES, as_of=DAY).totals

    written = judged()
    kept_files = files(own_cache)
    assert len(kept_files) >= 3
    assert judged() == written
    assert files(own_cache) == kept_files


def test_a_changed_rule_has_no_code_that_is_kept(own_cache: Path) -> None:
    pack = load_pack(SMALL_PACK)
    assert all(rule.compiled for rule in pack.rules)
    changed = [replace(rule, severity="low") for rule in pack.rules]
    assert not any(rule.compiled for rule in changed)
