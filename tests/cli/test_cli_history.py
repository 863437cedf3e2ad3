"""The history on the command line: kept by a run or added, listed, exported, compared, charted."""

import csv
import io
import json
import re
from html import unescape
from pathlib import Path

import pytest
from command_line import Result, audit, job, scr_audit, write_json, write_lines
from python_calamine import CalamineWorkbook
from small_pack import SMALL_PACK, pack_files, write_pack
from small_plan import plan_of

from scr_audit.cli.failures import run_app
from scr_audit.errors import InputError

GOOD = {"parts": [{"name": "bell", "worn": True, "fitted": True, "recalled": False}]}
BAD = {"parts": [{"name": "bell", "worn": True, "fitted": False, "recalled": False}], "paid": True}
HOSTILE = "=1+1<script>alert(1)</script>|*x*\x1b[31m"


def _records(path: Path, *facts: dict[str, object]) -> Path:
    return write_json(path, {"jobs": [job(f"J{n}", **fact) for n, fact in enumerate(facts)]})


def _made(folder: Path, name: str, *facts: dict[str, object], more: tuple[str, ...] = ()) -> str:
    _records(folder / f"{name}-cases.json", *facts)
    done = scr_audit(*audit(f"{name}-cases.json", "-q", "-o", f"{name}.json", *more), cwd=folder)
    assert done.code == 0, done.err
    return f"{name}.json"


def _history(folder: Path, *words: str) -> Result:
    return scr_audit("history", *words, "--store", "h.sqlite", cwd=folder)


def test_a_run_that_is_kept_is_the_bundle_that_it_wrote(tmp_path: Path) -> None:
    _made(tmp_path, "one", GOOD, BAD, more=("--store", "h.sqlite"))
    (row,) = json.loads(_history(tmp_path, "list", "--json").out)
    assert (row["pack"], row["records"], row["detail"]) == ("bicycle-workshop", 2, "findings")
    done = _history(tmp_path, "add", "one.json")
    assert (done.code, done.err) == (
        0, f"{row['id'][:12]}: this run is in h.sqlite already; nothing was changed\n",
    )  # fmt: skip
    assert _history(tmp_path, "list").out.startswith(f"{row['id'][:12]} as of 2026-01-01 ")


def test_an_export_is_a_bundle_of_what_was_kept(tmp_path: Path) -> None:
    _made(tmp_path, "one", GOOD, BAD, more=("--store", "h.sqlite"))
    (row,) = json.loads(_history(tmp_path, "list", "--json").out)
    done = _history(tmp_path, "export", row["id"][:8], "-o", "out.json")
    assert done.code == 0, done.err
    first, out = (json.loads((tmp_path / name).read_text()) for name in ("one.json", "out.json"))
    assert (out["rules"], out["totals"]) == (first["rules"], first["totals"])
    names = ("rule", "record", "unit", "outcome")
    kept, made = ([[f[name] for name in names] for f in it["findings"]] for it in (out, first))
    assert sorted(kept) == sorted(made)
    assert {json.dumps(finding["facts"]) for finding in out["findings"]} == {"[]"}
    assert scr_audit("compare", "one.json", "out.json", "-q", cwd=tmp_path).code == 0


def test_a_store_that_cannot_be_used_is_told_before_anything_is_judged(tmp_path: Path) -> None:
    (tmp_path / "h.sqlite").write_text("This is a letter, and no database at all.\n" * 40)
    _records(tmp_path / "cases.json", GOOD)
    done = scr_audit(
        *audit("cases.json", "-q", "-o", "run.json", "--store", "h.sqlite"), cwd=tmp_path
    )
    assert (done.code, done.err) == (
        2,
        "scr-audit: h.sqlite: is no store of scr-audit: it is another kind of file; name another\n"
        "Nothing was judged, and no report was written.\n",
    )
    assert not (tmp_path / "run.json").exists()


def test_a_run_that_is_refused_makes_no_store(tmp_path: Path) -> None:
    _records(tmp_path / "cases.json", {**GOOD, "extra": {"note": "NHS 9990000018"}})
    words = audit("cases.json", "-q", "--store", "later/h.sqlite")
    assert scr_audit(*words, cwd=tmp_path).code == 2
    assert not (tmp_path / "later").exists()
    (tmp_path / "h.sqlite").touch()
    assert scr_audit(*audit("cases.json", "-q", "--store", "h.sqlite"), cwd=tmp_path).code == 2
    assert (tmp_path / "h.sqlite").read_bytes() == b""


