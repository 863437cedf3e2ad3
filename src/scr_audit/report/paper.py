"""A run bundle as the plain values of a paper for a Board: what the Word and PDF formats print.

Every value is text, a list or a mapping of these, so that a house template needs no arithmetic;
only `bar` holds numbers, for drawing. `docs/report-templates.md` documents each of them.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from textwrap import shorten
from typing import Any, Literal, cast

from scr_audit.documents.editions import Bundle, MarginInfo, is_board
from scr_audit.documents.parts import (
    JUDGED,
    FileInfo,
    PackInfo,
    PackWords,
    ParameterInfo,
    PlanInfo,
    PlanWords,
    ValueInfo,
)
from scr_audit.documents.run import FindingInfo, RatesInfo, RuleInfo, Units
from scr_audit.evaluate.outcomes import OUTCOMES
from scr_audit.plans.report_sections import SECTIONS, has_content
from scr_audit.report import headline, standings
from scr_audit.report.changes import change_sentences, changes
from scr_audit.report.first_page import first_page
from scr_audit.report.headline import reach_sentences
from scr_audit.report.human_decisions import action_lines
from scr_audit.report.sections import leaves_out, plan_rows, wanted_parts, wanted_sections
from scr_audit.report.series_formats import trend_values
from scr_audit.report.standings import (
    Standing,
    falls_due,
    missing_facts_of,
    missing_questions,
    missing_text,
    standard_text,
    unit_text,
)
from scr_audit.report.tables import confidential_words, edition
from scr_audit.report.wording import (
    CONFIDENTIAL,
    LABELS,
    MEANINGS,
    SIGNS,
    bounds_text,
    day_text,
    each_text,
    interval_text,
    rate_text,
    said_text,
    value_text,
)
from scr_audit.values.text import beginning, count_text, counted

PaperValues = dict[str, Any]
LONGEST_TEXT = 1_000
_EDITIONS = {
    "auditor": "Auditor's edition: holds single records; not for publication",
    "board": f"Board edition. {CONFIDENTIAL}",
}


def paper_values(bundle: Bundle, name: PaperFormat = "pdf") -> PaperValues:
    """Everything that a paper prints, in the order it prints it; the same bundle, the same values.

    Texts longer than `LONGEST_TEXT` characters are shortened, and say so.
    """
    shortened: PaperValues = each_text(
        {
            **_front(bundle),
            **section_values(bundle, name),
            **_next(bundle),
            **_changed(bundle),
            **trend_values(bundle),
            "limits": reach_sentences(bundle),
            **_tables(bundle),
            **findings_values(bundle),
            "parameters": [_parameter(parameter) for parameter in bundle["parameters"]],
            "basis": _basis(bundle),
        },
        _short,
    )
    return shortened


def _front(bundle: Bundle) -> PaperValues:
    units, first = bundle["totals"]["units"], first_page(bundle)
    return {
        "title": first.title,
        "short_title": shorten(first.title, width=80, placeholder=" …"),
        "kicker": f"{first.office}: compliance audit" if first.office else "Compliance audit",
        "first": _as_values(first),
        "as_of": day_text(bundle["as_of"]),
        "edition": _EDITIONS[edition(bundle)],
        "is_board": edition(bundle) == "board",
        "notices": headline.notices(bundle),
        "disclosure": confidential_words(bundle),
        "headline": headline.headline(bundle),
        "audited": _audited(bundle),
        "tiles": [
            {**mark(name), "count": count_text(units[name]), "meaning": MEANINGS[name]}
            for name in OUTCOMES
        ],
        "total": {
            "counts": _counts(units),
            **_rates(bundle["totals"]["rates"]),
            "bar": _bar(units, bundle["totals"]["rates"]),
        },
    }


def _as_values(value: object) -> Any:
    """A value as a template reads it: what has names as a mapping."""
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: _as_values(item) for name, item in value._asdict().items()}
    return [_as_values(item) for item in value] if isinstance(value, list | tuple) else value


def _audited(bundle: Bundle) -> list[PaperValues]:
    plan, records = bundle["plan"], bundle["input"]["records"]
    asked = [("Audit plan", plan["title"]), ("Question", plan["question"])] if plan else []
    chosen = plan["selection"] if plan else None
    rows = [
        ("Rules", f"{bundle['pack']['id']} {bundle['pack']['version']}"),
        *asked,
        *plan_rows(bundle),
        ("Records read", count_text(records["read"])),
        ("Records judged", count_text(records["judged"])),
        ("Records left out", count_text(records["left_out"])),
        ("How they were chosen", chosen or "Not stated"),
    ]
    return [{"what": what, "value": value} for what, value in rows]


def _next(bundle: Bundle) -> PaperValues:
    return {
        "not_met": [_to_look_at(rule) for rule in standings.important_not_met(bundle)],
        "none_not_met": standings.none_not_met(bundle),
        "missing": list(_missing(bundle)),
        "falls_due": [
            {"month": month, "duties": duties} for month, duties in falls_due(bundle, most=12)
        ],
    }


def _to_look_at(rule: RuleInfo) -> PaperValues:
    return {
        "rule": rule["id"],
        "title": rule["title"],
        "recommendation": rule["recommendation"],
        "severity": rule["severity"],
        "not_met": count_text(rule["totals"]["not_met"]),
        "phrase": standings.met_phrase(rule),
        "advice": rule["advice"] or "",
    }


def _missing(bundle: Bundle) -> Iterable[PaperValues]:
    facts = missing_facts_of(bundle, standings.LOOK_AT_NEXT)
    return ({"question": fact.question, "effect": missing_text(fact)} for fact in facts)


def _changed(bundle: Bundle) -> PaperValues:
    return {
        "changed": change_sentences(bundle),
        "changes": [row._asdict() for row in changes(bundle)],
        "actions": [line._asdict() for line in action_lines(bundle)],
    }


def _tables(bundle: Bundle) -> PaperValues:
    agencies, themes = (bundle["agencies"], bundle["themes"]) if is_board(bundle) else ([], [])
    return {
        "recommendations": [_recommendation(row) for row in standings.standings(bundle)],
        "agencies": [_group(item) for item in agencies],
        "themes": [_group(item) for item in themes],
        "rules": [_rule(rule) for rule in bundle["rules"]],
    }


def _recommendation(row: Standing) -> PaperValues:
    return {
        "id": row.id,
        "title": row.title,
        "short_title": shorten(row.title, width=42, placeholder=" …"),
        "agency": row.agency,
        "theme": row.theme,
        "phrase": row.phrase,
        "counts": _counts(row.totals),
        **_rates(row.rates),
        "bar": _bar(row.totals, row.rates),
    }


def _group(item: MarginInfo) -> PaperValues:
    name = item["name"] or "not given"
    return {"name": name, "counts": _counts(item["totals"]), **_rates(item["rates"])}


def _rule(rule: RuleInfo) -> PaperValues:
    return {
        "id": rule["id"],
        "title": rule["title"],
        "recommendation": rule["recommendation"],
        "severity": rule["severity"],
        "unit": standings.unit_nouns(rule)[1],
        "phrase": standings.rule_phrase(rule),
        "counts": _counts(rule["totals"]),
        **_rates(rule["rates"]),
        "standard": standard_text(rule),
    }


def _counts(totals: Units) -> dict[str, str]:
    return {name: count_text(totals[name]) for name in OUTCOMES}


def _rates(rates: RatesInfo) -> PaperValues:
    return {
        "judged": count_text(rates["judged"]),
        "rate": rate_text(rates),
        "interval": interval_text(rates),
        "bounds": bounds_text(rates),
    }


def _bar(units: Units, rates: RatesInfo) -> dict[str, float] | None:
    """Percentages of a stacked bar; nothing where nothing was judged."""
    counts = [units[name] for name in JUDGED]
    if not rates["judged"]:
        return None
    met, not_met, not_evidenced = (count * 100 / rates["judged"] for count in counts)
    found = {"met": met, "not_evidenced": not_evidenced, "not_met": not_met}
    return {name: round(share, 3) for name, share in found.items()}


def _parameter(parameter: ParameterInfo) -> PaperValues:
    return {
        "name": parameter["name"],
        "title": parameter["title"],
        "in_force": "; ".join(_in_force(entry, parameter["unit"]) for entry in parameter["values"]),
        "source": parameter["source"] or "",
        "overridden": "changed by a local settings file" if parameter["overridden"] else "",
    }


def _in_force(entry: ValueInfo, unit: str | None) -> str:
    said = f"{said_text(entry['value'])} {unit or ''}".rstrip()
    return f"{said} from {day_text(entry['from'])}" if entry["from"] else said


def _basis(bundle: Bundle) -> list[PaperValues]:
    pack, plan = bundle["pack"], bundle["plan"]
    source = ", ".join(
        f"{name.replace('_', ' ')}: {value_text(value)}"
        for name, value in (pack["source"] or {}).items()
    )
    rows = [
        ("Program", f"{bundle['engine']['name']} {bundle['engine']['version']}"),
        ("Rules", f"{pack['id']} {pack['version']}{_sha256(pack)}"),
        ("Source of the rules", source),
        ("Licence of the rules", pack["licence"]),
        *([("Audit plan", f"{plan['id']}{_sha256(plan)}")] if plan else ()),
        *(("File", f"{file['name']}, {_hash(file)}") for file in bundle["input"]["files"]),
    ]
    return [{"what": what, "value": value} for what, value in rows]


def _sha256(item: PackWords | PlanWords) -> str:
    """The hash, which the board edition does not have."""
    sha256 = cast("PackInfo | PlanInfo", item).get("sha256")
    return f", sha256 {sha256}" if sha256 else ""


def _hash(file: FileInfo) -> str:
    return f"sha256 {file['sha256']}" if file["sha256"] else "given by a program"


def _short(text: str) -> str:
    if len(text) <= LONGEST_TEXT:
        return text
    return beginning(text[:LONGEST_TEXT].rsplit(" ", 1)[0], text)


def midnight(as_of: str | None) -> datetime:
    """The day of the audit as it begins; the clock would make every file another."""
    try:
        day = date.fromisoformat(as_of or "")
    except ValueError:
        day = date(1980, 1, 1)
    return datetime.combine(day, time(), UTC)


PaperFormat = Literal["word", "pdf"]
_BASIS = "basis"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def section_values(bundle: Bundle, name: PaperFormat) -> dict[str, Any]:
    """`sections`, `leaves_out`, `pages` and `annexes`, as a paper's template reads them."""
    annexes = [part for section in SECTIONS.values() if section.landscape for part in section.pdf]
    shown = [part for part in wanted_parts(bundle, name) if _has_part(part, name, bundle)]
    lettered = [*(part for part in shown if part in annexes), _BASIS]
    return {
        "sections": wanted_sections(bundle),
        "leaves_out": leaves_out(bundle, name),
        "pages": _pages(shown, annexes),
        "drawn": [part for part in shown if part == "charts"],
        "contents": list(_contents(shown, bundle)),
        "annexes": {
            **dict.fromkeys(annexes, ""),
            **dict(zip(lettered, _LETTERS, strict=False)),
        },
    }


