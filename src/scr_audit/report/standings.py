"""How the recommendations and rules stand: their order, their phrases, what to look at next."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from scr_audit.documents.editions import Bundle, is_board
from scr_audit.documents.parts import JUDGED
from scr_audit.documents.run import FindingInfo, RatesInfo, RecommendationInfo, RuleInfo, Units
from scr_audit.evaluate.outcomes import OUTCOMES
from scr_audit.language.types import in_words
from scr_audit.report.wording import (
    LABELS,
    all_listed,
    bounds_text,
    day_text,
    interval_text,
    percent,
    unit_words,
)
from scr_audit.stats.shares import ALWAYS
from scr_audit.values.text import count_text, counted, plural

_SEVERITIES = {"high": 0, "medium": 1, "low": 2}
LOOK_AT_NEXT = 5


class Standing(NamedTuple):
    """A recommendation, its rules, and how it stands; one row of the table."""

    id: str
    title: str
    agency: str
    theme: str
    totals: Units
    rates: RatesInfo
    rules: tuple[RuleInfo, ...]
    phrase: str
    clustered: bool


def records_title(bundle: Bundle) -> str:
    """What the records are called: `Jobs` where all are of the kind *job*, else `Records`."""
    kinds = list(bundle["input"]["records"]["by_kind"])
    return plural(in_words(kinds[0])).capitalize() if len(kinds) == 1 else "Records"


def standings(bundle: Bundle) -> list[Standing]:
    """Every recommendation, worst first, as `worst_first` has it.

    A rule that no recommendation lists stands for itself, so that none is dropped.
    """
    rules = {rule["id"]: rule for rule in bundle["rules"]}
    records = _records_judged(bundle)
    rows = [
        _standing(item, tuple(rules.pop(name) for name in item["rules"] if name in rules), records)
        for item in bundle["recommendations"]
    ]
    rows += [_standing(_rule_as_recommendation(rule), (rule,), records) for rule in rules.values()]
    return sorted(rows, key=lambda row: worst_first(row.totals, row.rates))


def worst_first(totals: Units, rates: RatesInfo) -> tuple[bool, float, int]:
    """A sort key: the largest share not met first, then the most; rules that judged nothing last.

    The share is of all that applied: evidence that is missing makes nothing look worse.
    """
    not_met, judged = totals["not_met"], rates["judged"]
    return not judged, -not_met / judged if judged else 0.0, -not_met


def worst_rules(rules: Iterable[RuleInfo]) -> list[RuleInfo]:
    """Rules in the order of recommendations."""
    return sorted(rules, key=lambda rule: worst_first(rule["totals"], rule["rates"]))


def _rule_as_recommendation(rule: RuleInfo) -> RecommendationInfo:
    return {
        "id": rule["recommendation"],
        "title": rule["title"],
        "agency": "",
        "theme": "",
        "rules": [rule["id"]],
        "totals": rule["totals"],
        "rates": rule["rates"],
    }


def _standing(
    item: RecommendationInfo,
    rules: tuple[RuleInfo, ...],
    records: Mapping[str, set[tuple[str, str]]],
) -> Standing:
    judged: set[tuple[str, str]] = set().union(*(records.get(rule["id"], ()) for rule in rules))
    return Standing(
        id=item["id"],
        title=item["title"],
        agency=item["agency"] or "",
        theme=item["theme"] or "",
        totals=item["totals"],
        rates=item["rates"],
        rules=rules,
        phrase=_recommendation_phrase(item, rules, judged),
        clustered=item["rates"]["judged"] > len(judged) > 0,
    )


def _records_judged(bundle: Bundle) -> Mapping[str, set[tuple[str, str]]]:
    kinds = {rule["id"]: rule["record"] for rule in bundle["rules"]}
    judged: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for finding in bundle["findings"]:
        if finding["outcome"] in JUDGED:
            judged[finding["rule"]].add((kinds[finding["rule"]], finding["record"]))
    return judged


def _recommendation_phrase(
    item: RecommendationInfo,
    rules: tuple[RuleInfo, ...],
    judged: set[tuple[str, str]],
) -> str:
    if not rules:
        return "no rule judges it"
    if len(rules) == 1:
        return rule_phrase(rules[0])
    if item["rates"]["judged"] == 0:
        return f"nothing judged by {len(rules)} rules"
    kinds = sorted(Counter(kind for kind, _ in judged).items())
    units = dict.fromkeys(unit_nouns(rule)[1] for rule in rules if rule["rates"]["judged"] != 0)
    phrase = (
        f"{count_text(item['totals']['met'])} of {counted(item['rates']['judged'], 'finding')} "
        f"on {all_listed(units)}"
    )
    if not judged:  # a run of totals only keeps no findings to count records by
        return phrase
    return f"{phrase} in {all_listed(counted(number, kind) for kind, number in kinds)}"


def unit_nouns(rule: RuleInfo) -> tuple[str, str]:
    """What a rule counts, as one and as several."""
    unit = rule["unit"] or rule["record"]
    return unit, rule["unit_plural"] or plural(unit)


def unit_text(finding: FindingInfo, rule: RuleInfo) -> str:
    """Which unit of its record a finding is about; nothing for the record.

    It is named by its key where the schema names one, else by its place, since a key of all its
    facts would be too long.
    """
    key = finding["key"] if finding["key_named"] else None
    return unit_words(key, finding["unit"], *unit_nouns(rule)) if finding["unit"] else ""


def rule_phrase(rule: RuleInfo) -> str:
    """`14 of 18 conferences in 11 cases`: the count met, the unit, and the records behind it."""
    unit, units = unit_nouns(rule)
    judged = rule["rates"]["judged"]
    if judged == 0:
        return f"no {units} judged"
    phrase = f"{count_text(rule['totals']['met'])} of {counted(judged, unit, units)}"
    if unit == rule["record"]:
        return phrase
    return f"{phrase} in {counted(rule['totals']['records'], rule['record'])}"


def met_phrase(rule: RuleInfo) -> str:
    """`14 of 18 conferences in 11 cases met, 2 not evidenced`."""
    silent = rule["totals"]["not_evidenced"]
    beside = f", {count_text(silent)} not evidenced" if silent else ""
    met = " met" if rule["rates"]["judged"] != 0 else ""
    return f"{rule_phrase(rule)}{met}{beside}"


def shares_text(totals: Units, judged: int) -> str:
    """`40 met (67%), 12 not met (20%) and 8 not evidenced (13%)`: the shares of what applied."""
    return all_listed(
        f"{count_text(totals[name])} {LABELS[name]}"
        + (f" ({percent(totals[name] / judged)})" if judged else "")
        for name in OUTCOMES[:3]
    )


def chance_sentence(totals: Units, rates: RatesInfo) -> str:
    """The share met of what is evidenced, and its interval, which is of chance alone."""
    if rates["judged"] == 0:
        return "No rate, because nothing was judged."
    met, not_met = totals["met"], totals["not_met"]
    if not met + not_met:
        return "No rate, because nothing is evidenced."
    return (
        f"Of the {met + not_met:,} that are evidenced, {percent(rates['evidenced'])} are met (95% "
        f"interval {interval_text(rates)}, of chance alone)."
    )


def missing_sentence(totals: Units, rates: RatesInfo) -> str:
    """What is not evidenced, by itself; nothing where all is evidenced."""
    silent = totals["not_evidenced"]
    if not silent:
        return ""
    are = "is" if silent == 1 else "are"
    return (
        f"{silent:,} {are} not evidenced, since the record does not say. Had none or all of that "
        f"been done, {bounds_text(rates)} of what applied would be met."
    )


def important_not_met(bundle: Bundle, most: int = LOOK_AT_NEXT) -> list[RuleInfo]:
    """The rules with something not met, the most severe first, then those with the most."""
    return [rule for rule in by_importance(bundle["rules"]) if rule["totals"]["not_met"]][:most]


def none_not_met(bundle: Bundle) -> str:
    """What is said in the place of the rules with something not met, where there are none."""
    rates = bundle["totals"]["rates"]
    if rates["judged"] and rates["evidenced"] is None:
        return "Nothing is recorded well enough to be found met or not met."
    return "Nothing was found not met." if rates["judged"] else "Nothing was judged."


def by_importance(rules: Iterable[RuleInfo]) -> list[RuleInfo]:
    """Rules in the order in which to look at them: severity, then most not met."""
    return sorted(
        rules,
        key=lambda rule: (
            _SEVERITIES.get(rule["severity"], len(_SEVERITIES)),
            -rule["totals"]["not_met"],
        ),
    )


_MOST_MONTHS = 3


def falls_due(bundle: Bundle, *, most: int = _MOST_MONTHS) -> list[tuple[str, str]]:
    """The next months, each with what falls due in it; the last line is of all later ones."""
    rules = {rule["id"]: rule for rule in bundle["rules"]}
    found = bundle.get("falls_due") or ()
    months = [(key, list(rows)) for key, rows in groupby(found, key=lambda row: row["month"])]
    lines = [
        (
            day_text(f"{month}-01").partition(" ")[2],
            "; ".join(f"{row['units']:,} × {rules[row['rule']]['title']}" for row in rows),
        )
        for month, rows in months[:most]
    ]
    later = sum(row["units"] for _, rows in months[most:] for row in rows)
    return [*lines, ("later", counted(later, "duty", "duties"))] if later else lines


_POSITION = re.compile(r"/\d+(?=/|$)")


class MissingFact(NamedTuple):
    """A question without an answer.

    `findings` are not evidenced and lack it; for `alone` of them nothing else is missing, so
    that this answer by itself would settle them.
    """

    question: str
    findings: int
    alone: int


def missing_facts(findings: Iterable[FindingInfo], most: int) -> list[MissingFact]:
    """The questions whose answers would settle the most findings, the most telling first."""
    lacking: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    for finding in findings:
        if finding["outcome"] != "not_evidenced":
            continue
        questions = set(missing_questions(finding))
        lacking.update(questions)
        if len(questions) == 1:
            alone.update(questions)
    found = [MissingFact(name, number, alone[name]) for name, number in lacking.items()]
    return sorted(found, key=lambda fact: (-fact.findings, -fact.alone, fact.question))[:most]


def missing_facts_of(bundle: Bundle, most: int) -> list[MissingFact]:
    """Those of a run; a board document, which has no findings, brings its own along."""
    if is_board(bundle):
        return [MissingFact(**fact) for fact in bundle["missing"][:most]]
    return missing_facts(bundle["findings"], most)


def missing_text(fact: MissingFact) -> str:
    """How many verdicts the answer would help to settle, and how many by itself."""
    return f"leaves {counted(fact.findings, 'finding')} open, {fact.alone:,} by itself"


def missing_questions(finding: FindingInfo) -> Sequence[str]:
    """The question of each missing fact; its pointer, without positions, where it has none."""
    questions = {fact["pointer"]: fact["question"] for fact in finding["facts"]}
    return [
        questions.get(pointer) or _POSITION.sub("/*", pointer) for pointer in finding["missing"]
    ]


def standard_text(rule: RuleInfo) -> str:
    """How a rule stands against the plan's standard, or nothing where none is set."""
    standard = rule["standard"]
    if standard is None:
        return ""
    wanted = "always" if standard["share"] == ALWAYS else percent(standard["share"])
    found = {
        "met": "the standard is met",
        "below": "below the standard",
        "cannot_tell": "cannot tell whether the standard is met",
        "no_rate": "nothing was judged",
    }[standard["verdict"]]
    return f"{found} ({wanted})"
