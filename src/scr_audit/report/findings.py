"""Findings as the flat values that a template prints, and the index that the page's filter reads.

In the index texts are kept once, in tables; a finding is a position in each. What people search
and download (reasons, remedies) lies apart, so that it is only read when somebody does.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, Generic, NamedTuple, TypeVar

from markupsafe import Markup

from scr_audit.documents.editions import Bundle
from scr_audit.documents.parts import RecordKey
from scr_audit.documents.run import FactInfo, FindingInfo, Units
from scr_audit.evaluate.outcomes import OUTCOMES
from scr_audit.language.types import in_words
from scr_audit.report.standings import unit_text
from scr_audit.report.wording import (
    LABELS,
    SIGNS,
    WORST_FIRST,
    each_text,
    exception_text,
    origin_text,
    said_text,
    within_text,
)
from scr_audit.values.text import count_text, visible

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_KEY = 80
_BETWEEN = "~"  # in no key, so that the parts of a finding's address can be told apart
# Folded away: what is right, and what the rules say nothing about.
QUIET_OUTCOMES = ("met", "not_applicable")
RANK: Mapping[str, int] = {outcome: rank for rank, outcome in enumerate(WORST_FIRST)}

OutcomeCount = tuple[str, str, str, str]  # outcome, label, sign, number as text
OutcomeMark = tuple[str, str, str]  # outcome, label, sign
MARKS: dict[str, OutcomeMark] = {name: (name, LABELS[name], SIGNS[name]) for name in OUTCOMES}
_Item = TypeVar("_Item")
MOST_WORDS = 8_000_000
"""Characters of all texts together beyond which each is shortened, so that the page stays small."""
SHORT_WORDS = 200
_SAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def finding_anchor(rule_anchor: str, record_anchor: str, unit: str) -> str:
    """The address of a finding, from those of its rule and its record and its unit's key.

    The filter of the page puts the same three together.
    """
    keys = (rule_anchor.removeprefix("rule-"), record_anchor.removeprefix("record-"), unit)
    return _BETWEEN.join(("f", *keys))


class Anchors:
    """Gives out addresses within the page: readable, stable from run to run, never the same."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def new(self, prefix: str, *parts: str) -> str:
        """A free address for what `parts` name."""
        return self.free(
            f"{prefix}-{address_part('-'.join(part.strip('/') for part in parts if part))}"
        )

    def free(self, wanted: str) -> str:
        """`wanted`, with a number behind it if it is taken."""
        anchor, number = wanted, 1
        while anchor in self._taken:
            number += 1
            anchor = f"{wanted}-{number}"
        self._taken.add(anchor)
        return anchor


def address_part(name: str) -> str:
    """`name` as a part of an address: what is lost in it comes back as a digest of the whole."""
    whole = name.strip("/").replace("/", "-")
    plain = _UNSAFE.sub("-", whole)
    if plain != whole or len(plain) > _LONGEST_KEY:
        digest = hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()
        return f"{plain[:_LONGEST_KEY].strip('-')}-{digest[:8]}"
    return plain


class FindingView(NamedTuple):
    """One finding, ready to print."""

    anchor: str
    outcome: str
    label: str
    sign: str
    rule: str
    rule_anchor: str
    record: str
    record_key: RecordKey
    record_anchor: str
    place: str
    pointer: str
    reason: str
    exception: str
    remedy: str
    criteria: str
    facts: list[str]  # a line for each thing that facts are of: questions, values, origins
    silent: str  # the questions of what is not recorded


class Alike(NamedTuple):
    """Findings for which the same reason holds."""

    reason: str
    findings: list[FindingView]


class Quiet(NamedTuple):
    """Findings of one outcome that are only listed, under their reasons."""

    outcome: str
    label: str
    sign: str
    number: int
    reasons: list[Alike]


class PageFindings(NamedTuple):
    """The findings of a rule as a page shows them: to look at, and folded away."""

    loud: list[FindingView]
    quiet: list[Quiet]


