"""A run bundle of a realistic size, wholly invented, for the tests of reports."""

import hashlib
import json
from collections.abc import Iterator
from math import sqrt
from random import Random
from typing import Any

OUTCOMES = ("met", "not_met", "not_evidenced", "not_applicable", "excepted", "error")
JUDGED = OUTCOMES[:3]
SCRIPT = "<script>alert('x')</script>{{ 7 * 7 }}{% raw %}"
CONTROLS = "bell\x07 escape\x1b[31mred\x1b[0m nul\x00 override\u202eevil [bold]markup[/bold]"
HEBREW = "שלום עולם"
LONG = "very long " * 500
HOSTILE = (SCRIPT, CONTROLS, HEBREW, LONG, '"><img src=x onerror=alert(1)>', "\ud800 lone")

_SUBJECTS = (
    ("conference", "conferences", "Each conference", "is attended by all who know the family"),
    ("plan", "plans", "Each plan", "is written so that its actions can be checked"),
    ("visit", "visits", "Each home visit", "is recorded with who was seen alone"),
    ("assessment", "assessments", "Each assessment", "includes the father and other men"),
    ("enquiry", "enquiries", "Each enquiry", "is decided within the time allowed"),
    ("case", "cases", "The case", "is read by a manager before a decision to close"),
)
_AGENCIES = ("Safeguarding board", "Police", "Social care", "Health visiting", "Housing")
_QUESTIONS = {
    "recorded": "Is it recorded in the minutes, with the date and the people present?",
    "owner_named": "Does the record say who is responsible for it?",
    "in_time": "Was it done within the time that the procedure allows?",
    "seen_by_chair": "Did the chair look at it and say so in the record?",
}


def sample_bundle(*, records: int = 20, rules: int = 30, seed: int = 7) -> dict[str, Any]:
    """The same bundle for the same arguments; about 1,000 findings as it stands."""
    random = Random(seed)  # noqa: S311 - invented data, repeatable
    cases = [_record_id(number) for number in range(1, records + 1)]
    made = [_rule(number) for number in range(rules)]
    findings = [
        finding for rule in made for case in cases for finding in _findings(rule, case, random)
    ]
    for rule in made:
        _count_rule(rule, [finding for finding in findings if finding["rule"] == rule["id"]])
    return {
        **_frame(len(cases)),
        "totals": _totals(findings, cases),
        "recommendations": list(_recommendations(made, findings)),
        "rules": made,
        "records": [
            {
                "id": case,
                "kind": "case",
                "totals": _units(f for f in findings if f["record"] == case),
                "events": _events(case),
            }
            for case in cases
        ],
        "findings": findings,
    }


def _record_id(number: int) -> str:
    return {4: "C04 <b>&amp;", 5: f"C05 {HEBREW}"}.get(number, f"C{number:02}")


def _frame(judged: int) -> dict[str, Any]:
    return {
        "format": "scr-audit/run",
        "format_version": 2,
        "engine": {"name": "scr-audit", "version": "0.1.0"},
        "pack": {
            "id": "invented-review",
            "version": "0.1.0",
            "title": "Invented review: what was agreed, and whether it is done",
            "sha256": hashlib.sha256(b"pack").hexdigest(),
            "source": {"title": "An invented review", "publisher": "Nobody", "date": "2010-07-12"},
            "licence": "MIT",
            "kinds": {"case": "cases"},
        },
        "plan": None,
        "compared": None,
        "as_of": "2026-11-24",
        "input": {
            "files": [{"name": "cases.json", "sha256": hashlib.sha256(b"cases").hexdigest()}],
            "records": {"read": judged + 1, "judged": judged, "left_out": 1,
                        "by_kind": {"case": judged}},
        },
        "parameters": [
            {"name": "conference_days", "title": "Days from an enquiry to its conference",
             "unit": "working days", "source": "An invented procedure, section 3",
             "overridden": True,
             "values": [{"from": None, "value": 10}, {"from": "2010-03-01", "value": 15}]},
            {"name": "needs_chair", "title": "Whether the chair must sign", "unit": "",
             "source": "A local decision", "overridden": False,
             "values": [{"from": None, "value": True}]},
        ],
        "left_out": [
            {"file": "cases.json", "position": "/cases/3", "record": "C99 <i>",
             "problems": [
                 {"pointer": "/conferences/0/date", "message": f"'{SCRIPT}' is not a date"},
                 {"pointer": "/plans", "message": "should be a list, not a number"},
             ]},
        ],
    }  # fmt: skip


