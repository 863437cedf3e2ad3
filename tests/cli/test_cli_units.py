"""A unit is known by its key: items that move in a list change neither exceptions nor changes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import Result, scr_audit

DATA = Path(__file__).parents[1] / "data" / "units"
PACK = ("--pack", str(DATA / "starter-pack"))
DAY = ("--as-of", "2026-09-01")
ADD = (
    "exceptions", "add", "e.yaml", "--rule", "referral-answered", "--record", "C1", "--records",
    str(DATA / "exception-approved-for.json"), "--reason", "flood", "--by-role", "Board chair",
    "--from", "2026-01-01", "--until", "2026-12-31", *PACK,
)  # fmt: skip
ENTRY = """\
exceptions:
  - rule: referral-answered
    record: C1
    unit: {received_on: 2026-05-05, answered_on: 2026-08-03, reasons_given: true}
    reason: flood
    approved_by_role: Board chair
    from: 2026-01-01
    until: 2026-12-31
"""


def judged(folder: Path, records: str, *more: str) -> Result:
    return scr_audit("run", DATA / records, *PACK, *DAY, "-o", records, *more, cwd=folder)


def outcomes(folder: Path, records: str) -> dict[str, str]:
    found = json.loads((folder / records).read_text())["findings"]
    return {finding["unit"]: finding["outcome"] for finding in found}


def test_an_exception_stays_with_its_unit_when_a_newer_one_comes_first(tmp_path: Path) -> None:
    done = scr_audit(*ADD, "--unit", "/referrals/0", cwd=tmp_path)
    assert (done.code, done.out, done.err) == (
        0, "",
        "e.yaml: added: referral-answered, C1, referral of 5 May 2026, answered on 3 August 2026, "
        "reasons given yes, from 1 January 2026 until 31 December 2026\n",
    )  # fmt: skip
    assert (tmp_path / "e.yaml").read_text() == ENTRY
    assert judged(tmp_path, "exception-after-insert.json", "--exceptions", "e.yaml").code == 0
    assert outcomes(tmp_path, "exception-after-insert.json") == {
        "/referrals/0": "not_met", "/referrals/1": "excepted",
    }  # fmt: skip


def test_an_exception_for_a_unit_that_is_met_is_said_to_do_nothing(tmp_path: Path) -> None:
    record = json.loads((DATA / "exception-approved-for.json").read_text("utf-8"))
    record["cases"][0]["referrals"][0]["answered_on"] = "2026-05-06"
    (tmp_path / "met.json").write_text(json.dumps(record), "utf-8")
    changed = tuple("met.json" if word == ADD[8] else word for word in ADD)
    done = scr_audit(*changed, cwd=tmp_path)
    assert (done.code, done.out, done.err) == (
        0, "",
        "e.yaml: added: referral-answered, C1, every unit, from 1 January 2026 until 31 December "
        "2026. As of 31 December 2026 it is met; the exception does nothing unless it is not met\n",
    )  # fmt: skip
    (tmp_path / "e.yaml").unlink()
    done = scr_audit(*changed, "--unit", "/referrals/0", cwd=tmp_path)
    assert done.err == (
        "e.yaml: added: referral-answered, C1, referral of 5 May 2026, answered on 6 May 2026, "
        "reasons given yes, from 1 January 2026 until 31 December 2026. As of 31 December "
        "2026 it is met; the exception does nothing unless it is not met\n"
    )


@pytest.mark.parametrize(
    ("unit", "told"),
    [
        ("{received_on: 2026-04-01}",
         "referral of 1 April 2026: no unit of this rule in the record has this key"),
        ("{reasons_given: true}",
         "referral reasons given yes: several units of this rule in the record have this key"),
    ],
)  # fmt: skip
def test_an_exception_that_fits_no_unit_or_several_does_nothing_and_says_so(
    tmp_path: Path, unit: str, told: str
) -> None:
    text = ENTRY.replace(ENTRY.splitlines()[3], f"    unit: {unit}")
    (tmp_path / "e.yaml").write_text(text, "utf-8")
    done = judged(tmp_path, "positions-then.json", "--exceptions", "e.yaml")
    assert done.code == 0, done.err
    said = " ".join(done.out.split())
    assert "1 of them fit no unit, or several, and did nothing." in said
    assert f"referral-answered, C1: {told}: it did nothing" in said
    assert "excepted" not in outcomes(tmp_path, "positions-then.json").values()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (("--unit", "/referrals/1"),
         "scr-audit: --unit /referrals/1: no unit fits. The units of referral-answered in C1: "
         "/referrals/0 (received_on=2026-05-05, answered_on=2026-08-03, reasons_given=yes)\n"),
        (("--record", "C2"),
         "scr-audit: --record C2: no such case record could be judged in "
         f"{DATA / 'exception-approved-for.json'}.\n"),
        (("--rule", "referral-answer"),
         "scr-audit: --rule referral-answer: the pack my-pack has no such rule. Did you mean "
         "'referral-answered'?\n"),
        (("--until", "soon"),
         "scr-audit: --until soon: it is not written year-month-day; expected a day such as "
         "2026-11-24\n"),
    ],
)  # fmt: skip
def test_what_cannot_be_added_is_told_and_nothing_is_written(
    tmp_path: Path, changed: tuple[str, ...], told: str
) -> None:
    done = scr_audit(*ADD, *changed, cwd=tmp_path)
    assert (done.code, done.out, done.err) == (2, "", told)
    assert list(tmp_path.iterdir()) == []
