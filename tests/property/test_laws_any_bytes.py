"""Laws of hostile input: whatever a file holds gives values, or words about what is wrong."""

from __future__ import annotations

import io
import keyword
import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import pyarrow
import pyarrow.parquet
import pytest
from budget import share
from form_filling import answers, form_of, saved
from hypothesis import assume, example, given
from hypothesis import strategies as st
from strategies import (
    NAMES,
    TEXTS,
    WORDS,
    Audit,
    Files,
    Spec,
    as_yaml,
    judges,
    load,
    pack_files,
    packs,
    write_pack,
)

from scr_audit import Engine, InputError, PackError, load_pack
from scr_audit.forms.filled_form import read_form
from scr_audit.language.operators import OPERATORS
from scr_audit.packs.builtin import shipped
from scr_audit.packs.pack import Pack
from scr_audit.packs.yaml_source import read_yaml
from scr_audit.workbooks.cells import FormError

Draw = Callable[..., Any]
SHIPPED = shipped("rules") / "baby-f-2010"

# Pieces that mean something to YAML, to JSON, to the language or to Python.
PIECES = (
    *(b"\x00", b"\xff", b"\xef\xbb\xbf", b"\xc3\xa9", b"\xe2\x80\xa8", b"\r", b"\t", b"\n", b" "),
    *(b"- ", b": ", b"? ", b"*a ", b"&a ", b"!!binary ", b"---\n", b"...\n", b"# ", b"<<: *a\n"),
    *(b"[", b"]", b"{", b"}", b"'", b'"', b"|\n", b">\n", b"[[[[[[[[", b"%YAML 1.1\n", b"\\ud800"),
    *(b"null", b"true", b"012", b"1e999", b"1.0e999", b".inf", b"-0.0", b"9" * 30, b"9" * 5000),
    *(b"type: object\n", b"$ref: '#/$defs/case'", b"required: [[a]]", b"format: [a]", b"enum: []"),
    *(b"minimum: 0.5", b"not ", b" is ", b" within 3 days after ", b"{as_of}", b"all:", b"some: "),
    *(b"NaN", b"Infinity", b"1E400", b'"\\ud800"', b'{"id":"R"}', b"[1,2]", b'"id":"R",'),
)


@st.composite
def mutations(draw: Draw, data: bytes) -> bytes:
    """The bytes after a few cuts, insertions and replacements."""
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(data)))
        length = draw(st.sampled_from([0, 0, 1, 2, 5, 20, 100]))
        piece = draw(st.one_of(st.just(b""), st.sampled_from(PIECES), st.binary(max_size=6)))
        if draw(st.booleans()):  # a part of the file itself, somewhere else
            other = draw(st.integers(0, len(data)))
            piece = data[other : other + draw(st.integers(0, 60))]
        data = data[:start] + piece + data[start + length :]
    return data


def loads_or_refuses(action: Callable[[], Any]) -> Any:
    """What the action gives, or None where it refuses with words about a place or a file."""
    try:
        return action()
    except (PackError, InputError) as error:
        return _told(error)


def _told(error: Exception) -> None:
    assert str(error)


# --- packs ---


@share(2)
@given(st.one_of(st.binary(max_size=60), st.lists(st.sampled_from(PIECES)).map(b"".join)))
def test_any_bytes_are_a_document_or_a_pack_error(data: bytes) -> None:
    loads_or_refuses(lambda: read_yaml(data, "file.yaml"))


@lru_cache(maxsize=1)
def shipped_files() -> dict[str, bytes]:
    """The files that a pack is loaded from; its mappings of imports are read elsewhere."""
    paths = sorted(path for path in SHIPPED.rglob("*.yaml") if path.parent.name != "imports")
    return {str(path.relative_to(SHIPPED)): path.read_bytes() for path in paths}


@lru_cache(maxsize=1)
def small_shipped_files() -> Files:
    """The shipped pack with three of its rule files, to be quick."""
    names = [name for name in shipped_files() if name.startswith("rules/")]
    small = sorted(names, key=lambda name: len(shipped_files()[name]))[:3]
    return {
        name: data
        for name, data in shipped_files().items()
        if not name.startswith("rules/") or name in small
    }


@share(1)
@given(st.data())
def test_a_damaged_shipped_pack_loads_or_is_refused(data: st.DataObject) -> None:
    files = dict(small_shipped_files())
    name = data.draw(st.sampled_from(sorted(files)))
    files[name] = data.draw(mutations(files[name]))
    pack = loads_or_refuses(lambda: load(files))
    if pack is not None:
        judge_something(Engine(pack))


