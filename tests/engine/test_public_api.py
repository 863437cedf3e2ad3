"""The public surface: small, typed, and light to import."""

import ast
import contextlib
import importlib
import io
import pickle
import re
import subprocess
import sys
import textwrap
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from small_pack import SMALL_PACK

import scr_audit
from scr_audit.audit import run_audit
from scr_audit.errors import InputError
from scr_audit.reports import write

ROOT = Path(__file__).parent.parent.parent
CASES = ROOT / "examples" / "cases.json"


def test_at_most_a_dozen_public_names_and_all_exist() -> None:
    assert len(scr_audit.__all__) <= 12
    for name in scr_audit.__all__:
        assert getattr(scr_audit, name).__doc__, name


_JOBS = [
    "actions", "anonymity", "approvals", "forms", "mappings", "readings", "sampling", "series",
    "store",
]  # fmt: skip


@pytest.mark.parametrize("package", _JOBS)
def test_the_example_of_a_package_calls_what_there_is(package: str) -> None:
    module = importlib.import_module(f"scr_audit.{package}")
    there = {
        "Path",
        *scr_audit.__all__,
        *module.__all__,
        *importlib.import_module("scr_audit.store").__all__,
    }
    called = set()
    for paragraph in (module.__doc__ or "").split("\n\n"):
        with contextlib.suppress(SyntaxError):  # words
            for node in ast.walk(ast.parse(textwrap.dedent(paragraph))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    called.add(node.func.id)
    assert called
    assert called <= there


@pytest.mark.parametrize("package", _JOBS)
def test_the_public_names_of_a_package_all_exist_and_say_what_they_are(package: str) -> None:
    module = importlib.import_module(f"scr_audit.{package}")
    for name in module.__all__:
        assert getattr(module, name).__doc__, name


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = scr_audit.nonsense


def test_no_module_imports_what_is_private_to_another() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {name.name}"
        for path in sorted((ROOT / "src").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        for name in node.names
        if re.match("_(?!_)", name.name)
    ]
    assert not found  # the linter sees such names of other packages only


def test_the_package_ships_its_types() -> None:
    assert (Path(scr_audit.__file__).parent / "py.typed").is_file()


def loaded_by(statement: str) -> set[str]:
    """The top-level modules that a statement loads in a new Python."""
    program = f"import sys\n{statement}\nprint(*sorted(m.partition('.')[0] for m in sys.modules))"
    found = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    return set(found.stdout.split())


def test_importing_the_engine_imports_no_yaml_cli_or_template_library() -> None:
    loaded = loaded_by("import scr_audit; scr_audit.Engine; scr_audit.Finding; scr_audit.Run")
    assert "msgspec" in loaded
    unwanted = {"yaml", "typer", "click", "rich", "jinja2", "jsonschema", "pydantic", "holidays"}
    assert not loaded & unwanted


def test_the_version_is_printed_without_loading_the_command_line() -> None:
    statement = "sys.argv = ['scr-audit', '--version']; from scr_audit.cli import main; main()"
    assert not loaded_by(statement) & {"typer", "rich", "pydantic", "msgspec"}


@pytest.fixture(scope="module")
def engine() -> scr_audit.Engine:
    return scr_audit.compile_pack(scr_audit.load_pack())


@pytest.fixture
def jobs(tmp_path: Path) -> Path:
    """A file of one record."""
    path = tmp_path / "jobs.json"
    path.write_text('{"jobs": [{"id": "J1"}]}')
    return path


def test_one_name_is_taken_where_several_are_and_none_is_told(jobs: Path) -> None:
    run, none = jobs.parent / "run.json", jobs.parent / "none.json"
    with run_audit(str(jobs), pack=SMALL_PACK, as_of=date(2026, 11, 24)) as audit:
        write(audit, run)
        with pytest.raises(InputError, match=r"^outputs: name a file to write, such as report"):
            write(audit)
        with pytest.raises(InputError, match=r"^audit: takes what run_audit gives; found Run"):
            write(audit.run, run)  # type: ignore[arg-type]
        with pytest.raises(InputError, match=rf"^{re.escape(str(none))}: cannot be read"):
            write(audit, jobs.parent / "p.md", edition="public", published=str(none))
    with run_audit(jobs, pack=SMALL_PACK, as_of=date(2026, 11, 25), earlier=str(run)) as audit:
        compared = audit.head["compared"]
    assert compared is not None
    assert compared["as_of"] == "2026-11-24"


def test_an_audit_that_is_closed_says_so(jobs: Path) -> None:
    with run_audit(jobs, pack=SMALL_PACK) as audit:
        later = audit.findings()
    for use in (lambda: write(audit, jobs.parent / "r.html"), audit.bundle, lambda: next(later)):
        with pytest.raises(InputError, match=r"^the audit is closed, .* inside its 'with', or"):
            use()
    assert list(jobs.parent.iterdir()) == [jobs]


RECORD = {"id": "X1", "conferences": [{"date": "2011-10-03", "professionals": []}]}


def test_a_record_is_the_same_as_mapping_bytes_and_text(engine: scr_audit.Engine) -> None:
    import msgspec

    data = msgspec.json.encode(RECORD)
    found = [engine.evaluate(record) for record in (RECORD, data, data.decode())]
    as_rows = [[(f.rule, f.unit, f.outcome, f.failed, f.reason) for f in fs] for fs in found]
    assert as_rows[0] == as_rows[1] == as_rows[2]
    assert len(as_rows[0]) >= len([r for r in engine.pack.rules if r.kind == "case"])


def test_every_rule_of_the_kind_says_something_about_a_record_that_says_nothing(
    engine: scr_audit.Engine,
) -> None:
    """Nothing recorded is never met, and no rule is silent."""
    findings = engine.evaluate({"id": "empty"})
    assert {f.rule for f in findings} == {r.id for r in engine.pack.rules if r.kind == "case"}
    assert {f.outcome for f in findings} == {"not_evidenced"}
    assert all(f.missing for f in findings)


def test_a_run_takes_paths_mappings_and_texts_together(engine: scr_audit.Engine) -> None:
    run = engine.run([CASES, RECORD, '{"id": "X2"}', b'{"id": "X3"}'], as_of=date(2026, 1, 1))
    assert run.totals.read == {"case": 23 + 3}
    assert run.left_out == ()


def test_totals_of_a_run_are_the_sums_of_its_findings(engine: scr_audit.Engine) -> None:
    counted: dict[tuple[str, str], int] = {}

    def count(findings: list[scr_audit.Finding]) -> None:
        for finding in findings:
            key = (finding.rule, finding.outcome)
            counted[key] = counted.get(key, 0) + 1

    with_findings = engine.run(CASES, on_findings=count)
    totals_only = engine.run(CASES)
    assert with_findings.totals == totals_only.totals
    for rule_id, counts in totals_only.totals.rules.items():
        for outcome, number in counts.named().items():
            assert counted.get((rule_id, outcome), 0) == number


def test_the_run_of_the_examples_has_every_outcome_but_error(engine: scr_audit.Engine) -> None:
    totals = engine.run(CASES).totals
    units = totals.over(totals.rules).named()
    assert all(units[name] for name in units if name != "error")
    assert units["error"] == 0


def test_findings_come_in_the_order_of_the_input(engine: scr_audit.Engine, tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    path.write_text('[{"id": "second"}]', encoding="utf-8")
    order: list[str] = []
    engine.run(
        [{"id": "first"}, path, {"id": "third"}],
        on_findings=lambda findings: order.append(findings[0].record),
    )
    assert order == ["first", "second", "third"]


def test_a_time_is_no_day_of_a_run(engine: scr_audit.Engine) -> None:
    said = "as_of is a day, such as date(2026, 11, 29); found str: '2026-11-29'"
    with pytest.raises(scr_audit.InputError, match=re.escape(said)):
        engine.evaluate({"id": "a"}, as_of="2026-11-29")  # type: ignore[arg-type]  # is refused
    with pytest.raises(scr_audit.InputError, match="found datetime"):
        engine.run([{"id": "a"}], as_of=datetime(2026, 11, 29, 12, 0))


class Frame:
    """Looks like a table of a data library."""

    columns = ("id",)


@pytest.mark.parametrize(
    ("given", "found", "hint"),
    [
        ({"id": "SECRET"}, "dict", "give records in a list, and one alone to evaluate"),
        (b'{"id": "SECRET"}', "bytes", "give records in a list, and one alone to evaluate"),
        (' {"id": "SECRET"}', "str", "give records in a list, and one alone to evaluate"),
        ('[{"id": "SECRET"}]', "str", "give records in a list, and one alone to evaluate"),
        (Frame(), "Frame", "give its rows, such as pyarrow.table(frame).to_pylist()"),
        (io.StringIO("SECRET"), "StringIO", "give the path of a file"),
        (None, "NoneType", "give the records in a list"),
        (bytearray(b"SECRET"), "bytearray", "give records in a list, and one alone to evaluate"),
        ('\ufeff{"id": "SECRET"}', "str", "give records in a list, and one alone to evaluate"),
        (" ", "str", "name a file or a folder; '.' is the current one"),
    ],
)
def test_what_a_run_cannot_go_through_is_told_and_not_repeated(
    engine: scr_audit.Engine, given: Any, found: str, hint: str
) -> None:
    with pytest.raises(scr_audit.InputError) as told:
        engine.run(given)
    assert str(told.value) == (
        f"run takes a path, or a list of paths, mappings and JSON texts; found {found}: {hint}"
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("no such file", "no such file: there is no such file"),
        ([["a"]], None),
        ([Frame()], None),
        ([5], None),
    ],
)
def test_what_is_no_file_and_no_record_is_told(
    engine: scr_audit.Engine, given: Any, said: str | None, tmp_path: Path
) -> None:
    if said is None:
        [left_out] = engine.run(given).left_out
        found = type(given[0]).__name__
        assert str(left_out.problems[0]) == (
            f"(the record): expected a mapping of facts, found {found}"
        )
        return
    with contextlib.chdir(tmp_path), pytest.raises(scr_audit.InputError) as told:
        engine.run(given)
    assert str(told.value).startswith(said)


@pytest.mark.parametrize("given", [Frame(), ["a"], None, Path("cases.json")])
def test_what_is_no_record_is_told_by_evaluate(engine: scr_audit.Engine, given: Any) -> None:
    with pytest.raises(scr_audit.RecordError, match="expected a mapping of facts, found"):
        engine.evaluate(given)
    with pytest.raises(scr_audit.RecordError, match="not JSON"):
        engine.evaluate("cases.json")


def test_a_group_that_holds_itself_leaves_its_record_out(engine: scr_audit.Engine) -> None:
    endless: dict[str, Any] = {"id": "a"}
    endless["extra"] = endless["audited_period"] = endless
    run = engine.run([endless, {"id": "b"}])
    assert [left.problems[0].message for left in run.left_out] == [
        "nested too deeply to be a record"
    ]


def test_a_value_of_another_library_is_told_with_its_type(engine: scr_audit.Engine) -> None:
    with pytest.raises(scr_audit.RecordError) as told:
        engine.evaluate({"id": "a", "siblings": Fraction(2)})
    assert str(told.value).endswith('found "2 (fractions.Fraction)"')


def test_a_pack_error_is_the_same_in_another_process(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    for name in ("pack.yaml", "rules/one.yaml"):
        (tmp_path / name).write_text("id: 5\n")
    with pytest.raises(scr_audit.PackError) as told:
        scr_audit.load_pack(tmp_path)
    assert str(pickle.loads(pickle.dumps(told.value))) == str(told.value)  # noqa: S301  # our own


def test_only_a_pack_is_compiled() -> None:
    with pytest.raises(scr_audit.InputError, match="takes what load_pack gives; found str"):
        scr_audit.compile_pack("baby-f-2010")  # type: ignore[arg-type]  # is refused


def test_a_report_is_not_written_over_a_file_that_the_audit_read(tmp_path: Path) -> None:
    records, exceptions = tmp_path / "jobs.json", tmp_path / "exceptions.yaml"
    records.write_text('{"jobs": [{"id": "J1"}]}', "utf-8")
    exceptions.write_text("exceptions: []\n", "utf-8")
    from scr_audit import reports
    from scr_audit.audit import run_audit
    from scr_audit.errors import InputError

    with run_audit(records, pack=SMALL_PACK, exceptions=exceptions) as audit:
        for path in (records, exceptions):
            with pytest.raises(InputError, match="is one of the files that are read"):
                reports.write(audit, path)
    assert records.read_text("utf-8") == '{"jobs": [{"id": "J1"}]}'
