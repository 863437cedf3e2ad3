"""The first page of a report, which answers in two minutes; one wording for every format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from scr_audit.documents.editions import Bundle
from scr_audit.documents.parts import JUDGED, Outcome
from scr_audit.documents.run import RuleInfo
from scr_audit.language.types import in_words
from scr_audit.report import standings
from scr_audit.report.changes import NONE_GIVEN, change_sentences, clear_changes
from scr_audit.report.human_decisions import action_lines
from scr_audit.report.sections import nothing_sentence, plan_period, population_sentence
from scr_audit.report.standings import falls_due, missing_facts_of, unit_nouns
from scr_audit.report.wording import LABELS, SIGNS, all_listed, day_text, percent
from scr_audit.stats.shares import AgainstStandard, units_to_show
from scr_audit.values.text import count_text, counted, plural

_MOST = 5  # findings that matter most
_MOST_SILENT = 3  # questions, and lines of what changed
_LEAST = 0.7  # the lowest standard that the notes of auditors speak of


_STANDARDS: Mapping[AgainstStandard, str] = {
    "met": "met",
    "below": "below it",
    "cannot_tell": "too few to tell",
    "no_rate": "nothing to judge",
}


class Share(NamedTuple):
    """One of the three shares of what applied: of the findings, and in a hundred."""

    outcome: Outcome
    label: str
    sign: str
    number: str
    percent: str


class Main(NamedTuple):
    """A rule of the findings that matter most, and how many of how many are not met."""

    rule: str
    title: str
    said: str


class Silent(NamedTuple):
    """A question that the files most often do not answer, and how many findings that leaves."""

    question: str
    said: str


class FirstPage(NamedTuple):
    """What was looked at and found, what the files do not say, what changed, what happens next."""

    title: str
    office: str
    when: str
    question: str
    looked_at: str
    shares: list[Share]
    applied: str
    standards: str
    found: list[Main]
    none_found: str
    silent: list[Silent]
    changed: list[str]
    follows: list[str]
    limits: list[str]
    commentary: list[str]


def first_page(bundle: Bundle) -> FirstPage:
    """The first page of a run, or of its board edition."""
    plan, period = bundle["plan"], plan_period(bundle)
    office = bundle.get("office") or {"name": "", "commentary": ""}
    units, judged = bundle["totals"]["units"], bundle["totals"]["rates"]["judged"]
    day = f"as of {day_text(bundle['as_of'])}"
    return FirstPage(
        title=bundle["pack"]["title"] if plan is None else plan["title"],
        office=office["name"],
        when=f"{period['text']}, {day}" if period else day,
        question="" if plan is None else plan["question"] or "",
        looked_at=_looked_at(bundle),
        shares=[
            Share(
                name,
                LABELS[name],
                SIGNS[name],
                count_text(units[name]),
                percent(units[name] / judged) if judged else "–",
            )
            for name in JUDGED
        ],
        applied=_applied(bundle),
        standards=_standards(bundle),
        found=[_main(rule) for rule in standings.important_not_met(bundle, _MOST)],
        none_found=standings.none_not_met(bundle),
        silent=[
            Silent(fact.question, f"leaves {counted(fact.findings, 'finding')} open")
            for fact in missing_facts_of(bundle, _MOST_SILENT)
        ],
        changed=_changed(bundle),
        follows=_follows(bundle),
        limits=_limits(bundle),
        commentary=[each.strip() for each in office["commentary"].split("\n\n") if each.strip()],
    )


def _looked_at(bundle: Bundle) -> str:
    records, rules = bundle["input"]["records"], counted(len(bundle["rules"]), "rule")
    kinds = [counted(number, kind) for kind, number in records["by_kind"].items()]
    out = f", {count_text(records['left_out'])} left out" if records["left_out"] else ""
    sentences = (
        f"{all_listed(kinds) or 'No records'} judged by {rules}{out}.",
        population_sentence(bundle),
        nothing_sentence(bundle),
    )
    return " ".join(each for each in sentences if each)


def _applied(bundle: Bundle) -> str:
    """Of what the shares are, and what is in none of them."""
    units, judged = bundle["totals"]["units"], bundle["totals"]["rates"]["judged"]
    outside = [
        counted(units[name], "error") if name == "error" else f"{units[name]:,} {LABELS[name]}"
        for name in ("not_applicable", "excepted", "error")
        if units[name]
    ]
    beside = f"; beside them {all_listed(outside)}" if outside else ""
    return f"Of {counted(judged, 'finding')} that applied{beside}."


def _standards(bundle: Bundle) -> str:
    """How many rules meet the standard that was set; nothing where none was."""
    counts = Counter(rule["standard"]["verdict"] for rule in bundle["rules"] if rule["standard"])
    if not counts:
        return ""
    said = all_listed(
        f"{counts[verdict]:,} {name}" for verdict, name in _STANDARDS.items() if counts[verdict]
    )
    return f"Of {counted(counts.total(), 'rule')} with a standard: {said}."


def _main(rule: RuleInfo) -> Main:
    one, several = unit_nouns(rule)
    judged, silent = rule["rates"]["judged"], rule["totals"]["not_evidenced"]
    beside = f", {count_text(silent)} not evidenced" if silent else ""
    not_met = count_text(rule["totals"]["not_met"])
    return Main(
        rule["id"], rule["title"], f"{not_met} of {counted(judged, one, several)} not met{beside}"
    )


def _changed(bundle: Bundle) -> list[str]:
    told = change_sentences(bundle)
    if told == [NONE_GIVEN]:
        return ["No earlier run was given, so nothing is said of a change."]
    lines = [
        f"{row.title}: {row.verdict}, {row.then} then, {row.now} now"
        for row in clear_changes(bundle)
    ]
    return [told[0], *lines[:_MOST_SILENT]]


def _follows(bundle: Bundle) -> list[str]:
    """What became of actions, and what falls due."""
    actions = [f"Action {line.id}, {line.task}: {line.verdict}" for line in action_lines(bundle)]
    due = [f"{month}: {duties}" for month, duties in falls_due(bundle)]
    more = len(actions) - _MOST_SILENT
    told = [*actions[:_MOST_SILENT], *([counted(more, "more action")] if more > 0 else []), *due]
    return told or [
        "No action of an earlier audit was held against this run, and nothing falls due."
    ]


def _limits(bundle: Bundle) -> list[str]:
    plan, rules = bundle["plan"], bundle["rules"]
    kinds = list(bundle["input"]["records"]["by_kind"])
    noun = plural(in_words(kinds[0])) if len(kinds) == 1 else "records"
    needed = units_to_show(_LEAST)
    few = sum(rule["rates"]["judged"] < needed for rule in rules)
    if plan is not None and plan.get("sample"):
        chosen = f"It speaks for the {noun} from which these were drawn at random, and no others."
    elif plan is not None and plan["selection"]:
        chosen = f"No draw was given to this run: it speaks for these {noun} alone."
    else:
        chosen = f"How the {noun} were chosen is not stated: it speaks for these alone."
    small = (
        f"{few:,} of {counted(len(rules), 'rule')} had fewer than {needed} to judge: too few to "
        f"show that {percent(_LEAST)} is reached."
    )
    return [
        chosen,
        *([small] if few else []),
        "It says what the files record: what was done and not written down is not evidenced, and "
        "what was written down and not done counts as met.",
    ]