def _rule(number: int) -> dict[str, Any]:
    unit, units, subject, wish = _SUBJECTS[number % len(_SUBJECTS)]
    names = list(_QUESTIONS)[: 1 + number % 4]
    return {
        "id": f"{unit}-check-{number + 1}",
        "recommendation": f"5.{1 + number // 2}",
        "see": ["3.12", "4.6"][: number % 3],
        "title": f"{subject} {wish}" if number != 2 else f"{subject}: {SCRIPT}",
        "record": "case",
        "severity": ("high", "medium", "low")[number % 3],
        "unit": unit,
        "unit_plural": units,
        "advice": "Ask the lead for the minutes, and record what they say." if number % 2 else None,
        "criteria": names,
        "location": f"rules/{1 + number // 10}-part.yaml:{12 + 9 * number}",
        "standard": None,
    }


def _findings(rule: dict[str, Any], case: str, random: Random) -> Iterator[dict[str, Any]]:
    if rule["unit"] == "case":
        yield _finding(rule, case, "", random)
        return
    number = random.choice((0, 1, 2, 2, 3))
    for index in range(number):
        yield _finding(rule, case, f"/{rule['unit_plural']}/{index}", random)
    if not number:
        empty = {"rule": rule["id"], "record": case, "unit": f"/{rule['unit_plural']}",
                 "key": [], "key_named": True, "criteria": {}, "exception": None,
                 "facts": [], "missing": [], "remedy": None, "late": []}  # fmt: skip
        yield {**empty, "outcome": "not_applicable", "reason": f"No {rule['unit_plural']}."}


def _finding(rule: dict[str, Any], case: str, unit: str, random: Random) -> dict[str, Any]:
    key = [{"date": "2026-05-04", "number": int(unit.rpartition("/")[2])}] if unit else []
    base = {"rule": rule["id"], "record": case, "unit": unit, "key": key, "key_named": True,
            "exception": None}  # fmt: skip
    draw = random.random()
    if draw < 0.12 or rule["id"].endswith("-8"):
        return {**base, "outcome": "not_applicable", "criteria": {}, "facts": [], "missing": [],
                "remedy": None, "late": [],
                "reason": "The rule does not apply: no adult was on bail."}  # fmt: skip
    if draw < 0.125:
        return {**base, "outcome": "error", "criteria": {}, "facts": [], "missing": [],
                "remedy": None, "late": [],
                "reason": "The software failed: division by zero."}  # fmt: skip
    values = {
        name: random.choice((True, True, True, True, False, None)) for name in rule["criteria"]
    }
    facts = [
        {"pointer": f"{unit}/{name}", "value": value, "question": _QUESTIONS[name]}
        for name, value in values.items()
    ]
    facts.append({"pointer": f"{unit}/note", "value": _note(random), "question": "What was noted?"})
    outcome = _outcome(values, random)
    return {
        **base,
        "outcome": outcome,
        "criteria": {name: _criterion(value) for name, value in values.items()},
        "exception": "child_born_after" if outcome == "excepted" else None,
        "facts": facts,
        "missing": [fact["pointer"] for fact in facts if fact["value"] is None],
        "reason": _reason(values),
        "remedy": None if outcome == "met" else _remedy(unit, values),
        "late": [{"pointer": f"{unit}/date", "due": "2026-05-01", "text": "3 working days late"}]
        if values.get("in_time") is False
        else [],
    }


def _remedy(unit: str, values: dict[str, bool | None]) -> dict[str, Any]:
    wrong = [name for name, value in values.items() if value is not True]
    said = " and ".join(f"“{_QUESTIONS[name]}” had been yes" for name in wrong)
    return {
        "changes": [
            {
                "pointer": f"{unit}/{name}",
                "question": _QUESTIONS[name],
                "now": values[name],
                "then": True,
                "only": True,
            }
            for name in wrong
        ],
        "text": f"Met if {said}.",
    }


def _events(case: str) -> list[dict[str, Any]]:
    """Two of every sort, earliest first; one of them with an end, one imprecise."""
    start = 1 + sum(case.encode()) % 12
    found = [
        {"pointer": f"/{units}/{index}", "name": unit,
         "date": f"2026-{(start + 2 * number) % 12 + 1:02}" + ("" if number == 4 else "-05"),
         "until": "2026-12-24" if unit == "plan" else None}
        for number, (unit, units, _, _) in enumerate(_SUBJECTS[:5])
        for index in range(2)
    ]  # fmt: skip
    undated = {"pointer": "/visits/2", "name": "visit", "date": None, "until": None}
    return [*sorted(found, key=lambda event: (event["date"], event["pointer"])), undated]