def test_a_new_store_that_cannot_be_made_is_told_before_anything_is_judged(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("Dear all")
    _records(tmp_path / "cases.json", GOOD)
    done = scr_audit(*audit("cases.json", "-q", "--store", "letter/h.sqlite"), cwd=tmp_path)
    assert (done.code, done.err) == (
        2,
        f"scr-audit: {tmp_path}/letter/h.sqlite: the folder {tmp_path}/letter is not a folder; "
        "make it, or name another place\nNothing was judged, and no report was written.\n",
    )


def test_an_empty_file_is_no_store_and_stays_empty(tmp_path: Path) -> None:
    (tmp_path / "h.sqlite").touch()
    said = (
        "scr-audit: h.sqlite: is no store yet: nothing is in it. Name another; the first run "
        "or action that is added makes it one\n"
    )
    for words in (("trend",), ("history", "list"), ("actions", "list")):
        done = scr_audit(*words, "--store", "h.sqlite", cwd=tmp_path)
        assert (done.code, done.err) == (2, said)
        assert (tmp_path / "h.sqlite").read_bytes() == b""


def test_where_the_store_fails_after_the_run_the_reports_stay_and_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The disk of the store fills up while the run is judged."""

    def full(*_: object, **__: object) -> str:
        raise InputError("h.sqlite: the store cannot be written: the disk is full")

    monkeypatch.setattr("scr_audit.store.add_run", full)
    monkeypatch.chdir(tmp_path)
    _records(tmp_path / "cases.json", GOOD)
    words = audit("cases.json", "-q", "-o", "run.json", "--store", "h.sqlite")
    assert run_app([str(word) for word in words]) == 2
    assert capsys.readouterr().err == (
        "scr-audit: h.sqlite: the store cannot be written: the disk is full\n"
        "The run was not added to the history; its reports stand.\n"
    )
    assert json.loads((tmp_path / "run.json").read_text())["format"] == "scr-audit/run"


def test_what_is_no_run_bundle_is_refused_and_nothing_is_added(tmp_path: Path) -> None:
    _made(tmp_path, "one", GOOD)
    write_json(tmp_path / "board.json", {"format": "scr-audit/board"})
    done = _history(tmp_path, "add", "one.json", "board.json")
    assert done.code == 2
    assert done.err.startswith("scr-audit: board.json: is the board edition of a run, ")
    assert not (tmp_path / "h.sqlite").exists()


def test_the_totals_are_kept_of_a_run_without_findings(tmp_path: Path) -> None:
    _made(tmp_path, "one", GOOD, more=("--totals-only",))
    done = _history(tmp_path, "add", "one.json", "--period", "2025Q4")
    assert done.err.startswith(
        "one.json: holds no findings (it was made with --totals-only); its totals are kept\n"
    )
    (row,) = json.loads(_history(tmp_path, "list", "--json").out)
    assert (row["detail"], row["period"]) == ("totals", "2025Q4")


@pytest.mark.parametrize("words", [("list",), ("export", "abc", "-o", "x.json")])
def test_a_store_that_is_not_there_is_told(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = _history(tmp_path, *words)
    said = "h.sqlite: there is no store yet; the first run or action that is added makes one"
    assert (done.code, done.err) == (2, f"scr-audit: {said}\n")


def _pack_that_tells_parts_by_name(folder: Path) -> str:
    schema = pack_files()["records.yaml"].replace(
        "    required: [name]\n", "    required: [name]\n    x-same-by: [name]\n", 1
    )
    return str(write_pack(folder / "pack", {"records.yaml": schema}))


def test_two_runs_of_the_store_are_compared_by_last(tmp_path: Path) -> None:
    more = ("--store", "h.sqlite", "--pack", _pack_that_tells_parts_by_name(tmp_path))
    _made(tmp_path, "one", GOOD, BAD, GOOD, more=more)
    _made(tmp_path, "two", BAD, GOOD, GOOD, more=(*more, "--as-of", "2026-04-01"))
    files = [
        word for suffix in ("json", "csv", "md", "html", "xlsx") for word in ("-o", f"c.{suffix}")
    ]
    done = scr_audit("compare", "last~1", "last", "--store", "h.sqlite", *files, cwd=tmp_path)
    assert done.code == 0, done.err
    found = json.loads((tmp_path / "c.json").read_text())
    changes = [(c["change"], c["record"], c["rule"]) for c in found["changes"]]
    assert ("regressed", "J0", "part-fitted") in changes
    assert ("closed", "J1", "part-fitted") in changes
    rows = list(csv.DictReader(io.StringIO((tmp_path / "c.csv").read_text("utf-8-sig"))))
    assert [(row["change"], row["record"], row["rule"]) for row in rows] == changes
    assert {row["unit"] for row in rows if row["unit_now"] == "/parts/0"} == {"part 1"}
    book = CalamineWorkbook.from_path(str(tmp_path / "c.xlsx"))
    assert book.sheet_names == ["Summary", "Rules", "Changes"]
    told = book.get_sheet_by_name("Changes").to_python()
    assert [row[1:3] for row in told[1:]] == [[rule, record] for _, record, rule in changes]
    done = scr_audit("trend", "--store", "h.sqlite", "-o", "t.xlsx", cwd=tmp_path)
    assert done.code == 0, done.err
    assert CalamineWorkbook.from_path(str(tmp_path / "t.xlsx")).sheet_names == [
        "Summary", "Rules", "Points",
    ]  # fmt: skip
    done = scr_audit("compare", "last~1", "last", "--store", "h.sqlite", cwd=tmp_path)
    assert "1 regressed" in done.out
    for name in ("c.md", "c.html"):
        assert "1 regressed" in (tmp_path / name).read_text()


def test_the_old_records_by_the_new_rules_split_a_change(tmp_path: Path) -> None:
    """The new rule asks nothing of recalled parts; then one part of two is fitted."""
    recalled = {"parts": [{"name": "bell", "worn": True, "fitted": True, "recalled": True}]}
    _made(tmp_path, "one", recalled, GOOD)
    pack = _pack_that_asks_less(tmp_path)
    _made(tmp_path, "two", BAD, GOOD, more=("--pack", pack))
    words = ("compare", "one.json", "two.json")
    done = scr_audit(*words, cwd=tmp_path)
    assert "Not comparable." in done.out
    done = scr_audit(
        *words, "--records", "one-cases.json", "--pack", pack, "-o", "c.json", cwd=tmp_path
    )
    assert done.code == 0, done.err
    found = json.loads((tmp_path / "c.json").read_text())
    split = next(row for row in found["rules"] if row["id"] == "part-fitted")["split"]
    assert (split["of_rule"], split["of_practice"]["difference"]) == (0.5, -0.5)
    done = scr_audit(*words, "--records", "one-cases.json", "--pack", str(SMALL_PACK), cwd=tmp_path)
    assert (done.code, done.err) == (
        2,
        "scr-audit: the rules that judged the old records are not those of the run of now; give "
        "the pack, the audit plan and the settings that it was made with\n",
    )


def test_the_pack_that_judged_the_old_records_is_told_where_they_are_others(tmp_path: Path) -> None:
    _made(tmp_path, "one", GOOD)
    done = scr_audit("compare", "one.json", "one.json", "--records", "one-cases.json", cwd=tmp_path)
    assert (done.code, done.err) == (
        2,
        "scr-audit: one-cases.json: has jobs; expected an object with 'cases', 'agencies', "
        "'actions' or 'recommendations'. They were read by the pack "
        "baby-f-2010+working-together; -p names another\n",
    )
    write_lines(tmp_path / "line.ndjson", {"id": "J1", "kind": "job"})
    done = scr_audit("compare", "one.json", "one.json", "--records", "line.ndjson", cwd=tmp_path)
    assert (done.code, done.err) == (
        2,
        "scr-audit: 0 of the old records could be judged, but the earlier run judged 1; give the "
        "records of that run. They were read by the pack "
        "baby-f-2010+working-together; -p names another\n",
    )


def _pack_that_asks_less(folder: Path) -> str:
    """The small pack, whose rule asks nothing of recalled parts."""
    rules = pack_files()["rules/1-parts.yaml"]
    changed = rules.replace("      sound: new_enough\n", "").replace(
        "define:\n  new_enough: not part.recalled\n", ""
    )
    assert changed != rules
    files = {name: text for name, text in pack_files().items() if name.startswith("rules/")}
    return str(write_pack(folder / "pack", {**files, "rules/1-parts.yaml": changed}))


def test_the_old_records_are_judged_anew_in_the_period_of_their_run(tmp_path: Path) -> None:
    plan_of(tmp_path, "rules: [part-fitted]\nperiod: {dates: {parts: fitted_on}}\n")
    part = {"name": "bell", "worn": True, "fitted": True, "recalled": True}
    both = {"parts": [{**part, "fitted_on": f"2025-0{month}-10"} for month in (1, 5)]}
    plan = ("--audit", "plan.yaml")
    pack = _pack_that_asks_less(tmp_path)
    _made(tmp_path, "one", both, more=(*plan, "--period", "2025Q1"))
    _made(tmp_path, "two", both, more=(*plan, "--period", "2025Q2", "--pack", pack))
    done = scr_audit(
        "compare", "one.json", "two.json", "--records", "one-cases.json", "--pack", pack, *plan,
        "-q", "-o", "c.json", cwd=tmp_path,
    )  # fmt: skip
    assert done.code == 0, done.err
    [row] = json.loads((tmp_path / "c.json").read_text())["rules"]
    assert row["split"]["old_records"] == {
        "met": 1, "not_met": 0, "not_evidenced": 0, "judged": 1, "records": 1,
        "records_met": 1, "records_not_met": 0,
    }  # fmt: skip


def _series(folder: Path, title: str = "Every replaced part is fitted") -> None:
    """Three quarters of four, the first two good."""
    _made(folder, "one", GOOD, BAD)
    bundle = json.loads((folder / "one.json").read_text())
    bundle["pack"]["title"] = title
    for rule in bundle["rules"]:
        rule["title"] = title
    for number, quarter in enumerate(("2025Q1", "2025Q2", "2025Q4")):
        bundle["as_of"] = f"2026-01-0{number + 1}"
        write_json(folder / f"{quarter}.json", bundle)
        done = _history(folder, "add", f"{quarter}.json", "--period", quarter)
        assert done.code == 0, done.err


def test_a_trend_shows_the_same_numbers_in_every_format(tmp_path: Path) -> None:
    _series(tmp_path)
    files = [word for suffix in ("json", "csv", "html", "md")
             for word in ("-o", f"t.{suffix}")]  # fmt: skip
    done = scr_audit("trend", "--store", "h.sqlite", "--rule", "part-fitted", *files, cwd=tmp_path)
    assert done.code == 0, done.err
    assert "No run is of 2025Q3: a gap, which is neither 0% nor filled in." in " ".join(
        done.out.split()
    )
    found = json.loads((tmp_path / "t.json").read_text())
    points = found["rules"][0]["stretches"][0]["points"]
    rows = list(csv.DictReader(io.StringIO((tmp_path / "t.csv").read_text("utf-8-sig"))))
    names = ("met", "not_met", "not_evidenced")
    told = [(p["at"], *(str(p[name]) for name in names)) for p in points]
    assert told == [(row["at"], *(row[name] for name in names)) for row in rows]
    assert told[2] == ("2025Q3", "0", "0", "0")
    counts = [
        f"{p['met']} met, {p['not_met']} not met" if p["share"] is not None else "–" for p in points
    ]
    lines = (tmp_path / "t.md").read_text().splitlines()
    for p, units in zip(points, counts, strict=True):
        assert any(line.startswith(f"| {p['at']} | {units} |") for line in lines)
    page = (tmp_path / "t.html").read_text()
    cells = re.findall(r'<th scope="row">([^<]*)</th><td>([^<]*)</td>', page)
    assert cells == [(p["at"], units) for p, units in zip(points, counts, strict=True)]
    shown = sum(p["share"] is not None for p in points)
    assert page.count("<circle") == 1 + shown  # one is the key's


def test_no_text_of_a_run_becomes_markup_a_formula_or_a_control_code(tmp_path: Path) -> None:
    _series(tmp_path, HOSTILE)
    done = scr_audit(
        "trend", "--store", "h.sqlite", "-o", "t.html", "-o", "t.csv", "-o", "t.md", cwd=tmp_path
    )
    compared = scr_audit(
        "compare", "2025Q1.json", "2025Q2.json",
        "-o", "c.html", "-o", "c.md", "-o", "c.csv", cwd=tmp_path,
    )  # fmt: skip
    assert (done.code, compared.code) == (0, 0), done.err + compared.err
    for name in ("t.html", "c.html"):
        page = (tmp_path / name).read_text()
        assert "<script>" not in page
        assert "=1+1<script>" in unescape(page)
    assert "\x1b[31m" not in done.out + compared.out
    for name in ("c.md", "t.md"):
        assert "<script>" not in (tmp_path / name).read_text()
    for name in ("t.csv", "c.csv"):
        cells = [c for row in csv.reader(io.StringIO((tmp_path / name).read_text())) for c in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]


def test_runs_that_overlap_are_told_and_one_may_be_left_out(tmp_path: Path) -> None:
    _series(tmp_path)
    bundle = json.loads((tmp_path / "2025Q1.json").read_text())
    bundle["as_of"] = "2025-05-05"
    write_json(tmp_path / "again.json", bundle)
    _history(tmp_path, "add", "again.json", "--period", "2025-02")
    done = scr_audit("trend", "--store", "h.sqlite", cwd=tmp_path)
    assert done.code == 2
    said = re.match(r"scr-audit: (\w+) \(2025-02\) and \w+ \(2025Q1\) overlap: ", done.err)
    assert said, done.err
    left = ("--without", said[1])
    assert scr_audit("trend", "--store", "h.sqlite", *left, cwd=tmp_path).code == 0


def test_a_report_is_not_written_over_the_store(tmp_path: Path) -> None:
    path = tmp_path / "runs.json"
    cases = write_json(tmp_path / "cases.json", [job("J1")])
    result = scr_audit(*audit(cases), "-o", path, "--store", path)
    assert (result.code, result.out) == (2, "")
    assert result.err == f"scr-audit: {path}: is the store of runs too; name another file\n"
    assert not path.exists()