_TITLES = {
    "summary": "What to look at first",
    "changes": "What changed",
    "trend": "Trend",
    "actions": "What became of actions",
    "charts": "How the recommendations stand",
    "recommendations": "Annex {}: recommendations",
    "rules": "Annex {}: rules",
    "findings": "Annex {}: findings to look at",
}


def _contents(shown: Iterable[str], bundle: Bundle) -> Iterator[str]:
    """The headings of a paper in order; annexes have letters."""
    letters = iter(_LETTERS)
    yield "Summary"
    for part in shown:
        if part in _TITLES and (part != "changes" or bundle["compared"]):
            title = _TITLES[part]
            yield title.format(next(letters)) if "{}" in title else title
    yield "Annex: how to read this, and what it rests on"


def _has_part(part: str, name: PaperFormat, bundle: Bundle) -> bool:
    """Whether a run has what a part shows; a run of totals says that it kept no findings."""
    if part == "findings":
        return edition(bundle) != "board"
    return has_content(part, name, bundle)


def _pages(shown: Iterable[str], annexes: list[str]) -> list[dict[str, Any]]:
    """Parts that share pages: upright, to which the head of the paper belongs, or on its side."""
    found: list[dict[str, Any]] = [{"landscape": False, "parts": []}]
    for part in shown:
        if found[-1]["landscape"] is not (part in annexes):
            found.append({"landscape": part in annexes, "parts": []})
        found[-1]["parts"].append(part)
    return found