def _note(random: Random) -> Any:
    if random.random() < 0.03:
        return random.choice(HOSTILE)
    return random.choice(("2026-05-04", 3, [], ["police", "health"], "seen at home"))


def _criterion(value: bool | None) -> str:
    return {True: "met", False: "not_met", None: "not_evidenced"}[value]


def _outcome(values: dict[str, bool | None], random: Random) -> str:
    if False in values.values():
        return "excepted" if random.random() < 0.1 else "not_met"
    return "not_evidenced" if None in values.values() else "met"


def _reason(values: dict[str, bool | None]) -> str:
    met = sum(value is True for value in values.values())
    start = f"{met} of {len(values)} criteria met."
    failed = [name.replace("_", " ") for name, value in values.items() if value is False]
    silent = [name.replace("_", " ") for name, value in values.items() if value is None]
    if failed:
        start += f" Recorded as not done: {', '.join(failed)}."
    return start + (f" The record does not say: {', '.join(silent)}." if silent else "")


def _units(findings: Any) -> dict[str, int]:
    outcomes = [finding["outcome"] for finding in findings]
    return {name: outcomes.count(name) for name in OUTCOMES}


def _count_rule(rule: dict[str, Any], findings: list[dict[str, Any]]) -> None:
    judged: dict[str, set[str]] = {}
    for finding in findings:
        if finding["outcome"] in JUDGED:
            judged.setdefault(finding["record"], set()).add(finding["outcome"])
    rule["totals"] = {
        **_units(findings),
        "records": len(judged),
        "records_met": sum(found == {"met"} for found in judged.values()),
        "records_not_met": sum("not_met" in found for found in judged.values()),
    }
    rule["rates"] = rates(rule["totals"])
    if rule["severity"] == "high":
        rule["standard"] = {"share": 0.9, "verdict": _verdict(rule["rates"])}


def _verdict(found: dict[str, Any]) -> str:
    if found["interval"] is None:
        return "no_rate"
    low, high = found["interval"]
    return "met" if low >= 0.9 else "below" if high < 0.9 else "cannot_tell"


def rates(totals: dict[str, int]) -> dict[str, Any]:
    """The rates of some counts, by the formulas of the run bundle."""
    met, failed, silent = (totals[name] for name in JUDGED)
    judged = met + failed + silent
    if not judged:
        return dict.fromkeys(("assured", "evidenced", "low", "high", "interval")) | {"judged": 0}
    return {
        "judged": judged,
        "assured": met / judged,
        "evidenced": met / (met + failed) if met + failed else None,
        "low": met / judged,
        "high": (met + silent) / judged,
        "interval": [_wilson(met, met + failed, side) for side in (-1, 1)]
        if met + failed
        else None,
    }


def _wilson(count: int, judged: int, side: int) -> float:
    z = 1.959963984540054
    share = count / judged
    spread = z * sqrt(share * (1 - share) / judged + z * z / (4 * judged * judged))
    limit = (share + z * z / (2 * judged) + side * spread) / (1 + z * z / judged)
    return min(1.0, max(0.0, limit))


def _totals(findings: list[dict[str, Any]], cases: list[str]) -> dict[str, Any]:
    units = _units(findings)
    failing = {f["record"] for f in findings if f["outcome"] in ("not_met", "not_evidenced")}
    return {
        "units": units,
        "rates": rates(units),
        "records": {"judged": len(cases), "all_met": len(set(cases) - failing)},
    }


def _recommendations(
    rules: list[dict[str, Any]], findings: list[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    for number, name in enumerate(dict.fromkeys(rule["recommendation"] for rule in rules)):
        mine = [rule["id"] for rule in rules if rule["recommendation"] == name]
        totals = _units(finding for finding in findings if finding["rule"] in mine)
        yield {
            "id": name,
            "title": f"Invented recommendation {number + 1}: work is planned, done and recorded",
            "agency": _AGENCIES[number % len(_AGENCIES)],
            "theme": "Planning" if number % 2 else "Recording",
            "rules": mine,
            "totals": totals,
            "rates": rates(totals),
        }
    nothing = dict.fromkeys(OUTCOMES, 0)
    yield {"id": "5.99", "title": "A recommendation that no rule judges", "agency": "",
           "theme": "", "rules": [], "totals": nothing, "rates": rates(nothing)}  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(sample_bundle(), indent=1))  # noqa: T201 - to look at it