@share(2)
@given(st.data(), packs(rules=2))
def test_a_damaged_drawn_pack_loads_and_judges_or_is_refused(
    data: st.DataObject, audit: Audit
) -> None:
    name = data.draw(st.sampled_from(sorted(audit.files)))
    damaged = data.draw(mutations(as_yaml(audit.files[name]).encode()))
    pack = loads_or_refuses(lambda: load({**audit.files, name: damaged}))
    if pack is not None:
        judge_something(Engine(pack))


@share(1)
@given(packs(rules=1), st.data())
def test_a_damaged_settings_file_is_used_or_refused(audit: Audit, data: st.DataObject) -> None:
    parameters = audit.files["pack.yaml"]["parameters"]
    settings = {"parameters": {name: found["values"] for name, found in parameters.items()}}
    damaged = data.draw(mutations(as_yaml(settings).encode()))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "drawn"
        folder.mkdir()
        write_pack(audit.files, folder)
        (Path(name) / "settings.yaml").write_bytes(damaged)
        settings_path = Path(name) / "settings.yaml"
        pack = loads_or_refuses(lambda: load_pack(folder, settings=settings_path))
        if pack is not None:
            judge_something(Engine(pack))


def judge_something(engine: Engine) -> None:
    """Every program of an engine compiles, and judges a record of nothing but an id."""
    for judge in judges(engine.pack).values():
        for imprecise in (False, True):
            judge.program.decide(imprecise=imprecise)
            judge.program.total(imprecise=imprecise)
    try:
        found = engine.evaluate({"id": "R"})
    except InputError:  # the schema may require more
        return
    assert all(finding.outcome != "error" and finding.reason for finding in found)


# --- lines of the language ---

_WORDS = sorted({word for name in OPERATORS for word in name.split()} - {"N"})
_PATHS = [*(names[0] for names in NAMES.values()), "plan.day", "x.asked", "nothing", "as_of"]
_OBJECTS = [
    *("2010-04-01", "2010-02-30", "2010-04", "3", "-1", "2.5", "0" * 30 + "1", "9" * 400),
    *("9" * 5000, "9" * 400 + ".5", "{as_of}", "{n_const}", "{n_late}", "{}", "{", "}", ",", "N"),
    *(f"'{text}'" for text in TEXTS if "'" not in text),
    *WORDS,
]
TOKENS = [*_WORDS, *_WORDS, *_PATHS, *_PATHS, *_OBJECTS, "not", "hour", "day", "yes", ""]
lines = st.one_of(
    st.lists(st.sampled_from(TOKENS), max_size=9).map(" ".join),
    st.tuples(
        st.sampled_from(_PATHS), st.sampled_from(sorted(OPERATORS)), st.sampled_from(_OBJECTS)
    ).map(lambda parts: f"{parts[0]} {OPERATORS[parts[1]].around(parts[2])}".replace(" N ", " 3 ")),
    st.text(max_size=20),
)
LINED: tuple[Spec, ...] = (
    Spec("id", "text", required=True),
    *(
        Spec(names[0], kind, choices=WORDS if kind in ("choice", "words") else ())
        for kind, names in NAMES.items()
        if kind not in ("group", "period", "list")
    ),
    Spec("plan", "group", fields=(Spec("day", "date"), Spec("colour", "choice", choices=WORDS))),
    Spec("period", "group", fields=(Spec("start", "date"), Spec("end", "date"))),
    Spec("items", "list", fields=(Spec("asked", "boolean"), Spec("met_on", "date"))),
)


def lined(conditions: list[Any]) -> Files:
    """A pack whose only rule requires these conditions."""
    values = {"n_const": [{"value": 3}], "n_late": [{"value": 3, "from": "2010-04-01"}]}
    found = {name: {"title": name, "values": entries} for name, entries in values.items()}
    files = pack_files({"case": LINED}, found)
    rule: dict[str, Any] = {
        "id": "lines",
        "title": "Lines",
        "source": {"paragraph": "1"},
        "record": "case",
        "require": {f"line_{number}": line for number, line in enumerate(conditions)},
        "severity": "low",
    }
    if any("{n_late}" in str(condition) for condition in conditions):
        rule["in_force_on"] = "day"
    files["rules/all.yaml"] = {"rules": [rule]}
    return files


@share(10, records=3)
@given(st.lists(lines, min_size=1, max_size=3))
@example(["age is " + "9" * 5000])
@example(["day within " + "9" * 400 + " days after day"])
@example(["age is " + "9" * 400 + ".5"])
@example(["moment is 2010-04-01", "ratio at least 0.5"])
@example(["moment within 3 hours after {as_of}"])
def test_any_line_is_checked_or_refused_and_what_is_checked_is_judged(found: list[str]) -> None:
    pack = loads_or_refuses(lambda: load(lined(found)))
    if pack is not None:
        judge_something(Engine(pack))