MOST_FINDINGS = 250
_RANKS = {"error": 0, "not_met": 1, "not_evidenced": 2}
_SEVERITIES = ("high", "medium", "low")
# Backgrounds on which dark text reads well; the sign and the word stand there too.
_WASHES = {
    "met": "D9F0EE",
    "not_met": "F4DFEA",
    "not_evidenced": "FDE3D3",
    "not_applicable": "ECEFF1",
    "excepted": "DDE7F1",
    "error": "D5DBE0",
}


def mark(outcome: str) -> dict[str, str]:
    """An outcome as name, word, sign and background colour."""
    return {
        "outcome": outcome,
        "label": LABELS[outcome],
        "sign": SIGNS[outcome],
        "wash": _WASHES[outcome],
    }


def findings_values(bundle: Bundle) -> dict[str, Any]:
    """The findings to look at, the most severe first, and a sentence about the rest.

    The board edition has none and says nothing about them.
    """
    if edition(bundle) == "board":
        return {"findings": [], "findings_note": ""}
    rules = {rule["id"]: rule for rule in bundle["rules"]}
    places = {name: place for place, name in enumerate(rules)}
    loud = [finding for finding in bundle["findings"] if finding["outcome"] in _RANKS]
    # Not sorted as a whole: of a hundred thousand findings only the first few are wanted.
    first = heapq.nsmallest(
        MOST_FINDINGS,
        enumerate(loud),
        key=lambda item: (
            _SEVERITIES.index(rules[item[1]["rule"]]["severity"]),
            _RANKS[item[1]["outcome"]],
            places[item[1]["rule"]],
            item[0],
        ),
    )
    return {
        "findings": [_finding(finding, rules[finding["rule"]]) for _, finding in first],
        "findings_note": _note(len(first), len(loud), bundle),
    }


def _note(shown: int, number: int, bundle: Bundle) -> str:
    if not bundle["findings"]:
        return "This run kept totals only, so no single findings can be listed."
    order = "The most severe first; within a severity, not met before not evidenced."
    if shown == number:
        return f"{counted(number, 'finding')} not met, not evidenced or in error. {order}"
    return (
        f"The first {shown:,} of {counted(number, 'finding')} not met, not evidenced or in error; "
        f"{number - shown:,} more are not listed here. The HTML and CSV reports of the same run "
        f"list all of them. {order}"
    )


def _finding(finding: FindingInfo, rule: RuleInfo) -> dict[str, Any]:
    return {
        **mark(finding["outcome"]),
        "severity": rule["severity"],
        "recommendation": rule["recommendation"],
        "rule": rule["title"],
        "record": finding["record"],
        "place": unit_text(finding, rule),
        "pointer": finding["unit"],
        "reason": finding["reason"],
        "remedy": finding["remedy"]["text"] if finding["remedy"] else "",
        "missing": "; ".join(missing_questions(finding)),
    }
