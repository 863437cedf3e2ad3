"""`agree`, `moderate` and `run --moderated-from`: two readings compared, decided and judged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import DAY, SMALL, Result, job, scr_audit, write_json
from jsonschema import Draft202012Validator

from scr_audit.runs.stored import read_bundle
from scr_audit.schemas import json_schema

MODERATE = ("moderate", "a.json", "b.json", "-o", "m.json", "--decisions", "d.yaml", *SMALL)
AGREE = ("agree", "a.json", "b.json", *SMALL, *DAY)
PART = {"name": "chain", "worn": True, "recalled": False}


@pytest.fixture
def readings(tmp_path: Path) -> Path:
    first = job("J1", safe=True, paid=True, parts=[{**PART, "fitted": True}])
    second = job("J1", safe=False, paid=True, wheels=2, parts=[{**PART, "fitted": True}])
    dates = {"booked_on": "2026-01-01"}
    write_json(tmp_path / "a.json", {"jobs": [{**first, **dates, "returned_on": "2026-01-03"}]})
    write_json(tmp_path / "b.json", {"jobs": [{**second, **dates, "returned_on": "2026-09-03"}]})
    return tmp_path


def decide(folder: Path, takes: dict[str, str]) -> None:
    """Fill in the file of decisions; `takes` gives the lines of an entry by its fact."""
    made: list[str] = []
    fact = ""
    for line in (folder / "d.yaml").read_text("utf-8").splitlines():
        fact = line.removeprefix("  fact: ") if line.startswith("  fact:") else fact
        filled = {
            "  take:": takes.get(fact, "  take:"),
            "  reason:": "  reason: seen in the ledger",
            "  by_role:": "  by_role: moderator",
            "  'on':": "  'on': 2026-02-01",
        }
        made.append(filled.get(line, line) if fact in takes else line)
    (folder / "d.yaml").write_text("\n".join(made) + "\n", "utf-8")


ALL = {"safe": "  take: 2", "wheels": "  take: neither", "returned_on": "  take: 1"}


def moderated(folder: Path, takes: dict[str, str] = ALL, *more: str) -> Result:
    assert scr_audit(*MODERATE, cwd=folder).code == 2
    decide(folder, takes)
    return scr_audit(*MODERATE, *more, cwd=folder)


def first_job(folder: Path) -> dict[str, Any]:
    [found] = json.loads((folder / "m.json").read_text("utf-8"))["jobs"]
    return dict(found)


def test_agree_tells_how_far_they_agree_in_every_format(readings: Path) -> None:
    outputs = [f"agreement{suffix}" for suffix in (".json", ".md", ".html", ".csv", ".xlsx")]
    words = [word for name in outputs for word in ("-o", name)]
    before = [(readings / name).read_bytes() for name in ("a.json", "b.json")]
    done = scr_audit(*AGREE, *words, cwd=readings)
    assert done.code == 0, done.err
    assert done.out.splitlines()[0].startswith("1 record read by both auditors; ")
    assert done.out.splitlines()[0].endswith(
        " answers compared, 3 disagreements. What neither recorded is no agreement and is left out "
        "(13)."
    )
    assert before == [(readings / name).read_bytes() for name in ("a.json", "b.json")]
    found = json.loads((readings / "agreement.json").read_text("utf-8"))
    assert found["format"] == "scr-audit/agreement"
    assert [item["fact"] for item in found["disagreements"]] == ["safe", "wheels", "returned_on"]
    for name in ("agreement.md", "agreement.html", "agreement.csv"):
        text = (readings / name).read_text("utf-8-sig")
        assert "Was the bicycle safe to ride?" in text, name
        assert "only the second recorded it" in text, name
    assert "no kappa: all answers are equal" in (readings / "agreement.md").read_text("utf-8")


def test_an_agreement_follows_its_schema(readings: Path) -> None:
    both = json.loads((readings / "a.json").read_text("utf-8"))["jobs"]
    write_json(readings / "a.json", {"jobs": [*both, {**both[0], "id": "J9"}]})
    done = scr_audit(*AGREE, "-o", "agreement.json", cwd=readings)
    assert (done.code, done.err.splitlines()[-1]) == (
        2,
        "scr-audit: 1 record read by one of the two alone, so that the readings are not of the "
        "same sample",
    )
    found = json.loads((readings / "agreement.json").read_text("utf-8"))
    schema = Draft202012Validator(json_schema("agreement"))
    assert [error.message for error in schema.iter_errors(found)] == []
    assert len(found["first"]["only_here"]) == 1
    del found["disagreements"][0]["how"]
    assert not schema.is_valid(found)


def test_the_workbook_has_the_disagreements_for_a_moderator(readings: Path) -> None:
    from python_calamine import CalamineWorkbook

    assert scr_audit(*AGREE, "-o", "agreement.xlsx", cwd=readings).code == 0
    book = CalamineWorkbook.from_path(readings / "agreement.xlsx")
    assert book.sheet_names == [
        "Summary", "Agreement by rule", "Agreement by fact", "Disagreements",
        "Verdicts that differ",
    ]  # fmt: skip
    rows = book.get_sheet_by_name("Disagreements").to_python()
    assert rows[1][:6] == [
        "J1", "/safe", "Was the bicycle safe to ride?", "they differ", "yes", "no",
    ]  # fmt: skip


def test_the_same_readings_give_the_same_bytes(readings: Path) -> None:
    names = ("one.xlsx", "two.xlsx", "one.html", "two.html")
    words = [word for name in names for word in ("-o", name)]
    assert scr_audit(*AGREE, *words, cwd=readings).code == 0
    one, two, three, four = ((readings / name).read_bytes() for name in names)
    assert (one, three) == (two, four)


def test_records_of_one_reading_alone_are_told_and_the_exit_code_is_2(readings: Path) -> None:
    write_json(readings / "b.json", {"jobs": [{"id": "J1"}, {"id": "J9"}]})
    done = scr_audit(*AGREE, "-o", "agreement.md", cwd=readings)
    assert done.code == 2
    said = "1 record read by the second auditor only, so not compared: J9."
    assert said in done.out.splitlines()
    assert (readings / "agreement.md").exists()


def test_two_samples_with_nothing_in_common_are_refused(readings: Path) -> None:
    write_json(readings / "b.json", {"jobs": [{"id": "J9"}]})
    done = scr_audit(*AGREE, "-o", "agreement.md", cwd=readings)
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "scr-audit: a.json and b.json have no record in common: nothing to compare. The same "
        "record has the same id in both\n"
    )
    assert not (readings / "agreement.md").exists()


@pytest.mark.parametrize("command", [AGREE, MODERATE[:3] + MODERATE[5:]])
def test_a_reading_is_never_written_over(readings: Path, command: tuple[str, ...]) -> None:
    before = (readings / "a.json").read_bytes()
    done = scr_audit(*command, "-o", "a.json", cwd=readings)
    assert (done.code, done.err) == (
        2, "scr-audit: a.json: is one of the files that are read; name another file\n"
    )  # fmt: skip
    assert (readings / "a.json").read_bytes() == before


def test_moderate_asks_about_all_in_which_they_differ(readings: Path) -> None:
    done = scr_audit(*MODERATE, cwd=readings)
    assert done.code == 2
    assert "conflict: J1: /wheels: wheels?\n    not recorded (a.json, /jobs/0)" in done.err
    assert done.err.endswith(
        "scr-audit: 3 conflicts; wrote d.yaml: fill it in, and run the same command again\n"
    )
    assert not (readings / "m.json").exists()


def test_what_is_decided_is_written(readings: Path) -> None:
    done = moderated(readings)
    assert (done.code, done.err) == (0, "wrote m.json: 1 record\n")
    found = first_job(readings)
    assert (found["safe"], found["returned_on"]) == (False, "2026-01-03")
    assert "wheels" not in found


def test_a_moderator_may_decide_for_a_value_of_their_own(readings: Path) -> None:
    own = {**ALL, "returned_on": "  take: own\n  value: 2026-01-05"}
    assert moderated(readings, own).code == 0
    assert first_job(readings)["returned_on"] == "2026-01-05"


def test_what_is_undecided_stops_it_or_is_left_out_and_told(readings: Path) -> None:
    some = {name: ALL[name] for name in ("safe", "wheels")}
    stopped = moderated(readings, some)
    assert stopped.code == 2
    assert "1 conflict that d.yaml does not decide; nothing was written" in stopped.err
    done = scr_audit(*MODERATE, "--leave-undecided", cwd=readings)
    assert (done.code, done.err) == (
        0,
        "left undecided, and so not recorded: J1: /returned_on\nwrote m.json: 1 record\n",
    )
    assert "returned_on" not in first_job(readings)


def test_moderate_refuses_a_record_that_was_read_once(readings: Path) -> None:
    write_json(readings / "b.json", {"jobs": [{"id": "J9"}]})
    done = scr_audit(*MODERATE, cwd=readings)
    assert (done.code, done.err) == (
        2,
        "scr-audit: b.json: lacks 1 record of the sample: J1. Both auditors read the same "
        "records; see 'agree'\n",
    )


def test_items_of_one_reading_alone_are_decided_on(readings: Path) -> None:
    write_json(readings / "a.json", {"jobs": [job("J1", parts=[PART])]})
    write_json(readings / "b.json", {"jobs": [job("J1", parts=[PART, {"name": "bell"}])]})
    assert moderated(readings, {"parts": "  take: both"}).code == 0
    assert first_job(readings)["parts"] == [PART, {"name": "bell"}]


def run(folder: Path, *words: str) -> Result:
    readings = ("--moderated-from", "a.json", "--moderated-from", "b.json")
    return scr_audit("run", "m.json", *readings, *SMALL, *DAY, *words, cwd=folder)


def test_a_run_tells_what_moderation_changed(readings: Path) -> None:
    moderated(readings)
    before = [(readings / name).read_bytes() for name in ("a.json", "b.json", "m.json", "d.yaml")]
    done = run(readings, "-o", "r.json", "-o", "r.html", "-o", "r.md", "-o", "r.xlsx")
    assert done.code == 0, done.err
    after = [(readings / name).read_bytes() for name in ("a.json", "b.json", "m.json", "d.yaml")]
    assert after == before
    found = read_bundle(readings / "r.json")["moderation"]
    assert [(d["pointer"], d["decided"]) for d in found["decisions"]] == [
        ("/returned_on", "2026-01-03"), ("/safe", False), ("/wheels", None),
    ]  # fmt: skip
    assert found["decisions"][1]["question"] == "Was the bicycle safe to ride?"
    assert found["rules"] == [
        {"rule": "back-in-time", "units": 1, "first_second": 1, "first_moderated": 0,
         "second_moderated": 1}
    ]  # fmt: skip
    sentence = (
        "1 record read by two auditors and moderated: 3 facts decided. By their own readings the "
        "two auditors differ on 1 verdict; moderation changed 0 of the first auditor's verdicts "
        "and 1 of the second's."
    )
    assert sentence in " ".join(done.out.split())
    assert sentence in (readings / "r.md").read_text("utf-8")
    html = (readings / "r.html").read_text("utf-8")
    assert sentence.replace("'", "&#39;") in html
    assert "<td><bdi>seen in the ledger</bdi></td>" in html


def test_one_reading_alone_is_refused(readings: Path) -> None:
    words = ("run", "a.json", "--moderated-from", "b.json", *SMALL, *DAY)
    done = scr_audit(*words, cwd=readings)
    assert (done.code, done.err) == (
        2,
        "scr-audit: --moderated-from: names the reading of one auditor; give it twice, the first "
        "one first\n",
    )