_conditions = st.recursive(
    st.one_of(st.sampled_from(["asked", "x.asked", "items is recorded", ""]), st.none(), lines),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["all", "any", "not", "some", "every", "none", "count", "is", "where"]),
            st.one_of(inner, st.sampled_from(["items as x", "at least 1", 2, True, 1.5])),
            max_size=3,
        ),
    ),
    max_leaves=8,
)


@share(6, records=2)
@given(st.lists(_conditions, min_size=1, max_size=2))
def test_any_shape_of_condition_is_checked_or_refused(found: list[Any]) -> None:
    pack = loads_or_refuses(lambda: load(lined(found)))
    if pack is not None:
        judge_something(Engine(pack))


@pytest.mark.parametrize("name", [*keyword.kwlist, *keyword.softkwlist, "print", "mro", "kind"])
def test_a_fact_may_have_the_name_of_a_python_word_or_is_refused(name: str) -> None:
    files = pack_files({"case": (LINED[0], Spec(name, "boolean"), *LINED[1:])}, {})
    files["rules/all.yaml"] = lined([name])["rules/all.yaml"]
    pack = loads_or_refuses(lambda: load(files))
    if pack is not None:
        judge_something(Engine(pack))


def nested(wrap: Callable[[Any], Any], depth: int) -> Any:
    condition: Any = "asked"
    for _ in range(depth):
        condition = wrap(condition)
    return condition


@pytest.mark.parametrize("depth", [2, 5, 12, 17, 40])
@pytest.mark.parametrize(
    "wrap",
    [
        lambda inner: {"not": inner},
        lambda inner: [inner, "done"],
        lambda inner: {"all": [{"any": [inner, "day is recorded"]}, "recorded"]},
        lambda inner: {"some": f"items as x{id(inner)}", "that": inner},
    ],
)
def test_deep_conditions_are_judged_or_refused(wrap: Callable[[Any], Any], depth: int) -> None:
    pack = loads_or_refuses(lambda: load(lined([nested(wrap, depth)])))
    if pack is not None:
        judge_something(Engine(pack))


@pytest.mark.parametrize("wide", [1, 2])
@pytest.mark.parametrize("deep", [1, 7])
def test_definitions_that_unfold_to_very_much_are_judged_or_refused(wide: int, deep: int) -> None:
    files = lined(["known_18"])
    rule = files["rules/all.yaml"]["rules"][0]
    rule["define"] = {"known_0": "asked"}
    for place in range(1, 19):
        parts = [f"known_{place - 1}"] * wide
        rule["define"][f"known_{place}"] = nested(lambda c: {"any": [c, "day is recorded"]}, deep)
        rule["define"][f"known_{place}"] = [*parts, rule["define"][f"known_{place}"]]
    pack = loads_or_refuses(lambda: load(files))
    if pack is not None:
        judge_something(Engine(pack))


# --- records ---


@lru_cache(maxsize=1)
def reader() -> Engine:
    """An engine for records of every type of fact, which are allowed an open group."""
    record = (*LINED, Spec("extra", "open"))
    files = pack_files({"case": record, "action": record}, {})
    files["rules/all.yaml"] = lined(["asked", "day before {as_of}"])["rules/all.yaml"]
    return Engine(load(files))


RECORD = {
    "id": "R",
    "asked": True,
    "age": 3,
    "ratio": 2.5,
    "label": "é",
    "colour": "red",
    "day": "2010-04-01",
    "moment": "2010-04-01T09:30",
    "colours": ["red"],
    "plan": {"day": "2010-04"},
    "items": [{"asked": None}, {}],
    "extra": {"a": [1, {}]},
}
_SHAPES = (
    msgspec.json.encode(RECORD),
    msgspec.json.encode([RECORD, {**RECORD, "id": "S", "kind": "action"}]),
    msgspec.json.encode({"cases": [RECORD], "actions": [RECORD], "about": {}}),
    b"\n".join(msgspec.json.encode({**RECORD, "id": f"R{n}"}) for n in range(3)),
)
documents = st.one_of(
    st.binary(max_size=40),
    st.lists(st.sampled_from(PIECES)).map(b"".join),
    st.sampled_from(_SHAPES).flatmap(mutations),
)


