"""The index of all findings that the filter of the page works on, as JSON within HTML.

Texts are kept once, in tables; a finding is a position in each. What people search and download
(reasons, remedies) lies apart, so that it is only read when somebody does.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from scr_audit.report.findings import MARKS, FindingView, RecordKey, finding_anchor, key
from scr_audit.report.standings import Bundle
from scr_audit.report.tables import findings_table
from scr_audit.report.wording import OUTCOMES
from scr_audit.values.text import visible

MOST_WORDS = 8_000_000
"""Characters of all texts together beyond which each is shortened, so that the page stays small."""
SHORT_WORDS = 200
_SAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_WORDS = (
    "reason", "remedy", "not_met", "not_evidenced", "exception", "late", "questions", "missing",
)  # fmt: skip


class _Texts:
    """Different texts in the order of their coming, each with its number."""

    def __init__(self) -> None:
        self.numbers: dict[Any, int] = {}

    def number(self, text: Any) -> int:
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
    records, units, files = _Texts(), _Texts(), _Texts()
    columns: dict[str, list[int]] = {name: [] for name in ("rule", "record", "unit", "outcome")}
    columns["page"] = []
    odd = {}
    for number, finding in enumerate(findings):
        at = finding.record_anchor or key(finding.record)
        unit = key(finding.pointer)
        columns["rule"].append(rules[finding.rule_anchor])
        columns["record"].append(
            records.number((at.removeprefix("record-"), finding.record, finding.record_key[0]))
        )
        columns["unit"].append(units.number((unit, finding.pointer, finding.place)))
        columns["outcome"].append(OUTCOMES.index(finding.outcome))
        if pages:
            columns["page"].append(files.number(pages[finding.anchor]))
        if finding.anchor != finding_anchor(finding.rule_anchor, at, unit):
            odd[number] = finding.anchor
    table = findings_table({**bundle, "findings": []})
    return data({
        "columns": [column.name for column in table.columns],
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
         places[rules[name]["recommendation"]], rules[name]["location"]]
        for anchor, name in anchors.items()
    ]  # fmt: skip


def words_json(bundle: Bundle) -> Markup:
    """The texts of the findings, each once, and which finding has which."""
    table = findings_table(bundle)
    places = [
        next(place for place, column in enumerate(table.columns) if column.name == name)
        for name in _WORDS
    ]
    texts = _Texts()
    columns = {
        name: [texts.number(row[place]) for row in table.rows]
        for name, place in zip(_WORDS, places, strict=True)
    }
    return data({"texts": _shortened(list(texts.numbers)), **columns})


def _shortened(texts: list[str]) -> list[str]:
    if sum(map(len, texts)) <= MOST_WORDS:
        return texts
    return [text if len(text) <= SHORT_WORDS else f"{text[:SHORT_WORDS]} …" for text in texts]


def data(value: Any) -> Markup:
    """A value as JSON that can stand within a script element, with hidden characters written out.

    Nothing in it can end the element: `<`, `>` and `&` are escaped, and so are line separators.
    """
    text = json.dumps(_visible(value), ensure_ascii=False, separators=(",", ":"))
    for character, escaped in _SAFE.items():
        text = text.replace(character, escaped)
    return Markup(text)  # noqa: S704 - escaped above, in the way of JSON


def _visible(value: Any) -> Any:
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, Mapping):
        return {name: _visible(item) for name, item in value.items()}
    # Long columns hold numbers only, in which nothing is hidden.
    if isinstance(value, (list, tuple)) and not (value and isinstance(value[0], int)):
        return [_visible(item) for item in value]
    return value