def finding_views(
    bundle: Bundle,
    rule_anchors: Mapping[str, str],
    record_anchors: Mapping[RecordKey, str],
) -> list[FindingView]:
    """Every finding of the bundle, in its order."""
    rules = {rule["id"]: rule for rule in bundle["rules"]}
    anchors = Anchors()
    views = []
    for finding in bundle["findings"]:
        rule = rules[finding["rule"]]
        record = (rule["record"], finding["record"])
        rule_anchor = rule_anchors[finding["rule"]]
        record_anchor = record_anchors.get(record, "")
        at = record_anchor or address_part(finding["record"])
        criteria, facts, silent = _behind(finding)
        views.append(
            FindingView(
                anchors.free(finding_anchor(rule_anchor, at, address_part(finding["unit"]))),
                *MARKS[finding["outcome"]],
                rule=rule["title"],
                rule_anchor=rule_anchor,
                record=finding["record"],
                record_key=record,
                record_anchor=record_anchor,
                place=unit_text(finding, rule),
                pointer=finding["unit"],
                reason=finding["reason"],
                exception=exception_text(finding),
                remedy=finding["remedy"]["text"] if finding["remedy"] else "",
                criteria=criteria,
                facts=facts,
                silent=silent,
            )
        )
    return views


def _behind(finding: FindingInfo) -> tuple[str, list[str], str]:
    """The criteria and the facts behind a verdict; of what is folded away its reason is enough."""
    if finding["outcome"] in QUIET_OUTCOMES:
        return "", [], ""
    told: dict[str, list[str]] = {}
    silent = []
    for fact in finding["facts"]:
        if fact["value"] is None:
            silent.append(_asked(finding, fact))
            continue
        origin = origin_text(fact.get("provenance"))
        told.setdefault(within_text(fact["pointer"], finding["unit"]), []).append(
            f"{fact['question'] or _name(fact['pointer'])} {said_text(fact['value'])}"
            f"{f' ({origin})' if origin else ''}"
        )
    known = {fact["pointer"] for fact in finding["facts"]}
    silent += [_named(finding, each) for each in finding["missing"] if each not in known]
    lines = [f"{place} {' · '.join(facts)}".strip() for place, facts in told.items()]
    return _criteria(finding), lines, " ".join(silent)


def _asked(finding: FindingInfo, fact: FactInfo) -> str:
    if not fact["question"]:
        return _named(finding, fact["pointer"])
    return f"{within_text(fact['pointer'], finding['unit'])} {fact['question']}".strip()


def _named(finding: FindingInfo, pointer: str) -> str:
    """A fact for which no question is known, by its name."""
    return f"{within_text(pointer, finding['unit'])} {_name(pointer)}".strip()


def _name(pointer: str) -> str:
    return f"{in_words(pointer.rpartition('/')[2])}:"


def _criteria(finding: FindingInfo) -> str:
    """The criteria by their outcomes: `Not met: in time. Met: recorded, purpose.`"""
    names = {
        outcome: ", ".join(name.replace("_", " ") for name, _ in found)
        for outcome, found in group_by(finding["criteria"].items(), itemgetter(1))
    }
    told = [
        f"{LABELS[outcome].capitalize()}: {names[outcome]}."
        for outcome in WORST_FIRST
        if outcome in names
    ]
    return " ".join(told)


def in_page_order(findings: Iterable[FindingView]) -> list[FindingView]:
    """Findings in the order of a page: what to look at, what is met, what does not apply."""
    return sorted(findings, key=lambda finding: RANK[finding.outcome])


def page_findings(findings: Iterable[FindingView]) -> PageFindings:
    """Findings apart as a page shows them, worst first."""
    by_outcome = dict(group_by(in_page_order(findings), lambda finding: finding.outcome))
    quiet = [
        Quiet(
            *MARKS[outcome],
            len(by_outcome[outcome]),
            [Alike(*found) for found in group_by(by_outcome[outcome], lambda each: each.reason)],
        )
        for outcome in QUIET_OUTCOMES
        if outcome in by_outcome
    ]
    loud = [each for name, found in by_outcome.items() if name not in QUIET_OUTCOMES
            for each in found]  # fmt: skip
    return PageFindings(loud, quiet)


def group_by(items: Iterable[_Item], name: Callable[[_Item], str]) -> list[tuple[str, list[_Item]]]:
    """Items by a name of theirs, in the order in which the names come up."""
    found: dict[str, list[_Item]] = {}
    for item in items:
        found.setdefault(name(item), []).append(item)
    return list(found.items())


def counts_view(totals: Units) -> list[OutcomeCount]:
    """How many of each outcome, as text."""
    return [(*MARKS[name], count_text(totals[name])) for name in OUTCOMES]


