"""What a report says first: the headline, the order of recommendations, what to look at next."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from scr_audit.report.wording import (
    JUDGED,
    LABELS,
    OUTCOMES,
    bounds_text,
    counted,
    day_text,
    interval_text,
    listed,
    percent,
    plural,
)

Bundle = Mapping[str, Any]
_SEVERITIES = {"high": 0, "medium": 1, "low": 2}
_POSITION = re.compile(r"/\d+(?=/|$)")
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
    if not item["rates"]["judged"]:
        return f"nothing judged by {len(rules)} rules"
    kinds = sorted(Counter(kind for kind, _ in judged).items())
    units = dict.fromkeys(unit_nouns(rule)[1] for rule in rules if rule["rates"]["judged"])
    phrase = (
        f"{item['totals']['met']:,} of {counted(item['rates']['judged'], 'judgement')} "
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
    if not judged:
        return f"no {units} judged"
    phrase = f"{rule['totals']['met']:,} of {counted(judged, unit, units)}"
    if unit == rule["record"]:
        return phrase
    return f"{phrase} in {counted(rule['totals']['records'], rule['record'])}"


def rate_sentence(rates: Mapping[str, Any]) -> str:
    """The assured rate with its interval, and what the not evidenced could change."""
    if not rates["judged"]:
        return "No rate, because nothing was judged."
    sentence = f"{percent(rates['assured'])} met (95% interval {interval_text(rates)})."
    if rates["low"] == rates["high"]:
        return sentence
    return f"{sentence} Counting what is not evidenced either way: {bounds_text(rates)}."


def headline(bundle: Bundle) -> list[str]:
    """What was audited and what came out, in plain sentences."""
    return [
        _records_sentence(bundle),
        _findings_sentence(bundle),
        _whole_records_sentence(bundle),
        f"Over all rules together: {_lower(rate_sentence(bundle['totals']['rates']))}",
    ]


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _records_sentence(bundle: Bundle) -> str:
    records = bundle["input"]["records"]
    kinds = [counted(number, kind) for kind, number in sorted(records["by_kind"].items())]
    files = counted(len(bundle["input"]["files"]), "file")
    left_out = records["left_out"]
    return (
        f"As of {day_text(bundle['as_of'])}, {counted(records['read'], 'record')} from {files} "
        f"{_were(records['read'])} read: {listed(kinds) or 'none'} {_were(records['judged'])} "
        f"judged and {f'{left_out:,}' if left_out else 'none'} left out."
    )


def _findings_sentence(bundle: Bundle) -> str:
    units = bundle["totals"]["units"]
    judged = bundle["totals"]["rates"]["judged"]
    inside, outside = (
        [f"{units[name]:,} {LABELS[name]}" for name in names]
        for names in (OUTCOMES[:3], OUTCOMES[3:-1])
    )
    errors = counted(units["error"], "error")
    return (
        f"{_rules_at_work(bundle)} made {counted(judged, 'judgement')}: "
        f"{listed(inside)}. Outside the rates: {listed([*outside, errors])}."
    )


def _rules_at_work(bundle: Bundle) -> str:
    """`28 of 36 rules`: those that had something to judge."""
    rules = bundle["rules"]
    at_work = sum(1 for rule in rules if rule["rates"]["judged"])
    return (
        counted(len(rules), "rule")
        if at_work == len(rules)
        else (f"{at_work:,} of {counted(len(rules), 'rule')}")
    )


def _whole_records_sentence(bundle: Bundle) -> str:
    records = bundle["totals"]["records"]
    return (
        f"{records['all_met']:,} of {counted(records['judged'], 'record')} met every rule that "
        f"applied."
    )


def left_out_sentence(bundle: Bundle) -> str:
    """How many records were left out, or nothing."""
    records = bundle["input"]["records"]
    number = records["left_out"]
    if not number:
        return ""
    return (
        f"{number:,} of {counted(records['read'], 'record')} {_were(number)} left out, because "
        f"{'it does' if number == 1 else 'they do'} not fit the record schema. Nothing below "
        f"counts {'it' if number == 1 else 'them'}."
    )


def errors_sentence(bundle: Bundle) -> str:
    """How many units could not be judged because of our own fault, or nothing."""
    number = bundle["totals"]["units"]["error"]
    if not number:
        return ""
    return (
        f"{counted(number, 'finding')} {'is an error' if number == 1 else 'are errors'}: the "
        f"software could not judge {'it' if number == 1 else 'them'}. Errors are in no rate."
    )


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def important_not_met(bundle: Bundle, most: int = LOOK_AT_NEXT) -> list[Mapping[str, Any]]:
    """The rules with something not met, the most severe first, then those with the most."""
    failing = [rule for rule in bundle["rules"] if rule["totals"]["not_met"]]
    failing.sort(
        key=lambda rule: (
            _SEVERITIES.get(rule["severity"], len(_SEVERITIES)),
            -rule["totals"]["not_met"],
        )
    )
    return failing[:most]


def missing_facts(bundle: Bundle, most: int = LOOK_AT_NEXT) -> list[tuple[str, int]]:
    """The questions most often left without an answer, with how many findings lack one."""
    lacking: Counter[str] = Counter()
    for finding in bundle["findings"]:
        if finding["missing"]:
            lacking.update(set(missing_questions(finding)))
    return sorted(lacking.items(), key=lambda item: (-item[1], item[0]))[:most]


def missing_questions(finding: Mapping[str, Any]) -> Sequence[str]:
    """The question of each missing fact; its pointer, without positions, where it has none."""
    questions = {fact["pointer"]: fact["question"] for fact in finding["facts"]}
    return [
        questions.get(pointer) or _POSITION.sub("/*", pointer) for pointer in finding["missing"]
    ]
