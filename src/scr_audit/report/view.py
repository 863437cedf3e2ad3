"""A run bundle as the flat values that the HTML template prints, each worked out once."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from scr_audit.report import headline, standings
from scr_audit.report.anchors import Anchors
from scr_audit.report.charts import charts_view
from scr_audit.report.findings import (
    MARKS,
    Count,
    FindingView,
    Group,
    counts_view,
    finding_views,
    folded,
)
from scr_audit.report.missing import missing_facts, missing_text
from scr_audit.report.standings import Bundle, Standing
from scr_audit.report.summary_page import summary_view
from scr_audit.report.timeline import Timeline, timelines
from scr_audit.report.wording import (
    MEANINGS,
    OUTCOMES,
    bounds_text,
    counted,
    day_text,
    interval_text,
    percent,
    plural,
    value_text,
)


class RuleView(NamedTuple):
    """One rule, its counts and its findings: those to look at, and those folded away."""

    anchor: str
    id: str
    title: str
    severity: str
    advice: str
    source: str
    location: str
    phrase: str
    judged: int
    rate: str
    counts: list[Count]
    criteria: list[tuple[str, list[int]]]
    clustered: str
    loud: list[FindingView]
    quiet: list[Group]


class RowView(NamedTuple):
    """One recommendation: its row in the table and its section."""

    anchor: str
    id: str
    title: str
    agency: str
    theme: str
    phrase: str
    clustered: bool
    rate: str
    interval: str
    bounds: str
    bar: dict[str, str] | None
    counts: list[Count]
    rules: list[RuleView]


class RecordView(NamedTuple):
    """One record: its counts and links to its findings."""

    anchor: str
    id: str
    kind: str
    counts: list[Count]
    loud: list[FindingView]
    quiet: list[Group]
    timeline: Timeline | None


def build_view(bundle: Bundle) -> dict[str, Any]:
    """Everything that the template prints, in the order it prints it."""
    anchors = Anchors()
    rule_anchors = {rule["id"]: anchors.new("rule", rule["id"]) for rule in bundle["rules"]}
    record_anchors = {
        (record["kind"], record["id"]): anchors.new("record", record["id"])
        for record in bundle["records"]
    }
    findings = finding_views(bundle, anchors, rule_anchors, record_anchors)
    rules = _rules(bundle, findings, rule_anchors)
    rows = [_row(standing, rules, anchors) for standing in standings.standings(bundle)]
    return {
        **_front(bundle),
        "summary": summary_view(bundle, rule_anchors),
        "charts": charts_view(bundle),
        "rows": rows,
        "judged_rows": [row for row in rows if row.rules],
        "records": _records(bundle, findings, record_anchors),
        "records_title": _records_title(bundle),
        "errors": [finding for finding in findings if finding.outcome == "error"],
        "not_met": [
            (rules[rule["id"]], standings.rule_phrase(rule), rule["totals"]["not_met"])
            for rule in standings.important_not_met(bundle)
        ],
        "finding_count": len(findings),
    }


def _front(bundle: Bundle) -> dict[str, Any]:
    rates = bundle["totals"]["rates"]
    return {
        "pack": bundle["pack"],
        "pack_source": [
            (name.replace("_", " "), value_text(value))
            for name, value in (bundle["pack"].get("source") or {}).items()
        ],
        "engine": bundle["engine"],
        "format_version": bundle["format_version"],
        "as_of": day_text(bundle["as_of"]),
        "headline": headline.headline(bundle),
        "overall_rate": percent(rates["assured"]),
        "overall_interval": interval_text(rates),
        "overall_bounds": bounds_text(rates),
        "totals": counts_view(bundle["totals"]["units"]),
        "left_out_sentence": headline.left_out_sentence(bundle),
        "left_out": bundle["left_out"],
        "errors_sentence": headline.errors_sentence(bundle),
        "missing": [
            (fact.question, missing_text(fact))
            for fact in missing_facts(bundle["findings"], standings.LOOK_AT_NEXT)
        ],
        "files": bundle["input"]["files"],
        "parameters": [_parameter(parameter) for parameter in bundle["parameters"]],
        "outcomes": [(*MARKS[name], MEANINGS[name]) for name in OUTCOMES],
    }


def _parameter(parameter: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": parameter["name"],
        "title": parameter["title"],
        "unit": parameter["unit"] or "",
        "source": parameter["source"] or "",
        "overridden": parameter["overridden"],
        "values": [
            (value_text(entry["value"]), day_text(entry["from"]) if entry["from"] else "")
            for entry in parameter["values"]
        ],
    }


def _rules(
    bundle: Bundle, findings: Iterable[FindingView], anchors: Mapping[str, str]
) -> dict[str, RuleView]:
    of_rule: dict[str, list[FindingView]] = defaultdict(list)
    for finding in findings:
        of_rule[finding.rule_anchor].append(finding)
    return {
        rule["id"]: _rule(rule, anchors[rule["id"]], of_rule[anchors[rule["id"]]])
        for rule in bundle["rules"]
    }


def _rule(rule: Mapping[str, Any], anchor: str, findings: list[FindingView]) -> RuleView:
    loud, quiet = folded(findings)
    return RuleView(
        anchor=anchor,
        id=rule["id"],
        title=rule["title"],
        severity=rule["severity"],
        advice=rule["advice"] or "",
        source=", ".join(rule["see"]),
        location=rule["location"],
        phrase=standings.rule_phrase(rule),
        judged=rule["rates"]["judged"],
        rate=standings.rate_sentence(rule["rates"]),
        counts=counts_view(rule["totals"]),
        criteria=_criteria_counts(rule, findings),
        clustered=_clustered(rule),
        loud=loud,
        quiet=quiet,
    )


def _clustered(rule: Mapping[str, Any]) -> str:
    judged, records = rule["rates"]["judged"], rule["totals"]["records"]
    if not judged > records > 0:
        return ""
    return (
        f"These {judged:,} {standings.unit_nouns(rule)[1]} come from only "
        f"{counted(records, rule['record'])}. Several from one {rule['record']} are not "
        "independent, so the true uncertainty is wider than the interval."
    )


def _criteria_counts(
    rule: Mapping[str, Any], findings: list[FindingView]
) -> list[tuple[str, list[int]]]:
    # A single criterion says no more than the rule's own counts.
    if len(rule["criteria"]) < 2:
        return []
    seen = Counter(
        (name, outcome) for finding in findings for name, outcome, _, _ in finding.criteria
    )
    names = [name.replace("_", " ") for name in rule["criteria"]]
    return [(name, [seen[name, outcome] for outcome in OUTCOMES[:3]]) for name in names]


def _row(standing: Standing, rules: Mapping[str, RuleView], anchors: Anchors) -> RowView:
    return RowView(
        anchor=anchors.new("recommendation", standing.id),
        id=standing.id,
        title=standing.title,
        agency=standing.agency,
        theme=standing.theme,
        phrase=standing.phrase,
        clustered=standing.clustered,
        rate=percent(standing.rates["assured"]),
        interval=interval_text(standing.rates),
        bounds=bounds_text(standing.rates),
        bar=_bar(standing.rates),
        counts=counts_view(standing.totals),
        rules=[rules[rule["id"]] for rule in standings.worst_rules(standing.rules)],
    )


def _bar(rates: Mapping[str, Any]) -> dict[str, str] | None:
    """Positions from 0 to 100 of a bar: met, then not evidenced, then not met; and the interval."""
    if rates["interval"] is None:
        return None
    low, high = rates["low"] * 100, rates["high"] * 100
    first, last = (limit * 100 for limit in rates["interval"])
    places = {"low": low, "high": high, "open": high - low, "rest": 100 - high,
              "first": first, "last": last}  # fmt: skip
    return {name: f"{place:.1f}" for name, place in places.items()}


def _records(
    bundle: Bundle,
    findings: Sequence[FindingView],
    anchors: Mapping[tuple[str, str], str],
) -> list[RecordView]:
    times = timelines(bundle, [finding.anchor for finding in findings])
    of_record: dict[tuple[str, str], list[FindingView]] = defaultdict(list)
    for finding in findings:
        of_record[finding.record_key].append(finding)
    views = []
    for record in bundle["records"]:
        key = (record["kind"], record["id"])
        views.append(
            RecordView(
                anchors[key],
                record["id"],
                record["kind"],
                counts_view(record["totals"]),
                *folded(of_record[key]),
                times.get(key),
            )
        )
    return views


def _records_title(bundle: Bundle) -> str:
    kinds = bundle["input"]["records"]["by_kind"]
    return plural(next(iter(kinds))).capitalize() if len(kinds) == 1 else "Records"