class _Texts(Generic[_Item]):
    """Different texts in the order of their coming, each with its number."""

    def __init__(self) -> None:
        self.numbers: dict[_Item, int] = {}

    def number(self, text: _Item) -> int:
        return self.numbers.setdefault(text, len(self.numbers))


def index_json(
    bundle: Bundle,
    findings: Sequence[FindingView],
    *,
    record_anchors: Mapping[RecordKey, str],
    pages: Mapping[str, str],
    folder: str,
) -> Markup:
    """Rules, records, units and the columns of numbers; `pages` are those of the folder."""
    rules = {anchor: number for number, anchor in enumerate(dict.fromkeys(
        finding.rule_anchor for finding in findings))}  # fmt: skip
    records: _Texts[tuple[str, str, str]] = _Texts()
    units: _Texts[tuple[str, str]] = _Texts()
    files: _Texts[str] = _Texts()
    columns: dict[str, list[int]] = {name: [] for name in ("rule", "record", "unit", "outcome")}
    columns["page"] = []
    odd = {}
    for number, finding in enumerate(findings):
        at = finding.record_anchor or address_part(finding.record)
        unit = address_part(finding.pointer)
        columns["rule"].append(rules[finding.rule_anchor])
        columns["record"].append(
            records.number((at.removeprefix("record-"), finding.record, finding.record_key[0]))
        )
        columns["unit"].append(units.number((unit, finding.place)))
        columns["outcome"].append(OUTCOMES.index(finding.outcome))
        if pages:
            columns["page"].append(files.number(pages[finding.anchor]))
        if finding.anchor != finding_anchor(finding.rule_anchor, at, unit):
            odd[number] = finding.anchor
    return script_json({
        "folder": folder,
        "outcomes": [MARKS[name] for name in OUTCOMES],
        "recommendations": _recommendations(bundle),
        "rules": _rules(bundle, findings),
        "records": list(records.numbers),
        "units": list(units.numbers),
        "pages": list(files.numbers),
        "odd": odd,
        **columns,
    })  # fmt: skip


def _recommendations(bundle: Bundle) -> list[list[str]]:
    listed = [[item["id"], item["title"], item["agency"], item["theme"]]
              for item in bundle["recommendations"]]  # fmt: skip
    known = {item[0] for item in listed}
    others = dict.fromkeys(rule["recommendation"] for rule in bundle["rules"])
    return [*listed, *([name, "", "", ""] for name in others if name not in known)]


def _rules(bundle: Bundle, findings: Iterable[FindingView]) -> list[list[Any]]:
    places = {item[0]: place for place, item in enumerate(_recommendations(bundle))}
    rules = {rule["id"]: rule for rule in bundle["rules"]}
    anchors: dict[str, str] = {}
    for finding, plain in zip(findings, bundle["findings"], strict=True):
        anchors.setdefault(finding.rule_anchor, plain["rule"])
    return [
        [anchor.removeprefix("rule-"), name, rules[name]["title"], rules[name]["severity"],
         places[rules[name]["recommendation"]]]
        for anchor, name in anchors.items()
    ]  # fmt: skip


def words_json(findings: Sequence[FindingView]) -> Markup:
    """The texts of findings on pages of their own, each once, and which finding has which."""
    texts: _Texts[str] = _Texts()
    columns = {
        "reason": [texts.number(finding.reason) for finding in findings],
        "remedy": [texts.number(finding.remedy) for finding in findings],
        "silent": [texts.number(finding.silent) for finding in findings],
    }
    return script_json({"texts": _shortened(list(texts.numbers)), **columns})


def _shortened(texts: list[str]) -> list[str]:
    if sum(map(len, texts)) <= MOST_WORDS:
        return texts
    return [text if len(text) <= SHORT_WORDS else f"{text[:SHORT_WORDS]} …" for text in texts]


def script_json(value: object) -> Markup:
    """A value as JSON that can stand within a script element, with hidden characters written out.

    Nothing in it can end the element: `<`, `>` and `&` are escaped, and so are line separators.
    """
    text = json.dumps(each_text(value, visible), ensure_ascii=False, separators=(",", ":"))
    for character, escaped in _SAFE.items():
        text = text.replace(character, escaped)
    return Markup(text)  # noqa: S704 - escaped above, in the way of JSON
