"""How the recommendations and rules stand: their order, their phrases, what to look at next."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from scr_audit.report.wording import (
    JUDGED,
    bounds_text,
    count_text,
    counted,
    interval_text,
    listed,
    percent,
    plural,
)

Bundle = Mapping[str, Any]
_SEVERITIES = {"high": 0, "medium": 1, "low": 2}
LOOK_AT_NEXT = 5


class Standing(NamedTuple):
    """A recommendation, its rules, and how it stands; one row of the table."""

    id: str
    title: str
    agency: str
    theme: str
    totals: Mapping[str, int]
    rates: Mapping[str, Any]
    rules: tuple[Mapping[str, Any], ...]
    phrase: str
    clustered: bool


def standings(bundle: Bundle) -> list[Standing]:
    """Every recommendation, worst first: the lowest assured rate, then the most not met.

    Those with no rate come last. A rule that no recommendation lists stands for itself, so that
    none is dropped.
    """
    rules = {rule["id"]: rule for rule in bundle["rules"]}
    records = _records_judged(bundle)
    rows = [
        _standing(item, tuple(rules.pop(name) for name in item["rules"] if name in rules), records)
        for item in bundle["recommendations"]
    ]
    rows += [_standing({**rule, "id": rule["recommendation"]}, (rule,), records)
             for rule in rules.values()]  # fmt: skip
    return sorted(rows, key=_badness)


def _badness(row: Standing) -> tuple[bool, float, int]:
    assured = row.rates["assured"]
    return (assured is None, assured or 0.0, -row.totals["not_met"])


def worst_rules(rules: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Rules in the order of recommendations: lowest assured rate, most not met, no rate last."""
    return sorted(
        rules,
        key=lambda rule: (
            rule["rates"]["assured"] is None,
            rule["rates"]["assured"] or 0.0,
            -rule["totals"]["not_met"],
        ),
    )


def _standing(
    item: Mapping[str, Any],
    rules: tuple[Mapping[str, Any], ...],
    records: Mapping[str, set[tuple[str, str]]],
) -> Standing:
    judged: set[tuple[str, str]] = set().union(*(records.get(rule["id"], ()) for rule in rules))
    return Standing(
        id=item["id"],
        title=item["title"],
        agency=item.get("agency") or "",
        theme=item.get("theme") or "",
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
    item: Mapping[str, Any],
    rules: tuple[Mapping[str, Any], ...],
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
        f"{count_text(item['totals']['met'])} of {counted(item['rates']['judged'], 'judgement')} "
        f"on {listed(units)}"
    )
    if not judged:  # a run of totals only keeps no findings to count records by
        return phrase
    return f"{phrase} in {listed(counted(number, kind) for kind, number in kinds)}"


def unit_nouns(rule: Mapping[str, Any]) -> tuple[str, str]:
    """What a rule counts, as one and as several."""
    unit = rule["unit"] or rule["record"]
    return unit, rule["unit_plural"] or plural(unit)


def rule_phrase(rule: Mapping[str, Any]) -> str:
    """`14 of 18 conferences in 11 cases`: the count met, the unit, and the records behind it."""
    unit, units = unit_nouns(rule)
    judged = rule["rates"]["judged"]
    if judged == 0:
        return f"no {units} judged"
    phrase = f"{count_text(rule['totals']['met'])} of {counted(judged, unit, units)}"
    if unit == rule["record"]:
        return phrase
    return f"{phrase} in {counted(rule['totals']['records'], rule['record'])}"


def rate_sentence(rates: Mapping[str, Any]) -> str:
    """The assured rate with its interval, and what the not evidenced could change."""
    if rates["judged"] == 0:
        return "No rate, because nothing was judged."
    sentence = f"{percent(rates['assured'])} met (95% interval {interval_text(rates)})."
    if rates["low"] == rates["high"]:
        return sentence
    return f"{sentence} Counting what is not evidenced either way: {bounds_text(rates)}."


def important_not_met(bundle: Bundle, most: int = LOOK_AT_NEXT) -> list[Mapping[str, Any]]:
    """The rules with something not met, the most severe first, then those with the most."""
    return [rule for rule in by_importance(bundle["rules"]) if rule["totals"]["not_met"]][:most]


def by_importance(rules: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Rules in the order in which to look at them: severity, then most not met."""
    return sorted(
        rules,
        key=lambda rule: (
            _SEVERITIES.get(rule["severity"], len(_SEVERITIES)),
            -rule["totals"]["not_met"],
        ),
    )