@share(8)
@given(documents, st.sampled_from([".json", ".ndjson", ".jsonl", ".txt", ""]))
@example(b'{"id":"R","a":' + b"[" * 600 + b"]" * 600 + b"}", ".json")
@example(b'{"id":"R","extra":' + b'{"a":' * 600 + b"1" + b"}" * 601, ".json")
@example(b"[" * 100_000, ".json")
@example(b'{"id":"R","age":' + b"9" * 5000 + b"}", ".ndjson")
@example(b'{"id":"R","kind":["x"]}', ".ndjson")
def test_any_bytes_are_records_or_an_input_error(data: bytes, suffix: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"records{suffix}"
        path.write_bytes(data)
        run = loads_or_refuses(lambda: reader().run(path))
    if run is not None:
        check_run(run)


def check_run(run: Any) -> None:
    """A run says what it left out, in text that can be written to a file."""
    assert run.left_out_count == len(run.left_out)
    for left_out in run.left_out:
        assert left_out.problems
        for problem in left_out.problems:
            str(problem).encode()


_scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.dates()
)
_surrogates = st.text(st.characters(categories=("Cs", "Lu")), max_size=3)
values = st.recursive(
    st.one_of(_scalars, _surrogates, st.datetimes(timezones=st.none() | st.timezones())),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.one_of(st.sampled_from([*RECORD, "kind"]), st.text(max_size=2), st.integers()),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=10,
)


@share(4)
@given(values, st.sampled_from([None, None, "case", "action", "nothing"]))
def test_any_value_is_a_record_or_an_input_error(value: Any, kind: str | None) -> None:
    found = loads_or_refuses(lambda: reader().evaluate(value, kind=kind))
    assert found is None or all(finding.outcome != "error" for finding in found)


@share(4)
@given(st.dictionaries(st.sampled_from([*RECORD, "kind"]), values, max_size=3))
def test_a_record_with_any_value_in_it_is_judged_or_an_input_error(parts: dict[str, Any]) -> None:
    found = loads_or_refuses(lambda: reader().evaluate({**RECORD, **parts}))
    assert found is None or all(finding.outcome != "error" for finding in found)


@share(2)
@given(st.lists(st.one_of(values, st.text(max_size=5), st.binary(max_size=5)), max_size=4))
@example(["x" * 5000])
@example(["\0"])
@example(["\ud800"])
def test_any_list_of_records_and_paths_is_a_run_or_an_input_error(items: list[Any]) -> None:
    assume("-" not in items)  # standard input, which has nothing to read here
    run = loads_or_refuses(lambda: reader().run(items))
    if run is not None:
        check_run(run)


@lru_cache(maxsize=1)
def form_parts() -> tuple[Pack, dict[str, bytes]]:
    """A pack, and the parts of a form that was filled in for it."""
    pack = load_pack()
    form = form_of(pack, "case")
    record = {"id": "R", "conferences": [{"date": "2010-02", "on_bail": False}]}
    with tempfile.TemporaryDirectory() as folder:
        path = saved(Path(folder) / "form.xlsx", form, answers(form.layout, record))
        with zipfile.ZipFile(path) as archive:
            return pack, {name: archive.read(name) for name in archive.namelist()}


@share(1)
@given(st.data())
def test_a_damaged_form_is_a_record_or_refused(data: st.DataObject) -> None:
    pack, parts = form_parts()
    name = data.draw(st.sampled_from(sorted(parts)))
    damaged = data.draw(mutations(parts[name]))
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for part, held in {**parts, name: damaged}.items():
            archive.writestr(part, held)
    whole = content.getvalue()
    if data.draw(st.booleans()):
        whole = data.draw(mutations(whole))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.xlsx"
        path.write_bytes(whole)
        try:
            read_form(path, pack)
        except FormError as error:
            _told(error)


def parquet_bytes() -> bytes:
    content = io.BytesIO()
    rows = [{**RECORD, "id": f"R{number}", "extra": None} for number in range(3)]
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), content)
    return content.getvalue()


@share(2)
@given(mutations(parquet_bytes()))
def test_a_damaged_parquet_file_is_records_or_an_input_error(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cases.parquet"
        path.write_bytes(data)
        run = loads_or_refuses(lambda: reader().run(path))
    if run is not None:
        check_run(run)


def test_a_folder_without_its_parts_is_refused(tmp_path: Path) -> None:
    for missing in ("pack.yaml", "records.yaml", "rules"):
        folder = tmp_path / missing / "pack"
        shutil.copytree(SHIPPED, folder)
        target = folder / missing
        shutil.rmtree(target) if target.is_dir() else target.unlink()
        with pytest.raises(InputError, match=re.escape(missing)):
            load_pack(folder)
