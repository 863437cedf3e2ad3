"""The values that a Word or PDF template may use: name, what it is, an example from a real run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import scr_audit
from scr_audit.report.paper import paper_values
from scr_audit.runs.bundle import Spool, bundle_document, bundle_head

_PACK = Path(__file__).parents[2] / "examples" / "embedding" / "fire-safety"
_RECORDS: tuple[dict[str, Any], ...] = (
    {"id": "I-1", "inspected_on": "2025-06-10",
     "exits": [{"name": "yard", "clear": False, "locked": False}, {"name": "front"}]},
)  # fmt: skip
_ACTION: dict[str, Any] = {
    "action": "A1", "recommendation": "4.2", "agency": "estates", "task": "test the alarm weekly",
    "due": "2026-10-31", "status": "open", "overdue": True, "verdict": "not_yet",
    "reason": "0 of 1 inspections met, always asked for",
    "shown_by": {"rule": "alarm-tested", "target": 1.0, "period": "2026Q4"},
}  # fmt: skip
_LONGEST_EXAMPLE = 70
_COUNTS = "as in `total`"
# What each value is, in the order of a paper. `[]` stands for every item of a list.
MEANINGS = {
    "title": "title of the audit plan; of the pack where there is none",
    "short_title": "the same in at most 80 characters, for headers and footers",
    "kicker": "what sort of paper this is",
    "first.title": "the first page: the same title",
    "first.office": "whose audit it is (`run --for`); may be empty",
    "first.when": "the period and the day",
    "first.question": "what the plan asks; may be empty",
    "first.looked_at": "what was judged, by how many rules",
    "first.shares[].outcome": "the three shares of what applied: outcome",
    "first.shares[].label": "its word",
    "first.shares[].sign": "its sign",
    "first.shares[].number": "how many findings",
    "first.shares[].percent": "in a hundred of those that applied",
    "first.applied": "of what the shares are, and what is in none",
    "first.standards": "how many rules meet the standard set; may be empty",
    "first.found[].rule": "the five findings that matter most: id of the rule",
    "first.found[].title": "its title",
    "first.found[].said": "how many of how many",
    "first.none_found": "what is said where nothing is not met",
    "first.silent[].question": "what the files most often do not say",
    "first.silent[].said": "how many findings that leaves open",
    "first.changed[]": "sentences: what changed",
    "first.follows[]": "what became of actions, and what falls due",
    "first.limits[]": "sentences: what this cannot show",
    "first.commentary[]": "paragraphs of the office's own (`run --commentary`)",
    "as_of": "the day of the audit",
    "edition": "whom the report is for, in words",
    "is_board": "yes in the board edition, for `{% if is_board %}`",
    "notices[]": "what to read first: records left out, errors; often none",
    "disclosure": "board edition: that it is confidential, and why; else empty",
    "headline[]": "sentences: what was audited and what came out",
    "sections[]": "the sections that the plan asks for, in its order; all where it names none",
    "leaves_out": "a sentence that names what the plan leaves out; else empty",
    "pages[].landscape": "the parts of the paper in order, by how their pages lie: on their side",
    "pages[].parts[]": "names of parts: sections that the paper has",
    "contents[]": "the headings of the paper, in order",
    "drawn[]": "`charts`, where the paper has them",
    "annexes.recommendations": "letter of this annex; empty where the paper has none",
    "annexes.rules": "likewise",
    "annexes.findings": "likewise",
    "annexes.basis": "the letter after the last annex",
    "audited[].what": "what was audited: the name of a line",
    "audited[].value": "its value; how the records were chosen is the last one",
    "tiles[].outcome": "outcome: `met`, `not_met`, `not_evidenced`, `not_applicable`, "
    "`excepted`, `error`, in this order",
    "tiles[].label": "its word",
    "tiles[].sign": "its sign",
    "tiles[].wash": "its background colour, for `{% cellbg row.wash %}`",
    "tiles[].count": "findings of this outcome",
    "tiles[].meaning": "what the outcome means",
    "total.counts.met": "findings met; likewise `not_met`, `not_evidenced`, `not_applicable`, "
    "`excepted`, `error`",
    "total.judged": "findings judged: met, not met, not evidenced",
    "total.rate": "share met of those evidenced",
    "total.interval": "its 95% interval; empty where nothing is evidenced",
    "total.bounds": "the share if all, or none, of what is not evidenced were met",
    "total.bar": "percentages to draw: `met`, `not_evidenced` and `not_met`; none where "
    "nothing was judged",
    "not_met[].rule": "rules to look at first: id",
    "not_met[].title": "its title",
    "not_met[].recommendation": "the recommendation it encodes",
    "not_met[].severity": "`high`, `medium` or `low`",
    "not_met[].not_met": "how many not met",
    "not_met[].phrase": "how many met, of what",
    "not_met[].advice": "what to do; may be empty",
    "none_not_met": "what is said where there are no such rules",
    "missing[].question": "questions most often without an answer",
    "missing[].effect": "what an answer would settle",
    "falls_due[].month": "what falls due next, not yet due when the files were read: month",
    "falls_due[].duties": "how many of which duties",
    "changed[]": "sentences: what changed since an earlier run",
    "changes[].id": "rules that fell or rose by more than chance, then the nearest: recommendation",
    "changes[].title": "title of the rule",
    "changes[].then": "records met then",
    "changes[].now": "records met now",
    "changes[].points": "difference in percentage points, with interval",
    "changes[].verdict": "`rose`, `fell`, or how many records it would take to tell",
    "actions[].id": "actions that named this run (`run --actions`): id",
    "actions[].task": "what was set",
    "actions[].serves": "recommendation and agency; may be empty",
    "actions[].due": "its date; may be empty",
    "actions[].status": "`open`, `open, overdue`, `closed`, `cannot be published`",
    "actions[].shown_by": "rule, target and quarter",
    "actions[].verdict": "`worked`, `not yet`, `cannot tell`, `cannot be published`",
    "actions[].reason": "why",
    "trend_sentences[]": "sentences: the series that this run ends; none without earlier runs",
    "trend[].rule": "rules over the runs before, those with a signal first: id",
    "trend[].title": "title",
    "trend[].points": "shares met, at most the last 8; `–` for a gap",
    "trend[].last": "the last share, and when",
    "trend[].shows": "what the series shows",
    "limits[]": "sentences: what this audit cannot show",
    "recommendations[].id": "recommendations, the worst first: paragraph",
    "recommendations[].title": "title",
    "recommendations[].short_title": "the same in at most 42 characters",
    "recommendations[].agency": "agency; may be empty",
    "recommendations[].theme": "theme; may be empty",
    "recommendations[].phrase": "how it stands, with what was counted",
    "recommendations[].counts": _COUNTS,
    "recommendations[].judged": _COUNTS,
    "recommendations[].rate": _COUNTS,
    "recommendations[].interval": _COUNTS,
    "recommendations[].bounds": _COUNTS,
    "recommendations[].bar": _COUNTS,
    "agencies[].name": "board edition: agencies, with `counts`, `judged`, `rate`, `interval`, "
    "`bounds`",
    "themes[].name": "board edition: themes, with the same",
    "rules[].id": "rules, in the order of the pack: id",
    "rules[].title": "title",
    "rules[].recommendation": "the recommendation it encodes",
    "rules[].severity": "`high`, `medium` or `low`",
    "rules[].unit": "what it counts",
    "rules[].phrase": "how it stands",
    "rules[].counts": _COUNTS,
    "rules[].judged": _COUNTS,
    "rules[].rate": _COUNTS,
    "rules[].interval": _COUNTS,
    "rules[].bounds": _COUNTS,
    "rules[].standard": "how it stands against the plan's standard; may be empty",
    "findings[].outcome": "findings to look at, the most severe first, at most 250; none in the "
    "board edition: outcome",
    "findings[].label": "its word",
    "findings[].sign": "its sign",
    "findings[].wash": "its background colour",
    "findings[].severity": "of its rule",
    "findings[].recommendation": "of its rule",
    "findings[].rule": "title of its rule",
    "findings[].record": "id of the record",
    "findings[].place": "which unit of the record, by its key; empty for the whole record",
    "findings[].pointer": "the same as a JSON pointer",
    "findings[].reason": "why",
    "findings[].remedy": "what would make it met; may be empty",
    "findings[].missing": "questions without an answer; may be empty",
    "findings_note": "how many findings are listed, and how many are not",
    "parameters[].name": "parameters in force: name",
    "parameters[].title": "what it means",
    "parameters[].in_force": "its values, with the days from which they hold",
    "parameters[].source": "where it is from; may be empty",
    "parameters[].overridden": "says that a local settings file changed it; else empty",
    "basis[].what": "how to repeat the run: the name of a line",
    "basis[].value": "versions, hashes, licence, files",
}


def values_table() -> str:
    """The table of all values, as Markdown."""
    examples = dict(_examples(paper_values(_bundle())))
    rows = [
        f"| `{name}` | {meaning} | {_cell(examples.get(name, ''))} |"
        for name, meaning in MEANINGS.items()
    ]
    return "\n".join(["| value | what it is | example |", "| --- | --- | --- |", *rows])


def _bundle() -> dict[str, Any]:
    pack = scr_audit.load_pack(_PACK)
    engine = scr_audit.compile_pack(pack)
    with Spool() as spool:
        run = engine.run(_RECORDS, as_of=date(2026, 11, 24), on_findings=spool.add)
        return {
            **bundle_document(bundle_head(run, None), spool),
            "actions": [_ACTION],
            "office": {"name": "The estate", "commentary": "The yard is being cleared."},
        }


def _examples(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every value and, of lists, every first item, by name."""
    if name:
        yield name, value
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _examples(item, f"{name}.{key}" if name else key)
    elif isinstance(value, list) and value:
        yield from _examples(value[0], f"{name}[]")


def _cell(example: Any) -> str:
    if not isinstance(example, str):
        return ""
    text = " ".join(example.split()).replace("|", "\\|")
    return text if len(text) <= _LONGEST_EXAMPLE else f"{text[:_LONGEST_EXAMPLE]}…"
