"""`scr-audit merge`: an import and a form of one case, decided where they differ, and judged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import SMALL, scr_audit, write_json
from form_filling import answers, form_of, saved

from scr_audit import load_pack
from scr_audit.report.wording import origin_text

SAMPLE = Path(__file__).parents[1] / "data" / "national" / "cin-census-2022-sample.xml"
MERGE = ("merge", "a.json", "b.json", "-o", "m.json", *SMALL)


def decided(path: Path, **filled: str) -> None:
    """Fill in the first decision of a file, as with an editor."""
    text = path.read_text("utf-8")
    for name, value in filled.items():
        shown = "'on'" if name == "on" else name
        text = text.replace(f"  {shown}:\n", f"  {shown}: {value}\n", 1)
    path.write_text(text, "utf-8")


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    write_json(tmp_path / "a.json", {"jobs": [{"id": "J1", "safe": True, "paid": True}]})
    write_json(tmp_path / "b.json", {"jobs": [{"id": "J1", "safe": False}, {"id": "J2"}]})
    return tmp_path


def test_an_import_and_a_form_become_a_record_that_names_both(tmp_path: Path) -> None:
    assert scr_audit("import", SAMPLE, "-o", "s.json", cwd=tmp_path).code == 0
    skeleton = json.loads((tmp_path / "s.json").read_text("utf-8"))["cases"][0]
    form = form_of(load_pack(), "case")
    told = {
        "id": skeleton["id"],
        "section_47_enquiries": [
            {
                "start": "1970-06-02",
                "strategy_discussion_date": "1970-06-02",
                "outcome_reasoned": True,
            }
        ],
        "conferences": [{"date": "1970-06-17", "type": "initial", "unanimous": True}],
    }
    saved(tmp_path / "form.xlsx", form, answers(form.layout, told))
    done = scr_audit("merge", "s.json", "form.xlsx", "-o", "m.json", cwd=tmp_path)
    assert done.code == 0, done.err
    [case] = json.loads((tmp_path / "m.json").read_text("utf-8"))["cases"]
    assert case["section_47_enquiries"][0] == {
        **skeleton["section_47_enquiries"][0],
        "outcome_reasoned": True,
    }
    assert len(case["conferences"]) == len(skeleton["conferences"])
    files = ("-o", "run.json", "-o", "report.html", "-q")
    assert scr_audit("run", "m.json", *files, cwd=tmp_path).code == 0
    bundle = json.loads((tmp_path / "run.json").read_text("utf-8"))
    facts = {
        fact["pointer"]: fact["provenance"]
        for finding in bundle["findings"]
        for fact in finding["facts"]
        if fact.get("provenance")
    }
    day = facts["/section_47_enquiries/0/strategy_discussion_date"]
    assert day["file"] == SAMPLE.name
    assert "Section47/" in day["place"]
    [also] = day["also"]
    assert (also["file"], also["role"], also["on"]) == (
        "form.xlsx",
        "reviewing officer",
        "2026-05-04",
    )
    assert facts["/section_47_enquiries/0/outcome_reasoned"]["role"] == "reviewing officer"
    of_open = [
        fact["provenance"]
        for finding in bundle["findings"]
        if finding["outcome"] == "not_evidenced"
        for fact in finding["facts"]
        if fact["value"] is not None and fact.get("provenance")
    ]
    page = (tmp_path / "report.html").read_text("utf-8")
    assert of_open
    assert all(origin_text(each).replace("'", "&#39;") in page for each in of_open)


def test_a_conflict_is_shown_and_nothing_is_written(sources: Path) -> None:
    done = scr_audit(*MERGE, cwd=sources)
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "conflict: J1: /safe: Was the bicycle safe to ride?\n"
        "    yes (a.json, /jobs/0)\n"
        "    no (b.json, /jobs/0)\n"
        "scr-audit: 1 conflict; nothing was written. Mend a source, or name a file to decide them "
        "in: --decisions decisions.yaml\n"
    )
    assert not (sources / "m.json").exists()


def test_a_decision_with_reason_role_and_day_is_kept_with_what_was_said(sources: Path) -> None:
    words = (*MERGE, "--decisions", "d.yaml")
    first = scr_audit(*words, cwd=sources)
    assert first.code == 2
    assert first.err.endswith(
        "scr-audit: 1 conflict; wrote d.yaml: fill it in, and run the same command again\n"
    )
    decided(sources / "d.yaml", take="2", reason="the invoice says so", by_role="manager",
            on="2026-05-05")  # fmt: skip
    before = [(sources / name).read_bytes() for name in ("a.json", "b.json", "d.yaml")]
    done = scr_audit(*words, cwd=sources)
    assert (done.code, done.err) == (0, "wrote m.json: 2 records\n")
    assert before == [(sources / name).read_bytes() for name in ("a.json", "b.json", "d.yaml")]
    job = json.loads((sources / "m.json").read_text("utf-8"))["jobs"][0]
    assert (job["safe"], job["paid"]) == (False, True)
    assert job["provenance"]["/safe"]["note"] == "the invoice says so"
    assert scr_audit("run", "m.json", *SMALL, "-o", "r.json", "-q", cwd=sources).code == 0


def test_a_decision_that_is_wrong_is_refused(sources: Path) -> None:
    words = (*MERGE, "--decisions", "d.yaml")
    scr_audit(*words, cwd=sources)
    decided(sources / "d.yaml", take="2", reason="r", by_role="m", on="2199-05-04")
    done = scr_audit(*words, cwd=sources)
    assert done.code == 2
    assert done.err.startswith("d.yaml:")
    assert "is more than 20 years after" in done.err
    assert not (sources / "m.json").exists()


def test_a_decision_on_what_has_changed_since_is_refused(sources: Path) -> None:
    words = (*MERGE, "--decisions", "d.yaml")
    scr_audit(*words, cwd=sources)
    write_json(sources / "b.json", {"jobs": [{"id": "J1", "safe": True}]})
    done = scr_audit(*words, cwd=sources)
    assert done.code == 2
    assert done.err == (
        "scr-audit: d.yaml: 1 entry that the sources do not differ in (any more); delete or mend "
        "them\n  d.yaml:9: safe of J1\n"
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"jobs": [{"id": "J1"}, {"id": "J1"}]}, "b.json, /jobs/1: an earlier record of this file"),
        ({"jobs": [{"id": "J1", "saef": True}]}, "b.json, /jobs/0: nothing was written\n  /saef"),
        ({"jobs": []}, "b.json: there are no records in it"),
    ],
)
def test_bad_sources_are_refused(sources: Path, content: dict[str, Any], said: str) -> None:
    write_json(sources / "b.json", content)
    done = scr_audit(*MERGE, cwd=sources)
    assert done.code == 2
    assert said in done.err
    assert not (sources / "m.json").exists()


def test_an_input_is_never_written_over(sources: Path) -> None:
    done = scr_audit("merge", "a.json", "b.json", "-o", "a.json", *SMALL, cwd=sources)
    assert (done.code, done.err) == (
        2,
        "scr-audit: a.json: is one of the files that are read; name another file\n",
    )


def test_records_of_different_kinds_are_different_things(sources: Path) -> None:
    write_json(sources / "b.json", {"depots": [{"id": "J1", "name": "North"}]})
    done = scr_audit(*MERGE, cwd=sources)
    assert (done.code, done.err) == (0, "wrote m.json: 2 records\n")
    assert set(json.loads((sources / "m.json").read_text("utf-8"))) == {"jobs", "depots"}
