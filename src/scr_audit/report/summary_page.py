"""The page that a Board member reads in two minutes, as plain sentences and small tables."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from scr_audit.report import headline, standings
from scr_audit.report.changes import Change, change_sentences, changes, period_words
from scr_audit.report.due import falls_due
from scr_audit.report.exceptions import ActionLine, action_lines
from scr_audit.report.limits import limits, missing_of, missing_text, standard_text
from scr_audit.report.sections import plan_rows
from scr_audit.report.standings import Bundle
from scr_audit.report.wording import (
    JUDGED,
    LABELS,
    OUTCOMES,
    SIGNS,
    count_text,
    counted,
    percent,
)

_CHANGES_SHOWN = 10
_NOT_STATED = "Not stated"
_VERDICTS = {
    "met": "met",
    "below": "below",
    "cannot_tell": "cannot tell",
    "no_rate": "nothing judged",
}


class NotMet(NamedTuple):
    """A rule that is not met somewhere; `anchor` is its place on the page, empty without one."""

    anchor: str
    title: str
    said: str


class Summary(NamedTuple):
    """The summary in its reading order."""

    audited: list[tuple[str, str]]  # what, in words
    sentences: list[str]
    tiles: list[tuple[str, str, str, str, str]]  # outcome, label, sign, number, share of judged
    standards: list[tuple[str, str]]  # verdict, number of rules
    below: list[NotMet]
    not_met: list[NotMet]
    missing: list[tuple[str, str]]  # question, how much it leaves open
    falls_due: list[tuple[str, str]]  # month, duties
    changed: list[str]
    changes: list[Change]
    more_changes: int
    actions: list[ActionLine]
    limits: list[str]


def summary_view(bundle: Bundle, rule_anchors: Mapping[str, str]) -> Summary:
    """The summary of a run, or of its board edition."""
    records, *sentences = headline.headline(bundle)
    rates, units = bundle["totals"]["rates"], bundle["totals"]["units"]
    changed = changes(bundle)
    return Summary(
        audited=_audited(bundle, records),
        sentences=sentences,
        tiles=[
            (
                name,
                LABELS[name],
                SIGNS[name],
                count_text(units[name]),
                _share(name, units[name], rates["judged"]),
            )
            for name in OUTCOMES
        ],
        standards=_standards(bundle),
        below=_below(bundle, rule_anchors),
        not_met=[_not_met(rule, rule_anchors) for rule in standings.important_not_met(bundle)],
        missing=_missing(bundle),
        falls_due=falls_due(bundle, most=12),
        changed=change_sentences(bundle),
        changes=changed[:_CHANGES_SHOWN],
        more_changes=max(0, len(changed) - _CHANGES_SHOWN),
        actions=action_lines(bundle),
        limits=limits(bundle),
    )


def _audited(bundle: Bundle, records: str) -> list[tuple[str, str]]:
    plan = bundle["plan"]
    chosen = plan["selection"] if plan and plan["selection"] else _NOT_STATED
    said = [] if plan is None else [("Audit plan", plan["title"]), ("Question", plan["question"])]
    return [
        *said,
        *plan_rows(bundle),
        ("How the records were chosen", chosen),
        ("Records", records),
        *_days(bundle),
        ("Rules", _rules(bundle)),
    ]


def _days(bundle: Bundle) -> list[tuple[str, str]]:
    """From when to when the records tell; a board document has none, and its plan may say."""
    looked_at = (bundle["plan"] or {}).get("period")
    said = _period(bundle)
    return [] if looked_at and said == _NOT_STATED else [("Period", said)]


def _period(bundle: Bundle) -> str:
    events = [event for record in bundle["records"] for event in record["events"]]
    days = sorted(event["date"] for event in events if event["date"])
    if not days:
        return _NOT_STATED
    ends = [event["until"] for event in events if event["until"]]
    return f"Dated events run from {period_words(days[0], max([days[-1], *ends]))}."


def _rules(bundle: Bundle) -> str:
    pack, rules = bundle["pack"], counted(len(bundle["rules"]), "rule")
    wanted = len(bundle["recommendations"])
    without = sum(1 for item in bundle["recommendations"] if not item["rules"])
    silent = f"; no rule judges {without:,} of them" if without else ""
    return (
        f"{rules} for {counted(wanted, 'recommendation')} of “{pack['title']}”, "
        f"version {pack['version']}{silent}."
    )


def _share(outcome: str, number: int, judged: int) -> str:
    """The share of what applied; nothing for what is outside the rates."""
    return percent(number / judged) if outcome in JUDGED and judged else ""


def _standards(bundle: Bundle) -> list[tuple[str, str]]:
    counts = Counter(rule["standard"]["verdict"] for rule in bundle["rules"] if rule["standard"])
    if not counts:
        return []
    always = ("met", "below", "cannot_tell")
    return [
        (name, f"{counts[verdict]:,}")
        for verdict, name in _VERDICTS.items()
        if verdict in always or counts[verdict]
    ]


def _below(bundle: Bundle, anchors: Mapping[str, str]) -> list[NotMet]:
    below = [
        rule
        for rule in standings.by_importance(bundle["rules"])
        if rule["standard"] and rule["standard"]["verdict"] == "below"
    ]
    return [
        NotMet(anchors.get(rule["id"], ""), rule["title"], standard_text(rule))
        for rule in below[: standings.LOOK_AT_NEXT]
    ]


def _not_met(rule: Mapping[str, Any], anchors: Mapping[str, str]) -> NotMet:
    said = (
        f"{rule['severity']} severity · {count_text(rule['totals']['not_met'])} not met · "
        f"{standings.met_phrase(rule)}"
    )
    return NotMet(anchors.get(rule["id"], ""), rule["title"], said)


def _missing(bundle: Bundle) -> list[tuple[str, str]]:
    found = missing_of(bundle, standings.LOOK_AT_NEXT)
    return [(fact.question, missing_text(fact)) for fact in found]
